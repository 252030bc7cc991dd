"""What the screen says about a picture: every fact from the object whose pixels are shown, taken once with them, under one frame id."""

from dataclasses import dataclass, replace

from tview.errors import Finding
from tview.text import SafeText, cell_width, clip, safe
from tview.ui.look import Span, fitted, words
from tview.ui.technique import Technical

_ = str
WIDE = 100  # from this many columns on the label stands in the first line, else beside the study
LABEL = _("Review only · not a medical device")


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """Facts of one shown picture. None is "the file does not say", and then the screen does not either."""

    patient_name: SafeText | None
    patient_id: SafeText | None
    institution: SafeText | None
    birth_date: SafeText | None
    sex: SafeText | None
    age: SafeText | None
    study_date: SafeText | None
    study_time: SafeText | None
    study_description: SafeText | None
    accession_number: SafeText | None
    modality: SafeText | None
    series_number: int | None
    series_description: SafeText | None
    instance_number: int | None
    body_part: SafeText | None
    laterality: SafeText | None
    view_position: SafeText | None
    frame: int
    frames: int
    position: int
    positions: int
    missing: int
    gaps: int
    hole: SafeText | None
    """What is not there just before or behind this slice."""
    stack_reason: SafeText | None
    sorted_by: SafeText | None
    cut: SafeText | None
    """How a plane was cut out of a volume; None for an image of the stack."""
    slice_place: SafeText | None
    """"F 32.0 mm" with the side of the patient where the plane is near a main one."""
    slice_thickness_mm: float | None
    letters: tuple[str, str, str, str]
    """At the left, right, top and bottom edge, after the current turns and mirror; "" when unknown."""
    window: SafeText
    """Width/centre as readers write it, and its name."""
    window_alarm: bool
    """Whether the window was made from the pixels or differs from what the file says."""
    file_window: SafeText | None
    zoom: SafeText
    scale: SafeText | None
    resolution: SafeText
    lossy: SafeText | None
    marks: tuple[SafeText, ...]
    findings: tuple[Finding, ...]
    technique: tuple[Technical, ...] = ()
    """How it was taken."""
    in_gaps: int = 0
    """How many slices would fill the gaps, by the spacing of the others."""


def identity_parts(facts: PictureFacts | None, persons: int, hidden: bool, brief: bool = False) -> list[list[Span]]:
    """The identity line, the most needed first: name, persons if several, sex, birth date, ID, age, place; in brief without their names."""
    if facts is None:
        return [[(words(_("no picture")), "chrome.dim")]]
    parts: list[list[Span]] = []
    if persons > 1:
        told = _("! {count} PERSONS") if brief else _("! {count} PERSONS ON THIS MEDIUM")
        parts.append([(words(told, count=persons), "chrome.amber")])
    if hidden:
        return [*parts, [(words(_("names hidden; dates and UIDs remain")), "chrome.amber")]]
    unknown = words(_("unknown"))
    parts.append([(facts.patient_name or words(_("name unknown")), "chrome.strong")])
    if brief:
        shown = (facts.sex or words(_("sex ?")), facts.birth_date or words(_("born ?")), facts.patient_id or words(_("ID ?")))
        return [*parts, *([(text, "chrome")] for text in shown)]
    parts.append([(facts.sex or words(_("sex unknown")), "chrome")])
    parts.append([(words(_("born {date}"), date=facts.birth_date or unknown), "chrome")])
    parts.append([(words(_("ID {id}"), id=facts.patient_id or unknown), "chrome")])
    if facts.age:
        parts.append([(words(_("{age} at exam"), age=facts.age), "chrome.dim")])
    if facts.institution:
        parts.append([(words("({place})", place=facts.institution), "chrome.dim")])
    return parts


def pane_identity(facts: PictureFacts | None, hidden: bool, compact: bool, width: int) -> list[Span]:
    """Whose picture a pane shows, when there are several; in a small one also what was done when."""
    if facts is None:
        return []
    parts = identity_parts(facts, 1, hidden)
    if compact:
        exam = safe(f"{facts.modality or words(_('modality unknown'))} {facts.study_date or words(_('date unknown'))}")
        place = [[(text, "pane")] for text in (facts.laterality, facts.view_position) if text]
        parts = [parts[0], [(exam, "pane")], *place, *parts[1:]]
    return fitted(parts, width, (SafeText("  "), "pane"))


def needed(facts: PictureFacts) -> PictureFacts:
    """What stands beside a picture whatever is asked for: the rest of the corner text is left out."""
    return replace(facts, study_time=None, accession_number=None, series_description=None, file_window=None, technique=())


def study_line(facts: PictureFacts | None, hidden: bool, width: int) -> list[Span]:
    """What was done when, and what this image shows: day and modality whole, the description cut to what is left for it."""
    if facts is None:
        return []
    gap: Span = (SafeText("  "), "pane")
    day = facts.study_date or words(_("date unknown"))
    if width >= WIDE // 2 and facts.study_time:
        day = safe(f"{day} {facts.study_time}")
    first: list[list[Span]] = [[(facts.modality or words(_("modality unknown")), "pane.strong")], [(day, "pane")]]
    last: list[list[Span]] = []
    if facts.laterality or facts.view_position:
        last.append([(safe(" ".join(text for text in (facts.laterality, facts.view_position) if text)), "pane.accent")])
    if facts.body_part:
        last.append([(facts.body_part, "pane.dim")])
    if facts.accession_number and not hidden:
        last.append([(words(_("acc {number}"), number=facts.accession_number), "pane.dim")])
    description = facts.study_description or words(_("no description"))
    room = width - _cells(fitted([*first, *last[:1]] if facts.view_position or facts.laterality else first, width, gap)) - 2
    told = [[(SafeText(clip(description, room)), "pane")]] if room > 6 else []
    return fitted([*first, *told, *last], width, gap)


