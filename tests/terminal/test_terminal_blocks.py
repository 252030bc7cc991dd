import unicodedata
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


def masks_of(family: str) -> dict[str, list[list[int]]]:
    """Which pixels of a cell each character paints, taken from its Unicode name; two columns wide."""
    rows = {"half": 2, "quadrant": 2, "sextant": 3, "octant": 4}[family]
    named = {" ": 0, "▀": 0b0011, "▄": 0b1100, "▌": 0b0101, "▐": 0b1010, "█": 0b1111}
    for glyph in "▘▝▖▗▙▚▛▜▞▟":
        parts = unicodedata.name(glyph).removeprefix("QUADRANT ").split(" AND ")
        places = ("UPPER LEFT", "UPPER RIGHT", "LOWER LEFT", "LOWER RIGHT")
        named[glyph] = sum(1 << places.index(part) for part in parts)
    cells = {
        glyph: [[mask >> 2 * (row * 2 // rows) + column & 1 for column in range(2)] for row in range(rows)] for glyph, mask in named.items()
    }
    if family == "sextant":
        cells = {glyph: cells[glyph] for glyph in " ▌▐█"}
        for code in range(0x1FB00, 0x1FB3C):
            digits = unicodedata.name(chr(code)).removeprefix("BLOCK SEXTANT-")
            cells[chr(code)] = [[int(str(2 * row + column + 1) in digits) for column in range(2)] for row in range(3)]
    return cells


def drawn(cells: Cells, family: str, masks: dict[str, list[list[int]]]) -> np.ndarray:
    """What a terminal shows, a grey a pixel, for 24-bit greys."""
    lines = []
    for row in spread(cells):
        parts = [np.where(np.array(masks[glyph]) == 1, fore & 255, back & 255) for glyph, fore, back in row]
        lines.append(np.concatenate(parts, axis=1))
    return np.concatenate(lines)


@pytest.mark.parametrize("family", ["half", "quadrant", "sextant"])
def test_no_other_glyph_and_no_other_two_greys_are_nearer(family: str, facts: Callable[..., Any]) -> None:
    """Against every character of the family with the means of its parts, tried one by one."""
    encoder, masks = make_encoder("blocks", facts(glyphs=family)), masks_of(family)
    allowed = {glyph: np.array(mask) for glyph, mask in masks.items() if family != "half" or glyph in " ▀▌"}
    picture = np.random.default_rng(3).integers(0, 256, encoder.fit(6, 4), dtype=np.uint8)
    shown = drawn(encoder.cells(picture, 6, 4), family, masks).astype(int)  # type: ignore[attr-defined]
    high = picture.shape[0] // 4
    for row in range(4):
        for column in range(6):
            cell = np.s_[row * high : (row + 1) * high, 2 * column : 2 * column + 2]
            part = picture[cell].astype(float)
            errors = [
                sum(((part[mask == side] - part[mask == side].mean()) ** 2).sum() for side in (0, 1) if (mask == side).any())
                for mask in allowed.values()
            ]
            assert ((shown[cell] - part) ** 2).sum() <= min(errors) + part.size * 0.5


@pytest.mark.parametrize("shape", [(72, 90), (72, 90, 3), (2, 2)])
def test_textual_image_and_our_own_half_cells_agree(shape: tuple[int, ...], facts: Callable[..., Any]) -> None:
    encoder = make_encoder("blocks", facts())
    picture = np.random.default_rng(2).integers(0, 256, shape, dtype=np.uint8)
    picture[:, : shape[1] // 2] //= 64  # and longer runs
    assert encoder.cells(picture, shape[1] // 2, shape[0] // 2) == encoder._cells(picture)  # type: ignore[attr-defined]


def test_without_textual_image_the_cells_are_still_drawn(monkeypatch: pytest.MonkeyPatch, facts: Callable[..., Any]) -> None:
    def missing(picture: np.ndarray) -> None:
        raise ImportError

    monkeypatch.setattr("tview.terminal.blocks.half_cells", missing)
    picture = np.repeat(np.array([[7], [9]], np.uint8), 4, axis=1)
    cells = make_encoder("blocks", facts()).cells(picture, 2, 1)  # type: ignore[attr-defined]
    assert cells.rows == ((Run("▀▀", 0x070707, 0x090909),),)


def test_octants_are_counted_as_unicode_counts_them() -> None:
    """U+1CD00 is BLOCK OCTANT-3, U+1CD01 -23, U+1CD02 -123, U+1CD03 -4, U+1CDE5 -2345678 (UnicodeData 16.0)."""
    from tview.terminal.glyphs import _octants

    octants = {glyph: mask for mask, glyph in _octants().items()}
    names = {0x1CD00: "3", 0x1CD01: "23", 0x1CD02: "123", 0x1CD03: "4", 0x1CDE5: "2345678"}
    for code, digits in names.items():
        assert octants[chr(code)] == sum(1 << int(digit) - 1 for digit in digits)
    assert len(octants) == 256 and octants["▂"] == 0xC0 and octants["▛"] == 0b01011111


@pytest.mark.parametrize("family", ["half", "quadrant", "sextant", "octant"])
@pytest.mark.parametrize("colours", COLOUR_SETS)
def test_flat_cells_are_spaces(family: str, colours: int, facts: Callable[..., Any]) -> None:
    encoder = make_encoder("blocks", facts(glyphs=family, colours=colours))
    cells = encoder.cells(np.full(encoder.fit(5, 2), 255, np.uint8), 5, 2)  # type: ignore[attr-defined]
    assert [run.text for row in cells.rows for run in row] == [" " * 5] * 2


def test_256_colours_have_30_greys_each_the_nearest(facts: Callable[..., Any]) -> None:
    ramp = np.repeat(np.tile(np.arange(256, dtype=np.uint8), (2, 1)), 2, axis=1)
    encoder = make_encoder("blocks", facts(colours=256))
    row = spread(encoder.cells(ramp, 256, 1))[0]  # type: ignore[attr-defined]
    numbers = [background for _, _, background in row]
    assert encoder.grey_levels == len(set(numbers)) == 30
    greys = sorted({xterm_colour(number)[0] for number in range(16, 256) if len(set(xterm_colour(number))) == 1})
    for value, number in enumerate(numbers):
        red, green, blue = xterm_colour(number)
        assert red == green == blue
        assert abs(red - value) == min(abs(grey - value) for grey in greys)


def test_256_colours_show_colour_by_the_cube(facts: Callable[..., Any]) -> None:
    picture = np.repeat(np.array([[[255, 0, 0], [0, 95, 135]], [[250, 130, 10], [90, 90, 90]]], np.uint8), 2, axis=1)
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
    ramp = np.repeat(np.tile(np.arange(256, dtype=np.uint8), (8, 1)), 1 if colours == 16 else 2, axis=1)
    numbers = {number for row in spread(encoder.cells(ramp, 256, 4)) for _, *pair in row for number in pair}  # type: ignore[attr-defined]
    assert len(numbers) == encoder.grey_levels


def test_a_locale_without_unicode_gets_spaces_of_one_pixel(facts: Callable[..., Any]) -> None:
    encoder = make_encoder("blocks", facts(unicode=False))
    cells = encoder.cells(np.array([[10, 200]], np.uint8), 2, 1)  # type: ignore[attr-defined]
    assert [(run.text, run.background) for run in cells.rows[0]] == [(" ", 0x0A0A0A), (" ", 0xC8C8C8)]
    assert encoder.pixel_aspect == 17 / 8


@pytest.mark.parametrize(("glyphs", "aspect"), [("half", 17 / 8), ("quadrant", 17 / 8), ("sextant", 17 / 12), ("octant", 17 / 16)])
def test_the_pixels_of_a_cell_are_rarely_square(glyphs: str, aspect: float, facts: Callable[..., Any]) -> None:
    assert make_encoder("blocks", facts(glyphs=glyphs)).pixel_aspect == pytest.approx(aspect)


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
    meant = spread(encoder.cells(picture, 30, 8))  # type: ignore[attr-defined]
    for row in range(8):
        for column in range(30):
            cell = screen.buffer[y + row][x + column]
            glyph, foreground, background = meant[row][column]
            assert (cell.data, cell.fg, cell.bg) == (glyph, f"{foreground:06x}", f"{background:06x}")


@pytest.mark.parametrize(("colours", "code"), [(256, b"\x1b[38;5;196;48;5;16m"), (16, b"\x1b[31;40m")])
def test_codes_of_fewer_colours(colours: int, code: bytes, facts: Callable[..., Any]) -> None:
    picture = np.repeat(np.array([[[255, 0, 0]], [[0, 0, 0]]], np.uint8), 2, axis=1)
    assert code in make_encoder("blocks", facts(colours=colours)).inline(picture)


def test_bright_greys_of_16_have_the_bright_codes(facts: Callable[..., Any]) -> None:
    assert b"\x1b[97;97m" not in (data := make_encoder("blocks", facts(colours=16)).inline(np.full((2, 1), 255, np.uint8)))
    assert b"\x1b[97;107m" in data
