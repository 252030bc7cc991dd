# ruff: noqa: E501 -- tables read better in rows
"""The whole head on one sagittal plane, as T1-weighted signal (fat about 950, air 0)."""

from itertools import pairwise

import numpy as np

from .brain import CSF, paint_brain
from .head_shape import brainstem, intracranial, skin, wave
from .noise import Noise
from .plane import Grid, Plane, cone, ellipsoid, smooth_path, union

FAT, MUSCLE, SKIN, MARROW, CORTEX, MUCOSA = 930.0, 345.0, 520.0, 700.0, 45.0, 480.0
_PLANES, _CURLS, _SPECKS = Noise(71, 9, 48, band=True), Noise(72, 5, 48, band=True), Noise(73, 6)
_VERTEBRAE = [
    (3, -84, 8.5, 15),
    (6.5, -105, 8.0, 7.4),
    (8, -122.5, 8.0, 7.2),
    (8, -140, 8.2, 7.2),
    (6.5, -157.5, 8.4, 7.3),
    (4, -175, 8.6, 7.4),
]
_AIRWAY = smooth_path(
    [(0, -38, -47, 9), (0, -30, -58, 7.5), (0, -25, -74, 5.5), (0, -24, -98, 6.5), (0, -22, -122, 6), (0, -21, -200, 7.5)], 5
)


def sagittal(x: float, y: Grid, z: Grid, pixel_mm: float) -> Grid:
    """Signal on the plane at `x`; `y` is (columns), `z` is (rows), both in mm and rising."""
    plane = Plane(np.full((1, 1), x, np.float32), y[None].astype(np.float32), z[:, None].astype(np.float32), pixel_mm)
    xx, yy, zz = np.broadcast_arrays(plane.x, plane.y, plane.z)
    inner = intracranial(xx, yy, zz)
    outside = skin(xx, yy, zz, inner)
    plane.paint(outside, SKIN)
    plane.paint(outside + 1.8, FAT + 18 * _SPECKS.axis_aligned(plane.x, plane.y, plane.z))
    _paint_flesh(plane, outside, inner, xx, yy, zz)
    _paint_face(plane, xx, yy, zz, outside)
    _paint_skull(plane, inner, yy, zz)
    _paint_neck(plane, xx, yy, zz)
    plane.paint(inner, CSF)
    paint_brain(plane)
    _paint_base(plane, xx, yy, zz)
    return np.maximum(plane.value, 0)


def _paint_flesh(plane: Plane, outside: Grid, inner: Grid, x: Grid, y: Grid, z: Grid) -> None:
    """Muscle under the fat of face and neck, cut by planes of fat; the temple's muscle beside the skull."""
    behind = np.clip((y - 20) / 30, 0, 1) * np.clip((-z - 40) / 30, 0, 1)
    cover = 6.0 + 5.0 * behind + 3.0 * np.clip((-z - 90) / 20, 0, 1) * np.clip((-y) / 20, 0, 1)
    deep = np.maximum(outside + cover, (z + 6 - 0.25 * np.maximum(y - 40, 0)) * 0.8)
    # muscles of the neck run along it, so their fat does too
    leaning = plane.y - 0.06 * plane.z
    planes = np.exp(-((_PLANES.at(0 * y + plane.x / 1.4, 0.75 * leaning + 0 * y, plane.z * 0.13 + 0 * y) / 0.13) ** 2))
    plane.paint(deep, MUSCLE + 190 * planes + 14 * _SPECKS.axis_aligned(plane.x, plane.y, plane.z), soft=2)
    temple = np.maximum(ellipsoid(np.abs(x), y, z, (64, -18, 2), (14, 36, 38)), outside + 4.5)
    plane.paint(temple, MUSCLE, soft=2)


def _paint_skull(plane: Plane, inner: Grid, y: Grid, z: Grid) -> None:
    thick = 6.6 + 0.8 * wave(plane) + 1.6 * np.exp(-(((y - 88) / 16) ** 2 + ((z + 6) / 12) ** 2))
    thick = thick - 3.2 * np.clip((-z - 18) / 14, 0, 1)
    # no vault under the face and the neck: the base is painted by itself
    gone = np.maximum((-z - 17 - 0.06 * (y + 30)) * 0.7, -6)
    gone = gone + np.clip((y - 12) / 22, 0, 1) * (-6 - gone)
    shell = np.maximum(inner - thick, gone)
    plane.paint(shell, CORTEX)
    spongy = np.maximum(np.abs(inner - thick * 0.5) - (thick * 0.5 - 1.7), gone + 1.5)
    plane.paint(spongy.astype(np.float32), MARROW - 90 + 35 * _SPECKS.axis_aligned(plane.x, plane.y, plane.z), soft=1.6)


