"""Rows of bytes: a file or device read around its bad spots, a part of another source, several in a row."""

import errno
import os
import stat
import threading
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence

from tview.errors import MediumError, finding
from tview.media.turns import Turn
from tview.media.values import Read, Source, next_data

SECTOR = 2048
_STEPS = (1 << 20, 1 << 16, SECTOR)
_GONE = frozenset(
    getattr(errno, name) for name in ("ENOMEDIUM", "ENXIO", "ENODEV", "ESTALE", "ENOTCONN", "ESHUTDOWN") if hasattr(errno, name)
)


class Patience:
    """How much a medium may be ground over bad spots. Shared by all sources of the medium; any thread."""

    def __init__(self, failures: int = 256, seconds: float = 120.0) -> None:
        self._whole = self._failures, self._seconds = failures, seconds
        self._lock = threading.Lock()

    def renew(self) -> None:
        """As at the beginning."""
        with self._lock:
            self._failures, self._seconds = self._whole

    def end(self) -> None:
        """None is left."""
        with self._lock:
            self._failures = 0

    def spend(self, seconds: float) -> None:
        """One failed read that took this long."""
        with self._lock:
            self._failures -= 1
            self._seconds -= seconds

    @property
    def spent(self) -> bool:
        return self._failures <= 0 or self._seconds <= 0


class Ranges:
    """Sorted, merged (offset, end) ranges. Any thread."""

    def __init__(self, ranges: Sequence[tuple[int, int]] = ()) -> None:
        self._lock = threading.Lock()
        self._ranges: list[tuple[int, int]] = []
        for start, end in ranges:
            self.add(start, end)

    def __bool__(self) -> bool:
        return bool(self._ranges)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return iter(tuple(self._ranges))

    def add(self, start: int, end: int) -> None:
        """Take in one more range; neighbours become one."""
        with self._lock:
            before = [r for r in self._ranges if r[1] < start]
            after = [r for r in self._ranges if r[0] > end]
            touching = self._ranges[len(before) : len(self._ranges) - len(after)]
            merged = (min([start, *(r[0] for r in touching)]), max([end, *(r[1] for r in touching)]))
            self._ranges = [*before, merged, *after]

    def clear(self) -> None:
        with self._lock:
            self._ranges = []

    def within(self, start: int, end: int) -> list[tuple[int, int]]:
        """The parts of start..end that are in the ranges."""
        ranges = self._ranges
        found = []
        for low, high in ranges[max(0, bisect_right(ranges, (start,)) - 1) :]:
            if low >= end:
                break
            if high > start:
                found.append((max(low, start), min(high, end)))
        return found

    def without(self, start: int, end: int) -> list[tuple[int, int]]:
        """The parts of start..end that are not."""
        found = []
        for low, high in self.within(start, end):
            if low > start:
                found.append((start, low))
            start = high
        return [*found, (start, end)] if start < end else found


def open_readable(path: str | bytes, *, dir_fd: int | None = None, follow: bool = False) -> tuple[int, os.stat_result]:
    """A descriptor of a regular file or block device, opened for reading only. The caller closes it.

    Looks before it opens: opening a pipe would wait, opening some devices does something.
    Raises `OSError`, with EINVAL for another kind of file.
    """
    mode = os.stat(path, dir_fd=dir_fd, follow_symlinks=follow).st_mode
    if not is_readable_kind(mode):
        raise OSError(errno.EINVAL, "neither a regular file nor a block device")
    # A drive that is opened without O_NONBLOCK makes sure of its disc, and the kernel of its size.
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NOCTTY | (0 if follow else os.O_NOFOLLOW) | (0 if stat.S_ISBLK(mode) else os.O_NONBLOCK)
    fd = os.open(path, flags, dir_fd=dir_fd)
    try:
        facts = os.fstat(fd)
        if not is_readable_kind(facts.st_mode):
            raise OSError(errno.EINVAL, "neither a regular file nor a block device")
    except BaseException:
        os.close(fd)
        raise
    return fd, facts


def is_readable_kind(mode: int) -> bool:
    return stat.S_ISREG(mode) or stat.S_ISBLK(mode)


