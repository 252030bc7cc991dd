"""Brain tissue as a T1-weighted image shows it: folds, white matter, nuclei, ventricles."""

import numpy as np

from .head_shape import brainstem, cerebellum, cerebrum
from .noise import Noise
from .plane import Grid, Plane, cone, ellipsoid, smooth_path

WHITE, GREY, CSF = 730.0, 520.0, 135.0
_FOLD_MM = 9.5
_FOLDS, _INNER_FOLDS, _DEPTH = Noise(61, _FOLD_MM, 64, band=True), Noise(62, _FOLD_MM, 64, band=True), Noise(63, 16)
_LEAVES, _GRAIN = Noise(64, 14), Noise(65, 6)

_CALLOSUM = smooth_path(
    [
        (0, -24, 1, 1.6),
        (0, -34, 5, 3.6),
        (0, -38, 13, 5.4),
        (0, -32, 22, 4.6),
        (0, -16, 28, 3.5),
        (0, 6, 29.5, 3.0),
        (0, 24, 24, 3.4),
        (0, 34, 15, 5.6),
        (0, 30, 9, 4.2),
    ],
    3,
)
_FORNIX = smooth_path([(0, 30, 17, 1.4), (0, 16, 20, 1.3), (0, 2, 18.5, 1.5), (0, -9, 12, 1.5), (0, -12, 3, 1.2), (0, -7, -7, 1.0)], 3)
_VENTRICLE = smooth_path(
    [
        (7, -36, 12, 3.5),
        (8, -29, 18, 6.0),
        (10, -8, 24.5, 5.6),
        (14, 14, 24, 5.8),
        (22, 32, 15, 7.2),
        (30, 25, -2, 4.5),
        (33, 8, -14, 3.2),
        (32, -8, -18, 2.4),
    ],
    4,
)
_BACK_HORN = smooth_path([(22, 34, 14, 6), (21, 48, 9, 4), (20, 60, 7, 2.2)], 4)


def _along(plane: Plane, path: np.ndarray, flat: bool = False) -> Grid:
    """The distance to a curve; `flat` ignores x."""
    x = np.zeros_like(plane.x) if flat else np.abs(plane.x)
    pieces = [cone(x, plane.y, plane.z, path[i, :3], path[i + 1, :3], path[i, 3], path[i + 1, 3]) for i in range(len(path) - 1)]
    return np.asarray(np.minimum.reduce(pieces))


def paint_brain(plane: Plane) -> None:
    """Everything inside the skull; the space is painted as fluid before."""
    x, y, z = np.broadcast_arrays(plane.x, plane.y, plane.z)
    level = float(plane.x.ravel()[0])
    hull = cerebrum(x, y, z)
    arch = _along(plane, _CALLOSUM, flat=True)
    _paint_folds(plane, hull, arch, level)
    _paint_inside(plane, arch, level)
    _paint_cerebellum(plane, x, y, z)
    stem = brainstem(x, y, z)
    plane.paint(stem - 0.2, WHITE - 55 + 12 * _GRAIN.axis_aligned(plane.x, plane.y, plane.z))
    plane.paint(np.maximum(stem, ellipsoid(x, y, z, (0, 4.5, -24), (13, 7, 11))), WHITE - 95, soft=4)
    plane.paint(cone(x, y, z, (0, 14, 1), (0, 20, -15), 1.0, 1.1), CSF + 40)
    plane.paint(np.maximum(ellipsoid(x, y, z, (0, 24.5, -27), (9, 7.0, 12)), -(stem + 0.0)), CSF)
    plane.paint(ellipsoid(x, y, z, (0, 23.5, -3.5), (4.5, 3.2, 3.4)), GREY + 40)
    plane.paint(cone(x, y, z, (0, -15, -8), (0, -10, -10), 2.4, 2.0), WHITE - 90)
    plane.paint(cone(x, y, z, (0, -8, -11), (0, -11, -19), 1.2, 1.0), GREY)
    plane.paint(ellipsoid(np.abs(x), y, z, (2.5, 2.5, -9), (2.4, 2.4, 2.4)), WHITE - 70)


