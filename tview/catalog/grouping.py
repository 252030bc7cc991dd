"""Who belongs together: the key of a person, and the objects of one series with the series made of them."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from tview.catalog.facts import Facts, Identity, integer, name_of, text
from tview.catalog.geometry import plane_of
from tview.catalog.model import Gap, Instance, Place, Series, Stack, Study
from tview.catalog.notes import Notes
from tview.catalog.stacks import KIND_LABELS, Pile, kind_of_facts, make_piles, reasons
from tview.catalog.tell import contrast, iso_date, series_title, series_words, slice_thickness, technique
from tview.dicom.uids import sop_class_name
from tview.errors import Finding, Severity, finding
from tview.text import SafeText, safe, translate

_DERIVED = frozenset(("DERIVED", "SECONDARY"))
_FEWEST_FOR_GAPS = 5
_NO_LETTERS = r"[\W_]+"
_SAME_IN_COPIES = ("instance_number", "position", "orientation", "rows", "columns", "frames", "image_type")
_RANKS = {"ok": 0, "unsupported": 1, "undecodable": 2, "damaged": 3, "missing": 4}


class PatientKey(NamedTuple):
    """What makes two objects one person's: Patient ID and name, without case, punctuation, middle name and titles."""

    patient_id: str
    name: str


def patient_key(identity: Identity) -> PatientKey:
    """The key of who an object says it is of. Birth dates are left out: one that differs is told, not taken for another person."""
    name = name_of(identity)
    spelled = f"{name.family} {name.given}" if name else ""
    number = text(identity.patient_id, identity.charset) or ""
    return PatientKey(number.strip().upper(), re.sub(_NO_LETTERS, " ", spelled).strip().casefold())


