import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tview.terminal import make_encoder
from tview.terminal.placeholders import PlaceholderEncoder
from tview.terminal.tmux import wrap

Commands = Callable[[bytes], list[tuple[dict[str, str], bytes]]]
Pictures = Callable[[bytes], np.ndarray]
_WRAPPED = re.compile(rb"\x1bPtmux;((?:[^\x1b]|\x1b\x1b)*)\x1b\\")


def test_the_picture_is_the_panes_pixels_exactly(
    facts: Callable[..., Any], kitty_commands: Commands, png_picture: Pictures, slice_picture: Callable[..., np.ndarray]
) -> None:
    encoder = make_encoder("kitty", facts())
    picture = slice_picture(*encoder.fit(60, 25))
    assert picture.shape == (25 * 17, 60 * 8)
    painting = encoder.paint(picture, 3, 2, 60, 25, pane=4)
    ((keys, data),) = kitty_commands(painting.draw)
    assert np.array_equal(png_picture(data), picture)
    assert {name: keys[name] for name in "afpqC"} == {"a": "T", "f": "100", "p": "1", "q": "2", "C": "1"}
    assert "c" not in keys and "r" not in keys, "scaling to cells would resample"
    assert painting.draw.startswith(b"\x1b7\x1b[3;4H\x1b_G")
    ((gone, _),) = kitty_commands(painting.erase)
    assert gone == {"a": "d", "d": "I", "i": keys["i"], "q": "2"}


def test_each_pane_has_its_own_number_and_keeps_it(facts: Callable[..., Any], kitty_commands: Commands) -> None:
    encoder = make_encoder("kitty", facts())
    picture = np.zeros((17, 8), np.uint8)
    numbers = [kitty_commands(encoder.paint(picture, 0, 0, 1, 1, pane=pane).draw)[0][0]["i"] for pane in (0, 1, 0)]
    assert numbers[0] == numbers[2] != numbers[1]


def test_a_smaller_picture_is_centred_on_black(facts: Callable[..., Any], kitty_commands: Commands, png_picture: Pictures) -> None:
    picture = np.full((10, 6), 77, np.uint8)
    drawn = png_picture(kitty_commands(make_encoder("kitty", facts()).paint(picture, 0, 0, 2, 2).draw)[0][1])
    expected = np.zeros((34, 16), np.uint8)
    expected[12:22, 5:11] = 77
    assert np.array_equal(drawn, expected)


def test_a_draft_goes_small_and_is_stretched_by_the_terminal(
    facts: Callable[..., Any], kitty_commands: Commands, png_picture: Pictures
) -> None:
    picture = np.arange(200, dtype=np.uint8).reshape(10, 20)
    ((keys, data),) = kitty_commands(make_encoder("kitty", facts()).paint(picture, 0, 0, 30, 7, draft=True).draw)
    assert (keys["c"], keys["r"]) == ("30", "7")
    assert np.array_equal(png_picture(data), picture)


def test_in_the_scrollback_pictures_have_no_number_so_that_none_replaces_another(
    facts: Callable[..., Any], kitty_commands: Commands
) -> None:
    data = make_encoder("kitty", facts()).inline(np.zeros((35, 9), np.uint8))
    ((keys, _),) = kitty_commands(data)
    assert "i" not in keys
    assert data.startswith(b"\r\n\n\n\x1b[3A\x1b7") and data.endswith(b"\x1b8\r\x1b[3B")


def test_without_a_cell_size_the_terminal_moves_the_cursor(facts: Callable[..., Any], kitty_commands: Commands) -> None:
    data = make_encoder("kitty", facts(cell_width_px=None, cell_height_px=None)).inline(np.zeros((35, 9), np.uint8))
    assert "C" not in kitty_commands(data)[0][0]
    assert data.endswith(b"\x1b\\\r\n")


# --- through tmux -----------------------------------------------------------------------------------------------------


def unwrapped(data: bytes) -> bytes:
    return b"".join(piece.replace(b"\x1b\x1b", b"\x1b") for piece in _WRAPPED.findall(data))


