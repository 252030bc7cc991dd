"""Over a real ssh connection: no DISPLAY, no COLORTERM, no LANG, a HOME that cannot be written."""

import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "fixtures" / "demo.iso"


@pytest.fixture(scope="module")
def ssh(loopback, tmp_path_factory):
    """The beginning of a command line that runs what follows on the other side of a loopback connection, on a terminal."""
    if not loopback.is_installed():
        pytest.skip("openssh-server is not installed")
    with loopback.loopback(tmp_path_factory.mktemp("ssh")) as command:
        yield command


@pytest.mark.realterm
@pytest.mark.parametrize("kind", ["kitty", "xterm"])
def test_the_demo_disc_shows_and_scrolls_over_ssh(real_terminal, ssh, kind) -> None:
    remote = f"env -u DISPLAY -u COLORTERM -u LANG -u LC_ALL HOME=/proc {sys.executable} -I -m tview {DEMO}"
    terminal = real_terminal(kind, [*ssh, remote], columns=132, rows=43)
    first = terminal.wait_picture()
    picture = first[200:600, 400:1000].astype(int)
    assert picture.std() > 40 and picture.max() == 255
    terminal.press("Down", "Down", "Down")
    scrolled = terminal.wait_idle(20)[200:600, 400:1000].astype(int)
    assert np.abs(scrolled - picture).mean() > 1
    terminal.press("q")
    assert terminal.wait_ended() == 0
