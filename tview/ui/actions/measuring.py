"""Measuring, probing, and marking key images: by keys from pixel to pixel, or with the mouse."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from tview import pixels
from tview.catalog import Series, Stack
from tview.errors import TviewError
from tview.pixels import Quantity
from tview.text import SafeText, safe
from tview.ui import views
from tview.ui.actions.base import Acting
from tview.ui.look import words
from tview.ui.marks import TITLES, Key, Mark, Marks, Point, cross, drawn, key_of, quantity_rows
from tview.ui.pane import PicturePane
from tview.ui.popup import Line, column
from tview.ui.probing import image_point
from tview.ui.saving import save_measurements
from tview.ui.slices import Slices

if TYPE_CHECKING:
    from tview.pixels import Drawing, Region

_ = str
_MODES = ("measure", "probe")


class MeasureActions(Acting):
    """Points on the image, and what they come to."""

    marks: Marks
    _regions: "tuple[Key, tuple[Region, ...]] | None"

    # -- modes

    def action_measure(self, kind: str) -> None:
        """Measure something of this kind; the same key again ends it."""
        leaving = self.mode == "measure" and self.marks.kind == kind
        self.marks.forget_under_way()
        self.marks.kind = kind
        self._enter("" if leaving else "measure")
        if not leaving:
            told = words(_("{what}: move with the arrows, Enter sets a point; or drag"), what=words(TITLES[kind]))
            self.tell(told, "chrome.accent")

    def action_probe(self) -> None:
        """Read values with the arrow keys; the same key again ends it."""
        self._enter("" if self.mode == "probe" else "probe")

    def _enter(self, mode: str) -> None:
        if mode and (self.pane.shown is None or self.pane.shown.frame is None):
            self.tell(words(_("no picture to measure on")))
            return
        self.mode = mode
        self.tell(SafeText(""))
        self.pane.spot = self._spot_of(self.pane) if mode else None
        self.ask(self.pane, moving=False)

    @staticmethod
    def _spot_of(pane: PicturePane) -> Point | None:
        """Where the cross is: at first in the middle of what is seen."""
        frame = pane.shown.frame if pane.shown is not None else None
        if pane.spot is not None or frame is None:
            return pane.spot
        row, column_ = pane.state.view.centre or (frame.rows / 2, frame.columns / 2)
        return int(row) + 0.5, int(column_) + 0.5

    def leave_mode(self) -> None:
        """Esc: first the points set so far go, then the mode."""
        if self.mode == "measure" and self.marks.under_way:
            self.marks.forget_under_way()
        else:
            self.mode, self.pane.spot = "", None
        self.tell(SafeText(""))
        self.ask(self.pane, moving=False)

    # -- keys

    def action_move_cross(self, way: str) -> None:
        """The cross moves by a pixel, or by ten, as the arrow points on the screen."""
        pane, shown = self.pane, self.pane.shown
        pane.spot = self._spot_of(pane)
        if pane.spot is None or shown is None or shown.frame is None:
            return
        down, across = views.stepped(pane.state.view, way)
        row, column_ = pane.spot[0] + down, pane.spot[1] + across
        pane.spot = (min(max(row, 0.5), shown.frame.rows - 0.5), min(max(column_, 0.5), shown.frame.columns - 0.5))
        self.ask(pane)

    def action_put_point(self) -> None:
        """Set a point where the cross is."""
        self.pane.spot = self._spot_of(self.pane)
        if self.pane.spot is not None:
            self._put(self.pane, self.pane.spot)

    def action_drop_point(self) -> None:
        """Take the last point back; without one, the last measurement on this image."""
        if self.marks.under_way:
            self.marks.under_way = self.marks.under_way[:-1]
            self.ask(self.pane)
        else:
            self.action_delete_mark()

    def action_finish_line(self) -> None:
        """A path or an area has all its points."""
        kind = pixels.kind_of_measure(self.marks.kind)
        if kind.open_ended and len(self.marks.under_way) >= kind.points:
            self._finish(self.pane)
        else:
            self.tell(words(_("{count} points are needed, then f ends it"), count=kind.points))

    # -- the mouse

    def press_measure(self, pane: PicturePane, x: int, y: int) -> None:
        """The button goes down: a point is set there."""
        at = image_point(pane.shown, pane.screen_hole, x, y)
        if at is not None:
            pane.spot = at
            self._put(pane, at)

    def drag_measure(self, pane: PicturePane, _across: int, _down: int) -> None:
        """The next point follows the mouse."""
        at = image_point(pane.shown, pane.screen_hole, *self.app.mouse_position)
        if at is not None:
            pane.spot = at
            self.ask(pane)

    def release_measure(self, pane: PicturePane, x: int, y: int) -> None:
        """The button goes up elsewhere: that is the next point."""
        at = image_point(pane.shown, pane.screen_hole, x, y)
        if at is not None and self.marks.under_way and at != self.marks.under_way[-1]:
            self._put(pane, at)

    def press_probe(self, pane: PicturePane, x: int, y: int) -> None:
        """The value there is read."""
        at = image_point(pane.shown, pane.screen_hole, x, y)
        if at is not None:
            pane.spot = at
            self.ask(pane)

    # -- measurements

    def _put(self, pane: PicturePane, point: Point) -> None:
        key = key_of(pane.slices, pane.state.position)
        if key is None or pane.shown is None or pane.shown.frame is None:
            return
        marks = self.marks
        if marks.on != key:
            marks.on, marks.under_way = key, ()
        marks.under_way = (*marks.under_way, point)
        kind = pixels.kind_of_measure(marks.kind)
        if len(marks.under_way) >= kind.points and not kind.open_ended:
            self._finish(pane)
        else:
            self.ask(pane)

    def _finish(self, pane: PicturePane) -> None:
        state, marks = pane.state, self.marks
        points = marks.under_way
        if len(set(points)) < 2 or marks.on is None or state.series is None or state.stack is None:
            marks.forget_under_way()
            return
        found = self._quantities(pane, marks.kind, points)
        marks.measured.append(Mark(marks.on, marks.kind, points, found, state.series.key, state.stack.key))
        marks.forget_under_way()
        self.ask(pane, moving=False)
        told = "  ".join(quantity_rows(found)) or words(_("no number can be given here"))
        self.tell(words(_("{what} {numbers}   ; lists, Backspace deletes"), what=words(TITLES[marks.kind]), numbers=told), "chrome.accent")

    def _quantities(self, pane: PicturePane, kind: str, points: Sequence[Point]) -> tuple[Quantity, ...]:
        shown = pane.shown
        if shown is None or shown.frame is None or shown.request.position != pane.state.position:
            return ()
        suv = shown.suv
        factor, unit = (suv.factor or 1.0, suv.name) if suv is not None and suv.factor else (1.0, None)
        return pixels.measure(kind, points, shown.frame, self._regions_of(pane), factor=factor, unit=unit)

    def _regions_of(self, pane: PicturePane) -> "tuple[Region, ...]":
        """Calibrated parts of an ultrasound picture or of a page with traces; kept for the image they are of."""
        state, key = pane.state, key_of(pane.slices, pane.state.position)
        if key is None or state.series is None or not (state.series.modality == "US" or state.series.kind == "waveform"):
            return ()
        if self._regions is None or self._regions[0] != key:
            try:
                place = state.slices[state.position]
                image = self.painter.frames.open(place.instance).image if state.series.kind == "waveform" else None
                regions_of = getattr(image, "regions_of", None)
                header = self.painter.header_of(place.instance)
            except TviewError:
                return ()
            self._regions = (key, regions_of(place.frame) if regions_of is not None else pixels.read_regions(header.data_set))
        return self._regions[1]

    def marks_of_reader(self, pane: PicturePane) -> "tuple[Drawing, ...]":
        """What a pane's next picture has over it: its measurements, the one under way, the cross."""
        key = key_of(pane.slices, pane.state.position)
        if key is None:
            return ()
        layers: list[Drawing] = []
        for mark in self.marks.of(key):
            layers += drawn(mark, mark.points, mark.kind, mark.quantities)
        if pane is self.pane and self.mode in _MODES and pane.spot is not None:
            if self.mode == "measure" and self.marks.on == key and self.marks.under_way:
                points = (*self.marks.under_way, pane.spot)
                layers += drawn(None, points, self.marks.kind, self._quantities(pane, self.marks.kind, points))
            layers += cross(pane.spot)
        return tuple(layers)

    def action_delete_mark(self) -> None:
        """Take away the last measurement on this image."""
        key = key_of(self.pane.slices, self.pane.state.position)
        here = self.marks.of(key) if key is not None else []
        if not here:
            self.tell(words(_("nothing is measured on this image")))
            return
        self.marks.measured.remove(here[-1])
        self.ask(self.pane, moving=False)
        self.tell(words(_("measurement deleted")), "chrome.dim")

    def action_delete_marks(self) -> None:
        """Take away every measurement."""
        count = len(self.marks.measured)
        self.marks.measured.clear()
        self.marks.forget_under_way()
        self.ask(self.pane, moving=False)
        self.tell(words(_("{count:# measurement/# measurements} deleted"), count=count), "chrome.dim")

    def action_measurements(self) -> None:
        """Everything measured, to go to; saving."""
        lines = []
        if self.marks.measured:
            save = words(_("save all as measurements.json and, for other programs, as DICOM reports"))
            lines.append(Line(((save, "panel.accent"),), search=str(save), chosen=self.action_save_measurements))
        for mark in self.marks.measured:
            series, stack = self._series_of(mark.series_key, mark.stack_key)
            where = safe(self._name_of(series, stack, mark.key))
            told = safe("  ".join(quantity_rows(mark.quantities)))
            what = column(words(TITLES[mark.kind]), 12)
            lines.append(
                Line(
                    ((column(where, 18), "panel.strong"), (what, "panel"), (told, "panel")),
                    search=f"{where} {what} {told}",
                    chosen=partial(self._go_to_mark, mark),
                )
            )
        if not lines:
            told = words(_("nothing measured yet: d distance, a angle, e ellipse"))
            lines.append(Line(((told, "panel"),), search=str(told)))
        self.popup.open_list(words(_("Measurements")), lines, self.sheet_closed, width=110)

    def action_save_measurements(self) -> None:
        """JSON without names, and a structured report for each exam, into the working directory."""
        if not self.marks.measured:
            self.tell(words(_("nothing is measured yet")))
            return
        found = [(mark, *self._series_of(mark.series_key, mark.stack_key)) for mark in self.marks.measured]
        try:
            paths = save_measurements(found, self.studies, self.painter.header_of, [medium.source for medium in self.session.media])
        except TviewError as error:
            self.tell(error.finding)
        else:
            self.tell(words(_("saved {paths} (the .dcm name the patient)"), paths=", ".join(paths)), "chrome.accent")

    def _go_to_mark(self, mark: Mark) -> None:
        if not self._go_to_key(mark.key, mark.series_key, mark.stack_key):
            self.tell(_not_here(mark.key), "chrome.red")

    def _go_to_key(self, key: Key, series_key: str, stack_key: str) -> bool:
        """Show the image with this key; False, and nothing moves, when it is not here."""
        if key[3]:
            return self._go_to_cut(key, series_key)
        series, stack = self._series_of(series_key, stack_key)
        position = self.pane.state.row_of(stack).position_at(*key[:3])
        if series is None or position is None:
            return False
        self.open_series(series, stack=stack, position=position)
        return True

    def _go_to_cut(self, key: Key, series_key: str) -> bool:
        """To a plane through a volume, where a pane shows that volume cut that way."""
        for pane in self.panes:
            series, there = pane.state.series, key[2] < len(pane.slices)
            if there and series is not None and series.key == series_key and key_of(pane.slices, key[2]) == key:
                pane.state.position = key[2]
                self.ask(pane, moving=False)
                return True
        return False

    def _series_of(self, series_key: str, stack_key: str) -> tuple[Series | None, Stack | None]:
        for study in self.studies:
            for series in study.series:
                if series.key == series_key:
                    return series, next((stack for stack in series.stacks if stack.key == stack_key), series.main_stack)
        return None, None

    @staticmethod
    def _name_of(series: Series | None, stack: Stack | None, key: Key) -> str:
        instance = Slices(stack).instance_at(*key[:2])
        number = instance.instance_number if instance is not None else None
        se = "-" if series is None or series.series_number is None else series.series_number
        if key[3]:
            return f"Se {se} {key[3]} {key[2] + 1}"
        frame = f"/{key[2] + 1}" if instance is not None and (instance.frames or 1) > 1 else ""
        return f"Se {se} Im {'-' if number is None else number}{frame}"

    # -- key images

    def action_key_image(self) -> None:
        """Mark this image, or not any more."""
        pane = self.pane
        key, state = key_of(pane.slices, pane.state.position), pane.state
        if key is None or state.series is None or state.stack is None:
            return
        kept = [known for known in self.marks.key_images if known[0] != key]
        is_new = len(kept) == len(self.marks.key_images)
        self.marks.key_images = [*kept, (key, state.series.key, state.stack.key)] if is_new else kept
        self.noted(pane)
        told = (
            words(_("key image {count}; M goes from one to the next"), count=len(self.marks.key_images))
            if is_new
            else words(_("no key image"))
        )
        self.tell(told, "chrome.accent" if is_new else "chrome.dim")

    def action_next_key_image(self) -> None:
        """The key image behind the one shown, and round again."""
        known = [*self.marks.key_images, *(one for one in self.selected_images() if not self.marks.is_key_image(one[0]))]
        if not known:
            self.tell(words(_("no image is marked; m marks this one")))
            return
        here = key_of(self.pane.slices, self.pane.state.position)
        index = next((index for index, one in enumerate(known) if one[0] == here), -1)
        absent: list[Key] = []
        for step in range(1, len(known) + 1):
            key, series_key, stack_key = known[(index + step) % len(known)]
            if self._go_to_key(key, series_key, stack_key):
                break
            absent.append(key)
        if absent:
            self.tell(_not_here(absent[0]), "chrome.red")

    def action_copy_name(self) -> None:
        """Give the terminal's clipboard the image's name as a report writes it."""
        facts = self.pane.shown.facts if self.pane.shown else None
        if facts is None:
            return
        numbers = (("Se", facts.series_number), ("Im", facts.instance_number))
        told = [facts.modality, facts.study_date, *(f"{name} {number}" for name, number in numbers if number is not None)]
        name = safe(" ".join(str(part) for part in told if part))
        self.app.copy_to_clipboard(name)
        self.tell(words(_("copied: {name}"), name=name), "chrome.accent")


def _not_here(key: Key) -> SafeText:
    if key[3]:
        return words(_("this is on a plane through the volume that is not open: {cut}"), cut=key[3])
    return words(_("{path}: frame {frame} is not here"), path=safe(key[1]), frame=key[2] + 1)
