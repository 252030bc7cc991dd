"""The members of a ZIP archive (PKWARE APPNOTE), by its central directory, else by what stands before each member."""

from struct import Struct
from typing import NamedTuple

from tview.media.archive import Member
from tview.media.ciphers import Locked
from tview.media.inflate import is_bomb
from tview.media.notes import Notes
from tview.media.tree import MAX_FILES
from tview.media.values import Source

_END, _END64, _LOCATOR64 = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
_CENTRAL, _LOCAL = b"PK\x01\x02", b"PK\x03\x04"
_RECORD = Struct("<4xHHHHHHIIIHHHHHII")
_HEAD = Struct("<4xHHHHHIIIHH")
_MAX_DIRECTORY = 256 << 20
_ENCRYPTED, _SIZES_LATER, _STRONG, _UTF8 = 0x1, 0x8, 0x40, 0x800
_STORED, _DEFLATED, _AES = 0, 8, 99
# APPNOTE 4.4.5
_METHODS = {9: "Deflate64", 12: "BZIP2", 14: "LZMA", 20: "Zstandard", 93: "Zstandard", 94: "MP3", 95: "XZ", 96: "JPEG", 98: "PPMd"}


class _Facts(NamedTuple):
    """What a record says about a member, in the central directory or before the member itself."""

    flags: int
    method: int
    time: int
    crc: int
    full: int
    packed: int
    extra: bytes


def is_zip(source: Source) -> bool:
    """Whether this begins as an archive does, empty ones included, or is a program that unpacks itself."""
    head = source.read_at(0, 132).data
    return head[:4] in (_LOCAL, _END) or (head[:2] == b"MZ" and head[128:] != b"DICM" and is_complete(source))


def is_complete(source: Source) -> bool:
    """Whether the archive's list of files is there, at its end."""
    return _central_directory(source) is not None


def read_zip(source: Source, notes: Notes) -> list[Member]:
    """The files in the archive; folders are left out. Ends on every input."""
    directory = _central_directory(source)
    if directory is None:
        notes.add("archive-cut-off")
        return _salvage(source)
    start, size, shift = directory
    data = source.read_at(start, min(size, _MAX_DIRECTORY)).data
    members: list[Member] = []
    at, reach = 0, -1
    while data[at : at + 4] == _CENTRAL and at + 46 <= len(data) and len(members) < MAX_FILES:
        _, _, flags, method, time, _, crc, packed, full, name_size, extra_size, note_size, _, _, _, offset = _RECORD.unpack_from(data, at)
        name = data[at + 46 : at + 46 + name_size]
        extra = data[at + 46 + name_size : at + 46 + name_size + extra_size]
        full, packed, offset = _large(extra, full, packed, offset)
        at += 46 + name_size + extra_size + note_size
        if name.endswith((b"/", b"\\")) and not full:
            continue
        facts = _Facts(flags, method, time, crc, full, packed, extra)
        members.append(_member(source, _decoded(name, flags), facts, offset + shift))
    if not members and size:
        notes.add("archive-cut-off")
        return _salvage(source)
    members.sort(key=lambda member: member.offset)
    for number, member in enumerate(members):  # members that share bytes unpack to far more than the archive holds
        if member.offset < reach and not member.trouble:
            members[number] = member._replace(trouble="archive-overlap")
        reach = max(reach, member.offset + _packed_size(member))
    return members


def _packed_size(member: Member) -> int:
    if member.locked is not None:
        return member.locked.packed
    return member.size if member.deflated is None else member.deflated


def _member(source: Source, name: str, facts: _Facts, offset: int) -> Member:
    head = source.read_at(offset, 30).data
    method, crc, locked = facts.method, facts.crc, None
    if facts.flags & _ENCRYPTED and not facts.flags & _STRONG:
        aes = _field(facts.extra, 0x9901) if method == _AES else None
        if aes is not None and len(aes) >= 7 and aes[4] in (1, 2, 3):
            method = int.from_bytes(aes[5:7], "little")
            locked = Locked(facts.packed, 0, aes[4])
        elif method != _AES:
            # APPNOTE 6.1.6 wants the sum's high byte; where sums come after the data it is the time's, as Info-ZIP writes.
            locked = Locked(facts.packed, facts.time >> 8 if facts.flags & _SIZES_LATER else crc >> 24)
    deflated = None if method == _STORED else facts.packed
    if head[:4] != _LOCAL or len(head) < 30:
        return Member(name, facts.full, offset, deflated, "archive-member-lost")
    *_, name_size, extra_size = _HEAD.unpack(head)
    begin = offset + 30 + name_size + extra_size
    # AE-2 leaves the sum out: the authentication code is there instead. So is none where nothing was said.
    summed = None if (locked is not None and locked.strength and not crc) or (facts.flags & _SIZES_LATER and not crc) else crc
    trouble, packing = None, ""
    if facts.flags & _ENCRYPTED and locked is None:
        trouble, packing = "archive-method", "strong encryption"
    elif method not in (_STORED, _DEFLATED):
        trouble, packing = "archive-method", _METHODS.get(method, f"method {method}")
    elif method == _DEFLATED and is_bomb(facts.full, facts.packed):
        trouble = "archive-bomb"
    return Member(name, facts.full, begin, deflated, trouble, summed, locked, None, packing)


