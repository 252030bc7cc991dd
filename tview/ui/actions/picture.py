"""How the picture is turned and what is drawn with it."""

from dataclasses import replace

from tview.pixels import View
from tview.ui.actions.base import Acting
from tview.ui.look import words

_ = str


class PictureActions(Acting):
    """Turns, mirror, overlays, the text around the picture."""

    def action_mirror(self) -> None:
        """Left and right exchanged."""
        self.change_view(self.pane.state.view.mirrored())

    def action_flip(self) -> None:
        """Top and bottom exchanged."""
        self.change_view(self.pane.state.view.flipped())

    def action_turn(self, quarters: int) -> None:
        """A quarter turn."""
        self.change_view(self.pane.state.view.turned(quarters))

    def action_overlays(self) -> None:
        """Draw the file's overlay planes, or not."""
        shown = self.pane.shown
        if shown is not None and shown.frame is not None and not shown.frame.overlays:
            self.tell(words(_("this image has no overlay planes")))
            return
        self.pane.overlays = not self.pane.overlays
        self.ask(self.pane)
        self.tell(words(_("overlay planes on") if self.pane.overlays else _("overlay planes off")), "chrome.dim")

    def action_interpolation(self) -> None:
        """Smooth, plain pixels, and the two ways that sharpen edges and may draw rims beside them."""
        view = self.pane.state.view
        names = {
            "linear": _("smooth"),
            "nearest": _("plain pixels"),
            "cubic": _("cubic: edges may have a rim"),
            "lanczos": _("Lanczos: edges may have a rim"),
        }
        order = list(names)
        chosen = order[(order.index(view.interpolation) + 1) % len(order)]
        self.change_view(replace(view, interpolation=chosen))
        self.tell(words(names[chosen]), "chrome.dim")

    def action_annotations(self) -> None:
        """Full, no names, none: what a picture cannot be read without stays (see `facts.needed`)."""
        pane = self.pane
        pane.annotations = (pane.annotations + 1) % 3
        pane.hidden = pane.annotations > 0
        self.refresh_identity()
        told = (_("corner text: full"), _("corner text: no names"), _("corner text: no names, only what has to be there"))
        self.tell(words(told[pane.annotations]), "chrome.dim")

    def action_mask(self) -> None:
        """Hide names and numbers in our own text."""
        self.pane.hidden = not self.pane.hidden
        self.refresh_identity()
        self.tell(words(_("our own text only: what is burned into a picture stays") if self.pane.hidden else _("names shown")))

    def action_reset(self) -> None:
        """The view as it was when the series was opened."""
        self.change_view(View())
        self.mode, self.pane.spot = "", None
