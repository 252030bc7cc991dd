"""Pictures out of characters: in every cell the block character and the two colours that come nearest to the picture."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from tview.terminal.cell_fit import fit_cells
from tview.terminal.cursor import blank
from tview.terminal.encoder import Painting
from tview.terminal.facts import TRUE_COLOUR, TerminalFacts
from tview.terminal.glyphs import SPACES, UPPER_HALF_BLOCK, glyph_family
from tview.terminal.half_cells import half_cells
from tview.terminal.picture import as_drawn, boxed, stretched
from tview.terminal.text_colours import COLOUR_SETS, ColourSet

if TYPE_CHECKING:
    import numpy as np

    from tview.terminal.picture import Picture

    Array = np.ndarray[Any, np.dtype[Any]]


class Run(NamedTuple):
    """Neighbouring cells of the same two colours. Colours are 0xRRGGBB where the terminal has 1 << 24 of them, else palette numbers."""

    text: str
    foreground: int
    background: int


@dataclass(frozen=True, slots=True)
class Cells:
    """A picture as rows of runs; together the runs of a row are as wide as the pane."""

    rows: tuple[tuple[Run, ...], ...]
    colours: int


class BlocksEncoder:
    """Two to eight pixels a cell, in whatever colours text has; under a locale without Unicode one pixel a cell, as background."""

    name = "blocks"
    scales = False

    def __init__(self, facts: TerminalFacts) -> None:
        self._set: ColourSet = COLOUR_SETS[facts.colours]
        self._family = glyph_family(facts.glyphs) if facts.unicode else SPACES
        cell_width_px, cell_height_px = facts.cell_px
        self.grey_levels = self.draft_grey_levels = self._set.grey_levels
        self.pixel_aspect = cell_height_px / self._family.grid[0] / (cell_width_px / self._family.grid[1])
        self.samples_per_pixel = self._family.grid[1] / self._family.pixels[1]

    @property
    def glyphs(self) -> str:
        """The name of the family of characters in use."""
        return self._family.name

    def fit(self, columns: int, rows: int) -> tuple[int, int]:
        """So many samples a cell as the characters have edges. They are `pixel_aspect` times as high as wide."""
        return self._family.grid[0] * rows, self._family.grid[1] * columns

    def cells(self, picture: "Picture", columns: int, rows: int, *, draft: bool = False) -> Cells:
        """The picture as text for a pane of so many cells, placed as `Encoder.paint` does.

        Half blocks in 24-bit colour are textual-image's, but where left and right differ more than above and below. `inline` gets the same
        cells without importing it (43 ms).
        """
        place = stretched if draft else boxed
        return self._cells(place(as_drawn(picture), *self.fit(columns, rows)), self._set.colours == TRUE_COLOUR and self.glyphs == "half")

    def paint(
        self, picture: "Picture", cell_x: int, cell_y: int, columns: int, rows: int, *, pane: int = 0, draft: bool = False
    ) -> Painting:
        """See `Encoder.paint`."""
        lines = _spelled(self.cells(picture, columns, rows, draft=draft))
        placed = b"".join(b"\x1b[%d;%dH%s" % (cell_y + row + 1, cell_x + 1, line) for row, line in enumerate(lines))
        return Painting(b"\x1b7%s\x1b8" % placed, blank(cell_x, cell_y, columns, rows))

    def erase(self, pane: int = 0) -> bytes:
        """See `Encoder.erase`: the terminal keeps nothing."""
        return b""

    def inline(self, picture: "Picture") -> bytes:
        """See `Encoder.inline`."""
        picture = as_drawn(picture)
        rows, columns = (-(-size // samples) for size, samples in zip(picture.shape, self._family.grid, strict=False))
        return b"".join(line + b"\r\n" for line in _spelled(self._cells(boxed(picture, *self.fit(columns, rows)))))

    def _cells(self, picture: "Picture", with_half_cells: bool = False) -> Cells:
        fitted = fit_cells(picture, self._family, self._set.greys, self._set.evenness)
        characters = [glyph for _, glyph in self._family.glyphs]
        foreground, background = self._set.numbers(fitted.foreground), self._set.numbers(fitted.background)
        if with_half_cells:
            _take_half_cells(picture, fitted.glyph == characters.index(UPPER_HALF_BLOCK), foreground, background)
        rows = (_runs(*row, characters) for row in zip(fitted.glyph, foreground, background, strict=True))
        return Cells(tuple(rows), self._set.colours)


def _take_half_cells(picture: "Picture", here: "Array", foreground: "Array", background: "Array") -> None:
    """Put textual-image's colours into the cells that are upper half blocks; where it cannot draw, ours stay, which are the same."""
    import numpy as np

    wide = picture.astype(np.uint16)
    narrow = ((wide[:, 0::2] + wide[:, 1::2]) // 2).astype(np.uint8)
    try:
        drawn = half_cells(narrow)
    except (ImportError, AttributeError):  # AttributeError: Pillow 14 drops a method that textual-image 0.12 calls
        return
    for row, column in np.argwhere(here).tolist():
        _, foreground[row, column], background[row, column] = drawn[row][column]


def _runs(glyph: "Array", foreground: "Array", background: "Array", characters: list[str]) -> tuple[Run, ...]:
    import numpy as np

    text = "".join([characters[number] for number in glyph.tolist()])
    cut = np.flatnonzero((foreground[1:] != foreground[:-1]) | (background[1:] != background[:-1])) + 1
    starts = np.concatenate(([0], cut))
    spans = zip(starts.tolist(), [*cut.tolist(), len(glyph)], foreground[starts].tolist(), background[starts].tolist(), strict=True)
    return tuple(Run(text[start:end], fore, back) for start, end, fore, back in spans)


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
