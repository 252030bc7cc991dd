"""Lengths, angles and regions of interest on one frame, in millimetres only where the file calibrates them.

Points are (row, column) with pixel edges at whole numbers, as in `Placement`: the middle of the first pixel is (0.5, 0.5).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import acos, cos, degrees, hypot, isfinite, pi, sin
from typing import TYPE_CHECKING

from tview.pixels.quantities import MEASURE_KINDS, MeasureKind, Point, Quantity
from tview.pixels.ultrasound import Region, region_of

# numpy is imported where values are: names and outlines are wanted before the first paint, which does without it
if TYPE_CHECKING:
    from tview.pixels.arrays import Pixels
    from tview.pixels.frame import Frame


@dataclass(frozen=True, slots=True)
class _Ruler:
    """Units of one image pixel down a column and along a row."""

    row_step: float
    column_step: float
    row_unit: str
    column_unit: str
    note: str = ""

    @property
    def is_uniform(self) -> bool:
        return self.row_unit == self.column_unit

    def vector(self, start: Point, end: Point) -> Point:
        return (end[0] - start[0]) * self.row_step, (end[1] - start[1]) * self.column_step


def kind_of_measure(name: str) -> MeasureKind:
    """The listed kind. `KeyError` for another name."""
    return {kind.name: kind for kind in MEASURE_KINDS}[name]


def measure(
    name: str, points: Sequence[Point], frame: "Frame", regions: Sequence[Region] = (), *, factor: float = 1.0, unit: str | None = None
) -> tuple[Quantity, ...]:
    """The numbers of a measurement, in the order to show them; empty while points are lacking.

    `regions` are the ultrasound's (`read_regions`): where there are any, a length counts in one of them or is in pixels. `factor` and
    `unit` bring modality values to another unit, as to SUV. The SD is the sample's (n - 1).
    """
    kind = kind_of_measure(name)
    if len(points) < kind.points:
        return ()
    ruler = _ruler(points if kind.name != "ellipse" else _corners(points), frame, tuple(regions))
    if kind.name in ("distance", "polyline"):
        return _length(points, ruler)
    if kind.name == "angle":
        return _angle(ruler.vector(points[1], points[0]), ruler.vector(points[1], points[2]), ruler)
    if kind.name == "cobb":
        found = _angle(ruler.vector(points[0], points[1]), ruler.vector(points[2], points[3]), ruler)
        return tuple(Quantity(one.name, min(one.value, 180 - one.value), one.unit, one.note) for one in found)
    if frame.description.is_colour:
        return _area(kind.name, points, ruler)
    return (*_area(kind.name, points, ruler), *_values(inside(name, points, (frame.rows, frame.columns)), frame, factor, unit))


def outline(name: str, points: Sequence[Point], steps: int = 72) -> tuple[Point, ...]:
    """The points of the line to draw: corners of a rectangle, `steps` points of an ellipse, else the points as they are."""
    if name == "rectangle" and len(points) >= 2:
        return _corners(points)
    if name == "ellipse" and len(points) >= 2:
        (row, column), (down, along) = _middle(points), _half(points)
        turns = (2 * pi * step / steps for step in range(steps))
        return tuple((row + down * sin(turn), column + along * cos(turn)) for turn in turns)
    return tuple(points)


def inside(name: str, points: Sequence[Point], size: tuple[int, int]) -> "Pixels":
    """(rows, columns) bool: the pixels of an image of this size whose middle lies in the region."""
    import numpy as np

    mask = np.zeros(size, bool)
    edge = np.asarray(points if name == "polygon" else _corners(points), float)
    if not np.isfinite(edge).all():
        return mask
    (top, left), (bottom, right) = np.clip(np.floor(edge.min(axis=0)), 0, size), np.clip(np.ceil(edge.max(axis=0)), 0, size)
    rows, columns = np.arange(int(top), int(bottom)) + 0.5, np.arange(int(left), int(right)) + 0.5
    part = mask[int(top) : int(bottom), int(left) : int(right)]
    if name == "ellipse":
        (row, column), (down, along) = _middle(points), _half(points)
        if down > 0 and along > 0:
            part[:] = ((rows - row) / down)[:, None] ** 2 + ((columns - column) / along)[None, :] ** 2 <= 1
    elif name == "rectangle":
        part[:] = True
        part[(rows < edge[:, 0].min()) | (rows > edge[:, 0].max())] = False
        part[:, (columns < edge[:, 1].min()) | (columns > edge[:, 1].max())] = False
    else:
        part[:] = _in_polygon(edge, rows, columns)
    return mask


def _in_polygon(edge: "Pixels", rows: "Pixels", columns: "Pixels") -> "Pixels":
    """Even-odd rule, one edge of the polygon at a time over the whole grid."""
    import numpy as np

    found = np.zeros((rows.size, columns.size), bool)
    for (row, column), (next_row, next_column) in zip(edge, np.roll(edge, -1, axis=0), strict=True):
        if row == next_row:
            continue
        crossed = (row <= rows) != (next_row <= rows)
        at = column + (rows - row) * (next_column - column) / (next_row - row)
        found ^= crossed[:, None] & (columns[None, :] < at[:, None])
    return found


def _ruler(points: Sequence[Point], frame: "Frame", regions: tuple[Region, ...]) -> _Ruler:
    """What a pixel is worth here: the ultrasound region that holds every point (PS3.3 C.8.5.5), else the frame's own scale."""
    pixel = _Ruler(frame.description.pixel_aspect, 1.0, "px", "px")
    if regions:
        region = region_of(regions, *points)
        if region is None or "px" in (region.row_unit, region.column_unit):
            return pixel
        return _Ruler(abs(region.row_step), abs(region.column_step), region.row_unit, region.column_unit)
    scale = frame.description.scale
    if scale.row_mm is None or scale.column_mm is None:
        return pixel
    return _Ruler(scale.row_mm, scale.column_mm, "mm", "mm", scale.note)


