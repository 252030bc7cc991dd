"""An archive as a medium: members that lie in it as they are, or deflated."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import NamedTuple

from tview.media.inflate import RAW_DEFLATE, InflatedSource
from tview.media.medium import Medium, read_extents
from tview.media.tree import safe_component
from tview.media.values import Entry, Extent, Read, Source

_OPEN_MEMBERS = 32


class Member(NamedTuple):
    """A file in an archive. `offset` is where its bytes (or those of its local header) begin; `deflated` how many are compressed."""

    path: str
    size: int
    offset: int
    deflated: int | None = None
    trouble: str | None = None


class Archive(Medium):
    """The members of an archive. It owns the source."""

    def __init__(self, name: str, source: Source, kind: str, members: Sequence[Member]) -> None:
        super().__init__(name)
        self._source, self.kind, self.size = source, kind, source.size
        self._members: dict[str, Member] = {}
        self._told: set[str] = set()
        self._inflated: OrderedDict[str, InflatedSource] = OrderedDict()
        entries = []
        for member in members:
            path = self._free(address(member.path))
            if path != member.path and ".." in member.path.replace("\\", "/").split("/"):
                self.notes.add("name-outside", path)
            self._members[path] = member
            extents: tuple[Extent, ...] = ()
            present = member.size
            if member.trouble:
                self.notes.add(member.trouble, path, size=member.size)
            elif member.deflated is None:
                extents = (Extent(member.offset, member.size),) if member.size else ()
                present = max(0, min(member.size, source.size - member.offset))
                if present < member.size:
                    self.notes.add("file-cut-off", path, present=present, size=member.size)
            entries.append(Entry(path, member.size, present, extents, member.offset, None, kind))
        self._entries = sorted(entries, key=lambda entry: entry.order)
        if not entries:
            self.notes.add("no-files")

    def entries(self) -> Sequence[Entry]:
        """See `Medium.entries`; `order` is the place in the archive."""
        return self._entries

    def read(self, entry: Entry, offset: int = 0, length: int | None = None) -> Read:
        """See `Medium.read`. A member that cannot be unpacked gives no bytes and one unreadable range."""
        member = self._members.get(entry.path)
        if member is None or offset < 0 or offset >= entry.size:
            return Read(b"")
        if member.trouble:
            return Read(b"", ((offset, min(entry.size - offset, entry.size if length is None else length)),))
        if member.deflated is None:
            return read_extents(self._source, entry, offset, length)
        source = self._unpacking(entry.path, member)
        read = source.read_at(offset, entry.size - offset if length is None else length)
        if read.unreadable:
            with self._lock:
                fresh = entry.path not in self._told
                self._told.add(entry.path)
            if fresh:
                self.notes.add("archive-member-damaged", entry.path, offset=read.unreadable[0][0])
        return read

    def close(self) -> None:
        """See `Medium.close`."""
        self._source.close()

    def _unpacking(self, path: str, member: Member) -> InflatedSource:
        with self._lock:
            source = self._inflated.pop(path, None)
            if source is None:
                assert member.deflated is not None
                source = InflatedSource(self._source, member.offset, member.deflated, member.size, RAW_DEFLATE)
            self._inflated[path] = source
            if len(self._inflated) > _OPEN_MEMBERS:
                self._inflated.popitem(last=False)
        return source

    def _free(self, path: str) -> str:
        free, more = path, 1
        while free in self._members:
            more += 1
            free = f"{path} [{more}]"
        return free


def address(name: str) -> str:
    """A member's name as an address inside the archive, whatever it tries."""
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".")]
    if parts and len(parts[0]) == 2 and parts[0][1] == ":":
        parts = parts[1:]
    return "/".join(safe_component(part) for part in parts) or "_"
