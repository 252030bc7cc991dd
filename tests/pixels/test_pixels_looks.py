"""The bar has the length it says; colours are those of the table."""

from types import SimpleNamespace

import numpy as np
import pytest

from tview.pixels import Coloured, ScaleBar, View, colour_table, render
from tview.pixels.units import PixelScale


@pytest.mark.parametrize(("zoom", "expected"), [(1.0, 50), (4.0, 10), (0.5, 100)])
def test_the_bar_is_as_long_as_it_says(make: SimpleNamespace, zoom: float, expected: int) -> None:
    """0.5 mm a column: 400 picture pixels at 1:1 are 200 mm, a third of them 66 mm."""
    frame = make.frame_of(np.zeros((512, 512), np.uint8), scale=PixelScale(0.5, 0.5, in_patient=True))
    bar = ScaleBar(0.5)
    shown = render(frame, View(zoom=zoom), 300, 400, (bar,))
    assert bar.length_mm(shown.placement) == expected
    bright = np.flatnonzero(shown.picture[300 - 14] > 128)
    assert bright.max() - bright.min() == pytest.approx(expected / 0.5 * zoom, abs=2)


def test_no_bar_where_no_length_fits(make: SimpleNamespace) -> None:
    frame = make.frame_of(np.zeros((8, 8), np.uint8), scale=PixelScale(0.001, 0.001))
    assert not render(frame, View(), 300, 400, (ScaleBar(0.001),)).picture.any()


def test_grey_goes_through_the_table_and_colour_stays(make: SimpleNamespace) -> None:
    grey = make.frame_of(np.arange(256, dtype=np.uint8).reshape(16, 16))
    plain = render(grey, View(), 16, 16).picture
    assert (render(grey, View(), 16, 16, (Coloured("hot iron"),)).picture == colour_table("hot iron")[plain]).all()
    colour = make.frame_of(np.full((4, 4, 3), 77, np.uint8))
    assert (render(colour, View(), 4, 4, (Coloured("pet"),)).picture == 77).all()
