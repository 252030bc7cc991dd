"""Keys and mouse.

A mode gives keys and the left drag to a tool. What the drag does is in up to three methods of the screen named after the mode:
``press_<mode>(pane, x, y)`` when the button goes down, ``drag_<mode>(pane, across, down)`` for cells moved since the last time, and
``release_<mode>(pane, x, y)`` when it goes up; x and y are cells of the screen. Without a mode the left drag scrolls.
"""

from textual import events
from textual.geometry import Region

from tview.ui.actions import Actions
from tview.ui.actions.reading import is_document
from tview.ui.chrome import KeyLine
from tview.ui.pane import PicturePane
from tview.ui.tools import tool_for
from tview.ui.tree import CatalogTree

_BUTTON_MODES = {2: "pan", 3: "window"}


class Hand(Actions):
    """The part of the main screen that keys and mouse reach first."""

    keys: KeyLine
    _drag: tuple[PicturePane, str, int, int] | None

    def on_key(self, event: events.Key) -> None:
        """One table decides what a key does in the mode at hand."""
        self.keys.greet(None)
        if self.popup.is_open:
            return
        tools = self.session.tools
        tool = tool_for(event.key, self.mode, tools) or (tool_for(event.character, self.mode, tools) if event.character else None)
        if tool is None:
            return
        event.stop()
        event.prevent_default()
        self.keys.show(self.mode, in_tree=self.focused is self.side_tree)
        self.use(tool)

    def pane_at(self, x: int, y: int) -> PicturePane | None:
        """The pane under a cell of the screen, unless something lies over it."""
        if self.popup.is_open or self.page.is_open:
            return None
        return next((pane for pane in self.panes if pane.region.contains(x, y)), None)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel scrolls, whatever tool is active."""
        self._wheel(event, 1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel scrolls, whatever tool is active."""
        self._wheel(event, -1)

    def _wheel(self, event: events.MouseEvent, step: int) -> None:
        pane = self.pane_at(event.screen_x, event.screen_y)
        if pane is not None and pane is not self.pane:
            pane.focus()
            self.activate(pane)
        if event.ctrl:
            self.action_zoom(-step)
        else:
            self.action_scroll(step)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """A drag begins in a picture, whose pane gets the keys: left is the active tool, right window and level, middle pan."""
        pane = self.pane_at(event.screen_x, event.screen_y)
        self.keys.greet(None)
        if pane is None:
            return
        pane.focus()
        self.activate(pane)
        mode = _BUTTON_MODES.get(event.button, self.mode)
        self._drag = (pane, mode, event.screen_x, event.screen_y)
        self.capture_mouse()
        self._call("press", mode, pane, event.screen_x, event.screen_y)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """The drag ends."""
        if self._drag is not None:
            pane, mode, _x, _y = self._drag
            self._drag = None
            self.release_mouse()
            self._call("release", mode, pane, event.screen_x, event.screen_y)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """A drag goes on, or the value under the mouse is shown."""
        if self._drag is None:
            self.probe(event.screen_x, event.screen_y)
            return
        pane, mode, x, y = self._drag
        across, down = event.screen_x - x, event.screen_y - y
        if across or down:
            self._drag = (pane, mode, event.screen_x, event.screen_y)
            self._call("drag", mode, pane, across, down)

    def _call(self, what: str, mode: str, pane: PicturePane, x: int, y: int) -> None:
        method = getattr(self, f"{what}_{mode or 'scroll'}", None)
        if method is not None:
            method(pane, x, y)

    def drag_scroll(self, _pane: PicturePane, _across: int, down: int) -> None:
        """An image for each row of cells."""
        if down:
            self.action_scroll(down)

    def drag_window(self, _pane: PicturePane, across: int, down: int) -> None:
        """Right is wider, down is a lower level."""
        self.window_by(across, -down * 2)

    def drag_pan(self, _pane: PicturePane, across: int, down: int) -> None:
        """The picture follows the mouse."""
        self.pan_by_cells(across, down)

    def drag_zoom(self, _pane: PicturePane, _across: int, down: int) -> None:
        """Up is larger."""
        if down:
            self.action_zoom(-down)

    def on_catalog_tree_chosen(self, message: CatalogTree.Chosen) -> None:
        """A series chosen in the tree opens and takes the keys; a report is read."""
        self.touched = True
        if is_document(message.series) and (found := [one for one in message.series.instances if one.state != "missing"]):
            self.read_instance(found[0])
            return
        self.open_series(message.series, stack=message.stack)
        self.pane.focus()

    def on_catalog_tree_file_chosen(self, message: CatalogTree.FileChosen) -> None:
        """A file of the disc is read where that is safe; of anything else is said what it is. Nothing of the disc is run."""
        self.show_file(message.file)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """The last line names the keys of whoever has them; a pane that gets them is the one that tools act on."""
        self.keys.of_tree(self.focused is self.side_tree)
        if isinstance(event.widget, PicturePane):
            self.activate(event.widget)

    def probe(self, x: int, y: int) -> None:
        """What lies under the mouse: patient position and value, from the stored pixels, not from the picture."""
        under = self.pane_at(x, y)
        for pane in self.panes:
            pointer = (x, y) if pane is under and pane.screen_hole.contains(x, y) else None
            if pointer != pane.pointer:
                pane.pointer = pointer
                pane.refresh(Region(0, pane.size.height - 1, pane.size.width, 1))
