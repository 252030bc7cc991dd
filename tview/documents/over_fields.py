"""Values on a grid of their own over images: RT dose with isodose lines and a wash of colour, parametric maps (PS3.3 A.18.3, A.75)."""

from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

import numpy as np

from tview.dicom import DataSet
from tview.dicom import tags as t
from tview.documents.over_model import Part, Place
from tview.documents.over_planes import Lattice, depth_in, grid, lattice_of
from tview.errors import DocumentError, finding
from tview.pixels import Colour, Drawing, Image, Isolines, Label, MapLayer, colour_table
from tview.pixels.arrays import Pixels, Real
from tview.pixels.real_world import RealWorldMap
from tview.text import SafeText, safe, translate

_ = str
_MOST_BYTES = 1 << 30
_PARTS_OF_MOST = (0.95, 0.9, 0.8, 0.7, 0.5, 0.3, 0.1)
_PARTS_OF_PRESCRIBED = (1.07, 1.0, 0.95, 0.9, 0.8, 0.7, 0.5, 0.3)
_SUMMATION = 0x3004000A
_WASH = "wash"
_ON_PLANE = 1e-3  # of a step: a pixel with a value keeps it although its neighbour has none
_LABEL_TURN = 40.0  # degrees from the label of one line to that of the next
_LEVEL_COLOURS: tuple[Colour, ...] = (
    (255, 60, 60), (255, 140, 40), (255, 220, 60), (120, 230, 80), (60, 220, 210), (90, 150, 255), (190, 120, 255), (230, 160, 230),
)  # fmt: skip
_UNITS = {"GY": "Gy", "RELATIVE": "rel."}


class Field:
    """Values (plane, row, column) on parallel planes: linear in all three directions, NaN outside."""

    def __init__(self, lattice: Lattice, depths: Real, values: Pixels, scale: float) -> None:
        self.lattice, self.depths, self.values, self.scale = lattice, depths, values, scale
        self._kept: tuple[Place, Real] | None = None
        self._has_holes = values.dtype.kind == "f" and not bool(np.isfinite(values).all())

    def at(self, place: Place) -> Real | None:
        """(rows, columns) float32 over an image or a cut; None where it does not reach."""
        if self._kept is not None and self._kept[0] == place:
            return self._kept[1]
        found = self.lattice.indices(place)
        if found is None:
            return None
        first, down, along = found
        depth, row, column = (grid(first[axis], down[axis], along[axis], place.rows, place.columns) for axis in range(3))
        beyond = (self.depths[-1] - self.depths[0]) * 1e-6 + 1e-3 if len(self.depths) > 1 else 0.5
        there = (depth >= self.depths[0] - beyond) & (depth <= self.depths[-1] + beyond)
        for index, size in ((row, self.values.shape[1]), (column, self.values.shape[2])):
            there &= (index >= -0.5) & (index <= size - 0.5)
        if not there.any():
            return None
        made = np.full((place.rows, place.columns), np.nan, np.float32)
        made[there] = (
            self._linear(np.interp(depth[there], self.depths, np.arange(len(self.depths))), row[there], column[there]) * self.scale
        )
        self._kept = (place, made)
        return made

    def _linear(self, *indices: Real) -> Real:
        lows, parts = [], []
        for index, size in zip(indices, self.values.shape, strict=True):
            clipped = np.clip(index, 0, size - 1)
            low = np.minimum(clipped.astype(np.intp), max(size - 2, 0))
            lows.append(low)
            parts.append((clipped - low).astype(np.float32))
        ends = [np.minimum(low + 1, size - 1) for low, size in zip(lows, self.values.shape, strict=True)]

        def between(axis: int, chosen: "tuple[Pixels, ...]") -> Real:
            if axis == 3:
                return self.values[chosen].astype(np.float32)
            low, high = between(axis + 1, (*chosen, lows[axis])), between(axis + 1, (*chosen, ends[axis]))
            between_both = low + (high - low) * parts[axis]
            return np.where(parts[axis] < _ON_PLANE, low, between_both) if self._has_holes else np.asarray(between_both)

        return between(0, ())


