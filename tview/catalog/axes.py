"""The fourth dimension of a stack that has several images at each position: which attribute it is, and the rows of positions it makes."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from tview.catalog.facts import Axes, Facts
from tview.dicom.values import text_numbers
from tview.text import SafeText, safe, translate

_ = str


class Axis(NamedTuple):
    """An attribute that may be the axis: its name in words, the unit of its values, how to read one, whether it is worth showing."""

    name: str
    unit: str
    value: Callable[[Axes], bytes | None]
    shown: bool = True


AXES: tuple[Axis, ...] = (
    Axis(_("time point"), "", lambda axes: axes.temporal_position, False),
    Axis(_("phase"), "ms", lambda axes: axes.trigger_delay),
    Axis(_("phase"), "ms", lambda axes: axes.trigger_time),
    Axis(_("echo"), "", lambda axes: axes.echo_number, False),
    Axis(_("echo"), "ms", lambda axes: axes.echo_time),
    Axis(_("b-value"), "s/mm²", lambda axes: axes.b_value),
    Axis(_("direction"), "", lambda axes: axes.b_value + b"/" + axes.direction if axes.b_value and axes.direction else None, False),
    Axis(_("inversion time"), "ms", lambda axes: axes.inversion_time),
    Axis(_("kernel"), "", lambda axes: axes.kernel),
    Axis(_("acquisition"), "", lambda axes: axes.acquisition_number, False),
    Axis(_("dimension"), "", lambda axes: axes.dimension, False),
    Axis(_("time"), "", lambda axes: axes.acquisition_date_time or axes.acquisition_time, False),
    Axis(_("time"), "", lambda axes: axes.content_time, False),
)
"""Tried in this order. Image Type comes before all of them: it splits stacks."""


class Row(NamedTuple):
    """One image for each position, under one value of the axis. `words` say which: "echo 2 of 3 (14 ms)"; None for the only one."""

    members: list[tuple[int, Facts]]
    words: SafeText | None


def rows_of(members: Sequence[tuple[int, Facts]], positions: int) -> tuple[list[Row], Axis | None, bool]:
    """Members as (index of the position, facts), parted by the fourth dimension; the axis; whether there is one at all.

    With one position only, the members stay one row in the order of the axis.
    """
    counts = [0] * positions
    for place, _facts in members:
        counts[place] += 1
    most = max(counts, default=0)
    if most <= 1:
        return [Row(list(members), None)], None, False
    for axis in AXES:
        parted = _parted(members, axis, most, positions)
        if parted is None:
            continue
        if positions == 1:
            return [Row([member for _value, row in parted for member in row], None)], axis, True
        return [Row(row, _words(axis, value, number, len(parted))) for number, (value, row) in enumerate(parted, 1)], axis, True
    if positions == 1 or min(counts) != most:
        return [Row(list(members), None)], None, False
    blocks = _blocks(members, most)
    return [Row(row, _words(None, b"", number, most)) for number, row in enumerate(blocks, 1)], None, True


def _parted(
    members: Sequence[tuple[int, Facts]], axis: Axis, most: int, positions: int
) -> list[tuple[bytes, list[tuple[int, Facts]]]] | None:
    """The members by the axis's rising values, if there are as many of them as images at a position, each with its own positions."""
    rows: dict[bytes, dict[int, tuple[int, Facts]]] = {}
    for member in members:
        value = axis.value(member[1].axes)
        if value is None:
            return None
        row = rows.setdefault(value.strip(b" \0"), {})
        if member[0] in row or len(rows) > most:
            return None
        row[member[0]] = member
    if len(rows) != most or any(len(row) * 2 < positions for row in rows.values()):
        return None
    return [(value, list(rows[value].values())) for value in sorted(rows, key=_rank)]


def _rank(value: bytes) -> tuple[tuple[float, ...], bytes]:
    return text_numbers(value.decode("latin-1").replace("/", "\\")) or (float("inf"),), value


def _blocks(members: Sequence[tuple[int, Facts]], most: int) -> list[list[tuple[int, Facts]]]:
    """Without an axis: at each position the first by Instance Number goes to the first block, and so on."""
    blocks: list[list[tuple[int, Facts]]] = [[] for _number in range(most)]
    seen: dict[int, int] = {}
    for member in sorted(members, key=lambda member: (member[1].instance_number or 0, member[1].order)):
        number = seen[member[0]] = seen.get(member[0], -1) + 1
        blocks[number].append(member)
    return blocks


def _words(axis: Axis | None, value: bytes, number: int, count: int) -> SafeText:
    if axis is None:
        return safe(translate(_("block {number} of {count}, axis unknown")).format(number=number, count=count))
    shown = value.decode("latin-1") if axis.shown else ""
    numbers = text_numbers(shown)
    if numbers:
        shown = f"{numbers[0]:g} {axis.unit}".strip()
    name = translate(axis.name)
    return safe(f"{name} {number}/{count} ({shown})" if shown else f"{name} {number}/{count}")
