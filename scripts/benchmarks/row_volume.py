"""A stack as a volume, and cuts through it."""

import json
from collections.abc import Callable, Iterator
from math import cos, radians, sin
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.frames import open_with_tview
from benchmarks.peers import missing_modules
from benchmarks.timing import in_process, output_of, python
from benchmarks.values import Asked, Bench, Case, Group, Sample

if TYPE_CHECKING:
    from tview.pixels import Plane, Volume

_PROGRAM = Path(__file__).parent / "programs" / "volume.py"
_WHY_VOLUME = "Reading 105 MB and writing them once takes a third of it; the rest are 200 headers, each read, checked and described."


def volume(bench: Bench) -> Iterator[Group]:
    """A CT series in a folder, opened file by file, checked, ordered and read into one array. Each in a process of its own."""
    folder = bench.material.series("native")
    count = len(list(folder.iterdir()))
    megabytes = count * 512 * 512 * 2 / 1e6

    def by(who: str) -> Callable[[], Sample]:
        return lambda: {
            name: float(value) for name, value in json.loads(output_of(python(_PROGRAM, who, str(folder)), bench.folder)).items()
        }

    yield Group(
        f"{count} slices of 512 × 512 ({megabytes:.0f} MB), uncompressed",
        (
            Case("tview", by("tview")),
            Case("pydicom", by("pydicom")),
            Case("pydicom, stored values", by("pydicom-stored")),
            Case("SimpleITK", by("SimpleITK"), missing_modules("SimpleITK")),
        ),
        (
            Asked("cpu_ms", "pydicom", at_least=5, note=_WHY_VOLUME),
            Asked("peak_MB", at_most=1.25 * megabytes + 24),
        ),
        measures=("cpu_ms", "wall_ms", "peak_MB"),
        repeats=1 if bench.quick else 7,
        words={
            "tview": "stored values with their slope, place and order checked",
            "pydicom": "apply_modality_lut, np.stack",
            "pydicom, stored values": "np.stack; no Hounsfield units",
            "SimpleITK": "ImageSeriesReader",
        },
        remark="Imports are not counted. The peak is what the process grew by.",
    )


def mpr(bench: Bench) -> Iterator[Group]:
    """Cuts through 512 x 512 x 500 voxels, as frames ready to be drawn."""
    made = _volume(bench, 60 if bench.quick else 500)
    from tview.pixels import face, face_count

    for name in ("coronal", "sagittal"):
        yield _cut(bench, made, name, face(made.grid, name, face_count(made.grid, name) // 2), at_most_ms=3.0)
    yield _cut(bench, made, "oblique, 512 × 512 pixels", _oblique(made), at_most_ms=None)


def _volume(bench: Bench, slices: int) -> "Volume":
    """The demo disc's slices over and over, 0.7 mm apart."""
    from dataclasses import replace

    from tview.pixels import Decoder, Volume, plan_volume

    with Decoder() as decoder:
        frame = open_with_tview(bench.material.one(), decoder).read_frame(0)
    described = frame.description
    places = [replace(described.geometry, position=(-200.0, -200.0, 0.7 * number)) for number in range(slices)]
    made = Volume(plan_volume([replace(described, geometry=place) for place in places]))
    for number in range(slices):
        made.put(number, replace(frame, stored=bench.material.slice(number)))
    return made


def _oblique(volume: "Volume") -> "Plane":
    """A plane through the middle, 30 degrees turned and 20 tilted, as large as a slice."""
    from tview.pixels import Plane

    turn, tilt = radians(30), radians(20)
    row = np.array((cos(turn), sin(turn), 0.0))
    column = np.cross((-sin(turn) * sin(tilt), cos(turn) * sin(tilt), cos(tilt)), row)
    spacing = volume.grid.spacing_mm[1]
    x, y, z = (float(part) for part in np.array(volume.grid.middle) - 255.5 * spacing * (row + column))
    rows, columns = (tuple(float(part) for part in direction) for direction in (column, row))
    return Plane((x, y, z), columns, rows, (spacing, spacing), 512, 512)  # type: ignore[arg-type]  # three numbers each


def _cut(bench: Bench, volume: "Volume", title: str, plane: "Plane", at_most_ms: float | None) -> Group:
    from tview.pixels import reslice

    missing = missing_modules("SimpleITK")
    loops = 2 if bench.quick else 5
    asked = Asked("cpu_ms", at_most=at_most_ms) if at_most_ms is not None else Asked("cpu_ms", "SimpleITK", at_most=2.5)
    return Group(
        f"{title}, of {volume.grid.shape[0]} slices of 512 × 512",
        (
            Case("tview", in_process(lambda: reslice(volume, plane), loops)),
            Case("SimpleITK", in_process(lambda: None) if missing else in_process(_with_simpleitk(volume, plane), loops), missing),
        ),
        (asked,),
        repeats=2 if bench.quick else 15,
        words={"tview": "linear; with place, letters and padding", "SimpleITK": "ResampleImageFilter, linear, all its threads counted"},
    )


def _with_simpleitk(volume: "Volume", plane: "Plane") -> Callable[[], Any]:
    import SimpleITK

    image = SimpleITK.GetImageFromArray(volume.values)
    image.SetOrigin(volume.grid.origin)
    image.SetSpacing(volume.grid.spacing_mm[::-1])
    directions = np.array([plane.row_direction, plane.column_direction, plane.normal]).T.ravel().tolist()

    def run() -> Any:
        wanted = SimpleITK.ResampleImageFilter()
        wanted.SetSize((plane.columns, plane.rows, 1))
        wanted.SetOutputOrigin(plane.origin)
        wanted.SetOutputSpacing((plane.spacing_mm[1], plane.spacing_mm[0], 1.0))
        wanted.SetOutputDirection(directions)
        wanted.SetInterpolator(SimpleITK.sitkLinear)
        wanted.SetDefaultPixelValue(-32768)
        return SimpleITK.GetArrayFromImage(wanted.Execute(image))

    return run
