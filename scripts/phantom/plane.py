"""A picture plane through a phantom, and the shapes that are painted on it.

Shapes are signed distances in millimetres, negative inside; a border is blended over about one pixel, as a scanner's partial volume would.
Patient space is LPS: x to the left, y to the back, z to the head. Arrays are `[row, column]`, float32.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

Grid = npt.NDArray[Any]  # float32, unless numpy widened a step on the way
Vector = Sequence[float] | npt.NDArray[Any]
Point = tuple[float, float, float]


@dataclass(slots=True, eq=False)
class Plane:
    """A plane whose rows and columns follow two patient axes; `value` is painted in place.

    `x`, `y`, `z` broadcast to the shape of `value`; `pixel_mm` is the width of a blended border.
    """

    x: Grid
    y: Grid
    z: Grid
    pixel_mm: float
    value: Grid = field(init=False)

    def __post_init__(self) -> None:
        self.value = np.zeros(np.broadcast_shapes(self.x.shape, self.y.shape, self.z.shape), np.float32)

    def paint(
        self, distance: Grid, value: float | Grid, where: tuple[slice, slice] = (slice(None), slice(None)), soft: float = 1.0
    ) -> None:
        """Blend `value` in where `distance` is negative."""
        cover = np.clip(0.5 - distance / np.float32(self.pixel_mm * soft), 0, 1)
        target = self.value[where]
        target += cover * (value - target)

    def window(self, low: Vector, high: Vector) -> tuple[slice, slice] | None:
        """The rows and columns that a box in patient space touches; None when the plane misses it."""
        rows, columns = self.value.shape
        found = [slice(0, rows), slice(0, columns)]
        for axis, lowest, highest in zip((self.x, self.y, self.z), low, high, strict=True):
            margin = 2 * self.pixel_mm
            flat = axis.ravel()
            first, last = np.searchsorted(flat, (lowest - margin, highest + margin)) if flat.size > 1 else (0, 1)
            if flat.size == 1:
                if not lowest - margin <= flat[0] <= highest + margin:
                    return None
                continue
            if last <= first:
                return None
            found[0 if axis.shape[0] > 1 else 1] = slice(int(first), int(last))
        return found[0], found[1]

    def at(self, where: tuple[slice, slice]) -> tuple[Grid, Grid, Grid]:
        """The patient coordinates of a window."""

        def cut(axis: Grid) -> Grid:
            return axis[where[0] if axis.shape[0] > 1 else slice(None), where[1] if axis.shape[1] > 1 else slice(None)]

        return cut(self.x), cut(self.y), cut(self.z)

    def ellipsoid(self, centre: Point, radii: Point, value: float, axes: npt.NDArray[Any] | None = None, soft: float = 1.0) -> None:
        """Paint an ellipsoid; `axes` are its unit directions as rows."""
        reach = max(radii) if axes is not None else 0.0
        spans = radii if axes is None else (reach, reach, reach)
        middle, away = np.asarray(centre), np.asarray(spans)
        where = self.window(middle - away, middle + away)
        if where is not None:
            self.paint(ellipsoid(*self.at(where), centre, radii, axes), value, where, soft)

    def tube(
        self, points: npt.NDArray[np.float64], radii: npt.NDArray[np.float64], value: float, grow: float = 0.0, soft: float = 1.0
    ) -> None:
        """Paint a chain of cones with round ends through `points` (n, 3)."""
        for start, end, first, last in zip(points[:-1], points[1:], radii[:-1] + grow, radii[1:] + grow, strict=True):
            self.cone(start, end, float(first), float(last), value, soft)

    def cone(
        self, start: npt.NDArray[np.float64], end: npt.NDArray[np.float64], first: float, last: float, value: float, soft: float = 1.0
    ) -> None:
        """Paint one cone with round ends."""
        widest = max(first, last)
        where = self.window(np.minimum(start, end) - widest, np.maximum(start, end) + widest)
        if where is not None:
            self.paint(cone(*self.at(where), start, end, first, last), value, where, soft)


def ellipsoid(x: Grid, y: Grid, z: Grid, centre: Vector, radii: Vector, axes: npt.NDArray[Any] | None = None) -> Grid:
    """About the distance to an ellipsoid: exact on its surface and along its axes."""
    u, v, w = x - np.float32(centre[0]), y - np.float32(centre[1]), z - np.float32(centre[2])
    if axes is not None:
        a = axes.astype(np.float32)
        u, v, w = (u * a[i, 0] + v * a[i, 1] + w * a[i, 2] for i in range(3))
    r = np.asarray(radii, np.float32)
    k0 = np.sqrt((u / r[0]) ** 2 + (v / r[1]) ** 2 + (w / r[2]) ** 2)
    k1 = np.sqrt((u / r[0] ** 2) ** 2 + (v / r[1] ** 2) ** 2 + (w / r[2] ** 2) ** 2)
    return np.asarray(np.where(k1 > 1e-6, k0 * (k0 - 1) / np.maximum(k1, 1e-6), -r.min()), np.float32)


def ellipse(x: Grid, y: Grid, centre: Vector, radii: Vector) -> Grid:
    """About the distance to an ellipse in the plane of the first two axes."""
    return ellipsoid(x, y, np.zeros((1, 1), np.float32), (*centre, 0.0), (*radii, 1.0))


def cone(x: Grid, y: Grid, z: Grid, start: Vector, end: Vector, first: float, last: float) -> Grid:
    """The distance to a line that is `first` mm thick at its start and `last` at its end."""
    ax, ay, az = (np.float32(value) for value in start)
    bx, by, bz = (np.float32(b - a) for a, b in zip(start, end, strict=True))
    length = np.float32(max(float(bx * bx + by * by + bz * bz), 1e-6))
    along = np.clip(((x - ax) * bx + (y - ay) * by + (z - az) * bz) / length, 0, 1)
    away = np.sqrt((x - ax - along * bx) ** 2 + (y - ay - along * by) ** 2 + (z - az - along * bz) ** 2)
    return np.asarray(away - (np.float32(first) + along * np.float32(last - first)), np.float32)


def union(first: Grid, second: Grid, blend_mm: float) -> Grid:
    """The union of two shapes with the crease between them filled."""
    h = np.clip(0.5 + 0.5 * (second - first) / np.float32(blend_mm), 0, 1)
    return np.asarray(second + h * (first - second) - np.float32(blend_mm) * h * (1 - h), np.float32)


def smooth_path(points: Sequence[Vector], step_mm: float = 4.0) -> npt.NDArray[np.float64]:
    """A Catmull-Rom curve through rows of (x, y, z, radius, …), sampled about every `step_mm`."""
    given = np.asarray(points, np.float64)
    padded = np.vstack((2 * given[0] - given[1], given, 2 * given[-1] - given[-2]))
    parts = []
    for a, b, c, d in zip(padded[:-3], padded[1:-2], padded[2:-1], padded[3:], strict=True):
        count = max(2, int(np.linalg.norm((c - b)[:3]) / step_mm))
        t = np.linspace(0, 1, count, endpoint=False)[:, None]
        parts.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
    return np.vstack((*parts, given[-1:]))
