"""The scan of many files: one header tells where the values of the next one are, where its bytes are the same.

The headers of a series differ in a few elements: UIDs, numbers, positions, times. What lies between those is compared as it stands, in one
go, and its values are those of the header before; what varies is walked. A header that is not as foreseen is walked from its beginning, so
nothing is ever taken on trust.
"""

from typing import NamedTuple

from tview.dicom import uids
from tview.dicom.buffer import ReadAt
from tview.dicom.fixed import LAST_TAG, SCAN_TAGS, VALUE_SKIP, Fixed, Likeness, long_length, read_fixed, skip_sequence
from tview.dicom.tags import TRANSFER_SYNTAX_UID
from tview.dicom.walk import PIXEL_TAGS, UNDEFINED

_MOST_SKELETONS = 4
_MOST_VARYING = 96
_STABLE = 8
_FEW = 4
_FIRST = 132


class _Part(NamedTuple):
    """One element of a header. `length_at` is where its length begins: after 4 bytes without a VR, after 6 or 8 with one."""

    tag: int
    header: bytes
    size: int  # of the header
    value: bytes
    length: int  # of the value; -1 when undefined, or beyond the first bytes, and of pixel data
    length_at: int
    wanted: bool


class _Skeleton:
    """The elements of the last header that was walked, which of them vary, and the runs of bytes between those."""

    __slots__ = ("elements", "ends_in_pixels", "explicit", "hits", "like", "parts", "syntax", "varying")

    def __init__(self, elements: list[_Part], syntax: str, explicit: bool) -> None:
        self.syntax, self.explicit = syntax, explicit
        self.varying: set[int] = set()
        self.take(elements)

    def take(self, elements: list[_Part]) -> None:
        """Foresee headers like this one."""
        self.elements, self.hits = elements, 0
        self.ends_in_pixels = elements[-1].tag in PIXEL_TAGS
        values = {element.tag: element.value for element in elements if element.wanted and element.tag != TRANSFER_SYNTAX_UID}
        self.like = Likeness(values, tuple(sorted(elements[index].tag for index in self.varying if elements[index].wanted)))
        self.parts: list[bytes | _Part] = []
        run = bytearray()
        for index, element in enumerate(elements):
            if index in self.varying or element.length < 0:
                if run:
                    self.parts.append(bytes(run))
                self.parts.append(element)
                run = bytearray()
            else:
                run += element.header + element.value
        if run:
            self.parts.append(bytes(run))

    def refine(self, elements: list[_Part]) -> bool:
        """Take a header in that was not foreseen; False when it has other elements.

        After a row of foreseen ones many differences are those of another series, and only the bytes are taken over; else what differs is
        taken to vary from file to file.
        """
        if len(elements) != len(self.elements) or any(a.tag != b.tag for a, b in zip(elements, self.elements, strict=True)):
            return False
        differing = {index for index, (a, b) in enumerate(zip(elements, self.elements, strict=True)) if a != b} - self.varying
        if (self.hits < _STABLE or len(differing) <= _FEW) and len(self.varying) + len(differing) <= _MOST_VARYING:
            self.varying |= differing
        self.take(elements)
        return True


class HeaderReader:
    """`read_fixed` for many files in a row, by one thread."""

    def __init__(self) -> None:
        self._skeletons: list[_Skeleton] = []
        self._walked = self._hits = 0

    def read(self, read_at: ReadAt, size: int, data: bytes) -> Fixed | None:
        """As `read_fixed`; `data` are the first bytes of the file."""
        whole = len(data) >= size
        for place, skeleton in enumerate(self._skeletons):
            known = _by_skeleton(skeleton, data, whole)
            if known is not None:
                self._hits += 1
                skeleton.hits += 1
                if place:
                    self._skeletons.insert(0, self._skeletons.pop(place))
                return known
        found = read_fixed(read_at, size, data=data)
        if found is not None and (self._walked < 16 or self._hits > 2 * self._walked):
            self._learn(data, found, whole)
        return found

    def _learn(self, data: bytes, found: Fixed, whole: bool) -> None:
        facts = uids.transfer_syntax(found.transfer_syntax_uid)
        explicit = facts is None or not facts.implicit_vr
        elements = _outline(data, explicit)
        if elements is None or not (whole or elements[-1].tag > LAST_TAG):
            return
        self._walked += 1
        if not any(skeleton.syntax == found.transfer_syntax_uid and skeleton.refine(elements) for skeleton in self._skeletons):
            self._skeletons.insert(0, _Skeleton(elements, found.transfer_syntax_uid, explicit))
            del self._skeletons[_MOST_SKELETONS:]


