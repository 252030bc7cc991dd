"""A verdict on one source, as frozen values: is it whole (images), whose is it (person), is it by the book (format).

Text has passed the gate. Unknown is None. Other persons' names are in it: `tview.verify.withheld` gives the verdict without them.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from tview.errors import Finding, Severity
from tview.text import SafeText

if TYPE_CHECKING:
    from tview.verify.evidence import Evidence

LEVELS = ("listing", "headers", "bytes", "pixels")
"""How deep, from the shallowest."""

IMAGES_WORDS = (
    "complete", "complete-with-remarks", "incomplete", "not-a-medical-disc", "proprietary", "locked", "unreadable",
)  # fmt: skip
PERSON_WORDS = ("one", "probably-one", "several", "not-as-expected", "nobody")
"""What is said of whose it is; "nobody" where there are no objects, or none that names a person."""

AXES = ("images", "person", "format", "profile", "security")
"""What a check is about. "format" is notes; "profile" counts only under a profile; "security" never makes a disc incomplete."""

PROFILES = ("pdi", "std-gen-cd", "std-gen-dvd", "std-gen-usb")


class Counts(NamedTuple):
    """Objects by SOP Instance UID. `promised` = leaves of the DICOMDIR and files with DICOM headers; `whole` those of them that are.

    promised = whole + missing + cut_off + unreadable + undecodable + unread; `unread` only while a run is under way or was interrupted.
    `listed` are those of the DICOMDIR, `unshown` whole ones that this program has no decoder or view for, `encrypted` likewise.
    """

    promised: int = 0
    whole: int = 0
    missing: int = 0
    cut_off: int = 0
    unreadable: int = 0
    undecodable: int = 0
    unread: int = 0
    listed: int = 0
    unshown: int = 0
    encrypted: int = 0
    frames_decoded: int = 0


class Images(NamedTuple):
    """Is it whole. `summary` is one sentence that names the first places."""

    word: str
    summary: SafeText
    counts: Counts


class Person(NamedTuple):
    """One person as the objects name them. `ids` are (patient ID, institution). `is_withheld`: name, ID and dates were taken out.

    `paths` are the addresses of the objects of their exams, `series_instance_uids` their series: what has to be withheld with them.
    """

    name: SafeText | None
    birth_date: SafeText | None
    sex: SafeText | None
    ids: tuple[tuple[SafeText | None, SafeText | None], ...]
    objects: int
    study_instance_uids: tuple[str, ...]
    is_withheld: bool = False
    paths: tuple[str, ...] = ()
    series_instance_uids: tuple[str, ...] = ()


class Slip(NamedTuple):
    """The request slip: who and what was expected, as typed; None where it does not say."""

    patient: str | None = None
    born: str | None = None
    patient_id: str | None = None
    accession: str | None = None


class SlipField(NamedTuple):
    """One line of the slip held against the disc: `field` is a name of `Slip`, `word` "ok", "near", "differs" or "unknown"."""

    field: str
    word: str


class PersonVerdict(NamedTuple):
    """Whose it is. The first of `persons` is the one of the slip, else the one with most objects. `slip` is empty without a slip."""

    word: str
    summary: SafeText
    persons: tuple[Person, ...]
    slip: tuple[SlipField, ...] = ()


class LostSeries(NamedTuple):
    """A series of which something promised is not whole, for the request to the sender.

    `missing` are Instance Numbers of what is not whole, `paths` its addresses (the first hundred of each).
    """

    series_instance_uid: str | None
    series_number: int | None
    description: SafeText | None
    modality: SafeText | None
    promised: int
    whole: int
    missing: tuple[int, ...]
    paths: tuple[SafeText, ...]


class ExamRow(NamedTuple):
    """One exam. `cites_missing` says what its reports and other objects speak of and is not here ("Se 8"); `lossy` counts its objects that
    were compressed with loss; `in_the_way` of an import are finding codes, empty when nothing is.
    """

    study_instance_uid: str | None
    study_date: SafeText | None
    description: SafeText | None
    body_part: SafeText | None
    accession_number: SafeText | None
    institution: SafeText | None
    modalities: tuple[SafeText, ...]
    series: int
    promised: int
    whole: int
    report: bool
    cites: tuple[SafeText, ...]
    cites_missing: tuple[SafeText, ...]
    lossy: int
    in_the_way: tuple[str, ...]
    lost: tuple[LostSeries, ...]
    person: int  # index into PersonVerdict.persons


class Act(NamedTuple):
    """Something to do. `code` is a kebab-case word (`ask-again`, `confirm-person`, …), `study_instance_uids` the exams it is about."""

    code: str
    text: SafeText
    study_instance_uids: tuple[str, ...] = ()


class MediaFacts(NamedTuple):
    """The medium and how much of it was read. `unreadable` are (offset, length) of the medium, of a file where it has no positions.

    `others` are the other files by kind (`tview.catalog.sniff`) with their number; `burner` the program or place that wrote the list.
    """

    kind: str
    label: SafeText | None
    size: int | None
    bytes_read: int
    unreadable: tuple[tuple[int, int], ...]
    dicomdir: SafeText | None
    list_state: str
    others: tuple[tuple[str, int], ...]
    programs: tuple[SafeText, ...]
    burner: SafeText | None


class Verdict(NamedTuple):
    """All of it, for one source. `finished` is False for a run that was interrupted, or is under way.

    `findings` are all findings with the grades of `tview.verify.CHECKS`, the worst first; `notes` those of them that are folded (format).
    `do` is in the order to do it; `also` and `sure` are the pieces of their lines.
    """

    source: SafeText
    level: str
    finished: bool
    profile: str | None
    images: Images
    person: PersonVerdict
    notes: tuple[Finding, ...]
    exams: tuple[ExamRow, ...]
    do: tuple[Act, ...]
    also: tuple[SafeText, ...]
    sure: tuple[SafeText, ...]
    findings: tuple[Finding, ...]
    media: MediaFacts
    elapsed_s: float

    @property
    def fails(self) -> bool:
        """Whether it ends with exit code 1 whatever `--fail-on` says: a loss, or the wrong person or several."""
        lossy = self.images.word == "incomplete" or self.images.counts.unreadable > 0
        return lossy or self.person.word in ("several", "not-as-expected")

    @property
    def worst(self) -> Severity | None:
        """The severity of the worst finding."""
        return min((told.severity for told in self.findings), key=lambda severity: severity.rank, default=None)


class Expected(NamedTuple):
    """What a manifest or `--expect` says should be there; None where it does not say.

    `uids` are SOP Instance UIDs, `sums` SHA-256 in hexadecimal of whole files.
    """

    studies: int | None = None
    series: int | None = None
    images: int | None = None
    objects: int | None = None
    uids: frozenset[str] = frozenset()
    sums: frozenset[str] = frozenset()


class Options(NamedTuple):
    """What a run is asked for. `level` None takes the medium's own (`default_level`); `state_file` is where `--resume` keeps its place."""

    level: str | None = None
    profile: str | None = None
    slip: Slip = Slip()
    expected: Expected | None = None
    second_decoder: bool = False
    state_file: str | None = None


class Progress(NamedTuple):
    """How far a run is: bytes of `total`, and the address (not gated) of the file being read; `files` of `files_total`."""

    done: int
    total: int
    files: int
    files_total: int
    path: str


class Check(NamedTuple):
    """One check: a row of `tview.verify.CHECKS`.

    `number` is the project's, `codes` the kinds of findings that it tells, `grade` the worst it gives outside a profile ("E", "W" or "I",
    "-" for a fact on the exam row), `axis` one of AXES. `find` yields the findings, graded.
    """

    number: int
    codes: tuple[str, ...]
    grade: str
    axis: str
    clause: str | None
    title: str
    why: str
    act: str
    find: "Callable[[Evidence], Iterator[Finding]]"
