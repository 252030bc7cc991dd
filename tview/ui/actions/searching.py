"""Looking for a series: the tree narrowed by what is typed."""

from tview.catalog import Series, Stack
from tview.ui.actions.base import Acting


class SearchActions(Acting):
    """A tree that was folded away comes for the search and goes again with it."""

    came_to_search = False
    """Whether the tree is there for the search only."""

    def action_search(self) -> None:
        """Type into the tree what is looked for."""
        if not self.query_one("#side").display:
            self.came_to_search, self.folded = True, False
            self.place()
        self.side_tree.focus()
        self.side_tree.search()

    def open_series(self, series: Series, stack: Stack | None = None, position: int | None = None) -> None:
        """What was looked for is found: the picture has the room again."""
        self._fold_again()
        super().open_series(series, stack, position)

    def _fold_again(self) -> None:
        if self.came_to_search:
            self.came_to_search, self.folded = False, None if self.app.size.width < 100 else True
            self.place()