def _outline(data: bytes, explicit: bool) -> list[_Part] | None:
    """The elements of a file that the fast walk has read, as far as they lie in `data`, the pixel data being the last."""
    elements: list[_Part] = []
    position, end, in_meta = _FIRST, len(data), True
    while position + 12 <= end:
        tag = (data[position] | data[position + 1] << 8) << 16 | data[position + 2] | data[position + 3] << 8
        in_meta = in_meta and tag >> 16 == 2
        if explicit or in_meta:
            skip = VALUE_SKIP.get(data[position + 4 : position + 6])
            if skip is None:
                break
            long = skip == 12
            length_at = 8 if long else 6
            start = position + (12 if long else 8)
        else:
            length_at, start = 4, position + 8
        length = int.from_bytes(data[position + length_at : start], "little")
        header, wanted = data[position:start], tag in SCAN_TAGS or tag == TRANSFER_SYNTAX_UID
        if tag in PIXEL_TAGS:
            return [*elements, _Part(tag, header, len(header), b"", -1, length_at, False)]
        if length == UNDEFINED and length_at != 6:
            following = skip_sequence(data, start, end, explicit and header[4:6] != b"UN", 0)
            if following is None or following < 0:
                break
            elements.append(_Part(tag, header, len(header), b"", -1, length_at, False))
            position = following
        elif start + length > end:
            return [*elements, _Part(tag, header, len(header), b"", -1, length_at, False)] if tag > LAST_TAG else elements or None
        else:
            elements.append(_Part(tag, header, len(header), data[start : start + length], length, length_at, wanted))
            position = start + length
    return elements or None


def _by_skeleton(skeleton: _Skeleton, data: bytes, whole: bool) -> Fixed | None:
    if data[128:132] != b"DICM":
        return None
    end, position = len(data), _FIRST
    values = skeleton.like.values.copy()
    is_there = data.startswith
    for part in skeleton.parts:
        if isinstance(part, bytes):
            if not is_there(part, position):
                return None
            position += len(part)
            continue
        tag, header, size, _value, length, length_at, wanted = part
        start = position + size
        if length < 0 or not is_there(header, position):
            if start > end or not is_there(header[:length_at], position):
                return None
            length = data[position + 6] | data[position + 7] << 8 if length_at == 6 else long_length(data, position + length_at)[0]
            if tag in PIXEL_TAGS:
                return _finished(values, skeleton, start, -1 if length == UNDEFINED else length, position, True)
            if length == UNDEFINED and length_at != 6:
                skipped = skip_sequence(data, start, end, skeleton.explicit and header[4:6] != b"UN", 0)
                if skipped is None or skipped < 0:
                    return None
                position = skipped
                continue
        position = start + length
        if position > end:
            return _finished(values, skeleton, 0, 0, position, False) if tag > LAST_TAG and not whole else None
        if wanted:
            values[tag] = data[start:position]
    if skeleton.ends_in_pixels or (whole and position != end):
        return None
    return _finished(values, skeleton, 0, 0, position, whole)


def _finished(
    values: dict[int, bytes], skeleton: _Skeleton, pixel_offset: int, pixel_length: int, position: int, complete: bool
) -> Fixed | None:
    if TRANSFER_SYNTAX_UID in values and values.pop(TRANSFER_SYNTAX_UID).rstrip(b"\0 ") != skeleton.syntax.encode():
        return None  # it is among what varies
    return Fixed(values, skeleton.syntax, pixel_offset, pixel_length, position, (), complete, skeleton.like)