class FieldOver:
    """A field with a wash of colour and lines of equal value."""

    def __init__(self, field: Field, frame_of_reference: str | None, unit: str, levels: "list[tuple[float, Part]]", **wash: object) -> None:
        """`wash`: `table`, `low`, `high`, `threshold` as for a `MapLayer`, and the `part` that stands for it."""
        self.field, self.unit, self.levels = field, unit, levels
        self._frame_of_reference, self._wash = frame_of_reference, wash
        part = wash["part"]
        assert isinstance(part, Part)
        self.parts = (part, *(part for _level, part in levels))
        self.usual = frozenset(part.key for part in self.parts)
        self.note = SafeText("")

    def parts_at(self, place: Place) -> frozenset[str]:
        """See `Overlaying`."""
        values = self._values(place)
        if values is None or not np.isfinite(values).any():
            return frozenset()
        low, high = float(np.nanmin(values)), float(np.nanmax(values))
        return frozenset((_WASH, *(part.key for level, part in self.levels if low <= level <= high)))

    def _values(self, place: Place) -> Real | None:
        mine = self._frame_of_reference
        return self.field.at(place) if mine is not None and mine == place.geometry.frame_of_reference_uid else None

    def layers(self, place: Place, shown: Collection[str], opacity: float) -> "Sequence[Drawing]":
        """See `Overlaying`."""
        values = self._values(place)
        if values is None:
            return ()
        drawn: list[Drawing] = []
        if _WASH in shown:
            table, low, high, threshold = (self._wash[name] for name in ("table", "low", "high", "threshold"))
            drawn.append(MapLayer(values, colour_table(str(table)), low, high, opacity, threshold))  # type: ignore[arg-type]  # floats
        lines = [(level, part) for level, part in self.levels if part.key in shown]
        if lines:
            drawn.append(Isolines(values, tuple((level, part.colour) for level, part in lines)))
            labels = (self._label(values, level, part.colour, place) for place, (level, part) in enumerate(lines))
            drawn += [label for label in labels if label is not None]
        return drawn

    def _label(self, values: Real, level: float, colour: Colour, place: int) -> Label | None:
        """The value beside its line: each line at its farthest point in another direction, so that they do not cover one another."""
        with np.errstate(invalid="ignore"):
            above = values >= level
        if not above.any() or above[np.isfinite(values)].all():
            return None
        rows, columns = np.nonzero(above)
        angle = np.deg2rad(_LABEL_TURN * place)
        down, along = float(np.sin(angle)), float(np.cos(angle))
        farthest = int((rows * down + columns * along).argmax())
        at = float(rows[farthest]) + 0.5 + 0.5 * down, float(columns[farthest]) + 0.5 + 0.5 * along
        return Label(
            f"{level:.4g} {self.unit}".strip(),
            at,
            colour,
            12.0,
            "left" if along >= 0 else "right",
            "middle",
            (0.0, 3.0 if along >= 0 else -3.0),
        )


class Prescription(NamedTuple):
    """What a plan prescribes to its target, in Gy."""

    dose_gy: float
    plan: SafeText


def read_dose(data_set: DataSet, image: Image, path: str, prescribed: Prescription | None = None) -> FieldOver:
    """A dose grid. Lines are parts of what is prescribed, or of the largest value where no plan says.

    Raises:
        DocumentError: the grid does not say where each of its planes lies or what its numbers come to, or is more than is held in memory.
    """
    scale = data_set.number(t.DOSE_GRID_SCALING)
    if scale is None or not 0 < scale < float("inf"):
        raise _unusable(path, translate("it does not say how much dose its numbers are (Dose Grid Scaling)"))
    if image.number_of_frames > 1 and len(data_set.numbers(t.GRID_FRAME_OFFSET_VECTOR)) != image.number_of_frames:
        raise _unusable(path, translate("it does not say where each of its planes lies (Grid Frame Offset Vector)"))
    planes = _planes(image, path)
    if len(planes.chosen) != image.number_of_frames:
        raise _unusable(path, translate("several of its planes lie in one place (Grid Frame Offset Vector)"))
    field = _field(image, planes, scale)
    unit = _UNITS.get(str(data_set.text(t.DOSE_UNITS) or "").upper(), "")
    most = float(field.values.max()) * scale
    is_of_plan = str(data_set.text(_SUMMATION) or "PLAN").upper() == "PLAN"  # that of a fraction or a beam is no part of what a plan gives
    of_plan = prescribed if is_of_plan and unit == "Gy" else None
    whole, shares = (of_plan.dose_gy, _PARTS_OF_PRESCRIBED) if of_plan is not None else (most, _PARTS_OF_MOST)
    of = translate("of {dose} Gy prescribed") if whole != most else translate("of the largest value")
    told = safe(of.format(dose=f"{whole:.4g}"))
    levels = [
        (whole * share, Part(f"{share:g}", safe(f"{whole * share:.4g} {unit} ({share:.0%})"), _LEVEL_COLOURS[place], told))
        for place, share in enumerate(shares)
        if 0 < whole * share <= most
    ]
    detail = safe(f"{translate('to')} {most:.4g} {unit}")
    wash = Part(_WASH, safe(translate("colour wash")), (90, 150, 255), detail)
    made = FieldOver(
        field, _frame_of(data_set, image), unit, levels, part=wash, table="rainbow", low=0.0, high=most, threshold=whole * shares[-1]
    )
    made.usual = frozenset(part.key for _level, part in levels)
    kinds = (data_set.text(t.DOSE_TYPE), data_set.text(_SUMMATION))
    made.note = safe(", ".join(str(kind).lower() for kind in kinds if kind))
    return made


