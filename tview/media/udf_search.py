"""File entries of a UDF volume that no folder leads to any more: a lost folder takes no file with it that is described elsewhere."""

from bisect import bisect_right
from collections.abc import Collection, Iterator

from tview.media.udf_volume import LogicalVolume, tag_of
from tview.media.values import Extent, Source, next_data

_FILE, _EXTENDED = 261, 266
_MARKS = (b"\x05\x01", b"\x0a\x01")  # the identifiers of both kinds of file entry (ECMA-167 4/14.9, 14.17)
_STREAM = 0x2000  # a stream of another file, or of the system: the list of bad blocks (ECMA-167 4/14.6.8)
SEARCHED = 256 << 20
_STEP = 1 << 20


def entries_left(
    source: Source, volume: LogicalVolume, met: Collection[tuple[int, int]], known: Collection[Extent]
) -> Iterator[tuple[int, int]]:
    """(partition, block) of file entries with links to them, but those already `met`, in the order of the disc.

    The first SEARCHED bytes of the partition are looked through, without what lies in the `known` extents of files. An entry has to say
    where it lies itself, so that those of an image inside a file are not taken for the disc's.
    """
    first = volume.extents(0, 0, volume.block_size)
    if not first:
        return
    begin, end = first[0][0], min(source.size, first[0][0] + SEARCHED)
    taken = sorted((extent.offset, extent.offset + extent.length) for extent in known if extent.offset >= 0)
    position, given = begin, set(met)
    while position < end:
        position = max(position, next_data(source, position) // volume.block_size * volume.block_size)
        data = source.read_at(position, min(_STEP, end - position)).data
        for at in range(0, len(data) - 175, volume.block_size):
            if data[at : at + 2] not in _MARKS or _is_in(taken, position + at):
                continue
            block = data[at : at + volume.block_size]
            links, flags = int.from_bytes(block[48:50], "little"), int.from_bytes(block[34:36], "little")
            if tag_of(block) in (_FILE, _EXTENDED) and links and not flags & _STREAM:
                place = _place(source, volume, block, (position + at - begin) // volume.block_size)
                if place is not None and place not in given:  # a mirror has each once more
                    given.add(place)
                    yield place
        position += _STEP


def _place(source: Source, volume: LogicalVolume, block: bytes, number: int) -> tuple[int, int] | None:
    """Where it says it lies (ECMA-167 3/7.2.8), in the partition that holds file entries or in the first."""
    said = int.from_bytes(block[12:16], "little")
    for partition in dict.fromkeys((len(volume.partitions) - 1, 0)):
        if volume.read(source, partition, said, len(block)) == block:
            return partition, said
    return (0, number) if said == number else None


def _is_in(taken: list[tuple[int, int]], offset: int) -> bool:
    place = bisect_right(taken, (offset, 1 << 63)) - 1
    return place >= 0 and taken[place][0] <= offset < taken[place][1]
