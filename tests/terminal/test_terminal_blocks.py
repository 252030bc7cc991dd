import unicodedata
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tview.terminal import make_encoder
from tview.terminal.blocks import Cells, Run
from tview.terminal.glyphs import _octants
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


PAINTED = {"▀": (0, 4, 0, 4), "▌": (0, 8, 0, 2)}
"""Of a cell of 8 by 4 samples: first row, end, first column, end."""
PAINTED |= {glyph: (8 - eighths, 8, 0, 4) for eighths, glyph in enumerate("▁▂▃▄▅▆▇", 1)}
PAINTED |= {"▎": (0, 8, 0, 1), "▊": (0, 8, 0, 3)}


def painted(glyph: str, rows: int, columns: int) -> np.ndarray:
    """Which samples of a cell a character paints, by its place above or by its Unicode name."""
    mask = np.zeros((rows, columns), bool)
    if glyph in PAINTED:
        top, end, left, right = PAINTED[glyph]
        mask[top * rows // 8 : end * rows // 8, left * columns // 4 : right * columns // 4] = True
    elif glyph != " ":
        name = unicodedata.name(glyph)
        if name.startswith("BLOCK SEXTANT-"):
            high, places = 3, [divmod(int(digit) - 1, 2) for digit in name.removeprefix("BLOCK SEXTANT-")]
        else:
            high, places = 2, [("LOWER" in part, "RIGHT" in part) for part in name.removeprefix("QUADRANT ").split(" AND ")]
        for row, column in places:
            mask[row * rows // high : (row + 1) * rows // high, column * columns // 2 : (column + 1) * columns // 2] = True
    return mask


CHARACTERS = {
    "half": " ▀▌",
    "quadrant": " ▀▌▁▂▃▅▆▇▎▊▘▝▖▗▙▚▛▜▞▟",
    "sextant": " ▀▌▁▂▃▅▆▇▎▊▘▝▖▗▙▚▛▜▞▟" + "".join(chr(code) for code in range(0x1FB00, 0x1FB3C)),
}


@pytest.mark.parametrize("family", CHARACTERS)
def test_no_other_glyph_and_no_other_two_greys_are_nearer(family: str, facts: Callable[..., Any]) -> None:
    """Against every character of the family with the means of its parts, tried one by one."""
    encoder = make_encoder("blocks", facts(glyphs=family))
    picture = np.random.default_rng(3).integers(0, 256, encoder.fit(6, 4), dtype=np.uint8)
    cells = spread(encoder.cells(picture, 6, 4))  # type: ignore[attr-defined]
    high, wide = picture.shape[0] // 4, picture.shape[1] // 6
    for row in range(4):
        for column in range(6):
            part = picture[row * high : (row + 1) * high, column * wide : (column + 1) * wide].astype(float)
            glyph, fore, back = cells[row][column]
            shown = np.where(painted(glyph, high, wide) if glyph not in "▏▍▋▉" else _left(glyph, high, wide), fore & 255, back & 255)
            least = min(_least(part, painted(other, high, wide)) for other in CHARACTERS[family])
            assert ((shown - part) ** 2).sum() <= least + part.size


def _left(glyph: str, rows: int, columns: int) -> np.ndarray:
    eighths = {"▏": 1, "▍": 3, "▋": 5, "▉": 7}[glyph]
    return np.tile(np.arange(columns) < columns * eighths // 8, (rows, 1))


def _least(part: np.ndarray, mask: np.ndarray) -> float:
    sides = [part[mask], part[~mask]]
    return float(sum(((side - side.mean()) ** 2).sum() for side in sides if side.size))


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


@pytest.mark.parametrize(("family", "share"), [("half", 3), ("quadrant", 6), ("sextant", 6)])
def test_16_colours_mix_greys_by_their_characters(family: str, share: int, facts: Callable[..., Any]) -> None:
    """Four greys; the mean over a cell is the picture's, to a share of the step between two of them."""
    encoder = make_encoder("blocks", facts(colours=16, glyphs=family))
    assert encoder.grey_levels == 4
    levels = {0: 0, 8: 85, 7: 170, 15: 255}
    for value in (0, 32, 42, 60, 85, 115, 128, 145, 170, 200, 215, 255):
        rows, columns = encoder.fit(1, 1)
        ((glyph, fore, back),) = spread(encoder.cells(np.full((rows, columns), value, np.uint8), 1, 1))[0]  # type: ignore[attr-defined]
        mask = painted(glyph, rows, columns) if glyph not in "▏▍▋▉" else _left(glyph, rows, columns)
        assert abs(np.where(mask, levels[fore], levels[back]).mean() - value) <= 85 / share


def test_16_colours_keep_strong_colours(facts: Callable[..., Any]) -> None:
    picture = np.repeat(np.array([[[200, 10, 10], [10, 180, 20]], [[20, 20, 190], [128, 128, 128]]], np.uint8), 2, axis=1)
    ((left, right),) = spread(make_encoder("blocks", facts(colours=16)).cells(picture, 2, 1))  # type: ignore[attr-defined]
    assert (left[1], left[2], right[1]) == (1, 4, 2)


@pytest.mark.parametrize("colours", COLOUR_SETS)
def test_the_levels_that_are_told_are_the_levels_that_come(colours: int, facts: Callable[..., Any]) -> None:
    encoder = make_encoder("blocks", facts(colours=colours))
    ramp = np.repeat(np.tile(np.arange(256, dtype=np.uint8), (8, 1)), 2, axis=1)
    numbers = {number for row in spread(encoder.cells(ramp, 256, 4)) for _, *pair in row for number in pair}  # type: ignore[attr-defined]
    assert len(numbers) == encoder.grey_levels


def test_a_locale_without_unicode_gets_spaces_of_one_pixel(facts: Callable[..., Any]) -> None:
    encoder = make_encoder("blocks", facts(unicode=False))
    cells = encoder.cells(np.array([[10, 200]], np.uint8), 2, 1)  # type: ignore[attr-defined]
    assert [(run.text, run.background) for run in cells.rows[0]] == [(" ", 0x0A0A0A), (" ", 0xC8C8C8)]
    assert encoder.pixel_aspect == 17 / 8


@pytest.mark.parametrize(("glyphs", "aspect"), [("half", 17 / 8), ("quadrant", 17 / 8), ("sextant", 17 / 24), ("octant", 17 / 16)])
def test_the_samples_of_a_cell_are_rarely_square(glyphs: str, aspect: float, facts: Callable[..., Any]) -> None:
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
    assert b"\x1b[97;97m" not in (data := make_encoder("blocks", facts(colours=16)).inline(np.full((2, 2), 255, np.uint8)))
    assert b"\x1b[97;107m" in data
