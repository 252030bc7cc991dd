"""A sheet that lies over part of the screen: keys, palette, findings, data elements, a line to type into.

It is a widget on a layer of the main screen, not a screen of its own: what it does not cover is not repainted, so a picture under it stays.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tview.text import SafeText, cell_width, safe
from tview.ui.facts import LABEL, WIDE
from tview.ui.look import Look, Span, row, words

_ = str


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a sheet. `search` is what typing is matched against; a heading has none. `chosen` is called on Enter or a click."""

    left: tuple[Span, ...]
    right: tuple[Span, ...] = ()
    search: str = ""
    chosen: Callable[[], None] | None = None

    @property
    def is_heading(self) -> bool:
        """Headings are never under the cursor and vanish while something is searched for."""
        return not self.search


class Popup(Widget, can_focus=True):
    """One sheet at a time: rows with a cursor, narrowed by typing; or, with `prompt`, one line to type into."""

    class Placed(Message):
        """It lies at another place now, or has just been opened."""

    DEFAULT_CSS = "Popup { layer: overlay; display: none; width: 1; height: 1; }"

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        self._title = SafeText("")
        self._lines: Sequence[Line] = ()
        self._shown: list[Line] = []
        self._query = ""
        self._width = 76
        self._searching = False
        self._cursor = 0
        self._top = 0
        self._prompt: Callable[[str], None] | None = None
        self._typing: Callable[[str], SafeText] | None = None
        self._hint = SafeText("")
        self._when_shut: Callable[[], None] = lambda: None

    @property
    def is_open(self) -> bool:
        """Whether it lies over the screen."""
        return bool(self.display)

    def open_list(
        self, title: SafeText, lines: Sequence[Line], closed: Callable[[], None], searching: bool = False, width: int = 76
    ) -> None:
        """Show rows. With `searching` every letter narrows them at once; without, ``/`` starts that."""
        self._title, self._lines, self._when_shut = title, lines, closed
        self._query, self._searching, self._cursor, self._top, self._prompt = "", searching, 0, 0, None
        self._width = width
        self._filter()
        self._place()

    def renew_list(self, lines: Sequence[Line]) -> None:
        """Other rows for the same list, what is searched for and the cursor kept."""
        cursor, top = self._cursor, self._top
        self._lines = lines
        self._filter()
        self._cursor, self._top = max(0, min(cursor, len(self._shown) - 1)), min(top, max(0, len(self._shown) - 1))
        self._place()

    def open_prompt(
        self, title: SafeText, answer: Callable[[str], None], typing: Callable[[str], SafeText], closed: Callable[[], None]
    ) -> None:
        """Ask for one line; `typing` says with each letter what Enter would do."""
        self._title, self._lines, self._shown, self._when_shut = title, (), [], closed
        self._query, self._prompt, self._typing, self._hint, self._width = "", answer, typing, typing(""), 64
        self._place()

    def shut(self) -> None:
        """Take the sheet away."""
        if self.is_open:
            self.display = False
            self._when_shut()

    def place_again(self) -> None:
        """After a resize."""
        if self.is_open:
            self._place()

    def _place(self) -> None:
        columns, rows = self.app.size
        width = min(columns - 2, self._width)
        wanted = 3 if self._prompt is not None else len(self._lines) + 4
        height = max(3, min(rows - 2, wanted))
        self.styles.width, self.styles.height = width, height
        self.styles.offset = ((columns - width) // 2, max(0, (rows - height) // 2 if self._prompt is None else rows - height - 1))
        self.display = True
        self.focus()
        self.refresh()
        self.call_after_refresh(self.post_message, self.Placed())

    def _filter(self) -> None:
        terms = self._query.casefold().split()
        if terms:
            self._shown = [line for line in self._lines if line.search and all(term in line.search.casefold() for term in terms)]
        else:
            self._shown = list(self._lines)
        self._cursor = next((index for index, line in enumerate(self._shown) if not line.is_heading), 0)
        self._top = 0

    def render_line(self, y: int) -> Strip:
        """A title, the rows that fit, and a last row that says what the keys do."""
        width, height = self.size
        if y == 0:
            right: list[Span] = [(words(_("Esc closes ")), "chrome.dim")]
            title = words(" {title} ", title=self._title)
            if self.app.size.width < WIDE and width > cell_width(title) + len(LABEL) + 16:  # the sheet may lie over the label
                right.insert(0, (words("{label}  ", label=words(LABEL)), "chrome.dim"))
            return row(self.look, width, [(title, "chrome.strong")], right)
        if self._prompt is not None:
            text = safe(self._query) if y == 1 else self._hint
            left: list[Span] = [(SafeText(" "), "panel"), (text, "panel.strong" if y == 1 else "panel.dim")]
            if y == 1:
                left.append((SafeText(" "), "cursor"))
            return row(self.look, width, left, base="panel")
        if y == height - 1:
            return self._last_row(width)
        index = self._top + y - 1
        if index >= len(self._shown):
            nothing: list[Span] = (
                [(words(_("  nothing matches; Backspace widens the search")), "panel.dim")] if y == 1 and self._query else []
            )
            return row(self.look, width, nothing, base="panel")
        line = self._shown[index]
        return line_row(self.look, width, line, under=index == self._cursor and not line.is_heading)

    def _last_row(self, width: int) -> Strip:
        if self._searching or self._query:
            left: list[Span] = [(words(_(" search: {query}"), query=self._query), "chrome.strong"), (SafeText(" "), "cursor")]
        else:
            chosen = any(line.chosen is not None for line in self._shown)
            left = [(words(_(" ↑↓ move   Enter choose   / search") if chosen else _(" ↑↓ move   / search")), "chrome.dim")]
        below = len(self._shown) - self._top - (self.size.height - 2)
        right: list[Span] = [(words(_("{count} more below "), count=below), "chrome.dim")] if below > 0 else []
        return row(self.look, width, left, right)

    def on_key(self, event: events.Key) -> None:
        """Every key is for the sheet while it is open."""
        if not self.is_open:
            return
        event.stop()
        event.prevent_default()
        if event.key == "escape" or (event.key in ("q", "question_mark", "ctrl+p") and not self._takes_letters()):
            self.shut()
        elif event.key == "enter":
            self._enter()
        elif event.key in ("down", "ctrl+n") or (event.key == "j" and not self._takes_letters()):
            self._move(1)
        elif event.key in ("up",) or (event.key == "k" and not self._takes_letters()):
            self._move(-1)
        elif event.key in ("pagedown", "pageup"):
            self._move((self.size.height - 3) * (1 if event.key == "pagedown" else -1))
        elif event.key in ("home", "end"):
            self._move(len(self._shown) * (1 if event.key == "end" else -1))
        elif event.key == "slash" and not self._takes_letters():
            self._searching = True
            self.refresh()
        elif event.key in ("backspace", "ctrl+h"):
            self._type(self._query[:-1])
        elif event.key == "ctrl+u":
            self._type("")
        elif self._takes_letters() and event.character and event.is_printable:
            self._type(self._query + event.character)

    def _takes_letters(self) -> bool:
        return self._searching or self._prompt is not None

    def _type(self, text: str) -> None:
        self._query = text[:200]
        if self._prompt is not None and self._typing is not None:
            self._hint = self._typing(self._query)
        else:
            self._filter()
        self.refresh()

    def _enter(self) -> None:
        prompt, query = self._prompt, self._query
        if prompt is not None:
            self.shut()
            prompt(query)
        elif self._shown and (chosen := self._shown[self._cursor].chosen) is not None:
            self.shut()
            chosen()

    def _move(self, step: int) -> None:
        candidates = [index for index, line in enumerate(self._shown) if not line.is_heading]
        if not candidates:
            return
        place = candidates.index(self._cursor) if self._cursor in candidates else 0
        self._cursor = candidates[max(0, min(len(candidates) - 1, place + step))]
        page = max(1, self.size.height - 2)
        if candidates[0] == self._cursor:
            self._top = 0
        elif self._cursor < self._top:
            self._top = self._cursor
        elif self._cursor >= self._top + page:
            self._top = self._cursor - page + 1
        self.refresh()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel moves the cursor."""
        event.stop()
        self._move(1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel moves the cursor."""
        event.stop()
        self._move(-1)

    def on_click(self, event: events.Click) -> None:
        """A click on a row chooses it; one on the title closes."""
        event.stop()
        if event.y == 0:
            self.shut()
            return
        index = self._top + event.y - 1
        if self._prompt is None and 0 < event.y < self.size.height - 1 and index < len(self._shown) and not self._shown[index].is_heading:
            self._cursor = index
            self._enter() if self._shown[index].chosen else self.refresh()


def line_row(look: Look, width: int, line: Line, under: bool) -> Strip:
    """A row of a sheet or page, `under` the cursor or not."""
    left: list[Span] = [(SafeText(" "), "panel"), *line.left]
    right: list[Span] = [*line.right, (SafeText(" "), "panel")]
    if under:
        left = [(text, name.replace("panel", "cursor")) for text, name in left]
        right = [(text, name.replace("panel", "cursor")) for text, name in right]
    left = [(text, name if name in look.styles else "cursor") for text, name in left]
    right = [(text, name if name in look.styles else "cursor") for text, name in right]
    return row(look, width, left, right, base="cursor" if under else "panel")


def column(text: SafeText, cells: int) -> SafeText:
    """Text padded with blanks to a column's width."""
    return SafeText(text + " " * max(0, cells - cell_width(text)))
