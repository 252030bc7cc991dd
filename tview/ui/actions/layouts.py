"""How many panes, which one has the keys, and what a new one shows."""

from tview.catalog import Series, Stack, Study
from tview.ui.actions.base import Acting
from tview.ui.area import ARRANGEMENTS, SINGLE, Arrangement
from tview.ui.look import words
from tview.ui.pane import PicturePane

_ = str


class LayoutActions(Acting):
    """Panes beside each other."""

    def action_arrange(self, name: str) -> None:
        """This many panes; the same key again goes back to one."""
        wanted = next(arrangement for arrangement in ARRANGEMENTS if arrangement.name == name)
        is_mammogram = self.pane.state.series is not None and self.pane.state.series.modality == "MG"
        if name == "quad" and is_mammogram and wanted is not self.arrangement:
            self.action_hang()
            return
        self.show_arrangement(SINGLE if wanted is self.arrangement else wanted)
        self.tell(words(self.arrangement.title), "chrome.dim")

    def show_arrangement(self, arrangement: Arrangement, shown: list[PicturePane] | None = None) -> None:
        """Show so many panes, these ones where they are given; those that have shown nothing yet get what comes next."""
        while len(self.every_pane) < arrangement.panes:
            self.make_pane()
        fill, self.hung = shown is None, {}
        if shown is None:
            shown = [self.pane] if arrangement.panes == 1 else self.every_pane[: arrangement.panes]
        if self.pane not in shown:
            self.activate(shown[0])
        for pane in self.every_pane:
            if pane not in shown and pane in self.panes:
                self.take_away(pane)
                self.painter.forget(pane.number)
                pane.shown = None
        self.arrangement, self.panes = arrangement, shown
        self.area.show_panes(arrangement, shown, self.every_pane)
        for pane in shown:
            if fill and pane.state.series is None:
                self._fill(pane)
        self.refresh_persons()
        for pane in shown:
            pane.refresh()
            pane.call_after_refresh(pane.post_message, PicturePane.Moved(pane))

    def make_pane(self) -> PicturePane:
        """One more pane, not shown yet."""
        pane = PicturePane(len(self.every_pane), self.look)
        first = self.every_pane[0]
        pane.ascii_only, pane.hidden, pane.annotations = first.ascii_only, first.hidden, first.annotations
        pane.plain = first.plain
        self.every_pane.append(pane)
        pane.display = False
        self.area.mount(pane)
        return pane

    def fill_empty(self) -> None:
        """More of the medium has been found: panes that had nothing to show get something."""
        for pane in self.panes:
            if pane is not self.pane and pane.state.series is None and not self.hung and self.pane.state.series is not None:
                self._fill(pane)
                self.ask(pane, moving=False)

    def _fill(self, pane: PicturePane) -> None:
        """The next picture series in the order of the tree that no other pane shows; round again at its end."""
        shown = {(other.state.series.key, other.state.stack.key) for other in self.panes if other.state.series and other.state.stack}
        places = [
            (study, series, stack)
            for study in self.studies
            for series in study.series
            if series.is_image
            for stack in series.stacks
            if stack.image_count
        ]
        here = self._place_of(self.pane, places)
        for study, series, stack in [*places[here:], *places[:here]]:
            if (series.key, stack.key) not in shown:
                pane.choose(study, series, stack, None)
                return
        pane.clear(words(_("nothing else to show here")))

    def _place_of(self, pane: PicturePane, places: list[tuple[Study, Series, Stack]]) -> int:
        state = pane.state
        keys = [(series.key, stack.key) for _study, series, stack in places]
        here = (state.series.key, state.stack.key) if state.series and state.stack else None
        return keys.index(here) if here in keys else 0

    def activate(self, pane: PicturePane) -> None:
        """Tools act on this pane from now on."""
        if pane is self.pane or pane not in self.every_pane:
            return
        self.pane = pane
        self.painter.first_pane = pane.number
        self.mark_shown()
        self.refresh_persons()
        self.lines_moved()

    def action_focus_other(self, step: int = 1) -> None:
        """From pane to pane and to the tree; with one pane a folded tree unfolds."""
        is_unfolded = bool(self.query_one("#side").display)
        ring: list[PicturePane | None] = [*self.panes, *([None] if is_unfolded or len(self.panes) == 1 else [])]
        here = None if self.focused is self.side_tree else self.pane
        target = ring[(ring.index(here) + step) % len(ring)] if here in ring else self.pane
        if target is None:
            self.folded = False
            self.place()
            self.side_tree.focus()
            return
        if here is None and self.app.size.width < 100 and len(self.panes) == 1:
            self.folded = True
            self.place()
        target.focus()
        self.activate(target)
