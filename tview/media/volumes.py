"""ISO 9660 volume descriptors, read tolerantly (ECMA-119 8, Joliet specification)."""

from struct import Struct
from typing import NamedTuple

from tview.media.sources import SECTOR
from tview.media.values import Source

FIRST = 16
_SCANNED, _BEHIND = 32, 4
_MARKS = (b"CD001", b"BEA01", b"NSR02", b"NSR03", b"TEA01")
_ROOT = Struct("<2xI4sI4s")


class Volume(NamedTuple):
    """One volume descriptor: what names its tree has and where the tree begins. Positions are in blocks."""

    kind: str
    sector: int
    label: str
    block_size: int
    blocks: int
    root: int
    root_size: int
    path_table: int
    path_table_big: int
    path_table_size: int


class Descriptors(NamedTuple):
    """What stands in the recognition area of a session: volumes, whether it was ended, whether a UDF marks itself."""

    volumes: tuple[Volume, ...]
    terminated: bool
    udf: bool
    boot: bool

    @property
    def primary(self) -> Volume | None:
        return next((volume for volume in self.volumes if volume.kind == "iso9660"), None)


def read_descriptors(source: Source, sector: int = FIRST) -> Descriptors:
    """The volume descriptors at this sector and after it.

    ECMA-119 8.3 ends them with a terminator; discs without one are seen, and zeroed descriptors before intact ones, so a fixed stretch
    is looked at, and behind a terminator four sectors more than have a mark: files may lie there, and scratches.
    """
    volumes: list[Volume] = []
    terminated = udf = boot = False
    last = _SCANNED
    for index in range(_SCANNED):
        block = source.read_at((sector + index) * SECTOR, SECTOR).data if index <= last else b""
        if len(block) < SECTOR:
            break
        mark = block[1:6]
        if terminated and mark in _MARKS:
            last = index + _BEHIND
        if mark in (b"NSR02", b"NSR03", b"BEA01"):
            udf = True
        if mark != b"CD001":
            continue
        if block[0] == 255:
            terminated, last = True, index + _BEHIND
        boot |= block[0] == 0
        if block[0] in (1, 2) and not (index and block[0] == 1 and volumes and any(v.kind == "iso9660" for v in volumes)):
            volumes.append(_volume(block, sector + index))
    return Descriptors(tuple(volumes), terminated, udf, boot)


def _volume(block: bytes, sector: int) -> Volume:
    kind = "iso9660"
    if block[0] == 2:
        # A supplementary descriptor without the escape sequence of UCS-2 is the enhanced one of ISO 9660:1999, or one like the primary.
        kind = "joliet" if block[88:91] in (b"%/@", b"%/C", b"%/E") else "iso9660-1999"
    encoding = "utf-16-be" if kind == "joliet" else "utf-8"
    label = block[40:72].decode(encoding, "replace" if kind == "joliet" else "surrogateescape").rstrip(" \0")
    block_size = both(block[128:130], block[130:132], 0xFFFF)
    root, root_big, size, size_big = _ROOT.unpack_from(block, 156)
    return Volume(
        kind=kind,
        sector=sector,
        label=label,
        block_size=block_size if block_size in (512, 1024, 2048, 4096) else SECTOR,
        blocks=both(block[80:84], block[84:88], 0xFFFFFFFF),
        root=root or int.from_bytes(root_big, "big"),
        root_size=size or int.from_bytes(size_big, "big"),
        path_table=int.from_bytes(block[140:144], "little"),
        path_table_big=int.from_bytes(block[148:152], "big"),
        path_table_size=both(block[132:136], block[136:140], 1 << 24),
    )


def searched_volumes(source: Source) -> tuple[Volume, ...]:
    """The volume whose root directory is found by its looks, where no descriptor is left: its first two records both name its own sector.

    Of several the first: the primary tree's comes before that of Joliet on discs as they are written.
    """
    window = source.read_at(0, _SEARCHED).data
    for start in range(FIRST * SECTOR, len(window) - 67, SECTOR):
        own = window[start : start + 34]
        if own[0] < 34 or own[32:34] != b"\1\0" or not own[25] & 2:
            continue
        block = int.from_bytes(own[2:6], "little")
        above = window[start + own[0] : start + own[0] + 34]
        if block != start // SECTOR or above[2:6] != own[2:6] or above[32:34] != b"\1\1" or int.from_bytes(own[6:10], "big") != block:
            continue
        size = int.from_bytes(own[10:14], "little")
        return (Volume("iso9660", 0, "", SECTOR, 0, block, size, 0, 0, 0),)
    return ()


_SEARCHED = 4 << 20


def both(little: bytes, big: bytes, limit: int) -> int:
    """A number recorded in both byte orders (ECMA-119 7.3.3); the big-endian one when the other is zero or beyond the limit."""
    number = int.from_bytes(little, "little")
    return number if 0 < number <= limit else int.from_bytes(big, "big")
