"""What machines make of the phantom: CT slices with grain, a scout, and a radiograph as sums along the beam."""

import os
from collections.abc import Callable, Sequence
from multiprocessing import get_context

import numpy as np
import numpy.typing as npt

from .chest import AIR, axial
from .glyphs import write
from .noise import blur, grain
from .plane import Grid

Stored = npt.NDArray[np.uint16]

CT_SIZE, CT_PIXEL_MM, CT_SPACING_MM, CT_SLICES = 512, 0.78125, 5.0, 64
CT_TOP_MM, CT_MIDDLE_Y_MM = 128.0, 10.0
_SUBSLICES = (-1.6, 0.0, 1.6)
_ROWS = slice(56, 400)  # rows the patient can reach; the rest is air


def _axis(count: int, step_mm: float, middle_mm: float = 0.0) -> Grid:
    return ((np.arange(count) - (count - 1) / 2) * step_mm + middle_mm).astype(np.float32)


def ct_heights() -> list[float]:
    """z of every slice, head first."""
    return [CT_TOP_MM - CT_SPACING_MM * i for i in range(CT_SLICES)]


def _clean_slice(z: float) -> Grid:
    x, y = _axis(CT_SIZE, CT_PIXEL_MM), _axis(CT_SIZE, CT_PIXEL_MM, CT_MIDDLE_Y_MM)
    whole = np.full((CT_SIZE, CT_SIZE), AIR, np.float32)
    whole[_ROWS] = sum(axial(x, y[_ROWS], z + away, CT_PIXEL_MM) for away in _SUBSLICES) / np.float32(len(_SUBSLICES))
    return _with_table(whole, x[None], y[:, None])


def _with_table(picture: Grid, x: Grid, y: Grid) -> Grid:
    """A curved carbon table under the patient, and the mattress on it."""
    hollow = y - (133 - 0.00075 * x**2)
    inside = np.abs(x) < 205
    for low, high, value in ((0.0, 2.2, -560.0), (2.2, 24.0, -955.0), (24.0, 26.0, -580.0)):
        cover = np.clip(0.5 + (hollow - low) / CT_PIXEL_MM, 0, 1) * np.clip(0.5 + (high - hollow) / CT_PIXEL_MM, 0, 1) * inside
        picture = np.maximum(picture, AIR + cover * (value - AIR))
    return picture.astype(np.float32)


def ct_slice(job: tuple[int, float]) -> Stored:
    """Stored values (modality + 1024) of one slice: (512, 512), 12 bits."""
    number, z = job
    clean = blur(_clean_slice(z), 0.68)
    generator = np.random.default_rng(7000 + number)
    mass = blur(np.clip(clean / 1000 + 1, 0, 1.6), 22)
    sigma = 0.15 + 5.0 * mass**1.4
    texture = grain(generator, clean.shape, 0.09)
    if z > 70:
        # photon starvation between the shoulders: streaks from side to side
        streaks = blur(np.repeat(generator.standard_normal((CT_SIZE, 32), np.float32), 16, 1), 1.2)
        streaks = _smooth_rows(streaks / streaks.std(), 24)
        sigma = sigma * (1 + 0.35 * min((z - 70) / 25, 1))
        texture = texture + 0.75 * min((z - 70) / 25, 1) * streaks * mass**2
    noisy = clean + sigma * texture
    x, y = _axis(CT_SIZE, 1.0)[None], _axis(CT_SIZE, 1.0)[:, None]
    stored = np.clip(np.rint(noisy + 1024), 0, 4095)
    stored[x**2 + y**2 > (CT_SIZE / 2) ** 2] = 0
    return stored.astype(np.uint16)


def _smooth_rows(picture: Grid, sigma: float) -> Grid:
    reach = round(3 * sigma)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    smooth = np.apply_along_axis(lambda row: np.convolve(row, kernel / kernel.sum(), "same"), 1, picture)
    return np.asarray(smooth / smooth.std(), np.float32)


def _attenuation(hounsfield: Grid) -> Grid:
    """Per millimetre at about 70 keV; bone stops more of a radiograph's softer beam than its HU says."""
    water = np.maximum(1 + hounsfield / 1000, 0)
    bone = np.clip(hounsfield - 130, 0, None) / 1000
    return np.asarray(0.0193 * (water + 1.7 * bone), np.float32)


def beam_row(job: tuple[float, int, float, bool]) -> Grid:
    """The attenuation summed from front to back at height z, for `count` columns of `step` mm."""
    z, count, step_mm, arms_up = job
    y = _axis(174, 1.5)
    return np.asarray(_attenuation(axial(_axis(count, step_mm), y, z, 1.2, arms_up)).sum(0) * 1.5, np.float32)


