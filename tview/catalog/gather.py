"""Everything found so far, and the catalog made of it: claims of the DICOMDIR beside headers, duplicates, persons, series by series.

Only series that have changed are made anew, so a snapshot costs what is new in it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count

from tview.catalog.facts import Facts, Identity, text
from tview.catalog.grouping import PatientKey, SeriesGroup, in_the_list, patient_key
from tview.catalog.model import Catalog, Counts, FileSet, OtherFile, Patient, Series, Study
from tview.catalog.notes import Notes
from tview.catalog.tell import clock_time, exam_age, iso_date, shown_name, study_title
from tview.dicom.character_sets import character_set, decode
from tview.errors import Finding, finding
from tview.text import safe

Address = tuple[int, str]


class _Exam:
    """One study in the making."""

    __slots__ = ("series",)

    def __init__(self) -> None:
        self.series: dict[str, SeriesGroup] = {}


class _Person:
    """One patient in the making, with how often each spelling of who it is was met."""

    __slots__ = ("exams", "identities")

    def __init__(self) -> None:
        self.identities: dict[Identity, int] = {}
        self.exams: dict[str, _Exam] = {}


class Gatherer:
    """Takes in what is found, in any order, and gives snapshots. For one thread."""

    def __init__(self) -> None:
        self.notes = Notes()
        self._persons: dict[PatientKey, _Person] = {}
        self._keys: dict[Identity, PatientKey] = {}
        self._where: dict[Address, tuple[SeriesGroup, Facts]] = {}
        self._others: list[OtherFile] = []
        self._last: tuple[SeriesGroup | None, Facts | None] = (None, None)

    # --- taking in ----------------------------------------------------------------------------------------------

    def claim(self, facts: Facts) -> None:
        """An object that the DICOMDIR promises: its file not read yet, or missing."""
        address = (facts.source_number, facts.path)
        if address not in self._where:
            self._where[address] = (self._put(facts), facts)

    def found(self, facts: Facts, told: tuple[Finding, ...] = ()) -> None:
        """An object whose header was read, with what is wrong with it. It takes the place of the claim to its file; where they differ both
        are told.
        """
        address = (facts.source_number, facts.path)
        known = self._where.get(address)
        if known is not None:
            group, claim = known
            group.remove(address)
            if claim.in_dicomdir:
                facts = facts._replace(in_dicomdir=True)
                self._compare(claim, facts)
        self._where[address] = (self._put(facts, told), facts)

    def unreadable(self, address: Address, state: str, told: tuple[Finding, ...]) -> None:
        """The file that a claim is to is no readable object: the claim stays, in this state."""
        group, claim = self._where[address]
        damaged = claim._replace(state=state)
        group.put(address, damaged, told)
        self._where[address] = (group, damaged)

    def alike(self) -> list[Address]:
        """The files that seem to be copies of one another, by UID, header and size."""
        return [address for group in self._groups() for address in group.alike()]

    def sampled(self, samples: Mapping[Address, bytes]) -> None:
        """Take in samples of their bytes."""
        for address, sample in samples.items():
            group, facts = self._where[address]
            group.sampled(address, sample)
            self._where[address] = group, facts._replace(sample=sample)

    def _groups(self) -> Iterator[SeriesGroup]:
        return (group for person in self._persons.values() for exam in person.exams.values() for group in exam.series.values())

    def other(self, file: OtherFile) -> None:
        """A file that is no object."""
        self._others.append(file)

    def _put(self, facts: Facts, told: tuple[Finding, ...] = ()) -> SeriesGroup:
        group, last = self._last
        if (
            group is None
            or last is None
            or last.group.uid != facts.group.uid
            or last.exam.uid != facts.exam.uid
            or last.identity is not facts.identity
        ):
            key = self._keys.get(facts.identity)
            if key is None:
                key = self._keys[facts.identity] = patient_key(facts.identity)
            if key == PatientKey("", ""):
                key = self._person_of_study(facts) or key
            person = self._persons.setdefault(key, _Person())
            # What a header says of a person counts more than what a directory record does.
            person.identities[facts.identity] = person.identities.get(facts.identity, 0) + facts.is_read
            exam = person.exams.setdefault(_uid(facts.exam.uid), _Exam())
            series_uid = _uid(facts.group.uid)
            group = exam.series.get(series_uid)
            if group is None:
                name = f"{key.patient_id}/{key.name}/{_uid(facts.exam.uid)}/{series_uid}"
                group = exam.series[series_uid] = SeriesGroup(name)
        self._last = group, facts
        group.put((facts.source_number, facts.path), facts, told)
        return group

    def _person_of_study(self, facts: Facts) -> PatientKey | None:
        """The person of this study, for an object that names nobody."""
        uid = _uid(facts.exam.uid)
        return next((key for key, person in self._persons.items() if uid and uid in person.exams), None)

    def _compare(self, claim: Facts, header: Facts) -> None:
        """Tell where the DICOMDIR and the file differ. The header is shown."""
        source, path = header.source_number, header.path
        if patient_key(claim.identity) != patient_key(header.identity) and any(claim.identity[1:3]):
            listed, own = (f"{name} {number}".strip() for name, number in (_who(claim.identity), _who(header.identity)))
            told = finding("dicomdir-other-patient", path=path, listed=listed, own=own)
            self.notes.add(told, source, fold=("who", listed, own))
        for what, listed_value, own_value in (
            ("SOP Instance UID", claim.sop_instance_uid, header.sop_instance_uid),
            ("SOP Class UID", claim.sop_class_uid, header.sop_class_uid),
            ("Transfer Syntax UID", claim.transfer_syntax_uid, header.transfer_syntax_uid),
            ("Study Instance UID", _uid(claim.exam.uid), _uid(header.exam.uid)),
            ("Series Instance UID", _uid(claim.group.uid), _uid(header.group.uid)),
        ):
            if listed_value and own_value and listed_value != own_value:
                told = finding("dicomdir-disagrees", path=path, what=what, listed=listed_value, own=own_value)
                self.notes.add(told, source, fold=(what, listed_value, own_value) if what.startswith(("Study", "Series")) else what)

    # --- snapshots ----------------------------------------------------------------------------------------------

    def snapshot(
        self, file_sets: Sequence[FileSet], more: Iterable[Finding], *, complete: bool, files_read: int, files_total: int
    ) -> Catalog:
        """Everything found so far."""
        listed = sorted(self._persons.items(), key=lambda pair: (pair[0].name, pair[0].patient_id))
        patients = tuple(
            patient
            for number, (key, person) in enumerate(((k, p) for k, p in listed if _has_members(p)), 1)
            for patient in [self._patient(key, person, number)]
        )
        patients = _numbered(patients)
        series = [series for patient in patients for study in patient.studies for series in study.series]
        across = self._across(patients) if complete else ()
        findings = self._by_weight((*more, *self.notes.findings, *_of_series(series), *across))
        others = tuple(sorted(self._others, key=lambda file: (file.source_number, file.path)))
        return Catalog(patients, others, tuple(file_sets), findings, _counts(patients, series, others), complete, files_read, files_total)

    def _by_weight(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """The worst first; of equal ones what is about objects, then what is about a medium, then what is about other files."""

        def weight(told: Finding) -> tuple[int, int]:
            if told.series_instance_uid or told.sop_instance_uid or (told.source_number or 0, told.path) in self._where:
                return told.severity.rank, 0
            return told.severity.rank, 1 if told.path is None or told.source_number is None else 2

        return tuple(sorted(findings, key=weight))

    def _patient(self, key: PatientKey, person: _Person, number: int) -> Patient:
        # Of several spellings the one that most objects have.
        identity = max(person.identities, key=lambda known: person.identities[known])
        studies = [self._study(key, uid, exam, identity) for uid, exam in person.exams.items() if any(exam.series.values())]
        studies.sort(key=lambda study: (study.study_date or "", study.study_time or "", study.study_instance_uid or ""), reverse=True)
        return Patient(
            key=f"{key.patient_id}/{key.name}",
            number_in_list=number,
            patient_id=text(identity.patient_id, identity.charset),
            patient_name=text(identity.name, identity.charset),
            shown_name=shown_name(identity),
            birth_date=iso_date(text(identity.birth_date)),
            sex=text(identity.sex),
            studies=tuple(studies),
        )

    def _study(self, key: PatientKey, uid: str, exam: _Exam, identity: Identity) -> Study:
        groups = [group for group in exam.series.values() if group]
        series = tuple(sorted((group.series() for group in groups), key=_series_order))
        best = max((group.first.exam for group in groups), key=lambda known: sum(value is not None for value in known))
        modalities = list(dict.fromkeys(str(one.modality) for one in series if one.modality))
        parts = list(dict.fromkeys(str(one.body_part) for one in series if one.body_part))
        return Study(
            key=f"{key.patient_id}/{key.name}/{uid}",
            number_in_list=0,
            study_instance_uid=uid or None,
            study_date=text(best.date),
            study_time=clock_time(text(best.time)),
            study_description=text(best.description, best.charset),
            accession_number=text(best.accession_number, best.charset),
            institution=text(best.institution, best.charset),
            age=exam_age(best, identity),
            series=series,
            shown_date=iso_date(text(best.date)),
            shown_title=study_title(best, modalities, parts),
            image_count=sum(one.image_count for one in series),
            missing_count=sum(one.missing_count for one in series),
            damaged_count=sum(one.damaged_count for one in series),
        )

    def _across(self, patients: Sequence[Patient]) -> tuple[Finding, ...]:
        """What only shows when all is read: several persons, one person with two birth dates, text in no declared character set."""
        notes = Notes()
        if len(patients) > 1:
            notes.add(finding("several-patients", patients=len(patients)))
        for person in self._persons.values():
            if not _has_members(person):
                continue
            dates = sorted({date for identity in person.identities if (date := text(identity.birth_date))})
            if len(dates) > 1:
                notes.add(finding("birth-dates-differ", dates=", ".join(iso_date(date) or date for date in dates)))
            for identity in person.identities:
                if identity.name:
                    decoded = decode(identity.name, character_set(identity.charset))
                    if decoded.doubt:
                        notes.add(finding(f"text-{decoded.doubt}", text=decoded.text.rstrip(" \0"), codec=decoded.codec))
        return notes.findings


_OF_A_MEDIUM = "referenced-file-elsewhere"


def _of_series(series: Sequence[Series]) -> list[Finding]:
    """What was told of all series; of files that lie elsewhere than the DICOMDIR says, one of each medium with their number."""
    told = [one for each in series for one in each.findings]
    places = [one for one in told if one.code == _OF_A_MEDIUM]
    if len(places) < 2:
        return told
    first: dict[int | None, Finding] = {}
    for one in places:
        known = first.get(one.source_number)
        first[one.source_number] = replace(known, count=known.count + one.count) if known else one
    return [*(one for one in told if one.code != _OF_A_MEDIUM), *first.values()]


def _numbered(patients: Sequence[Patient]) -> tuple[Patient, ...]:
    """Studies and series with their numbers, which run through the whole list: one number means one series."""
    study_number, series_number = count(1), count(1)
    return tuple(
        patient._replace(
            studies=tuple(
                study._replace(
                    number_in_list=exam,
                    series=tuple(in_the_list(one, next(series_number), study, exam) for one in study.series),
                )
                for study in patient.studies
                for exam in (next(study_number),)
            ),
        )
        for patient in patients
    )


def _series_order(series: Series) -> tuple[object, ...]:
    number = series.series_number
    return (not series.is_image, number is None, number or 0, series.series_date or "", series.series_instance_uid or "")


def _uid(raw: bytes | None) -> str:
    return str(safe(raw.rstrip(b"\0 ").decode("ascii", "replace"), 64)) if raw else ""


def _who(identity: Identity) -> tuple[str, str]:
    return shown_name(identity) or "?", text(identity.patient_id, identity.charset) or ""


def _has_members(person: _Person) -> bool:
    return any(any(exam.series.values()) for exam in person.exams.values())


def _counts(patients: Sequence[Patient], series: Sequence[Series], others: Sequence[OtherFile]) -> Counts:
    return Counts(
        patients=len(patients),
        studies=sum(len(patient.studies) for patient in patients),
        series=len(series),
        instances=sum(one.image_count for one in series),
        frames=sum(one.frame_count for one in series),
        missing=sum(one.missing_count for one in series),
        damaged=sum(one.damaged_count for one in series),
        unsupported=sum(one.unsupported_count for one in series),
        other_files=len(others),
    )
