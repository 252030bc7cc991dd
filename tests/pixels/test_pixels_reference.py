"""How two images lie to one another: by hand."""

import math
from dataclasses import replace

import pytest

from tview.pixels import image_point, reference_line
from tview.pixels.geometry import Geometry

AXIAL = Geometry(
    position=(-100.0, -100.0, 40.0),
    row_direction=(1.0, 0.0, 0.0),
    column_direction=(0.0, 1.0, 0.0),
    spacing_mm=(1.0, 0.5),
    frame_of_reference_uid="1.2.3",
)
SAGITTAL = Geometry(
    position=(10.0, -80.0, 120.0),
    row_direction=(0.0, 1.0, 0.0),
    column_direction=(0.0, 0.0, -1.0),
    spacing_mm=(2.0, 2.0),
    frame_of_reference_uid="1.2.3",
)


def test_a_patient_point_and_back() -> None:
    for row, column in ((0.5, 0.5), (17.25, 200.0), (-3.0, 4.5)):
        point = AXIAL.patient_point(row, column)
        assert image_point(AXIAL, point) == pytest.approx((row, column, 0.0))


def test_the_distance_counts_along_the_normal() -> None:
    # row x column is +z: 5 mm towards the head is +5
    assert image_point(AXIAL, (-100.0, -100.0, 45.0)) == pytest.approx((0.5, 0.5, 5.0))
    assert image_point(AXIAL, (-90.0, -100.0, 35.0)) == pytest.approx((0.5, 20.5, -5.0))


def test_the_line_of_a_sagittal_image_on_an_axial_one() -> None:
    """x = 10 is column (10 + 100) / 0.5 + 0.5 = 220.5; the sagittal rows run from y = -81 (edge) over 60 columns of 2 mm to 39."""
    line = reference_line(AXIAL, SAGITTAL, (100, 60))
    assert line is not None
    (row1, column1), (row2, column2) = sorted(line)
    assert (column1, column2) == pytest.approx((220.5, 220.5))
    assert (row1, row2) == pytest.approx((-81 + 100 + 0.5, 39 + 100 + 0.5))


def test_the_line_of_an_axial_image_on_a_sagittal_one() -> None:
    """z = 40 is row (120 - 40) / 2 + 0.5 = 40.5, from y = -100.5 to 99.5 (200 rows of 1 mm) in columns of 2 mm."""
    line = reference_line(SAGITTAL, AXIAL, (200, 400))
    assert line is not None
    (row1, column1), (row2, column2) = sorted(line, key=lambda end: end[1])
    assert (row1, row2) == pytest.approx((40.5, 40.5))
    assert (column1, column2) == pytest.approx(((-100.5 + 80) / 2 + 0.5, (99.5 + 80) / 2 + 0.5))


def test_a_plane_that_is_tilted_draws_a_tilted_line() -> None:
    """A coronal image leaning by 30 degrees about x still crosses z = 40 in a line along x."""
    lean = math.radians(30)
    leaning = Geometry(
        position=(-50.0, 0.0, 90.0),
        row_direction=(1.0, 0.0, 0.0),
        column_direction=(0.0, math.sin(lean), -math.cos(lean)),
        spacing_mm=(1.0, 1.0),
        frame_of_reference_uid="1.2.3",
    )
    line = reference_line(AXIAL, leaning, (100, 100))
    assert line is not None
    down = 50 / math.cos(lean)  # along the column from z = 90 to z = 40
    assert {round(end[0], 6) for end in line} == {round(down * math.sin(lean) + 100 + 0.5, 6)}


@pytest.mark.parametrize("uid", ["9.9", None])
def test_no_line_without_a_shared_frame_of_reference(uid) -> None:
    assert reference_line(AXIAL, replace(SAGITTAL, frame_of_reference_uid=uid), (100, 60)) is None
    assert reference_line(replace(AXIAL, frame_of_reference_uid=uid), replace(SAGITTAL, frame_of_reference_uid="8"), (100, 60)) is None


def test_no_line_of_a_parallel_plane_and_of_one_that_does_not_reach() -> None:
    assert reference_line(AXIAL, replace(AXIAL, position=(-100.0, -100.0, 45.0)), (200, 400)) is None
    assert reference_line(AXIAL, SAGITTAL, (30, 60)) is None
