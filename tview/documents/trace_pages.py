"""Waveforms on paper: which piece of which trace stands where, at 25 mm/s and 10 mm/mV for an ECG."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tview.documents.traces import Trace, TraceGroup
from tview.text import SafeText, safe

if TYPE_CHECKING:
    from tview.pixels.arrays import Real

MM_PER_SECOND, MM_PER_MILLIVOLT = 25.0, 10.0
PAGE_SECONDS = 10.0
_ROW_MM, _MOST_ROWS = 30.0, 12
_OVERLAP, _TINY_MV = 1.5, 0.15
_COLUMNS = (("I", "II", "III"), ("aVR", "aVL", "aVF"), ("V1", "V2", "V3"), ("V4", "V5", "V6"))
_NICE = (1.0, 2.0, 2.5, 5.0)


@dataclass(frozen=True, slots=True, eq=False)
class Strip:
    """A piece of a trace, from `first_s` for `seconds`: its left end is `left_mm` into its row, whose middle line means `middle`."""

    trace: Trace
    row: int
    left_mm: float
    first_s: float
    seconds: float
    middle: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class TracePage:
    """One page. `mm_per_unit` holds for all strips but those with their own; rows are `row_mm` high."""

    group: TraceGroup
    strips: tuple[Strip, ...]
    rows: int
    row_mm: float
    mm_per_second: float
    mm_per_unit: tuple[float, ...]
    caption: SafeText

    @property
    def width_mm(self) -> float:
        """The length of the longest row."""
        return max(strip.left_mm + strip.seconds * self.mm_per_second for strip in self.strips)


def pages_of(groups: tuple[TraceGroup, ...]) -> "tuple[TracePage, ...]":
    """Twelve leads of ten seconds as three rows of four and a long second lead; anything else a row a channel."""
    made: list[TracePage] = []
    for group in groups:
        leads = group.leads
        if all(lead in leads for column in _COLUMNS for lead in column) and group.seconds > 4:
            made += _twelve_leads(group, leads)
        made += _rows(group)
    return tuple(made)


def _twelve_leads(group: TraceGroup, leads: dict[str, Trace]) -> list[TracePage]:
    pages = []
    for number in range(max(1, math.ceil(group.seconds / PAGE_SECONDS - 1e-6))):
        start = number * PAGE_SECONDS
        length = min(PAGE_SECONDS, group.seconds - start)
        part = length / 4
        strips = [
            Strip(leads[lead], row, column * part * MM_PER_SECOND, start + column * part, part)
            for column, names in enumerate(_COLUMNS)
            for row, lead in enumerate(names)
        ]
        strips.append(Strip(leads["II"], 3, 0.0, start, length))
        pages.append(TracePage(group, tuple(strips), 4, _ROW_MM, MM_PER_SECOND, (MM_PER_MILLIVOLT,) * len(strips), _caption(group, start)))
    return pages


def _caption(group: TraceGroup, start: float, speed: float = MM_PER_SECOND, gain: str = "10 mm/mV") -> SafeText:
    parts = [group.label, f"{speed:g} mm/s", gain, f"{group.rate:g}/s", group.filters, f"{start:g} s ..." if start else ""]
    return safe("   ".join(part for part in parts if part))


def _rows(group: TraceGroup) -> list[TracePage]:
    """A row a channel, as many as fit a page; short groups are drawn at a higher speed."""
    pages = []
    speed = MM_PER_SECOND if group.seconds > 3 else 100.0 if group.seconds < 1.5 else 50.0
    seconds = PAGE_SECONDS * MM_PER_SECOND / speed
    for number in range(max(1, math.ceil(group.seconds / seconds - 1e-6))):
        start = number * seconds
        for first in range(0, len(group.traces), _MOST_ROWS):
            traces = group.traces[first : first + _MOST_ROWS]
            row_mm = max(15.0, min(_ROW_MM, 160.0 / len(traces)))
            common = _common_gain(group.traces, row_mm)
            fitted = [(0.0, common) if trace.unit == "mV" and common else _fitted(trace, row_mm) for trace in traces]
            length = min(seconds, group.seconds - start)
            strips = tuple(
                Strip(trace, row, 0.0, start, length, middle)
                for row, (trace, (middle, _gain)) in enumerate(zip(traces, fitted, strict=True))
            )
            gains = tuple(gain for _middle, gain in fitted)
            shown = (
                "10 mm/mV"
                if all(trace.unit == "mV" and gain == MM_PER_MILLIVOLT for trace, gain in zip(traces, gains, strict=True))
                else ""
            )
            pages.append(TracePage(group, strips, len(traces), row_mm, speed, gains, _caption(group, start, speed, shown)))
    return pages


def _common_gain(traces: tuple[Trace, ...], row_mm: float) -> float:
    """Millimetres per millivolt of all voltages of a group: 10, less where they would run far into other rows; 0 for tiny ones."""
    most = max((max(map(abs, _ends(trace.values))) for trace in traces if trace.unit == "mV"), default=0.0)
    return next((gain for gain in (MM_PER_MILLIVOLT, 5.0, 2.5, 1.0) if most * gain <= _OVERLAP * row_mm), 0.0) if most > _TINY_MV else 0.0


def _fitted(trace: Trace, row_mm: float) -> tuple[float, float]:
    """What the middle of a row means, and millimetres per unit: a round number by which the trace fills the row."""
    low, high = _ends(trace.values)
    wanted = 0.85 * row_mm / max(high - low, 1e-9)
    power = 10.0 ** math.floor(math.log10(wanted))
    return (low + high) / 2, max(nice * power for nice in _NICE if nice * power <= wanted)


def _ends(values: "Real") -> tuple[float, float]:
    import numpy as np

    finite = values[np.isfinite(values)]
    return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
