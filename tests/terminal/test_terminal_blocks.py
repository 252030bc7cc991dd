from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tview.terminal import make_encoder
from tview.terminal.blocks import Cells, Run
from tview.terminal.text_colours import COLOUR_SETS

# textual-image 0.12 calls what Pillow 14 will drop.
pytestmark = pytest.mark.filterwarnings("ignore:Image.Image.getdata:DeprecationWarning")


def xterm_colour(number: int) -> tuple[int, int, int]:
    """The 256-colour palette from 16 on, by the formula of xterm's 256colres.pl."""
    if number >= 232:
        level = 8 + 10 * (number - 232)
        return level, level, level
    red, green, blue = (number - 16) // 36, (number - 16) // 6 % 6, (number - 16) % 6
    return tuple(55 + 40 * step if step else 0 for step in (red, green, blue))  # type: ignore[return-value]


def spread(cells: Cells) -> list[list[tuple[str, int, int]]]:
    """Each cell on its own."""
    return [[(glyph, run.foreground, run.background) for run in row for glyph in run.text] for row in cells.rows]


def test_upper_and_lower_pixel_of_a_cell(facts: Callable[..., Any]) -> None:
    picture = np.array([[1, 1, 9], [2, 2, 255], [3, 4, 5], [3, 4, 5]], np.uint8)
    cells = make_encoder("blocks", facts()).cells(picture, 3, 2)  # type: ignore[attr-defined]
    assert cells.rows == (
        (Run("▀▀", 0x010101, 0x020202), Run("▀", 0x090909, 0xFFFFFF)),
        (Run("▀", 0x030303, 0x030303), Run("▀", 0x040404, 0x040404), Run("▀", 0x050505, 0x050505)),
    )