class SeriesGroup:
    """The objects of one series by their addresses. Makes the series when asked, anew only after a change."""

    def __init__(self, key: str) -> None:
        self.key = key
        self._members: dict[tuple[int, str], Facts] = {}
        self._told: dict[tuple[int, str], tuple[Finding, ...]] = {}
        self._made: Series | None = None

    def __bool__(self) -> bool:
        return bool(self._members)

    @property
    def first(self) -> Facts:
        """One of them; a read one if there is any."""
        return next((facts for facts in self._members.values() if facts.is_read), next(iter(self._members.values())))

    def put(self, address: tuple[int, str], facts: Facts, told: tuple[Finding, ...] = ()) -> None:
        """Take one in, or anew, with what is wrong with it."""
        self._members[address] = facts
        if told:
            self._told[address] = told
        self._made = None

    def remove(self, address: tuple[int, str]) -> None:
        """Take one out."""
        if self._members.pop(address, None) is not None:
            self._told.pop(address, None)
            self._made = None

    def alike(self) -> list[tuple[int, str]]:
        """The addresses of objects that seem to be copies of one another and have not been sampled."""
        if len({facts.sop_instance_uid for facts in self._members.values()}) == len(self._members):
            return []
        by_uid: dict[str | None, list[Facts]] = {}
        for facts in self._members.values():
            if facts.state != "missing" and facts.is_read and facts.sample is None:
                by_uid.setdefault(facts.sop_instance_uid, []).append(facts)
        by_uid.pop(None, None)
        groups = (group for copies in by_uid.values() if len(copies) > 1 for group in _apart(copies) if len(group) > 1)
        return [(facts.source_number, facts.path) for group in groups for facts in group]

    def sampled(self, address: tuple[int, str], sample: bytes) -> None:
        """Take in the sample of a member's bytes."""
        self._members[address] = self._members[address]._replace(sample=sample)
        self._made = None

    def series(self) -> Series:
        """The series, numbered 0 in its study."""
        if self._made is None:
            self._made = self._make()
        return self._made

    def _make(self) -> Series:
        notes = Notes()
        shown, also_at = _without_duplicates(list(self._members.values()), notes)
        for facts in shown:
            if facts.state == "missing":
                notes.add(finding("referenced-file-missing", path=facts.path, sop_instance_uid=facts.sop_instance_uid), facts.source_number)
        for address, found in self._told.items():
            for told in found:
                notes.add(replace(told, sop_instance_uid=self._members[address].sop_instance_uid), address[0])
        piles = make_piles(shown)
        stacks, number = [], 0
        for pile, reason in zip(piles, reasons(piles), strict=True):
            instances = []
            for item in pile.placed:
                number += 1
                instances.append(_instance(number, item.facts, item.position_mm, also_at))
            stacks.append(Stack(pile.key, reason, pile.sorted_by, tuple(instances), pile.gaps, pile.spacing_mm, pile.is_scout, pile.rows))
        return self._described(shown, piles, tuple(stacks), notes)

    def _described(self, shown: Sequence[Facts], piles: Sequence[Pile], stacks: tuple[Stack, ...], notes: Notes) -> Series:
        first = self.first
        group = first.group
        uid = stacks[0].instances[0] if stacks else None
        main = next((pile for pile in piles if not pile.is_scout), piles[0])
        kinds = [kind_of_facts(facts) for facts in shown]
        kind = max(dict.fromkeys(kinds), key=kinds.count)
        has_no_pixels = kind == "image" and all(facts.is_read and facts.state == "ok" and not facts.has_pixels for facts in shown)
        planes = {plane_of(pile.placed[0].facts.orientation) for pile in piles if not pile.is_scout} if kind == "image" else set()
        plane = planes.pop() if len(planes) == 1 else None
        thickness, spacing = slice_thickness(group), main.spacing_mm
        how, agent = technique(group), contrast(group)
        modality = text(group.modality)
        classes = tuple(dict.fromkeys(facts.sop_class_uid for facts in shown if facts.sop_class_uid))
        words = series_words(group, plane, thickness if plane else None, spacing, how, agent) if kind == "image" else ""
        series_uid = _clean_uid(group.uid)
        present = [facts for facts in shown if facts.state != "missing"]
        number = str(text(group.number) or "-")
        order_findings = (*_about_order(stacks, shown, series_uid, number), *_about_geometry(piles, series_uid, number))
        kind = "no-pixels" if has_no_pixels else kind
        label = translate(KIND_LABELS[kind])
        assert uid is not None
        return Series(
            key=self.key,
            number_in_list=0,
            series_instance_uid=series_uid,
            modality=modality,
            series_number=integer(group.number),
            series_description=text(group.description, group.charset),
            series_date=iso_date(text(group.date)),
            body_part=text(group.body_part),
            laterality=text(group.laterality),
            view_position=text(group.view_position),
            sop_class_uids=classes,
            kind=kind,
            plane=plane,
            slice_thickness_mm=thickness,
            slice_spacing_mm=spacing,
            technique=how,
            contrast=agent,
            phase=_phase(piles),
            is_raw=bool(group.intent and group.intent.strip(b" \0").upper() == b"FOR PROCESSING"),
            is_scout=all(pile.is_scout for pile in piles),
            is_derived=bool(first.image_type and first.image_type[0] == "DERIVED"),
            stacks=stacks,
            findings=(*(replace(told, series_instance_uid=series_uid) for told in notes.findings), *order_findings),
            shown_title=series_title(group, modality, sop_class_name(classes[0]) if classes else label, words),
            kind_label=safe(label),
            image_count=len(present),
            frame_count=sum(_frames(facts) or 0 for facts in present),
            missing_count=len(shown) - len(present),
            damaged_count=sum(facts.state == "damaged" for facts in shown),
            unsupported_count=sum(facts.state == "unsupported" for facts in shown),
        )


def _instance(number: int, facts: Facts, position: float | None, also_at: dict[tuple[int, str], tuple[Place, ...]]) -> Instance:
    return Instance(
        number, facts.source_number, facts.path, facts.size, facts.state, facts.sop_instance_uid, facts.sop_class_uid,
        facts.transfer_syntax_uid, facts.instance_number, _frames(facts), facts.rows, facts.columns, position,
        also_at.get((facts.source_number, facts.path), ()) if also_at else (), facts.in_dicomdir, facts.is_read,
    )  # fmt: skip


def _frames(facts: Facts) -> int | None:
    """How many pictures it has by its header or its record; None without pixel data, and while nothing tells."""
    if not facts.has_pixels:
        return None
    if facts.frames and facts.frames > 0:
        return facts.frames
    return 1 if facts.is_read or facts.state == "ok" else None


