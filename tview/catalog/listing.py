"""The tree as lines of text: what `tview ls` prints."""

from collections.abc import Iterator, Sequence

from tview.catalog.model import Catalog, Instance, Series, Study
from tview.errors import Finding, Severity
from tview.media import Medium
from tview.text import SafeText, advice_of, cell_width, clip, message_of, safe, sentence, times_of, translate

_ = str
_MOST_SAMPLES = 3
_ASCII = str.maketrans({"·": "-", "×": "x", "…": "...", "−": "-", "–": "-", "²": "2", "°": " deg"})
_KIND_COUNTS = {
    "report": (_("1 report"), _("{count} reports")), "key-objects": (_("1 list of key images"), _("{count} lists of key images")),
    "presentation": (_("1 presentation state"), _("{count} presentation states")), "pdf": (_("1 PDF"), _("{count} PDFs")),
    "cda": (_("1 document"), _("{count} documents")), "waveform": (_("1 waveform"), _("{count} waveforms")),
    "rt-structures": (_("1 set of contours"), _("{count} sets of contours")),
    "rt-plan": (_("1 treatment plan"), _("{count} treatment plans")),
    "measurements": (_("1 set of measurements"), _("{count} sets of measurements")),
    "relation": (_("1 registration"), _("{count} registrations")), "value-mapping": (_("1 value mapping"), _("{count} value mappings")),
    "model": (_("1 3-D model"), _("{count} 3-D models")), "raw": (_("1 object of raw data"), _("{count} objects of raw data")),
    "directory": (_("1 directory"), _("{count} directories")), "other": (_("1 other object"), _("{count} other objects")),
    "": (_("1 private object"), _("{count} private objects")),
    "no-pixels": (_("1 object, no pixel data"), _("{count} objects, no pixel data")),
}  # fmt: skip
"""How many there are of each kind that is no picture."""

_BRIEFLY = {
    "slice-gap": _("images {before} and {after} are {distance} mm apart, the others {spacing} mm"),
    "spacing-uneven": _("unevenly spaced in {places} places"),
    "slices-tilted": _("tilted by {degrees} degrees against the table's way"),
    "series-mosaic": _("mosaics: each image holds many slices side by side (Siemens)"),
    "instance-numbers-missing": _("{missing:# image number is/# image numbers are} missing: {numbers}"),
    "series-promises-more": _("{found} of the {promised} images it says it has"),
}
"""What stands under the row of a series, whatever its severity."""

_SIGNS = {Severity.ERROR: "E", Severity.WARNING: "W", Severity.INFO: "i"}


def listing_lines(
    catalog: Catalog, media: Sequence[Medium], *, long: bool = False, ascii_only: bool = False, failed: Sequence[str] = ()
) -> list[SafeText]:
    """Sources, patients, studies and series with their numbers in the list, other files, and what is wrong at the end.

    `long` adds every object with its path and state, and every finding; `ascii_only` is for terminals without Unicode; `failed` are
    sources that could not be opened. Of several sources each has a number in brackets, which says where series, files and findings are.
    """
    numbered = len(media) + len(failed) > 1
    lines = [
        *_sources(catalog, media, failed, numbered),
        *_tree(catalog, long, numbered),
        *_others(catalog, long, numbered),
        *_findings(catalog, long, numbered),
    ]
    return [_ascii(line) for line in lines] if ascii_only else lines


def _ascii(line: SafeText) -> SafeText:
    return safe(line.translate(_ASCII).encode("ascii", "backslashreplace").decode("ascii"))


def _at(numbers: Sequence[int], numbered: bool) -> str:
    """Which sources, counted from 1: "[1] ", "[1+2] "; nothing where there is only one."""
    return f"[{'+'.join(str(number + 1) for number in numbers)}] " if numbered else ""


