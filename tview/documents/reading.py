"""Text of a data set for a document: what had to be guessed carries a mark and is told once."""

from collections.abc import Callable

from tview.catalog import clock_time, iso_date
from tview.dicom import DataSet
from tview.dicom import tags as t
from tview.dicom.character_sets import Decoded
from tview.dicom.values import PersonName, doubt_mark, person_name
from tview.documents.model import Fact, Link
from tview.errors import Finding, finding
from tview.text import SafeText, safe, safe_lines, translate

_CODES = {"undeclared": "text-undeclared", "misdeclared": "text-misdeclared", "undecodable": "text-undecodable"}
_SHOWN = 60


class Reading:
    """Reads text for one document, and remembers the first doubt of each sort."""

    def __init__(self) -> None:
        self._doubts: dict[str, Finding] = {}

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What had to be guessed."""
        return tuple(self._doubts.values())

    def note(self, told: Finding) -> None:
        """Remember something else that is odd, once."""
        self._doubts.setdefault(told.code, told)

    def row(self, data_set: DataSet, tag: int) -> SafeText | None:
        """The values as one row, names as people write them; None when absent or empty."""
        if data_set.vr(tag) == "PN":
            return self.name(data_set, tag)
        values = data_set.texts(tag)
        shown = ", ".join(value for value in values if value)
        return self._marked(data_set, tag, safe(shown, 1 << 16)) if shown else None

    def lines(self, data_set: DataSet, tag: int) -> SafeText | None:
        """Running text with its line breaks; None when absent or empty."""
        decoded = data_set.decoded(tag)
        if decoded is None or not decoded.text.strip():
            return self.row(data_set, tag) if decoded is None else None
        return self._marked(data_set, tag, safe_lines(decoded.text.strip(" \r\n\0")))

    def name(self, data_set: DataSet, tag: int) -> SafeText | None:
        """A person's name, with all of its groups and parts; several persons one after the other."""
        decoded = data_set.decoded(tag)
        names = [person_name(value.strip(" \0")) for value in decoded.text.split("\\", 64)] if decoded else []
        shown = "; ".join(_whole_name(name) for name in names if name is not None)
        return self._marked(data_set, tag, safe(shown)) if shown else None

    def code(self, data_set: DataSet | None) -> SafeText | None:
        """The meaning of a code sequence's item, else its value."""
        if data_set is None:
            return None
        tags = (t.CODE_MEANING, t.CODE_VALUE, t.LONG_CODE_VALUE, t.URN_CODE_VALUE)
        return next((shown for shown in (self.row(data_set, tag) for tag in tags) if shown), None)

    def facts(self, data_set: DataSet, table: tuple[tuple[int, str], ...]) -> tuple[Fact, ...]:
        """Facts by (tag, label); what is absent is left out. Dates and times are written as people read them."""
        rows = ((label, self.shown(data_set, tag)) for tag, label in table)
        return tuple(Fact(safe(translate(label)), text) for label, text in rows if text)

    def shown(self, data_set: DataSet, tag: int) -> SafeText | None:
        """A value as people read it: dates ISO, names, codes by their meaning, numbers."""
        vr = data_set.vr(tag)
        if vr == "SQ":
            meanings = [meaning for item in data_set.items(tag) if (meaning := self.code(item))]
            return safe(", ".join(meanings)) if meanings else None
        if form := _FORMS.get(vr):
            values = [shown for value in data_set.texts(tag) if (shown := form(value))]
            return safe(", ".join(values)) if values else None
        return self.lines(data_set, tag) if vr in ("LT", "ST", "UT") else self.row(data_set, tag)

    def _marked(self, data_set: DataSet, tag: int, text: SafeText) -> SafeText:
        decoded = data_set.decoded(tag)
        if decoded is None or decoded.doubt is None:
            return text
        self._doubt(decoded)
        return safe_lines(f"{text} {doubt_mark(decoded)}")

    def _doubt(self, decoded: Decoded) -> None:
        code = _CODES[decoded.doubt or "undecodable"]
        self._doubts.setdefault(code, finding(code, text=decoded.text[:_SHOWN], codec=decoded.codec))


def moment(raw: str | None) -> SafeText | None:
    """A DT value as ``2026-03-12 08:14:37``, with the offset when one is recorded; as recorded when it is none."""
    value = (raw or "").strip(" \0")
    base, sign, offset = value, "", ""
    for mark in "+-":
        if mark in value[4:]:
            base, sign, offset = *value.partition(mark)[:1], mark, value.partition(mark)[2]
    if not base[:8].isdigit() or len(base) < 8:
        return safe(value) if value else None
    parts = [iso_date(base[:8]), clock_time(base[8:]) if base[8:] else None, safe(sign + offset) if offset else None]
    return safe(" ".join(part for part in parts if part))


_FORMS: dict[str, Callable[[str], SafeText | None]] = {"DA": iso_date, "TM": clock_time, "DT": moment}


def reference(data_set: DataSet, label: SafeText | None = None, level: int = 0, note: SafeText | None = None) -> Link | None:
    """The link in an item that has Referenced SOP Class and Instance UID; None without an instance."""
    uid = data_set.uid(t.REFERENCED_SOP_INSTANCE_UID)
    if uid is None:
        return None
    frames = data_set.integers(t.REFERENCED_FRAME_NUMBER)
    return Link(uid, data_set.uid(t.REFERENCED_SOP_CLASS_UID), frames, label, note, level)


def _whole_name(name: PersonName) -> str:
    titles = " ".join(part for part in (name.prefix, name.suffix) if part)
    spoken = " ".join(name.phonetic.split("^")).strip() if name.alphabetic or name.ideographic else ""
    has_name = bool(name.family or name.given or name.middle)
    return " ".join(part for part in (name.shown, f"({titles})" if titles and has_name else "", f"[{spoken}]" if spoken else "") if part)
