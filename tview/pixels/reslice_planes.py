"""Planes to cut a volume along: its three faces, and any other."""

from dataclasses import dataclass

import numpy as np

from tview.pixels.geometry import Geometry, Vector, cross, dot, letters_of, negated, unit
from tview.pixels.volume_grid import PLANES, Grid, around

# How readers look at each: the patient's left on the right of axial and coronal cuts, the back on the right of sagittal ones
_RIGHT_AND_DOWN: dict[str, tuple[tuple[int, int], tuple[int, int]]] = {
    "axial": ((0, 1), (1, 1)),
    "coronal": ((0, 1), (2, -1)),
    "sagittal": ((1, 1), (2, -1)),
}


@dataclass(frozen=True, slots=True)
class Plane:
    """A rectangle of pixels in patient space (LPS, mm). `origin` is the middle of its first pixel, the directions are of length 1.

    `spacing_mm` is from row to row, then from column to column.
    """

    origin: Vector
    row_direction: Vector
    column_direction: Vector
    spacing_mm: tuple[float, float]
    rows: int
    columns: int

    @property
    def normal(self) -> Vector:
        """The unit vector out of the plane, row x column."""
        made = unit(cross(self.row_direction, self.column_direction))
        assert made is not None
        return made

    def point(self, row: float, column: float) -> Vector:
        """The patient coordinates of a pixel's middle, from 0, 0."""
        down, along = row * self.spacing_mm[0], column * self.spacing_mm[1]
        x, y, z = (o + along * r + down * c for o, r, c in zip(self.origin, self.row_direction, self.column_direction, strict=True))
        return x, y, z

    def moved(self, distance_mm: float) -> "Plane":
        """The parallel plane so far along the normal."""
        return self._at(_moved(self.origin, self.normal, distance_mm))

    def _at(self, origin: Vector) -> "Plane":
        return Plane(origin, self.row_direction, self.column_direction, self.spacing_mm, self.rows, self.columns)


def face(grid: Grid, name: str, index: int) -> Plane:
    """The cut called `name` ("axial", "coronal", "sagittal") along the grid's own axes, as readers look at it.

    `index` counts from 0, towards the feet, the back, the left; see `face_count`. The grid may be oblique: the letters tell, and the
    name stands for the nearest of the three. A tilted stack is cut upright.
    """
    box = grid.box
    across, right, down = _axes(box, name)
    start = [0.0, 0.0, 0.0]
    start[right[0]] = 0 if right[1] > 0 else box.shape[right[0]] - 1
    start[down[0]] = 0 if down[1] > 0 else box.shape[down[0]] - 1
    start[across[0]] = index if across[1] > 0 else box.shape[across[0]] - 1 - index
    spacing = box.spacing_mm
    return Plane(
        origin=box.point((start[0], start[1], start[2])),
        row_direction=_direction(box, right),
        column_direction=_direction(box, down),
        spacing_mm=(spacing[down[0]], spacing[right[0]]),
        rows=box.shape[down[0]],
        columns=box.shape[right[0]],
    )


def face_count(grid: Grid, name: str) -> int:
    """How many cuts of this name there are, from voxel to voxel."""
    return grid.box.shape[grid.box.axis_across(name)]


def face_index(grid: Grid, name: str, point: Vector) -> int:
    """The index of the cut of this name that is nearest to a patient point."""
    box = grid.box
    axis, sign = _axes(box, name)[0]
    size = box.shape[axis]
    index = min(max(round(box.index(point)[axis]), 0), size - 1)
    return index if sign > 0 else size - 1 - index


def plane_through(
    grid: Grid, point: Vector, row_direction: Vector, column_direction: Vector, spacing_mm: tuple[float, float] | None = None
) -> Plane | None:
    """The plane through a patient point that covers the volume; None when the two directions span none.

    The column direction is turned to a right angle with the row direction. `spacing_mm` is the grid's finest for both when not given.
    """
    along = unit(row_direction)
    out = unit(cross(along, column_direction)) if along else None
    if along is None or out is None:
        return None
    down = cross(out, along)
    finest = min(grid.spacing_mm)
    rows_mm, columns_mm = spacing_mm or (finest, finest)
    box = around(grid, (out, _times(down, rows_mm), _times(along, columns_mm)))
    distance = dot(out, point) - dot(out, box.middle)
    origin = _moved(box.point(((box.shape[0] - 1) / 2, 0, 0)), out, distance)
    return Plane(origin, along, down, (rows_mm, columns_mm), box.shape[1], box.shape[2])


def geometry_of(plane: Plane, like: Geometry, thickness_mm: float | None = None) -> Geometry:
    """What a frame cut along this plane says of its place; side, part and frame of reference as `like` has them."""
    right, down = plane.row_direction, plane.column_direction
    return Geometry(
        position=plane.origin,
        row_direction=right,
        column_direction=down,
        spacing_mm=plane.spacing_mm,
        edges=(letters_of(right, like.quadruped), letters_of(down, like.quadruped)),
        opposite_edges=(letters_of(negated(right), like.quadruped), letters_of(negated(down), like.quadruped)),
        quadruped=like.quadruped,
        slice_thickness_mm=thickness_mm,
        frame_of_reference_uid=like.frame_of_reference_uid,
        laterality=like.laterality,
        view_position=like.view_position,
        body_part=like.body_part,
    )


def _axes(grid: Grid, name: str) -> tuple[tuple[int, int], tuple[int, int], tuple[int, int]]:
    """Of the cut: the axis across it, to the right and down, each with the sign that readers expect."""
    (right, right_sign), (down, down_sign) = _RIGHT_AND_DOWN[name]
    # Counted towards the left, the back, the feet
    wanted = ((PLANES.index(name), -1 if name == "axial" else 1), (right, right_sign), (down, down_sign))
    made = []
    for patient_axis, sign in wanted:
        axis = grid.axis_across(PLANES[patient_axis])
        made.append((axis, 1 if grid.steps[axis][patient_axis] * sign >= 0 else -1))
    return made[0], made[1], made[2]


def _direction(grid: Grid, axis: tuple[int, int]) -> Vector:
    made = unit(grid.steps[axis[0]])
    assert made is not None
    return made if axis[1] > 0 else negated(made)


def _times(vector: Vector, factor: float) -> Vector:
    return vector[0] * factor, vector[1] * factor, vector[2] * factor


def _moved(point: Vector, vector: Vector, distance: float) -> Vector:
    moved = np.add(point, np.multiply(vector, distance))
    return float(moved[0]), float(moved[1]), float(moved[2])
