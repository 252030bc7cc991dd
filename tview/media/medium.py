"""What every kind of medium has in common."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from types import TracebackType
from typing import Self

from tview.errors import Finding
from tview.media.notes import Notes
from tview.media.resolve import NameIndex
from tview.media.tree import Tree
from tview.media.values import HOLE, Entry, Read, Refused, Resolved, Source


class Medium(ABC):
    """Where files come from. Every method may be called from any thread.

    `source` is what the user named, `kind` one of KINDS' kinds, `label` the raw volume label, `size` in bytes where one is known,
    `start` the address of the file that was named when it stands for its folder (a DICOMDIR), `optical` whether a laser has to move:
    then one reader at a time, in the order of `Entry.order`, is quickest. `sector_size` is that of a disc's sectors as they are stored,
    `is_wrapped` says that they do not lie one after another from the beginning of the file.
    """

    kind = "medium"
    label: str | None = None
    size: int | None = None
    sessions = 1
    start: str | None = None
    optical = False
    sector_size: int | None = None
    is_wrapped = False

    def __init__(self, source: str) -> None:
        self.source = source
        self.notes = Notes()
        self._lock = threading.Lock()
        self._index: NameIndex | None = None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with the medium itself, as far as is known by now; it grows as files are read."""
        return self.notes.findings

    @abstractmethod
    def entries(self) -> Sequence[Entry]:
        """Every file, in burn order. The first call may read the medium."""

    def walk(self) -> Iterator[Entry]:
        """The same files as they are found, for a list that fills while a large folder is being walked."""
        yield from self.entries()

    def entry(self, path: str) -> Entry | None:
        """The file at exactly this address."""
        return self._names().exact.get(path)

    def resolve(self, file_id: str | Sequence[str], base: str = "") -> Resolved | Refused | None:
        """The file that a reference means, looked up from the folder `base`, then from the root.

        The reference is a path or the components of a File ID (PS3.10 8.5). Real discs differ from their references in case, version
        numbers, endings, separators and folders; what had to be overlooked is in `Resolved.repair`. `Refused` for one that leads outside.
        """
        return self._names().resolve(file_id, base)

    @abstractmethod
    def read(self, entry: Entry, offset: int = 0, length: int | None = None) -> Read:
        """Bytes of a file, shorter only past `entry.present`. Raises `MediumError` when the medium has gone away."""

    def expect(self, entries: Sequence[Entry]) -> None:  # noqa: B027 - most media have nothing to do
        """A hint that the first bytes of these files are read next, in this order. It may be ignored and never fails."""

    def go_forward(self) -> None:  # noqa: B027 - most media have nothing to do
        """From now on all of it is read in the order of `entries`: small gaps are read through where that is quicker than to skip them."""

    def listings(self) -> tuple[Tree, ...]:
        """Every tree of a disc as it stands there: what each names, and how; () where there is one list only. Reads the medium."""
        return ()

    def inside(self, entry: Entry) -> Sequence[Entry]:
        """The files of an archive or disc image that this file is, under addresses below its own; () for anything else.

        They are no part of `entries`, which are what stands on the medium; `entry` and `read` take them from then on.
        """
        return ()

    def is_there(self) -> bool:
        """Whether what was opened is still there: a disc in its drive, a stick in its socket. Cheap; reads nothing."""
        return True

    @property
    def unreadable(self) -> tuple[tuple[int, int], ...]:
        """(offset, length) of the medium that could not be read so far; () where it has no one row of bytes."""
        return ()

    def try_again(self) -> None:  # noqa: B027 - most media have nothing to do
        """Forget what could not be read: the next read of it is a fresh try, with all patience."""

    def stop_trying(self) -> None:  # noqa: B027 - most media have nothing to do
        """From now on what fails is not read again by sectors: whoever waits has waited long enough."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the source. Reads after it raise `MediumError`."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _addresses(self) -> Iterable[tuple[str, Entry]]:
        """Every address of every file, its own first."""
        return ((entry.path, entry) for entry in self.entries())

    def _names(self) -> NameIndex:
        if self._index is None:
            index = NameIndex(self._addresses())
            with self._lock:
                self._index = self._index or index
        return self._index


def read_extents(source: Source, entry: Entry, offset: int, length: int | None) -> Read:
    """The part of a file that lies in these extents of the source."""
    end = entry.present if length is None else min(entry.present, offset + length)
    if offset < 0 or offset >= end:
        return Read(b"")
    pieces: list[bytes] = []
    lost: list[tuple[int, int]] = []
    start = 0
    for extent in entry.extents:
        low, high = max(offset, start), min(end, start + extent.length)
        if low < high:
            if extent.offset == HOLE:
                pieces.append(bytes(high - low))
            else:
                at = extent.offset + low - start
                read = source.read_at(at, high - low)
                data = read.data
                lost += ((where - at + low, size) for where, size in read.unreadable)
                if len(data) < high - low:
                    lost.append((low + len(data), high - low - len(data)))
                    data += bytes(high - low - len(data))
                pieces.append(data)
        start += extent.length
        if start >= end:
            break
    return Read(pieces[0] if len(pieces) == 1 else b"".join(pieces), tuple(lost))
