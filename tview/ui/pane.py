"""One picture pane: it owns what it shows (stack, place in it, `View`), draws the words around the picture, and keeps the hole it fills.

Four of them are four of the same. Rows from the top: the study line, a row for the upper letter, the picture, a row for the lower letter,
and two lines that always say the same things in the same places. The picture itself is text only in block graphics; else the driver
paints it.
"""

import textwrap
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tview.catalog import ElementRow, Series, Stack, Study, element_rows
from tview.pixels import View, Window
from tview.text import SafeText, cell_width, clip, safe
from tview.ui.facts import LABEL, WIDE, image_parts, place_parts, scale_parts, study_line, two_sided, window_parts
from tview.ui.look import Look, Span, row, words
from tview.ui.popup import Line, column
from tview.ui.shown import Request, Shown
from tview.ui.slices import Slices

if TYPE_CHECKING:
    from tview.pixels import Rendered
    from tview.ui.painter import Painter

LETTER_CELLS = 3
_ROWS_AROUND = 5
_ACCESSION_NUMBER = 0x00080050
_ = str


@dataclass(slots=True)
class PaneState:
    """What a pane is asked to show. The screen's thread only."""

    study: Study | None = None
    series: Series | None = None
    stack: Stack | None = None
    position: int = 0
    view: View = field(default_factory=View)
    serial: int = 0


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
        self._slices = Slices(None)
        self._present: dict[tuple[int, str], int] = {}
        self._left: dict[tuple[str, str], tuple[int, View]] = {}
        self.look = look
        self.state = PaneState()
        self.shown: Shown | None = None
        self.waiting: SafeText | None = None
        self.message: tuple[SafeText, ...] = ()
        self.pointer: tuple[int, int] | None = None
        self.annotations = 0
        self.overlays = True
        self.hidden = False
        self.notes: tuple[SafeText, ...] = ()
        """What is wrong with this image or, while the tree is folded away, on the medium: it stands behind the place in the stack."""
        self.ascii_only = False

    @property
    def slices(self) -> Slices:
        """The stack asked for, slice by slice; empty without one."""
        return self._slices

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
        state = self.state
        if state.series is not None and state.stack is not None:
            self._left[state.series.key, state.stack.key] = (state.position, state.view)
        known_position, view = self._left.get((series.key, stack.key), (None, View()))
        state.study, state.series, state.stack, state.view = study, series, stack, view
        self._slices = Slices(stack, self._present)
        if position is None:
            position = len(self._slices) // 2 if known_position is None else known_position
        state.position = max(0, min(position, len(self._slices) - 1))
        self.message = ()

    def learn(self, present: int) -> None:
        """The object shown has fewer frames than it claims: the stack is that short, and the middle one is shown."""
        state = self.state
        if state.stack is not None and len(self._slices):
            instance = self._slices[state.position].instance
            self._present[instance.source_number, instance.path] = present
            self._slices = Slices(state.stack, self._present)
            state.position = len(self._slices) // 2

    def refound(self, study: Study, series: Series) -> None:
        """The same series in a fuller catalog: the image stays, its place in the stack may not."""
        state = self.state
        old = state.stack
        if old is None or series is state.series:
            return
        here = self._slices[state.position] if len(self._slices) else None
        stacks = sorted(series.stacks, key=lambda stack: stack.key != old.key)
        for stack in stacks:
            slices = Slices(stack, self._present)
            position = slices.position_of(here.instance, here.frame) if here is not None else len(slices) // 2 if len(slices) else None
            if position is not None:
                changed = len(slices) != len(self._slices) or slices.missing != self._slices.missing
                state.study, state.series, state.stack, state.position, self._slices = study, series, stack, position, slices
                if changed or here is None:
                    self.post_message(self.Refilled(self))
                return

    def preset(self, digit: int) -> View | SafeText:
        """The view after a digit key: full range, a window or VOI LUT of the file, a preset of the modality; or why not, in words."""
        shown, view = self.shown, self.state.view
        if shown is None or shown.frame is None:
            return words(_("no picture"))
        description = shown.frame.description
        if description.is_colour:
            return words(_("a colour picture has no window"))
        if digit == 0:
            low, high = shown.frame.value_range()
            return view.windowed(Window((low + high) / 2, max(high - low, 1.0), "LINEAR_EXACT", words(_("full range")), "reader"))
        fitting, why = shown.presets
        own = len(description.windows) + len(description.voi_luts)
        if digit <= 2 or not fitting:
            return self._own_window(digit, own, why)
        if digit - 3 < min(len(fitting), 7):
            preset = fitting[digit - 3]
            return replace(view.windowed(preset.window(shown.suv_factor)), invert=preset.invert or view.invert)
        return words(_("there are presets 3 to {last}"), last=min(9, 2 + len(fitting)))

    def _own_window(self, digit: int, own: int, why: str | None) -> View | SafeText:
        assert self.shown is not None and self.shown.frame is not None
        description, view = self.shown.frame.description, self.state.view
        if digit == 2 and own > 1:  # the next one after the one in force, and round again
            in_force = view.voi_lut_index + len(description.windows) if view.voi_lut_index is not None else None
            if in_force is None:
                shown = view.window or (description.windows[0] if description.windows else None)
                in_force = next((index for index, window in enumerate(description.windows) if window == shown), -1)
            digit = (max(in_force, 0) + 1) % own + 1
        if digit == 1 and not own:
            return replace(view, window=None, voi_lut_index=None)
        if digit <= len(description.windows):
            return view.windowed(description.windows[digit - 1])
        if digit <= own:
            return replace(view, window=None, voi_lut_index=digit - 1 - len(description.windows))
        if digit > 2 and why:
            return words(_("no preset here: {why}"), why=why)
        return words(_("the file has {count} windows"), count=own) if own != 1 else words(_("the file has one window"))

    def probe(self, x: int, y: int) -> SafeText | None:
        """Patient position and value of the image pixel under a screen cell; None outside the image."""
        hole, shown = self.screen_hole, self.shown
        if shown is None or shown.frame is None or shown.rendered is None or not hole.contains(x, y):
            return None
        rows, columns = shown.rendered.picture.shape[:2]
        row, column = shown.rendered.placement.to_image((x - hole.x + 0.5) * columns / hole.width, (y - hole.y + 0.5) * rows / hole.height)
        frame = shown.frame
        if not (0 <= row < frame.rows and 0 <= column < frame.columns):
            return None
        description = frame.description
        point = description.geometry.patient_point(row, column)
        text = f"{column:.0f},{row:.0f}"
        if point is not None:
            ends = (("L", "R"), ("P", "A"), ("H", "F"))
            text = " ".join(f"{names[value < 0]}{abs(value):.1f}" for names, value in zip(ends, point, strict=True))
        if int(row) >= frame.rows_present:
            return safe(f"{text}  {words(_('not in the file'))}")
        if description.is_colour:
            return safe(f"{text}  {' '.join(str(int(v)) for v in frame.rgb()[int(row), int(column)])}")
        return safe(f"{text}  {frame.modality_value(int(row), int(column)):g} {description.unit or ''}".rstrip())

    def element_lines(self, painter: "Painter") -> list[Line]:
        """The data elements of the object that is shown, nested ones indented. Raises `TviewError`."""
        if not len(self._slices):
            return []
        header = painter.header_of(self._slices[self.state.position].instance)
        lines: list[Line] = []
        for part, title in ((header.meta, words(_("File meta information"))), (header.data_set, words(_("Data set")))):
            if part is not None:
                lines.append(Line(((title, "panel.accent"),)))
                lines.extend(_element_line(element, self.hidden) for element in element_rows(part))
        return lines

    @property
    def hole(self) -> Region:
        """The cells of the picture, relative to this pane."""
        columns, rows = self.size
        return Region(LETTER_CELLS, 2, max(0, columns - 2 * LETTER_CELLS), max(0, rows - _ROWS_AROUND))

    @property
    def screen_hole(self) -> Region:
        """The cells of the picture on the screen."""
        return self.hole.translate(self.region.offset)

    def accept(self, shown: Shown) -> bool:
        """Take a finished picture unless a newer one stands already. Words and picture change together."""
        if self.shown is not None and shown.request.serial < self.shown.request.serial:
            return False
        self.shown = shown
        self.waiting = None
        self.refresh()
        return True

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

    def request(self, draft: bool) -> Request | None:
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
            slices=self._slices,
            overlays=self.overlays,
        )

    def render_line(self, y: int) -> Strip:
        """One row of the pane."""
        width, height = self.size
        facts = self.shown.facts if self.shown else None
        if self.annotations == 2 and y in (0, height - 1):
            label = (words(LABEL), "pane.dim") if y == 0 and self.app.size.width < WIDE else (SafeText(""), "pane")
            return row(self.look, width, [], [label, (SafeText(" "), "pane")], base="pane")
        if y == 0:
            labels: list[Span] = [(words(LABEL), "pane.dim")] if self.app.size.width < WIDE else []
            left = study_line(facts, self.hidden, width - (4 if labels else 2) - sum(cell_width(text) for text, _style in labels))
            return row(self.look, width, [(SafeText(" "), "pane"), *left], [*labels, (SafeText(" "), "pane")], base="pane")
        if y >= height - 2:
            return self._bottom_line(y - (height - 2), width)
        if y in (1, height - 3):
            letter = facts.letters[2 if y == 1 else 3] if facts else ""
            return row(self.look, width, [(SafeText(letter.center(width)), "pane.accent")], base="pane")
        return self._picture_line(y - 2, width, height - _ROWS_AROUND)

    def _bottom_line(self, line: int, width: int) -> Strip:
        facts = self.shown.facts if self.shown else None
        if facts is None:
            return row(
                self.look, width, [(SafeText(" "), "pane"), (self.waiting, "pane.dim")] if self.waiting and line == 0 else [], base="pane"
            )
        if line == 0:
            left, right = two_sided([*image_parts(facts), *([(note, "pane.amber")] for note in self.notes)], window_parts(facts), width - 2)
            if self.waiting:
                left = [(self.waiting, "pane.dim"), (SafeText("  "), "pane"), *left]
        else:
            left, right = two_sided(place_parts(facts, self.probe(*self.pointer) if self.pointer else None), scale_parts(facts), width - 2)
        return row(self.look, width, [(SafeText(" "), "pane"), *left], [*right, (SafeText(" "), "pane")], base="pane")

    def _picture_line(self, y: int, width: int, rows: int) -> Strip:
        shown = self.shown
        inside = max(0, width - 2 * LETTER_CELLS)
        letters = ("", "")
        if shown is not None and shown.facts is not None and y == rows // 2:
            letters = shown.facts.letters[0], shown.facts.letters[1]
        side = self.look.style("pane.accent")
        left, right = (Segment(clip(letter, LETTER_CELLS).center(LETTER_CELLS), side) for letter in letters)
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


def _element_line(element: ElementRow, hidden: bool) -> Line:
    indent = SafeText("  " * element.depth)
    names_someone = element.number >> 16 == 0x0010 or element.vr == "PN" or element.number == _ACCESSION_NUMBER
    value = words(_("(hidden)")) if hidden and names_someone and element.value else element.value
    left: tuple[Span, ...] = (
        (SafeText(f"{indent}{element.tag} {element.vr} "), "panel.dim"),
        (column(element.name, 34 - 2 * element.depth), "panel"),
        (SafeText(" "), "panel"),
        (value, "panel.strong"),
    )
    return Line(left, search=f"{element.tag} {element.name} {value}")


def _centred(text: SafeText, width: int) -> str:
    text = SafeText(clip(text, width))
    before = (width - cell_width(text)) // 2
    return " " * before + text + " " * (width - cell_width(text) - before)