@pytest.mark.parametrize("shape", [(72, 90), (72, 90, 3), (2, 1)])
def test_textual_image_and_our_own_cells_agree(shape: tuple[int, ...], facts: Callable[..., Any]) -> None:
    encoder = make_encoder("blocks", facts())
    picture = np.random.default_rng(2).integers(0, 256, shape, dtype=np.uint8)
    picture[:, : shape[1] // 2] //= 64  # and longer runs
    assert encoder.cells(picture, shape[1], shape[0] // 2) == encoder._cells(picture)  # type: ignore[attr-defined]


def test_without_textual_image_the_cells_are_still_drawn(monkeypatch: pytest.MonkeyPatch, facts: Callable[..., Any]) -> None:
    def missing(picture: np.ndarray) -> None:
        raise ImportError

    monkeypatch.setattr("tview.terminal.blocks.half_cells", missing)
    cells = make_encoder("blocks", facts()).cells(np.full((2, 2), 7, np.uint8), 2, 1)  # type: ignore[attr-defined]
    assert cells.rows == ((Run("▀▀", 0x070707, 0x070707),),)


def test_256_colours_have_30_greys_each_the_nearest(facts: Callable[..., Any]) -> None:
    ramp = np.tile(np.arange(256, dtype=np.uint8), (2, 1))
    encoder = make_encoder("blocks", facts(colours=256))
    row = spread(encoder.cells(ramp, 256, 1))[0]  # type: ignore[attr-defined]
    numbers = [foreground for _, foreground, _ in row]
    assert encoder.grey_levels == len(set(numbers)) == 30
    greys = sorted({xterm_colour(number)[0] for number in range(16, 256) if len(set(xterm_colour(number))) == 1})
    for value, number in enumerate(numbers):
        red, green, blue = xterm_colour(number)
        assert red == green == blue
        assert abs(red - value) == min(abs(grey - value) for grey in greys)


def test_256_colours_show_colour_by_the_cube(facts: Callable[..., Any]) -> None:
    picture = np.array([[[255, 0, 0], [0, 95, 135]], [[250, 130, 10], [90, 90, 90]]], np.uint8)
    ((top_left, top_right),) = spread(make_encoder("blocks", facts(colours=256)).cells(picture, 2, 1))  # type: ignore[attr-defined]
    assert [xterm_colour(number) for number in (*top_left[1:], top_right[1])] == [(255, 0, 0), (255, 135, 0), (0, 95, 135)]
    assert len(set(xterm_colour(top_right[2]))) == 1


def test_16_colours_show_a_slope_in_a_pattern(facts: Callable[..., Any]) -> None:
    """Four greys; the mean over an area is the picture's."""
    encoder = make_encoder("blocks", facts(colours=16))
    assert encoder.grey_levels == 4
    levels = {0: 0, 8: 85, 7: 170, 15: 255}
    for value in (0, 20, 85, 128, 200, 255):
        rows = spread(encoder.cells(np.full((16, 16), value, np.uint8), 16, 8))  # type: ignore[attr-defined]
        drawn = [levels[number] for row in rows for _, *numbers in row for number in numbers]
        assert abs(np.mean(drawn) - value) <= 85 / 16


def test_16_colours_keep_strong_colours(facts: Callable[..., Any]) -> None:
    picture = np.array([[[200, 10, 10], [10, 180, 20]], [[20, 20, 190], [128, 128, 128]]], np.uint8)
    ((left, right),) = spread(make_encoder("blocks", facts(colours=16)).cells(picture, 2, 1))  # type: ignore[attr-defined]
    assert (left[1], left[2], right[1]) == (1, 4, 2)


@pytest.mark.parametrize("colours", COLOUR_SETS)
def test_the_levels_that_are_told_are_the_levels_that_come(colours: int, facts: Callable[..., Any]) -> None:
    encoder = make_encoder("blocks", facts(colours=colours))
    ramp = np.tile(np.arange(256, dtype=np.uint8), (8, 1))
    numbers = {number for row in spread(encoder.cells(ramp, 256, 4)) for _, *pair in row for number in pair}  # type: ignore[attr-defined]
    assert len(numbers) == encoder.grey_levels


def test_a_locale_without_unicode_gets_spaces_of_the_mean(facts: Callable[..., Any]) -> None:
    picture = np.array([[10, 0], [20, 255]], np.uint8)
    cells = make_encoder("blocks", facts(unicode=False)).cells(picture, 2, 1)  # type: ignore[attr-defined]
    assert [(run.text, run.background) for run in cells.rows[0]] == [(" ", 0x0F0F0F), (" ", 0x808080)]


def test_half_a_cell_is_rarely_square(facts: Callable[..., Any]) -> None:
    assert make_encoder("blocks", facts()).pixel_aspect == 17 / 2 / 8
    assert make_encoder("blocks", facts(cell_width_px=10, cell_height_px=20)).pixel_aspect == 1


@pytest.mark.parametrize("inline", [False, True])
def test_a_terminal_draws_what_was_meant(inline: bool, facts: Callable[..., Any], slice_picture: Callable[..., np.ndarray]) -> None:
    pyte = pytest.importorskip("pyte")
    encoder = make_encoder("blocks", facts())
    screen = pyte.Screen(40, 12)
    picture = slice_picture(*encoder.fit(30, 8))
    x, y = (0, 1) if inline else (5, 2)
    if inline:
        pyte.ByteStream(screen).feed(b"before\r\n" + encoder.inline(picture) + b"after")
        assert screen.display[9].startswith("after")
    else:
        pyte.ByteStream(screen).feed(b"\x1b[12;3H" + encoder.paint(picture, x, y, 30, 8).draw)
        assert (screen.cursor.x, screen.cursor.y) == (2, 11)
    for row in range(8):
        for column in range(30):
            cell = screen.buffer[y + row][x + column]
            upper, lower = int(picture[2 * row, column]), int(picture[2 * row + 1, column])
            assert (cell.data, cell.fg, cell.bg) == ("▀", f"{upper:02x}" * 3, f"{lower:02x}" * 3)


@pytest.mark.parametrize(("colours", "code"), [(256, b"\x1b[38;5;196;48;5;16m"), (16, b"\x1b[31;40m")])
def test_codes_of_fewer_colours(colours: int, code: bytes, facts: Callable[..., Any]) -> None:
    picture = np.array([[[255, 0, 0]], [[0, 0, 0]]], np.uint8)
    assert code in make_encoder("blocks", facts(colours=colours)).inline(picture)


def test_bright_greys_of_16_have_the_bright_codes(facts: Callable[..., Any]) -> None:
    assert b"\x1b[97;97m" not in (data := make_encoder("blocks", facts(colours=16)).inline(np.full((2, 1), 255, np.uint8)))
    assert b"\x1b[97;107m" in data