class FileSource:
    """A regular file or block device on `pread`. It owns its descriptor.

    Where a read fails the range is read again in ever smaller pieces, the good neighbours first, down to a sector; what stays is zeros,
    recorded in `bad` and not asked for again. `serial` lets one thread at a time at an optical drive, those that are `BEHIND` last.
    """

    def __init__(
        self,
        path: str,
        *,
        dir_fd: int | None = None,
        follow: bool = False,
        patience: Patience | None = None,
        bad: Ranges | None = None,
        serial: bool = False,
    ) -> None:
        self.name, self.serial = path, serial
        self._again = dir_fd is None and follow
        self._close_lock, self._fd = threading.Lock(), -1
        self._fd, facts = open_readable(path, dir_fd=dir_fd, follow=follow)
        self.is_device = stat.S_ISBLK(facts.st_mode)
        try:
            self.size = os.lseek(self._fd, 0, os.SEEK_END) if self.is_device else facts.st_size
        except OSError:
            self.size = 0
        self.bad = Ranges() if bad is None else bad
        self.patience = patience or Patience()
        self._turn = Turn() if serial else None
        self._gone = False
        self._mark = self._look() if self.is_device else b""

    def read_at(self, offset: int, length: int) -> Read:
        """See `Source.read_at`."""
        end = min(offset + length, self.size)
        if offset < 0 or offset >= end:
            return Read(b"")
        if self._gone:
            self._return()
        return read_around(self._pread, offset, end, self.bad, self.patience, self._check_gone)

    def try_read(self, offset: int, length: int) -> bytes:
        """As much as comes at once, up to the first bad spot, which is left alone."""
        end = min(offset + length, self.size)
        known = self.bad.within(offset, end)
        if known:
            end = known[0][0]
        if self._gone:
            self._return()
        return _attempt(self._pread, offset, end, self.patience, self._check_gone)[0] if offset < end else b""

    def next_data(self, offset: int) -> int:
        """See `Sparse.next_data`; as the file system has it."""
        if self.is_device or not hasattr(os, "SEEK_DATA") or offset >= self.size:
            return offset
        try:
            return min(max(offset, os.lseek(self._fd, offset, os.SEEK_DATA)), self.size)
        except OSError as error:
            return self.size if error.errno == errno.ENXIO else offset

    def close(self) -> None:
        with self._close_lock:
            fd, self._fd = self._fd, -1
        if fd >= 0:
            os.close(fd)

    def __del__(self) -> None:
        if hasattr(self, "_close_lock"):
            self.close()

    def is_there(self) -> bool:
        """Whether the file, or the device and the disc in it, is still there; the drive is asked, nothing is read.

        A disc that is taken out while it is open gives EIO like a bad spot (Linux 6.1), which would be ground to the end.
        """
        try:
            os.stat(self.name) if self._again else os.fstat(self._fd)
            if self.is_device and os.lseek(self._fd, 0, os.SEEK_END) < self.size:
                return False
        except OSError:
            return False
        if not (self.is_device and self.serial):
            return self._fd >= 0
        from tview.media.drives import holds_disc

        return holds_disc(self._fd)

    def fileno(self) -> int:
        """The descriptor, for ioctl; stays this source's own."""
        return self._fd

    def _pread(self, length: int, offset: int) -> bytes:
        if self._turn is None:
            data = os.pread(self._fd, length, offset)
        else:
            with self._turn:
                data = os.pread(self._fd, length, offset)
        if not data and self.is_device:  # inside its size: a device that was taken away has none any more
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return data

    def _check_gone(self, error: OSError) -> None:
        if error.errno in _GONE or self._fd < 0 or (self.is_device and not self.is_there()):
            self._gone = self.is_device
            raise MediumError(finding("medium-gone", path=self.name)) from error

    def _look(self) -> bytes:
        """What tells one disc from another: the volume descriptors. Empty when they cannot be read."""
        try:
            return os.pread(self._fd, 2 * SECTOR, 16 * SECTOR)
        except OSError:
            return b""

    def _return(self) -> None:
        """Take up the device again if the same disc is back in it; raises `MediumError` while it is not."""
        with self._close_lock:
            if not self._gone or self._fd < 0 or not self._again:
                return
            try:
                fd, _ = open_readable(self.name, follow=True)
                try:
                    size = os.lseek(fd, 0, os.SEEK_END)
                    os.dup2(fd, self._fd, inheritable=False)
                finally:
                    os.close(fd)
            except OSError as error:
                raise MediumError(finding("medium-gone", path=self.name)) from error
            if size != self.size or self._look() != self._mark:
                raise MediumError(finding("medium-other", path=self.name))
            self._gone = False


def read_around(
    pread: Callable[[int, int], bytes],
    offset: int,
    end: int,
    bad: Ranges,
    patience: Patience,
    check: Callable[[OSError], None] = lambda error: None,
) -> Read:
    """Read offset..end with `pread(length, offset)` past what fails. `check` may raise for errors that are no bad spot.

    A short read says nothing about the end: over a bad spot the kernel gives the good part first, then EIO. Only an empty one does.
    """
    begun, pieces = b"", bad.without(offset, end)
    tried = pieces == [(offset, end)] and end - offset <= _STEPS[0]
    if tried:
        begun, pieces = _attempt(pread, offset, end, patience, check)
        if len(begun) == end - offset or not pieces:
            return Read(begun)
    buffer = bytearray(begun).ljust(end - offset, b"\0")
    for size in _STEPS:
        smaller = _split(pieces, size)
        if tried and smaller == pieces:
            continue
        failed = []
        for start, stop in smaller:
            if tried and patience.spent:
                failed.append((start, stop))
                continue
            data, rest = _attempt(pread, start, stop, patience, check)
            buffer[start - offset : start - offset + len(data)] = data
            failed += rest
            if not rest and start + len(data) < stop:
                end = min(end, start + len(data))
        pieces, tried = failed, True
        if not failed:
            break
    for start, stop in pieces:
        if start < end:
            bad.add(start, min(stop, end))
    lost = tuple((low, high - low) for low, high in bad.within(offset, end))
    return Read(bytes(buffer[: max(0, end - offset)]), lost)


