"""From a frame and a view to the picture: viewer, `show`, `export` and the tests all use this one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from tview.errors import Finding, finding
from tview.pixels.arrays import Pixels
from tview.pixels.frame import Frame
from tview.pixels.layers import Drawing, Layer
from tview.pixels.panes import on_pane, turned
from tview.pixels.placement import Axis, Placement, place, place_native
from tview.pixels.resample import OVERSHOOTING, resample, scaled
from tview.pixels.view import View, Window
from tview.pixels.windowing import (
    apply_presentation_lut,
    apply_voi_lut,
    apply_window,
    display_table,
    ramp_of,
    threshold_of,
    to_bytes,
    window_over,
)

if TYPE_CHECKING:
    from tview.pixels.tables import LookupTable, Palette

_HATCH, _HATCH_STEP = 88, 6


@dataclass(frozen=True, slots=True, eq=False)
class InForce:
    """What turns modality values into grey: a window or a VOI LUT, neither for colour. `marks` say what the reader has to know of it."""

    window: Window | None
    voi_lut: "LookupTable | None"
    marks: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Rendered:
    """A finished picture: (rows, columns) or (rows, columns, 3) uint8, contiguous.

    `window` is the one in force, None for colour and when a VOI LUT is (`voi_lut` then). `marks` are findings that belong beside it.
    """

    picture: Pixels
    placement: Placement
    window: Window | None
    voi_lut: "LookupTable | None"
    inverted: bool
    marks: tuple[Finding, ...]


def in_force(frame: Frame, view: View) -> InForce:
    """The window or VOI LUT that the view gives this frame: the reader's, else the file's first window, VOI LUT, or one from the pixels."""
    description = frame.description
    if description.is_colour:
        return InForce(None, None)
    if view.voi_lut_index is not None and 0 <= view.voi_lut_index < len(description.voi_luts):
        return InForce(None, description.voi_luts[view.voi_lut_index])
    if view.window is not None:
        return InForce(view.window, None)
    marks: tuple[Finding, ...] = ()
    if description.windows:
        window = description.windows[0]
        threshold = threshold_of(window)
        if threshold is None:
            return InForce(window, None)
        low, high = frame.value_range()
        if low <= threshold < high:
            return InForce(window, None, (finding("window-threshold", window=window.shown),))
        marks = (finding("window-unusable", window=window.shown),)  # the whole frame would be one colour
    if description.voi_luts:
        return InForce(None, description.voi_luts[0], marks)
    return InForce(window_over(*frame.value_range()), None, marks or (finding("window-from-pixels"),))


def auto_window(frame: Frame, percent: float = 0.5) -> Window | None:
    """A window from the frame's values without padding, leaving out `percent` of them at each end; None for colour."""
    if frame.description.is_colour:
        return None
    values = frame.picture_values().ravel()
    if frame.description.unit == "HU" and frame.description.modality_lut is None:
        inside = values[
            values * frame.description.slope + frame.description.intercept >= -1024
        ]  # below it is what lies outside the circle of reconstruction
        values = inside if inside.size else values
    if values.size > 1 << 18:
        values = values[:: values.size >> 17]
    if not values.size:
        return window_over(0.0, 0.0)
    ends = np.percentile(values, (percent, 100 - percent)).astype(values.dtype)
    low, high = frame.modality_of(ends)
    return window_over(*(sorted((low, high)) if low != high else frame.picture_range()))


def top_level_view(frame: Frame, view: View | None = None) -> View:
    """The view with the first window that stands beside the pixels for all frames, else from this frame's smallest and largest value.

    What tools that know no functional groups draw. A frame's own window is what `View()` gives.
    """
    view, description = view or View(), frame.description
    chosen = view.window is not None or view.voi_lut_index is not None
    if chosen or description.is_colour or description.windows == description.top_level_windows:
        return view
    if description.top_level_windows and threshold_of(description.top_level_windows[0]) is None:
        return replace(view, window=description.top_level_windows[0])
    return view if description.voi_luts and not description.windows else replace(view, window=window_over(*frame.value_range()))


def render(frame: Frame, view: View, rows: int, columns: int, layers: Sequence[Drawing] = ()) -> Rendered:
    """The picture of a frame in a pane of `rows` x `columns` pixels, black around it, pixels drawn in their true shape.

    Values are resampled before they are windowed. Pure: the same arguments give the same picture, on any thread.
    """
    size = (frame.rows, frame.columns)
    return _render(frame, view, place(view, size, frame.description.pixel_aspect, (max(rows, 1), max(columns, 1))), layers)


def render_native(frame: Frame, view: View, layers: Sequence[Drawing] = ()) -> Rendered:
    """The whole frame at one picture pixel per image pixel; the view's zoom and centre do not count."""
    return _render(frame, view, place_native(view, (frame.rows, frame.columns)), layers)


def shutter_layers(frame: Frame) -> tuple[Layer, ...]:
    """What covers the parts of the frame that its file does not want looked at."""
    shutter = frame.description.shutter
    return (shutter.layer(frame.rows, frame.columns),) if shutter is not None else ()


def overlay_layers(frame: Frame, colour: tuple[int, int, int] = (255, 255, 255)) -> tuple[Layer, ...]:
    """The frame's own overlays as layers."""
    return tuple(Layer(overlay.mask, colour) for overlay in frame.overlays)


