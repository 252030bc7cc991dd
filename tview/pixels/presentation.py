"""Softcopy presentation states: how someone wanted a picture to be seen, read and applied on demand (PS3.3 A.33, PS3.4 N.2)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tview.errors import Finding, finding
from tview.pixels.annotations import Area, GraphicObject, TextObject
from tview.pixels.frame import Description, Frame
from tview.pixels.layers import Colour, Drawing, Layer
from tview.pixels.shutters import Shutter
from tview.pixels.view import View, Window
from tview.pixels.windowing import window_over
from tview.text import SafeText

if TYPE_CHECKING:
    from tview.pixels.overlays import OverlayPlane
    from tview.pixels.tables import LookupTable, Palette

_WHITE: Colour = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class Reference:
    """An image that a state is about; `frames` (from 1) empty means all of them."""

    sop_instance_uid: str
    series_instance_uid: str | None = None
    frames: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class VoiChoice:
    """A window or VOI LUT for some of the images; `references` empty means all."""

    references: tuple[Reference, ...]
    windows: tuple[Window, ...]
    voi_luts: "tuple[LookupTable, ...]"


@dataclass(frozen=True, slots=True)
class DisplayedArea:
    """What part is shown and how large. `mode` is "SCALE TO FIT", "TRUE SIZE" or "MAGNIFY" (with `magnification`).

    `spacing_mm` is between rows, then columns; `aspect` how much taller than wide a pixel is.
    """

    references: tuple[Reference, ...]
    area: Area
    mode: str
    spacing_mm: tuple[float, float] | None
    aspect: float | None
    magnification: float | None


@dataclass(frozen=True, slots=True)
class GraphicLayer:
    """A named group of annotations; those of a higher `order` are drawn later."""

    name: str
    order: int
    colour: Colour
    description: SafeText | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Annotation:
    """Figures and texts on one layer for some of the images."""

    references: tuple[Reference, ...]
    layer: str
    objects: tuple[TextObject | GraphicObject, ...]


@dataclass(frozen=True, slots=True, eq=False)
class BlendingInput:
    """One of the two image sets of a blending state, with its own modality and VOI rules."""

    position: str
    references: tuple[Reference, ...]
    rescale: tuple[float, float] | None
    modality_lut: "LookupTable | None"
    voi: tuple[VoiChoice, ...]


@dataclass(frozen=True, slots=True, eq=False)
class PresentationState:
    """A softcopy presentation state. `kind` is "grey", "colour", "pseudo-colour" or "blending".

    `rescale` (slope, intercept) or `modality_lut` replace the image's own where given. `rotation` is clockwise in degrees, `flip` mirrors
    left to right after it. `inverted` is a Presentation LUT Shape of INVERSE. `overlays` maps an overlay group of the image to the layer
    that shows it; `planes` are overlays of the state itself.
    """

    kind: str
    label: SafeText | None
    description: SafeText | None
    creator: SafeText | None
    references: tuple[Reference, ...]
    rescale: tuple[float, float] | None
    modality_lut: "LookupTable | None"
    voi: tuple[VoiChoice, ...]
    presentation_lut: "LookupTable | None"
    inverted: bool
    rotation: int
    flip: bool
    areas: tuple[DisplayedArea, ...]
    shutter: Shutter | None
    layers: tuple[GraphicLayer, ...]
    annotations: tuple[Annotation, ...]
    overlays: tuple[tuple[int, str], ...]
    planes: "tuple[tuple[OverlayPlane, Layer], ...]"
    palette: "Palette | None"
    icc: bytes | None
    blending: tuple[BlendingInput, ...]
    relative_opacity: float | None
    findings: tuple[Finding, ...] = ()

    def refers_to(self, sop_instance_uid: str, frame_number: int = 1) -> bool:
        """Whether the state is about this image, and this frame of it (from 1)."""
        return any(_is_meant(reference, sop_instance_uid, frame_number) for reference in self.references)


@dataclass(frozen=True, slots=True, eq=False)
class Presented:
    """What to give to `render`; `marks` say what of the state could not be followed."""

    frame: Frame
    view: View
    layers: tuple[Drawing, ...]
    marks: tuple[Finding, ...] = ()


def apply_presentation_state(
    state: PresentationState,
    frame: Frame,
    sop_instance_uid: str,
    rows: int,
    columns: int,
    *,
    view: View | None = None,
    display_pixel_mm: float | None = None,
    hidden: Sequence[str] = (),
) -> Presented:
    """A frame as the state wants it seen in a pane of `rows` x `columns` pixels.

    `view` lends its interpolation only. `display_pixel_mm` is the size of a display pixel, which TRUE SIZE needs. `hidden` names graphic
    layers to leave out.
    """
    number, marks = frame.index + 1, list(state.findings)
    voi = next((choice for choice in state.voi if _holds(choice.references, sop_instance_uid, number)), None)
    area = next((area for area in state.areas if _holds(area.references, sop_instance_uid, number)), None)
    described = _described(state, frame, voi, area)
    quarters, mirror = round(state.rotation / 90) % 4, state.flip
    # The state turns first and flips then; a view flips first
    made = View(mirror=mirror, turns=-quarters % 4 if mirror else quarters, interpolation=(view or View()).interpolation)
    if area is not None:
        zoom = _zoom(area, made, described.pixel_aspect, rows, columns, display_pixel_mm)
        if area.mode == "TRUE SIZE" and display_pixel_mm is None:
            marks.append(finding("true-size-unknown"))
        middle = (area.area.top + area.area.bottom) / 2, (area.area.left + area.area.right) / 2
        made = replace(made, zoom=zoom, centre=middle)
    shown = area.area if area is not None else Area(0, 0, frame.rows, frame.columns)
    changed = replace(frame, description=described, _made={})
    layers = (*_covering(state, frame), *_drawn(state, frame, sop_instance_uid, shown, made, hidden))
    return Presented(changed, made, layers, tuple(marks))


def _described(state: PresentationState, frame: Frame, voi: VoiChoice | None, area: DisplayedArea | None) -> Description:
    described = replace(frame.description, shutter=None)
    aspect = _aspect(area)
    if aspect is not None:
        described = replace(described, pixel_aspect=aspect)
    if described.is_colour:
        return replace(described, icc=state.icc if state.kind == "colour" else described.icc)
    described = modality_described(described, state.rescale, state.modality_lut, voi)
    return replace(described, presentation_lut=state.presentation_lut, inverted=state.inverted, pseudo_colour=state.palette)


def modality_described(
    described: Description, rescale: tuple[float, float] | None, modality_lut: "LookupTable | None", voi: VoiChoice | None
) -> Description:
    """With a state's modality and VOI rules alone: what it does not say is identity, whatever the image says (PS3.4 N.2.1)."""
    slope, intercept = rescale or (1.0, 0.0)
    same = (slope, intercept) == (described.slope, described.intercept) and modality_lut is None
    windows, tables = (voi.windows, voi.voi_luts) if voi is not None else ((), ())
    unit = described.unit if same else None
    described = replace(described, slope=slope, intercept=intercept, modality_lut=modality_lut, unit=unit, voi_luts=tables)
    windows = windows or (() if tables else (_identity(described),))
    return replace(described, windows=windows, top_level_windows=windows)


