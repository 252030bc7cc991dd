"""Reading ahead while a disc's listing is read: a few long reads that go forward in place of thousands of short ones."""

import threading

from tview.media.sources import SECTOR, FileSource
from tview.media.values import Read, Source

_FIRST, _MOST = 1 << 16, 1 << 19
_NEAR = 2 << 20  # what lies between is read through: it costs less than a seek and back, and is mostly listing itself
_LARGE = 1 << 20
_KEPT = 64 << 20


class AheadSource:
    """A file or device of which runs are kept in memory until `settle` is called; one thread up to then, any afterwards.

    What is read ahead is only tried: nothing is read twice, or sector by sector, that was not asked for. Closing it closes the file.
    """

    def __init__(self, file: FileSource) -> None:
        self._file = file
        self.name, self.size = file.name, file.size
        self._runs: list[tuple[int, bytearray]] | None = []
        self._step = _FIRST

    def read_at(self, offset: int, length: int) -> Read:
        """See `Source.read_at`."""
        end = min(offset + length, self.size)
        if self._runs is None or offset < 0 or length > _LARGE or offset >= end:
            return self._file.read_at(offset, length)
        for start, data in self._runs:
            if start <= offset and end <= start + len(data):
                return Read(bytes(memoryview(data)[offset - start : end - start]))
        return self._read_on(self._runs, offset, end)

    def next_data(self, offset: int) -> int:
        """See `Sparse.next_data`."""
        return self._file.next_data(offset)

    def settle(self) -> None:
        """Let go of what was kept; from now on every read is the file's own."""
        self._runs = None

    def close(self) -> None:
        """See `Source.close`."""
        self.settle()
        self._file.close()

    def _read_on(self, runs: list[tuple[int, bytearray]], offset: int, end: int) -> Read:
        number, run = max(
            ((number, run) for number, run in enumerate(runs) if run[0] <= offset <= run[0] + len(run[1]) + _NEAR),
            key=lambda numbered: numbered[1][0] + len(numbered[1][1]),
            default=(len(runs), (offset, bytearray())),
        )
        if number == len(runs):
            if sum(len(data) for _, data in runs) > _KEPT:
                runs.clear()
            runs.append(run)
            self._step = _FIRST
        start, data = run
        begin = start + len(data)
        more = self._file.try_read(begin, max(end - begin, self._step))
        self._step = min(2 * self._step, _MOST)
        data += more
        if end <= start + len(data):
            return Read(bytes(memoryview(data)[offset - start : end - start]))
        self._step = _FIRST
        return self._file.read_at(offset, end - offset)


_GAP = 1 << 16  # what lies between two files of a pass is read through up to here: less than a drive needs to stop and start again


class ForwardSource:
    """A source that is read from its beginning to its end: requests that follow one another become reads without a gap between them.

    Each read goes on where the last one stopped and ends with a sector. Any thread; closing it closes the source.
    """

    def __init__(self, source: Source) -> None:
        self._inner = source
        self.name, self.size = source.name, source.size
        self._lock = threading.Lock()
        self._start, self._last = 0, Read(b"")

    def read_at(self, offset: int, length: int) -> Read:
        """See `Source.read_at`."""
        end = min(offset + length, self.size)
        if offset < 0 or offset >= end:
            return Read(b"")
        with self._lock:
            stop = self._start + len(self._last.data)
            if self._start <= offset and end <= stop:
                return _part(self._last, self._start, offset, end)
            goes_on = self._start <= offset <= stop + _GAP and end > stop > 0
            begin = stop if goes_on else offset
            before = _part(self._last, self._start, offset, stop) if goes_on and offset < stop else Read(b"")
            until = min(-(-end // SECTOR) * SECTOR, self.size)
            self._start, self._last = begin, self._inner.read_at(begin, until - begin)
            more = _part(self._last, begin, max(begin, offset), end)
            return Read(before.data + more.data, before.unreadable + more.unreadable) if before.data else more

    def close(self) -> None:
        """See `Source.close`."""
        self._inner.close()


def _part(read: Read, start: int, low: int, high: int) -> Read:
    """The bytes low..high of what was read at `start`; places stay those of the source."""
    lost = tuple((max(at, low), min(at + size, high) - max(at, low)) for at, size in read.unreadable if at < high and at + size > low)
    if start == low and len(read.data) == high - low:
        return Read(read.data, lost)
    return Read(bytes(memoryview(read.data)[low - start : high - start]), lost)
