"""One image over another: where a grid lies on another one's, and blending presentation states (PS3.3 A.33.4, PS3.4 N.2.6)."""

from dataclasses import replace

import numpy as np

from tview.errors import PixelError, finding
from tview.pixels.frame import Frame
from tview.pixels.geometry import Geometry, Vector
from tview.pixels.layers import Box, MapLayer
from tview.pixels.presentation import BlendingInput, PresentationState, Presented, modality_described
from tview.pixels.rendering import render_native
from tview.pixels.view import View

_PARALLEL = 1e-3
_SAME_PLANE_MM = 1.0


def box_between(under: Geometry, over: Geometry, over_size: tuple[int, int]) -> Box | None:
    """Where the outer edges of a grid of `over_size` (rows, columns) lie in the image under it, in that image's pixels.

    None where that cannot be said: another frame of reference, another orientation, a plane further off than half a slice (1 mm at least).
    """
    if None in (under.position, over.position, under.spacing_mm, over.spacing_mm, under.row_direction, over.row_direction):
        return None
    if under.frame_of_reference_uid != over.frame_of_reference_uid:
        return None
    row, column, normal = under.row_direction, under.column_direction, under.normal
    if row is None or column is None or normal is None or over.row_direction is None or over.column_direction is None:
        return None
    if max(_distance(row, over.row_direction), _distance(column, over.column_direction)) > _PARALLEL:
        return None
    assert under.position and over.position and under.spacing_mm and over.spacing_mm
    offset = tuple(b - a for a, b in zip(under.position, over.position, strict=True))
    if abs(_dot(offset, normal)) > max(_SAME_PLANE_MM, (under.slice_thickness_mm or 0.0) / 2):
        return None
    down, along = over.spacing_mm[0] / under.spacing_mm[0], over.spacing_mm[1] / under.spacing_mm[1]
    top = _dot(offset, column) / under.spacing_mm[0] + 0.5 - 0.5 * down
    left = _dot(offset, row) / under.spacing_mm[1] + 0.5 - 0.5 * along
    return top, left, top + over_size[0] * down, left + over_size[1] * along


def apply_blending_state(state: PresentationState, under: Frame, over: Frame, view: View | None = None) -> Presented:
    """The underlying frame with the superimposed one over it in the state's palette and opacity.

    Raises:
        PixelError: the state blends nothing, or the two frames do not lie on one another.
    """
    inputs = {each.position: each for each in state.blending}
    if "UNDERLYING" not in inputs or "SUPERIMPOSED" not in inputs or state.palette is None:
        raise PixelError(finding("presentation-unsupported"))
    box = box_between(under.description.geometry, over.description.geometry, (over.rows, over.columns))
    if box is None and (under.rows, under.columns) != (over.rows, over.columns):
        raise PixelError(finding("blending-apart"))
    display = render_native(_described(over, inputs["SUPERIMPOSED"]), View()).picture.astype(np.float32)
    opacity = min(max(state.relative_opacity if state.relative_opacity is not None else 0.5, 0.0), 1.0)
    layer = MapLayer(display, state.palette.colours, 0.0, 255.0, opacity, box=box)
    return Presented(_described(under, inputs["UNDERLYING"]), view or View(), (layer,), state.findings)


def _described(frame: Frame, given: BlendingInput) -> Frame:
    voi = given.voi[0] if given.voi else None
    described = modality_described(frame.description, given.rescale, given.modality_lut, voi)
    return replace(frame, description=replace(described, inverted=False), _made={})


def _distance(a: Vector, b: Vector) -> float:
    return max(abs(x - y) for x, y in zip(a, b, strict=True))


def _dot(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True))
