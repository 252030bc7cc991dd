"""What is on the media, as frozen values: Catalog > Patient > Study > Series > Stack > Instance, and every other file beside them.

Text has passed the gate; None means that the file does not say. Paths are addresses as a medium has them and pass the gate when shown.

They are named tuples: one is made in a third of the time of a frozen dataclass, which counts for objects, and its class is, which counts
for the start of every command (0.5 to 1 ms each).
"""

from typing import NamedTuple

from tview.errors import Finding, Severity
from tview.text import SafeText

STATES = ("ok", "missing", "damaged", "unsupported", "undecodable")


class Place(NamedTuple):
    """Where else the same object lies."""

    source_number: int
    path: str


class Instance(NamedTuple):
    """One object, or one that the DICOMDIR promises and the medium lacks (`state` "missing").

    `source_number` is the index of its medium, `number_in_list` counts from 1 in its series. `position_mm` is its place along the normal of
    its stack. `is_read` is False while only the DICOMDIR speaks for it. For a missing one `path` is what the DICOMDIR says, '/'-joined.
    """

    number_in_list: int
    source_number: int
    path: str
    size: int | None
    state: str
    sop_instance_uid: str | None
    sop_class_uid: str | None
    transfer_syntax_uid: str | None
    instance_number: int | None
    frames: int | None
    rows: int | None
    columns: int | None
    position_mm: float | None
    also_at: tuple[Place, ...]
    in_dicomdir: bool
    is_read: bool


class Gap(NamedTuple):
    """A jump between two neighbours of a stack: `gap_mm` more than the distance between slices, room for `missing` of them.

    `after` is the place in the stack before the gap, counted from 1; the numbers are the neighbours' Instance Numbers.
    """

    after: int
    gap_mm: float
    spacing_mm: float
    missing: int
    number_before: int | None
    number_after: int | None


class FrameRow(NamedTuple):
    """Frames of a multi-frame stack that scroll as one: their places in it, counted from 1, in the order of what they show.

    `words` say which of several rows it is ("echo 1/2 (10 ms)"). Gaps name frames where those of a stack name Instance Numbers.
    """

    words: SafeText | None
    frames: tuple[int, ...]
    sorted_by: SafeText
    gaps: tuple[Gap, ...] = ()
    spacing_mm: float | None = None


