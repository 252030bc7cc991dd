"""Where the 2048 bytes of user data stand in each sector of an image: found by content, whatever the file is called."""

from dataclasses import dataclass

from tview.media.sources import SECTOR
from tview.media.values import Read, Source, next_data

_SYNC = b"\x00" + b"\xff" * 10 + b"\x00"
_MARKS = (b"CD001", b"BEA01", b"NSR02", b"NSR03", b"TEA01")
# Sector size and what comes before the user data (ECMA-130 14, CD-ROM XA): cooked, mode 1, mode 2 form 1, without sync, with subchannels.
_KNOWN = ((2048, 0), (2352, 16), (2352, 24), (2336, 8), (2448, 16), (2448, 24), (2056, 8), (2064, 16), (2340, 12), (2368, 16), (2368, 24))
_FIRST, _LAST, _LOOKED_AT = 16, 32, 3
_SEARCHED = 2 << 20


@dataclass(frozen=True, slots=True)
class Geometry:
    """User data begins at `start + n * sector_size + header`."""

    sector_size: int
    header: int
    start: int = 0

    @property
    def plain(self) -> bool:
        return self == Geometry(SECTOR, 0)


def known_geometry(source: Source) -> Geometry | None:
    """How a disc's sectors lie in this source when it begins with sector 0; None when marks stand at none of the known places."""
    # Nearly all are plain, and what lies behind their descriptors may be scratched: it is left alone.
    first = source.read_at(_FIRST * SECTOR, _LOOKED_AT * SECTOR).data
    if any(_is_mark(first, sector * SECTOR) for sector in range(_LOOKED_AT)):
        return Geometry(SECTOR, 0)
    window = source.read_at(0, _LAST * 2448).data
    for size, header in _KNOWN:
        if any(_is_mark(window, sector * size + header) for sector in range(_FIRST, _LAST)):
            return Geometry(size, header)
    return None


def searched_geometry(source: Source) -> Geometry | None:
    """The same by looking for marks: some images begin with a header or a pregap."""
    window = source.read_at(0, _SEARCHED).data
    at = _next_mark(window, 0)
    if at is None:
        return None
    following = _next_mark(window, at + 1)
    size = following - at if following is not None and any(following - at == known for known, _ in _KNOWN) else None
    header = 0
    if window[at - 16 : at - 4] == _SYNC:
        header = 16
    elif window[at - 24 : at - 12] == _SYNC:
        header = 24
    elif size == 2336:
        header = 8
    if size is None:
        size = 2352 if header >= 16 else SECTOR
    start = at - header - _FIRST * size
    return Geometry(size, header, start) if start >= 0 else None


def _is_mark(window: bytes, at: int) -> bool:
    return window[at + 1 : at + 6] in _MARKS and window[at + 6 : at + 7] in (b"\x01", b"\x02")


def _next_mark(window: bytes, start: int) -> int | None:
    """The next volume descriptor or UDF recognition descriptor: a type, a mark, a version."""
    found = (window.find(mark, start + 1) for mark in _MARKS[:2])
    at = min((position - 1 for position in found if position > 0), default=-1)
    if at < 0:
        return None
    return at if _is_mark(window, at) and window[at] in (0, 1, 2, 3, 255) else _next_mark_after(window, at)


def _next_mark_after(window: bytes, at: int) -> int | None:
    for _ in range(1000):
        position = window.find(b"CD001", at + 2)
        if position < 0:
            return None
        at = position - 1
        if _is_mark(window, at) and window[at] in (0, 1, 2, 3, 255):
            return at
    return None


class SectorSource:
    """The user data of raw sectors as one row of bytes. Closing it closes the other source."""

    def __init__(self, source: Source, geometry: Geometry) -> None:
        self._source, self._geometry = source, geometry
        self.name, self.sector_size = source.name, geometry.sector_size
        room = source.size - geometry.start - geometry.header - SECTOR
        self.size = max(0, room // geometry.sector_size + 1) * SECTOR

    def read_at(self, offset: int, length: int) -> Read:
        """See `Source.read_at`."""
        end = min(offset + length, self.size)
        if offset < 0 or offset >= end:
            return Read(b"")
        size, header = self._geometry.sector_size, self._geometry.header
        first, last = offset // SECTOR, (end - 1) // SECTOR
        at = self._geometry.start + first * size + header
        raw = self._source.read_at(at, (last - first) * size + SECTOR)
        data = b"".join([raw.data[step : step + SECTOR] for step in range(0, (last - first) * size + 1, size)])
        skipped = offset - first * SECTOR
        lost = []
        for where, many in raw.unreadable:
            for sector in range((where - at) // size, (where - at + many - 1) // size + 1):
                low, high = max(offset, (first + sector) * SECTOR), min(end, (first + sector + 1) * SECTOR)
                if low < high:
                    lost.append((low, high - low))
        return Read(data[skipped : skipped + end - offset], tuple(lost))

    def next_data(self, offset: int) -> int:
        """See `Sparse.next_data`."""
        size, before = self._geometry.sector_size, self._geometry.start + self._geometry.header
        at = next_data(self._source, offset // SECTOR * size + before)
        return min(max(offset, (at - before) // size * SECTOR), self.size)

    def close(self) -> None:
        self._source.close()
