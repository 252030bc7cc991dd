"""Reading ahead while a disc's listing is read: a few long reads that go forward in place of thousands of short ones."""

from tview.media.sources import FileSource
from tview.media.values import Read

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
