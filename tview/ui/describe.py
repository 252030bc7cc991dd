"""From an object's header, its decoded frame and its place in the catalog to the facts on screen."""

from dataclasses import replace
from typing import TYPE_CHECKING

from tview import pixels
from tview.catalog import age_at_exam, clock_time, iso_date
from tview.dicom import DataSet, Header, tags
from tview.text import SafeText, safe
from tview.ui.cuts import Cut
from tview.ui.facts import PictureFacts
from tview.ui.look import words
from tview.ui.shown import Request
from tview.ui.slices import Row, Slices
from tview.ui.slide_rows import SlidePlace

if TYPE_CHECKING:
    from tview.pixels import Frame, Geometry, Image, Letters, Preset, Rendered, Window

_ = str


def describe(
    header: Header,
    frame: "Frame",
    rendered: "Rendered",
    request: Request,
    slices: Row,
    image: "Image",
    how: tuple[SafeText, int],
    fitting: "tuple[Preset, ...]",
    lost: bool,
    blocks: bool,
    step: float,
) -> PictureFacts:
    """Every fact the pane shows of one picture.

    `how` says how it was drawn and with how many greys, `lost` that parts of its file could not be read, `blocks` that a pixel is half a
    character cell, `step` by how much the picture is smaller than what a reader takes for its pixels.
    """
    edge = pixels.letters(frame.description.geometry, request.view)
    window, alarm, file_window = window_words(frame, rendered, fitting)
    lossy = None
    if image.lossy is not None:
        lossy = safe(f"{words(_('LOSSY'))} {image.lossy.shown}".strip())
    return replace(
        _header_facts(header, frame.description.geometry, edge, request, slices, frame.index, _frames_of(image, slices, request.position)),
        window=window,
        window_alarm=alarm,
        file_window=file_window,
        zoom=_zoom(rendered.placement.scale[1] * step),
        scale=_scale(frame, rendered.placement.scale[1] * step, blocks),
        resolution=how[0],
        lossy=lossy,
        marks=(*_marks(header, frame, request, rendered, lost, how[1]), *_frames_here(image), *_assumed(image, frame)),
        findings=(*frame.description.findings, *rendered.marks),
    )


def _frames_of(image: "Image", slices: Row, position: int) -> int:
    """How many frames there are to scroll through; a slide's tiles are one picture."""
    return 1 if isinstance(slices[position], SlidePlace) else image.number_of_frames


def describe_header(header: Header, request: Request, slices: Row) -> PictureFacts:
    """The facts of an object that has no picture: who, what, when still stand."""
    place = slices[request.position]
    return _header_facts(header, pixels.Geometry(), pixels.Letters(), request, slices, place.frame, place.instance.frames or 1)


def _header_facts(
    header: Header, geometry: "Geometry", edge: "Letters", request: Request, slices: Row, frame: int, frames: int
) -> PictureFacts:
    data_set, shape = header.data_set, slices[request.position]
    cut = shape.shown if isinstance(shape, Cut | SlidePlace) else None
    name = data_set.person_name(tags.PATIENT_NAME)
    birth_date, study_date = data_set.text(tags.PATIENT_BIRTH_DATE), data_set.text(tags.STUDY_DATE)
    return PictureFacts(
        patient_name=name.marked if name else None,
        patient_id=data_set.text(tags.PATIENT_ID),
        institution=data_set.text(tags.ISSUER_OF_PATIENT_ID) or data_set.text(tags.INSTITUTION_NAME),
        birth_date=iso_date(birth_date),
        sex=data_set.text(tags.PATIENT_SEX),
        age=age_at_exam(data_set.text(tags.PATIENT_AGE), birth_date, study_date),
        study_date=iso_date(study_date),
        study_time=safe((clock_time(data_set.text(tags.STUDY_TIME)) or "")[:5]) or None,
        study_description=data_set.text(tags.STUDY_DESCRIPTION),
        accession_number=data_set.text(tags.ACCESSION_NUMBER),
        modality=data_set.text(tags.MODALITY),
        series_number=data_set.integer(tags.SERIES_NUMBER),
        series_description=data_set.text(tags.SERIES_DESCRIPTION),
        instance_number=data_set.integer(tags.INSTANCE_NUMBER) if cut is None else None,
        body_part=geometry.body_part,
        laterality=geometry.laterality if geometry.laterality != "U" else None,  # U is unpaired
        view_position=geometry.view_position,
        frame=frame + 1,
        frames=frames,
        position=slices.listed_place(request.position),
        positions=len(slices) + slices.missing,
        missing=slices.missing,
        gaps=len(request.stack.gaps),
        in_gaps=sum(gap.missing for gap in request.stack.gaps),
        hole=_hole(slices, request),
        stack_reason=_stack(request) or _frame_row(slices, request),
        cut=cut,
        sorted_by=request.stack.sorted_by,
        slice_place=_slice_place(geometry),
        slice_thickness_mm=geometry.slice_thickness_mm,
        letters=(edge.left, edge.right, edge.top, edge.bottom),
        window=SafeText(""),
        window_alarm=False,
        file_window=None,
        zoom=SafeText(""),
        scale=None,
        resolution=SafeText(""),
        lossy=None,
        marks=(),
        findings=(),
    )


