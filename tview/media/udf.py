"""The tree of a UDF volume (ECMA-167 part 4), walked tolerantly and in the order of the disc."""

import heapq
from dataclasses import dataclass
from struct import Struct

from tview.media.notes import Notes
from tview.media.tree import MAX_DEPTH, MAX_FILES, Tree, listed, safe_component
from tview.media.udf_volume import LogicalVolume, LongAd, decode_name, long_ad, read_volume, tag_of
from tview.media.values import HOLE, Extent, Source

_FILE_SET, _FILE_IDENTIFIER, _ALLOCATION, _FILE, _EXTENDED, _INDIRECT = 256, 257, 258, 261, 266, 248
_DIRECTORY_TYPE, _LINK_TYPE = 4, 12
_REGULAR_TYPES = (0, 5, 249)  # unspecified, a row of bytes, a row of bytes for real time
_DIRECTORY, _DELETED, _PARENT = 2, 4, 8
_IDENTIFIER = Struct("<16xHBB16sH")
_MAX_EXTENTS = 1 << 18
_MAX_DIRECTORY = 64 << 20
_MAX_HOPS = 4096


@dataclass(frozen=True, slots=True)
class Icb:
    """A file as its entry describes it."""

    file_type: int
    size: int
    extents: tuple[Extent, ...]

    def content(self, source: Source, limit: int = _MAX_DIRECTORY) -> bytes:
        """The bytes of a small file, zeros where it cannot be read."""
        pieces, left = [], min(self.size, limit)
        for offset, length in self.extents:
            many = min(length, left)
            pieces.append(source.read_at(offset, many).data.ljust(many, b"\0") if offset >= 0 else bytes(many))
            left -= many
            if left <= 0:
                break
        return b"".join(pieces)


def read_tree(source: Source, notes: Notes) -> tuple[Tree, str] | None:
    """Every file of the UDF volume on this source, and its label; None when no volume can be followed. Ends on every input."""
    volume = read_volume(source)
    if volume is None:
        return None
    tree = Tree("udf")
    root = _root(source, volume)
    walk = _Walk(source, volume, tree, notes)
    if root is None:
        notes.add("udf-damaged", what="file set descriptor")
        tree.lost += 1
    else:
        walk.follow(root.partition, root.block, "")
    if walk.broken or root is None:
        walk.search()
    return (tree, volume.label) if tree.files or root is not None else None


