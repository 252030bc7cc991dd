"""RT structure sets over images: contours where they were drawn, and cut along other planes (PS3.3 C.8.8.5, C.8.8.6)."""

from collections.abc import Collection, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from tview.dicom import DataSet
from tview.dicom import tags as t
from tview.documents.over_masks import MaskStack, outlines
from tview.documents.over_model import PALETTE, Part, Place
from tview.documents.over_planes import Lattice
from tview.documents.reading import Reading
from tview.pixels import Colour, Contour, Drawing, Label, image_point
from tview.pixels.arrays import Pixels, Real
from tview.text import SafeText, safe, translate

_CLOSED = ("CLOSED_PLANAR", "CLOSEDPLANAR_XOR", "CLOSED_PLANAR_XOR")
_ROI_FRAME_OF_REFERENCE = 0x30060024
_LONGEST_SIDE, _MOST_BYTES = 1024, 512 << 20
_FINEST_MM = 0.3
_FLAT_MM = 0.5  # how far points of one contour may lie from its plane


class _Line(NamedTuple):
    """One contour: its kind, its points (n, 3) in LPS mm, its depth along the region's normal."""

    kind: str
    points: Real
    depth: float


class Region:
    """The contours of one region, which lie on parallel planes as a rule."""

    def __init__(self, lines: "list[tuple[str, Real]]") -> None:
        closed = [points for kind, points in lines if kind in _CLOSED]
        self.normal = _normal(closed[0]) if closed else np.array([0.0, 0.0, 1.0])
        self.lines = [_Line(kind, points, float((points @ self.normal).mean())) for kind, points in lines]
        depths = np.unique(np.round([line.depth for line in self.lines if line.kind in _CLOSED], 2))
        steps = np.diff(depths)
        self.half_mm = float(steps.min()) / 2 + 1e-3 if steps.size else None
        """Half of what lies between its planes; None for a single one."""

    @cached_property
    def masks(self) -> MaskStack | None:
        """The inside of the closed contours of each plane, finer than they were drawn: for planes that cross them."""
        import cv2

        closed = [line for line in self.lines if line.kind in _CLOSED]
        if not closed:
            return None
        axes = _axes(self.normal)
        flat = [line.points @ axes[1:].T for line in closed]
        low, high = np.vstack(flat).min(axis=0), np.vstack(flat).max(axis=0)
        step = max(float((high - low).max()) / _LONGEST_SIDE, _FINEST_MM)
        rows, columns = (int(size) + 3 for size in np.ceil((high - low) / step))
        stack = MaskStack(Lattice(axes[1] * (low[0] - step) + axes[2] * (low[1] - step), axes, (step, step)), self.half_mm or 0.5)
        for depth in np.unique(np.round([line.depth for line in closed], 2)):
            mask = np.zeros((rows, columns), np.uint8)
            polygons = [
                np.rint(((places - low) / step + 1)[:, ::-1] * 16).astype(np.int32)
                for places, line in zip(flat, closed, strict=True)
                if abs(line.depth - depth) < 0.02
            ]
            cv2.fillPoly(mask, polygons, 1, cv2.LINE_8, 4)
            stack.add(float(depth), mask)
            if stack.nbytes > _MOST_BYTES:
                break
        return stack


class Contours:
    """The regions of one structure set. Contours with numbers that cannot be read are not drawn, which `note` and their parts say."""

    def __init__(self, data_set: DataSet) -> None:
        self._frames_of_reference = {item.integer(t.ROI_NUMBER): item.uid(_ROI_FRAME_OF_REFERENCE) for item in _rois(data_set)}
        self._own_frame = data_set.uid(t.FRAME_OF_REFERENCE_UID)
        self._regions, unread = _regions(data_set)
        self.parts = tuple(_parts(data_set, self._regions, unread))
        self.note = _not_drawn(sum(unread.values()))
        self.usual = frozenset(part.key for part in self.parts)

    def _fits(self, key: str, place: Place) -> bool:
        mine = self._frames_of_reference.get(int(key)) or self._own_frame
        return mine is not None and mine == place.geometry.frame_of_reference_uid

    def parts_at(self, place: Place) -> frozenset[str]:
        """See `Overlaying`."""
        return frozenset(key for key, region in self._regions.items() if self._fits(key, place) and self._is_at(region, place))

    def _is_at(self, region: Region, place: Place) -> bool:
        if _is_across(region, place):
            return bool(self._lines_at(region, place))
        masks = region.masks
        return masks is not None and masks.is_at(place)

    def _lines_at(self, region: Region, place: Place) -> "list[_Line]":
        """The contours that speak for the plane of an image parallel to them: of the nearest plane, and points."""
        geometry = place.geometry
        if geometry.position is None:
            return []
        depth = float(np.array(geometry.position) @ region.normal)
        half_mm = region.half_mm or max(geometry.slice_thickness_mm or 1.0, 0.2) / 2 + 1e-3
        near = [line for line in region.lines if abs(line.depth - depth) <= half_mm]
        nearest = min((abs(line.depth - depth) for line in near), default=0.0)
        return [line for line in near if abs(line.depth - depth) <= nearest + 0.02]

    def layers(self, place: Place, shown: Collection[str], opacity: float) -> "Sequence[Drawing]":
        """See `Overlaying`."""
        drawn: list[Drawing] = []
        for part in self.parts:
            region = self._regions.get(part.key)
            if part.key in shown and region is not None and self._fits(part.key, place):
                drawn += self._across(region, place, part) if _is_across(region, place) else self._cut(region, place, part)
        return drawn

    def _across(self, region: Region, place: Place, part: Part) -> "list[Drawing]":
        drawn: list[Drawing] = []
        for line in self._lines_at(region, place):
            places = image_places(place, line.points)
            if places is not None:
                drawn += _drawn(line.kind, places, part.colour, part.name)
        return drawn

    def _cut(self, region: Region, place: Place, part: Part) -> "list[Drawing]":
        masks = region.masks
        mask = masks.at(place) if masks is not None else None
        return outlines(mask, (place.rows, place.columns), part.colour, 2.0) if mask is not None else []


