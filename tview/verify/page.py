"""The verdict as a page of text: three answers, a row for each exam, what to do, and how sure that is."""

from collections.abc import Iterator, Sequence

from tview.errors import Finding, Severity
from tview.text import SafeText, cell_width, clip, message_of, safe, times_of, translate
from tview.verify.model import ExamRow, LostSeries, Person, PersonVerdict, Verdict

_ = str
_MARKS = {
    "complete": ("✓", "OK"), "complete-with-remarks": ("!", "!"), "incomplete": ("✗", "X"), "not-a-medical-disc": ("✗", "X"),
    "proprietary": ("✗", "X"), "locked": ("✗", "X"), "unreadable": ("✗", "X"),
    "one": ("✓", "OK"), "probably-one": ("!", "!"), "several": ("✗", "X"), "not-as-expected": ("✗", "X"), "nobody": ("!", "!"),
}  # fmt: skip
_WORDS = {
    "complete": _("COMPLETE"), "complete-with-remarks": _("COMPLETE, WITH REMARKS"), "incomplete": _("INCOMPLETE"),
    "not-a-medical-disc": _("NO MEDICAL DISC"), "proprietary": _("PROPRIETARY"), "locked": _("LOCKED"), "unreadable": _("UNREADABLE"),
    "one": _("ONE"), "probably-one": _("CONFIRM"), "several": _("SEVERAL"), "not-as-expected": _("NOT AS EXPECTED"), "nobody": _("NOBODY"),
}  # fmt: skip
_LABELS = {
    "IMAGES": _("IMAGES"), "PERSON": _("PERSON"), "EXAMS": _("EXAMS"), "DO": _("DO"),
    "ALSO": _("ALSO"), "SURE": _("SURE"), "FOUND": _("FOUND"),
}  # fmt: skip
_COLUMN = 9
_LEAST = 40
_TOLD = 12
_NARROW = 110
_PERSONS = 8
_ASCII = str.maketrans({"✗": "X", "✓": "v", "·": "-", "–": "-", "…": "...", "×": "x"})
_RED, _AMBER, _GREEN, _DIM, _BOLD, _OFF = "\x1b[31m", "\x1b[33m", "\x1b[32m", "\x1b[2m", "\x1b[1m", "\x1b[0m"
_COLOURS = {"✗": _RED, "X": _RED, "!": _AMBER, "✓": _GREEN, "OK": _GREEN}
_SIGNS = {Severity.ERROR: ("✗", "X"), Severity.WARNING: ("!", "!"), Severity.INFO: ("·", "-")}


class Row(tuple[str, str, str]):
    """One line of the page: (label, mark, text), the text not wrapped yet. `label` and `mark` may be empty."""

    __slots__ = ()


def page_rows(verdict: Verdict, *, notes: bool = False, ascii_only: bool = False, narrow: bool = False) -> Iterator[Row]:
    """The page as rows of a label, a mark and a text; whoever draws them wraps.

    `notes` unfolds the format notes; `narrow` gives each exam two rows, the second one indented.
    """
    place = 1 if ascii_only else 0

    def verdict_text(word: str, text: str) -> str:
        return f"{translate(_WORDS[word])}   {text}"

    yield Row(("IMAGES", _MARKS[verdict.images.word][place], verdict_text(verdict.images.word, verdict.images.summary)))
    for number, text in enumerate(person_texts(verdict.person)):
        word = verdict.person.word
        yield Row(("PERSON", _MARKS[word][place], verdict_text(word, text)) if not number else ("", "", text))
    texts = [text for row in verdict.exams for text in narrow_texts(row)] if narrow else exam_texts(verdict.exams)
    for number, text in enumerate(texts):
        yield Row(("EXAMS" if not number else "", "", text))
    acts = [f"{number} {act.text}" for number, act in enumerate(verdict.do, 1)]
    for number, text in enumerate(acts if narrow else ["    ".join(acts)] if acts else []):
        yield Row(("DO" if not number else "", "", text))
    if verdict.also:
        yield Row(("ALSO", "", ", ".join(verdict.also)))
    if verdict.sure:
        yield Row(("SURE", "", " · ".join(verdict.sure)))
    yield from _findings(verdict, notes, place)


def label_text(label: str) -> str:
    """A row's label as it is shown; the page's own names of its parts are English."""
    return translate(_LABELS[label]) if label in _LABELS else label


def person_texts(person: PersonVerdict) -> list[str]:
    """The persons, each in one piece, the summary first where it says more than that there is one."""
    shown = [one for one in person.persons if not one.is_withheld]
    hidden = [one for one in person.persons if one.is_withheld]
    pieces = [person_text(one) for one in shown[:_PERSONS]]
    if len(shown) > _PERSONS:
        pieces.append(translate("and {count} more").format(count=len(shown) - _PERSONS))
    if len(hidden) == 1:
        pieces.append(person_text(hidden[0]))
    elif hidden:
        text = translate("{count} other persons, {objects} objects (withheld; --show-all-persons)")
        pieces.append(text.format(count=len(hidden), objects=sum(one.objects for one in hidden)))
    if person.slip:
        fields = ", ".join(f"{translate(_FIELDS[one.field])} {translate(_FITS[one.word])}" for one in person.slip)
        pieces[0] = f"{pieces[0]}   {translate('request')}: {fields}" if pieces else fields
    return pieces if person.word == "one" and pieces else [person.summary, *pieces]


