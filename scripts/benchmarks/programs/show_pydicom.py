"""One picture as a script writer does it: pydicom's pixels and windows, Pillow's resize, textual_image's kitty renderable.

usage: show_pydicom.py FILE, or DISC.iso, of which it shows the image of the DICOMDIR's middle record
"""

import io
import sys

import numpy as np
import pydicom
from PIL import Image
from pydicom.pixels.processing import apply_modality_lut, apply_voi_lut
from rich.console import Console
from textual_image.renderable.tgp import Image as KittyImage


def source() -> "str | io.BytesIO":
    if not sys.argv[1].endswith(".iso"):
        return sys.argv[1]
    import pycdlib

    disc = pycdlib.PyCdlib()
    disc.open(sys.argv[1])
    directory = io.BytesIO()
    disc.get_file_from_iso_fp(directory, iso_path="/DICOMDIR.;1")
    directory.seek(0)
    records = pydicom.dcmread(directory).DirectoryRecordSequence
    images = [record for record in records if record.DirectoryRecordType == "IMAGE"]
    file = io.BytesIO()
    disc.get_file_from_iso_fp(file, iso_path="/" + "/".join(images[len(images) // 2].ReferencedFileID) + ".;1")
    file.seek(0)
    return file


ds = pydicom.dcmread(source())
values = apply_voi_lut(apply_modality_lut(ds.pixel_array, ds), ds)
display = (values - values.min()) / (values.max() - values.min()) * 255
picture = Image.fromarray(display.astype(np.uint8)).resize((1000, 1000))
Console(force_terminal=True, width=160).print(KittyImage(picture, width=100, height=50))
