"""The verdict in the viewer: its page, what its rows lead to, its files, and whose names may be seen."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from tview.catalog import Catalog, Instance, Series, Stack
from tview.dicom import DEFAULT, TRUSTED
from tview.errors import Finding, Severity, TviewError
from tview.text import SafeText
from tview.ui.actions.base import Acting
from tview.ui.look import words
from tview.ui.saving import save_files
from tview.ui.slices import Slices
from tview.ui.verdict import Doing, Judged, Judging, VerdictPage

if TYPE_CHECKING:
    from tview.verify import ExamRow, Verdict

_ = str


class VerdictActions(Acting):
    """What V and ~ do."""

    judging: Judging | None = None
    persons_shown = False
    """Whether several persons are all named; else the one in view is."""
    _verdict_page: VerdictPage | None = None
    _verdict_top = 0
    _indexed: tuple[Catalog | None, dict[tuple[int, str], tuple[Series, Instance | None]]] | None = None

    def action_verdict(self) -> None:
        """Is it whole, whose is it, is it by the book: judged by the headers first, by every byte when asked to."""
        if self.catalog is None:
            self.tell(words(_("the medium is not open yet")), "chrome.dim")
            return
        if self.judging is None:
            limits = TRUSTED if self.session.settings.limits == "trusted" else DEFAULT
            self.judging = Judging(self.session.media, limits, self._post_judged)
            doing = Doing(self._follow_finding, self._follow_exam, self._save_verdict, self.action_persons)
            self._verdict_page = VerdictPage(self.judging, doing, lambda: self.pane.hidden, self.session.ascii_only)
        assert self._verdict_page is not None
        self._verdict_page.is_unlocked = self.persons_shown
        study = self.pane.state.study
        self._verdict_page.study_in_view = study.study_instance_uid if study is not None else None
        if not any(self.judging.verdicts) and not self.judging.is_running:
            self.judging.start("headers")
        self.open_page(self._verdict_page, self._verdict_top)

    def _post_judged(self) -> None:
        self.post_message(Judged())

    def forget_verdicts(self) -> None:
        """Other media, or the same ones read anew: what was judged does not hold any more."""
        if self.judging is not None:
            self.judging.stop()
        self.judging = self._verdict_page = None
        self.side_tree.tell_of({})

    def on_judged(self, _message: Judged) -> None:
        """The page says how far it is, the tree what was found."""
        if self.judging is None:
            return
        if isinstance(self.page.content, VerdictPage) and self.page.is_open:
            self.page.refill()
        if not self.judging.is_running:
            self.side_tree.tell_of(self._marked_series())

    def action_persons(self) -> None:
        """Name every person on the media, or only the one in view."""
        self.persons_shown = not self.persons_shown
        self.side_tree.name_all(self.persons_shown)
        if self._verdict_page is not None:
            self._verdict_page.is_unlocked = self.persons_shown
            if self.page.is_open:
                self.page.refill()
        self.tell(words(_("every person is named") if self.persons_shown else _("other persons' names are withheld")), "chrome.dim")

    def _verdicts(self) -> "list[tuple[int, Verdict]]":
        found = self.judging.verdicts if self.judging is not None else []
        return [(number, verdict) for number, verdict in enumerate(found) if verdict is not None]

    def _marked_series(self) -> dict[str, Severity]:
        """The worst that was found of each series, by its key."""
        worst: dict[str, Severity] = {}
        for number, verdict in self._verdicts():
            for told in verdict.findings:
                found = self._object_of(number, told) if told.severity is not Severity.INFO else None
                if found is not None:
                    key = found[0].key
                    worst[key] = min(worst.get(key, told.severity), told.severity, key=lambda severity: severity.rank)
        return worst

    def _object_of(self, number: int, told: Finding) -> tuple[Series, Instance | None] | None:
        """The series, and the object where there is one, that a finding is about."""
        if told.path is None and told.series_instance_uid is None:
            return None
        if told.path is not None:
            return self._places().get((number, told.path))
        found = (series for study in self.studies for series in study.series if series.series_instance_uid == told.series_instance_uid)
        return next(((series, None) for series in found), None)

    def _places(self) -> dict[tuple[int, str], tuple[Series, Instance | None]]:
        """Every object by its address, made once for a catalog."""
        if self._indexed is None or self._indexed[0] is not self.catalog:
            every = (series for study in self.studies for series in study.series)
            self._indexed = self.catalog, {(one.source_number, one.path): (series, one) for series in every for one in series.instances}
        return self._indexed[1]

    def _follow_finding(self, number: int, told: Finding) -> Callable[[], None] | None:
        found = self._object_of(number, told)
        return None if found is None else partial(self._go_to, *found, told)

    def _follow_exam(self, row: "ExamRow") -> Callable[[], None] | None:
        study = next((one for one in self.studies if one.study_instance_uid == row.study_instance_uid), None)
        lost = {one.series_instance_uid for one in row.lost}
        series = sorted(study.series, key=lambda one: one.series_instance_uid not in lost) if study is not None else []
        return partial(self._go_to, series[0], None, None) if series else None

    def _go_to(self, series: Series, instance: Instance | None, told: Finding | None) -> None:
        self._verdict_top = self.page.top
        stack = next((one for one in series.stacks if instance is not None and instance in one.instances), None)
        position = _near(stack, instance) if stack is not None and instance is not None else None
        self.page.shut()
        self.open_series(series, stack=stack, position=position)
        self.tell(words(_("V goes back to the verdict")) if told is None else told, "chrome.amber" if told else "chrome.dim")

    def _save_verdict(self, what: str) -> None:
        """Into a file beside saved pictures; other persons are withheld in a letter whatever the screen shows."""
        from tview.verify import withheld
        from tview.verify.html import html_page
        from tview.verify.letter import letter_lines

        found = [verdict for _number, verdict in self._verdicts()]
        if not found:
            self.tell(words(_("there is no verdict yet")), "chrome.dim")
            return
        hidden = [withheld(verdict) for verdict in found]
        if what == "letter":
            text = "\n".join(f"{line}" for verdict in hidden for line in (*letter_lines(verdict), SafeText(""))) + "\n"
            file = ("letter", "txt", text.encode("utf-8", "replace"))
        else:
            file = ("verdict", "html", html_page(found if self.persons_shown else hidden).encode("utf-8", "replace"))
        try:
            path = save_files([file], [medium.source for medium in self.session.media])[0]
        except TviewError as error:
            self.tell(error.finding)
        else:
            self.tell(words(_("saved {path}"), path=path), "chrome.accent")


def _near(stack: Stack, instance: Instance) -> int | None:
    """Where an object stands among the slices; of one that is missing, its neighbour."""
    slices, there = Slices(stack), stack.instances.index(instance)
    for one in (*reversed(stack.instances[: there + 1]), *stack.instances[there + 1 :]):
        position = slices.position_of(one, 0)
        if position is not None:
            return position
    return None