def _without_duplicates(members: list[Facts], notes: Notes) -> tuple[list[Facts], dict[tuple[int, str], tuple[Place, ...]]]:
    """Each object once, the best copy of it shown, and where the others are. Different objects under one UID stay apart, and are told."""
    by_uid: dict[str | None, list[Facts]] = {}
    for facts in members:
        by_uid.setdefault(facts.sop_instance_uid, []).append(facts)
    if len(by_uid) == len(members):
        return members, {}
    shown: list[Facts] = by_uid.pop(None, [])
    also_at: dict[tuple[int, str], tuple[Place, ...]] = {}
    for uid, listed in by_uid.items():
        copies = _but_missing(listed, notes) if len(listed) > 1 else listed
        apart = _apart(copies)
        if len(apart) > 1:
            first = copies[0]
            notes.add(finding("sop-instance-uid-reused", path=first.path, objects=len(apart), sop_instance_uid=uid), first.source_number)
        for same in apart:
            best = min(same, key=lambda facts: (_RANKS[facts.state], facts.source_number, facts.order))
            shown.append(best)
            others = tuple(Place(facts.source_number, facts.path) for facts in same if facts is not best)
            if others:
                also_at[best.source_number, best.path] = others
                notes.add(finding("duplicate-objects", path=best.path, count=len(others)), best.source_number, fold=True)
    return shown, also_at


def _but_missing(copies: list[Facts], notes: Notes) -> list[Facts]:
    """Those that are there: an object that the DICOMDIR has at a wrong place is not missing when another file holds it."""
    present = [facts for facts in copies if facts.state != "missing"]
    if not present:
        return copies[:1]
    for lost in copies:
        if lost.state == "missing" and ".." not in lost.path.split("/"):  # one that leads outside was told as such
            notes.add(finding("referenced-file-elsewhere", path=present[0].path, listed=lost.path), present[0].source_number)
    return present


def _apart(copies: list[Facts]) -> list[list[Facts]]:
    """Copies of one object together: their headers agree, and their sizes and bytes where they are written the same way."""
    groups: list[list[Facts]] = []
    for facts in copies:
        for group in groups:
            first = group[0]
            same = not (facts.is_read and first.is_read) or all(getattr(facts, name) == getattr(first, name) for name in _SAME_IN_COPIES)
            if same and (
                facts.transfer_syntax_uid != first.transfer_syntax_uid or facts.state != first.state
                or (facts.size == first.size and (facts.sample == first.sample or None in (facts.sample, first.sample)))
            ):  # fmt: skip
                group.append(facts)
                break
        else:
            groups.append([facts])
    return groups


