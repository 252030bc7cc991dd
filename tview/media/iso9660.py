"""The tree of an ISO 9660 volume (ECMA-119), with Joliet and Rock Ridge names, walked tolerantly and in the order of the disc."""

import heapq
from collections.abc import Iterator
from struct import Struct
from typing import Literal

from tview.media.notes import Notes
from tview.media.rockridge import NOTHING, looks_like_susp, read_rock_ridge, susp_skip
from tview.media.sources import SECTOR
from tview.media.tree import MAX_DEPTH, MAX_FILES, Listed, Tree, present_bytes, safe_component
from tview.media.values import Extent, Source
from tview.media.volumes import Volume

_LITTLE = Struct("<BBI4xI4x7xBBB4xB")  # length, extended attributes, block, size, flags, unit, gap, length of the name
_BIG = Struct(">6xI4xI")
_DIRECTORY, _ASSOCIATED, _CONTINUES = 0x02, 0x04, 0x80
_MAX_DIRECTORY = 64 << 20
_MAX_LISTING = 256 << 20
_MAX_INTERLEAVED = 1 << 16
_SEARCHED = 4 << 20


def read_tree(source: Source, volume: Volume, session: int = 1) -> Tree:
    """Every file that this volume lists. Never raises for what stands on the disc; ends on every input."""
    return _Walk(source, volume, session).run()


