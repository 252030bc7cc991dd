"""Whether a stack of frames is a volume, and how its values are kept."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tview.errors import Finding, PixelError, finding
from tview.pixels.arrays import Real
from tview.pixels.frame import Description
from tview.pixels.geometry import Geometry, Vector, dot
from tview.pixels.volume_grid import Grid

_SAME_DIRECTION = 0.002  # of a unit vector: a tenth of a degree is 0.4 mm at the edge of a 500 mm field
_SAME_SPACING = 1e-3
_ONE_PLACE_MM = 0.01
_UNEVEN = 0.05  # of the spacing: positions are written rounded, at times to 0.1 mm
_WHOLE_STEP = 0.1
_STEEPEST_TILT = 0.7  # cosine of 45 degrees


@dataclass(frozen=True, slots=True, eq=False)
class VolumePlan:
    """A regular stack: its grid, the order of its frames, and what their values are kept as.

    `order` are the numbers of the frames, in the sequence that was given, by slice; None where a slice is missing. With `converted`
    modality values are kept, as float32; else stored values, which `description` (of the middle slice) tells how to read.
    """

    grid: Grid
    order: tuple[int | None, ...]
    dtype: np.dtype[np.generic]
    converted: bool
    description: Description
    findings: tuple[Finding, ...]

    @property
    def nbytes(self) -> int:
        return int(np.prod(self.grid.shape, dtype=np.int64)) * self.dtype.itemsize


def plan_volume(descriptions: Sequence[Description], *, over_gaps: bool = False) -> VolumePlan:
    """The volume that frames with these descriptions make, in whatever order they come; reads nothing.

    Slices are ordered along their normal. `over_gaps` leaves places without a slice empty instead of refusing the stack.

    Raises:
        PixelError: they make none; the finding says why.
    """
    first = _alike(descriptions)
    geometry = first.geometry
    row, column, normal = geometry.row_direction, geometry.column_direction, geometry.normal
    assert row is not None and column is not None and normal is not None and geometry.spacing_mm is not None
    places = [(dot(normal, _position(description.geometry)), number) for number, description in enumerate(descriptions)]
    places.sort()
    step_mm, slots = _regular([place for place, _ in places], over_gaps=over_gaps)
    order: list[int | None] = [None] * (slots[-1] + 1)
    for slot, (_, number) in zip(slots, places, strict=True):
        order[slot] = number
    origin, step = _line(descriptions, order, normal, step_mm)
    down, along = geometry.spacing_mm
    shape = (len(order), first.layout.rows, first.layout.columns)
    grid = Grid(origin, (step, _times(column, down), _times(row, along)), shape)
    converted, dtype = _kept_as(descriptions)
    middle = descriptions[places[len(places) // 2][1]]
    return VolumePlan(grid, tuple(order), dtype, converted, middle, tuple(_remarks(descriptions, grid, order, converted=converted)))


def _alike(descriptions: Sequence[Description]) -> Description:
    """The first, when the others have its kind, size, direction and frame of reference, and each has a place."""
    if len(descriptions) < 2:
        raise PixelError(finding("volume-single"))
    if any(description.is_colour for description in descriptions):
        raise PixelError(finding("volume-colour"))
    first = descriptions[0]
    for description in descriptions:
        geometry = description.geometry
        if geometry.position is None or geometry.normal is None or geometry.spacing_mm is None:
            raise PixelError(finding("volume-no-geometry"))
    sizes = Counter((d.layout.rows, d.layout.columns, d.geometry.spacing_mm) for d in descriptions)
    if len({size[:2] for size in sizes}) > 1 or not all(_close(size[2], first.geometry.spacing_mm) for size in sizes):
        raise PixelError(finding("volume-sizes", sizes=len(sizes)))
    if len({description.geometry.frame_of_reference_uid for description in descriptions}) > 1:
        raise PixelError(finding("volume-frames-of-reference"))
    if not all(_parallel(description.geometry, first.geometry) for description in descriptions):
        raise PixelError(finding("volume-orientations"))
    return first


def _regular(places: Sequence[float], *, over_gaps: bool) -> tuple[float, list[int]]:
    """Millimetres from slice to slice, and the slice number of every place, which rise."""
    steps = np.diff(places)
    distinct = 1 + int((steps > _ONE_PLACE_MM).sum())
    if distinct < len(places):
        raise PixelError(finding("volume-several-at-a-place", images=len(places), places=distinct))
    typical = float(np.median(steps[steps < 1.5 * steps.min()]))
    counts = np.rint(steps / typical).astype(int)
    whole = bool((np.abs(steps - counts * typical) <= _WHOLE_STEP * typical).all() and counts.min() >= 1)
    missing = int(counts.sum()) - len(steps)
    if whole and missing and not over_gaps:
        raise PixelError(finding("volume-gaps", missing=missing, gaps=int((counts > 1).sum())))
    slots = np.concatenate(([0], np.cumsum(counts)))
    if not whole or missing > 4 * len(places):
        raise _uneven(steps)
    step_mm, start = np.polyfit(slots, places, 1)
    if np.abs(places - start - slots * step_mm).max() > max(_UNEVEN * step_mm, _ONE_PLACE_MM):
        raise _uneven(steps)
    return float(step_mm), [int(slot) for slot in slots]


def _uneven(steps: Real) -> PixelError:
    return PixelError(finding("volume-uneven", least=round(float(steps.min()), 2), most=round(float(steps.max()), 2)))


def _line(descriptions: Sequence[Description], order: Sequence[int | None], normal: Vector, step_mm: float) -> tuple[Vector, Vector]:
    """The first slice's position and the vector to the next; every slice has to lie on that line within half a pixel."""
    there = [(slot, _position(descriptions[number].geometry)) for slot, number in enumerate(order) if number is not None]
    slots, points = np.array([slot for slot, _ in there]), np.array([point for _, point in there])
    step, origin = np.polyfit(slots, points, 1)
    offs = np.linalg.norm(points - origin - slots[:, None] * step, axis=1)
    spacing = descriptions[0].geometry.spacing_mm
    assert spacing is not None
    if offs.max() > max(min(spacing) / 2, _UNEVEN * step_mm):
        raise PixelError(finding("volume-shifted", most=round(float(offs.max()), 1)))
    if dot(normal, _vector(step)) < _STEEPEST_TILT * float(np.linalg.norm(step)):
        raise PixelError(finding("volume-shifted", most=round(float(np.linalg.norm(points[-1] - points[0])), 1)))
    return _vector(origin), _vector(step)


