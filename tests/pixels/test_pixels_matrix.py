"""Every width, sign, byte order and layout of stored values, held against pydicom's own reading of the same bytes."""

import io
import zlib

import numpy as np
import pydicom
import pytest
from pydicom.pixels.utils import unpack_bits

from tview.pixels import View, render_native

P = "1.2.840.10008.1.2"
RNG = np.random.default_rng(21)


def theirs(data, raw=True):
    data_set = pydicom.dcmread(io.BytesIO(data), force=True)
    from pydicom.pixels import pixel_array

    return pixel_array(data_set, raw=raw)


@pytest.mark.parametrize("little", [True, False], ids=["little", "big"])
@pytest.mark.parametrize(
    ("bits", "stored", "signed"),
    [
        *((8, 8, 0), (8, 8, 1), (8, 6, 0), (8, 7, 1), (16, 16, 0), (16, 16, 1), (16, 12, 0), (16, 12, 1), (16, 10, 1)),
        *((32, 32, 0), (32, 32, 1), (32, 24, 1)),
    ],
)
def test_grey_cells(make, bits, stored, signed, little):
    values = RNG.integers(-(1 << stored - 1) if signed else 0, 1 << (stored - signed), (2, 12, 10))
    order = "<" if little else ">"
    cells = (values & ((1 << stored) - 1)).astype(f"{order}u{bits // 8}")
    if signed and stored < bits:
        cells = values.astype(f"{order}i{bits // 8}")  # as pydicom expects it: extended over the whole cell
    raw = cells.tobytes()
    if bits == 8 and not little:
        raw = np.frombuffer(raw, "u1").reshape(-1, 2)[:, ::-1].tobytes()
    syntax = f"{P}.1" if little else f"{P}.2"
    data = make.build(
        raw, syntax=syntax, rows=12, columns=10, bits=bits, stored=stored, signed=signed, frames=2, little=little, pixel_vr="OW"
    )  # fmt: skip
    image = make.opened(data)
    ours = np.stack([image.read_frame(index).stored for index in range(2)])
    assert (ours == values).all()
    assert (theirs(data) == values).all()


@pytest.mark.parametrize("little", [True, False], ids=["little", "big"])
@pytest.mark.parametrize("planar", [0, 1])
@pytest.mark.parametrize("bits", [8, 16])
def test_colour_cells(make, bits, planar, little):
    values = RNG.integers(0, 1 << bits, (2, 12, 10, 3))
    laid = np.moveaxis(values, -1, 1) if planar else values
    raw = np.ascontiguousarray(laid).astype(f"{'<' if little else '>'}u{bits // 8}").tobytes()
    vr = "OB" if bits == 8 else "OW"
    facts = {"rows": 12, "columns": 10, "bits": bits, "samples": 3, "photometric": "RGB", "planar": planar, "frames": 2}
    data = make.build(raw, syntax=f"{P}.1" if little else f"{P}.2", little=little, pixel_vr=vr, **facts)
    image = make.opened(data)
    ours = np.stack([image.read_frame(index).stored for index in range(2)])
    assert (ours == values).all() and (theirs(data) == values).all()


@pytest.mark.parametrize(("rows", "columns", "frames"), [(12, 10, 3), (5, 7, 3), (1, 3, 5)])
def test_single_bits(make, rows, columns, frames):
    values = RNG.integers(0, 2, (frames, rows, columns)).astype(np.uint8)
    raw = np.packbits(values.ravel(), bitorder="little").tobytes()
    image = make.opened(make.build(raw, rows=rows, columns=columns, bits=1, frames=frames))
    assert (np.stack([image.read_frame(index).stored for index in range(frames)]) == values).all()
    assert (unpack_bits(raw)[: values.size].reshape(values.shape) == values).all()


@pytest.mark.parametrize("little", [True, False], ids=["little", "big"])
@pytest.mark.parametrize(("tag", "vr", "bits"), [(0x7FE00008, "OF", 32), (0x7FE00009, "OD", 64)])
def test_floats(make, tag, vr, bits, little):
    values = RNG.normal(0, 1e6, (2, 12, 10)).astype(f"f{bits // 8}")
    raw = values.astype(f"{'<' if little else '>'}f{bits // 8}").tobytes()
    drop = (0x00280101, 0x00280102, 0x00280103)
    facts = {"rows": 12, "columns": 10, "bits": bits, "frames": 2, "pixel_tag": tag, "pixel_vr": vr, "drop": drop, "little": little}
    data = make.build(raw, syntax=f"{P}.1" if little else f"{P}.2", **facts)
    image = make.opened(data)
    assert (np.stack([image.read_frame(index).stored for index in range(2)]) == values).all()
    assert (theirs(data) == values).all()


