"""Frames of our own files: opened by tview, and by the fewest operations that give the same bytes."""

import binascii
import struct
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.material import Stored

if TYPE_CHECKING:
    from tview.pixels import Decoder, Image


def open_with_tview(path: Path, decoder: "Decoder") -> "Image":
    """The image of a file, whose bytes are read when asked for."""
    from tview.dicom import read_header
    from tview.media import open_medium
    from tview.pixels import open_image

    medium = open_medium(str(path))
    (entry,) = medium.entries()

    def read_at(offset: int, length: int) -> bytes:
        return medium.read(entry, offset, length).data

    return open_image(read_header(read_at, entry.size), read_at, entry.size, decoder=decoder)


def stream_of(path: Path) -> bytes:
    """The code stream of a file of ours, without a parser: what stands behind the header of the pixel data."""
    data = path.read_bytes()
    at = data.rindex(b"\xe0\x7f\x10\x00O")
    if data[at + 5 : at + 6] == b"W":
        return data[at + 12 :]
    return data[at + 28 : -8]


def codec(syntax: str) -> Callable[[bytes], Any]:
    """What decodes a 512 x 512 frame of 16 bits, as a plain call."""
    import imagecodecs

    if syntax == "native":
        return lambda stream: np.frombuffer(stream, "<u2").reshape(512, 512)
    if syntax == "rle":
        return lambda stream: np.frombuffer(imagecodecs.dicomrle_decode(stream, "<u2"), "<u2").reshape(512, 512)
    if syntax == "j2k":
        return lambda stream: imagecodecs.jpeg2k_decode(stream, numthreads=1)
    return {"sv1": imagecodecs.jpeg8_decode, "jpegls": imagecodecs.jpegls_decode}[syntax]


def bare_picture(stored: Stored, rows: int, columns: int) -> NDArray[np.uint8]:
    """A CT slice in the window 400/40, by the fewest operations that give the right picture."""
    import cv2

    values = np.asarray(cv2.resize(stored.astype(np.float32), (columns, rows), interpolation=cv2.INTER_LINEAR), np.float32)
    np.multiply(values, np.float32(255 / 399), out=values)
    np.add(values, np.float32((-1024 - 39.5) * 255 / 399 + 128), out=values)
    return np.clip(values, 0, 255, out=values).astype(np.uint8)


def bare_kitty(picture: NDArray[np.uint8]) -> bytes:
    """A kitty picture of a PNG with the Up filter and ISA-L."""
    from isal import isal_zlib

    rows, columns = picture.shape
    lines = np.empty((rows, columns + 1), np.uint8)
    lines[:, 0], lines[0, 1:] = 2, picture[0]
    np.subtract(picture[1:], picture[:-1], out=lines[1:, 1:])
    png = [b"\x89PNG\r\n\x1a\n"]
    for kind, data in (
        (b"IHDR", struct.pack(">IIBBBBB", columns, rows, 8, 0, 0, 0, 0)),
        (b"IDAT", isal_zlib.compress(lines, 1)),
        (b"IEND", b""),
    ):
        png += [struct.pack(">I", len(data)), kind, data, struct.pack(">I", isal_zlib.crc32(data, isal_zlib.crc32(kind)))]
    text = binascii.b2a_base64(b"".join(png), newline=False)
    pieces = [b"\x1b_Gm=%d;%s\x1b\\" % (at + 4096 < len(text), text[at : at + 4096]) for at in range(0, len(text), 4096)]
    return b"".join(pieces).replace(b"\x1b_Gm", b"\x1b_Ga=T,f=100,q=2,m", 1)
