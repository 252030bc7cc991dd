"""What the pane with the keys draws in the others: where its image cuts theirs, and the point that was picked."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tview import pixels
from tview.ui.cuts import Cut
from tview.ui.links import Places, spot_of
from tview.ui.slices import Row

if TYPE_CHECKING:
    from tview.pixels import Drawing, Geometry
    from tview.ui.shown import Shown

Line = tuple[tuple[float, float], tuple[float, float]]
Lines = tuple[tuple[int, Line], ...]
"""Lines with the numbers of the panes that they are of."""

_COLOURS = ((90, 200, 250), (250, 200, 90), (240, 130, 200), (170, 220, 110))  # by the number of the pane that a line is of
_POINT = (120, 240, 150)
_VISIBLE = 0.2
_ARM, _GAP = 12.0, 4.0  # screen pixels


def placed_geometry(shown: "Shown | None", row: Row, position: int, places: Places) -> "tuple[Geometry, tuple[int, int]] | None":
    """Where the slice at a position will lie, before it is drawn, with its rows and columns; None when that is not known.

    Of a stack it is the slice that stands, moved along its normal; of cuts the plane itself.
    """
    shape = row[position] if len(row) else None
    if isinstance(shape, Cut):
        like, plane = shape.volume.plan.description.geometry, shape.plane
        geometry = replace(
            like,
            position=plane.origin,
            row_direction=plane.row_direction,
            column_direction=plane.column_direction,
            spacing_mm=plane.spacing_mm,
        )
        return geometry, (plane.rows, plane.columns)
    if shown is None or shown.request.slices is not row:
        return None
    spot = spot_of(shown, places)
    if spot is None or spot.geometry.position is None or spot.geometry.normal is None:
        return None
    here, there = spot.geometry.position_mm, spot.place_at(position)
    if here is None or there is None:
        return None
    x, y, z = (p + (there - here) * n for p, n in zip(spot.geometry.position, spot.geometry.normal, strict=True))
    return replace(spot.geometry, position=(x, y, z)), (spot.rows, spot.columns)


def are_the_same(one: Lines, other: Lines) -> bool:
    """Whether a reader would see no difference between these lines: a fifth of an image pixel."""
    if [number for number, _line in one] != [number for number, _line in other]:
        return False
    ends = ((a, b) for (_n, first), (_m, second) in zip(one, other, strict=True) for a, b in zip(first, second, strict=True))
    return all(abs(a[0] - b[0]) < _VISIBLE and abs(a[1] - b[1]) < _VISIBLE for a, b in ends)


def line_marks(lines: Sequence[tuple[int, Line]], samples: float) -> "tuple[Drawing, ...]":
    """Lines as layers, each in the colour of the pane that it is of; half a screen pixel wide where `samples` picture pixels make one."""
    if not lines:
        return ()
    import numpy as np

    width, halo = _pen(samples)
    return tuple(pixels.Contour(np.array(line), _COLOURS[number % len(_COLOURS)], width, halo=halo, opacity=0.9) for number, line in lines)


def _pen(samples: float) -> tuple[float, bool]:
    """How wide a line is, and whether a dark edge is drawn beside it: in blocks that would hide the neighbours."""
    return max(1.0, samples / 2), samples <= 1


def point_marks(
    geometry: "Geometry", point: tuple[float, float, float], is_here: bool, scale: tuple[float, float], samples: float
) -> "tuple[Drawing, ...]":
    """A cross at a patient point, open in the middle; dashed where the slice does not hold it.

    `scale` is picture pixels per image row and column, so that the cross has the same size at every zoom; `samples` as above.
    """
    import numpy as np

    foot, (width, halo) = pixels.image_point(geometry, point), _pen(samples)
    if foot is None:
        return ()
    row, column, _distance = foot
    arm, gap = _ARM * max(1.0, samples / 2), _GAP * max(1.0, samples / 2)
    arms = ((-arm, 0.0, -gap, 0.0), (gap, 0.0, arm, 0.0), (0.0, -arm, 0.0, -gap), (0.0, gap, 0.0, arm))
    dash = None if is_here else (2.0, 2.0)
    ends = [np.array(((row + a / scale[0], column + b / scale[1]), (row + c / scale[0], column + d / scale[1]))) for a, b, c, d in arms]
    return tuple(pixels.Contour(end, _POINT, width, halo=halo, dash=dash) for end in ends)