@pytest.mark.parametrize("bits", [8, 16, 32])
@pytest.mark.parametrize("samples", [1, 3])
def test_rle_of_every_width(make, bits, samples):
    """Packed by pydicom, byte plane by byte plane, the highest byte first: PS3.5 G.2."""
    from pydicom.pixels.encoders.native import _encode_segment

    shape = (12, 10) if samples == 1 else (12, 10, 3)
    values = RNG.integers(0, 1 << bits, shape).astype(f"u{bits // 8}")
    planes = values.astype(f">u{bits // 8}").reshape(120, samples).view("u1")
    segments = [bytes(_encode_segment(plane.tobytes(), 10)) for plane in planes.T]
    offsets = [64 + sum(map(len, segments[:number])) for number in range(len(segments))]
    stream = np.array([len(segments), *offsets] + [0] * (15 - len(offsets)), "<u4").tobytes() + b"".join(segments)
    photometric = "RGB" if samples == 3 else "MONOCHROME2"
    image = make.image([stream], syntax=f"{P}.5", rows=12, columns=10, bits=bits, samples=samples, photometric=photometric, planar=1)
    assert (image.read_frame(0).stored == values).all()


def test_a_deflated_data_set(make):
    values = RNG.integers(0, 4096, (2, 16, 16)).astype("<u2")
    plain = make.build(values.tobytes(), syntax=f"{P}.1.99", frames=2, stored=12)
    start = 132 + 12 + int.from_bytes(plain[140:144], "little")
    packer = zlib.compressobj(wbits=-15)
    data = plain[:start] + packer.compress(plain[start:]) + packer.flush()
    image = make.opened(data)
    assert (np.stack([image.read_frame(index).stored for index in range(2)]) == values).all()
    assert (theirs(data) == values).all()


@pytest.mark.parametrize(("bits", "signed"), [(1, 0), (8, 0), (16, 1), (32, 0)])
def test_deflated_frames_of_every_width(make, bits, signed):
    values = RNG.integers(-100 if signed else 0, 100 if bits > 1 else 2, (2, 16, 16))
    frames = []
    for frame in values:
        raw = np.packbits(frame.astype("u1").ravel(), bitorder="little") if bits == 1 else frame.astype(f"<i{bits // 8}")
        packer = zlib.compressobj(wbits=-15)
        frames.append(packer.compress(raw.tobytes()) + packer.flush())
    image = make.image(frames, syntax=f"{P}.8.1", bits=bits, signed=signed, frames=2)
    assert (np.stack([image.read_frame(index).stored for index in range(2)]) == values).all()


def test_encapsulated_uncompressed_frames(make):
    values = RNG.integers(0, 4096, (3, 16, 16)).astype("<u2")
    image = make.image([frame.tobytes() for frame in values], syntax=f"{P}.1.98", frames=3, stored=12)
    assert (np.stack([image.read_frame(index).stored for index in range(3)]) == values).all() and not image.findings


def test_every_photometric_interpretation_has_a_picture(make):
    """One grey pixel in each, by C.7.6.3.1.2: middle grey, or what its model calls so."""
    grey = {
        "MONOCHROME1": (1, None), "MONOCHROME2": (1, None), "RGB": (3, (128, 128, 128)), "YBR_FULL": (3, (128, 128, 128)),
        "YBR_FULL_422": (3, (128, 128, 128)), "YBR_PARTIAL_422": (3, (126, 128, 128)), "HSV": (3, (0, 0, 128)), "CMYK": (4, (0, 0, 0, 127)),
        "ARGB": (4, (0, 128, 128, 128)),
    }  # fmt: skip
    for photometric, (samples, colour) in grey.items():
        if colour is None:
            image = make.image(np.full((16, 16), 128, np.uint8).tobytes(), bits=8, photometric=photometric,
                               extra={0x00281050: ("DS", "127.5"), 0x00281051: ("DS", "256")})  # fmt: skip
        else:
            pixel = np.tile(np.array(colour, np.uint8), 256)
            if photometric.endswith("422"):
                pixel = np.tile(np.array([colour[0], colour[0], colour[1], colour[2]], np.uint8), 128)
            image = make.image(pixel.tobytes(), bits=8, samples=samples, photometric=photometric)
        picture = render_native(image.read_frame(0), View()).picture.astype(int)
        assert np.abs(picture - 128).max() <= 1, photometric