def _bone(plane: Plane, distance: Grid, cortex: float = 1.3) -> None:
    plane.paint(distance, CORTEX)
    plane.paint(distance + np.float32(cortex), MARROW + 30 * _SPECKS.axis_aligned(plane.x, plane.y, plane.z), soft=1.5)


def _paint_face(plane: Plane, x: Grid, y: Grid, z: Grid, outside: Grid) -> None:
    side = np.abs(x)
    curls = _CURLS.axis_aligned(plane.x, plane.y * 0.5, plane.z)
    nose = np.maximum(
        union(ellipsoid(side, y, z, (0, -62, -35), (17, 28, 22)), ellipsoid(side, y, z, (0, -82, -46), (12, 18, 8)), 4), outside + 4
    )
    plane.paint(nose, MUCOSA)
    plane.paint(np.maximum(nose + 1.5, 0.9 - np.abs(curls) * 1.6), 10.0, soft=1.5)
    plane.paint(np.maximum(nose, side - 1.0), MUCOSA - 40)
    sinus = ellipsoid(side, y, z, (30, -54, -58), (15, 18, 14))
    _bone(plane, np.maximum(sinus - 2.2, outside + 8), 1.2)
    plane.paint(np.maximum(sinus, outside + 10), 5.0)
    orbit = np.maximum(cone(side, y, z, (30, -64, -25), (15, -32, -18), 17.5, 5), outside + 2.5)
    plane.paint(orbit - 1.2, CORTEX)
    plane.paint(orbit, FAT - 40)
    for first, last in (
        ((32, -62, -12), (14, -34, -16)),
        ((32, -62, -38), (14, -34, -21)),
        ((20, -62, -25), (14, -34, -18)),
        ((43, -60, -25), (15, -34, -18)),
    ):
        plane.paint(cone(side, y, z, first, last, 2.2, 1.4), MUSCLE + 40)
    plane.paint(cone(side, y, z, (28, -56, -25), (12, -28, -15), 2.1, 1.9), WHITE_NERVE)
    eye = ellipsoid(side, y, z, (31, -67, -25), (11.6, 11.6, 11.6))
    plane.paint(eye - 0.8, 330)
    plane.paint(eye, 190)
    plane.paint(ellipsoid(side, y, z, (31, -75, -25), (4.6, 2.2, 4.6)), 400)
    palate = cone(x, y, z, (0, -86, -61), (0, -48, -59), 2.6, 2.2)
    palate = np.minimum(palate, ellipsoid(x, y, z, (0, -84, -65), (18, 4.5, 6)))
    palate = np.maximum(np.where(side < 20, palate, 9), outside + 3)
    mouth = np.maximum(ellipsoid(side, y, z, (0, -60, -84), (27, 33, 21)), outside + 6)
    plane.paint(mouth, MUCOSA - 60)
    fan = np.sin(10 * np.arctan2(z + 108, y + 84) + 0.3 * curls)
    tongue = np.maximum(ellipsoid(side, y, z, (0, -58, -84), (24, 31, 19)), outside + 8)
    plane.paint(np.maximum(tongue - 1.1, -84 - z), 60.0)
    plane.paint(tongue, MUSCLE + 70 + 85 * np.clip(fan, 0, 1) ** 3 + 20 * curls)
    soft_palate = np.minimum(
        cone(side, y, z, (0, -49, -59), (0, -36, -67), 3.4, 3.8), cone(side, y, z, (0, -36, -67), (0, -31, -79), 3.8, 2.4)
    )
    plane.paint(np.where(side < 16, soft_palate, 9.0).astype(np.float32), MUSCLE + 120)
    _bone(plane, palate.astype(np.float32), 0.9)
    jaw_path = smooth_path(
        [(0, -83, -104, 7.0), (16, -78, -104, 6.6), (34, -54, -100, 6.4), (46, -22, -94, 6.6), (48, -12, -66, 5.4), (48, -8, -38, 4.6)], 5
    )
    jaw = np.minimum.reduce([cone(side, y, z * 0.8, a[:3] * (1, 1, 0.8), b[:3] * (1, 1, 0.8), a[3], b[3]) for a, b in pairwise(jaw_path)])
    _bone(plane, jaw, 1.8)
    for height, row, reach in ((-70.5, -86, 4.6), (-91.5, -84, 4.4)):
        tooth = ellipsoid(side, y + 0.022 * side**2 * -1, z, (0, row, height), (26, 2.6, reach + 2.5))
        plane.paint(tooth, CORTEX + 20)
    plane.paint(ellipsoid(side, y, z, (0, -75, 14), (17, 5, 11)) + 1.5 * np.abs(curls), 8.0)


WHITE_NERVE = 600.0