_FIELDS = {"patient": _("name"), "born": _("birth date"), "patient_id": _("ID"), "accession": _("accession")}
_FITS = {"ok": _("ok"), "near": _("nearly"), "differs": _("differs"), "unknown": _("not in the files")}


def person_text(person: Person) -> str:
    """Name, sex, birth date and IDs; of one that is withheld that there is one, and how many objects."""
    if person.is_withheld:
        return translate("another person, {count} objects (withheld; --show-all-persons)").format(count=person.objects)
    ids = ", ".join(f"{number or '?'}" + (f" ({place})" if place else "") for number, place in person.ids)
    parts = [
        person.name or "?",
        person.sex or "",
        person.birth_date or translate("birth date unknown"),
        f"ID {ids}" if ids else translate("no ID"),
    ]
    return "  ".join(part for part in parts if part)


def exam_text(row: ExamRow) -> str:
    """An exam in one piece."""
    return "  ".join(part for part in (*exam_columns(row), exam_remarks(row)) if part)


def exam_texts(rows: Sequence[ExamRow]) -> list[str]:
    """Every exam in one piece, their columns aligned."""
    columns = [[clip(cell, most) for cell, most in zip(exam_columns(row), _WIDEST, strict=True)] for row in rows]
    widths = [max(cell_width(cells[place]) for cells in columns) for place in range(len(_WIDEST))] if rows else []
    padded = [[cell + " " * (wide - cell_width(cell)) for cell, wide in zip(cells, widths, strict=True)] for cells in columns]
    return ["  ".join((*cells, exam_remarks(row))) for cells, row in zip(padded, rows, strict=True)]


def narrow_texts(row: ExamRow) -> tuple[str, str]:
    """An exam in two pieces for a narrow page: what it is and how much of it is here, then the rest."""
    date, what, accession, place, got = exam_columns(row)
    return f"{date}  {what}  {got}", f"  {accession}  {place}  {exam_remarks(row)}"


def exam_columns(row: ExamRow) -> tuple[str, ...]:
    """Date, what was done, accession, place, objects got and promised."""
    return (
        row.study_date or translate("no date"),
        _what(row),
        translate("acc {number}").format(number=row.accession_number or "–"),
        row.institution or "–",
        f"{row.whole}/{row.promised}",
    )


def _what(row: ExamRow) -> str:
    """What was done, with the body part where the description does not name it."""
    what = row.description or ", ".join(row.modalities) or "?"
    part = row.body_part or ""
    return what if part.casefold() in what.casefold() else f"{what} ({part.lower()})"


def exam_remarks(row: ExamRow) -> str:
    """Report, what it cites, loss, and what is in the way of an import."""
    parts = []
    if row.report and row.cites:
        cites = ", ".join(row.cites[:6]) + (", …" if len(row.cites) > 6 else "")
        parts.append(translate("report yes; it cites {cites}").format(cites=cites))
    else:
        parts.append(translate("report yes") if row.report else translate("no report"))
    if row.cites_missing:
        parts.append(translate("{what}: spoken of and not here").format(what=", ".join(row.cites_missing[:6])))
    if row.lossy:
        parts.append(translate("{count} LOSSY").format(count=row.lossy))
    if row.lost:
        parts.append(", ".join(f"{_series(lost)} −{lost.promised - lost.whole}" for lost in row.lost[:6]))
    way = list(dict.fromkeys(translate(_IN_THE_WAY[code]) for code in row.in_the_way if code in _IN_THE_WAY))
    if way:
        parts.append(translate("in the way: {what}").format(what=", ".join(way)))
    elif not row.in_the_way and not row.cites_missing and not row.lost:
        parts.append(translate("nothing in the way of an import"))
    return "  ".join(parts)


_WIDEST = (12, 32, 22, 24, 12)
_IN_THE_WAY = {
    "persons-several": _("several persons"),
    "person-not-expected": _("not the person of the request"),
    "copies-differ": _("two objects with one UID"),
    "dicomdir-disagrees": _("the list names other objects"),
    "dicomdir-other-patient": _("the list names another person"),
    "file-not-referenced": _("images that the list does not name"),
    "object-encrypted": _("encrypted files"),
    "object-class-unsupported": _("objects of an unusual kind"),
    "object-syntax-unsupported": _("pictures in an unusual form"),
    "object-vendor-container": _("pictures in their maker's own form"),
    "damaged-copy": _("a damaged copy beside a whole one"),
    "preamble-program": _("a file that poses as a program"),
    "slice-gap": _("a gap between slices"),
    "decoders-disagree": _("pictures that two decoders read differently"),
}
"""What of an exam's findings troubles an import; what is lost is said by itself."""


def _series(lost: LostSeries) -> str:
    return f"Se {'?' if lost.series_number is None else lost.series_number}"


