# ruff: noqa: E501 -- tables read better in rows
"""Heart, great vessels, mediastinum, and what lies under the diaphragm; with contrast medium in a late arterial phase."""

import numpy as np

from . import chest_vessels as v
from .chest_shape import dome, spine
from .noise import Noise
from .plane import Grid, Plane, Vector, cone, ellipse, ellipsoid, smooth_path, union

FAT, MUSCLE, BLOOD, PULMONARY_BLOOD, CAVAL_BLOOD, MYOCARDIUM = -102.0, 58.0, 275.0, 240.0, 225.0, 108.0
WALL, LIVER, SPLEEN = 45.0, 96.0, 128.0
_WAVE, _FINE = Noise(21, 26), Noise(22, 7)


def _axes(direction: tuple[float, float, float]) -> np.ndarray:
    first = np.asarray(direction) / np.linalg.norm(direction)
    second = np.cross((0.0, 0.0, 1.0), first)
    second /= np.linalg.norm(second)
    return np.stack((first, second, np.cross(first, second)))


_LONG = _axes((0.78, -0.50, -0.36))
LEFT_VENTRICLE = ((42.0, -24.0, -76.0), (50.0, 33.0, 34.0))
LEFT_CHAMBER = ((38.5, -21.5, -74.5), (40.5, 21.5, 22.5))
RIGHT_VENTRICLE = ((11.0, -47.0, -75.0), (49.0, 24.0, 33.0))
RIGHT_CHAMBER = ((10.0, -46.5, -74.5), (45.5, 20.0, 29.5))
RIGHT_ATRIUM = ((-35.0, -22.0, -64.0), (24.0, 27.0, 35.0))
LEFT_ATRIUM = ((5.0, 10.0, -46.0), (31.0, 18.0, 21.0))


def heart(x: Grid, y: Grid, z: Grid) -> Grid:
    """The outside of the heart, its fat included."""
    parts = [
        ellipsoid(x, y, z, *LEFT_VENTRICLE, _LONG), ellipsoid(x, y, z, *RIGHT_VENTRICLE, _LONG), ellipsoid(x, y, z, *RIGHT_ATRIUM), ellipsoid(x, y, z, *LEFT_ATRIUM),
    ]  # fmt: skip
    whole = parts[0]
    for part in parts[1:]:
        whole = union(whole, part, 14.0)
    return whole - np.float32(4.0)


def chain(x: Grid, y: Grid, z: Grid, points: np.ndarray, level: float, reach: float) -> Grid | None:
    """The distance to a curve near one height; None where it is not near."""
    found: Grid | None = None
    for i in range(len(points) - 1):
        low, high = sorted((points[i, 2], points[i + 1, 2]))
        if low - reach <= level <= high + reach:
            piece = cone(x, y, z, points[i, :3], points[i + 1, :3], float(points[i, 3]), float(points[i + 1, 3]))
            found = piece if found is None else np.minimum(found, piece)
    return found


