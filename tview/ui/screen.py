"""The one screen: tree, panes, lines at the edge, a page or a sheet over them. It owns what is chosen; threads send it finished values."""

import threading
from dataclasses import replace
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.geometry import Region
from textual.timer import Timer

from tview.catalog import Catalog, scan
from tview.errors import Finding, TviewError, finding
from tview.terminal import window_size
from tview.text import SafeText, advice_of, message_of, safe
from tview.ui.area import SINGLE, PaneArea
from tview.ui.chrome import IdentityLine, KeyLine, MediumLine, greeting
from tview.ui.filmstrip import StripShown
from tview.ui.hand import Hand
from tview.ui.look import LOOKS, Span, words
from tview.ui.marks import Marks
from tview.ui.medium_words import medium_parts
from tview.ui.messages import Comings, Hurt, NotOpened, Painted, Snapshot, StripPainted, Trouble
from tview.ui.over_shelf import Shelf
from tview.ui.page import Page, PageContent
from tview.ui.painter import Painter
from tview.ui.pane import PicturePane
from tview.ui.pictures import MarkProvider, Pictures
from tview.ui.popup import Popup
from tview.ui.session import Session
from tview.ui.shown import Shown
from tview.ui.stage import Stage
from tview.ui.tree import CatalogTree
from tview.ui.watching import Watcher, damage_map, sectors_of

_ = str
_NARROW = 100
_PAGE_COLUMNS = 72


