"""What a pane is asked to show: a stack, the place in it, and the `View`; remembered for each stack while the program runs."""

from dataclasses import dataclass, field

from tview.catalog import Series, Stack, Study
from tview.pixels import View
from tview.ui.slices import Row, Slices


@dataclass(slots=True)
class Asked:
    """The screen's thread only. `slices` is the stack slice by slice, or the cuts through it; empty without one.

    `is_named`: the place was asked for, by a link or a list, and no other may be shown for it without a word.
    """

    study: Study | None = None
    series: Series | None = None
    stack: Stack | None = None
    slices: Row = field(default_factory=lambda: Slices(None))
    position: int = 0
    view: View = field(default_factory=View)
    serial: int = 0
    is_named: bool = False
    _present: dict[tuple[int, str], int] = field(default_factory=dict)
    _left: dict[tuple[str, str], tuple[int, View]] = field(default_factory=dict)

    def choose(self, study: Study, series: Series, stack: Stack, position: int | None) -> None:
        """Another stack: where it was left with the view it had, else at its middle with the file's own; or at a position asked for."""
        self.leave()
        known_position, view = self._left.get((series.key, stack.key), (None, View()))
        self.study, self.series, self.stack, self.view = study, series, stack, view
        self.slices, self.is_named = Slices(stack, self._present), position is not None
        if position is None:
            position = len(self.slices) // 2 if known_position is None else known_position
        self.position = max(0, min(position, len(self.slices) - 1))

    def row_of(self, stack: Stack | None) -> Slices:
        """A stack as the pane would show it, by what it knows of how many frames are there."""
        return Slices(stack, self._present)

    def empty(self) -> None:
        """Nothing is asked for any more."""
        self.leave()
        self.study = self.series = self.stack = None
        self.slices, self.position, self.view = Slices(None), 0, View()

    def leave(self) -> None:
        """Remember the place and the view that the stack had; those of cuts belong to no stack."""
        if self.series is not None and self.stack is not None and isinstance(self.slices, Slices):
            self._left[self.series.key, self.stack.key] = (self.position, self.view)

    def cut(self, row: Row, position: int) -> None:
        """Planes through the stack in place of its own images."""
        self.leave()
        self.slices, self.position = row, position

    def learn(self, present: int, from_first: bool = False) -> None:
        """The object shown has other frames than it claims: the stack is that long, and the middle one, or the first, is shown."""
        if self.stack is not None and len(self.slices):
            instance = self.slices[self.position].instance
            self._present[instance.source_number, instance.path] = present
            self.slices = Slices(self.stack, self._present)
            self.position = 0 if from_first else len(self.slices) // 2

    def refound(self, study: Study, series: Series) -> bool:
        """The same series in a fuller catalog: the image stays, its place may not. Returns whether numbers on screen change."""
        old, slices = self.stack, self.slices
        if old is None or series is self.series:
            return False
        if not isinstance(slices, Slices):
            self.study = study
            return False
        here = slices[self.position] if len(slices) else None
        for stack in sorted(series.stacks, key=lambda stack: stack.key != old.key):
            fuller = Slices(stack, self._present)
            position = fuller.position_of(here.instance, here.frame) if here is not None else len(fuller) // 2 if len(fuller) else None
            if position is not None:
                changed = len(fuller) != len(slices) or fuller.missing != slices.missing
                self.study, self.series, self.stack, self.position, self.slices = study, series, stack, position, fuller
                return changed or here is None
        return False
