"""A terminal of our own at the end of a slow line: what arrives when, which pictures were shown with which words, and answers in time."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import threading
import time
from base64 import b64decode
from collections import deque
from collections.abc import Sequence
from typing import NamedTuple

_ANSWERS = (
    (re.compile(rb"\x1b_G[^\x1b]*a=q[^\x1b]*\x1b\\"), b"\x1b_Gi=31;OK\x1b\\"),
    (re.compile(rb"\x1b\[16t"), b"\x1b[6;%d;%dt"),
    (re.compile(rb"\x1b\[\?2026\$p"), b"\x1b[?2026;2$y"),
    (re.compile(rb"\x1b\[(\d+);1H\x1b\[6n"), b""),
    (re.compile(rb"\x1b\[c"), b"\x1b[?62;c"),
)
_QUEUE = 262_144
_BEGIN, _END = b"\x1b[?2026h", b"\x1b[?2026l"
_COMMAND = re.compile(rb"\x1b_G([^;\x1b]*)(?:;([^\x1b]*))?\x1b\\")
_WORDS = re.compile(r"Se (\S+) Im (\S+)  \[(\d+) of (\d+)")
_NOT_WORDS = re.compile(rb"\x1b_G[^\x1b]*\x1b\\|\x1b\[[0-9;?]*[a-zA-Z]|\x1b[78]|\x1bP[^\x1b]*\x1b\\")


class Shown(NamedTuple):
    """A picture that came to stand on the screen: when, the words that stood there then, its PNG file or sixel bytes, how long they are."""

    at_s: float
    words: tuple[str, ...] | None
    picture: bytes
    is_draft: bool


class SlowTerminal:
    """Cells of 8 by 17 pixels. It answers what has arrived, half a round trip later; 256 KB wait on the way, as in a TCP window."""

    def __init__(
        self,
        command: Sequence[str],
        bytes_per_s: float,
        round_trip_s: float,
        *,
        columns: int = 100,
        rows: int = 40,
        cell: tuple[int, int] = (8, 17),
        environ: dict[str, str] | None = None,
        kitty: bool = True,
        sixel: bool = False,
        sync: bool = True,
        answers_cursor: bool = True,
    ) -> None:
        self.main, other = pty.openpty()
        fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, columns * cell[0], rows * cell[1]))
        chosen = {"PATH": os.environ["PATH"], "TERM": "xterm-kitty", "LANG": "C.UTF-8", "HOME": "/nonexistent"} | (environ or {})
        self.process = subprocess.Popen(command, stdin=other, stdout=other, stderr=other, env=chosen, start_new_session=True)
        os.close(other)
        self._parts: list[bytes] = []
        self.arrived: list[tuple[float, int]] = []
        self._rate, self._half_trip = bytes_per_s, round_trip_s / 2
        self._answers = [
            (pattern, answer % (cell[1], cell[0]) if b"%d" in answer else b"\x1b[?62;4c" if sixel and answer.endswith(b"62;c") else answer)
            for pattern, answer in _ANSWERS
            if (kitty or b"_G" not in answer) and (answers_cursor or answer) and (sync or b"2026" not in answer)
        ]
        self._keys: deque[bytes] = deque()
        self._closing = False
        self._line = threading.Thread(target=self._carry, daemon=True)
        self._line.start()

    def _carry(self) -> None:
        """The line: downwards at its rate, upwards after the round trip."""
        down: deque[tuple[float, bytes]] = deque()
        up: deque[tuple[float, bytes]] = deque()
        waiting, free, size, tail, ended = 0, time.monotonic(), 0, b"", False
        while not self._closing:
            now = time.monotonic()
            soon = min([0.02, *(max(0.0, queue[0][0] - now) for queue in (down, up) if queue)])
            try:
                readable = select.select([self.main] if waiting < _QUEUE and not ended else [], [], [], soon)[0]
                now = time.monotonic()
                if readable:
                    try:
                        data = os.read(self.main, 65536)
                    except OSError:  # the program is gone; what it said last is still on its way
                        data, ended = b"", True
                    for start in range(0, len(data), piece := max(64, int(self._rate * 0.01))):
                        part = data[start : start + piece]
                        free = max(free, now) + len(part) / self._rate
                        down.append((free + self._half_trip, part))
                        waiting += len(part)
                while self._keys:
                    up.append((now + self._half_trip, self._keys.popleft()))
                while down and down[0][0] <= now:
                    part = down.popleft()[1]
                    waiting -= len(part)
                    size += len(part)
                    self._parts.append(part)
                    self.arrived.append((now, size))
                    tail += part
                    found = sorted((m.end(), a or b"\x1b[%s;1R" % m[1]) for pattern, a in self._answers for m in pattern.finditer(tail))
                    up.extend((now + self._half_trip, answer) for _, answer in found)
                    tail = tail[max(found[-1][0] if found else 0, len(tail) - 64) :]
                while up and up[0][0] <= now:
                    os.write(self.main, up.popleft()[1])
            except (OSError, ValueError):
                return

    def press(self, keys: str) -> None:
        """Keys of the reader; they take their half of the round trip."""
        self._keys.append(keys.encode())

    def resize(self, columns: int, rows: int, cell: tuple[int, int] = (8, 17)) -> None:
        """The window gets another size."""
        fcntl.ioctl(self.main, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, columns * cell[0], rows * cell[1]))

    @property
    def seen(self) -> bytes:
        """All that has arrived."""
        return b"".join(self._parts[:])

    @property
    def pictures(self) -> int:
        """How many pictures have arrived."""
        return len(re.findall(rb"\x1b_Ga=[tT],f=100|\x1bP0;1;0q", self.seen))

    @property
    def words(self) -> tuple[str, ...] | None:
        """(series, image, place, count) as they stand on the screen."""
        return _words(self.seen)

    @property
    def position(self) -> int | None:
        """The place in the stack that was drawn last."""
        return int(self.words[2]) if self.words else None

    def shown(self) -> list[Shown]:
        """Every picture that came to stand on the screen, in order, with the words that stood there once the update was whole."""
        seen, arrived = self.seen, list(self.arrived)
        pictures: dict[bytes, bytes] = {}
        result: list[Shown] = []
        keys: dict[bytes, bytes] = {}
        payload = b""
        more = False
        for match in _COMMAND.finditer(seen):
            if not more:
                keys, payload = dict(part.split(b"=", 1) for part in match[1].split(b",") if b"=" in part), b""
            payload += match[2] or b""
            more = b"m=1" in match[1].split(b",")
            if more:
                continue
            if keys.get(b"a") in (b"t", b"T"):
                pictures[keys.get(b"i", b"")] = b64decode(payload)
            if keys.get(b"a") in (b"p", b"T") and keys.get(b"i", b"") in pictures:
                end = match.end()
                if seen.rfind(_BEGIN, 0, end) > seen.rfind(_END, 0, end):  # what counts is what stands once the update is whole
                    end = max(end, seen.find(_END, end))
                if b"a=d,d=i,i=%s," % keys[b"i"] in seen[match.end() : end]:
                    continue
                at = next((moment for moment, size in arrived if size >= match.end()), arrived[-1][0])
                result.append(Shown(at, _words(seen[:end]), pictures[keys[b"i"]], b"c" in keys))
        return result

    def wait(self, condition, timeout_s: float) -> None:
        """Until the condition holds; fails with what is there instead."""
        end = time.monotonic() + timeout_s
        while not condition():
            assert time.monotonic() < end, f"words {self.words}, {self.pictures} pictures, {len(self.seen)} bytes"
            time.sleep(0.02)

    def close(self) -> None:
        """End the program, then the line: a thread that still reads would take what the next terminal under this number is sent."""
        self.process.kill()
        self.process.wait()
        self._closing = True
        self._line.join()
        os.close(self.main)


def _words(data: bytes) -> tuple[str, ...] | None:
    """The newest "Se 2 Im 33  [33 of 64"; pictures hold no blank, so that no place in them looks like its beginning."""
    place = len(data)
    while (place := data.rfind(b"Se ", 0, place)) >= 0:
        if found := _WORDS.match(_NOT_WORDS.sub(b"", data[place : place + 500]).decode("utf-8", "ignore")):
            return found.groups()
    return None
