"""A terminal at the other end of a pty: answers as kitty does, notes when what arrives, and may sit behind a slow link."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from base64 import b64decode
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from benchmarks.timing import environment

CELL_WIDTH_PX, CELL_HEIGHT_PX = 10, 20
_READ = 1 << 16
_QUESTION = re.compile(rb"\x1b\[(c|6n|16t|14t|>0?q|\?2026\$p)|\x1b_G[^;\x1b]*a=q[^\x1b]*\x1b\\")
_LONGEST_QUESTION = 80
_SENT = re.compile(rb"\x1b_G([^;\x1b]*a=[tT][^;\x1b]*);([A-Za-z0-9+/]{32})[^\x1b]*\x1b\\")
_LAST_PIECE = re.compile(rb"\x1b_Gm=0[^;\x1b]*;[^\x1b]*\x1b\\")
_PLACED = re.compile(rb"\x1b_Ga=p,i=(\d+),p=(\d+)[^;\x1b]*\x1b\\")
_PLACEMENTS_A_PANE = 4
_HELD_BACK = 4200  # a whole piece of a picture


@dataclass(frozen=True, slots=True)
class Link:
    """What lies between the terminal and the program: how many bytes a second come through, and how long each way takes."""

    bytes_per_s: float = 0.0
    one_way_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that has arrived whole: when, and its size as (rows, columns)."""

    at: float
    size: tuple[int, int]


