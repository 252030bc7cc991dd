"""kitty graphics through tmux: the picture is handed past tmux once, and text cells say where its pieces go.

Each cell is U+10EEEE with two or three combining marks: row, column, and the high byte of the image number, whose low byte is the
foreground colour. tmux moves these cells like any text. https://sw.kovidgoyal.net/kitty/graphics-protocol/#unicode-placeholders
"""

import os
from typing import TYPE_CHECKING

from tview.terminal.cursor import blank
from tview.terminal.encoder import Painting
from tview.terminal.facts import TerminalFacts
from tview.terminal.kitty import transmission
from tview.terminal.picture import as_drawn, boxed
from tview.terminal.png import encode_png
from tview.terminal.tmux import wrap

if TYPE_CHECKING:
    from tview.terminal.picture import Picture

_PLACEHOLDER = "\U0010eeee"

_RANGES = (
    "305 30d-30e 310 312 33d-33f 346 34a-34c 350-352 357 35b 363-36f 483-487 592-595 597-599 59c-5a1 5a8-5a9 5ab-5ac 5af 5c4 "
    "610-617 657-65b 65d-65e 6d6-6dc 6df-6e2 6e4 6e7-6e8 6eb-6ec 730 732-733 735-736 73a 73d 73f-741 743 745 747 749-74a "
    "7eb-7f1 7f3 816-819 81b-823 825-827 829-82d 951 953-954 f82-f83 f86-f87 135d-135f 17dd 193a 1a17 1a75-1a7c 1b6b "
    "1b6d-1b73 1cd0-1cd2 1cda-1cdb 1ce0 1dc0-1dc1 1dc3-1dc9 1dcb-1dcc 1dd1-1de6 1dfe 20d0-20d1 20d4-20d7 20db-20dc 20e1 20e7 "
    "20e9 20f0 2cef-2cf1 2de0-2dff a66f a67c-a67d a6f0-a6f1 a8e0-a8f1 aab0 aab2-aab3 aab7-aab8 aabe-aabf aac1 fe20-fe26 10a0f "
    "10a38 1d185-1d189 1d1aa-1d1ad 1d242-1d244"
)


def _marks() -> str:
    """The combining marks that stand for 0, 1, 2 and so on, as the protocol lists them."""
    marks = []
    for part in _RANGES.split():
        first, _, last = part.partition("-")
        marks += [chr(code) for code in range(int(first, 16), int(last or first, 16) + 1)]
    return "".join(marks)


class PlaceholderEncoder:
    """Exact pixels, all 256 greys. The picture has to be exactly its cells in pixels, or the terminal resamples it."""

    name = "placeholders"
    grey_levels = 256
    draft_grey_levels = 256
    pixel_aspect = 1.0
    scales = True

    def __init__(self, facts: TerminalFacts, high_byte: int | None = None) -> None:
        self._cell_width_px, self._cell_height_px = facts.cell_px
        self._wrap = facts.tmux
        self._marks = _marks()
        # Panes of one tmux share a terminal's image numbers: two programs must not take each other's.
        self._high_byte = high_byte if high_byte is not None else 1 + os.getpid() % 255

    def fit(self, columns: int, rows: int) -> tuple[int, int]:
        """The pane's cells in pixels; at most as many cells as there are marks, 297 each way."""
        return min(rows, len(self._marks)) * self._cell_height_px, min(columns, len(self._marks)) * self._cell_width_px

    def paint(
        self, picture: "Picture", cell_x: int, cell_y: int, columns: int, rows: int, *, pane: int = 0, draft: bool = False
    ) -> Painting:
        """See `Encoder.paint`."""
        columns, rows = min(columns, len(self._marks)), min(rows, len(self._marks))
        picture = as_drawn(picture)
        if not draft:
            picture = boxed(picture, *self.fit(columns, rows))
        number = self._number(pane)
        lines = self._lines(number, columns, rows)
        text = b"".join(b"\x1b[%d;%dH%s" % (cell_y + row + 1, cell_x + 1, line) for row, line in enumerate(lines))
        return Painting(
            self._sent(picture, number, columns, rows) + b"\x1b7" + text + b"\x1b8",
            self.erase(pane) + blank(cell_x, cell_y, columns, rows),
        )

    def erase(self, pane: int = 0) -> bytes:
        """See `Encoder.erase`."""
        return self._passed(b"\x1b_Ga=d,d=I,i=%d,q=2\x1b\\" % self._number(pane))

    def inline(self, picture: "Picture") -> bytes:
        """See `Encoder.inline`. Padded to whole cells; under a number that no later picture takes soon."""
        picture = as_drawn(picture)
        rows, columns = -(-picture.shape[0] // self._cell_height_px), -(-picture.shape[1] // self._cell_width_px)
        columns, rows = min(columns, len(self._marks)), min(rows, len(self._marks))
        number = self._number(os.getpid() >> 8 & 0xFF)
        sent = self._sent(boxed(picture, *self.fit(columns, rows)), number, columns, rows)
        return sent + b"".join(b"%s\r\n" % line for line in self._lines(number, columns, rows))

    def _number(self, pane: int) -> int:
        """Low byte 1 to 255: a foreground colour of 0 would be no number."""
        return self._high_byte << 24 | (pane % 255 + 1)

    def _sent(self, picture: "Picture", number: int, columns: int, rows: int) -> bytes:
        """Transmission with a virtual placement of so many cells, each APC wrapped on its own: tmux limits the length of one."""
        data = transmission(f"a=T,U=1,f=100,i={number},p=1,q=2,c={columns},r={rows}", encode_png(picture))
        return b"".join(self._passed(piece + b"\x1b\\") for piece in data.split(b"\x1b\\") if piece)

    def _passed(self, data: bytes) -> bytes:
        return wrap(data) if self._wrap else data

    def _lines(self, number: int, columns: int, rows: int) -> list[bytes]:
        high = self._marks[number >> 24]
        colour = f"\x1b[0;38;5;{number & 0xFF}m"
        lines = []
        for row in self._marks[:rows]:
            cells = (f"{_PLACEHOLDER}{row}{column}{high}" for column in self._marks[:columns])
            lines.append(f"{colour}{''.join(cells)}\x1b[m".encode())
        return lines
