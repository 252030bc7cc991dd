"""Mammography: which four images hang where, turned so that the chest walls meet in the middle, at one scale."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tview.catalog import Series, Stack
from tview.pixels import View

if TYPE_CHECKING:
    from tview.pixels import Geometry
    from tview.ui.shown import Shown

FOUR: tuple[tuple[str, str, str, str], ...] = (
    ("R", "CC", "P", "L"),
    ("L", "CC", "A", "R"),
    ("R", "MLO", "P", "F"),
    ("L", "MLO", "A", "F"),
)
"""Side, view, and the directions of the right and the lower edge: the right breast on the left, as one stands before the patient."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A mammogram: where it is in the catalog, and what its file says of it."""

    series: Series
    stack: Stack
    position: int
    geometry: "Geometry"


def four_up(candidates: Iterable[Candidate]) -> list[Candidate | None]:
    """The image for each place of FOUR, those meant for viewing first; None where the exam has none."""
    known = sorted(candidates, key=lambda candidate: (candidate.series.is_raw, _is_special(candidate.geometry)))
    return [next((c for c in known if _side(c.geometry) == side and _view(c.geometry) == view), None) for side, view, _r, _b in FOUR]


def hung(geometry: "Geometry", right: str, bottom: str) -> View:
    """The view that brings these directions to the right and the lower edge: by turns where that does it, else mirrored too.

    The file's own when it says nothing of directions, or none of the eight ways fits.
    """
    if geometry.edges is None or geometry.opposite_edges is None:
        return View()
    ways = [replace(View(), turns=turns, mirror=mirror) for mirror in (False, True) for turns in (0, 2, 1, 3)]
    return next((way for way in ways if _edges(geometry, way) == (right, bottom)), View())


def at_the_chest(shown: "Shown", view: View, pixels_per_mm: float, chest_is_right: bool) -> View:
    """The view at a scale in picture pixels per millimetre, with the image's chest side at the pane's."""
    frame, rendered = shown.frame, shown.rendered
    assert frame is not None and rendered is not None
    scale = frame.description.scale
    zoom = pixels_per_mm * (scale.column_mm if scale.known and scale.column_mm else 1.0)
    down, right = view.to_image(0.0, 1.0 if chest_is_right else -1.0)
    rows, columns = rendered.placement.unturned_size
    half = (rows / 2 / (zoom * frame.description.pixel_aspect), columns / 2 / zoom)
    row, column = frame.rows / 2, frame.columns / 2
    if abs(right) > 0.5:
        column = frame.columns - half[1] if right > 0 else half[1]
    else:
        row = frame.rows - half[0] if down > 0 else half[0]
    return replace(view, zoom=zoom, centre=(row, column))


def common_scale(shown: "Iterable[Shown]") -> float | None:
    """Picture pixels per millimetre at which the largest of these fitted pictures still fits; per pixel where one has no known size."""
    scales = []
    for one in shown:
        if one.frame is None or one.rendered is None:
            continue
        scale = one.frame.description.scale
        size = scale.column_mm if scale.known and scale.column_mm else 1.0
        scales.append(one.rendered.placement.scale[1] / size)
    return min(scales, default=None)


def _edges(geometry: "Geometry", view: View) -> tuple[str, str]:
    from tview import pixels

    edge = pixels.letters(geometry, view)
    return edge.right[:1], edge.bottom[:1]


def _is_special(geometry: "Geometry") -> bool:
    """Whether the view has a modifier: a magnification or spot view is no substitute for the standard one."""
    return "(" in str(geometry.view_position or "")


def _side(geometry: "Geometry") -> str:
    return str(geometry.laterality or "")[:1].upper()


def _view(geometry: "Geometry") -> str:
    return str(geometry.view_position or "").upper().split(" ")[0]
