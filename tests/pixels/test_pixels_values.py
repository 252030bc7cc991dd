"""The value of a pixel is the file's, whatever is done to the picture."""

import itertools

import numpy as np
import pytest

from tview.pixels import Suv, View, Window, render, value_at

RNG = np.random.default_rng(17)
STORED = RNG.integers(0, 4096, (37, 53)).astype(np.uint16)
VIEWS = [
    View(mirror=mirror, turns=turns, zoom=zoom, centre=centre, invert=mirror, interpolation=kind, window=Window(10, 20))
    for (mirror, turns), (zoom, centre, kind) in zip(
        itertools.product((False, True), range(4)),
        [(None, None, "linear"), (0.31, None, "cubic"), (3.7, (10.0, 40.0), "nearest"), (9.0, (30.0, 5.0), "lanczos")] * 2,
        strict=True,
    )
]


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("inverted", [False, True], ids=["MONOCHROME2", "MONOCHROME1"])
def test_the_pixel_under_a_screen_point_is_the_files_under_every_view(make, view, inverted):
    """A picture whose pixels say where they are: the value found is the one that was put there."""
    frame = make.frame_of(STORED, slope=2.0, intercept=-1024.0, inverted=inverted, pixel_aspect=1.3)
    placement = render(frame, view, 97, 113).placement
    seen = 0
    for x, y in itertools.product(range(0, 113, 7), range(0, 97, 5)):
        at = placement.pixel_at(x, y)
        if at is None:
            continue
        value = value_at(frame, *at)
        assert value.stored == (int(STORED[at]),) and value.modality.value == 2.0 * int(STORED[at]) - 1024.0
        row, column = placement.to_image(x + 0.5, y + 0.5)
        assert (int(row), int(column)) == at
        seen += 1
    assert seen > 5


def test_large_numbers_keep_their_digits(make):
    frame = make.frame_of(np.array([[123456789, 4294967295]], np.uint32))
    assert [str(value_at(frame, 0, column).modality.shown) for column in (0, 1)] == ["123456789", "4294967295"]
    tiny = make.frame_of(np.array([[7]], np.uint16), slope=1.25e-7)
    assert value_at(tiny, 0, 0).modality.value == 7 * 1.25e-7


def test_uptake_and_real_world_values_stand_beside(make):
    from tview.pixels import RealWorldMap
    from tview.text import safe

    adc = RealWorldMap(0, 4095, 1e-6, 0.0, (), safe("mm2/s"), safe("ADC"))
    frame = make.frame_of(STORED, real_world=(adc,), unit=safe("Bq/ml"))
    value = value_at(frame, 2, 3, Suv(0.5, "SUVbw"))
    stored = int(STORED[2, 3])
    assert str(value.modality.shown) == f"{stored} Bq/ml"
    assert [(other.value, str(other.unit)) for other in value.others] == [(stored * 0.5, "SUVbw"), (pytest.approx(stored * 1e-6), "mm2/s")]
    assert len(value_at(frame, 2, 3, Suv(None, reason="no weight")).others) == 1


def test_padding_and_missing_rows_are_called_so(make):
    values = np.full((4, 4), 100, np.int16)
    values[0] = -2000
    frame = make.frame_of(values, padding=(-2000, -1990), rows_present=3)
    assert value_at(frame, 0, 0).padding and not value_at(frame, 1, 0).padding
    assert value_at(frame, 3, 0).missing and value_at(frame, 3, 0).modality is None
    with pytest.raises(IndexError):
        value_at(frame, 4, 0)


def test_colour_has_its_samples_and_what_is_drawn(make):
    frame = make.frame_of(np.array([[[120, 90, 200]]], np.uint8), photometric="YBR_FULL")
    value = value_at(frame, 0, 0)
    assert value.stored == (120, 90, 200) and value.modality is None
    assert np.abs(np.array(value.rgb) - (221, 82, 53)).max() <= 1  # C.7.6.3.1.2
