"""System use entries of ISO 9660 directory records: SUSP (IEEE P1281) and Rock Ridge (IEEE P1282)."""

from typing import NamedTuple

from tview.media.sources import SECTOR
from tview.media.values import Source

_MAX_AREAS = 16
_MAX_NAME = 4096


class RockRidge(NamedTuple):
    """What a record's system use says. `name` is None without one; `child` is the block of a relocated directory; `packed`: zisofs."""

    name: str | None = None
    child: int | None = None
    relocated: bool = False
    link: str | None = None
    packed: bool = False


NOTHING = RockRidge()


def susp_skip(system_use: bytes) -> int | None:
    """How many bytes come before the entries in every record, from the root's own record; None where SUSP is not used (P1281 5.3)."""
    at = system_use.find(b"SP\x07\x01\xbe\xef")
    if at < 0 or at + 7 > len(system_use):
        return None
    return system_use[at + 6]


def looks_like_susp(system_use: bytes) -> int | None:
    """As `susp_skip` for a disc that lost its root: entries are known by their looks, at the start or behind the 14 bytes of CD-ROM XA."""
    for skip in (0, 14):
        if system_use[skip : skip + 2] in (b"RR", b"NM", b"PX", b"TF", b"CE") and system_use[skip + 3 : skip + 4] == b"\x01":
            return skip
    return None


def plain_name(area: bytes) -> str | None:
    """The name of a record that has one in one piece and nothing else that matters; None for others: `read_rock_ridge` reads all."""
    at, end, name = 0, len(area) - 3, None
    while at < end:
        size = area[at + 2]
        if size < 4 or at + size > end + 3:
            break
        first = area[at]
        if first == 78:  # N
            if area[at + 1] != 77 or name is not None or size < 6 or area[at + 4]:
                return None
            name = area[at + 5 : at + size]
        elif first == 67 or first == 83 or first == 90 or (first == 82 and area[at + 1] == 69):  # C, S, Z, RE
            return None
        at += size
    return name.decode("utf-8", "surrogateescape") if name is not None else None


def read_rock_ridge(system_use: bytes, source: Source, block_size: int, bias: int) -> RockRidge:
    """The Rock Ridge facts of one record, continuation areas followed but bounded."""
    name, links, linked = [], [], False
    child, relocated, packed, areas, length = None, False, False, 0, 0
    area: bytes | None = system_use
    while area is not None and areas < _MAX_AREAS:
        areas += 1
        following, at, end = None, 0, len(area)
        while at + 4 <= end:
            size = area[at + 2]
            if size < 4 or at + size > end:
                break
            mark = area[at : at + 2]
            if mark == b"NM" and size > 5 and length < _MAX_NAME:
                if not area[at + 4] & 6:
                    name.append(area[at + 5 : at + size])
                    length += size
            elif mark == b"CE" and size >= 28:
                following = (_little(area, at + 4), _little(area, at + 12), _little(area, at + 20))
            elif mark == b"CL" and size >= 12:
                child = _little(area, at + 4)
            elif mark == b"ZF":
                packed = True
            elif mark == b"RE":
                relocated = True
            elif mark == b"SL":
                linked = True
                links.append(area[at + 5 : at + size])
            elif mark == b"ST":
                break
            at += size
        area = None
        if following:
            block, start, size = following
            area = source.read_at(block * block_size + bias + start, min(size, SECTOR)).data
    if not (name or linked or relocated or packed or child is not None):
        return NOTHING
    shown = b"".join(name).decode("utf-8", "surrogateescape") if name else None
    return RockRidge(shown, child, relocated, _link_target(links) if linked else None, packed)


def _little(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "little")


def _link_target(parts: list[bytes]) -> str:
    """The target of a symbolic link from its component records (P1282 4.1.3)."""
    data, at, target = b"".join(parts)[:_MAX_NAME], 0, []
    while at + 2 <= len(data):
        flags, size = data[at], data[at + 1]
        if flags & 2:
            target.append(".")
        elif flags & 4:
            target.append("..")
        elif flags & 8:
            target.append("")
        else:
            target.append(data[at + 2 : at + 2 + size].decode("utf-8", "surrogateescape"))
        at += 2 + size
    return "/".join(target) or "/"
