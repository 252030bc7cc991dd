"""The data elements of an object with their places in it, whole values, and two objects' elements side by side."""

import textwrap
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tview.catalog import ElementRow, element_rows
from tview.dicom import DataSet, Header
from tview.text import SafeText, safe, safe_lines
from tview.ui.look import words

_ = str
Path = tuple[int, ...]
"""Tags and numbers of items, from the outermost sequence inwards."""

_MOST_TEXT, _MOST_BINARY, _MOST_COMPARED = 1 << 16, 1 << 10, 1 << 20
_DEPTH = 32


class Placed(NamedTuple):
    """An element, or the row of an item, in the data set that holds it."""

    path: Path
    element: ElementRow
    holder: DataSet

    @property
    def is_sequence(self) -> bool:
        """Whether rows may lie below it."""
        return self.element.vr == "SQ" or self.element.tag == "item"


class Pair(NamedTuple):
    """What stands at one place in two objects; None where one has nothing there."""

    here: Placed | None
    there: Placed | None

    @property
    def either(self) -> Placed:
        """One that is there."""
        placed = self.here or self.there
        assert placed is not None
        return placed


def placed_elements(header: Header) -> list[Placed]:
    """File meta information, then the data set, in the order of the file; what is nested right behind what holds it."""
    found: list[Placed] = []
    for part in (header.meta, header.data_set):
        if part is None:
            continue
        trail: list[int] = []
        for element, holder in zip(element_rows(part), _holders(part, 0), strict=False):
            if element.tag == "item":  # as deep as what is in it
                trail[2 * element.depth - 1 :] = [int(element.name)]
            else:
                trail[2 * element.depth :] = [element.number]
            found.append(Placed(tuple(trail), element, holder))
    return found


def _holders(data_set: DataSet, depth: int) -> Iterator[DataSet]:
    """The data set of each row of `element_rows`, in its order."""
    for tag in data_set.tags():
        element = data_set.element(tag)
        if element is None:
            continue
        yield data_set
        if element.vr == "SQ" and depth < _DEPTH:
            for item in data_set.items(tag):
                yield item
                yield from _holders(item, depth + 1)


def pairs_of(here: Sequence[Placed], there: Sequence[Placed]) -> list[Pair]:
    """Both objects' elements by their places, in the order of tags."""
    first, second = ({placed.path: placed for placed in every} for every in (here, there))
    return [Pair(first.get(path), second.get(path)) for path in sorted({*first, *second})]


def differs(pair: Pair) -> bool | None:
    """Whether two values are not the same, byte by byte; None where they are too long to be compared here."""
    here, there = pair
    if here is None or there is None:
        return True
    if here.is_sequence and there.is_sequence:
        return False
    if here.element.length != there.element.length:
        return True
    if here.element.length < 0 or here.element.length > _MOST_COMPARED:
        return None
    return here.holder.raw(here.element.number) != there.holder.raw(there.element.number)


def whole_value(placed: Placed) -> SafeText:
    """The value, longer than its row has room for: text with its line breaks, anything else as bytes."""
    element, holder = placed.element, placed.holder
    if element.length > _MOST_COMPARED:
        return element.value
    texts = holder.texts(element.number)
    if element.vr in ("UT", "ST", "LT"):
        return safe_lines(str(holder.lines(element.number) or ""), _MOST_TEXT)
    if texts and not element.vr.startswith("O"):
        return safe("\\".join(texts), _MOST_TEXT)
    return safe((holder.raw(element.number) or b"")[:_MOST_BINARY].hex(" "), _MOST_TEXT)


def value_lines(placed: Placed, width: int) -> list[SafeText]:
    """The whole value in rows of so many cells; of bytes what was cut off is said."""
    text = whole_value(placed)
    lines = [safe(line) for part in text.split("\n") for line in textwrap.wrap(part, max(8, width)) or [""]]
    length = placed.element.length
    if placed.element.vr.startswith(("O", "UN")) and length > _MOST_BINARY:
        lines.append(words(_("... {count} bytes in all"), count=length))
    return lines
