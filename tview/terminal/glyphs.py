"""Families of block characters: which pixels of a cell a character paints in the foreground colour.

A mask has one bit a pixel, row by row from the upper left, bit 0 first. Of two characters that are each other's negative one is enough:
the colours change places. Those kept have bit 0 set, and the cell of one colour is a space.
"""

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

UPPER_HALF_BLOCK = "▀"
_QUADRANTS = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"
_FIRST_SEXTANT, _FIRST_OCTANT = 0x1FB00, 0x1CD00


@dataclass(frozen=True, slots=True)
class GlyphFamily:
    """`rows` x `columns` pixels a cell, and the characters that tell them apart as pairs of mask and character, the space first."""

    name: str
    rows: int
    columns: int
    glyphs: tuple[tuple[int, str], ...]


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


def _family(name: str, rows: int, columns: int, characters: dict[int, str]) -> GlyphFamily:
    whole = (1 << rows * columns) - 1
    odd = ((mask, glyph) for mask, glyph in sorted(characters.items()) if mask & 1 and mask != whole)
    return GlyphFamily(name, rows, columns, ((whole, " "), *odd))


@cache
def glyph_family(name: str) -> GlyphFamily:
    """The family of a name of GLYPHS. Raises `KeyError` for another name."""
    return {
        "half": lambda: _family("half", 2, 2, {0b0011: UPPER_HALF_BLOCK, 0b0101: "▌"}),
        "quadrant": lambda: _family("quadrant", 2, 2, _quadrants()),
        "sextant": lambda: _family("sextant", 3, 2, _sextants()),
        "octant": lambda: _family("octant", 4, 2, _octants()),
    }[name]()


UPPER_HALF = GlyphFamily("half", 2, 1, ((0b11, " "), (0b01, UPPER_HALF_BLOCK)))
"""Two pixels, two colours: whatever pattern the pixels have, it comes out. For few colours, where the pattern makes the greys."""

SPACES = GlyphFamily("space", 1, 1, ((0b1, " "),))
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
