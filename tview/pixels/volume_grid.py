"""Where the voxels of a volume lie in the patient, and which of its axes runs to the feet."""

from dataclasses import dataclass
from itertools import permutations, product

import numpy as np

from tview.pixels.arrays import Real
from tview.pixels.geometry import Vector, cross, dot, unit

PLANES = ("sagittal", "coronal", "axial")  # across x, y and z of patient space


@dataclass(frozen=True, slots=True)
class Grid:
    """The lattice of voxel middles, indexed [slice, row, column], in LPS millimetres.

    `steps` are the vectors from one voxel to the next along slices, down a column and along a row. Rows and columns are at right angles,
    the slices need not be (gantry tilt).
    """

    origin: Vector
    steps: tuple[Vector, Vector, Vector]
    shape: tuple[int, int, int]

    @property
    def affine(self) -> Real:
        """(4, 4): from homogeneous (slice, row, column) to LPS millimetres."""
        made = np.eye(4)
        made[:3, :3] = np.array(self.steps).T
        made[:3, 3] = self.origin
        return made

    @property
    def spacing_mm(self) -> Vector:
        """From slice to slice along the normal, from row to row, from column to column."""
        return abs(dot(self.steps[0], self.normal)), dot(self.steps[1], self.steps[1]) ** 0.5, dot(self.steps[2], self.steps[2]) ** 0.5

    @property
    def normal(self) -> Vector:
        """The unit normal of the slices, row x column."""
        made = unit(cross(self.steps[2], self.steps[1]))
        assert made is not None
        return made

    @property
    def drift_mm(self) -> float:
        """How far the last slice is shifted sideways against the first."""
        along = dot(self.steps[0], self.normal)
        x, y, z = (s - along * n for s, n in zip(self.steps[0], self.normal, strict=True))
        return float((x * x + y * y + z * z) ** 0.5) * (self.shape[0] - 1)

    @property
    def is_tilted(self) -> bool:
        """Whether the slices are not stacked at right angles: the shift reaches a pixel over the whole stack."""
        return self.drift_mm > min(self.spacing_mm[1:])

    def point(self, index: tuple[float, float, float]) -> Vector:
        """The patient coordinates of an index (slice, row, column), the middle of the first voxel being 0, 0, 0."""
        x, y, z = (o + sum(i * step[axis] for i, step in zip(index, self.steps, strict=True)) for axis, o in enumerate(self.origin))
        return x, y, z

    def index(self, point: Vector) -> tuple[float, float, float]:
        """The inverse of `point`."""
        slice_, row, column = np.linalg.solve(np.array(self.steps).T, np.subtract(point, self.origin))
        return float(slice_), float(row), float(column)

    @property
    def middle(self) -> Vector:
        slices, rows, columns = self.shape
        return self.point(((slices - 1) / 2, (rows - 1) / 2, (columns - 1) / 2))

    @property
    def corners(self) -> tuple[Vector, ...]:
        """The eight corners of the box, half a voxel beyond the outermost middles."""
        slices, rows, columns = ((-0.5, size - 0.5) for size in self.shape)
        return tuple(self.point(index) for index in product(slices, rows, columns))

    @property
    def box(self) -> "Grid":
        """This grid; of a tilted one, the upright grid of the same spacing around it."""
        if not self.is_tilted:
            return self
        normal, spacing = self.normal, self.spacing_mm
        return around(self, (_scaled(normal, spacing[0]), self.steps[1], self.steps[2]))

    def axis_across(self, plane: str) -> int:
        """The axis (0 slices, 1 rows, 2 columns) that a cut of this name stands across: the three names take an axis each."""
        units = [unit(step) or step for step in self.steps]
        best = max(permutations(range(3)), key=lambda order: sum(abs(units[axis][to]) for to, axis in enumerate(order)))
        return best[PLANES.index(plane)]


def around(grid: Grid, steps: tuple[Vector, Vector, Vector]) -> Grid:
    """The grid with these steps, at right angles, whose box holds that of `grid`, with the same middle."""
    middle, corners = grid.middle, grid.corners
    shape = []
    for step in steps:
        length = dot(step, step)
        reach = max(abs(dot(step, _between(middle, corner))) / length for corner in corners)
        shape.append(max(int(np.ceil(2 * reach - 1e-3)), 1))
    origin = middle
    for step, size in zip(steps, shape, strict=True):
        origin = _moved(origin, step, -(size - 1) / 2)
    return Grid(origin, steps, (shape[0], shape[1], shape[2]))


def _scaled(vector: Vector, factor: float) -> Vector:
    return vector[0] * factor, vector[1] * factor, vector[2] * factor


def _moved(point: Vector, vector: Vector, factor: float) -> Vector:
    return point[0] + vector[0] * factor, point[1] + vector[1] * factor, point[2] + vector[2] * factor


def _between(start: Vector, end: Vector) -> Vector:
    return end[0] - start[0], end[1] - start[1], end[2] - start[2]
