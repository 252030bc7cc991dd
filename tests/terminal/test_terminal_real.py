"""Real terminal emulators: what is on their screen against the picture."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytestmark = pytest.mark.realterm
_PROGRAM = str(Path(__file__).with_name("draw_program.py"))
EXACT = [("kitty", "kitty", 0), ("konsole", "kitty", 0), ("xterm", "sixel", 2), ("mlterm", "sixel", 2), ("foot", "sixel", 2)]


@pytest.fixture
def draw(real_terminal: Callable[..., Any], tmp_path: Path, slice_picture: Callable[..., np.ndarray]) -> Callable[..., Any]:
    """Draws the pattern in a real terminal; gives the terminal, the program's report and the picture it drew."""
    pattern = slice_picture(600, 700)

    def start(kind: str, mode: str, graphics: str = "auto", times: int = 1, **options: Any) -> Any:
        np.save(tmp_path / "pattern.npy", pattern)
        report = tmp_path / "report.json"
        command = [sys.executable, _PROGRAM, str(tmp_path / "pattern.npy"), str(report), mode, graphics, str(times)]
        terminal = real_terminal(kind, command, columns=100, rows=40, **options)
        assert terminal.wait_ended(60) == 0, terminal.log()
        told = json.loads(report.read_text())
        rows, columns = told["shape"][:2]
        return terminal, told, pattern[:rows, :columns]

    return start


@pytest.mark.parametrize(("kind", "path", "tolerance"), EXACT)
@pytest.mark.parametrize("mode", ["paint", "inline"])
def test_the_screen_shows_the_picture(kind: str, path: str, tolerance: int, mode: str, draw: Callable[..., Any]) -> None:
    terminal, told, picture = draw(kind, mode)
    assert told["path"] == path
    row, column = terminal.find(picture, tolerance)
    if kind in ("kitty", "xterm"):  # the window has no margin: the place is known to the pixel
        width, height = told["cell"]
        assert (row, column) == ((2 * height, 3 * width) if mode == "paint" else (height, 0))


@pytest.mark.parametrize("kind", ["kitty", "xterm"])
def test_the_prompt_comes_right_below_the_last_of_several_pictures(kind: str, draw: Callable[..., Any]) -> None:
    """Two pictures of 25 lines in a window of 40: the first one has scrolled half out, the second one is whole."""
    terminal, told, picture = draw(kind, "inline", times=2)
    row, _ = terminal.find(picture, 2)
    height = told["cell"][1]
    lines = -(-picture.shape[0] // height)
    screen = terminal.wait_idle()
    assert row == (39 - lines) * height, "the picture ends where the last line begins"
    prompt = screen[39 * height : 40 * height, : 5 * told["cell"][0]]
    assert prompt.max() > 100, "and there the prompt stands"
    above = screen[row - 2 * height : row - height]
    assert above.max() > 0, "with the first picture's end above"


@pytest.mark.parametrize("kind", ["kitty", "xterm"])
def test_erasing_leaves_nothing(kind: str, draw: Callable[..., Any]) -> None:
    terminal, told, _ = draw(kind, "erased")
    width, height = told["cell"]
    screen = terminal.wait_idle(timeout_s=5)
    assert screen[2 * height : 27 * height, 3 * width : 63 * width].max() == 0


def test_blocks_show_two_pixels_a_cell(draw: Callable[..., Any]) -> None:
    """In an xterm that has neither kitty graphics nor sixel."""
    terminal, told, picture = draw("xterm-plain", "paint")
    width, height = told["cell"]
    assert told["path"] == "blocks"
    screen = terminal.wait_idle()
    middle = np.arange(60) * width + width // 2
    for row in range(25):
        top = (2 + row) * height
        for pixel, line in ((2 * row, top + height // 5), (2 * row + 1, top + height - height // 5)):
            drawn = screen[line, 3 * width + middle].astype(int)
            assert np.abs(drawn - picture[pixel][:, None].astype(int)).max() <= 2


def test_inside_tmux_the_picture_is_blocks_unless_tmux_can_do_more(draw: Callable[..., Any]) -> None:
    """With tmux 3.3 and kitty 0.26 that is blocks; later ones show pixels, exactly."""
    terminal, told, picture = draw("kitty", "paint", tmux=True)
    if told["path"] == "blocks":
        assert terminal.wait_idle().max() > 0
    else:
        terminal.find(picture, 2)
