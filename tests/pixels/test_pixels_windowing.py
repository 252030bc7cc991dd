"""Values against the formulas of PS3.3 C.11.2.1, worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tview.pixels import View, Window, auto_window, in_force, render_native
from tview.pixels.tables import LookupTable
from tview.pixels.windowing import apply_window, window_over


def linear(x, center, width):
    """C.11.2.1.2.1, word for word, with a display of 0-255."""
    if x <= center - 0.5 - (width - 1) / 2:
        return 0.0
    if x > center - 0.5 + (width - 1) / 2:
        return 255.0
    return ((x - (center - 0.5)) / (width - 1) + 0.5) * 255


def linear_exact(x, center, width):
    if x <= center - width / 2:
        return 0.0
    if x > center + width / 2:
        return 255.0
    return ((x - center) / width + 0.5) * 255


def sigmoid(x, center, width):
    return 255 / (1 + np.exp(-4 * (x - center) / width))


FORMULAS = {"LINEAR": linear, "LINEAR_EXACT": linear_exact, "SIGMOID": sigmoid}


@given(
    st.sampled_from(sorted(FORMULAS)),
    st.floats(-2000, 3000).map(lambda x: round(x, 1)),
    st.floats(1.5, 5000).map(lambda x: round(x, 1)),
    st.lists(st.integers(-3000, 5000), min_size=1, max_size=20),
)
def test_each_function_is_its_formula(function, center, width, values):
    expected = [FORMULAS[function](x, center, width) for x in values]
    got = apply_window(np.array([values], np.int16), Window(center, width, function))
    assert np.abs(got - expected).max() < 0.05
    exact = apply_window(np.array([values], np.float64), Window(center, width, function))
    assert np.abs(exact - expected).max() < 1e-6


def test_the_numbers_of_the_standard(make):
    """Window 100/50 on HU: C - 0.5 - 49.5 = 0 is black, C - 0.5 + 49.5 = 99 white, what lies between is 255/99 apart."""
    stored = np.array([[1023, 1024, 1025, 1073, 1074, 1122, 1123, 1124]], np.uint16)
    frame = make.frame_of(stored, intercept=-1024.0, windows=(Window(50, 100),))
    assert render_native(frame, View()).picture.tolist() == [[0, 0, 3, 126, 129, 252, 255, 255]]


def test_slope_and_intercept_come_before_the_window(make):
    frame = make.frame_of(np.array([[0, 10, 20]], np.uint16), slope=2.5, intercept=-25.0, windows=(Window(0, 50, "LINEAR_EXACT"),))
    assert render_native(frame, View()).picture.tolist() == [[0, 128, 255]]


def test_a_negative_slope_turns_the_picture(make):
    frame = make.frame_of(np.array([[0, 100]], np.uint16), slope=-1.0, windows=(Window(-50, 100, "LINEAR_EXACT"),))
    assert render_native(frame, View()).picture.tolist() == [[255, 0]]


def test_a_narrow_window_on_large_values_keeps_its_levels(make):
    frame = make.frame_of(np.array([[60000, 60001, 60002, 60003]], np.uint16), windows=(Window(60001.5, 3, "LINEAR_EXACT"),))
    rendered = render_native(frame, View())
    assert rendered.picture.tolist() == [[0, 85, 170, 255]]


@pytest.mark.parametrize(("width", "center", "expected"), [(1, 10, [0, 0, 255]), (0.21, 10, [0, 0, 255]), (0, 10, [0, 0, 255])])
def test_a_window_below_one_value_is_a_threshold_and_says_so(make, width, center, expected):
    frame = make.frame_of(np.array([[8, 9, 10]], np.uint16), windows=(Window(center, width),))
    rendered = render_native(frame, View())
    assert rendered.picture.tolist() == [expected]
    assert [mark.code for mark in rendered.marks] == ["window-threshold"]


def test_a_threshold_that_would_leave_nothing_gives_way_to_the_pixels(make):
    frame = make.frame_of(np.array([[5, 9, 13]], np.uint16), windows=(Window(0, 0),))
    rendered = render_native(frame, View())
    assert rendered.picture.tolist() == [[0, 128, 255]] and rendered.window.origin == "pixels"
    assert [mark.code for mark in rendered.marks] == ["window-unusable"]


def test_without_a_window_the_frame_goes_from_black_to_white(make):
    rendered = render_native(make.frame_of(np.array([[-7, 0, 93]], np.int16)), View())
    assert rendered.picture[0, 0] == 0 and rendered.picture[0, 2] == 255
    assert [mark.code for mark in rendered.marks] == ["window-from-pixels"]
    assert (rendered.window.width, rendered.window.center, rendered.window.shown) == (100, 43, "100/43")


def test_padding_is_no_picture_for_the_automatic_window(make):
    values = np.full((20, 20), 500, np.int16)
    values[0] = -2000
    values[1] = 900
    frame = make.frame_of(values, padding=(-2000, -2000))
    assert frame.picture_range() == (500, 900)
    window = auto_window(frame)
    assert window.center - window.width / 2 >= 500


def test_missing_rows_do_not_count(make):
    values = np.full((4, 4), 100, np.uint16)
    values[2:] = 0
    values[0, 0] = 50
    assert make.frame_of(values, rows_present=2).value_range() == (50, 100)


def test_monochrome1_draws_small_values_white(make):
    frame = make.frame_of(np.array([[0, 4095]], np.uint16), inverted=True)
    assert render_native(frame, View()).picture.tolist() == [[255, 0]]
    assert render_native(frame, View(invert=True)).picture.tolist() == [[0, 255]]
    assert frame.modality_value(0, 0) == 0


def test_a_voi_lut_scales_to_its_own_bits(make):
    table = LookupTable(100, np.array([0, 1023, 4095], np.uint16), 4095)
    frame = make.frame_of(np.array([[0, 100, 101, 102, 900]], np.uint16), voi_luts=(table,))
    assert render_native(frame, View()).picture.tolist() == [[0, 0, 64, 255, 255]]


def test_the_first_window_goes_before_the_voi_lut_and_the_view_chooses(make):
    table = LookupTable(0, np.array([0, 255], np.uint16), 255)
    frame = make.frame_of(np.array([[0, 1]], np.uint16), voi_luts=(table,), windows=(Window(1, 4), Window(7, 8)))
    assert in_force(frame, View()).window == Window(1, 4)
    assert in_force(frame, View(voi_lut_index=0)).voi_lut is table
    assert in_force(frame, View(window=Window(7, 8))).window == Window(7, 8)


def test_a_modality_lut_comes_before_the_window(make):
    table = LookupTable(0, np.array([1000, 0, 500], np.uint16), 65535)
    frame = make.frame_of(np.array([[0, 1, 2]], np.uint16), modality_lut=table, windows=(Window(500, 1000, "LINEAR_EXACT"),))
    assert render_native(frame, View()).picture.tolist() == [[255, 0, 128]]
    assert frame.modality_value(0, 0) == 1000


def test_numbers_that_are_none_are_black(make):
    frame = make.frame_of(np.array([[0.0, np.nan, 1.0, np.inf]], np.float32))
    assert render_native(frame, View()).picture.tolist() == [[0, 0, 255, 255]]


def test_a_flat_frame_is_drawn(make):
    assert len(set(render_native(make.frame_of(np.full((4, 4), 9, np.uint16)), View()).picture.ravel().tolist())) == 1


def test_window_over_is_black_and_white_at_its_ends():
    assert apply_window(np.array([3.0, 5.0, 7.0]), window_over(3, 7)).tolist() == [0, 127.5, 255]
