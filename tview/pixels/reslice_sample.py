"""Values of a volume between its voxels: linear in all three directions, a few rows of the plane at a time."""

import numpy as np

from tview.pixels.arrays import Pixels, Real

_BLOCK = 1 << 14  # points whose temporaries stay in the processor's cache

Matrix = tuple[Real, Real, Real]


def sample(values: Pixels, rows_present: Pixels, start: Real, down: Real, along: Real, size: tuple[int, int]) -> tuple[Real, Pixels]:
    """(rows, columns) float32 of a plane, and where it is inside: at most half a voxel beyond the outermost middles, and not missing.

    `start`, `down` and `along` are indices (slice, row, column) of the first point, and their change from row to row and column to column.
    """
    rows, columns = size
    result = np.empty(size, np.float32)
    inside = np.empty(size, bool)
    whole = bool((rows_present == values.shape[1]).all())
    flat = values.reshape(-1)
    step = max(_BLOCK // columns, 1)
    for first in range(0, rows, step):
        end = min(first + step, rows)
        counts = np.arange(first, end)
        axes = [((start[a] + counts * down[a])[:, None] + np.arange(columns) * along[a]).astype(np.float32) for a in range(3)]
        there = np.ones(axes[0].shape, bool)
        for axis, size_ in zip(axes, values.shape, strict=True):
            there &= (axis >= -0.5) & (axis <= size_ - 0.5)
        result[first:end] = _linear(flat, values.shape, axes)
        if not whole:
            there &= _present(rows_present, axes[0], axes[1])
        inside[first:end] = there
    return result, inside


def _linear(flat: Pixels, shape: tuple[int, ...], axes: list[Real]) -> Real:
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

    def between(offset: int, axis: int) -> Real:
        """Values at `offset` from the lower corner, interpolated over this axis and those after it."""
        if axis == 3:
            return flat.take(base + offset).astype(np.float32) if flat.dtype.itemsize <= 2 else np.asarray(flat.take(base + offset))
        low, high = between(offset, axis + 1), between(offset + offsets[axis], axis + 1)
        return low + (high - low) * fractions[axis]

    return between(0, 0)


def _present(rows_present: Pixels, slices: Real, rows: Real) -> Pixels:
    """Where both neighbouring slices hold the row below."""
    last = rows_present.shape[0] - 1
    lower = rows_present.take(np.clip(np.floor(slices), 0, last).astype(np.int32))
    upper = rows_present.take(np.clip(np.ceil(slices), 0, last).astype(np.int32))
    return np.minimum(lower, upper) > np.ceil(np.maximum(rows, 0))