def _frames_here(image: "Image") -> tuple[SafeText, ...]:
    here, declared = image.number_of_frames, image.number_of_frames_declared
    return (words(_("{here} of {declared} FRAMES HERE"), here=here, declared=declared),) if here < declared else ()


_ASSUMPTIONS = frozenset(
    (
        "attribute-assumed",
        "bits-dropped",
        "colour-assumed",
        "frame-smaller",
        "lookup-table-unusable",
        "rescale-unusable",
        "stream-cut",
        "syntax-assumed",
        "video-colour-assumed",
        "window-unusable",
    )
)


def _assumed(image: "Image", frame: "Frame") -> tuple[SafeText, ...]:
    """That the picture rests on something the file does not say, or says wrongly; what that is stands in the findings."""
    told = any(found.code in _ASSUMPTIONS for found in (*image.findings, *frame.findings))
    return (words(_("ASSUMED: see F")),) if told else ()


def _stack(request: Request) -> SafeText | None:
    """Which of several stacks this is, and that there are more."""
    keys = [stack.key for stack in request.series.stacks]
    if len(keys) < 2 or request.stack.key not in keys:
        return None
    number = words(_("stack {number} of {count}"), number=keys.index(request.stack.key) + 1, count=len(keys))
    return safe(f"{number}: {request.stack.reason}" if request.stack.reason else number)


def _frame_row(slices: Row, request: Request) -> SafeText | None:
    """Which of several rows of frames this is: the echo, the phase, the b-value."""
    row = slices.row_at(request.position) if isinstance(slices, Slices) else None
    return row.words if row is not None else None


def _hole(slices: Row, request: Request) -> SafeText | None:
    """Missing objects and gaps just before and behind a slice: a reader who scrolls across them has to see it."""
    before, behind = slices.missing_around(request.position)
    told = [
        words(text, numbers=" ".join("?" if number is None else str(number) for number in numbers))
        for text, numbers in ((_("missing before: {numbers}"), before), (_("missing behind: {numbers}"), behind))
        if numbers
    ]
    number = slices[request.position].instance.instance_number
    for gap in request.stack.gaps:
        distance = f"{gap.gap_mm + gap.spacing_mm:g}"
        if number is not None and gap.number_before == number:
            told.append(words(_("{distance} mm to the next"), distance=distance))
        elif number is not None and gap.number_after == number:
            told.append(words(_("{distance} mm from the last"), distance=distance))
    return safe("  ".join(told)) if told else None


def _slice_place(geometry: "Geometry") -> SafeText | None:
    position = geometry.position_mm if geometry.position_mm is not None else geometry.slice_location
    if position is None:
        return None
    normal = geometry.normal
    if geometry.position_mm is None or normal is None or geometry.plane in (None, "oblique"):
        return safe(f"{position + 0.0:.1f} mm".replace("-0.0 ", "0.0 "))
    side = pixels.letters_of((normal[0] * position, normal[1] * position, normal[2] * position), geometry.quadruped)
    return safe(f"{side[:2] if geometry.quadruped else side[:1]} {abs(position):.1f} mm" if abs(position) >= 0.05 else "0.0 mm")


