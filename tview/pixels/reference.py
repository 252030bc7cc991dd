"""How two images lie to one another in the patient: where a point of one is in the other, and the line in which their planes meet."""

from collections.abc import Sequence

from tview.pixels.geometry import Geometry, Vector, dot

Point = tuple[float, float]
"""(row, column) of an image, pixel edges at whole numbers."""


def share_frame(one: Geometry, other: Geometry) -> bool:
    """Whether positions in both mean the same places: PS3.3 C.7.4.1. Two files that name no frame of reference do not."""
    return one.frame_of_reference_uid is not None and one.frame_of_reference_uid == other.frame_of_reference_uid


def image_point(geometry: Geometry, point: Vector) -> tuple[float, float, float] | None:
    """The inverse of `Geometry.patient_point`: (row, column) of a patient point's foot on the image plane, and its distance in mm.

    The distance counts along the normal and may be negative. None where the file says too little.
    """
    row, column, normal = geometry.row_direction, geometry.column_direction, geometry.normal
    if geometry.position is None or geometry.spacing_mm is None or row is None or column is None or normal is None:
        return None
    x, y, z = (there - here for there, here in zip(point, geometry.position, strict=True))
    offset = (x, y, z)
    down, along = dot(offset, column) / geometry.spacing_mm[0], dot(offset, row) / geometry.spacing_mm[1]
    return down + 0.5, along + 0.5, dot(offset, normal)


def patient_centre(geometry: Geometry, rows: int, columns: int) -> Vector | None:
    """The patient point in the middle of an image."""
    return geometry.patient_point(rows / 2, columns / 2)


def nearest_slice(geometries: Sequence[Geometry], point: Vector, within_mm: float | None = None) -> int | None:
    """The number of the image whose plane is nearest to a patient point; None when none is `within_mm`, or none says where it lies."""
    feet = ((number, image_point(geometry, point)) for number, geometry in enumerate(geometries))
    nearest = min(((abs(foot[2]), number) for number, foot in feet if foot is not None), default=None)
    return None if nearest is None or (within_mm is not None and nearest[0] > within_mm) else nearest[1]


def reference_line(on: Geometry, of: Geometry, size_of: tuple[int, int]) -> tuple[Point, Point] | None:
    """The line that the image `of`, (rows, columns) large, draws on the plane of the image `on`, in image points of `on`.

    It ends where the other image ends; where `on` ends it may go on. None when the two name different frames of reference or none, when the
    other image does not reach the plane, or lies in it.
    """
    if not share_frame(on, of):
        return None
    rows, columns = size_of
    corners = [of.patient_point(row, column) for row, column in ((0, 0), (0, columns), (rows, columns), (rows, 0))]
    feet = [image_point(on, corner) for corner in corners if corner is not None]
    placed = [foot for foot in feet if foot is not None]
    if len(placed) < 4:
        return None
    ends: list[Point] = []
    for start, end in zip(placed, [*placed[1:], placed[0]], strict=True):
        if (start[2] < 0) != (end[2] < 0):
            part = start[2] / (start[2] - end[2])
            ends.append((start[0] + part * (end[0] - start[0]), start[1] + part * (end[1] - start[1])))
    return (ends[0], ends[1]) if len(ends) == 2 else None
