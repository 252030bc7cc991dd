"""Planes and places of slices: what Image Orientation and Image Position (Patient) say, in plain numbers (PS3.3 C.7.6.2.1.1)."""

import math

Vector = tuple[float, float, float]

SAME_ANGLE_COS = math.cos(math.radians(1.0))
SAME_PLACE_MM = 0.01
_PLANES = ("sagittal", "coronal", "axial")
_PLANE_COMPONENT = 0.8


def normal_of(orientation: tuple[float, ...]) -> Vector | None:
    """The unit normal, row direction × column direction; None when the six numbers span no plane."""
    if len(orientation) != 6:
        return None
    a, b, c, d, e, f = orientation
    x, y, z = b * f - c * e, c * d - a * f, a * e - b * d
    length = math.sqrt(x * x + y * y + z * z)
    if not 0.5 < length < 2.0:
        return None
    return x / length, y / length, z / length


def same_orientation(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    """Whether rows and columns run within one degree of one another."""
    return all(_cos(a[i : i + 3], b[i : i + 3]) >= SAME_ANGLE_COS for i in (0, 3))


def plane_of(orientation: tuple[float, ...]) -> str | None:
    """ "axial", "coronal" or "sagittal" when the normal's largest component is at least 0.8, else "oblique"; None without orientation."""
    normal = normal_of(orientation)
    if normal is None:
        return None
    largest = max(range(3), key=lambda axis: abs(normal[axis]))
    return _PLANES[largest] if abs(normal[largest]) >= _PLANE_COMPONENT else "oblique"


def tilt_of(normal: Vector, first: tuple[float, ...], last: tuple[float, ...]) -> float | None:
    """Degrees between the normal of slices and the way from one to another: not 0 when the gantry was tilted. None for one place."""
    way = tuple(b - a for a, b in zip(first, last, strict=True))
    length = math.sqrt(sum(x * x for x in way))
    if length <= SAME_PLACE_MM:
        return None
    return math.degrees(math.acos(min(1.0, abs(place_along(normal, way)) / length)))


def place_along(normal: Vector, position: tuple[float, ...]) -> float:
    """Millimetres along the normal."""
    return normal[0] * position[0] + normal[1] * position[1] + normal[2] * position[2]


def _cos(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    lengths = math.sqrt(sum(x * x for x in a) * sum(x * x for x in b))
    return sum(x * y for x, y in zip(a, b, strict=True)) / lengths if lengths else 0.0
