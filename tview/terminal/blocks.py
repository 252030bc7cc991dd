"""Pictures out of characters: the upper half block, its foreground the upper pixel, its background the lower one."""

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from tview.terminal.cursor import blank
from tview.terminal.encoder import Painting
from tview.terminal.facts import TRUE_COLOUR, TerminalFacts
from tview.terminal.half_cells import half_cells
from tview.terminal.picture import as_drawn, boxed, stretched
from tview.terminal.text_colours import COLOUR_SETS, ColourSet

if TYPE_CHECKING:
    import numpy as np

    from tview.terminal.picture import Picture

    Array = np.ndarray[Any, np.dtype[Any]]

HALF_BLOCK = "▀"


class Run(NamedTuple):
    """Neighbouring cells that look alike. Colours are 0xRRGGBB where the terminal has 1 << 24 of them, else palette numbers."""

    text: str
    foreground: int
    background: int


@dataclass(frozen=True, slots=True)
class Cells:
    """A picture as rows of runs; together the runs of a row are as wide as the pane."""

    rows: tuple[tuple[Run, ...], ...]
    colours: int


class BlocksEncoder:
    """Two pixels a cell, in whatever colours text has; under a locale without Unicode one pixel a cell, as background."""

    name = "blocks"
    scales = False

    def __init__(self, facts: TerminalFacts) -> None:
        self._set: ColourSet = COLOUR_SETS[facts.colours]
        self._unicode = facts.unicode
        cell_width_px, cell_height_px = facts.cell_px
        self.grey_levels = self.draft_grey_levels = self._set.grey_levels
        self.pixel_aspect = cell_height_px / 2 / cell_width_px

    def fit(self, columns: int, rows: int) -> tuple[int, int]:
        """Two pixels to a cell, one above the other. They are `pixel_aspect` times as high as wide."""
        return 2 * rows, columns

    def cells(self, picture: "Picture", columns: int, rows: int, *, draft: bool = False) -> Cells:
        """The picture as text for a pane of so many cells, placed as `Encoder.paint` does.

        In 24-bit colour textual-image draws them; `paint` and `inline` get the same cells without importing it (43 ms).
        """
        place = stretched if draft else boxed
        picture = place(as_drawn(picture), *self.fit(columns, rows))
        if self._set.colours == TRUE_COLOUR and self._unicode:
            try:
                return Cells(tuple(_joined(row) for row in half_cells(picture)), TRUE_COLOUR)
            except (ImportError, AttributeError):  # AttributeError: Pillow 14 drops a method that textual-image 0.12 calls
                pass
        return self._cells(picture)

    def paint(
        self, picture: "Picture", cell_x: int, cell_y: int, columns: int, rows: int, *, pane: int = 0, draft: bool = False
    ) -> Painting:
        """See `Encoder.paint`."""
        place = stretched if draft else boxed
        lines = _spelled(self._cells(place(as_drawn(picture), *self.fit(columns, rows))))
        placed = b"".join(b"\x1b[%d;%dH%s" % (cell_y + row + 1, cell_x + 1, line) for row, line in enumerate(lines))
        return Painting(b"\x1b7%s\x1b8" % placed, blank(cell_x, cell_y, columns, rows))

    def erase(self, pane: int = 0) -> bytes:
        """See `Encoder.erase`: the terminal keeps nothing."""
        return b""

    def inline(self, picture: "Picture") -> bytes:
        """See `Encoder.inline`."""
        picture = as_drawn(picture)
        columns, rows = picture.shape[1], -(-picture.shape[0] // 2)
        return b"".join(line + b"\r\n" for line in _spelled(self._cells(boxed(picture, 2 * rows, columns))))

    def _cells(self, picture: "Picture") -> Cells:
        import numpy as np

        if not self._unicode:
            picture = np.repeat(((picture[0::2].astype(np.uint16) + picture[1::2] + 1) // 2).astype(np.uint8), 2, axis=0)
        numbers = self._set.numbers(picture)
        upper, lower = numbers[0::2], numbers[1::2]
        glyph = HALF_BLOCK if self._unicode else " "
        return Cells(tuple(_runs(upper[row], lower[row], glyph) for row in range(len(upper))), self._set.colours)


def _joined(row: list[tuple[str, int, int]]) -> tuple[Run, ...]:
    return tuple(Run(glyph * sum(1 for _ in cells), foreground, background) for (glyph, foreground, background), cells in groupby(row))


def _runs(upper: "Array", lower: "Array", glyph: str) -> tuple[Run, ...]:
    import numpy as np

    cut = np.flatnonzero((upper[1:] != upper[:-1]) | (lower[1:] != lower[:-1])) + 1
    starts = np.concatenate(([0], cut))
    lengths = np.diff(starts, append=len(upper))
    spans = zip(lengths.tolist(), upper[starts].tolist(), lower[starts].tolist(), strict=True)
    return tuple(Run(glyph * length, above, below) for length, above, below in spans)


def _spelled(cells: Cells) -> list[bytes]:
    """Each row as bytes, ending in the terminal's own colours."""
    spell = _true_colour if cells.colours == TRUE_COLOUR else _palette_colour if cells.colours == 256 else _base_colour
    lines = []
    for row in cells.rows:
        parts, foreground, background = [], -1, -1
        for run in row:
            if codes := ";".join(
                [spell(run.foreground, 30)] * (run.foreground != foreground) + [spell(run.background, 40)] * (run.background != background)
            ):
                parts.append(f"\x1b[{codes}m")
            parts.append(run.text)
            foreground, background = run.foreground, run.background
        lines.append(("".join(parts) + "\x1b[m").encode())
    return lines


def _true_colour(colour: int, base: int) -> str:
    return f"{base + 8};2;{colour >> 16};{colour >> 8 & 255};{colour & 255}"


def _palette_colour(colour: int, base: int) -> str:
    return f"{base + 8};5;{colour}"


def _base_colour(colour: int, base: int) -> str:
    return str(base + colour if colour < 8 else base + 52 + colour)
