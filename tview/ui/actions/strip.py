"""The strip of thumbnails below the panes."""

from tview.ui.actions.base import Acting
from tview.ui.filmstrip import Filmstrip
from tview.ui.look import words

_ = str


class StripActions(Acting):
    """Shown, hidden, moved, and what a click in it does."""

    def action_strip(self) -> None:
        """Show the series as thumbnails, or not any more."""
        if self.strip is None:
            self.strip = Filmstrip(self.look)
            self.area.mount(self.strip)
        strip = self.strip
        strip.display = not strip.display
        strip.fit(self.app.size.height)
        if strip.display:
            strip.fill(self.catalog)
            self.mark_shown()
            self.call_after_refresh(self.ask_strip)
            self.tell(words(_("thumbnails: a click opens a series, the wheel moves them")), "chrome.dim")
        else:
            self.painter.ask_strip(None)
            strip.shown = None
            self.call_after_refresh(self.place_pictures)

    def ask_strip(self) -> None:
        """Ask for the thumbnails in sight."""
        if self.strip is not None and self.strip.display:
            self.painter.ask_strip(self.strip.request())

    def mark_shown(self) -> None:
        """Tree and thumbnails say which series has the keys."""
        state = self.pane.state
        if state.series is not None and state.stack is not None:
            self.side_tree.mark(state.series.key, state.stack.key)
            if self.strip is not None:
                self.strip.mark(state.series.key)

    def on_filmstrip_moved(self, _message: Filmstrip.Moved) -> None:
        """Other thumbnails are in sight."""
        self.ask_strip()

    def on_filmstrip_chosen(self, message: Filmstrip.Chosen) -> None:
        """The series opens in the pane that has the keys."""
        self.touched = True
        self.open_series(message.series, stack=message.stack)
        self.pane.focus()
