"""The scan of many files: one header tells where the values of the next one are, if its element headers are the same bytes.

A series has the same elements in every file, most with the same lengths. The bytes between two elements whose lengths vary are one run: a
masked comparison checks all its element headers at once, and its values are cut out in one call. What varies is walked. A header that is
not as foreseen is walked from its beginning, so nothing is ever taken on trust.
"""

from collections.abc import Callable
from operator import itemgetter
from typing import NamedTuple

from tview.dicom import uids
from tview.dicom.buffer import ReadAt
from tview.dicom.fixed import LAST_TAG, SCAN_TAGS, VALUE_SKIP, Fixed, long_length, read_fixed, skip_sequence
from tview.dicom.tags import TRANSFER_SYNTAX_UID
from tview.dicom.walk import PIXEL_TAGS, UNDEFINED

_MOST_SKELETONS = 4
_MOST_BREAKS = 48
_FIRST = 132
_WANTED = SCAN_TAGS | {TRANSFER_SYNTAX_UID}


class _Part(NamedTuple):
    """One element of the outline. `length_at` is where in the header its length begins: 4 without a VR, 6 or 8 with one."""

    tag: int
    header: bytes
    length: int  # of the value; -1 when undefined, or beyond the first bytes
    length_at: int


class _Run(NamedTuple):
    """Elements in a row with the same headers: `size` bytes, of which those under `mask` are `headers`."""

    size: int
    mask: int
    headers: int
    tags: tuple[int, ...]
    values: Callable[[bytes], tuple[bytes, ...]] | None


class _Skeleton:
    """The elements of one header, which of them vary, and the runs between those."""

    __slots__ = ("breaks", "elements", "ends_in_pixels", "explicit", "parts", "syntax")

    def __init__(self, elements: list[_Part], syntax: str, explicit: bool) -> None:
        self.elements, self.syntax, self.explicit = elements, syntax, explicit
        self.ends_in_pixels = elements[-1].tag in PIXEL_TAGS
        self.breaks = {index for index, element in enumerate(elements) if element.length < 0}
        if self.ends_in_pixels:
            self.breaks.add(len(elements) - 1)
        self.parts: list[_Run | _Part] = []
        self.cut()

    def cut(self) -> None:
        """Lay the runs out between the breaks."""
        self.parts, start = [], 0
        for index in [*sorted(self.breaks), len(self.elements)]:
            if index > start:
                self.parts.append(self._run(start, index))
            self.parts += self.elements[index : index + 1]
            start = index + 1

    def _run(self, start: int, stop: int) -> _Run:
        tags, cuts = [], []
        mask, headers = bytearray(), bytearray()
        for tag, header, length, _ in self.elements[start:stop]:
            mask += b"\xff" * len(header) + bytes(length)
            headers += header + bytes(length)
            if tag in _WANTED:
                tags.append(tag)
                cuts.append(slice(len(mask) - length, len(mask)))
        # One cut more than there are tags, so that the getter always gives a tuple.
        values = itemgetter(*cuts, slice(0, 0)) if cuts else None
        return _Run(len(mask), int.from_bytes(mask, "little"), int.from_bytes(headers, "little"), tuple(tags), values)

    def refine(self, elements: list[_Part]) -> bool:
        """Take another header with the same elements in: those of other lengths vary from now on. False when the elements are others."""
        if len(elements) != len(self.elements) or any(a.tag != b.tag for a, b in zip(elements, self.elements, strict=True)):
            return False
        varied = {index for index, (a, b) in enumerate(zip(elements, self.elements, strict=True)) if a.header != b.header}
        if not varied <= self.breaks and len(varied | self.breaks) <= _MOST_BREAKS:
            self.breaks |= varied
            self.cut()
        return True


