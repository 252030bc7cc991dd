"""Muscles of the chest wall, the back and the shoulders, each in its sheath of fat."""

import numpy as np

from .chest_bones import blade_y
from .chest_organs import FAT, MUSCLE, chain
from .chest_shape import spine
from .noise import Noise
from .plane import Grid, Plane, cone, ellipse, smooth_path

_BUNDLES = Noise(42, 12)

# from trunk to arm or neck: x (left side), y, z, radius
_STRAPS = {
    "teres": [(104, 92, -24, 12), (126, 74, 12, 15), (150, 42, 55, 15), (168, 20, 92, 12)],
    "latissimus": [(144, 44, -10, 6), (150, 38, 20, 10), (160, 26, 60, 11), (170, 8, 100, 9)],
    "latissimus behind": [(136, 62, -16, 5), (142, 60, 12, 8), (150, 46, 50, 9), (162, 26, 84, 8)],
    "supraspinatus": [(64, 70, 80, 11), (88, 54, 94, 17), (120, 36, 100, 16), (154, 18, 106, 9)],
    "trapezius": [(22, 70, 175, 15), (34, 70, 140, 18), (62, 70, 118, 18), (102, 56, 110, 14), (146, 30, 112, 9)],
    "levator": [(30, 34, 190, 8), (36, 42, 140, 10), (48, 58, 104, 9), (62, 78, 74, 6)],
    "serratus": [(52, 40, 112, 12), (72, 36, 96, 12), (92, 40, 74, 9)],
    "scalene": [(26, 14, 180, 8), (32, 18, 130, 10), (42, 24, 100, 9), (50, 20, 84, 7)],
    "sternomastoid": [(12, -50, 64, 5), (24, -34, 92, 7), (38, -12, 130, 8), (48, 8, 180, 9)],
    "pectoralis minor": [(78, -62, 20, 4), (98, -48, 46, 7), (122, -26, 74, 7), (136, -18, 86, 5)],
    "pectoralis": [(40, -70, 34, 8), (78, -64, 46, 11), (116, -44, 62, 12), (148, -20, 82, 11), (172, -10, 112, 9)],
    "upper pectoralis": [(34, -62, 58, 6), (70, -60, 66, 8), (112, -42, 80, 9), (150, -18, 98, 8), (172, -10, 118, 7)],
}
_PATHS = [smooth_path([(sign * x, y, z, r) for x, y, z, r in points], 7) for points in _STRAPS.values() for sign in (-1, 1)]


def arms(plane: Plane, arms_up: bool) -> list[Grid]:
    """The skin of both upper arms."""
    parts = []
    for sign in (-1, 1):
        joint = (sign * 168.0, 10.0, 84.0)
        elbow = (sign * 206.0, -8.0, 240.0) if arms_up else (sign * 212.0, 22.0, -250.0)
        middle = (sign * 184.0, 2.0, 130.0) if arms_up else (sign * 192.0, 14.0, 10.0)
        parts.append(
            np.minimum(cone(plane.x, plane.y, plane.z, joint, middle, 45, 40), cone(plane.x, plane.y, plane.z, middle, elbow, 40, 35))
        )
    return parts


def paint_muscles(plane: Plane, z: float, wall: Grid, skin: Grid, arms_up: bool) -> None:
    """Everything fleshy outside the ribs."""
    x, y = np.broadcast_arrays(plane.x, plane.y)
    bundles = _BUNDLES.axis_aligned(plane.x, plane.y, plane.z)
    value = MUSCLE + 3 * bundles
    inside = skin + np.float32(4.5)

    def lay(shape: Grid, gap: float = 1.3) -> None:
        bounded = np.maximum(shape + 0.7 * bundles, inside)
        plane.paint(np.asarray(bounded - gap, np.float32), FAT + 12, soft=1.4)
        plane.paint(np.asarray(bounded, np.float32), value, soft=1.4)

    if z > 0 or not arms_up:
        for part in arms(plane, arms_up):
            lay(part + np.float32(8))
    lay(wall - _wall_depth(x, y, z))
    here = spine(z)
    wide, thick = float(np.interp(z, (-200, -60, 40, 130), (31, 27, 23, 19))), float(np.interp(z, (-200, -60, 60, 130), (21, 19, 16, 16)))
    middle = here.y + here.half_depth + 6 + thick
    if z > -110:
        sheet = ellipse(plane.x, plane.y, (0, middle + 6), (float(np.interp(z, (-110, -40, 30, 90), (24, 62, 88, 96))), thick + 9.0))
        lay(np.maximum(sheet, -(y - middle + 4)))
    if z < 105:
        lay(_blade_bed(x, y, z))
    for path in _PATHS:
        found = chain(plane.x, plane.y, plane.z, path, z, 18)
        if found is not None:
            lay(found)
    for sign in (-1, 1):
        lay(ellipse(plane.x, plane.y, (sign * (wide * 0.84 + 2), middle), (wide, thick + 2)))


def _wall_depth(x: Grid, y: Grid, z: float) -> Grid:
    """How far muscle reaches beyond the inner chest wall: between the ribs everywhere, more where large muscles lie on them."""
    side = np.abs(x)
    deep = np.full(x.shape, 10.5, np.float32)
    lateral = np.exp(-(((y - 25) / 48) ** 2)) * np.clip((side - 60) / 40, 0, 1)
    deep += lateral * np.interp(z, (-200, -120, -40, 60), (6, 8, 10, 3))
    front = np.clip((-y - 20) / 30, 0, 1) * np.clip((side - 12) / 14, 0, 1) * np.clip((138 - side) / 30, 0, 1)
    deep += front * np.interp(z, (-75, -45, -10, 30, 60), (0, 4, 9, 12, 6))
    return np.where(z < 95, deep, np.maximum(deep - (z - 95) * 0.4, 4)).astype(np.float32)


def _blade_bed(x: Grid, y: Grid, z: float) -> Grid:
    """The muscles on both faces of the shoulder blade."""
    side = np.abs(x)
    inner = np.interp(z, (-75, -40, 60, 100), (84, 70, 58, 64))
    outer = np.interp(z, (-75, -40, 20, 60, 85, 100), (96, 116, 142, 156, 158, 130))
    sheet = blade_y(side, z)
    t = np.clip((side - inner) / max(float(outer - inner), 1), 0, 1)
    belly = np.interp(z, (-75, -30, 40, 85, 105), (2, 11, 15, 13, 6)) * (4 * t * (1 - t)) ** 0.45 + 0.5
    return np.asarray(np.maximum(np.abs(y - sheet - 1) * 0.85 - belly, np.maximum(inner - side, side - outer)), np.float32)
