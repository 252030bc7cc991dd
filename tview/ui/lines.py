"""What the pane with the keys draws in the others: where its image cuts theirs, and the point that was picked."""

from typing import TYPE_CHECKING

from tview import pixels

if TYPE_CHECKING:
    from tview.pixels import Drawing, Geometry
    from tview.ui.shown import Shown

Line = tuple[tuple[float, float], tuple[float, float]]

_LINE = (90, 200, 250)
_POINT = (120, 240, 150)
_ARM, _GAP = 12.0, 4.0  # picture pixels


def reference_line_in(shown: "Shown | None", of: "Shown | None") -> Line | None:
    """The line that one picture's image draws in another's, in image points of that."""
    if shown is None or shown.frame is None or of is None or of.frame is None:
        return None
    on, other = shown.frame.description.geometry, of.frame
    return pixels.reference_line(on, other.description.geometry, (other.rows, other.columns))


def line_marks(line: Line | None) -> "tuple[Drawing, ...]":
    """The line as layers."""
    if line is None:
        return ()
    import numpy as np

    return (pixels.Contour(np.array(line), _LINE, halo=True, opacity=0.9),)


def point_marks(geometry: "Geometry", point: tuple[float, float, float], reach_mm: float, scale: float) -> "tuple[Drawing, ...]":
    """A cross at a patient point, open in the middle; dashed where the image lies more than `reach_mm` from it.

    `scale` is picture pixels per image column, so that the cross has the same size at every zoom.
    """
    import numpy as np

    foot = pixels.image_point(geometry, point)
    if foot is None:
        return ()
    row, column, distance = foot
    gap, arm = _GAP / scale, _ARM / scale
    arms = ((-arm, 0.0, -gap, 0.0), (gap, 0.0, arm, 0.0), (0.0, -arm, 0.0, -gap), (0.0, gap, 0.0, arm))
    dash = (2.0, 2.0) if abs(distance) > reach_mm else None
    return tuple(
        pixels.Contour(np.array(((row + a, column + b), (row + c, column + d))), _POINT, halo=True, dash=dash) for a, b, c, d in arms
    )
