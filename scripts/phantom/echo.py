"""An ultrasound clip: four chambers of a beating heart from the apex, with speckle, and blood in colour around the mitral valve."""

import numpy as np
import numpy.typing as npt

from .glyphs import write
from .noise import blur
from .plane import Grid, cone, ellipse, union

FRAMES, FRAME_MS = 20, 40
ROWS, COLUMNS = 480, 640
APEX_ROW, APEX_COLUMN = 26, 320
DEPTH_MM, HALF_ANGLE = 160.0, np.radians(40.0)
MM_PER_PIXEL = 0.37
_LINES, _SAMPLES = 240, 620
_BOX = (np.radians(-12.0), np.radians(24.0), 68.0, 146.0)

Picture = npt.NDArray[np.uint8]


def beat(phase: float) -> float:
    """How far the ventricles have contracted, 0 to 1, at a phase 0 to 1 of the heart beat."""
    rise = np.clip(phase / 0.32, 0, 1)
    fall = np.clip((phase - 0.36) / 0.24, 0, 1)
    return float((rise * rise * (3 - 2 * rise)) * (1 - fall * fall * (3 - 2 * fall)))


def valve(phase: float) -> float:
    """How far the mitral valve is open: wide in early filling, again as the atrium contracts."""
    early = np.exp(-(((phase - 0.58) / 0.085) ** 2))
    late = 0.75 * np.exp(-(((phase - 0.90) / 0.055) ** 2))
    return float(min(1.0, early + late + 0.28 * (0.52 < phase < 0.96)))


def _shapes(x: Grid, y: Grid, phase: float) -> dict[str, Grid]:
    """Distances in mm in the scan plane; x to the picture's right, y away from the probe."""
    c = beat(phase)
    base = 99 - 11 * c
    left = ellipse(x - 0.10 * (y - 60), y, (14, 60 + 2 * c), (22.5 * (1 - 0.30 * c), 42 * (1 - 0.10 * c)))
    left = np.maximum(left, y - base)
    right = np.maximum(ellipse(x + 0.26 * (y - 66), y, (-27, 66 + 2 * c), (14.5 * (1 - 0.22 * c), 36 * (1 - 0.08 * c))), y - base + 3)
    atrium_left = np.maximum(ellipse(x, y, (20, base + 23), (20 + 3 * c, 22.5 + 4 * c)), base + 1 - y)
    atrium_right = np.maximum(ellipse(x, y, (-30, base + 21), (19 + 3 * c, 20 + 3 * c)), base - 1 - y)
    wall = ellipse(x - 0.10 * (y - 60), y, (14, 60 + 2 * c), (22.5 * (1 - 0.30 * c) + 9.5 + 3.5 * c, 42 * (1 - 0.10 * c) + 9 + 2 * c))
    wall = np.maximum(wall, y - base - 2)
    free = np.maximum(ellipse(x + 0.26 * (y - 66), y, (-27, 66 + 2 * c), (19.5 - 2 * c, 41)), y - base)
    atria = np.minimum(ellipse(x, y, (20, base + 23), (23 + 3 * c, 26 + 4 * c)), ellipse(x, y, (-30, base + 21), (22 + 3 * c, 23 + 3 * c)))
    return {
        "left": left,
        "right": right,
        "la": atrium_left,
        "ra": atrium_right,
        "muscle": union(union(wall, free, 4), atria, 3),
        "base": np.full_like(left, base),
    }


def _leaflets(x: Grid, y: Grid, phase: float, base: float) -> Grid:
    """The valves between atria and ventricles, as thin lines."""
    zero = np.zeros((1, 1), np.float32)
    opened, parts = valve(phase), []
    for hinge_left, hinge_right, length in ((-1.0, 37.0, 21.0), (-44.0, -12.0, 17.0)):
        middle = (hinge_left + hinge_right) / 2
        closed, wide = (0.0, 5.0), 0.36 * length
        for sign, hinge in ((1, hinge_left), (-1, hinge_right)):
            tip_x = (middle - hinge) * (1 - opened) + sign * wide * opened
            tip_y = closed[1] * (1 - opened) - length * 0.95 * opened
            bend = (hinge + 0.55 * tip_x, base + 0.45 * tip_y - sign * 0)
            parts.append(cone(x, y, zero, (hinge, base, 0), (*bend, 0), 1.2, 1.0))
            parts.append(cone(x, y, zero, (*bend, 0), (hinge + tip_x, base + tip_y, 0), 1.0, 1.3))
    return np.asarray(np.minimum.reduce(parts))


