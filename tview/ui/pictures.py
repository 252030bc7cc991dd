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

if TYPE_CHECKING:
    from tview.pixels import Drawing

_ = str
_WITHOUT_TEXT_S = 0.1  # a repaint comes within a sixtieth of a second; sooner the picture would stand beside the words before
_REST_S = 0.15

MarkProvider = Callable[[PicturePane], "tuple[Drawing, ...]"]
"""What a pane's next picture has over it. Asked on the screen's thread each time a picture is asked for."""


class Pictures(Actions):
    """The painting half of the main screen."""

    identity: IdentityLine
    mark_providers: list[MarkProvider]
    marks: Marks
    _rest: dict[int, Timer]

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
            pane.state.learn(present)
            self.ask(pane, moving=False)
            return
        self._learn_pages(pane)
        self.noted(pane)
        self.refresh_persons()
        self.paint(pane)
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
            self.paint_strip()

    # -- on the screen

    def paint_strip(self) -> None:
        """Hand the thumbnails to the driver; as `paint`."""
        output, strip = self.painter.output, self.strip
        if output is None or strip is None or not strip.display or strip.shown is None or strip.shown.painting is None:
            return
        sheet, shown = self.sheet, strip.shown
        is_covered = sheet is not None and sheet.overlaps(strip.cells)
        if shown.over_text:
            output.show_with_text(STRIP, self.painter.strip_placed(shown, sheet if is_covered else None))
            self.set_timer(_WITHOUT_TEXT_S, output.flush_with_text)
        elif not is_covered:
            self.call_after_refresh(output.show, STRIP, shown.painting)

    @property
    def sheet(self) -> Region | None:
        """The cells that lie under a page or a sheet."""
        if self.page.is_open:
            return self.page.region
        return self.popup.region if self.popup.is_open else None

    def paint(self, pane: PicturePane) -> None:
        """Hand the pane's picture to the driver; over the text it leaves an open sheet out, else it waits for the sheet's end."""
        output, shown = self.painter.output, pane.shown
        if output is None or shown is None or not pane.stands(shown):
            return
        if shown.painting is None:
            self.take_away(pane)
            return
        sheet = self.sheet
        is_covered = sheet is not None and sheet.overlaps(pane.screen_hole)
        if shown.over_text:
            output.show_with_text(pane.number, self.painter.placed(shown, sheet if is_covered else None))
            self.set_timer(_WITHOUT_TEXT_S, output.flush_with_text)
        elif is_covered:
            output.drop(pane.number)
        else:
            self.call_after_refresh(output.show, pane.number, shown.painting)

    def take_away(self, pane: PicturePane) -> None:
        """Take the pane's picture off the terminal: words stand there now, or its cells are others'."""
        output = self.painter.output
        if output is not None:
            output.drop(pane.number)
            output.show_with_text(pane.number, self.painter.erase(pane.number))
            self.set_timer(_WITHOUT_TEXT_S, output.flush_with_text)

    def on_popup_placed(self, _message: Popup.Placed) -> None:
        """A sheet has been opened or moved: pictures over the text make room for it."""
        self.stop_cine()
        self._place_pictures()

    def on_page_placed(self, _message: Page.Placed) -> None:
        """A page has been opened or moved: pictures over the text make room for it."""
        self.stop_cine()
        self._place_pictures()

    def sheet_closed(self) -> None:
        """The page below or the pane has the keys again, and the pane its picture if the sheet lay over it."""
        if self.page.is_open:
            self.page.focus()
        else:
            self.pane.focus()
        self.call_after_refresh(self._place_pictures)

    def _place_pictures(self) -> None:
        """After a page or sheet has come or gone."""
        for pane in self.panes:
            if pane.shown is not None and pane.shown.painting is not None:
                self.paint(pane)
        self.paint_strip()

    def repainted(self, update: Any) -> None:
        """Called after each write of text: a picture that text erases is sent again when its cells were touched.

        A pane that was moved by a neighbour gets no event of its own, so that is looked at here as well.
        """
        for pane in self.panes:
            shown = pane.shown
            if shown is not None and (shown.painting is not None or shown.cells is not None) and not pane.stands(shown):
                pane.post_message(PicturePane.Moved(pane))
                continue
            if shown is not None and shown.painting is not None and not shown.over_text and _touches(update, pane.screen_hole):
                self.paint(pane)
        strip = self.strip
        if strip is not None and strip.display and strip.shown is not None and not strip.shown.over_text and _touches(update, strip.cells):
            self.paint_strip()


def _person(pane: PicturePane) -> tuple[object, ...] | None:
    facts = pane.shown.facts if pane.shown is not None else None
    return (facts.patient_name, facts.patient_id, facts.birth_date) if facts is not None else None


def _touches(update: Any, hole: Region) -> bool:
    spans = getattr(update, "spans", None)
    if spans is not None:
        return any(hole.y <= y < hole.bottom and x1 < hole.right and x2 > hole.x for y, x1, x2 in spans)
    region = getattr(update, "region", None)
    return region is None or bool(region.overlaps(hole))
