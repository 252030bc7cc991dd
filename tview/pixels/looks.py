"""Looks that a reader chooses: a table of colours in place of greys, and a bar of a known length."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from tview.pixels.arrays import Pixels
from tview.pixels.layers import Colour, colour_table
from tview.pixels.marks import Contour, Label
from tview.pixels.placement import Placement

_LENGTHS_MM = (1, 2, 5, 10, 20, 50, 100, 200)
_MARGIN_PX = 14.0


@dataclass(frozen=True, slots=True)
class Coloured:
    """Greys through a table by name (`COLOUR_TABLES`); the lowest layer, for it colours all that is grey. Colour pictures stay."""

    table: str
    lowest: ClassVar[bool] = True

    def draw(self, picture: Pixels, placement: Placement) -> Pixels:
        return np.ascontiguousarray(colour_table(self.table)[picture]) if picture.ndim == 2 else picture


@dataclass(frozen=True, slots=True)
class ScaleBar:
    """A bar in the lower left, the longest round length that takes no more than a third of the picture's width.

    `column_mm` is the distance between columns, `note` what that number is worth ("at detector"); nothing is drawn where no length fits.
    """

    column_mm: float
    note: str = ""
    colour: Colour = (255, 255, 255)

    def length_mm(self, placement: Placement) -> int | None:
        """How long the bar is."""
        room = placement.picture_size[1] / 3 * self.column_mm / placement.horizontal.scale
        return max((length for length in _LENGTHS_MM if length <= room), default=None)

    def draw(self, picture: Pixels, placement: Placement) -> Pixels:
        length = self.length_mm(placement)
        if length is None:
            return picture
        rows = placement.picture_size[0]
        y, x = rows - _MARGIN_PX, _MARGIN_PX
        end = x + length / self.column_mm * placement.horizontal.scale
        line = np.array([(y - 5, x), (y, x), (y, end), (y - 5, end)])
        picture = Contour(line, self.colour, 1.0, halo=True, space="picture").draw(picture, placement)
        text = f"{length} mm {self.note}".strip() if length < 100 else f"{length // 10} cm {self.note}".strip()
        return Label(text, (y - 4, (x + end) / 2), self.colour, 13.0, "centre", "bottom", space="picture").draw(picture, placement)
