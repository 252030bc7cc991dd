"""Decoding in processes of our own, which can be killed: one frame's hostile bytes cost that frame and nothing else."""

import fcntl
import mmap
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

from tview.errors import PixelError, finding
from tview.pixels.codecs import Job, Pixels
from tview.pixels.worker import receive, send
from tview.text import safe

_START_LIMIT_S = 20.0
_SECONDS_PER_MEGASAMPLE = 0.6  # JPEG 2000 lossless takes 0.06 on a quiet core
_GRACE_S = 0.3
_SMALLEST_REGION = 1 << 20
_LARGE_REGION = 64 << 20


@dataclass(frozen=True, slots=True)
class DecoderLimits:
    """What one frame may cost. The time is for a small frame; a large one gets more in proportion."""

    time_s: float = 1.4
    frame_bytes: int = 1 << 30


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """Pixels as the codec gave them, how many of their rows it could fill, and which decoder did it."""

    pixels: Pixels
    rows_present: int
    decoder: str


class Decoder:
    """A few worker processes behind one call. Any thread may call; each call has a process to itself.

    `start` returns at once, and the first process becomes ready meanwhile. A second is started when two threads ask at the same time.
    """

    def __init__(self, processes: int = 2, limits: DecoderLimits | None = None) -> None:
        self.limits = limits or DecoderLimits()
        self._most = max(1, processes)
        self._idle: list[_Process] = []
        self._busy: set[_Process] = set()
        self._changed = threading.Condition()
        self._closed = False

    def start(self) -> None:
        """Begin starting the first process. Never waits and never raises: what fails here is told by the first `decode`."""
        with self._changed:
            if not self._idle and not self._busy and not self._closed:
                with suppress(OSError):
                    self._idle.append(_Process())

    def decode(self, job: Job, stream: bytes, take: Callable[[Pixels], Pixels] = np.array) -> Decoded:
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

    def __enter__(self) -> "Decoder":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _acquire(self) -> "_Process":
        with self._changed:
            while not self._closed:
                process = self._idle.pop() if self._idle else None
                if process is not None and not process.alive:
                    process.kill()
                    continue
                if process is None and len(self._busy) < self._most:
                    try:
                        process = _Process()
                    except OSError as error:
                        raise PixelError(finding("decoder-unavailable", problem=str(error))) from error
                if process is not None:
                    self._busy.add(process)
                    return process
                self._changed.wait()
        raise PixelError(finding("decoder-unavailable", problem="the program is ending"))

    def _release(self, process: "_Process") -> None:
        with self._changed:
            self._busy.discard(process)
            if process.alive and not self._closed:
                self._idle.append(process)
            else:
                process.kill()
                if not self._closed and not self._idle:
                    with suppress(OSError):
                        self._idle.append(_Process())  # ready again by the time of the next frame
            self._changed.notify()


class _Process:
    """One worker: its process, its socket, and the memory shared with it."""

    def __init__(self) -> None:
        self._link, theirs = socket.socketpair()
        with theirs:
            self._popen = subprocess.Popen(
                [sys.executable, "-I", "-B", "-m", "tview.pixels.worker", str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",  # neither holds a medium nor finds anything beside it
                process_group=0,  # Ctrl-C is for the program, not for its decoder
                env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            )
        self._ready = False
        self._region: mmap.mmap | None = None

    @property
    def alive(self) -> bool:
        return self._popen.poll() is None

    def kill(self) -> None:
        """End the process and give its memory back; any thread may call, and more than once."""
        self._popen.kill()
        self._popen.wait()
        self._link.close()

    def decode(self, job: Job, stream: bytes, time_limit_s: float, take: Callable[[Pixels], Pixels]) -> Decoded:
        offset = -(-len(stream) // 64) * 64
        try:
            self._become_ready()
            descriptor = self._make_room(offset + job.nbytes)
            assert self._region is not None
            self._region[: len(stream)] = stream
            message = {"job": job.to_json(), "length": len(stream), "offset": offset, "time_limit_s": time_limit_s}
            message["region"] = len(self._region)
            try:
                send(self._link, message, descriptor)
            finally:
                if descriptor is not None:
                    os.close(descriptor)
            # The first use of a codec imports it, under the worker's own limit
            answer = self._receive(time_limit_s + _GRACE_S + (0 if self._warm(job) else _START_LIMIT_S))
        except TimeoutError as error:
            self.kill()
            raise PixelError(finding("frame-time-limit", seconds=time_limit_s)) from error
        except OSError as error:
            self.kill()
            raise PixelError(finding("decoder-unavailable", problem=str(error))) from error
        if "error" in answer:
            code = "frame-memory-limit" if answer["error"] == "memory" else "frame-undecodable"
            raise PixelError(finding(code, codec=job.codec, detail=safe(str(answer.get("detail", "")), 200)))
        view = np.frombuffer(self._region, np.dtype(job.dtype), job.nbytes // np.dtype(job.dtype).itemsize, offset).reshape(job.shape)
        rows_present = min(max(int(answer["rows_present"]), 0), job.rows)
        return Decoded(take(view), rows_present, str(answer["decoder"]))

    def _become_ready(self) -> None:
        if not self._ready:
            self._receive(_START_LIMIT_S)
            self._ready = True
            self._codecs: set[str] = set()

    def _warm(self, job: Job) -> bool:
        seen = job.codec in self._codecs
        self._codecs.add(job.codec)
        return seen

    def _receive(self, limit_s: float) -> dict[str, Any]:
        self._link.settimeout(limit_s)
        try:
            message, _ = receive(self._link)
        except ConnectionResetError:
            message = None
        if message is None:
            self._popen.wait()
            raise TimeoutError if self._popen.returncode == -14 else ConnectionResetError(f"the decoder ended ({self._popen.returncode})")
        self._link.settimeout(None)
        return message

    def _make_room(self, needed: int) -> int | None:
        """A region of at least this size; the descriptor to hand over when it is a new one."""
        have = len(self._region) if self._region is not None else 0
        if needed <= have and not (have > _LARGE_REGION and needed < have // 4):
            return None
        size = max(_SMALLEST_REGION, -(-needed * 5 // 4 // mmap.PAGESIZE) * mmap.PAGESIZE)
        descriptor = _shared_memory(size)
        self._region = mmap.mmap(descriptor, size)
        return descriptor


def _shared_memory(size: int) -> int:
    """A descriptor of memory that has no name in the file system and cannot be shrunk under a reader."""
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("tview-pixels", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        os.ftruncate(descriptor, size)
        fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW)
        return descriptor
    import _posixshmem  # type: ignore[import-not-found]  # where there is no memfd (macOS); typeshed lacks it

    name = f"/tview-{os.getpid()}-{time.monotonic_ns()}"
    descriptor = int(_posixshmem.shm_open(name, os.O_RDWR | os.O_CREAT | os.O_EXCL, mode=0o600))
    _posixshmem.shm_unlink(name)
    os.ftruncate(descriptor, size)
    return descriptor
