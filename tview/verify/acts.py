"""What to do, in the order to do it: every finding that matters ends in one of these."""

from collections.abc import Sequence

from tview.errors import Finding, Severity
from tview.text import safe, translate
from tview.verify.checks import check_of
from tview.verify.evidence import Evidence
from tview.verify.model import Act, ExamRow, Images, PersonVerdict

_UNUSABLE = frozenset(("not-a-medical-disc", "proprietary", "locked", "unreadable"))
_MOST_SERIES = 6


def acts_of(
    evidence: Evidence, images: Images, person: PersonVerdict, exams: Sequence[ExamRow], findings: Sequence[Finding]
) -> tuple[Act, ...]:
    """The acts for one medium."""
    if images.word in _UNUSABLE:
        packed = any(file.kind in ("zip", "archive", "disc-image") for file in evidence.catalog.other_files)
        inside = (_act("open-archives", translate("give the archives or disc images that lie here, one by one")),) if packed else ()
        return (*inside, *acts_without_objects(images.word, None))
    told = {one.code for one in findings if one.severity is not Severity.INFO}
    acts = []
    stop = person.word in ("several", "not-as-expected")
    if stop:
        acts.append(_act("stop", translate("do not import: ask the sender whose images these are")))
    if not evidence.finished:
        acts.append(_act("go-on", translate("let it run to its end before you rely on this")))
    if told & {"disc-cut-off", "archive-cut-off"}:
        acts.append(_act("copy-again", translate("copy or download it again: it is cut off")))
    if images.counts.unreadable and evidence.is_disc:
        acts.append(_act("clean-disc", translate("clean the disc and read it again")))
    acts += [_ask_again(row) for row in exams if row.lost]
    acts += [_ask_cited(row) for row in exams if row.cites_missing]
    if person.word == "probably-one":
        acts.append(_act("confirm-person", translate("confirm the person: {what}").format(what=_doubts(findings))))
    if told & {"copies-differ", "decoders-disagree"}:
        acts.append(_act("ask-which", translate("ask the sender which of two differing copies is right")))
    if told & {"slice-gap"}:
        acts.append(_act("ask-slices", translate("ask the sender whether slices were left off")))
    if told & {"expected-missing"}:
        acts.append(_act("ask-expected", translate("ask the sender for what was expected and is not here")))
    if told & {"object-encrypted", "archive-encrypted"}:
        acts.append(_act("ask-key", translate("ask the sender for the key of the encrypted files")))
    if told & {"object-class-unsupported", "object-syntax-unsupported"}:
        acts.append(_act("other-program", translate("show what is not shown here in another program")))
    if told & {"preamble-program"}:
        acts.append(_act("no-programs", translate("run nothing of this disc: a file poses as a program")))
    if told & _BAD_LIST and not stop:
        acts.append(_act("import-all", translate("import all files, and not by the list alone")))
    if not acts and any(_matters(one) for one in findings):
        acts.append(_act("look", translate("look at what is said below before you import")))
    if not stop and evidence.finished and images.counts.whole:
        rest = images.word == "incomplete"
        acts.append(_act("import", translate("import the rest") if rest else translate("import")))
    return tuple(acts)


_BAD_LIST = frozenset(
    (
        "file-not-referenced", "dicomdir-offsets", "dicomdir-loop", "dicomdir-unlinked", "dicomdir-unreadable", "dicomdir-cut",
        "dicomdir-damaged", "dicomdir-disagrees", "dicomdir-unreadable-range", "dicomdir-absent-from-disc",
    )
)  # fmt: skip


def _matters(told: Finding) -> bool:
    return told.severity is not Severity.INFO and check_of(told) is not None


def acts_without_objects(word: str, told: Finding | None) -> tuple[Act, ...]:
    """What to do with a source that gives no objects."""
    if word == "locked":
        return (_act("ask-key", translate("ask the sender for the password or key")),)
    if word == "unreadable":
        return (
            _act("clean-disc", translate("clean the disc and try another drive")),
            _act("ask-again", translate("ask the sender for another copy")),
        )
    if told is not None:
        return (_act("look", translate("check that this is what you meant to give")),)
    return (_act("ask-dicom", translate("ask the sender for the images in DICOM format")),)


def _ask_again(row: ExamRow) -> Act:
    names = [f"Se {lost.series_number}" if lost.series_number is not None else translate("a series without number") for lost in row.lost]
    names = list(dict.fromkeys(names))
    series = ", ".join(names[:_MOST_SERIES]) + (", …" if len(names) > _MOST_SERIES else "")
    sender = row.institution or translate("the sender")
    text = translate("ask {sender} for {series} of {date} again")
    uids = (row.study_instance_uid,) if row.study_instance_uid else ()
    return Act("ask-again", safe(text.format(sender=sender, series=series, date=row.study_date or translate("unknown date"))), uids)


def _ask_cited(row: ExamRow) -> Act:
    text = translate("ask {sender} for {what}, which is spoken of and not here")
    what = ", ".join(row.cites_missing[:_MOST_SERIES])
    uids = (row.study_instance_uid,) if row.study_instance_uid else ()
    return Act("ask-cited", safe(text.format(sender=row.institution or translate("the sender"), what=what)), uids)


_ = str

_DOUBTS = {
    "person-id-differs": _("the patient IDs differ"),
    "person-birth-date-differs": _("the birth dates differ"),
    "birth-dates-differ": _("the birth dates differ"),
    "person-name-differs": _("the names differ"),
    "person-sex-differs": _("the sex differs"),
    "dicomdir-other-patient": _("the list names another person than the files"),
}


def _doubts(findings: Sequence[Finding]) -> str:
    words = [translate(_DOUBTS[one.code]) for one in findings if one.code in _DOUBTS and one.severity is not Severity.INFO]
    return ", ".join(dict.fromkeys(words)) or "?"


def _act(code: str, text: str) -> Act:
    return Act(code, safe(text))