class _Walk:
    """One walk over one tree; one thread."""

    def __init__(self, source: Source, volume: Volume, session: int) -> None:
        self.source, self.volume, self.session = source, volume, session
        self.block_size = volume.block_size
        self.joliet = volume.kind == "joliet"
        self.notes = Notes()
        self.files: list[Listed] = []
        self.lost = 0
        self.bias = 0
        self.skip: int | None = None  # of SUSP; None: no Rock Ridge
        self.seen: set[int] = set()  # first bytes of directory sectors that have been listed
        self.heap: list[tuple[int, int, int, str, str, int]] = []  # block, number, size, path, alias, depth
        self.relocated: list[tuple[int, int, str, str, int]] = []
        self.numbers = 0
        self.room = min(source.size, _MAX_LISTING)  # bytes of directories that are still read: together they fit on the disc
        self.sniffing = self.hurt = False

    def run(self) -> Tree:
        self.bias = self._find_bias()
        self._push(self.volume.root, self.volume.root_size, "", "", 0)
        self._walk()
        for waiting in self.relocated:  # directories moved aside (P1282 4.1.5) that no link leads to
            if waiting[0] * self.block_size + self.bias not in self.seen:
                self._push(*waiting)
        self._walk()
        if self.lost:
            for block, path in self._path_table():
                if block * self.block_size + self.bias not in self.seen:
                    self._push(block, 0, path, path, 1)
            self._walk()
        kind = self.volume.kind if self.skip is None else "rock-ridge"
        return Tree(kind, self.session, self.files, list(self.notes.findings), self.lost)

    def _push(self, block: int, size: int, path: str, alias: str, depth: int) -> None:
        self.numbers += 1
        heapq.heappush(self.heap, (block, self.numbers, size, path, alias, depth))

    def _walk(self) -> None:
        while self.heap:
            block, _, size, path, alias, depth = heapq.heappop(self.heap)
            if depth > MAX_DEPTH or len(self.files) >= MAX_FILES:
                self.notes.count("listing-limit")
                continue
            offset = block * self.block_size + self.bias
            if offset in self.seen:
                self.notes.add("directory-loop", path or "/")
                continue
            self._list(offset, size, path, alias, depth)

    def _list(self, offset: int, size: int, path: str, alias: str, depth: int) -> None:
        data, intact = self._directory(offset, size)
        self.hurt = not intact
        if not path:
            self.sniffing = not intact
            if intact and not self.joliet:
                self.skip = susp_skip(data[34 : data[0]])
        prefix, alias_prefix = (path + "/" if path else ""), (alias + "/" if alias else "")
        pending: tuple[bytes, list[Extent], int] | None = None
        for name, block, length, flags, unit, gap, system_use in self._records(data, offset, intact):
            iso_name = self._name(name)
            facts = NOTHING
            if not self.joliet:
                if self.skip is None and self.sniffing:
                    self.skip = looks_like_susp(system_use)
                if self.skip is not None:
                    facts = read_rock_ridge(system_use[self.skip :], self.source, self.block_size, self.bias)
            shown = iso_name if facts.name is None else safe_component(facts.name)
            if flags & _ASSOCIATED:
                shown = iso_name = "._" + shown
            if facts.child is not None:
                self._push(facts.child, 0, prefix + shown, alias_prefix + iso_name, depth + 1)
            elif flags & _DIRECTORY:
                waiting = (block, length, prefix + shown, alias_prefix + iso_name, depth + 1)
                if facts.relocated:
                    self.relocated.append(waiting)
                else:
                    self._push(*waiting)
            elif facts.link is not None:
                self.notes.add("link-not-followed", prefix + shown, target=facts.link)
            else:
                extents = self._extents(block, length, unit, gap)
                if pending and pending[0] == name:
                    extents, length = [*pending[1], *extents], pending[2] + length
                if flags & _CONTINUES and len(extents) < _MAX_INTERLEAVED:  # ECMA-119 6.5.1: sections of one file follow one another
                    pending = (name, extents, length)
                else:
                    self._add(prefix + shown, alias_prefix + iso_name, extents, length)
                    pending = None
        if pending:
            self._add(prefix + self._name(pending[0]), alias_prefix + self._name(pending[0]), pending[1], pending[2])
        if self.hurt:
            self.lost += 1
            self.notes.add("directory-damaged", path or "/", tree=self.volume.kind)

    def _add(self, path: str, alias: str, extents: list[Extent], size: int) -> None:
        there = tuple(extents)
        self.files.append(Listed(path, alias, there, size, present_bytes(there, size, self.source.size)))

    def _directory(self, offset: int, size: int) -> tuple[bytes, bool]:
        """A directory's bytes and whether it begins as one does, with a record of its own (ECMA-119 6.8.2.2)."""
        first = self.source.read_at(offset, SECTOR).data
        intact = len(first) > 33 and first[0] >= 34 and first[32] == 1 and first[33] == 0
        if not 0 < size <= min(_MAX_DIRECTORY, self.source.size) and intact:
            size = int.from_bytes(first[10:14], "little")
        size = min(size, _MAX_DIRECTORY, self.room)
        if size <= SECTOR:
            return first, intact
        self.room -= size
        return first + self.source.read_at(offset + SECTOR, size - SECTOR).data, intact

    def _records(self, data: bytes, offset: int, intact: bool) -> Iterator[tuple[bytes, int, int, int, int, int, bytes]]:
        little, big, seen = _LITTLE.unpack_from, _BIG.unpack_from, self.seen
        seen.add(offset)
        mended = False
        strict = not intact  # whether both byte orders must agree for a record to be believed
        for start in range(0, len(data) - 33, SECTOR):
            if start:
                if offset + start in seen:
                    break
                seen.add(offset + start)
                strict = strict or not mended
            mended = False
            at, end = start, min(start + SECTOR, len(data))
            if not data[at]:  # a record begins every sector of a directory
                self.hurt = True
                continue
            while at + 33 < end and data[at]:
                size, extended, block, length, flags, unit, gap, name_size = little(data, at)
                block_big, length_big = big(data, at)
                following = at + size
                if size < 34 or following > end or 33 + name_size > size or not name_size:
                    self.hurt = True
                    break
                if block != block_big or length != length_big:
                    if strict and block != block_big and length != length_big:
                        self.hurt = True
                        break
                    block, length = self._mend(block, block_big, length, length_big)
                    mended = True
                name = data[at + 33 : at + 33 + name_size]
                if name_size > 1 or name[0] > 1:
                    use_at = at + 33 + name_size + (name_size + 1) % 2
                    yield name, block + extended, length, flags, unit, gap, data[use_at:following]
                at = following

    def _mend(self, block: int, block_big: int, length: int, length_big: int) -> tuple[int, int]:
        """Numbers whose two byte orders disagree (ECMA-119 7.3.3): the little-endian ones unless only the others fit the disc."""
        self.notes.count("numbers-disagree")
        size = self.source.size - self.bias
        if not 0 < block * self.block_size < size and 0 < block_big * self.block_size < size:
            block = block_big
        room = size - block * self.block_size
        if not 0 < length <= room and 0 < length_big <= room:
            length = length_big
        return block, length

    def _extents(self, block: int, length: int, unit: int, gap: int) -> list[Extent]:
        offset = block * self.block_size + self.bias
        if not (unit and gap) or length <= unit * self.block_size:
            return [Extent(offset, length)]
        extents: list[Extent] = []
        piece, step = unit * self.block_size, (unit + gap) * self.block_size  # interleaved: ECMA-119 6.4.3
        while length > 0 and offset < self.source.size and len(extents) < _MAX_INTERLEAVED:
            extents.append(Extent(offset, min(piece, length)))
            length -= piece
            offset += step
        return extents or [Extent(offset, length)]

    def _name(self, raw: bytes) -> str:
        if self.joliet:
            name = raw[: len(raw) & ~1].decode("utf-16-be", "replace")
        else:
            name = raw.decode("utf-8", "surrogateescape")
        stem, mark, version = name.rpartition(";")
        if mark and version.isdigit():
            name = stem
        if name.endswith(".") and not self.joliet:
            name = name[:-1]
        return safe_component(name)

    def _find_bias(self) -> int:
        """How far all addresses are off, in bytes: an image of a later session alone keeps the addresses of the whole disc."""
        root = self.volume.root
        if self._is_root(self.source.read_at(root * self.block_size, 68).data):
            return 0
        window = self.source.read_at(0, _SEARCHED).data
        for start in range(self.volume.sector * SECTOR, len(window) - 67, SECTOR):
            if window[start] and self._is_root(window[start : start + 68]):
                return start - root * self.block_size
        return 0

    def _is_root(self, data: bytes) -> bool:
        """Whether both its own record and that of its parent name the root's block."""
        if len(data) < 68 or data[0] < 34 or data[32:34] != b"\x01\x00":
            return False
        return self.volume.root in (int.from_bytes(data[2:6], "little"), int.from_bytes(data[6:10], "big"))

    def _path_table(self) -> Iterator[tuple[int, str]]:
        """Directories by the path table (ECMA-119 9.4): what is left when the directory above them is lost."""
        volume = self.volume
        tables: tuple[tuple[int, Literal["little", "big"]], ...] = ((volume.path_table, "little"), (volume.path_table_big, "big"))
        for block, order in tables:
            size = min(volume.path_table_size, 1 << 22)
            data = self.source.read_at(block * self.block_size + self.bias, size).data if block else b""
            paths: list[str] = []
            at = 0
            while at + 8 < len(data) and data[at] and at + 8 + data[at] <= len(data):
                directory = int.from_bytes(data[at + 2 : at + 6], order)
                parent = int.from_bytes(data[at + 6 : at + 8], order)
                raw = data[at + 8 : at + 8 + data[at]]
                above = paths[parent - 1] if 0 < parent <= len(paths) else ""
                if raw == b"\0":
                    path = ""
                else:
                    path = (above + "/" if above else "") + self._name(raw)
                if path.count("/") > MAX_DEPTH:
                    break
                paths.append(path)
                yield directory, path
                at += 8 + data[at] + data[at] % 2
            if len(paths) > 1:
                return
