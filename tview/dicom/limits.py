"""How much of a hostile file is taken seriously."""

from typing import NamedTuple


class Limits(NamedTuple):
    """Caps on one data set. What goes beyond is cut off and told, or refused."""

    depth: int = 64
    elements: int = 1_500_000
    held_bytes: int = 64 << 20  # header bytes kept in memory; what is older is read again when asked for
    value_bytes: int = 1 << 30  # the longest value that is read into memory at all
    eager_bytes: int = 1 << 16  # a longer value is skipped by the walk and read when asked for
    inflated_bytes: int = 512 << 20
    inflated_free_bytes: int = 64 << 20  # up to here any ratio is believed: blank pictures deflate 1000:1
    inflate_ratio: int = 200


DEFAULT = Limits()
TRUSTED = Limits(depth=200, elements=50_000_000, held_bytes=1 << 30, value_bytes=1 << 40, inflated_bytes=1 << 40, inflate_ratio=1100)
