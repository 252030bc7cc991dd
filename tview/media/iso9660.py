"""The tree of an ISO 9660 volume (ECMA-119), with Joliet and Rock Ridge names, walked tolerantly and in the order of the disc."""

import heapq
from codecs import utf_16_be_decode
from collections.abc import Iterator
from struct import Struct
from typing import Literal

from tview.media.iso_runs import Run, run_of_files
from tview.media.notes import Notes
from tview.media.rockridge import NOTHING, RockRidge, looks_like_susp, plain_name, read_rock_ridge, susp_skip
from tview.media.sources import SECTOR
from tview.media.tree import MAX_DEPTH, MAX_FILES, Tree, present_bytes, safe_component
from tview.media.values import Entry, Extent, Source
from tview.media.volumes import Volume

_LITTLE = Struct("<BBI4xI4x7xBBB4xB")  # length, extended attributes, block, size, flags, unit, gap, length of the name
_BIG = Struct(">6xI4xI")
_DIRECTORY, _ASSOCIATED, _CONTINUES = 0x02, 0x04, 0x80
_SPECIAL = _DIRECTORY | _ASSOCIATED | _CONTINUES
_ODD = frozenset(("", ".", ".."))
_MAX_DIRECTORY = 64 << 20
_MAX_LISTING = 256 << 20
_MAX_SECTIONS = 1 << 16
_SEARCHED = 4 << 20


def read_tree(source: Source, volume: Volume, session: int = 1) -> Tree:
    """Every file that this volume lists. Never raises for what stands on the disc; ends on every input."""
    return _Walk(source, volume, session).run()


def mirrors(source: Source, volume: Volume, tree: Tree) -> bool:
    """Whether this volume lists the same contents as a tree already read, no more and no fewer: then only its names are news.

    Takes half the time of reading it, and most discs with two trees have two alike.
    """
    walk = _Walk(source, volume, tree.session)
    walk.known = {order: size for _, size, _, _, order, _, _ in tree.files if size}
    other = walk.run()
    if other.files or other.lost or other.findings or len(walk.met) + walk.empty != len(tree.files):
        return False
    return len(set(walk.met)) == len(walk.known)


def has_rock_ridge(source: Source, volume: Volume) -> bool:
    """Whether the root of this volume says that its records have more names."""
    root = source.read_at(volume.root * volume.block_size, SECTOR).data
    return volume.kind != "joliet" and root[32:34] == b"\x01\x00" and susp_skip(root[34 : root[0]]) is not None


