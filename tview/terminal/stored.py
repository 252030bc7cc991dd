"""Pictures that stay in a terminal with kitty graphics: sent once, shown by a placement of some 80 bytes as often as they are looked at.

A picture is known by its bytes, so that scrolling back, a cine that goes round, and a sheet that closes send nothing twice. Sending and
placing are apart: the picture travels first, on a slow link for seconds, then the words and the placement in one piece. What has not been
looked at for longest is freed when our share of the terminal's memory (kitty: 320 MB for all programs) is used up.
"""

import threading
from collections import OrderedDict
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from tview.terminal.cursor import at
from tview.terminal.facts import TerminalFacts
from tview.terminal.kitty import FIRST_IMAGE_ID, around, transmission
from tview.terminal.picture import as_drawn, boxed
from tview.terminal.png import encode_png

if TYPE_CHECKING:
    from tview.terminal.picture import Picture

_QUOTA = 240_000_000
_MOST = 480
_BYTES_PER_PIXEL = 4  # kitty keeps RGBA, whatever was sent
_JUST_KEPT = 4
_PARTS = 4
_NUMBERS = count(FIRST_IMAGE_ID + 256)

Box = tuple[int, int, int, int]


class Kept(NamedTuple):
    """A picture in the terminal: its number there, its size in pixels, whether it is stretched over its cells; `send` has to go first."""

    number: int
    rows: int
    columns: int
    stretched: bool
    send: bytes


class PictureStore:
    """What one terminal keeps for us. Any thread may call it."""

    def __init__(self, facts: TerminalFacts, quota: int = _QUOTA) -> None:
        self._cell_width_px, self._cell_height_px = facts.cell_px
        self._quota = quota
        self._lock = threading.Lock()
        self._numbers: OrderedDict[bytes, tuple[int, int]] = OrderedDict()
        self._shown: dict[int, tuple[int, Box | None, Box | None]] = {}

    def keep(self, picture: "Picture", columns: int, rows: int, draft: bool = False) -> Kept:
        """The picture for a pane of so many cells; `send` is empty when the terminal has it already. See `Encoder.paint`."""
        from hashlib import blake2b  # with OpenSSL, which the first paint and `show` do without

        picture = as_drawn(picture)
        if not draft:
            picture = boxed(picture, rows * self._cell_height_px, columns * self._cell_width_px)
        name = blake2b(picture.data, digest_size=16, salt=str(picture.shape).encode()[:16]).digest()
        height, width = picture.shape[:2]
        with self._lock:
            known = self._numbers.pop(name, None)
            if known is not None:
                self._numbers[name] = known
                return Kept(known[0], height, width, draft, b"")
            size = _BYTES_PER_PIXEL * picture.shape[0] * picture.shape[1]
            freed = self._make_room(size)
            number = self._next_number()
            self._numbers[name] = number, size
        return Kept(number, height, width, draft, freed + transmission(f"a=t,f=100,i={number},q=2", encode_png(picture)))

    def place(self, pane: int, kept: Kept, box: Box, hole: Box | None) -> bytes:
        """Show it at the cells of `box` (x, y, columns, rows), all but those of `hole`; what the pane showed before goes.

        b"" when it stands there, and when the picture has been freed meanwhile.
        """
        with self._lock:
            before = self._shown.get(pane)
            if before == (kept.number, box, hole) or all(kept.number != number for number, _ in self._numbers.values()):
                return b""
            self._shown[pane] = kept.number, box, hole
        parts = around(box, hole) if hole else [box]
        data = [self._part(kept, box, part, _PARTS * pane + number) for number, part in enumerate(parts, 1)]
        if before is not None:
            first_other = len(parts) + 1 if before[0] == kept.number else 1
            last_other = len(around(before[1], before[2])) if before[1] and before[2] else 1 if before[1] else _PARTS
            data += [_unplaced(before[0], _PARTS * pane + number) for number in range(first_other, last_other + 1)]
        return b"".join(data)

    def erase(self, pane: int) -> bytes:
        """Take the pane's picture off the screen."""
        with self._lock:
            before = self._shown.pop(pane, None)
        return b"" if before is None else b"".join(_unplaced(before[0], _PARTS * pane + part) for part in range(1, _PARTS + 1))

    def places_lost(self) -> None:
        """The terminal may have moved what it shows: everything is placed anew when it is asked for next."""
        with self._lock:
            self._shown = {pane: (number, None, None) for pane, (number, _, _) in self._shown.items()}

    def free(self) -> bytes:
        """Free everything: at the end, and before the terminal's other screen is left."""
        with self._lock:
            data = b"".join(_freed(number) for number, _ in self._numbers.values())
            self._numbers.clear()
            self._shown.clear()
        return data

    def _part(self, kept: Kept, box: Box, part: Box, placement: int) -> bytes:
        x, y, columns, rows = part
        left, top = (x - box[0]) * kept.columns // box[2], (y - box[1]) * kept.rows // box[3]
        right, bottom = (x - box[0] + columns) * kept.columns // box[2], (y - box[1] + rows) * kept.rows // box[3]
        source = f"x={left},y={top},w={max(1, right - left)},h={max(1, bottom - top)}"
        cells = f",c={columns},r={rows}" if kept.stretched else ""
        return at(x, y, f"\x1b_Ga=p,i={kept.number},p={placement},q=2,C=1,{source}{cells}\x1b\\".encode())

    def _make_room(self, size: int) -> bytes:
        """Forget the oldest until there is room, never what is on the screen or on its way there."""
        held = sum(bytes_kept for _, bytes_kept in self._numbers.values())
        freed = []
        for name, (number, bytes_kept) in list(self._numbers.items())[:-_JUST_KEPT]:
            if held + size <= self._quota and len(self._numbers) < _MOST:
                break
            if all(number != shown for shown, _, _ in self._shown.values()):
                del self._numbers[name]
                held -= bytes_kept
                freed.append(_freed(number))
        return b"".join(freed)

    def _next_number(self) -> int:
        """One that no picture has had: what is placed late under an old number must not be another picture."""
        return next(_NUMBERS)


def _unplaced(number: int, placement: int) -> bytes:
    return b"\x1b_Ga=d,d=i,i=%d,p=%d,q=2\x1b\\" % (number, placement)


def _freed(number: int) -> bytes:
    return b"\x1b_Ga=d,d=I,i=%d,q=2\x1b\\" % number
