"""The catalog as plain records for `ls --json`: schema ``tview/ls/1``, described in ``docs/schemas/ls-1.json``.

Unknown is None, never "". Text has passed the gate; a path too, so `--path` takes it as it stands here.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from tview.catalog.digests import Digest, Digests
from tview.catalog.model import Catalog, Instance, OtherFile, Patient, Series, Stack, Study
from tview.catalog.tell import as_recorded
from tview.errors import Finding, finding
from tview.media import Medium
from tview.text import advice_of, message_of, safe

SCHEMA = "tview/ls/1"

Record = dict[str, Any]


def catalog_record(
    catalog: Catalog, media: Sequence[Medium], digests: Digests | None = None, failed: Sequence[tuple[str, Finding]] = ()
) -> Record:
    """Everything found. With `digests` each file has its own, and objects that could not be read in full are damaged.

    `failed` are the names of sources that could not be opened, as they were given to the scan: they have no medium.
    """
    digests = digests or {}
    harmed = _harmed(catalog, digests)
    states = {address: "damaged" for address in harmed if harmed[address].code == "object-unreadable-range"}
    counts = catalog.counts._asdict()
    counts["damaged"] += len(states)
    return {
        "schema": SCHEMA,
        "sources": [
            *(_source(number, medium, catalog) for number, medium in enumerate(media)),
            *(_unopened(number, source) for number, (source, _told) in enumerate(failed, len(media))),
        ],
        "patients": [_patient(patient, digests, states) for patient in catalog.patients],
        "other_files": [_other(file, digests) for file in catalog.other_files],
        "counts": counts,
        "findings": [finding_record(told) for told in (*catalog.findings, *harmed.values())],
    }


def finding_record(told: Finding) -> Record:
    """A finding with its words, in the reader's language."""
    return {
        "code": told.code,
        "severity": told.severity.value,
        "values": {name: safe(value) if isinstance(value, str) else value for name, value in told.values.items()},
        "count": told.count,
        "message": message_of(told),
        "advice": advice_of(told) or None,
        "source_number": told.source_number,
        "path": None if told.path is None else safe(told.path),
        "range": None if told.range is None else list(told.range),
        "clause": told.clause,
        "series_instance_uid": told.series_instance_uid,
        "sop_instance_uid": told.sop_instance_uid,
    }


def _source(number: int, medium: Medium, catalog: Catalog) -> Record:
    file_set = catalog.file_sets[number] if number < len(catalog.file_sets) else None
    return {
        "number": number,
        "source": safe(medium.source),
        "medium": {
            "kind": medium.kind,
            "label": safe(medium.label) if medium.label else None,
            "size": medium.size,
            "sessions": medium.sessions,
        },
        "file_set": {
            "dicomdir": safe(file_set.dicomdir) if file_set and file_set.dicomdir else None,
            "state": file_set.state if file_set else "absent",
        },
    }


def _unopened(number: int, source: str) -> Record:
    return {"number": number, "source": safe(source), "medium": None, "file_set": None}


def _patient(patient: Patient, digests: Digests, states: dict[tuple[int, str], str]) -> Record:
    return {
        "number_in_list": patient.number_in_list,
        "patient_id": patient.patient_id,
        "patient_name": patient.patient_name,
        "patient_birth_date": as_recorded(patient.birth_date),
        "patient_sex": patient.sex,
        "studies": [_study(study, digests, states) for study in patient.studies],
    }


def _study(study: Study, digests: Digests, states: dict[tuple[int, str], str]) -> Record:
    return {
        "number_in_list": study.number_in_list,
        "study_instance_uid": study.study_instance_uid,
        "study_date": as_recorded(study.shown_date),
        "study_description": study.study_description,
        "accession_number": study.accession_number,
        "series": [_series(series, digests, states) for series in study.series],
    }


def _series(series: Series, digests: Digests, states: dict[tuple[int, str], str]) -> Record:
    return {
        "number_in_list": series.number_in_list,
        "series_instance_uid": series.series_instance_uid,
        "modality": series.modality,
        "series_number": series.series_number,
        "series_description": series.series_description,
        "sop_class_uids": list(series.sop_class_uids),
        "stacks": [_stack(stack, digests, states) for stack in series.stacks],
    }


def _stack(stack: Stack, digests: Digests, states: dict[tuple[int, str], str]) -> Record:
    if digests:
        instances = [_with_digest(_instance(instance), instance, digests, states) for instance in stack.instances]
    else:
        instances = [_instance(instance) for instance in stack.instances]
    return {"reason": stack.reason, "sorted_by": stack.sorted_by, "instances": instances}


def _instance(instance: Instance) -> Record:
    return {
        "number_in_list": instance.number_in_list,
        "source_number": instance.source_number,
        "sop_instance_uid": instance.sop_instance_uid,
        "sop_class_uid": instance.sop_class_uid,
        "instance_number": instance.instance_number,
        "path": safe(instance.path),
        "frames": instance.frames,
        "state": instance.state,
        "also_at": [{"source_number": place.source_number, "path": safe(place.path)} for place in instance.also_at],
    }


def _with_digest(record: Record, instance: Instance, digests: Digests, states: dict[tuple[int, str], str]) -> Record:
    address = (instance.source_number, instance.path)
    record["state"] = states.get(address, instance.state)
    record["size"] = instance.size
    digest = digests.get(address) if instance.state != "missing" else None
    if digest is not None:
        record["digest"] = digest.hexadecimal
        if digest.bytes_read != instance.size:
            record["bytes_read"] = digest.bytes_read
    for place, also in zip(instance.also_at, record["also_at"], strict=True):
        other = digests.get((place.source_number, place.path))
        if other is not None:
            also["digest"] = other.hexadecimal
    return record


def _other(file: OtherFile, digests: Digests) -> Record:
    record = {"source_number": file.source_number, "path": safe(file.path), "kind": file.kind, "size": file.size}
    digest = digests.get((file.source_number, file.path))
    if digest is not None:
        record["digest"] = digest.hexadecimal
        if digest.bytes_read != file.size:
            record["bytes_read"] = digest.bytes_read
    return record


def _harmed(catalog: Catalog, digests: Digests) -> dict[tuple[int, str], Finding]:
    """What reading everything has brought to light: objects with unreadable parts that the headers did not show."""
    found: dict[tuple[int, str], Finding] = {}
    if not digests:
        return found
    for series in catalog.series:
        for instance in series.instances:
            address = (instance.source_number, instance.path)
            digest = digests.get(address)
            found.update(_differing(instance, digest, digests, series))
            if digest is not None and digest.unreadable and instance.state in ("ok", "unsupported"):
                found[address] = finding(
                    "object-unreadable-range",
                    path=instance.path,
                    source_number=instance.source_number,
                    range=digest.unreadable[0],
                    series_instance_uid=series.series_instance_uid,
                    sop_instance_uid=instance.sop_instance_uid,
                    bytes=sum(length for _offset, length in digest.unreadable),
                )
    return found


def _differing(instance: Instance, digest: Digest | None, digests: Digests, series: Series) -> Iterator[tuple[tuple[int, str], Finding]]:
    """Copies of which all is read, and which are none after all."""
    for place in instance.also_at:
        address = (place.source_number, place.path)
        other = digests.get(address)
        if digest and other and not (digest.unreadable or other.unreadable) and digest.hexadecimal != other.hexadecimal:
            yield (
                address,
                finding(
                    "hashes-differ",
                    path=place.path,
                    source_number=place.source_number,
                    other=instance.path,
                    series_instance_uid=series.series_instance_uid,
                    sop_instance_uid=instance.sop_instance_uid,
                ),
            )
