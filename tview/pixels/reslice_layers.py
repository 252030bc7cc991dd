"""Layers of a slab laid over one another: their mean, largest or smallest value."""

from collections.abc import Callable
from typing import Any

import numpy as np

from tview.pixels.arrays import Pixels

PROJECTIONS = ("mean", "max", "min")
_REDUCE: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "mean": (np.add.reduce, np.add),
    "max": (np.maximum.reduce, np.maximum),
    "min": (np.minimum.reduce, np.minimum),
}


class Projected:
    """The projection of the layers added so far. `values` and `inside` (None: everywhere) are (rows, columns)."""

    def __init__(self, projection: str) -> None:
        self._mean = projection == "mean"
        self._reduce, self._join = _REDUCE[projection]
        self._lowest = projection == "max"
        self._total: Pixels | None = None
        self._counts: Any = 0

    def add(self, layers: Pixels, inside: Pixels | None) -> None:
        """Add (layer, row, column) values, those that are inside."""
        if inside is not None:
            nothing = 0 if self._mean else _end(layers.dtype, lowest=self._lowest)
            layers = np.where(inside, layers, np.asarray(nothing, layers.dtype))
        # int32 holds the sum of 32,768 layers of 16 bits
        wide = {"dtype": np.int32} if self._mean and layers.dtype.itemsize <= 2 else {"dtype": np.float64} if self._mean else {}
        part = self._reduce(layers, axis=0, **wide)
        self._total = part if self._total is None else self._join(self._total, part)
        self._counts = self._counts + (len(layers) if inside is None else np.add.reduce(inside, axis=0, dtype=np.int32))

    @property
    def values(self) -> Pixels:
        assert self._total is not None
        return np.asarray(self._total / np.maximum(self._counts, 1), np.float32) if self._mean else self._total

    @property
    def inside(self) -> Pixels | None:
        return None if isinstance(self._counts, int) else np.asarray(self._counts > 0)


def _end(kind: np.dtype[Any], *, lowest: bool) -> float:
    if kind.kind == "f":
        return -np.inf if lowest else np.inf
    ends = np.iinfo(kind)
    return ends.min if lowest else ends.max
