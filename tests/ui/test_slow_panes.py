"""Four panes on a slow line: keys are answered, pictures are left out, and each pane ends on what was asked for last, whole."""

import re
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "fixtures" / "demo.iso"


@pytest.fixture
def slow(slow_terminal):
    running = []

    def start(bytes_per_s: float, round_trip_s: float):
        command = [sys.executable, "-I", "-m", "tview", str(DEMO)]
        running.append(slow_terminal(command, bytes_per_s, round_trip_s, columns=132, rows=43))
        return running[-1]

    yield start
    for terminal in running:
        terminal.close()


def text(terminal) -> str:
    """The words that have arrived, without pictures and sequences."""
    seen = re.sub(rb"\x1b_G[^\x1b]*\x1b\\", b"", terminal.seen)
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", seen.decode("utf-8", "ignore"))


def is_quiet(terminal, seconds: float = 2.5) -> bool:
    """Whether nothing has arrived for a while."""
    return bool(terminal.arrived) and time.monotonic() - terminal.arrived[-1][0] > seconds


@pytest.mark.parametrize(("bytes_per_s", "round_trip_s"), [(1_250_000, 0.06), (125_000, 0.15)], ids=["10 Mbit/s", "1 Mbit/s"])
def test_four_panes_end_right(slow, bytes_per_s, round_trip_s) -> None:
    terminal = slow(bytes_per_s, round_trip_s)
    terminal.wait(lambda: terminal.position == 33, 60)
    terminal.press("b#")
    terminal.wait(lambda: text(terminal).count("Se 1 Im") >= 3 and is_quiet(terminal), 60)
    before = terminal.pictures
    for _ in range(20):
        terminal.press("j")
        time.sleep(0.03)
    terminal.wait(lambda: "[53 of 64" in text(terminal), 30)
    terminal.wait(lambda: is_quiet(terminal), 60)
    standing = [shown for shown in terminal.shown() if shown.words is not None and shown.words[2:] == ("53", "64")]
    assert standing and not standing[-1].is_draft
    assert terminal.pictures - before <= 2 * 20  # each at most as a draft and whole, and only in the pane that moves


def test_cuts_end_on_the_last_plane_asked_for(slow) -> None:
    terminal = slow(125_000, 0.15)
    terminal.wait(lambda: terminal.position == 33, 60)
    terminal.press("bO")
    terminal.wait(lambda: "oblique" in text(terminal) and is_quiet(terminal), 90)
    for _ in range(15):
        terminal.press("j")
        time.sleep(0.03)
    terminal.wait(lambda: "axial  [48 of 64" in text(terminal), 30)
    terminal.wait(lambda: is_quiet(terminal), 60)
    assert not terminal.shown()[-1].is_draft
