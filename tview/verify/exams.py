"""The row of each exam: what it is, how much of it is here, and what is in the way of an import."""

from collections.abc import Sequence

from tview.catalog import Series, Study
from tview.dicom import sop_class_name
from tview.errors import Finding, Severity
from tview.text import SafeText, safe
from tview.verify.checks_images import series_words
from tview.verify.evidence import Evidence
from tview.verify.model import ExamRow, LostSeries, Person

_REPORTS = frozenset(("report", "pdf", "cda"))
_NO_REPORT = ("Dose", "CAD", "Procedure Log", "Acquisition Context", "Implantation", "Performed Imaging", "Enhanced X-Ray")
_MOST = 100


def exam_rows(evidence: Evidence, persons: Sequence[Person], findings: Sequence[Finding]) -> tuple[ExamRow, ...]:
    """One row for each exam, as they stand in the catalog: the newest of each person first."""
    return tuple(_row(evidence, study, persons, findings) for study in evidence.catalog.studies)


def _row(evidence: Evidence, study: Study, persons: Sequence[Person], findings: Sequence[Finding]) -> ExamRow:
    uid = study.study_instance_uid or ""
    instances = [(series, instance) for series in study.series for instance in series.instances]
    whole = sum(evidence.state(instance) == "ok" for _, instance in instances)
    cites, lacking = _cites(evidence, study, findings)
    parts = [series.body_part for series in study.series if series.body_part]
    return ExamRow(
        study_instance_uid=study.study_instance_uid,
        study_date=study.shown_date,
        description=study.study_description or study.shown_title,
        body_part=parts[0] if parts else None,
        accession_number=study.accession_number,
        institution=study.institution,
        modalities=tuple(dict.fromkeys(series.modality for series in study.series if series.modality)),
        series=len(study.series),
        promised=len(instances),
        whole=whole,
        report=any(is_report(series) for series in study.series),
        cites=cites,
        cites_missing=lacking,
        lossy=evidence.observed.lossy.get(uid, 0),
        in_the_way=_in_the_way(evidence, study, findings),
        lost=tuple(lost for series in study.series if (lost := lost_of(evidence, series)) is not None),
        person=next((place for place, person in enumerate(persons) if uid in person.study_instance_uids), 0),
    )


def is_report(series: Series) -> bool:
    """Whether something of it is a report that a person wrote: no dose report, no marks of a computer."""
    if series.kind not in _REPORTS and not any("Structured" in uid for uid in series.sop_class_uids):
        return False
    title = f"{series.series_description or ''}".lower()
    names = [sop_class_name(uid) for uid in series.sop_class_uids]
    machine = all(any(word in name for word in _NO_REPORT) for name in names) if names else False
    return not machine and "dose" not in title and any(instance.state != "missing" for instance in series.instances)


def _cites(evidence: Evidence, study: Study, findings: Sequence[Finding]) -> tuple[tuple[SafeText, ...], tuple[SafeText, ...]]:
    """What the documents of an exam speak of, and what of it is not here, in words."""
    numbers = {series.series_instance_uid: series for one in evidence.catalog.studies for series in one.series}
    words: dict[str, None] = {}
    paths = {instance.path for series in study.series for instance in series.instances}
    for citation in evidence.observed.citations:
        if citation.path in paths and citation.is_document:
            for cited in citation.cited:
                words[series_words(numbers.get(cited.series_instance_uid), cited.series_instance_uid)] = None
            words.update((f"Se {series}", None) for series, _ in citation.text)
    lacking: dict[str, None] = {}
    for told in findings:
        if told.path in paths and told.severity is not Severity.INFO:
            if told.code == "cited-objects-missing":
                some = int(told.values["missing"]) < int(told.values["cited"])
                lacking[f"{told.values['series']}" + (f" ({told.values['missing']})" if some else "")] = None
            elif told.code == "cited-images-missing":
                lacking[str(told.values["what"])] = None
    return tuple(safe(word) for word in list(words)[:_MOST]), tuple(safe(word) for word in list(lacking)[:_MOST])


def _in_the_way(evidence: Evidence, study: Study, findings: Sequence[Finding]) -> tuple[str, ...]:
    series_uids = {series.series_instance_uid for series in study.series if series.series_instance_uid}
    paths = {instance.path for series in study.series for instance in series.instances}
    codes: dict[str, None] = {}
    for told in findings:
        if told.severity is Severity.INFO or told.code.startswith("cited-"):
            continue
        mine = told.series_instance_uid in series_uids or told.path in paths
        if mine or told.code in ("persons-several", "person-not-expected"):
            codes[told.code] = None
    return tuple(codes)


def lost_of(evidence: Evidence, series: Series) -> LostSeries | None:
    """What of a series is not whole; None when all of it is, or has not been looked at."""
    lost = [instance for instance in series.instances if evidence.state(instance) not in ("ok", "unread")]
    if not lost:
        return None
    return LostSeries(
        series.series_instance_uid,
        series.series_number,
        series.series_description or series.shown_title,
        series.modality,
        len(series.instances),
        sum(evidence.state(instance) == "ok" for instance in series.instances),
        tuple(instance.instance_number for instance in lost if instance.instance_number is not None)[:_MOST],
        tuple(safe(instance.path) for instance in lost[:_MOST]),
    )