def _paint_folds(plane: Plane, hull: Grid, arch: Grid, level: float) -> None:
    x, y, z = np.broadcast_arrays(plane.x, plane.y, plane.z)
    side = abs(level)
    # the outer surface is folded along lines that go straight in; the inner one likewise from the fissure
    length = np.sqrt((x / 0.8) ** 2 + (y - 2) ** 2 + (z - 2) ** 2) + 1e-3
    stretch = 72 / length
    mirrored = np.float32(7.0 if level < -2.9 else 0.0)
    outer = _FOLDS.at(x * stretch + 5 * mirrored, (y - 2) * stretch + mirrored, z * stretch)
    inner = _INNER_FOLDS.at(np.full_like(y, 20 * np.sign(level + 2.9)), y + 2 * mirrored, z)
    share = np.exp(-((side / 15) ** 2)) * np.clip((12 + hull * -1) / 16, 0, 1)
    folds = (share * inner + (1 - share) * outer) / np.sqrt(share**2 + (1 - share) ** 2)
    deep = 18 + 5 * _DEPTH.axis_aligned(plane.x, plane.y, plane.z)
    depth = np.minimum(-hull, np.where(hull < -3, side - 0.6 + 0 * hull, 60))
    sheet = np.abs(folds) * np.float32(_FOLD_MM / np.pi)
    sheet = np.hypot(sheet, np.maximum(depth - deep, 0))
    # the fold that runs along the callosum's back
    ring = np.abs(arch - 12.5 - 1.5 * _DEPTH.axis_aligned(plane.x / 2, plane.y / 2, plane.z / 2))
    around = (z > 4 - 0.9 * np.maximum(-y - 20, 0)) & (y < 40)
    sheet = np.where(around, np.minimum(sheet, np.hypot(ring, max(side - 9, 0.0))), sheet)
    # no folds between that one and the callosum, nor in the stem's bed
    bed = ellipsoid(np.abs(x), y, z, (8, 2, 0), (16, 27, 16))
    free = 6 * np.clip(1 - bed / 5, 0, 1)
    if side < 14:
        free = np.maximum(free, 6 * np.clip((10.3 - arch) / 2, 0, 1) * (arch > -3))
        free = np.where(around, free, 6 * np.clip(1 - bed / 5, 0, 1))
    free = free * np.clip((44 - y) / 12, 0, 1)
    sheet = np.where(free > 0, np.maximum(sheet, np.minimum(free, ring if side < 10 else 9.0) if side < 14 else free), sheet)
    grain = 9 * _GRAIN.axis_aligned(plane.x, plane.y, plane.z)
    plane.paint(hull, GREY + grain)
    white = np.maximum(hull + 2.7, 2.75 - sheet)
    if side < 10:
        white = np.maximum(white, 4.6 - arch)
    plane.paint(white, (WHITE if side > 2.5 else WHITE - 70) + grain, soft=1.6)
    plane.paint(np.maximum(bed, -arch), GREY + 70 + grain, soft=5)
    cleft = sheet - (0.30 + 0.55 * np.clip(1 - depth / 12, 0, 1))
    plane.paint(np.maximum(cleft, hull), CSF + 30, soft=1.7)
    if side < 1.4:
        plane.paint(np.maximum(hull, side - 1.0), 260.0, soft=3)


