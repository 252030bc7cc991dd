"""A point of the patient, picked in one pane and found in the others."""

from typing import TYPE_CHECKING

from tview import pixels
from tview.text import SafeText
from tview.ui import views
from tview.ui.actions.base import Acting
from tview.ui.cuts import Cuts
from tview.ui.lines import point_marks
from tview.ui.links import spot_of
from tview.ui.look import words
from tview.ui.pane import PicturePane
from tview.ui.probing import image_point, place_words

if TYPE_CHECKING:
    from tview.pixels import Drawing

_ = str
Vector = tuple[float, float, float]


class PointActions(Acting):
    """The cross-reference point."""

    point: tuple[Vector, str] | None
    """Where it is, and in which frame of reference."""
    point_cell: tuple[int, int]

    def action_point(self) -> None:
        """Pick a point with the arrow keys or the mouse; the other panes go there. The same key again takes it away."""
        if self.mode == "point":
            self.mode, self.point = "", None
            self.ask_all()
            self.tell(SafeText(""))
            return
        shown = self.pane.shown
        geometry = shown.frame.description.geometry if shown is not None and shown.frame is not None else None
        if shown is None or shown.frame is None or geometry is None or geometry.frame_of_reference_uid is None:
            self.tell(words(_("this image does not say where in the patient it lies")))
            return
        if self.point is None or self.point[1] != geometry.frame_of_reference_uid:
            centre = pixels.patient_centre(geometry, shown.frame.rows, shown.frame.columns)
            self.point = (centre, geometry.frame_of_reference_uid) if centre is not None else None
        if self.point is None:
            self.tell(words(_("this image does not say where in the patient it lies")))
            return
        self.mode = "point"
        self._pointed()

    def action_move_point(self, direction: str) -> None:
        """By a pixel of the image, or by ten with a capital letter."""
        shown = self.pane.shown
        if self.point is None or shown is None or shown.frame is None or shown.rendered is None:
            return
        geometry = shown.frame.description.geometry
        foot = pixels.image_point(geometry, self.point[0])
        if foot is None or geometry.frame_of_reference_uid != self.point[1]:
            return
        row, column = views.stepped(shown.rendered.placement.view, direction)
        self.point_to(self.pane, foot[0] + row, foot[1] + column)

    def point_to(self, pane: PicturePane, row: float, column: float) -> None:
        """The point is here now, in the image that stands in this pane."""
        shown = pane.shown
        if shown is None or shown.frame is None:
            return
        geometry = shown.frame.description.geometry
        there = geometry.patient_point(row, column)
        if there is not None and geometry.frame_of_reference_uid is not None:
            self.point = there, geometry.frame_of_reference_uid
            self._pointed()

    def press_point(self, pane: PicturePane, x: int, y: int) -> None:
        """The point goes under the mouse."""
        self.point_cell = (x, y)
        at = image_point(pane.shown, pane.screen_hole, x, y)
        if at is not None:
            self.point_to(pane, *at)

    def drag_point(self, pane: PicturePane, across: int, down: int) -> None:
        """The point follows the mouse."""
        self.press_point(pane, self.point_cell[0] + across, self.point_cell[1] + down)

    def _pointed(self) -> None:
        assert self.point is not None
        strangers = [pane for pane in self.panes if pane is not self.pane and not self._go_to_point(pane)]
        self.ask_all()
        told = words(_("point {place}"), place=place_words(self.point[0]))
        if strangers:
            told = words(_("{point}; {count} panes share no frame of reference with it"), point=told, count=len(strangers))
        self.tell(told, "chrome.accent")

    def _go_to_point(self, pane: PicturePane) -> bool:
        """The slice of another pane that lies nearest to the point."""
        assert self.point is not None
        row, shown = pane.slices, pane.shown
        spot = spot_of(shown, self.painter.places_of(row))
        if spot is None or spot.geometry.normal is None or spot.geometry.frame_of_reference_uid != self.point[1]:
            return False
        if isinstance(row, Cuts):
            pane.state.position = row.nearest(self.point[0])
            return True
        found = spot.nearest(sum(n * p for n, p in zip(spot.geometry.normal, self.point[0], strict=True)))
        if found is not None:
            pane.state.position = found[0]
        return True

    def marks_of_point(self, pane: PicturePane) -> "tuple[Drawing, ...]":
        """The cross in a pane, dashed where its slice does not hold the point."""
        shown = pane.shown
        if self.point is None or shown is None or shown.frame is None or shown.rendered is None:
            return ()
        spot = spot_of(shown, self.painter.places_of(pane.slices))
        if spot is None or spot.geometry.frame_of_reference_uid != self.point[1] or spot.geometry.normal is None:
            return ()
        place = spot.place_at(pane.state.position)
        along = sum(n * p for n, p in zip(spot.geometry.normal, self.point[0], strict=True))
        reach = (spot.geometry.slice_thickness_mm or 1.0) / 2 + 0.05
        is_here = place is not None and abs(along - place) <= reach
        return point_marks(spot.geometry, self.point[0], is_here, shown.rendered.placement.scale, self.painter.samples_per_pixel)
