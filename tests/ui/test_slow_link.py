"""A slow line: keys are answered, pictures are left out rather than queued, and the last picture is the last one asked for."""

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
import threading
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "fixtures" / "demo.iso"
_ANSWERS = (
    (re.compile(rb"\x1b_G[^\x1b]*a=q[^\x1b]*\x1b\\"), b"\x1b_Gi=31;OK\x1b\\"),
    (re.compile(rb"\x1b\[16t"), b"\x1b[6;17;8t"),
    (re.compile(rb"\x1b\[6n"), b"\x1b[2;1R"),
    (re.compile(rb"\x1b\[c"), b"\x1b[?62;c"),
)


class SlowTerminal:
    """A kitty of 100x40 cells at the end of a line of so many bytes a second; it answers what it has read, after the line's round trip."""

    def __init__(self, command: list[str], bytes_per_s: float, round_trip_s: float) -> None:
        self.main, other = pty.openpty()
        fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 800, 680))
        environ = {"PATH": os.environ["PATH"], "TERM": "xterm-kitty", "LANG": "C.UTF-8", "HOME": "/nonexistent"}
        self.process = subprocess.Popen(command, stdin=other, stdout=other, stderr=other, env=environ, start_new_session=True)
        os.close(other)
        self.seen = b""
        self._rate, self._trip = bytes_per_s, round_trip_s
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        answered = 0
        while True:
            try:
                data = os.read(self.main, max(64, int(self._rate * 0.02)))
            except OSError:
                return
            if not data:
                return
            time.sleep(len(data) / self._rate)
            self.seen += data
            found = sorted((m.end(), answer) for pattern, answer in _ANSWERS for m in pattern.finditer(self.seen, answered))
            for end, answer in found:
                answered = max(answered, end)
                threading.Timer(self._trip, os.write, (self.main, answer)).start()

    def press(self, keys: str) -> None:
        os.write(self.main, keys.encode())

    @property
    def pictures(self) -> int:
        return len(re.findall(rb"\x1b_Ga=T", self.seen))

    @property
    def position(self) -> int | None:
        """The place in the stack that was drawn last."""
        found = re.findall(r"\[(\d+) of 64", re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", self.seen.decode("utf-8", "ignore")))
        return int(found[-1]) if found else None

    def wait(self, condition, timeout_s: float) -> None:
        end = time.monotonic() + timeout_s
        while not condition():
            assert time.monotonic() < end, f"position {self.position}, {self.pictures} pictures, {len(self.seen)} bytes"
            time.sleep(0.02)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.main)


@pytest.fixture
def slow():
    running = []

    def start(bytes_per_s: float, round_trip_s: float) -> SlowTerminal:
        running.append(SlowTerminal([sys.executable, "-I", "-m", "tview", str(DEMO)], bytes_per_s, round_trip_s))
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