class _Walk:
    """One walk over one tree; one thread."""

    def __init__(self, source: Source, volume: Volume, session: int) -> None:
        self.source, self.volume, self.session = source, volume, session
        self.block_size = volume.block_size
        self.kind, self.joliet = volume.kind, volume.kind == "joliet"
        self.notes = Notes()
        self.files: list[Entry] = []
        self.aliases: list[tuple[str, Entry]] = []
        self.pending: tuple[str, str, list[Extent]] | None = None  # name, shown name, sections so far
        self.lost = 0
        self.bias = 0
        self.skip: int | None = None  # of SUSP; None: no Rock Ridge
        self.seen: set[int] = set()  # first bytes of directory sectors that have been listed
        self.heap: list[tuple[int, int, int, str, str, int]] = []  # block, number, size, path, alias, depth
        self.relocated: list[tuple[int, int, str, str, int]] = []
        self.numbers = 0
        self.room = min(source.size, _MAX_LISTING)  # bytes of directories that are still read: together they fit on the disc
        self.sniffing = self.hurt = False
        self.mended = 0
        self.known: dict[int, int] | None = None  # contents, first byte -> size, whose names are not asked for
        self.met: list[int] = []
        self.empty = 0

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
        if self.mended:
            self.notes.count("numbers-disagree", self.mended)
        return Tree(self.kind, self.session, self.files, self.aliases, self.notes.findings, self.lost)

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
                if self.skip is not None:
                    self.kind = "rock-ridge"
        # Whether both byte orders of a record must agree for it to be believed: outside a sound directory's first sector they must.
        prefix, alias_prefix, strict, mended = (path + "/" if path else ""), (alias + "/" if alias else ""), not intact, self.mended
        for start in range(0, len(data) - 33, SECTOR):
            if start:
                if offset + start in self.seen:
                    break
                strict = strict or mended == self.mended
            self.seen.add(offset + start)
            if not data[start]:  # a record begins every sector of a directory
                self.hurt = True
                continue
            self._sector(data[start : start + SECTOR], prefix, alias_prefix, strict, depth)
        if self.pending:
            self._finish(prefix, alias_prefix)
        if self.hurt:
            self.lost += 1
            self.notes.add("directory-damaged", path or "/", tree=self.volume.kind)

    def _sector(self, data: bytes, prefix: str, alias_prefix: str, strict: bool, depth: int) -> None:
        """The records of one sector. Written out flat: this is what the time of opening a disc goes into."""
        little, big, new, add = _LITTLE.unpack_from, _BIG.unpack_from, tuple.__new__, self.files.append
        block_size, bias, image_size, joliet, kind, session = (
            self.block_size,
            self.bias,
            self.source.size,
            self.joliet,
            self.kind,
            self.session,
        )
        text, at, last, skip, known = data.decode("latin-1"), 0, len(data) - 33, self.skip, self.known
        met = self.met.append
        plain = skip is None and not self.sniffing
        alike = plain and not self.pending
        while at < last:
            if alike and (run := run_of_files(data, text, at, joliet, known is None)) is not None:
                if self._take_run(run, prefix, alias_prefix):
                    at = run.end
                    continue
                alike = False
            size, extended, block, length, flags, unit, gap, name_size = little(data, at)
            if not size:
                return
            block_big, length_big = big(data, at)
            following, name_at, name_end = at + size, at + 33, at + 33 + name_size
            if name_end > following or following > last + 33 or not name_size:
                self.hurt = True
                return
            if block != block_big or length != length_big:
                if strict and block != block_big and length != length_big:
                    self.hurt = True
                    return
                block, length = self._mend(block, block_big, length, length_big)
            at = following
            if name_size == 1 and data[name_at] < 2:
                continue
            if known is not None and not (flags & _SPECIAL or unit or extended):
                offset = block * block_size + bias
                if known.get(offset) == length:
                    met(offset)
                    continue
                if not length:
                    self.empty += 1
                    continue
            if joliet:
                name = utf_16_be_decode(data[name_at : name_end - name_size % 2], "replace")[0]
                if name[-2:] == ";1":
                    name = name[:-2]
            else:
                name_to = name_end - 2 if data[name_end - 1] == 49 and data[name_end - 2] == 59 else name_end  # without ;1
                name = text[name_at : name_to - (data[name_to - 1] == 46)]
            if not (name.isalnum() or name.replace(".", "").isalnum()) or not (joliet or name.isascii()):
                name = self._odd_name(name)
            offset = (block + extended) * block_size + bias
            shown, facts = name, NOTHING
            if not plain:
                system_use = data[name_end + 1 - name_size % 2 : following]
                if skip is None:
                    skip = self._sniff(system_use)
                if skip is not None:
                    found = plain_name(system_use[skip:])
                    if found is None:
                        facts = read_rock_ridge(system_use[skip:], self.source, block_size, bias)
                        found = facts.name
                    if found is not None:
                        shown = safe_component(found) if "/" in found or "\0" in found or found in _ODD else found
            if flags & _SPECIAL or unit or self.pending or facts is not NOTHING:
                self._record(prefix, alias_prefix, name, shown, facts, offset, length, flags, unit, gap, depth)
                continue
            present = length if offset + length <= image_size else max(0, image_size - offset)
            extents = (new(Extent, (offset, length)),) if length else ()
            if offset < 0:  # in a session before this image
                present, extents = 0, ()
            entry = new(Entry, (prefix + shown, length, present, extents, offset, session, kind))
            add(entry)
            if shown != name or prefix != alias_prefix:
                self.aliases.append((alias_prefix + name, entry))

    def _take_run(self, run: Run, prefix: str, alias_prefix: str) -> bool:
        """Take in files whose records look alike; not when one of them is cut off, or none that another tree has."""
        new, block_size, bias = tuple.__new__, self.block_size, self.bias
        placed = [(block * block_size + bias, length) for block, length in run.numbers]
        if self.known is not None:
            get = self.known.get
            if not all(get(offset) == length for offset, length in placed):
                return False
            self.met += [offset for offset, _ in placed]
            return True
        block, most = run.reach
        if block * block_size + bias + most > self.source.size or min(placed)[0] < 0:
            return False
        session, kind = self.session, self.kind
        entries: list[Entry] = [
            new(Entry, (prefix + name, place[1], place[1], (new(Extent, place),), place[0], session, kind))
            for name, place in zip(run.names, placed, strict=True)
        ]
        self.files += entries
        if prefix != alias_prefix:
            self.aliases += [(alias_prefix + name, entry) for name, entry in zip(run.names, entries, strict=True)]
        return True

    def _odd_name(self, name: str) -> str:
        """A name with more in it than letters and digits; of ISO 9660 names every character stands for a byte."""
        if not self.joliet and not name.isascii():
            name = name.encode("latin-1").decode("utf-8", "surrogateescape")
        if ";" in name:
            stem, _, version = name.rpartition(";")
            name = stem if version.isdigit() else name
        if name[-1:] == "." and not self.joliet:
            name = name[:-1]
        return safe_component(name)

    def _sniff(self, system_use: bytes) -> int | None:
        self.skip = looks_like_susp(system_use)
        return self.skip

    def _record(
        self,
        prefix: str,
        alias_prefix: str,
        name: str,
        shown: str,
        facts: RockRidge,
        offset: int,
        length: int,
        flags: int,
        unit: int,
        gap: int,
        depth: int,
    ) -> None:
        """A record that is more than a plain file."""
        if flags & _ASSOCIATED:
            shown = name = "._" + shown
        if facts.child is not None:
            self._push(facts.child, 0, prefix + shown, alias_prefix + name, depth + 1)
        elif flags & _DIRECTORY:
            waiting = ((offset - self.bias) // self.block_size, length, prefix + shown, alias_prefix + name, depth + 1)
            if facts.relocated:
                self.relocated.append(waiting)
            else:
                self._push(*waiting)
        elif facts.link is not None:
            self.notes.add("link-not-followed", prefix + shown, target=facts.link)
        elif flags & _CONTINUES or unit or self.pending:
            self._section(prefix, alias_prefix, name, shown, self._extents(offset, length, unit, gap), bool(flags & _CONTINUES))
        else:
            if facts.packed:
                self.notes.add("packed-on-disc", prefix + shown)
            self._add(prefix + shown, alias_prefix + name, (Extent(offset, length),) if length else (), length, offset)

    def _section(self, prefix: str, alias_prefix: str, name: str, shown: str, extents: list[Extent], continues: bool) -> None:
        """A file section; those of one file follow one another, all but the last marked (ECMA-119 6.5.1, 9.1.6)."""
        if self.pending and self.pending[0] == name:
            extents = self.pending[2] + extents
        elif self.pending:
            self._finish(prefix, alias_prefix)
        self.pending = (name, shown, extents)
        if not continues or len(extents) > _MAX_SECTIONS:
            self._finish(prefix, alias_prefix)

    def _finish(self, prefix: str, alias_prefix: str) -> None:
        assert self.pending
        name, shown, extents = self.pending
        self.pending = None
        self._add(prefix + shown, alias_prefix + name, tuple(extents), sum(extent.length for extent in extents), extents[0].offset)

    def _add(self, path: str, alias: str, extents: tuple[Extent, ...], size: int, order: int) -> None:
        present = present_bytes(extents, size, self.source.size)
        entry: Entry = tuple.__new__(Entry, (path, size, present, extents, order, self.session, self.kind))
        self.files.append(entry)
        if alias != path:
            self.aliases.append((alias, entry))

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

    def _mend(self, block: int, block_big: int, length: int, length_big: int) -> tuple[int, int]:
        """Numbers whose two byte orders disagree (ECMA-119 7.3.3): the little-endian ones unless only the others fit the disc."""
        self.mended += 1
        size = self.source.size - self.bias
        if not 0 < block * self.block_size < size and 0 < block_big * self.block_size < size:
            block = block_big
        room = size - block * self.block_size
        if not 0 < length <= room and 0 < length_big <= room:
            length = length_big
        return block, length

    def _extents(self, offset: int, length: int, unit: int, gap: int) -> list[Extent]:
        piece, step = unit * self.block_size, (unit + gap) * self.block_size  # interleaved: ECMA-119 6.4.3
        if not (unit and gap) or length <= piece:
            return [Extent(offset, length)]
        extents: list[Extent] = []
        while length > 0 and offset < self.source.size and len(extents) < _MAX_SECTIONS:
            extents.append(Extent(offset, min(piece, length)))
            length -= piece
            offset += step
        return extents or [Extent(offset, length)]

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
                    name = raw.decode("utf-16-be", "replace") if self.joliet else raw.decode("latin-1")
                    path = (above + "/" if above else "") + self._odd_name(name)
                if path.count("/") > MAX_DEPTH:
                    break
                paths.append(path)
                yield directory, path
                at += 8 + data[at] + data[at] % 2
            if len(paths) > 1:
                return
