"""Values of a volume between its voxels: linear in all three directions, a few rows of the plane at a time."""

from typing import Any

import numpy as np

from tview.pixels.arrays import Pixels, Real

_BLOCK = 1 << 14  # points whose temporaries stay in the processor's cache
_NO_PART = 1e-3


def sample(
    values: Pixels, rows_present: Pixels, padding: tuple[float, float] | None, start: Real, down: Real, along: Real, size: tuple[int, int]
) -> tuple[Real, Pixels | None]:
    """(rows, columns) float32 of a plane, and where it is inside, None being everywhere.

    Inside is what lies at most half a voxel beyond the outermost middles, is not missing, and has no part of a voxel of padding in it.
    `start`, `down` and `along` are indices (slice, row, column) of the first point, and their change from row to row and column to column.
    """
    rows, columns = size
    result = np.empty(size, _kind(values))
    inside = None if _holds(values.shape, start, down, along, size) and padding is None else np.empty(size, bool)
    whole = bool((rows_present == values.shape[1]).all())
    inside = np.empty(size, bool) if not whole else inside
    flat = values.reshape(-1)
    step = max(_BLOCK // columns, 1)
    for first in range(0, rows, step):
        block = slice(first, min(first + step, rows))
        counts = np.arange(block.start, block.stop)
        axes = [((start[a] + counts * down[a])[:, None] + np.arange(columns) * along[a]).astype(np.float32) for a in range(3)]
        result[block], padded = _linear(flat, values.shape, axes, padding)
        if inside is None:
            continue
        there = np.ones(axes[0].shape, bool) if padded is None else ~padded
        for axis, extent in zip(axes, values.shape, strict=True):
            there &= (axis >= -0.5) & (axis <= extent - 0.5)
        inside[block] = there if whole else there & _present(rows_present, axes[0], axes[1])
    return result, inside


def _kind(values: Pixels) -> type[np.floating[Any]]:
    return np.float32 if values.dtype.itemsize <= 2 or values.dtype == np.float32 else np.float64


def _holds(shape: tuple[int, ...], start: Real, down: Real, along: Real, size: tuple[int, int]) -> bool:
    """Whether all four corners of the plane lie in the volume."""
    corners = [start + row * down + column * along for row in (0, size[0] - 1) for column in (0, size[1] - 1)]
    return all(((corner >= -0.499) & (corner <= np.array(shape) - 0.501)).all() for corner in corners)


def _linear(flat: Pixels, shape: tuple[int, ...], axes: list[Real], padding: tuple[float, float] | None) -> tuple[Real, Pixels | None]:
    """Interpolated values of points, and where padding has a part in them."""
    lows: list[Pixels] = []
    fractions: list[Real] = []
    offsets: list[int] = []
    stride = flat.size
    index_type = np.int64 if flat.size > 1 << 31 else np.int32
    for axis, size in zip(axes, shape, strict=True):
        stride //= size
        clipped = np.clip(axis, 0, size - 1)
        low = np.minimum(clipped.astype(np.int32), max(size - 2, 0))
        fractions.append(clipped - low)
        lows.append(low.astype(index_type) * stride)
        offsets.append(stride if size > 1 else 0)
    base = lows[0] + lows[1] + lows[2]
    kind = _kind(flat)

    def between(offset: int, axis: int) -> tuple[Real, Pixels | None]:
        """Values at `offset` from the lower corner, interpolated over this axis and those after it."""
        if axis == 3:
            taken = flat.take(base + offset)
            padded = None if padding is None else (taken >= padding[0]) & (taken <= padding[1])
            return taken.astype(kind, copy=False), padded
        (low, low_padded), (high, high_padded) = between(offset, axis + 1), between(offset + offsets[axis], axis + 1)
        high = high - low
        high *= fractions[axis]
        high += low
        if low_padded is not None and high_padded is not None:
            low_padded &= fractions[axis] < 1 - _NO_PART
            low_padded |= high_padded & (fractions[axis] > _NO_PART)
        return high, low_padded

    return between(0, 0)


def _present(rows_present: Pixels, slices: Real, rows: Real) -> Pixels:
    """Where both neighbouring slices hold the row below."""
    last = rows_present.shape[0] - 1
    lower = rows_present.take(np.clip(np.floor(slices), 0, last).astype(np.int32))
    upper = rows_present.take(np.clip(np.ceil(slices), 0, last).astype(np.int32))
    return np.minimum(lower, upper) > np.ceil(np.maximum(rows, 0))
