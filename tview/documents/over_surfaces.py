"""Surface segmentations over images: the lines in which their triangles cross a plane (PS3.3 A.57, C.27.1)."""

from collections.abc import Collection, Sequence

import numpy as np

from tview.dicom import DataSet
from tview.dicom import tags as t
from tview.documents.over_contours import image_places
from tview.documents.over_model import PALETTE, Part, Place
from tview.documents.reading import Reading
from tview.pixels import Contour, Drawing
from tview.pixels.arrays import Pixels, Real
from tview.pixels.cielab import srgb_of
from tview.text import SafeText, safe

_SURFACES, _NUMBER, _CIELAB, _COMMENTS = 0x00660002, 0x00660003, 0x0062000D, 0x00660004
_POINTS, _COORDINATES = 0x00660011, 0x00660016
_PRIMITIVES, _TRIANGLES, _LONG_TRIANGLES = 0x00660013, 0x00660023, 0x00660041
_REFERENCED_SURFACES, _REFERENCED_NUMBER = 0x0066002B, 0x0066002C
_STRIPS, _FANS, _PRIMITIVE, _LONG_PRIMITIVE = 0x00660026, 0x00660027, 0x00660029, 0x00660040
_MOST_TRIANGLES = 5_000_000


class Surfaces:
    """The surfaces of one object; one without triangles (points, lines) is listed and draws nothing."""

    note = SafeText("")

    def __init__(self, data_set: DataSet) -> None:
        self._frame_of_reference = data_set.uid(t.FRAME_OF_REFERENCE_UID)
        self._meshes: dict[str, tuple[Real, Pixels]] = {}
        names, parts = _names(data_set), []
        for place, item in enumerate(data_set.items(_SURFACES)):
            number = item.integer(_NUMBER)
            key = str(place + 1 if number is None else number)
            colour = srgb_of(item.integers(_CIELAB)) or PALETTE[place % len(PALETTE)]
            parts.append(Part(key, names.get(number) or Reading().row(item, _COMMENTS) or safe(key), colour))
            mesh = _mesh(item)
            if mesh is not None:
                self._meshes[key] = mesh
        self.parts = tuple(parts)
        self.usual = frozenset(part.key for part in self.parts)

    def parts_at(self, place: Place) -> frozenset[str]:
        """See `Overlaying`."""
        return frozenset(key for key in self._meshes if (heights := self._heights(key, place)) is not None and _crosses(heights))

    def _heights(self, key: str, place: Place) -> Real | None:
        """How far each point lies from a plane, in mm; None in another patient space."""
        geometry, mine = place.geometry, self._frame_of_reference
        if geometry.position is None or geometry.normal is None or mine is None or mine != geometry.frame_of_reference_uid:
            return None
        return np.asarray((self._meshes[key][0] - np.array(geometry.position)) @ np.array(geometry.normal))

    def layers(self, place: Place, shown: Collection[str], opacity: float) -> "Sequence[Drawing]":
        """See `Overlaying`."""
        drawn: list[Drawing] = []
        for part in self.parts:
            heights = self._heights(part.key, place) if part.key in shown and part.key in self._meshes else None
            if heights is None or not _crosses(heights):
                continue
            for line, closed in section(*self._meshes[part.key], heights):
                places = image_places(place, line)
                if places is not None:
                    drawn.append(Contour(places, part.colour, 2.0, closed=closed))
        return drawn


