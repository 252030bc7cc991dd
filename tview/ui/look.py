"""Colours and lines: three looks, and rows of styled text cut cleanly to a width.

Every widget draws itself with these; nothing is styled by markup, and no text reaches a row but `SafeText`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tview.text import SafeText, cell_width, clip, filled, safe, translate, visual_order

Span = tuple[SafeText, str]
"""A piece of a row: its text and the name of its style in a `Look`."""


@dataclass(frozen=True, slots=True)
class Look:
    """The styles of one theme by name. Meaning is never in the colour alone: amber and red always stand beside a word or symbol."""

    name: str
    styles: dict[str, Style]
    visual_order: bool = False
    """Whether the terminal leaves the order of right-to-left letters to us."""

    def style(self, name: str) -> Style:
        """The style with this name."""
        return self.styles[name]


def _look(name: str, chrome: str, panel: str, text: str, dim: str, accent: str, on_accent: str, amber: str, red: str, green: str) -> Look:
    def style(color: str, background: str, **more: bool) -> Style:
        return Style(color=color, bgcolor=background, **more)  # type: ignore[arg-type]  # bold and the like are keywords

    picture, high = "#000000", name == "contrast"
    styles = {
        "chrome": style(text, chrome),
        "chrome.dim": style(dim, chrome),
        "chrome.strong": style(text, chrome, bold=True),
        "chrome.accent": style(accent, chrome, bold=True),
        "chrome.amber": style(amber, chrome, bold=True),
        "chrome.red": style(red, chrome, bold=True),
        "panel": style(text, panel),
        "panel.dim": style(dim, panel),
        "panel.strong": style(text, panel, bold=True),
        "panel.accent": style(accent, panel, bold=True),
        "panel.amber": style(amber, panel),
        "panel.red": style(red, panel, bold=True),
        "panel.green": style(green, panel),
        "cursor": style(on_accent, accent),
        "cursor.dim": style(on_accent, accent),
        "cursor.strong": style(on_accent, accent, bold=True),
        "cursor.amber": style(on_accent, accent, bold=True),
        "cursor.red": style(on_accent, accent, bold=True),
        "selected": style(text, chrome, bold=True),
        "selected.dim": style(dim, chrome),
        "selected.strong": style(text, chrome, bold=True),
        "selected.amber": style(amber, chrome),
        "selected.red": style(red, chrome, bold=True),
        "alert": style(on_accent, amber, bold=True),
        "pane": style("#ffffff" if high else "#d7dde3", picture),
        "pane.dim": style("#ffffff" if high else "#8b96a1", picture),
        "pane.strong": style("#ffffff", picture, bold=True),
        "pane.accent": style(accent if high else "#7cc7ff", picture, bold=True),
        "pane.amber": style(amber if high else "#ffb84d", picture, bold=True),
        "pane.red": style(red if high else "#ff7a70", picture, bold=True),
    }
    return Look(name, styles)


LOOKS: dict[str, Look] = {
    look.name: look
    for look in (
        _look("dark", "#1a2027", "#0d1115", "#d0d7de", "#8b96a1", "#7cc7ff", "#04121d", "#ffb84d", "#ff7a70", "#7ee2a8"),
        _look("light", "#d9dfe5", "#f4f6f8", "#15202b", "#566270", "#00549e", "#ffffff", "#8a4b00", "#b3140a", "#00632b"),
        _look("contrast", "#262626", "#000000", "#ffffff", "#ffffff", "#ffff00", "#000000", "#ffff00", "#ff9c9c", "#80ff80"),
    )
}


def words(message: str, **values: str | int | float) -> SafeText:
    """One of the program's own messages in the reader's language; its values pass the gate."""
    return filled(message, **values) if values else safe(translate(message))


def row(look: Look, width: int, left: Sequence[Span], right: Sequence[Span] = (), base: str = "chrome") -> Strip:
    """A row of exactly `width` cells: `left` from the left edge, `right` at the right edge; where both do not fit the left is cut first."""
    right_cells = sum(cell_width(text) for text, _ in right)
    if right_cells > width:
        right, right_cells = _cut(right, width)
    kept, used = _cut(left, max(0, width - right_cells - (1 if right and left else 0)))
    drawn = visual_order if look.visual_order else _as_it_is
    segments = [Segment(drawn(text), look.style(name)) for text, name in kept]
    segments.append(Segment(" " * (width - used - right_cells), look.style(base)))
    segments.extend(Segment(drawn(text), look.style(name)) for text, name in right)
    return Strip([segment for segment in segments if segment.text], width)


def _as_it_is(text: SafeText) -> SafeText:
    return text


def fitted(parts: Sequence[Sequence[Span]], width: int, gap: Span) -> list[Span]:
    """As many whole parts as fit into `width`, in their order, a gap between them: a fact is shown whole or not at all."""
    kept: list[Span] = []
    used = 0
    for part in parts:
        cells = sum(cell_width(text) for text, _ in part) + (cell_width(gap[0]) if kept else 0)
        if not part or used + cells > width:
            continue
        if kept:
            kept.append(gap)
        kept.extend(part)
        used += cells
    return kept


def _cut(spans: Sequence[Span], width: int) -> tuple[list[Span], int]:
    kept: list[Span] = []
    used = 0
    for text, name in spans:
        room = width - used
        if room <= 0:
            break
        cells = cell_width(text)
        if cells > room:
            text = SafeText(clip(text, room))
            cells = cell_width(text)
        kept.append((text, name))
        used += cells
    return kept, used