def _sources(catalog: Catalog, media: Sequence[Medium], failed: Sequence[str], numbered: bool) -> Iterator[SafeText]:
    for number, medium in enumerate(media):
        label = f" {medium.label!r}" if medium.label and medium.kind != "folder" else ""
        sessions = "  " + translate(_("{count} sessions")).format(count=medium.sessions) if medium.sessions > 1 else ""
        yield safe(f"{_at((number,), numbered)}{medium.source}  ({medium.kind}){label}{sessions}")
        state = catalog.file_sets[number].state if number < len(catalog.file_sets) else "absent"
        if state in ("repaired", "unusable"):
            yield safe(translate(_("  DICOMDIR repaired")) if state == "repaired" else translate(_("  DICOMDIR unusable")))
    for number, source in enumerate(failed, len(media)):
        yield safe(f"{_at((number,), numbered)}{source}  {translate(_('(not opened)'))}")
    counts = catalog.counts
    parts = [
        _count(counts.patients, _("1 patient"), _("{count} patients")),
        _count(counts.studies, _("1 exam"), _("{count} exams")),
        _count(counts.series, _("1 series"), _("{count} series")),
        _count(counts.instances, _("1 object"), _("{count} objects")),
        *_harm(counts.missing, counts.damaged, counts.unsupported),
    ]
    yield safe(", ".join(parts))


def _count(count: int, one: str, many: str) -> str:
    return translate(one) if count == 1 else translate(many).format(count=count)


def _harm(missing: int, damaged: int, unsupported: int) -> list[str]:
    told = ((missing, _("{count} missing")), (damaged, _("{count} damaged")), (unsupported, _("{count} not shown here")))
    return [translate(words).format(count=count) for count, words in told if count]


def _tree(catalog: Catalog, long: bool, numbered: bool) -> Iterator[SafeText]:
    width = max((cell_width(series.shown_title) for series in catalog.series), default=0)
    width = min(max(width, 20), 64)
    for patient in catalog.patients:
        yield SafeText("")
        facts = [
            f"ID {patient.patient_id}" if patient.patient_id else "",
            f"* {patient.birth_date}" if patient.birth_date else "",
            patient.sex or "",
        ]
        name = patient.shown_name or translate(_("name unknown"))
        yield safe("  ".join(part for part in (f"{patient.number_in_list:>3}  {name}", *facts) if part))
        for study in patient.studies:
            yield _study_line(study)
            for series in study.series:
                yield _series_line(series, width, numbered)
                yield from _series_notes(series)
                if long:
                    yield from _instance_lines(series, numbered)
                elif any(len(stack.frame_rows) > 1 for stack in series.stacks):
                    for stack in series.stacks[:8]:
                        yield from (_stack_line(row.words, len(row.frames)) for row in stack.frame_rows[:8])
                        if len(stack.frame_rows) > 8:
                            yield _stack_line(safe(translate(_("{count} more stacks")).format(count=len(stack.frame_rows) - 8)), None)
                elif len(series.stacks) > 1:
                    yield from (_stack_line(stack.reason, len(stack.instances)) for stack in series.stacks[:8])
                    if len(series.stacks) > 8:
                        yield _stack_line(safe(translate(_("{count} more stacks")).format(count=len(series.stacks) - 8)), None)


def _study_line(study: Study) -> SafeText:
    facts = [
        study.shown_date or translate(_("no date")),
        study.shown_title,
        translate(_("age {age}")).format(age=study.age) if study.age else "",
        f"#{study.accession_number}" if study.accession_number else "",
        study.institution or "",
    ]
    return safe(f"  {study.number_in_list:>3}  {'  '.join(part for part in facts if part)}")


def _series_line(series: Series, width: int, numbered: bool) -> SafeText:
    title = clip(series.shown_title, width)
    number = "-" if series.series_number is None else str(series.series_number)
    what = _count(series.image_count, *((_("1 image"), _("{count} images")) if series.is_image else _KIND_COUNTS[series.kind]))
    if series.is_image and series.frame_count > series.image_count:
        what += " " + translate(_("({count} frames)")).format(count=series.frame_count)
    harm = ", ".join(_harm(series.missing_count, series.damaged_count, series.unsupported_count))
    padded = title + " " * (width - cell_width(title))
    where = "  " + _at(series.source_numbers, numbered).rstrip() if numbered else ""
    return safe(f"    {series.number_in_list:>3}  Se {number:<5} {padded}  {what}{'  ' + harm if harm else ''}{where}")


