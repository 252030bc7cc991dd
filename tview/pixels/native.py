"""Uncompressed pixels, and the step from cells to stored values: PS3.5 8.1 and 8.2."""

import numpy as np

from tview.errors import PixelError, finding
from tview.pixels.arrays import Pixels
from tview.pixels.layout import Layout

_CELL = {1: "u1", 8: "u1", 12: "u2", 16: "u2", 24: "u4", 32: "u4"}


def frame_range(layout: Layout, index: int) -> tuple[int, int, int]:
    """Where a frame lies in uncompressed Pixel Data: (first byte, bytes, bits to skip in the first byte).

    Frames of one bit follow one another without padding: PS3.5 8.1.1.
    """
    first, bits = index * layout.frame_bits, layout.frame_bits
    start = first // 8
    return start, -(-(first + bits) // 8) - start, first % 8


def cells_of(data: bytes, layout: Layout, *, little_endian: bool = True, swapped: bool = False, skip_bits: int = 0) -> tuple[Pixels, int]:
    """The pixel cells of one frame, (rows, columns) or (rows, columns, samples), colour by pixel, and how many rows are there.

    Rows that the data does not reach are 0. `swapped`: cells of a byte or less in words of the other byte order (OW in big endian).
    The array may be a read-only view of `data`.

    Raises:
        PixelError: not one whole row is there.
    """
    if swapped:
        data = _swap_bytes(data)
    flat = _flat(data, layout, little_endian, skip_bits)
    per_row = layout.columns * (2 if layout.is_subsampled else layout.samples_per_pixel)
    wanted = layout.rows * per_row
    present = layout.rows
    if flat.size < wanted:
        flat, present = _fill(flat, layout, wanted, per_row)
    shaped = flat[:wanted]
    if layout.is_subsampled:
        return _spread_chroma(shaped.reshape(layout.rows, layout.columns // 2, 4)), present
    if layout.samples_per_pixel == 1:
        return shaped.reshape(layout.rows, layout.columns), present
    if layout.planar_configuration == 1:
        return np.moveaxis(shaped.reshape(layout.samples_per_pixel, layout.rows, layout.columns), 0, -1), present
    return shaped.reshape(layout.rows, layout.columns, layout.samples_per_pixel), present


def stored_of(cells: Pixels, layout: Layout, *, always_copy: bool = False) -> Pixels:
    """Stored values of pixel cells: the BitsStored bits below HighBit, sign-extended when Pixel Representation says so.

    Gives (u)int8, (u)int16 or (u)int32 as wide as the cells, floats as they are; a view where nothing had to be done.
    """
    if layout.is_float:
        return cells.copy() if always_copy else cells
    width, result = 8 * cells.dtype.itemsize, cells
    shift = layout.high_bit + 1 - layout.bits_stored
    if layout.pixel_representation == 1:
        result = result.view(np.dtype(f"i{cells.dtype.itemsize}"))
        up = width - layout.high_bit - 1
        if up:
            result = np.left_shift(result, up)
        if width > layout.bits_stored:
            return np.right_shift(result, width - layout.bits_stored)
    else:
        if shift:
            result = np.right_shift(result, shift)
        mask = (1 << layout.bits_stored) - 1
        if layout.high_bit + 1 < width and (always_copy or not result.size or result.max() > mask):  # a look is cheaper than a new array
            return np.bitwise_and(result, mask, dtype=cells.dtype)
    return result.copy() if always_copy and np.may_share_memory(result, cells) else result


def decoded_to_stored(decoded: Pixels, layout: Layout, codec: str) -> Pixels:
    """Stored values of what a codec gave, always a new array. Numbers are right-aligned and HighBit does not count; RLE packs cells."""
    if codec == "rle" and layout.bits_allocated == 8 * decoded.dtype.itemsize:
        return stored_of(decoded, layout, always_copy=True)
    wide = np.dtype(f"u{max(np.dtype(_CELL[layout.bits_allocated]).itemsize, decoded.dtype.itemsize)}")
    if layout.bits_stored == 8 * wide.itemsize and layout.pixel_representation == 0 and decoded.dtype == wide:
        return np.array(decoded)
    cells = decoded.astype(wide, copy=False)  # a negative number keeps its two's complement
    bits = min(layout.bits_stored, 8 * wide.itemsize)
    right = Layout(**{**{name: getattr(layout, name) for name in Layout.__slots__}, "bits_stored": bits, "high_bit": bits - 1})
    return stored_of(cells, right, always_copy=True)


def values_beyond(decoded: Pixels, layout: Layout) -> int:
    """How many numbers of a codec need more than the bits that are stored, which are lost. A sign may go on over the whole cell."""
    bits = layout.bits_stored
    if bits >= 8 * decoded.dtype.itemsize:
        return 0
    if layout.pixel_representation == 1 and decoded.dtype.kind == "u":
        decoded = decoded.view(np.dtype(f"i{decoded.dtype.itemsize}"))
    if decoded.dtype.kind == "i":
        return int(np.count_nonzero((decoded < -(1 << bits - 1)) | (decoded >= 1 << bits)))
    return int(np.count_nonzero(decoded >> bits))


def _flat(data: bytes, layout: Layout, little_endian: bool, skip_bits: int) -> Pixels:
    order = "<" if little_endian else ">"
    if layout.is_float:
        cell = np.dtype(f"{order}f{layout.bits_allocated // 8}")
    elif layout.bits_allocated == 1:
        return np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")[skip_bits : skip_bits + layout.frame_bits]
    elif layout.bits_allocated == 12:
        return _unpack_12(data, skip_bits)
    elif layout.bits_allocated == 24:
        return _unpack_24(data, little_endian)
    else:
        cell = np.dtype(f"{order}{_CELL[layout.bits_allocated]}")
    flat = np.frombuffer(data, cell, len(data) // cell.itemsize)
    return flat if flat.dtype.isnative else flat.astype(cell.newbyteorder("="))


def _unpack_12(data: bytes, skip_bits: int) -> Pixels:
    """Cells of 12 bits packed without gaps, the lowest bit first, as ACR-NEMA wrote them."""
    usable = np.frombuffer(data, np.uint8, len(data) // 3 * 3).reshape(-1, 3).astype(np.uint16)
    flat = np.empty(2 * usable.shape[0], np.uint16)
    flat[0::2] = usable[:, 0] | (usable[:, 1] & 15) << 8
    flat[1::2] = usable[:, 1] >> 4 | usable[:, 2] << 4
    if skip_bits:  # an odd number of cells before this frame
        shifted = np.frombuffer(data, np.uint8)
        bits = np.unpackbits(shifted, bitorder="little")[skip_bits:]
        bits = bits[: bits.size // 12 * 12].reshape(-1, 12)
        return np.asarray(bits @ (1 << np.arange(12, dtype=np.uint16)), np.uint16)
    return flat


def _unpack_24(data: bytes, little_endian: bool) -> Pixels:
    triples = np.frombuffer(data, np.uint8, len(data) // 3 * 3).reshape(-1, 3)
    wide = np.zeros((triples.shape[0], 4), np.uint8)
    wide[:, :3] = triples if little_endian else triples[:, ::-1]
    return wide.view("<u4").reshape(-1).astype(np.uint32)


def _fill(flat: Pixels, layout: Layout, wanted: int, per_row: int) -> tuple[Pixels, int]:
    if layout.planar_configuration == 1 and layout.samples_per_pixel > 1 and not layout.is_subsampled:
        plane = layout.rows * layout.columns
        present = max(flat.size - (layout.samples_per_pixel - 1) * plane, 0) // layout.columns
    else:
        present = flat.size // per_row
    if present < 1:
        raise PixelError(finding("pixel-data-missing", have=flat.size * layout.bits_allocated // 8, want=layout.frame_bits // 8))
    filled = np.zeros(wanted, flat.dtype)
    filled[: flat.size] = flat
    return filled, present


def _spread_chroma(pairs: Pixels) -> Pixels:
    """Two lumas and their shared chroma become two pixels: PS3.3 C.7.6.3.1.2."""
    rows, half, _ = pairs.shape
    full = np.empty((rows, half, 2, 3), pairs.dtype)
    full[:, :, 0, 0], full[:, :, 1, 0] = pairs[..., 0], pairs[..., 1]
    full[..., 1], full[..., 2] = pairs[..., 2, None], pairs[..., 3, None]
    return full.reshape(rows, half * 2, 3)


def _swap_bytes(data: bytes) -> bytes:
    even = data if len(data) % 2 == 0 else data + b"\0"
    return np.frombuffer(even, "u2").byteswap().tobytes()
