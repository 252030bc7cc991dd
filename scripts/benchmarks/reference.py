"""What a windowed, resampled CT picture has to be, in double precision and straight from the definitions."""

import numpy as np
from numpy.typing import NDArray

_Weights = NDArray[np.float64]


def largest_error(picture: NDArray[np.uint8], stored: NDArray[np.uint16], center: float, width: float) -> int:
    """The largest difference in grey levels from the stored values (HU + 1024) resampled, then windowed by PS3.3 C.11.2.1.2.1."""
    rows, columns = picture.shape
    values = _weights(stored.shape[0], rows) @ (stored.astype(np.float64) - 1024) @ _weights(stored.shape[1], columns).T
    display = ((values - (center - 0.5)) / (width - 1) + 0.5) * 255
    expected = np.floor(np.clip(display, 0, 255) + 0.5).astype(int)
    return int(np.abs(expected - picture).max())


def _weights(size: int, wanted: int) -> _Weights:
    """(wanted, size): each row the weights of the samples that make one sample; edges meet edges.

    Shrinking takes the mean over what a sample covers, enlarging a line between the two nearest centres.
    """
    weights = np.zeros((wanted, size))
    ratio = size / wanted
    for place in range(wanted):
        if ratio > 1:
            low, high = place * ratio, (place + 1) * ratio
            for sample in range(int(low), min(int(np.ceil(high)), size)):
                weights[place, sample] = (min(high, sample + 1) - max(low, sample)) / ratio
            continue
        at = min(max((place + 0.5) * ratio - 0.5, 0.0), size - 1.0)
        sample = min(int(at), size - 2)
        weights[place, sample], weights[place, sample + 1] = 1 - (at - sample), at - sample
    return weights
