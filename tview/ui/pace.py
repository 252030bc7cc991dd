"""How small the next picture has to be so that the line and the terminal keep up with the hand."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tview.ui.driver import Link

STEPS = (1, 2, 3, 4, 6, 8, 12, 16)
"""By how much a picture may be smaller, in rows and in columns, than what it stands for."""

_SMOOTH_S = 0.065
_BEARABLE_S = 0.25
_AT_REST_S = 6.0
_COARSEST_SMOOTH = 3
_GUESS = 1.6  # bytes fall with this power of the step: a smaller picture has more detail in each pixel


class Pace:
    """Learns how many bytes a picture takes at each step, and with the link's speed chooses the step of the next one."""

    def __init__(self) -> None:
        self._bytes: dict[int, float] = {}
        self._expected = 0.0

    def expect(self, size: int) -> None:
        """Before the first picture: what a whole one may take."""
        self._expected = size

    def learn(self, step: int, size: int) -> None:
        """A picture of this step took so many bytes."""
        known = self._bytes.get(step)
        self._bytes[step] = size if known is None else 0.5 * known + 0.5 * size

    def forget(self) -> None:
        """Panes or cells have another size."""
        self._bytes.clear()

    def step(self, link: "Link", moving: bool) -> int:
        """While moving: smooth if a third of the size does it, else bearable, but no larger than that. At rest: whole if it can be."""
        if not moving:
            return self._first(link, STEPS, _AT_REST_S)
        smooth = self._first(link, STEPS, _SMOOTH_S)
        if smooth <= _COARSEST_SMOOTH:
            return smooth
        return self._first(link, STEPS[STEPS.index(_COARSEST_SMOOTH) :], _BEARABLE_S)

    def _first(self, link: "Link", steps: Sequence[int], limit_s: float) -> int:
        return next((step for step in steps if link.seconds_for(self._size(step)) <= limit_s), steps[-1])

    def _size(self, step: int) -> float:
        if not self._bytes:
            return self._expected / float(step**_GUESS)
        nearest = min(self._bytes, key=lambda known: abs(STEPS.index(known) - STEPS.index(step)))
        return self._bytes[nearest] * float((nearest / step) ** _GUESS)
