"""Where what a pane shows lies in the patient, and which slice of another pane lies there too."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tview import pixels
from tview.ui.slices import Row

if TYPE_CHECKING:
    from tview.pixels import Geometry
    from tview.ui.shown import Shown

Vector = tuple[float, float, float]
Places = Sequence[float | None]
"""Millimetres along the normal of a row's slices, position by position; None where nobody says."""

_PARALLEL = 0.9  # of the cosine between two normals: planes some 25 degrees apart are still looked at side by side


@dataclass(frozen=True, slots=True)
class Spot:
    """One slice in the patient: the geometry of the one that stands at `position` in a row with these `places`."""

    geometry: "Geometry"
    rows: int
    columns: int
    position: int
    places: Places

    def place_at(self, position: int) -> float | None:
        """Millimetres along this slice's own normal of another slice of the row."""
        here = self.geometry.position_mm
        if position == self.position:
            return here
        start, there = (self.places[p] if 0 <= p < len(self.places) else None for p in (self.position, position))
        return here + there - start if here is not None and start is not None and there is not None else None

    def centre_at(self, position: int) -> Vector | None:
        """The patient point in the middle of a slice of the row."""
        centre, normal = pixels.patient_centre(self.geometry, self.rows, self.columns), self.geometry.normal
        here, there = self.geometry.position_mm, self.place_at(position)
        if centre is None or normal is None or here is None or there is None:
            return None
        x, y, z = (c + (there - here) * n for c, n in zip(centre, normal, strict=True))
        return x, y, z

    def nearest(self, place_mm: float) -> tuple[int, float] | None:
        """The position of the slice nearest to a place along the normal, and how far it is from there."""
        best: tuple[int, float] | None = None
        for position in range(len(self.places)):
            place = self.place_at(position)
            if place is not None and (best is None or abs(place - place_mm) < abs(best[1])):
                best = position, place - place_mm
        return best


def spot_of(shown: "Shown | None", places: Places) -> Spot | None:
    """The slice of a picture that stands; None where its file does not say where it lies."""
    if shown is None or shown.frame is None or shown.frame.description.geometry.position_mm is None:
        return None
    frame = shown.frame
    return Spot(frame.description.geometry, frame.rows, frame.columns, shown.request.position, places)


def are_parallel(one: "Geometry", other: "Geometry") -> int:
    """1 or -1 when two planes run nearly the same way, with normals of the same or of opposite directions; else 0."""
    if one.normal is None or other.normal is None:
        return 0
    cosine = sum(a * b for a, b in zip(one.normal, other.normal, strict=True))
    return 0 if abs(cosine) < _PARALLEL else 1 if cosine > 0 else -1


def linked_position(source: Spot, position: int, target: Spot, anchors: tuple[float, float] | None) -> tuple[int, float] | None:
    """Which slice of `target` lies where the slice at `position` of `source` does, and how many millimetres it is away.

    With a shared frame of reference by patient position. Else by `anchors`: two places, along the two normals, that the reader has set
    beside each other. None when the planes differ, or nobody says where slices lie.
    """
    direction = are_parallel(source.geometry, target.geometry)
    if not direction:
        return None
    if pixels.share_frame(source.geometry, target.geometry):
        centre, normal = source.centre_at(position), target.geometry.normal
        if centre is None or normal is None:
            return None
        return target.nearest(sum(c * n for c, n in zip(centre, normal, strict=True)))
    place = source.place_at(position)
    if anchors is None or place is None:
        return None
    return target.nearest(anchors[1] + direction * (place - anchors[0]))


def row_places(row: Row) -> Places:
    """What the catalog knows of a row's places; for cuts their own."""
    return getattr(row, "places", ())
