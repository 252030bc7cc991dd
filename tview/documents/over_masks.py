"""Masks on parallel planes, cut along any other plane, and their outlines."""

import math

import numpy as np

from tview.documents.over_model import Place
from tview.documents.over_planes import Lattice, grid, is_parallel, taken
from tview.pixels import Colour, Contour, Drawing
from tview.pixels.arrays import Pixels

_FINEST, _MOST_PIXELS = 4, 1 << 24


class MaskStack:
    """Planes of one thing: uint8, 0 where it is not. `half_mm` is how far on both sides a plane speaks for what lies beside it."""

    def __init__(self, lattice: Lattice, half_mm: float) -> None:
        self.lattice, self.half_mm = lattice, half_mm
        self._planes: list[tuple[float, Pixels, tuple[int, int]]] = []
        self._sorted: tuple[Pixels, list[int]] | None = None

    @property
    def nbytes(self) -> int:
        """What the planes hold in memory."""
        return sum(plane.nbytes for _depth, plane, _corner in self._planes)

    def add(self, depth: float, mask: Pixels) -> None:
        """One plane, cut to what it holds; nothing of it is kept when it is empty."""
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        if rows.size:
            part = mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(np.uint8)
            self._planes.append((depth, np.ascontiguousarray(part), (int(rows[0]), int(columns[0]))))
            self._sorted = None

    def _depths(self) -> tuple[Pixels, list[int]]:
        if self._sorted is None:
            order = sorted(range(len(self._planes)), key=lambda number: self._planes[number][0])
            self._sorted = np.array([self._planes[number][0] for number in order]), order
        return self._sorted

    def fineness(self, place: Place) -> int:
        """Into how many parts a pixel of the image is cut for no pixel of the mask to be lost."""
        spacing = place.geometry.spacing_mm
        if spacing is None:
            return 1
        most = max(1, math.isqrt(_MOST_PIXELS // max(place.rows * place.columns, 1)))
        return max(1, min(_FINEST, most, math.ceil(min(spacing) / max(min(self.lattice.spacing_mm), 1e-6) - 0.05)))

    def at(self, place: Place) -> Pixels | None:
        """(rows, columns), or a whole multiple of both: the mask over an image or a cut; None where there is nothing of it."""
        fine = self.fineness(place)
        found = self.lattice.indices(place, fine)
        if found is None or not self._planes:
            return None
        (first, down, along), size = found, (place.rows * fine, place.columns * fine)
        depths, order = self._depths()
        if is_parallel(first, down, along, *size, within_mm=self.half_mm / 10):
            return self._in_one_plane(float(first[0] + down[0] * size[0] / 2 + along[0] * size[1] / 2), found, size)
        depth = grid(first[0], down[0], along[0], *size)
        nearest = np.clip(np.searchsorted((depths[1:] + depths[:-1]) / 2, depth), 0, len(depths) - 1)
        there = np.abs(depth - depths[nearest]) <= self.half_mm
        mask = np.zeros(size, np.uint8)
        for number in np.unique(nearest[there]):
            _depth, plane, corner = self._planes[order[number]]
            here = there & (nearest == number)
            rows, columns = np.flatnonzero(here.any(axis=1)), np.flatnonzero(here.any(axis=0))
            part = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
            start = first + rows[0] * down + columns[0] * along
            values = taken(
                plane, start, down, along, (len(range(*part[0].indices(size[0]))), len(range(*part[1].indices(size[1])))), corner
            )
            np.copyto(mask[part], values, where=here[part])
        return mask if mask.any() else None

    def _in_one_plane(self, depth: float, found: tuple[Pixels, Pixels, Pixels], size: tuple[int, int]) -> Pixels | None:
        depths, order = self._depths()
        number = int(np.abs(depths - depth).argmin())
        if abs(depths[number] - depth) > self.half_mm:
            return None
        _depth, plane, corner = self._planes[order[number]]
        mask = taken(plane, *found, size, corner)
        return mask if mask.any() else None

    def is_at(self, place: Place) -> bool:
        """Whether an image has something of it, as far as depths tell."""
        found = self.lattice.indices(place)
        if found is None or not self._planes:
            return False
        first, down, along = found
        corners = [first[0] + r * down[0] + c * along[0] for r in (0, place.rows) for c in (0, place.columns)]
        depths = self._depths()[0]
        return bool(((depths >= min(corners) - self.half_mm) & (depths <= max(corners) + self.half_mm)).any())


def outlines(mask: Pixels, size: tuple[int, int], colour: Colour, width: float = 1.0) -> list[Drawing]:
    """The edges of a mask that covers an image of `size` (rows, columns), as lines within a quarter of a mask pixel."""
    import cv2

    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not rows.size:
        return []
    part = mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    double = np.ascontiguousarray(np.repeat(np.repeat((part != 0).astype(np.uint8), 2, axis=0), 2, axis=1))
    found, _ = cv2.findContours(double, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    scale = size[0] / mask.shape[0], size[1] / mask.shape[1]
    lines: list[Drawing] = []
    for points in found:
        places = (points[:, 0, ::-1] + 0.5) / 2 + (rows[0], columns[0])
        lines.append(Contour(places * scale, colour, width, closed=True))
    return lines
