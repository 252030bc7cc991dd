"""Pictures between the panes, the render thread and the terminal: asked for, taken over, put on the screen, kept out of a sheet's way."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from textual.geometry import Region
from textual.timer import Timer

from tview.text import SafeText, message_of, safe
from tview.ui.actions import Actions
from tview.ui.chrome import IdentityLine
from tview.ui.filmstrip import STRIP
from tview.ui.look import words
from tview.ui.marks import Marks, key_of
from tview.ui.messages import Painted, StripPainted
from tview.ui.page import Page
from tview.ui.pane import PicturePane
from tview.ui.popup import Popup
from tview.ui.slices import Slices
from tview.ui.stage import Change, Stage, Standing, hand_over

if TYPE_CHECKING:
    from tview.pixels import Drawing

_ = str
_TEXT_AGAIN_S = 0.03
_REST_S = 0.15

MarkProvider = Callable[[PicturePane], "tuple[Drawing, ...]"]
"""What a pane's next picture has over it. Asked on the screen's thread each time a picture is asked for."""


class Pictures(Actions):
    """The painting half of the main screen."""

    identity: IdentityLine
    mark_providers: list[MarkProvider]
    marks: Marks
    _rest: dict[int, Timer]
    stage: Stage
    _late: Timer | None

    # -- asking

    def ask(self, pane: PicturePane, moving: bool = True) -> None:
        """Ask for the pane's picture; while keys keep coming it may be a draft, at rest the full one follows."""
        if pane not in self.panes:
            return
        layers = tuple(layer for provider in self.mark_providers for layer in provider(pane))
        request = pane.request(draft=moving and self.painter.drafts_pay, layers=layers)
        if request is None:
            return
        self.painter.ask(request)
        resting = self._rest.pop(pane.number, None)
        if resting is not None:
            resting.stop()
        if request.draft:
            self._rest[pane.number] = self.set_timer(_REST_S, lambda: self.ask(pane, moving=False))

    def on_picture_pane_moved(self, message: PicturePane.Moved) -> None:
        """The pane has other cells: the old picture goes, a new one is asked for."""
        pane = message.pane
        if pane.shown is not None and not pane.stands(pane.shown):
            self.take_away(pane)
            pane.shown = replace(pane.shown, painting=None, cells=None)
            self.refit(pane)
        self.ask(pane, moving=False)

    def on_picture_pane_refilled(self, message: PicturePane.Refilled) -> None:
        """More of the stack has been found: its numbers are shown anew."""
        self.ask(message.pane, moving=False)

    # -- taking over

    def on_painted(self, message: Painted) -> None:
        """Words and picture of one frame id, together."""
        shown = message.shown
        pane = self.every_pane[shown.request.pane]
        if pane not in self.panes or not pane.accept(shown):
            return
        short = next((told for told in shown.findings if told.code == "frame-missing"), None)
        present = int(short.values.get("present", 0)) if short is not None else 0
        if shown.frame is None and shown.request.serial == pane.state.serial and present > 0:
            asked = shown.request.slices[shown.request.position]
            pane.state.learn(present)
            self.ask(pane, moving=False)
            if pane.state.is_named:
                self.tell(words(_("frame {frame} is not here: another one is shown"), frame=asked.frame + 1), "chrome.red")
            return
        if not shown.over_text and self._covered(pane.screen_hole):
            pane.refresh()  # the text takes away what of the picture before shows beside the sheet
        self._learn_pages(pane)
        self.noted(pane)
        self.refresh_persons()
        self.paint()
        self.cine_painted(pane)
        if shown.request.serial == pane.state.serial:
            self.settled(pane)

    def _learn_pages(self, pane: PicturePane) -> None:
        """A document says how many pages it has only when it is open."""
        shown, slices = pane.shown, pane.state.slices
        if shown is None or shown.facts is None or shown.frame is None or shown.request.series.is_image:
            return
        if shown.facts.frames > 1 and isinstance(slices, Slices) and len(slices) == len(slices.instances) == 1:
            pane.state.learn(shown.facts.frames, from_first=True)
            self.ask(pane, moving=False)

    def refresh_persons(self) -> None:
        """Whose pictures are shown: in the first line that of the pane with the keys, and amber where they are of several persons."""
        persons = {pane.number: _person(pane) for pane in self.panes}
        several = len({person for person in persons.values() if person is not None}) > 1
        for pane in self.panes:
            state = (several and persons[pane.number] is not None, pane is self.pane and len(self.panes) > 1)
            if state != (pane.differs, pane.is_active):
                pane.differs, pane.is_active = state
                pane.refresh(Region(0, 0, pane.size.width, 1))
        facts = self.pane.shown.facts if self.pane.shown else None
        count = len(self.catalog.patients) if self.catalog else 0
        self.identity.show(facts, count, self.pane.hidden, several_shown=several, several_panes=len(self.panes) > 1)

    def noted(self, pane: PicturePane) -> None:
        """What the catalog has against the image shown; with the tree out of sight also that there is something against the medium."""
        notes: list[SafeText] = []
        key = key_of(pane.slices, pane.state.position)
        if key is not None and self.marks.is_key_image(key):
            notes.append(words(_("key image")))
        notes += self.over_notes(pane)
        if self.catalog is not None and pane.shown is not None:
            slices, position = pane.shown.request.slices, pane.shown.request.position
            path = slices[position].instance.path if len(slices) else None
            told = [f for f in self.catalog.findings if f.severity.rank < 2]
            notes += [safe(message_of(f), 60) for f in told if f.path is not None and f.path == path][:1]
            if told and pane is self.pane and not self.query_one("#side").display:
                notes.append(words(_("{count} notes: F"), count=len(told)) if len(told) > 1 else words(_("1 note: F")))
        if pane.notes != tuple(notes):
            pane.notes = tuple(notes)
            pane.refresh()

    def on_strip_painted(self, message: StripPainted) -> None:
        """Thumbnails are there, or some more of them."""
        if self.strip is not None and self.strip.display and self.strip.accept(message.shown):
            self.paint()

    # -- on the screen

    def paint(self) -> None:
        """What was taken over appears now, words and pictures in one piece; the next repaint might hold some of it only."""
        if self.painter.output is None or not self.is_current:
            return
        changed = {self.identity, *self.panes, *([self.strip] if self.strip is not None and self.strip.display else [])}
        self._compositor.update_widgets((changed | self._dirty_widgets) & self._compositor.visible_widgets.keys())
        if self._layout_required or self.app._batch_count:
            return  # the update that comes with the new layout has it all
        self._compositor_refresh()
        self.place_pictures()

    def _compositor_refresh(self) -> None:
        """While text is on its way that a slow line has not delivered yet no more is written: what changes is gathered."""
        output = self.painter.output
        if output is None or (output.takes_text() and not self.app._batch_count):  # in a batch Textual would draw, and send nothing
            super()._compositor_refresh()
        elif self._late is None:
            self._late = self.set_timer(_TEXT_AGAIN_S, self._refresh_late)

    def _refresh_late(self) -> None:
        self._late = None
        self._compositor_refresh()
        self.place_pictures()

    def place_pictures(self) -> None:
        """Bring the terminal's pictures up to the words that stand there; nothing when they are, or when words are still to come."""
        output = self.painter.output
        if output is not None and self._late is None and not self._compositor._dirty_regions:
            output.begin()
            hand_over(output, self.belonging(None))

    def repainted(self) -> None:
        """Called with each update of the text. A pane that was moved by a neighbour gets no event of its own, so that is looked at here."""
        for pane in self.panes:
            shown = pane.shown
            if shown is not None and (shown.painting is not None or shown.cells is not None) and not pane.stands(shown):
                pane.post_message(PicturePane.Moved(pane))

    def belonging(self, update: Any) -> Change:
        """The pictures that belong to this update of the text."""
        wanted = [one for one in (*map(self._standing, self.panes), self._standing_strip()) if one is not None]
        return self.stage.change(wanted, update, self.session.terminal.sync, self.painter.store)

    def _standing(self, pane: PicturePane) -> Standing | None:
        shown = pane.shown
        if shown is None or shown.painting is None or not pane.stands(shown) or not self.area.display:
            return None
        cells = pane.screen_hole
        return Standing(pane.number, cells, shown.request.series.key, shown.painting, shown.kept, self._covered(cells))

    def _standing_strip(self) -> Standing | None:
        strip = self.strip
        if strip is None or not strip.display or strip.shown is None or strip.shown.painting is None or not self.area.display:
            return None
        shown = strip.shown
        request, painting = shown.request, shown.painting or b""
        cells = Region(request.cell_x, request.cell_y, shown.width, request.rows)
        if (request.cell_x, request.cell_y) != (strip.region.x + 1, strip.region.y):
            return None
        return Standing(STRIP, cells, None, painting, shown.kept, self._covered(cells))

    def _covered(self, cells: Region) -> Region | None:
        sheet = self.sheet
        return sheet if sheet is not None and sheet.overlaps(cells) else None

    @property
    def sheet(self) -> Region | None:
        """The cells that lie under a page or a sheet."""
        if self.page.is_open:
            return self.page.region
        return self.popup.region if self.popup.is_open else None

    def take_away(self, pane: PicturePane) -> None:
        """Take the pane's picture off the terminal with the next update: words stand there then, or its cells are others'."""
        output = self.painter.output
        if output is not None:
            output.drop(pane.number)
            self.call_after_refresh(self.place_pictures)

    def on_popup_placed(self, _message: Popup.Placed) -> None:
        """A sheet has been opened or moved: pictures over the text make room for it."""
        self.stop_cine()
        self.place_pictures()

    def on_page_placed(self, _message: Page.Placed) -> None:
        """A page has been opened or moved: pictures over the text make room for it."""
        self.stop_cine()
        self.place_pictures()

    def sheet_closed(self) -> None:
        """The page below or the pane has the keys again, and the pane its picture if the sheet lay over it."""
        if self.page.is_open:
            self.page.focus()
        else:
            self.pane.focus()
        self.call_after_refresh(self.place_pictures)


def _person(pane: PicturePane) -> tuple[object, ...] | None:
    facts = pane.shown.facts if pane.shown is not None else None
    return (facts.patient_name, facts.patient_id, facts.birth_date) if facts is not None else None
