"""The panes beside each other, and the ways they can stand."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.containers import Container

from tview.ui.pane import PicturePane

_ = str
_NARROW = 60
MOST_PANES = 4


@dataclass(frozen=True, slots=True)
class Arrangement:
    """`columns` x `rows` panes; `title` says it in the palette and in the last line."""

    name: str
    title: str
    columns: int
    rows: int

    @property
    def panes(self) -> int:
        """How many there are."""
        return self.columns * self.rows


SINGLE = Arrangement("single", _("one pane"), 1, 1)
ARRANGEMENTS: tuple[Arrangement, ...] = (
    SINGLE,
    Arrangement("pair", _("two panes beside each other"), 2, 1),
    Arrangement("quad", _("four panes"), 2, 2),
)


class PaneArea(Container):
    """A grid of the panes that are shown; a strip of thumbnails may be docked below it."""

    DEFAULT_CSS = "PaneArea { width: 1fr; height: 100%; layout: grid; grid-size: 1 1; background: #000000; overflow: hidden; }"

    def show_panes(self, arrangement: Arrangement, shown: Sequence[PicturePane], every: Sequence[PicturePane]) -> None:
        """Show these panes in this order of theirs and hide the others; on a narrow screen two stand one above the other."""
        columns, rows = arrangement.columns, arrangement.rows
        if self.app.size.width < _NARROW and rows == 1:
            columns, rows = rows, columns
        self.styles.grid_size_columns, self.styles.grid_size_rows = columns, rows
        for pane in every:
            pane.display = pane in shown
            pane.several = len(shown) > 1
