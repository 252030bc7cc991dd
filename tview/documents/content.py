"""The content tree of a structured report as nodes: PS3.3 C.17.3. Names are read, values are left to `tview.documents.values`."""

from collections.abc import Iterator
from typing import NamedTuple

from tview.dicom import DataSet
from tview.dicom import tags as t
from tview.documents.reading import Reading
from tview.errors import finding
from tview.text import SafeText

_MOST_NODES = 100_000
_DEEPEST = 48


class Term(NamedTuple):
    """A coded term: what it means, and which one it is of which scheme."""

    meaning: SafeText
    value: SafeText | None = None
    scheme: SafeText | None = None


class Node(NamedTuple):
    """A content item. `place` is its path of numbers from the root (1); `refers_to` is set on one by reference (C.17.3.2.5)."""

    relation: str
    value_type: str
    concept: Term | None
    item: DataSet
    place: tuple[int, ...]
    children: tuple["Node", ...] = ()
    refers_to: tuple[int, ...] = ()

    def walk(self) -> Iterator["Node"]:
        """It and everything under it, top down. References are not followed, so a cycle of them has an end."""
        yield self
        for child in self.children:
            yield from child.walk()

    def child(self, *values: str) -> "Node | None":
        """The first child whose concept has one of these code values."""
        return next((child for child in self.children if child.concept and child.concept.value in values), None)


def read_tree(data_set: DataSet, reading: Reading) -> Node:
    """The root with everything under it; what goes beyond the limits is left out and told."""
    return _node(data_set, (1,), reading, [_MOST_NODES])


def term(item: DataSet | None, reading: Reading) -> Term | None:
    """The term of an item of a code sequence; None without any value."""
    meaning = reading.code(item)
    if item is None or meaning is None:
        return None
    values = (reading.row(item, tag) for tag in (t.CODE_VALUE, t.LONG_CODE_VALUE, t.URN_CODE_VALUE))
    return Term(meaning, next((value for value in values if value), None), reading.row(item, t.CODING_SCHEME_DESIGNATOR))


def _node(item: DataSet, place: tuple[int, ...], reading: Reading, left: list[int]) -> Node:
    left[0] -= 1
    below = item.items(t.CONTENT_SEQUENCE)
    if below and (len(place) >= _DEEPEST or left[0] <= len(below)):
        reading.note(finding("report-cut", place=".".join(map(str, place))))
        below = below[: max(left[0], 0)] if len(place) < _DEEPEST else ()
    value_type = str(item.text(t.VALUE_TYPE) or "").upper()
    refers_to = item.integers(t.REFERENCED_CONTENT_ITEM_IDENTIFIER)
    return Node(
        relation=str(item.text(t.RELATIONSHIP_TYPE) or "").upper(),
        value_type=value_type or ("CONTAINER" if below and not refers_to else ""),
        concept=term(item.first_item(t.CONCEPT_NAME_CODE_SEQUENCE), reading),
        item=item,
        place=place,
        children=tuple(_node(child, (*place, number), reading, left) for number, child in enumerate(below, 1)),
        refers_to=refers_to if not value_type else (),
    )
