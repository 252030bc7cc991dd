"""What every family of actions stands on: the state of the screen, and what the screen does for them."""

from textual.screen import Screen
from textual.timer import Timer

from tview.catalog import Catalog, Series, Stack, Study
from tview.errors import Finding
from tview.pixels import View
from tview.text import SafeText
from tview.ui.area import Arrangement, PaneArea
from tview.ui.filmstrip import Filmstrip
from tview.ui.look import Look
from tview.ui.page import Page, PageContent
from tview.ui.painter import Painter
from tview.ui.pane import PicturePane
from tview.ui.popup import Popup
from tview.ui.session import Session
from tview.ui.tools import Tool
from tview.ui.tree import CatalogTree


class Acting(Screen[int]):
    """The acting half of the main screen; the other half lays out, listens to threads and takes keys."""

    session: Session
    look: Look
    catalog: Catalog | None
    side_tree: CatalogTree
    every_pane: list[PicturePane]
    """All there are, by their numbers; those that are not shown keep what they were asked for."""
    panes: list[PicturePane]
    """Those that are shown, in the order of Tab."""
    pane: PicturePane
    """The one that tools act on."""
    area: PaneArea
    arrangement: Arrangement
    strip: Filmstrip | None
    """The thumbnails, once they have been asked for."""
    popup: Popup
    page: Page
    painter: Painter
    mode: str
    folded: bool | None
    cine_timer: Timer | None
    cine_fps: float
    cine_range: tuple[int, int | None] | None
    """The first and last position to play, both included; the last is None until it is set."""
    touched: bool
    linked: frozenset[str]
    """What the panes have in common: "scroll", "zoom", "window"."""
    with_lines: bool
    """Whether the image with the keys is drawn as a line in the others."""

    def ask(self, pane: PicturePane, moving: bool = True) -> None:
        """Ask for the pane's picture."""
        raise AssertionError

    def tell(self, told: Finding | SafeText, style: str = "chrome.amber") -> None:
        """An answer in the last line."""
        raise AssertionError

    def place(self) -> None:
        """Lay out again."""
        raise AssertionError

    def use(self, tool: Tool) -> None:
        """Run a tool, from its key, the palette or the key sheet."""
        self.touched = True
        method = getattr(self, f"action_{tool.action}")
        if tool.argument is None:
            method()
        else:
            method(tool.argument)

    def settled(self, pane: PicturePane) -> None:
        """The pane's picture is the one asked for last."""
        raise AssertionError

    def scrolled(self, pane: PicturePane, before: int | None = None) -> None:
        """The pane is at another position, `before` until now: what goes with it."""
        raise AssertionError

    def viewed(self, pane: PicturePane) -> None:
        """The pane is looked at in another way: what goes with it."""
        raise AssertionError

    def make_pane(self) -> PicturePane:
        """One more pane, not shown yet."""
        raise AssertionError

    def show_arrangement(self, arrangement: Arrangement, shown: list[PicturePane] | None = None) -> None:
        """Show so many panes, these ones where they are given."""
        raise AssertionError

    def lines_moved(self) -> None:
        """Another pane has the keys, or another image: the lines in the others are drawn anew."""
        raise AssertionError

    def ask_all(self) -> None:
        """Ask for the pictures of all panes, the one with the keys first."""
        for pane in sorted(self.panes, key=lambda pane: pane is not self.pane):
            self.ask(pane)

    def mark_shown(self) -> None:
        """Tree and thumbnails say which series has the keys."""
        raise AssertionError

    hung: dict[int, str]
    """By pane of a mammogram's four-up: the stack that hangs there."""

    def fill_empty(self) -> None:
        """More of the medium has been found: panes that had nothing to show get something."""
        raise AssertionError

    def action_hang(self) -> None:
        """Hang the mammogram of this exam."""
        raise AssertionError

    def refit(self, pane: PicturePane) -> None:
        """The pane has another size: what hangs there is fitted again."""
        raise AssertionError

    def scale_together(self, pane: PicturePane) -> None:
        """Once all of a four-up stand, bring them to one scale."""
        raise AssertionError

    def activate(self, pane: PicturePane) -> None:
        """Tools act on this pane from now on."""
        raise AssertionError

    def take_away(self, pane: PicturePane) -> None:
        """Take the pane's picture off the terminal."""
        raise AssertionError

    def place_pictures(self) -> None:
        """Bring the terminal's pictures up to the words that stand there."""
        raise AssertionError

    def refresh_persons(self) -> None:
        """After another pane, or another picture: whose pictures are shown."""
        raise AssertionError

    def open_page(self, content: PageContent, top: int = 0) -> None:
        """Show a page over the panes."""
        raise AssertionError

    def leave_mode(self) -> None:
        """Out of a mode that has a point on the image."""
        raise AssertionError

    def noted(self, pane: PicturePane) -> None:
        """Something is to be said of the image shown, or not any more."""
        raise AssertionError

    def over_notes(self, pane: PicturePane) -> list[SafeText]:
        """What is drawn over the picture, or that something could be."""
        raise AssertionError

    def selected_images(self) -> list[tuple[tuple[int, str, int, str], str, str]]:
        """The images that selections of key images on the medium name."""
        raise AssertionError

    def refresh_identity(self) -> None:
        """After the mask changed."""
        raise AssertionError

    def sheet_closed(self) -> None:
        """The pane has the keys again, and its picture if the sheet lay over it."""
        raise AssertionError

    def stop_cine(self) -> None:
        """Stand still."""
        raise AssertionError

    def action_focus_other(self) -> None:
        """Between tree and picture."""
        raise AssertionError

    def open_series(self, series: Series, stack: Stack | None = None, position: int | None = None) -> None:
        """Show a series in the pane that tools act on."""
        raise AssertionError

    def change_view(self, view: View) -> None:
        """Keep a new view and ask for its picture."""
        pane = self.pane
        if view != pane.state.view:
            pane.state.view = view
            self.ask(pane)
            self.viewed(pane)

    def show_position(self, position: int) -> None:
        """Show another slice of the stack; at its ends nothing happens."""
        pane = self.pane
        count = len(pane.slices)
        position = max(0, min(count - 1, position))
        if count and position != pane.state.position:
            before, pane.state.position = pane.state.position, position
            self.ask(pane)
            self.scrolled(pane, before)

    @property
    def studies(self) -> list[Study]:
        """All exams in the order of the tree."""
        return [study for patient in self.catalog.patients for study in patient.studies] if self.catalog else []
