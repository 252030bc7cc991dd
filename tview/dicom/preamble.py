"""What the first 128 bytes of a file could be taken for (PS3.10 7.1 leaves them to the application)."""

from tview.errors import Finding, finding

_PROGRAMS = (
    (b"MZ", "Windows program"), (b"\x7fELF", "Linux program"), (b"#!", "script"), (b"PK\3\4", "ZIP archive"),
    (b"\xfe\xed\xfa\xce", "macOS program"), (b"\xfe\xed\xfa\xcf", "macOS program"),
    (b"\xce\xfa\xed\xfe", "macOS program"), (b"\xcf\xfa\xed\xfe", "macOS program"), (b"\xca\xfe\xba\xbe", "macOS program or Java class"),
    (b"<!DOCTYPE", "web page"), (b"<html", "web page"), (b"<HTML", "web page"), (b"<script", "web page"),
)  # fmt: skip
_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")


def preamble_findings(preamble: bytes, path: str | None) -> tuple[Finding, ...]:
    """A preamble that starts a program is an error of its own; TIFF (dual-personality files) and other content are notes."""
    if not preamble.strip(b"\0"):
        return () if len(preamble) in (0, 128) else (finding("preamble-odd", path=path, bytes=len(preamble)),)
    for start, what in _PROGRAMS:
        if preamble.startswith(start):
            return (finding("preamble-program", path=path, what=what),)
    if preamble.startswith(_TIFF):
        return (finding("preamble-tiff", path=path),)
    return (finding("preamble-used", path=path),)
