"""From series to series, study to study, patient to patient, and between tree and picture."""

from tview.catalog import Series, Stack
from tview.text import SafeText, message_of
from tview.ui.actions.base import Acting
from tview.ui.look import words
from tview.ui.pane import PicturePane

_ = str


class SeriesActions(Acting):
    """Which stack the pane shows."""

    def open_series(self, series: Series, stack: Stack | None = None, position: int | None = None) -> None:
        """Show a series: the stack asked for or its main one, at its middle unless a position is asked for."""
        pane = self.pane
        self.stop_cine()
        self.cine_fps, self.cine_range = 0.0, None
        chosen = stack if stack is not None else series.main_stack
        study = next((s for s in self.studies if any(candidate.key == series.key for candidate in s.series)), None)
        if chosen is None or study is None:
            return
        pane.choose(study, series, chosen, position)
        self.mark_shown()
        self.mode = ""
        self.tell(SafeText(""))
        if not len(pane.slices):
            pane.clear(words(_("Nothing of this series can be shown.")), *self._reasons(series))
            self.ask(pane, moving=False)
            return
        if self.folded is None:
            self.place()
        self.ask(pane, moving=False)

    def _reasons(self, series: Series) -> list[SafeText]:
        return [message_of(finding) for finding in series.findings[:3]]

    def follow(self, pane: PicturePane) -> None:
        """After a new snapshot: the pane keeps its image, found again in the fuller stack."""
        assert self.catalog is not None
        series = pane.state.series
        if series is None:
            return
        for study in self.studies:
            for candidate in study.series:
                if candidate.key == series.key:
                    pane.refound(study, candidate)
                    if pane.state.stack is not None:
                        self.side_tree.follow(candidate.key, pane.state.stack.key)
                    return

    def action_series(self, step: int) -> None:
        """The next or previous series in the order of the tree; a series that is split is gone through stack by stack."""
        places = [(series, stack) for study in self.studies for series in study.series for stack in series.stacks]
        keys = [(series.key, stack.key) for series, stack in places]
        state = self.pane.state
        here = (state.series.key, state.stack.key) if state.series is not None and state.stack is not None else None
        target = keys.index(here) + step if here in keys else 0
        if 0 <= target < len(places):
            self.open_series(places[target][0], stack=places[target][1])
        else:
            self.tell(words(_("this is the last one") if step > 0 else _("this is the first one")), "chrome.dim")

    def _step_group(self, groups: list[list[Series]], step: int) -> None:
        current = self.pane.state.series
        place = next((i for i, group in enumerate(groups) if current is not None and any(s.key == current.key for s in group)), 0)
        target = place + step
        if 0 <= target < len(groups) and groups[target]:
            best = max(groups[target], key=lambda series: series.image_count)
            self.open_series(best if step else groups[target][0])
        else:
            self.tell(words(_("there is no further one")), "chrome.dim")

    def action_study(self, step: int) -> None:
        """The next or previous study."""
        self._step_group([list(study.series) for study in self.studies], step)

    def action_patient(self, step: int) -> None:
        """The next or previous patient."""
        patients = self.catalog.patients if self.catalog else ()
        self._step_group([[series for study in patient.studies for series in study.series] for patient in patients], step)

    def action_fold(self) -> None:
        """Show or hide the tree; the keys stay with the picture."""
        self.folded = bool(self.query_one("#side").display)
        self.place()
        self.pane.focus()
