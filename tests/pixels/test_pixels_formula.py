"""Every branch from stored values to grey against the standard's formulas in float64, written here once more."""

import itertools

import numpy as np
import pytest

from tview.pixels import View, Window, render, render_native
from tview.pixels.tables import LookupTable

RNG = np.random.default_rng(33)
RANGES = {"u1": (0, 255), "i1": (-128, 127), "u2": (0, 65535), "i2": (-32768, 32767), "u4": (0, 2**32 - 1), "i4": (-(2**31), 2**31 - 1)}
RESCALES = [(1.0, 0.0), (2.0, -1024.0), (-0.37, 12.5), (1e-6, 0.25)]
FUNCTIONS = ["LINEAR", "LINEAR_EXACT", "SIGMOID"]
LARGE = View(interpolation="nearest")


def values_of(dtype):
    if dtype in RANGES:
        low, high = RANGES[dtype]
        return RNG.integers(low, high, (24, 32), endpoint=True).astype(dtype)
    return RNG.normal(0, 1e4, (24, 32)).astype(dtype)


def voi(modality, window):
    """C.11.2.1.2.1, C.11.2.1.3.2 and C.11.2.1.3.1 with output 0 to 255."""
    x, c, w = modality.astype(np.float64), window.center, window.width
    if window.function == "LINEAR":
        y = ((x - (c - 0.5)) / (w - 1) + 0.5) * 255
        y = np.where(x <= c - 0.5 - (w - 1) / 2, 0, np.where(x > c - 0.5 + (w - 1) / 2, 255, y))
    elif window.function == "LINEAR_EXACT":
        y = ((x - c) / w + 0.5) * 255
        y = np.where(x <= c - w / 2, 0, np.where(x > c + w / 2, 255, y))
    else:
        y = 255 / (1 + np.exp(np.clip(-4 * (x - c) / w, -700, 700)))
    return y


def through(table, first, modality):
    """C.11.2.1.1: before the first value mapped its entry, after the last its."""
    index = np.clip(np.rint(modality).astype(np.int64) - first, 0, len(table) - 1)
    return np.asarray(table, np.float64)[index]


def check(frame, expected, view=View()):
    assert np.abs(render_native(frame, view).picture - expected).max() <= 1
    large = render(frame, View(**{**{name: getattr(view, name) for name in View.__slots__}, "interpolation": "nearest"}), 72, 96).picture
    assert np.abs(large - expected.repeat(3, 0).repeat(3, 1)).max() <= 1


@pytest.mark.parametrize("dtype", [*RANGES, "f4", "f8"])
@pytest.mark.parametrize(("slope", "intercept"), RESCALES)
def test_windows_over_rescaled_values(make, dtype, slope, intercept):
    stored = values_of(dtype)
    modality = stored.astype(np.float64) * slope + intercept
    middle, spread = float(np.median(modality)), float(modality.max() - modality.min())
    for function, part, inverted in itertools.product(FUNCTIONS, (0.9, 0.2), (False, True)):
        width = spread * part if function != "LINEAR" else max(spread * part, 2.0)
        window = Window(middle, width, function)
        frame = make.frame_of(stored, slope=slope, intercept=intercept, windows=(window,), inverted=inverted)
        expected = voi(modality, window)
        check(frame, 255 - expected if inverted else expected)
        check(frame, expected if inverted else 255 - expected, View(invert=True))


@pytest.mark.parametrize("dtype", ["u1", "u2", "i2", "i4"])
@pytest.mark.parametrize("bits", [8, 12, 16])
def test_voi_luts(make, dtype, bits):
    stored = values_of(dtype)
    table = RNG.integers(0, 1 << bits, 300)
    first = int(np.median(stored)) - 150
    frame = make.frame_of(stored, voi_luts=(LookupTable(first, table.astype(np.uint16), (1 << bits) - 1),))
    check(frame, through(table, first, stored.astype(np.float64)) * 255 / ((1 << bits) - 1))


@pytest.mark.parametrize("dtype", ["u1", "u2", "i2"])
def test_a_modality_lut_then_a_window(make, dtype):
    stored = values_of(dtype)
    table = np.sort(RNG.integers(0, 4096, 200))
    first = int(np.median(stored)) - 100
    modality = through(table, first, stored)
    window = Window(2000, 1800)
    frame = make.frame_of(stored, modality_lut=LookupTable(first, table.astype(np.uint16), 4095), windows=(window,))
    check(frame, voi(modality, window))


@pytest.mark.parametrize("inverted", [False, True])
def test_a_presentation_lut_comes_after_the_window_and_before_inversion(make, inverted):
    stored = values_of("u2")
    window, table = Window(30000, 50000), np.sort(RNG.integers(0, 65536, 256))
    lut = LookupTable(0, table.astype(np.uint16), 65535)
    frame = make.frame_of(stored, windows=(window,), presentation_lut=lut, inverted=inverted)
    steps = voi(stored, window)  # 256 entries: the window's output is the index
    expected = table[np.floor(steps + 0.5).astype(int)] / 65535 * 255
    at_a_step = np.abs(steps % 1 - 0.5) < 0.01  # either neighbour is right there
    got = render_native(frame, View()).picture
    assert np.abs(got - (255 - expected if inverted else expected))[~at_a_step].max() <= 1


def test_without_a_window_the_smallest_is_black_and_the_largest_white(make):
    for dtype in (*RANGES, "f4", "f8"):
        stored = values_of(dtype)
        values = stored.astype(np.float64)
        expected = (values - values.min()) / (values.max() - values.min()) * 255
        check(make.frame_of(stored), expected)
