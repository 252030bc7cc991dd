"""What the objects of a medium say, gathered while they pass by: who they are of, what their series say of themselves, what they refer to.

Counts and first places are kept, and few values of each: memory stays the same however many files there are, but for the digests.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from tview.dicom import DataSet, Header, read_header, sop_class_kind
from tview.dicom import tags as t
from tview.errors import DicomError, Finding
from tview.text import SafeText, safe
from tview.verify.citations import Citation, citations_of
from tview.verify.passing import Fetched, FileRead
from tview.verify.promised import without_pixels

_VALUES = 16  # different values of one attribute that are told apart
_META_LENGTH = 0x00020000
_COLLATERAL = frozenset(("report", "key-objects", "presentation", "segmentation", "rt-structures", "rt-plan", "relation", "measurements"))


class Who(NamedTuple):
    """A person as one object names it: the name as a PN value, dates as they are written."""

    name: SafeText | None
    patient_id: SafeText | None
    issuer: SafeText | None
    institution: SafeText | None
    birth_date: SafeText | None
    sex: SafeText | None


@dataclass(slots=True)
class Use:
    """How often something was met, and first where."""

    count: int = 0
    path: str = ""
    studies: set[str] = field(default_factory=set)

    def add(self, path: str, study: str | None) -> None:
        if not self.count:
            self.path = path
        self.count += 1
        if study and len(self.studies) < 1000:
            self.studies.add(study)


Spread = dict[str, Use]
"""The values of one attribute."""


@dataclass(slots=True)
class Observed:
    """Gathered by `take`; for one thread."""

    persons: dict[Who, Use] = field(default_factory=dict)
    lossy: dict[str, int] = field(default_factory=dict)  # by Study Instance UID
    study_values: dict[tuple[str, str], Spread] = field(default_factory=dict)  # (Study Instance UID, attribute)
    series_values: dict[tuple[str, str], Spread] = field(default_factory=dict)  # (Series Instance UID, attribute)
    picture_values: dict[tuple[str, str, str], Spread] = field(default_factory=dict)  # (series, kind of picture, attribute)
    promises: dict[str, int] = field(default_factory=dict)  # by Series Instance UID: the most images it or its acquisition promises
    study_promises: dict[str, int] = field(default_factory=dict)
    citations: list[Citation] = field(default_factory=list)
    meta_lengths: Use = field(default_factory=Use)
    read: dict[str, FileRead] = field(default_factory=dict)
    sources: Spread = field(default_factory=dict)
    other_uids: set[str] = field(default_factory=set)  # SOP Instance UIDs of meta information that the data set contradicts
    lacking: dict[str, Finding] = field(default_factory=dict)  # by path: images without any pixel data

    def take(self, fetched: Fetched, header: Header | None) -> None:
        """One file that has passed: its header when it is an object."""
        path = fetched.entry.path
        if fetched.through is not None:
            self.read[path] = fetched.through
        if header is None or header.sop_class_uid == _DIRECTORY:
            return
        lacking = without_pixels(header, path)
        if lacking is not None:
            self.lacking[path] = lacking
        data_set = header.data_set
        study, series = data_set.uid(t.STUDY_INSTANCE_UID) or "", data_set.uid(t.SERIES_INSTANCE_UID) or ""
        if t.PATIENT_NAME in data_set or t.PATIENT_ID in data_set:  # else the header is cut off, or of another kind of object
            self.persons.setdefault(_who(data_set), Use()).add(path, study)
        if data_set.text(t.LOSSY_IMAGE_COMPRESSION) == "01":
            self.lossy[study] = self.lossy.get(study, 0) + 1
        told = header.meta.uid(t.MEDIA_STORAGE_SOP_INSTANCE_UID) if header.meta is not None else None
        if told and told != data_set.uid(t.SOP_INSTANCE_UID):
            self.other_uids.add(told)
        if header.meta is not None and not _length_is_right(header):
            self.meta_lengths.add(path, None)
        for name, tag in _STUDY:
            _note(self.study_values.setdefault((study, name), {}), data_set.text(tag), path)
        for name, tag in _SERIES:
            _note(self.series_values.setdefault((series, name), {}), data_set.text(tag), path)
        self._picture(data_set, series, path)
        self._promise(data_set, study, series)
        kind = sop_class_kind(header.sop_class_uid or "")
        if kind in _COLLATERAL or _REFERS & set(data_set.tags()):
            self.citations += citations_of(data_set, path, kind, study, header.sop_class_uid or "")

    def _picture(self, data_set: DataSet, series: str, path: str) -> None:
        if t.ROWS not in data_set or not data_set.raw(t.IMAGE_ORIENTATION_PATIENT):
            return
        kind = "|".join(data_set.texts(t.IMAGE_TYPE)[:4]) + f"|{data_set.integer(t.ROWS)}x{data_set.integer(t.COLUMNS)}"
        for name, tag in (("Pixel Spacing", t.PIXEL_SPACING), ("Image Orientation (Patient)", t.IMAGE_ORIENTATION_PATIENT)):
            rounded = "\\".join(f"{value:.2f}" for value in data_set.numbers(tag))
            _note(self.picture_values.setdefault((series, kind, name), {}), rounded.replace("-0.00", "0.00"), path)

    def _promise(self, data_set: DataSet, study: str, series: str) -> None:
        most = data_set.integer(t.NUMBER_OF_SERIES_RELATED_INSTANCES) or 0
        if most > self.promises.get(series, 0):
            self.promises[series] = most
        of_study = data_set.integer(t.NUMBER_OF_STUDY_RELATED_INSTANCES) or 0
        if of_study > self.study_promises.get(study, 0):
            self.study_promises[study] = of_study


_DIRECTORY = "1.2.840.10008.1.3.10"
_STUDY = (("Study Date", t.STUDY_DATE), ("Accession Number", t.ACCESSION_NUMBER), ("Patient's Sex", t.PATIENT_SEX))
_SERIES = (("Modality", t.MODALITY), ("Laterality", t.LATERALITY), ("Series Number", t.SERIES_NUMBER))
_REFERS = {t.REFERENCED_IMAGE_SEQUENCE, t.SOURCE_IMAGE_SEQUENCE, t.REFERENCED_SERIES_SEQUENCE}


def header_of(fetched: Fetched, read_more: "object") -> Header | None:
    """The header in a file's first bytes, `read_more` (offset, length) giving what lies behind them; None when it is no object."""
    head, size = fetched.head.data, fetched.entry.present

    def read_at(offset: int, length: int) -> bytes:
        if offset + length <= len(head) or fetched.whole:
            return head[offset : offset + length]
        return read_more(offset, length)  # type: ignore[operator,no-any-return]  # the medium's own

    try:
        return read_header(read_at, size)
    except DicomError:
        return None


