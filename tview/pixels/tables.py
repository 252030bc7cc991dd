"""Lookup tables of a data set: modality, VOI, and palette colour, segmented too, in either byte order (PS3.3 C.7.6.3.1.5, C.7.9, C.11)."""

import struct
from dataclasses import dataclass

import numpy as np

from tview.dicom import DataSet
from tview.errors import Finding, finding
from tview.pixels.arrays import Pixels
from tview.text import SafeText

LUT_DESCRIPTOR, LUT_EXPLANATION, LUT_DATA, MODALITY_LUT_TYPE = 0x00283002, 0x00283003, 0x00283006, 0x00283004
MODALITY_LUT_SEQUENCE, VOI_LUT_SEQUENCE = 0x00283000, 0x00283010
_PALETTE_DESCRIPTORS = (0x00281101, 0x00281102, 0x00281103)
_PALETTE_DATA = (0x00281201, 0x00281202, 0x00281203)
_SEGMENTED_DATA = (0x00281221, 0x00281222, 0x00281223)


@dataclass(frozen=True, slots=True, eq=False)
class LookupTable:
    """Values from `first` on are mapped to `values`; what lies outside takes the nearest entry. `top` is the largest possible output."""

    first: int
    values: Pixels
    top: int
    explanation: SafeText | None = None

    def apply(self, numbers: Pixels) -> Pixels:
        """Any shape and real dtype; gives the table's entries, uint16."""
        if numbers.dtype.kind == "f":
            numbers = np.rint(numbers)
        index = np.clip(numbers.astype(np.int64, copy=False) - self.first, 0, self.values.size - 1)
        return np.take(self.values, index)


@dataclass(frozen=True, slots=True, eq=False)
class Palette:
    """Red, green and blue of each stored value from `first` on: (entries, 3) uint8."""

    first: int
    colours: Pixels

    def apply(self, stored: Pixels) -> Pixels:
        """(rows, columns) integers become (rows, columns, 3) uint8."""
        index = np.clip(stored.astype(np.int64) - self.first, 0, self.colours.shape[0] - 1)
        return np.take(self.colours, index, axis=0)


def read_tables(data_set: DataSet, tag: int, *, signed: bool) -> tuple[tuple[LookupTable, ...], tuple[Finding, ...]]:
    """The usable tables of a Modality or VOI LUT Sequence, and what is wrong with the others."""
    tables, findings = [], []
    for item in data_set.items(tag):
        try:
            tables.append(_table(item, signed=signed))
        except ValueError as error:
            name = "Modality LUT" if tag == MODALITY_LUT_SEQUENCE else "VOI LUT"
            findings.append(finding("lookup-table-unusable", table=name, problem=str(error)))
    return tuple(tables), tuple(findings)


def read_palette(data_set: DataSet) -> tuple[Palette | None, tuple[Finding, ...]]:
    """The Palette Color Lookup Table; None with a finding when it cannot be used."""
    try:
        channels = [_channel(data_set, *tags) for tags in zip(_PALETTE_DESCRIPTORS, _PALETTE_DATA, _SEGMENTED_DATA, strict=True)]
    except ValueError as error:
        return None, (finding("lookup-table-unusable", table="palette", problem=str(error)),)
    size = max(values.size for _, values, _ in channels)
    # 16-bit palettes whose entries end at 255 are 8-bit ones: written so by several makers
    wide = any(bits > 8 for _, _, bits in channels) and max(int(values.max(initial=0)) for _, values, _ in channels) > 255
    padded = [np.pad(values, (0, size - values.size), mode="edge") for _, values, _ in channels]
    colours = np.stack(padded, axis=-1)
    return Palette(channels[0][0], (colours >> 8 if wide else colours).astype(np.uint8)), ()