def _paint_base(plane: Plane, x: Grid, y: Grid, z: Grid) -> None:
    """Clivus, sphenoid sinus and gland, over what is there."""
    side = np.abs(x)
    wide = np.clip((side - 11) * 0.8, 0, None)
    block = np.minimum(cone(x * 0, y, z, (0, -13, -32), (0, -2, -38), 10.5, 6), cone(x * 0, y, z, (0, -2, -36), (0, 8.5, -55), 5.2, 3.4))
    block = np.maximum(block + wide, -(brainstem(x, y, z) - 1.5))
    _bone(plane, block, 1.2)
    plane.paint(ellipsoid(x, y, z, (0, -22, -31), (13, 10.5, 8.2)) + 0.6 * wave(plane), 6.0)
    plane.paint(ellipsoid(x, y, z, (0, -9.5, -21.5), (7, 6.2, 4.6)), CORTEX + 40)
    plane.paint(ellipsoid(x, y, z, (0, -9.5, -20.8), (6.4, 5.0, 3.5)), 540)
    plane.paint(ellipsoid(x, y, z, (0, -6.2, -20.8), (3, 1.6, 2.2)), 860)
    for sign in (-1, 1):
        ridge = cone(x, y, z, (sign * 14, 2, -26), (sign * 46, 22, -24), 4.5, 6.5)
        _bone(plane, ridge, 2.2)
    if float(side.ravel()[0]) > 30:
        cells = ellipsoid(side, y, z, (54, 26, -32), (12, 14, 15))
        plane.paint(cells, CORTEX)
        plane.paint(np.maximum(cells + 1.5, np.abs(_CURLS.axis_aligned(plane.x, plane.y, plane.z)) * 2.0 - 1.6), 260.0)


def _paint_neck(plane: Plane, x: Grid, y: Grid, z: Grid) -> None:
    side = np.abs(x)
    level = float(side.ravel()[0])
    front = np.minimum.reduce([cone(x, y, z, a[:3], b[:3], a[3], b[3]) for a, b in pairwise(_AIRWAY)])
    plane.paint(front - 2.4, MUCOSA)
    plane.paint(front, 4.0)
    if level < 12:
        plane.paint(cone(x, y, z, (0, -34, -106), (0, -25, -92), 1.8, 1.1), MUCOSA - 20)
        _bone(plane, cone(x, y, z, (0, -46, -116), (0, -44, -118), 3.6, 3.6), 1.1)
    canal = np.minimum.reduce([
        cone(x, y, z, (0, 16, -48), (0, 21, -70), 10.5, 8.6), cone(x, y, z, (0, 21, -70), (0, 26.5, -105), 8.2, 7.6), cone(x, y, z, (0, 26.5, -105), (0, 24.5, -200), 7.6, 7.4),
    ])  # fmt: skip
    if level < 19:
        for middle, height, half, tall in _VERTEBRAE:
            spread = float(np.clip((level - 8) / 10, 0, 1))
            if spread < 1:
                u, v = (y - middle - 0.10 * (z - height)) / (half * (1 - 0.3 * spread) + 0.6), (z - height) / (tall + 0.4)
                v = v * (1 + 0.07 * np.cos(2.2 * u))
                box = ((np.abs(u) ** 5 + np.abs(v) ** 5) ** 0.2 - 1) * min(half, tall)
                _bone(plane, np.asarray(box, np.float32), 1.1)
                if tall < 10:
                    top = height + tall + 1.6
                    plane.paint(np.maximum(np.abs(y - middle) - half * 0.9, np.abs(z - top) - 1.7).astype(np.float32), 330.0)
        if level < 7:
            _bone(plane, cone(x, y, z, (0, 3.2, -76), (0, 3.8, -61), 6.0, 4.6), 1.0)
            _bone(plane, ellipsoid(x, y, z, (0, -6.6, -62), (20, 3.2, 4.8)), 0.9)
            for height, long in ((-66, 42), (-84, 52), (-105, 48), (-122, 50), (-140, 54), (-158, 60), (-176, 66)):
                _bone(plane, cone(x, y, z, (0, 38, height), (0, long, height - 7), 2.8, 3.6), 1.0)
        elif level > 8:
            for height in (-66, -88, -106, -124, -141, -159, -177):
                _bone(plane, ellipsoid(x * 0, y, z, (0, 20, height), (9, 8.5, 6.4)), 1.2)
    if level < 16:
        plane.paint(canal - 1.3, FAT - 330)
        plane.paint(canal, CSF)


def sagittal_slice(job: tuple[float, int, float, float, float]) -> Grid:
    """One slice: the mean of five planes across its thickness; rows from head to foot, columns from front to back."""
    x, size, step_mm, middle_y, middle_z = job
    axis = ((np.arange(size) - (size - 1) / 2) * step_mm).astype(np.float32)
    planes = [sagittal(x + away, axis + np.float32(middle_y), axis + np.float32(middle_z), step_mm) for away in (-1.6, -0.8, 0.0, 0.8, 1.6)]
    return np.asarray(sum(planes) / len(planes), np.float32)[::-1]
