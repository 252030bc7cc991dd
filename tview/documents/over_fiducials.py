"""Spatial fiducials over images: points and shapes in the patient or on images, with their names (PS3.3 A.40, C.21.2)."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np

from tview.dicom import DataSet
from tview.dicom import tags as t
from tview.documents.over_contours import image_places
from tview.documents.over_model import PALETTE, Part, Place
from tview.documents.reading import Reading
from tview.pixels import Contour, Drawing, Label
from tview.pixels.arrays import Real
from tview.text import SafeText, safe

_SETS, _FIDUCIALS, _GRAPHICS = 0x0070031C, 0x0070031E, 0x00700318
_DESCRIPTION, _IDENTIFIER, _SHAPE, _GRAPHIC_DATA = 0x0070030F, 0x00700310, 0x00700306, 0x00700022
_LINES = ("LINE", "PLANE", "SURFACE", "RULER", "L_SHAPE", "SHAPE")


class _Mark(NamedTuple):
    """One fiducial: its points in a patient space (n, 3), or on an image (n, 2: row, column)."""

    frame_of_reference: str | None
    image: str | None
    frames: tuple[int, ...]
    points: Real
    joined: bool


class Fiducials:
    """The fiducials of one object; those in patient space stand on the slice that they lie in."""

    note = SafeText("")

    def __init__(self, data_set: DataSet) -> None:
        self._marks: dict[str, list[_Mark]] = {}
        parts: list[Part] = []
        reading = Reading()
        for group in data_set.items(_SETS):
            space = group.uid(t.FRAME_OF_REFERENCE_UID)
            for item in group.items(_FIDUCIALS):
                key = str(len(parts) + 1)
                name = reading.row(item, _DESCRIPTION) or reading.row(item, _IDENTIFIER) or safe(key)
                parts.append(Part(key, name, PALETTE[len(parts) % len(PALETTE)], safe(str(item.text(_SHAPE) or "").lower())))
                self._marks[key] = list(_marks(item, space))
        self.parts = tuple(parts)
        self.usual = frozenset(part.key for part in parts)

    def parts_at(self, place: Place) -> frozenset[str]:
        """See `Overlaying`."""
        return frozenset(key for key, marks in self._marks.items() if any(_places(mark, place) is not None for mark in marks))

    def layers(self, place: Place, shown: Collection[str], opacity: float) -> "Sequence[Drawing]":
        """See `Overlaying`."""
        drawn: list[Drawing] = []
        for part in self.parts:
            for mark in self._marks[part.key] if part.key in shown else ():
                places = _places(mark, place)
                if places is None:
                    continue
                if mark.joined and len(places) > 1:
                    drawn.append(Contour(places, part.colour, 2.0))
                drawn += [Contour(places[index : index + 1], part.colour, 5.0, halo=True) for index in range(min(len(places), 500))]
                drawn.append(Label(part.name, (float(places[0, 0]), float(places[0, 1])), part.colour, 13.0, offset=(-4.0, 6.0)))
        return drawn


def _marks(item: DataSet, space: str | None) -> "list[_Mark]":
    joined = str(item.text(_SHAPE) or "").upper() in _LINES
    data = item.numbers(t.CONTOUR_DATA)
    found = []
    if space is not None and len(data) >= 3:
        points = np.array(data[: len(data) // 3 * 3], float).reshape(-1, 3)
        found.append(_Mark(space, None, (), points[np.isfinite(points).all(axis=1)], joined))
    for graphic in item.items(_GRAPHICS):
        data = graphic.numbers(_GRAPHIC_DATA)
        points = np.array(data[: len(data) // 2 * 2], float).reshape(-1, 2)[:, ::-1]
        for image in graphic.items(t.REFERENCED_IMAGE_SEQUENCE):
            uid = image.uid(t.REFERENCED_SOP_INSTANCE_UID)
            if uid is not None and len(points):
                found.append(_Mark(None, uid, image.integers(t.REFERENCED_FRAME_NUMBER), points, joined))
    return [mark for mark in found if len(mark.points)]


def _places(mark: _Mark, place: Place) -> Real | None:
    """(n, 2) row and column of what lies in the plane of an image, or on it; None for nothing."""
    if mark.image is not None:
        is_meant = mark.image == place.sop_instance_uid and (not mark.frames or place.frame_number in mark.frames)
        return mark.points if is_meant else None
    geometry = place.geometry
    if geometry.position is None or geometry.normal is None or geometry.frame_of_reference_uid != mark.frame_of_reference:
        return None
    half_mm = max(geometry.slice_thickness_mm or 1.0, min(geometry.spacing_mm or (1.0, 1.0))) / 2 + 1e-3
    near = np.abs((mark.points - np.array(geometry.position)) @ np.array(geometry.normal)) <= half_mm
    return image_places(place, mark.points[near]) if near.any() else None
