"""The colours text can have: which number to give for a pixel. Greys stay greys."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from tview.terminal.facts import TRUE_COLOUR

if TYPE_CHECKING:
    import numpy as np

    from tview.terminal.picture import Picture

    Array = np.ndarray[Any, np.dtype[Any]]

CUBE_LEVELS = (0, 95, 135, 175, 215, 255)
_CUBE_GREYS = {level: 16 + 43 * step for step, level in enumerate(CUBE_LEVELS)}
_RAMP_GREYS = {8 + 10 * step: 232 + step for step in range(24)}
GREYS_OF_256 = MappingProxyType(dict(sorted((_CUBE_GREYS | _RAMP_GREYS).items())))
"""Grey level to number: the ramp 232-255 and the grey corner of the cube, 30 levels. The first 16 numbers depend on the theme."""

GREYS_OF_16 = MappingProxyType({0: 0, 85: 8, 170: 7, 255: 15})
"""As the VGA text console has them; other themes differ."""

_COLOURS_OF_16 = ((170, 0, 0), (0, 170, 0), (170, 85, 0), (0, 0, 170), (170, 0, 170), (0, 170, 170))
_NEARLY_GREY = 12
_EVENNESS_OF_16 = 2.0


@dataclass(frozen=True, slots=True)
class ColourSet:
    """How many colours there are, and how many greys among them.

    `numbers` takes uint8 (rows, columns[, 3]) to int32 (rows, columns), each the nearest that there is. `greys` are the values of the
    greys, None for all 256. `evenness` is how much characters have to make up for greys that are missing, see `fit_cells`.
    """

    colours: int
    grey_levels: int
    numbers: Callable[["Picture"], "Array"]
    greys: tuple[int, ...] | None = None
    evenness: float = 0.0


def _true_colours(picture: "Picture") -> "Array":
    import numpy as np

    wide = picture.astype(np.int32)
    packed: Array = wide * 0x010101 if picture.ndim == 2 else wide[..., 0] << 16 | wide[..., 1] << 8 | wide[..., 2]
    return packed


def _colours_of_256(picture: "Picture") -> "Array":
    """Greys to the nearest of 30, colours to the nearest of the 6x6x6 cube, channel by channel."""
    import numpy as np

    greys: Array = _nearest(tuple(GREYS_OF_256.items()))[picture if picture.ndim == 2 else picture[..., 1]]
    if picture.ndim == 2:
        return greys
    steps = _nearest(tuple((level, step) for step, level in enumerate(CUBE_LEVELS)))[picture]
    return np.where(_coloured(picture), 16 + 36 * steps[..., 0] + 6 * steps[..., 1] + steps[..., 2], greys)


def _colours_of_16(picture: "Picture") -> "Array":
    """Greys to the nearest of four, strong colours to the nearest of six."""
    import numpy as np

    numbers: Array = _nearest(tuple(GREYS_OF_16.items()))[picture if picture.ndim == 2 else picture[..., 1]]
    return numbers if picture.ndim == 2 else np.where(_coloured(picture), 1 + _nearest_colour(picture), numbers)


def _nearest_colour(picture: "Picture") -> "Array":
    import numpy as np

    distance = ((picture[..., None, :].astype(np.int32) - np.array(_COLOURS_OF_16)) ** 2).sum(axis=-1)
    nearest: Array = distance.argmin(axis=-1)
    return nearest


def _coloured(picture: "Picture") -> "Array":
    coloured: Array = picture.max(axis=-1) - picture.min(axis=-1) > _NEARLY_GREY
    return coloured


@cache
def _nearest(levels: tuple[tuple[int, int], ...]) -> "Array":
    """A table of 256: for each value the number that goes with the nearest of the levels."""
    import numpy as np

    values = np.array([level for level, _ in levels])
    numbers = np.array([number for _, number in levels], np.int32)
    nearest: Array = numbers[np.abs(np.arange(256)[:, None] - values).argmin(axis=1)]
    return nearest


COLOUR_SETS: Mapping[int, ColourSet] = MappingProxyType(
    {
        TRUE_COLOUR: ColourSet(TRUE_COLOUR, 256, _true_colours),
        256: ColourSet(256, len(GREYS_OF_256), _colours_of_256, tuple(GREYS_OF_256)),
        16: ColourSet(16, len(GREYS_OF_16), _colours_of_16, tuple(GREYS_OF_16), _EVENNESS_OF_16),
    }
)
