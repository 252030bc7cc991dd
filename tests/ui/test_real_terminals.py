"""The viewer in real terminals: the pixels on the screen are those of the export, before and after anything has lain over them."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "fixtures" / "demo.iso"
TVIEW = [sys.executable, "-I", "-m", "tview"]
LARGE = {"columns": 160, "rows": 56}


@pytest.fixture(scope="module")
def middle_slice(tmp_path_factory):
    """The image that the viewer opens with, one picture pixel per image pixel, as the command line exports it."""
    folder = tmp_path_factory.mktemp("export")
    file = folder / "x.png"
    subprocess.run(
        [*TVIEW, "export", str(DEMO), str(file), "--path", "DICOM/ST000001/SE000002/IM000033"],
        check=True,
        capture_output=True,
    )
    return np.asarray(Image.open(file).convert("RGB"))


def _body(picture: np.ndarray) -> np.ndarray:
    """A part that fits on every screen and looks like nothing else."""
    return picture[120:400, 100:420]


@pytest.mark.realterm
@pytest.mark.parametrize(("kind", "tolerance"), [("kitty", 0), ("xterm", 2)])
def test_the_screen_holds_the_frame(real_terminal, middle_slice, kind, tolerance) -> None:
    terminal = real_terminal(kind, [*TVIEW, str(DEMO)], **LARGE)
    terminal.wait_picture()
    terminal.press("equal")
    place = terminal.find(_body(middle_slice), tolerance)
    for sheet in ("question", "ctrl+p", "F"):
        terminal.press(sheet)
        covered = terminal.wait_idle()
        assert not np.array_equal(_at(covered, place, middle_slice), _body(middle_slice))
        terminal.press("Escape")
        terminal.wait_idle()
        assert terminal.find(_body(middle_slice), tolerance) == place
    terminal.press("q")
    assert terminal.wait_ended() == 0


def _at(screen: np.ndarray, place: tuple[int, int], picture: np.ndarray) -> np.ndarray:
    body = _body(picture)
    return screen[place[0] : place[0] + body.shape[0], place[1] : place[1] + body.shape[1]]


@pytest.mark.realterm
@pytest.mark.parametrize("kind", ["kitty", "xterm"])
def test_in_tmux_there_is_a_picture_and_no_garbage(real_terminal, kind) -> None:
    terminal = real_terminal(kind, [*TVIEW, str(DEMO)], tmux=True, **LARGE)
    terminal.wait_picture()
    terminal.press("Escape")  # the line that explains the first keys goes with the first one
    screen = terminal.wait_idle()
    assert (screen[200:800, 400:1100].std(axis=2) < 1).mean() > 0.9  # grey, as a CT is
    assert screen[200:800, 400:1100].std() > 30
    terminal.press("question")
    terminal.wait_idle()
    terminal.press("Escape")
    again = terminal.wait_idle()
    assert np.abs(again.astype(int) - screen).max() <= 2
    terminal.press("q")
    terminal.wait_idle()


@pytest.mark.realterm
def test_after_quitting_the_terminal_is_as_before(real_terminal) -> None:
    before, after = "printf 'before\\n'", "printf 'after\\n'"
    plain = real_terminal("kitty", ["sh", "-c", f"{before}; {after}"], **LARGE).wait_idle()
    terminal = real_terminal("kitty", ["sh", "-c", f"{before}; {' '.join(TVIEW)} {DEMO}; {after}"], **LARGE)
    terminal.wait_picture()
    terminal.press("question", "Escape", "q")
    terminal.wait_ended()
    assert np.array_equal(terminal.wait_idle()[:-40, :-40], plain[:-40, :-40])
