"""From modality values to 0-255: PS3.3 C.11.2, and the window when the file has none that can be used."""

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from tview.pixels.arrays import Pixels, Real
from tview.pixels.view import Window

if TYPE_CHECKING:
    from tview.pixels.tables import LookupTable


def ramp_of(window: Window) -> tuple[float, float] | None:
    """(middle, scale) so that display = clip((modality - middle) * scale + 127.5, 0, 255); None when the window is no ramp.

    LINEAR uses center - 0.5 and width - 1: C.11.2.1.2.1. LINEAR_EXACT neither: C.11.2.1.3.2. A width of 1 is a threshold, no ramp.
    """
    if window.function == "LINEAR_EXACT" and window.width > 0:
        return window.center, 255.0 / window.width
    if window.function == "LINEAR" and window.width > 1:
        return window.center - 0.5, 255.0 / (window.width - 1.0)
    return None


def threshold_of(window: Window) -> float | None:
    """The modality value above which a window too narrow to be a ramp is white; None for one that is wide enough."""
    if window.function == "LINEAR":
        return window.center - 0.5 if window.width <= 1 else None
    return window.center if window.width <= 0 else None


def apply_window(modality: Pixels, window: Window, slope: float = 1.0, intercept: float = 0.0) -> Pixels:
    """Values through a window, as 0-255 not yet rounded; `modality` times slope plus intercept are the modality values.

    float64 for float64 and 32-bit integers, float32 otherwise. SIGMOID is C.11.2.1.3.1.
    """
    wide = modality.dtype == np.float64 or modality.dtype in (np.int32, np.uint32, np.int64)
    values: Real = modality.astype(np.dtype(np.float64 if wide else np.float32), copy=True)
    ramp = ramp_of(window)
    if ramp is not None:
        # The middle goes first: a narrow window on large values would lose its levels to rounding otherwise
        values -= (ramp[0] - intercept) / slope
        values *= ramp[1] * slope
        values += 127.5
        return np.clip(values, 0, 255, out=values)
    if slope != 1.0 or intercept:
        values *= slope
        values += intercept
    threshold = threshold_of(window)
    if threshold is None:
        values -= window.center
        values *= -4.0 / window.width
        np.clip(values, -80, 80, out=values)
        np.exp(values, out=values)
        values += 1
        return np.divide(255.0, values, out=values)
    return np.where(values > threshold, 255.0, 0.0).astype(values.dtype)


def apply_voi_lut(modality: Pixels, table: "LookupTable") -> Pixels:
    """Modality values through a VOI LUT, as 0-255 not yet rounded: C.11.2.1.1."""
    return table.apply(modality).astype(np.float32) * (255.0 / max(table.top, 1))


def apply_presentation_lut(display: Pixels, table: "LookupTable") -> Pixels:
    """0-255 through a Presentation LUT, whose input is the whole range of what comes before it: PS3.3 C.11.6."""
    steps = np.nan_to_num(display.astype(np.float64)) * ((table.values.size - 1) / 255.0)
    return table.apply(steps + table.first).astype(np.float32) * (255.0 / max(table.top, 1))


def to_bytes(display: Pixels) -> Pixels:
    """0-255 rounded half up, uint8."""
    return (display + 0.5).astype(np.uint8)


def window_over(low: float, high: float) -> Window:
    """The window that draws `low` black and `high` white."""
    return Window((low + high) / 2, max(high - low, 0.0), "LINEAR_EXACT", origin="pixels")


def display_table(window: "Window | LookupTable", slope: float, intercept: float, *, signed: bool, inverted: bool) -> Pixels:
    """The display value, uint8, of every 16-bit stored value; index it by the stored value's bits taken as unsigned."""
    if isinstance(window, Window):
        return _window_table(window, slope, intercept, signed, inverted)
    return _finish(apply_voi_lut(_every_modality_value(slope, intercept, signed), window), inverted)


@lru_cache(maxsize=32)
def _window_table(window: Window, slope: float, intercept: float, signed: bool, inverted: bool) -> Pixels:
    return _finish(apply_window(_every_modality_value(1.0, 0.0, signed), window, slope, intercept), inverted)


def _every_modality_value(slope: float, intercept: float, signed: bool) -> Pixels:
    bits = np.arange(65536, dtype=np.uint16)
    return (bits.view(np.int16) if signed else bits).astype(np.float64) * slope + intercept


def _finish(display: Pixels, inverted: bool) -> Pixels:
    table = to_bytes(255.0 - display if inverted else display)
    table.setflags(write=False)
    return table
