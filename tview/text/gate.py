"""The gate: text from a disc, a file name or a label becomes `SafeText` here and nowhere else.

What a terminal would obey (C0, C1, ESC, DEL), what reorders or hides text (bidirectional controls, zero-width characters, tags, variation
selectors in bulk) and what is no character at all (surrogates, non-characters) is replaced by a visible mark, never dropped: a name with
something odd in it shows that it has. ZWJ and ZWNJ stay between letters, where Persian and Indic names need them.
"""

import re
import unicodedata

_LIMIT = 4096
_PLAIN = re.compile(r"[ -~\u00a1-\u00ac\u00ae-\u02ff\u0370-\u052f]*\Z").match
_BIDI_AND_INVISIBLE = frozenset(
    (0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x200B, 0x200E, 0x200F, 0x2028, 0x2029, 0x3164, 0xFEFF, 0xFFA0)
) | frozenset((*range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xFFF9, 0xFFFC)))
_JOINERS = frozenset("\u200c\u200d")


class SafeText(str):
    """Text that has passed the gate. Made by `safe` and `safe_lines` only; widgets and printers take nothing else from outside."""

    __slots__ = ()


def safe(raw: str | bytes, limit: int = _LIMIT) -> SafeText:
    """One row of text: control, reordering and invisible characters become visible marks, newlines and tabs too.

    Bytes are taken as UTF-8; what is not becomes ``\\xNN``. At most `limit` characters come out, an ellipsis marking the cut.
    Passing text through twice changes nothing.
    """
    if type(raw) is SafeText and len(raw) <= limit:
        return raw
    text = raw.decode("utf-8", "backslashreplace") if isinstance(raw, bytes) else str(raw)
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    if _PLAIN(text):
        return SafeText(text)
    return SafeText("".join(_visible(text, position, keep="") for position in range(len(text))))


def safe_lines(raw: str | bytes, limit: int = 1 << 20) -> SafeText:
    """Running text for a report pane: as `safe`, but line breaks stay (CR LF, CR, FF and NEL become LF) and tabs become spaces."""
    text = raw.decode("utf-8", "backslashreplace") if isinstance(raw, bytes) else str(raw)
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    text = re.sub("\r\n|\r|\f|\x85", "\n", text).expandtabs(4)
    return SafeText("".join(_visible(text, position, keep="\n") for position in range(len(text))))


def _visible(text: str, position: int, keep: str) -> str:
    character = text[position]
    code = ord(character)
    if character in keep or 0x20 <= code < 0x7F:
        return character
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if 0xDC80 <= code <= 0xDCFF:  # a byte of a file name that is no UTF-8 (os.fsdecode)
        return f"\\x{code - 0xDC00:02x}"
    if character in _JOINERS:
        return character if _between_letters(text, position) else f"<U+{code:04X}>"
    if code in _BIDI_AND_INVISIBLE or 0xFE00 <= code <= 0xFE0F or 0xE0000 <= code <= 0xE0FFF:
        return f"<U+{code:04X}>"
    if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
        return f"<U+{code:04X}>"
    if code in (0xA0, 0x2007, 0x202F, 0x3000) or unicodedata.category(character) == "Zs":
        return " " if code != 0x3000 else "  "
    return character


def _between_letters(text: str, position: int) -> bool:
    return 0 < position < len(text) - 1 and all(unicodedata.category(text[i])[0] in "LM" for i in (position - 1, position + 1))
