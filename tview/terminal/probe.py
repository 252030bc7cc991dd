"""Ask the terminal what it is and what it can draw: one write, one wait, before anything else reads from it."""

import errno
import fcntl
import os
import select
import struct
import termios
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from tview.errors import TerminalError, finding
from tview.terminal.facts import TerminalFacts
from tview.terminal.identify import facts_from
from tview.terminal.replies import is_complete, parse_replies
from tview.terminal.tmux import ask_tmux

_KITTY_QUERY = b"\x1b_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\x1b\\"
_QUESTIONS = b"\x1b[16t\x1b[14t\x1b[>0q\x1b[?1;1;0S\x1b[?2;1;0S\x1b[?2;4;0S\x1b[?2026$p\x1b[>c"
_ATTRIBUTES_QUERY = b"\x1b[c"
_READ_LIMIT = 1 << 16


def probe(fd_in: int, fd_out: int, environ: Mapping[str, str], timeout_s: float = 2.5) -> TerminalFacts:
    """Ask once and wait for the answer to the last question, at most `timeout_s` (an ssh link takes its round trip).

    The terminal's modes are as before afterwards, whatever happens. What the user types meanwhile is lost.

    Raises:
        TerminalError: one of the two is no terminal, or TERM says that it can do nothing.
    """
    require_terminal(fd_in, fd_out, environ)
    data = exchange(fd_in, fd_out, questions(environ), timeout_s)
    return facts_from(parse_replies(data), environ, window_size(fd_out), ask_tmux(environ))


def require_terminal(fd_in: int, fd_out: int, environ: Mapping[str, str]) -> None:
    """Raise `TerminalError` unless both are terminals and TERM names more than a typewriter."""
    if not (os.isatty(fd_in) and os.isatty(fd_out)):
        raise TerminalError(finding("no-terminal"))
    if environ.get("TERM", "dumb") in ("", "dumb", "unknown"):
        raise TerminalError(finding("terminal-dumb", term=environ.get("TERM") or "(none)"))


def questions(environ: Mapping[str, str]) -> bytes:
    """What is asked here. DA1, which everything answers, ends it.

    The kitty question is left out where it does harm: tmux and screen take it for a title, Terminal.app and the Linux console print it.
    The Linux console prints a piece of the mode question too.
    """
    term = environ.get("TERM", "")
    if term.startswith("linux"):
        return _ATTRIBUTES_QUERY
    multiplexed = environ.get("TMUX") or term.startswith(("tmux", "screen"))
    if multiplexed or environ.get("TERM_PROGRAM") == "Apple_Terminal":
        return _QUESTIONS + _ATTRIBUTES_QUERY
    return _KITTY_QUERY + _QUESTIONS + _ATTRIBUTES_QUERY


def exchange(fd_in: int, fd_out: int, asked: bytes, timeout_s: float) -> bytes:
    """Write the questions and read until DA1 has come and nothing more waits, or the time is over. b"" for a background process."""
    if not _in_foreground(fd_in):
        return b""  # changing modes or reading would stop this process (SIGTTOU, SIGTTIN)
    end = time.monotonic() + timeout_s
    with raw_mode(fd_in):
        if not _write(fd_out, asked, end):
            return b""
        data = b""
        while len(data) < _READ_LIMIT:
            complete = is_complete(data)
            piece = _read(fd_in, 0.0 if complete else end - time.monotonic())
            if not piece:
                break
            data += piece
        return data


def drain(fd_in: int, quiet_s: float = 0.05, limit_s: float = 1.0) -> None:
    """Throw away what still comes in (late answers), until nothing has come for `quiet_s`, so that the shell does not get it as keys."""
    if not os.isatty(fd_in) or not _in_foreground(fd_in):
        return
    end = time.monotonic() + limit_s
    with raw_mode(fd_in):
        while time.monotonic() < end and _read(fd_in, quiet_s):
            pass


@contextmanager
def raw_mode(fd: int) -> Iterator[None]:
    """Bytes as they come, without echo, for as long as this lasts; Ctrl+C still interrupts. The old modes come back always.

    A terminal that is gone has no modes, and nothing is raised.
    """
    try:
        before, now = termios.tcgetattr(fd), termios.tcgetattr(fd)
    except termios.error:
        yield
        return
    now[0] &= ~(termios.ICRNL | termios.INLCR | termios.IGNCR | termios.ISTRIP | termios.IXON)
    now[3] &= ~(termios.ICANON | termios.ECHO | termios.IEXTEN)
    now[6][termios.VMIN], now[6][termios.VTIME] = 1, 0
    try:
        _set_modes(fd, now)
        yield
    finally:
        _set_modes(fd, before)


def _set_modes(fd: int, modes: list[Any]) -> None:
    with suppress(termios.error):  # EIO: hung up meanwhile
        termios.tcsetattr(fd, termios.TCSANOW, modes)


def window_size(fd: int) -> tuple[int, int, int, int]:
    """(columns, rows, width, height) of the terminal, the latter two in pixels, 0 when it does not say; all 0 for no terminal."""
    try:
        rows, columns, width, height = struct.unpack("HHHH", fcntl.ioctl(fd, termios.TIOCGWINSZ, bytes(8)))
    except OSError:
        return 0, 0, 0, 0
    return columns, rows, width, height


def _in_foreground(fd: int) -> bool:
    try:
        return os.tcgetpgrp(fd) == os.getpgrp()
    except OSError as error:
        return error.errno == errno.ENOTTY and os.isatty(fd)  # a terminal that is not our controlling one has no foreground for us


def _write(fd: int, data: bytes, end: float) -> bool:
    while data:
        if not select.select([], [fd], [], max(0.0, end - time.monotonic()))[1]:
            return False
        try:
            data = data[os.write(fd, data) :]
        except BlockingIOError:
            continue
        except OSError:
            return False
    return True


def _read(fd: int, timeout_s: float) -> bytes:
    if not select.select([fd], [], [], max(0.0, timeout_s))[0]:
        return b""
    try:
        return os.read(fd, 4096)
    except OSError:
        return b""  # the terminal is gone (EIO)
