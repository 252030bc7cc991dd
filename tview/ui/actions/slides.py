"""Whole slides: their tiles become one picture to pan and zoom in."""

from functools import partial

from tview import documents
from tview.catalog import Series
from tview.errors import TviewError
from tview.ui.actions.base import Acting
from tview.ui.look import words
from tview.ui.pane import PicturePane
from tview.ui.slices import Slices
from tview.ui.slide_rows import SlideRow

_ = str


class SlideActions(Acting):
    """What happens when a slide is opened."""

    slides: dict[str, SlideRow | None]
    """By series; None while it is read, or where it is no slide after all."""

    def settled(self, pane: PicturePane) -> None:
        """A first tile stands: the slide that it is of takes its place as soon as its levels are known."""
        super().settled(pane)
        series = pane.state.series
        if series is None or not isinstance(pane.slices, Slices) or not any(map(documents.is_whole_slide, series.sop_class_uids)):
            return
        if series.key not in self.slides:
            self.slides[series.key] = None
            self.run_worker(partial(self._read_slide, series), thread=True, exit_on_error=False)
        elif (row := self.slides[series.key]) is not None:
            self._show_slide(pane, row)

    def _read_slide(self, series: Series) -> None:
        """On a worker's thread."""
        found = []
        for instance in series.instances:
            if instance.state == "missing":
                continue
            try:
                opened = self.painter.frames.open(instance)
            except TviewError:
                continue
            found.append((opened.header, instance, opened.image))
        try:
            slide = documents.make_slide(found)
        except Exception:  # the door: the tiles can still be looked at one by one
            return
        if slide is not None:
            self.app.call_from_thread(self._slide_read, series.key, SlideRow(slide))

    def _slide_read(self, key: str, row: SlideRow) -> None:
        self.slides[key] = row
        for pane in self.panes:
            if pane.state.series is not None and pane.state.series.key == key and isinstance(pane.slices, Slices):
                self._show_slide(pane, row)

    def _show_slide(self, pane: PicturePane, row: SlideRow) -> None:
        pane.state.cut(row, 0)
        pane.state.view = pane.state.view.fitted()
        self.ask(pane, moving=False)
        self.tell(words(_("slide: z zoom, t pan; levels {levels}"), levels=row.told()), "chrome.dim")
