"""From evidence to verdict: every check run, the facts counted, and the words that follow from them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from tview.catalog import nothing_medical
from tview.errors import Finding, MediumError, Severity
from tview.text import safe
from tview.verify.acts import acts_of
from tview.verify.checks import CHECKS, check_of
from tview.verify.evidence import Evidence
from tview.verify.exams import exam_rows
from tview.verify.model import Counts, Images, MediaFacts, Options, PersonVerdict, Verdict
from tview.verify.persons import person_verdict, slip_fails
from tview.verify.sentences import also_of, images_summary, sure_of

_LOSSES = {"missing": "missing", "cut-off": "cut_off", "unreadable": "unreadable", "undecodable": "undecodable", "unread": "unread"}
_DATA = frozenset(("data", "database", "video", "archive", "zip", "tiff", "random"))
_LOCKED = frozenset(("archive-password-needed", "archive-password-wrong", "archive-encrypted"))
_NOTHING_LEFT = frozenset(
    ("disc-cut-off", "directory-damaged", "unreadable-range", "unreadable-range-of-file", "archive-cut-off", "no-files", "medium-gone")
)
_AXES = ("images", "person", "security", "format", "profile", None)


def judge(evidence: Evidence, bytes_read: int, elapsed_s: float) -> Verdict:
    """The verdict on what was found."""
    findings = run_checks(evidence)
    person_findings = [told for told in findings if (check := check_of(told)) is not None and check.axis == "person"]
    person = person_verdict(evidence, person_findings)
    if slip_fails(person.slip):
        from tview.errors import finding

        wrong = ", ".join(one.field for one in person.slip if one.word == "differs")
        findings = sorted_findings([finding("person-not-expected", fields=wrong), *findings])
    counts = count(evidence)
    word = images_word(evidence, counts, findings)
    images = Images(word, images_summary(evidence, counts, word), counts)
    exams = exam_rows(evidence, person.persons, findings)
    media = _media(evidence, bytes_read)
    notes = tuple(told for told in findings if is_note(told))
    return Verdict(
        source=safe(evidence.medium.source),
        level=evidence.level,
        finished=evidence.finished,
        profile=evidence.profile,
        images=images,
        person=person,
        notes=notes,
        exams=exams,
        do=acts_of(evidence, images, person, exams, findings),
        also=also_of(evidence),
        sure=sure_of(evidence, counts, bytes_read, len(notes), elapsed_s),
        findings=findings,
        media=media,
        elapsed_s=elapsed_s,
    )


def run_checks(evidence: Evidence) -> tuple[Finding, ...]:
    """All findings, graded, the worst first. What no check tells is kept as it was told."""
    found = [told for check in CHECKS for told in check.find(evidence)]
    found = list({(told.code, told.path, told.range, tuple(told.values.items())): told for told in found}.values())
    grades: dict[str, Severity] = {}
    for told in found:
        grades[told.code] = min(told.severity, grades.get(told.code, told.severity), key=lambda severity: severity.rank)
    for told in evidence.catalog.findings:
        if told.code == "more-of-a-kind":
            kind = str(told.values.get("kind", ""))
            found.append(replace(told, severity=grades.get(kind, Severity.INFO)))
        elif check_of(told) is None:
            found.append(told)
    return sorted_findings(found)


def sorted_findings(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """The worst first; of equal ones images, person, safety, format."""

    def weight(told: Finding) -> tuple[int, int]:
        check = check_of(told)
        return told.severity.rank, _AXES.index(check.axis if check else None)

    return tuple(sorted(found, key=weight))


def is_note(told: Finding) -> bool:
    """Whether it is one of the folded notes: format, and nothing to act on."""
    check = check_of(told)
    return check is not None and check.axis in ("format", "profile") and told.severity is Severity.INFO


def count(evidence: Evidence) -> Counts:
    """Objects by state."""
    states: Counter[str] = Counter()
    listed = unshown = 0
    locked = sum(file.kind == "encrypted" for file in evidence.catalog.other_files)
    seen: set[str] = set()
    encrypted = {told.path for told in evidence.told("object-encrypted")}
    for _, _, instance in evidence.instances:
        uid = instance.sop_instance_uid
        if uid and uid in seen and evidence.state(instance) != "ok":
            continue  # another object with the same UID is whole, or counted
        seen.add(uid or "")
        state = evidence.state(instance)
        if uid and state not in ("ok", "unread") and uid in evidence.whole_uids:
            continue
        states[state] += 1
        listed += instance.in_dicomdir
        locked += instance.path in encrypted
        unshown += state == "ok" and instance.state == "unsupported" and instance.path not in encrypted
    counts = {name: states[state] for state, name in _LOSSES.items()}
    return Counts(
        promised=sum(states.values()),
        whole=states["ok"],
        listed=listed,
        unshown=unshown,
        encrypted=locked,
        frames_decoded=evidence.frames_decoded,
        **counts,
    )


def images_word(evidence: Evidence, counts: Counts, findings: Sequence[Finding]) -> str:
    """The word for it, from facts: not from the highest severity."""
    if not counts.promised or counts.promised == counts.encrypted:
        return _word_without_objects(evidence, counts)
    if counts.missing or counts.cut_off or counts.unreadable or counts.undecodable:
        return "incomplete"
    remarks = any(told.severity is not Severity.INFO and _is_remark(told) for told in findings)
    return "complete-with-remarks" if remarks or not evidence.has_list or not evidence.finished else "complete"


def _is_remark(told: Finding) -> bool:
    check = check_of(told)
    return check is None or check.axis in ("images", "format")


def _word_without_objects(evidence: Evidence, counts: Counts) -> str:
    kinds = Counter(file.kind for file in evidence.catalog.other_files)
    codes = {told.code for told in evidence.catalog.findings}
    told = nothing_medical([evidence.medium], evidence.catalog).finding.code
    if counts.encrypted or told == "nothing-encrypted" or codes & _LOCKED:
        return "locked"
    left = sum(kinds.values()) - sum(kinds[kind] for kind in ("zeros", "unreadable", "empty", "dicomdir", "dicom"))
    if told == "nothing-in-cut-image" or codes & _NOTHING_LEFT or evidence.lists or not left or kinds["dicom"]:
        return "unreadable"
    return "proprietary" if told == "nothing-proprietary" else "not-a-medical-disc"


def _media(evidence: Evidence, bytes_read: int) -> MediaFacts:
    medium = evidence.medium
    first = evidence.lists[0] if evidence.lists else None
    ranges = [told.range for told in medium.findings if told.code == "unreadable-range" and told.range]
    if not ranges:
        ranges = [lost for read in evidence.observed.read.values() for lost in read.unreadable]
    kinds = Counter(file.kind for file in evidence.catalog.other_files)
    state = evidence.catalog.file_sets[0].state if evidence.catalog.file_sets else "absent"
    programs = tuple(safe(file.path) for file in evidence.catalog.other_files if file.kind in ("program", "script", "shortcut"))
    return MediaFacts(
        kind=medium.kind,
        label=safe(medium.label) if medium.label else None,
        size=medium.size,
        bytes_read=bytes_read,
        unreadable=tuple(sorted(ranges)),
        dicomdir=safe(first.path) if first else None,
        list_state=state,
        others=tuple(sorted(kinds.items())),
        programs=programs,
        burner=first.burner if first else None,
    )


def judge_unopened(source: str, error: MediumError, options: Options) -> Verdict:
    """The verdict on a source that could not be opened."""
    from tview.text import message_of, translate

    word = "locked" if error.finding.code in _LOCKED else "unreadable"
    if error.finding.code in ("source-not-supported", "source-packed", "drive-disc-audio"):
        word = "not-a-medical-disc"
    nobody = PersonVerdict("nobody", safe(translate("no object names a person")), ())
    media = MediaFacts("unknown", None, None, 0, (), None, "absent", (), (), None)
    images = Images(word, message_of(error.finding), Counts())
    level = options.level or "bytes"
    empty: tuple[Finding, ...] = ()
    verdict = Verdict(safe(source), level, True, options.profile, images, nobody, empty, (), (), (), (), (error.finding,), media, 0.0)
    from tview.verify.acts import acts_without_objects

    return verdict._replace(do=acts_without_objects(word, error.finding))
