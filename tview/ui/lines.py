"""What the pane with the keys draws in the others: where its image cuts theirs, and the point that was picked."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tview import pixels

if TYPE_CHECKING:
    from tview.pixels import Drawing, Geometry
    from tview.ui.shown import Shown

Line = tuple[tuple[float, float], tuple[float, float]]

_COLOURS = ((90, 200, 250), (250, 200, 90), (240, 130, 200), (170, 220, 110))  # by the number of the pane that a line is of
_POINT = (120, 240, 150)
_ARM, _GAP = 12.0, 4.0  # picture pixels


def reference_line_in(shown: "Shown | None", of: "Shown | None") -> Line | None:
    """The line that one picture's image draws in another's, in image points of that."""
    if shown is None or shown.frame is None or of is None or of.frame is None:
        return None
    on, other = shown.frame.description.geometry, of.frame
    return pixels.reference_line(on, other.description.geometry, (other.rows, other.columns))


def line_marks(lines: Sequence[tuple[int, Line]], width: float) -> "tuple[Drawing, ...]":
    """Lines as layers, so many picture pixels wide, each in the colour of the pane that it is of."""
    if not lines:
        return ()
    import numpy as np

    return tuple(pixels.Contour(np.array(line), _COLOURS[number % len(_COLOURS)], width, halo=True, opacity=0.9) for number, line in lines)


def point_marks(
    geometry: "Geometry", point: tuple[float, float, float], is_here: bool, scale: tuple[float, float], width: float
) -> "tuple[Drawing, ...]":
    """A cross at a patient point, open in the middle; dashed where the slice does not hold it.

    `scale` is picture pixels per image row and column, so that the cross has the same size at every zoom; `width` is in picture pixels.
    """
    import numpy as np

    foot = pixels.image_point(geometry, point)
    if foot is None:
        return ()
    row, column, _distance = foot
    arms = ((-_ARM, 0.0, -_GAP, 0.0), (_GAP, 0.0, _ARM, 0.0), (0.0, -_ARM, 0.0, -_GAP), (0.0, _GAP, 0.0, _ARM))
    dash = None if is_here else (2.0, 2.0)
    ends = [np.array(((row + a / scale[0], column + b / scale[1]), (row + c / scale[0], column + d / scale[1]))) for a, b, c, d in arms]
    return tuple(pixels.Contour(end, _POINT, width, halo=True, dash=dash) for end in ends)
