"""Checks of the images: what is missing, damaged, not listed, or spoken of and not there."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from tview.catalog import Instance, Series
from tview.dicom import sop_class_kind
from tview.errors import Finding, Severity, finding
from tview.verify.citations import Citation
from tview.verify.evidence import ARCHIVE_LOSSES, Evidence

E, W, I = Severity.ERROR, Severity.WARNING, Severity.INFO  # noqa: E741 - the verdict's letters

Find = Callable[[Evidence], Iterator[Finding]]


def graded(told: Finding, severity: Severity) -> Finding:
    """The same finding with this grade."""
    return told if told.severity is severity else replace(told, severity=severity)


def as_told(*codes: str, severity: Severity | None = None) -> Find:
    """What the scan found of these kinds, with one grade for all or as it was told."""

    def find(evidence: Evidence) -> Iterator[Finding]:
        for told in evidence.told(*codes):
            yield graded(told, severity) if severity else told

    return find


# --- lost bytes -------------------------------------------------------------------------------------------------


def by_loss(*codes: str) -> Find:
    """What the scan found of these kinds: E where a promised object is lost by it, W where a whole copy is there, else I."""

    def find(evidence: Evidence) -> Iterator[Finding]:
        for told in evidence.told(*codes):
            # What follows from bytes that cannot be read is told by those.
            if told.code not in _FOLLOWS or told.path not in evidence.unreadable:
                yield graded(told, grade_of_loss(evidence, told.path))

    return find


_FOLLOWS = frozenset(("object-unreadable", "header-empty", "header-unreadable", "pixels-fewer", "pixels-open-ended", "object-cut-off"))


def broken(evidence: Evidence) -> Iterator[Finding]:
    """Objects that end too early or whose header is broken; what the scan calls damaged without a kind of its own too."""
    told_of = {told.path for told in evidence.told("file-cut-off")} | evidence.unreadable
    for codes in (("object-cut-off", "pixels-fewer", "pixels-open-ended", "object-unreadable"), ("header-empty", "header-unreadable")):
        found = [told for told in by_loss(*codes)(evidence) if codes[0] == "object-cut-off" or told.path not in told_of]
        told_of.update(told.path for told in found)
        yield from found
    for path, told in evidence.observed.lacking.items():
        if path not in told_of:
            told_of.add(path)
            yield _about(graded(told, grade_of_loss(evidence, path)), evidence, evidence.places.get(path))
    for _, _, instance in evidence.instances:
        if instance.state == "damaged" and instance.path not in told_of:
            told = finding("object-unreadable", path=instance.path, severity=grade_of_loss(evidence, instance.path))
            yield _about(told, evidence, instance)


def grade_of_loss(evidence: Evidence, path: str | None) -> Severity:
    """How much it matters that bytes of this file are lost."""
    instance = evidence.places.get(path or "")
    if instance is None:
        return I
    return W if evidence.state(instance) == "ok" else E


def cut_image(evidence: Evidence) -> Iterator[Finding]:
    """An image that is cut off: E when objects are lost with it, or nothing tells whether any are."""
    for told in evidence.told("disc-cut-off", "archive-cut-off", "archive-damaged"):
        yield graded(told, W if evidence.is_list_whole else E)


def unreadable(evidence: Evidence) -> Iterator[Finding]:
    """Ranges that cannot be read: E where a promised object is hit, else I. The objects are told one by one beside the ranges."""
    hit = [entry for entry in evidence.medium.entries() if entry.path in evidence.unreadable and entry.path in evidence.places]
    for told in evidence.told("unreadable-range"):
        start, length = told.range or (0, 0)
        inside = [e for e in hit for offset, size in e.extents if offset < start + length and offset + size > start]
        raw = hit and not any(entry.extents for entry in hit)
        grades = [grade_of_loss(evidence, entry.path) for entry in (inside or (hit if raw else []))]
        yield graded(told, min(grades, key=lambda grade: grade.rank, default=I))
    told_of = set()
    for told in evidence.told("unreadable-range-of-file", "file-unreadable", "object-unreadable-range", *ARCHIVE_LOSSES):
        told_of.add(told.path)
        yield graded(told, grade_of_loss(evidence, told.path))
    for path, read in evidence.observed.read.items():
        instance = evidence.places.get(path)
        if read.unreadable and instance is not None and path not in told_of:
            lost = sum(length for _, length in read.unreadable)
            yield _about(
                finding("object-unreadable-range", path=path, range=read.unreadable[0], severity=grade_of_loss(evidence, path), bytes=lost),
                evidence,
                instance,
            )


def missing(evidence: Evidence) -> Iterator[Finding]:
    """Files of the list that are not there, unless the object is elsewhere."""
    for told in evidence.told("referenced-file-missing"):
        yield graded(told, W if told.sop_instance_uid and told.sop_instance_uid in evidence.whole_uids else E)
    for instance in evidence.unfound:
        yield finding(
            "listed-object-absent", path=instance.path, uid=instance.sop_instance_uid or "?", sop_instance_uid=instance.sop_instance_uid
        )


def damaged_copies(evidence: Evidence) -> Iterator[Finding]:
    """Files that are damaged while a whole copy lies elsewhere on the medium."""
    for _, series, instance in evidence.instances:
        if not instance.also_at:
            continue
        places = (instance.path, *(place.path for place in instance.also_at))
        whole = [path for path in places if evidence.state_at(path, instance) == "ok"]
        bad = [path for path in places if evidence.state_at(path, instance) in ("unreadable", "cut-off", "undecodable")]
        if whole:
            for path in bad:
                yield finding(
                    "damaged-copy",
                    path=path,
                    other=whole[0],
                    sop_instance_uid=instance.sop_instance_uid,
                    series_instance_uid=series.series_instance_uid,
                )


def broken_directories(evidence: Evidence) -> Iterator[Finding]:
    """Damaged listings: a note when the list of objects shows that nothing is lost by it, else something to look at."""
    for told in evidence.told("directory-damaged", "folder-unreadable", "listing-limit", "file-record-damaged", "udf-damaged"):
        yield graded(told, I if evidence.is_list_whole else W)
    for told in evidence.told("found-without-name", "descriptor-damaged", "descriptors-not-ended", "numbers-disagree", "directory-loop"):
        yield graded(told, I)


def blank(evidence: Evidence) -> Iterator[Finding]:
    """Files of zeros or no bytes that may have been objects: beside some, named as they are, and no list tells what they should be."""
    if evidence.has_list or evidence.medium.kind == "file":
        return
    beside = {_kind_of_name(path) for path in evidence.places}
    found = sorted(
        file.path for file in evidence.catalog.other_files if file.kind in ("zeros", "empty") and _kind_of_name(file.path) in beside
    )
    if found:
        yield finding("file-blank", path=found[0], files=len(found))


def _kind_of_name(path: str) -> tuple[str, str]:
    """The folder, and the ending."""
    folder, _slash, name = path.rpartition("/")
    stem, dot, ending = name.rpartition(".")
    return folder, ending.casefold() if dot and not ending.isdigit() else "." if dot and not stem else ""


# --- the list ---------------------------------------------------------------------------------------------------


def disagreements(evidence: Evidence) -> Iterator[Finding]:
    """Where a record and its file differ. The person is checked by itself."""
    yield from evidence.told("dicomdir-disagrees")


def unlisted(evidence: Evidence) -> Iterator[Finding]:
    """Objects that the list does not mention: images are to be looked at, documents noted."""
    yield from evidence.told("file-not-referenced", "document-not-referenced")


def duplicates(evidence: Evidence) -> Iterator[Finding]:
    """One UID in several files: a note when they hold the same, E when their pixels differ."""
    yield from (graded(told, I) for told in evidence.told("duplicate-objects"))
    read = evidence.observed.read
    different: dict[str, set[str]] = {}
    by_uid: dict[str, set[str]] = {}
    for _, _, instance in evidence.instances:
        if instance.sop_instance_uid and instance.state != "missing":
            by_uid.setdefault(instance.sop_instance_uid, set()).update((instance.path, *(place.path for place in instance.also_at)))
    for uid, paths in by_uid.items():
        digests = {read[path].sha256 for path in paths if path in read and not read[path].unreadable}
        if len(paths) > 1 and (len(digests) > 1 or not digests):
            different[uid] = paths
    reused = {told.sop_instance_uid for told in evidence.told("sop-instance-uid-reused")}
    for uid, paths in different.items():
        if evidence.pixels_differ(tuple(sorted(paths))):
            yield finding("copies-differ", path=min(paths), objects=len(paths), sop_instance_uid=uid)
            reused.discard(uid)
    for told in evidence.told("sop-instance-uid-reused"):
        if told.sop_instance_uid in reused:
            yield graded(told, I)


# --- objects ----------------------------------------------------------------------------------------------------


def not_shown(evidence: Evidence) -> Iterator[Finding]:
    """Pictures and documents of a kind that nothing here shows; private and raw data, which no viewer shows, are a note."""
    for told in evidence.told("object-class-unsupported", "object-syntax-unsupported"):
        instance = evidence.places.get(told.path or "")
        kind = sop_class_kind((instance.sop_class_uid if instance else None) or "")
        is_data = told.code == "object-class-unsupported" and kind in ("", "raw") and not (instance and instance.rows)
        yield graded(told, I if is_data else W)
    yield from evidence.told("object-vendor-container")


def undecodable(evidence: Evidence) -> Iterator[Finding]:
    """Frames that no decoder reads because they are damaged."""
    for path, found in evidence.decoded.items():
        for told in found:
            if told.code == "object-undecodable" and path not in evidence.cut_off:
                instance = evidence.places.get(path)
                yield _about(graded(told, grade_of_loss(evidence, path) if instance else E), evidence, instance)
    yield from as_told("inflated-too-large", severity=W)(evidence)


def disagreeing(evidence: Evidence) -> Iterator[Finding]:
    """Frames of which two decoders make different pixels."""
    for path, found in evidence.decoded.items():
        yield from (
            _about(told, evidence, evidence.places.get(path)) for told in found if told.code == "decoders-disagree"
        )  # fmt: skip


def gaps(evidence: Evidence) -> Iterator[Finding]:
    """Jumps between slices: W with numbers missing just there, or when the study or series promises more; else a note."""
    more = {
        study.study_instance_uid
        for study in evidence.catalog.studies
        if evidence.observed.study_promises.get(study.study_instance_uid or "", 0) > sum(len(series.instances) for series in study.series)
    }
    promising = {series.series_instance_uid for study, series, _ in evidence.instances if study.study_instance_uid in more}
    for told in evidence.told("slice-gap"):
        enough = int(told.values.get("positions", 0)) >= 5
        yield graded(told, W) if enough and told.series_instance_uid in promising else told
    yield from as_told("instance-numbers-missing", "series-promises-more", severity=I)(evidence)


# --- what the disc says of itself ---------------------------------------------------------------------------------


def spoken_of(evidence: Evidence) -> Iterator[Finding]:
    """What objects on the disc refer to and is not there."""
    present, numbers = evidence.sop_instance_uids, series_numbers(evidence)
    if evidence.level == "listing" or evidence.medium.kind == "file":  # of one object alone all others lack, and are not missed
        return
    series_of = {series.series_instance_uid: series for _, series, _ in evidence.instances}
    studies = {study.study_instance_uid for study in evidence.catalog.studies}
    weak: dict[tuple[str, str], list[Finding]] = {}
    for citation in evidence.observed.citations:
        for told in _missing_objects(evidence, citation, present, series_of, studies):
            if told.severity is I:
                weak.setdefault((citation.kind, str(told.values["series"])), []).append(told)
            else:
                yield told
        yield from _missing_words(citation, numbers)
    for found in weak.values():  # every image of a series may name the same scout: told once
        yield replace(found[0], count=len(found))


def _missing_objects(
    evidence: Evidence,
    citation: Citation,
    present: frozenset[str],
    series_of: "dict[str | None, Series]",
    studies: set[str | None],
) -> Iterator[Finding]:
    groups: dict[tuple[str | None, str | None], list[bool]] = {}
    for one in citation.cited:
        groups.setdefault((one.study_instance_uid, one.series_instance_uid), []).append(one.sop_instance_uid in present)
    for (study, series), there in groups.items():
        if all(there):
            continue
        elsewhere = study is not None and study not in studies
        strong = citation.is_strong and not elsewhere
        known = series_of.get(series)
        yield finding(
            "cited-objects-missing",
            path=citation.path,
            severity=W if strong else I,
            what=citation.kind or "image",
            cited=len(there),
            missing=there.count(False),
            series=series_words(known, series),
            series_instance_uid=series,
        )


def _missing_words(citation: Citation, numbers: dict[str, dict[int, set[int]]]) -> Iterator[Finding]:
    known = numbers.get(citation.study_instance_uid, {})
    if not known or not any(series in known for series, _ in citation.text):
        # Where none of the numbers fits, the text is about another exam or another system's numbers.
        known = known if len(known) > 1 else {}
    for series, image in citation.text:
        if known and series not in known:
            yield finding("cited-images-missing", path=citation.path, what=f"Se {series}" + (f" Im {image}" if image else ""))
        elif known and image is not None and known[series] and image not in known[series]:
            yield finding("cited-images-missing", path=citation.path, severity=I, what=f"Se {series} Im {image}")


def series_words(series: "Series | None", uid: str | None) -> str:
    """What to call a series in a sentence: its number, or the end of its UID."""
    if series is not None and series.series_number is not None:
        return f"Se {series.series_number}"
    return f"a series (UID …{uid[-12:]})" if uid else "a series that it does not name"


def series_numbers(evidence: Evidence) -> dict[str, dict[int, set[int]]]:
    """By Study Instance UID: the Series Numbers that are there, each with its Instance Numbers."""
    found: dict[str, dict[int, set[int]]] = {}
    for study, series, instance in evidence.instances:
        if series.series_number is None or not series.is_image or instance.state == "missing":
            continue
        images = found.setdefault(study.study_instance_uid or "", {}).setdefault(series.series_number, set())
        if instance.instance_number is not None:
            images.add(instance.instance_number)
    return found


def _about(told: Finding, evidence: Evidence, instance: Instance | None) -> Finding:
    """The finding with the object that it is about."""
    if instance is None:
        return told
    series = evidence.series_by_path.get(instance.path)
    return replace(told, sop_instance_uid=instance.sop_instance_uid, series_instance_uid=series.series_instance_uid if series else None)
