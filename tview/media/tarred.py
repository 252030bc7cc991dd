"""The members of a TAR archive (POSIX ustar and pax, GNU long names), each read where it lies."""

from tview.media.archive import Member
from tview.media.notes import Notes
from tview.media.tree import MAX_FILES
from tview.media.values import Source

_BLOCK = 512
_MAX_EXTRA = 1 << 20
_FOLDER, _PAX, _PAX_ALL, _LONG_NAME = b"5", b"x", b"g", b"L"


def is_tar(source: Source) -> bool:
    """Whether this begins with a header whose sum is right."""
    return _sum_fits(source.read_at(0, _BLOCK).data)


def read_tar(source: Source, notes: Notes) -> list[Member]:
    """The regular files in the archive. Ends on every input: each step goes on by a block at least."""
    members: list[Member] = []
    at, name, size_told = 0, None, None
    while at + _BLOCK <= source.size and len(members) < MAX_FILES:
        head = source.read_at(at, _BLOCK).data
        if not head.strip(b"\0"):
            at += _BLOCK
            if not source.read_at(at, _BLOCK).data.strip(b"\0"):
                break
            continue
        if not _sum_fits(head):
            notes.add("archive-damaged", at=at)
            at += _BLOCK
            while at + _BLOCK <= source.size and not _sum_fits(source.read_at(at, _BLOCK).data):
                at += _BLOCK
            continue
        kind, size = head[156:157], _number(head[124:136])
        if kind in (_LONG_NAME, _PAX) and size <= _MAX_EXTRA:
            extra = source.read_at(at + _BLOCK, size).data
            if kind == _LONG_NAME:
                name = _text(extra)
            else:
                facts = _pax(extra)
                name = _text(facts[b"path"]) if b"path" in facts else name
                size_told = int(facts[b"size"]) if facts.get(b"size", b"").isdigit() else None
        elif kind == _PAX_ALL:
            pass
        else:
            if size_told is not None:
                size = size_told
            path = name if name is not None else _ustar_name(head)
            if kind in (b"\0", b"0", b"7") and not path.endswith("/"):
                members.append(Member(path, size, at + _BLOCK))
            elif kind in (b"1", b"2"):
                notes.add("link-not-followed", path, target=_text(head[157:257]))
                size = 0
            elif kind in (b"3", b"4", b"6") or kind != _FOLDER:
                notes.add("special-file-skipped", path)
            name = size_told = None
        at += _BLOCK + (size + _BLOCK - 1) // _BLOCK * _BLOCK
    return members


def _sum_fits(head: bytes) -> bool:
    """The sum of a header's bytes, those of the sum taken as blanks."""
    if len(head) < _BLOCK or not head[:1].strip(b"\0"):
        return False
    told = _number(head[148:156])
    return told == sum(head) - sum(head[148:156]) + 8 * 32 and told > 0


def _number(field: bytes) -> int:
    """Octal digits, or the GNU form for what does not fit: never negative."""
    if field[:1] == b"\x80":
        return int.from_bytes(field[1:], "big")
    digits = field.strip(b" \0")
    return int(digits, 8) if digits and not digits.strip(b"01234567") else 0


def _pax(data: bytes) -> dict[bytes, bytes]:
    facts: dict[bytes, bytes] = {}
    at = 0
    while at < len(data):
        length_end = data.find(b" ", at, at + 20)
        digits = data[at:length_end] if length_end > 0 else b""
        if not digits.isdigit() or int(digits) <= len(digits):
            break
        key, mark, value = data[length_end + 1 : at + int(digits) - 1].partition(b"=")
        if mark:
            facts[key] = value
        at += int(digits)
    return facts


def _ustar_name(head: bytes) -> str:
    name = _text(head[:100])
    prefix = _text(head[345:500]) if head[257:263] == b"ustar\0" else ""
    return f"{prefix}/{name}" if prefix else name


def _text(field: bytes) -> str:
    return field.partition(b"\0")[0].decode("utf-8", "surrogateescape")
