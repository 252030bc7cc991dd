"""An archive as a medium: members that lie in it as they are, deflated, encrypted, or in a block that is unpacked as one."""

import zlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import NamedTuple

from tview.media.ciphers import Locked, Unlocked, unlock
from tview.media.inflate import RAW_DEFLATE, InflatedSource
from tview.media.inside import INSIDE, WithInside
from tview.media.medium import read_extents
from tview.media.sources import PartSource
from tview.media.tree import safe_component
from tview.media.values import Entry, Extent, Read, Source

_OPEN_MEMBERS = 32
_TRIED = 1 << 15


class Member(NamedTuple):
    """A file in an archive. `offset` is where its bytes begin: in the archive, or in `block` where it has one.

    `deflated` says how many are compressed, `locked` how they are encrypted, `crc` what they sum up to. `method` names the way it is
    packed when that is the trouble.
    """

    path: str
    size: int
    offset: int
    deflated: int | None = None
    trouble: str | None = None
    crc: int | None = None
    locked: Locked | None = None
    block: int | None = None
    method: str = ""

    @property
    def plain(self) -> bool:
        """Whether its bytes lie in the archive as they are."""
        return self.deflated is None and self.locked is None and self.block is None


Opener = Callable[[Member], Source | None]
"""Gives what a member that is not plain unpacks to; None when it does not take the password."""


class Archive(WithInside):
    """The members of an archive. It owns the source."""

    def __init__(self, name: str, source: Source, kind: str, members: Sequence[Member], opener: Opener | None = None) -> None:
        super().__init__(name)
        self._source, self.kind, self.size = source, kind, source.size
        self._opener = opener or member_opener(source, None)
        self._members: dict[str, Member] = {}
        self._told: set[tuple[str, str]] = set()
        self._opened: OrderedDict[str, Source] = OrderedDict()
        self._sums: dict[str, tuple[int, int]] = {}
        entries: list[Entry] = []
        for member in members:
            path = self._free(address(member.path))
            if path != member.path and ".." in member.path.replace("\\", "/").split("/"):
                self.notes.add("name-outside", path)
            self._members[path] = member
            extents: tuple[Extent, ...] = ()
            present = member.size
            if member.trouble:
                self.notes.add(member.trouble, path, size=member.size, method=member.method)
            elif member.plain:
                extents = (Extent(member.offset, member.size),) if member.size else ()
                present = max(0, min(member.size, source.size - member.offset))
                if present < member.size:
                    self.notes.add("file-cut-off", path, present=present, size=member.size)
            entries.append(Entry(path, member.size, present, extents, len(entries), None, kind))
        self._entries = entries
        if not entries:
            self.notes.add("no-files")

    def entries(self) -> Sequence[Entry]:
        """See `Medium.entries`; `order` is the place in the archive."""
        return self._entries

    def read(self, entry: Entry, offset: int = 0, length: int | None = None) -> Read:
        """See `Medium.read`. A member that cannot be unpacked gives no bytes and one unreadable range.

        Reading a member from its beginning to its end, in order, also compares its sum.
        """
        if entry.tree == INSIDE:
            return self.read_inside(entry, offset, length)
        member = self._members.get(entry.path)
        if member is None or offset < 0 or offset >= entry.size:
            return Read(b"")
        wanted = min(entry.size - offset, entry.size if length is None else length)
        nothing = Read(b"", ((offset, wanted),))
        if member.trouble:
            return nothing
        if member.plain:
            read = read_extents(self._source, entry, offset, length)
        else:
            source = self._open(entry.path, member)
            if source is None:
                self._tell("archive-encrypted", entry.path)
                return nothing
            read = source.read_at(offset, wanted)
            if read.unreadable:
                self._tell("archive-member-damaged", entry.path, offset=read.unreadable[0][0])
            elif getattr(source, "changed", False):
                self._tell("archive-sum-wrong", entry.path)
        if member.crc is not None and not read.unreadable:
            self._sum(entry, member.crc, offset, read.data)
        return read

    def close(self) -> None:
        """See `Medium.close`."""
        self._source.close()

    def _open(self, path: str, member: Member) -> Source | None:
        with self._lock:
            source = self._opened.pop(path, None) or self._opener(member)
            if source is not None:
                self._opened[path] = source
                if len(self._opened) > _OPEN_MEMBERS:
                    self._opened.popitem(last=False)
        return source

    def _sum(self, entry: Entry, crc: int, offset: int, data: bytes) -> None:
        with self._lock:
            place, so_far = (0, 0) if offset == 0 else self._sums.get(entry.path, (-1, 0))
            if place != offset:
                return
            so_far = zlib.crc32(data, so_far)
            self._sums[entry.path] = (offset + len(data), so_far)
            if offset + len(data) < entry.size:
                return
            del self._sums[entry.path]
        if so_far != crc:
            self._tell("archive-sum-wrong", entry.path)

    def _tell(self, code: str, path: str, **values: int) -> None:
        with self._lock:
            fresh = (code, path) not in self._told
            self._told.add((code, path))
        if fresh:
            self.notes.add(code, path, **values)

    def _free(self, path: str) -> str:
        free, more = path, 1
        while free in self._members:
            more += 1
            free = f"{path} [{more}]"
        return free


class _Inflated(InflatedSource):
    """Deflated bytes that were encrypted."""

    def __init__(self, unlocked: Unlocked, size: int, owns: bool) -> None:
        super().__init__(unlocked, 0, unlocked.size, size, RAW_DEFLATE, owns)
        self._unlocked = unlocked

    @property
    def changed(self) -> bool:
        """Whether the encrypted bytes are not those that were written."""
        return self._unlocked.changed


def member_opener(source: Source, password: bytes | None) -> Opener:
    """The opener of an archive whose members are deflated and encrypted one by one."""

    def open_member(member: Member) -> Source | None:
        if member.locked is None:
            if member.deflated is None:
                return PartSource(source, member.offset, max(0, min(member.size, source.size - member.offset)))
            return InflatedSource(source, member.offset, member.deflated, member.size, RAW_DEFLATE, owns=True)
        unlocked = unlock(source, member.offset, member.locked, password) if password is not None else None
        if unlocked is None or member.deflated is None:
            return unlocked
        return _Inflated(unlocked, member.size, owns=True)

    return open_member


def password_opens(source: Source, member: Member, password: bytes) -> bool:
    """Whether an encrypted member takes this password, as far as its beginning tells; a small one is read whole."""
    opened = member_opener(source, password)(member)
    if opened is None:
        return False
    read = opened.read_at(0, min(member.size, _TRIED))
    if read.unreadable:
        return False
    return member.size > _TRIED or member.crc is None or zlib.crc32(read.data) == member.crc


def address(name: str) -> str:
    """A member's name as an address inside the archive, whatever it tries."""
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".")]
    if parts and len(parts[0]) == 2 and parts[0][1] == ":":
        parts = parts[1:]
    return "/".join(safe_component(part) for part in parts) or "_"
