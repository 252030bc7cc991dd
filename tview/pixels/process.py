"""One decoding process as its owner sees it: started, given jobs, killed."""

import fcntl
import mmap
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tview.errors import PixelError, finding
from tview.pixels.arrays import Pixels
from tview.pixels.codecs import Job
from tview.pixels.worker import receive, send
from tview.text import safe

_START_LIMIT_S = 20.0
_GRACE_S = 0.3
_SMALLEST_REGION = 1 << 20
_LARGE_REGION = 64 << 20


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """Pixels as the codec gave them, how many of their rows it could fill, and which decoder did it."""

    pixels: Pixels
    rows_present: int
    decoder: str


class Process:
    """One worker: its process, its socket, and the memory shared with it. One thread at a time; `kill` is for any."""

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
        self._job: Job | None = None
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
            message: dict[str, Any] = {"length": len(stream), "offset": offset, "time_limit_s": time_limit_s, "region": len(self._region)}
            if job != self._job:  # frame after frame it is the same
                message["job"] = job.to_json()
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
        self._job = None if "error" in answer else job
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
        descriptor = shared_memory(size)
        self._region = mmap.mmap(descriptor, size)
        return descriptor


def shared_memory(size: int) -> int:
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
