"""volume.py WHO FOLDER: the slices of a folder as one array, by tview, SimpleITK, pydicom (in HU) or pydicom-stored.

Prints processor time, wall time and what memory rose by, as JSON.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np


def with_tview(folder: str) -> Callable[[], Any]:
    """Headers read, the stack checked and ordered, frames read into their place."""
    from tview.dicom import read_header
    from tview.media import open_medium
    from tview.pixels import Decoder, Volume, open_image, plan_volume

    def run() -> Any:
        medium, decoder = open_medium(folder), Decoder()
        images = []
        for entry in medium.entries():

            def read_at(offset: int, length: int, entry: Any = entry) -> bytes:
                return medium.read(entry, offset, length).data

            images.append(open_image(read_header(read_at, entry.size), read_at, entry.size, decoder=decoder))
        volume = Volume(plan_volume([image.describe(0) for image in images]))
        volume.fill(lambda number: images[number].read_frame(0))
        return volume.values

    return run


def with_pydicom(folder: str, hounsfield: bool = True) -> Callable[[], Any]:
    """Slices ordered along z, then stacked: Hounsfield units as `apply_modality_lut` gives them, or stored values."""
    import pydicom
    from pydicom.pixels.processing import apply_modality_lut

    def run() -> Any:
        slices = [pydicom.dcmread(path) for path in Path(folder).iterdir()]
        slices.sort(key=lambda data_set: float(data_set.ImagePositionPatient[2]))
        arrays = (data_set.pixel_array for data_set in slices)
        return np.stack([apply_modality_lut(array, of) if hounsfield else array for array, of in zip(arrays, slices, strict=True)])

    return run


def with_simpleitk(folder: str) -> Callable[[], Any]:
    """GDCM's list of the series, read as one image."""
    import SimpleITK

    def run() -> Any:
        reader = SimpleITK.ImageSeriesReader()
        reader.SetFileNames(reader.GetGDCMSeriesFileNames(folder))
        return reader.Execute()

    return run


def memory_mb(field: str) -> float:
    """A line of this process's status, in MB (10^6)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) * 1024 / 1e6
    raise RuntimeError(f"no {field} here")


if __name__ == "__main__":
    who, folder = sys.argv[1:]
    run = with_tview(folder) if who == "tview" else with_simpleitk(folder) if who == "SimpleITK" else with_pydicom(folder, who == "pydicom")
    before, cpu, wall = memory_mb("VmRSS"), time.process_time(), time.perf_counter()
    kept = run()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    print(json.dumps({"cpu_ms": cpu * 1e3, "wall_ms": wall * 1e3, "peak_MB": memory_mb("VmHWM") - before}))