def _channel(data_set: DataSet, descriptor_tag: int, data_tag: int, segmented_tag: int) -> tuple[int, Pixels, int]:
    entries, first, bits = _descriptor(data_set, descriptor_tag, signed=False)
    raw = data_set.raw(data_tag)
    if raw:
        return first, _entries(raw, entries, bits, data_set, data_tag), bits
    segmented = data_set.raw(segmented_tag)
    if not segmented:
        raise ValueError("its data is empty")
    numbers = np.frombuffer(segmented, np.uint8) if bits <= 8 else _words(segmented, data_set)
    return first, _expand(numbers, entries, 1 if bits <= 8 else 2), bits


def _table(item: DataSet, *, signed: bool) -> LookupTable:
    entries, first, bits = _descriptor(item, LUT_DESCRIPTOR, signed=signed)
    raw = item.raw(LUT_DATA)
    if not raw:
        raise ValueError("its data is empty")
    values = _entries(raw, entries, bits, item, LUT_DATA)
    if not 1 <= bits <= 16:
        bits = 16
    top = max((1 << bits) - 1, int(values.max(initial=0)))
    return LookupTable(first, values, top, item.text(LUT_EXPLANATION))


def _descriptor(data_set: DataSet, tag: int, *, signed: bool) -> tuple[int, int, int]:
    """Entries (0 means 65,536), first value mapped, bits. The first value is signed where the pixels are: PS3.3 C.11.1.1.1."""
    raw, element = data_set.raw(tag), data_set.element(tag)
    if raw is None or element is None or len(raw) < 6:
        raise ValueError("its descriptor is missing")
    order = "<" if data_set.little_endian else ">"
    entries, first, bits = struct.unpack(f"{order}{'HhH' if signed or element.vr == 'SS' else 'HHH'}", raw[:6])
    return entries or 65536, first, bits


def _words(raw: bytes, data_set: DataSet) -> Pixels:
    return np.frombuffer(raw, "<u2" if data_set.little_endian else ">u2", len(raw) // 2).astype(np.uint16)


def _entries(raw: bytes, entries: int, bits: int, data_set: DataSet, tag: int) -> Pixels:
    if len(raw) >= 2 * entries:
        return _words(raw, data_set)[:entries]
    if bits <= 8 and len(raw) >= entries:  # two entries to a word
        element = data_set.element(tag)
        packed = np.frombuffer(raw, np.uint8)
        if not data_set.little_endian and element is not None and element.vr == "OW":
            packed = packed[: packed.size // 2 * 2].reshape(-1, 2)[:, ::-1].reshape(-1)
        return packed[:entries].astype(np.uint16)
    values = _words(raw, data_set)
    if not values.size:
        raise ValueError("its data is empty")
    return values  # shorter than promised: the last entry stands for the rest


def _expand(numbers: Pixels, entries: int, unit: int) -> Pixels:
    """Segments of PS3.3 C.7.9.2: discrete (0), linear (1), indirect (2). `unit` is the size of a number in bytes."""
    out: list[int] = []
    at = 0
    while at + 1 < len(numbers) and len(out) < entries:
        if numbers[at] == 2:
            if at + 3 >= len(numbers):
                raise ValueError("a segment of it is cut off")
            start = sum(int(number) << (8 * unit * i) for i, number in enumerate(numbers[at + 2 : at + 4])) // unit
            for _ in range(int(numbers[at + 1])):
                start = _segment(numbers, start, out)
                if len(out) >= entries:
                    break
            at += 4
        else:
            at = _segment(numbers, at, out)
    if not out:
        raise ValueError("its segments are empty")
    return np.asarray(out[:entries], np.uint16)


def _segment(numbers: Pixels, at: int, out: list[int]) -> int:
    """Append one discrete or linear segment; gives where the next one starts. Each adds at least one entry or ends the reading."""
    kind, length = (int(numbers[at]), int(numbers[at + 1])) if at + 1 < len(numbers) else (-1, 0)
    if kind == 0 and length:
        out.extend(int(value) for value in numbers[at + 2 : at + 2 + length])
        return at + 2 + length
    if kind == 1 and length and at + 2 < len(numbers):
        before = out[-1] if out else 0
        out.extend(round(before + (int(numbers[at + 2]) - before) * step / length) for step in range(1, length + 1))
        return at + 3
    raise ValueError("a segment of it is of no known kind")