class HeaderReader:
    """`read_fixed` for many files in a row, by one thread."""

    def __init__(self) -> None:
        self._skeletons: list[_Skeleton] = []
        self._learned = self._hits = 0

    def read(self, read_at: ReadAt, size: int, data: bytes) -> Fixed | None:
        """As `read_fixed`; `data` are the first bytes of the file."""
        whole = len(data) >= size
        for place, skeleton in enumerate(self._skeletons):
            known = _by_skeleton(skeleton, data, whole)
            if known is not None:
                self._hits += 1
                if place:
                    self._skeletons.insert(0, self._skeletons.pop(place))
                return known
        found = read_fixed(read_at, size, data=data)
        if found is not None and (self._learned < 16 or self._hits > 2 * self._learned):
            self._learn(data, found, whole)
        return found

    def _learn(self, data: bytes, found: Fixed, whole: bool) -> None:
        facts = uids.transfer_syntax(found.transfer_syntax_uid)
        elements = _outline(data, facts is None or not facts.implicit_vr)
        if elements is None or not (whole or elements[-1].tag > LAST_TAG):
            return
        self._learned += 1
        if any(skeleton.refine(elements) for skeleton in self._skeletons):
            return
        self._skeletons.insert(0, _Skeleton(elements, found.transfer_syntax_uid, facts is None or not facts.implicit_vr))
        del self._skeletons[_MOST_SKELETONS:]


def _outline(data: bytes, explicit: bool) -> list[_Part] | None:
    """The elements of a file that the fast walk has read, as far as they lie in `data`, the pixel data being the last."""
    elements: list[_Part] = []
    position, end = _FIRST, len(data)
    while position + 12 <= end:
        tag = (data[position] | data[position + 1] << 8) << 16 | data[position + 2] | data[position + 3] << 8
        if explicit or tag < 0x00030000:
            long = VALUE_SKIP[data[position + 4 : position + 6]] == 12
            length_at = 8 if long else 6
            value = position + (12 if long else 8)
        else:
            length_at, value = 4, position + 8
        length = int.from_bytes(data[position + length_at : value], "little")
        header = data[position:value]
        if tag in PIXEL_TAGS:
            return [*elements, _Part(tag, header, 0, length_at)]
        if length == UNDEFINED and length_at != 6:
            following = skip_sequence(data, value, end, explicit and header[4:6] != b"UN", 0)
            if following is None or following < 0:
                break
            elements.append(_Part(tag, header, -1, length_at))
            position = following
        elif value + length > end:
            return [*elements, _Part(tag, header, -1, length_at)] if tag > LAST_TAG else elements or None
        else:
            elements.append(_Part(tag, header, length, length_at))
            position = value + length
    return elements or None


def _by_skeleton(skeleton: _Skeleton, data: bytes, whole: bool) -> Fixed | None:
    if data[128:132] != b"DICM":
        return None
    end, position = len(data), _FIRST
    values: dict[int, bytes] = {}
    from_bytes = int.from_bytes
    for part in skeleton.parts:
        if isinstance(part, _Run):
            following = position + part.size
            if following > end:
                return None
            run = data[position:following]
            if from_bytes(run, "little") & part.mask != part.headers:
                return None
            if part.values is not None:
                values.update(zip(part.tags, part.values(run), strict=False))
            position = following
            continue
        tag, header, _, length_at = part
        value = position + len(header)
        if value + 4 > end or data[position : position + length_at] != header[:length_at]:
            return None
        length = data[position + 6] | data[position + 7] << 8 if length_at == 6 else long_length(data, position + length_at)[0]
        if tag in PIXEL_TAGS:
            return _finished(values, skeleton, value, -1 if length == UNDEFINED else length, position, True)
        if length == UNDEFINED and length_at != 6:
            skipped = skip_sequence(data, value, end, skeleton.explicit and header[4:6] != b"UN", 0)
            if skipped is None or skipped < 0:
                return None
            position = skipped
            continue
        position = value + length
        if position > end:
            return _finished(values, skeleton, 0, 0, position, False) if tag > LAST_TAG and not whole else None
        if tag in _WANTED:
            values[tag] = data[value:position]
    if skeleton.ends_in_pixels or (whole and position != end):
        return None
    return _finished(values, skeleton, 0, 0, position, whole)


def _finished(
    values: dict[int, bytes], skeleton: _Skeleton, pixel_offset: int, pixel_length: int, position: int, complete: bool
) -> Fixed | None:
    syntax = values.pop(TRANSFER_SYNTAX_UID, b"").rstrip(b"\0 ").decode("ascii", "replace")
    return Fixed(values, syntax, pixel_offset, pixel_length, position, (), complete) if syntax == skeleton.syntax else None
