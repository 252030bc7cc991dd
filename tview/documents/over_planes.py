"""Parallel planes in patient space, and where the pixels of an image lie among them."""

from dataclasses import dataclass

import numpy as np

from tview.documents.over_model import Place
from tview.pixels import Geometry
from tview.pixels.arrays import Pixels, Real

_SAME_DIRECTION = 1e-3
_SAME_PLACE_MM = 0.01


@dataclass(frozen=True, slots=True, eq=False)
class Lattice:
    """The common grid of some planes: LPS millimetres, `origin` the middle of the first pixel of the plane at depth 0.

    `axes` (3, 3) are the unit vectors across the planes, down a column and along a row; `spacing_mm` between rows, then columns.
    """

    origin: Real
    axes: Real
    spacing_mm: tuple[float, float]

    def indices(self, place: Place, fine: int = 1) -> tuple[Real, Real, Real] | None:
        """Where the pixels of an image, each cut into `fine` x `fine`, lie: of the first one, and the steps down and along.

        Each is (depth in mm, row, column) with pixel middles at whole numbers. None where the file says too little.
        """
        geometry = place.geometry
        start = geometry.patient_point(0.5 / fine, 0.5 / fine)
        if start is None or geometry.spacing_mm is None:
            return None
        scale = np.array([1.0, 1 / self.spacing_mm[0], 1 / self.spacing_mm[1]])
        down = np.array(geometry.column_direction) * (geometry.spacing_mm[0] / fine)
        along = np.array(geometry.row_direction) * (geometry.spacing_mm[1] / fine)
        first = (self.axes @ (np.array(start) - self.origin)) * scale
        return first, (self.axes @ down) * scale, (self.axes @ along) * scale


def lattice_of(geometry: Geometry) -> Lattice | None:
    """The grid of an image's plane, at depth 0."""
    if geometry.position is None or geometry.spacing_mm is None or geometry.normal is None:
        return None
    axes = np.array([geometry.normal, geometry.column_direction, geometry.row_direction], float)
    return Lattice(np.array(geometry.position, float), axes, geometry.spacing_mm)


def depth_in(lattice: Lattice, geometry: Geometry) -> float | None:
    """How far a plane lies from the lattice's own, in mm; None when it has another grid or another direction."""
    other = lattice_of(geometry)
    if other is None or np.abs(other.axes - lattice.axes).max() > _SAME_DIRECTION:
        return None
    if max(abs(a - b) for a, b in zip(other.spacing_mm, lattice.spacing_mm, strict=True)) > 1e-4:
        return None
    depth, down, along = lattice.axes @ (other.origin - lattice.origin)
    return float(depth) if max(abs(down), abs(along)) <= _SAME_PLACE_MM else None


def is_parallel(first: Real, down: Real, along: Real, rows: int, columns: int, within_mm: float) -> bool:
    """Whether a place stays at one depth over all its pixels."""
    return bool(abs(down[0]) * rows + abs(along[0]) * columns <= within_mm)


def grid(start: float, down: float, along: float, rows: int, columns: int) -> Real:
    """(rows, columns) of an index that changes by `down` and `along`."""
    return start + np.arange(rows)[:, None] * down + np.arange(columns)[None, :] * along


def taken(plane: Pixels, first: Real, down: Real, along: Real, size: tuple[int, int], corner: tuple[int, int]) -> Pixels:
    """The nearest pixels of a plane, whose part from `corner` (row, column) on is given; 0 beyond it."""
    rows, columns = size
    if abs(down[2]) < 1e-9 and abs(along[1]) < 1e-9:
        row_at = np.floor(first[1] + np.arange(rows) * down[1] + 0.5).astype(np.intp) - corner[0]
        column_at = np.floor(first[2] + np.arange(columns) * along[2] + 0.5).astype(np.intp) - corner[1]
        found = np.zeros(size, plane.dtype)
        good_rows, good_columns = _within(row_at, plane.shape[0]), _within(column_at, plane.shape[1])
        found[np.ix_(good_rows, good_columns)] = plane[np.ix_(row_at[good_rows], column_at[good_columns])]
        return found
    row_at = np.floor(grid(first[1], down[1], along[1], rows, columns) + 0.5).astype(np.intp) - corner[0]
    column_at = np.floor(grid(first[2], down[2], along[2], rows, columns) + 0.5).astype(np.intp) - corner[1]
    good = _within(row_at, plane.shape[0]) & _within(column_at, plane.shape[1])
    found = np.zeros(size, plane.dtype)
    found[good] = plane[row_at[good], column_at[good]]
    return found


def _within(index: Pixels, size: int) -> Pixels:
    return np.asarray((index >= 0) & (index < size))
