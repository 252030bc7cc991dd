"""The four-up of a mammogram."""

from functools import partial

from tview.catalog import Study
from tview.errors import TviewError
from tview.ui.actions.base import Acting
from tview.ui.area import ARRANGEMENTS
from tview.ui.hanging import FOUR, Candidate, at_the_chest, common_scale, four_up, hung
from tview.ui.look import words
from tview.ui.pane import PicturePane
from tview.ui.slices import Slices

_ = str
_MOST_IMAGES = 64


class MammographyActions(Acting):
    """R CC, L CC, R MLO, L MLO."""

    unscaled: set[int]
    """Panes of a four-up that is still to be brought to one scale."""

    def action_hang(self) -> None:
        """Hang the mammogram of this exam; its files are looked at on a thread."""
        study = self.pane.state.study
        if study is None or not any(series.modality == "MG" for series in study.series):
            self.tell(words(_("no mammogram in this exam")))
            return
        self.run_worker(partial(self._look, study), thread=True, exit_on_error=False)

    def _look(self, study: Study) -> None:
        """On a thread of its own: a drive may take seconds."""
        candidates = []
        for series in study.series:
            for stack in series.stacks if series.modality == "MG" and series.is_image else ():
                for position, instance in enumerate(Slices(stack).instances[:_MOST_IMAGES]):
                    try:
                        geometry = self.painter.frames.open(instance).image.describe(0).geometry
                    except TviewError:
                        continue
                    candidates.append(Candidate(series, stack, position, geometry))
        self.app.call_from_thread(self._hang, study, four_up(candidates))

    def _hang(self, study: Study, places: list[Candidate | None]) -> None:
        if sum(place is not None for place in places) < 2:
            self.tell(words(_("no CC and MLO views with their sides in this exam")))
            return
        quad = next(arrangement for arrangement in ARRANGEMENTS if arrangement.name == "quad")
        while len(self.every_pane) < quad.panes:
            self.make_pane()
        panes = self.every_pane[: quad.panes]
        for pane, place, (side, view, right, bottom) in zip(panes, places, FOUR, strict=True):
            if place is None:
                pane.state.empty()
                pane.clear(words(_("{side} {view}: none here"), side=side, view=view))
                self.take_away(pane)
                continue
            slices = Slices(place.stack)
            pane.choose(study, place.series, place.stack, slices.position_of(slices.instances[place.position], 0))
            pane.state.view = hung(place.geometry, right, bottom)
        self.linked = frozenset()
        self.show_arrangement(quad, panes)
        self.hung = {pane.number: place.stack.key for pane, place in zip(panes, places, strict=True) if place is not None}
        self.unscaled = set(self.hung)
        self.tell(words(_("right breast on the left, chest walls in the middle, one scale")), "chrome.dim")

    def refit(self, pane: PicturePane) -> None:
        """The pane has another size: what hangs there is fitted, and scaled with the others once they stand."""
        stack = pane.state.stack
        if stack is not None and self.hung.get(pane.number) == stack.key and len(self.panes) == len(FOUR):
            pane.state.view = pane.state.view.fitted()
            self.unscaled.add(pane.number)

    def scale_together(self, pane: PicturePane) -> None:
        """Once all of a four-up stand, bring them to one scale, each with its chest wall at the inner edge."""
        hanging = [other for other in self.panes if other.number in self.unscaled]
        self.unscaled &= {other.number for other in hanging}
        if pane.number not in self.unscaled or not all(self._is_fitted(other) for other in hanging):
            return
        self.unscaled = set()
        scale = common_scale(other.shown for other in hanging if other.shown is not None)
        for other in hanging:
            if other.shown is None or other.shown.frame is None or scale is None:
                continue
            other.state.view = at_the_chest(other.shown, other.state.view, scale, chest_is_right=other.number % 2 == 0)
            self.ask(other, moving=False)

    @staticmethod
    def _is_fitted(pane: PicturePane) -> bool:
        return (
            pane.shown is not None
            and pane.state.view.zoom is None
            and pane.shown.request.serial == pane.state.serial
            and pane.stands(pane.shown)
        )