def _who(data_set: DataSet) -> Who:
    name = data_set.person_name(t.PATIENT_NAME)
    written = None
    if name is not None:
        written = safe("=".join((name.alphabetic, name.ideographic, name.phonetic)).rstrip("="))
    return Who(
        written,
        data_set.text(t.PATIENT_ID),
        data_set.text(t.ISSUER_OF_PATIENT_ID),
        data_set.text(t.INSTITUTION_NAME),
        data_set.text(t.PATIENT_BIRTH_DATE),
        data_set.text(t.PATIENT_SEX),
    )


def _note(spread: Spread, value: str | None, path: str) -> None:
    if value and (value in spread or len(spread) < _VALUES):
        spread.setdefault(value, Use()).add(path, None)


def _length_is_right(header: Header) -> bool:
    """Whether the group length of the meta information is there and leads to its end (PS3.10 7.1)."""
    meta = header.meta
    assert meta is not None
    length, place = meta.integer(_META_LENGTH), meta.reader(_META_LENGTH)
    if length is None or place is None:
        return False
    ends = [found[0] + found[1] for tag in meta.tags() if (found := meta.reader(tag)) is not None]
    return sum(place) + length == max(ends)


def cited(observed: Observed) -> Iterator[Citation]:
    """Every citation, those of reports and key objects first."""
    yield from sorted(observed.citations, key=lambda one: not one.is_document)
