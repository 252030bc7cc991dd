"""Families of block characters: which part of a cell a character paints in the foreground colour.

A cell is a grid of samples, fine enough for the edges of all characters of the family. Of two characters that are each other's negative
one is enough: the colours change places. Those kept paint the upper left corner, and the cell of one colour is a space.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

UPPER_HALF_BLOCK = "▀"
_QUADRANTS = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"
_LOWER_EIGHTHS, _LEFT_EIGHTHS = " ▁▂▃▄▅▆▇█", " ▏▎▍▌▋▊▉█"
_FIRST_SEXTANT, _FIRST_OCTANT = 0x1FB00, 0x1CD00

Mask = tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class GlyphFamily:
    """`grid` is (rows, columns) of samples a cell; `glyphs` pairs of what is painted, row by row, and the character, the space first.

    `pixels` is (rows, columns) of what a reader may take for pixels of a cell.
    """

    name: str
    grid: tuple[int, int]
    pixels: tuple[int, int]
    glyphs: tuple[tuple[Mask, str], ...]


def _quadrants() -> dict[int, str]:
    return dict(enumerate(_QUADRANTS))


def _sextants() -> dict[int, str]:
    """U+1FB00-1FB3B count on in the order of their masks, leaving out the four that are older (Unicode 13, "BLOCK SEXTANT-1" and on)."""
    older = {0: " ", 0b010101: "▌", 0b101010: "▐", 0b111111: "█"}
    return _counted(64, older, _FIRST_SEXTANT)


def _octants() -> dict[int, str]:
    """U+1CD00-1CDE5 likewise, leaving out 26 (Unicode 16, "BLOCK OCTANT-3" and on)."""
    older = {_doubled(mask): glyph for mask, glyph in _quadrants().items()}
    older |= {0x03: "\U0001fb82", 0x3F: "\U0001fb85", 0xC0: "▂", 0xFC: "▆"}  # upper and lower quarters
    older |= {0x01: "\U0001cea8", 0x02: "\U0001ceab", 0x40: "\U0001cea3", 0x80: "\U0001cea0"}  # quarters of a half
    older |= {0x14: "\U0001fbe6", 0x28: "\U0001fbe7"}  # the middle of the left and of the right half
    return _counted(256, older, _FIRST_OCTANT)


def _counted(masks: int, older: dict[int, str], first: int) -> dict[int, str]:
    new = (mask for mask in range(masks) if mask not in older)
    return older | {mask: chr(first + number) for number, mask in enumerate(new)}


def _doubled(mask: int) -> int:
    """The mask of a quadrant as one of eight pixels: each row twice."""
    upper, lower = mask & 3, mask >> 2
    return upper | upper << 2 | lower << 4 | lower << 6


def _mosaic(grid: tuple[int, int], pixels: tuple[int, int], characters: dict[int, str]) -> dict[Mask, str]:
    """Characters by masks with a bit a pixel, row by row from the upper left, bit 0 first; the pixels spread over the grid."""
    places = [
        (row * pixels[0] // grid[0]) * pixels[1] + column * pixels[1] // grid[1] for row in range(grid[0]) for column in range(grid[1])
    ]
    return {tuple(bool(mask >> place & 1) for place in places): glyph for mask, glyph in characters.items()}


def _bars(grid: tuple[int, int]) -> dict[Mask, str]:
    """Bars from below and from the left, as far as their edges fall on the grid."""
    rows, columns = grid
    bars = {}
    for eighths in range(1, 8):
        if rows * eighths % 8 == 0:
            first = rows - rows * eighths // 8
            bars[tuple(row >= first for row in range(rows) for _ in range(columns))] = _LOWER_EIGHTHS[eighths]
        if columns * eighths % 8 == 0:
            bars[tuple(column < columns * eighths // 8 for _ in range(rows) for column in range(columns))] = _LEFT_EIGHTHS[eighths]
    return bars


def _family(name: str, grid: tuple[int, int], pixels: tuple[int, int], *parts: dict[Mask, str]) -> GlyphFamily:
    kept: dict[Mask, str] = {(True,) * (grid[0] * grid[1]): " "}
    for part in parts:
        for mask, glyph in part.items():
            if mask not in kept and tuple(not inside for inside in mask) not in kept:
                kept[mask] = glyph
    return GlyphFamily(name, grid, pixels, tuple(kept.items()))


@cache
def glyph_family(name: str) -> GlyphFamily:
    """The family of a name of GLYPHS. Raises `KeyError` for another name."""
    return _FAMILIES[name]()


def _half() -> GlyphFamily:
    return _family("half", (2, 2), (2, 1), _mosaic((2, 2), (2, 2), {0b0011: UPPER_HALF_BLOCK, 0b0101: "▌"}))


def _quadrant() -> GlyphFamily:
    grid = (8, 8)
    return _family("quadrant", grid, (2, 2), _mosaic(grid, (2, 2), _quadrants()), _bars(grid))


def _sextant() -> GlyphFamily:
    grid = (24, 8)
    return _family("sextant", grid, (3, 2), _mosaic(grid, (3, 2), _sextants()), _mosaic(grid, (2, 2), _quadrants()), _bars(grid))


def _octant() -> GlyphFamily:
    grid = (8, 4)
    return _family("octant", grid, (4, 2), _mosaic(grid, (4, 2), _octants()), _bars(grid))


_FAMILIES: MappingProxyType[str, Callable[[], GlyphFamily]] = MappingProxyType(
    {"half": _half, "quadrant": _quadrant, "sextant": _sextant, "octant": _octant}
)

SPACES = GlyphFamily("space", (1, 1), (1, 1), (((True,), " "),))
"""One pixel a cell, as background: for a locale that can print nothing else."""

GLYPHS = MappingProxyType(
    {
        "half": "half blocks, 2 pixels a cell: every font has them",
        "quadrant": "quadrants, 4 pixels a cell: most fonts have them",
        "sextant": "sextants, 6 pixels a cell (Unicode 13): where the terminal draws them itself",
        "octant": "octants, 8 pixels a cell (Unicode 16): where the terminal draws them itself",
    }
)
"""The names for `--blocks`, coarse to fine, and what they are."""
