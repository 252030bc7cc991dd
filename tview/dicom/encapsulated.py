"""Fragments and frames of encapsulated pixel data, found lazily and within bounds (PS3.5 A.4)."""

import struct
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple, overload

from tview.dicom.buffer import ReadAt
from tview.dicom.header import Header
from tview.dicom.tags import EXTENDED_OFFSET_TABLE, EXTENDED_OFFSET_TABLE_LENGTHS
from tview.errors import Finding, finding

Pieces = tuple[tuple[int, int], ...]
"""Where the bytes of one frame are: (offset, length), in order."""

_ITEM = b"\xfe\xff\x00\xe0"
_DELIMITER = b"\xfe\xff\xdd\xe0"
_LARGEST_TABLE = 64 << 20
_MOST_FRAGMENTS = 5_000_000


class Fragment(NamedTuple):
    """One fragment: where its bytes are, and whether the file ends inside it."""

    offset: int
    length: int
    cut: bool = False


def fragments(read_at: ReadAt, offset: int, end: int) -> Iterator[Fragment]:
    """The items from `offset` on, the offset table too when it is there; ends at the delimiter, at bytes that are no item, or at `end`."""
    position = offset
    for _ in range(_MOST_FRAGMENTS):
        head = read_at(position, 8) if position + 8 <= end else b""
        if head[:4] != _ITEM and head[:4] != _DELIMITER and head[1:5] in (_ITEM, _DELIMITER):
            position += 1  # an odd fragment whose length does not count its padding
            head = read_at(position, 8)
        if len(head) < 8 or head[:4] != _ITEM:
            return
        length = int.from_bytes(head[4:], "little")
        position += 8
        if position + length > end:
            yield Fragment(position, max(0, end - position), True)
            return
        yield Fragment(position, length)
        position += length


class Ending(NamedTuple):
    """How encapsulated pixel data end: after so many whole fragments (without the offset table), with a delimiter, at the file's end."""

    fragments: int
    delimited: bool
    at_end: bool


def ending(read_at: ReadAt, offset: int, end: int) -> Ending:
    """How the pixel data that begin at `offset` end. Reads the header of every fragment."""
    count, position = -1, offset
    for fragment in fragments(read_at, offset, end):
        if fragment.cut:
            return Ending(max(0, count), False, False)
        count, position = count + 1, fragment.offset + fragment.length
    return Ending(max(0, count), _DELIMITER in read_at(position, min(9, max(0, end - position))), position >= end)


class FrameRanges(Sequence[Pieces]):
    """Per frame, where its bytes are. A frame that is not there has no pieces.

    With an offset table a frame is found without reading past the others; else all fragment headers are read on first use.
    """

    def __init__(
        self, read_at: ReadAt, offset: int, end: int, frames: int, extended: tuple[tuple[int, ...], tuple[int, ...]] | None
    ) -> None:
        self._read_at, self._end, self._frames = read_at, end, max(1, frames)
        first = next(fragments(read_at, offset, end), None)
        self._base = first.offset + first.length if first else end  # offsets count from the item after the table (PS3.5 A.4)
        self._extended = extended if extended and len(extended[0]) == len(extended[1]) == self._frames else None
        self._table = self._offsets(first) if first and not self._extended else ()
        self._scanned: list[Pieces] | None = None
        self._all: tuple[Fragment, ...] | None = None
        self._findings: list[Finding] = []
        if first and first.length and not self._table and not self._extended:
            self._findings.append(finding("offset-table-wrong"))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was odd, as far as it has been seen."""
        return tuple(self._findings)

    def __len__(self) -> int:
        return self._frames

    @overload
    def __getitem__(self, index: int) -> Pieces: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Pieces]: ...
    def __getitem__(self, index: int | slice) -> Pieces | Sequence[Pieces]:
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(self._frames))]
        if not 0 <= index < self._frames:
            raise IndexError(index)
        if self._scanned is None:
            pieces = self._by_extended_table(index) if self._extended else self._by_table(index) if self._table else None
            if pieces is not None:
                return pieces
            self._scanned = self._scan()
        return self._scanned[index]

    def all_fragments(self) -> tuple[Fragment, ...]:
        """Every fragment after the offset table: the whole stream of a video, whatever its frames are."""
        if self._all is None:
            self._all = tuple(fragments(self._read_at, self._base, self._end))
        return self._all

    def _offsets(self, table: Fragment) -> tuple[int, ...]:
        """The basic offset table, if it can be true: one entry a frame, from 0, rising, within the data."""
        if not table.length or table.cut or table.length > _LARGEST_TABLE or table.length != 4 * self._frames:
            return ()
        raw = self._read_at(table.offset, table.length)
        offsets = struct.unpack(f"<{len(raw) // 4}L", raw[: len(raw) // 4 * 4])
        rising = all(a < b for a, b in pairwise(offsets))
        return offsets if offsets and offsets[0] == 0 and rising and self._base + offsets[-1] + 8 <= self._end else ()

    def _by_extended_table(self, index: int) -> Pieces | None:
        assert self._extended
        start, length = self._base + self._extended[0][index], self._extended[1][index]
        if start + 8 > self._end or self._read_at(start, 4) != _ITEM:
            self._distrust()
            return None
        return ((start + 8, min(length, self._end - start - 8)),)

    def _by_table(self, index: int) -> Pieces | None:
        start = self._base + self._table[index]
        stop = self._base + self._table[index + 1] if index + 1 < len(self._table) else self._end
        if self._read_at(start, 4) != _ITEM:
            self._distrust()
            return None
        pieces = []
        for fragment in fragments(self._read_at, start, self._end):
            if fragment.offset - 8 >= stop:
                break
            pieces.append((fragment.offset, fragment.length))
        return tuple(pieces)

    def _distrust(self) -> None:
        self._extended, self._table = None, ()
        self._findings.append(finding("offset-table-wrong"))

    def _scan(self) -> list[Pieces]:
        """Without a table: one fragment a frame, or all for the only frame, or a frame wherever a code stream begins."""
        found = self.all_fragments()
        pieces = [(fragment.offset, fragment.length) for fragment in found]
        if self._frames == 1:
            return [tuple(pieces)]
        if len(pieces) > self._frames:
            starts = [
                i for i, (offset, length) in enumerate(pieces) if self._read_at(offset, min(4, length))[:2] in (b"\xff\xd8", b"\xff\x4f")
            ]
            if len(starts) == self._frames and starts[0] == 0:
                return [tuple(pieces[a:b]) for a, b in zip(starts, [*starts[1:], len(pieces)], strict=True)]
            self._findings.append(finding("frames-unclear", fragments=len(pieces), frames=self._frames))
        frames: list[Pieces] = [(piece,) for piece in pieces[: self._frames]]
        return frames + [()] * (self._frames - len(frames))


def frame_ranges(header: Header, read_at: ReadAt, size: int, number_of_frames: int) -> FrameRanges:
    """Where each frame's bytes are, in what `header.reader(read_at)` reads. The pixel element must be of undefined length."""
    pixel = header.pixel_element
    assert pixel is not None and pixel.length < 0
    offsets, lengths = (header.data_set.raw(tag) or b"" for tag in (EXTENDED_OFFSET_TABLE, EXTENDED_OFFSET_TABLE_LENGTHS))
    extended = (_table(offsets), _table(lengths)) if offsets and lengths else None
    return FrameRanges(header.reader(read_at), pixel.offset, size, number_of_frames, extended)


def _table(raw: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(raw) // 8}Q", raw[: len(raw) // 8 * 8])
