"""Decoding in processes of our own, which can be killed: one frame's hostile bytes cost that frame and nothing else."""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tview.errors import PixelError, finding
from tview.pixels.arrays import Pixels

if TYPE_CHECKING:
    from tview.pixels.codecs import Job
    from tview.pixels.process import Decoded, Process
    from tview.pixels.video import Reels

_SECONDS_PER_MEGASAMPLE = 0.6  # JPEG 2000 lossless takes 0.06 on a quiet core


@dataclass(frozen=True, slots=True)
class DecoderLimits:
    """What one frame may cost. The time is for a small frame; a large one gets more in proportion."""

    time_s: float = 1.4
    frame_bytes: int = 1 << 30


class Decoder:
    """A few worker processes behind one call. Any thread may call; each call has a process to itself.

    `start` returns at once, and the first process becomes ready meanwhile. A second is started when two threads ask at the same time.
    """

    def __init__(self, processes: int = 2, limits: DecoderLimits | None = None) -> None:
        self.limits = limits or DecoderLimits()
        self._most = max(1, processes)
        self._idle: list[Process] = []
        self._busy: set[Process] = set()
        self._changed = threading.Condition()
        self._closed = False
        self._reels: Reels | None = None

    @property
    def reels(self) -> "Reels":
        """Where videos are read: one stays open between its frames."""
        from tview.pixels.video import Reels

        with self._changed:
            if self._reels is None:
                self._reels = Reels()
            return self._reels

    def start(self) -> None:
        """Begin starting the first process. Never waits and never raises: what fails here is told by the first `decode`."""
        with self._changed:
            if not self._idle and not self._busy and not self._closed:
                with suppress(OSError):
                    self._idle.append(_start())

    def decode(self, job: "Job", stream: bytes, take: Callable[[Pixels], Pixels] = np.array) -> "Decoded":
        """The pixels of one code stream.

        `take` gets a view of shared memory and returns an array of its own; whatever else has to be done to every pixel is done there.

        Raises:
            PixelError: no decoder can read it, it needs too long or too much memory, or the process died of it.
        """
        if job.nbytes > self.limits.frame_bytes:
            raise PixelError(finding("frame-too-large", megabytes=job.nbytes >> 20, limit=self.limits.frame_bytes >> 20))
        process = self._acquire()
        try:
            seconds = self.limits.time_s + _SECONDS_PER_MEGASAMPLE * job.rows * job.columns * job.samples / 1e6
            return process.decode(job, stream, seconds, take)
        finally:
            self._release(process)

    def close(self) -> None:
        """End the processes, a working one too. Further calls raise."""
        with self._changed:
            self._closed = True
            for process in (*self._idle, *self._busy):
                process.kill()
            self._idle.clear()
            self._changed.notify_all()
        if self._reels is not None:
            self._reels.close()

    def __enter__(self) -> "Decoder":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _acquire(self) -> "Process":
        with self._changed:
            while not self._closed:
                process = self._idle.pop() if self._idle else None
                if process is not None and not process.alive:
                    process.kill()
                    continue
                if process is None and len(self._busy) < self._most:
                    try:
                        process = _start()
                    except OSError as error:
                        raise PixelError(finding("decoder-unavailable", problem=str(error))) from error
                if process is not None:
                    self._busy.add(process)
                    return process
                self._changed.wait()
        raise PixelError(finding("decoder-unavailable", problem="the program is ending"))

    def _release(self, process: "Process") -> None:
        with self._changed:
            self._busy.discard(process)
            if process.alive and not self._closed:
                self._idle.append(process)
            else:
                process.kill()
                if not self._closed and not self._idle:
                    with suppress(OSError):
                        self._idle.append(_start())  # ready again by the time of the next frame
            self._changed.notify()


def _start() -> "Process":
    from tview.pixels.process import Process  # with subprocess and socket, which a picture without a codec does without

    return Process()
