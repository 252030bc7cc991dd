"""What one pixel holds: stored, modality and real-world value, whatever the view."""

from dataclasses import dataclass

import numpy as np

from tview.pixels.frame import Frame
from tview.pixels.suv import Suv
from tview.text import SafeText, safe


@dataclass(frozen=True, slots=True)
class Meaning:
    """A number with its unit ("HU", "SUVbw", a UCUM code), and what it is called where the file says so."""

    value: float
    unit: SafeText | None
    label: SafeText | None = None

    @property
    def shown(self) -> SafeText:
        return safe(" ".join(filter(None, (number(self.value), str(self.unit or ""), str(self.label or "")))))


@dataclass(frozen=True, slots=True)
class PixelValue:
    """The pixel at (`row`, `column`), from 0. `stored` has one number for each sample, `rgb` what is drawn of a colour.

    `modality` is None for colour and where the file ends before this row. `others` are SUV and real-world values. `padding`: the number
    stands for "no picture here".
    """

    row: int
    column: int
    stored: tuple[float, ...]
    modality: Meaning | None
    rgb: tuple[int, int, int] | None = None
    others: tuple[Meaning, ...] = ()
    padding: bool = False
    missing: bool = False


def value_at(frame: Frame, row: int, column: int, suv: Suv | None = None) -> PixelValue:
    """The value of one pixel in double precision; `suv` adds the uptake where it has a factor.

    Raises:
        IndexError: the pixel lies outside the frame.
    """
    if not (0 <= row < frame.rows and 0 <= column < frame.columns):
        raise IndexError((row, column))
    description = frame.description
    if row >= frame.rows_present:
        return PixelValue(row, column, (), None, missing=True)
    stored = tuple(value.item() for value in np.atleast_1d(frame.stored[row, column]))
    if description.is_colour:
        red, green, blue = (int(value) for value in frame.rgb()[row, column])
        return PixelValue(row, column, stored, None, (red, green, blue))
    modality = Meaning(frame.modality_value(row, column), description.unit)
    others = []
    if suv is not None and suv.factor is not None:
        others.append(Meaning(modality.value * suv.factor, safe(suv.name)))
    for mapped in description.real_world:
        value = mapped.value(stored[0])
        if value is not None:
            others.append(Meaning(value, mapped.unit, mapped.label))
    padding = description.padding is not None and description.padding[0] <= stored[0] <= description.padding[1]
    return PixelValue(row, column, stored, modality, None, tuple(others), padding)


def number(value: float) -> str:
    """Whole numbers whole, others with six digits."""
    return f"{value:.0f}" if float(value).is_integer() and abs(value) < 1e15 else f"{value:.6g}"