def _render(frame: Frame, view: View, placement: Placement, layers: Sequence[Drawing]) -> Rendered:
    force = in_force(frame, view)
    inverted = view.invert != (frame.description.inverted and not frame.description.is_colour)
    down, along = placement.vertical, placement.horizontal
    crop = (slice(down.first, down.end), slice(along.first, along.end))
    if frame.description.is_colour:
        drawn = resample(frame.rgb()[crop], down.length, along.length, view.interpolation)
        drawn = 255 - drawn if inverted else drawn
    else:
        drawn = _grey(frame, force, crop, down.length, along.length, view.interpolation, inverted)
    if frame.description.pseudo_colour is not None:
        drawn = _in_pseudo_colour(drawn, frame.description.pseudo_colour)
    if frame.description.supplemental is not None:
        drawn = _with_colours(drawn, frame, crop)
    if frame.rows_present < down.end:
        drawn = _hatched(drawn, down, frame.rows_present)
    picture = turned(on_pane(drawn, placement), view)
    for layer in layers:
        picture = layer.draw(picture, placement)
    marks = (*force.marks, *frame.findings)
    return Rendered(picture, placement, force.window, force.voi_lut, inverted, marks)


def _grey(frame: Frame, force: InForce, crop: tuple[slice, slice], rows: int, columns: int, interpolation: str, inverted: bool) -> Pixels:
    description, slope, intercept = frame.description, frame.description.slope, frame.description.intercept
    rule = force.window or force.voi_lut
    assert rule is not None
    if description.modality_lut is not None:
        values, slope, intercept = resample(frame.modality()[crop], rows, columns, interpolation), 1.0, 0.0
    else:
        values = frame.stored[crop]
        plain = description.presentation_lut is None
        if plain and values.shape == (rows, columns) and values.dtype.itemsize <= 2:
            return _by_table(values, rule, slope, intercept, inverted)
        ramp = ramp_of(rule) if plain and isinstance(rule, Window) else None
        if ramp is not None and values.dtype.itemsize <= 2 and values.size <= rows * columns and interpolation not in OVERSHOOTING:
            # A ramp and linear interpolation may change places, so the small array is scaled and the large one only clipped: the large
            # temporaries cost 6 ms of fresh pages. 128 is 127.5 of the formula and the half that rounds.
            factor = ramp[1] * slope
            small = scaled(values, (ramp[0] - intercept) / slope, -factor if inverted else factor, 128.0)
            large = resample(small, rows, columns, interpolation, scratch=True)
            np.clip(large, 0, 255.9, out=large)
            return large.astype(np.uint8)
        # Whole numbers would be rounded to whole ones, up to 1.6 levels in a window of 80
        values = resample(values.astype(np.float32) if values.dtype.itemsize <= 2 else values, rows, columns, interpolation)
    if isinstance(rule, Window):
        display = apply_window(values, rule, slope, intercept)
    else:
        display = apply_voi_lut(values.astype(np.float64) * slope + intercept, rule)
    if description.presentation_lut is not None:
        display = apply_presentation_lut(display, description.presentation_lut)
    if display.dtype.kind == "f" and frame.stored.dtype.kind == "f":
        display = np.nan_to_num(display, copy=False)
    return to_bytes(255 - display if inverted else display)


def _in_pseudo_colour(drawn: Pixels, palette: "Palette") -> Pixels:
    """The palette's first colour for black, its last for white: PS3.4 N.2.5."""
    steps = np.rint(np.arange(256) * ((len(palette.colours) - 1) / 255)).astype(np.intp)
    return np.take(palette.colours[steps], drawn, axis=0)


def _with_colours(drawn: Pixels, frame: Frame, crop: tuple[slice, slice]) -> Pixels:
    """Values from the palette's first on in its colours, the others grey: PS3.3 C.7.6.19. Neighbours are not mixed, they are codes."""
    palette = frame.description.supplemental
    assert palette is not None
    stored = resample(frame.stored[crop], drawn.shape[0], drawn.shape[1], "nearest", shrink="nearest")
    return np.where((stored >= palette.first)[..., None], palette.apply(stored), drawn[..., None])


def _by_table(stored: Pixels, rule: "Window | LookupTable", slope: float, intercept: float, inverted: bool) -> Pixels:
    signed = stored.dtype.kind == "i"
    table = display_table(rule, slope, intercept, signed=signed, inverted=inverted)
    if stored.dtype.itemsize == 1:
        stored = stored.astype(np.int16 if signed else np.uint16)
    return np.take(table, stored.view(np.uint16))


def _hatched(drawn: Pixels, down: Axis, rows_present: int) -> Pixels:
    """Rows that the file lacks are diagonal lines, which no picture is."""
    first = min(max(int(np.ceil((rows_present - down.first) * down.scale)), 0), drawn.shape[0])
    y, x = np.ogrid[first : drawn.shape[0], 0 : drawn.shape[1]]
    lines = (((x + y) // _HATCH_STEP % 2) * _HATCH).astype(np.uint8)
    drawn = np.array(drawn)
    drawn[first:] = lines if drawn.ndim == 2 else lines[..., None]
    return drawn
