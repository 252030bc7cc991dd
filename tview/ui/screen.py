"""The one screen: tree, pane, lines at the edge, a sheet over them. It owns what is chosen; threads send it finished values."""

import threading
from dataclasses import replace
from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.geometry import Region
from textual.message import Message
from textual.timer import Timer

from tview.catalog import Catalog, scan
from tview.errors import Finding, TviewError, finding
from tview.terminal import window_size
from tview.text import SafeText, advice_of, message_of, safe, translate
from tview.ui.actions import Actions
from tview.ui.chrome import IdentityLine, KeyLine, MediumLine
from tview.ui.look import LOOKS, Span, words
from tview.ui.painter import Painter
from tview.ui.pane import PicturePane
from tview.ui.popup import Popup
from tview.ui.session import Session
from tview.ui.shown import Shown
from tview.ui.tools import tool_for
from tview.ui.tree import CatalogTree

_ = str
_REST_S = 0.15
_NARROW = 100
_PLACING = 100  # slots of the driver that move a stored picture instead of sending one


class Snapshot(Message):
    """A fuller catalog, from the scan thread."""

    def __init__(self, catalog: Catalog) -> None:
        super().__init__()
        self.catalog = catalog


class Painted(Message):
    """A finished picture, from the render thread."""

    def __init__(self, shown: Shown) -> None:
        super().__init__()
        self.shown = shown


class Trouble(Message):
    """Something that ended the scan, from its thread."""

    def __init__(self, told: Finding) -> None:
        super().__init__()
        self.told = told


