# ruff: noqa: E501 -- tables read better in rows
"""A few letters of five by seven pixels, for what an ultrasound machine writes into its picture."""

import numpy as np
import numpy.typing as npt

_ROWS = {
    "0": "0e1113151911 0e", "1": "040c04040404 0e", "2": "0e110102040 81f", "5": "1f101e010111 0e", "6": "0608101e1111 0e", "-": "0000001f000000", "+": "0004041f040400",
    "c": "00000e1010110e", "m": "00001a15151515", "/": "01020204080810", "s": "00000f100e011e", "L": "1010101010101f", "D": "1e11111111111e", "E": "1f10101e10101f", "M": "111b1515111111",
    "O": "0e11111111110e", "N": "11111915131111", "T": "1f040404040404", "A": "0e11111f111111", "P": "1e11111e101010", "I": "0e04040404040e", ",": "00000000060408", " ": "0" * 14,
}  # fmt: skip


def write(picture: npt.NDArray[np.uint8], row: int, column: int, text: str, grey: int) -> None:
    """Draw `text` with its upper left corner at (row, column)."""
    for character in text:
        lines = bytes.fromhex(_ROWS[character].replace(" ", ""))
        for down, line in enumerate(lines):
            for right in range(5):
                if line >> (4 - right) & 1 and row + down < picture.shape[0] and column + right < picture.shape[1]:
                    picture[row + down, column + right] = grey
        column += 6
