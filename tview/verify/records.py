"""The verdict as a plain record for `verify --json`: schema ``tview/verify/1``, described in ``docs/schemas/verify-1.json``.

Unknown is None, never "". Text has passed the gate.
"""

from typing import Any

from tview.catalog import finding_record
from tview.verify.model import Act, ExamRow, LostSeries, MediaFacts, Person, PersonVerdict, Verdict

SCHEMA = "tview/verify/1"

Record = dict[str, Any]


def verdict_record(verdict: Verdict) -> Record:
    """All of it. What was withheld is null, and `withheld` says so."""
    return {
        "schema": SCHEMA,
        "source": verdict.source,
        "level": verdict.level,
        "finished": verdict.finished,
        "profile": verdict.profile,
        "images": {
            "verdict": verdict.images.word,
            "summary": verdict.images.summary,
            "counts": dict(verdict.images.counts._asdict()),
        },
        "person": _person_verdict(verdict.person),
        "format": {"notes": [told.code for told in verdict.notes]},
        "exams": [_exam(row) for row in verdict.exams],
        "do": [_act(act) for act in verdict.do],
        "also": list(verdict.also),
        "sure": list(verdict.sure),
        "findings": [finding_record(told) for told in verdict.findings],
        "media": _media(verdict.media),
        "elapsed_s": round(verdict.elapsed_s, 3),
    }


def _person_verdict(person: PersonVerdict) -> Record:
    return {
        "verdict": person.word,
        "summary": person.summary,
        "persons": [_person(one) for one in person.persons],
        "slip": {one.field: one.word for one in person.slip} or None,
    }


def _person(person: Person) -> Record:
    return {
        "patient_name": person.name,
        "patient_birth_date": person.birth_date,
        "patient_sex": person.sex,
        "ids": [{"patient_id": number, "institution": place} for number, place in person.ids],
        "objects": person.objects,
        "study_instance_uids": list(person.study_instance_uids),
        "withheld": person.is_withheld,
    }


def _exam(row: ExamRow) -> Record:
    return {
        "study_instance_uid": row.study_instance_uid,
        "study_date": row.study_date,
        "description": row.description,
        "body_part": row.body_part,
        "accession_number": row.accession_number,
        "institution": row.institution,
        "modalities": list(row.modalities),
        "series": row.series,
        "promised": row.promised,
        "whole": row.whole,
        "report": row.report,
        "cites": list(row.cites),
        "cites_missing": list(row.cites_missing),
        "lossy": row.lossy,
        "in_the_way": list(row.in_the_way),
        "lost": [_lost(lost) for lost in row.lost],
        "person": row.person,
    }


def _lost(lost: LostSeries) -> Record:
    return {
        "series_instance_uid": lost.series_instance_uid,
        "series_number": lost.series_number,
        "description": lost.description,
        "modality": lost.modality,
        "promised": lost.promised,
        "whole": lost.whole,
        "instance_numbers": list(lost.missing),
        "paths": list(lost.paths),
    }


def _act(act: Act) -> Record:
    return {"code": act.code, "text": act.text, "study_instance_uids": list(act.study_instance_uids)}


def _media(media: MediaFacts) -> Record:
    return {
        "kind": media.kind,
        "label": media.label,
        "size": media.size,
        "bytes_read": media.bytes_read,
        "unreadable_ranges": [list(pair) for pair in media.unreadable],
        "dicomdir": media.dicomdir,
        "list_state": media.list_state,
        "others": dict(media.others),
        "programs": list(media.programs),
        "burner": media.burner,
    }
