"""What is drawn over a picture: masks and value maps on a grid of their own, contours, text. All in picture pixels, after resampling.

Image points are (row, column) with pixel edges at whole numbers: the middle of the first pixel is (0.5, 0.5), as in `Placement`.
"""

from dataclasses import dataclass
from functools import cache
from typing import Protocol

import numpy as np

from tview.pixels.arrays import Pixels
from tview.pixels.panes import on_pane, turned
from tview.pixels.placement import Axis, Placement
from tview.pixels.resample import resample

Colour = tuple[int, int, int]
Box = tuple[float, float, float, float]


class Drawing(Protocol):
    """Anything that `render` takes as a layer."""

    def draw(self, picture: Pixels, placement: Placement) -> Pixels:
        """The picture, uint8 (rows, columns[, 3]), with this over it. Grey becomes colour only when a colour needs it."""


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """A mask in one colour: `mask` (rows, columns), not 0 where it draws, in `colour` (red, green, blue).

    `box` is where the outer edges of the mask lie in the image: (first row, first column, last row, last column); None is the whole image.
    Enlarged, its pixels keep their corners; shrunk, what is thin stays visible.
    """

    mask: Pixels
    colour: Colour = (255, 255, 255)
    opacity: float = 1.0
    box: Box | None = None

    def draw(self, picture: Pixels, placement: Placement) -> Pixels:
        alpha = turned(_spread((self.mask != 0) * np.uint8(255), placement, self.box, smooth=False), placement.view)
        shrunk = max(1.0, *(1 / scale for scale in _scales(self.mask.shape, placement, self.box)))
        rows = np.flatnonzero(alpha.any(axis=1))
        if not rows.size:
            return picture
        part = np.minimum(alpha[rows[0] : rows[-1] + 1] * np.float32(shrunk / 255), np.float32(1)) * np.float32(self.opacity)
        return blend(picture, part, self.colour, (int(rows[0]), 0))


@dataclass(frozen=True, slots=True, eq=False)
class MapLayer:
    """Values in colours: dose, a parametric map, PET over CT.

    `values` (rows, columns), real; what is not finite draws nothing. `table` (entries, 3) uint8 runs from `low` to `high`, values beyond
    take its ends, and those below `threshold` draw nothing. `opacity` is one number, or one for each entry of the table. `box` is as in
    `Layer`. Values are interpolated before they are coloured, or not when `smooth` is false.
    """

    values: Pixels
    table: Pixels
    low: float
    high: float
    opacity: float | Pixels = 0.5
    threshold: float | None = None
    box: Box | None = None
    smooth: bool = True

    def draw(self, picture: Pixels, placement: Placement) -> Pixels:
        values, draws = self.over(placement)
        if self.threshold is not None:
            draws &= values >= self.threshold
        rows, columns = np.flatnonzero(draws.any(axis=1)), np.flatnonzero(draws.any(axis=0))
        if not rows.size:
            return picture
        part = slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)
        top = len(self.table) - 1
        steps = (values[part] - np.float32(self.low)) * np.float32(top / (self.high - self.low or 1.0))
        index = np.clip(steps + np.float32(0.5), 0, top).astype(np.intp)
        opacity = np.broadcast_to(np.asarray(self.opacity, np.float32), (top + 1,))
        alpha = np.take(opacity, index) * draws[part]
        return blend(picture, alpha, np.take(self.table, index, axis=0), (part[0].start, part[1].start))

    def over(self, placement: Placement) -> tuple[Pixels, Pixels]:
        """The values over the pane, turned, and where there are any."""
        finite = np.isfinite(self.values)
        if finite.all() and self.box is None and self.values.shape == placement.image_size:
            values = _spread(np.asarray(self.values, np.float32), placement, None, smooth=self.smooth)
            there = on_pane(np.ones((placement.vertical.length, placement.horizontal.length), bool), placement)
            return turned(values, placement.view), turned(there, placement.view)
        weight = _spread(finite.astype(np.float32), placement, self.box, smooth=self.smooth)
        total = _spread(np.where(finite, self.values, 0).astype(np.float32), placement, self.box, smooth=self.smooth)
        values = np.divide(total, weight, out=total, where=weight > 0)
        return turned(values, placement.view), turned(weight >= np.float32(0.5), placement.view)


