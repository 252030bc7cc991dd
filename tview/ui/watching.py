"""Whether the media are still there, and what could not be read of them: looked at every two seconds beside everything else."""

import threading
from collections.abc import Callable, Sequence

from tview.media import Medium
from tview.text import SafeText, safe

EVERY_S = 2.0
_SECTOR = 2048
_MAP = {False: ("·", "█"), True: (".", "#")}


class Watcher(threading.Thread):
    """Asks drives whether their disc is in, and media for what they could not give. `came` and `hurt` are called on this thread.

    `came(number, there)`: a medium has gone, or is back. `hurt(number)`: more of it could not be read than at the last look.
    """

    def __init__(self, media: Sequence[Medium], came: Callable[[int, bool], object], hurt: Callable[[int], object]) -> None:
        super().__init__(daemon=True, name="tview-watch")
        self._media, self._came, self._hurt = media, came, hurt
        self._ended = threading.Event()
        self._there: dict[int, bool] = {}
        self._lost: dict[int, int] = {}

    def run(self) -> None:
        """Until `end`."""
        while not self._ended.wait(EVERY_S):
            self.look()

    def look(self) -> None:
        """One look at all of them."""
        for number, medium in enumerate(tuple(self._media)):
            there = medium.is_there()
            if there is not self._there.get(number, True) and not self._ended.is_set():
                self._came(number, there)
            self._there[number] = there
            lost = sum(length for _, length in medium.unreadable)
            if lost > self._lost.get(number, 0) and not self._ended.is_set():
                self._hurt(number)
            self._lost[number] = lost

    def end(self) -> None:
        """No call is made after this one."""
        self._ended.set()


def damage_map(size: int, unreadable: Sequence[tuple[int, int]], cells: int, ascii_only: bool = False) -> SafeText:
    """A medium from its first byte to its last as so many cells, those with an unreadable byte marked."""
    whole, hurt = _MAP[ascii_only]
    marked = [whole] * cells
    for offset, length in unreadable:
        if size > 0 and length > 0:
            first, last = offset * cells // size, (offset + length - 1) * cells // size
            for cell in range(max(0, first), min(cells, last + 1)):
                marked[cell] = hurt
    return safe("".join(marked))


def sectors_of(unreadable: Sequence[tuple[int, int]]) -> int:
    """How many sectors of 2048 bytes that is."""
    return sum(-(-length // _SECTOR) for _, length in unreadable)
