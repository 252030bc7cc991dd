# ruff: noqa: E501 -- tables read better in rows
"""Spine, ribs, breast bone, collar bones, shoulder blades and upper arms."""

import numpy as np

from .chest_shape import VERTEBRAE, cavity, spine
from .noise import Noise
from .plane import Grid, Plane, cone, ellipse, smooth_path

CORTEX, MARROW, DISC, CORD, CANAL_FAT, CARTILAGE = 720.0, 185.0, 95.0, 38.0, -15.0, 110.0
_SPONGE = Noise(11, 3.2)

# rib: height above its vertebra's centre, fall to its front end, angle of that end, half height, height where its cartilage meets the breast bone
_RIBS = {
    1: (5, 24, 148, 5.0, 52), 2: (6, 44, 150, 5.6, 26), 3: (6, 58, 148, 6.0, 2), 4: (6, 70, 146, 6.3, -18), 5: (6, 80, 142, 6.5, -36),
    6: (6, 90, 136, 6.5, -52), 7: (6, 98, 128, 6.5, -64), 8: (6, 100, 118, 6.3, -92), 9: (5, 96, 108, 6.2, -112), 10: (4, 88, 98, 6.0, -136), 11: (2, 62, 72, 5.6, None),
    12: (0, 38, 48, 5.0, None),
}  # fmt: skip


def bone(plane: Plane, distance: Grid, where: tuple[slice, slice], cortex_mm: float = 1.3, marrow: float = MARROW) -> None:
    """Paint a shell of cortex and spongy marrow inside it."""
    plane.paint(distance, CORTEX, where)
    sponge = _SPONGE.axis_aligned(*plane.at(where))
    plane.paint(distance + np.float32(cortex_mm), marrow + 26 * sponge, where, soft=1.6)


def paint_spine(plane: Plane, z: float) -> None:
    """The vertebra or disc at this height, its arch and processes, the canal and the cord."""
    name = min(VERTEBRAE, key=lambda n: abs(VERTEBRAE[n] - z))
    here = spine(z)
    heights = sorted(VERTEBRAE.values())
    spacing = float(np.interp(z, heights[:-1], np.diff(heights)))
    offset = z - VERTEBRAE[name]
    half = spacing / 2 - (1.6 if z > -120 else 2.6)
    wide, deep, y = here.half_width, here.half_depth, here.y
    where = plane.window((-62, y - 30, z), (62, y + 72, z))
    if where is None:
        return
    x, yy, zz = plane.at(where)
    edge = float(np.clip(abs(offset) / half, 0, 1)) ** 4
    outline = ellipse(x, yy, (0, y), (wide + 1.2 * edge, deep + 0.8 * edge))
    canal_y = y + deep + 6.5
    outline = np.maximum(outline, -(ellipse(x, yy, (0, canal_y + 1.5), (10.5, 9.5))))
    # arch first, so that the body covers the pedicles' roots
    arch = np.full(outline.shape, 90, np.float32)
    for sign in (-1, 1):
        if -0.05 * spacing < offset < 0.40 * spacing:
            arch = np.minimum(arch, cone(x, yy, zz, (sign * (wide - 4), y + deep - 4, z), (sign * 12.5, canal_y + 2, z), 3.6, 3.4))
            arch = np.minimum(arch, cone(x, yy, zz, (sign * 12.5, canal_y + 3, z), (sign * 13.5, canal_y + 8, z), 4.4, 4.2))
        if -0.42 * spacing < offset <= 0.10 * spacing:
            arch = np.minimum(arch, cone(x, yy, zz, (sign * 13, canal_y + 6, z), (sign * 2, canal_y + 13.5, z), 3.4, 3.2))
        if offset <= -0.30 * spacing or offset > 0.40 * spacing:
            arch = np.minimum(arch, cone(x, yy, zz, (sign * 12.5, canal_y + 4, z), (sign * 11, canal_y + 9, z), 4.2, 3.6))
        # transverse process, rising a little to its tip
        tip = abs(offset - 0.16 * spacing)
        if tip < 6.2:
            thick = float(np.sqrt(max(0.05, 1 - (tip / 6.2) ** 2)))
            length = 29 if z > -150 else 26
            arch = np.minimum(
                arch, cone(x, yy, zz, (sign * 13, canal_y + 5, z), (sign * length, canal_y + 12, z), 4.3 * thick, 5.0 * thick)
            )
    drop = -0.9 if z > -140 else -0.3
    for owner in (name, *(n for n in VERTEBRAE if VERTEBRAE[n] > z)):
        base = VERTEBRAE[owner] - 0.12 * spacing
        if base - z > 34:
            continue
        reach = 30 if VERTEBRAE[owner] > -180 else 26
        arch = np.minimum(arch, cone(x, yy, zz, (0, canal_y + 13, base), (0, canal_y + 13 + reach, base + drop * reach), 3.4, 2.6))
    bone(plane, arch, where, 1.2, 210)
    if abs(offset) <= half:
        endplate = 1.2 + 3.0 * float(np.clip((abs(offset) - half + 2.0) / 2.0, 0, 1))
        bone(plane, outline, where, endplate, MARROW + 15)
        # the veins that leave through the back of the body
        if abs(offset) < 2.5:
            plane.paint(cone(x, yy, zz, (0, y + 1, z), (0, y + deep, z), 1.0, 1.6), 60.0, where)
    else:
        plane.paint(outline, DISC, where)
        plane.paint(ellipse(x, yy, (0, y), (wide * 0.55, deep * 0.5)), DISC + 10, where, soft=5)
    round_canal = ellipse(x, yy, (0, canal_y + 1), (9.5 if z < 60 else 11.5, 7.8))
    plane.paint(round_canal, CANAL_FAT, where)
    plane.paint(ellipse(x, yy, (0, canal_y + 0.3), (8.0 if z < 60 else 9.8, 6.4)), 14.0, where)
    plane.paint(ellipse(x, yy, (0, canal_y + 0.3), (5.0 if z < 60 else 6.6, 3.7)), CORD, where, soft=1.4)


