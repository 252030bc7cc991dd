"""One picture pane: it owns what it is asked to show, draws the words around the picture, and keeps the hole that the picture fills.

Four of them are four of the same. Rows from the top: with several panes whose picture it is, the study line, a row for the upper letter,
the picture, a row for the lower letter, and two lines that always say the same things in the same places. A small one of several keeps
whose, what and when in one line and has the upper and lower letter beside the picture. The picture itself is painted by the driver;
without a terminal it is text.
"""

import textwrap
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tview.catalog import Series, Stack, Study
from tview.pixels import View, Window
from tview.text import SafeText, cell_width, clip
from tview.ui import facts as telling
from tview.ui import plain
from tview.ui.asked import Asked
from tview.ui.facts import (
    LABEL,
    WIDE,
    left_over,
    pane_identity,
    study_line,
    two_sided,
)
from tview.ui.look import Look, Span, row, words
from tview.ui.presets import preset_view
from tview.ui.probing import probe, probe_at
from tview.ui.shown import Request, Shown
from tview.ui.slices import Row

if TYPE_CHECKING:
    from tview.pixels import Drawing, Rendered

LETTER_CELLS = 3
_COMPACT_ROWS = 18
_ = str


class PicturePane(Widget, can_focus=True):
    """Draws one `Shown` and the words that belong to it."""

    class Refilled(Message):
        """The stack has grown while it was looked at."""

        def __init__(self, pane: "PicturePane") -> None:
            super().__init__()
            self.pane = pane

    class Moved(Message):
        """The cells of the picture are others now."""

        def __init__(self, pane: "PicturePane") -> None:
            super().__init__()
            self.pane = pane

    DEFAULT_CSS = "PicturePane { width: 1fr; height: 1fr; background: #000000; }"

    def __init__(self, number: int, look: Look) -> None:
        super().__init__()
        self.number = number
        self.look = look
        self.state = Asked()
        self.shown: Shown | None = None
        self.waiting: SafeText | None = None
        self.message: tuple[SafeText, ...] = ()
        self.pointer: tuple[int, int] | None = None
        self.colours: dict[str, str] = {}
        """Tables of colours by series; without one it is grey."""
        self.spot: tuple[float, float] | None = None
        """The image point that keys move, while a tool has them."""
        self.annotations = 0
        self.overlays = True
        self.hidden = False
        self.notes: tuple[SafeText, ...] = ()
        """What is wrong with this image or, while the tree is folded away, on the medium: it stands behind the place in the stack."""
        self.ascii_only = False
        self.plain = False
        self.several = False
        """Whether other panes stand beside it: then it says whose picture it is."""
        self.is_active = False
        self.differs = False
        """Whether another pane shows another person."""
        self.link_words: SafeText | None = None

    @property
    def slices(self) -> Row:
        """The stack asked for, slice by slice, or the cuts through it; empty without one."""
        return self.state.slices

    @property
    def rendered(self) -> "Rendered | None":
        """The picture that stands in the pane, with its placement."""
        return self.shown.rendered if self.shown is not None else None

    @property
    def window(self) -> Window | None:
        """The window that tools start from: the one asked for, else the one in force; None for colour."""
        if self.state.view.window is not None:
            return self.state.view.window
        return self.rendered.window if self.rendered is not None else None

    @property
    def is_inverted(self) -> bool:
        """Whether large values are dark in the picture that stands."""
        return self.rendered is not None and self.rendered.inverted

    @property
    def cine_rate(self) -> float | None:
        """Images per second as the file says; None when it does not."""
        return self.shown.frame_rate if self.shown is not None else None

    def choose(self, study: Study, series: Series, stack: Stack, position: int | None) -> None:
        """Another stack: where it was left with the view it had, else at its middle with the file's own; or at a position asked for."""
        self.state.choose(study, series, stack, position)
        self.message = ()

    def refound(self, study: Study, series: Series) -> None:
        """The same series in a fuller catalog: the image stays, its place in the stack may not."""
        if self.state.refound(study, series):
            self.post_message(self.Refilled(self))

    def preset(self, digit: int) -> View | SafeText:
        """The view after a digit key, or why there is none."""
        return preset_view(self.shown, self.state.view, digit)

    def probe(self, x: int, y: int) -> SafeText | None:
        """Patient position and value of the image pixel under a screen cell; None outside the image."""
        return probe(self.shown, self.screen_hole, x, y)

    def _read_value(self) -> SafeText | None:
        """What lies under the point that keys move, else under the mouse."""
        if self.spot is not None:
            return probe_at(self.shown, self.spot)
        return self.probe(*self.pointer) if self.pointer else None

    @property
    def is_compact(self) -> bool:
        """Whether it is too low for a line of each kind."""
        return self.several and self.size.height < _COMPACT_ROWS

    @property
    def rows_above(self) -> int:
        """Rows of words above the picture."""
        return 1 if self.is_compact else 3 if self.several else 2

    @property
    def rows_below(self) -> int:
        """Rows of words below the picture."""
        return 2 if self.is_compact else 3

    @property
    def hole(self) -> Region:
        """The cells of the picture, relative to this pane."""
        columns, rows = self.size
        around = self.rows_above + self.rows_below
        return Region(LETTER_CELLS, self.rows_above, max(0, columns - 2 * LETTER_CELLS), max(0, rows - around))

    @property
    def screen_hole(self) -> Region:
        """The cells of the picture on the screen."""
        return self.hole.translate(self.region.offset)

    def accept(self, shown: Shown) -> bool:
        """Take a finished picture unless a newer one stands already. Words and picture change together."""
        if self.shown is not None and shown.request.serial < self.shown.request.serial:
            return False
        before, self.shown = self.shown, shown
        self.waiting = None
        if before is not None and self._has_same_cells(before, shown):
            hole, (columns, rows) = self.hole, self.size
            # The picture's own rows stay as they are: 5 KB less on the line, and no flicker
            self.refresh(Region(0, 0, columns, hole.y), Region(0, hole.bottom, columns, rows - hole.bottom))
        else:
            self.refresh()
        return True

    def _has_same_cells(self, before: Shown, shown: Shown) -> bool:
        """Whether the rows of the picture need no new text. Of a row with two pieces Textual 8.2 also writes what lies between them,
        so that the letters beside the picture cannot be written alone.
        """
        if before.painting is None or shown.painting is None or before.facts is None or shown.facts is None:
            return False
        return before.facts.letters == shown.facts.letters and self.stands(before) and self.stands(shown)

    def on_resize(self, _event: events.Resize) -> None:
        """Told when the layout stands."""
        self.call_after_refresh(self.post_message, self.Moved(self))

    def stands(self, shown: Shown) -> bool:
        """Whether a picture was made for the cells that the pane has now."""
        hole, request = self.screen_hole, shown.request
        return (request.cell_x, request.cell_y, request.columns, request.rows) == (hole.x, hole.y, hole.width, hole.height)

    def clear(self, *message: SafeText) -> None:
        """Show words in place of a picture."""
        width = max(20, self.size.width - 2 * LETTER_CELLS - 2)
        wrapped = tuple(SafeText(line) for text in message for line in textwrap.wrap(text, width) or [""])
        self.shown, self.message, self.waiting = None, wrapped, None
        self.refresh()

    def request(self, draft: bool, layers: "tuple[Drawing, ...]" = ()) -> Request | None:
        """What to paint now, with a serial of its own; None while there is nothing or no room."""
        state, hole = self.state, self.screen_hole
        if state.series is None or state.stack is None or state.study is None or hole.width < 4 or hole.height < 2:
            return None
        state.serial += 1
        return Request(
            pane=self.number,
            serial=state.serial,
            study=state.study,
            series=state.series,
            stack=state.stack,
            position=state.position,
            view=state.view,
            cell_x=hole.x,
            cell_y=hole.y,
            columns=hole.width,
            rows=hole.height,
            draft=draft,
            slices=state.slices,
            overlays=self.overlays,
            layers=layers,
        )

    def render_line(self, y: int) -> Strip:
        """One row of the pane."""
        width, height = self.size
        above, below = self.rows_above, self.rows_below
        if above <= y < height - below:
            return self._picture_line(y - above, width, height - above - below)
        if self.several and y == 0:
            return self._identity_line(width)
        if y >= height - 2:
            return self._bottom_line(y - (height - 2), width)
        if y in (above - 1, height - 3):
            letter = self.shown.facts.letters[2 if y < above else 3] if self.shown and self.shown.facts else ""
            return row(self.look, width, [(SafeText(letter.center(width)), "pane.accent")], base="pane")
        return self._study_line(width)

    def _identity_line(self, width: int) -> Strip:
        """Whose picture this is, on the accent where the keys go, on amber where another pane shows another person."""
        base = "alert" if self.differs else "cursor" if self.is_active else "chrome"
        mark = (">" if self.ascii_only else "▸") if self.is_active else " "
        left: list[Span] = [(SafeText(f"{mark}{'! ' if self.differs else ''}"), base)]
        right: list[Span] = [(self.link_words, base), (SafeText(" "), base)] if self.link_words else []
        room = width - 2 - sum(cell_width(text) for text, _style in [*left, *right])
        facts = self.shown.facts if self.shown else None
        left += [(text, base) for text, _style in pane_identity(facts, self.hidden, self.is_compact, room)]
        return row(self.look, width, left, right, base=base)

    @property
    def _facts(self) -> telling.PictureFacts | None:
        """What is said of the picture: all of it, or only what has to stand there."""
        facts = self.shown.facts if self.shown else None
        return telling.needed(facts) if facts is not None and self.annotations == 2 else facts

    def _study_line(self, width: int) -> Strip:
        facts = self._facts
        with_label = self.app.size.width < WIDE and not self.several
        labels: list[Span] = [(words(LABEL), "pane.dim")] if with_label else []
        left = study_line(facts, self.hidden, width - (4 if labels else 2) - sum(cell_width(text) for text, _style in labels))
        return row(self.look, width, [(SafeText(" "), "pane"), *left], [*labels, (SafeText(" "), "pane")], base="pane")

    def _bottom_line(self, line: int, width: int) -> Strip:
        facts = self._facts
        if facts is None:
            return row(
                self.look, width, [(SafeText(" "), "pane"), (self.waiting, "pane.dim")] if self.waiting and line == 0 else [], base="pane"
            )
        told = plain if self.plain else telling
        first = [*told.image_parts(facts), *([(note, "pane.amber")] for note in self.notes), *told.technique_parts(facts, self.hidden)]
        left, right = two_sided(first, told.window_parts(facts), width - 2)
        if line == 1:
            late, scale = left_over(first, left, width - 4), told.scale_parts(facts)
            if self.is_compact:  # what a pixel is comes before where the slice lies
                late, scale = [*late, *scale[1:2]], scale[:1]
            left, right = two_sided([*late, *told.place_parts(facts, self._read_value())], scale, width - 2)
        elif self.waiting:
            left = [(self.waiting, "pane.dim"), (SafeText("  "), "pane"), *left]
        return row(self.look, width, [(SafeText(" "), "pane"), *left], [*right, (SafeText(" "), "pane")], base="pane")

    def _side_letters(self, y: int, rows: int) -> tuple[str, str]:
        """What stands left and right of a row of the picture; in a small pane the upper and lower letter stand there too."""
        if self.shown is None or self.shown.facts is None:
            return "", ""
        left, right, top, bottom = self.shown.facts.letters
        if y == rows // 2:
            return left, right
        if self.is_compact and y in (0, rows - 1):
            letter, arrow = (top, "^" if self.ascii_only else "↑") if y == 0 else (bottom, "v" if self.ascii_only else "↓")
            return (f"{clip(letter, LETTER_CELLS - 1)}{arrow}" if letter else ""), ""
        return "", ""

    def _picture_line(self, y: int, width: int, rows: int) -> Strip:
        shown = self.shown
        inside = max(0, width - 2 * LETTER_CELLS)
        side = self.look.style("pane.accent")
        left, right = (Segment(clip(letter, LETTER_CELLS).center(LETTER_CELLS), side) for letter in self._side_letters(y, rows))
        if shown is not None and shown.cells is not None and y < len(shown.cells):
            return Strip([left, *shown.cells[y], right], width)
        if shown is not None and shown.painting is not None and shown.request.columns == inside and shown.request.rows == rows:
            return Strip([left, Segment(" " * inside, self.look.style("pane")), right], width)
        text, style = self._message_line(y, rows)
        return Strip([left, Segment(_centred(text, inside), self.look.style(style)), right], width)

    def _message_line(self, y: int, rows: int) -> tuple[SafeText, str]:
        lines = self.shown.message if self.shown is not None and self.shown.message else self.message
        index = y - (rows - len(lines)) // 2
        if 0 <= index < len(lines):
            return lines[index], "pane.amber" if index == 0 else "pane"
        return SafeText(""), "pane"


def _centred(text: SafeText, width: int) -> str:
    text = SafeText(clip(text, width))
    before = (width - cell_width(text)) // 2
    return " " * before + text + " " * (width - cell_width(text) - before)
