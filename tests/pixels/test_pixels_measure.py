"""Lengths, angles and regions of interest against numbers worked out by hand and against SimpleITK."""

from math import pi
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tview.pixels.frame import Frame
from tview.pixels.measuring import MEASURE_KINDS, MeasureKind, inside, kind_of_measure, measure, outline
from tview.pixels.ultrasound import Region
from tview.pixels.units import PixelScale


def quantities(*args: Any, **facts: Any) -> dict[str, Any]:
    return {one.name: (one.value, one.unit, one.note) for one in measure(*args, **facts)}


@pytest.fixture
def ramp(make: SimpleNamespace) -> Frame:
    """20 x 30, each pixel 100 * row + column, HU with slope 2 and intercept -1000, 0.5 mm between rows and 0.25 between columns."""
    stored = (100 * np.arange(20)[:, None] + np.arange(30)).astype(np.int16)
    scale = PixelScale(0.5, 0.25, in_patient=True)
    frame: Frame = make.frame_of(stored, slope=2.0, intercept=-1000.0, unit="HU", scale=scale, pixel_aspect=2.0)
    return frame


def test_distance_takes_the_spacing_of_each_axis(ramp: Frame) -> None:
    """6 rows of 0.5 mm and 16 columns of 0.25 mm: 3, 4, 5."""
    assert quantities("distance", [(1, 1), (7, 17)], ramp) == {"length": (pytest.approx(5.0), "mm", "")}


def test_polyline_is_the_sum_of_its_parts(ramp: Frame) -> None:
    assert quantities("polyline", [(0, 0), (0, 8), (10, 8)], ramp)["length"][0] == pytest.approx(2 + 5)


def test_length_is_in_pixels_without_a_spacing_and_says_what_a_spacing_is_worth(make: SimpleNamespace) -> None:
    points = [(0.5, 0.5), (3.5, 4.5)]
    assert quantities("distance", points, make.frame_of(np.zeros((8, 8), np.uint8))) == {"length": (5.0, "px", "")}
    detector = make.frame_of(np.zeros((8, 8), np.uint8), scale=PixelScale(0.2, 0.2, "at detector"))
    assert quantities("distance", points, detector) == {"length": (pytest.approx(1.0), "mm", "at detector")}


def test_angle_is_that_of_the_patient_not_of_the_pixels(ramp: Frame) -> None:
    """2 rows down are 1 mm, 4 columns along are 1 mm: 45 degrees to a row, which in pixels would be 26.6."""
    assert quantities("angle", [(0, 4), (0, 0), (2, 4)], ramp) == {"angle": (pytest.approx(45.0), "°", "")}


def test_cobb_is_the_acute_angle_between_two_lines(ramp: Frame) -> None:
    first, second = [(0, 0), (0, 8)], [(10, 8), (14, 0)]
    assert quantities("cobb", first + second, ramp)["angle"][0] == pytest.approx(45.0)
    assert quantities("cobb", first + second[::-1], ramp)["angle"][0] == pytest.approx(45.0)


def test_an_angle_without_length_has_no_number(ramp: Frame) -> None:
    assert measure("angle", [(1, 1), (1, 1), (2, 2)], ramp) == ()


@pytest.mark.parametrize("kind", MEASURE_KINDS, ids=lambda kind: kind.name)
def test_nothing_is_said_while_points_are_lacking(kind: MeasureKind, ramp: Frame) -> None:
    assert measure(kind.name, [(1, 1)] * (kind.points - 1), ramp) == ()
    assert kind_of_measure(kind.name) is kind


def test_rectangle_holds_the_pixels_whose_middle_it_holds(ramp: Frame) -> None:
    """Rows 2 and 3, columns 4 to 6: stored 204 205 206 304 305 306, in HU 2 * stored - 1000."""
    found = quantities("rectangle", [(2, 4), (4, 7)], ramp)
    assert found["pixels"][0] == 6
    assert found["mean"] == (pytest.approx(2 * 255 - 1000), "HU", "")
    assert (found["min"][0], found["max"][0]) == (2 * 204 - 1000, 2 * 306 - 1000)
    assert found["area"] == (pytest.approx(2 * 0.5 * 3 * 0.25), "mm²", "")


def test_ellipse_area_is_pi_a_b_and_its_pixels_come_close(make: SimpleNamespace) -> None:
    frame = make.frame_of(np.full((200, 200), 7, np.int16), scale=PixelScale(0.5, 0.5, in_patient=True))
    found = quantities("ellipse", [(20, 40), (140, 160)], frame)
    assert found["area"][0] == pytest.approx(pi * 30 * 30)
    assert found["pixels"][0] == pytest.approx(pi * 60 * 60, rel=0.002)
    assert (found["mean"][0], found["sd"][0]) == (7, 0)