def paint_ribs(plane: Plane, z: float, wall: Grid) -> None:
    """Every rib and rib cartilage that this height cuts; `wall` is the distance to the inner chest wall."""
    x, y = np.broadcast_arrays(plane.x, plane.y)
    shell = (wall > -1.0) & (wall < 12.5)
    shell &= (np.abs(x) > 9) | (y < 0)
    rows, columns = np.nonzero(shell)
    if not rows.size:
        return
    px, py, depth = np.abs(x[rows, columns]), y[rows, columns], wall[rows, columns]
    # angle round the half chest: 0 at the spine, 180 at the breast bone
    centre_y = 0.0
    angle = np.degrees(np.arctan2(px, py - centre_y))
    radius = np.hypot(px, py - centre_y)
    flat = plane.value[rows, columns]
    sponge = _SPONGE.axis_aligned(plane.x, plane.y, plane.z)[rows, columns]
    for number, (rise, fall, end, half, sternal) in _RIBS.items():
        top = VERTEBRAE[f"T{number}"] + rise
        t = np.clip((angle - 14) / (end - 14), -0.4, 1.6)
        run = np.where(t < 0, 0.0, t - 0.16 * np.sin(np.pi * np.clip(t, 0, 1)) * (1 - np.clip(t, 0, 1)))
        height = top - fall * run
        slope = fall / np.maximum((end - 14) * np.pi / 180 * radius, 20)
        if sternal is not None:
            beyond = np.clip((angle - end) / (171 - end), 0, 1.4)
            low = top - fall
            height = np.where(angle > end, low + (sternal - low) * beyond**1.5 - 6 * np.sin(np.pi * np.clip(beyond, 0, 1)), height)
            slope = np.where(angle > end, abs(sternal - low) / np.maximum((171 - end) * np.pi / 180 * radius, 20), slope)
        lean = 1 / np.sqrt(1 + slope**2)
        v = (z - height) * lean / half
        u = (depth - 5.0) / 3.4
        reach = np.sqrt(u**2 + v**2)
        distance = (reach - 1) * np.where(np.abs(u) > np.abs(v), 3.4, half) * 0.9
        hidden = angle < 9
        hidden |= angle > (end if sternal is None else 174)
        if number >= 8 and sternal is not None:
            hidden |= angle > end + 24
        distance = np.where(hidden, 9.0, distance)
        cartilage = 1 / (1 + np.exp(-np.clip((angle - end - 2) / 1.2, -30, 30)))
        shade = CORTEX * (1 - cartilage) + CARTILAGE * 1.3 * cartilage
        inner = (MARROW + 26 * sponge) * (1 - cartilage) + CARTILAGE * cartilage
        cover = np.clip(0.5 - distance / plane.pixel_mm, 0, 1)
        flat += cover * (shade - flat)
        cover = np.clip(0.5 - (distance + 1.15) / (1.5 * plane.pixel_mm), 0, 1)
        flat += cover * (inner - flat)
    plane.value[rows, columns] = flat


def paint_sternum(plane: Plane, z: float) -> None:
    """Manubrium, body and xiphoid, and the inner ends of the collar bones."""
    if -112 < z < 62:
        front = _front(z)
        wide = float(np.interp(z, (-112, -84, -78, -30, 16, 22, 45, 58, 62), (3, 7, 14, 17, 12, 19, 26, 27, 20)))
        deep = float(np.interp(z, (-112, -84, 20, 45, 62), (2.5, 4.5, 5.4, 7.5, 6)))
        where = plane.window((-40, front - 25, z), (40, front + 15, z))
        if where is not None:
            x, y, _ = plane.at(where)
            bone(plane, ellipse(x, y, (0, front - 5), (wide, deep)), where, 1.1, 130)
    for sign in (-1, 1):
        path = smooth_path(
            [
                (sign * 20, -52, 60, 8.5),
                (sign * 40, -58, 70, 6.2),
                (sign * 70, -52, 80, 5.6),
                (sign * 105, -28, 92, 5.8),
                (sign * 138, -4, 103, 6.6),
                (sign * 150, 2, 105, 7.0),
            ]
        )
        _tube(plane, path, 1.5)


