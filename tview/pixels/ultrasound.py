"""Calibrated regions of an ultrasound picture: where a length, a time or a speed may be measured, and in what (PS3.3 C.8.5.5)."""

from dataclasses import dataclass

from tview.dicom import DataSet

SEQUENCE_OF_ULTRASOUND_REGIONS = 0x00186011
_X0, _Y0, _X1, _Y1 = 0x00186018, 0x0018601A, 0x0018601C, 0x0018601E
_UNITS_X, _UNITS_Y, _DELTA_X, _DELTA_Y = 0x00186024, 0x00186026, 0x0018602C, 0x0018602E
_UNITS = {0x0003: ("mm", 10.0), 0x0004: ("s", 1.0), 0x0007: ("cm/s", 1.0)}  # centimetres are shown as millimetres


@dataclass(frozen=True, slots=True)
class Region:
    """One region: pixels from (`top`, `left`) to (`bottom`, `right`), ends included. Units are "mm", "s", "cm/s", of a
    page with traces "ms" and what they are of ("mV"), or "px" where unknown.

    `column_step` and `row_step` are units per pixel along a row and down a column; negative ones are legal.
    """

    top: int
    left: int
    bottom: int
    right: int
    column_unit: str
    column_step: float
    row_unit: str
    row_step: float

    def holds(self, row: float, column: float) -> bool:
        """Whether an image point (pixel edges at whole numbers) lies in the region."""
        return self.top <= row < self.bottom + 1 and self.left <= column < self.right + 1


def read_regions(data_set: DataSet) -> tuple[Region, ...]:
    """The regions that say what a pixel is, in file order."""
    regions = []
    for item in data_set.items(SEQUENCE_OF_ULTRASOUND_REGIONS):
        corners = [item.integer(tag) for tag in (_Y0, _X0, _Y1, _X1)]
        steps = [item.number(tag) for tag in (_DELTA_X, _DELTA_Y)]
        units = [item.integer(tag) for tag in (_UNITS_X, _UNITS_Y)]
        if None in corners or not all(steps):
            continue
        top, left, bottom, right = (corner or 0 for corner in corners)
        (column_unit, column_factor), (row_unit, row_factor) = (_UNITS.get(unit or 0, ("px", 0.0)) for unit in units)
        column_step, row_step = (steps[0] or 0.0) * column_factor or 1.0, (steps[1] or 0.0) * row_factor or 1.0
        regions.append(Region(top, left, bottom, right, column_unit, column_step, row_unit, row_step))
    return tuple(regions)


def region_of(regions: tuple[Region, ...], *points: tuple[float, float]) -> Region | None:
    """The region that holds all the image points (row, column): a length counts only when both ends are in one."""
    return next((region for region in regions if all(region.holds(*point) for point in points)), None)
