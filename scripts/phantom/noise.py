"""Random fields with a scale: wavy borders, tissue texture, and the grain of a reconstruction kernel. Seeded, so always the same."""

import numpy as np
import numpy.typing as npt

from .plane import Grid


class Noise:
    """A smooth periodic field of unit variance; features are about `scale_mm` across."""

    __slots__ = ("_cell_mm", "_field", "_size")

    def __init__(self, seed: int, scale_mm: float, size: int = 48, band: bool = False) -> None:
        """`band` keeps only waves near one length: its zero surfaces then fold like a cortex instead of wandering."""
        self._size, self._cell_mm = size, scale_mm / (4.0 if band else 5.0)
        frequency = np.fft.fftfreq(size)
        fx, fy, fz = np.meshgrid(frequency, frequency, frequency, indexing="ij")
        radius = np.sqrt(fx**2 + fy**2 + fz**2)
        gain = np.exp(-(((radius - 0.125) / 0.035) ** 2)) if band else np.exp(-((radius / 0.13) ** 2))
        gain[0, 0, 0] = 0
        white = np.random.default_rng(seed).standard_normal((size, size, size))
        values = np.fft.ifftn(np.fft.fftn(white) * gain).real
        self._field = (values / values.std()).astype(np.float32)

    def axis_aligned(self, x: Grid, y: Grid, z: Grid) -> Grid:
        """The field on a plane whose rows and columns follow two axes: quick, by two matrix products."""
        weights = [self._weights(axis.ravel()) for axis in (x, y, z)]
        shape = np.broadcast_shapes(x.shape, y.shape, z.shape)
        thin = next(i for i, axis in enumerate((x, y, z)) if axis.size == 1)
        flat = np.tensordot(weights[thin][0], self._field, (0, thin))
        first, second = (i for i in range(3) if i != thin)
        plane = weights[first] @ flat @ weights[second].T
        axes = (x, y, z)
        rows_first = axes[first].shape[0] > 1
        result = plane if rows_first else plane.T
        return np.ascontiguousarray(result.reshape(shape), np.float32)

    def _weights(self, positions: Grid) -> Grid:
        scaled = np.asarray(positions, np.float64) / self._cell_mm + 1000 * self._size
        low = np.floor(scaled).astype(int)
        part = scaled - low
        part = part * part * (3 - 2 * part)
        weights = np.zeros((len(positions), self._size), np.float32)
        rows = np.arange(len(positions))
        weights[rows, low % self._size] += (1 - part).astype(np.float32)
        weights[rows, (low + 1) % self._size] += part.astype(np.float32)
        return weights

    def at(self, x: Grid, y: Grid, z: Grid) -> Grid:
        """The field at any points of one shape, trilinear."""
        n = self._size
        lows, parts = [], []
        for axis in (x, y, z):
            scaled = np.asarray(axis, np.float32) / np.float32(self._cell_mm)
            low = np.floor(scaled)
            lows.append((low.astype(np.int32) % n, (low.astype(np.int32) + 1) % n))
            parts.append(scaled - low)
        result: Grid | float = 0.0
        for corner in range(8):
            bits = [(corner >> i) & 1 for i in range(3)]
            weight = np.prod([part if bit else 1 - part for bit, part in zip(bits, parts, strict=True)], axis=0)
            result = result + weight * self._field[lows[0][bits[0]], lows[1][bits[1]], lows[2][bits[2]]]
        return np.asarray(result, np.float32)


def blur(picture: Grid, sigma_pixels: float) -> Grid:
    """A Gaussian blur with edges repeated."""
    reach = max(1, round(3.5 * sigma_pixels))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma_pixels) ** 2)
    kernel = (kernel / kernel.sum()).astype(np.float32)
    for axis in (0, 1):
        padded = np.pad(picture, [(reach, reach) if i == axis else (0, 0) for i in (0, 1)], mode="edge")
        length = picture.shape[axis]
        picture = sum(weight * (padded[k : k + length] if axis == 0 else padded[:, k : k + length]) for k, weight in enumerate(kernel))
    return np.asarray(picture, np.float32)


def grain(generator: np.random.Generator, shape: tuple[int, int], cutoff: float = 0.16, ramp: float = 1.0) -> Grid:
    """Unit-variance noise with the spectrum of a filtered back-projection: rising as the ramp, then falling at `cutoff` per pixel."""
    fy = np.fft.fftfreq(shape[0])[:, None]
    fx = np.fft.rfftfreq(shape[1])[None, :]
    radius = np.sqrt(fy**2 + fx**2)
    gain = (radius + 0.01) ** ramp * np.exp(-((radius / cutoff) ** 2))
    white: npt.NDArray[np.float32] = generator.standard_normal(shape, np.float32)
    values = np.fft.irfft2(np.fft.rfft2(white) * gain, shape)
    return np.asarray(values / values.std(), np.float32)
