"""Stored colour to RGB for the screen: PS3.3 C.7.6.3.1.2. ICC profiles are not applied."""

import numpy as np

from tview.pixels.arrays import Pixels
from tview.pixels.layout import Layout

_FULL = ((1.0, 0.0, 1.402), (1.0, -0.114 * 1.772 / 0.587, -0.299 * 1.402 / 0.587), (1.0, 1.772, 0.0))


def to_rgb(stored: Pixels, layout: Layout, photometric: str) -> Pixels:
    """(rows, columns, samples) of the photometric interpretation named, as (rows, columns, 3) uint8. May be a view of `stored`.

    `photometric` says what the values are now, which is not what the header says once a codec has converted them.
    """
    eight = _to_eight_bits(stored, layout)
    if photometric in ("YBR_FULL", "YBR_FULL_422"):
        return _from_ycbcr(eight)
    if photometric in ("YBR_PARTIAL_422", "YBR_PARTIAL_420"):
        return _from_partial(eight)
    if photometric == "CMYK":  # retired; K and the inks count down from white
        inks = eight.astype(np.uint16)
        return ((255 - inks[..., :3]) * (255 - inks[..., 3:4]) // 255).astype(np.uint8)
    if photometric == "ARGB":  # retired; the first sample chose between the palette and RGB
        return eight[..., 1:4]
    if photometric == "HSV":
        import cv2

        hue_of_180 = (eight.astype(np.uint16) * (180, 255, 255) // 255).astype(np.uint8)
        return np.asarray(cv2.cvtColor(hue_of_180, cv2.COLOR_HSV2RGB))
    return eight[..., :3]


def _to_eight_bits(stored: Pixels, layout: Layout) -> Pixels:
    if layout.pixel_representation == 1:
        stored = stored.astype(np.int64) + (1 << layout.bits_stored - 1)
    if stored.dtype == np.uint8 and layout.bits_stored == 8:
        return stored
    top = (1 << layout.bits_stored) - 1
    return ((stored.astype(np.uint64) * 255 + top // 2) // top).astype(np.uint8)


def _from_ycbcr(ycbcr: Pixels) -> Pixels:
    values = ycbcr.astype(np.float32)
    luma, blue, red = values[..., 0], values[..., 1] - 128, values[..., 2] - 128
    return _rounded(luma, blue, red)


def _from_partial(ycbcr: Pixels) -> Pixels:
    """Luma 16-235 and chroma 16-240: CCIR 601-2."""
    values = ycbcr.astype(np.float32)
    luma, chroma = (values[..., 0] - 16) * (255 / 219), (values[..., 1:] - 128) * (255 / 224)
    return _rounded(luma, chroma[..., 0], chroma[..., 1])


def _rounded(luma: Pixels, blue: Pixels, red: Pixels) -> Pixels:
    rgb = np.empty((*luma.shape, 3), np.uint8)
    for channel, (of_luma, of_blue, of_red) in enumerate(_FULL):
        value = luma * of_luma + blue * of_blue + red * of_red
        rgb[..., channel] = np.clip(value + 0.5, 0, 255)
    return rgb
