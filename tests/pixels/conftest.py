"""Objects made byte by byte, so that no library's validation stands between a test and what it wants to say."""

import os
import struct
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tview.dicom import read_header
from tview.pixels import Decoder, Image, open_image
from tview.pixels.frame import Description, Frame
from tview.pixels.geometry import Geometry
from tview.pixels.layout import Layout
from tview.pixels.units import PixelScale
from tview.pixels.view import Window

_LONG = {"OB", "OW", "OF", "OD", "OL", "SQ", "UN", "UT"}
_NUMBERS = {"US": "H", "SS": "h", "UL": "L", "SL": "l", "FD": "d", "FL": "f"}
UNDEFINED = 0xFFFFFFFF


def element(tag: int, vr: str, value: Any, *, little: bool = True, length: int | None = None) -> bytes:
    """One explicit-VR element. Numbers, text, bytes, or for SQ a list of items (bytes each)."""
    order = "<" if little else ">"
    if vr == "SQ":
        value = b"".join(struct.pack(f"{order}HHL", 0xFFFE, 0xE000, len(item)) + item for item in value)
    elif vr in _NUMBERS and not isinstance(value, bytes):
        values = value if isinstance(value, tuple | list) else (value,)
        value = struct.pack(f"{order}{len(values)}{_NUMBERS[vr]}", *values)
    elif isinstance(value, str):
        value = value.encode("latin-1")
    if len(value) % 2:
        value += b"\0" if vr in (*_LONG, "UI") else b" "
    size = len(value) if length is None else length
    head = struct.pack(f"{order}HH", tag >> 16, tag & 0xFFFF) + vr.encode()
    return head + (b"\0\0" + struct.pack(f"{order}L", size) if vr in _LONG else struct.pack(f"{order}H", size)) + value


def encapsulated(frames: list[bytes], table: bytes = b"") -> bytes:
    """Fragments, one a frame, behind an offset table."""
    items = b"".join(struct.pack("<HHL", 0xFFFE, 0xE000, len(f) + len(f) % 2) + f + b"\0" * (len(f) % 2) for f in (table, *frames))
    return items + struct.pack("<HHL", 0xFFFE, 0xE0DD, 0)


def build(
    pixels: bytes | list[bytes],
    *,
    syntax: str = "1.2.840.10008.1.2.1",
    rows: int = 16,
    columns: int = 16,
    bits: int = 16,
    stored: int | None = None,
    high: int | None = None,
    signed: int = 0,
    samples: int = 1,
    photometric: str = "MONOCHROME2",
    planar: int = 0,
    frames: int | None = None,
    little: bool = True,
    pixel_vr: str | None = None,
    pixel_tag: int = 0x7FE00010,
    pixel_length: int | None = None,
    drop: tuple[int, ...] = (),
    extra: Mapping[int, tuple[str, Any]] | None = None,
) -> bytes:
    """A Part 10 file. `pixels` is native data, or a list of code streams."""
    meta = element(0x00020010, "UI", syntax)
    meta = element(0x00020000, "UL", len(meta)) + meta
    elements: dict[int, tuple[str, Any]] = {
        0x00080016: ("UI", "1.2.840.10008.5.1.4.1.1.2"),
        0x00080018: ("UI", "1.2.3"),
        0x00080060: ("CS", "CT"),
        0x00280002: ("US", samples),
        0x00280004: ("CS", photometric),
        0x00280010: ("US", rows),
        0x00280011: ("US", columns),
        0x00280100: ("US", bits),
        0x00280101: ("US", bits if stored is None else stored),
        0x00280102: ("US", (bits if stored is None else stored) - 1 if high is None else high),
        0x00280103: ("US", signed),
    }
    if samples > 1:
        elements[0x00280006] = ("US", planar)
    if frames is not None:
        elements[0x00280008] = ("IS", str(frames))
    elements |= dict(extra or {})
    body = b"".join(element(tag, vr, value, little=little) for tag, (vr, value) in sorted(elements.items()) if tag not in drop)
    if isinstance(pixels, list):
        pixel = element(pixel_tag, "OB", encapsulated(pixels), length=UNDEFINED)
    else:
        vr = pixel_vr or ("OB" if bits <= 8 else "OW")
        pixel = element(pixel_tag, vr, pixels, little=little, length=pixel_length)
    return b"\0" * 128 + b"DICM" + meta + body + pixel


def open_bytes(data: bytes, decoder: Decoder) -> Image:
    def read_at(offset: int, length: int) -> bytes:
        return data[offset : offset + length]

    return open_image(read_header(read_at, len(data)), read_at, len(data), decoder=decoder)


def frame_of(array: Any, **facts: Any) -> Frame:
    """A frame of an array, without a file. `facts` replace those of its description."""
    array = np.asarray(array)
    bits, colour = 8 * array.dtype.itemsize, array.ndim == 3
    photometric = facts.pop("photometric", "RGB" if colour else "MONOCHROME2")
    layout = Layout(
        *array.shape[:2], array.shape[2] if colour else 1, photometric, 0, bits, facts.pop("bits_stored", bits), bits - 1,
        int(array.dtype.kind != "u"), 1, array.dtype.kind == "f",
    )  # fmt: skip
    rows_present = facts.pop("rows_present", array.shape[0])
    windows: tuple[Window, ...] = facts.pop("windows", ())
    described = {
        "layout": layout, "photometric": photometric, "slope": 1.0, "intercept": 0.0, "rescale_type": None, "unit": None,
        "modality_lut": None, "windows": windows, "top_level_windows": windows, "voi_luts": (), "padding": None, "inverted": False,
        "palette": None, "scale": PixelScale(), "pixel_aspect": 1.0, "geometry": Geometry(),
    }  # fmt: skip
    return Frame(0, array, rows_present, Description(**(described | facts)))  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def decoder() -> Iterator[Decoder]:
    with Decoder() as started:
        yield started


@pytest.fixture
def make(decoder: Decoder) -> SimpleNamespace:
    """The makers of this folder: `element`, `encapsulated`, `build`, `frame_of`, and `image` (build and open), `opened` (bytes)."""

    def image(*args: Any, **facts: Any) -> Image:
        return open_bytes(build(*args, **facts), decoder)

    def opened(data: bytes) -> Image:
        return open_bytes(data, decoder)

    return SimpleNamespace(element=element, encapsulated=encapsulated, build=build, frame_of=frame_of, image=image, opened=opened)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real and hostile files that are no part of the project."""
    place = Path(os.environ.get("TVIEW_SHARED", Path(__file__).parents[3] / "shared"))
    if not (place / "corpus").is_dir():
        pytest.skip(f"{place} is not there")
    return place


@pytest.fixture(scope="session")
def open_path(decoder: Decoder) -> Callable[[Path], Image]:
    def open_it(path: Path) -> Image:
        return open_bytes(path.read_bytes(), decoder)

    return open_it
