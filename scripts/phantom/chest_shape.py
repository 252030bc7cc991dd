# ruff: noqa: E501 -- tables read better in rows
"""The trunk: where the skin, the thoracic cavity, the spine and the diaphragm run. z = 0 is the carina."""

from dataclasses import dataclass

import numpy as np

from .plane import Grid, ellipse, union

# z, half width of the cavity, its back and front
_CAVITY = np.array(
    [
        (-250, 122, 66, -92), (-200, 128, 72, -96), (-160, 134, 79, -99), (-120, 138, 84, -99), (-80, 138, 87, -95), (-40, 134, 89, -87),
        (0, 127, 89, -75), (30, 118, 86, -65), (60, 104, 80, -53), (85, 85, 72, -38), (100, 68, 64, -24), (112, 48, 54, -9), (120, 28, 46, 4), (126, 12, 38, 14),
    ]
)  # fmt: skip
# z, half width of the body, its back and front, roundness
_BODY = np.array(
    [
        (-250, 156, 103, -120, 2.35), (-200, 155, 105, -121, 2.35), (-160, 157, 108, -120, 2.35), (-120, 160, 112, -120, 2.35), (-80, 162, 116, -117, 2.35),
        (-40, 163, 119, -110, 2.35), (0, 163, 120, -101, 2.4), (30, 163, 119, -93, 2.3), (60, 155, 115, -84, 2.2), (85, 142, 108, -70, 2.1),
        (105, 122, 101, -58, 2.0), (120, 98, 95, -50, 2.0), (135, 76, 90, -46, 2.0), (150, 68, 86, -46, 2.1), (165, 60, 74, -48, 2.2), (220, 58, 70, -50, 2.2),
    ]
)  # fmt: skip
# z, centre of the vertebral bodies in y, half width, half depth
_SPINE = np.array(
    [(-250, 42, 22, 16.5), (-200, 47, 20, 15.5), (-140, 54, 18, 14.5), (-90, 58, 16.5, 13.5), (-40, 60, 15, 12.5), (0, 57, 14, 11.5), (50, 47, 13.5, 10.5), (88, 36, 14, 9.5), (124, 26, 12.5, 8.5), (160, 20, 12, 8), (220, 18, 12, 8)]
)  # fmt: skip
VERTEBRAE = {
    "C4": 156, "C5": 140, "C6": 124, "C7": 107, "T1": 88, "T2": 68, "T3": 47, "T4": 25, "T5": 3, "T6": -20, "T7": -43, "T8": -67,
    "T9": -91, "T10": -116, "T11": -142, "T12": -169, "L1": -198, "L2": -229,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spine:
    """The vertebral column at one height: centre and half sizes of the body, in mm."""

    y: float
    half_width: float
    half_depth: float


def _row(table: np.ndarray, z: float) -> list[float]:
    order = np.argsort(table[:, 0])
    return [float(np.interp(z, table[order, 0], table[order, column])) for column in range(1, table.shape[1])]


def spine(z: float) -> Spine:
    return Spine(*_row(_SPINE, z))


def cavity(x: Grid, y: Grid, z: float) -> Grid:
    """The inner chest wall: two lungs' worth of space and the mediastinum between, with gutters beside the spine."""
    wide, back, front = _row(_CAVITY, z)
    centre, depth = (back + front) / 2, (back - front) / 2
    side, reach = 0.47 * wide, 0.53 * wide
    both = np.minimum(ellipse(x, y, (-side, centre + 2), (reach, depth)), ellipse(x, y, (side, centre + 2), (reach, depth)))
    middle = ellipse(x, y, (0, (front + spine(z).y) / 2), (0.62 * wide, (spine(z).y - front) / 2 + 1))
    return union(both, middle, 16.0)


def body(x: Grid, y: Grid, z: float) -> Grid:
    """The skin, as about the distance to it."""
    wide, back, front, power = _row(_BODY, z)
    centre, depth = (back + front) / 2, (back - front) / 2
    # flatter at the back: she lies on it
    v = (y - centre) / np.float32(depth)
    v = np.where(v > 0, v * (1 - 0.05 * np.exp(-((x / 26) ** 2))), v)
    u = np.abs(x) / np.float32(wide)
    power_back = power + 0.7
    p = np.where(v > 0, power_back, power).astype(np.float32)
    reach = (u**p + np.abs(v) ** p) ** (1 / p)
    radius = np.sqrt(x**2 + (y - centre) ** 2)
    outline = radius * (1 - 1 / np.maximum(reach, 1e-3)) * 0.92
    for sign in (-1, 1):
        outline = union(outline, breast(x, y, z, sign), 14.0)
    return np.asarray(outline, np.float32)


def breast(x: Grid, y: Grid, z: float, sign: int, shrink: float = 0.0) -> Grid:
    """One breast, fallen a little to its side as it does lying down."""
    height = (z + 58) / (68 - shrink)
    if abs(height) >= 1:
        return np.full(np.broadcast_shapes(x.shape, y.shape), 500, np.float32)
    size = float(np.sqrt(1 - height**2))
    centre = (sign * 84.0, -94.0 + 8 * abs(height))
    return ellipse(x, y, centre, ((58 - shrink) * size, (44 - shrink) * size))


def dome(x: Grid, y: Grid) -> Grid:
    """The height z of the diaphragm: a dome each side, the heart's bed between, falling to the ribs and furthest at the back."""
    domes = []
    for side, peak, reach in ((-62.0, -82.0, 78.0), (62.0, -96.0, 76.0)):
        u, v = (x - side) / np.float32(reach), (y + 4) / np.float32(92)
        out = np.sqrt(u**2 + v**2) * (1 + 0.05 * np.sin(3 * np.arctan2(v, u) + side))
        fall = 38 + 34 * np.clip(v, -0.6, 1.2)
        domes.append(peak - fall * out**2.6 - 26 * np.clip(out - 0.9, 0, 1))
    h = np.clip(0.5 + 0.5 * (domes[1] - domes[0]) / 30, 0, 1)
    return np.asarray(domes[0] * (1 - h) + domes[1] * h, np.float32)
