"""Colours as DICOM writes them, PCS values of CIELab in 16 bits, brought to the screen's sRGB: PS3.3 C.10.7.1.1."""

from tview.pixels.layers import Colour

_WHITE = (0.9642, 1.0, 0.8249)  # D50
_TO_SRGB = (  # XYZ of D50 to linear sRGB, Bradford
    (3.1338561, -1.6168667, -0.4906146),
    (-0.9787684, 1.9161415, 0.0334540),
    (0.0719453, -0.2289914, 1.4052427),
)


def srgb_of(values: tuple[int, ...]) -> Colour | None:
    """Red, green and blue of an encoded CIELab triple; None when it is no triple."""
    if len(values) != 3:
        return None
    lightness, a, b = values[0] * 100 / 65535, values[1] * 255 / 65535 - 128, values[2] * 255 / 65535 - 128
    y = (lightness + 16) / 116
    xyz = [white * _cubed(part) for white, part in zip(_WHITE, (y + a / 500, y, y - b / 200), strict=True)]
    red, green, blue = (_encoded(sum(factor * part for factor, part in zip(row, xyz, strict=True))) for row in _TO_SRGB)
    return red, green, blue


def _cubed(part: float) -> float:
    return part**3 if part > 6 / 29 else 3 * (6 / 29) ** 2 * (part - 4 / 29)


def _encoded(linear: float) -> int:
    linear = min(max(linear, 0.0), 1.0)
    return round(255 * (12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055))
