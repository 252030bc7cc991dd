"""Checks of the format: notes, which are errors only where a profile is asked for, and the line about safety."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from tview.dicom import tags as t
from tview.dicom import transfer_syntax_name
from tview.errors import Finding, Severity, finding
from tview.verify.checks_images import Find, as_told, graded
from tview.verify.evidence import Evidence
from tview.verify.listing import ListFacts, is_file_id, is_level_1, label_of

E, W, I = Severity.ERROR, Severity.WARNING, Severity.INFO  # noqa: E741 - the verdict's letters
_EXPLICIT_LITTLE = "1.2.840.10008.1.2.1"
_DIRECTORY_CLASS = "1.2.840.10008.1.3.10"
_JPEG = "1.2.840.10008.1.2.4."
_PROFILE_SYNTAXES = {
    "pdi": frozenset((_EXPLICIT_LITTLE,)),
    "std-gen-cd": frozenset((_EXPLICIT_LITTLE,)),
    "std-gen-dvd": frozenset((_EXPLICIT_LITTLE, *(_JPEG + end for end in ("50", "51", "70", "90", "91")))),
    "std-gen-usb": frozenset((_EXPLICIT_LITTLE, *(_JPEG + end for end in ("50", "51", "70", "90", "91")))),
}
"""PS3.11 D.3.1, H.3.1, J.3.1: general purpose media; PDI is STD-GEN-CD."""
_WEB = frozenset(("html", "jpeg", "xml", "text", "png", "gif", "icon", "pdf", "json"))
_PROGRAMS = frozenset(("program", "script", "shortcut"))


def note(*codes: str) -> Find:
    """What the scan found of these kinds, as a note; under a profile as an error."""
    return lambda evidence: (graded(told, strict(evidence)) for told in evidence.told(*codes))


def strict(evidence: Evidence) -> Severity:
    """How much a note counts: I, under a profile E."""
    return E if evidence.profile else I


def noted(find: Find) -> Find:
    """A check of the format: its findings count as `strict` says."""
    return lambda evidence: (graded(told, strict(evidence)) for told in find(evidence))


def under_profile(find: Find) -> Find:
    """A check that is made only where a profile is asked for."""
    return lambda evidence: (graded(told, E) for told in (find(evidence) if evidence.profile else ()))


# --- the disc ---------------------------------------------------------------------------------------------------


def level_1(evidence: Evidence) -> Iterator[Finding]:
    for tree in evidence.trees:
        if tree.odd_count:
            yield finding("not-iso-level-1", path=tree.odd[0], count=tree.odd_count, tree=tree.kind)


def file_system(evidence: Evidence) -> Iterator[Finding]:
    kinds = {tree.kind for tree in evidence.trees}
    if evidence.medium.kind == "udf" and not kinds:
        yield finding("file-system-unusual", what="UDF")
    elif evidence.is_disc and kinds and not kinds & {"iso9660", "rock-ridge", "iso9660-1999"}:
        yield finding("file-system-unusual", what=", ".join(sorted(kinds)))


def volume_name(evidence: Evidence) -> Iterator[Finding]:
    label = label_of(evidence.medium)
    first = next((one.file_set_id for one in evidence.lists if one.file_set_id), None)
    if label and first and label.strip().upper() != first.strip().upper():
        yield finding("volume-name-differs", label=label, file_set_id=first)


def file_sets(evidence: Evidence) -> Iterator[Finding]:
    uids = {one.file_set_uid or one.path for one in evidence.lists if one.directory}
    if len(uids) > 1:
        yield finding("file-sets-several", count=len(uids))


def not_fat(evidence: Evidence) -> Iterator[Finding]:
    if evidence.mount and evidence.mount[1] not in ("vfat", "msdos", "exfat", "iso9660", "udf", "fuseblk", "fuse", "9p", "overlay", "nfs"):
        yield finding("file-system-not-fat", kind=evidence.mount[1])


def deep(evidence: Evidence) -> Iterator[Finding]:
    deepest = [entry.path for entry in evidence.medium.entries() if entry.path.count("/") >= 8]
    if deepest:
        yield finding("folders-deep", path=deepest[0], count=len(deepest))


def wrapped(evidence: Evidence) -> Iterator[Finding]:
    if evidence.medium.is_wrapped:
        yield finding("image-wrapped", sector=evidence.medium.sector_size or 0)


# --- the list ---------------------------------------------------------------------------------------------------


def _each(test: Callable[[ListFacts], bool], code: str) -> Find:
    def find(evidence: Evidence) -> Iterator[Finding]:
        for one in evidence.lists:
            if one.directory is not None and test(one):
                yield finding(code, path=one.path)

    return find


in_folder = _each(lambda one: "/" in one.path, "dicomdir-not-in-root")
no_uid = _each(lambda one: not one.file_set_uid, "dicomdir-uid-absent")
inconsistent = _each(lambda one: bool(one.consistency_flag), "dicomdir-inconsistent")


def wrong_class(evidence: Evidence) -> Iterator[Finding]:
    for one in evidence.lists:
        if one.directory is not None and one.sop_class_uid != _DIRECTORY_CLASS:
            yield finding("dicomdir-class-wrong", path=one.path, uid=one.sop_class_uid or "-")
    yield from evidence.told("dicomdir-is-image")


def _file_ids(evidence: Evidence, test: Callable[[tuple[str, ...]], bool], code: str) -> Iterator[Finding]:
    for one in evidence.lists:
        bad = [parts for parts in one.file_ids if parts and test(parts)]
        if bad:
            yield finding(code, path=one.path, count=len(bad), file_id="/".join(bad[0]))


def _without_ending(parts: tuple[str, ...]) -> tuple[str, ...]:
    return (*parts[:-1], parts[-1].partition(".")[0])


def long_ids(evidence: Evidence) -> Iterator[Finding]:
    yield from _file_ids(evidence, lambda parts: not is_file_id(_without_ending(parts))[0], "file-id-long")


def odd_ids(evidence: Evidence) -> Iterator[Finding]:
    yield from _file_ids(evidence, lambda parts: not is_file_id(_without_ending(parts))[1], "file-id-characters")


def with_ending(evidence: Evidence) -> Iterator[Finding]:
    yield from _file_ids(evidence, lambda parts: "." in parts[-1], "file-id-extension")


def undeclared_text(evidence: Evidence) -> Iterator[Finding]:
    yield from evidence.told("text-undeclared", "text-misdeclared", "text-undecodable")
    for one in evidence.lists:
        claims = one.directory.claims if one.directory else ()
        records = {r.offset: r for claim in claims for r in (claim.patient, claim.study, claim.series, claim.leaf) if r is not None}
        bad = sum(
            not record.values.get(t.SPECIFIC_CHARACTER_SET, b"").strip(b" \0") and _has_letters(record.values)
            for record in records.values()
        )
        if bad:
            yield finding("dicomdir-text-undeclared", path=one.path, count=bad)


def _has_letters(values: Mapping[int, bytes]) -> bool:
    """Whether a text of a record has bytes that need a character set."""
    return any(max(value, default=0) > 127 for tag, value in values.items() if tag in _TEXT)


_TEXT = frozenset((t.PATIENT_NAME, t.PATIENT_ID, t.STUDY_DESCRIPTION, t.SERIES_DESCRIPTION, t.INSTITUTION_NAME))


# --- objects ----------------------------------------------------------------------------------------------------


def meta_length(evidence: Evidence) -> Iterator[Finding]:
    use = evidence.observed.meta_lengths
    if use.count:
        yield finding("meta-length-wrong", path=use.path, count=use.count)


def attributes(evidence: Evidence) -> Iterator[Finding]:
    """Attributes that differ where they should not: W where it is spacing, orientation or laterality."""
    observed = evidence.observed
    for level, values in (("study", observed.study_values), ("series", observed.series_values)):
        for (uid, attribute), spread in values.items():
            if len(spread) > 1 and uid:
                severity = W if attribute == "Laterality" else strict(evidence)
                yield _differs(level, uid, attribute, [(use.count, use.path) for use in spread.values()], severity)
    modalities = {series.series_instance_uid: series.modality for _, series, _ in evidence.instances}
    for (uid, _kind, attribute), spread in observed.picture_values.items():
        uses = sorted(((use.count, use.path) for use in spread.values()), reverse=True)
        total = sum(count for count, _ in uses)
        # One picture among many of its kind that is measured differently; localisers and radial slices all differ, and are meant to.
        stray = len(uses) > 1 and modalities.get(uid) in ("CT", "MR", "PT") and total >= 8 and uses[0][0] >= 0.85 * total
        if stray:
            yield _differs("series", uid, attribute, uses, W)


def _differs(level: str, uid: str, attribute: str, uses: list[tuple[int, str]], severity: Severity) -> Finding:
    rarest = min(uses)
    told = finding("attributes-differ", path=rarest[1], level=level, uid=f"…{uid[-12:]}", attribute=attribute, values=len(uses))
    told = replace(told, series_instance_uid=uid) if level == "series" else told
    return graded(told, severity)


# --- profiles ---------------------------------------------------------------------------------------------------


def profile_syntaxes(evidence: Evidence) -> Iterator[Finding]:
    allowed = _PROFILE_SYNTAXES.get(evidence.profile or "", frozenset())
    for _, series, instance in evidence.instances:
        syntax = instance.transfer_syntax_uid
        if instance.is_read and syntax and syntax not in allowed:
            yield finding(
                "profile-syntax",
                path=instance.path,
                name=transfer_syntax_name(syntax),
                profile=(evidence.profile or "").upper(),
                sop_instance_uid=instance.sop_instance_uid,
                series_instance_uid=series.series_instance_uid,
            )


_KEYS = (
    ("PATIENT", "patient", ((t.PATIENT_NAME, "Patient's Name"), (t.PATIENT_ID, "Patient ID"))),
    ("STUDY", "study", ((t.STUDY_DATE, "Study Date"), (t.STUDY_TIME, "Study Time"), (t.STUDY_ID, "Study ID"),
                        (t.STUDY_INSTANCE_UID, "Study Instance UID"))),
    ("SERIES", "series", ((t.MODALITY, "Modality"), (t.SERIES_INSTANCE_UID, "Series Instance UID"), (t.SERIES_NUMBER, "Series Number"))),
    ("IMAGE", "leaf", ((t.INSTANCE_NUMBER, "Instance Number"),)),
)  # fmt: skip
"""Type 1 keys of PS3.3 F.5 that a reader sorts by."""


def profile_keys(evidence: Evidence) -> Iterator[Finding]:
    for one in evidence.lists:
        claims = one.directory.claims if one.directory else ()
        for kind, level, keys in _KEYS:
            records = {r.offset: r for r in (getattr(claim, level) for claim in claims) if r is not None and r.kind == kind}
            for tag, what in keys:
                lacking = sum(not record.values.get(tag, b"").strip(b" \0") for record in records.values())
                if lacking:
                    yield finding("profile-keys", path=one.path, count=lacking, what=what, profile=(evidence.profile or "").upper())


def _root_names(evidence: Evidence) -> set[str]:
    return {entry.path.upper().partition(";")[0] for entry in evidence.medium.entries() if "/" not in entry.path}


def readme(evidence: Evidence) -> Iterator[Finding]:
    if evidence.profile == "pdi" and "README.TXT" not in _root_names(evidence):
        yield finding("profile-readme", profile="PDI")


def index(evidence: Evidence) -> Iterator[Finding]:
    has_web = any(entry.path.upper().startswith("IHE_PDI/") for entry in evidence.medium.entries())
    if evidence.profile == "pdi" and has_web and "INDEX.HTM" not in _root_names(evidence):
        yield finding("profile-index", profile="PDI")


def web_content(evidence: Evidence) -> Iterator[Finding]:
    if evidence.profile == "pdi":
        for file in evidence.catalog.other_files:
            if file.path.upper().startswith("IHE_PDI/") and file.kind not in _WEB:
                yield finding("profile-web-content", path=file.path, kind=file.kind)


def outside(evidence: Evidence) -> Iterator[Finding]:
    """Files that are no DICOM object in a folder of objects, and objects among web pages."""
    if evidence.profile != "pdi":
        return
    folders = {one.path.rpartition("/")[0].upper() for one in evidence.places.values() if "/" in one.path}
    stray = [
        file.path
        for file in evidence.catalog.other_files
        if file.kind != "dicomdir" and "/" in file.path and file.path.rpartition("/")[0].upper() in folders
    ]
    stray += [path for path in evidence.places if path.upper().startswith("IHE_PDI/")]
    if stray:
        yield finding("profile-content-outside", path=stray[0], count=len(stray), profile="PDI")


def names_83(evidence: Evidence) -> Iterator[Finding]:
    trees = [tree for tree in evidence.trees if tree.kind != "joliet"]
    odd = [entry.path for entry in evidence.medium.entries() if not is_level_1(entry.path.upper())] if not trees else []
    if evidence.profile == "pdi" and (odd or any(tree.odd_count for tree in trees)):
        first = odd[0] if odd else next(tree.odd[0] for tree in trees if tree.odd_count)
        yield finding("profile-names", path=first, count=len(odd) or sum(tree.odd_count for tree in trees))


def autorun(evidence: Evidence) -> Iterator[Finding]:
    if "AUTORUN.INF" in _root_names(evidence):
        yield finding("profile-autorun", path=next(e.path for e in evidence.medium.entries() if e.path.upper().startswith("AUTORUN.INF")))


# --- safety -----------------------------------------------------------------------------------------------------


def programs(evidence: Evidence) -> Iterator[Finding]:
    found = [file.path for file in evidence.catalog.other_files if file.kind in _PROGRAMS]
    if found:
        yield finding("programs-found", path=found[0], count=len(found))


preambles = as_told("preamble-program", "preamble-tiff", "preamble-used", "preamble-odd")
