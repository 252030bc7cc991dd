"""Display shutters: what lies outside them is not to be looked at, and is covered (PS3.3 C.7.6.11, C.7.6.15)."""

from dataclasses import dataclass

import numpy as np

from tview.dicom import DataSet
from tview.errors import Finding, finding
from tview.pixels.arrays import Pixels
from tview.pixels.cielab import srgb_of
from tview.pixels.groups import Groups
from tview.pixels.layers import Colour, Layer

SHUTTER_SHAPE, FRAME_DISPLAY_SHUTTER = 0x00181600, 0x00189472
_EDGES = (0x00181606, 0x00181602, 0x00181608, 0x00181604)
_CENTRE, _RADIUS, _VERTICES = 0x00181610, 0x00181612, 0x00181620
_VALUE, _OVERLAY_GROUP, _COLOUR = 0x00181622, 0x00181623, 0x00181624


@dataclass(frozen=True, slots=True)
class Shutter:
    """What stays to be seen: inside the `rectangle` (top, left, bottom, right; pixels from 1, ends included), the `circle` (row, column,
    radius) and the `polygon` (row, column) all at once. `overlay_group` names the bitmap whose set bits are covered. `colour` covers.
    """

    rectangle: tuple[int, int, int, int] | None = None
    circle: tuple[int, int, int] | None = None
    polygon: tuple[tuple[int, int], ...] = ()
    overlay_group: int | None = None
    colour: Colour = (0, 0, 0)

    def covered(self, rows: int, columns: int) -> Pixels:
        """(rows, columns) bool, true where the picture is covered; without the bitmap."""
        covered = np.zeros((rows, columns), bool)
        row, column = np.ogrid[1 : rows + 1, 1 : columns + 1]
        if self.rectangle is not None:
            top, left, bottom, right = self.rectangle
            covered |= (row < top) | (row > bottom) | (column < left) | (column > right)
        if self.circle is not None:
            covered |= (row - self.circle[0]) ** 2 + (column - self.circle[1]) ** 2 > self.circle[2] ** 2
        if self.polygon:
            from tview.pixels.resample import opencv

            inside = np.zeros((rows, columns), np.uint8)
            points = np.array([(c - 1, r - 1) for r, c in self.polygon], np.int32)
            opencv().fillPoly(inside, [points], 1)
            covered |= inside == 0
        return covered

    def layer(self, rows: int, columns: int) -> Layer:
        """What covers an image of this size."""
        return Layer(self.covered(rows, columns), self.colour)


def read_shutter(groups: Groups) -> tuple[Shutter | None, tuple[Finding, ...]]:
    """The shutter of a frame or of a presentation state; None with a finding when it cannot be drawn."""
    item = groups.item(FRAME_DISPLAY_SHUTTER, SHUTTER_SHAPE)
    shapes = {str(shape) for shape in item.texts(SHUTTER_SHAPE)}
    if not shapes:
        return None, ()
    colour = srgb_of(item.integers(_COLOUR)) or _grey(item.integer(_VALUE))
    rectangle = circle = group = None
    polygon: tuple[tuple[int, int], ...] = ()
    if "RECTANGULAR" in shapes:
        rectangle = _rectangle(item)
    if "CIRCULAR" in shapes:
        centre, radius = item.integers(_CENTRE), item.integer(_RADIUS)
        circle = (centre[0], centre[1], radius) if len(centre) == 2 and radius and radius > 0 else None
    if "POLYGONAL" in shapes:
        numbers = item.integers(_VERTICES)
        polygon = tuple(zip(numbers[0::2], numbers[1::2], strict=False)) if len(numbers) >= 6 else ()
    if "BITMAP" in shapes:
        group = item.integer(_OVERLAY_GROUP)
    shutter = Shutter(rectangle, circle, polygon, group, colour)
    if rectangle is None and circle is None and not polygon and group is None:
        return None, (finding("shutter-unusable", shape=" ".join(sorted(shapes))),)
    return shutter, (finding("shutter-drawn"),)


def _rectangle(item: DataSet) -> tuple[int, int, int, int] | None:
    edges = [item.integer(tag) for tag in _EDGES]
    if None in edges:
        return None
    top, left, bottom, right = (edge or 0 for edge in edges)
    return (top, left, bottom, right) if top <= bottom and left <= right else None


def _grey(value: int | None) -> Colour:
    level = round(min(max(value or 0, 0), 65535) * 255 / 65535)  # a P-value: 0 is black, 65,535 white
    return level, level, level
