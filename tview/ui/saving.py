"""Saving what a pane shows: the whole frame, one pixel for a pixel, with the window, turns and mirror of the view, without any text."""

import os
from collections.abc import Sequence

from tview import pixels
from tview.errors import ExportError, finding
from tview.export import object_name, open_destination
from tview.terminal import encode_png
from tview.ui.shown import Shown


def save_view(shown: Shown, sources: Sequence[str]) -> str:
    """Write a PNG into the working directory, or into the home folder when that is on the medium or cannot be written. Returns its path.

    Raises:
        ExportError: neither can be written.
    """
    frame, facts, request = shown.frame, shown.facts, shown.request
    assert frame is not None and facts is not None
    layers = (*pixels.shutter_layers(frame), *(pixels.overlay_layers(frame) if request.overlays else ()))
    view = request.view
    if view.window is None and shown.rendered is not None and shown.rendered.window is not None:
        view = view.windowed(shown.rendered.window)
    data = encode_png(pixels.render_native(frame, view, layers).picture)
    frame_number = facts.frame if facts.frames > 1 else None
    name = object_name(facts.series_number, facts.instance_number, request.series.number_in_list, request.position + 1, frame_number)
    trouble: ExportError | None = None
    for folder in (os.getcwd(), os.environ.get("HOME", "")):
        if folder and os.access(folder, os.W_OK):
            try:
                return os.path.abspath(open_destination(folder, ("png",), False, sources).write(name, "png", data))
            except ExportError as error:
                trouble = error
    raise trouble or ExportError(finding("output-failed", path=os.getcwd(), problem="no folder that can be written"))
