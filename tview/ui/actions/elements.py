"""The data elements of the image shown, beside those of another one."""

from collections.abc import Sequence
from functools import partial

from tview.errors import TviewError
from tview.text import SafeText
from tview.ui.actions.base import Acting
from tview.ui.look import words
from tview.ui.pane import PicturePane
from tview.ui.tags_page import Named, TagsPage

_ = str


class ElementActions(Acting):
    """What T does."""

    def action_tags(self) -> None:
        """The data elements of the object shown."""
        pane = self.pane
        if not len(pane.state.slices):
            self.tell(words(_("no object is shown")))
            return
        try:
            shown = self._named(pane, pane.state.position)
        except TviewError as error:
            self.tell(error.finding)
            return
        others = partial(self._others, pane, pane.state.position)
        content = TagsPage(shown, others, self.page, lambda: self.pane.hidden, self._copied, self.session.ascii_only)
        self.open_page(content)

    def _named(self, pane: PicturePane, position: int) -> Named:
        """An object's header and its name as reports write it. Raises `TviewError`."""
        state = pane.state
        instance = state.slices[position].instance
        series = "–" if state.series is None or state.series.series_number is None else state.series.series_number
        image = "–" if instance.instance_number is None else instance.instance_number
        return words(_("Se {series} Im {image}"), series=series, image=image), self.painter.header_of(instance)

    def _others(self, pane: PicturePane, position: int) -> Sequence[Named]:
        """What to compare with: what other panes show, the image before, the next one; each object once."""
        places = [(other, other.state.position) for other in self.panes if other is not pane and len(other.state.slices)]
        places += [(pane, place) for place in (position - 1, position + 1) if 0 <= place < len(pane.state.slices)]
        shown = pane.state.slices[position].instance
        found: list[Named] = []
        known = [(shown.source_number, shown.path)]
        for other, place in places:
            instance = other.state.slices[place].instance
            if (instance.source_number, instance.path) not in known:
                known.append((instance.source_number, instance.path))
                try:
                    found.append(self._named(other, place))
                except TviewError as error:
                    self.tell(error.finding)
        if not found:
            self.tell(words(_("there is no other object to compare with")))
        return found

    def _copied(self, value: SafeText | None) -> None:
        """Give the terminal's clipboard a value that was asked for."""
        if value is None:
            self.tell(words(_("not copied: names are hidden")))
        else:
            self.app.copy_to_clipboard(value)
            self.tell(words(_("copied: {name}"), name=value), "chrome.accent")
