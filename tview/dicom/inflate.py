"""The inflated stream of a deflated data set, under a cap by ratio and bytes (PS3.5 A.5)."""

import threading
import zlib

from tview.dicom.buffer import ReadAt
from tview.dicom.limits import Limits
from tview.errors import DicomError, finding

_INPUT = 1 << 16
_OUTPUT = 1 << 20


class Inflated:
    """Bytes of the inflated stream, inflated only as far as they are asked for, and kept. Any thread may read."""

    def __init__(self, read_at: ReadAt, start: int, size: int, limits: Limits) -> None:
        self._read_at, self._next, self._size, self._limits = read_at, start, size, limits
        # PS3.5 A.5 wants the bare stream; some writers wrap it as zlib does.
        self._engine = zlib.decompressobj(31 - 16 if _is_wrapped(read_at(start, 2)) else -15)
        self._taken = 0
        self._out = bytearray()
        self._lock = threading.Lock()
        self.broken = False

    def read_at(self, offset: int, length: int) -> bytes:
        """As a file's; shorter where the stream ends or breaks.

        Raises:
            DicomError: the stream inflates beyond the limits.
        """
        with self._lock:
            while len(self._out) < offset + length and not self._engine.eof and not self.broken and self._more():
                self._check()
            return bytes(self._out[offset : offset + length])

    def _more(self) -> bool:
        data = self._engine.unconsumed_tail
        if not data:
            data = self._read_at(self._next, min(_INPUT, self._size - self._next)) if self._next < self._size else b""
            self._next += len(data)
            self._taken += len(data)
        if not data:
            return False
        try:
            self._out += self._engine.decompress(data, _OUTPUT)
        except zlib.error:
            self.broken = True
        return True

    def _check(self) -> None:
        if too_large(len(self._out), self._taken, self._limits):
            raise DicomError(finding("inflated-too-large", bytes=len(self._out)))


def too_large(inflated: int, deflated: int, limits: Limits) -> bool:
    """Whether so many bytes out of so few are beyond the limits."""
    return inflated > limits.inflated_bytes or inflated > max(limits.inflated_free_bytes, deflated * limits.inflate_ratio)


def _is_wrapped(head: bytes) -> bool:
    return len(head) == 2 and head[0] & 0x0F == 8 and head[0] >> 4 <= 7 and int.from_bytes(head, "big") % 31 == 0
