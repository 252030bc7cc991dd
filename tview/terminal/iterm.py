"""Inline images of iTerm2, OSC 1337: https://iterm2.com/documentation-images.html

Sizes are given in cells: pixels there are points, half a pixel on many screens.
"""

from base64 import b64encode
from typing import TYPE_CHECKING

from tview.terminal.cursor import at, blank, in_scrollback
from tview.terminal.encoder import Painting
from tview.terminal.facts import TerminalFacts
from tview.terminal.picture import as_drawn, boxed
from tview.terminal.png import encode_png

if TYPE_CHECKING:
    from tview.terminal.picture import Picture


class ItermEncoder:
    """All 256 greys; a draft is scaled by the terminal."""

    name = "iterm"
    grey_levels = 256
    draft_grey_levels = 256
    pixel_aspect = 1.0
    scales = True

    def __init__(self, facts: TerminalFacts) -> None:
        self._cell_width_px, self._cell_height_px = facts.cell_px

    def fit(self, columns: int, rows: int) -> tuple[int, int]:
        """The pane's cells in pixels."""
        return rows * self._cell_height_px, columns * self._cell_width_px

    def paint(
        self, picture: "Picture", cell_x: int, cell_y: int, columns: int, rows: int, *, pane: int = 0, draft: bool = False
    ) -> Painting:
        """See `Encoder.paint`."""
        picture = as_drawn(picture)
        if not draft:
            picture = boxed(picture, *self.fit(columns, rows))
        return Painting(at(cell_x, cell_y, _osc(picture, columns, rows)), blank(cell_x, cell_y, columns, rows))

    def erase(self, pane: int = 0) -> bytes:
        """See `Encoder.erase`: what is written over the picture replaces it."""
        return b""

    def inline(self, picture: "Picture") -> bytes:
        """See `Encoder.inline`. Padded to whole cells, since that is what sizes are given in."""
        picture = as_drawn(picture)
        rows, columns = -(-picture.shape[0] // self._cell_height_px), -(-picture.shape[1] // self._cell_width_px)
        return in_scrollback(rows, _osc(boxed(picture, *self.fit(columns, rows)), columns, rows))


def _osc(picture: "Picture", columns: int, rows: int) -> bytes:
    data = encode_png(picture)
    return b"\x1b]1337;File=inline=1;size=%d;width=%d;height=%d;preserveAspectRatio=0;doNotMoveCursor=1:%s\x07" % (
        len(data),
        columns,
        rows,
        b64encode(data),
    )
