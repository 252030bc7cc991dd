"""The request to the sender: what is not whole or not there, so that it can be found and burned again. No names unless asked."""

from collections.abc import Iterator, Sequence

from tview.text import SafeText, safe, translate
from tview.verify.html import series_name
from tview.verify.model import ExamRow, Verdict
from tview.verify.page import wrapped

_WIDTH = 76
_NUMBERS = 40
_PATHS = 12
_IMAGES = ("not-a-medical-disc", "proprietary", "locked", "unreadable")


def letter_lines(verdict: Verdict, *, named: bool = False) -> list[SafeText]:
    """The letter as lines of at most 76 cells. `named` names the person of the exams asked for, who is the first of the verdict.

    The verdict has other persons withheld already.
    """
    lines: list[SafeText] = []
    for text in _paragraphs(verdict, named):
        indent = len(text) - len(text.lstrip(" "))
        parts = list(wrapped(text.strip(), _WIDTH - indent)) or [""]
        lines += [safe(" " * (indent + (2 if number else 0) * bool(indent)) + part) for number, part in enumerate(parts)]
    return lines


def _paragraphs(verdict: Verdict, named: bool) -> Iterator[str]:
    wanted = [row for row in verdict.exams if row.lost or row.cites_missing]
    senders = dict.fromkeys(row.institution for row in wanted or verdict.exams if row.institution)
    yield translate("To: {sender}").format(sender=", ".join(senders) or translate("(the files name no sender)"))
    yield translate("Request for images that are missing or damaged on a disc") if wanted else translate("Question about a disc")
    yield ""
    yield from _disc(verdict)
    yield ""
    if verdict.images.word in _IMAGES:
        yield str(verdict.images.summary)
        yield ""
        yield translate("Please send the images as DICOM files.")
    elif not wanted:
        yield translate("Everything that this disc lists is on it and whole; there is nothing to ask for.")
        if not verdict.finished:
            yield translate("It was not read to its end.")
    for row in wanted:
        yield from _exam(verdict, row, named)
    if wanted:
        yield ""
        yield translate("Please send these series again, on a disc or in another way, with the same UIDs.")


def _disc(verdict: Verdict) -> Iterator[str]:
    media, counts = verdict.media, verdict.images.counts
    yield translate("The disc: {label}").format(label=media.label or translate("(no label)"))
    if media.burner:
        yield translate("Written by: {burner}").format(burner=media.burner)
    if counts.promised:
        yield translate("Objects that are whole: {whole} of {promised}").format(whole=counts.whole, promised=counts.promised)
    depth = {
        "listing": "the list only",
        "headers": "the beginning of every object",
        "bytes": "every byte",
        "pixels": "every byte and frame",
    }
    yield translate("What was read: {depth}").format(depth=translate(depth[verdict.level]))
    if not verdict.finished:
        yield translate("The reading was stopped before its end.")


def _exam(verdict: Verdict, row: ExamRow, named: bool) -> Iterator[str]:
    title = row.description or ", ".join(row.modalities) or "?"
    yield translate("Exam of {date}: {title}").format(date=row.study_date or translate("unknown date"), title=title)
    person = verdict.person.persons[row.person] if row.person < len(verdict.person.persons) else None
    if person is not None and row.person:
        yield "  " + translate("of another person than the rest of the disc; name withheld")
    elif named and person is not None:
        yield "  " + translate("Patient: {name}, born {born}, ID {number}").format(
            name=person.name or "?",
            born=person.birth_date or "?",
            number=", ".join(number for number, _place in person.ids if number) or "?",
        )
    if row.accession_number:
        yield "  " + translate("Accession number: {number}").format(number=row.accession_number)
    yield "  " + translate("Study Instance UID: {uid}").format(uid=row.study_instance_uid or "?")
    yield "  " + translate("Objects: {whole} of {promised} are whole").format(whole=row.whole, promised=row.promised)
    for lost in row.lost:
        yield ""
        words = translate("{series}: {whole} of {promised} are whole")
        yield "  " + words.format(series=series_name(lost), whole=lost.whole, promised=lost.promised)
        yield "    " + translate("Series Instance UID: {uid}").format(uid=lost.series_instance_uid or "?")
        if lost.missing:
            yield "    " + translate("Images: {numbers}").format(numbers=_ranges(lost.missing))
        if lost.paths:
            yield "    " + translate("Files: {paths}").format(paths=_some(lost.paths))
    if row.cites_missing:
        yield ""
        yield "  " + translate("Spoken of in a report or other object, and not on the disc: {what}").format(
            what=", ".join(row.cites_missing)
        )
    yield ""


def _some(paths: Sequence[str]) -> str:
    more = len(paths) - _PATHS
    return ", ".join(paths[:_PATHS]) + (" " + translate("and {count} more").format(count=more) if more > 0 else "")


def _ranges(numbers: Sequence[int]) -> str:
    """``3-7, 9``."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    words = [f"{low}" if low == high else f"{low}-{high}" for low, high in runs[:_NUMBERS]]
    return ", ".join(words) + (", …" if len(runs) > _NUMBERS else "")
