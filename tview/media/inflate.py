"""Compressed bytes as a source that can be read anywhere: deflate with points to start again from, others unpacked whole under a cap."""

import threading
import zlib
from bisect import bisect_right
from typing import TYPE_CHECKING

from tview.errors import MediumError, finding
from tview.media.values import Read, Source

if TYPE_CHECKING:
    from zlib import _Decompress

_FEED = 1 << 16
_STEP = 1 << 18
_POINT_EVERY = 4 << 20
_MAX_POINTS = 1024
WHOLE_LIMIT = 1 << 30
RAW_DEFLATE, GZIP = -15, 31
_BOMB_SIZE, _BOMB_RATIO = 256 << 20, 400


def is_bomb(size: int, packed: int) -> bool:
    """Whether this much out of so little is more than pictures give. Deflate packs at most 1032 to 1."""
    return size > _BOMB_SIZE and size > _BOMB_RATIO * packed


class InflatedSource:
    """Deflated bytes of another source, which it owns if told so. Any thread may read; one at a time inflates.

    A state is kept about every 4 MiB, so that reading backwards does not begin at the start. What is damaged reads as zeros.
    """

    def __init__(self, source: Source, offset: int, compressed: int, size: int | None, form: int = RAW_DEFLATE, owns: bool = False) -> None:
        self._source, self._offset, self._compressed, self._form = source, offset, compressed, form
        self.name, self._owns = source.name, owns
        self._lock = threading.Lock()
        self._starts = [0]  # positions in the output that can be started from
        self._points: list[tuple[int, _Decompress, bytes]] = [(0, zlib.decompressobj(form), b"")]
        self._apart = _POINT_EVERY
        self._cursor: tuple[int, int, _Decompress, bytes] | None = None  # output, input, state, input not yet taken
        self.damaged_at: int | None = None
        self.size = self._measured() if size is None else size

    def read_at(self, offset: int, length: int) -> Read:
        """See `Source.read_at`."""
        end = min(offset + length, self.size)
        if offset < 0 or offset >= end:
            return Read(b"")
        with self._lock:
            data = self._run(offset, end)
        missing = end - offset - len(data)
        if missing:
            return Read(data + bytes(missing), ((offset + len(data), missing),))
        return Read(data)

    def close(self) -> None:
        """Lets go of the kept states, and of the other source if it is owned."""
        with self._lock:
            del self._points[1:], self._starts[1:]
            self._cursor = None
        if self._owns:
            self._source.close()

    def _measured(self) -> int:
        """The length of the output, by going through all of it; less where it grows beyond what any picture packs to."""
        limit = max(_BOMB_SIZE, _BOMB_RATIO * self._compressed)
        with self._lock:
            self._run(limit, limit)
            assert self._cursor is not None
            return self._cursor[0]

    def _run(self, offset: int, end: int) -> bytes:
        """Output offset..end, shorter where the stream ends or is damaged."""
        number = bisect_right(self._starts, offset) - 1
        at, (place, point, left) = self._starts[number], self._points[number]
        if self._cursor and at <= self._cursor[0] <= offset:
            at, place, state, left = self._cursor
        else:
            state = point.copy()
        pieces, fresh = [], False
        while at < end:
            if state.eof:
                if self._form != GZIP:
                    break
                state, fresh = zlib.decompressobj(GZIP), True  # a further member may follow, behind padding
            if not left:
                left = self._feed(place)
                place += len(left)
            last = not left  # what comes out now was held back in the state when an earlier read wanted no more
            if fresh:
                if last:
                    break
                left = left.lstrip(b"\0")
                fresh = not left
                continue
            try:
                output = state.decompress(left, min(_STEP, end - at))
            except zlib.error:
                self.damaged_at = at
                break
            left = state.unused_data if state.eof else state.unconsumed_tail
            if last and not output:
                break
            if at + len(output) > offset:
                pieces.append(output[max(0, offset - at) :])
            at += len(output)
            self._keep(at, place, state, left)
        self._cursor = (at, place, state, left)
        return b"".join(pieces)

    def _feed(self, place: int) -> bytes:
        read = self._source.read_at(self._offset + place, min(_FEED, self._compressed - place))
        return read.data if not read.unreadable else read.data[: read.unreadable[0][0] - self._offset - place]

    def _keep(self, at: int, place: int, state: "_Decompress", left: bytes) -> None:
        if at - self._starts[-1] < self._apart or state.eof:
            return
        self._starts.append(at)
        self._points.append((place, state.copy(), left))
        if len(self._points) > _MAX_POINTS:  # half as many, twice as far apart
            del self._points[1::2], self._starts[1::2]
            self._apart *= 2


class BytesSource:
    """Bytes in memory as a source."""

    def __init__(self, name: str, data: bytes) -> None:
        self.name, self.size, self._data = name, len(data), data

    def read_at(self, offset: int, length: int) -> Read:
        """See `Source.read_at`."""
        return Read(self._data[offset : offset + length] if offset >= 0 and length > 0 else b"")

    def close(self) -> None:
        """Nothing is held."""


def unpacked(source: Source, kind: str) -> BytesSource:
    """A .bz2 or .xz stream unpacked into memory. Raises `MediumError` when it is longer than WHOLE_LIMIT."""
    import bz2
    import lzma

    def fresh() -> "bz2.BZ2Decompressor | lzma.LZMADecompressor":
        return bz2.BZ2Decompressor() if kind == "bz2" else lzma.LZMADecompressor(memlimit=1 << 29)

    pieces, total, place, state = [], 0, 0, fresh()
    left = b""
    try:
        while True:
            if state.eof:
                left = state.unused_data or left
                state = fresh()
                if not left.lstrip(b"\0") and place >= source.size:
                    break
            if not left and state.needs_input:
                left = source.read_at(place, _FEED).data
                place += len(left)
                if not left:
                    break
            output, left = state.decompress(left, _STEP * 4), b""
            pieces.append(output)
            total += len(output)
            if total > WHOLE_LIMIT:
                raise MediumError(finding("archive-too-large", path=source.name, limit=WHOLE_LIMIT))
    except (OSError, EOFError, ValueError, lzma.LZMAError):
        pass  # the part before the damage is there
    return BytesSource(source.name, b"".join(pieces))