def _about_order(stacks: Sequence[Stack], shown: Sequence[Facts], series_uid: str | None, series: str) -> tuple[Finding, ...]:
    """Gaps between slices, holes in the Instance Numbers, and fewer objects than the series says it has.

    A gap is a warning in a stack of five positions or more when the numbers of its images are missing, or the series says that it has more;
    else it is a note. What the DICOMDIR lists and nobody could read, or has read yet, is no gap: it is told by itself. `in_the_list` adds
    which series it is.
    """
    notes = Notes()
    numbers = sorted({facts.instance_number for facts in shown if facts.instance_number is not None})
    unread = sorted({facts.instance_number for facts in shown if facts.instance_number is not None and not facts.is_read})
    promised = max((integer(facts.group.promised) or 0 for facts in shown), default=0)
    spanned: set[tuple[int, int]] = set()
    for stack in stacks:
        enough = len({instance.position_mm for instance in stack.instances} - {None}) >= _FEWEST_FOR_GAPS
        certain: list[Gap] = []
        uneven: list[Gap] = []
        for gap in stack.gaps:
            low, high = sorted((gap.number_before or 0, gap.number_after or 0))
            if _between(unread, low, high):
                continue
            lacking = gap.number_before is not None and gap.number_after is not None and high - low - 1 > _between(numbers, low, high)
            if lacking:
                spanned.add((low, high))
            (certain if lacking or promised > len(shown) else uneven).append(gap)
        if len(uneven) > max(3, len(stack.instances) // 10):
            notes.add(
                finding(
                    "spacing-uneven",
                    series_instance_uid=series_uid,
                    series=series,
                    places=len(uneven),
                    spacing=round(stack.spacing_mm or 0, 2),
                )
            )
            uneven = []
        for row in stack.frame_rows:
            for gap in row.gaps:
                notes.add(_gap_finding(gap, stack, Severity.INFO, series_uid, series, len(row.frames)))
        for gap in sorted((*certain, *uneven)):
            severity = Severity.WARNING if enough and gap in certain else Severity.INFO
            notes.add(_gap_finding(gap, stack, severity, series_uid, series))
    holes = _holes(numbers, spanned)
    if holes:
        missing = sum(high - low + 1 for low, high in holes)
        notes.add(
            finding("instance-numbers-missing", series_instance_uid=series_uid, series=series, missing=missing, numbers=_ranges(holes))
        )
    if promised > len(shown):
        notes.add(finding("series-promises-more", series_instance_uid=series_uid, series=series, promised=promised, found=len(shown)))
    return notes.findings


_LEAST_TILT = 0.5  # degrees; below it rounding of positions is as large


def _about_geometry(piles: Sequence[Pile], series_uid: str | None, series: str) -> Iterator[Finding]:
    """A tilted gantry, and images that are mosaics of slices."""
    tilt = max((pile.tilt_degrees or 0.0 for pile in piles), default=0.0)
    if tilt >= _LEAST_TILT:
        yield finding("slices-tilted", series_instance_uid=series_uid, series=series, degrees=round(tilt, 1))
    if any("MOSAIC" in item.facts.image_type for pile in piles for item in pile.placed[:1]):
        yield finding("series-mosaic", series_instance_uid=series_uid, series=series)


def _gap_finding(gap: Gap, stack: Stack, severity: Severity, series_uid: str | None, series: str, positions: int | None = None) -> Finding:
    return finding(
        "slice-gap",
        series_instance_uid=series_uid,
        series=series,
        severity=severity,
        distance=round(gap.gap_mm + gap.spacing_mm, 2),
        gap=round(gap.gap_mm, 2),
        spacing=round(gap.spacing_mm, 2),
        before=gap.number_before if gap.number_before is not None else gap.after,
        after=gap.number_after if gap.number_after is not None else gap.after + 1,
        position=gap.after,
        positions=positions or len(stack.instances),
        missing=gap.missing,
    )


ABOUT_SERIES = frozenset(
    ("slice-gap", "spacing-uneven", "instance-numbers-missing", "series-promises-more", "slices-tilted", "series-mosaic")
)
"""Findings about a series as a whole, and no object of it."""


def in_the_list(series: Series, number: int, study: Study, exam: int) -> Series:
    """The series with its number in the list, which the findings about it say too, beside its description and its exam."""
    findings = series.findings
    if any(told.code in ABOUT_SERIES for told in findings):
        description = series.series_description or series.shown_title
        which: dict[str, str | int | float] = {"number_in_list": number, "description": description, "exam_in_list": exam}
        if study.shown_date:
            which["date"] = study.shown_date
        findings = tuple(replace(told, values={**told.values, **which}) if told.code in ABOUT_SERIES else told for told in findings)
    return series._replace(number_in_list=number, findings=findings)


def _between(numbers: Sequence[int], low: int, high: int) -> int:
    """How many of the rising numbers lie between these two, which do not count."""
    return max(0, bisect_left(numbers, high) - bisect_right(numbers, low))


def _holes(numbers: Sequence[int], spanned: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """The stretches of numbers (first, last) that lack between the lowest and the highest.

    Where less than half of them are there, numbers may be scattered on purpose: only those that lack where a slice does are told then.
    """
    if len(numbers) < 3:
        return []
    holes = [(a + 1, b - 1) for a, b in pairwise(numbers) if b - a > 1]
    if numbers[-1] - numbers[0] + 1 > 2 * len(numbers):
        return [(first, last) for first, last in holes if any(low < first and last < high for low, high in spanned)]
    return holes


def _ranges(stretches: Sequence[tuple[int, int]]) -> str:
    """5-6, 12: at most eight stretches."""
    told = [f"{low}-{high}" if high > low else str(low) for low, high in stretches[:8]]
    return ", ".join([*told, "…"] if len(stretches) > 8 else told)


def _phase(piles: Sequence[Pile]) -> SafeText | None:
    """How many rows a fourth dimension makes: "2 echo"."""
    rows = [pile for pile in piles if pile.row_words]
    return safe(f"{len(rows)} × {translate(rows[0].axis.name)}") if rows and rows[0].axis else None


def _clean_uid(raw: bytes | None) -> str | None:
    return str(safe(raw.rstrip(b"\0 ").decode("ascii", "replace"), 64)) or None if raw else None
