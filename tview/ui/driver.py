"""The terminal driver: interface text first, then the newest picture, in one write, from one thread that never holds up the event loop.

Textual's own writer queues thirty writes and then blocks the loop: one 230 KB picture at 1 Mbit/s held it for 0.7 s. Here text is gathered,
each pane has one picture slot where the newest wins, and a picture is sent only while few are on their way: the terminal's answer to a
cursor report behind each picture says that it has drawn it.
"""

import errno
import os
import selectors
import threading
import time
from codecs import getincrementaldecoder
from collections.abc import Callable

from textual import events
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

_SYNC_BEGIN, _SYNC_END = "\x1b[?2026h", "\x1b[?2026l"
_OTHER_SCREEN = "\x1b[?1049h"
_ACKNOWLEDGE = b"\x1b7\x1b[%d;1H\x1b[6n\x1b8"
_ROWS = range(2, 10)  # each report is asked for from a row of its own, so that a lost answer is noticed; row 1 looks like a key
_IN_FLIGHT = 2
_STDOUT = 1
_MOST_CELLS = 4096
_LARGE_TEXT = 4096
_MEASURED_FROM = 1024
_ANSWER_LIMIT_S = 2.0
_SLOW_LINK_S = 20.0


class Link:
    """What is known of the way to the terminal and back, from the answers to cursor reports.

    The way is busy with a picture from its sending, or from when the one before had arrived, until half a round trip before its answer.
    """

    def __init__(self) -> None:
        self.latency_s: float | None = None
        self._rates: dict[int, float] = {}
        self._last_answer = 0.0

    @property
    def is_known(self) -> bool:
        """Whether anything has been measured."""
        return bool(self._rates)

    def answered(self, sent_at: float, size: int, now: float) -> None:
        """An answer has come to what was sent then."""
        elapsed = now - sent_at
        if self.latency_s is None or elapsed < self.latency_s:
            self.latency_s = elapsed if size <= _MEASURED_FROM else elapsed / 2
        busy_s = max(now - max(self._last_answer, sent_at + self.latency_s), elapsed / 50, 1e-4)
        self._last_answer = now
        if size > _MEASURED_FROM:
            rate, known = size / busy_s, self._rates.get(size.bit_length())
            self._rates[size.bit_length()] = rate if known is None else 0.6 * known + 0.4 * rate

    def seconds_for(self, size: float) -> float:
        """How long so many bytes keep the way busy, by what took about as many; 0 while nothing is known.

        Each picture costs the terminal something however small it is, so that small ones tell little of large ones.
        """
        if not self._rates:
            return 0.0
        wanted = int(size).bit_length()
        return size / self._rates[min(self._rates, key=lambda known: (abs(known - wanted), -known))]


class Gone(Message):
    """The terminal gives no more input: it was closed."""


