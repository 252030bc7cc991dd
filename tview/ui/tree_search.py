"""The part of a catalog that matches what was typed: the tree shows it in place of everything."""

from collections.abc import Iterator

from tview.catalog import Catalog, OtherFile, Patient, Series, Study


def narrowed(catalog: Catalog, query: str, shown_patients: frozenset[str]) -> tuple[Catalog, tuple[str, ...]]:
    """The catalog with only the series and files that have every word of `query`, and their keys in the order of the tree.

    A series is found by its number, title, description, modality, body part, side, view, kind, class, date, stacks and the paths of its
    objects, and by what its exam and its patient are called; by the patient only if its key is among `shown_patients`, so that the mask
    holds for what is looked for too.
    """
    terms = query.casefold().split()
    patients: list[Patient] = []
    keys: list[str] = []
    for patient in catalog.patients:
        around = _of_patient(patient) if patient.key in shown_patients else ""
        studies = [kept for study in patient.studies if (kept := _study(study, terms, around)) is not None]
        keys += [series.key for study in studies for series in study.series]
        if studies:
            patients.append(patient._replace(studies=tuple(studies)))
    files = tuple(file for file in catalog.other_files if all(term in f"{file.path} {file.kind}".casefold() for term in terms))
    keys += [file_key(file) for file in files]
    return catalog._replace(patients=tuple(patients), other_files=files), tuple(keys)


def file_key(file: OtherFile) -> str:
    """What the row of a file is known by."""
    return f"other:{file.source_number}:{file.path}"


def _of_patient(patient: Patient) -> str:
    return _joined(patient.shown_name, patient.patient_id, patient.birth_date)


def _study(study: Study, terms: list[str], around: str) -> Study | None:
    text = f"{around} {_joined(study.shown_date, study.study_date, study.shown_title, study.study_description, study.accession_number)}"
    series = tuple(one for one in study.series if _matches(one, terms, text))
    return study._replace(series=series) if series else None


def _matches(series: Series, terms: list[str], around: str) -> bool:
    text = f"{around} {_of_series(series)}".casefold()
    return all(term in text or any(term in path for path in _paths(series)) for term in terms)


def _of_series(series: Series) -> str:
    number = "" if series.series_number is None else str(series.series_number)
    said = (series.shown_title, series.series_description, series.modality, series.body_part, series.laterality, series.view_position)
    reasons = (stack.reason for stack in series.stacks)
    return _joined(number, *said, series.kind, series.kind_label, series.plane, series.series_date, series.technique, *reasons)


def _paths(series: Series) -> Iterator[str]:
    return (instance.path.casefold() for stack in series.stacks for instance in stack.instances)


def _joined(*texts: str | None) -> str:
    return " ".join(text for text in texts if text)