def test_polygon_area_is_the_shoelace_and_corners_lie_as_drawn(ramp: Frame) -> None:
    triangle = [(0, 0), (10, 0), (10, 20)]
    assert quantities("polygon", triangle, ramp)["area"][0] == pytest.approx(0.5 * 10 * 20 * 0.5 * 0.25)
    mask = inside("polygon", triangle, (20, 30))
    assert mask.sum() == sum(0.5 + column < 2 * (row + 0.5) for row in range(10) for column in range(30))


def test_statistics_agree_with_simpleitk(make: SimpleNamespace) -> None:
    itk = pytest.importorskip("SimpleITK")
    random = np.random.default_rng(5)
    stored = random.integers(-1000, 3000, (64, 80)).astype(np.int16)
    frame = make.frame_of(stored, unit="HU")
    points = [(10.2, 7.7), (50.9, 70.1)]
    mask = inside("ellipse", points, stored.shape)
    statistics = itk.LabelStatisticsImageFilter()
    statistics.Execute(itk.GetImageFromArray(stored), itk.GetImageFromArray(mask.astype(np.uint8)))
    found = quantities("ellipse", points, frame)
    assert found["mean"][0] == pytest.approx(statistics.GetMean(1))
    assert found["sd"][0] == pytest.approx(statistics.GetSigma(1))
    assert (found["min"][0], found["max"][0]) == (statistics.GetMinimum(1), statistics.GetMaximum(1))
    assert found["pixels"][0] == statistics.GetCount(1)


def test_padding_and_missing_rows_are_no_values(make: SimpleNamespace) -> None:
    stored = np.full((10, 10), 40, np.int16)
    stored[:, :3] = -2000
    frame = make.frame_of(stored, padding=(-2000, -2000), rows_present=6)
    assert quantities("rectangle", [(0, 0), (10, 10)], frame)["pixels"][0] == 6 * 7
    assert quantities("rectangle", [(0, 0), (10, 10)], frame)["min"][0] == 40
    assert quantities("rectangle", [(7, 4), (9, 9)], frame)["pixels"][0] == 0


def test_colour_has_an_area_and_no_values(make: SimpleNamespace) -> None:
    assert list(quantities("rectangle", [(0, 0), (4, 4)], make.frame_of(np.zeros((8, 8, 3), np.uint8)))) == ["area"]


def test_values_in_another_unit(ramp: Frame) -> None:
    found = quantities("rectangle", [(2, 4), (4, 7)], ramp, factor=0.5, unit="SUVbw")
    assert found["mean"] == (pytest.approx((2 * 255 - 1000) / 2), "SUVbw", "")


def test_ultrasound_counts_in_one_region_only(make: SimpleNamespace) -> None:
    """0.04 cm a pixel both ways is 0.4 mm; in a region of time along a row, time and depth are told apart: PS3.3 C.8.5.5."""
    frame = make.frame_of(np.zeros((100, 200), np.uint8), scale=PixelScale(9.0, 9.0))
    picture = Region(0, 0, 49, 199, "mm", 0.4, "mm", 0.4)
    motion = Region(50, 0, 99, 199, "s", 0.005, "mm", -0.4)
    both = (picture, motion)
    assert quantities("distance", [(10, 10), (40, 50)], frame, both) == {"length": (pytest.approx(20.0), "mm", "")}
    assert quantities("distance", [(60, 10), (90, 50)], frame, both) == {
        "across": (pytest.approx(0.2), "s", ""),
        "down": (pytest.approx(12.0), "mm", ""),
    }
    assert quantities("distance", [(10, 10), (90, 70)], frame, both) == {"length": (pytest.approx(100.0), "px", "")}
    assert measure("angle", [(60, 10), (90, 50), (60, 90)], frame, both) == ()


def test_outline_of_a_box_and_of_an_ellipse() -> None:
    assert outline("rectangle", [(1, 2), (5, 8)]) == ((1, 2), (1, 8), (5, 8), (5, 2))
    round_one = np.asarray(outline("ellipse", [(0, 0), (10, 20)], 4))
    assert round_one == pytest.approx(np.asarray([(5, 20), (10, 10), (5, 0), (0, 10)]))
    assert outline("polygon", [(1, 2), (3, 4), (5, 6)]) == ((1, 2), (3, 4), (5, 6))


@pytest.mark.parametrize("point", [(float("nan"), 1.0), (float("inf"), 1.0), (-1e9, 1e9)])
def test_points_far_out_hold_nothing(point: tuple[float, float], ramp: Frame) -> None:
    assert inside("polygon", [point, point, point], (20, 30)).sum() == 0
    for kind in MEASURE_KINDS:
        measure(kind.name, [point] * kind.points, ramp)
