"""Cuts through a volume, as frames that are drawn, lettered and probed like those of a file."""

from dataclasses import replace

import numpy as np

from tview.errors import Finding, finding
from tview.pixels.arrays import Pixels, Real
from tview.pixels.frame import Frame
from tview.pixels.layout import Layout
from tview.pixels.reslice_layers import Projected
from tview.pixels.reslice_planes import Plane, geometry_of
from tview.pixels.reslice_sample import sample
from tview.pixels.units import PixelScale
from tview.pixels.volume import Volume

_ON_A_VOXEL = 0.01
_MOST_LAYERS = 512
_LAYERS_AT_ONCE = 16


def reslice(volume: Volume, plane: Plane, *, slab_mm: float = 0.0, projection: str = "mean", index: int = 0) -> Frame:
    """The frame that `plane` cuts, or of a slab `slab_mm` thick around it: the mean, "max" (MIP) or "min" (MinIP) through it.

    Values between voxels are linear. What lies outside the volume, or on slices that are not there, is the frame's padding. Along the
    volume's own axes the voxels are taken as they are. Padding of the file's neither enters a slab nor is mixed into what lies beside it.
    `index` is the frame's.
    """
    layers, spacing = _layers(volume, plane, slab_mm)
    whole = _straight(volume, plane, layers, projection)
    values, inside = whole if whole is not None else _projected(volume, plane, layers, projection)
    return _frame(volume, plane, values, inside, index, slab_mm if len(layers) > 1 else spacing)


def _layers(volume: Volume, plane: Plane, slab_mm: float) -> tuple[list[float], float]:
    """How far from the plane each layer of the slab is, and from one voxel to the next across it."""
    spacing = _across(volume, plane)
    half = int(min(max(slab_mm, 0.0) / spacing / 2 + 1e-6, _MOST_LAYERS / 2))
    return [layer * spacing for layer in range(-half, half + 1)], spacing


def _across(volume: Volume, plane: Plane) -> float:
    """Millimetres between voxels in the direction of the plane's normal."""
    matrix = np.linalg.inv(volume.grid.affine[:3, :3])
    return float(1 / np.abs(matrix @ np.array(plane.normal)).max())


def _straight(volume: Volume, plane: Plane, layers: list[float], projection: str) -> tuple[Pixels, Pixels | None] | None:
    """Voxels as they are, when the plane runs along two axes of the volume with their spacing; else None."""
    start, down, along = _indices(volume, plane)
    axes = _along_an_axis(down, plane.rows), _along_an_axis(along, plane.columns)
    if axes[0] is None or axes[1] is None or axes[0] == axes[1]:
        return None
    (across,) = {0, 1, 2} - {axes[0], axes[1]}
    step = float((np.linalg.inv(volume.grid.affine[:3, :3]) @ np.array(plane.normal))[across])
    depths = [float(start[across]) + step * layer for layer in layers]
    corner = {axis: round(float(start[axis])) for axis in (axes[0], axes[1])}
    if any(abs(start[axis] - corner[axis]) > _ON_A_VOXEL for axis in corner):
        return None
    if any(abs(depth - round(depth)) > _ON_A_VOXEL for depth in depths):
        return None
    cuts = [slice(0)] * 3
    for axis, change, count in ((axes[0], down, plane.rows), (axes[1], along, plane.columns)):
        low, high = sorted((corner[axis], corner[axis] + (count - 1) * round(float(change[axis]))))
        if low < 0 or high >= volume.grid.shape[axis]:
            return None
        cuts[axis] = slice(low, high + 1)
    thick = [round(depth) for depth in depths if 0 <= round(depth) < volume.grid.shape[across]]
    if not thick:
        return None
    cuts[across] = slice(min(thick), max(thick) + 1)
    values, inside = _through(volume, (cuts[0], cuts[1], cuts[2]), across, projection)
    flips = (slice(None, None, 1 if down[axes[0]] > 0 else -1), slice(None, None, 1 if along[axes[1]] > 0 else -1))
    turned = [None if array is None else (array.T if axes[0] > axes[1] else array)[flips] for array in (values, inside)]
    assert turned[0] is not None
    return np.array(turned[0], order="C"), turned[1]


def _through(volume: Volume, cuts: tuple[slice, slice, slice], across: int, projection: str) -> tuple[Pixels, Pixels | None]:
    """One layer of voxels, or several projected onto one, and where it holds values (None: everywhere)."""
    layers = np.moveaxis(volume.values[cuts], across, 0)
    there = volume.rows_present[cuts[0], None] > np.arange(volume.grid.shape[1])[cuts[1]]
    inside = None
    if not there.all():
        block = np.broadcast_to(there[:, :, None], volume.values[cuts].shape)
        inside = np.moveaxis(block, across, 0)
    if len(layers) == 1:
        return layers[0], None if inside is None else inside[0]
    projected = Projected(projection)
    for first in range(0, len(layers), _LAYERS_AT_ONCE):
        few = slice(first, first + _LAYERS_AT_ONCE)
        part = np.ascontiguousarray(layers[few])  # along columns the processor would fetch each line of memory once a layer
        projected.add(part, _values_in(volume, part, None if inside is None else inside[few]))
    return projected.values, projected.inside


