"""From the bytes of a value to numbers and names. Nothing here raises: what cannot be read is left out."""

import math
import re
import struct
from itertools import takewhile
from typing import NamedTuple

from tview.dicom.character_sets import Decoded
from tview.text import SafeText, safe, translate

BINARY = {
    "US": "H", "SS": "h", "UL": "L", "SL": "l", "UV": "Q", "SV": "q", "FL": "f", "FD": "d", "OF": "f", "OD": "d", "OL": "L", "OV": "Q",
    "OW": "H", "OB": "B", "AT": "HH", "US or SS": "H", "US or OW": "H", "US or SS or OW": "H", "OB or OW": "H",
}  # fmt: skip
TEXT = frozenset(("AE", "AS", "CS", "DA", "DS", "DT", "IS", "LO", "LT", "PN", "SH", "ST", "TM", "UC", "UI", "UR", "UT"))
CHARSET_TEXT = frozenset(("LO", "LT", "PN", "SH", "ST", "UC", "UT"))  # the only ones (0008,0005) speaks of: PS3.5 6.1.2.3
ONE_VALUE = frozenset(("LT", "ST", "UT", "UR"))  # a backslash is a character of the text
_INTEGER = re.compile(r"\s*([+-]?\d{1,19})(?:\.0*)?\s*\Z")
_NUMBER = re.compile(r"\s*([+-]?(?:\d{1,40}(?:[.,]\d{0,40})?|[.,]\d{1,40})(?:[eE][+-]?\d{1,3})?)\s*\Z")
_TRIM = " \0"


class PersonName(NamedTuple):
    """A name with its groups (PS3.5 6.2.1.1). The parts are those of the alphabetic group, or of the first group that has any."""

    alphabetic: SafeText
    ideographic: SafeText
    phonetic: SafeText
    family: SafeText
    given: SafeText
    middle: SafeText
    prefix: SafeText
    suffix: SafeText
    doubt: SafeText = SafeText("")  # how it had to be read, when not as its file declares

    @property
    def marked(self) -> SafeText:
        """As `shown`, with a mark behind a name that was not read as its file declares: ``Müller, Jörg [read as utf-8]``."""
        return safe(f"{self.shown} {self.doubt}") if self.doubt else self.shown

    @property
    def shown(self) -> SafeText:
        """Family, given and middle, then the other scripts: ``YAMADA, TAROU (山田 太郎)``."""
        given = " ".join(part for part in (self.given, self.middle) if part)
        shown = ", ".join(part for part in (self.family, given) if part) or " ".join(p for p in (self.prefix, self.suffix) if p)
        other = self.ideographic if self.ideographic and self.alphabetic else ""
        return safe(f"{shown} ({' '.join(other.split('^')).strip()})" if other else shown)


def doubt_mark(decoded: Decoded) -> SafeText:
    """What stands behind text that was not read as its file declares: ``[read as gb18030]``; empty when it was."""
    if decoded.doubt is None:
        return SafeText("")
    if decoded.doubt == "undecodable":
        return safe(translate("[not readable in its character set]"))
    return safe(translate("[read as {codec}]").format(codec=decoded.codec))


def decoded_name(decoded: Decoded) -> PersonName | None:
    """The first name of a decoded value, with the mark of a doubt; None when it holds nothing."""
    name = person_name(decoded.text.split("\\", 1)[0].strip(" \0"))
    return name._replace(doubt=doubt_mark(decoded)) if name is not None and decoded.doubt is not None else name


def person_name(text: str) -> PersonName | None:
    """The name in a decoded PN value; None when it holds nothing."""
    written = [*text.split("="), "", "", ""][:3]
    groups = [group.strip(" ^") for group in written]
    if not any(groups):
        return None
    source = next(group for group in written if group.strip(" ^"))
    parts = [safe(part.strip()) for part in [*source.split("^"), "", "", "", ""][:5]]
    return PersonName(*map(safe, groups), *parts)


def text_integers(text: str) -> tuple[int, ...]:
    """The whole numbers in an IS value, up to the first that is none; "12.0" counts."""
    values = []
    for part in text.split("\\"):
        match = _INTEGER.match(part.strip(_TRIM))
        if not match:
            break
        values.append(int(match[1]))
    return tuple(values)


def text_numbers(text: str) -> tuple[float, ...]:
    """The finite numbers in a DS or IS value, up to the first that is none. A decimal comma, against PS3.5 6.2, is read as a point."""
    values = []
    for part in text.split("\\"):
        match = _NUMBER.match(part.strip(_TRIM))
        if not match:
            break
        value = float(match[1].replace(",", "."))
        if not math.isfinite(value):
            break
        values.append(value)
    return tuple(values)


def binary_numbers(raw: bytes, vr: str, little_endian: bool, signed: bool = False) -> tuple[int | float, ...]:
    """The numbers in a value of a binary VR (AT as 0xggggeeee); trailing bytes that fill no number are left out."""
    code = BINARY.get(vr)
    if code is None:
        return ()
    if signed and code == "H" and vr.startswith("US or SS"):
        code = "h"
    order = "<" if little_endian else ">"
    if vr == "AT":
        count = len(raw) // 4 * 2
        pairs = struct.unpack(f"{order}{count}H", raw[: count * 2])
        return tuple(group << 16 | element for group, element in zip(pairs[::2], pairs[1::2], strict=True))
    size = struct.calcsize("=" + code)
    count = len(raw) // size
    values: tuple[int | float, ...] = struct.unpack(f"{order}{count}{code}", raw[: count * size])
    return tuple(takewhile(math.isfinite, values)) if code in "fd" else values
