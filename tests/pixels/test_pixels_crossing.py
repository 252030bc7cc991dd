"""Points, planes and the lines in which they cross; every number by hand."""

from dataclasses import replace
from math import sqrt

import pytest

from tview.pixels import Geometry, image_point, nearest_slice, reference_line

SIZE = (10, 20)
AXIAL = Geometry((-10.0, -20.0, 30.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (2.0, 1.0), frame_of_reference_uid="1.2")
SAGITTAL = Geometry((-4.0, -20.0, 50.0), (0.0, 1.0, 0.0), (0.0, 0.0, -1.0), (4.0, 1.0), frame_of_reference_uid="1.2")
CORONAL = Geometry((-10.0, -11.0, 50.0), (1.0, 0.0, 0.0), (0.0, 0.0, -1.0), (4.0, 1.0), frame_of_reference_uid="1.2")


def test_the_middle_of_the_first_pixel_is_the_image_position():
    """PS3.3 C.7.6.2.1.1 with row and column index 0; then 3 columns of 1 mm and 2 rows of 2 mm on."""
    assert AXIAL.patient_point(0.5, 0.5) == (-10, -20, 30)
    assert AXIAL.patient_point(2.5, 3.5) == (-7, -16, 30)
    assert replace(AXIAL, spacing_mm=None).patient_point(0.5, 0.5) is None


@pytest.mark.parametrize("geometry", [AXIAL, SAGITTAL, replace(AXIAL, row_direction=(0.6, 0.0, 0.8), column_direction=(0.0, 1.0, 0.0))])
def test_an_image_point_is_found_again(geometry):
    point = geometry.patient_point(3.25, 7.75)
    assert image_point(geometry, point) == pytest.approx((3.25, 7.75, 0))
    off = tuple(p + 5 * n for p, n in zip(point, geometry.normal, strict=True))
    assert image_point(geometry, off) == pytest.approx((3.25, 7.75, 5))


def test_without_a_place_nothing_is_said():
    assert image_point(Geometry(), (0.0, 0.0, 0.0)) is None
    assert reference_line(AXIAL, Geometry(frame_of_reference_uid="1.2"), SIZE) is None


def test_the_axial_slice_is_a_level_line_on_the_coronal_one():
    """z = 30 is 20 mm below the middle of the first row at 50: 5 rows of 4 mm, at 5.5. Both images are 20 mm wide."""
    line = reference_line(CORONAL, AXIAL, SIZE)
    assert sorted(line, key=lambda end: end[1]) == [pytest.approx((5.5, 0)), pytest.approx((5.5, 20))]


def test_the_sagittal_slice_is_an_upright_line_on_the_axial_one():
    """x = -4 is 6 mm right of the first middle at -10: column 6.5. It reaches from y = -20.5 to -0.5, rows 0.25 to 10.25."""
    line = reference_line(AXIAL, SAGITTAL, SIZE)
    assert sorted(line) == [pytest.approx((0.25, 6.5)), pytest.approx((10.25, 6.5))]


def test_a_plane_at_45_degrees_crosses_where_it_meets_the_slice():
    """The plane y = z - 41: at z = 30 it lies at y = -11, which is row 5 of the axial image (-20 at 0.5, 2 mm a row)."""
    half = 1 / sqrt(2)
    tilted = Geometry((-10.0, -20.0, 21.0), (1.0, 0.0, 0.0), (0.0, half, half), (2.0, 1.0), frame_of_reference_uid="1.2")
    line = reference_line(AXIAL, tilted, (20, 20))
    assert [row for row, _ in line] == pytest.approx([5, 5])
    assert sorted(column for _, column in line) == pytest.approx([0, 20])


@pytest.mark.parametrize(
    "other",
    [
        replace(AXIAL, position=(-10.0, -20.0, 33.0)),
        replace(CORONAL, position=(-10.0, -11.0, 20.0)),
        replace(CORONAL, frame_of_reference_uid="1.3"),
        replace(CORONAL, frame_of_reference_uid=None),
    ],
    ids=["parallel", "below", "another space", "unknown space"],
)
def test_no_line_where_images_do_not_cross(other):
    assert reference_line(AXIAL, other, SIZE) is None


def test_the_nearest_slice_to_a_point():
    stack = [replace(AXIAL, position=(-10.0, -20.0, float(z))) for z in (10, 13, 16, 19)]
    assert nearest_slice(stack, (100.0, 50.0, 14.6)) == 2
    assert nearest_slice(stack, (0.0, 0.0, 90.0)) == 3
    assert nearest_slice(stack, (0.0, 0.0, 90.0), within_mm=3) is None
    assert nearest_slice([Geometry()], (0.0, 0.0, 0.0)) is None
