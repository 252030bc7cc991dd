"""A copy of a medium bit by bit, with a map of what could not be read, as GNU ddrescue writes it. It can go on where it stopped."""

import os
import re
from collections.abc import Callable, Iterator

from tview.errors import ExportError, finding
from tview.media import Source

SECTOR = 2048
_STEP = 1 << 20
_SKIP = 1 << 16
_LINE = re.compile(r"\s*(0x[0-9A-Fa-f]+|\d+)\s+(0x[0-9A-Fa-f]+|\d+)\s+([?*/+-])")
UNTRIED, SKIPPED, BAD, DONE = "?", "*", "-", "+"


class RescueMap:
    """What is known of every byte: (offset, end, mark) in order, without gaps. Marks: ? untried, * skipped, - bad, + done."""

    def __init__(self, size: int, blocks: list[tuple[int, int, str]] | None = None) -> None:
        self.size = size
        self.blocks = blocks or ([(0, size, UNTRIED)] if size else [])

    def of(self, marks: str) -> list[tuple[int, int]]:
        """The ranges that have one of these marks."""
        return [(low, high) for low, high, mark in self.blocks if mark in marks]

    def total(self, marks: str) -> int:
        """How many bytes those are."""
        return sum(high - low for low, high in self.of(marks))

    def mark(self, start: int, stop: int, mark: str) -> None:
        """Give a range another mark."""
        if start >= stop:
            return
        blocks: list[tuple[int, int, str]] = []
        for low, high, old in [*((low, min(high, start), old) for low, high, old in self.blocks if low < start), (start, stop, mark),
                               *((max(low, stop), high, old) for low, high, old in self.blocks if high > stop)]:  # fmt: skip
            if blocks and blocks[-1][2] == old:
                blocks[-1] = (blocks[-1][0], high, old)
            else:
                blocks.append((low, high, old))
        self.blocks = blocks

    def text(self) -> str:
        """The map as ddrescue reads it."""
        at, state = next(((low, mark) for low, _, mark in self.blocks if mark != DONE), (0, DONE))
        lines = [
            "# Rescue Logfile. Created by tview, in the format of GNU ddrescue",
            "# current_pos  current_status",
            f"{at:#010x}     {state}",
        ]
        lines.append("#      pos        size  status")
        lines += (f"{low:#010x}  {high - low:#010x}  {mark}" for low, high, mark in self.blocks)
        return "\n".join(lines) + "\n"


def read_map(text: str, size: int) -> RescueMap | None:
    """A map written before; None when it is none, or one of another size. Anything that is not done or bad counts as untried."""
    rows = [match for line in text.splitlines() if not line.startswith("#") and (match := _LINE.match(line))]
    rescue = RescueMap(size)
    end = 0
    for match in rows:
        low, length = int(match[1], 0), int(match[2], 0)
        end = max(end, low + length)
        rescue.mark(low, min(size, low + length), match[3] if match[3] in (DONE, BAD, SKIPPED) else UNTRIED)
    return rescue if rows and end == size else None


class ImageCopy:
    """The copy being written, with its map beside it. Owns both; one thread."""

    def __init__(self, path: str, source: Source) -> None:
        self.path, self.map_path = path, path + ".map"
        self._source = source
        there = os.path.lexists(path)
        rescue = _load(self.map_path, source.size) if there else None
        if there and rescue is None:
            raise ExportError(finding("output-exists", path=path))
        self.map = rescue or RescueMap(source.size)
        self.resumed = rescue is not None
        flags = os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW | (0 if there else os.O_CREAT | os.O_EXCL)
        try:
            self._fd = os.open(path, flags, 0o600)
        except OSError as error:
            raise _failed(path, error) from error
        if there and not self._same_disc():
            os.close(self._fd)
            raise ExportError(finding("output-other", path=path))

    def run(self, try_read: Callable[[int, int], bytes], progress: Callable[[int], None]) -> None:
        """Read what is not there yet: first in large pieces past what fails, then what was skipped by sectors, what was bad once more last.

        `try_read(offset, length)` gives what comes at once. `progress` gets the bytes settled, good or bad. Raises `MediumError` when
        the medium goes away, `ExportError` when the copy cannot be written; what is done stays, and the map says what it is.
        """
        known_bad = self.map.of(BAD)
        try:
            for low, high in self.map.of(UNTRIED):
                self._through(try_read, progress, low, high)
            for low, high in [*self.map.of(SKIPPED), *known_bad]:
                self._by_sector(try_read, progress, low, high)
        finally:
            self._finish()

    def close(self) -> None:
        """Let go of the copy."""
        os.close(self._fd)

    def _through(self, try_read: Callable[[int, int], bytes], progress: Callable[[int], None], low: int, high: int) -> None:
        while low < high:
            step = min(_STEP, high - low)
            data = try_read(low, step)
            self._keep(low, data)
            progress(len(data))
            low += len(data)
            if len(data) < step:
                beyond = min(high, (low // _SKIP + 1) * _SKIP)
                self.map.mark(low, beyond, SKIPPED)
                low = beyond

    def _by_sector(self, try_read: Callable[[int, int], bytes], progress: Callable[[int], None], low: int, high: int) -> None:
        while low < high:
            beyond = min(high, (low // SECTOR + 1) * SECTOR)
            data = try_read(low, beyond - low)
            self._keep(low, data)
            self.map.mark(low + len(data), beyond, BAD)
            progress(beyond - low)
            low = beyond

    def _keep(self, offset: int, data: bytes) -> None:
        try:
            view, at = memoryview(data), offset
            while view:
                written = os.pwrite(self._fd, view, at)
                view, at = view[written:], at + written
        except OSError as error:
            raise _failed(self.path, error) from error
        self.map.mark(offset, offset + len(data), DONE)

    def _finish(self) -> None:
        """Bring image and map to the disc: bad sectors are zeros, the image is as long as the medium."""
        try:
            os.ftruncate(self._fd, self.map.size)
            temporary = f"{self.map_path}.{os.getpid()}"
            fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
            with os.fdopen(fd, "w", encoding="ascii") as file:
                file.write(self.map.text())
            os.replace(temporary, self.map_path)
        except OSError as error:
            raise _failed(self.map_path, error) from error

    def _same_disc(self) -> bool:
        """Whether what was copied before is of this disc: the first 64 KB behind the system area tell."""
        for low, high in _cut(self.map.of(DONE), 16 * SECTOR, 48 * SECTOR):
            read = self._source.read_at(low, high - low)
            if not read.unreadable and read.data != os.pread(self._fd, high - low, low):
                return False
        return True


def _cut(ranges: list[tuple[int, int]], start: int, stop: int) -> Iterator[tuple[int, int]]:
    return ((max(low, start), min(high, stop)) for low, high in ranges if low < stop and high > start)


def _load(path: str, size: int) -> RescueMap | None:
    try:
        with open(path, encoding="ascii", errors="replace") as file:
            return read_map(file.read(64 << 20), size)
    except OSError:
        return None


def _failed(path: str, error: OSError) -> ExportError:
    return ExportError(finding("output-failed", path=path, problem=error.strerror or type(error).__name__))