def blend(picture: Pixels, alpha: Pixels, colour: Colour | Pixels, at: tuple[int, int] = (0, 0)) -> Pixels:
    """`colour` (one, or one for each pixel) over the picture, as much as `alpha` says, 0 to 1.

    `alpha` is (rows, columns) of the part of the picture that begins at `at` (row, column).
    """
    rows, columns = np.flatnonzero(alpha.any(axis=1)), np.flatnonzero(alpha.any(axis=0))
    if not rows.size:
        return picture
    inner = slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)
    outer = tuple(slice(part.start + start, part.stop + start) for part, start in zip(inner, at, strict=True))
    over = np.asarray(colour, np.float32)
    over = over[inner] if over.ndim == 3 else over
    is_grey = over.ndim == 1 and len(set(over.tolist())) == 1
    picture = np.repeat(picture[..., None], 3, axis=2) if picture.ndim == 2 and not is_grey else np.array(picture)
    under, weight = picture[outer].astype(np.float32), alpha[inner]
    if picture.ndim == 3:
        weight = weight[..., None]
    else:
        over = over[:1]
    under += (over - under) * weight
    under += np.float32(0.5)
    picture[outer] = under
    return picture


@cache
def colour_table(name: str) -> Pixels:
    """(256, 3) uint8, read-only: "grey", "rainbow" (blue to red), or one of PS3.6 annex B: "hot iron", "pet", "hot metal blue",
    "pet 20 step", "spring", "summer", "fall", "winter".

    Raises:
        KeyError: there is no table of this name.
    """
    from tview.pixels.colour_tables import make_table

    table = make_table(name)
    table.setflags(write=False)
    return table


def _whole(placement: Placement) -> Box:
    return 0.0, 0.0, float(placement.image_size[0]), float(placement.image_size[1])


def _scales(shape: tuple[int, ...], placement: Placement, box: Box | None) -> tuple[float, float]:
    """Picture pixels per grid pixel, down and along."""
    down, along = placement.scale
    box = box or _whole(placement)
    return down * (box[2] - box[0]) / shape[0], along * (box[3] - box[1]) / shape[1]


def _spread(values: Pixels, placement: Placement, box: Box | None, *, smooth: bool) -> Pixels:
    """Grid values over the pane, before turning, of the same kind of numbers; 0 outside the grid."""
    method = "linear" if smooth else "nearest"
    vertical, horizontal = placement.vertical, placement.horizontal
    if box is None and values.shape == placement.image_size:
        crop = values[vertical.first : vertical.end, horizontal.first : horizontal.end]
        return on_pane(resample(crop, vertical.length, horizontal.length, method), placement)
    box = box or _whole(placement)
    down, along = _scales(values.shape, placement, box)
    shape = tuple(max(1, min(size, round(size * scale))) for size, scale in zip(values.shape, (down, along), strict=True))
    if shape != values.shape:
        values = resample(values, shape[0], shape[1], method)
    rows, columns = placement.unturned_size
    ys = _grid_places(vertical, box[0], box[2], shape[0], rows)
    xs = _grid_places(horizontal, box[1], box[3], shape[1], columns)
    return _sampled(_sampled(values, ys, smooth=smooth).T, xs, smooth=smooth).T.copy()


def _grid_places(axis: Axis, start: float, end: float, size: int, pane: int) -> Pixels:
    """The grid coordinate (edges at whole numbers) under the middle of each picture pixel of one axis."""
    image = axis.first + (np.arange(pane) + 0.5 - axis.start) / axis.scale
    return np.asarray((image - start) * (size / ((end - start) or 1.0)))


def _sampled(values: Pixels, places: Pixels, *, smooth: bool) -> Pixels:
    """Rows of `values` at fractional places, linear or the nearest; 0 beyond the outer edges."""
    size = values.shape[0]
    inside = (places >= 0) & (places < size)
    if not smooth:
        taken = values[np.clip(np.floor(places), 0, size - 1).astype(np.intp)]
        return np.asarray(taken * inside[:, None], values.dtype)
    middle = np.clip(places - 0.5, 0, size - 1)
    low = np.floor(middle).astype(np.intp)
    part = (middle - low).astype(np.float32)[:, None]
    taken = values[low] * (1 - part) + values[np.minimum(low + 1, size - 1)] * part
    return np.asarray(taken * inside[:, None], np.float32)


__all__ = ["Box", "Colour", "Drawing", "Layer", "MapLayer", "blend", "colour_table"]