def test_through_tmux_every_piece_is_wrapped_and_the_cells_say_where_it_goes(
    facts: Callable[..., Any], kitty_commands: Commands, png_picture: Pictures, slice_picture: Callable[..., np.ndarray]
) -> None:
    encoder = PlaceholderEncoder(facts(tmux=True), high_byte=2)
    picture = slice_picture(*encoder.fit(30, 12))
    draw = encoder.paint(picture, 4, 1, 30, 12, pane=5).draw
    ((keys, data),) = kitty_commands(unwrapped(draw))
    assert np.array_equal(png_picture(data), picture)
    assert (keys["U"], keys["c"], keys["r"], keys["i"], keys["q"]) == ("1", "30", "12", str(2 << 24 | 6), "2")
    text = _WRAPPED.sub(b"", draw).decode()
    assert "\x1b_" not in text
    rows = re.findall(r"\x1b\[(\d+);5H\x1b\[0;38;5;6m((?:\U0010eeee...)+)\x1b\[m", text)
    assert [int(row) for row, _ in rows] == list(range(2, 14))
    # The protocol's list begins with U+0305, U+030D, U+030E, U+0310, U+0312, U+033D.
    assert rows[0][1].startswith("\U0010eeee\u0305\u0305\u030e\U0010eeee\u0305\u030d\u030e\U0010eeee\u0305\u030e\u030e")
    assert rows[3][1].startswith("\U0010eeee\u0310\u0305\u030e")
    assert all(len(cells) == 30 * 4 for _, cells in rows)


def test_there_are_297_row_and_column_marks_in_order() -> None:
    from tview.terminal.placeholders import _marks

    marks = _marks()
    assert len(marks) == len(set(marks)) == 297
    assert marks == "".join(sorted(marks))
    assert (marks[0], marks[-1]) == ("\u0305", "\U0001d244")


def test_the_marks_are_those_of_textual_image() -> None:
    source = pytest.importorskip("importlib.util").find_spec("textual_image")
    if source is None:
        pytest.skip("textual-image is not installed")
    with open(f"{source.submodule_search_locations[0]}/renderable/tgp.py", encoding="utf-8") as file:
        listed = re.findall(r"0x([0-9a-f]{5})\b", file.read().split("_NUMBER_TO_DIACRITIC = [")[1].split("]")[0])
    from tview.terminal.placeholders import _marks

    assert _marks() == "".join(chr(int(code, 16)) for code in listed)


def test_two_programs_in_one_tmux_take_different_numbers(facts: Callable[..., Any], kitty_commands: Commands) -> None:
    erased = [kitty_commands(unwrapped(PlaceholderEncoder(facts(tmux=True), high_byte=high).erase(3)))[0][0]["i"] for high in (1, 200)]
    assert erased[0] != erased[1]


def test_the_number_of_a_placeholder_is_never_colour_0(facts: Callable[..., Any]) -> None:
    for pane in range(256):
        assert b"38;5;0m" not in PlaceholderEncoder(facts(), high_byte=1).paint(np.zeros((17, 8), np.uint8), 0, 0, 1, 1, pane=pane).draw


def test_outside_tmux_nothing_is_wrapped(facts: Callable[..., Any]) -> None:
    assert b"tmux;" not in PlaceholderEncoder(facts(), high_byte=1).paint(np.zeros((17, 8), np.uint8), 0, 0, 1, 1).draw
    assert wrap(b"") == b"\x1bPtmux;\x1b\\"


# --- iTerm2 -----------------------------------------------------------------------------------------------------------


def test_iterm_gets_a_png_for_exactly_its_cells(
    facts: Callable[..., Any], png_picture: Pictures, slice_picture: Callable[..., np.ndarray]
) -> None:
    from base64 import b64decode

    encoder = make_encoder("iterm", facts())
    picture = slice_picture(*encoder.fit(20, 10))
    for data, x, y in ((encoder.paint(picture, 6, 1, 20, 10).draw, 6, 1), (encoder.inline(picture), None, None)):
        ((keys_text, payload),) = re.findall(rb"\x1b\]1337;File=([^:]*):([^\x07]*)\x07", data)
        keys = dict(part.split("=") for part in keys_text.decode().split(";"))
        png = b64decode(payload, validate=True)
        assert np.array_equal(png_picture(png), picture)
        assert keys == {
            "inline": "1",
            "size": str(len(png)),
            "width": "20",
            "height": "10",
            "preserveAspectRatio": "0",
            "doNotMoveCursor": "1",
        }
        assert x is None or b"\x1b[2;7H" in data
