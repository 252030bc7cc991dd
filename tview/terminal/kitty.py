"""kitty's graphics protocol, direct placement: https://sw.kovidgoyal.net/kitty/graphics-protocol/

The picture lies over the text (z = 0), and a sheet over it is left out of it: the stored image is placed in up to four parts around the
sheet (`stored`). With any picture below the text (z < 0) kitty 0.26.5 on Mesa's software renderer draws every cell background of the
window in wrong colours, half transparent; 0.41.1 does not. One image number a pane: the next picture takes the place of the last one in
the terminal's memory. Never an answer (q=2): the program reading keys would get it.
"""

from base64 import b64encode
from typing import TYPE_CHECKING

from tview.terminal.cursor import at, in_scrollback
from tview.terminal.encoder import Painting
from tview.terminal.facts import TerminalFacts
from tview.terminal.picture import as_drawn, boxed
from tview.terminal.png import encode_png

if TYPE_CHECKING:
    from tview.terminal.picture import Picture

FIRST_IMAGE_ID = 0x747600
_CHUNK = 4096


class KittyEncoder:
    """Exact pixels, all 256 greys; a draft is scaled by the terminal (bilinear)."""

    name = "kitty"
    grey_levels = 256
    draft_grey_levels = 256
    pixel_aspect = 1.0
    scales = True

    def __init__(self, facts: TerminalFacts) -> None:
        self._cell_width_px, self._cell_height_px = facts.cell_px
        self._cell_is_known = facts.cell_height_px is not None

    def fit(self, columns: int, rows: int) -> tuple[int, int]:
        """The pane's cells in pixels."""
        return rows * self._cell_height_px, columns * self._cell_width_px

    def paint(
        self, picture: "Picture", cell_x: int, cell_y: int, columns: int, rows: int, *, pane: int = 0, draft: bool = False
    ) -> Painting:
        """See `Encoder.paint`."""
        picture = as_drawn(picture)
        place = f"a=T,f=100,i={FIRST_IMAGE_ID + pane},p=1,q=2,C=1"
        if draft:
            place += f",c={columns},r={rows}"
        else:
            picture = boxed(picture, *self.fit(columns, rows))
        return Painting(at(cell_x, cell_y, transmission(place, encode_png(picture))), self.erase(pane))

    def erase(self, pane: int = 0) -> bytes:
        """See `Encoder.erase`. Lower-case d=i would take the picture off the screen and keep it in memory."""
        return b"\x1b_Ga=d,d=I,i=%d,q=2\x1b\\" % (FIRST_IMAGE_ID + pane)

    def inline(self, picture: "Picture") -> bytes:
        """See `Encoder.inline`. Without an image number, so that the next one leaves it in the scrollback."""
        picture = as_drawn(picture)
        if not self._cell_is_known:  # how many lines it takes is known to the terminal alone; it leaves the cursor on the last one
            return b"\r%s\r\n" % transmission("a=T,f=100,q=2", encode_png(picture))
        lines = -(-picture.shape[0] // self._cell_height_px)
        return in_scrollback(lines, transmission("a=T,f=100,q=2,C=1", encode_png(picture)))


def around(box: tuple[int, int, int, int], hole: tuple[int, int, int, int]) -> list[tuple[int, int, int, int]]:
    """What is left of a box of cells: above, below, left and right of the hole."""
    x, y, columns, rows = box
    left, top = max(hole[0], x), max(hole[1], y)
    right, bottom = min(hole[0] + hole[2], x + columns), min(hole[1] + hole[3], y + rows)
    if left >= right or top >= bottom:
        return [box]
    parts = [
        (x, y, columns, top - y),
        (x, bottom, columns, y + rows - bottom),
        (x, top, left - x, bottom - top),
        (right, top, x + columns - right, bottom - top),
    ]
    return [part for part in parts if part[2] > 0 and part[3] > 0]


def transmission(control: str, data: bytes) -> bytes:
    """The data in APC pieces of at most 4096 characters of base64; the first one carries the control keys, the rest only m (and q)."""
    text = b64encode(data)
    if len(text) <= _CHUNK:
        return b"\x1b_G%s;%s\x1b\\" % (control.encode(), text)
    parts = [b"\x1b_G%s,m=1;%s\x1b\\" % (control.encode(), text[:_CHUNK])]
    last = (len(text) - 1) // _CHUNK * _CHUNK
    parts += [b"\x1b_Gm=1,q=2;%s\x1b\\" % text[start : start + _CHUNK] for start in range(_CHUNK, last, _CHUNK)]
    parts.append(b"\x1b_Gm=0,q=2;%s\x1b\\" % text[last:])
    return b"".join(parts)
