"""The process that reads one video: hostile streams meet FFmpeg here, and in no other process.

Started by `tview.pixels.video` as ``python -I -m tview.pixels.video_worker FD``. Frames are found exactly: all packets are listed once, and
a frame is decoded from the last key packet that is presented no later than it. A stream without times is decoded from its beginning.
"""

import io
import mmap
import os
import resource
import signal
import socket
import sys
from collections.abc import Iterator
from typing import Any

from tview.pixels.worker import receive, send

_MEMORY_FLOOR = 1536 << 20
_MATRIX_709, _UNSPECIFIED = 1, 2
_HIGH_DEFINITION_ROWS = 720


def main(descriptor: int) -> int:
    """Serve until the parent goes away. Gives 0."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    for what in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE):
        resource.setrlimit(what, (0, 0))
    link, reel = socket.socket(fileno=descriptor), None
    while True:
        message, descriptors = receive(link)
        if message is None:
            return 0
        signal.setitimer(signal.ITIMER_REAL, message["time_limit_s"])
        try:
            if reel is None:
                reel = _Reel(mmap.mmap(descriptors[0], message["region"]), message)
                os.close(descriptors[0])
                answer = reel.facts
            else:
                answer = reel.read(message["index"])
        except MemoryError:
            answer = {"error": "memory"}
        except BaseException as error:  # whatever FFmpeg makes of hostile bytes ends one frame
            answer = {"error": "failed", "detail": f"{type(error).__name__}: {error}"[:200]}
        signal.setitimer(signal.ITIMER_REAL, 0)
        send(link, answer)


class _Tape(io.RawIOBase):
    """The bytes of the stream as a file that can only be read."""

    def __init__(self, region: memoryview) -> None:
        self._region, self._at = region, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        part = self._region[self._at : self._at + len(into)]
        into[: len(part)] = part
        self._at += len(part)
        return len(part)

    def read(self, size: int = -1) -> bytes:
        end = len(self._region) if size is None or size < 0 else self._at + size
        part = bytes(self._region[self._at : end])
        self._at += len(part)
        return part

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = max(0, (0, self._at, len(self._region))[whence] + offset)
        return self._at

    def tell(self) -> int:
        return self._at


class _Reel:
    """The open video: its packets in file order, the times at which frames are shown, and how far it has been decoded."""

    def __init__(self, region: mmap.mmap, message: dict[str, Any]) -> None:
        import av

        self._region, self._offset = region, message["offset"]
        self._rows, self._columns = message["rows"], message["columns"]
        tape = _Tape(memoryview(region)[: message["length"]].toreadonly())
        _limit_memory(message["length"])
        # The demuxer is named, not probed for: a playlist among them would have it open other files
        container = av.open(tape, "r", format=message["container"], options={"protocol_whitelist": ""})
        stream = container.streams.video[0]
        self._packets = [packet for packet in container.demux(stream) if packet.size]
        self._context = stream.codec_context
        self._context.thread_count = 2
        times = [packet.pts for packet in self._packets if packet.pts is not None]
        self._times = sorted(times) if len(set(times)) == len(self._packets) else None
        self._frames: Iterator[Any] = iter(())
        self._next = -1  # the index of the frame that `_frames` gives next; -1 when that is not known

    @property
    def facts(self) -> dict[str, Any]:
        context = self._context
        return {
            "frames": len(self._packets), "rows": context.height, "columns": context.width, "codec": context.name,
            "matrix_known": int(context.colorspace) != _UNSPECIFIED, "timed": self._times is not None,
        }  # fmt: skip

    def read(self, index: int) -> dict[str, Any]:
        """Write the frame at `index` as RGB, 8 bits a sample, behind the stream."""
        frame = self._by_time(index) if self._times is not None else self._by_count(index)
        if frame is None:
            return {"error": "missing"}
        if (frame.height, frame.width) != (self._rows, self._columns):
            return {"error": "failed", "detail": f"a frame of {frame.width} x {frame.height} pixels"}
        matrix = int(frame.colorspace)
        if matrix == _UNSPECIFIED and frame.height >= _HIGH_DEFINITION_ROWS:
            matrix = _MATRIX_709
        rgb = frame.to_ndarray(format="rgb24", src_colorspace=matrix) if matrix == _MATRIX_709 else frame.to_ndarray(format="rgb24")
        size = self._rows * self._columns * 3
        self._region[self._offset : self._offset + size] = rgb.tobytes()
        return {"ok": True}

    def _by_time(self, index: int) -> Any:
        assert self._times is not None
        if not 0 <= index < len(self._times):
            return None
        if self._next != index:
            self._start(self._key_before(self._times[index]))
        for frame in self._frames:
            if frame.pts is None or frame.pts >= self._times[index]:
                self._next = index + 1
                return frame if frame.pts in (None, self._times[index]) else None
        self._next = -1
        return None

    def _key_before(self, time: int) -> int:
        keys = (i for i, packet in enumerate(self._packets) if packet.is_keyframe and packet.pts is not None and packet.pts <= time)
        return max(keys, default=0)

    def _by_count(self, index: int) -> Any:
        if self._next < 0 or index < self._next:
            self._start(0)
            self._next = 0
        for frame in self._frames:
            self._next += 1
            if self._next == index + 1:
                return frame
        self._next = -1
        return None

    def _start(self, at: int) -> None:
        self._context.flush_buffers()
        self._frames, self._next = self._decoded(at), -1

    def _decoded(self, at: int) -> Iterator[Any]:
        for packet in (*self._packets[at:], None):
            yield from self._context.decode(packet)


def _limit_memory(stream_bytes: int) -> None:
    try:
        with open("/proc/self/statm", "rb") as file:
            used = int(file.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + _MEMORY_FLOOR + 2 * stream_bytes, resource.getrlimit(resource.RLIMIT_AS)[1]))
    except (OSError, ValueError):
        pass  # no /proc, or a hard limit lower than this


if __name__ == "__main__":
    try:
        sys.exit(main(int(sys.argv[1])))
    except (BrokenPipeError, ConnectionResetError):
        sys.exit(0)