class FakeTerminal:
    """Runs a command in it. Times are `time.perf_counter()`; `started` is the moment before the program was executed."""

    def __init__(self, command: Sequence[str], folder: Path, columns: int = 160, rows: int = 50, link: Link | None = None) -> None:
        self.link = link or Link()
        self.first_byte: float | None = None
        self.pictures: list[Picture] = []
        self.at = 0.0  # when the last bytes came
        self.received = 0
        self.cpu_s = self.peak_mb = 0.0  # of the program, once closed
        self._size = (columns, rows)
        self._answers: deque[tuple[float, bytes]] = deque()
        self._unanswered = b""
        self._wanted: set[bytes] = set()
        self._words = b""
        self._closed = False
        self._last = b""
        self._picture_data = b""
        self._coming: tuple[bytes, tuple[int, int]] | None = None
        self._sizes: dict[int, tuple[int, int]] = {}
        self._may_read_at = 0.0
        reading, writing = os.pipe()
        self._pid, self._fd = pty.fork()
        if self._pid == 0:
            _execute(command, folder, writing, columns, rows)
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            self.started: float = struct.unpack("d", pipe.read(8))[0]

    @property
    def pid(self) -> int:
        return self._pid

    def press(self, keys: bytes) -> None:
        """Send keys; they arrive after the link's delay."""
        self._queue(keys, self.link.one_way_s)

    def listen(self, seconds: float, words: Sequence[str] = (), pictures: int = 0) -> bool:
        """Read and answer for a time, or until all these words have come, or so many pictures in all. Tells whether they have.

        Raises:
            EOFError: the program has ended.
        """
        end = time.perf_counter() + seconds
        self._wanted |= {word.encode() for word in words}
        while True:
            if (words and not self._wanted) or (pictures and len(self.pictures) >= pictures):
                return True
            now = time.perf_counter()
            if now >= end:
                return False
            self._send_due(now)
            wait = min([end, *(at for at, _ in self._answers)]) - now
            reading = now >= self._may_read_at
            wait = min(wait, 0.05) if reading else min(wait, self._may_read_at - now)
            ready, _, _ = select.select([self._fd] if reading else [], [], [], max(wait, 0))
            if ready:
                self._take()

    def peak_of_all_mb(self) -> float:
        """The largest resident sizes so far of the program and its children, added."""
        listing = Path(f"/proc/{self._pid}/task").glob("*/children")
        children = {int(pid) for file in listing for pid in file.read_text().split()}
        return sum(_peak_mb(pid) for pid in (self._pid, *children))

    def close(self) -> None:
        """End the program; `cpu_s` and `peak_mb` are known then."""
        if self._closed:
            return
        self._closed = True
        self.peak_mb = _peak_mb(self._pid)
        try:
            os.kill(self._pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        usage = os.wait4(self._pid, 0)[2]
        self.cpu_s = usage.ru_utime + usage.ru_stime
        os.close(self._fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _take(self) -> None:
        most = _READ if not self.link.bytes_per_s else 4096
        try:
            data = os.read(self._fd, most)
        except OSError:  # how a pty says that nobody writes any more
            data = b""
        if not data:
            raise EOFError(f"the program has ended, saying {re.sub(rb'[^ -~]+', b' ', self._last)[-90:].decode()!r}")
        now = time.perf_counter()
        if self.link.bytes_per_s:
            self._may_read_at = max(self._may_read_at, now) + len(data) / self.link.bytes_per_s
            now = self._may_read_at + self.link.one_way_s
        self.at = now
        self.received += len(data)
        self._last = (self._last + data)[-400:]
        if self.first_byte is None:
            self.first_byte = now
        if self._wanted:
            self._words = self._words[-64:] + data
            self._wanted -= {word for word in self._wanted if word in self._words}
        self._answer(data)
        self._look_for_pictures(data, now)

    def _answer(self, data: bytes) -> None:
        data, last = self._unanswered + data, 0
        for question in _QUESTION.finditer(data):
            last = question.end()
            self._queue(self._reply(question[1]), 2 * self.link.one_way_s)
        escape = data.rfind(b"\x1b", last)
        self._unanswered = data[escape:] if escape >= 0 and len(data) - escape < _LONGEST_QUESTION else b""

    def _reply(self, asked: bytes | None) -> bytes:
        columns, rows = self._size
        replies: Mapping[bytes, bytes] = {
            b"c": b"\x1b[?62;c",
            b"6n": b"\x1b[2;1R",
            b"16t": b"\x1b[6;%d;%dt" % (CELL_HEIGHT_PX, CELL_WIDTH_PX),
            b"14t": b"\x1b[4;%d;%dt" % (CELL_HEIGHT_PX * rows, CELL_WIDTH_PX * columns),
            b"?2026$p": b"\x1b[?2026;2$y",
        }
        if asked is None:
            return b"\x1b_Gi=31;OK\x1b\\"
        return b"\x1bP>|kitty(0.41.1)\x1b\\" if asked.startswith(b">") else replies[asked]

    def _look_for_pictures(self, data: bytes, now: float) -> None:
        """A picture has arrived when what was sent whole is placed: by the sending itself (a=T), or by a placement (a=p) of its number."""
        data, at = self._picture_data + data, 0
        while True:
            if self._coming is not None:
                found = _LAST_PIECE.search(data, at)
                if found is None:
                    break
                self._arrived(*self._coming, now)
                self._coming = None
            else:
                sent, placed = _SENT.search(data, at), _PLACED.search(data, at)
                found = min((match for match in (sent, placed) if match), key=lambda match: match.start(), default=None)
                if found is None:
                    break
                if found is placed:
                    first_part = int(found[2]) % _PLACEMENTS_A_PANE == 1
                    if first_part and int(found[1]) in self._sizes:
                        self.pictures.append(Picture(now, self._sizes[int(found[1])]))
                else:
                    columns, rows = struct.unpack(">II", b64decode(found[2])[16:24])
                    self._coming = bytes(found[1]), (rows, columns)
                    if b"m=1" not in found[1]:
                        self._arrived(*self._coming, now)
                        self._coming = None
            at = found.end()
        self._picture_data = data[max(at, len(data) - _HELD_BACK) :]

    def _arrived(self, control: bytes, size: tuple[int, int], now: float) -> None:
        number = re.search(rb"i=(\d+)", control)
        if b"a=T" in control:
            self.pictures.append(Picture(now, size))
        elif number:
            self._sizes[int(number[1])] = size

    def _queue(self, data: bytes, after_s: float) -> None:
        if after_s:
            self._answers.append((time.perf_counter() + after_s, data))
        else:
            os.write(self._fd, data)

    def _send_due(self, now: float) -> None:
        while self._answers and self._answers[0][0] <= now:
            os.write(self._fd, self._answers.popleft()[1])


def _execute(command: Sequence[str], folder: Path, writing: int, columns: int, rows: int) -> None:
    """In the child: the window's size, the starting time to the parent, the program. Never returns."""
    try:
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, columns * CELL_WIDTH_PX, rows * CELL_HEIGHT_PX))
        os.chdir(folder)
        variables = environment(TERM="xterm-kitty", COLORTERM="truecolor")
        os.set_inheritable(writing, False)
        os.write(writing, struct.pack("d", time.perf_counter()))
        os.execvpe(command[0], list(command), variables)
    finally:
        os._exit(127)


def _peak_mb(pid: int) -> float:
    """The largest resident size so far, of the program alone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    found = re.search(r"VmHWM:\s*(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0
