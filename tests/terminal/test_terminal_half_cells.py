"""textual-image behind its adapter: the terminal notices nothing of it."""

import os
import pty
import select
import subprocess
import sys

import pytest

_PROGRAM = """
import os, sys
import numpy as np
from tview.terminal.half_cells import half_cells
assert half_cells(np.array([[1], [2]], np.uint8)) == [[("▀", 0x010101, 0x020202)]]
assert "textual" not in sys.modules
os.write(3, os.read(0, 100))
if sys.argv[1:] == ["again"]:
    import textual_image.renderable as real
    assert real.HalfcellImage is not None and hasattr(real, "is_tty")
"""


@pytest.fixture(autouse=True)
def _installed() -> None:
    pytest.importorskip("textual_image")


def run(arguments: list[str], columns: int = 80) -> tuple[bytes, bytes, int]:
    """(what reached the terminal, what was read from it, exit status) with "typed" typed ahead."""
    import fcntl
    import struct
    import termios

    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    modes = termios.tcgetattr(slave)
    modes[3] &= ~(termios.ECHO | termios.ICANON)
    termios.tcsetattr(slave, termios.TCSANOW, modes)
    os.write(master, b"typed")
    read, write = os.pipe()
    command = [sys.executable, "-c", f"import os; os.dup2({write}, 3)\n{_PROGRAM}", *arguments]
    process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=subprocess.PIPE, pass_fds=(write,), start_new_session=True)
    os.close(write)
    assert process.stderr is not None
    errors = process.stderr.read()
    status = process.wait()
    assert status == 0, errors.decode()
    got = os.read(master, 1000) if select.select([master], [], [], 0)[0] else b""
    typed = os.read(read, 100)
    for fd in (master, slave, read):
        os.close(fd)
    return got, typed, status


@pytest.mark.parametrize("columns", [80, 0])
def test_no_byte_is_written_to_the_terminal_and_none_read(columns: int) -> None:
    """The package's own import writes queries, reads stdin, and divides by zero in a terminal of 0 columns."""
    assert run([], columns)[:2] == (b"", b"typed")


def test_the_real_package_can_still_be_imported_afterwards() -> None:
    """It then asks its questions; that is the importer's wish."""
    got, typed, _ = run(["again"])
    assert typed == b"typed"
    assert got.startswith(b"\x1b")