def _front(z: float) -> float:
    y = np.linspace(-120, 30, 301, dtype=np.float32)[:, None]
    inside = cavity(np.zeros((1, 1), np.float32), y, z)[:, 0] < 0
    return float(y[np.argmax(inside), 0]) if inside.any() else -30.0


def paint_shoulders(plane: Plane, z: float, wall: Grid, arms_up: bool) -> None:
    """Shoulder blades on the back of the rib cage, and the heads of the arm bones."""
    for sign in (-1, 1):
        if -62 < z < 100:
            inner = float(np.interp(z, (-62, -40, 60, 88, 100), (90, 74, 62, 66, 78)))
            outer = float(np.interp(z, (-62, -40, 20, 60, 78, 90, 100), (95, 112, 134, 146, 148, 128, 84)))
            where = plane.window((min(sign * inner, sign * outer) - 14, -20, z), (max(sign * inner, sign * outer) + 14, 125, z))
            if where is not None:
                x, y, _ = plane.at(where)
                across = sign * x
                t = np.clip((across - inner) / max(outer - inner, 1), 0, 1)
                # a plate, bowed over the ribs, turning forward to the joint
                sheet = blade_y(across, z)
                thick = (1.4 + 3.6 * np.exp(-(((t - 0.9) / 0.12) ** 2)) + 0.8 * np.exp(-((t / 0.15) ** 2))) * np.clip(
                    (1 - t) / 0.06, 0, 1
                ) ** 0.5
                thick = thick * float(np.clip((100 - z) / 12, 0.2, 1) * np.clip((z + 64) / 8, 0.2, 1))
                plate = np.maximum(np.abs(y - sheet) * 0.85 - thick, np.maximum(inner - across, across - outer))
                bone(plane, plate.astype(np.float32), where, 1.2, 160)
        ridge = smooth_path(
            [
                (sign * 72, float(blade_y(72, 62)) + 5, 60, 3.0),
                (sign * 105, float(blade_y(105, 70)) + 16, 74, 4.0),
                (sign * 140, 44, 95, 5.5),
                (sign * 158, 20, 106, 7.0),
                (sign * 156, 6, 107, 6.0),
            ]
        )
        _tube(plane, ridge, 1.2)
        _tube(plane, smooth_path([(sign * 138, 22, 82, 8.5), (sign * 146, 18, 80, 10.5), (sign * 150, 17, 80, 10.0)]), 1.4)
        _tube(plane, smooth_path([(sign * 138, 6, 92, 5.0), (sign * 132, -14, 88, 5.0), (sign * 140, -22, 80, 5.5)]), 1.2)
        head = (sign * 172.0, 12.0, 84.0, 23.0)
        far = (
            [(sign * 184, 6, 118, 15), (sign * 194, -2, 160, 12), (sign * 204, -8, 230, 11)]
            if arms_up
            else [(sign * 186, 14, 62, 17), (sign * 194, 14, 20, 12), (sign * 208, 20, -120, 11), (sign * 216, 22, -260, 11)]
        )
        _tube(plane, smooth_path([head, *far]), 2.2, 120)


def blade_y(across: float | Grid, z: float) -> Grid:
    """Where the shoulder blade's plate lies, from front to back, `across` mm from the midline."""
    lean = np.interp(z, (-62, 0, 60, 100), (4, 4, 0, -8))
    u = (np.asarray(across) - 72) / 74
    return np.asarray(97 + lean - 26 * np.clip(u, 0, 2) ** 1.3 - 24 * np.clip(u, 0, 2) ** 3, np.float32)


def _tube(plane: Plane, path: np.ndarray, cortex_mm: float, marrow: float = MARROW) -> None:
    """A bone along a path: cortex all along first, then marrow, so that joints of its pieces do not show."""
    widest = float(path[:, 3].max())
    where = plane.window(tuple(path[:, :3].min(0) - widest), tuple(path[:, :3].max(0) + widest))
    if where is None:
        return
    x, y, z = plane.at(where)
    level = float(plane.z.ravel()[0])
    near = np.abs(path[:, 2] - level) < widest + 6
    distance: Grid | None = None
    for i in range(len(path) - 1):
        if near[i] or near[i + 1]:
            piece = cone(x, y, z, path[i, :3], path[i + 1, :3], float(path[i, 3]), float(path[i + 1, 3]))
            distance = piece if distance is None else np.minimum(distance, piece)
    if distance is not None:
        bone(plane, distance, where, cortex_mm, marrow)
