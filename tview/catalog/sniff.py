"""What a file is, by its first bytes. Names are not looked at: discs lie in them."""

import re

KINDS = (
    "dicomdir", "dicom", "encrypted", "html", "xml", "json", "rtf", "text", "pdf", "jpeg", "png", "gif", "tiff", "bmp", "icon", "video",
    "audio", "program", "script", "shortcut", "zip", "archive", "office", "database", "font", "disc-image", "empty", "zeros",
    "unreadable", "random", "data",
)  # fmt: skip
"""Every kind of other file."""

_MAGIC = (
    (b"MZ", "program"), (b"\x7fELF", "program"), (b"\xca\xfe\xba\xbe", "program"), (b"\xfe\xed\xfa\xce", "program"),
    (b"\xfe\xed\xfa\xcf", "program"), (b"\xce\xfa\xed\xfe", "program"), (b"\xcf\xfa\xed\xfe", "program"), (b"#!", "script"),
    (b"%PDF-", "pdf"), (b"\xff\xd8\xff", "jpeg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"GIF87a", "gif"), (b"GIF89a", "gif"),
    (b"II*\0", "tiff"), (b"MM\0*", "tiff"), (b"II+\0", "tiff"), (b"MM\0+", "tiff"), (b"PK\3\4", "zip"), (b"PK\5\6", "zip"),
    (b"7z\xbc\xaf\x27\x1c", "archive"), (b"Rar!\x1a\x07", "archive"), (b"\x1f\x8b", "archive"), (b"BZh", "archive"),
    (b"\xfd7zXZ\0", "archive"), (b"MSCF", "archive"), (b"ISc(", "archive"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "office"),
    (b"{\\rtf", "rtf"), (b"SQLite format 3\0", "database"), (b"\0\1\0\0Standard", "database"), (b"OTTO\0", "font"),
    (b"\0\1\0\0\0", "font"), (b"L\0\0\0\1\x14\2\0", "shortcut"), (b"\0\0\1\0", "icon"), (b"\0\0\1\xba", "video"),
    (b"\0\0\1\xb3", "video"), (b"\x1aE\xdf\xa3", "video"), (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video"), (b"OggS", "audio"),
    (b"ID3", "audio"), (b"FWS", "video"), (b"CWS", "video"), (b"\xff\x4f\xff\x51", "jpeg"), (b"\0\0\0\x0cjP  ", "jpeg"),
)  # fmt: skip
_MARKUP = rb"\s*(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|script|frameset|meta\b)"
_CONTROLS = bytes(range(9)) + b"\x0b" + bytes(range(0x0E, 0x1B)) + bytes(range(0x1C, 0x20)) + b"\x7f"
_ENVELOPED = (
    bytes.fromhex("06092a864886f70d010703"),  # 1.2.840.113549.1.7.3, CMS enveloped data (PS3.15 annex B.8)
    bytes.fromhex("060b2a864886f70d0109100117"),  # 1.2.840.113549.1.9.16.1.23, the same with a check of its own
)
_LOCKED = (
    (0, b"LUKS\xba\xbe"), (3, b"-FVE-FS-"), (0, b"Salted__"), (0, b"-----BEGIN PGP MESSAGE"), (0, b"-----BEGIN CMS"),
    (0, b"-----BEGIN PKCS7"), (0, b"age-encryption.org/"),
)  # fmt: skip
_LEAST_RANDOM = 1 << 18
_UNIFORM = range(140, 400)  # chi-square of 16 KB over 256 values: 255 ± 6 standard deviations


def sniff(head: bytes, size: int) -> str:
    """The kind of a file with these first bytes."""
    if size == 0:
        return "empty"
    if not head:
        return "unreadable"
    if not head.strip(b"\0"):
        return "zeros"
    if head.startswith(b"PK\3\4") and head[6:7] and head[6] & 1:  # the first member needs a password (APPNOTE 4.4.4)
        return "encrypted"
    for start, kind in _MAGIC:
        if head.startswith(start):
            return kind
    if head.startswith(b"BM") and head[6:10] == bytes(4):
        return "bmp"
    if head.startswith(b"RIFF"):
        return "audio" if head[8:12] == b"WAVE" else "video"
    if head[4:8] == b"ftyp":
        return "video"
    if (head[:1] == b"\x30" and any(mark in head[:40] for mark in _ENVELOPED)) or any(head[at:].startswith(mark) for at, mark in _LOCKED):
        return "encrypted"
    if len(head) > 262 and head[257:262] == b"ustar":
        return "archive"
    if head[0x8001:0x8006] in (b"CD001", b"BEA01"):
        return "disc-image"
    kind = _text_kind(head)
    return "random" if kind == "data" and size >= _LEAST_RANDOM and size % 512 == 0 and _is_random(head) else kind


def _is_random(head: bytes) -> bool:
    """Whether all values are equally many, as in a container that VeraCrypt makes: nothing in it says what it is."""
    if len(head) < 1 << 14:
        return False
    expected = len(head) / 256
    return int(sum((head.count(value) - expected) ** 2 for value in range(256)) / expected) in _UNIFORM


def _text_kind(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = head[2:].replace(b"\0", b"")
    elif head.translate(None, _CONTROLS) == head:
        text = head
    else:
        return "data"
    if re.match(_MARKUP, text[:4096], re.IGNORECASE | re.DOTALL):
        return "html"
    start = text.lstrip(b"\xef\xbb\xbf \t\r\n")[:64].lower()
    if start.startswith((b"<?xml", b"<!doctype", b"<svg")):
        return "html" if b"<html" in text[:2048].lower() else "xml"
    if start.startswith((b'{"', b"[{", b"{\n", b"{\r")):
        return "json"
    return "text"
