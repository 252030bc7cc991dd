"""The decoding process: reads jobs from a socket, decodes from and into shared memory, and can be killed at any time.

Started by `tview.pixels.decoder` as ``python -I -m tview.pixels.worker FD``. It writes no core, no file and to no terminal; the kernel's
alarm ends it when native code does not come back, and it ends with its parent.
"""

import json
import mmap
import os
import resource
import signal
import socket
import struct
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tview.pixels.codecs import Job

_IMPORT_LIMIT_S = 20.0
_PACKET = 8192
_MEMORY_FLOOR = 256 << 20
_MEMORY_PER_OUTPUT_BYTE = 24  # OpenJPEG keeps 32-bit planes and its code blocks beside the output


def main(descriptor: int) -> int:
    """Serve until the parent goes away. Gives 0."""
    _confine()
    link = socket.socket(fileno=descriptor)
    from tview.pixels import codecs  # noqa: F401 - with numpy, part of becoming ready

    send(link, {"ready": os.getpid()})
    desk = _Desk()
    while True:
        message, descriptors = receive(link)
        if message is None:
            return 0
        send(link, desk.answer(message, descriptors))


def send(link: socket.socket, message: dict[str, Any], descriptor: int | None = None) -> None:
    """One message, with a file descriptor travelling beside it when one is given."""
    body = json.dumps(message).encode()
    packet = struct.pack("<I", len(body)) + body
    sent = link.send(packet) if descriptor is None else socket.send_fds(link, [packet], [descriptor])
    if sent < len(packet):
        link.sendall(packet[sent:])


def receive(link: socket.socket) -> tuple[dict[str, Any] | None, list[int]]:
    """The next message and its descriptors; (None, []) when the other side is gone. Messages are answered before the next is sent."""
    packet, descriptors, _, _ = socket.recv_fds(link, _PACKET, 1)
    while packet and (len(packet) < 4 or len(packet) < 4 + struct.unpack_from("<I", packet)[0]):
        more = link.recv(_PACKET)
        if not more:
            return None, []
        packet += more
    if not packet:
        return None, []
    message: dict[str, Any] = json.loads(packet[4:])
    return message, list(descriptors)


def _confine() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    for what, limit in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0)):
        resource.setrlimit(what, (limit, limit))


class _Desk:
    """What the worker keeps between two frames: the memory it shares, the job, the codecs it has imported, the limit it has set."""

    def __init__(self) -> None:
        self._region: mmap.mmap | None = None
        self._job: Job | None = None
        self._imported: set[tuple[str, ...]] = set()
        self._limited_for = 0

    def answer(self, message: dict[str, Any], descriptors: list[int]) -> dict[str, Any]:
        """Do one job; never raises."""
        try:
            if descriptors:
                self._lift_limit()
                self._region = None
                self._region = mmap.mmap(descriptors[0], message["region"])
                os.close(descriptors[0])
            return self._decode(message)
        except MemoryError:
            return {"error": "memory", "detail": ""}
        except BaseException as error:  # whatever native code throws ends one frame
            return {"error": "failed", "detail": f"{type(error).__name__}: {error}"[:200]}
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _decode(self, message: dict[str, Any]) -> dict[str, Any]:
        import numpy as np

        from tview.pixels.codecs import Job, decode_stream

        if "job" in message:
            self._job = Job(**{**message["job"], "decoders": tuple(message["job"]["decoders"])})
        job = self._job
        assert job is not None
        self._import(job.decoders)
        assert self._region is not None
        stream = memoryview(self._region)[: message["length"]].toreadonly()
        count = job.nbytes // np.dtype(job.dtype).itemsize
        out = np.frombuffer(self._region, np.dtype(job.dtype), count, message["offset"]).reshape(job.shape)
        self._limit_memory(job.nbytes)
        signal.setitimer(signal.ITIMER_REAL, message["time_limit_s"])
        decoder, rows_present = decode_stream(job, stream, out)
        return {"decoder": decoder, "rows_present": rows_present}

    def _import(self, decoders: tuple[str, ...]) -> None:
        """A codec is imported once, outside a frame's limits."""
        from tview.pixels.codecs import preload

        if decoders in self._imported:
            return
        self._lift_limit()
        signal.setitimer(signal.ITIMER_REAL, _IMPORT_LIMIT_S)
        try:
            preload(decoders)
        except ImportError:
            pass  # `decode_stream` goes on to the second decoder
        self._imported.add(decoders)

    def _limit_memory(self, output_bytes: int) -> None:
        if 0 < output_bytes <= self._limited_for:
            return
        self._lift_limit()
        try:
            with open("/proc/self/statm", "rb") as file:
                used = int(file.read().split()[0]) * resource.getpagesize()
            wanted = used + _MEMORY_FLOOR + _MEMORY_PER_OUTPUT_BYTE * output_bytes
            resource.setrlimit(resource.RLIMIT_AS, (wanted, resource.getrlimit(resource.RLIMIT_AS)[1]))
            self._limited_for = output_bytes
        except (OSError, ValueError):
            pass  # no /proc, or a hard limit lower than this

    def _lift_limit(self) -> None:
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
        self._limited_for = 0


if __name__ == "__main__":
    try:
        sys.exit(main(int(sys.argv[1])))
    except (BrokenPipeError, ConnectionResetError):
        sys.exit(0)
