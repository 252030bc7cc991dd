"""The whole trunk at one height, in Hounsfield units."""

import numpy as np

from .chest_bones import paint_ribs, paint_shoulders, paint_spine, paint_sternum
from .chest_muscles import arms, paint_muscles
from .chest_organs import FAT, paint_abdomen, paint_heart, paint_thymus_and_nodes, paint_vessels
from .chest_shape import body, breast, cavity
from .lungs import lung_distance, paint_big_airways, paint_lungs
from .noise import Noise
from .plane import Grid, Plane, union

AIR = -1000.0
_SEPTA, _BUNDLES, _WAVE = Noise(41, 9), Noise(44, 12), Noise(43, 40)


def axial(x: Grid, y: Grid, z: float, pixel_mm: float, arms_up: bool = True) -> Grid:
    """Hounsfield units on a plane at height `z`; `x` is (columns), `y` is (rows), both in mm and rising."""
    plane = Plane(x[None].astype(np.float32), y[:, None].astype(np.float32), np.full((1, 1), z, np.float32), pixel_mm)
    plane.value[:] = AIR
    skin = _skin(plane, z, arms_up)
    septa = _SEPTA.axis_aligned(plane.x, plane.y, plane.z)
    plane.paint(skin, 20)
    plane.paint(skin + 1.7, FAT + 7 * septa)
    wall = cavity(plane.x, plane.y, z)
    _paint_breasts(plane, z, septa)
    paint_muscles(plane, z, wall, skin, arms_up)
    # inside of the chest
    plane.paint(wall, FAT + 5 * septa)
    paint_abdomen(plane, z, wall)
    surface = lung_distance(plane, z, wall)
    paint_lungs(plane, z, surface)
    if z > -8:
        paint_thymus_and_nodes(plane, z)
    paint_heart(plane, z)
    paint_vessels(plane, z)
    paint_big_airways(plane, z)
    paint_ribs(plane, z, wall)
    paint_shoulders(plane, z, wall, arms_up)
    paint_sternum(plane, z)
    paint_spine(plane, z)
    return plane.value


def _skin(plane: Plane, z: float, arms_up: bool) -> Grid:
    outline = body(plane.x, plane.y, z)
    if z > 0 or not arms_up:
        for part in arms(plane, arms_up):
            outline = union(outline, part, 22)
    return np.asarray(outline + 0.8 * _WAVE.axis_aligned(plane.x, plane.y, plane.z), np.float32)


def _paint_breasts(plane: Plane, z: float, septa: Grid) -> None:
    for sign in (-1, 1):
        gland = breast(plane.x, plane.y, z, sign, 17.0) + 5.0 * septa + 4 * _BUNDLES.axis_aligned(plane.x, plane.y, plane.z)
        plane.paint(np.asarray(gland, np.float32), 28, soft=3)
