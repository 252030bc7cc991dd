"""How small the next picture is made, for what the line carries."""

import pytest

from tview.ui.driver import Link
from tview.ui.pace import STEPS, Pace


def link(bytes_per_s: float, round_trip_s: float) -> Link:
    """What a line of this kind is known as after a few pictures."""
    known, now = Link(), 0.0
    known.answered(now, 20, now + round_trip_s)
    for size in (4_000, 20_000, 80_000, 300_000):
        now += 10
        known.answered(now, size, now + round_trip_s + size / bytes_per_s)
    return known


@pytest.mark.parametrize("bytes_per_s", [1e7, 1.25e6, 125e3, 11520])
@pytest.mark.parametrize("round_trip_s", [0.001, 0.15])
def test_bytes_per_second_are_told_from_the_round_trip(bytes_per_s: float, round_trip_s: float) -> None:
    known = link(bytes_per_s, round_trip_s)
    assert known.latency_s == pytest.approx(round_trip_s)
    assert known.seconds_for(100_000) == pytest.approx(100_000 / bytes_per_s, rel=0.05)


def test_two_pictures_on_their_way_at_once_do_not_look_slow() -> None:
    known = Link()
    known.answered(0.0, 20, 0.06)
    known.answered(1.0, 100_000, 1.0 + 0.1 + 0.06)
    known.answered(1.01, 100_000, 1.0 + 0.2 + 0.06)
    assert known.seconds_for(100_000) == pytest.approx(0.1, rel=0.05)


@pytest.mark.parametrize(
    ("bytes_per_s", "moving", "at_rest"), [(2e7, (1, 1), 1), (1.25e6, (2, 3), 1), (125e3, (3, 6), 1), (960, (12, 16), 16)]
)
def test_small_while_moving_and_whole_at_rest(bytes_per_s: float, moving: tuple[int, int], at_rest: int) -> None:
    pace = Pace()
    pace.expect(230_000)
    known = link(bytes_per_s, 0.05)
    assert moving[0] <= pace.step(known, moving=True) <= moving[1]
    assert pace.step(known, moving=False) <= at_rest


def test_nothing_known_is_taken_as_fast() -> None:
    pace = Pace()
    pace.expect(230_000)
    assert pace.step(Link(), moving=True) == 1


def test_what_pictures_took_is_learned() -> None:
    pace, known = Pace(), link(1.25e6, 0.05)
    pace.expect(230_000)
    before = pace.step(known, moving=True)
    for step in STEPS:
        pace.learn(step, 40_000 // step)
    assert pace.step(known, moving=True) == 1 < before
