"""View to View, for the tools that need to know the picture at hand; the others are methods of `View`."""

from dataclasses import replace
from typing import TYPE_CHECKING

from tview.pixels import View, Window

if TYPE_CHECKING:
    from tview.pixels import Rendered

_ZOOM_STEP = 1.25
_ZOOM_RANGE = (0.02, 64.0)


def zoomed(view: View, rendered: "Rendered", steps: float) -> View:
    """Enlarged by steps of a quarter, about the middle of the pane."""
    zoom = (view.zoom or rendered.placement.scale[1]) * _ZOOM_STEP**steps  # the picture at hand may be a small one, made while moving
    return replace(view, zoom=max(_ZOOM_RANGE[0], min(_ZOOM_RANGE[1], zoom)), centre=view.centre or _middle(rendered))


def native(view: View, rendered: "Rendered", samples: float = 1.0, at: tuple[float, float] | None = None) -> View:
    """One image pixel on one screen pixel, about whole pixels: nothing is interpolated. A loupe: once more is the whole image again.

    `samples` is how many rendered pixels make one that a reader can tell from its neighbour: more than one in block graphics. `at` is the
    image point to look at, else the middle stays.
    """
    if view.zoom == samples and at is None:
        return view.fitted()
    centre = at or view.centre
    if centre is not None:
        rows, columns = rendered.picture.shape[:2] if view.turns % 2 == 0 else rendered.picture.shape[1::-1]
        centre = (round(centre[0]) + rows % 2 / 2, round(centre[1]) + columns % 2 / 2)
    return replace(view, zoom=samples, centre=centre)


def panned(view: View, rendered: "Rendered", right_px: float, down_px: float) -> View:
    """The picture moved by display pixels: what was in the middle goes `right_px` to the right."""
    rows, columns = rendered.picture.shape[:2]
    centre = rendered.placement.to_image(columns / 2 - right_px, rows / 2 - down_px)
    return replace(view, centre=centre, zoom=view.zoom or rendered.placement.scale[1])


def windowed(window: Window, width_steps: float, level_steps: float) -> Window:
    """Width and level changed in steps of a fiftieth of the width; a window of 1 or more never gets narrower than 1."""
    step = window.width / 50.0 if window.width < 50 else max(1.0, round(window.width / 50.0))
    width = window.width + width_steps * step
    width = max(1.0, width) if window.width >= 1.0 else max(window.width / 2, width)
    return Window(window.center + level_steps * step, width, window.function, None, "reader")


def _middle(rendered: "Rendered") -> tuple[float, float]:
    rows, columns = rendered.picture.shape[:2]
    return rendered.placement.to_image(columns / 2, rows / 2)


def stepped(view: View, way: str) -> tuple[float, float]:
    """(rows, columns) of the image that an arrow key goes: a pixel as it points on the screen, ten where the word is in capitals."""
    down, right = _WAYS[way.lower()]
    far = _FAR if way.isupper() else 1
    return view.to_image(down * far, right * far)


_FAR = 10
_WAYS = {"left": (0, -1), "right": (0, 1), "up": (-1, 0), "down": (1, 0)}
