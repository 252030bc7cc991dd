"""The window made from the pixels: what lies outside the circle of reconstruction does not count."""

from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]


def test_values_below_air_do_not_count_in_hounsfield_units(tmp_path) -> None:
    pydicom = pytest.importorskip("pydicom")
    from tview.dicom import read_header
    from tview.pixels import Decoder, auto_window, open_image

    data = pydicom.dcmread(ROOT / "fixtures" / "small" / "series" / "CT000003.dcm")
    values = np.tile(np.linspace(-1000, 500, data.Columns), (data.Rows, 1))
    values[: data.Rows // 4] = -3024
    data.RescaleSlope, data.RescaleIntercept, data.RescaleType = 1, -3024, "HU"
    data.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    data.BitsStored, data.HighBit, data.PixelRepresentation = 16, 15, 0
    data.PixelData = (values + 3024).astype("<u2").tobytes()
    for name in ("WindowCenter", "WindowWidth", "PixelPaddingValue"):
        if name in data:
            del data[name]
    file = tmp_path / "x.dcm"
    data.save_as(file)
    raw = file.read_bytes()
    header = read_header(lambda offset, length: raw[offset : offset + length], len(raw))
    with Decoder() as decoder:
        frame = open_image(header, lambda offset, length: raw[offset : offset + length], len(raw), decoder=decoder).read_frame(0)
    assert frame.description.unit == "HU"
    window = auto_window(frame)
    assert window.center - window.width / 2 >= -1024
