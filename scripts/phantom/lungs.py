"""The lungs: their air, fissures, vessels and airways, and one small nodule."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from . import chest_vessels as v
from .chest_organs import BLOOD, PULMONARY_BLOOD, mediastinum
from .chest_shape import cavity, dome
from .noise import Noise
from .plane import Grid, Plane
from .trees import Points, Tree, grow, scatter

NODULE = (-78.0, -8.0, 38.0)
NODULE_RADIUS = 4.0
_TEXTURE, _LOBULES = Noise(31, 60), Noise(32, 9)


@dataclass(frozen=True, slots=True)
class Lungs:
    """Vessels and airways of both lungs."""

    arteries: tuple[Tree, ...]
    veins: tuple[Tree, ...]
    airways: tuple[Tree, ...]


def _inside(points: Points, sign: int, margin: float) -> np.ndarray:
    """Which points lie in the lung on one side, at least `margin` mm from its surface."""
    keep = np.zeros(len(points), bool)
    for low in np.arange(-190, 126, 6.0):
        chosen = np.nonzero((points[:, 2] >= low) & (points[:, 2] < low + 6))[0]
        if not chosen.size:
            continue
        x, y = points[chosen, 0].astype(np.float32)[None], points[chosen, 1].astype(np.float32)[None]
        z = low + 3
        plane = Plane(x, y, np.full((1, 1), z, np.float32), 1.0)
        wall = cavity(x, y, z)
        middle = mediastinum(plane, z, (slice(None), slice(None)))
        ok = (wall < -margin) & (middle > margin) & (points[chosen, 2] > dome(x, y) + margin) & (np.sign(x) == sign)
        keep[chosen] = ok[0]
    return keep


@cache
def lungs() -> Lungs:
    """Grown once per run; the same every time."""
    arteries, veins, airways = [], [], []
    for sign, seed in ((-1, 101), (1, 202)):
        generator = np.random.default_rng(seed)
        low, high = np.array([min(0, sign * 140), -100, -180.0]), np.array([max(0, sign * 140), 95, 125.0])

        def space(margin: float, sign: int = sign) -> Callable[[Points], npt.NDArray[np.bool_]]:
            return lambda points: _inside(points, sign, margin)

        ends = scatter(generator, space(4.0), low, high, 1000)
        trunk = v.path(v.RIGHT_PULMONARY if sign < 0 else v.LEFT_PULMONARY)[-3:, :3]
        fall = np.array([[sign * 44, 22, -30], [sign * 48, 28, -46], [sign * 54, 34, -64.0]])
        rise = np.array([trunk[-1], [sign * 50, 6, 4], [sign * 54, 2, 22.0]])
        arteries += _two(generator, ends, np.vstack((trunk, fall)), rise, 0.62, 2.5)
        ends = scatter(generator, space(4.0), low, high, 800)
        upper, lower = (v.PULMONARY_VEINS[0], v.PULMONARY_VEINS[1]) if sign < 0 else (v.PULMONARY_VEINS[2], v.PULMONARY_VEINS[3])
        veins += _two(generator, ends, v.path(lower)[:, :3], v.path(upper)[:, :3], 0.60, 2.55)
        ends = scatter(generator, space(16.0), low, high, 46)
        lobes = (v.RIGHT_LOWER, v.RIGHT_UPPER) if sign < 0 else (v.LEFT_LOWER, v.LEFT_UPPER)
        airways += _two(generator, ends, v.path(lobes[0])[:, :3], v.path(lobes[1])[:, :3], 0.85, 2.5)
    return Lungs(tuple(arteries), tuple(veins), tuple(airways))


def _two(generator: np.random.Generator, ends: Points, lower: Points, upper: Points, tip: float, power: float) -> list[Tree]:
    """A tree for the lower and one for the upper half of a lung, each end going to the nearer trunk."""
    to_lower = np.linalg.norm(ends - lower[-1], axis=1) < np.linalg.norm(ends - upper[-1], axis=1)
    return [grow(generator, lower, ends[to_lower], tip, power), grow(generator, upper, ends[~to_lower], tip, power)]


def lung_distance(plane: Plane, z: float, wall: Grid) -> Grid:
    """The surface of both lungs at a height: negative inside."""
    whole = (slice(None), slice(None))
    middle = mediastinum(plane, z, whole)
    shape = np.maximum(wall + np.float32(0.8), -middle)
    if z < -55:
        base = (dome(*np.broadcast_arrays(plane.x, plane.y)) - np.float32(z)) * np.float32(0.62)
        shape = np.maximum(shape, base)
    return np.asarray(shape, np.float32)


def paint_lungs(plane: Plane, z: float, surface: Grid) -> None:
    """Air-filled tissue, denser towards the bed she lies on, then fissures, vessels and airways."""
    if not -190 < z < 128 or surface.min() > 0:
        return
    y = plane.y
    texture = 16 * _TEXTURE.axis_aligned(plane.x, plane.y, plane.z) + 9 * _LOBULES.axis_aligned(plane.x, plane.y, plane.z)
    tissue = -868 + 0.32 * (y + 5) + 30 * np.clip(1 + surface / 5, 0, 1) ** 2 + texture
    plane.paint(surface, np.asarray(tissue, np.float32))
    inside = surface < -0.2
    x = plane.x
    for sign in (-1, 1):
        # the oblique fissure runs from high behind to low in front
        sheet = (z - (38 - 0.82 * (50 - y))) * 0.77 + 5 * np.sin(x / 33) + 0.05 * np.abs(x)
        if sign < 0:
            sheet = sheet + 2
            minor = np.where((sheet > 1) & (y < 30), (z + 14 - 0.06 * (y + 20)) * 0.99 + 4 * np.cos((x + 70) / 30), 9)
            plane.value[inside & (x < 0)] += (150 * np.exp(-((minor / 0.9) ** 2)) + np.zeros_like(surface))[inside & (x < 0)]
        half = inside & (np.sign(x) == sign)
        plane.value[half] += (190 * np.exp(-((sheet / 0.8) ** 2)) + np.zeros_like(surface))[half]
    parts = lungs()
    for trees, value in ((parts.arteries, PULMONARY_BLOOD - 20), (parts.veins, BLOOD - 40)):
        for tree in trees:
            for i in tree.near(z):
                # vessels thinner than a voxel are as faint as their share of it
                first, last = float(tree.first[i]), float(tree.last[i])
                plane.cone(tree.start[i], tree.end[i], first, last, value, soft=1.3)
    for tree in parts.airways:
        for i in tree.near(z, 1.0):
            first, last = float(tree.first[i]), float(tree.last[i])
            wall = 0.55 + 0.16 * last
            plane.cone(tree.start[i], tree.end[i], first + wall, last + wall, -60, soft=1.5)
    for tree in parts.airways:
        for i in tree.near(z):
            plane.cone(tree.start[i], tree.end[i], float(tree.first[i]), float(tree.last[i]), -965, soft=1.2)
    _paint_nodule(plane)


def _paint_nodule(plane: Plane) -> None:
    """Eight millimetres, lobulated, with two short spicules; it is what the report is about."""
    x, y, z = NODULE
    centre = np.asarray(NODULE)
    for away in ((-7.5, 2.0, 2.0), (2.5, -7.5, -2.0), (5.5, 5.0, 1.0)):
        plane.cone(centre, centre + np.asarray(away), 1.0, 0.15, -200, soft=1.6)
    plane.ellipsoid(NODULE, (NODULE_RADIUS, NODULE_RADIUS - 0.3, NODULE_RADIUS), 34, soft=1.6)
    plane.ellipsoid((x + 1.9, y + 1.4, z + 0.6), (2.6, 2.6, 2.6), 34, soft=1.6)


def paint_big_airways(plane: Plane, z: float) -> None:
    """Windpipe and bronchi: wall first, everywhere, then air, so that no wall crosses a fork."""
    for wall in (True, False):
        for points in v.AIRWAYS:
            curve = v.path(points)
            thick = 1.3 if curve[0, 3] > 6 else 1.0
            for i in range(len(curve) - 1):
                low, high = sorted((curve[i, 2], curve[i + 1, 2]))
                if low - 11 <= z <= high + 11:
                    grown = thick if wall else 0.0
                    plane.cone(curve[i, :3], curve[i + 1, :3], curve[i, 3] + grown, curve[i + 1, 3] + grown, 40 if wall else -990)