class PictureOutput(threading.Thread):
    """Writes to the terminal. Any thread may call its methods; none of them blocks on the terminal.

    `on_ready` is called from this thread each time a picture has left or was acknowledged: a renderer waiting for room may go on.
    """

    def __init__(self, fileno: int, sync: bool, acknowledge: bool = True) -> None:
        super().__init__(daemon=True, name="tview-output")
        self._fileno = fileno
        self._sync = sync
        self._acknowledge = acknowledge
        self._lock = threading.Condition()
        self._text: list[str] = []
        self._in_sync_block = False
        self._ahead: list[bytes] = []
        self._with_text: dict[int, bytes] = {}
        self._pictures: dict[int, bytes] = {}
        self._sent_at: list[tuple[float, int, int]] = []
        self._next_row = 0
        self._answered = False
        self._silent = 0
        self._closing = False
        self._busy = False
        self.on_ready: Callable[[], None] = lambda: None
        self.link = Link()

    def greet(self) -> None:
        """A first cursor report, before any picture: it tells whether this terminal answers at all, and how far away it is."""
        with self._lock:
            self._ahead.append(b"")
            self._lock.notify_all()

    def write(self, text: str) -> None:
        """Queue interface text. A block between "begin" and "end synchronized update" goes out whole."""
        with self._lock:
            begin, end = text.rfind(_SYNC_BEGIN), text.rfind(_SYNC_END)
            if end >= 0 and self._with_text:
                text = text[:end] + self._taken_with_text() + text[end:]
            self._text.append(text)
            if begin != end:
                self._in_sync_block = begin > end
            if not self._in_sync_block:
                self._lock.notify_all()

    def send_ahead(self, data: bytes) -> None:
        """Queue what has to be in the terminal before the text that comes next; it is never replaced. See `has_room`."""
        with self._lock:
            self._ahead.append(data)
            self._lock.notify_all()

    def show_with_text(self, slot: int, data: bytes) -> None:
        """Few bytes that show or hide a picture, in one piece with the next update of the text; `flush_with_text` when there is none.

        They follow what waits already: it may take away the picture before.
        """
        with self._lock:
            self._with_text[slot] = self._with_text.get(slot, b"") + data

    def flush_with_text(self) -> None:
        """The text has been written: what waits for it goes now."""
        with self._lock:
            if self._with_text:
                self._text.append(self._taken_with_text())
                self._lock.notify_all()

    def show(self, slot: int, data: bytes) -> None:
        """Put a picture into its pane's slot; one that has not left yet is replaced."""
        with self._lock:
            self._pictures[slot] = data
            self._lock.notify_all()

    def drop(self, slot: int) -> None:
        """Forget a picture that has not left yet."""
        with self._lock:
            self._pictures.pop(slot, None)

    def has_room(self) -> bool:
        """Whether a picture shown now would leave at once."""
        with self._lock:
            self._forget_lost()
            if self._answered and not self.link.is_known and self._sent_at:
                return False  # the first text tells how fast the line is: on a serial one a whole picture would take minutes
            return not self._pictures and not self._ahead and len(self._sent_at) < _IN_FLIGHT and not self._backlog()

    def acknowledged(self, row: int = 0) -> None:
        """The terminal has answered the cursor report from this row, or the oldest one: everything before it is drawn."""
        with self._lock:
            self._answered, self._silent = True, 0
            if self._sent_at:
                place = next((place for place, sent in enumerate(self._sent_at) if sent[2] == row), 0)
                sent_at, size, _row = self._sent_at[place]
                del self._sent_at[: place + 1]
                self.link.answered(sent_at, size, time.monotonic())
            self._lock.notify_all()
        self.on_ready()

    def drain(self, timeout_s: float = 2.0) -> None:
        """Wait until what was queued has been written, at most `timeout_s`."""
        end = time.monotonic() + timeout_s
        with self._lock:
            self._in_sync_block = False
            self._lock.notify_all()
            while (self._text or self._ahead or self._busy) and time.monotonic() < end and self.is_alive():
                self._lock.wait(0.02)

    def stop(self) -> None:
        """Write what is queued, drop pictures, end the thread."""
        with self._lock:
            self._pictures.clear()
        self.drain()
        with self._lock:
            self._closing = True
            self._lock.notify_all()
        self.join(2.0)

    def run(self) -> None:
        """Take text and pictures as they come, until stopped or the terminal is gone."""
        while True:
            with self._lock:
                while not (data := self._take()) and not self._closing:
                    self._lock.wait(0.2 if self._sent_at or self._pictures else None)
                if self._closing and not data:
                    return
                self._busy = True
            try:
                self._write_all(data)
            except OSError:
                with self._lock:
                    self._closing, self._busy = True, False
                    self._text.clear()
                return
            with self._lock:
                self._busy = False
                self._lock.notify_all()
            self.on_ready()

    def _backlog(self) -> bool:
        return sum(map(len, self._text)) > 8192

    def _take(self) -> bytes:
        if self._in_sync_block:
            return b""
        ahead, self._ahead = self._ahead, []
        data = b"".join(ahead)
        if ahead and self._acknowledge:
            data = self._asked(data)
        text = "".join(self._text).encode("utf-8", "replace")
        self._text.clear()
        self._forget_lost()
        pictures = b""
        if self._pictures and len(self._sent_at) < _IN_FLIGHT:
            pictures = b"".join(self._pictures.values())
            self._pictures.clear()
            if self._sync:
                pictures = b"\x1b[?2026h" + pictures + b"\x1b[?2026l"
        if self._acknowledge and (pictures or (len(text) > (_LARGE_TEXT if self.link.is_known else _MEASURED_FROM) and not self._sent_at)):
            return data + self._asked(text + pictures)
        return data + text + pictures

    def _asked(self, data: bytes) -> bytes:
        row = _ROWS[self._next_row % len(_ROWS)]
        self._next_row += 1
        self._sent_at.append((time.monotonic(), len(data), row))
        return data + _ACKNOWLEDGE % row

    def _taken_with_text(self) -> str:
        data = b"".join(self._with_text.values()).decode("ascii")
        self._with_text.clear()
        return data

    def _forget_lost(self) -> None:
        now = time.monotonic()
        while self._sent_at and now - self._sent_at[0][0] > self._patience(self._sent_at[0][1]):
            self._sent_at.pop(0)
            self._silent += 1
            if not self._answered and self._silent >= 2:
                self._acknowledge = False

    def _patience(self, size: int) -> float:
        return _ANSWER_LIMIT_S if not self._answered else max(_SLOW_LINK_S, 4 * self.link.seconds_for(size))

    def _write_all(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            try:
                view = view[os.write(self._fileno, view) :]
            except BlockingIOError:
                time.sleep(0.002)


class PictureDriver(LinuxDriver):
    """Textual's Linux driver with our own output thread; cursor reports are acknowledgements and go no further."""

    output: PictureOutput | None = None
    sync_wanted = False
    is_on_other_screen = False
    _is_stopped = False

    def start_application_mode(self) -> None:
        """Start our thread, then Textual's application mode through it. It writes to stdout, wherever stderr goes."""
        self.output = PictureOutput(_STDOUT, sync=self.sync_wanted)
        self.output.start()
        super().start_application_mode()  # type: ignore[no-untyped-call]  # Textual leaves it without annotations
        if self._writer_thread is not None:  # Textual's own; it has nothing to do here
            self._writer_thread.stop()
        self.output.greet()  # only now: before raw mode the answer would be echoed

    def write(self, data: str) -> None:
        """Queue text; never blocks.

        The other screen is entered once: a second time would save the cursor there, and the shell would go on in the wrong line.
        """
        if data == _OTHER_SCREEN and self.is_on_other_screen:
            self.is_on_other_screen = False
            return
        if self.output is not None:
            self.output.write(data)

    def close(self) -> None:
        """Write the rest and end the thread."""
        if self.output is not None:
            self.output.stop()

    def run_input_thread(self) -> None:
        """As Textual's, but a byte that is no UTF-8 or a sequence that is none costs itself and not the session."""
        decode = getincrementaldecoder("utf-8")("replace").decode
        parser = XTermParser(self._debug)
        with selectors.DefaultSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                try:
                    text = ""
                    if selector.select(0.1):
                        data = os.read(self.fileno, 4096)
                        if not data:
                            raise OSError(errno.EIO, "end of input")
                        text = decode(data)
                    for event in [*parser.feed(text), *parser.tick()] if text else parser.tick():
                        self.process_message(event)
                except OSError:  # the terminal is gone
                    self.send_message(Gone())
                    return
                except Exception:  # what came cannot be parsed: begin anew
                    parser = XTermParser(self._debug)

    def _sigtstp_application(self, *signals: object) -> None:
        self._is_stopped = True
        super()._sigtstp_application(*signals)

    def _sigcont_application(self, *signals: object) -> None:
        """Only after a stop of ours: a stray SIGCONT would start application mode a second time."""
        if self._is_stopped:
            self._is_stopped = False
            super()._sigcont_application(*signals)

    def process_message(self, message: Message) -> None:
        """Runs on the input thread."""
        if isinstance(message, events.Resize) and not (0 < message.size.width <= _MOST_CELLS and 0 < message.size.height <= _MOST_CELLS):
            return
        if isinstance(message, events.CursorPosition):
            if self.output is not None:
                self.output.acknowledged(message.y + 1)
            return
        super().process_message(message)

    def _enable_mouse_pixels(self) -> None:
        """Stay with cells: pixel positions would need the cell size at hand in every handler."""


def make_driver(sync: bool, is_on_other_screen: bool = False) -> type[PictureDriver]:
    """The driver class for a terminal that knows synchronized updates, or not, and shows its other screen already, or not."""
    return type("PictureDriver", (PictureDriver,), {"sync_wanted": sync, "is_on_other_screen": is_on_other_screen})