def image_places(place: Place, points: Real) -> Real | None:
    """(n, 2) row and column of an image, pixel edges at whole numbers, of the feet of patient points; None without a geometry."""
    origin = image_point(place.geometry, (0.0, 0.0, 0.0))
    units = [image_point(place.geometry, axis) for axis in ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))]
    if origin is None:
        return None
    start = np.array(origin[:2])
    steps = np.array([np.array(one[:2]) - start for one in units if one is not None])
    return np.asarray(start + points @ steps)


def _drawn(kind: str, places: Real, colour: Colour, name: SafeText) -> "list[Drawing]":
    if kind == "POINT" or len(places) == 1:
        row, column = (float(value) for value in places[0])
        return [Contour(places[:1], colour, 5.0, halo=True), Label(name, (row, column), colour, 13.0, offset=(-4.0, 6.0))]
    return [Contour(places, colour, 2.0, closed=kind in _CLOSED)]


def _is_across(region: Region, place: Place) -> bool:
    normal = place.geometry.normal
    return normal is not None and abs(float(np.array(normal) @ region.normal)) > 0.9995


def _rois(data_set: DataSet) -> tuple[DataSet, ...]:
    return data_set.items(t.STRUCTURE_SET_ROI_SEQUENCE)


def _regions(data_set: DataSet) -> "tuple[dict[str, Region], dict[str, int]]":
    """The regions by their number, and of how many contours of each the numbers cannot be read."""
    lines: dict[str, list[tuple[str, Real]]] = {}
    unread: dict[str, int] = {}
    for item in data_set.items(t.ROI_CONTOUR_SEQUENCE):
        number = item.integer(t.REFERENCED_ROI_NUMBER)
        for contour in item.items(t.CONTOUR_SEQUENCE) if number is not None else ():
            points = _points(contour)
            if points is None:
                unread[str(number)] = unread.get(str(number), 0) + 1
            elif len(points):
                kind = str(contour.text(t.CONTOUR_GEOMETRIC_TYPE) or "CLOSED_PLANAR").upper()
                lines.setdefault(str(number), []).append((kind, points))
    return {key: Region(of_one) for key, of_one in lines.items()}, unread


def _points(contour: DataSet) -> Real | None:
    """(n, 3) LPS mm; None where a number cannot be read or points are missing: cut there and closed, it would be another contour."""
    data = contour.numbers(t.CONTOUR_DATA)
    raw = contour.raw(t.CONTOUR_DATA) or b""
    raw = raw.rstrip(b" \0\\")
    written = raw.count(b"\\") + 1 if raw else 0
    promised = contour.integer(t.NUMBER_OF_CONTOUR_POINTS)
    points = np.array(data[: len(data) // 3 * 3], float).reshape(-1, 3)
    whole = len(data) == written and len(data) % 3 == 0 and (promised is None or len(points) >= promised)
    return points if whole and np.isfinite(points).all() else None


def _not_drawn(count: int) -> SafeText:
    if not count:
        return SafeText("")
    told = translate("1 contour cannot be read") if count == 1 else translate("{count} contours cannot be read").format(count=count)
    return safe(told)


def _parts(data_set: DataSet, regions: "dict[str, Region]", unread: "dict[str, int]") -> "list[Part]":
    reading = Reading()
    colours = {item.integer(t.REFERENCED_ROI_NUMBER): item.integers(t.ROI_DISPLAY_COLOR) for item in data_set.items(t.ROI_CONTOUR_SEQUENCE)}
    kinds = {
        item.integer(t.REFERENCED_ROI_NUMBER): reading.row(item, t.RT_ROI_INTERPRETED_TYPE)
        for item in data_set.items(t.RT_ROI_OBSERVATIONS_SEQUENCE)
    }
    names = {item.integer(t.ROI_NUMBER): reading.row(item, t.ROI_NAME) for item in _rois(data_set)}
    found = []
    for place, key in enumerate(regions):
        red, green, blue = _colour(colours.get(int(key), ()), place)
        name = names.get(int(key)) or safe(key)
        details = ((kinds.get(int(key)) or "").lower(), _not_drawn(unread.get(key, 0)))
        found.append(Part(key, name, (red, green, blue), safe(", ".join(detail for detail in details if detail))))
    return found


def _colour(values: tuple[int, ...], place: int) -> Colour:
    if len(values) == 3 and all(0 <= value <= 255 for value in values) and max(values) >= 60:
        return values[0], values[1], values[2]
    return PALETTE[place % len(PALETTE)]


def _normal(points: Real) -> Real:
    """The unit normal of a flat polygon (Newell), turned to the head, back or left; the body's axis where there is none."""
    after = np.roll(points, -1, axis=0)
    normal = np.cross(points - points[0], after - points[0]).sum(axis=0)
    length = float(np.linalg.norm(normal))
    if length < 1e-6 or np.abs((points - points.mean(axis=0)) @ normal / length).max() > _FLAT_MM:
        return np.array([0.0, 0.0, 1.0])
    normal /= length
    return np.asarray(normal if normal[np.abs(normal).argmax()] > 0 else -normal)


def _axes(normal: Pixels) -> Real:
    """(3, 3): the normal and two unit vectors at right angles to it and to one another."""
    helper = np.eye(3)[int(np.abs(normal).argmin())]
    down = np.cross(normal, helper)
    down /= np.linalg.norm(down)
    return np.array([normal, down, np.cross(normal, down)])
