"""From an object's header, its decoded frame and its place in the catalog to the facts on screen."""

from dataclasses import replace

from tview.catalog import age_at_exam, clock_time, iso_date
from tview.dicom import DataSet, Header, tags
from tview.pixels import Frame, Geometry, Image, Letters, Preset, Rendered, Window, letters
from tview.text import SafeText, safe
from tview.ui.facts import PictureFacts
from tview.ui.look import words
from tview.ui.shown import Request
from tview.ui.slices import Slices

_ = str


def describe(
    header: Header,
    frame: Frame,
    rendered: Rendered,
    request: Request,
    slices: Slices,
    image: Image,
    how: tuple[SafeText, int],
    fitting: tuple[Preset, ...],
    lost: bool,
    blocks: bool,
    step: int,
) -> PictureFacts:
    """Every fact the pane shows of one picture.

    `how` says how it was drawn and with how many greys, `lost` that parts of its file could not be read, `blocks` that a pixel is half a
    character cell, `step` by how much a draft is smaller than what it stands for.
    """
    edge = letters(frame.description.geometry, request.view)
    window, alarm, file_window = window_words(frame, rendered, fitting)
    lossy = None
    if image.lossy is not None:
        lossy = safe(f"{words(_('LOSSY'))} {image.lossy.shown}".strip())
    return replace(
        _header_facts(header, frame.description.geometry, edge, request, slices, frame.index, image.number_of_frames),
        window=window,
        window_alarm=alarm,
        file_window=file_window,
        zoom=_zoom(rendered.placement.scale[1] * step),
        scale=_scale(frame, rendered.placement.scale[1] * step, blocks),
        resolution=how[0],
        lossy=lossy,
        marks=_marks(header, frame, request, rendered, lost, how[1]),
        findings=(*frame.description.findings, *rendered.marks),
    )


def describe_header(header: Header, request: Request, slices: Slices) -> PictureFacts:
    """The facts of an object that has no picture: who, what, when still stand."""
    place = slices[request.position]
    return _header_facts(header, Geometry(), Letters(), request, slices, place.frame, place.instance.frames or 1)


def _header_facts(
    header: Header, geometry: Geometry, edge: Letters, request: Request, slices: Slices, frame: int, frames: int
) -> PictureFacts:
    data_set = header.data_set
    name = data_set.person_name(tags.PATIENT_NAME)
    birth_date, study_date = data_set.text(tags.PATIENT_BIRTH_DATE), data_set.text(tags.STUDY_DATE)
    return PictureFacts(
        patient_name=name.shown if name else None,
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
        instance_number=data_set.integer(tags.INSTANCE_NUMBER),
        body_part=geometry.body_part,
        laterality=geometry.laterality if geometry.laterality != "U" else None,  # U is unpaired
        view_position=geometry.view_position,
        frame=frame + 1,
        frames=frames,
        position=request.position + 1,
        positions=len(slices) + slices.missing,
        missing=slices.missing,
        stack_reason=request.stack.reason if len(request.series.stacks) > 1 else None,
        sorted_by=request.stack.sorted_by,
        slice_position_mm=geometry.position_mm if geometry.position_mm is not None else geometry.slice_location,
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


def window_words(frame: Frame, rendered: Rendered, fitting: tuple[Preset, ...]) -> tuple[SafeText, bool, SafeText | None]:
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


def _digit(window: Window, fitting: tuple[Preset, ...]) -> str:
    """The digit key of a preset, as it stands behind its name."""
    if window.origin != "preset":
        return ""
    return next((f" [{number}]" for number, preset in enumerate(fitting[:7], 3) if preset.name == window.explanation), "")


def _zoom(scale: float) -> SafeText:
    if abs(scale - 1) < 0.005:
        return SafeText("1:1")
    if scale < 1:
        return safe(f"1:{1 / scale:.1f}".removesuffix(".0"))
    return safe(f"{scale:.1f}:1")


def _scale(frame: Frame, picture_px: float, blocks: bool) -> SafeText | None:
    scale = frame.description.scale
    if not scale.known or scale.column_mm is None:
        return words(_("size unknown")) if not blocks else words(_("size unknown: small findings invisible"))
    size = scale.column_mm / picture_px
    text = f"1 px = {size:.2g} {scale.unit}" if size < 9.95 else f"1 px = {size:.0f} {scale.unit}"
    return safe(text) if not blocks else words(_("{size}: small findings invisible"), size=text)


def _marks(header: Header, frame: Frame, request: Request, rendered: Rendered, lost: bool, levels: int) -> tuple[SafeText, ...]:
    marks: list[SafeText] = []
    view = request.view
    if lost:
        marks.append(words(_("DAMAGED: parts cannot be read")))
    if frame.rows_present < frame.rows:
        marks.append(words(_("PARTIAL {percent} %"), percent=100 * frame.rows_present // max(1, frame.rows)))
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
    if levels < 256:
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
