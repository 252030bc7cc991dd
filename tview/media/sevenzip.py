"""The members of a 7z archive, by 7-Zip's own description of the format (7zFormat.txt)."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from tview.errors import MediumError, finding
from tview.media.archive import Member, Opener
from tview.media.ciphers import Locked
from tview.media.inflate import WHOLE_LIMIT
from tview.media.sevenzip_blocks import Block, Coder, Password, PasswordWrong, Unpacker, method_name
from tview.media.sources import PartSource
from tview.media.tree import MAX_FILES
from tview.media.values import Read, Source

_START = 32
_MAX_HEADER = 64 << 20
_MAX_STREAMS = 1 << 20
_END, _HEADER, _FILES, _PACKED, _UNPACKED, _PARTS, _ENCODED = 0, 1, 5, 6, 7, 8, 0x17
_SIZE, _SUM, _FOLDER, _CODER_SIZES, _COUNT, _EMPTY, _EMPTY_FILE, _NAMES = 9, 10, 11, 12, 13, 14, 15, 17


class _DamagedError(Exception):
    """The header does not hold together."""


@dataclass(frozen=True, slots=True)
class SevenZip:
    """What an archive lists."""

    members: list[Member]
    blocks: list[Block]
    sums: dict[int, int]  # block -> what all of it sums up to, where that is told

    @property
    def locked_blocks(self) -> list[int]:
        """The encrypted blocks, the smallest first."""
        return sorted((number for number, block in enumerate(self.blocks) if block.is_locked), key=lambda number: self.blocks[number].size)

    def marked_members(self) -> list[Member]:
        """The members, those in encrypted blocks marked as locked."""
        locked = set(self.locked_blocks)
        return [member._replace(locked=Locked(member.size, 0)) if member.block in locked else member for member in self.members]


def end_of(source: Source) -> int:
    """Where the archive ends by its own account: later than the source when it is cut off or split."""
    head = source.read_at(0, _START).data.ljust(_START, b"\0")
    return _START + int.from_bytes(head[12:20], "little") + int.from_bytes(head[20:28], "little")


def read_sevenzip(source: Source, password: Password | None) -> SevenZip:
    """The files in the archive; folders are left out. Ends on every input.

    Raises:
        MediumError: the list of files is lost or damaged.
        PasswordWrong: the list is encrypted, and not with this password.
    """
    try:
        return _read(source, password)
    except (_DamagedError, IndexError, ValueError, OverflowError) as error:
        raise MediumError(finding("archive-unreadable", path=source.name)) from error


def lists(source: Source, password: Password) -> bool:
    """Whether this password opens an encrypted list of files."""
    try:
        read_sevenzip(source, password)
    except (PasswordWrong, MediumError):
        return False
    return True


def opener_of(source: Source, listing: SevenZip, password: Password | None) -> Opener:
    """The opener of its members. Unpacked blocks are kept in memory, WHOLE_LIMIT bytes of them together."""
    unpacker = Unpacker(source, listing.blocks, password)

    def open_member(member: Member) -> Source | None:
        if member.block is None:
            return PartSource(source, member.offset, max(0, min(member.size, source.size - member.offset)))
        block = listing.blocks[member.block]
        if block.is_locked and password is None:
            return None
        return _InBlock(source, unpacker, member.block, member.offset, member.size)

    return open_member


def password_fits(source: Source, listing: SevenZip, password: Password) -> bool:
    """Whether the smallest encrypted block unpacks to what its sums say: there is nothing else to tell by."""
    number = listing.locked_blocks[0]
    try:
        data = Unpacker(source, listing.blocks, password).unpacked(number)
    except PasswordWrong:
        return False
    if number in listing.sums:
        return zlib.crc32(data) == listing.sums[number]
    first = next((member for member in listing.members if member.block == number and member.crc is not None), None)
    return len(data) == listing.blocks[number].size if first is None else zlib.crc32(data[: first.size]) == first.crc


class _InBlock:
    """A member of a block that is unpacked when it is read."""

    def __init__(self, source: Source, unpacker: Unpacker, block: int, offset: int, size: int) -> None:
        self.name, self.size = source.name, size
        self._source, self._unpacker, self._block, self._offset = source, unpacker, block, offset

    def read_at(self, offset: int, length: int) -> Read:
        """See `Source.read_at`."""
        end = min(offset + length, self.size)
        if offset < 0 or offset >= end:
            return Read(b"")
        try:
            block = self._unpacker.unpacked(self._block)
        except PasswordWrong:
            block = b""
        data = bytes(memoryview(block)[self._offset + offset : self._offset + end])
        missing = end - offset - len(data)
        return Read(data + bytes(missing), ((offset + len(data), missing),)) if missing else Read(data)

    def close(self) -> None:
        """Let go of the archive."""
        self._source.close()


class _Header:
    """A header being read, byte by byte."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, many: int) -> bytes:
        if many < 0 or self.at + many > len(self.data):
            raise _DamagedError
        self.at += many
        return self.data[self.at - many : self.at]

    def byte(self) -> int:
        return self.take(1)[0]

    def number(self, limit: int = 1 << 63) -> int:
        """The leading ones of the first byte say how many more bytes there are."""
        first, mask, value = self.byte(), 0x80, 0
        for place in range(8):
            if not first & mask:
                value |= (first & (mask - 1)) << (8 * place)
                break
            value |= self.byte() << (8 * place)
            mask >>= 1
        if value > limit:
            raise _DamagedError
        return value

    def bits(self, many: int) -> list[bool]:
        packed = self.take((many + 7) // 8)
        return [bool(packed[place // 8] & 0x80 >> place % 8) for place in range(many)]

    def sums(self, many: int) -> list[int | None]:
        told = [True] * many if self.byte() else self.bits(many)
        return [int.from_bytes(self.take(4), "little") if there else None for there in told]


class _Streams(NamedTuple):
    """The blocks of an archive; of each its sum, and (size, sum) of the parts that it is cut into."""

    blocks: list[Block]
    sums: list[int | None]
    parts: list[list[tuple[int, int | None]]]


def _read(source: Source, password: Password | None) -> SevenZip:
    head = source.read_at(0, _START).data
    offset, size = int.from_bytes(head[12:20], "little"), int.from_bytes(head[20:28], "little")
    if len(head) < _START or size > _MAX_HEADER or zlib.crc32(head[12:]) != int.from_bytes(head[8:12], "little"):
        raise _DamagedError
    if not size:
        return SevenZip([], [], {})
    data = source.read_at(_START + offset, size).data
    if zlib.crc32(data) != int.from_bytes(head[28:32], "little"):
        raise _DamagedError
    for _ in range(4):
        header = _Header(data)
        kind = header.byte()
        if kind == _HEADER:
            return _listing(source, header)
        if kind != _ENCODED:
            break
        streams = _streams(header)
        block = streams.blocks[0]
        if block.size > _MAX_HEADER or block.unsupported:
            break
        if block.is_locked and password is None:
            raise PasswordWrong
        data = Unpacker(source, streams.blocks, password).unpacked(0)
        if streams.sums[0] is not None and zlib.crc32(data) != streams.sums[0]:
            if block.is_locked:
                raise PasswordWrong
            raise _DamagedError
    raise _DamagedError


def _streams(header: _Header) -> _Streams:
    place, sizes = 0, list[int]()
    blocks: list[Block] = []
    sums: list[int | None] = []
    parts: list[list[tuple[int, int | None]]] | None = None
    while (kind := header.byte()) != _END:
        if kind == _PACKED:
            place, sizes = _packed(header)
        elif kind == _UNPACKED:
            blocks, sums = _blocks(header, place + _START, sizes)
        elif kind == _PARTS:
            parts = _parts(header, blocks, sums)
        else:
            raise _DamagedError
    if parts is None:
        parts = [[(block.size, told)] for block, told in zip(blocks, sums, strict=True)]
    return _Streams(blocks, sums, parts)


def _packed(header: _Header) -> tuple[int, list[int]]:
    place, many = header.number(), header.number(_MAX_STREAMS)
    sizes: list[int] = []
    while (kind := header.byte()) != _END:
        if kind == _SIZE:
            sizes = [header.number() for _ in range(many)]
        elif kind == _SUM:
            header.sums(many)
        else:
            raise _DamagedError
    return place, sizes


def _blocks(header: _Header, place: int, sizes: list[int]) -> tuple[list[Block], list[int | None]]:
    if header.byte() != _FOLDER:
        raise _DamagedError
    many = header.number(_MAX_STREAMS)
    if header.byte():  # described elsewhere: never written
        raise _DamagedError
    chains = [_chain(header) for _ in range(many)]
    if header.byte() != _CODER_SIZES:
        raise _DamagedError
    unpacked = [[header.number() for _ in range(outputs)] for _, outputs, _, _ in chains]
    sums: list[int | None] = [None] * many
    while (kind := header.byte()) != _END:
        if kind != _SUM:
            raise _DamagedError
        sums = header.sums(many)
    blocks, stream = [], 0
    for (coders, _, order, inputs), lengths in zip(chains, unpacked, strict=True):
        mine = sizes[stream : stream + inputs]
        if len(mine) < inputs:
            raise _DamagedError
        in_order = tuple(coders[number]._replace(size=lengths[number]) for number in order)
        last = in_order[-1].size if in_order else max(lengths)
        blocks.append(Block(place, sum(mine), last, in_order))
        place += sum(mine)
        stream += inputs
    return blocks, sums


def _chain(header: _Header) -> tuple[list[Coder], int, list[int], int]:
    """A block's coders, how many outputs they have, in which order they unpack (empty when they branch), how many streams go in."""
    coders: list[Coder] = []
    inputs = outputs = 0
    for _ in range(header.number(32)):
        flags = header.byte()
        method = header.take(flags & 0x0F)
        more = (header.number(32), header.number(32)) if flags & 0x10 else (1, 1)
        settings = header.take(header.number(1 << 16)) if flags & 0x20 else b""
        coders.append(Coder(method, settings, 0))
        inputs, outputs = inputs + more[0], outputs + more[1]
    if not coders or not outputs:
        raise _DamagedError
    bound = {header.number(32): header.number(32) for _ in range(outputs - 1)}
    packed = inputs - len(bound)
    if packed > 1:
        for _ in range(packed):
            header.number(32)
    if packed != 1 or inputs != outputs or inputs != len(coders):
        return coders, outputs, [], max(1, packed)
    # The last to unpack is the one whose output feeds no other; from it back to the one that takes the packed bytes.
    at = next((number for number in range(outputs) if number not in bound.values()), 0)
    order = [at]
    while at in bound and len(order) <= len(coders):
        at = bound[at]
        order.append(at)
    if len(order) != len(coders) or max(order) >= len(coders):
        raise _DamagedError
    return coders, outputs, order[::-1], 1


def _parts(header: _Header, blocks: list[Block], sums: list[int | None]) -> list[list[tuple[int, int | None]]]:
    counts = [1] * len(blocks)
    kind = header.byte()
    if kind == _COUNT:
        counts = [header.number(MAX_FILES) for _ in blocks]
        kind = header.byte()
    if sum(counts) > MAX_FILES:
        raise _DamagedError
    lengths: list[list[int]] = []
    for block, count in zip(blocks, counts, strict=True):
        told = [header.number(block.size) for _ in range(count - 1)] if kind == _SIZE else []
        if len(told) < count - 1 or sum(told) > block.size:
            raise _DamagedError
        lengths.append([*told, block.size - sum(told)] if count else [])
    if kind == _SIZE:
        kind = header.byte()
    known = [told if count == 1 else None for told, count in zip(sums, counts, strict=True)]
    more: Iterator[int | None] = iter(())
    if kind == _SUM:
        more = iter(header.sums(sum(count for count, told in zip(counts, known, strict=True) if told is None)))
        kind = header.byte()
    if kind != _END:
        raise _DamagedError
    return [[(length, told if told is not None else next(more, None)) for length in row] for row, told in zip(lengths, known, strict=True)]


def _listing(source: Source, header: _Header) -> SevenZip:
    streams = _Streams([], [], [])
    while (kind := header.byte()) != _END:
        if kind == 4:
            streams = _streams(header)
        elif kind == _FILES:
            members = _files(header, streams)
            return SevenZip(members, streams.blocks, {number: told for number, told in enumerate(streams.sums) if told is not None})
        else:
            raise _DamagedError
    return SevenZip([], streams.blocks, {})


def _files(header: _Header, streams: _Streams) -> list[Member]:
    many = header.number(MAX_FILES)
    names: list[str] = []
    empty, empty_files = [False] * many, list[bool]()
    while (kind := header.byte()) != _END:
        part = _Header(header.take(header.number(_MAX_HEADER)))
        if kind == _EMPTY:
            empty = part.bits(many)
        elif kind == _EMPTY_FILE:
            empty_files = part.bits(sum(empty))
        elif kind == _NAMES and not part.byte():
            names = part.data[1:].decode("utf-16-le", "surrogatepass").split("\0")
    if len(names) < many:
        raise _DamagedError
    cut = ((number, offset, size, told) for number, row in enumerate(streams.parts) for offset, size, told in _offsets(row))
    is_file = iter(empty_files)
    members = []
    for name, nothing in zip(names, empty, strict=False):
        if nothing:
            if next(is_file, False):
                members.append(Member(name, 0, 0))
            continue
        number, offset, size, told = next(cut, (0, 0, -1, None))
        if size < 0:
            raise _DamagedError
        members.append(_member(name, streams.blocks[number], number, offset, size, told))
    return members


def _offsets(row: list[tuple[int, int | None]]) -> Iterator[tuple[int, int, int | None]]:
    at = 0
    for size, told in row:
        yield at, size, told
        at += size


def _member(name: str, block: Block, number: int, offset: int, size: int, told: int | None) -> Member:
    if block.unsupported:
        return Member(name, size, block.offset, None, "archive-method", told, None, number, method_name(block.unsupported))
    if block.size > WHOLE_LIMIT and not block.is_copied:
        return Member(name, size, block.offset, None, "archive-block-too-large", told, None, number)
    if block.is_copied:
        return Member(name, size, block.offset + offset, None, None, told)
    return Member(name, size, offset, None, None, told, None, number)
