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
from typing import Any

_IMPORT_LIMIT_S = 20.0
_MEMORY_FLOOR = 256 << 20
_MEMORY_PER_OUTPUT_BYTE = 24  # OpenJPEG keeps 32-bit planes and its code blocks beside the output


def main(descriptor: int) -> int:
    """Serve until the parent goes away. Gives 0."""
    _confine()
    link = socket.socket(fileno=descriptor)
    import numpy as np  # noqa: F401 - part of becoming ready

    from tview.pixels import codecs  # noqa: F401

    send(link, {"ready": os.getpid()})
    region: mmap.mmap | None = None
    while True:
        message, descriptors = receive(link)
        if message is None:
            return 0
        if descriptors:
            region = mmap.mmap(descriptors[0], message["region"])
            os.close(descriptors[0])
        send(link, _answer(message, region))


def send(link: socket.socket, message: dict[str, Any], descriptor: int | None = None) -> None:
    """One message, with a file descriptor travelling beside it when one is given."""
    body = json.dumps(message).encode()
    packet = struct.pack("<I", len(body)) + body
    if descriptor is None:
        link.sendall(packet)
    else:
        sent = socket.send_fds(link, [packet], [descriptor])
        if sent < len(packet):
            link.sendall(packet[sent:])


def receive(link: socket.socket) -> tuple[dict[str, Any] | None, list[int]]:
    """The next message and its descriptors; (None, []) when the other side is gone."""
    head, descriptors, _, _ = socket.recv_fds(link, 4, 1)
    while 0 < len(head) < 4:
        more = link.recv(4 - len(head))
        if not more:
            return None, []
        head += more
    if not head:
        return None, []
    length, body = struct.unpack("<I", head)[0], b""
    while len(body) < length:
        more = link.recv(length - len(body))
        if not more:
            return None, []
        body += more
    message: dict[str, Any] = json.loads(body)
    return message, list(descriptors)


def _confine() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    for what, limit in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0)):
        resource.setrlimit(what, (limit, limit))


def _limit_memory(output_bytes: int) -> None:
    try:
        with open("/proc/self/statm", "rb") as file:
            used = int(file.read().split()[0]) * resource.getpagesize()
        wanted = used + _MEMORY_FLOOR + _MEMORY_PER_OUTPUT_BYTE * output_bytes
        resource.setrlimit(resource.RLIMIT_AS, (wanted, resource.getrlimit(resource.RLIMIT_AS)[1]))
    except (OSError, ValueError):
        pass  # no /proc, or a hard limit lower than this


def _answer(message: dict[str, Any], region: mmap.mmap | None) -> dict[str, Any]:
    import numpy as np

    from tview.pixels.codecs import Job, decode_stream, preload

    try:
        job = Job(**{**message["job"], "decoders": tuple(message["job"]["decoders"])})
        signal.setitimer(signal.ITIMER_REAL, _IMPORT_LIMIT_S)
        try:
            preload(job.decoders)
        except ImportError:
            pass  # `decode_stream` goes on to the second decoder
        assert region is not None
        stream = region[: message["length"]]
        out = np.frombuffer(region, np.dtype(job.dtype), int(np.prod(job.shape)), message["offset"]).reshape(job.shape)
        _limit_memory(job.nbytes)
        signal.setitimer(signal.ITIMER_REAL, message["time_limit_s"])
        decoder, rows_present = decode_stream(job, stream, out)
        return {"decoder": decoder, "rows_present": rows_present}
    except MemoryError:
        return {"error": "memory", "detail": ""}
    except BaseException as error:  # whatever native code throws ends one frame
        return {"error": "failed", "detail": f"{type(error).__name__}: {error}"[:200]}
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


if __name__ == "__main__":
    try:
        sys.exit(main(int(sys.argv[1])))
    except (BrokenPipeError, ConnectionResetError):
        sys.exit(0)
