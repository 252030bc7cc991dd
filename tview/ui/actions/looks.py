"""How a picture looks beyond its window: colours for greys, a bar of a known length, the values behind it as a histogram."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from tview import pixels
from tview.text import SafeText
from tview.ui.actions.base import Acting
from tview.ui.histogram import histogram_lines
from tview.ui.look import words
from tview.ui.pane import PicturePane
from tview.ui.popup import Line
from tview.ui.shown import Request

if TYPE_CHECKING:
    from tview.pixels import Drawing, Frame

_ = str


class LookActions(Acting):
    """What is drawn in place of plain greys, and beside them."""

    with_bar: bool
    """Whether a bar of a known length is drawn where pixels have a size."""

    def action_colours(self) -> None:
        """Choose a table of colours; the same for every image of the series until it is grey again."""
        shown = self.pane.shown
        if shown is None or shown.frame is None:
            self.tell(words(_("no picture")))
            return
        if shown.frame.description.is_colour:
            self.tell(words(_("a colour picture has its own colours")))
            return
        lines = [
            Line(((SafeText(name), "panel"),), search=name, chosen=partial(self._colour, "" if name == "grey" else name))
            for name in pixels.COLOUR_TABLES
        ]
        self.popup.open_list(words(_("Colours")), lines, self.sheet_closed, width=40)

    def _colour(self, table: str) -> None:
        pane = self.pane
        if pane.state.series is not None:
            pane.colours[pane.state.series.key] = table
        self.ask(pane, moving=False)

    def marks_of_looks(self, pane: PicturePane) -> "tuple[Drawing, ...]":
        """The table of colours of the pane's series."""
        series = pane.state.series
        table = pane.colours.get(series.key, "") if series is not None else ""
        return (pixels.Coloured(table),) if table else ()

    def action_scale_bar(self) -> None:
        """Draw the bar, or not."""
        self.with_bar = not self.with_bar
        frame = self.pane.shown.frame if self.pane.shown else None
        for pane in self.panes:
            self.ask(pane, moving=False)
        if self.with_bar and frame is not None and not frame.description.scale.known:
            self.tell(words(_("the file does not say how large a pixel is")))
        else:
            self.tell(words(_("scale bar on") if self.with_bar else _("scale bar off")), "chrome.dim")

    def layers_of_looks(self, _request: Request, frame: "Frame") -> "Sequence[Drawing]":
        """The bar. On the render thread."""
        scale = frame.description.scale
        if not self.with_bar or not scale.known or scale.column_mm is None:
            return ()
        return (pixels.ScaleBar(scale.column_mm, scale.note),)

    def action_histogram(self) -> None:
        """How often each value occurs in this image, and where the window lies."""
        shown = self.pane.shown
        if shown is None or shown.frame is None or shown.rendered is None:
            self.tell(words(_("no picture")))
            return
        lines = histogram_lines(shown.frame, shown.rendered.window, self.session.ascii_only)
        self.popup.open_list(words(_("Histogram")), lines, self.sheet_closed, width=76)