class MainScreen(Hand, Pictures, inherit_bindings=False):
    """Keys go to the tools, snapshots to the tree, pictures to their pane."""

    BINDINGS: ClassVar[list[BindingType]] = []
    AUTO_FOCUS = None

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.look = replace(LOOKS[session.settings.theme], visual_order=session.terminal.visual_order)
        self.catalog: Catalog | None = None
        self.identity = IdentityLine(self.look)
        self.medium_line = MediumLine(self.look)
        self.side_tree = CatalogTree(self.look)
        self.pane = PicturePane(0, self.look)
        self.panes, self.every_pane = [self.pane], [self.pane]
        self.area = PaneArea(self.pane)
        self.arrangement, self.strip = SINGLE, None
        self.keys = KeyLine(self.look)
        self.popup = Popup(self.look)
        self.page = Page(self.look)
        self.mode = ""
        self.folded: bool | None = True if session.settings.plain else None
        self.cine_timer: Timer | None = None
        self.cine_fps, self.cine_step, self.cine_way, self.cine_range = 0.0, 1, "loop", None
        self.cine_drawn, self.cine_told = [], 0.0
        self.touched = False
        self._cancelled = threading.Event()
        self.linked, self.anchors, self.drawn_lines, self.with_lines = frozenset(), {}, {}, True
        self.marks, self._regions = Marks(), None
        self.wanted_window, self.with_bar = session.window, False
        self.point, self.point_cell, self.volume_thread = None, (0, 0), None
        self.hung, self.unscaled = {}, set()
        self.mark_providers: list[MarkProvider] = [self.marks_of_lines, self.marks_of_point, self.marks_of_reader, self.marks_of_looks]
        self._rest: dict[int, Timer] = {}
        self.stage, self._late = Stage(), None
        self._cell = (session.terminal.cell_width_px, session.terminal.cell_height_px)
        self._drag: tuple[PicturePane, str, int, int] | None = None
        self.painter = Painter(session, self._post_painted)
        self.shelf, self._views_before, self.slides = Shelf(), {}, {}
        self.painter.frame_changers.append(self.shelf.presented)
        self.painter.layer_providers += [self.layers_of_looks, self.shelf.state_layers, self.shelf.layers]
        self.side_tree.ascii_only = self.keys.ascii_only = self.pane.ascii_only = session.ascii_only
        self.keys.tools = session.tools
        self.keys.greet(greeting(session.settings.plain, session.ascii_only))
        self.identity.plain = self.keys.plain = self.pane.plain = session.settings.plain

    def compose(self) -> ComposeResult:
        """Top to bottom."""
        yield self.identity
        with Horizontal(id="body"):
            with Vertical(id="side"):
                yield self.medium_line
                yield self.side_tree
            yield self.area
        yield self.keys
        yield self.page
        yield self.popup

    def on_mount(self) -> None:
        """Start the threads; the screen stands already."""
        self.query_one("#body").styles.height = "1fr"
        self.query_one("#side").styles.width = self.session.settings.tree_width
        self.pane.message = (words(_("reading the medium ...")),)
        self.pane.focus()
        self._connect_output()
        self.app.leaving.append(self.painter.free)  # type: ignore[attr-defined]  # TviewApp
        self.app.app_resume_signal.subscribe(self, self._resumed)
        self.painter.start()
        self.scan_again()
        self._watcher = Watcher(
            self.session.media,
            lambda number, there: self.post_message(Comings(number, there)),
            lambda number: self.post_message(Hurt(number)),
        )
        self._watcher.start()
        self._show_medium()
        if self.session.path == "blocks" and self.session.reason:
            self.tell(words(_("drawn in blocks: {reason}"), reason=self.session.reason), "chrome.dim")

    def _connect_output(self) -> None:
        """Pictures go to the driver's output; there is none in a headless run, and a new one after a suspension."""
        output = getattr(self.app, "output", None)
        if output is not None:
            output.on_ready = self.painter.wake
            self.painter.output = output

    def _resumed(self, _app: object) -> None:
        self._connect_output()
        if self.painter.output is not None:
            self.painter.output.send_ahead(self.painter.free())
        self.stage.forget()
        for pane in self.panes:
            self.ask(pane, moving=False)

    def on_unmount(self) -> None:
        """Threads end by themselves once they see this; none of them holds the exit."""
        self.drop_volume()
        if self.judging is not None:
            self.judging.stop()
        self._cancelled.set()
        self._watcher.end()
        self.painter.stop()

    def _post_painted(self, shown: Shown | StripShown) -> None:
        self.post_message(StripPainted(shown) if isinstance(shown, StripShown) else Painted(shown))

    def scan_again(self) -> None:
        """Read the media from the beginning, in place of a scan that is under way."""
        self.forget_verdicts()
        self._cancelled.set()
        self._cancelled = threading.Event()
        threading.Thread(target=self._scan, args=(self._cancelled,), daemon=True, name="tview-scan").start()

    def _scan(self, cancelled: threading.Event) -> None:
        """Runs on the scan thread."""
        try:
            if self.session.opened is not None:
                self.session.opened()
        except Exception as error:
            if not cancelled.is_set():
                self.post_message(NotOpened(error))
            return
        try:
            for catalog in scan(self.session.media, cancelled=cancelled.is_set, failed=tuple(self.session.failed)):
                if not cancelled.is_set():
                    self.post_message(Snapshot(catalog))
        except TviewError as error:
            self._post_trouble(error.finding, cancelled)
        except Exception as error:  # the door: what has been found so far stays usable
            self._post_trouble(finding("internal-error", kind=type(error).__name__), cancelled)

    def _post_trouble(self, told: Finding, cancelled: threading.Event) -> None:
        if not cancelled.is_set():
            self.post_message(Trouble(told))

    def on_comings(self, message: Comings) -> None:
        """The disc was taken out, or is in again: said at once, and read on by itself when it is back."""
        name = safe(self.session.names[message.number])
        if not message.there:
            self.tell(words(_("{name} has gone away; put it back and it is read on"), name=name), "chrome.red")
            return
        self.tell(words(_("{name} is back"), name=name), "chrome.accent")
        self.action_retry()

    def on_hurt(self, message: Hurt) -> None:
        """A scratched disc: where, how much, as a line, and what can be done; reading goes on meanwhile."""
        medium = self.session.media[message.number]
        lost = medium.unreadable
        if lost and medium.size:
            line = damage_map(medium.size, lost, max(8, min(32, self.size.width // 5)), self.session.ascii_only)
            told = _("{map} {megabytes} MB: {sectors} sectors unreadable - Ctrl+R retry, Ctrl+K stop")
            self.tell(words(told, map=line, megabytes=lost[-1][0] >> 20, sectors=sectors_of(lost)), "chrome.red")

    def on_not_opened(self, message: NotOpened) -> None:
        """The source cannot be opened at all: said on the normal screen, with its exit code."""
        self.app.exit(message.error)

    def on_trouble(self, message: Trouble) -> None:
        """The scan has ended early."""
        self.tell(message.told)
        if self.pane.state.series is None:
            self.pane.clear(message_of(message.told), advice_of(message.told))

    # -- what threads send

    def on_snapshot(self, message: Snapshot) -> None:
        """The tree fills under a cursor that stays put; the first series opens by itself until the reader has chosen one."""
        self.catalog = message.catalog
        self.side_tree.fill(message.catalog)
        if self.strip is not None and self.strip.display:
            self.strip.fill(message.catalog)
        self._show_medium()
        pane = self.pane
        if pane.state.series is None and not self.hung:
            self.open_first()
        if len(self.panes) > 1:
            self.fill_empty()
        for every in self.every_pane:
            self.follow(every)
        if message.catalog.complete:
            self.find_overs(message.catalog)
        if message.catalog.complete and pane.state.series is None:
            pane.clear(words(_("This source holds no pictures that can be shown.")), *self._what_else())

    def on_resize(self, event: events.Resize) -> None:
        """The tree folds away on a narrow terminal unless the reader wants it; the picture is asked for again in the new size."""
        self.painter.places_lost()
        self.place()

    def place(self) -> None:
        """Lay out after a resize or a fold."""
        columns, rows = self.app.size
        small = columns < 40 or rows < 12
        narrow = columns < _NARROW
        folded = self.folded if self.folded is not None else narrow and self.pane.state.series is not None
        self.query_one("#side").display = not folded and not small
        self.query_one("#side").styles.width = min(self.session.settings.tree_width, max(20, columns // 2 if narrow else columns // 3))
        self._measure_cells()
        self.popup.place_again()
        if self.strip is not None:
            self.strip.fit(rows)
        if self.page.is_open:
            self.call_after_refresh(self._place_page)
        self.identity.warn(words(_("{columns}x{rows}: too small, 40x12 needed"), columns=columns, rows=rows) if small else None)
        self.area.display = not small
        if small:
            for pane in self.panes:
                self.take_away(pane)
            return
        self.area.show_panes(self.arrangement, self.panes, self.every_pane)
        for pane in self.panes:
            if not pane.shown and pane.message and pane.state.series is not None:
                pane.message = ()
                self.ask(pane, moving=False)

    def open_page(self, content: PageContent, top: int = 0) -> None:
        """Show a page over the panes; over the tree as well where they are narrow."""
        self.page.open(content, self._page_cells, top)
        self.keys.of_page(True)

    @property
    def _page_cells(self) -> Region:
        columns, rows = self.app.size
        area = self.area.region
        return area if area.width >= _PAGE_COLUMNS else Region(0, 1, columns, max(3, rows - 2))

    def _place_page(self) -> None:
        self.page.place(self._page_cells)

    def on_page_closed(self, _message: Page.Closed) -> None:
        """The panes have the keys and their pictures again."""
        self.keys.of_page(False)
        self.sheet_closed()

    def _measure_cells(self) -> None:
        """A larger font or window changes the pixels of a cell; the terminal tells without being asked."""
        columns, rows, width, height = window_size(1)
        facts = self.session.terminal
        if (
            self.painter.output is not None
            and width
            and height
            and columns
            and rows
            and facts.cell_width_px
            and (width, height) != (640, 480)
        ):
            cell = (width // columns, height // rows)
            if cell != self._cell:
                self._cell = cell
                self.painter.resized(replace(facts, cell_width_px=cell[0], cell_height_px=cell[1], columns=columns, rows=rows))
                for pane in self.panes:
                    self.ask(pane, moving=False)
                self.ask_strip()

    # -- telling

    def tell(self, told: Finding | SafeText, style: str = "chrome.amber") -> None:
        """An answer in the last line, where the eyes are after a key."""
        if isinstance(told, Finding):
            text = safe(f"{message_of(told)} {advice_of(told)}")
        else:
            text = told
        self.keys.show(self.mode, text, style, in_tree=self.focused is self.side_tree)

    def _show_medium(self) -> None:
        name = SafeText(" + ".join(self.session.names))
        parts: list[list[Span]] = [[(name, "chrome.strong")]]
        catalog, done = self.catalog, 0.0 if self.catalog is None else None
        if catalog is not None:
            parts.extend(medium_parts(catalog))
            if not catalog.complete:
                done = catalog.files_read / max(1, catalog.files_total)
                parts.insert(1, [(words(_("{read}/{total} files"), read=catalog.files_read, total=catalog.files_total), "chrome.accent")])
        self.medium_line.show(parts, done)

    def _what_else(self) -> list[SafeText]:
        assert self.catalog is not None
        others = len(self.catalog.other_files)
        return [words(_("It has {count} other files; Tab goes to the list."), count=others)] if others else [words(_("It is empty."))]

    def refresh_identity(self) -> None:
        """After the mask changed: it holds in every pane."""
        for pane in self.every_pane:
            pane.hidden, pane.annotations = self.pane.hidden, self.pane.annotations
            pane.refresh()
        self.refresh_persons()
        self.side_tree.hide_names(self.pane.hidden)
        if self.page.is_open:
            self.page.refill()
        if self.page.is_open:
            self.page.refill()
