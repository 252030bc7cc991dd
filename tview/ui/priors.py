"""Which earlier exam belongs beside the one that is looked at, and which series of it."""

import re
from collections.abc import Iterator

from tview.catalog import Catalog, Patient, Series, Study

_SAME_KIND = {"CR": "X", "DX": "X", "DR": "X", "RF": "X"}
_MATCHES = 0.0


def prior_of(catalog: Catalog, study: Study, series: Series) -> tuple[Study, Series] | None:
    """The newest earlier exam of the same person that has a matching series, and that series; else the oldest later one; else None."""
    others = [(other, best) for other in _studies_of_person(catalog, study) if (best := _best(other, study, series)) is not None]
    day = study.shown_date or ""
    earlier = [pair for pair in others if (pair[0].shown_date or "") < day]
    if earlier:
        return max(earlier, key=lambda pair: pair[0].shown_date or "")
    return min(others, key=lambda pair: pair[0].shown_date or "", default=None)


def _studies_of_person(catalog: Catalog, study: Study) -> Iterator[Study]:
    """The other exams of whoever this study is of; across discs a person is known by name and birth date."""
    own = next((p for p in catalog.patients if any(s.key == study.key for s in p.studies)), None)
    for patient in catalog.patients:
        if own is not None and (patient.key == own.key or _same_person(patient, own)):
            yield from (other for other in patient.studies if other.key != study.key)


def _same_person(one: Patient, other: Patient) -> bool:
    known = one.shown_name is not None and one.birth_date is not None
    return known and (one.shown_name, one.birth_date) == (other.shown_name, other.birth_date)


def _best(other: Study, study: Study, series: Series) -> Series | None:
    scored = [(_score(candidate, series, other, study), -candidate.number_in_list, candidate) for candidate in other.series]
    best = max(scored, key=lambda scored_one: scored_one[:2], default=None)
    return best[2] if best is not None and best[0] > _MATCHES else None


def _score(candidate: Series, series: Series, other: Study, study: Study) -> float:
    """More than 0 for a series that may stand beside; what contradicts weighs more than what agrees."""
    if not candidate.is_image or candidate.main_stack is None or _kind(candidate) != _kind(series):
        return -1.0
    if candidate.is_scout != series.is_scout or candidate.is_raw != series.is_raw:
        return -1.0
    score = 1.0
    for one, two, weight in (
        (candidate.plane, series.plane, 3.0),
        (candidate.body_part, series.body_part, 4.0),
        (candidate.laterality, series.laterality, 4.0),
        (candidate.view_position, series.view_position, 4.0),
        (candidate.contrast, series.contrast, 0.5),
        (candidate.technique, series.technique, 1.0),
    ):
        if one and two:
            score += weight / 2 if str(one).casefold() == str(two).casefold() else -weight
    score += 2 * _shared(candidate.series_description, series.series_description) + _shared(other.shown_title, study.shown_title)
    if candidate.slice_thickness_mm and series.slice_thickness_mm:
        thin, thick = sorted((candidate.slice_thickness_mm, series.slice_thickness_mm))
        score += 0.5 * thin / thick
    return score


def _kind(series: Series) -> str:
    modality = str(series.modality or "")
    return _SAME_KIND.get(modality, modality)


def _shared(one: object, two: object) -> float:
    """How many of the words of two descriptions are the same, 0 to 1."""
    first, second = (set(re.findall(r"\w+", str(text or "").casefold())) for text in (one, two))
    return len(first & second) / len(first | second) if first and second else 0.0
