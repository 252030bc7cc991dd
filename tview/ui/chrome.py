"""The lines at the edge: whose pictures these are, what the medium is, what the keys do now."""

from collections.abc import Sequence

from textual.strip import Strip
from textual.widget import Widget

from tview.text import SafeText, cell_width, clip, translate
from tview.ui import plain
from tview.ui.facts import LABEL, WIDE, PictureFacts, identity_parts
from tview.ui.look import Look, Span, fitted, row, words
from tview.ui.tools import MODES, PAGE_KEYS, PLAIN_KEYS, TOOLS, TREE_KEYS, Tool, footer_tools, shown_key

_ = str


class IdentityLine(Widget):
    """The first line of the screen: the person of the object whose pixels are shown, and the label."""

    DEFAULT_CSS = "IdentityLine { height: 1; width: 100%; }"

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        self.plain = False
        self._facts: PictureFacts | None = None
        self._persons = 0
        self._masked = False
        self._several_shown = False
        self._several_panes = False
        self._warning: SafeText | None = None

    def warn(self, text: SafeText | None) -> None:
        """One line in place of everything, when the terminal is too small for more."""
        if text != self._warning:
            self._warning = text
            self.refresh()

    def show(
        self, facts: PictureFacts | None, persons: int, hidden: bool, several_shown: bool = False, several_panes: bool = False
    ) -> None:
        """Take the facts of the picture in the pane that has the keys; `several_shown` says that other panes show other persons."""
        state = (facts, persons, hidden, several_shown, several_panes)
        if state != (self._facts, self._persons, self._masked, self._several_shown, self._several_panes):
            self._facts, self._persons, self._masked, self._several_shown, self._several_panes = state
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """As many whole facts as fit, the most needed first."""
        width = self.size.width
        if self._warning:
            return row(self.look, width, [(self._warning, "chrome.amber")])
        with_label = width >= WIDE or self._several_panes
        label: list[Span] = [(words(LABEL), "chrome.dim"), (SafeText(" "), "chrome")] if with_label else []
        room = width - 1 - (len(label[0][0]) + 2 if label else 0)
        told = plain.identity_parts if self.plain else identity_parts
        parts = told(self._facts, self._persons, self._masked)
        most = parts[: 5 if self._persons > 1 else 4]  # persons, name, sex, birth date and ID have to be there beside the label
        if not self.plain and sum(cell_width(text) + 2 for part in most for text, _style in part) - 2 > room:
            parts = identity_parts(self._facts, self._persons, self._masked, brief=True)
        if self._several_shown:
            parts = [[(words(_("! PICTURES OF SEVERAL PERSONS")), "chrome.amber")], *parts[self._persons > 1 :]]
        return row(self.look, width, [(SafeText(" "), "chrome"), *fitted(parts, room, (SafeText("  "), "chrome"))], label)


def greeting(plain_words: bool, ascii_only: bool) -> SafeText | None:
    """One line that explains the screen to someone who has never seen it; in plain words the keys themselves do."""
    if plain_words:
        return None
    if ascii_only:
        return words(_("Up Down: images  Left Right: series  ? explains every key  q leaves"))
    return words(_("↑↓ images  ←→ series  ? explains every key  q leaves"))