def _attempt(
    pread: Callable[[int, int], bytes], start: int, stop: int, patience: Patience, check: Callable[[OSError], None]
) -> tuple[bytes, list[tuple[int, int]]]:
    """What a first go gives, and the range at which it failed; neither reaches `stop` where the file turned out shorter."""
    data = b""
    while start + len(data) < stop:
        began = time.monotonic()
        try:
            more = pread(stop - start - len(data), start + len(data))
        except OSError as error:
            check(error)
            patience.spend(time.monotonic() - began)
            return data, [(start + len(data), stop)]
        if not more:
            break
        data = data + more if data else more
    return data, []


def _split(pieces: Sequence[tuple[int, int]], size: int) -> list[tuple[int, int]]:
    split = []
    for start, stop in pieces:
        while start < stop:
            cut = min(stop, (start // size + 1) * size)
            split.append((start, cut))
            start = cut
    return split


class PartSource:
    """A part of another source, as a source; closing it closes the other."""

    def __init__(self, source: Source, offset: int, size: int | None = None) -> None:
        self._source, self._offset = source, offset
        self.name = source.name
        self.size = max(0, source.size - offset) if size is None else size

    def read_at(self, offset: int, length: int) -> Read:
        """See `Source.read_at`."""
        length = min(length, self.size - offset)
        if offset < 0 or length <= 0:
            return Read(b"")
        return moved(self._source.read_at(self._offset + offset, length), -self._offset)

    def close(self) -> None:
        self._source.close()


class JoinedSource:
    """Several sources in a row, such as the parts of a split image. Closing it closes them."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = tuple(sources)
        self.name = sources[0].name
        self._starts = [0]
        for source in sources:
            self._starts.append(self._starts[-1] + source.size)
        self.size = self._starts[-1]

    def read_at(self, offset: int, length: int) -> Read:
        """See `Source.read_at`."""
        end = min(offset + length, self.size)
        if offset < 0 or offset >= end:
            return Read(b"")
        reads = []
        for number in range(bisect_right(self._starts, offset) - 1, len(self._sources)):
            start = self._starts[number]
            if start >= end:
                break
            low = max(offset, start)
            wanted = min(end, self._starts[number + 1]) - low
            reads.append(padded(moved(self._sources[number].read_at(low - start, wanted), start), low, wanted))
        return Read(b"".join(read.data for read in reads), tuple(lost for read in reads for lost in read.unreadable))

    def next_data(self, offset: int) -> int:
        """See `Sparse.next_data`."""
        for number in range(max(0, bisect_right(self._starts, offset) - 1), len(self._sources)):
            start = self._starts[number]
            offset = start + next_data(self._sources[number], offset - start)
            if offset < self._starts[number + 1]:
                break
        return offset

    def close(self) -> None:
        for source in self._sources:
            source.close()


class MappedSource:
    """A source of which some ranges are known to be lost, from a rescue's map. Closing it closes the other."""

    def __init__(self, source: Source, lost: Ranges) -> None:
        self._source, self.lost = source, lost
        self.name, self.size = source.name, source.size

    def read_at(self, offset: int, length: int) -> Read:
        """See `Source.read_at`. What the rescue left in the lost ranges is given as it is."""
        read = self._source.read_at(offset, length)
        lost = self.lost.within(offset, offset + len(read.data))
        if not lost:
            return read
        both = Ranges([*((low, low + size) for low, size in read.unreadable), *lost])
        return Read(read.data, tuple((low, high - low) for low, high in both))

    def next_data(self, offset: int) -> int:
        """See `Sparse.next_data`."""
        return next_data(self._source, offset)

    def close(self) -> None:
        self._source.close()


def moved(read: Read, by: int) -> Read:
    """The same bytes with their unreadable ranges in other coordinates."""
    return Read(read.data, tuple((offset + by, length) for offset, length in read.unreadable)) if read.unreadable and by else read


def padded(read: Read, offset: int, length: int) -> Read:
    """A read that came out short inside a source, filled with zeros that count as unreadable."""
    missing = length - len(read.data)
    if missing <= 0:
        return read
    return Read(read.data + bytes(missing), (*read.unreadable, (offset + len(read.data), missing)))
