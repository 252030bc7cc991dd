"""From bytes to characters by Specific Character Set (0008,0005): PS3.3 C.12.1.1.2, PS3.5 6.1.

Where the declaration is missing or wrong the text is read anyway, and the reading says so.
"""

import re
from functools import cache, lru_cache
from typing import NamedTuple

# Defined terms to Python codecs. What stands in G0 is ASCII except where noted.
_SINGLE = {
    "": "ascii", "ISO_IR 6": "ascii", "ISO 2022 IR 6": "ascii",
    "ISO_IR 100": "latin-1", "ISO_IR 101": "iso8859-2", "ISO_IR 109": "iso8859-3", "ISO_IR 110": "iso8859-4", "ISO_IR 144": "iso8859-5",
    "ISO_IR 127": "iso8859-6", "ISO_IR 126": "iso8859-7", "ISO_IR 138": "iso8859-8", "ISO_IR 148": "iso8859-9", "ISO_IR 203": "iso8859-15",
    "ISO_IR 13": "shift_jis", "ISO_IR 166": "iso8859-11",
    "ISO 2022 IR 100": "latin-1", "ISO 2022 IR 101": "iso8859-2", "ISO 2022 IR 109": "iso8859-3", "ISO 2022 IR 110": "iso8859-4",
    "ISO 2022 IR 144": "iso8859-5", "ISO 2022 IR 127": "iso8859-6", "ISO 2022 IR 126": "iso8859-7", "ISO 2022 IR 138": "iso8859-8",
    "ISO 2022 IR 148": "iso8859-9", "ISO 2022 IR 203": "iso8859-15", "ISO 2022 IR 13": "shift_jis", "ISO 2022 IR 166": "iso8859-11",
}  # fmt: skip
_MULTI = {"ISO_IR 192": "utf-8", "GB18030": "gb18030", "GBK": "gb18030"}  # GB18030 holds every GBK string unchanged
_G1 = {"ISO 2022 IR 149": "euc_kr", "ISO 2022 IR 58": "gb2312", "ISO 2022 IR 87": "", "ISO 2022 IR 159": ""}

# Escape sequences after ESC: which half they set, and what is there then (PS3.3 tables C.12-3 and C.12-4).
_ESCAPES: dict[bytes, tuple[str, str]] = {
    b"(B": ("g0", "ascii"), b"(J": ("g0", "shift_jis"), b")I": ("g1", "shift_jis"),
    b"$B": ("g0", "$B"), b"$@": ("g0", "$@"), b"$(D": ("g0", "$(D"),
    b"$)C": ("g1", "euc_kr"), b"$)A": ("g1", "gb2312"),
    b"-A": ("g1", "latin-1"), b"-B": ("g1", "iso8859-2"), b"-C": ("g1", "iso8859-3"),
    b"-D": ("g1", "iso8859-4"), b"-L": ("g1", "iso8859-5"), b"-G": ("g1", "iso8859-6"), b"-F": ("g1", "iso8859-7"),
    b"-H": ("g1", "iso8859-8"),
    b"-M": ("g1", "iso8859-9"), b"-b": ("g1", "iso8859-15"), b"-T": ("g1", "iso8859-11"),
}  # fmt: skip
_ESCAPE = re.compile(rb"\x1b(\$\([A-Z]|\$\)[A-Z]|\$[@AB]|[()\-.][A-Za-z])")
_RUNS = re.compile(rb"[\x00-\x7f]+|[\x80-\xff]+")
_HIGH = re.compile(rb"[\x80-\xff]+")
_RESETS = frozenset(b"\r\n\f\t\\^=")
_CONTROLS = frozenset(range(0x20))


class CharacterSet(NamedTuple):
    """What a data set declares. `codec` reads everything unless code extensions are in use."""

    declared: tuple[str, ...]
    codec: str  # of the first value: the initial G0 and G1
    extended: bool  # ISO 2022 escape sequences may switch
    known: bool  # every term is one of PS3.3 C.12.1.1.2, spelling mistakes of the wild included


class Decoded(NamedTuple):
    """Text, and how it had to be read: None as declared, "undeclared", "misdeclared" (`codec` says as what), or "undecodable" in part."""

    text: str
    doubt: str | None = None
    codec: str = ""


@lru_cache(maxsize=256)
def character_set(value: bytes | None) -> CharacterSet:
    """The character set of a raw (0008,0005); None or empty is the default repertoire, ASCII."""
    terms = tuple(_term(part) for part in (value or b"").decode("ascii", "replace").replace("\0", "").split("\\"))
    if terms == ("",):
        return CharacterSet((), "ascii", False, True)
    first = terms[0]
    known = all(term in _SINGLE or term in _MULTI or term in _G1 for term in terms)
    # A multi-byte set in the first place, against C.12.1.1.2, is seen: Korean as "ISO 2022 IR 149" alone.
    codec = _MULTI.get(first) or _SINGLE.get(first) or _G1.get(first) or "ascii"
    extended = first not in _MULTI and (len(terms) > 1 or any(term.startswith("ISO 2022") for term in terms))
    return CharacterSet(terms, codec, extended, known)


