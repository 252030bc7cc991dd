"""Real terminal emulators: what is on their screen against the picture."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tview.terminal import TRUE_COLOUR, TerminalFacts, make_encoder
from tview.terminal.glyphs import glyph_family

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


@pytest.mark.parametrize(("kind", "glyphs"), [("xterm-plain", "half"), ("kitty", "sextant"), ("konsole", "quadrant"), ("foot", "sextant")])
def test_the_terminal_has_the_characters_that_it_is_given(kind: str, glyphs: str, draw: Callable[..., Any]) -> None:
    """Each sample of each cell, looked at in its middle, has the grey that was meant: the font lacks none, and cells touch."""
    terminal, told, picture = draw(kind, "paint", "blocks")
    assert told["path"] == "blocks"
    if glyphs != "half":
        assert told["glyphs"] in (glyphs, "octant")
    width, height = told["cell"]
    encoder = make_encoder("blocks", TerminalFacts(glyphs=told["glyphs"], colours=TRUE_COLOUR, cell_width_px=width, cell_height_px=height))
    meant = meant_samples(encoder.cells(picture, 60, 25), told["glyphs"])  # type: ignore[attr-defined]
    screen = terminal.wait_idle()[..., 1].astype(int)
    rows, columns = meant.shape
    right = best_match(screen, meant, (height * 25 / rows, width * 60 / columns))
    assert right > 0.93  # a sample at the edge of a character that the terminal rounds elsewhere


def meant_samples(cells: Any, glyphs: str) -> np.ndarray:
    """The grey of each sample of each cell."""
    family = glyph_family(glyphs)
    masks = {glyph: np.array(mask).reshape(family.grid) for mask, glyph in family.glyphs}
    lines = []
    for row in cells.rows:
        parts = [np.where(masks[glyph], run.foreground & 255, run.background & 255) for run in row for glyph in run.text]
        lines.append(np.concatenate(parts, axis=1))
    return np.concatenate(lines)


def best_match(screen: np.ndarray, meant: np.ndarray, step: tuple[float, float]) -> float:
    """The share of samples that are right where the picture is: the window's margin is found by trying."""
    rows = ((np.arange(meant.shape[0]) + 0.5) * step[0]).astype(int)
    columns = ((np.arange(meant.shape[1]) + 0.5) * step[1]).astype(int)
    best = 0.0
    for top in range(110):
        for left in range(60):
            some = screen[top + rows[::7, None], left + columns[None, ::7]]
            if np.mean(np.abs(some - meant[::7, ::7]) <= 2) > best:
                best = max(best, float(np.mean(np.abs(screen[top + rows[:, None], left + columns[None]] - meant) <= 2)))
    return best


def test_inside_tmux_the_picture_is_blocks_unless_tmux_can_do_more(draw: Callable[..., Any]) -> None:
    """With tmux 3.3 and kitty 0.26 that is blocks; later ones show pixels, exactly."""
    terminal, told, picture = draw("kitty", "paint", tmux=True)
    if told["path"] == "blocks":
        assert terminal.wait_idle().max() > 0
    else:
        terminal.find(picture, 2)
