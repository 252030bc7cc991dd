"""A slow line: keys are answered, pictures are left out rather than queued, and the last picture is the last one asked for."""

import os
import re
import sys
import termios
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "fixtures" / "demo.iso"


@pytest.fixture
def slow(slow_terminal):
    running = []

    def start(bytes_per_s, round_trip_s, source=DEMO, arguments=(), **options):
        command = [sys.executable, "-I", "-m", "tview", *arguments, str(source)]
        running.append(slow_terminal(command, bytes_per_s, round_trip_s, **options))
        return running[-1]

    yield start
    for terminal in running:
        terminal.close()


@pytest.mark.parametrize(
    ("bytes_per_s", "round_trip_s"), [(1_250_000, 0.06), (125_000, 0.15)], ids=["10 Mbit/s, 60 ms", "1 Mbit/s, 150 ms"]
)
def test_holding_a_key_ends_on_the_right_picture(slow, bytes_per_s, round_trip_s) -> None:
    terminal = slow(bytes_per_s, round_trip_s)
    terminal.wait(lambda: terminal.position == 33, 40)
    terminal.wait(lambda: terminal.pictures >= 1, 20)
    before = terminal.pictures
    for _ in range(28):
        terminal.press("j")
        time.sleep(0.03)
    terminal.wait(lambda: terminal.position == 61, 20)
    time.sleep(1.5)
    assert terminal.position == 61
    assert before < terminal.pictures <= before + 30


def test_a_serial_line_still_ends_on_the_last_one_asked_for(slow) -> None:
    """115,200 baud: a picture takes seconds; those in between are left out."""
    terminal = slow(11_520, 0.01)
    terminal.wait(lambda: terminal.position == 33, 60)
    before = terminal.pictures
    for _ in range(20):
        terminal.press("k")
        time.sleep(0.03)
    terminal.wait(lambda: terminal.position == 13, 60)
    assert terminal.pictures - before < 12


def test_a_key_held_for_five_seconds_at_a_modem_s_speed_ends_on_the_last_one_asked_for(slow) -> None:
    """19,200 baud; `scripts/measure_links` does it at 9600 too. The words of a new picture need no whole screens before it."""
    terminal = slow(1920, 0.01, columns=80, rows=24)
    terminal.wait(lambda: terminal.shown(), 90)
    assert len(terminal.seen) < 26_000
    end, pressed = time.monotonic() + 5, 0
    while time.monotonic() < end:
        terminal.press("j")
        pressed += 1
        time.sleep(0.1)
    last = str(min(64, 33 + pressed))
    terminal.wait(lambda: (terminal.shown()[-1].words or ("", "", ""))[2] == last, 60)
    assert terminal.words[2] == last


def test_nobody_waits_for_a_terminal_that_answers_nothing(slow) -> None:
    terminal = slow(5_000_000, 0.001, answers_cursor=False)
    terminal.wait(lambda: terminal.position == 33 and terminal.shown(), 40)
    for _ in range(5):
        terminal.press("j")
        time.sleep(0.1)
    terminal.wait(lambda: (terminal.shown()[-1].words or ("", "", ""))[2] == "38", 30)


def test_odd_bytes_from_the_terminal_cost_themselves_only(slow) -> None:
    terminal = slow(5_000_000, 0.001)
    terminal.wait(lambda: terminal.position == 33, 40)
    for noise in (b"\xff", b"\xe9", b"\xc3", b"\x1b[M" + bytes([67, 152, 42]), b"\x1b[1114112u", b"\x1b[48;99999;99999;1;1t"):
        os.write(terminal.main, noise)
        time.sleep(0.15)
    os.write(terminal.main, b"\x1b[B\x1b[B\x1b[Bjj")
    terminal.wait(lambda: (terminal.position or 0) > 33, 20)
    assert terminal.process.poll() is None


@pytest.mark.parametrize("number", [15, 1, 3], ids=["TERM", "HUP", "QUIT"])
@pytest.mark.parametrize("after_s", [0.15, 0.35, 0.6, 3.0])
def test_a_signal_at_any_time_leaves_the_terminal_as_it_was(slow, number, after_s) -> None:
    terminal = slow(5_000_000, 0.001)
    modes = termios.tcgetattr(terminal.main)
    time.sleep(after_s)
    terminal.process.send_signal(number)
    assert terminal.process.wait(10) in (128 + number, -number)
    time.sleep(0.2)
    if b"\x1b[?1049h" in terminal.seen:
        assert terminal.seen.rfind(b"\x1b[?1049l") > terminal.seen.rfind(b"\x1b[?1049h")
        assert terminal.seen.rfind(b"\x1b[?25h") > terminal.seen.rfind(b"\x1b[?25l")
    assert termios.tcgetattr(terminal.main)[3] & termios.ICANON == modes[3] & termios.ICANON


def test_two_hundred_changes_of_size_end_with_one_right_picture(slow) -> None:
    terminal = slow(20_000_000, 0.001)
    terminal.wait(lambda: terminal.position == 33 and terminal.shown(), 40)
    for number in range(200):
        terminal.resize(60 + number * 7 % 80, 20 + number * 3 % 30)
        time.sleep(0.01)
    terminal.resize(110, 42)
    size = -1
    while len(terminal.seen) != size:
        size = len(terminal.seen)
        time.sleep(1.0)
    assert terminal.process.poll() is None
    height, width = 42 * 17, 110 * 8
    last = terminal.shown()[-1]
    columns, rows = (int.from_bytes(last.picture[start : start + 4], "big") for start in (16, 20))
    assert 0.4 * width < columns <= width and 0.7 * height < rows <= height


def test_in_the_end_the_terminal_keeps_no_picture(slow) -> None:
    terminal = slow(20_000_000, 0.001)
    terminal.wait(lambda: terminal.position == 33 and terminal.shown(), 40)
    terminal.press("jj")
    terminal.wait(lambda: terminal.position == 35, 10)
    terminal.press("q")
    assert terminal.process.wait(10) == 0
    time.sleep(0.3)
    kept = set(re.findall(rb"a=t,f=100,i=(\d+)", terminal.seen))
    assert kept and kept <= set(re.findall(rb"a=d,d=I,i=(\d+)", terminal.seen))