def decode(raw: bytes, charset: CharacterSet) -> Decoded:
    """The characters of a raw value. Never raises; what no reading makes sense of becomes U+FFFD."""
    if raw.isascii() and b"\x1b" not in raw:
        return Decoded(raw.decode("ascii"))
    if b"\x1b" in raw and (charset.extended or _ESCAPE.search(raw)):
        text = _decode_2022(raw, charset.codec)
        doubt = "undecodable" if "\ufffd" in text else None if charset.extended else "misdeclared"
        return Decoded(text, doubt, "iso2022")
    if charset.codec in ("ascii", "latin-1"):
        return _guess(raw, charset)
    try:
        return Decoded(raw.decode(charset.codec))
    except UnicodeDecodeError:
        return _other(raw, charset)


def _guess(raw: bytes, charset: CharacterSet) -> Decoded:
    """Bytes above 7F where ASCII is declared, or Latin-1, which takes anything. UTF-8 and GBK under either name are seen on discs."""
    declared = bool(charset.declared) and charset.codec == "latin-1"
    try:
        return Decoded(raw.decode("utf-8"), "misdeclared" if charset.declared else "undeclared", "utf-8")
    except UnicodeDecodeError:
        pass
    doubt = "misdeclared" if charset.declared else "undeclared"
    if _common_chinese(raw):
        return Decoded(raw.decode("gb18030"), doubt, "gb18030")
    if declared and not any(0x80 <= byte < 0xA0 for byte in raw):  # C1 controls are in no honest Latin-1 text
        return Decoded(raw.decode("latin-1"))
    return Decoded(raw.decode("latin-1"), doubt, "latin-1")


def _common_chinese(raw: bytes) -> bool:
    """Two or more common characters (GB 2312 level 1, B0-D7) in a row, and high bytes only in such pairs: no European text looks so."""
    runs = _HIGH.findall(raw)
    pairs = all(len(run) % 2 == 0 and all(0xB0 <= lead <= 0xD7 for lead in run[::2]) and min(run[1::2]) >= 0xA1 for run in runs)
    return pairs and max(map(len, runs)) >= 4


def _other(raw: bytes, charset: CharacterSet) -> Decoded:
    """The declared codec does not fit: UTF-8 if that fits, else the declared one with marks."""
    try:
        return Decoded(raw.decode("utf-8"), "misdeclared", "utf-8")
    except UnicodeDecodeError:
        return Decoded(raw.decode(charset.codec, "replace"), "undecodable", charset.codec)


def _decode_2022(raw: bytes, initial: str) -> str:
    """Follow the escape sequences.

    G0 and G1 go back to the first character set at line ends, tabs, backslash, and the delimiters of names (PS3.5 6.1.2.5.3). Inside
    two-byte characters of G0 the delimiters' codes are halves of characters, so only control characters end them. A G1 that the first set
    leaves empty stays: writers are seen that escape once per name.
    """
    start0 = "shift_jis" if initial == "shift_jis" else "ascii"
    out: list[str] = []
    g0, g1, place = start0, initial, 0
    for match in [*_ESCAPE.finditer(raw), None]:
        end = match.start() if match else len(raw)
        g0, g1 = _append(out, raw[place:end], g0, g1, start0, initial)
        if match is None:
            break
        place = match.end()
        half, codec = _ESCAPES.get(match[1], ("", ""))
        if half == "g0":
            g0 = codec
        elif half == "g1":
            g1 = codec
        else:
            out.append("\ufffd")
    return "".join(out)


def _append(out: list[str], raw: bytes, g0: str, g1: str, start0: str, start1: str) -> tuple[str, str]:
    for run in _RUNS.findall(raw):
        if run[0] >= 0x80:
            out.append(_half(run, g1))
        elif g0.startswith("$"):
            cut = next((i for i in range(0, len(run), 2) if run[i] in _CONTROLS), len(run))
            out.append(_half(b"\x1b" + g0.encode() + run[:cut], "iso2022_jp_2"))
            if cut < len(run):
                g0, g1 = start0, g1 if start1 == "ascii" else start1
                out.append(_half(run[cut:], g0))
        else:
            out.append(_half(run, g0))
            if not _RESETS.isdisjoint(run):
                g0, g1 = start0, g1 if start1 == "ascii" else start1
    return g0, g1


def _half(run: bytes, codec: str) -> str:
    return run.decode(codec or "ascii", "replace")


@cache
def _spellings() -> dict[str, str]:
    """Terms without their punctuation: "ISO-IR 100", "ISO_IR_100", "ISO_IR100", "ISO IR 192" and "UTF-8" are seen in the wild."""
    table = {re.sub(r"[^A-Z0-9]", "", term): term for term in (*_SINGLE, *_MULTI, *_G1) if term}
    return table | {
        "UTF8": "ISO_IR 192",
        "ISOIR192UTF8": "ISO_IR 192",
        "LATIN1": "ISO_IR 100",
        "ISO88591": "ISO_IR 100",
        "GB2312": "GB18030",
    }


def _term(written: str) -> str:
    term = written.strip().upper()
    if term in _SINGLE or term in _MULTI or term in _G1:
        return term
    return _spellings().get(re.sub(r"[^A-Z0-9]", "", term), term)
