"""Blocks of a 7z archive: chains of coders, each run over all that the one before gave, within a limit of memory."""

import bz2
import hashlib
import lzma
import threading
import zlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tview.media.inflate import RAW_DEFLATE, WHOLE_LIMIT
from tview.media.values import Source

Password = bytes
_MAX_DICTIONARY = 1 << 30

_COPY, _LZMA2, _LZMA, _DEFLATE, _BZIP2, _AES = b"\0", b"\x21", b"\3\1\1", b"\4\1\x08", b"\4\2\2", b"\x06\xf1\x07\x01"
_DELTA = b"\3"
_BRANCHES = {
    b"\3\3\1\3": lzma.FILTER_X86, b"\4": lzma.FILTER_X86, b"\3\3\2\5": lzma.FILTER_POWERPC, b"\5": lzma.FILTER_POWERPC,
    b"\3\3\4\1": lzma.FILTER_IA64, b"\6": lzma.FILTER_IA64, b"\3\3\5\1": lzma.FILTER_ARM, b"\7": lzma.FILTER_ARM,
    b"\3\3\7\1": lzma.FILTER_ARMTHUMB, b"\x08": lzma.FILTER_ARMTHUMB, b"\3\3\x08\5": lzma.FILTER_SPARC, b"\x09": lzma.FILTER_SPARC,
}  # fmt: skip
_NAMES = {b"\3\4\1": "PPMd", b"\4\1\x09": "Deflate64", b"\3\3\1\x1b": "BCJ2", b"\x0a": "ARM64", b"\4\xf7\x11\1": "Zstandard"}


class PasswordWrong(Exception):
    """The password is not the one, or there is none."""


class Coder(NamedTuple):
    """One step of unpacking: the method's number, its settings, the size of what it gives."""

    method: bytes
    settings: bytes
    size: int


@dataclass(frozen=True, slots=True)
class Block:
    """Packed bytes of the archive and what unpacks them, in the order of unpacking; no coders when they branch (BCJ2)."""

    offset: int
    packed: int
    size: int
    coders: tuple[Coder, ...]

    @property
    def is_copied(self) -> bool:
        """Whether the bytes lie in the archive as they are."""
        return all(coder.method == _COPY for coder in self.coders) and bool(self.coders)

    @property
    def is_locked(self) -> bool:
        """Whether it takes a password."""
        return any(coder.method == _AES for coder in self.coders)

    @property
    def unsupported(self) -> bytes | None:
        """The first method that is not known here."""
        if not self.coders:
            return b"\3\3\1\x1b"
        return next((coder.method for coder in self.coders if coder.method not in _STEPS), None)


def method_name(method: bytes) -> str:
    """What people call a method."""
    return _NAMES.get(method, f"method {method.hex()}")


class Unpacker:
    """Unpacks blocks and keeps them. Any thread may ask; one block is unpacked at a time."""

    def __init__(self, source: Source, blocks: Sequence[Block], password: Password | None) -> None:
        self._source, self._blocks, self._password = source, blocks, password
        self._kept: OrderedDict[int, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def unpacked(self, number: int) -> bytes:
        """All of a block, shorter where it is damaged. Raises `PasswordWrong`."""
        with self._lock:
            data = self._kept.pop(number, None)
            if data is None:
                block = self._blocks[number]
                while self._kept and sum(map(len, self._kept.values())) + block.size > WHOLE_LIMIT:
                    self._kept.popitem(last=False)
                data = self._unpack(block)
            self._kept[number] = data
        return data

    def _unpack(self, block: Block) -> bytes:
        read = self._source.read_at(block.offset, min(block.packed, 2 * WHOLE_LIMIT))
        data = read.data if not read.unreadable else read.data[: read.unreadable[0][0] - block.offset]
        for coder in block.coders:
            if coder.size > WHOLE_LIMIT + (1 << 20):
                return b""
            data = _step(coder, data, self._password)
        return data[: block.size]


def _step(coder: Coder, data: bytes, password: Password | None) -> bytes:
    if coder.method == _AES:
        return _decrypted(coder, data, password)
    if coder.method == _COPY:
        return data
    if coder.method in _BRANCHES or coder.method == _DELTA:
        return _filtered(coder, data)
    try:
        if coder.method == _DEFLATE:
            return zlib.decompressobj(RAW_DEFLATE).decompress(data, coder.size)
        if coder.method == _BZIP2:
            return _run(bz2.BZ2Decompressor(), data, coder.size)
        return _run(lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[_lzma_filter(coder)]), data, coder.size)
    except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, IndexError, MemoryError):
        return b""