def _kept_as(descriptions: Sequence[Description]) -> tuple[bool, np.dtype[np.generic]]:
    """Whether values have to be converted, and what they are kept as.

    Unsigned values of up to 15 bits are kept as int16, which leaves room below them for what is no value.
    """
    if len({(d.slope, d.intercept) for d in descriptions}) > 1 or any(d.modality_lut is not None for d in descriptions):
        return True, np.dtype(np.float32)
    kinds = {_kind(description) for description in descriptions}
    return False, np.result_type(*kinds)


def _kind(description: Description) -> np.dtype[np.generic]:
    layout = description.layout
    size = max(1 << (max(layout.bits_allocated, 8) - 1).bit_length() >> 3, 1)
    if layout.is_float:
        return np.dtype(f"f{size}")
    if layout.pixel_representation == 0 and size == 2 and layout.bits_stored < 16:
        return np.dtype(np.int16)
    return np.dtype(f"{'i' if layout.pixel_representation else 'u'}{size}")


def _remarks(descriptions: Sequence[Description], grid: Grid, order: Sequence[int | None], *, converted: bool) -> list[Finding]:
    found = []
    missing = sum(number is None for number in order)
    if missing:
        found.append(finding("volume-incomplete", missing=missing, slices=len(order)))
    if grid.is_tilted:
        along = dot(grid.steps[0], grid.normal) / dot(grid.steps[0], grid.steps[0]) ** 0.5
        found.append(finding("volume-tilted", degrees=round(float(np.degrees(np.arccos(along))), 1)))
    thickness = descriptions[0].geometry.slice_thickness_mm
    if thickness is not None and grid.spacing_mm[0] > 1.2 * thickness:
        found.append(finding("volume-between-slices", thickness=f"{thickness:.4g}", spacing=f"{grid.spacing_mm[0]:.4g}"))
    if converted:
        found.append(finding("volume-converted"))
    return found


def _position(geometry: Geometry) -> Vector:
    assert geometry.position is not None
    return geometry.position


def _vector(numbers: Real) -> Vector:
    x, y, z = (float(number) for number in numbers)
    return x, y, z


def _parallel(one: Geometry, other: Geometry) -> bool:
    pairs = ((one.row_direction, other.row_direction), (one.column_direction, other.column_direction))
    return all(a and b and max(abs(x - y) for x, y in zip(a, b, strict=True)) <= _SAME_DIRECTION for a, b in pairs)


def _close(one: tuple[float, float] | None, other: tuple[float, float] | None) -> bool:
    return one is not None and other is not None and all(abs(a - b) <= _SAME_SPACING * b for a, b in zip(one, other, strict=True))


def _times(vector: Vector, factor: float) -> Vector:
    return vector[0] * factor, vector[1] * factor, vector[2] * factor