def mediastinum(plane: Plane, z: float, where: tuple[slice, slice]) -> Grid:
    """The envelope of everything between the lungs: negative inside."""
    x, y, zz = plane.at(where)
    here = spine(z)
    front = float(np.interp(z, (-100, -60, 0, 40, 60, 90, 130), (-92, -88, -74, -60, -52, -34, -10)))
    thick = float(np.interp(z, (-110, -60, -20, 10, 40, 70, 100, 130), (12, 9, 6, 8, 15, 20, 24, 26)))
    slab = np.maximum(
        np.abs(x) - (thick * (0.55 + 0.45 * np.clip((y - front) / 40, 0, 1)) + 6 * np.clip((front + 9 - y) / 9, 0, 1) ** 2), y - here.y
    )
    whole = np.broadcast_to(slab, np.broadcast_shapes(x.shape, y.shape)).astype(np.float32)
    whole = union(whole, ellipse(x, y, (0, here.y + 2), (here.half_width + 3, here.half_depth + 4)), 8)
    if -130 < z < 0:
        whole = union(whole, heart(x, y, zz), 9)
    # a fat pad at the heart's tip and beside the right atrium
    if -118 < z < -68:
        low = float(np.interp(z, (-118, -95, -68), (1.0, 1.0, 0.15)))
        whole = union(whole, ellipse(x, y, (52, -62), (26 * low, 20 * low)), 12)
        whole = union(whole, ellipse(x, y, (-36, -60), (20 * low, 18 * low)), 12)
    for points, margin in [(p, 2.5) for p in (*v.ARTERIES, *v.VEINS, *v.PULMONARY)] + [
        (v.LOWER_CAVA, 2.0),
        (v.AZYGOS, 2.0),
        (v.GULLET, 2.5),
        (v.TRACHEA, 4.0),
        (v.RIGHT_MAIN, 4.0),
        (v.LEFT_MAIN, 4.0),
    ]:
        found = chain(x, y, zz, v.path(points), z, 22)
        if found is not None:
            whole = union(whole, found - np.float32(margin), 8)
    return np.asarray(whole, np.float32)


def paint_heart(plane: Plane, z: float) -> None:
    """Chambers in their walls, valves and coronary arteries hinted at."""
    if not -130 < z < -8:
        return
    where = plane.window((-75, -90, z), (100, 50, z))
    if where is None:
        return
    x, y, zz = plane.at(where)
    ripple = 0.9 * _FINE.axis_aligned(x, y, zz)
    plane.paint(ellipsoid(x, y, zz, *RIGHT_ATRIUM), 70, where)
    plane.paint(ellipsoid(x, y, zz, RIGHT_ATRIUM[0], tuple(r - 2 for r in RIGHT_ATRIUM[1])) + 0.4 * ripple, CAVAL_BLOOD, where)
    plane.paint(ellipsoid(x, y, zz, *LEFT_ATRIUM), 70, where)
    plane.paint(ellipsoid(x, y, zz, LEFT_ATRIUM[0], tuple(r - 2 for r in LEFT_ATRIUM[1])), BLOOD - 5, where)
    plane.paint(ellipsoid(x, y, zz, *RIGHT_VENTRICLE, _LONG), MYOCARDIUM - 8, where)
    plane.paint(ellipsoid(x, y, zz, *RIGHT_CHAMBER, _LONG) + ripple, PULMONARY_BLOOD - 15, where, soft=1.5)
    # fat in the groove between the ventricles, and the artery in it
    plane.paint(ellipsoid(x, y, zz, *LEFT_VENTRICLE, _LONG) - 1.6, FAT + 20, where)
    muscle = ellipsoid(x, y, zz, *LEFT_VENTRICLE, _LONG)
    plane.paint(muscle, MYOCARDIUM + 6 * _FINE.axis_aligned(x, y, zz), where)
    chamber = ellipsoid(x, y, zz, *LEFT_CHAMBER, _LONG)
    plane.paint(chamber + ripple, BLOOD, where, soft=1.6)
    for centre, radii in (((46.0, -10.0, -80.0), (13.0, 4.0, 5.0)), ((52.0, -34.0, -82.0), (12.0, 4.0, 5.0))):
        plane.paint(np.maximum(ellipsoid(x, y, zz, centre, radii, _LONG), chamber + 0.5), MYOCARDIUM, where, soft=1.5)
    # openings between atria and ventricles, with leaflets of the valves
    plane.paint(cone(x, y, zz, (6, 2, -56), (22, -12, -64), 10, 12), BLOOD - 3, where, soft=2)
    plane.paint(cone(x, y, zz, (12, -4, -66), (28, -6, -68), 0.9, 0.6), 130, where, soft=2)
    plane.paint(cone(x, y, zz, (-26, -30, -66), (-12, -38, -68), 12, 12), CAVAL_BLOOD - 5, where, soft=2)
    plane.paint(cone(x, y, zz, (-14, -30, -66), (-6, -42, -68), 0.8, 0.6), 140, where, soft=2)
    for points in (
        [(2, -40, -40, 2.0), (18, -48, -46, 1.9), (34, -58, -56, 1.7), (56, -62, -76, 1.4), (74, -58, -92, 1.1)],
        [(8, -36, -40, 1.9), (26, -22, -40, 1.8), (36, 2, -52, 1.6), (34, 14, -66, 1.4)],
        [(-14, -40, -42, 1.9), (-22, -50, -52, 1.8), (-24, -52, -70, 1.7), (-12, -36, -96, 1.5)],
    ):
        found = chain(x, y, zz, np.asarray(points, float), z, 4)
        if found is not None:
            plane.paint(found - 2.2, FAT, where, soft=2)
            plane.paint(found, BLOOD - 20, where)