def section(points: Real, triangles: Pixels, heights: Real) -> "list[tuple[Real, bool]]":
    """The lines (n, 3) in which a mesh crosses the plane that its points lie `heights` above, and whether each is closed."""
    above = heights > 0
    crossing = triangles[above[triangles].any(axis=1) & ~above[triangles].all(axis=1)]
    places: dict[tuple[int, int], Real] = {}
    next_to: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for triangle in crossing.tolist():
        edges = [tuple(sorted((triangle[a], triangle[b]))) for a, b in ((0, 1), (1, 2), (2, 0)) if above[triangle[a]] != above[triangle[b]]]
        for edge in edges:
            if edge not in places:
                low, high = heights[edge[0]], heights[edge[1]]
                places[edge] = points[edge[0]] + (points[edge[1]] - points[edge[0]]) * (low / (low - high))
        next_to.setdefault(edges[0], []).append(edges[1])
        next_to.setdefault(edges[1], []).append(edges[0])
    return [(np.array([places[edge] for edge in chain]), closed) for chain, closed in _chains(next_to)]


def _chains(next_to: "dict[tuple[int, int], list[tuple[int, int]]]") -> "list[tuple[list[tuple[int, int]], bool]]":
    """Edges that follow one another, open ones from their ends."""
    left, found = dict.fromkeys(sorted(next_to, key=lambda edge: len(next_to[edge]))), []
    while left:
        start = next(iter(left))
        chain, here = [start], start
        del left[start]
        while (following := next((edge for edge in next_to[here] if edge in left), None)) is not None:
            chain.append(following)
            del left[following]
            here = following
        found.append((chain, start in next_to[here] and len(chain) > 2))
    return found


def _crosses(heights: Real) -> bool:
    return bool(heights.size and heights.min() <= 0 < heights.max())


def _mesh(item: DataSet) -> tuple[Real, Pixels] | None:
    """Points (n, 3) in LPS mm and triangles (m, 3) of point numbers from 0."""
    order = "<" if item.little_endian else ">"
    source, primitives = item.first_item(_POINTS), item.first_item(_PRIMITIVES)
    raw = source.raw(_COORDINATES) if source is not None else None
    if raw is None or primitives is None:
        return None
    points = np.frombuffer(raw[: len(raw) // 12 * 12], f"{order}f4").reshape(-1, 3).astype(float)
    triangles = _triangles(primitives, order)
    good = ((triangles >= 0) & (triangles < len(points))).all(axis=1)
    usable = np.isfinite(points).all(axis=1)
    triangles = triangles[good][:_MOST_TRIANGLES]
    triangles = triangles[usable[triangles].all(axis=1)]
    return (np.where(usable[:, None], points, 0.0), triangles) if len(triangles) else None


def _triangles(primitives: DataSet, order: str) -> Pixels:
    """(m, 3) point numbers from 0: of triangles, of strips (each point with the two before it), and of fans (with the first)."""
    found = [_indices(primitives, _LONG_TRIANGLES, _TRIANGLES, order)]
    found[0] = found[0][: len(found[0]) // 3 * 3].reshape(-1, 3)
    for tag, is_fan in ((_STRIPS, False), (_FANS, True)):
        for item in primitives.items(tag):
            run = _indices(item, _LONG_PRIMITIVE, _PRIMITIVE, order)
            if len(run) > 2:
                first = np.full(len(run) - 2, run[0]) if is_fan else run[:-2]
                found.append(np.stack([first, run[1:-1], run[2:]], axis=-1))
    return np.vstack(found)


def _indices(item: DataSet, long_tag: int, tag: int, order: str) -> Pixels:
    for chosen, cell in ((long_tag, 4), (tag, 2)):
        raw = item.raw(chosen)
        if raw:
            return np.frombuffer(raw[: len(raw) // cell * cell], f"{order}u{cell}").astype(np.int64) - 1
    return np.zeros(0, np.int64)


def _names(data_set: DataSet) -> "dict[int | None, SafeText]":
    """The labels of segments by the numbers of their surfaces."""
    reading, found = Reading(), {}
    for segment in data_set.items(t.SEGMENT_SEQUENCE):
        label = reading.row(segment, t.SEGMENT_LABEL)
        for surface in segment.items(_REFERENCED_SURFACES):
            if label:
                found[surface.integer(_REFERENCED_NUMBER)] = label
    return found
