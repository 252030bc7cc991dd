"""Frames of enhanced objects are scrolled through in the order that their functional groups give, and named as they are stored."""

from tview.catalog import FrameRow, Instance, Stack
from tview.text import SafeText
from tview.ui.slices import Slices


def _instance(path: str, frames: int, number: int = 1) -> Instance:
    return Instance(
        number, 0, path, 1000, "ok", f"1.2.{number}", "1.2.840.10008.5.1.4.1.1.4.1", None, number, frames, 4, 4, None, (), False, True
    )  # fmt: skip


def _stack(*rows: tuple[int, ...], instances: tuple[Instance, ...]) -> Stack:
    made = tuple(FrameRow(SafeText(f"echo {number}"), row, SafeText("position")) for number, row in enumerate(rows, 1))
    return Stack("k", None, SafeText("frame number"), instances, frame_rows=made)


def test_rows_follow_one_another():
    one = _instance("A", 6)
    slices = Slices(_stack((1, 5, 3), (6, 2, 4), instances=(one,)))
    assert [slices[position].frame for position in range(6)] == [0, 4, 2, 5, 1, 3]
    assert [slices.position_of(one, frame) for frame in range(6)] == [0, 4, 2, 5, 1, 3]
    assert slices.position_of_number(1) == 0


def test_a_concatenation_is_ordered_across_its_parts():
    first, second = _instance("A", 2, 1), _instance("B", 2, 2)
    slices = Slices(_stack((1, 3, 2, 4), instances=(first, second)))
    assert [(slices[position].instance.path, slices[position].frame) for position in range(4)] == [("A", 0), ("B", 0), ("A", 1), ("B", 1)]
    assert slices.position_of(second, 0) == 1


def test_a_frame_that_is_not_there_has_no_place():
    first, second = _instance("A", 6), _instance("B", 2, 2)
    stack = _stack(instances=(first, second))
    slices = Slices(stack)
    assert (slices.position_of(first, 5), slices.position_of(second, 1)) == (5, 7)
    assert [slices.position_of(one, frame) for one, frame in ((first, 6), (first, 98), (second, 2), (first, -1))] == [None] * 4
    short = Slices(stack, {(0, "A"): 3})  # of the six frames three are in the file
    assert (short.position_of(first, 2), short.position_of(first, 3), short.position_of(second, 0)) == (2, None, 3)


def test_an_order_that_does_not_fit_is_not_used():
    one = _instance("A", 4)
    assert [Slices(_stack((1, 3, 2), instances=(one,)))[position].frame for position in range(4)] == [0, 1, 2, 3]
    assert [Slices(_stack((4, 3, 2, 1), instances=(one,)), {(0, "A"): 3})[position].frame for position in range(3)] == [0, 1, 2]


def test_the_row_of_a_position_is_named():
    slices = Slices(_stack((1, 5, 3), (6, 2, 4), instances=(_instance("A", 6),)))
    assert [str(slices.row_at(position).words) for position in range(6)] == ["echo 1"] * 3 + ["echo 2"] * 3
    assert Slices(_stack((2, 1), instances=(_instance("A", 2),))).row_at(0) is None
