"""Encrypted members of ZIP archives as sources: ZipCrypto (APPNOTE 6.1) and WinZip AES (AE-1, AE-2)."""

import threading
from bisect import bisect_right
from collections.abc import Callable
from functools import cache, partial
from typing import NamedTuple, Protocol

from tview.media.sources import moved
from tview.media.values import Read, Source


class Locked(NamedTuple):
    """How a member is encrypted. `packed` counts all bytes of it, `check` is what ZipCrypto's last header byte decrypts to,
    `strength` 1, 2 or 3 for AES with 128, 192 or 256 bits, 0 for ZipCrypto.
    """

    packed: int
    check: int
    strength: int = 0


class Unlocked(Protocol):
    """A decrypted source that may know, once read through, that it was changed."""

    changed: bool

    @property
    def size(self) -> int: ...
    @property
    def name(self) -> str: ...
    def read_at(self, offset: int, length: int) -> Read: ...
    def close(self) -> None: ...


def unlock(source: Source, offset: int, locked: Locked, password: bytes) -> Unlocked | None:
    """The member's bytes, still packed; None when the member does not take this password.

    A wrong one is taken once in 256 times by ZipCrypto, once in 65,536 by AES. Costs some milliseconds with AES: its keys are made slowly.
    """
    if locked.strength:
        return _AesSource.open(source, offset, locked, password)
    return _ZipCryptoSource.open(source, offset, locked, password)


_BLOCK, _AUTHENTICATION, _ROUNDS = 16, 10, 1000


class _AesSource:
    """AES in counter mode, the counter little-endian from 1: any part can be read by itself. Any thread.

    Reads from the beginning to the end, in order, are authenticated (HMAC-SHA1, the first 80 bits of it).
    """

    def __init__(self, source: Source, offset: int, size: int, key: bytes, authentication: bytes) -> None:
        import hmac

        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

        self._source, self._offset, self.size, self.name = source, offset, size, source.name
        # The library counts big-endian: counters are encrypted as plain blocks instead.
        self._cipher = Cipher(algorithms.AES(key), modes.ECB())  # noqa: S305
        self._lock = threading.Lock()
        self._new_sum: Callable[[], hmac.HMAC] = partial(hmac.new, authentication, digestmod="sha1")
        self._sum, self._summed = self._new_sum(), 0
        self.changed = False

    @classmethod
    def open(cls, source: Source, offset: int, locked: Locked, password: bytes) -> "_AesSource | None":
        import hashlib

        salt_size = 4 + 4 * locked.strength
        key_size = 2 * salt_size
        size = locked.packed - salt_size - 2 - _AUTHENTICATION
        head = source.read_at(offset, salt_size + 2).data
        if size < 0 or len(head) < salt_size + 2:
            return None
        keys = hashlib.pbkdf2_hmac("sha1", password, head[:salt_size], _ROUNDS, 2 * key_size + 2)
        if keys[-2:] != head[-2:]:
            return None
        return cls(source, offset + salt_size + 2, size, keys[:key_size], keys[key_size:-2])

    def read_at(self, offset: int, length: int) -> Read:
        """See `Source.read_at`."""
        from array import array

        end = min(offset + length, self.size)
        if offset < 0 or offset >= end:
            return Read(b"")
        read = self._source.read_at(self._offset + offset, end - offset)
        first, last = offset // _BLOCK, (end - 1) // _BLOCK
        counters = array("Q", bytes((last - first + 1) * _BLOCK))
        counters[::2] = array("Q", range(first + 1, last + 2))
        encryptor = self._cipher.encryptor()
        stream = encryptor.update(counters.tobytes())[offset - first * _BLOCK :][: len(read.data)]
        plain = (int.from_bytes(read.data, "little") ^ int.from_bytes(stream, "little")).to_bytes(len(read.data), "little")
        self._authenticate(offset, read)
        return moved(Read(plain, read.unreadable), -self._offset)

    def close(self) -> None:
        self._source.close()

    def _authenticate(self, offset: int, read: Read) -> None:
        with self._lock:
            if offset == 0:
                self._sum, self._summed = self._new_sum(), 0
            if offset != self._summed or read.unreadable:
                return
            self._sum.update(read.data)
            self._summed += len(read.data)
            if self._summed == self.size:
                told = self._source.read_at(self._offset + self.size, _AUTHENTICATION).data
                self.changed = self._sum.digest()[:_AUTHENTICATION] != told


