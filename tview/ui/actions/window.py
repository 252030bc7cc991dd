"""Window and level."""

from tview.pixels import View
from tview.text import SafeText
from tview.ui import views
from tview.ui.actions.base import Acting
from tview.ui.look import words

_ = str


class WindowActions(Acting):
    """How values become grey."""

    def action_mode(self, mode: str) -> None:
        """Give the arrow keys to a tool; the same key again takes them back."""
        self.mode = "" if self.mode == mode else mode
        self.pane.spot = None
        self.tell(SafeText(""))

    def window_by(self, width_steps: float, level_steps: float) -> None:
        """Change the window in force; colour has none."""
        window = self.pane.window
        if window is None:
            self.tell(words(_("a colour picture has no window")))
            return
        self.change_view(self.pane.state.view.windowed(views.windowed(window, width_steps, level_steps)))

    def action_window_width(self, steps: int) -> None:
        """Wider or narrower."""
        self.window_by(steps, 0)

    def action_window_level(self, steps: int) -> None:
        """Level up or down."""
        self.window_by(0, steps)

    def action_brightness(self, steps: int) -> None:
        """Brighter or darker, whatever the photometric interpretation."""
        self.window_by(0, -3 * steps * (-1 if self.pane.is_inverted else 1))

    def action_preset(self, digit: int) -> None:
        """0 full range, 1 and 2 the file's windows, 3 to 9 the presets of the modality."""
        told = self.pane.preset(digit)
        if isinstance(told, View):
            self.change_view(told)
        else:
            self.tell(told)

    def action_invert(self) -> None:
        """The negative."""
        self.change_view(self.pane.state.view.inverted())
