from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tview.terminal import make_encoder
from tview.terminal.palette import colour_numbers, grey_numbers, grey_percents
from tview.terminal.sixel_bands import encode_bands

Decode = Callable[[bytes], tuple[np.ndarray, np.ndarray]]


def shown(percents: np.ndarray) -> np.ndarray:
    """As xterm turns percents into 8 bits."""
    return (percents.astype(int) * 255 + 50) // 100


def test_every_pixel_is_drawn_within_two_levels(
    facts: Callable[..., Any], sixel_picture: Decode, slice_picture: Callable[..., np.ndarray]
) -> None:
    encoder = make_encoder("sixel", facts(sixel_max=(4000, 4000), sixel_colours=256))
    picture = slice_picture(*encoder.fit(60, 25))
    assert picture.shape == (420, 480), "425 rows of pixels, cut to whole bands"
    draw = encoder.paint(picture, 3, 2, 60, 25).draw
    percents, drawn = sixel_picture(draw)
    assert drawn.all()
    assert np.abs(shown(percents) - picture[..., None]).max() <= 2
    assert draw.startswith(b'\x1b7\x1b[3;4H\x1bP0;1;0q"1;1;480;420#0;2;0;0;0')


def test_101_greys_come_out_different(facts: Callable[..., Any], sixel_picture: Decode) -> None:
    encoder = make_encoder("sixel", facts())
    ramp = np.tile(np.arange(256, dtype=np.uint8), (6, 1))
    percents, _ = sixel_picture(encoder.inline(ramp))
    assert encoder.grey_levels == len(np.unique(percents)) == 101
    assert np.array_equal(percents[..., 0], np.floor(ramp / 255 * 100 + 0.5))
    assert np.ptp(percents, axis=-1).max() == 0


@pytest.mark.parametrize(("registers", "levels"), [(2, 2), (16, 16), (64, 64), (256, 101), (1024, 101), (None, 101)])
def test_a_terminal_with_few_colour_registers_gets_as_many_greys(
    registers: int | None, levels: int, facts: Callable[..., Any], sixel_picture: Decode
) -> None:
    encoder = make_encoder("sixel", facts(sixel_colours=registers))
    ramp = np.tile(np.arange(256, dtype=np.uint8), (2, 1))
    percents, _ = sixel_picture(encoder.inline(ramp))
    assert encoder.grey_levels == len(np.unique(percents)) == levels
    assert percents.min() == 0 and percents.max() == 100
    assert np.abs(shown(percents[..., 0]) - ramp).max() <= 255 / (levels - 1) / 2 + 2


@settings(max_examples=60, deadline=None)
@given(
    arrays.arrays(np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 30)), elements=st.integers(0, 100)),
    st.sampled_from([1, 4, 17]),
)
def test_bands_hold_exactly_the_palette_numbers(numbers: np.ndarray, repeat: int) -> None:
    """The decoder is in this test's own terms: bits of lines, by hand."""
    numbers = np.repeat(numbers, repeat, axis=1)
    found = np.full(numbers.shape, 255, np.uint8)
    for band, text in enumerate(encode_bands(numbers, 101).split(b"-")):
        for line in text.split(b"$"):
            colour = line[1:].lstrip(b"0123456789")
            number = int(line[1 : len(line) - len(colour)])
            x = position = 0
            while position < len(colour):
                count = 1
                if colour[position] == ord("!"):
                    end = position + 1
                    while chr(colour[end]).isdigit():
                        end += 1
                    count, position = int(colour[position + 1 : end]), end
                for bit in range(6):
                    if colour[position] - 63 >> bit & 1:
                        found[6 * band + bit, x : x + count] = number
                x, position = x + count, position + 1
    assert np.array_equal(found, numbers)


def test_a_long_flat_picture_is_small() -> None:
    assert len(encode_bands(np.zeros((600, 3000), np.uint8), 101)) < 100 * 12


