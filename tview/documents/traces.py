"""The samples of waveforms in the units that they were measured in (PS3.3 C.10.9)."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tview.dicom import DataSet, Header, ReadAt
from tview.dicom import tags as t
from tview.documents.reading import Reading
from tview.text import SafeText, safe, translate

if TYPE_CHECKING:
    from tview.pixels.arrays import Pixels, Real

_PADDING, _LOW_HZ, _HIGH_HZ = 0x5400100A, 0x003A0220, 0x003A0221
_TYPES = {
    ("SB", 8): "i1", ("UB", 8): "u1", ("SS", 16): "i2", ("US", 16): "u2", ("SL", 32): "i4", ("UL", 32): "u4", ("SV", 64): "i8",
    ("UV", 64): "u8",
}  # fmt: skip
_LOGARITHMIC = ("MB", "AB")  # mu-law and A-law bytes: sound
_MOST_BYTES = 256 << 20
_RATES = (0.05, 1e6)  # samples a second that are believed
_TO_MILLIVOLTS = {"uV": 1e-3, "µV": 1e-3, "mV": 1.0, "V": 1e3, "nV": 1e-6}
_LEADS = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")
_LEAD_NAME = re.compile(r"\b(aVR|aVL|aVF|V[1-9]R?|III|II|I)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """One channel: `values` float32, NaN where there is padding, in `unit` ("mV" for voltages; "" where the file does not say)."""

    name: SafeText
    unit: str
    values: "Real"

    @property
    def lead(self) -> str | None:
        """The lead of an ECG that it is, as leads are written."""
        found = _LEAD_NAME.search(self.name)
        return next((lead for lead in _LEADS if found and lead.lower() == found[1].lower()), None)


@dataclass(frozen=True, slots=True, eq=False)
class TraceGroup:
    """Channels sampled together, `rate` times a second. `filters` is what they were filtered with, in words."""

    label: SafeText
    rate: float
    traces: tuple[Trace, ...]
    filters: SafeText

    @property
    def seconds(self) -> float:
        """How long it is."""
        return max((len(trace.values) for trace in self.traces), default=0) / self.rate

    @property
    def leads(self) -> dict[str, Trace]:
        """The leads of an ECG that are among them."""
        return {trace.lead: trace for trace in self.traces if trace.lead is not None and trace.unit == "mV"}


def is_sound(header: Header) -> bool:
    """Whether a waveform is to be heard, not seen."""
    return (header.sop_class_uid or "").startswith("1.2.840.10008.5.1.4.1.1.9.4.")


def read_traces(header: Header, read_at: ReadAt) -> tuple[TraceGroup, ...]:
    """The groups that have samples. A group whose samples are cut short is as long as what is there."""
    groups = []
    reading = Reading()
    for number, item in enumerate(header.data_set.items(t.WAVEFORM_SEQUENCE), 1):
        label = reading.row(item, t.MULTIPLEX_GROUP_LABEL) or safe(translate("Group {number}").format(number=number))
        made = _group(item, label, read_at, reading)
        if made is not None:
            groups.append(made)
    return tuple(groups)


def _group(item: DataSet, label: SafeText, read_at: ReadAt, reading: Reading) -> TraceGroup | None:
    import numpy as np

    channels, rate = item.integer(t.NUMBER_OF_WAVEFORM_CHANNELS), item.number(t.SAMPLING_FREQUENCY)
    kind = _TYPES.get((str(item.text(t.WAVEFORM_SAMPLE_INTERPRETATION) or "").upper(), item.integer(t.WAVEFORM_BITS_ALLOCATED) or 0))
    place = item.reader(t.WAVEFORM_DATA)
    if not channels or rate is None or not _RATES[0] <= rate <= _RATES[1] or kind is None or place is None or place[1] > _MOST_BYTES:
        return None
    cell = np.dtype(kind).newbyteorder("<" if item.little_endian else ">")
    data = read_at(*place)
    stored = np.frombuffer(data[: len(data) // cell.itemsize * cell.itemsize], cell)
    count = min(len(stored) // channels, item.integer(t.NUMBER_OF_WAVEFORM_SAMPLES) or len(stored) // channels)
    if not count:
        return None
    samples = stored[: count * channels].reshape(count, channels)
    definitions = item.items(t.CHANNEL_DEFINITION_SEQUENCE)
    padding = _padding(item, kind)
    traces = tuple(
        _trace(definitions[place] if place < len(definitions) else None, place + 1, samples[:, place], padding, reading)
        for place in range(channels)
    )
    return TraceGroup(label, rate, traces, _filters(definitions))


def _padding(item: DataSet, kind: str) -> int | None:
    import numpy as np

    raw, size = item.raw(_PADDING), int(kind[1])
    if raw is None or len(raw) < size:
        return None
    return int(np.frombuffer(raw[:size], np.dtype(kind).newbyteorder("<" if item.little_endian else ">"))[0])


def _trace(definition: DataSet | None, number: int, stored: "Pixels", padding: int | None, reading: Reading) -> Trace:
    """Sample times sensitivity and its correction, plus baseline: C.10.9.1.4."""
    import numpy as np

    values = stored.astype(np.float32)
    if padding is not None:
        values[stored == padding] = np.nan
    if definition is None:
        return Trace(safe(str(number)), "", values)
    source = definition.first_item(t.CHANNEL_SOURCE_SEQUENCE)
    name = reading.row(definition, t.CHANNEL_LABEL) or reading.code(source) or safe(str(number))
    sensitivity = definition.number(t.CHANNEL_SENSITIVITY)
    if sensitivity is None:
        return Trace(name, "", values)
    correction = definition.number(t.CHANNEL_SENSITIVITY_CORRECTION_FACTOR)
    values = values * np.float32(sensitivity * (1.0 if correction is None else correction))
    values += np.float32(definition.number(t.CHANNEL_BASELINE) or 0.0)
    unit = _unit(definition)
    return Trace(name, "mV", values * np.float32(_TO_MILLIVOLTS[unit])) if unit in _TO_MILLIVOLTS else Trace(name, unit, values)


def _unit(definition: DataSet) -> str:
    item = definition.first_item(t.CHANNEL_SENSITIVITY_UNITS_SEQUENCE)
    code = str(item.text(t.CODE_VALUE) or "") if item is not None else ""
    return {"mm[Hg]": "mmHg"}.get(code, code) if code not in ("1", "{counts}") else ""


def _filters(definitions: tuple[DataSet, ...]) -> SafeText:
    for item in definitions:
        low, high = item.number(_LOW_HZ), item.number(_HIGH_HZ)
        if low is not None and high is not None:
            return safe(f"{low:g} - {high:g} Hz")
    return SafeText("")


__all__ = ["Trace", "TraceGroup", "is_sound", "read_traces"]