def read_map(data_set: DataSet, image: Image, path: str) -> FieldOver:
    """A parametric map in colours over the images, in the unit of its Real World Value Mapping, frame by frame (C.7.6.16.2.11).

    Planes of other units or another quantity than the first one's are left out, which the note says.

    Raises:
        DocumentError: as for a dose.
    """
    worlds = [(image.describe(index).real_world or (None,))[0] for index in range(image.number_of_frames)]
    world = worlds[0]
    alike = [index for index, one in enumerate(worlds) if _quantity(one) == _quantity(world)]
    planes = _planes(image, path, alike)
    field = _field(image, planes, 1.0, lambda index, stored: _real(worlds[index], stored))
    finite = field.values[np.isfinite(field.values)]
    low, high = (float(end) for end in np.percentile(finite, (1, 99))) if finite.size else (0.0, 1.0)
    unit = str(world.unit or "") if world is not None else ""
    name = (world.label if world is not None else None) or data_set.text(t.CONTENT_LABEL) or safe(translate("values"))
    part = Part(_WASH, name, (255, 160, 60), safe(f"{low:.4g} – {high:.4g} {unit}".strip()))
    threshold = low if low > 0 else None
    made = FieldOver(field, _frame_of(data_set, image), unit, [], part=part, table="hot iron", low=low, high=high, threshold=threshold)
    if len(planes.chosen) != image.number_of_frames:
        told = translate("{count} of its {all} planes are drawn")
        made.note = safe(told.format(count=len(planes.chosen), all=image.number_of_frames))
    return made


def _quantity(world: RealWorldMap | None) -> tuple[SafeText | None, ...]:
    return (None,) if world is None else (world.unit, world.label)


def _real(world: RealWorldMap | None, stored: Pixels) -> Pixels:
    """What stored values mean, float32; NaN where the mapping does not reach. Without a mapping as they are."""
    if world is None:
        return stored.astype(np.float32)
    with np.errstate(invalid="ignore", over="ignore"):
        if world.values:
            index = np.clip(np.nan_to_num(stored - world.first), 0, len(world.values) - 1).astype(np.intp)
            made = np.array(world.values, np.float64)[index]
        else:
            made = stored.astype(np.float64) * world.slope + world.intercept
        return np.where((stored >= world.first) & (stored <= world.last), made, np.nan).astype(np.float32)


def _frame_of(data_set: DataSet, image: Image) -> str | None:
    return data_set.uid(t.FRAME_OF_REFERENCE_UID) or image.describe(0).geometry.frame_of_reference_uid


def _unusable(path: str, problem: str) -> DocumentError:
    return DocumentError(finding("document-unreadable", path=path, problem=problem))


class _Planes(NamedTuple):
    """Where frames lie: `chosen` are depths, ascending, and the frame at each; of several at one depth the first."""

    lattice: Lattice
    chosen: tuple[tuple[float, int], ...]


def _planes(image: Image, path: str, among: "Sequence[int] | None" = None) -> _Planes:
    """All frames (or those `among` these) on the grid of the first one."""
    indices = range(image.number_of_frames) if among is None else among
    lattice = lattice_of(image.describe(indices[0]).geometry)
    if lattice is None:
        raise _unusable(path, translate("it does not say where it lies"))
    if image.layout.decoded_bytes * image.number_of_frames > _MOST_BYTES:
        size = image.layout.decoded_bytes * image.number_of_frames >> 20
        raise DocumentError(finding("document-too-large", path=path, megabytes=size, limit=_MOST_BYTES >> 20))
    by_depth: dict[float, int] = {}
    for index in indices:
        depth = depth_in(lattice, image.describe(index).geometry)
        if depth is not None:
            by_depth.setdefault(round(depth, 3), index)
    return _Planes(lattice, tuple(sorted(by_depth.items())))


def _field(image: Image, planes: _Planes, scale: float, values_of: "Callable[[int, Pixels], Pixels] | None" = None) -> Field:
    """The frames as one block of values; `values_of` makes them of a frame's index and its stored values."""
    values = []
    for _depth, index in planes.chosen:
        stored = image.read_frame(index).stored
        values.append(values_of(index, stored) if values_of is not None else stored)
    return Field(planes.lattice, np.array([depth for depth, _index in planes.chosen]), np.stack(values), scale)