class Stack(NamedTuple):
    """Images that scroll as one. `reason` says in words why its series is split, and is None when it is not; `sorted_by` what orders it.

    `frame_rows` part and order the frames of enhanced objects by their functional groups; without them frames go as they are stored.
    """

    key: str
    reason: SafeText | None
    sorted_by: SafeText
    instances: tuple[Instance, ...]
    gaps: tuple[Gap, ...] = ()
    spacing_mm: float | None = None
    is_scout: bool = False
    frame_rows: tuple[FrameRow, ...] = ()

    @property
    def image_count(self) -> int:
        """Objects that are there."""
        return sum(instance.state != "missing" for instance in self.instances)

    @property
    def ok_count(self) -> int:
        """Objects that can be shown as far as their headers tell."""
        return sum(instance.state == "ok" for instance in self.instances)

    @property
    def middle(self) -> Instance | None:
        """The middle one of those that can be shown; when there is none, of those that are there."""
        present = [instance for instance in self.instances if instance.state != "missing"]
        whole = [instance for instance in present if instance.state == "ok"] or present
        return whole[len(whole) // 2] if whole else None


class Series(NamedTuple):
    """One series with its stacks, the one to open first being `main_stack`.

    `kind` is one of `tview.dicom`'s kinds ("image", "report", …), "" for a private class, "no-pixels" when no object of an image class has
    pixel data. `plane` to `phase` are what tells it from its
    neighbours, in words. `is_raw` says FOR PROCESSING, `is_scout` that all of it is.
    """

    key: str
    number_in_list: int
    series_instance_uid: str | None
    modality: SafeText | None
    series_number: int | None
    series_description: SafeText | None
    series_date: SafeText | None
    body_part: SafeText | None
    laterality: SafeText | None
    view_position: SafeText | None
    sop_class_uids: tuple[str, ...]
    kind: str
    plane: str | None
    slice_thickness_mm: float | None
    slice_spacing_mm: float | None
    technique: SafeText | None
    contrast: SafeText | None
    phase: SafeText | None
    is_raw: bool
    is_scout: bool
    is_derived: bool
    stacks: tuple[Stack, ...]
    findings: tuple[Finding, ...]
    shown_title: SafeText
    kind_label: SafeText
    image_count: int
    frame_count: int
    missing_count: int
    damaged_count: int
    unsupported_count: int

    @property
    def is_image(self) -> bool:
        """Whether it holds pictures."""
        return self.kind in ("image", "segmentation")

    @property
    def main_stack(self) -> Stack | None:
        """The stack to open first: the longest that is no scout, of those that can be shown."""
        present = [stack for stack in self.stacks if stack.image_count]
        return max(present, key=lambda stack: (stack.ok_count > 0, not stack.is_scout, stack.ok_count, stack.image_count), default=None)

    @property
    def source_numbers(self) -> tuple[int, ...]:
        """The media it lies on, copies too; of a missing object the one whose DICOMDIR lists it."""
        numbers = {instance.source_number for instance in self.instances}
        return tuple(sorted(numbers.union(place.source_number for instance in self.instances for place in instance.also_at)))

    @property
    def instances(self) -> tuple[Instance, ...]:
        """All objects, stack by stack."""
        return tuple(instance for stack in self.stacks for instance in stack.instances)


class Study(NamedTuple):
    """One exam."""

    key: str
    number_in_list: int
    study_instance_uid: str | None
    study_date: SafeText | None
    study_time: SafeText | None
    study_description: SafeText | None
    accession_number: SafeText | None
    institution: SafeText | None
    age: SafeText | None
    series: tuple[Series, ...]
    shown_date: SafeText | None
    shown_title: SafeText
    image_count: int
    missing_count: int
    damaged_count: int


class Patient(NamedTuple):
    """One person, as far as name and ID tell. `shown_name` is written family, given, with script groups; None when there is no name."""

    key: str
    number_in_list: int
    patient_id: SafeText | None
    patient_name: SafeText | None
    shown_name: SafeText | None
    birth_date: SafeText | None
    sex: SafeText | None
    studies: tuple[Study, ...]


class OtherFile(NamedTuple):
    """A file that is no object of the tree. `kind` is by content: "dicomdir", "html", "jpeg", "program", … (`tview.catalog.sniff`)."""

    source_number: int
    path: str
    kind: str
    size: int


class FileSet(NamedTuple):
    """The DICOMDIR of a medium: its path, and whether it was "used", "repaired", is "absent" or "unusable"."""

    dicomdir: str | None
    state: str
    file_set_id: SafeText | None = None
    records: int = 0


class Counts(NamedTuple):
    """How much there is: `instances` are the objects that are on the media, `missing` those that are only promised."""

    patients: int = 0
    studies: int = 0
    series: int = 0
    instances: int = 0
    frames: int = 0
    missing: int = 0
    damaged: int = 0
    unsupported: int = 0
    other_files: int = 0


class Catalog(NamedTuple):
    """A snapshot of everything found so far; `complete` on the last one. `file_sets` has one for each medium."""

    patients: tuple[Patient, ...] = ()
    other_files: tuple[OtherFile, ...] = ()
    file_sets: tuple[FileSet, ...] = ()
    findings: tuple[Finding, ...] = ()
    counts: Counts = Counts()
    complete: bool = False
    files_read: int = 0
    files_total: int = 0

    @property
    def studies(self) -> tuple[Study, ...]:
        """All exams, patient by patient."""
        return tuple(study for patient in self.patients for study in patient.studies)

    @property
    def series(self) -> tuple[Series, ...]:
        """All series in the order of the tree."""
        return tuple(series for study in self.studies for series in study.series)

    @property
    def first_series(self) -> Series | None:
        """The series that a reader would open first; None when there is nothing."""
        from tview.catalog.prefer import first_series

        return first_series(self)

    @property
    def worst(self) -> Severity | None:
        """The severity of the worst finding."""
        return min((finding.severity for finding in self.findings), key=lambda severity: severity.rank, default=None)