def window_words(frame: "Frame", rendered: "Rendered", fitting: "tuple[Preset, ...]") -> tuple[SafeText, bool, SafeText | None]:
    """The window in force with its name, whether it deserves amber, and the file's own when that is another."""
    description = frame.description
    if description.is_colour:
        return words(_("colour")), False, None
    if rendered.voi_lut is not None:
        return safe(f"{words(_('VOI LUT'))} {rendered.voi_lut.explanation or ''}".strip()), False, None
    window = rendered.window
    assert window is not None
    name = f"{window.explanation or ''}{_digit(window, fitting)}"
    unit = f" {description.unit}" if description.unit and description.unit != "HU" else ""
    text = f"{words(_('W/L'))} {window.shown}{unit}"
    if window.origin == "pixels":
        return safe(f"{text} {words(_('from pixels'))}"), True, None
    if name:
        text += f" {name}"
    elif window.origin == "file":
        text += f" {words(_('file'))}"
    own = description.windows[0] if description.windows else None
    differs = own is not None and (own.width, own.center) != (window.width, window.center)
    return safe(text), False, safe(own.shown) if own is not None and differs else None


def _digit(window: "Window", fitting: "tuple[Preset, ...]") -> str:
    """The digit key of a preset, as it stands behind its name."""
    if window.origin != "preset":
        return ""
    return next((f" [{number}]" for number, preset in enumerate(fitting[:7], 3) if preset.name == window.explanation), "")


def _zoom(scale: float) -> SafeText:
    if scale == 1:
        return SafeText("1:1")
    places = 2 if 0.9 < scale < 1.1 else 1
    return safe(f"1:{1 / scale:.{places}f}" if scale < 1 else f"{scale:.{places}f}:1")


def _scale(frame: "Frame", picture_px: float, blocks: bool) -> SafeText | None:
    """What a picture pixel is; in blocks that shrink the image also what follows from it."""
    scale = frame.description.scale
    text = words(_("size unknown"))
    if scale.known and scale.column_mm is not None:
        size = scale.column_mm / picture_px
        text = safe(f"1 px = {size:.2g} {scale.unit}" if size < 9.95 else f"1 px = {size:.0f} {scale.unit}")
    return words(_("{size}: small findings invisible"), size=text) if blocks and picture_px < 1 else text


def _marks(header: Header, frame: "Frame", request: Request, rendered: "Rendered", lost: bool, levels: int) -> tuple[SafeText, ...]:
    marks: list[SafeText] = []
    view = request.view
    if lost:
        marks.append(words(_("DAMAGED: parts cannot be read")))
    if frame.rows_present < frame.rows:
        marks.append(words(_("PARTIAL {percent} %"), percent=min(99, max(1, round(100 * frame.rows_present / max(1, frame.rows))))))
    if request.series.is_raw or header.data_set.text(tags.PRESENTATION_INTENT_TYPE) == "FOR PROCESSING":
        marks.append(words(_("RAW, not meant for viewing")))
    if view.invert:
        marks.append(words(_("INVERTED")))
    if view.mirror and view.turns == 0:
        marks.append(words(_("MIRRORED")))
    elif view.mirror and view.turns == 2:
        marks.append(words(_("FLIPPED")))
    elif view.mirror:
        marks.append(words(_("MIRRORED, TURNED {degrees}"), degrees=90 * view.turns))
    elif view.turns:
        marks.append(words(_("TURNED {degrees}"), degrees=90 * view.turns))
    if any(mark.code == "window-threshold" for mark in rendered.marks):
        marks.append(words(_("THRESHOLD")))
    if frame.description.shutter is not None:
        marks.append(words(_("SHUTTER")))
    if levels < 256 and not frame.description.is_colour:
        marks.append(words(_("{levels} greys"), levels=levels))
    return tuple(marks)


def frame_rate(data_set: DataSet) -> float | None:
    """Images per second: Recommended Display Frame Rate, Cine Rate, Frame Time (PS3.3 C.7.6.5); None when none of them makes sense."""
    frame_time = data_set.number(tags.FRAME_TIME)
    candidates = (
        data_set.number(tags.RECOMMENDED_DISPLAY_FRAME_RATE),
        data_set.number(tags.CINE_RATE),
        1000 / frame_time if frame_time else None,
    )
    return next((rate for rate in candidates if rate is not None and 0.1 <= rate <= 200), None)
