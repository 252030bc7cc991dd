"""Sixel bytes from palette numbers, in operations on the whole picture.

A band is six rows. For each colour in a band there is one line of characters, each telling which of its six pixels have that colour. All
lines of all bands are built in one array, cut where a character changes, and each run is looked up as one word of up to eight bytes. This
takes less processor time than img2sixel (libsixel 1.10) does for a third of the greys.
"""

from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

LONGEST_RUN = 9999
_BANDS_AT_ONCE = 4  # what is built stays in the processor's cache, and in the heap from one round to the next: 21 ms instead of 36
_HEAD = 64  # symbols from here on are the heads of lines: "$#" and the colour


def encode_bands(numbers: "Array", colours: int) -> bytes:
    """The bands of a uint8 (rows, columns) array of palette numbers under `colours`, joined by "-"; every pixel is drawn.

    A last band of fewer than six rows leaves what is below it alone. At most LONGEST_RUN columns.
    """
    rows = 6 * _BANDS_AT_ONCE
    return b"-".join(_some_bands(numbers[start : start + rows], colours) for start in range(0, len(numbers), rows))


def _some_bands(numbers: "Array", colours: int) -> bytes:
    import numpy as np

    rows, columns = numbers.shape
    keys = numbers + (np.arange(rows) // 6 * colours)[:, None]
    seen = np.zeros(-(-rows // 6) * colours, bool)
    seen[keys] = True
    present = np.flatnonzero(seen)  # the lines, in order: band * colours + colour
    width = columns + 1  # the first place of a line is its head
    start_of = np.zeros(len(seen), np.intp)
    start_of[present] = np.arange(len(present)) * width + 1
    places = start_of.take(keys)
    places += np.arange(columns)
    lines = np.zeros(len(present) * width, np.uint8)
    for row_in_band in range(6):  # within one row of a band no place is met twice, so nothing is lost
        here = places[row_in_band::6].ravel()
        lines[here] = lines.take(here) | np.uint8(1 << row_in_band)
    return _spelled(lines, width, present % colours, present // colours)


def _spelled(lines: "Array", width: int, colour_of_line: "Array", band_of_line: "Array") -> bytes:
    """Cut the lines into runs and spell each; empty ends of lines are left out."""
    import numpy as np

    cut = np.empty(len(lines), bool)
    np.not_equal(lines[1:], lines[:-1], out=cut[1:])
    cut[::width] = cut[1::width] = True
    starts = np.flatnonzero(cut)
    lengths = np.diff(starts, append=len(lines))
    symbols = lines.take(starts).astype(np.intp)
    heads = np.searchsorted(starts, np.arange(len(colour_of_line)) * width)
    ends = np.append(heads[1:], len(starts)) - 1
    symbols[heads] = _HEAD + colour_of_line
    kept = np.ones(len(starts), bool)
    kept[ends] = symbols[ends] != 0
    symbols, lengths = symbols[kept], lengths[kept]
    heads = np.flatnonzero(symbols >= _HEAD)

    word, size, prefix, factor, run_size = _spelling()
    words = word.take(symbols) * factor.take(lengths) + prefix.take(lengths)
    sizes = run_size.take(lengths)
    sizes[heads] = size.take(symbols[heads])
    spelled = words.astype("<u8", copy=False).view(np.uint8).reshape(-1, 8)[np.arange(8, dtype=np.uint8) < sizes[:, None]].tobytes()

    offsets = (np.cumsum(sizes, dtype=np.int64) - sizes)[heads]
    first_lines = np.flatnonzero(np.diff(band_of_line, prepend=-1))
    band_starts = [*offsets[first_lines].tolist(), len(spelled)]
    return b"-".join(spelled[start + 1 : end] for start, end in pairwise(band_starts))  # + 1: no "$" at the start of a band


@cache
def _spelling() -> tuple["Array", "Array", "Array", "Array", "Array"]:
    """Tables by symbol: its word and size; by run length: what stands before the character, the factor that puts it there, the size.

    Words are little endian. Runs up to three are shorter written out; a head is a run of one.
    """
    import numpy as np

    word, size = np.zeros(_HEAD + 256, np.uint64), np.zeros(_HEAD + 256, np.uint8)
    word[:_HEAD] = np.arange(63, 127)
    for colour in range(256):
        text = b"$#%d" % colour
        word[_HEAD + colour], size[_HEAD + colour] = int.from_bytes(text, "little"), len(text)
    prefix, factor = np.zeros(LONGEST_RUN + 1, np.uint64), np.zeros(LONGEST_RUN + 1, np.uint64)
    run_size = np.zeros(LONGEST_RUN + 1, np.uint8)
    factor[1:4], run_size[1:4] = (0x01, 0x0101, 0x010101), (1, 2, 3)
    for digits in range(1, 5):
        lengths = np.arange(max(4, 10 ** (digits - 1)), 10**digits)
        spelled = np.full(len(lengths), ord("!"), np.uint64)
        for place in range(digits):
            spelled |= (ord("0") + lengths // 10 ** (digits - 1 - place) % 10).astype(np.uint64) << np.uint64(8 + 8 * place)
        prefix[lengths], factor[lengths], run_size[lengths] = spelled, 1 << 8 * (digits + 1), digits + 2
    return word, size, prefix, factor, run_size