def _central_directory(source: Source) -> tuple[int, int, int] | None:
    """(offset, size, how far all offsets are off): archives are seen that have something before their beginning."""
    tail_at = max(0, source.size - 22 - 0xFFFF - 20 - 56)
    tail = source.read_at(tail_at, source.size - tail_at).data
    at = tail.rfind(_END)
    if at < 0 or at + 22 > len(tail):
        return None
    size, start = int.from_bytes(tail[at + 12 : at + 16], "little"), int.from_bytes(tail[at + 16 : at + 20], "little")
    end = tail_at + at
    locator = at - 20
    if locator >= 0 and tail[locator : locator + 4] == _LOCATOR64:
        record_at = int.from_bytes(tail[locator + 8 : locator + 16], "little")
        record = source.read_at(record_at, 56).data
        if record[:4] != _END64:
            record_at = end - 20 - 56
            record = source.read_at(record_at, 56).data
        if record[:4] == _END64:
            size, start = int.from_bytes(record[40:48], "little"), int.from_bytes(record[48:56], "little")
            end = record_at
    shift = end - size - start
    if size and source.read_at(start + shift, 4).data != _CENTRAL:
        if source.read_at(start, 4).data != _CENTRAL:
            return None
        shift = 0
    return start + shift, size, shift


def _large(extra: bytes, full: int, packed: int, offset: int) -> tuple[int, int, int]:
    """The numbers of a record, those that do not fit it from its ZIP64 field (APPNOTE 4.5.3)."""
    field = _field(extra, 1) or b""
    values = [int.from_bytes(field[step : step + 8], "little") for step in range(0, len(field) - 7, 8)]
    if full == 0xFFFFFFFF and values:
        full = values.pop(0)
    if packed == 0xFFFFFFFF and values:
        packed = values.pop(0)
    if offset == 0xFFFFFFFF and values:
        offset = values.pop(0)
    return full, packed, offset


def _field(extra: bytes, wanted: int) -> bytes | None:
    """An extra field of a record (APPNOTE 4.5.1)."""
    at = 0
    while at + 4 <= len(extra):
        kind, size = int.from_bytes(extra[at : at + 2], "little"), int.from_bytes(extra[at + 2 : at + 4], "little")
        if kind == wanted:
            return extra[at + 4 : at + 4 + size]
        at += 4 + size
    return None


def _salvage(source: Source) -> list[Member]:
    """Members by their local headers: an archive that broke off has no directory. Stops where sizes are not told beforehand."""
    members: list[Member] = []
    at = 0
    while len(members) < MAX_FILES:
        head = source.read_at(at, 30).data
        if head[:4] != _LOCAL or len(head) < 30:
            break
        _, flags, method, time, _, crc, packed, full, name_size, extra_size = _HEAD.unpack(head)
        rest = source.read_at(at + 30, name_size + extra_size).data
        name = rest[:name_size]
        full, packed, _ = _large(rest[name_size:], full, packed, 0)
        lost = bool(flags & _SIZES_LATER and not packed)  # the sizes come after the data
        if lost:
            packed = full = source.size - at - 30 - name_size - extra_size
        if not name.endswith((b"/", b"\\")) or full:
            member = _member(source, _decoded(name, flags), _Facts(flags, method, time, crc, full, packed, rest[name_size:]), at)
            members.append(member._replace(trouble="archive-member-lost") if lost else member)
        if lost:
            break
        at += 30 + name_size + extra_size + packed
    return members


def _decoded(name: bytes, flags: int) -> str:
    """UTF-8 when a bit says so, else code page 437 (APPNOTE D.1); but names that are valid UTF-8 without the bit are meant to be."""
    try:
        return name.decode("utf-8")
    except UnicodeDecodeError:
        return name.decode("utf-8", "surrogateescape") if flags & _UTF8 else name.decode("cp437")
