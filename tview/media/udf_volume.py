"""The volume structures of UDF (ECMA-167 part 3, OSTA UDF 1.02-2.60): from the anchor to a map of logical blocks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from struct import Struct

from tview.media.sources import SECTOR
from tview.media.values import Source

ANCHOR, PRIMARY, POINTER, PARTITION, LOGICAL, TERMINATING = 2, 1, 3, 5, 6, 8
_TAG = Struct("<HHBxHHHI")
_MAX_SEQUENCE = 1024
_MAX_MAPS = 16
_MAX_TABLE = 64 << 20
_VAT_SEARCHED = 512

Blocks = Callable[[int, int], list[tuple[int, int]]]
"""(first block, number of blocks) -> [(offset in the source or -1, bytes)] in order."""


@dataclass(frozen=True, slots=True)
class LongAd:
    """An allocation descriptor that names its partition (ECMA-167 4/14.14.2)."""

    length: int
    kind: int
    block: int
    partition: int


@dataclass(frozen=True, slots=True)
class LogicalVolume:
    """A UDF volume: block size, where the file set descriptor is, how blocks of each partition are found.

    `copies` are further ways to the same blocks, by partition.
    """

    label: str
    block_size: int
    file_set: LongAd
    partitions: tuple[Blocks, ...]
    copies: Mapping[int, Blocks] = field(default_factory=dict)

    def extents(self, partition: int, block: int, length: int) -> list[tuple[int, int]]:
        """(offset, bytes) of a run of bytes; empty for a partition that is not there."""
        return self._runs(self.partitions[partition], block, length) if partition < len(self.partitions) and length > 0 else []

    def _runs(self, blocks: Blocks, block: int, length: int) -> list[tuple[int, int]]:
        size = self.block_size
        runs, left = [], length
        for offset, many in blocks(block, -(-length // size)):
            runs.append((offset, min(many, left)))
            left -= many
            if left <= 0:
                break
        return runs

    def read(self, source: Source, partition: int, block: int, length: int) -> bytes:
        """The descriptor there, from its copy when it is none; zeros for what is not there."""
        data = self._read(source, self.extents(partition, block, length))
        if partition in self.copies and not tag_of(data):
            copy = self._read(source, self._runs(self.copies[partition], block, length))
            return copy if tag_of(copy) else data
        return data

    def _read(self, source: Source, runs: list[tuple[int, int]]) -> bytes:
        pieces = []
        for offset, many in runs:
            pieces.append(source.read_at(offset, many).data.ljust(many, b"\0") if offset >= 0 else bytes(many))
        return b"".join(pieces)


def tag_of(data: bytes, location: int | None = None) -> int:
    """The identifier of a descriptor tag, 0 when its checksum is wrong or it says that it is from elsewhere (ECMA-167 3/7.2)."""
    if len(data) < 16:
        return 0
    identifier, _, checksum, _, _, _, place = _TAG.unpack_from(data)
    if (sum(data[:16]) - data[4]) & 0xFF != checksum or (location is not None and place != location):
        return 0
    return int(identifier)


def long_ad(data: bytes, at: int) -> LongAd:
    """The long_ad at this place."""
    word = int.from_bytes(data[at : at + 4], "little")
    block, partition = int.from_bytes(data[at + 4 : at + 8], "little"), int.from_bytes(data[at + 8 : at + 10], "little")
    return LongAd(word & 0x3FFFFFFF, word >> 30, block, partition)


def decode_name(data: bytes) -> str:
    """OSTA compressed Unicode (UDF 2.1.1): a first byte that says 8 or 16 bits, then the characters."""
    if data[:1] in (b"\x10", b"\xff"):
        return data[1 : 1 + (len(data) - 1) // 2 * 2].decode("utf-16-be", "replace")
    return data[1:].decode("latin-1") if data[:1] in (b"\x08", b"\xfe") else data.decode("utf-8", "surrogateescape")


def decode_dstring(data: bytes) -> str:
    """A dstring (UDF 2.1.3): its last byte gives the length."""
    return decode_name(data[: min(data[-1], len(data) - 1)]).rstrip(" \0") if data and data[-1] else ""


def read_volume(source: Source) -> LogicalVolume | None:
    """The logical volume that an anchor leads to; None without one that can be followed.

    Anchors stand at block 256, 256 before the end and at the end (ECMA-167 3/8.4.2.1, UDF 2.2.3); any one does. Blocks of 512 bytes and
    others are found by trying. Without an anchor the usual places of the descriptors are looked through.
    """
    for size in (SECTOR, 512, 4096, 1024):
        last = source.size // size - 1
        for place in (256, last - 256, last, 512):
            data = source.read_at(place * size, 512).data if place > 0 else b""
            if tag_of(data, place) != ANCHOR:
                continue
            for at in (16, 24):  # the main sequence of descriptors, then the reserve
                length, start = int.from_bytes(data[at : at + 4], "little"), int.from_bytes(data[at + 4 : at + 8], "little")
                if volume := _follow(source, size, start, min(length // size, _MAX_SEQUENCE)):
                    return volume
    for size in (SECTOR, 512):
        if volume := _follow(source, size, 16, 512):
            return volume
    return None


def _follow(source: Source, size: int, start: int, blocks: int) -> LogicalVolume | None:
    """The volume described by this sequence of descriptors; of several of a kind the one with the highest number prevails."""
    partitions: dict[int, tuple[int, int, int]] = {}
    logical: tuple[int, bytes] | None = None
    data = source.read_at(start * size, blocks * size).data
    for index in range(len(data) // size):
        block = data[index * size : (index + 1) * size]
        kind = tag_of(block, start + index)
        number = int.from_bytes(block[16:20], "little")
        if kind == PARTITION:
            name = int.from_bytes(block[22:24], "little")
            if name not in partitions or partitions[name][0] <= number:
                partitions[name] = (number, int.from_bytes(block[188:192], "little"), int.from_bytes(block[192:196], "little"))
        elif kind == LOGICAL and (logical is None or logical[0] <= number):
            logical = (number, block)
        elif kind == TERMINATING:
            break
    if logical is None or not partitions:
        return None
    return _volume(source, size, logical[1], {name: (start, length) for name, (_, start, length) in partitions.items()})


def _volume(source: Source, size: int, block: bytes, partitions: dict[int, tuple[int, int]]) -> LogicalVolume | None:
    logical_size = int.from_bytes(block[212:216], "little")
    if logical_size not in (512, 1024, 2048, 4096):
        logical_size = size
    maps: list[Blocks] = []
    copies: dict[int, Blocks] = {}
    at, end = 440, min(len(block), 440 + int.from_bytes(block[264:268], "little"))
    while at + 6 <= end and len(maps) < _MAX_MAPS:
        length = block[at + 1]
        if length < 6 or at + length > end:
            break
        maps.append(_map(source, logical_size, block[at : at + length], partitions, maps, copies))
        at += length
    if not maps:  # a damaged table: nearly all discs have one plain partition
        maps.append(_plain(next(iter(partitions.values())), logical_size))
    return LogicalVolume(decode_dstring(block[84:212]), logical_size, long_ad(block, 248), tuple(maps), copies)


def _map(
    source: Source, size: int, entry: bytes, partitions: dict[int, tuple[int, int]], before: Sequence[Blocks], copies: dict[int, Blocks]
) -> Blocks:
    if entry[0] == 1 or len(entry) < 64:
        place = partitions.get(int.from_bytes(entry[4:6], "little")) or next(iter(partitions.values()))
        return _plain(place, size)
    place = partitions.get(int.from_bytes(entry[38:40], "little")) or next(iter(partitions.values()))
    name = entry[5:28].rstrip(b"\0")
    plain = _plain(place, size)
    if name == b"*UDF Virtual Partition":
        return _virtual(source, size, place, before[0] if before else plain)
    if name == b"*UDF Sparable Partition":
        return _sparable(source, size, entry, place)
    if name == b"*UDF Metadata Partition":
        found = _metadata(source, size, entry, plain)
        if len(found) > 1:
            copies[len(before)] = found[1]
        return found[0] if found else plain
    return plain


def _plain(place: tuple[int, int], size: int) -> Blocks:
    start = place[0]
    return lambda block, many: [((start + block) * size, many * size)]


def _sparable(source: Source, size: int, entry: bytes, place: tuple[int, int]) -> Blocks:
    """Packets that went bad are recorded elsewhere (UDF 2.2.9, 2.2.12)."""
    packet = int.from_bytes(entry[40:42], "little") or 32
    moved: dict[int, int] = {}
    length = min(int.from_bytes(entry[44:48], "little"), _MAX_TABLE)
    for table in range(min(entry[42], 4)):
        data = source.read_at(int.from_bytes(entry[48 + 4 * table : 52 + 4 * table], "little") * size, length).data
        if data[17:35] != b"*UDF Sparing Table":
            continue
        for number in range(min(int.from_bytes(data[48:50], "little"), (len(data) - 56) // 8)):
            original = int.from_bytes(data[56 + 8 * number : 60 + 8 * number], "little")
            if original < 0xFFFFFFF0:
                moved[original // packet] = int.from_bytes(data[60 + 8 * number : 64 + 8 * number], "little")
        break
    plain = _plain(place, size)
    if not moved:
        return plain

    def blocks(block: int, many: int) -> list[tuple[int, int]]:
        runs: list[tuple[int, int]] = []
        while many > 0:
            inside = block % packet
            step = min(many, packet - inside)
            elsewhere = moved.get(block // packet)
            offset = (place[0] + block if elsewhere is None else elsewhere + inside) * size
            if runs and runs[-1][0] + runs[-1][1] == offset:
                runs[-1] = (runs[-1][0], runs[-1][1] + step * size)
            else:
                runs.append((offset, step * size))
            block += step
            many -= step
            if offset > source.size:
                break
        return runs

    return blocks


def _virtual(source: Source, size: int, place: tuple[int, int], plain: Blocks) -> Blocks:
    """Blocks of a disc written in steps go through the table at its end (UDF 2.2.8, 2.2.11)."""
    table = _find_vat(source, size, place, plain)

    def blocks(block: int, many: int) -> list[tuple[int, int]]:
        runs = []
        for number in range(block, min(block + many, len(table) // 4)):
            real = int.from_bytes(table[4 * number : 4 * number + 4], "little")
            runs += plain(real, 1) if real != 0xFFFFFFFF else [(-1, size)]
        return runs

    return blocks


def _find_vat(source: Source, size: int, place: tuple[int, int], plain: Blocks) -> bytes:
    from tview.media.udf import read_icb  # the table is a file

    volume = LogicalVolume("", size, LongAd(0, 0, 0, 0), (plain,))
    last = source.size // size - 1
    first = max(place[0], last + 1 - _VAT_SEARCHED)
    window = source.read_at(first * size, (last + 1 - first) * size).data
    for sector in range(last, first - 1, -1):
        data = window[(sector - first) * size : (sector - first + 1) * size]
        if tag_of(data) not in (261, 266) or data[27] not in (0, 248):
            continue
        icb = read_icb(source, volume, 0, sector - place[0])
        if icb is None or icb.size > _MAX_TABLE:
            continue
        content = icb.content(source)
        if icb.file_type == 248:
            return content[int.from_bytes(content[:2], "little") :]
        if content[-35:-17] == b"*UDF Virtual Alloc":
            return content[:-36]
    return b""


def _metadata(source: Source, size: int, entry: bytes, plain: Blocks) -> list[Blocks]:
    """Everything but file contents lies in a file of its own (UDF 2.50 2.2.10): that and its mirror, as far as they can be found."""
    from tview.media.udf import read_icb

    volume = LogicalVolume("", size, LongAd(0, 0, 0, 0), (plain,))
    found = []
    for at in (40, 44):
        icb = read_icb(source, volume, 0, int.from_bytes(entry[at : at + 4], "little"))
        if icb is not None and icb.extents:
            found.append(_in_file(icb.extents, size))
    return found


def _in_file(extents: Sequence[tuple[int, int]], size: int) -> Blocks:
    """Blocks that are counted along a file."""

    def blocks(block: int, many: int) -> list[tuple[int, int]]:
        runs, start, low, high = [], 0, block * size, (block + many) * size
        for offset, length in extents:
            begin, end = max(low, start), min(high, start + length)
            if begin < end:
                runs.append((offset + begin - start if offset >= 0 else -1, end - begin))
            start += length
        return runs

    return blocks
