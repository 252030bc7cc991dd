"""The probe on a real pty with something at the other end."""

import fcntl
import os
import pty
import struct
import termios
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from tview.errors import Exit, TerminalError
from tview.terminal import drain, probe, require_terminal, window_size
from tview.terminal.probe import exchange, questions

ENVIRON = {"TERM": "xterm-256color", "LANG": "C.UTF-8"}
KITTY = b"\x1b_Gi=31;OK\x1b\\\x1b[6;17;8t\x1bP>|kitty(0.41.1)\x1b\\\x1b[?2026;2$y\x1b[?62;c"


class Terminal(threading.Thread):
    """Waits for DA1's question, then answers piece by piece, with a pause before each."""

    def __init__(self, master: int, pieces: list[bytes], pause_s: float = 0.0) -> None:
        super().__init__(daemon=True)
        self._master, self._pieces, self._pause_s = master, pieces, pause_s
        self.got = b""

    def run(self) -> None:
        with suppress(OSError):  # the other end was closed
            while not self.got.endswith(b"\x1b[c"):
                self.got += os.read(self._master, 1024)
            for piece in self._pieces:
                time.sleep(self._pause_s)
                os.write(self._master, piece)


@contextmanager
def open_pty(pieces: list[bytes], pause_s: float = 0.0) -> Iterator[tuple[int, Terminal]]:
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 800, 680))
    terminal = Terminal(master, pieces, pause_s)
    terminal.start()
    try:
        yield slave, terminal
    finally:
        os.close(slave)
        terminal.join()
        os.close(master)


def test_a_terminal_that_answers_is_known_at_once() -> None:
    with open_pty([KITTY]) as (fd, terminal):
        facts = probe(fd, fd, ENVIRON)
    assert (facts.name, facts.version, facts.kitty, facts.cell_px, facts.columns, facts.rows) == ("kitty", "0.41.1", True, (8, 17), 100, 40)
    assert b"a=q" in terminal.got
    assert [answer for answer in facts.asked if answer.answer == "OK"]


def test_answers_that_come_late_and_in_pieces_are_waited_for() -> None:
    """As through ssh with a round trip of 0.15 s."""
    pieces = [KITTY[:7], KITTY[7:30], KITTY[30:-1], KITTY[-1:]]
    with open_pty(pieces, pause_s=0.15) as (fd, _):
        assert probe(fd, fd, ENVIRON, timeout_s=10).kitty


def test_a_silent_terminal_costs_the_time_out_and_is_still_described() -> None:
    with open_pty([]) as (fd, _):
        start = time.monotonic()
        facts = probe(fd, fd, ENVIRON, timeout_s=0.2)
        assert 0.2 <= time.monotonic() - start < 5
    assert not facts.answered
    assert (facts.columns, facts.rows, facts.cell_px) == (100, 40, (8, 17))


def test_answers_cut_off_by_the_time_out_count_as_far_as_they_came() -> None:
    with open_pty([KITTY[:-4]]) as (fd, _):
        facts = probe(fd, fd, ENVIRON, timeout_s=0.3)
    assert facts.kitty and not facts.answered


def test_the_terminals_modes_are_as_before_whatever_happens() -> None:
    for pieces in ([KITTY], []):
        with open_pty(pieces) as (fd, _):
            before = termios.tcgetattr(fd)
            probe(fd, fd, ENVIRON, timeout_s=0.2)
            assert termios.tcgetattr(fd) == before


def test_nothing_is_left_for_the_program_to_read() -> None:
    with open_pty([KITTY + b"\x1b[?1;2c"]) as (fd, _):
        probe(fd, fd, ENVIRON)
        os.set_blocking(fd, False)
        with pytest.raises(BlockingIOError):
            os.read(fd, 100)


def test_late_answers_can_be_drained() -> None:
    master, slave = pty.openpty()
    try:
        os.write(master, b"\x1b[2;1R\x1b[2;1R")
        drain(slave)
        os.set_blocking(slave, False)
        with pytest.raises(BlockingIOError):
            os.read(slave, 100)
    finally:
        os.close(slave)
        os.close(master)


def test_a_terminal_that_goes_away_ends_the_wait() -> None:
    master, slave = pty.openpty()
    threading.Timer(0.1, os.close, (master,)).start()
    start = time.monotonic()
    exchange(slave, slave, b"\x1b[c", 30)
    assert time.monotonic() - start < 10
    os.close(slave)


@pytest.mark.parametrize(
    "environ",
    [
        {"TERM": "tmux-256color", "TMUX": "x"},
        {"TERM": "screen"},
        {"TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"},
        {"TERM": "linux"},
    ],
)
def test_the_kitty_question_is_left_out_where_it_does_harm(environ: dict[str, str]) -> None:
    assert b"\x1b_" not in questions(environ)
    assert questions(environ).endswith(b"\x1b[c")


def test_everything_is_asked_in_one_write_that_da1_ends() -> None:
    asked = questions(ENVIRON)
    assert asked.startswith(b"\x1b_G") and asked.endswith(b"\x1b[c")
    for question in (b"\x1b[16t", b"\x1b[14t", b"\x1b[>0q", b"\x1b[?1;1;0S", b"\x1b[?2;4;0S", b"\x1b[?2026$p"):
        assert question in asked


def test_the_linux_console_is_asked_for_nothing_it_would_print() -> None:
    assert questions({"TERM": "linux"}) == b"\x1b[c"


def test_no_terminal_is_said_so() -> None:
    read, write = os.pipe()
    with pytest.raises(TerminalError) as raised:
        probe(read, write, ENVIRON)
    assert raised.value.finding.code == "no-terminal"
    assert raised.value.exit_code == Exit.USAGE
    assert window_size(read) == (0, 0, 0, 0)
    drain(read)
    os.close(read)
    os.close(write)


@pytest.mark.parametrize("environ", [{"TERM": "dumb"}, {"TERM": ""}, {}])
def test_a_dumb_terminal_is_said_so(environ: dict[str, str]) -> None:
    with open_pty([]) as (fd, _), pytest.raises(TerminalError) as raised:
        require_terminal(fd, fd, environ)
    assert raised.value.finding.code == "terminal-dumb"
