"""Objects that a DICOMDIR lists and that are on the medium nowhere, although a file is where it says: missing, as if there were none."""

import os
from collections.abc import Iterator, Mapping, Sequence

from tview.catalog import Catalog, Instance, Series
from tview.media import Medium, Resolved
from tview.verify.listing import Listed, ListFacts

Placed = tuple[Series, Instance]


def unfound_objects(medium: Medium, every: Sequence[Placed], lists: Sequence[ListFacts], other_uids: set[str]) -> tuple[Placed, ...]:
    """Those objects, each SOP Instance UID once, with the series of the list, else of the file that it leads to.

    `every` are the objects of the catalog. The UID of a record is that of its file (PS3.3 F.3.2.2), which the file has twice; `other_uids`
    are those that only its meta information has.
    """
    known = {one.sop_instance_uid for _, one in every} | other_uids | {""}
    lacking = {one.sop_instance_uid: one for facts in lists for one in facts.listed if one.sop_instance_uid not in known}
    if not lacking:
        return ()
    at = {place: (series, one) for series, one in every for place in (one.path, *(other.path for other in one.also_at))}
    by_uid = {series.series_instance_uid or "": series for series, _ in every}
    return tuple(found for one in lacking.values() for found in _unfound(medium, one, at, by_uid))


def _unfound(medium: Medium, listed: Listed, at: Mapping[str, Placed], by_uid: Mapping[str, Series]) -> Iterator[Placed]:
    resolved = medium.resolve(listed.file_id, os.path.dirname(listed.list_path)) if any(listed.file_id) else None
    there = at.get(resolved.entry.path) if isinstance(resolved, Resolved) else None
    if there is None or not there[1].sop_instance_uid:
        return
    number = listed.instance_number
    yield (
        by_uid.get(listed.series_instance_uid, there[0]),
        there[1]._replace(
            path=resolved.entry.path if isinstance(resolved, Resolved) else there[1].path,
            state="missing",
            sop_instance_uid=listed.sop_instance_uid,
            sop_class_uid=listed.sop_class_uid or None,
            instance_number=int(number) if number.isdigit() and len(number) <= 12 else None,
            size=None,
            also_at=(),
            in_dicomdir=True,
            is_read=False,
        ),
    )


def with_unfound(catalog: Catalog, unfound: Sequence[Placed]) -> Catalog:
    """The catalog with these objects as missing ones at the end of their series."""
    if not unfound:
        return catalog
    more: dict[str, list[Instance]] = {}
    for series, instance in unfound:
        more.setdefault(series.key, []).append(instance)

    def filled(series: Series) -> Series:
        added = more.get(series.key)
        if not added or not series.stacks:
            return series
        last = series.stacks[-1]
        stacks = (*series.stacks[:-1], last._replace(instances=(*last.instances, *added)))
        return series._replace(stacks=stacks, missing_count=series.missing_count + len(added))

    patients = []
    for patient in catalog.patients:
        studies = tuple(study._replace(series=tuple(map(filled, study.series))) for study in patient.studies)
        patients.append(patient._replace(studies=studies))
    return catalog._replace(patients=tuple(patients))
