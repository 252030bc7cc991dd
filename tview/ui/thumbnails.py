"""Thumbnails for the strip: made one by one while nobody asks for anything else, kept, put into one picture."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from tview import pixels
from tview.catalog import Instance
from tview.errors import TviewError
from tview.terminal import Encoder
from tview.ui.filmstrip import StripRequest
from tview.ui.frames import Frames

if TYPE_CHECKING:
    import numpy as np

    Picture = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]

_UNDECODABLE = 40
_PATIENCE_S = 0.5
_MOST = 400


class Thumbnails:
    """Owned by the render thread."""

    def __init__(self, frames: Frames) -> None:
        self._frames = frames
        self._made: dict[tuple[int, str, int, int], Picture] = {}

    def forget(self) -> None:
        """The media are read anew."""
        self._made.clear()

    def picture(self, request: StripRequest, encoder: Encoder, is_wanted_elsewhere: Callable[[], bool]) -> "tuple[Picture, bool] | None":
        """All thumbnails in one picture, and whether none is missing; None when somebody else wants the thread first.

        What is not made yet is black, so that the first of many stand after half a second.
        """
        import numpy as np

        rows, columns = encoder.fit(request.columns, request.rows)
        end, start = time.monotonic() + _PATIENCE_S, len(self._made)
        for instance in request.instances:
            if (instance.source_number, instance.path, rows, columns) in self._made:
                continue
            if is_wanted_elsewhere():
                return None
            self._make(instance, rows, columns, encoder)
            if time.monotonic() > end and len(self._made) > start:
                break
        pitch, width = encoder.fit(request.pitch, request.rows)[1], (len(request.instances) - 1) * request.pitch + request.columns
        kept = [self._made.get((instance.source_number, instance.path, rows, columns)) for instance in request.instances]
        is_colour = any(one is not None and one.ndim == 3 for one in kept)
        whole = np.zeros((rows, encoder.fit(width, request.rows)[1], *((3,) if is_colour else ())), np.uint8)
        for number, one in enumerate(kept):
            if one is not None:
                whole[:, number * pitch : number * pitch + columns] = one[..., None] if is_colour and one.ndim == 2 else one
        return whole, all(one is not None for one in kept)

    def _make(self, instance: Instance, rows: int, columns: int, encoder: Encoder) -> None:
        import numpy as np

        try:
            image = self._frames.open(instance).image
            frame = self._frames.load(instance, image.number_of_frames // 2)
            aspect = getattr(encoder, "pixel_aspect", 1.0)
            frame = replace(frame, description=replace(frame.description, pixel_aspect=frame.description.pixel_aspect / aspect))
            view = pixels.View()
            if not frame.description.windows and not frame.description.voi_luts:
                view = view.windowed(pixels.auto_window(frame))
            made = pixels.render(frame, view, rows, columns, pixels.shutter_layers(frame)).picture
        except (TviewError, ValueError, ArithmeticError):  # said when the series is opened; a cross stands here
            made = np.zeros((rows, columns), np.uint8)
            steps = np.arange(min(rows, columns))
            made[steps * rows // len(steps), steps * columns // len(steps)] = _UNDECODABLE
            made[steps * rows // len(steps), columns - 1 - steps * columns // len(steps)] = _UNDECODABLE
        while len(self._made) >= _MOST:
            self._made.pop(next(iter(self._made)))
        self._made[instance.source_number, instance.path, rows, columns] = made
