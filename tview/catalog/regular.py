"""A DICOMDIR whose records stand in the order of the tree, as nearly all do: its series and images, without reading every element."""

from struct import Struct
from typing import NamedTuple

_HEAD = Struct("<4xL 8xL 10x 8xL 6xH")  # of an item: its length, (0004,1400), (0004,1420), the length of (0004,1430), PS3.3 F.3.2.2
_ITEM, _NEXT = b"\xfe\xff\0\xe0", b"\4\0\0\x14UL\4\0"
_IN_USE, _LOWER, _TYPE = b"\4\0\x10\x14US\2\0\xff\xff", b"\4\0\x20\x14UL\4\0", b"\4\0\x30\x14CS"
_ELEMENT = Struct("<HH2sH").unpack_from
_LONG = frozenset((b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"))
_LIST = b"\x04\0\x20\x12SQ\0\0"
_ROOT = b"\x04\0\0\x12UL\x04\0"
_DEPTHS = {b"PATIENT": 0, b"STUDY": 1, b"SERIES": 2}
_LEAF = 3


class Series(NamedTuple):
    """One series: where its record and that of its study are, and those of its images, each as (begin, end) in the file."""

    study: tuple[int, int]
    series: tuple[int, int]
    images: list[tuple[int, int]]


def regular_series(data: bytes) -> list[Series] | None:
    """The series of an explicit little endian DICOMDIR in file order.

    None when any record is not where the one before it leads, is out of use, or is written in another way: then `read_directory` has to
    look at it.
    """
    begin, root = data.find(_LIST, 132, 1024), data.find(_ROOT, 132, 1024)
    if data[128:132] != b"DICM" or begin < 0 or root < 0:
        return None
    length = int.from_bytes(data[begin + 8 : begin + 12], "little")
    begin += 12
    end = begin + length
    if end != len(data) or int.from_bytes(data[root + 8 : root + 12], "little") != begin:
        return None
    found: list[Series] = []
    following: list[int | None] = [begin, None, None, None]  # by depth: where the next record of it has to be; None: nowhere
    place: list[tuple[int, int]] = [(0, 0)] * 4
    deepest, at, last, unpack = 0, begin, end - _HEAD.size, _HEAD.unpack_from
    while at < end:
        if at > last:
            return None
        if (
            data[at : at + 4] != _ITEM or data[at + 8 : at + 16] != _NEXT or data[at + 20 : at + 30] != _IN_USE
            or data[at + 30 : at + 38] != _LOWER or data[at + 42 : at + 48] != _TYPE
        ):  # fmt: skip
            return None
        size, onward, lower, width = unpack(data, at)
        kind = data[at + _HEAD.size : at + _HEAD.size + width].rstrip(b" \0")
        depth = _DEPTHS.get(kind, _LEAF)
        after = at + 8 + size
        if depth > deepest or following[depth] != at or after > end or any(following[depth + 1 : deepest + 1]):
            return None
        place[depth], following[depth] = (at, after), onward or None
        if depth == _LEAF:
            if lower:
                return None
            if kind == b"IMAGE":
                found[-1].images.append((at, after))
        else:
            deepest, following[depth + 1] = depth + 1, lower or None
            if depth == 2:
                found.append(Series(place[1], place[2], []))
        at = after
    return found if not any(following) else None


def values_at(data: bytes, place: tuple[int, int]) -> dict[int, bytes]:
    """The values of the record at (begin, end), without its sequences."""
    values: dict[int, bytes] = {}
    position, end = place[0] + 8, place[1]
    while position + 8 <= end:
        group, element, vr, length = _ELEMENT(data, position)
        start = position + 8
        if vr in _LONG:
            if vr == b"SQ":
                break
            length, start = int.from_bytes(data[start : start + 4], "little"), start + 4
        position = start + length
        if position > end:
            break
        values[group << 16 | element] = data[start:position]
    return values
