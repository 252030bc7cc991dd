"""The data elements of one object as rows: what `tags` prints and the viewer's sheet shows."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from tview.dicom import DataSet, sop_class_name, transfer_syntax_name
from tview.text import SafeText, safe

_VALUE_CHARACTERS = 240
_ROWS = 20_000
_DEPTH = 32
_LONG_BINARY = frozenset(("OB", "OW", "OD", "OF", "OL", "OV", "UN", "OB or OW", "US or OW"))


@dataclass(frozen=True, slots=True)
class ElementRow:
    """One data element, or the line of a sequence item (`tag` "item"). `depth` counts sequences around it."""

    depth: int
    number: int
    tag: str
    vr: str
    name: SafeText
    value: SafeText
    length: int


def element_rows(data_set: DataSet, limit: int = _ROWS) -> Iterator[ElementRow]:
    """The elements in file order, items of sequences right behind them, at most `limit` rows; a last row says when there are more."""
    for count, row in enumerate(_rows(data_set, 0)):
        if count >= limit:
            yield ElementRow(0, 0, "...", "", safe("more elements"), safe(f"only the first {limit} are listed"), 0)
            return
        yield row


def _rows(data_set: DataSet, depth: int) -> Iterator[ElementRow]:
    for tag in data_set.tags():
        element = data_set.element(tag)
        if element is None:
            continue
        spelled = f"({tag >> 16:04X},{tag & 0xFFFF:04X})"
        name = _name(data_set, tag)
        if element.vr == "SQ":
            items = data_set.items(tag)
            yield ElementRow(depth, tag, spelled, "SQ", name, safe(f"{len(items)} item{'' if len(items) == 1 else 's'}"), element.length)
            if depth < _DEPTH:
                for number, item in enumerate(items, 1):
                    yield ElementRow(depth + 1, 0xFFFEE000, "item", "", safe(f"{number}"), SafeText(""), 0)
                    yield from _rows(item, depth + 1)
            continue
        yield ElementRow(depth, tag, spelled, element.vr, name, _value(data_set, tag, element.vr, element.length), element.length)


def _value(data_set: DataSet, tag: int, vr: str, length: int) -> SafeText:
    if length == 0:
        return SafeText("")
    if vr in _LONG_BINARY and (length < 0 or length > 64 or vr != "UN"):
        return safe(f"{length} bytes" if length >= 0 else "undefined length")
    if vr == "UI":
        values = [str(value) for value in data_set.texts(tag)]
        return safe(", ".join(f"{value} ({meaning})" if (meaning := _meaning(value)) else value for value in values), _VALUE_CHARACTERS)
    if vr == "AT":
        return safe("\\".join(f"({value >> 16:04X},{value & 0xFFFF:04X})" for value in data_set.integers(tag)), _VALUE_CHARACTERS)
    texts = data_set.texts(tag)
    if texts:
        return safe("\\".join(texts), _VALUE_CHARACTERS)
    raw = data_set.raw(tag) or b""
    return safe(raw[:40].hex(" ") + (" ..." if len(raw) > 40 else ""), _VALUE_CHARACTERS)


def _meaning(uid: str) -> str:
    for name in (transfer_syntax_name(uid), sop_class_name(uid)):
        if name != uid:
            return name
    return ""


def _name(data_set: DataSet, tag: int) -> SafeText:
    group = tag >> 16
    if group % 2:
        creator = data_set.text(group << 16 | (tag >> 8 & 0xFF)) if tag & 0xFFFF > 0xFF else None
        if creator:
            return safe(f"{_private(str(creator), tag) or 'private'} [{creator}]")
        return safe("Private Creator" if 0x10 <= tag & 0xFFFF <= 0xFF else "private")
    return safe(_datadict().dictionary_description(tag) if _datadict().dictionary_has_tag(tag) or _repeats(tag) else "unknown")


def _repeats(tag: int) -> bool:
    return bool(_datadict().repeater_has_tag(tag))


def _private(creator: str, tag: int) -> str:
    try:
        return str(_datadict().private_dictionary_description(tag, creator)).strip("[]")
    except KeyError:
        return ""


@cache
def _datadict() -> Any:
    import pydicom.datadict  # 0.2 s: only who wants names pays

    return pydicom.datadict