class NotOpened(Message):
    """The source cannot be opened, from the scan thread."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error


class MainScreen(Actions, inherit_bindings=False):
    """Keys go to the tools, snapshots to the tree, pictures to their pane."""

    BINDINGS: ClassVar[list[BindingType]] = []
    AUTO_FOCUS = None

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.look = LOOKS[session.settings.theme]
        self.catalog: Catalog | None = None
        self.identity = IdentityLine(self.look)
        self.medium_line = MediumLine(self.look)
        self.side_tree = CatalogTree(self.look)
        self.panes = [PicturePane(0, self.look)]
        self.keys = KeyLine(self.look)
        self.popup = Popup(self.look)
        self.mode = ""
        self.folded: bool | None = None
        self.cine_timer: Timer | None = None
        self.cine_fps = 0.0
        self.touched = False
        self._cancelled = threading.Event()
        self._rest: Timer | None = None
        self._cell = (session.terminal.cell_width_px, session.terminal.cell_height_px)
        self._drag: tuple[int, int, int] | None = None
        self.painter = Painter(session, self._post_painted)
        self.side_tree.ascii_only = self.keys.ascii_only = session.ascii_only
        for pane in self.panes:
            pane.ascii_only = session.ascii_only

    def compose(self) -> ComposeResult:
        """Top to bottom."""
        yield self.identity
        with Horizontal(id="body"):
            with Vertical(id="side"):
                yield self.medium_line
                yield self.side_tree
            yield from self.panes
        yield self.keys
        yield self.popup

    def on_mount(self) -> None:
        """Start the threads; the screen stands already."""
        self.query_one("#body").styles.height = "1fr"
        self.query_one("#side").styles.width = self.session.settings.tree_width
        self.panes[0].message = (words(_("reading the medium ...")),)
        self.panes[0].focus()
        self._connect_output()
        self.app.leaving.append(self.painter.free)  # type: ignore[attr-defined]  # TviewApp
        self.app.app_resume_signal.subscribe(self, self._resumed)
        self.painter.start()
        threading.Thread(target=self._scan, daemon=True, name="tview-scan").start()
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
        for pane in self.panes:
            self.ask(pane, moving=False)

    def on_unmount(self) -> None:
        """Threads end by themselves once they see this; none of them holds the exit."""
        self._cancelled.set()
        self.painter.stop()

    def _post_painted(self, shown: Shown) -> None:
        self.post_message(Painted(shown))

    def _scan(self) -> None:
        """Runs on the scan thread."""
        try:
            if self.session.opened is not None:
                self.session.opened()
        except Exception as error:
            if not self._cancelled.is_set():
                self.post_message(NotOpened(error))
            return
        try:
            for catalog in scan(self.session.media, cancelled=self._cancelled.is_set):
                self.post_message(Snapshot(catalog))
        except TviewError as error:
            self._post_trouble(error.finding)
        except Exception as error:  # the door: what has been found so far stays usable
            self._post_trouble(finding("internal-error", kind=type(error).__name__))

    def _post_trouble(self, told: Finding) -> None:
        if not self._cancelled.is_set():
            self.post_message(Trouble(told))

    def on_not_opened(self, message: NotOpened) -> None:
        """The source cannot be opened at all: said on the normal screen, with its exit code."""
        self.app.exit(message.error)

    def on_trouble(self, message: Trouble) -> None:
        """The scan has ended early."""
        self.tell(message.told)
        if self.panes[0].state.series is None:
            self.panes[0].clear(message_of(message.told), advice_of(message.told))

    # -- what threads send

    def on_snapshot(self, message: Snapshot) -> None:
        """The tree fills under a cursor that stays put; the first series opens by itself until the reader has chosen one."""
        self.catalog = message.catalog
        self.side_tree.fill(message.catalog)
        self._show_medium()
        pane = self.panes[0]
        if pane.state.series is None:
            self.open_first()
        else:
            self.follow(pane)
        if message.catalog.complete and pane.state.series is None:
            pane.clear(words(_("This source holds no pictures that can be shown.")), *self._what_else())

    def on_painted(self, message: Painted) -> None:
        """Words and picture of one frame id, together."""
        shown = message.shown
        pane = self.panes[shown.request.pane]
        if not pane.accept(shown):
            return
        short = next((told for told in shown.findings if told.code == "frame-missing"), None)
        if (
            short is not None
            and shown.frame is None
            and shown.request.serial == pane.state.serial
            and int(short.values.get("present", 0)) > 0
        ):
            pane.learn(int(short.values["present"]))
            self.ask(pane, moving=False)
            return
        self._note(pane)
        if pane is self.panes[0]:
            self.identity.show(shown.facts, len(self.catalog.patients) if self.catalog else 0, pane.hidden)
        self.paint(pane)

    def _note(self, pane: PicturePane) -> None:
        """What the catalog has against the image shown; with the tree out of sight also that there is something against the medium."""
        notes: list[SafeText] = []
        if self.catalog is not None and pane.shown is not None:
            slices, position = pane.shown.request.slices, pane.shown.request.position
            path = slices[position].instance.path if len(slices) else None
            told = [f for f in self.catalog.findings if f.severity.rank < 2]
            notes += [safe(message_of(f), 60) for f in told if f.path is not None and f.path == path][:1]
            if told and not self.query_one("#side").display:
                notes.append(words(_("{count} notes: F"), count=len(told)) if len(told) > 1 else words(_("1 note: F")))
        pane.notes = tuple(notes)

    def paint(self, pane: PicturePane) -> None:
        """Hand the pane's picture to the driver; over the text it leaves an open sheet out, else it waits for the sheet's end."""
        output, shown = self.painter.output, pane.shown
        if output is None or shown is None or not pane.stands(shown):
            return
        if shown.painting is None:
            self.take_away(pane)
            return
        sheet = self.popup.region if self.popup.is_open else None
        is_covered = sheet is not None and sheet.overlaps(pane.screen_hole)
        if shown.over_text:
            output.show_with_text(pane.number, self.painter.placed(shown, sheet if is_covered else None))
            self.call_after_refresh(output.flush_with_text)
        elif is_covered:
            output.drop(pane.number)
        else:
            self.call_after_refresh(output.show, pane.number, shown.painting)

    def take_away(self, pane: PicturePane) -> None:
        """Take the pane's picture off the terminal: words stand there now, or its cells are others'."""
        if self.painter.output is not None:
            self.painter.output.show(pane.number, self.painter.erase(pane.number))

    def on_picture_pane_moved(self, message: PicturePane.Moved) -> None:
        """The pane has other cells: the old picture goes, a new one is asked for."""
        pane = message.pane
        if pane.shown is not None and not pane.stands(pane.shown):
            self.take_away(pane)
            pane.shown = replace(pane.shown, painting=None, cells=None)
        self.ask(pane, moving=False)

    def on_popup_placed(self, _message: Popup.Placed) -> None:
        """A sheet has been opened or moved: pictures over the text make room for it."""
        self.stop_cine()
        self._place_pictures(self.popup.region)

    def sheet_closed(self) -> None:
        """The pane has the keys again, and its picture if the sheet lay over it."""
        self.panes[0].focus()
        self.call_after_refresh(self._place_pictures, None)

    def _place_pictures(self, sheet: Region | None) -> None:
        output = self.painter.output
        for pane in self.panes:
            shown = pane.shown
            if output is None or shown is None or shown.painting is None:
                continue
            if not shown.over_text:
                self.paint(pane)
            elif pane.stands(shown):
                output.show(_PLACING + pane.number, self.painter.placed(shown, sheet))

    def repainted(self, update: Any) -> None:
        """Called after each write of text: a picture that text erases is sent again when its cells were touched."""
        for pane in self.panes:
            shown = pane.shown
            if shown is not None and shown.painting is not None and not shown.over_text and _touches(update, pane):
                self.paint(pane)

    # -- asking for pictures

    def ask(self, pane: PicturePane, moving: bool = True) -> None:
        """Ask for the pane's picture; while keys keep coming it may be a draft, at rest the full one follows."""
        request = pane.request(draft=moving and self.painter.drafts_pay)
        if request is None:
            return
        self.painter.ask(request)
        if request.draft:
            if self._rest is not None:
                self._rest.stop()
            self._rest = self.set_timer(_REST_S, lambda: self.ask(pane, moving=False))

    def on_resize(self, event: events.Resize) -> None:
        """The tree folds away on a narrow terminal unless the reader wants it; the picture is asked for again in the new size."""
        self.place()

    def place(self) -> None:
        """Lay out after a resize or a fold."""
        columns, rows = self.app.size
        small = columns < 40 or rows < 12
        narrow = columns < _NARROW
        folded = self.folded if self.folded is not None else narrow and self.panes[0].state.series is not None
        self.query_one("#side").display = not folded and not small
        self.query_one("#side").styles.width = min(self.session.settings.tree_width, max(20, columns // 2 if narrow else columns // 3))
        self._measure_cells()
        self.popup.place_again()
        pane = self.panes[0]
        self.identity.warn(words(_("{columns}x{rows}: too small, 40x12 needed"), columns=columns, rows=rows) if small else None)
        pane.display = not small
        if small:
            self.take_away(pane)
            return
        if not pane.shown and pane.message and pane.state.series is not None:
            pane.message = ()
            self.ask(pane, moving=False)

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
            parts.extend(_medium_parts(catalog))
            if not catalog.complete:
                done = catalog.files_read / max(1, catalog.files_total)
                parts.insert(1, [(words(_("{read}/{total} files"), read=catalog.files_read, total=catalog.files_total), "chrome.accent")])
        self.medium_line.show(parts, done)

    def _what_else(self) -> list[SafeText]:
        assert self.catalog is not None
        others = len(self.catalog.other_files)
        return [words(_("It has {count} other files; Tab goes to the list."), count=others)] if others else [words(_("It is empty."))]

    # -- keys and mouse

    def on_key(self, event: events.Key) -> None:
        """One table decides what a key does in the mode at hand."""
        if self.popup.is_open:
            return
        tool = tool_for(event.key, self.mode) or (tool_for(event.character, self.mode) if event.character else None)
        if tool is None:
            return
        event.stop()
        event.prevent_default()
        self.keys.show(self.mode, in_tree=self.focused is self.side_tree)
        self.use(tool)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel scrolls, whatever tool is active."""
        self._wheel(event, 1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel scrolls, whatever tool is active."""
        self._wheel(event, -1)

    def _wheel(self, event: events.MouseEvent, step: int) -> None:
        if event.ctrl:
            self.action_zoom(-step)
        else:
            self.action_scroll(step)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """A drag begins in the picture: left is the active tool, right window and level, middle pan."""
        pane = self.panes[0]
        if pane.region.contains(event.screen_x, event.screen_y) and not self.popup.is_open:
            pane.focus()
            self._drag = (event.button, event.screen_x, event.screen_y)
            self.capture_mouse()

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """The drag ends."""
        if self._drag is not None:
            self._drag = None
            self.release_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """A drag goes on, or the value under the mouse is shown."""
        if self._drag is None:
            self.probe(event.screen_x, event.screen_y)
            return
        button, x, y = self._drag
        across, down = event.screen_x - x, event.screen_y - y
        if not across and not down:
            return
        self._drag = (button, event.screen_x, event.screen_y)
        mode = {2: "pan", 3: "window"}.get(button, self.mode)
        if mode == "window":
            self.window_by(across, -down * 2)
        elif mode == "pan":
            self.pan_by_cells(across, down)
        elif mode == "zoom":
            self.action_zoom(-down)
        elif down:
            self.action_scroll(down)

    def on_catalog_tree_chosen(self, message: CatalogTree.Chosen) -> None:
        """A series chosen in the tree opens and takes the keys."""
        self.touched = True
        self.open_series(message.series, stack=message.stack)
        self.panes[0].focus()

    def on_catalog_tree_file_chosen(self, message: CatalogTree.FileChosen) -> None:
        """A text file of the disc is shown; of anything else is said what it is. Nothing of the disc is run or opened by others."""
        self.show_file(message.file)

    def on_descendant_focus(self, _event: events.DescendantFocus) -> None:
        """The last line names the keys of whoever has them."""
        self.keys.of_tree(self.focused is self.side_tree)

    def on_picture_pane_refilled(self, message: PicturePane.Refilled) -> None:
        """More of the stack has been found: its numbers are shown anew."""
        self.ask(message.pane, moving=False)

    def probe(self, x: int, y: int) -> None:
        """What lies under the mouse: patient position and value, from the stored pixels, not from the picture."""
        pane = self.panes[0]
        pointer = (x, y) if not self.popup.is_open and pane.screen_hole.contains(x, y) else None
        if pointer != pane.pointer:
            pane.pointer = pointer
            pane.refresh(Region(0, pane.size.height - 1, pane.size.width, 1))

    def refresh_identity(self) -> None:
        """After the mask changed."""
        pane = self.panes[0]
        facts = pane.shown.facts if pane.shown else None
        self.identity.show(facts, len(self.catalog.patients) if self.catalog else 0, pane.hidden)
        self.side_tree.hide_names(pane.hidden)
        pane.refresh()

    # -- the clock of the cine

    def tick(self) -> None:
        """One step of the cine, left out while the terminal has not drawn the last one."""
        if self.painter.is_behind:
            return
        pane = self.panes[0]
        count = len(pane.slices)
        if count:
            self.show_position((pane.state.position + 1) % count)


def _touches(update: Any, pane: PicturePane) -> bool:
    hole = pane.screen_hole
    spans = getattr(update, "spans", None)
    if spans is not None:
        return any(hole.y <= y < hole.bottom and x1 < hole.right and x2 > hole.x for y, x1, x2 in spans)
    region = getattr(update, "region", None)
    return region is None or bool(region.overlaps(hole))


def _medium_parts(catalog: Catalog) -> list[list[Span]]:
    counts = catalog.counts
    studies = translate("{count} exams") if counts.studies != 1 else translate("1 exam")
    images = sum(series.image_count for series in catalog.series if series.is_image)
    parts: list[list[Span]] = []
    if counts.missing:
        parts.append([(words(_("{count} missing"), count=counts.missing), "chrome.red")])
    if counts.damaged:
        parts.append([(words(_("{count} damaged"), count=counts.damaged), "chrome.red")])
    if catalog.findings:
        told = _("{count} notes") if len(catalog.findings) > 1 else _("1 note")
        parts.append([(words(told, count=len(catalog.findings)), "chrome.amber")])
    parts += [[(words(studies, count=counts.studies), "chrome")], [(words(_("{count} images"), count=images), "chrome")]]
    if counts.instances > images:
        others = _("{count} documents and others") if counts.instances - images > 1 else _("1 document")
        parts.append([(words(others, count=counts.instances - images), "chrome.dim")])
    return parts