def paint_vessels(plane: Plane, z: float) -> None:
    """Great vessels with thin walls, and the gullet."""
    where = plane.window((-160, -95, z), (160, 75, z))
    if where is None:
        return
    x, y, zz = plane.at(where)
    groups = (
        (v.VEINS, CAVAL_BLOOD + 75, 0.6), ([v.LOWER_CAVA], 130.0, 0.6), ([v.AZYGOS], 175.0, 0.3), (v.PULMONARY, PULMONARY_BLOOD, 0.7),
        (v.PULMONARY_VEINS, BLOOD - 5, 0.0), (v.ARTERIES, BLOOD + 8, 1.1),
    )  # fmt: skip
    for curves, value, wall in groups:
        near = [found for points in curves if (found := chain(x, y, zz, v.path(points), z, 20)) is not None]
        if near:
            whole = np.minimum.reduce(near)
            if wall:
                plane.paint(whole - np.float32(wall), WALL, where)
            plane.paint(whole, value, where, soft=1.3)
    found = chain(x, y, zz, v.path(v.GULLET), z, 14)
    if found is not None:
        plane.paint(found, 48, where)
        air = float(np.sin(z / 9.0) + 0.6 * np.sin(z / 3.7))
        if z > -110:
            plane.paint(found + np.float32(4.2 - 1.2 * air), -420 if air > 0.4 else 25, where, soft=2)


def paint_thymus_and_nodes(plane: Plane, z: float) -> None:
    """Small soft-tissue islands in the fat, as there always are."""
    for centre, radii in (
        ((-14.0, 4.0, 14.0), (6.0, 4.0, 7.0)), ((12.0, 4.0, 6.0), (5.0, 3.5, 6.0)), ((-2.0, 26.0, -18.0), (9.0, 4.5, 8.0)), ((4.0, -54.0, 18.0), (12.0, 3.0, 16.0)), ((-18.0, -2.0, 30.0), (4.5, 3.5, 5.0)),
    ):  # fmt: skip
        plane.ellipsoid(centre, radii, 42, soft=2.5)
    for sign in (-1, 1):
        plane.ellipsoid((sign * 20.0, 2.0, 124.0), (10.0, 12.0, 24.0), 165, soft=1.5)
        plane.ellipsoid((sign * 130.0, 2.0, 60.0), (4.0, 6.0, 6.0), 40, soft=1.5)


