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
from typing import NamedTuple

from textual import events
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from tview.ui.rows import Rows

_SYNC_BEGIN, _SYNC_END = "\x1b[?2026h", "\x1b[?2026l"
_BEGIN, _END = _SYNC_BEGIN.encode(), _SYNC_END.encode()
_OTHER_SCREEN = "\x1b[?1049h"
_ACKNOWLEDGE = b"\x1b7\x1b[%d;1H\x1b[6n\x1b8"
_ROWS = range(2, 10)  # each report is asked for from a row of its own, so that a lost answer is noticed; row 1 looks like a key
_IN_FLIGHT = 2
_STDOUT = 1
_MOST_CELLS = 4096
_LARGE_TEXT = 4096
_MEASURED_FROM = 1024
_TEXT_WAITS_S = 0.1
_SLOW_TEXT_S = 0.03
_SLOW_SCREEN_S = 0.1
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


class _Sent(NamedTuple):
    """What was sent with a cursor report behind it that has not been answered: when, how many bytes, the report's row."""

    at: float
    size: int
    row: int
    is_text: bool


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
        self._text: list[bytes] = []
        self._unit: list[bytes] | None = None
        self._unit_pictures = 0
        self._rows = Rows()
        self._in_sync_block = False
        self._ahead: list[bytes] = []
        self._pictures: dict[int, bytes] = {}
        self._sent: list[_Sent] = []
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
        """Queue interface text. A block between "begin" and "end synchronized update" goes out whole, and so does an update of ours."""
        with self._lock:
            if self._unit is not None:
                self._unit.append(text.replace(_SYNC_BEGIN, "").replace(_SYNC_END, "").encode("utf-8", "replace"))
                return
            self._rows.forget()
            begin, end = text.rfind(_SYNC_BEGIN), text.rfind(_SYNC_END)
            self._text.append(text.encode("utf-8", "replace"))
            if begin != end:
                self._in_sync_block = begin > end
            if not self._in_sync_block:
                self._lock.notify_all()

    def begin(self) -> None:
        """An update: what is written from here on goes out in one piece, at its `end`. On the event loop only."""
        with self._lock:
            self._unit = []

    def end(self, before: bytes = b"", behind: bytes = b"", slots: tuple[int, ...] = ()) -> None:
        """The update has these bytes before and behind its text; pictures of these slots, which replace what waits for them."""
        with self._lock:
            text, self._unit = b"".join(self._unit or ()), None
            data = before + self._rows.changed(text, all_of_it=self.link.is_known and not self._is_slow()) + behind
            if slots:
                self._rows.forget()  # a picture that text erases lies over some of them
            for slot in slots:
                self._pictures.pop(slot, None)
            self._unit_pictures += len(slots)
            if data:
                self._text.append(_BEGIN + data + _END if self._sync else data)
            self._lock.notify_all()  # what was written before `begin` has waited too

    def window_changed(self) -> None:
        """Nothing is known of what stands on the screen."""
        with self._lock:
            self._rows.forget()

    def takes_text(self) -> bool:
        """Whether the line has delivered the text before, as far as is known; if not, more of it would only queue up."""
        with self._lock:
            self._forget_lost()
            if not self._answered or not self._acknowledge:
                return True
            limit = time.monotonic() - max(_TEXT_WAITS_S, 2 * (self.link.latency_s or 0.0))
            return all(not sent.is_text or sent.at > limit for sent in self._sent)

    def send_ahead(self, data: bytes) -> None:
        """Queue what has to be in the terminal before the text that comes next; it is never replaced. See `has_room`."""
        with self._lock:
            self._ahead.append(data)
            self._lock.notify_all()

    def show(self, slot: int, data: bytes) -> None:
        """Put a picture into its pane's slot; one that has not left yet is replaced."""
        with self._lock:
            self._pictures[slot] = data
            self._rows.forget()
            self._lock.notify_all()

    def drop(self, slot: int) -> None:
        """Forget a picture that has not left yet."""
        with self._lock:
            self._pictures.pop(slot, None)

    def has_room(self) -> bool:
        """Whether a picture shown now would leave at once."""
        with self._lock:
            self._forget_lost()
            if self._answered and not self.link.is_known and self._sent:
                return False  # the first text tells how fast the line is: on a serial one a whole picture would take minutes
            return not (self._pictures or self._ahead or self._unit_pictures) and self._in_flight() < _IN_FLIGHT and not self._backlog()

    def acknowledged(self, row: int = 0) -> None:
        """The terminal has answered the cursor report from this row, or the oldest one: everything before it is drawn."""
        with self._lock:
            self._answered, self._silent = True, 0
            if self._sent:
                place = next((place for place, sent in enumerate(self._sent) if sent.row == row), 0)
                sent = self._sent[place]
                del self._sent[: place + 1]
                self.link.answered(sent.at, sent.size, time.monotonic())
            self._lock.notify_all()
        self.on_ready()

    def drain(self, timeout_s: float = 2.0) -> None:
        """Wait until what was queued has been written, at most `timeout_s`."""
        end = time.monotonic() + timeout_s
        with self._lock:
            self._in_sync_block, self._unit = False, None
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
                    self._lock.wait(0.2 if self._sent or self._pictures else None)
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
        if self._in_sync_block or self._unit is not None:
            return b""
        ahead, self._ahead = self._ahead, []
        data = b"".join(ahead)
        if ahead and self._acknowledge:
            data = self._asked(data)
        text, has_pictures = b"".join(self._text), self._unit_pictures > 0
        self._text.clear()
        self._unit_pictures = 0
        self._forget_lost()
        pictures = b""
        if self._pictures and self._in_flight() < _IN_FLIGHT:
            pictures = b"".join(self._pictures.values())
            self._pictures.clear()
            if self._sync:
                pictures = _BEGIN + pictures + _END
        if self._acknowledge and (pictures or has_pictures):
            return data + self._asked(text + pictures)
        if self._acknowledge and text and self._is_large(len(text)) and not any(sent.is_text for sent in self._sent):
            return data + self._asked(text, is_text=True)
        return data + text + pictures

    def _is_slow(self) -> bool:
        return self.link.seconds_for(_LARGE_TEXT) > _SLOW_SCREEN_S

    def _is_large(self, size: int) -> bool:
        """Whether text is worth an answer: it tells how fast an unknown line is, and when a slow one has delivered it."""
        return size > (_LARGE_TEXT if self.link.is_known else _MEASURED_FROM) or self.link.seconds_for(size) > _SLOW_TEXT_S

    def _in_flight(self) -> int:
        """Pictures on their way; text counts as one where nothing is known of the line yet."""
        return sum(not sent.is_text or not self.link.is_known for sent in self._sent)

    def _asked(self, data: bytes, is_text: bool = False) -> bytes:
        row = _ROWS[self._next_row % len(_ROWS)]
        self._next_row += 1
        self._sent.append(_Sent(time.monotonic(), len(data), row, is_text))
        return data + _ACKNOWLEDGE % row

    def _forget_lost(self) -> None:
        now = time.monotonic()
        while self._sent and now - self._sent[0].at > self._patience(self._sent[0].size):
            self._sent.pop(0)
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
