"""One pass over a medium in burn order: every byte that is asked for is read once, by a thread that waits for nothing but the drive.

`Passing` looks like the medium to whoever scans it; behind it one thread reads, one takes digests, and the scan follows.
"""

import hashlib
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from time import monotonic
from typing import NamedTuple

from tview.catalog import is_named_dicomdir
from tview.dicom import begins_like_dicom
from tview.errors import Finding, MediumError, finding
from tview.media import BEHIND, Entry, Medium, Read, Refused, Resolved

HEAD = 1 << 16
"""The first bytes of a file: enough to tell what it is, and nearly always all of its header."""
_LOOK = 16384
_STEP = 1 << 20
_KEPT = 64 << 20  # of one file
_WAITING = 96 << 20  # bytes of files between the drive and the scan
_TICK_S = 0.1


class FileRead(NamedTuple):
    """A file that was read through: the SHA-256 of what could be read, how many bytes that was, and (offset, length) of what could not."""

    sha256: bytes
    bytes_read: int
    unreadable: tuple[tuple[int, int], ...] = ()


class Fetched(NamedTuple):
    """One file as it came: its first bytes (all of them when `whole`), and what reading it through gave; None when it was not."""

    entry: Entry
    head: Read
    whole: bool
    through: FileRead | None


_END = object()
"""What the pipes end with."""


class _Piece(NamedTuple):
    entry: Entry
    read: Read
    offset: int
    last: bool
    through: bool


class Pipe:
    """A queue bounded by bytes. `put` waits for room, `get` for something; both end when it is closed."""

    def __init__(self, room: int) -> None:
        self._items: deque[tuple[object, int]] = deque()
        self._room, self._used = room, 0
        self._changed = threading.Condition()
        self._closed = False

    def put(self, item: object, size: int) -> bool:
        """False when nobody wants it any more."""
        with self._changed:
            while self._used and self._used + size > self._room and not self._closed:
                self._changed.wait()
            if self._closed:
                return False
            self._items.append((item, size))
            self._used += size
            self._changed.notify_all()
            return True

    def get(self, timeout: float | None = None) -> object | None:
        """The next one; None when the time is up, or the pipe is closed."""
        with self._changed:
            if not self._items and not self._closed:
                self._changed.wait_for(lambda: self._items or self._closed, timeout)
            if not self._items:
                return None
            item, size = self._items.popleft()
            self._used -= size
            self._changed.notify_all()
            return item

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._items.clear()
            self._changed.notify_all()