def paint_abdomen(plane: Plane, z: float, wall: Grid) -> None:
    """Below the diaphragm: liver with its vessels, stomach with air and fluid, spleen, upper poles of the kidneys, bowel."""
    if z > -60:
        return
    x, y = np.broadcast_arrays(plane.x, plane.y)
    zz = plane.z
    top = dome(x, y)
    under = np.maximum((z - top) * 0.62, wall + 0.2)
    plane.paint(under, MUSCLE)
    space = under + np.float32(2.0)
    plane.paint(space, FAT + 6 * _WAVE.axis_aligned(plane.x, plane.y, zz))
    wave = _WAVE.axis_aligned(plane.x, plane.y, zz)
    edge = float(np.interp(z, (-260, -200, -160, -130, -100, -70), (-58, -30, 2, 34, 46, 40)))
    medial = (x - edge) + 0.35 * (y + 20) - 3 * wave
    liver = np.maximum(space + 0.1 + 0.9 * np.clip(wave + 0.3, 0, 1), medial * 0.9)
    liver = np.maximum(liver, -(ellipse(x, y, (0, spine(z).y - 4), (32, 34)) - 3 * wave))
    if z < -140:
        liver = np.maximum(liver, -(ellipse(x, y, (-50, 58), (36, 0.55 * min(-140 - z, 60) + 4)) - 1.5 * wave))
    texture = LIVER + 2.5 * _FINE.axis_aligned(plane.x, plane.y, zz)
    plane.paint(liver, texture)
    stomach = ellipsoid(x, y, zz, (66, -26, -136), (46, 56, 46)) + 2.5 * wave
    stomach = np.maximum(stomach, space + 2)
    spleen = np.maximum(ellipsoid(x, y, zz, (98, 34, -136), (30, 46, 46)), -(ellipsoid(x, y, zz, (58, 4, -138), (48, 50, 60)))) + 1.5 * wave
    spleen = np.maximum(spleen, space + 1.5)
    plane.paint(spleen, SPLEEN + 6 * _FINE.axis_aligned(plane.x, plane.y, zz))
    plane.paint(stomach, 62)
    lumen = stomach + 3.6 + 0.6 * _FINE.axis_aligned(plane.x, plane.y, zz)
    plane.paint(lumen, 22 + 9 * wave)
    plane.paint(np.maximum(lumen, y + 47), -985, soft=1.2)
    for points, value in _liver_vessels():
        found = chain(plane.x, plane.y, zz, points, z, 8)
        if found is not None:
            plane.paint(np.maximum(found, liver + 3), value, soft=2)
    for sign, low in ((-1, -218.0), (1, -205.0)):
        kidney = ellipsoid(x, y, zz, (sign * 58, 46, low), (27, 24, 48))
        plane.paint(kidney, 190)
        plane.paint(kidney + 9, 125, soft=6)
    for sign in (-1, 1):
        crus = cone(plane.x, plane.y, zz, (sign * 9, 30, -118), (sign * 14, 40, -220), 4.5, 5.5)
        plane.paint(crus, MUSCLE)
    bowel = ellipsoid(x, y, zz, (104, -42, -196), (24, 30, 30)) + 2 * wave
    plane.paint(bowel, 50)
    plane.paint(bowel + 2.4, -960)
    transverse = cone(plane.x, plane.y, zz, (-70, -64, -236), (90, -68, -214), 19, 19) + 3 * wave
    plane.paint(transverse, 50)
    plane.paint(transverse + 2.2, -700)


def _liver_vessels() -> list[tuple[np.ndarray, float]]:
    hepatic: list[list[Vector]] = [
        [(-28, 4, -86, 6), (-50, -4, -98, 4.5), (-80, -10, -112, 3.2), (-104, -8, -130, 2)], [(-28, 0, -86, 5), (-36, -24, -98, 4), (-44, -52, -116, 2.4)],
        [(-26, -4, -86, 5), (-8, -26, -98, 3.6), (8, -52, -108, 2.2)], [(-36, 20, -100, 3), (-64, 36, -116, 2.6), (-90, 44, -134, 1.8)],
    ]  # fmt: skip
    portal: list[list[Vector]] = [
        [(-20, -4, -176, 7), (-34, -10, -156, 6.5), (-56, -6, -142, 5.2), (-84, 8, -138, 3.6), (-108, 18, -142, 2.2)], [(-36, -10, -154, 5), (-20, -30, -138, 4), (-2, -44, -128, 3), (14, -52, -124, 2)],
        [(-58, -6, -142, 4), (-72, -30, -132, 3.2), (-84, -50, -126, 2.2)], [(-66, 0, -140, 3.5), (-78, 30, -152, 2.8), (-88, 44, -166, 2)],
    ]  # fmt: skip
    return [(smooth_path(points), 112.0) for points in hepatic] + [(smooth_path(points), 145.0) for points in portal]