def _paint_inside(plane: Plane, arch: Grid, level: float) -> None:
    x, y, z = np.broadcast_arrays(plane.x, plane.y, plane.z)
    side = np.abs(x)
    near = abs(level)
    # white matter round the ventricles, so that folds never reach them
    core = ellipsoid(side, y, z, (23, 4, 16), (12, 44, 11))
    plane.paint(core, WHITE, soft=6)
    if near < 14:
        if near < 4:
            plane.paint(arch - 1.5, CSF + 60)
            below = np.maximum(-(arch - 1.0), ellipsoid(x, y, z, (0, -4, 12), (9, 34, 17)))
            plane.paint(np.maximum(below, _under_arch(y, z)), GREY - 130 if near > 1.2 else GREY - 90, soft=2)
        plane.paint(arch, WHITE + 30)
    plane.paint(ellipsoid(side, y, z, (12, -22, 14), (5, 13, 9)), GREY + 60)
    plane.paint(ellipsoid(side, y, z, (15, 6, 24), (4, 24, 4)), GREY + 60)
    plane.paint(ellipsoid(side, y, z, (25, -8, 3), (6, 19, 10)), GREY + 70, soft=2)
    plane.paint(ellipsoid(side, y, z, (11, 8, 6), (9, 15, 9.5)), GREY + 105, soft=2)
    # insula: grey matter at the bottom of the side fissure
    plane.paint(ellipsoid(side, y, z, (38, -8, 2), (3.2, 24, 13)), GREY, soft=2)
    plane.paint(ellipsoid(side, y, z, (42, -8, 1), (1.8, 22, 10)), CSF + 20, soft=2)
    plane.paint(ellipsoid(side, y, z, (26, -4, -19), (7, 9, 6)), GREY + 20, soft=2)
    plane.paint(ellipsoid(side, y, z, (29, 14, -14), (5, 17, 4.5)), GREY + 10, soft=2)
    plane.paint(_along(plane, _VENTRICLE), CSF)
    plane.paint(_along(plane, _BACK_HORN), CSF)
    third = np.maximum(ellipsoid(x, y, z, (0, 1, 1), (2.4, 15, 11)), -(arch - 2))
    plane.paint(third, CSF + 20)
    plane.paint(ellipsoid(x, y, z, (0, 3, 4), (5, 3.6, 3.2)), GREY + 60)
    if near < 5:
        plane.paint(np.maximum(_along(plane, _FORNIX), near - 4.0), WHITE - 40)


def _under_arch(y: Grid, z: Grid) -> Grid:
    """The field between callosum and fornix."""
    return np.asarray(np.maximum(np.maximum(-24 - y - 12 + 0 * z, y - 26), 9 + 0.12 * (10 - y) - z), np.float32)


def _paint_cerebellum(plane: Plane, x: Grid, y: Grid, z: Grid) -> None:
    hull = cerebellum(x, y, z)
    v, w = y - 29, z + 29
    radius = np.sqrt(v**2 + w**2 + 0.15 * x**2) + 1e-3
    turn = np.arctan2(w, v)
    bend = 0.34 * _LEAVES.axis_aligned(plane.x, plane.y, plane.z)
    lobes = np.abs(np.sin(5.0 * turn + 1.1 + bend + x / 40)) * radius / 5.0
    leaves = np.abs(np.sin(17 * turn + 7 * bend + x / 13 + radius / 9)) * radius / 17
    rows = np.abs(np.sin(radius * 1.15 + 3.0 * np.sin(turn * 9 + 2 * bend)))
    depth = -hull
    lobes = np.hypot(lobes, np.maximum(depth - 15, 0))
    leaves = np.hypot(leaves, np.maximum(depth - 6.5, 0))
    plane.paint(hull, GREY - 10)
    white = np.maximum(np.maximum(3.0 - lobes, 1.5 - leaves), 2.0 - depth) + 0.7 * (rows - 0.4)
    heart = ellipsoid(np.abs(x), y, z, (20, 36, -32), (18, 13, 9))
    plane.paint(np.minimum(white, heart), WHITE - 10, soft=2)
    cleft = np.minimum(lobes - 0.55, leaves - 0.28)
    plane.paint(np.maximum(cleft, hull), CSF + 95, soft=2.2)