def _findings(verdict: Verdict, notes: bool, place: int) -> Iterator[Row]:
    """What was found, the worst first; notes only when asked for."""
    shown = [told for told in verdict.findings if told.severity is not Severity.INFO]
    folded = [told for told in verdict.findings if told.severity is Severity.INFO]
    listed = [*shown, *folded] if notes else shown
    for number, told in enumerate(listed):
        if number == _TOLD and not notes and len(shown) > _TOLD + 1:
            yield Row(("", "", translate("and {count} more: --notes shows all").format(count=len(shown) - _TOLD)))
            return
        yield Row(("FOUND" if not number else "", _SIGNS[told.severity][place], finding_text(told)))


def finding_text(told: Finding) -> str:
    """A finding in one piece, with its clause."""
    times = times_of(told)
    text = f"{message_of(told)}" + (f" (× {times})" if times > 1 else "")
    return f"{text} [{told.clause}]" if told.clause else text


def page_lines(
    verdict: Verdict, *, width: int = 100, ascii_only: bool = False, colour: bool = False, notes: bool = False
) -> list[SafeText]:
    """The page as lines of at most `width` cells; with `colour` the marks are coloured, beside the sign that says the same."""
    width = max(_LEAST, width)
    lines: list[SafeText] = []
    for label, mark, text in page_rows(verdict, notes=notes, ascii_only=ascii_only, narrow=width < _NARROW):
        shown = safe(text.translate(_ASCII).replace("−", "-").encode("ascii", "backslashreplace").decode() if ascii_only else text)
        head = f" {label_text(label):<{_COLUMN - 2}} "
        body = f"{mark} {shown}" if mark else shown
        for number, line in enumerate(wrapped(body, width - _COLUMN)):
            start = head if not number else " " * _COLUMN
            if number and (mark or shown.startswith("  ")):
                start += " " * (len(mark) + 1 if mark else 2)
            lines.append(_coloured(start, line, mark if not number else "") if colour else safe(start + line))
    return lines


def wrapped(text: str, cells: int) -> Iterator[str]:
    """The text in lines of at most `cells` cells, broken at spaces; a word that is too long is cut into pieces."""
    line = ""
    for word in _words(text, cells - 2):
        joined = f"{line}{word}"
        if line and cell_width(joined.rstrip()) > cells - 2:
            yield line.rstrip()
            line = word.lstrip()
        else:
            line = joined
    if line.strip():
        yield line.rstrip()


def _words(text: str, cells: int) -> Iterator[str]:
    """Words, each with the spaces before it."""
    start = 0
    for end in [*(i for i in range(1, len(text)) if text[i] == " " and text[i - 1] != " "), len(text)]:
        word = text[start:end]
        while cell_width(word.strip()) > cells:
            yield word[: cells // 2]
            word = word[cells // 2 :]
        if word:
            yield word
        start = end


def _coloured(start: str, line: str, mark: str) -> SafeText:
    """Safe text with our own colours around its label and mark: the only escape sequences on the page."""
    colour = _COLOURS.get(mark, "")
    painted = f"{colour}{_BOLD}{mark}{_OFF}{line[len(mark) :]}" if colour else line
    return SafeText(f"{_BOLD}{start}{_OFF}{painted}" if start.strip() else f"{start}{painted}")


def summary_line(verdict: Verdict, ascii_only: bool = False) -> SafeText:
    """One line for one of several sources."""
    place = 1 if ascii_only else 0
    images, person = verdict.images, verdict.person
    who = person_text(person.persons[0]) if person.persons else translate("nobody")
    if len(person.persons) > 1:
        who = translate("{who} and {count} more").format(who=who, count=len(person.persons) - 1)
    text = (
        f"{_MARKS[images.word][place]} {verdict.source}: {translate(_WORDS[images.word])} {images.counts.whole}/{images.counts.promised}"
        f"  {_MARKS[person.word][place]} {translate(_WORDS[person.word])}  {who}"
    )
    return safe(text.encode("ascii", "backslashreplace").decode() if ascii_only else text)


def table_lines(verdicts: Sequence[Verdict], ascii_only: bool = False) -> list[SafeText]:
    """A table of several sources: images, person, exams, findings."""
    rows = [[translate(word) for word in (_("IMAGES"), _("WHOLE"), _("PERSON"), _("EXAMS"), _("E"), _("W"), _("SOURCE"))]]
    for verdict in verdicts:
        severities = [told.severity for told in verdict.findings]
        rows.append(
            [
                translate(_WORDS[verdict.images.word]),
                f"{verdict.images.counts.whole}/{verdict.images.counts.promised}",
                translate(_WORDS[verdict.person.word]),
                str(len(verdict.exams)),
                str(severities.count(Severity.ERROR)),
                str(severities.count(Severity.WARNING)),
                verdict.source,
            ]
        )
    widths = [max(cell_width(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell + " " * (wide - cell_width(cell)) for cell, wide in zip(row, widths, strict=True)).rstrip() for row in rows]
    return [safe(line.encode("ascii", "backslashreplace").decode() if ascii_only else line) for line in lines]
