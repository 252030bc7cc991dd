"""A histogram as rows of a sheet: bars of characters, what they stand for, and where the window lies."""

from typing import TYPE_CHECKING

from tview.text import SafeText, safe
from tview.ui.look import words
from tview.ui.popup import Line

if TYPE_CHECKING:
    import numpy as np

    from tview.pixels import Frame, Window

_ = str
_BINS, _ROWS = 64, 10
_EIGHTHS, _EIGHTHS_ASCII = " ▁▂▃▄▅▆▇█", "  ..::||#"


def histogram_lines(frame: "Frame", window: "Window | None", ascii_only: bool = False) -> list[Line]:
    """Of modality values without padding; of a colour picture, its brightness. Heights are square roots, so that rare values are seen."""
    import numpy as np

    values = _values(frame)
    if not values.size:
        return [Line(((words(_("no values")), "panel"),), search="nothing")]
    low, high = float(values.min()), float(values.max())
    counts, _edges = np.histogram(values, _BINS, (low, high if high > low else low + 1))
    heights = np.sqrt(counts / counts.max()) * _ROWS
    signs = _EIGHTHS_ASCII if ascii_only else _EIGHTHS
    lines = [Line(((SafeText("  " + _row(heights - row, signs)), "panel.strong"),)) for row in range(_ROWS - 1, -1, -1)]
    if window is not None:
        lines.append(Line(((SafeText("  " + _window_row(window, low, high, ascii_only)), "panel.amber"),)))
    unit = f" {frame.description.unit}" if frame.description.unit else ""
    ends = f"{low:.6g}{unit}"
    lines.append(Line(((SafeText("  "), "panel"), (safe(ends + f"{high:.6g}{unit}".rjust(_BINS - len(ends))), "panel.dim"))))
    sums = words(
        _("{count} pixels  mean {mean}  SD {deviation}"), count=values.size, mean=f"{values.mean():.1f}", deviation=f"{values.std():.1f}"
    )
    lines.append(Line(((SafeText("  "), "panel"), (sums, "panel")), search=str(sums)))
    return lines


def _values(frame: "Frame") -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
    import numpy as np

    description = frame.description
    if description.is_colour:
        return np.asarray(frame.rgb()[: frame.rows_present].mean(axis=2), np.float64).ravel()
    return np.asarray(frame.modality_values(frame.picture_values().ravel()))


def _row(above: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]", signs: str) -> str:
    return "".join(signs[int(min(max(height, 0.0), 1.0) * 8)] for height in above)


def _window_row(window: "Window", low: float, high: float, ascii_only: bool) -> str:
    """From black to white: a line under the values that the window spreads."""
    scale = _BINS / ((high - low) or 1.0)
    first, last = (int((edge - low) * scale) for edge in (window.center - window.width / 2, window.center + window.width / 2))
    mark = "=" if ascii_only else "━"
    return "".join(mark if first <= index <= last else " " for index in range(_BINS))