def _root(source: Source, volume: LogicalVolume) -> LongAd | None:
    """The root directory of the last file set; blocks near its usual place are looked through when the volume points elsewhere."""
    first = volume.file_set
    places = [(first.partition, first.block + step) for step in range(max(1, min(first.length // volume.block_size, 16)))]
    found = None
    for partition, block in [*places, *((0, block) for block in range(64))]:
        data = volume.read(source, partition, block, volume.block_size)
        if tag_of(data) == _FILE_SET:
            found = long_ad(data, 400)
        elif found:
            break
    return found


class _Walk:
    """One walk over one volume; one thread."""

    def __init__(self, source: Source, volume: LogicalVolume, tree: Tree, notes: Notes) -> None:
        self.source, self.volume, self.tree, self.notes = source, volume, tree, notes
        self.seen: set[tuple[int, int]] = set()
        self.met: set[tuple[int, int]] = set()
        self.broken: list[str] = []
        self.number = 0
        self.room = min(source.size, 4 * _MAX_DIRECTORY)

    def follow(self, partition: int, block: int, path: str) -> None:
        """Everything below a folder."""
        heap: list[tuple[int, int, int, str, bool, int]] = [(block, 0, partition, path, True, 0)]
        while heap:
            block, _, partition, path, is_folder, depth = heapq.heappop(heap)
            if depth > MAX_DEPTH or len(self.tree.files) >= MAX_FILES or self.room < 0:
                self.notes.count("listing-limit")
                return
            icb = read_icb(self.source, self.volume, partition, block)
            if icb is None:
                self._lost(path, is_folder)
                continue
            self.met.add((partition, block))
            if icb.file_type != _DIRECTORY_TYPE and not is_folder:
                self._file(icb, path)
                continue
            if (partition, block) in self.seen:
                self.notes.add("directory-loop", path or "/")
                continue
            self.seen.add((partition, block))
            for name, folder, where in self._listed(icb, path):
                self.number += 1
                heapq.heappush(heap, (where.block, self.number, where.partition, f"{path}/{name}" if path else name, folder, depth + 1))

    def search(self) -> None:
        """What lost folders held, found by what describes it: folders under their own names, files under numbers."""
        from tview.media.udf_search import entries_left

        known = [extent for entry in self.tree.files for extent in entry.extents]
        folders: dict[tuple[int, int], set[tuple[int, int]]] = {}
        files: list[tuple[int, int]] = []
        root: tuple[int, int] | None = None
        for place in entries_left(self.source, self.volume, self.met, known):
            icb = read_icb(self.source, self.volume, *place)
            if icb is not None and icb.file_type == _DIRECTORY_TYPE:
                content = icb.content(self.source)
                listed_here = _identifiers(content)
                root = place if _is_root(content, place) else root
                folders[place] = {(where.partition, where.block) for name, _, where in listed_here if name is not None}
            elif icb is not None and icb.file_type in _REGULAR_TYPES:
                files.append(place)
        below = set().union(*folders.values()) if folders else set()
        tops = [place for place in folders if place not in below]
        prefix = self.broken[0] if len(self.broken) == 1 else ""
        for place in tops:
            self.follow(*place, "" if place == root else "/".join(filter(None, (prefix, f"[{place[1]}]"))))
        for place in files:
            icb = read_icb(self.source, self.volume, *place) if place not in self.met else None
            if icb is not None:
                path = "/".join(filter(None, (prefix, f"[{place[1]}]")))
                self._file(icb, path)
                self.notes.add("found-without-name", path)

    def _file(self, icb: Icb, path: str) -> None:
        if icb.file_type == _LINK_TYPE:
            self.notes.add("link-not-followed", path, target="?")
        else:
            self.tree.files.append(listed(path, icb.size, icb.extents, self.source.size, 1, "udf"))

    def _listed(self, icb: Icb, path: str) -> list[tuple[str, bool, LongAd]]:
        """The names of a folder; one that is not whole is told."""
        content = icb.content(self.source)
        self.room -= len(content)
        names = _identifiers(content)
        if len(content) < icb.size or any(name is None for name, _, _ in names):
            self.tree.lost += 1
            self.broken.append(path)
            self.notes.add("directory-damaged", path or "/", tree="udf")
        self.met.update((where.partition, where.block) for name, _, where in names if name == "")
        return [(name, folder, where) for name, folder, where in names if name]

    def _lost(self, path: str, is_folder: bool) -> None:
        self.tree.lost += 1
        if is_folder:
            self.broken.append(path)
        self.notes.add("directory-damaged" if is_folder else "file-record-damaged", path or "/", tree="udf")


def _is_root(content: bytes, place: tuple[int, int]) -> bool:
    """Whether a folder has itself above it (ECMA-167 4/14.4: the first identifier is the parent's)."""
    where = long_ad(content, 20) if tag_of(content[:16]) == _FILE_IDENTIFIER and content[18] & _PARENT else None
    return where is not None and (where.partition, where.block) == place


def _identifiers(content: bytes) -> list[tuple[str | None, bool, LongAd]]:
    """Names of a directory (ECMA-167 4/14.4); a None among them for each stretch that is none, after which the next is looked for.

    "" is what is not to be shown: deleted, or blocks that are not to be used, written down as a file (UDF 1.50 2.3.7.2).
    """
    found: list[tuple[str | None, bool, LongAd]] = []
    at, nothing = 0, LongAd(0, 0, 0, 0)
    while at + 38 <= len(content):
        if tag_of(content[at : at + 16]) != _FILE_IDENTIFIER:
            found.append((None, False, nothing))
            following = at + 4
            while following + 38 <= len(content) and not (
                content[following : following + 2] == b"\x01\x01" and tag_of(content[following : following + 16]) == _FILE_IDENTIFIER
            ):
                following += 4
            at = following
            continue
        _, characteristics, name_size, _, use_size = _IDENTIFIER.unpack_from(content, at)
        name_at = at + 38 + use_size
        raw = content[name_at : name_at + name_size]
        if not characteristics & _PARENT and name_size:
            is_hidden = characteristics & _DELETED or raw[1:] == b"Non-Allocatable Space"
            name = "" if is_hidden else safe_component(decode_name(raw))
            found.append((name, bool(characteristics & _DIRECTORY), long_ad(content, at + 20)))
        at += (38 + use_size + name_size + 3) // 4 * 4
    return found


def read_icb(source: Source, volume: LogicalVolume, partition: int, block: int) -> Icb | None:
    """The file entry at this block (ECMA-167 4/14.9, 14.17), the newest one where several were written; None when there is none."""
    data = b""
    for _ in range(_MAX_HOPS):
        here = volume.read(source, partition, block, volume.block_size)
        kind = tag_of(here)
        if kind in (_FILE, _EXTENDED):
            data = here
            if int.from_bytes(here[20:22], "little") != 4096:
                break
            block += 1  # strategy 4096 (ECMA-167 4/A.5): a newer one may follow, or where it is
        elif kind == _INDIRECT and data:
            where = long_ad(here, 36)
            partition, block = where.partition, where.block
        else:
            break
    if not data:
        return None
    head = 176 if tag_of(data) == _FILE else 216
    size = int.from_bytes(data[56:64], "little")
    attributes, descriptors = int.from_bytes(data[head - 8 : head - 4], "little"), int.from_bytes(data[head - 4 : head], "little")
    start = head + attributes
    if int.from_bytes(data[34:36], "little") & 7 == 3:
        runs = volume.extents(partition, block, volume.block_size)
        there = max(0, min(descriptors, len(data) - start, size))
        extents = (Extent(runs[0][0] + start, there),) if runs and runs[0][0] >= 0 and there else ()
        return Icb(data[27], size, extents)
    form = int.from_bytes(data[34:36], "little") & 7
    return Icb(data[27], size, _extents(source, volume, partition, data[start : start + descriptors], form, size))


def _extents(source: Source, volume: LogicalVolume, partition: int, descriptors: bytes, form: int, size: int) -> tuple[Extent, ...]:
    """Where a file's bytes are; extents that follow on one another are joined."""
    step = {0: 8, 1: 16, 2: 20}.get(form, 8)
    extents: list[tuple[int, int]] = []
    total, at, hops = 0, 0, 0
    while at + step <= len(descriptors) and total < size and len(extents) < _MAX_EXTENTS:
        word = int.from_bytes(descriptors[at : at + 4], "little")
        length, kind = word & 0x3FFFFFFF, word >> 30
        if form == 0:
            where = (partition, int.from_bytes(descriptors[at + 4 : at + 8], "little"))
        else:
            skip = 4 if form == 1 else 12
            where = (
                int.from_bytes(descriptors[at + skip + 4 : at + skip + 6], "little"),
                int.from_bytes(descriptors[at + skip : at + skip + 4], "little"),
            )
        at += step
        if not length:
            break
        if kind == 3:  # the descriptors go on elsewhere
            hops += 1
            more = volume.read(source, where[0], where[1], min(length, 1 << 20))
            if hops > _MAX_HOPS or tag_of(more) != _ALLOCATION:
                break
            descriptors, at = more[24 : 24 + int.from_bytes(more[20:24], "little")], 0
            continue
        length = min(length, size - total)
        total += length
        for offset, many in volume.extents(*where, length) if kind == 0 else [(HOLE, length)]:
            if extents and offset >= 0 and extents[-1][0] >= 0 and sum(extents[-1]) == offset:
                extents[-1] = (extents[-1][0], extents[-1][1] + many)
            else:
                extents.append((offset, many))
    return tuple(Extent(offset, many) for offset, many in extents)
