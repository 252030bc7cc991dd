"""Frames of MPEG-2, MPEG-4 and HEVC video, read by PyAV in a process of their own: PS3.5 A.4.5 to A.4.10."""

import mmap
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import numpy as np

from tview.errors import PixelError, finding
from tview.pixels.arrays import Pixels
from tview.pixels.process import shared_memory
from tview.pixels.worker import receive, send
from tview.text import safe

_OPEN_LIMIT_S, _FRAME_LIMIT_S, _GRACE_S, _START_LIMIT_S = 20.0, 10.0, 0.5, 20.0
_LARGEST_STREAM = 2 << 30
_STARTS = ((b"\0\0\1\xba", "mpeg"), (b"\0\0\1\xb3", "mpegvideo"))
_HEVC_UNITS = (b"\x40\1", b"\x42\1", b"\x44\1", b"\x46\1", b"\x4e\1")  # parameter sets and the like; H.264 begins with none of these
_BOXES = (b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide")


def is_available() -> bool:
    """Whether PyAV is installed; imports nothing."""
    return find_spec("av") is not None


def container_of(head: bytes) -> str | None:
    """The name of FFmpeg's demuxer for a stream that begins so; None for one that DICOM does not have."""
    if head[4:8] in _BOXES:
        return "mov"
    if head[:1] == b"\x47" and head[188:189] in (b"\x47", b""):
        return "mpegts"
    for start, name in _STARTS:
        if head.startswith(start):
            return name
    if head.startswith((b"\0\0\0\1", b"\0\0\1")):
        unit = head[4 if head.startswith(b"\0\0\0\1") else 3 :][:2]
        if unit in _HEVC_UNITS:
            return "hevc"
        if unit and unit[0] & 0x1F in (1, 5, 6, 7, 8, 9):
            return "h264"
    return None


class Reel:
    """One open video. One thread at a time; `close` is for any. `facts` are what the stream says of itself."""

    def __init__(self, fill: Callable[[memoryview], None], length: int, container: str, rows: int, columns: int) -> None:
        """`fill` writes the `length` bytes of the stream into the memory it is given.

        Raises:
            PixelError: it cannot be opened.
        """
        self._shape = (rows, columns, 3)
        self._offset = -(-length // 64) * 64
        size = -(-(self._offset + rows * columns * 3) // mmap.PAGESIZE) * mmap.PAGESIZE
        descriptor = shared_memory(size)
        try:
            self._region = mmap.mmap(descriptor, size)
            fill(memoryview(self._region)[:length])
            self._link, theirs = socket.socketpair()
            with theirs:
                self._popen = _start(theirs)
            message = {"region": size, "length": length, "offset": self._offset, "container": container, "rows": rows, "columns": columns}
            self.facts = self._ask({**message, "time_limit_s": _OPEN_LIMIT_S}, descriptor, _START_LIMIT_S)
        finally:
            os.close(descriptor)

    def read(self, index: int) -> Pixels:
        """The frame at `index`, from 0, in the order of showing: (rows, columns, 3) uint8, RGB.

        Raises:
            PixelError: it is not there, or cannot be decoded.
        """
        self._ask({"index": index, "time_limit_s": _FRAME_LIMIT_S}, None, 0.0)
        return np.frombuffer(self._region, np.uint8, int(np.prod(self._shape)), self._offset).reshape(self._shape).copy()

    def close(self) -> None:
        """End the process; any thread, more than once."""
        self._popen.kill()
        self._popen.wait()
        self._link.close()

    @property
    def alive(self) -> bool:
        return self._popen.poll() is None

    def _ask(self, message: dict[str, Any], descriptor: int | None, more_s: float) -> dict[str, Any]:
        limit_s = message["time_limit_s"]
        try:
            send(self._link, message, descriptor)
            self._link.settimeout(limit_s + _GRACE_S + more_s)
            answer, _ = receive(self._link)
        except OSError as error:
            self.close()
            if isinstance(error, TimeoutError):
                raise PixelError(finding("frame-time-limit", seconds=limit_s)) from error
            raise PixelError(finding("decoder-unavailable", problem=str(error))) from error
        if answer is None:
            self.close()
            if self._popen.returncode == -14:
                raise PixelError(finding("frame-time-limit", seconds=limit_s))
            raise PixelError(finding("decoder-unavailable", problem=f"the decoder ended ({self._popen.returncode})"))
        if answer.get("error") == "missing":
            raise PixelError(finding("frame-missing", frame=message["index"] + 1, present=self.facts["frames"]))
        if "error" in answer:
            code = "frame-memory-limit" if answer["error"] == "memory" else "frame-undecodable"
            raise PixelError(finding(code, codec="video", detail=safe(str(answer.get("detail", "")), 200)))
        return answer


class Reels:
    """The video that was looked at last, kept open: its next frame costs one frame. Any thread may call."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._key: object = None
        self._reel: Reel | None = None

    def read(self, key: object, open_it: Callable[[], Reel], index: int) -> tuple[Pixels, dict[str, Any]]:
        """A frame of the video known by `key`, opened by `open_it` when it is not the one at hand; with what its stream says of itself."""
        with self._lock:
            if self._reel is None or self._key is not key or not self._reel.alive:
                self._drop()
                self._reel, self._key = open_it(), key
            return self._reel.read(index), self._reel.facts

    def close(self) -> None:
        with self._lock:
            self._drop()

    def _drop(self) -> None:
        if self._reel is not None:
            self._reel.close()
        self._reel = self._key = None


def open_reel(fill: Callable[[memoryview], None], length: int, head: bytes, rows: int, columns: int) -> Reel:
    """The video of a stream of `length` bytes that begins with `head`.

    Raises:
        PixelError: PyAV is not installed, or it is no video that DICOM knows.
    """
    if not is_available():
        raise PixelError(finding("video-needs-extra"))
    container = container_of(head)
    if container is None:
        raise PixelError(finding("frame-undecodable", codec="video", detail="neither MPEG-2, MPEG-4 nor HEVC"))
    if length > _LARGEST_STREAM:
        raise PixelError(finding("frame-too-large", megabytes=length >> 20, limit=_LARGEST_STREAM >> 20))
    return Reel(fill, length, container, rows, columns)


def _start(theirs: socket.socket) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-I", "-B", "-m", "tview.pixels.video_worker", str(theirs.fileno())],
        pass_fds=(theirs.fileno(),),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        process_group=0,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
    )