class Passing(Medium):
    """A medium that is read once, from its first file to its last, while it is scanned.

    `through` says that objects are read to their last byte, else the first bytes only; with `everything` all other files too. `take` gets
    every file with its bytes once the scan has done with it, on the scan's thread. `known` are files that an earlier run has read through.
    `stopped` is asked while waiting: when it says so, every further read raises `MediumError`.
    """

    def __init__(
        self,
        inner: Medium,
        *,
        through: bool,
        everything: bool = False,
        take: Callable[[Fetched], None] = lambda fetched: None,
        stopped: Callable[[], bool] = lambda: False,
        tick: Callable[[], None] = lambda: None,
        known: Mapping[str, FileRead] | None = None,
    ) -> None:
        super().__init__(inner.source)
        self._inner, self._through, self._take, self._stopped, self._tick = inner, through, take, stopped, tick
        self._known, self._everything = known or {}, everything
        self.kind, self.label, self.size = inner.kind, inner.label, inner.size
        self.sessions, self.start, self.optical = inner.sessions, inner.start, inner.optical
        self.promised: set[str] = set()
        self.lists: dict[str, bytes] = {}
        self.done, self.total, self.files, self.reading = 0, 0, 0, ""
        self.bytes_read = 0
        self._begun = self._ended = self._over = False
        self._gone_by: set[str] = set()
        self._inside: set[str] = set()
        self._raw, self._ready = Pipe(_WAITING), Pipe(_WAITING)
        self._current: Fetched | None = None
        self.order: list[Entry] = []
        self._ticked = monotonic()

    # --- what a medium is --------------------------------------------------------------------------------------

    @property
    def findings(self) -> tuple[Finding, ...]:
        """See `Medium.findings`."""
        return self._inner.findings

    def entries(self) -> Sequence[Entry]:
        """See `Medium.entries`."""
        return self._inner.entries()

    def walk(self) -> Iterator[Entry]:
        """See `Medium.walk`."""
        for entry in self._inner.walk():
            if self._stopped():
                raise MediumError(finding("verify-stopped", path=self.source))
            self.order.append(entry)
            yield entry

    def entry(self, path: str) -> Entry | None:
        """See `Medium.entry`."""
        return self._inner.entry(path)

    def resolve(self, file_id: str | Sequence[str], base: str = "") -> Resolved | Refused | None:
        """See `Medium.resolve`; what the list of the disc leads to is read through whatever it looks like."""
        found = self._inner.resolve(file_id, base)
        if isinstance(found, Resolved):
            self.promised.add(found.entry.path)
        return found

    def inside(self, entry: Entry) -> Sequence[Entry]:
        """See `Medium.inside`; such files are read where they lie, on the scan's thread."""
        found = self._inner.inside(entry)
        self._inside.update(one.path for one in found)
        return found

    def expect(self, entries: Sequence[Entry]) -> None:
        """The first of these hints comes when the lists have been read: now the pass begins."""
        if not self._begun:
            self._begun = True
            self.order = [entry for entry in self.order if entry.path not in self.lists]
            self.total = sum(self._wanted(entry) for entry in self.order)
            self._inner.go_forward()
            for work in (self._read_all, self._digest_all):
                threading.Thread(target=work, daemon=True, name=work.__name__.strip("_")).start()

    def read(self, entry: Entry, offset: int = 0, length: int | None = None) -> Read:
        """See `Medium.read`. Before the pass has begun, and of a file that has gone by, straight from the medium."""
        if self._ended or self._stopped():
            self._ended = True
            raise MediumError(finding("verify-stopped", path=self.source))
        if not self._begun:
            read = self._inner.read(entry, offset, length)
            self.bytes_read += len(read.data)
            if offset == 0 and len(read.data) >= entry.present and is_named_dicomdir(entry.path):
                self.lists[entry.path] = read.data
            return read
        current = self._inside_at(entry) if entry.path in self._inside else self._at(entry)
        if current is None:
            return self._inner.read(entry, offset, length)
        end = entry.present if length is None else min(entry.present, offset + length)
        if current.whole or end <= len(current.head.data):
            lost = tuple((at, size) for at, size in current.head.unreadable if at < end and at + size > offset)
            return Read(current.head.data[offset:end], lost)
        return self._inner.read(entry, offset, length)

    def finish(self) -> None:
        """Hand over the last file. After the scan."""
        if self._current is not None:
            current, self._current = self._current, None
            self._take(current)

    def close(self) -> None:
        """End the threads; the medium itself stays open."""
        self._ended = True
        self._raw.close()
        self._ready.close()

    # --- the scan's side ---------------------------------------------------------------------------------------

    def _at(self, entry: Entry) -> Fetched | None:
        """The file that the scan looks at, with its bytes; None for one that has gone by."""
        current = self._current
        if current is not None and current.entry.path == entry.path:
            return current
        if entry.path in self.lists or entry.path in self._gone_by or self._over:
            return None
        self.finish()
        while True:
            item = self._next()
            if item is _END:
                self._over = True
                return None
            if isinstance(item, MediumError):
                self._ended = True
                raise item
            assert isinstance(item, Fetched)
            self.files += 1
            self._gone_by.add(item.entry.path)
            if item.entry.path == entry.path:
                self._current = item
                return item
            self._take(item)

    def _inside_at(self, entry: Entry) -> Fetched:
        """A file in an archive or image that lies on the medium: read through when it is an object that can be kept."""
        if self._current is not None and self._current.entry.path == entry.path:
            return self._current
        self.finish()
        read = self._inner.read(entry, 0, min(entry.present, HEAD))
        is_object = read.data[128:132] == b"DICM" or begins_like_dicom(read.data)
        through = self._through and is_object and entry.present <= _KEPT
        if through and entry.present > HEAD:
            read = self._inner.read(entry, 0, entry.present)
        self.bytes_read += len(read.data)
        digest = hashlib.sha256()
        count = _update(digest, read, 0) if through else 0
        known = FileRead(digest.digest(), count, read.unreadable) if through else None
        self._current = Fetched(entry, read, len(read.data) >= entry.present, known)
        return self._current

    def _next(self) -> object:
        while True:
            item = self._ready.get(_TICK_S)
            now = monotonic()
            if now - self._ticked >= _TICK_S:
                self._ticked = now
                self._tick()
            if item is not None:
                return item
            if self._stopped() or self._ended:
                raise MediumError(finding("verify-stopped", path=self.source))

    # --- the drive's side --------------------------------------------------------------------------------------

    def _wanted(self, entry: Entry) -> int:
        return entry.present if self._through and entry.path not in self._known else min(entry.present, _LOOK)

    def _read_all(self) -> None:
        try:
            for entry in self.order:
                self.reading = entry.path
                with BEHIND:  # in the viewer, what somebody looks at comes before
                    more = self._read_one(entry)
                if not more:
                    return
            self._raw.put(_END, 0)
        except MediumError as error:
            self._raw.put(error, 0)
        except Exception as error:  # the thread's door: the scan must not wait for ever
            self._raw.put(MediumError(finding("internal-error", kind=type(error).__name__)), 0)

    def _read_one(self, entry: Entry) -> bool:
        wanted = self._wanted(entry)
        first = min(entry.present, HEAD if wanted > _LOOK else _LOOK)
        read = self._inner.read(entry, 0, first) if first else Read(b"")
        self._count(len(read.data))
        through = wanted == entry.present and (
            self._through
            and entry.path not in self._known
            and (self._everything or entry.path in self.promised or read.data[128:132] == b"DICM" or begins_like_dicom(read.data))
        )
        offset = len(read.data)
        last = not through or offset >= entry.present or not read.data
        if not self._raw.put(_Piece(entry, read, 0, last, through), len(read.data)):
            return False
        while not last:
            read = self._inner.read(entry, offset, min(_STEP, entry.present - offset))
            self._count(len(read.data))
            last = offset + len(read.data) >= entry.present or not read.data
            if not self._raw.put(_Piece(entry, read, offset, last, True), len(read.data)):
                return False
            offset += len(read.data)
        self.total -= max(0, wanted - max(offset, first))
        return True

    def _count(self, many: int) -> None:
        self.done += many
        self.bytes_read += many

    # --- digests ------------------------------------------------------------------------------------------------

    def _digest_all(self) -> None:
        while True:
            first = self._raw.get()
            if first is None:
                return
            if not isinstance(first, _Piece):
                self._ready.put(first, 0)
                return
            fetched = self._assembled(first)
            if fetched is None or not self._ready.put(fetched, len(fetched.head.data)):
                return

    def _assembled(self, piece: _Piece) -> Fetched | None:
        entry, digest = piece.entry, hashlib.sha256()
        kept: list[bytes] = []
        lost: list[tuple[int, int]] = []
        length = count = 0
        while True:
            if length < _KEPT:
                kept.append(piece.read.data)
                length += len(piece.read.data)
            lost += piece.read.unreadable
            if piece.through:
                count += _update(digest, piece.read, piece.offset)
            if piece.last:
                break
            following = self._raw.get()
            if not isinstance(following, _Piece):
                if following is not None:
                    self._ready.put(following, 0)
                return None
            piece = following
        data = kept[0] if len(kept) == 1 else b"".join(kept)
        known = self._known.get(entry.path)
        through = FileRead(digest.digest(), count, tuple(lost)) if piece.through else known
        return Fetched(entry, Read(data, tuple(lost)), length >= entry.present, through)


def _update(digest: "hashlib._Hash", read: Read, offset: int) -> int:
    """Take the bytes that could be read into the digest; how many those were."""
    place = count = 0
    for start, length in read.unreadable:
        digest.update(read.data[place : start - offset])
        count += max(0, start - offset - place)
        place = start - offset + length
    digest.update(read.data[place:] if place else read.data)
    return count + max(0, len(read.data) - place)
