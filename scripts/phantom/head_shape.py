# ruff: noqa: E501 -- tables read better in rows
"""The head: where brain, skull and skin run. The origin lies in the middle of the brain, between the thalami."""

import numpy as np

from .noise import Noise
from .plane import Grid, Plane, cone, ellipsoid, union

_WAVE = Noise(51, 30)


def cerebrum(x: Grid, y: Grid, z: Grid) -> Grid:
    """Both hemispheres without the fissure between them."""
    side = np.abs(x)
    dome = ellipsoid(side, y, z, (0, 3, 13), (66, 84, 62))
    front = ellipsoid(side, y, z, (26, -42, 6), (29, 38, 34))
    back = ellipsoid(side, y, z, (22, 54, 2), (28, 33, 30))
    whole = union(union(dome, front, 14), back, 14)
    # the base: over the eyes in front, over the cerebellum behind
    base = np.where(y < 0, -13 - z - 0.10 * (y + 20), np.where(y < 22, -15 - z + 0.6 * y, -1.8 - z - 0.30 * (y - 22))).astype(np.float32)
    whole = -union(-whole, -base, 9)
    temple = ellipsoid(side, y, z, (44, -10, -15), (20, 41, 19))
    return np.asarray(union(whole, temple, 3.5), np.float32)


def cerebellum(x: Grid, y: Grid, z: Grid) -> Grid:
    lobes = ellipsoid(np.abs(x), y, z, (22, 42, -33), (30, 31, 24))
    worm = ellipsoid(x, y, z, (0, 43, -29), (16, 26, 25))
    roof = z - (-3.5 - 0.20 * np.abs(x) - 0.30 * (y - 22))
    return np.asarray(-union(-union(lobes, worm, 7), -roof, 5), np.float32)


def brainstem(x: Grid, y: Grid, z: Grid) -> Grid:
    """Midbrain, pons and medulla, and the cord as far as the picture goes."""
    pons = ellipsoid(x, y, z, (0, 7.5, -24), (17, 11.5, 13))
    parts = [
        cone(x, y, z, (0, 12, -4), (0, 12, -16), 9.5, 9.5), cone(x, y, z, (0, 18, -5), (0, 19, -11), 5.5, 4.5), cone(x, y, z, (0, 14, -30), (0, 17, -50), 9.0, 6.5),
        cone(x, y, z, (0, 17, -50), (0, 22, -72), 6.2, 4.8), cone(x, y, z, (0, 22, -72), (0, 27, -105), 4.8, 4.8), cone(x, y, z, (0, 27, -105), (0, 25, -190), 4.8, 4.4),
    ]  # fmt: skip
    whole = pons
    for part in parts:
        whole = union(whole, part, 3.0)
    return np.asarray(whole, np.float32)


def intracranial(x: Grid, y: Grid, z: Grid) -> Grid:
    """The inner table of the skull."""
    whole = union(cerebrum(x, y, z), cerebellum(x, y, z), 16)
    whole = union(whole, ellipsoid(x, y, z, (0, 9, -25), (19, 15, 20)), 10)
    return np.asarray(whole - 3.0 - 0.8 * np.clip(z / 40, 0, 1), np.float32)


def skin(x: Grid, y: Grid, z: Grid, inner: Grid) -> Grid:
    """The outside: scalp, face and neck."""
    side = np.abs(x)
    scalp = inner - (12.5 + 1.5 * np.clip(-z / 40, 0, 1))
    face = ellipsoid(side, y, z, (0, -38, -52), (62, 49, 66))
    jaw = ellipsoid(side, y, z, (0, -46, -92), (49, 43, 34))
    neck = cone(x * 0.9, y, z, (0, 24, -70), (0, 21, -200), 53, 51)
    whole = union(union(scalp, face, 16), union(neck, jaw, 16), 14)
    nose = union(cone(x, y, z, (0, -84, -8), (0, -103, -40), 5, 8), ellipsoid(side, y, z, (6, -93, -43), (8, 10, 6)), 7)
    whole = union(whole, nose, 10)
    lips = np.minimum(ellipsoid(x, y, z, (0, -87, -68), (22, 10, 7)), ellipsoid(x, y, z, (0, -86, -79), (20, 9, 7)))
    whole = union(whole, lips, 9)
    whole = union(whole, ellipsoid(x, y, z, (0, -80, -100), (20, 16, 14)), 8)
    ear = ellipsoid(side, y, z, (70, 16, -28), (9, 17, 26))
    return np.asarray(union(whole, ear, 5), np.float32)


def wave(plane: Plane) -> Grid:
    """A slow irregularity of about 1, for borders."""
    return _WAVE.axis_aligned(plane.x, plane.y, plane.z)