def image_parts(facts: PictureFacts) -> list[list[Span]]:
    """First bottom line, left: the image as a report names it, its place in the stack, what is missing."""
    series = "–" if facts.series_number is None else str(facts.series_number)
    image = "–" if facts.instance_number is None else str(facts.instance_number)
    name = words(_("Se {series} Im {image}"), series=series, image=image)
    if facts.cut is not None:
        name = words(_("Se {series} {cut}"), series=series, cut=facts.cut)
    parts: list[list[Span]] = [[(name, "pane.strong")]]
    by_frame = facts.frames > 1 and facts.frames == facts.positions
    counted = _("[frame {position} of {positions}") if by_frame else _("[{position} of {positions}")
    place: list[Span] = [(words(counted, position=facts.position, positions=facts.positions), "pane")]
    if facts.missing:
        place.append((words(_(", {count} missing"), count=facts.missing), "pane.red"))
    if facts.gaps:
        place.append((words(_(", 1 gap")) if facts.gaps == 1 else words(_(", {count} gaps"), count=facts.gaps), "pane.red"))
        if facts.in_gaps:
            there = words(_(": {here} of {all} here"), here=facts.positions, all=facts.positions + facts.in_gaps)
            place.append((there, "pane.red"))
    place.append((SafeText("]"), "pane"))
    parts.append(place)
    if facts.hole:
        parts.append([(facts.hole, "pane.red")])
    if facts.frames > 1 and facts.positions != facts.frames:
        parts.append([(words(_("frame {frame}/{frames}"), frame=facts.frame, frames=facts.frames), "pane")])
    if facts.lossy:  # before the marks: it has to be there in the narrowest pane too
        parts.append([(facts.lossy, "pane.amber")])
    parts.extend([(mark, "pane.amber")] for mark in facts.marks)
    return parts


def window_parts(facts: PictureFacts) -> list[list[Span]]:
    """First bottom line, right: the window in force with its name, and what the file says when that differs."""
    parts: list[list[Span]] = [[(facts.window, "pane.amber" if facts.window_alarm else "pane")]]
    if facts.file_window:
        parts.append([(words(_("file {window}"), window=facts.file_window), "pane.dim")])
    return parts


def technique_parts(facts: PictureFacts, hidden: bool) -> list[list[Span]]:
    """First bottom line, behind the place in the stack and every warning: how the picture was taken."""
    return [[(told.text, "pane.dim")] for told in facts.technique if not (hidden and told.identifies)]


def place_parts(facts: PictureFacts, cursor: SafeText | None) -> list[list[Span]]:
    """Second bottom line, left: where the slice lies, or what is under the mouse."""
    parts: list[list[Span]] = []
    if cursor:
        parts.append([(cursor, "pane.accent")])
    if facts.slice_place is not None:
        parts.append([(words(_("slice at {place}"), place=facts.slice_place), "pane")])
    if facts.slice_thickness_mm is not None:
        parts.append([(words(_("{thickness} mm thick"), thickness=f"{facts.slice_thickness_mm:.3g}"), "pane")])
    if facts.stack_reason:
        parts.append([(facts.stack_reason, "pane")])
    if facts.series_description and not cursor:
        parts.append([(facts.series_description, "pane.dim")])
    return parts


def scale_parts(facts: PictureFacts) -> list[list[Span]]:
    """Second bottom line, right: zoom, what a pixel is, how the picture was drawn."""
    parts: list[list[Span]] = [[(facts.zoom, "pane")]]
    if facts.scale:
        parts.append([(facts.scale, "pane")])
    parts.append([(facts.resolution, "pane.dim")])
    return parts


def two_sided(left: list[list[Span]], right: list[list[Span]], width: int) -> tuple[list[Span], list[Span]]:
    """Both ends of a line as far as whole facts fit: the first two at the left come first, then the right end, then the rest."""
    gap: Span = (SafeText("  "), "pane")
    room = width - 2 - _cells(fitted(left[:2], width, gap))
    right_spans = fitted(right, room, gap)
    if not right_spans and right and room > 10:  # a window cut behind its numbers is better than none
        right_spans = [(SafeText(clip(right[0][0][0], room)), right[0][0][1])]
    left_spans = fitted(left, width - _cells(right_spans) - 2, gap)
    return left_spans, right_spans


def left_over(parts: list[list[Span]], shown: list[Span], width: int = WIDE) -> list[list[Span]]:
    """The warnings among `parts` that found no room in `shown`: they stand in the next line, before what is only good to know.

    One that is longer than `width` is cut, not left out.
    """
    late = [part for part in parts if part and part[0][1] in ("pane.amber", "pane.red") and not any(span is part[0] for span in shown)]
    return [[(SafeText(clip(text, width)), style) for text, style in part] if _cells(part) > width else part for part in late]


def _cells(spans: list[Span]) -> int:
    return sum(cell_width(text) for text, _style in spans)