def _series_notes(series: Series) -> Iterator[SafeText]:
    """What is odd about the order of its images, in a few words each."""
    told = [one for one in series.findings if one.code in _BRIEFLY]
    for one in told[:_MOST_SAMPLES]:
        yield safe(f"{'':>15}{_SIGNS[one.severity]}  {sentence(_BRIEFLY[one.code], one)}")
    if len(told) > _MOST_SAMPLES:
        yield safe(f"{'':>18}{translate(_('and {count} more (--long)')).format(count=len(told) - _MOST_SAMPLES)}")


def _stack_line(reason: SafeText | None, count: int | None) -> SafeText:
    return safe(f"{'':>18}{reason or ''}{'' if count is None else f': {count}'}")


def _instance_lines(series: Series, numbered: bool) -> Iterator[SafeText]:
    for stack in series.stacks:
        reason = f"{stack.reason}, " if stack.reason else ""
        yield safe(f"{'':>9}{reason}" + translate(_("sorted by {what}")).format(what=stack.sorted_by))
        for instance in stack.instances:
            yield _instance_line(instance, numbered)
            yield from (
                safe(f"{'':>24}{translate(_('also at'))} {_at((place.source_number,), numbered)}{safe(place.path)}")
                for place in instance.also_at
            )


def _instance_line(instance: Instance, numbered: bool) -> SafeText:
    number = "-" if instance.instance_number is None else str(instance.instance_number)
    place = "" if instance.position_mm is None else f"{instance.position_mm:10.2f} mm"
    frames = f"  {instance.frames} frames" if instance.frames and instance.frames > 1 else ""
    where = _at((instance.source_number,), numbered)
    return safe(f"{instance.number_in_list:>12}  Im {number:<6}{place:>13}  {instance.state:<11}  {where}{safe(instance.path)}{frames}")


def _others(catalog: Catalog, long: bool, numbered: bool) -> Iterator[SafeText]:
    if not catalog.other_files:
        return
    yield SafeText("")
    kinds: dict[str, int] = {}
    for file in catalog.other_files:
        kinds[file.kind] = kinds.get(file.kind, 0) + 1
    listed = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items(), key=lambda pair: -pair[1]))
    yield safe(translate(_("other files: {count} ({kinds})")).format(count=len(catalog.other_files), kinds=listed))
    if long or len(catalog.other_files) <= 6 or not catalog.patients:
        yield from (
            safe(f"{'':>5}{file.kind:<10} {file.size:>11}  {_at((file.source_number,), numbered)}{safe(file.path)}")
            for file in catalog.other_files[: None if long else 40]
        )
        if not long and len(catalog.other_files) > 40:
            yield SafeText("     ...")


def _findings(catalog: Catalog, long: bool, numbered: bool) -> Iterator[SafeText]:
    told: dict[tuple[int, str], list[Finding]] = {}
    for one in catalog.findings:
        if long or one.severity is not Severity.INFO:
            told.setdefault((one.severity.rank, one.code), []).append(one)
    if told:
        yield SafeText("")
    for (_rank, code), group in sorted(told.items(), key=lambda pair: pair[0][0]):
        for one in group if long else group[:_MOST_SAMPLES]:
            times = f" ({times_of(one)}×)" if times_of(one) > 1 else ""
            where = _at((one.source_number,), numbered) if one.source_number is not None else ""
            yield safe(f"{_SIGNS[one.severity]}  {where}{message_of(one)}{times}")
        if not long and len(group) > _MOST_SAMPLES:
            yield safe(f"   {translate(_('and {count} more of this kind')).format(count=len(group) - _MOST_SAMPLES)} ({code})")
        advice = advice_of(group[0])
        if advice:
            yield safe(f"   {advice}")
    errors, warnings, notes = (sum(one.severity is severity for one in catalog.findings) for severity in Severity)
    if catalog.findings:
        yield SafeText("")
        parts = [
            _count(errors, _("1 error"), _("{count} errors")),
            _count(warnings, _("1 warning"), _("{count} warnings")),
            _count(notes, _("1 note"), _("{count} notes")),
        ]
        yield safe(", ".join(parts))