@cache
def _crc_table() -> tuple[int, ...]:
    rows = []
    for row in range(256):
        for _ in range(8):
            row = (row >> 1) ^ 0xEDB88320 if row & 1 else row >> 1
        rows.append(row)
    return tuple(rows)


_HEADER = 12
_POINT_EVERY = 1 << 18
_Keys = tuple[int, int, int]


def _take(keys: _Keys, data: bytes) -> _Keys:
    """The keys after these plain bytes."""
    one, two, three = keys
    crc = _crc_table()
    for byte in data:
        one = crc[(one ^ byte) & 255] ^ (one >> 8)
        two = ((two + (one & 255)) * 134775813 + 1) & 0xFFFFFFFF
        three = crc[(three ^ (two >> 24)) & 255] ^ (three >> 8)
    return one, two, three


def _decrypt(keys: _Keys, data: bytes) -> tuple[bytes, _Keys]:
    """Plain bytes and the keys after them. Each byte's key hangs on the byte before: 2-3 MB/s is what a loop in Python gives."""
    one, two, three = keys
    crc, pads, plain = _crc_table(), _pads(), bytearray(data)
    for place, byte in enumerate(data):
        plain[place] = byte = byte ^ pads[three & 0xFFFF]
        one = crc[(one ^ byte) & 255] ^ (one >> 8)
        two = ((two + (one & 255)) * 134775813 + 1) & 0xFFFFFFFF
        three = crc[(three ^ (two >> 24)) & 255] ^ (three >> 8)
    return bytes(plain), (one, two, three)


@cache
def _pads() -> bytes:
    """What a byte is masked with, by the low 16 bits of the third key."""
    return bytes((((low | 2) * ((low | 2) ^ 1)) >> 8) & 255 for low in range(1 << 16))


class _ZipCryptoSource:
    """Decrypts from the nearest place before; the keys of one every 256 KiB are kept. Any thread may read; one at a time decrypts."""

    changed = False

    def __init__(self, source: Source, offset: int, size: int, keys: _Keys) -> None:
        self._source, self._offset, self.size, self.name = source, offset, size, source.name
        self._lock = threading.Lock()
        self._starts, self._keys = [0], [keys]
        self._cursor = (0, keys)

    @classmethod
    def open(cls, source: Source, offset: int, locked: Locked, password: bytes) -> "_ZipCryptoSource | None":
        head = source.read_at(offset, _HEADER).data
        if len(head) < _HEADER or locked.packed < _HEADER:
            return None
        plain, keys = _decrypt(_take((0x12345678, 0x23456789, 0x34567890), password), head)
        return cls(source, offset + _HEADER, locked.packed - _HEADER, keys) if plain[-1] == locked.check else None

    def read_at(self, offset: int, length: int) -> Read:
        """See `Source.read_at`. Beyond a spot that cannot be read nothing can be decrypted."""
        end = min(offset + length, self.size)
        if offset < 0 or offset >= end:
            return Read(b"")
        with self._lock:
            number = bisect_right(self._starts, offset) - 1
            at, keys = self._starts[number], self._keys[number]
            if at < self._cursor[0] <= offset:
                at, keys = self._cursor
            pieces: list[bytes] = []
            while at < end:
                step = min(end, at // _POINT_EVERY * _POINT_EVERY + _POINT_EVERY) - at
                read = self._source.read_at(self._offset + at, step)
                data = read.data if not read.unreadable else read.data[: read.unreadable[0][0] - self._offset - at]
                plain, keys = _decrypt(keys, data)
                pieces.append(plain[max(0, offset - at) :])
                at += len(plain)
                if len(plain) < step:
                    break
                if at >= self._starts[-1] + _POINT_EVERY:
                    self._starts.append(at)
                    self._keys.append(keys)
            self._cursor = (at, keys)
        found = b"".join(pieces)
        missing = end - offset - len(found)
        return Read(found + bytes(missing), ((offset + len(found), missing),)) if missing else Read(found)

    def close(self) -> None:
        self._source.close()
