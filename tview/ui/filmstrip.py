"""A strip of thumbnails, one for each series that can be looked at: its middle image, its number and name, how many images it has."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tview.catalog import Catalog, Instance, Series, Stack
from tview.text import SafeText, cell_width, clip, safe
from tview.ui.look import Look, words

if TYPE_CHECKING:
    from tview.terminal import Kept

_ = str
STRIP = 200  # its number among the pictures
_HIGH_SCREEN = 36
_GAP = 2


@dataclass(frozen=True, slots=True)
class StripRequest:
    """The thumbnails in sight, in cells of the screen: `pitch` cells from one to the next, each `columns` wide."""

    serial: int
    instances: tuple[Instance, ...]
    cell_x: int
    cell_y: int
    columns: int
    rows: int
    pitch: int


@dataclass(frozen=True, slots=True, eq=False)
class StripShown:
    """One picture with all thumbnails; see `Shown` for its parts. `done` says that none is still to come."""

    request: StripRequest
    painting: bytes | None
    kept: "Kept | None"
    cells: tuple[tuple[Segment, ...], ...] | None
    over_text: bool
    done: bool

    @property
    def width(self) -> int:
        """Cells from the first thumbnail to the end of the last one."""
        return self.request.pitch * (len(self.request.instances) - 1) + self.request.columns


class Filmstrip(Widget):
    """Draws the words; the picture over them is painted by the driver, or is text without a terminal."""

    class Moved(Message):
        """Other thumbnails are in sight, or they lie elsewhere."""

    class Chosen(Message):
        """A thumbnail was clicked."""

        def __init__(self, series: Series, stack: Stack) -> None:
            super().__init__()
            self.series, self.stack = series, stack

    DEFAULT_CSS = "Filmstrip { dock: bottom; width: 100%; height: 5; background: #000000; display: none; }"

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        self.shown: StripShown | None = None
        self._items: Sequence[tuple[Series, Stack, Instance]] = ()
        self._marked = ""
        self._first = 0
        self._serial = 0

    @property
    def hole(self) -> Region:
        """The cells of the picture, relative to this strip."""
        rows = self.size.height - (2 if self.size.height > 5 else 1)
        return Region(1, 0, max(0, self.size.width - 1), max(0, rows))

    @property
    def _columns(self) -> int:
        return 2 * self.hole.height

    @property
    def _room(self) -> int:
        """How many thumbnails fit."""
        return max(1, (self.hole.width + _GAP) // (self._columns + _GAP))

    @property
    def cells(self) -> Region:
        """The cells of the picture that stands, on the screen."""
        width = self.shown.width if self.shown is not None else self.hole.width
        return Region(self.region.x + self.hole.x, self.region.y, width, self.hole.height)

    def fit(self, rows: int) -> None:
        """Take a height that suits a screen of so many rows."""
        self.styles.height = 8 if rows >= _HIGH_SCREEN else 5

    def fill(self, catalog: Catalog | None) -> None:
        """The series of a fuller catalog."""
        series = catalog.series if catalog is not None else ()
        found = [(one, one.main_stack) for one in series if one.is_image]
        items = [(one, stack, stack.middle) for one, stack in found if stack is not None]
        items_there = tuple((one, stack, middle) for one, stack, middle in items if middle is not None)
        keys = [(one.key, middle.path) for one, _stack, middle in items_there]
        if keys != [(one.key, middle.path) for one, _stack, middle in self._items]:
            self.post_message(self.Moved())
        self._items = items_there
        self._reveal()
        self.refresh()

    def mark(self, series_key: str) -> None:
        """Which series has the keys: it comes into sight."""
        self._marked = series_key
        self._reveal()
        self.refresh()

    def _reveal(self) -> None:
        place = next((index for index, item in enumerate(self._items) if item[0].key == self._marked), None)
        first = max(0, min(self._first, len(self._items) - self._room))
        if place is not None and not first <= place < first + self._room:
            first = max(0, min(place - self._room // 2, len(self._items) - self._room))
        if first != self._first and self.size.height:
            self._first = first
            self.post_message(self.Moved())

    def request(self) -> StripRequest | None:
        """The thumbnails in sight; None while there is nothing or no room."""
        instances = tuple(item[2] for item in self._in_sight)
        if not self.display or not instances or self.hole.height < 2 or self._columns > self.hole.width:
            return None
        self._serial += 1
        pitch = self._columns + _GAP
        return StripRequest(self._serial, instances, self.region.x + 1, self.region.y, self._columns, self.hole.height, pitch)

    @property
    def _in_sight(self) -> Sequence[tuple[Series, Stack, Instance]]:
        return self._items[self._first : self._first + self._room]

    def accept(self, shown: StripShown) -> bool:
        """Take a finished picture unless it is of another place."""
        request = shown.request
        if (request.cell_x, request.cell_y, request.rows) != (self.region.x + 1, self.region.y, self.hole.height):
            return False
        self.shown = shown
        self.refresh()
        return True

    def on_resize(self, _event: events.Resize) -> None:
        """Told when the layout stands."""
        self._reveal()
        self.call_after_refresh(self.post_message, self.Moved())

    def on_click(self, event: events.Click) -> None:
        """A click opens the series."""
        event.stop()
        index = (event.x - 1) // (self._columns + _GAP)
        if 0 <= index < len(self._in_sight):
            series, stack, _instance = self._in_sight[index]
            self.post_message(self.Chosen(series, stack))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel moves the strip."""
        self._move(event, 1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel moves the strip."""
        self._move(event, -1)

    def _move(self, event: events.MouseEvent, step: int) -> None:
        event.stop()
        first = max(0, min(self._first + step, len(self._items) - self._room))
        if first != self._first:
            self._first = first
            self.post_message(self.Moved())
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Rows of the picture, then number and name, then the count."""
        width, rows = self.size.width, self.hole.height
        style = self.look.style("pane")
        if y < rows:
            shown = self.shown
            if shown is not None and shown.cells is not None and y < len(shown.cells):
                used = 1 + shown.width
                return Strip([Segment(" ", style), *shown.cells[y], Segment(" " * max(0, width - used), style)]).crop(0, width)
            return Strip([Segment(" " * width, style)], width)
        segments = [Segment(" ", style)]
        for series, _stack, _instance in self._in_sight:
            is_marked = series.key == self._marked
            text = self._title(series) if y == rows else self._count(series)
            text = SafeText(clip(text, self._columns))
            name = ("pane.accent" if is_marked else "pane") if y == rows else "pane.dim"
            segments.append(Segment(text + " " * (self._columns + _GAP - cell_width(text)), self.look.style(name)))
        used = sum(segment.cell_length for segment in segments)
        return Strip([*segments, Segment(" " * max(0, width - used), style)]).crop(0, width)

    def _title(self, series: Series) -> SafeText:
        number = "-" if series.series_number is None else str(series.series_number)
        return safe(f"{'>' if series.key == self._marked else ''}{number} {series.shown_title}")

    def _count(self, series: Series) -> SafeText:
        missing = words(_(", {count} missing"), count=series.missing_count) if series.missing_count else ""
        count = words(_("{count} images"), count=series.image_count) if series.image_count != 1 else words(_("1 image"))
        return safe(f"{count}{missing}")
