"""Overlay planes of groups 6000 to 601E, drawn only when asked for: PS3.3 C.9.2, PS3.5 8.1.2."""

from dataclasses import dataclass

import numpy as np

from tview.dicom import DataSet
from tview.errors import Finding, finding
from tview.pixels.arrays import Pixels
from tview.pixels.layout import Layout
from tview.text import SafeText

_ROWS, _COLUMNS, _FRAMES, _DESCRIPTION, _TYPE, _ORIGIN, _FRAME_ORIGIN = 0x10, 0x11, 0x15, 0x22, 0x40, 0x50, 0x51
_BITS_ALLOCATED, _BIT_POSITION, _LABEL, _DATA = 0x100, 0x102, 0x1500, 0x3000


@dataclass(frozen=True, slots=True, eq=False)
class Overlay:
    """One overlay of one frame: (rows, columns) uint8 of the image's size, 1 where it draws. `kind` is "G" graphics or "R" region."""

    group: int
    mask: Pixels
    kind: str
    label: SafeText | None


@dataclass(frozen=True, slots=True)
class OverlayPlane:
    """Where an overlay is described. `bit_position` is None when its bits are in Overlay Data rather than among the pixel's."""

    group: int
    rows: int
    columns: int
    origin: tuple[int, int]
    number_of_frames: int
    first_frame: int
    bit_position: int | None
    kind: str
    label: SafeText | None


def read_planes(data_set: DataSet, layout: Layout) -> tuple[tuple[OverlayPlane, ...], tuple[Finding, ...]]:
    """The overlay planes that a data set describes, and what is wrong with those that cannot be drawn."""
    planes, findings = [], []
    for group in range(0x6000, 0x6020, 2):
        base = group << 16
        if base | _ROWS not in data_set and base | _DATA not in data_set and base | _BIT_POSITION not in data_set:
            continue
        rows, columns = data_set.integer(base | _ROWS) or layout.rows, data_set.integer(base | _COLUMNS) or layout.columns
        packed = base | _DATA in data_set
        position = data_set.integer(base | _BIT_POSITION) or 0
        origin = (*data_set.integers(base | _ORIGIN), 1, 1)[:2] if data_set.integers(base | _ORIGIN) else (1, 1)
        problem = _problem(layout, rows, columns, packed, position)
        if problem:
            findings.append(finding("overlay-unusable", group=f"{group:04X}", problem=problem))
            continue
        planes.append(
            OverlayPlane(
                group=group,
                rows=rows,
                columns=columns,
                origin=(origin[0], origin[1]),
                number_of_frames=max(data_set.integer(base | _FRAMES) or 1, 1),
                first_frame=max(data_set.integer(base | _FRAME_ORIGIN) or 1, 1) - 1,
                bit_position=None if packed else position,
                kind=str(data_set.text(base | _TYPE) or "G"),
                label=data_set.text(base | _LABEL) or data_set.text(base | _DESCRIPTION),
            )
        )
    return tuple(planes), tuple(findings)


def plane_masks(data_set: DataSet) -> tuple[tuple[OverlayPlane, Pixels], ...]:
    """The overlays of an object without pixels of its own, such as a presentation state: each plane and its mask, at its origin."""
    masks = []
    for group in range(0x6000, 0x6020, 2):
        base = group << 16
        rows, columns = data_set.integer(base | _ROWS) or 0, data_set.integer(base | _COLUMNS) or 0
        if base | _DATA not in data_set or not 1 <= rows <= 65535 or not 1 <= columns <= 65535 or rows * columns > 1 << 28:
            continue
        origin = (*data_set.integers(base | _ORIGIN), 1, 1)[:2] if data_set.integers(base | _ORIGIN) else (1, 1)
        label = data_set.text(base | _LABEL) or data_set.text(base | _DESCRIPTION)
        kind = str(data_set.text(base | _TYPE) or "G")
        plane = OverlayPlane(group, rows, columns, (origin[0], origin[1]), 1, 0, None, kind, label)
        bits = _packed_bits(plane, data_set, 0)
        if bits is not None:
            masks.append((plane, bits))
    return tuple(masks)


def draw_planes(
    planes: tuple[OverlayPlane, ...], data_set: DataSet, cells: Pixels | None, layout: Layout, index: int
) -> tuple[Overlay, ...]:
    """The overlays of the frame at `index`. `cells` are whole pixel cells, before BitsStored was taken; None when a codec dropped them."""
    drawn = []
    for plane in planes:
        bits = _packed_bits(plane, data_set, index) if plane.bit_position is None else _embedded_bits(plane, cells)
        if bits is not None:
            drawn.append(Overlay(plane.group, _placed(bits, plane.origin, layout), plane.kind, plane.label))
    return tuple(drawn)


def _problem(layout: Layout, rows: int, columns: int, packed: bool, position: int) -> str | None:
    if not 1 <= rows <= 65535 or not 1 <= columns <= 65535 or rows * columns > 1 << 28:
        return f"{columns} x {rows} pixels"
    if not packed and not 0 <= position < layout.bits_allocated:
        return f"bit {position} of {layout.bits_allocated}"
    return None


def _packed_bits(plane: OverlayPlane, data_set: DataSet, index: int) -> Pixels | None:
    number = index - plane.first_frame if plane.number_of_frames > 1 else 0
    if not 0 <= number < plane.number_of_frames:
        return None
    raw, size = data_set.raw(plane.group << 16 | _DATA) or b"", plane.rows * plane.columns
    start = number * size
    part = np.frombuffer(raw, np.uint8)[start // 8 : -(-(start + size) // 8)]
    if not data_set.little_endian and data_set.vr(plane.group << 16 | _DATA) == "OW":
        part = part[: part.size // 2 * 2].reshape(-1, 2)[:, ::-1].reshape(-1)
    bits = np.unpackbits(part, bitorder="little")[start % 8 : start % 8 + size]
    if bits.size < size:
        bits = np.concatenate([bits, np.zeros(size - bits.size, np.uint8)])
    return bits.reshape(plane.rows, plane.columns)


def _embedded_bits(plane: OverlayPlane, cells: Pixels | None) -> Pixels | None:
    if cells is None or cells.ndim != 2 or cells.dtype.kind == "f" or plane.bit_position is None:
        return None
    return (np.right_shift(cells, plane.bit_position) & 1).astype(np.uint8)


def _placed(bits: Pixels, origin: tuple[int, int], layout: Layout) -> Pixels:
    """On the image's rows and columns; an origin of 1\\1 is its first pixel, and what lies outside is cut."""
    mask = np.zeros((layout.rows, layout.columns), np.uint8)
    row, column = origin[0] - 1, origin[1] - 1
    part = bits[max(-row, 0) : layout.rows - row, max(-column, 0) : layout.columns - column]
    if part.size:
        mask[max(row, 0) : max(row, 0) + part.shape[0], max(column, 0) : max(column, 0) + part.shape[1]] = part
    return mask