def _fill(distance: Grid, soft: float = 0.8) -> Grid:
    return np.asarray(np.clip(0.5 - distance / soft, 0, 1), np.float32)


class Clip:
    """The fixed scatterers of the body, and frames made from them."""

    def __init__(self) -> None:
        generator = np.random.default_rng(81)
        self._angle = np.linspace(-HALF_ANGLE, HALF_ANGLE, _LINES, dtype=np.float32)[None]
        self._range = (np.arange(_SAMPLES, dtype=np.float32)[:, None] + 0.5) * np.float32(DEPTH_MM / _SAMPLES)
        self._x, self._y = self._range * np.sin(self._angle), self._range * np.cos(self._angle)
        shape = (_SAMPLES + 120, _LINES)
        self._tissue = self._speckle(generator, shape)
        self._blood = [self._speckle(generator, (_SAMPLES, _LINES)) for _ in range(5)]
        self._patches = blur(generator.standard_normal((_SAMPLES, _LINES), np.float32), 14) * 24
        self._dropout = blur(generator.standard_normal((1, _LINES), np.float32), 9) * 7
        column, row = np.meshgrid(np.arange(COLUMNS, dtype=np.float32), np.arange(ROWS, dtype=np.float32))
        across, down = (column - APEX_COLUMN) * MM_PER_PIXEL, (row - APEX_ROW) * MM_PER_PIXEL
        self._to_angle, self._to_range = np.arctan2(across, np.maximum(down, 1e-3)), np.hypot(across, down)
        self._seen = (np.abs(self._to_angle) < HALF_ANGLE) & (self._to_range < DEPTH_MM) & (self._to_range > 2.5) & (down > 0)

    @staticmethod
    def _speckle(generator: np.random.Generator, shape: tuple[int, int]) -> Grid:
        real, imaginary = (generator.standard_normal(shape, np.float32) for _ in range(2))
        return np.stack([_smear(part) for part in (real, imaginary)])

    def _to_picture(self, polar: Grid) -> Grid:
        line = (self._to_angle + HALF_ANGLE) / (2 * HALF_ANGLE) * (_LINES - 1)
        sample = self._to_range / DEPTH_MM * _SAMPLES - 0.5
        l0, s0 = np.clip(line.astype(int), 0, _LINES - 2), np.clip(sample.astype(int), 0, _SAMPLES - 2)
        u, v = np.clip(line - l0, 0, 1), np.clip(sample - s0, 0, 1)
        top = polar[s0, l0] * (1 - u) + polar[s0, l0 + 1] * u
        low = polar[s0 + 1, l0] * (1 - u) + polar[s0 + 1, l0 + 1] * u
        return np.asarray(np.where(self._seen, top * (1 - v) + low * v, 0), np.float32)

    def frame(self, index: int) -> Picture:
        """One frame, RGB (rows, columns, 3)."""
        phase = index / FRAMES
        shapes = _shapes(self._x, self._y, phase)
        base = float(shapes["base"][0, 0])
        bright = self._echoes(shapes, phase, base)
        # tissue carries its own speckle along as it moves
        shift = 14 * beat(phase) * np.exp(-(((self._range - 95) / 40) ** 2))
        rows = np.clip(np.arange(_SAMPLES)[:, None] + 40 + np.broadcast_to(shift, (_SAMPLES, _LINES)), 0, _SAMPLES + 118)
        low = rows.astype(int)
        part = rows - low
        columns = np.arange(_LINES)[None]
        moved = self._tissue[:, low, columns] * (1 - part) + self._tissue[:, low + 1, columns] * part
        blood = self._blood[index % 5]
        field = moved * bright + blood * 0.0055
        envelope = np.hypot(field[0], field[1])
        decibel = 20 * np.log10(envelope + 1e-5)
        grey = np.clip((decibel + 47) / 52, 0, 1) ** 1.2
        picture = self._to_picture(blur(grey.astype(np.float32), 0.6))
        rgb = np.repeat((picture * 240)[..., None], 3, 2)
        self._colour(rgb, picture, phase, base, index)
        return self._dress(rgb, index)

    def _echoes(self, shapes: dict[str, Grid], phase: float, base: float) -> Grid:
        far = np.exp(-self._range / 240)
        bright = 0.042 * np.exp(0.65 * self._patches) * np.ones_like(self._x)
        muscle = _fill(shapes["muscle"], 2)
        bright = bright * (1 - muscle) + 0.15 * np.exp(0.2 * self._patches) * muscle
        rim = np.exp(-(((shapes["muscle"] - 0.8) / 1.4) ** 2))
        bright = bright + 0.75 * rim * (0.4 + 0.6 * np.abs(np.cos(2 * self._angle * 1.2)))
        for name in ("left", "right", "la", "ra"):
            inside = _fill(shapes[name], 1.6)
            bright = bright * (1 - inside) + 0.004 * inside
            bright = bright + 0.22 * np.exp(-(((shapes[name] - 0.6) / 0.9) ** 2))
        for left, right in ((-1.0, 37.0), (-44.0, -12.0)):
            mouth = np.maximum(np.maximum(left + 3 - self._x, self._x - right + 3), np.abs(self._y - base) - 4)
            through = _fill(mouth, 2) * min(1.0, 1.5 * valve(phase))
            bright = bright * (1 - through) + 0.004 * through
        leaf = _leaflets(self._x, self._y, phase, base)
        bright = np.maximum(bright, 0.75 * _fill(leaf, 1.6))
        for hinge in (-6.0, 38.0, -46.0):
            bright = np.maximum(bright, 0.9 * _fill(ellipse(self._x, self._y, (hinge, base), (3.6, 2.2)), 2.5))
        # the moderator band, the papillary muscles, the lung behind the side wall, the haze close to the probe
        bright = np.maximum(bright, 0.2 * _fill(ellipse(self._x, self._y, (33 - 6 * beat(phase), 62), (5, 12)), 3) * (shapes["left"] < 0))
        bright = bright * (1 - 0.75 * np.clip((np.abs(self._angle) - 0.54) / 0.16, 0, 1))
        bright = bright * np.exp(0.55 * np.clip(self._dropout, -1.6, 0.5)) * far * 1.5
        return np.asarray(bright + 0.16 * np.exp(-(((self._range - 3) / 7) ** 2)) + 0.02 * np.exp(-self._range / 22), np.float32)

    def _colour(self, rgb: Grid, grey: Grid, phase: float, base: float, index: int) -> None:
        """Blood towards the probe red to yellow, away blue to cyan; the leak through the mitral valve too fast for the scale: a mosaic."""
        low, high, near, far = _BOX
        inside = (self._to_angle > low) & (self._to_angle < high) & (self._to_range > near) & (self._to_range < far) & self._seen
        x, y = self._to_range * np.sin(self._to_angle), self._to_range * np.cos(self._to_angle)
        generator = np.random.default_rng(900 + index)
        ragged = blur(generator.standard_normal((ROWS, COLUMNS), np.float32), 5) * 14
        fine = blur(generator.standard_normal((ROWS, COLUMNS), np.float32), 1.1) * 3.6
        c, opened = beat(phase), valve(phase)
        velocity = np.zeros((ROWS, COLUMNS), np.float32)
        inflow = np.maximum(np.abs(x - 18 - 0.08 * (base - y)) - (10 + 0.10 * np.abs(base - y)), np.abs(y - base + 14) - 30)
        fill = np.clip(0.5 - (inflow + 2.2 * ragged) / 5, 0, 1) * opened
        velocity += 0.95 * fill * np.exp(-(((y - base + 8) / 30) ** 2))
        leak = np.clip((phase - 0.03) / 0.05, 0, 1) * np.clip((0.44 - phase) / 0.06, 0, 1)
        length = 6 + 36 * leak
        along = (y - base) / max(length, 1)
        centre = 17 + 0.22 * (y - base)
        jet = np.maximum(np.abs(x - centre) - (2.2 + 8.5 * np.clip(along, 0, 1) ** 0.8), np.abs(y - base - length / 2 + 3) - length / 2 - 3)
        jet = np.clip(0.5 - (jet + 1.6 * ragged) / 3.5, 0, 1) * leak
        velocity -= jet * (1.25 - 0.55 * np.clip(along, 0, 1) + 0.5 * fine)
        swirl = 0.30 * c * np.exp(-(((x - 16) / 18) ** 2 + ((y - base + 22) / 14) ** 2)) * np.clip(1 + ragged, 0, 1.2)
        velocity -= swirl
        shown = (np.abs(velocity) > 0.13) & inside & (grey < 0.42)
        wrapped = (velocity + 1) % 2 - 1
        speed = np.abs(wrapped)
        red = np.where(wrapped > 0, 0.35 + 0.65 * np.minimum(speed * 1.8, 1), np.clip(speed * 1.3 - 0.75, 0, 0.6))
        green = np.where(wrapped > 0, np.clip(speed * 1.5 - 0.45, 0, 0.95), np.clip(speed * 1.45 - 0.35, 0, 0.95))
        blue = np.where(wrapped > 0, 0.02, 0.40 + 0.60 * np.minimum(speed * 1.8, 1))
        rgb[shown] = (np.stack((red, green, blue), -1) * 250)[shown]
        edge = np.zeros((ROWS, COLUMNS), bool)
        for thing, limits, other in (
            (self._to_angle * self._to_range, (low, high), (near, far)),
            (self._to_range, (near, far), (low, high)),
        ):
            for limit in limits:
                at = limit * self._to_range if thing is not self._to_range else limit
                between = (
                    (self._to_range > other[0]) & (self._to_range < other[1])
                    if thing is not self._to_range
                    else (self._to_angle > other[0]) & (self._to_angle < other[1])
                )
                edge |= (np.abs(thing - at) < 0.24) & between
        rgb[edge] = 190

    def _dress(self, rgb: Grid, index: int) -> Picture:
        """Scales, depth marks and the electrocardiogram, as the machine draws them."""
        out = np.clip(rgb, 0, 255).astype(np.uint8)
        ramp = np.linspace(255, 0, 160)[:, None]
        out[40:200, 30:42] = ramp[..., None]
        t = np.linspace(1, -1, 120)
        bar = np.stack(
            (
                np.where(t > 0, 90 + 165 * np.minimum(t * 1.8, 1), np.clip(-t * 330 - 190, 0, 150)),
                np.clip(np.abs(t) * 380 - 110, 0, 240),
                np.where(t > 0, 5, 100 + 155 * np.minimum(-t * 1.8, 1)),
            ),
            -1,
        )
        bar[58:62] = 0
        out[40:160, 590:602] = bar[:, None]
        write(out, 28, 578, "+61", 200)
        write(out, 166, 578, "-61 cm/s", 200)
        write(out, 28, 24, "2D", 200)
        write(out, 10, 12, "DEMO, NOT A PATIENT", 150)
        for centimetre in range(int(DEPTH_MM / 10) + 1):
            row = APEX_ROW + round(centimetre * 10 / MM_PER_PIXEL)
            length = 9 if centimetre % 5 == 0 else 4
            if row < ROWS:
                out[row, 612 : 612 + length] = 200
            if centimetre % 5 == 0 and centimetre:
                write(out, row - 3, 624, str(centimetre), 170)
        trace = _ecg()
        for column in range(len(trace) - 1):
            first, last = sorted((trace[column], trace[column + 1]))
            out[first : last + 1, 24 + column] = (60, 220, 120)
        at = (index * (len(trace) // 2 - 1)) // FRAMES + 70
        out[trace[at] - 3 : trace[at] + 4, 24 + at - 1 : 24 + at + 2] = (255, 240, 120)
        return out


def _ecg() -> npt.NDArray[np.intp]:
    """Two beats of an electrocardiogram as rows of the picture."""
    phase = (np.arange(200) / 98.0 - 0.72) % 1
    height = (
        0.10 * np.exp(-(((phase - 0.84) / 0.030) ** 2))
        - 0.10 * np.exp(-(((phase - 0.965) / 0.010) ** 2))
        + np.exp(-(((phase - 0.992) / 0.011) ** 2))
    )
    height += -0.22 * np.exp(-(((phase - 0.02) / 0.012) ** 2)) + 0.22 * np.exp(-(((phase - 0.30) / 0.055) ** 2))
    return np.asarray(462 - 34 * height).round().astype(int)


def _smear(part: Grid) -> Grid:
    """A pulse along the beam and a wider one across."""
    along, across = np.exp(-0.5 * (np.arange(-5, 6) / 1.5) ** 2), np.exp(-0.5 * (np.arange(-4, 5) / 1.15) ** 2)
    part = np.apply_along_axis(lambda line: np.convolve(line, along, "same"), 0, part)
    part = np.apply_along_axis(lambda line: np.convolve(line, across, "same"), 1, part)
    return np.asarray(part / part.std() / np.sqrt(2), np.float32)


def clip() -> list[Picture]:
    """The whole clip: one heart beat."""
    maker = Clip()
    return [maker.frame(index) for index in range(FRAMES)]