def test_within_the_terminals_geometry(facts: Callable[..., Any], sixel_picture: Decode) -> None:
    """An untouched xterm -ti vt340 has 1000x1000 and drops what is beyond."""
    encoder = make_encoder("sixel", facts(sixel_max=(1000, 1000)))
    assert encoder.fit(200, 80) == (996, 1000)
    percents, _ = sixel_picture(encoder.inline(np.zeros((1500, 1300), np.uint8)))
    assert percents.shape[:2] == (1000, 1000)
    percents, _ = sixel_picture(encoder.paint(np.zeros((1500, 1300), np.uint8), 0, 0, 200, 80).draw)
    assert percents.shape[:2] == (996, 1000)


@pytest.mark.parametrize(("cell_height_px", "rows"), [(17, 408), (18, 450), (20, 480), (16, 384)])
def test_in_tmux_whole_cells_are_whole_bands(cell_height_px: int, rows: int, facts: Callable[..., Any], sixel_picture: Decode) -> None:
    encoder = make_encoder("sixel", facts(tmux=True, cell_height_px=cell_height_px))
    assert encoder.fit(60, 25) == (rows, 480)
    percents, _ = sixel_picture(encoder.inline(np.full((100, 101), 255, np.uint8)))
    assert percents.shape[0] % 6 == percents.shape[0] % cell_height_px == percents.shape[1] % 8 == 0


def test_a_draft_has_fewer_greys_and_fills_the_pane(
    facts: Callable[..., Any], sixel_picture: Decode, slice_picture: Callable[..., np.ndarray]
) -> None:
    encoder = make_encoder("sixel", facts())
    picture = slice_picture(*encoder.fit(60, 24))
    small, full = encoder.paint(picture[::2, ::2], 0, 0, 60, 24, draft=True).draw, encoder.paint(picture, 0, 0, 60, 24).draw
    percents, drawn = sixel_picture(small)
    assert drawn.all() and percents.shape[:2] == picture.shape
    assert len(np.unique(percents)) <= encoder.draft_grey_levels == 32
    assert len(small) < len(full) / 2


def test_colours_keep_their_hue_and_greys_their_levels(facts: Callable[..., Any], sixel_picture: Decode) -> None:
    """A grey slice with a coloured overlay: the overlay does not cost the slice its greys."""
    picture = np.repeat(np.tile(np.arange(256, dtype=np.uint8), (60, 1))[..., None], 3, axis=2)
    picture[20:40, 100:200] = (255, 160, 0)
    picture[40:50, 100:200] = (0, 200, 255)
    encoder = make_encoder("sixel", facts())
    percents, drawn = sixel_picture(encoder.inline(picture))
    assert drawn.all()
    assert np.abs(shown(percents) - picture).max() <= 8  # five bits a channel for colours
    assert np.array_equal(percents[0], np.floor(picture[0] / 255 * 100 + 0.5))


def test_a_colour_picture_is_close_with_155_colours() -> None:
    y, x = np.mgrid[:120, :160]
    picture = np.stack((x * 255 // 159, y * 255 // 119, (x + y) * 255 // 278), axis=-1).astype(np.uint8)
    numbers, palette = colour_numbers(picture, 101, 155)
    assert len(palette) <= 155
    colours = np.array([(percent, percent, percent) for percent in grey_percents(101)] + palette)
    error = np.abs(shown(colours[numbers]) - picture)
    assert error.mean() < 8


@pytest.mark.parametrize("greys", [2, 16, 32, 101])
def test_the_nearest_grey_is_taken(greys: int) -> None:
    ramp = np.arange(256, dtype=np.uint8)
    levels = np.arange(greys) * 255 / (greys - 1)
    numbers = grey_numbers(ramp, greys)
    assert np.allclose(np.abs(levels[numbers] - ramp), np.abs(levels[:, None] - ramp).min(axis=0))
    assert grey_percents(greys)[0] == 0 and grey_percents(greys)[-1] == 100
