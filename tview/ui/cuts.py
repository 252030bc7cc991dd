"""Planes through a volume as something to scroll through: the three faces, or any direction."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from tview import pixels
from tview.catalog import Instance
from tview.text import SafeText, safe
from tview.ui.look import words

if TYPE_CHECKING:
    from tview.pixels import Frame, Plane, Volume

_ = str
Vector = tuple[float, float, float]
NAMES: dict[str, str] = {"axial": _("axial"), "coronal": _("coronal"), "sagittal": _("sagittal"), "oblique": _("oblique")}
PROJECTIONS: dict[str, str] = {"mean": _("mean"), "max": _("MIP"), "min": _("MinIP")}
SLABS_MM = (0.0, 2.0, 3.0, 5.0, 8.0, 10.0, 15.0, 20.0, 30.0, 50.0, 100.0)


@dataclass(frozen=True, slots=True)
class Cutting:
    """How a volume is cut: which plane, how thick, what of the thickness. `directions` are those of an oblique plane's rows and columns."""

    name: str
    slab_mm: float = 0.0
    projection: str = "mean"
    directions: tuple[Vector, Vector] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """One plane. `instance` is the image in the middle of the stack: it speaks for whose the volume is."""

    instance: Instance
    volume: "Volume"
    plane: "Plane"
    cutting: Cutting
    frame: int = 0

    def make(self) -> "Frame":
        """The frame that the plane cuts out of the volume. The render thread."""
        return pixels.reslice(self.volume, self.plane, slab_mm=self.cutting.slab_mm, projection=self.cutting.projection)

    @property
    def shown(self) -> SafeText:
        """What it is, in words: "coronal MIP 10 mm"."""
        words_of = [words(NAMES[self.cutting.name])]
        if self.cutting.slab_mm:
            words_of += [words(PROJECTIONS[self.cutting.projection]), safe(f"{self.cutting.slab_mm:g} mm")]
        return safe(" ".join(words_of))


class Cuts:
    """A row of parallel planes, from voxel to voxel."""

    def __init__(self, volume: "Volume", instance: Instance, cutting: Cutting) -> None:
        self.volume, self.instance, self.cutting = volume, instance, cutting
        self.missing = 0

    def with_cutting(self, cutting: Cutting) -> "Cuts":
        """The same volume cut in another way."""
        return Cuts(self.volume, self.instance, cutting)

    def __len__(self) -> int:
        return pixels.face_count(self.volume.grid, self.cutting.name) if self._oblique is None else self._oblique[1]

    def __getitem__(self, position: int) -> Cut:
        position = max(0, min(len(self) - 1, position))
        return Cut(self.instance, self.volume, self._plane(position), self.cutting)

    def _plane(self, position: int) -> "Plane":
        if self._oblique is None:
            return pixels.face(self.volume.grid, self.cutting.name, position)
        plane, count, step_mm = self._oblique
        return plane.moved((position - (count - 1) / 2) * step_mm)

    @cached_property
    def _oblique(self) -> "tuple[Plane, int, float] | None":
        """The plane through the middle of the volume, how many parallel ones there are, and the millimetres between them."""
        if self.cutting.directions is None:
            return None
        grid = self.volume.grid
        plane = pixels.plane_through(grid, grid.middle, *self.cutting.directions)
        assert plane is not None
        reach = [sum(n * (c - m) for n, c, m in zip(plane.normal, corner, grid.middle, strict=True)) for corner in grid.corners]
        step_mm = min(grid.spacing_mm)
        return plane, max(1, math.ceil((max(reach) - min(reach)) / step_mm)), step_mm

    @cached_property
    def places(self) -> tuple[float, ...]:
        """Millimetres along the normal of the planes."""
        planes = [self._plane(position) for position in range(len(self))]
        return tuple(sum(n * o for n, o in zip(plane.normal, plane.origin, strict=True)) for plane in planes)

    def nearest(self, point: Vector) -> int:
        """The position of the plane nearest to a patient point."""
        normal = self._plane(0).normal
        place = sum(n * p for n, p in zip(normal, point, strict=True))
        return min(range(len(self)), key=lambda position: abs(self.places[position] - place))

    def centre(self, position: int) -> Vector:
        """The patient point in the middle of a plane."""
        plane = self._plane(position)
        return plane.point((plane.rows - 1) / 2, (plane.columns - 1) / 2)

    def listed_place(self, position: int) -> int:
        """See `Row`."""
        return position + 1

    def missing_around(self, _position: int) -> tuple[list[int | None], list[int | None]]:
        """See `Row`."""
        return [], []

    def tilted(self, position: int, right_degrees: float, down_degrees: float) -> tuple["Cuts", int]:
        """The planes turned about the picture's vertical and horizontal axis, and the one that goes through the same middle."""
        plane = self._plane(position)
        row, column = plane.row_direction, plane.column_direction
        row = _turned(row, column, right_degrees)
        column = _turned(column, row, down_degrees)
        made = self.with_cutting(Cutting("oblique", self.cutting.slab_mm, self.cutting.projection, (row, column)))
        return made, made.nearest(self.centre(position))


def _turned(vector: Vector, axis: Vector, degrees: float) -> Vector:
    """A vector at right angles to the axis (of length 1), turned about it."""
    sine, cosine = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    (x, y, z), (a, b, c) = vector, axis
    across = (b * z - c * y, c * x - a * z, a * y - b * x)
    return x * cosine + across[0] * sine, y * cosine + across[1] * sine, z * cosine + across[2] * sine