def resample(rows: Grid, count: int, axis: int) -> Grid:
    """Cubic (Catmull-Rom) resampling of one axis to `count` samples over the same extent."""
    old = rows.shape[axis]
    at = (np.arange(count) + 0.5) * old / count - 0.5
    base = np.floor(at).astype(int)
    t = (at - base).astype(np.float32)
    weights = (-0.5 * t + t**2 - 0.5 * t**3, 1 - 2.5 * t**2 + 1.5 * t**3, 0.5 * t + 2 * t**2 - 1.5 * t**3, -0.5 * t**2 + 0.5 * t**3)
    shape = [1, 1]
    shape[axis] = count
    parts = [np.take(rows, np.clip(base + k - 1, 0, old - 1), axis) * weights[k].reshape(shape) for k in range(4)]
    return np.asarray(sum(parts), np.float32)


SCOUT_ROWS, SCOUT_COLUMNS, SCOUT_PIXEL_MM, SCOUT_TOP_MM = 480, 512, 0.9765625, 190.0


def scout_jobs() -> list[tuple[float, int, float, bool]]:
    return [
        (float(SCOUT_TOP_MM - (i + 0.5) * 2 * SCOUT_PIXEL_MM), 320, SCOUT_PIXEL_MM * SCOUT_COLUMNS / 320, True)
        for i in range(SCOUT_ROWS // 2)
    ]


def scout(rows: Sequence[Grid]) -> Stored:
    """The planning view: (480, 512), 12 bits, edges lifted as scanners do."""
    lines = resample(resample(np.stack(rows), SCOUT_ROWS, 0), SCOUT_COLUMNS, 1)
    sharp = lines + 0.9 * (lines - blur(lines, 5)) + 0.35 * (lines - blur(lines, 30))
    noise = np.random.default_rng(71).standard_normal(lines.shape, np.float32) * (0.012 + 0.006 * lines)
    return np.clip(np.rint(1024 - 900 + 300 * (sharp + blur(noise, 0.7))), 0, 4095).astype(np.uint16)


DX_ROWS, DX_COLUMNS, DX_PIXEL_MM, _MAGNIFIED = 1060, 1000, 0.4, 1.09
DX_TOP_MM, DX_STEP_MM = 176.0, 1.25


def radiograph_jobs() -> list[tuple[float, int, float, bool]]:
    height_mm = DX_ROWS * DX_PIXEL_MM / _MAGNIFIED
    count = round(height_mm / DX_STEP_MM)
    return [
        (float(DX_TOP_MM - (i + 0.5) * height_mm / count), 470, DX_COLUMNS * DX_PIXEL_MM / _MAGNIFIED / 470, False) for i in range(count)
    ]


def radiograph(rows: Sequence[Grid]) -> Stored:
    """A chest radiograph seen from the front: (1060, 1000), 12 bits, more exposure more value (MONOCHROME1)."""
    lines = resample(resample(np.stack(rows), DX_ROWS, 0), DX_COLUMNS, 1)
    scatter = blur(lines[::4, ::4], 14)
    lines = lines - 0.12 * resample(resample(scatter, DX_ROWS, 0), DX_COLUMNS, 1)
    detail = 0.9 * (lines - blur(lines, 2.2)) + 0.75 * (lines - blur(lines, 9)) + 0.5 * (lines - blur(lines, 34))
    # the long tail of the shoulders and the belly is compressed, as every maker's processing does
    base = 2.9 * np.tanh(lines / 3.6)
    picture = base + 0.8 * detail
    noise = blur(np.random.default_rng(72).standard_normal(lines.shape, np.float32), 0.8)
    picture = picture + noise * (0.006 + 0.007 * np.exp(0.28 * lines))
    # the lead letter on the plate, at her left
    picture = picture + 1.6 * blur(_marker(), 1.2)
    return np.clip(np.rint(3720 - 1180 * picture), 0, 4095).astype(np.uint16)


def _marker() -> Grid:
    small = np.zeros((DX_ROWS // 6 + 1, DX_COLUMNS // 6 + 1), np.uint8)
    write(small, 7, 152, "L", 1)
    return np.kron(small, np.ones((6, 6), np.uint8))[:DX_ROWS, :DX_COLUMNS].astype(np.float32)


def run(work: Callable, jobs: Sequence) -> list:  # type: ignore[type-arg]
    """`work` for every job on the machine's processors, in order."""
    with get_context("fork" if os.name == "posix" else "spawn").Pool(min(4, os.cpu_count() or 1)) as pool:
        return pool.map(work, jobs, chunksize=4)


def dicom_position(z: float) -> tuple[float, float, float]:
    """Image Position (Patient) of a CT slice: the centre of its first pixel."""
    half = (CT_SIZE - 1) / 2 * CT_PIXEL_MM
    return -half, -half + CT_MIDDLE_Y_MM, z
