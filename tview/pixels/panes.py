"""Where a drawn piece of the image goes in the pane: placed, mirrored, turned."""

import numpy as np

from tview.pixels.arrays import Pixels
from tview.pixels.placement import Placement
from tview.pixels.view import View


def on_pane(drawn: Pixels, placement: Placement) -> Pixels:
    """What was drawn for the placement's axes, in a pane of its picture's size before turning; 0 around it."""
    rows, columns = placement.unturned_size
    top, left = placement.vertical.start, placement.horizontal.start
    if drawn.shape[:2] == (rows, columns) and top == left == 0:
        return drawn
    pane = np.zeros((rows, columns, *drawn.shape[2:]), drawn.dtype)
    part = drawn[max(-top, 0) : rows - top, max(-left, 0) : columns - left] if top < rows and left < columns else drawn[:0]
    if part.size:
        pane[max(top, 0) : max(top, 0) + part.shape[0], max(left, 0) : max(left, 0) + part.shape[1]] = part
    return pane


def turned(picture: Pixels, view: View) -> Pixels:
    """Mirrored, then turned, as the view says; contiguous."""
    if view.mirror:
        picture = picture[:, ::-1]
    if view.turns % 4:
        picture = np.rot90(picture, -view.turns)
    return np.ascontiguousarray(picture)
