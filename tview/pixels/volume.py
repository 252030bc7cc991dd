"""A regular stack as one array of voxels, filled slice by slice."""

from collections.abc import Callable, Iterable

import numpy as np

from tview.errors import Finding, PixelError, finding
from tview.pixels.arrays import Pixels
from tview.pixels.frame import Frame
from tview.pixels.volume_grid import Grid
from tview.pixels.volume_plan import VolumePlan


class Volume:
    """The voxels of a stack: `values` is (slice, row, column), its memory taken at once and filled as slices come.

    One thread fills, any thread may cut planes meanwhile. `rows_present` counts the rows that are there, by slice.
    """

    def __init__(self, plan: VolumePlan) -> None:
        """Take the memory.

        Raises:
            PixelError: there is not enough of it.
        """
        self.plan = plan
        try:
            self.values: Pixels = np.zeros(plan.grid.shape, plan.dtype)
        except (MemoryError, ValueError) as error:
            raise PixelError(finding("volume-too-large", megabytes=plan.nbytes >> 20)) from error
        self.rows_present: Pixels = np.zeros(plan.grid.shape[0], np.int32)
        self.refused: dict[int, Finding] = {}
        self._slice_of = {number: slot for slot, number in enumerate(plan.order) if number is not None}
        self._lowest, self._highest = 0.0, 0.0

    @property
    def grid(self) -> Grid:
        return self.plan.grid

    @property
    def is_complete(self) -> bool:
        """Whether every row of every slice is there."""
        return bool((self.rows_present == self.grid.shape[1]).all())

    @property
    def slices_present(self) -> int:
        """How many slices are there, at least in part."""
        return int((self.rows_present > 0).sum())

    @property
    def value_range(self) -> tuple[float, float]:
        """The smallest and largest kept value so far."""
        return self._lowest, self._highest

    @property
    def padding(self) -> tuple[float, float] | None:
        """The range of kept values, ends included, that is no picture; None without one, and where values were converted."""
        return None if self.plan.converted else self.plan.description.padding

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What a reader has to know of the volume, with the slices that could not be read."""
        if not self.refused:
            return self.plan.findings
        others = tuple(found for found in self.plan.findings if found.code != "volume-incomplete")
        missing = len(self.refused) + sum(number is None for number in self.plan.order)
        return (*others, finding("volume-incomplete", missing=missing, slices=self.grid.shape[0]))

    def put(self, number: int, frame: Frame) -> None:
        """Take over a frame, by its number in the sequence that was planned.

        Raises:
            PixelError: it is not of the size or kind that its description promised.
        """
        slot, (_, rows, columns) = self._slice_of[number], self.grid.shape
        if frame.stored.shape != (rows, columns):
            raise PixelError(finding("volume-sizes", sizes=2))
        values = frame.modality() if self.plan.converted else frame.stored
        present = values[: frame.rows_present]
        if present.size:
            low, high = float(present.min()), float(present.max())
            if not _fits(low, high, values.dtype, self.values.dtype):
                raise PixelError(finding("volume-values"))
            first = not self.rows_present.any()
            self._lowest = low if first else min(low, self._lowest)
            self._highest = high if first else max(high, self._highest)
        self.values[slot] = values
        self.rows_present[slot] = frame.rows_present
        self.refused.pop(number, None)

    def fill(
        self,
        load: Callable[[int], Frame],
        *,
        order: Iterable[int] | None = None,
        cancelled: Callable[[], bool] = lambda: False,
        progress: Callable[[int], None] | None = None,
    ) -> bool:
        """Load what is not there yet; False when it was cancelled before the end.

        `load` gets a frame's number in the sequence that was planned and may raise PixelError: that slice stays empty and is remembered in
        `refused`. `order` is the order of reading, by default along the stack. `progress` is told how many slices are there.
        """
        for number in self._slice_of if order is None else order:
            if cancelled():
                return False
            if self.rows_present[self._slice_of[number]]:
                continue
            try:
                self.put(number, load(number))
            except PixelError as error:
                self.refused[number] = error.finding
            if progress is not None:
                progress(self.slices_present)
        return True


def _fits(low: float, high: float, kind: np.dtype[np.generic], kept: np.dtype[np.generic]) -> bool:
    if np.can_cast(kind, kept) or kept.kind == "f":
        return True
    ends = np.iinfo(kept)  # type: ignore[type-var]  # whole numbers: floats are dealt with above
    return bool(kind.kind in "iu" and ends.min <= low and high <= ends.max)
