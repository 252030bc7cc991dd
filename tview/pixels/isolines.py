"""Lines of equal value over a picture, drawn in picture pixels: as sharp at every zoom as the values allow."""

from dataclasses import dataclass

import numpy as np

from tview.pixels.arrays import Pixels
from tview.pixels.layers import Box, Colour, MapLayer, blend
from tview.pixels.placement import Placement


@dataclass(frozen=True, slots=True, eq=False)
class Isolines:
    """Where `values` (rows, columns; not finite: nothing) cross each of `levels`, in the level's colour.

    `box` is where the outer edges of the values lie in the image, as in `Layer`. `width` is in picture pixels. Values between those given
    are linear.
    """

    values: Pixels
    levels: tuple[tuple[float, Colour], ...]
    width: float = 2.0
    box: Box | None = None

    def draw(self, picture: Pixels, placement: Placement) -> Pixels:
        """See `Drawing`."""
        values, there = MapLayer(self.values, np.zeros((2, 3), np.uint8), 0, 1, box=self.box).over(placement)
        down, along = np.gradient(values) if min(values.shape) > 1 else (np.zeros_like(values), np.zeros_like(values))
        steep = np.hypot(down, along)
        for level, colour in self.levels:
            distance = np.abs(values - np.float32(level)) / np.maximum(steep, 1e-12)
            alpha = np.clip(np.float32(self.width / 2 + 0.5) - distance, 0, 1).astype(np.float32)
            alpha[~there | (steep < 1e-12)] = 0
            picture = blend(picture, alpha, colour)
        return picture