class MediumLine(Widget):
    """The first line over the tree: what the medium is and what is on it; while it is read, how far that is."""

    DEFAULT_CSS = "MediumLine { height: 1; width: 100%; }"

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        self._parts: Sequence[Sequence[Span]] = ()
        self._done: float | None = None

    def show(self, parts: Sequence[Sequence[Span]], done: float | None) -> None:
        """`done` from 0 to 1 draws a thin bar behind the words; None when everything is read."""
        self._parts, self._done = parts, done
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One row; the part already read is underlined by the accent colour."""
        width = self.size.width
        strip = row(self.look, width, [(SafeText(" "), "chrome"), *fitted(self._parts, width - 2, (SafeText("  "), "chrome"))])
        if self._done is None:
            return strip
        read = max(0, min(width, round(width * self._done)))
        from rich.style import Style

        return Strip([*strip.crop(0, read).apply_style(Style(underline=True)), *strip.crop(read, width)], width)


class KeyLine(Widget):
    """The last line: what the keys do now, whole words only; or an answer to what was just done."""

    DEFAULT_CSS = "KeyLine { height: 1; width: 100%; dock: bottom; }"

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        self.ascii_only = False
        self.plain = False
        self.tools: Sequence[Tool] = TOOLS
        self._mode = ""
        self._answer: tuple[SafeText, str] | None = None
        self._in_tree = False
        self._on_page = False
        self._greeting: SafeText | None = None

    def greet(self, greeting: SafeText | None) -> None:
        """Words for someone who sees this for the first time, before the keys, until the first key."""
        if greeting != self._greeting:
            self._greeting = greeting
            self.refresh()

    def of_page(self, on_page: bool) -> None:
        """A page lies over the panes, which names its own keys, or not any more."""
        self._on_page = on_page
        self.refresh()

    def show(self, mode: str, answer: SafeText | None = None, style: str = "chrome.accent", in_tree: bool = False) -> None:
        """The keys of a mode, or of the tree; an answer stands in front of them until the next key."""
        new = (answer, style) if answer else None
        if (mode, new, in_tree) != (self._mode, self._answer, self._in_tree):
            self._mode, self._answer, self._in_tree = mode, new, in_tree
            self.refresh()

    def of_tree(self, in_tree: bool) -> None:
        """Name the tree's keys, or the picture's; an answer stays."""
        answer, style = self._answer or (None, "chrome.accent")
        self.show(self._mode, answer, style, in_tree=in_tree)

    def render_line(self, y: int) -> Strip:
        """Cut between whole entries, never within one."""
        width = self.size.width
        parts: list[list[Span]] = []
        if self._answer:
            parts.append([(SafeText(clip(self._answer[0], width - 2)), self._answer[1])])
        elif self._greeting and not self._mode:
            parts.append([(self._greeting, "chrome.accent")])
        if self._mode:
            title = next(title for name, title in MODES if name == self._mode)
            parts.append([(words(title), "chrome.amber")])
        if self._on_page:
            parts.extend(
                [(SafeText(key), "chrome.strong"), (words(_(" {what}"), what=words(what)), "chrome.dim")] for key, what in PAGE_KEYS
            )
        elif self._in_tree and not self._mode:
            parts.extend(self._named(*entry) for entry in TREE_KEYS)
        elif self.plain and not self._mode:
            parts.extend(self._named(*entry) for entry in PLAIN_KEYS)
        else:
            said = _GREETED if self._greeting and not self._answer else ()
            parts.extend(self._entry(tool) for tool in footer_tools(self._mode, self.tools) if tool.action not in said)
        if self._mode and not self._on_page:
            parts.append([(SafeText("Esc"), "chrome.strong"), (words(_(" back")), "chrome.dim")])
        label: list[Span] = []
        if self._on_page and width < WIDE:  # the page lies over it
            label = [(words(LABEL), "chrome.dim"), (SafeText(" "), "chrome")]
        room = width - 2 - sum(len(text) for text, _style in label)
        return row(self.look, width, [(SafeText(" "), "chrome"), *fitted(parts, room, (SafeText("  "), "chrome"))], label)

    def _named(self, keys: str, in_ascii: str, what: str) -> list[Span]:
        return [(SafeText(in_ascii if self.ascii_only else keys), "chrome.strong"), (SafeText(" " + translate(what)), "chrome.dim")]

    def _entry(self, tool: Tool) -> list[Span]:
        keys = tool.pair or shown_key(tool.keys[0], self.ascii_only)
        if self.ascii_only and not keys.isascii():
            keys = shown_key(tool.keys[0], True)
        return [(SafeText(keys), "chrome.strong"), (SafeText(" " + translate(tool.short)), "chrome.dim")]


_GREETED = ("scroll", "series", "help", "quit")
"""What the first line names in words already."""