def _length(points: Sequence[Point], ruler: _Ruler) -> tuple[Quantity, ...]:
    steps = [ruler.vector(start, end) for start, end in pairwise(points)]
    if ruler.is_uniform:
        return (Quantity("length", sum(hypot(*step) for step in steps), ruler.row_unit, ruler.note),)
    # Time along a row and depth or speed down a column have no length together
    along, down = (sum(step[axis] for step in steps) for axis in (1, 0))
    return Quantity("across", abs(along), ruler.column_unit), Quantity("down", abs(down), ruler.row_unit)


def _angle(one: Point, other: Point, ruler: _Ruler) -> tuple[Quantity, ...]:
    product = hypot(*one) * hypot(*other)
    if not ruler.is_uniform or not product > 0 or not isfinite(product):
        return ()
    cosine = (one[0] * other[0] + one[1] * other[1]) / product
    return (Quantity("angle", degrees(acos(min(max(cosine, -1.0), 1.0))), "°"),)


def _area(name: str, points: Sequence[Point], ruler: _Ruler) -> tuple[Quantity, ...]:
    if not ruler.is_uniform:
        return ()
    if name == "ellipse":
        down, along = _half(points)
        pixels = pi * down * along
    else:
        edge = list(points if name == "polygon" else _corners(points))
        pixels = abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(edge, edge[1:] + edge[:1], strict=True))) / 2
    return (Quantity("area", pixels * ruler.row_step * ruler.column_step, f"{ruler.row_unit}²", ruler.note),)


def _values(mask: "Pixels", frame: "Frame", factor: float, unit: str | None) -> tuple[Quantity, ...]:
    """Statistics of the modality values under the mask: neither padding nor missing rows count."""
    import numpy as np

    description = frame.description
    mask[frame.rows_present :] = False
    stored = frame.stored[mask]
    if description.padding is not None:
        stored = stored[(stored < description.padding[0]) | (stored > description.padding[1])]
    values = frame.modality_values(stored)
    values = values[np.isfinite(values)] * factor
    if not values.size:
        return (Quantity("pixels", 0, ""),)
    unit = unit if unit is not None else str(description.unit or "")
    deviation = float(values.std(ddof=1)) if values.size > 1 else 0.0
    told = (("mean", float(values.mean())), ("sd", deviation), ("min", float(values.min())), ("max", float(values.max())))
    return (*(Quantity(name, value, unit) for name, value in told), Quantity("pixels", values.size, ""))


def _corners(points: Sequence[Point]) -> tuple[Point, ...]:
    (top, left), (bottom, right) = points[:2]
    return (top, left), (top, right), (bottom, right), (bottom, left)


def _middle(points: Sequence[Point]) -> Point:
    return (points[0][0] + points[1][0]) / 2, (points[0][1] + points[1][1]) / 2


def _half(points: Sequence[Point]) -> Point:
    return abs(points[1][0] - points[0][0]) / 2, abs(points[1][1] - points[0][1]) / 2
