"""A full page over the panes: a report, a verdict, anything that is read rather than looked at.

What stands on it is a `PageContent`; the page draws it, scrolls, searches and goes back. The identity line and the key line stay in sight.
"""

from collections.abc import Sequence
from typing import Protocol

from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tview.text import SafeText
from tview.ui.look import Look, Span, row, words
from tview.ui.popup import Line, line_row

_ = str


class PageContent(Protocol):
    """What a page shows. Lines with `chosen` are links: the cursor goes from link to link, Enter follows; headings have no `search`."""

    @property
    def title(self) -> SafeText:
        """The first row."""

    def lines(self, width: int) -> Sequence[Line]:
        """All rows for a page of so many cells; asked again after a resize and after `Page.refill`."""

    def key(self, key: str) -> bool:
        """A key of the page's own, before the page's: True when it was one."""

    @property
    def keys(self) -> Sequence[tuple[str, SafeText]]:
        """Its own keys and what they do, for the last row."""


class Page(Widget, can_focus=True):
    """One page at a time. `open` shows it, Esc and q take it away."""

    class Placed(Message):
        """It lies at another place now, or has just been opened."""

    class Closed(Message):
        """It has gone."""

    DEFAULT_CSS = "Page { layer: overlay; display: none; width: 1; height: 1; }"

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        self.content: PageContent | None = None
        self._lines: Sequence[Line] = ()
        self._top = 0
        self._cursor: int | None = None
        self._query = ""
        self._is_typing = False

    @property
    def is_open(self) -> bool:
        """Whether it lies over the panes."""
        return bool(self.display)

    def open(self, content: PageContent, cells: Region, top: int = 0) -> None:
        """Show it over these cells of the screen, from the line `top` on."""
        self.content, self._top, self._cursor, self._query, self._is_typing = content, top, None, "", False
        self.display = True
        self.place(cells)
        self.focus()

    def place(self, cells: Region) -> None:
        """Lie over these cells; the lines are made anew."""
        self.styles.offset = (cells.x, cells.y)
        self.styles.width, self.styles.height = cells.width, cells.height
        self.refill(cells.width)
        self.call_after_refresh(self.post_message, self.Placed())

    def refill(self, width: int | None = None) -> None:
        """The content has changed: its lines are asked for again, the place in it stays."""
        if self.content is not None:
            self._lines = self.content.lines((width or self.size.width) - 2)
            self.refresh()

    def shut(self) -> None:
        """Take it away."""
        if self.is_open:
            self.display = False
            self.post_message(self.Closed())

    @property
    def cursor(self) -> int | None:
        """The line under the cursor."""
        return self._cursor

    def step(self, step: int) -> None:
        """The cursor to the next link, or the one before; it stays at the ends."""
        links = [index for index, line in enumerate(self._lines) if line.chosen is not None]
        here = self._top if self._cursor is None else self._cursor + step
        further = [index for index in links if (index >= here if step > 0 or self._cursor is None else index <= here)]
        if further:
            self._go_to(further[0] if step > 0 or self._cursor is None else further[-1])

    def rewind(self) -> None:
        """Other lines than before: from the top."""
        self._top, self._cursor = 0, None
        self.refill()

    @property
    def top(self) -> int:
        """The first line in sight: to come back to it."""
        return self._top

    def render_line(self, y: int) -> Strip:
        """The title, the lines in sight, what the keys do."""
        width, height = self.size
        if y == 0:
            title = self.content.title if self.content else SafeText("")
            return row(self.look, width, [(words(" {title}", title=title), "chrome.strong")], [(words(_("Esc closes ")), "chrome.dim")])
        if y == height - 1:
            return self._last_row(width)
        index = self._top + y - 1
        if index >= len(self._lines):
            return row(self.look, width, [], base="panel")
        return line_row(self.look, width, self._lines[index], under=index == self._cursor)

    def _last_row(self, width: int) -> Strip:
        if self._is_typing or self._query:
            more: list[Span] = [(SafeText(" "), "cursor")] if self._is_typing else [(words(_("   n N next, previous")), "chrome.dim")]
            return row(self.look, width, [(words(_(" search: {query}"), query=self._query), "chrome.strong"), *more], self._place_words())
        left: list[Span] = [(SafeText(" "), "chrome")]
        for key, what in self.content.keys if self.content else ():
            left += [(SafeText(key), "chrome.strong"), (words(" {what}  ", what=what), "chrome.dim")]
        left.append((words(_("↑↓ move  / search")), "chrome.dim"))
        return row(self.look, width, left, self._place_words())

    def _place_words(self) -> list[Span]:
        below = len(self._lines) - self._top - self._page
        return [(words(_("{count} more below "), count=below), "chrome.dim")] if below > 0 else []

    @property
    def _page(self) -> int:
        return max(1, self.size.height - 2)

    def on_key(self, event: events.Key) -> None:
        """The content's keys first, then moving, searching and links; what is left goes to the tools of the screen only for `?`."""
        if not self.is_open:
            return
        if self._is_typing:
            self._type(event)
        elif event.key in ("escape", "q"):
            if self._query:
                self._query = ""
            else:
                self.shut()
        elif self.content is not None and self.content.key(event.key):
            pass
        elif not self._moved(event.key) and event.key in ("question_mark", "ctrl+p", "ctrl+c", "ctrl+q", "p"):
            return
        event.stop()
        event.prevent_default()
        self.refresh()

    def _moved(self, key: str) -> bool:
        steps = {"down": 1, "j": 1, "up": -1, "k": -1, "pagedown": self._page - 1, "space": self._page - 1, "pageup": 1 - self._page}
        steps |= {"J": 10, "K": -10, "ctrl+d": 10, "ctrl+u": -10, "home": -len(self._lines), "g": -len(self._lines)}
        steps |= {"end": len(self._lines), "G": len(self._lines)}
        if key in steps:
            self._scroll(steps[key])
        elif key == "slash":
            self._is_typing, self._query = True, ""
        elif key in ("n", "N") and self._query:
            self._find(1 if key == "n" else -1)
        elif key in ("tab", "shift+tab"):
            self._next_link(1 if key == "tab" else -1)
        elif key == "enter":
            self._follow()
        else:
            return False
        return True

    def _type(self, event: events.Key) -> None:
        if event.key in ("enter", "escape"):
            self._is_typing = False
            if event.key == "escape":
                self._query = ""
        elif event.key in ("backspace", "ctrl+h"):
            self._query = self._query[:-1]
        elif event.character and event.is_printable:
            self._query = (self._query + event.character)[:200]
            self._find(0)

    def _find(self, step: int) -> None:
        """The next line with the words searched for, from the cursor or the top on, and round again."""
        count, here = len(self._lines), self._cursor if self._cursor is not None else self._top
        terms = self._query.casefold()
        for distance in range(count):
            index = (here + step + (distance if step >= 0 else -distance)) % count
            line = self._lines[index]
            if terms in (line.search or " ".join(text for text, _style in line.left)).casefold():
                self._go_to(index)
                return

    def _next_link(self, step: int) -> None:
        links = [index for index, line in enumerate(self._lines) if line.chosen is not None]
        if not links:
            return
        if self._cursor is None:
            self._go_to(next((index for index in links if index >= self._top), links[0]))
        elif step > 0:
            self._go_to(next((index for index in links if index > self._cursor), links[0]))
        else:
            self._go_to(next((index for index in reversed(links) if index < self._cursor), links[-1]))

    def _follow(self) -> None:
        line = self._lines[self._cursor] if self._cursor is not None and self._cursor < len(self._lines) else None
        if line is None or line.chosen is None:
            self._next_link(1)
        else:
            line.chosen()

    def _go_to(self, index: int) -> None:
        self._cursor = index
        if not self._top <= index < self._top + self._page:
            self._top = max(0, min(index - self._page // 3, len(self._lines) - self._page))

    def _scroll(self, step: int) -> None:
        self._top = max(0, min(self._top + step, len(self._lines) - self._page))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel moves the page."""
        event.stop()
        self._scroll(3)
        self.refresh()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel moves the page."""
        event.stop()
        self._scroll(-3)
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """A click on a link follows it, one on the title closes."""
        event.stop()
        index = self._top + event.y - 1
        if event.y == 0:
            self.shut()
        elif 0 < event.y < self.size.height - 1 and index < len(self._lines):
            self._cursor = index
            self._follow() if self._lines[index].chosen is not None else self.refresh()
