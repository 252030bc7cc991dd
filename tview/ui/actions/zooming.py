"""Zoom and pan."""

from typing import TYPE_CHECKING

from tview.ui import views
from tview.ui.actions.base import Acting

if TYPE_CHECKING:
    from tview.pixels import Rendered


class ZoomActions(Acting):
    """Which part of the image, and how large."""

    def action_zoom(self, steps: float) -> None:
        """Larger or smaller."""
        if (rendered := self.pane.rendered) is not None:
            self.change_view(views.zoomed(self.pane.state.view, rendered, steps))

    def action_fit(self) -> None:
        """The whole image."""
        self.change_view(self.pane.state.view.fitted())

    def action_native(self) -> None:
        """1:1 at the pointer, and back."""
        if (rendered := self.pane.rendered) is not None:
            view, samples = self.pane.state.view, self.painter.samples_per_pixel
            self.change_view(views.native(view, rendered, samples, self._pointed_at(rendered) if view.zoom != samples else None))

    def _pointed_at(self, rendered: "Rendered") -> tuple[float, float] | None:
        """The image point under the pointer."""
        pointer, hole = self.pane.pointer, self.pane.screen_hole
        if pointer is None:
            return None
        rows, columns = rendered.picture.shape[:2]
        right, down = (pointer[0] - hole.x + 0.5) * columns / hole.width, (pointer[1] - hole.y + 0.5) * rows / hole.height
        return rendered.placement.to_image(right, down)

    def action_pan(self, direction: str) -> None:
        """An eighth of the pane."""
        if (rendered := self.pane.rendered) is not None:
            rows, columns = rendered.picture.shape[:2]
            right, down = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}[direction]
            self.change_view(views.panned(self.pane.state.view, rendered, -right * columns / 8, -down * rows / 8))

    def pan_by_cells(self, across: int, down: int) -> None:
        """The picture follows the mouse."""
        if (rendered := self.pane.rendered) is not None:
            rows, columns = rendered.picture.shape[:2]
            hole = self.pane.hole
            moved = views.panned(self.pane.state.view, rendered, across * columns / hole.width, down * rows / hole.height)
            self.change_view(moved)