def _identity(described: Description) -> Window:
    """The window that keeps the whole range of modality values as it is."""
    if described.modality_lut is not None:
        return window_over(0, described.modality_lut.top)
    bits = described.layout.bits_stored
    low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if described.layout.pixel_representation == 1 else (0, (1 << bits) - 1)
    ends = sorted(value * described.slope + described.intercept for value in (low, high))
    return replace(window_over(ends[0], ends[1]), origin="file")


def _aspect(area: DisplayedArea | None) -> float | None:
    if area is None:
        return None
    return area.spacing_mm[0] / area.spacing_mm[1] if area.spacing_mm is not None else area.aspect


def _zoom(area: DisplayedArea, view: View, aspect: float, rows: int, columns: int, display_pixel_mm: float | None) -> float:
    """Display pixels per image column: PS3.3 C.10.4."""
    if area.mode == "MAGNIFY" and area.magnification:
        return area.magnification
    if area.mode == "TRUE SIZE" and area.spacing_mm is not None and display_pixel_mm:
        return area.spacing_mm[1] / display_pixel_mm
    tall, wide = (area.area.bottom - area.area.top) * aspect, area.area.right - area.area.left
    if view.turns % 2:
        tall, wide = wide, tall
    return min(columns / wide, rows / tall)


def _covering(state: PresentationState, frame: Frame) -> tuple[Drawing, ...]:
    if state.shutter is None:
        return ()
    covering: list[Drawing] = [state.shutter.layer(frame.rows, frame.columns)]
    for plane, layer in state.planes:
        if plane.group == state.shutter.overlay_group:
            covering.append(replace(layer, colour=state.shutter.colour))
    return tuple(covering)


def _drawn(
    state: PresentationState, frame: Frame, sop_instance_uid: str, area: Area, view: View, hidden: Sequence[str]
) -> tuple[Drawing, ...]:
    """Overlays and annotations, layer by layer."""
    drawn: list[Drawing] = []
    named = {layer.name for layer in state.layers}
    others = tuple(
        GraphicLayer(name, 1 << 30, _WHITE) for name in dict.fromkeys(each.layer for each in state.annotations) if name not in named
    )
    shutter_group = state.shutter.overlay_group if state.shutter is not None else None
    for layer in (*sorted(state.layers, key=lambda layer: layer.order), *others):
        if layer.name in hidden:
            continue
        groups = [group for group, name in state.overlays if name == layer.name and group != shutter_group]
        own = {plane.group for plane, _ in state.planes}
        drawn += [Layer(overlay.mask, layer.colour) for overlay in frame.overlays if overlay.group in groups and overlay.group not in own]
        drawn += [replace(mask, colour=layer.colour) for plane, mask in state.planes if plane.group in groups]
        for annotation in state.annotations:
            if annotation.layer == layer.name and _holds(annotation.references, sop_instance_uid, frame.index + 1):
                for each in annotation.objects:
                    drawn += each.drawings(area, view, layer.colour)
    return tuple(drawn)


def _holds(references: tuple[Reference, ...], sop_instance_uid: str, frame_number: int) -> bool:
    return not references or any(_is_meant(reference, sop_instance_uid, frame_number) for reference in references)


def _is_meant(reference: Reference, sop_instance_uid: str, frame_number: int) -> bool:
    return reference.sop_instance_uid == sop_instance_uid and (not reference.frames or frame_number in reference.frames)
