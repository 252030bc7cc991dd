"""The bytes of one data set, read in growing steps and kept for its values."""

from collections.abc import Callable

from tview.dicom.limits import Limits

ReadAt = Callable[[int, int], bytes]
"""(offset, length) to bytes; shorter only at the end."""

_FIRST_STEP = 1 << 15
_LAST_STEP = 1 << 20


class Buffer:
    """A window on `read_at` that remembers what it read, up to `held_bytes`; the oldest goes first. Any thread may ask for values."""

    __slots__ = ("_chunks", "_held", "_held_bytes", "_read_at", "_step", "_value_bytes", "ends", "size")

    def __init__(self, read_at: ReadAt, size: int, limits: Limits) -> None:
        self._read_at = read_at
        self._held_bytes, self._value_bytes = limits.held_bytes, limits.value_bytes
        self._held = 0
        self._step = _FIRST_STEP
        self._chunks: list[tuple[int, bytes]] = []
        self.size = size
        self.ends: dict[int, tuple[int, int]] = {}
        """Where the content of an undefined length ends, and what follows it begins, by where the content begins."""

    def window(self, offset: int, minimum: int) -> tuple[bytes, int]:
        """A chunk and where it begins, with `minimum` bytes from `offset` on; with fewer only at the end of the data."""
        minimum = max(0, min(minimum, self.size - offset))
        for start, chunk in reversed(self._chunks):
            if start <= offset and offset + minimum <= start + len(chunk):
                return chunk, start
        chunk = self._read_at(offset, min(max(minimum, self._step), self.size - offset)) if minimum else b""
        if len(chunk) < minimum:
            self.size = offset + len(chunk)
        self._step = min(self._step * 2, _LAST_STEP)
        self._chunks.append((offset, chunk))
        self._held += len(chunk)
        while self._held > self._held_bytes and len(self._chunks) > 1:
            self._held -= len(self._chunks.pop(0)[1])
        return chunk, offset

    def value(self, offset: int, length: int) -> bytes | None:
        """These bytes, from memory or read again; shorter only at the end of the data; None when they are more than the limit."""
        for start, chunk in reversed(self._chunks):
            if start <= offset and offset + length <= start + len(chunk):
                return chunk[offset - start : offset - start + length]
        length = min(length, self.size - offset)
        if length > self._value_bytes:
            return None
        return self._read_at(offset, length) if length > 0 else b""
