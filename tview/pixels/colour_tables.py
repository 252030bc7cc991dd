"""Colour tables by name: our own two, and the well-known palettes of PS3.6 annex B, which come with pydicom."""

import os
from importlib.util import find_spec

import numpy as np

from tview.pixels.arrays import Pixels

_FILES = {
    "hot iron": "hotiron.dcm", "pet": "pet.dcm", "hot metal blue": "hotmetalblue.dcm", "pet 20 step": "pet20step.dcm",
    "spring": "spring.dcm", "summer": "summer.dcm", "fall": "fall.dcm", "winter": "winter.dcm",
}  # fmt: skip
COLOUR_TABLES = ("grey", "rainbow", *_FILES)


def make_table(name: str) -> Pixels:
    """(256, 3) uint8.

    Raises:
        KeyError: there is no table of this name.
    """
    if name == "grey":
        return np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1)
    if name == "rainbow":
        return _rainbow()
    return _from_pydicom(_FILES[name])


def _rainbow() -> Pixels:
    """Blue, cyan, green, yellow, red: the order in which doses are read."""
    stops = np.array([(0, 0, 255), (0, 255, 255), (0, 255, 0), (255, 255, 0), (255, 0, 0)], float)
    places = np.linspace(0, len(stops) - 1, 256)
    return np.stack([np.interp(places, range(len(stops)), stops[:, i]) for i in range(3)], axis=-1).round().astype(np.uint8)


def _from_pydicom(file_name: str) -> Pixels:
    from tview.dicom import read_header
    from tview.pixels.tables import read_palette

    spec = find_spec("pydicom")  # its folder is wanted, not its code: importing that takes 120 ms
    folders = list(spec.submodule_search_locations or ()) if spec else []
    with open(os.path.join(folders[0], "data", "palettes", file_name), "rb") as file:
        data = file.read()
    header = read_header(lambda offset, length: data[offset : offset + length], len(data))
    palette, _ = read_palette(header.data_set)
    assert palette is not None
    return palette.colours
