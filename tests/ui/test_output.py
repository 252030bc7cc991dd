"""The output thread: text before pictures, the newest picture only, few on their way, and never a blocked caller."""

import os
import threading
import time

import pytest

from tview.ui.driver import PictureOutput

ACK = b"\x1b[6n"


class Pipe:
    """A terminal's end of the line: reads only when told to."""

    def __init__(self) -> None:
        self.read_end, self.write_end = os.pipe()

    def read(self, until: bytes = b"", timeout_s: float = 5.0) -> bytes:
        os.set_blocking(self.read_end, False)
        data, end = b"", time.monotonic() + timeout_s
        while time.monotonic() < end:
            try:
                data += os.read(self.read_end, 1 << 20)
            except BlockingIOError:
                time.sleep(0.005)
            if until and until in data:
                return data
        return data


@pytest.fixture
def line():
    pipe = Pipe()
    yield pipe
    os.close(pipe.read_end)
    os.close(pipe.write_end)


@pytest.fixture
def output(line):
    output = PictureOutput(line.write_end, sync=True)
    output.start()
    yield output
    output.stop()


def test_text_goes_out_before_the_picture_in_one_piece(line, output) -> None:
    output.write("\x1b[?2026hTEXT")
    output.show(0, b"PICTURE")
    time.sleep(0.05)
    output.write("\x1b[?2026l")
    assert line.read(ACK).startswith(b"\x1b[?2026hTEXT\x1b[?2026l\x1b[?2026hPICTURE\x1b[?2026l\x1b7\x1b[2;1H\x1b[6n\x1b8")


def test_the_newest_picture_wins(line) -> None:
    output = PictureOutput(line.write_end, sync=False)
    for number in range(50):
        output.show(0, b"<%d>" % number)
    output.start()
    assert b"<49>" in line.read(ACK)
    output.stop()


def test_only_two_pictures_are_on_their_way(line, output) -> None:
    for number in range(2):
        output.show(0, b"<%d>" % number)
        line.read(ACK)
    assert not output.has_room()
    output.show(0, b"<late>")
    assert b"<late>" not in line.read(timeout_s=0.2)
    output.acknowledged()
    assert b"<late>" in line.read(ACK)


def test_the_greeting_counts_no_picture(line, output) -> None:
    output.greet()
    line.read(ACK)
    output.acknowledged()
    assert output.has_room() and not output.link.is_known


def test_a_terminal_that_takes_nothing_blocks_nobody(line, output) -> None:
    for _ in range(20):
        output.write("x" * 100_000)
    before = time.monotonic()
    for number in range(500):
        output.write("y")
        output.show(0, b"p" * 200_000 + b"%d" % number)
    assert time.monotonic() - before < 0.5


def test_a_silent_terminal_still_gets_pictures(line, output, monkeypatch) -> None:
    monkeypatch.setattr("tview.ui.driver._ANSWER_LIMIT_S", 0.05)
    got = b""
    for number in range(6):
        output.show(0, b"<%d>" % number)
        got += line.read(b"<%d>" % number, timeout_s=3)
    assert b"<5>" in got


def test_a_closed_terminal_ends_the_thread() -> None:
    read_end, write_end = os.pipe()
    output = PictureOutput(write_end, sync=False)
    output.start()
    os.close(read_end)
    output.write("x")
    output.join(2)
    assert not output.is_alive()
    os.close(write_end)


def test_ready_is_told_after_every_answer(line, output) -> None:
    told = threading.Event()
    output.on_ready = told.set
    output.show(0, b"p")
    assert told.wait(2)
    told.clear()
    output.acknowledged()
    assert told.wait(2)


def test_what_was_written_before_an_empty_update_is_not_held_back(line, output) -> None:
    for number in range(200):
        output.write(f"<{number}>")
        output.begin()
        output.end()
        assert f"<{number}>".encode() in line.read(f"<{number}>".encode(), timeout_s=5)


def test_an_update_is_one_piece_with_its_pictures(line, output) -> None:
    output.begin()
    output.write("\x1b[?2026h")
    output.write("TEXT")
    output.write("\x1b[?2026l")
    output.end(b"<before>", b"<behind>", (0,))
    assert line.read(ACK).startswith(b"\x1b[?2026h<before>TEXT<behind>\x1b[?2026l\x1b7")


def test_a_new_picture_in_an_update_replaces_what_waits(line) -> None:
    output = PictureOutput(line.write_end, sync=False)
    output.show(0, b"<old>")
    output.begin()
    output.end(b"", b"<new>", (0,))
    output.start()
    assert b"<old>" not in line.read(ACK)
    output.stop()