def _values_in(volume: Volume, part: Pixels, inside: Pixels | None) -> Pixels | None:
    """Where a part of the volume is picture: there, and no padding of the file's; None is everywhere."""
    padding = volume.padding
    if padding is None:
        return inside
    picture = (part < padding[0]) | (part > padding[1])
    return picture if inside is None else picture & inside


def _projected(volume: Volume, plane: Plane, layers: list[float], projection: str) -> tuple[Real, Pixels | None]:
    """The layers sampled one after the other, so that a slab takes the memory of two."""
    start, down, along = _indices(volume, plane)
    towards = np.linalg.inv(volume.grid.affine[:3, :3]) @ np.array(plane.normal)
    cuts = (
        sample(volume.values, volume.rows_present, volume.padding, start + layer * towards, down, along, (plane.rows, plane.columns))
        for layer in layers
    )
    if len(layers) == 1:
        return next(cuts)
    projected = Projected(projection)
    for values, inside in cuts:
        projected.add(values[None], None if inside is None else inside[None])
    return projected.values, projected.inside


def _indices(volume: Volume, plane: Plane) -> tuple[Real, Real, Real]:
    """The index of the plane's first pixel, and its change down a column and along a row."""
    inverse = np.linalg.inv(volume.grid.affine[:3, :3])
    down = inverse @ (np.array(plane.column_direction) * plane.spacing_mm[0])
    along = inverse @ (np.array(plane.row_direction) * plane.spacing_mm[1])
    return inverse @ np.subtract(plane.origin, volume.grid.origin), down, along


def _along_an_axis(change: Real, count: int) -> int | None:
    """The axis that an index moves along by one voxel a pixel, staying within a hundredth of a voxel over `count` of them."""
    axis = int(np.abs(change).argmax())
    wanted = np.zeros(3)
    wanted[axis] = 1.0 if change[axis] > 0 else -1.0
    return axis if np.abs(change - wanted).max() * max(count - 1, 1) <= _ON_A_VOXEL else None


def _frame(volume: Volume, plane: Plane, values: Pixels, inside: Pixels | None, index: int, thickness_mm: float) -> Frame:
    plan = volume.plan
    stored, outside = _with_outside(volume, values, None if inside is None or inside.all() else inside)
    described = plan.description
    padding = volume.padding if outside is None else (outside, outside)
    description = replace(
        described,
        layout=_layout(described.layout, stored),
        slope=1.0 if plan.converted else described.slope,
        intercept=0.0 if plan.converted else described.intercept,
        modality_lut=None,
        padding=padding,
        scale=PixelScale(*plane.spacing_mm, in_patient=True),
        pixel_aspect=plane.spacing_mm[0] / plane.spacing_mm[1],
        geometry=geometry_of(plane, described.geometry, thickness_mm),
        findings=(),
    )
    return Frame(index, stored, plane.rows, description, (), (*volume.findings, *_progress(volume)))


def _progress(volume: Volume) -> tuple[Finding, ...]:
    """The slices that are still to come, while a volume is being filled."""
    expected = sum(number is not None for number in volume.plan.order) - len(volume.refused)
    missing = expected - volume.slices_present
    return (finding("volume-filling", missing=missing, slices=volume.grid.shape[0]),) if missing else ()


def _with_outside(volume: Volume, values: Pixels, inside: Pixels | None) -> tuple[Pixels, float | None]:
    """Values as they are kept, rounded where they lay between voxels, and the number that stands for "outside" where it was needed.

    That is the file's own padding. Without one it lies below every value, above where small values are white, and the frame's numbers are
    made wider when the kept ones have none free.
    """
    kept = volume.values.dtype
    if kept.kind in "iu" and values.dtype.kind == "f":
        if inside is not None:
            values = np.where(inside, values, 0)
        values = np.rint(values)
    if inside is None:
        return values.astype(kept, copy=False), None
    low, high = volume.value_range
    if volume.padding is not None:
        outside: float = volume.padding[0]
    else:
        outside = int(np.ceil(high)) + 1 if volume.plan.description.inverted else int(np.floor(low)) - 1
    if kept.kind in "iu":
        ends = np.iinfo(kept)
        if not ends.min <= outside <= ends.max:
            kept = np.dtype(f"i{min(2 * kept.itemsize, 8)}")
    return np.where(inside, values, outside).astype(kept, copy=False), outside


def _layout(layout: Layout, stored: Pixels) -> Layout:
    bits, is_float = 8 * stored.dtype.itemsize, stored.dtype.kind == "f"
    signed = int(stored.dtype.kind != "u")
    return replace(
        layout,
        rows=stored.shape[0],
        columns=stored.shape[1],
        bits_allocated=bits,
        bits_stored=bits,
        high_bit=bits - 1,
        pixel_representation=signed,
        number_of_frames=1,
        is_float=is_float,
    )
