"""Directory records of ISO 9660 that look alike, taken together: pictures have names of one length, so most records of a disc do."""

from codecs import utf_16_be_decode
from operator import itemgetter
from struct import Struct
from typing import NamedTuple

_LITTLE, _BIG = "<2xI4xI{}x", ">6xI4xI{}x"  # block and size of a record in both byte orders (ECMA-119 9.1)
_FEWEST = 4
_SIZE = itemgetter(1)
_STRUCTS: dict[int, tuple[Struct, Struct]] = {}


class Run(NamedTuple):
    """Plain files whose records follow one another: blocks and sizes (none 0), names as other records' are made, where the next one is."""

    numbers: list[tuple[int, int]]
    names: list[str]
    end: int

    @property
    def reach(self) -> tuple[int, int]:
        """The largest block and the largest size."""
        return max(self.numbers)[0], max(map(_SIZE, self.numbers))


def run_of_files(data: bytes, text: str, at: int, joliet: bool, named: bool) -> Run | None:
    """The run that begins at this record of a directory's sector; None where there is none, or anything about it needs a closer look.

    `text` is the sector in Latin-1. No extended attributes, flags, interleaving; both byte orders agree; names hold letters, digits and
    dots and end in ";1" or all in no version. Names are left out unless `named`.
    """
    size = data[at]
    if size < 34 or at + _FEWEST * size > len(data) or data[at + size] != size:
        return None
    column = data[at::size]
    count = len(column) - len(column.lstrip(bytes((size,))))
    length = data[at + 32]
    if count < _FEWEST or not 3 < length <= size - 33:
        return None
    end = at + count * size
    if end > len(data):
        return None
    run = data[at:end]
    nothing = bytes(count)
    if run[1::size] != nothing or run[25::size] != nothing or run[26::size] != nothing or run[27::size] != nothing:
        return None
    if run[32::size] != bytes((length,)) * count:
        return None
    little, big = _structs(size)
    numbers: list[tuple[int, int]] = list(little.iter_unpack(run))
    if numbers != list(big.iter_unpack(run)) or not all(map(_SIZE, numbers)):
        return None
    if not named:
        return Run(numbers, [], end)
    names = _wide_names(data, at, size, end, length) if joliet else _names(run, text, at, size, end, length)
    return Run(numbers, names, end) if names else None


def _names(run: bytes, text: str, at: int, size: int, end: int, length: int) -> list[str] | None:
    count = (end - at) // size
    if run[31 + length :: size] == b";" * count and run[32 + length :: size] == b"1" * count:
        length -= 2
        dots = run[32 + length :: size]
        if b"." in dots:
            if dots != b"." * count:
                return None
            length -= 1
    names = [text[name : name + length] for name in range(at + 33, end, size)]
    together = "".join(names).replace(".", "")
    return (
        names if together.isalnum() and together.isascii() and b"." not in run[33::size] and b"." not in run[32 + length :: size] else None
    )


def _wide_names(data: bytes, at: int, size: int, end: int, length: int) -> list[str] | None:
    if length % 2:
        return None
    names = [utf_16_be_decode(data[name : name + length], "replace")[0] for name in range(at + 33, end, size)]
    if all(name[-2:] == ";1" for name in names):
        names = [name[:-2] for name in names]
    sound = "".join(names).replace(".", "").isalnum() and not any(name[0] == "." for name in names)
    return names if sound else None


def _structs(size: int) -> tuple[Struct, Struct]:
    known = _STRUCTS.get(size)
    if known is None:
        known = _STRUCTS[size] = Struct(_LITTLE.format(size - 14)), Struct(_BIG.format(size - 18))
    return known
