"""Resampling of values before they are windowed: area when shrinking, linear, cubic, Lanczos or nearest when enlarging."""

import threading
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np

from tview.pixels.arrays import Pixels

_THREAD = threading.local()

OVERSHOOTING = ("cubic", "lanczos")
"""Ways of enlarging that draw brighter and darker rims beside an edge: only when the reader chose one."""


@cache
def opencv() -> ModuleType:
    """OpenCV on one thread: pictures are small, and its pool would start with the first of them."""
    import cv2

    cv2.setNumThreads(1)
    return cv2


def resample(values: Pixels, rows: int, columns: int, interpolation: str, *, shrink: str = "area", scratch: bool = False) -> Pixels:
    """(rows, columns[, samples]) of the same kind of numbers; 8-bit signed become 16-bit, 32-bit integers float64.

    Pixel edges meet pixel edges at all four sides. Each axis that shrinks takes the mean over the area, whatever `interpolation` is, or
    the value in the middle where `shrink` is "nearest": codes have no mean. Only "cubic" and "lanczos" overshoot at edges.
    `scratch`: the result may be this thread's own memory, which its next call with `scratch` writes anew.
    """
    if values.shape[:2] == (rows, columns):
        return values
    if shrink == "nearest":
        return values.take(_nearest(values.shape[0], rows), axis=0).take(_nearest(values.shape[1], columns), axis=1)
    values = _for_opencv(values)
    shrunk_rows, shrunk_columns = min(rows, values.shape[0]), min(columns, values.shape[1])
    if (shrunk_rows, shrunk_columns) != values.shape[:2]:
        values = np.asarray(opencv().resize(values, (shrunk_columns, shrunk_rows), interpolation=opencv().INTER_AREA))
    if (rows, columns) == values.shape[:2]:
        return values
    if interpolation == "nearest":
        return values.take(_nearest(values.shape[0], rows), axis=0).take(_nearest(values.shape[1], columns), axis=1)
    methods = {"cubic": opencv().INTER_CUBIC, "lanczos": opencv().INTER_LANCZOS4}
    method = methods.get(interpolation, opencv().INTER_LINEAR)
    room = _scratch("resampled", (rows, columns), values.dtype) if scratch and values.ndim == 2 else None
    return np.asarray(opencv().resize(values, (columns, rows), dst=room, interpolation=method))


def scaled(values: Pixels, middle: float, factor: float, offset: float) -> Pixels:
    """(values - middle) * factor + offset as float32, in this thread's own memory, which its next call writes anew.

    For (rows, columns) of up to 16 bits. Subtracting first keeps a narrow window far from 0 exact.
    """
    room = _scratch("scaled", values.shape, np.dtype(np.float32))
    np.subtract(values, np.float32(middle), out=room, dtype=np.float32)
    room *= np.float32(factor)
    room += np.float32(offset)
    return room


def _scratch(name: str, size: tuple[int, ...], kind: np.dtype[Any]) -> Pixels:
    """Memory of this thread that is written anew each time: fresh pages for a picture cost as much as filling it."""
    kept: Pixels | None = getattr(_THREAD, name, None)
    if kept is None or kept.shape != size or kept.dtype != kind:
        kept = np.empty(size, kind)
        setattr(_THREAD, name, kept)
    return kept


def _nearest(size: int, wanted: int) -> Pixels:
    return ((np.arange(wanted) * 2 + 1) * size // (2 * wanted)).astype(np.intp)


def _for_opencv(values: Pixels) -> Pixels:
    if values.dtype == np.int8:
        values = values.astype(np.int16)
    elif values.dtype in (np.int32, np.uint32, np.int64):
        values = values.astype(np.float64)
    return np.ascontiguousarray(values)