def _run(state: "bz2.BZ2Decompressor | lzma.LZMADecompressor", data: bytes, size: int) -> bytes:
    """As much as comes out before the end, the size or the damage."""
    pieces, total, view, at = [], 0, memoryview(data), 0
    try:
        while total < size:
            if state.eof:  # bzip2 packs with several threads into several streams in a row
                at -= len(state.unused_data)
                if isinstance(state, lzma.LZMADecompressor) or at >= len(data):
                    break
                state = bz2.BZ2Decompressor()
            given = view[at : at + (1 << 20)] if state.needs_input else view[:0]
            at += len(given)
            piece = state.decompress(given, min(size - total, 1 << 22))
            if not piece and not len(given):
                break
            pieces.append(piece)
            total += len(piece)
    except (lzma.LZMAError, OSError, EOFError, ValueError):
        pass
    return b"".join(pieces)


def _lzma_filter(coder: Coder) -> Mapping[str, int]:
    # The dictionary need never be larger than what comes out, whatever the archive asks for.
    if coder.method == _LZMA2:
        code = coder.settings[0]
        dictionary = 0xFFFFFFFF if code >= 40 else (2 | code & 1) << (code // 2 + 11)
        return {"id": lzma.FILTER_LZMA2, "dict_size": _dictionary(dictionary, coder.size)}
    first = coder.settings[0]
    return {
        "id": lzma.FILTER_LZMA1,
        "dict_size": _dictionary(int.from_bytes(coder.settings[1:5], "little"), coder.size),
        "lc": first % 9,
        "lp": first // 9 % 5,
        "pb": first // 45,
    }


def _dictionary(told: int, size: int) -> int:
    return min(max(4096, min(told, size)), _MAX_DICTIONARY)


def _filtered(coder: Coder, data: bytes) -> bytes:
    """A filter of branch addresses or differences undone.

    liblzma runs filters in front of LZMA only, and with LZMA1 keeps the last bytes back: so it is given the data as LZMA2 that is stored.
    """
    first: dict[str, int] = {"id": _BRANCHES.get(coder.method, lzma.FILTER_DELTA)}
    if coder.method == _DELTA:
        first["dist"] = coder.settings[0] + 1 if coder.settings else 1
    stored = bytearray()
    for at in range(0, len(data), 1 << 16):
        piece = data[at : at + (1 << 16)]
        stored += (b"\x02" if at else b"\x01") + (len(piece) - 1).to_bytes(2, "big") + piece
    stored += b"\0"
    filters: list[Mapping[str, int]] = [first, {"id": lzma.FILTER_LZMA2, "dict_size": 1 << 16}]
    return _run(lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=filters), bytes(stored), len(data))


def _decrypted(coder: Coder, data: bytes, password: Password | None) -> bytes:
    """AES-256 in CBC mode, the key from the password by 2^n rounds of SHA-256."""
    if password is None:
        raise PasswordWrong
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    settings = coder.settings.ljust(2, b"\0")
    rounds, salt_size, vector_size = settings[0] & 0x3F, settings[0] >> 7, settings[0] >> 6 & 1
    salt_size += settings[1] >> 4
    vector_size += settings[1] & 15
    salt, vector = settings[2 : 2 + salt_size], settings[2 + salt_size : 2 + salt_size + vector_size]
    cipher = Cipher(algorithms.AES(_key(password, salt, rounds)), modes.CBC(vector.ljust(16, b"\0")[:16]))
    return cipher.decryptor().update(data[: len(data) // 16 * 16])[: coder.size]


_MOST_ROUNDS = 24  # 2^24: 7-Zip writes 2^19


def _key(password: Password, salt: bytes, rounds: int) -> bytes:
    text = password.decode("utf-8", "surrogateescape").encode("utf-16-le", "surrogatepass")
    if rounds == 0x3F:
        return (salt + text)[:32].ljust(32, b"\0")
    if rounds > _MOST_ROUNDS:
        raise PasswordWrong
    digest, prefix, step = hashlib.sha256(), salt + text, 1 << 12
    for start in range(0, 1 << rounds, step):
        numbers = range(start, min(start + step, 1 << rounds))
        digest.update(b"".join([prefix + number.to_bytes(8, "little") for number in numbers]))
    return digest.digest()


_STEPS = frozenset((_COPY, _LZMA, _LZMA2, _DEFLATE, _BZIP2, _AES, _DELTA, *_BRANCHES))
