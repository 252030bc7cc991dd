"""The elements of two data sets held against each other, whatever way each of them is written."""

from collections.abc import Iterator
from typing import NamedTuple

from tview.dicom import DataSet, Header, ReadAt
from tview.text import safe
from tview.verify.comparing.model import Differing

MOST = 50
_STEP = 1 << 20
_DEPTH = 32
_ROWS = 50_000
_WRITING = frozenset((0x00080005, 0x00280006, 0xFFFCFFFC, 0x7FE00001, 0x7FE00002))
"""What says how the rest is written: character set, planar configuration, padding, offset tables."""
WHOSE = (0x00100010, 0x00100020, 0x00100030)
"""Name, ID and birth date."""
_BYTES = frozenset(("OB", "UN", "OB or OW"))


class Place(NamedTuple):
    """Where an element is: (tag, number of the item from 1) of each item around it, then its tag."""

    around: tuple[tuple[int, int], ...]
    tag: int

    @property
    def is_writing(self) -> bool:
        """Whether a difference here is one of how it is written, not of what."""
        return self.tag >> 16 == 2 or self.tag & 0xFFFF == 0 or self.tag in _WRITING

    @property
    def shown(self) -> str:
        """``(0008,1140)[2] (0008,1155)``."""
        steps = [f"{_tag(tag)}[{number}]" for tag, number in self.around]
        return " ".join([*steps, _tag(self.tag)])


def _tag(tag: int) -> str:
    return f"({tag >> 16:04X},{tag & 0xFFFF:04X})"


class Reading(NamedTuple):
    """A header with what reads its file."""

    header: Header
    read_at: ReadAt


def differing_places(a: Reading, b: Reading) -> Iterator[Place]:
    """The places where the data sets before the pixel data differ, in the order of tags."""
    yield from _differing(a, b, a.header.data_set, b.header.data_set, ())
    if a.header.transfer_syntax_uid != b.header.transfer_syntax_uid:
        yield Place((), 0x00020010)


def _differing(a: Reading, b: Reading, one: DataSet, other: DataSet, around: tuple[tuple[int, int], ...]) -> Iterator[Place]:
    for tag in sorted({*one.tags(), *other.tags()}):
        if tag not in one or tag not in other:
            yield Place(around, tag)
        elif "SQ" in (one.vr(tag), other.vr(tag)):
            items, others = one.items(tag), other.items(tag)
            if len(items) != len(others):
                yield Place(around, tag)
            elif len(around) < _DEPTH:
                for number, (first, second) in enumerate(zip(items, others, strict=True), 1):
                    yield from _differing(a, b, first, second, (*around, (tag, number)))
        elif not _same(a, b, one, other, tag):
            yield Place(around, tag)


def _same(a: Reading, b: Reading, one: DataSet, other: DataSet, tag: int) -> bool:
    raws = one.raw(tag), other.raw(tag)
    if raws[0] is None or raws[1] is None:
        return _same_bytes(a, b, one.reader(tag), other.reader(tag))
    alike_written = one.little_endian == other.little_endian
    if raws[0].rstrip(b"\0 ") == raws[1].rstrip(b"\0 ") and (alike_written or one.vr(tag) in _BYTES):
        # The same bytes are two texts in two character sets; a VR that implicit encoding has lost makes no difference.
        first, second = one.decoded(tag), other.decoded(tag)
        return first is None or second is None or first.text == second.text
    first, second = one.decoded(tag), other.decoded(tag)
    if first is not None and second is not None:
        return first.text.strip(" \0") == second.text.strip(" \0")
    if alike_written:
        return False
    numbers = one.numbers(tag), other.numbers(tag)
    return bool(numbers[0]) and numbers[0] == numbers[1]


def _same_bytes(a: Reading, b: Reading, one: tuple[int, int] | None, other: tuple[int, int] | None) -> bool:
    """Whether two values that are too long to be kept are the same."""
    if one is None or other is None or one[1] != other[1]:
        return False
    read, read_other = a.header.reader(a.read_at), b.header.reader(b.read_at)
    for done in range(0, one[1], _STEP):
        many = min(_STEP, one[1] - done)
        data = read(one[0] + done, many)
        if data != read_other(other[0] + done, many):
            return False
        if not data:
            break
    return True


def told(a: Reading, b: Reading, places: list[Place]) -> tuple[Differing, ...]:
    """The first places with name and both values; what says whose they are always."""
    whose = [place for place in places[MOST:] if not place.around and place.tag in WHOSE]
    wanted = [*places[: MOST - len(whose)], *whose]
    sides = [_values(reading.header, set(wanted)) for reading in (a, b)]
    found = []
    for place in wanted:
        rows = [side.get(place) for side in sides]
        name = next((row[0] for row in rows if row is not None), safe("?"))
        values = [safe(row[1]) if row is not None else None for row in rows]
        found.append(Differing(place.shown, safe(name), values[0], values[1]))
    return tuple(found)


def _values(header: Header, wanted: set[Place]) -> dict[Place, tuple[str, str]]:
    """Name and value of these places."""
    from tview.catalog import element_rows

    found: dict[Place, tuple[str, str]] = {}
    around: list[tuple[int, int]] = []
    last: dict[int, int] = {}
    for row in element_rows(header.data_set, _ROWS):
        if row.tag == "item":
            around[row.depth - 1 :] = [(last[row.depth - 1], int(row.name))]
            continue
        del around[row.depth :]
        last[row.depth] = row.number
        place = Place(tuple(around), row.number)
        if place in wanted:
            found[place] = row.name, row.value
    syntax = Place((), 0x00020010)
    if syntax in wanted:
        from tview.dicom import transfer_syntax_name

        found[syntax] = "Transfer Syntax UID", transfer_syntax_name(header.transfer_syntax_uid)
    return found
