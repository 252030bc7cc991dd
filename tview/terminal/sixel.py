"""Sixel: exact pixels in as many greys as its percents can tell apart (DEC STD 070; xterm's ctlseqs)."""

from math import lcm
from typing import TYPE_CHECKING

from tview.terminal.cursor import at, blank, in_scrollback
from tview.terminal.encoder import Painting
from tview.terminal.facts import TerminalFacts
from tview.terminal.palette import MOST_GREYS, colour_numbers, grey_numbers, grey_percents
from tview.terminal.picture import as_drawn, boxed, stretched
from tview.terminal.sixel_bands import LONGEST_RUN, encode_bands

if TYPE_CHECKING:
    from tview.terminal.picture import Picture

_REGISTERS = 256  # what terminals have that do not say
_DRAFT_GREYS = 32


class SixelEncoder:
    """At most 101 greys, fewer where the terminal has fewer colour registers; a draft has 32, which halves the bytes."""

    name = "sixel"
    pixel_aspect = 1.0
    scales = False

    def __init__(self, facts: TerminalFacts) -> None:
        self._cell_width_px, self._cell_height_px = facts.cell_px
        self._max_width_px, self._max_height_px = facts.sixel_max or (LONGEST_RUN, LONGEST_RUN)
        # tmux 3.5a maps whole cells of the picture to whole bands, leaving rows out where the two differ.
        self._step_px = (self._cell_width_px, lcm(self._cell_height_px, 6)) if facts.tmux else (1, 6)
        self._in_tmux = facts.tmux
        self._registers = min(256, max(2, facts.sixel_colours or _REGISTERS))
        self.grey_levels = min(MOST_GREYS, self._registers)
        self.draft_grey_levels = min(_DRAFT_GREYS, self.grey_levels)

    def fit(self, columns: int, rows: int) -> tuple[int, int]:
        """The pane's cells in pixels, within the terminal's largest picture; a multiple of 6 high, so that no band leaves the pane.

        In tmux, whole cells that are whole bands.
        """
        height_px, width_px = min(rows * self._cell_height_px, self._max_height_px), min(columns * self._cell_width_px, self._max_width_px)
        step_x, step_y = self._step_px
        return height_px // step_y * step_y or height_px, min(width_px // step_x * step_x or width_px, LONGEST_RUN)

    def paint(
        self, picture: "Picture", cell_x: int, cell_y: int, columns: int, rows: int, *, pane: int = 0, draft: bool = False
    ) -> Painting:
        """See `Encoder.paint`."""
        place = stretched if draft else boxed
        data = self._encode(place(as_drawn(picture), *self.fit(columns, rows)), draft)
        return Painting(at(cell_x, cell_y, data), blank(cell_x, cell_y, columns, rows))

    def erase(self, pane: int = 0) -> bytes:
        """See `Encoder.erase`: the terminal keeps nothing, what is written over the picture replaces it."""
        return b""

    def inline(self, picture: "Picture") -> bytes:
        """See `Encoder.inline`."""
        picture = as_drawn(picture)[: self._max_height_px, : min(self._max_width_px, LONGEST_RUN)]
        if self._in_tmux:
            step_x, step_y = self._step_px
            picture = boxed(picture, -(-picture.shape[0] // step_y) * step_y, -(-picture.shape[1] // step_x) * step_x)
        lines = -(-picture.shape[0] // self._cell_height_px)
        return in_scrollback(lines, self._encode(picture, draft=False))

    def _encode(self, picture: "Picture", draft: bool) -> bytes:
        greys = self.draft_grey_levels if draft else self.grey_levels
        percents = [(percent, percent, percent) for percent in grey_percents(greys)]
        if picture.ndim == 2:
            numbers = grey_numbers(picture, greys)
        else:
            greys = min(greys, max(2, self._registers // 2))
            percents = [(percent, percent, percent) for percent in grey_percents(greys)]
            numbers, colours = colour_numbers(picture, greys, self._registers - greys)
            percents += colours
        registers = b"".join(b"#%d;2;%d;%d;%d" % (number, *percent) for number, percent in enumerate(percents))
        raster = b'"1;1;%d;%d' % (picture.shape[1], picture.shape[0])
        return b"\x1bP0;1;0q" + raster + registers + encode_bands(numbers, len(percents)) + b"\x1b\\"
