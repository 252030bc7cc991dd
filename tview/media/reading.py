"""One file of a medium as a plain function from (offset, length) to bytes, which remembers what could not be read."""

import threading

from tview.errors import Finding, finding
from tview.media.medium import Medium
from tview.media.values import Entry


class EntryReader:
    """Calling it reads the entry: zeros where the medium gave nothing, shorter only past the end. Any thread may call.

    `lost` are the (offset, length) in the file that were zero-filled so far: whoever shows what was made of them has to say so.
    """

    def __init__(self, medium: Medium, entry: Entry) -> None:
        self.medium, self.entry = medium, entry
        self._lost: set[tuple[int, int]] = set()
        self._lock = threading.Lock()

    def __call__(self, offset: int, length: int) -> bytes:
        read = self.medium.read(self.entry, offset, length)
        if read.unreadable:
            with self._lock:
                self._lost.update(read.unreadable)
        return read.data

    @property
    def size(self) -> int:
        """Bytes that lie on the medium."""
        return self.entry.present

    @property
    def lost(self) -> tuple[tuple[int, int], ...]:
        """What could not be read so far, in order."""
        with self._lock:
            return tuple(sorted(self._lost))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """One finding when something was lost."""
        lost = self.lost
        if not lost:
            return ()
        total = sum(length for _offset, length in lost)
        return (finding("unreadable-range-of-file", path=self.entry.path, range=lost[0], length=total, offset=lost[0][0]),)

    def reason(self, told: Finding) -> Finding:
        """Why nothing could be made of these bytes: the medium did not give them, or has not all of them; else what was `told`."""
        if self.lost:
            return self.findings[0]
        if self.entry.present < self.entry.size:
            return finding("file-cut-off", path=self.entry.path, present=self.entry.present, size=self.entry.size)
        return told


def entry_reader(medium: Medium, path: str) -> EntryReader | None:
    """The reader of the file at an address; None when the medium has no such file."""
    entry = medium.entry(path)
    return EntryReader(medium, entry) if entry is not None else None
