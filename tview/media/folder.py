"""A folder as a medium, and a file alone."""

import os
import stat
import time
from collections.abc import Iterator, Sequence

from tview.errors import MediumError, finding
from tview.media.heads import HEAD, Heads
from tview.media.inside import INSIDE, WithInside
from tview.media.medium import Medium
from tview.media.notes import Notes
from tview.media.sources import FileSource, Patience, Ranges, open_readable
from tview.media.tree import MAX_FILES
from tview.media.values import Entry, Read, Source

_TIMED, _SLOW_S = 16, 6e-5  # heads that are timed together; longer for one, and it did not come out of memory
_MOST_HINTED = 4096
_STEP = 2048  # a path handed to the kernel stays under PATH_MAX


class Folder(WithInside):
    """The regular files below a folder. Links are told and never followed; what lies under `start` is chosen by the user."""

    kind = "folder"

    def __init__(self, source: str, start: str | None = None, optical: bool = False) -> None:
        super().__init__(source)
        self.start, self.optical = start, optical
        self._patience = Patience()
        self._bad: dict[str, Ranges] = {}
        self._heads: Heads | None = None
        self._hinted: dict[str, Entry] = {}
        self._timings: list[float] = []
        self._root = os.open(source, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        self._entries: Sequence[Entry] | None = None
        self.label = os.path.basename(os.path.abspath(source)) or source

    def entries(self) -> Sequence[Entry]:
        """See `Medium.entries`; a folder knows no burn order: folder by folder, names sorted."""
        if self._entries is None:
            for _ in self.walk():
                pass
        assert self._entries is not None
        return self._entries

    def walk(self) -> Iterator[Entry]:
        """See `Medium.walk`. Findings of the walk are told when it has come to its end."""
        if self._entries is not None:
            yield from self._entries
            return
        notes, found = Notes(), []
        for entry in self._walk(notes):
            found.append(entry)
            yield entry
        if not found:
            notes.add("no-files")
        with self._lock:
            if self._entries is None:
                self._entries = tuple(found)
                self.notes.take(notes.findings)

    def read(self, entry: Entry, offset: int = 0, length: int | None = None) -> Read:
        """See `Medium.read`. A file that cannot be opened gives no bytes and one unreadable range."""
        if entry.tree == INSIDE:
            return self.read_inside(entry, offset, length)
        wanted = max(0, (entry.size if length is None else min(entry.size, offset + length)) - offset)
        if offset < 0 or not wanted:
            return Read(b"")
        heads = self._heads
        if heads is not None and not offset and wanted <= HEAD and (head := heads.take(entry.path)) is not None:
            return Read(head[:wanted])
        began = time.perf_counter()
        try:
            file = self._open(entry.path)
        except OSError as error:
            self._check_root(error)
            with self._lock:
                fresh = self._bad.setdefault(entry.path, Ranges())
                told = bool(fresh)
                fresh.add(0, entry.size)
            if not told:
                self.notes.add("file-unreadable", entry.path, problem=os.strerror(error.errno or 0))
            return Read(b"", ((offset, wanted),))
        try:
            read = file.read_at(offset, wanted)
        finally:
            file.close()
        if heads is None and not offset and wanted <= HEAD and self._hinted:
            self._timed(entry, time.perf_counter() - began)
        if file.bad:
            with self._lock:
                told = entry.path in self._bad
                self._bad[entry.path] = file.bad
            if not told:
                first = next(iter(file.bad))
                self.notes.add("unreadable-range-of-file", entry.path, offset=first[0], length=first[1] - first[0])
        return read

    def expect(self, entries: Sequence[Entry]) -> None:
        """See `Medium.expect`: several are fetched at once, in the order that suits the disk. A laser is not sent back and forth.

        Only where a first few have shown that reading takes time: what is in memory already comes sooner without.
        """
        if self.optical or self._root < 0:
            return
        wanted = [entry for entry in entries if len(entry.path) < _STEP]
        if self._heads is not None:
            self._heads.want(wanted)
        elif len(self._hinted) < _MOST_HINTED:
            self._hinted.update((entry.path, entry) for entry in wanted)

    def _timed(self, entry: Entry, seconds: float) -> None:
        """A head took this long to read: the heads that are hinted at are fetched from now on, if such reads are slow."""
        self._hinted.pop(entry.path, None)
        self._timings.append(seconds)
        if len(self._timings) == _TIMED:
            if sorted(self._timings)[_TIMED // 2] > _SLOW_S and self._heads is None:  # the middle: others use the processor too
                self._heads = Heads(lambda path: open_readable(path, dir_fd=self._root))
                self._heads.want(list(self._hinted.values()))
                self._hinted.clear()
            self._timings.clear()

    def is_there(self) -> bool:
        """See `Medium.is_there`."""
        try:
            os.stat(self.source)
            os.fstat(self._root)
        except OSError:
            return False
        return True

    def try_again(self) -> None:
        """See `Medium.try_again`."""
        with self._lock:
            self._bad = {}
        self._patience.renew()

    def stop_trying(self) -> None:
        """See `Medium.stop_trying`."""
        self._patience.end()

    def close(self) -> None:
        """See `Medium.close`."""
        with self._lock:
            root, self._root = self._root, -1
            heads, self._heads = self._heads, None
        if heads is not None:
            heads.close()
        if root >= 0:
            os.close(root)

    def _walk(self, notes: Notes) -> Iterator[Entry]:
        number = 0
        waiting = [""]
        visited: set[tuple[int, int]] = set()
        while waiting:
            folder = waiting.pop()
            below: list[str] = []
            for name, facts in self._list(folder, visited, notes):
                path = f"{folder}/{name}" if folder else name
                if stat.S_ISDIR(facts.st_mode):
                    below.append(path)
                elif stat.S_ISREG(facts.st_mode):
                    yield Entry(path, facts.st_size, facts.st_size, order=number)
                    number += 1
                elif stat.S_ISLNK(facts.st_mode):
                    notes.add("link-not-followed", path, target=self._target(path))
                else:
                    notes.add("special-file-skipped", path)
            if number >= MAX_FILES:
                notes.count("listing-limit")
                return
            waiting += reversed(below)

    def _list(self, folder: str, visited: set[tuple[int, int]], notes: Notes) -> list[tuple[str, os.stat_result]]:
        """Names and facts of one folder, sorted; nothing of one that cannot be read or was there before."""
        try:
            fd = self._descend(folder)
        except OSError as error:
            self._check_root(error)
            notes.add("folder-unreadable", folder or ".", problem=os.strerror(error.errno or 0))
            return []
        found: list[tuple[str, os.stat_result]] = []
        try:
            facts = os.fstat(fd)
            if (facts.st_dev, facts.st_ino) in visited:  # a file system mounted below itself
                notes.add("directory-loop", folder)
                return []
            visited.add((facts.st_dev, facts.st_ino))
            with os.scandir(fd) as listing:
                for item in listing:
                    try:
                        found.append((item.name, item.stat(follow_symlinks=False)))
                    except OSError as error:
                        path = f"{folder}/{item.name}" if folder else item.name
                        notes.add("file-unreadable", path, problem=os.strerror(error.errno or 0))
        except OSError as error:
            self._check_root(error)
            notes.add("folder-unreadable", folder or ".", problem=os.strerror(error.errno or 0))
        finally:
            os.close(fd)
        return sorted(found, key=lambda pair: pair[0])

    def _descend(self, folder: str) -> int:
        """A descriptor of a folder below the root, the last step of each stretch not through a link."""
        fd = os.dup(self._root) if self._root >= 0 else self._gone()
        for stretch in _stretches(folder) if folder else (".",):
            try:
                below = os.open(stretch, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | os.O_NOFOLLOW, dir_fd=fd)
            finally:
                os.close(fd)
            fd = below
        return fd

    def _open(self, path: str) -> FileSource:
        folder, _, name = path.rpartition("/")
        bad = self._bad.get(path)
        if len(path) < _STEP and self._root >= 0:
            return FileSource(path, dir_fd=self._root, patience=self._patience, bad=bad)
        fd = self._descend(folder)
        try:
            return FileSource(name, dir_fd=fd, patience=self._patience, bad=bad)
        finally:
            os.close(fd)

    def _target(self, path: str) -> str:
        try:
            return os.readlink(path, dir_fd=self._root)
        except OSError:
            return "?"

    def _check_root(self, error: OSError) -> None:
        """Whether it is the whole folder that went away: an ejected disc, a pulled stick, a closed medium."""
        try:
            os.fstat(self._root)
            os.stat(self.source)
        except OSError:
            raise MediumError(finding("medium-gone", path=self.source)) from error

    def _gone(self) -> int:
        raise MediumError(finding("medium-gone", path=self.source))


class Single(Medium):
    """One file by itself, whatever it is. It owns the source."""

    kind = "file"

    def __init__(self, source: str, file: Source) -> None:
        super().__init__(source)
        self._file = file
        self.size = file.size
        self._entry = Entry(os.path.basename(source) or source, file.size, file.size)

    def entries(self) -> Sequence[Entry]:
        """See `Medium.entries`."""
        return (self._entry,)

    def read(self, entry: Entry, offset: int = 0, length: int | None = None) -> Read:
        """See `Medium.read`."""
        read = self._file.read_at(offset, entry.size - offset if length is None else length)
        for start, size in read.unreadable:
            if "unreadable-range-of-file" not in self.notes:
                self.notes.add("unreadable-range-of-file", entry.path, offset=start, length=size)
        return read

    def close(self) -> None:
        """See `Medium.close`."""
        self._file.close()


def _stretches(path: str) -> list[str]:
    """A path in pieces that each fit the kernel's limit."""
    pieces: list[list[str]] = [[]]
    length = 0
    for part in path.split("/"):
        if length + len(part) > _STEP:
            pieces.append([])
            length = 0
        pieces[-1].append(part)
        length += 4 * len(part) + 1
    return ["/".join(piece) for piece in pieces if piece]
