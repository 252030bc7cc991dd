"""Cells of every width and order, by hand: PS3.5 8.1 and annex D."""

import struct

import numpy as np
import pytest

from tview.errors import PixelError


def test_sixteen_bits_are_read_in_place(make):
    values = np.arange(256, dtype="<u2").reshape(16, 16)
    stored = make.image(values.tobytes()).read_frame(0).stored
    assert stored.dtype == np.uint16 and (stored == values).all()


def test_stored_bits_are_taken_below_the_high_bit_and_sign_extended(make):
    # 12 bits stored with high bit 13: two bits below, two above belong to others
    data = struct.pack("<4H", 0xC000 | (0x7FF << 2) | 3, 0x4000 | (0x800 << 2) | 1, 0xFFF << 2, 5 << 2)
    image = make.image(data, rows=1, columns=4, stored=12, high=13, signed=1)
    assert image.read_frame(0).stored.tolist() == [[2047, -2048, -1, 5]]
    unsigned = make.image(data, rows=1, columns=4, stored=12, high=13)
    assert unsigned.read_frame(0).stored.tolist() == [[0x7FF, 0x800, 0xFFF, 5]]


@pytest.mark.parametrize(("bits", "code"), [(8, "b"), (16, "h"), (32, "i")])
def test_signed_cells_of_each_width(make, bits, code):
    data = struct.pack(f"<4{code}", -1, 1, -(1 << bits - 1), (1 << bits - 1) - 1)
    stored = make.image(data, rows=2, columns=2, bits=bits, signed=1).read_frame(0).stored
    assert stored.tolist() == [[-1, 1], [-(1 << bits - 1), (1 << bits - 1) - 1]]


def test_single_bits_run_on_between_frames(make):
    # 3 frames of 3 x 3 bits are 27 bits: the second begins at bit 9 (PS3.5 8.1.1)
    bits = [1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0]
    data = bytes(sum(bit << i for i, bit in enumerate(bits[at : at + 8])) for at in range(0, 27, 8))
    image = make.image(data, rows=3, columns=3, bits=1, frames=3)
    for index in range(3):
        assert image.read_frame(index).stored.ravel().tolist() == bits[9 * index : 9 * index + 9]


def test_twelve_bits_allocated_are_packed_without_gaps(make):
    values = [0x123, 0xABC, 0xFFF, 0x001]
    packed = sum(value << 12 * i for i, value in enumerate(values)).to_bytes(6, "little")
    assert make.image(packed, rows=2, columns=2, bits=12).read_frame(0).stored.ravel().tolist() == values


def test_twenty_four_bits_allocated(make):
    data = b"".join(value.to_bytes(3, "little") for value in (1, 70000, 0xFFFFFF, 0))
    assert make.image(data, rows=2, columns=2, bits=24).read_frame(0).stored.ravel().tolist() == [1, 70000, 0xFFFFFF, 0]


@pytest.mark.parametrize(("tag", "vr", "bits", "kind"), [(0x7FE00008, "OF", 32, "<f4"), (0x7FE00009, "OD", 64, "<f8")])
def test_floats(make, tag, vr, bits, kind):
    values = np.array([[0.25, -1e6], [3.5, 1e-3]], kind)
    image = make.image(
        values.tobytes(), rows=2, columns=2, bits=bits, pixel_tag=tag, pixel_vr=vr, drop=(0x00280101, 0x00280102, 0x00280103)
    )
    assert (image.read_frame(0).stored == values).all()


def test_big_endian_words_and_bytes_in_words(make):
    big = "1.2.840.10008.1.2.2"
    words = make.image(struct.pack(">4H", 1, 2, 3, 60000), rows=2, columns=2, syntax=big, little=False)
    assert words.read_frame(0).stored.ravel().tolist() == [1, 2, 3, 60000]
    doubles = make.image(struct.pack(">4L", 1, 2, 3, 1 << 31), rows=2, columns=2, bits=32, syntax=big, little=False)
    assert doubles.read_frame(0).stored.ravel().tolist() == [1, 2, 3, 1 << 31]
    in_words = make.image(bytes((2, 1, 4, 3)), rows=2, columns=2, bits=8, syntax=big, little=False, pixel_vr="OW")
    assert in_words.read_frame(0).stored.ravel().tolist() == [1, 2, 3, 4]
    in_bytes = make.image(bytes((1, 2, 3, 4)), rows=2, columns=2, bits=8, syntax=big, little=False, pixel_vr="OB")
    assert in_bytes.read_frame(0).stored.ravel().tolist() == [1, 2, 3, 4]


@pytest.mark.parametrize("planar", [0, 1])
def test_colour_comes_by_pixel(make, planar):
    values = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)
    data = (np.moveaxis(values, -1, 0) if planar else values).tobytes()
    stored = make.image(data, rows=2, columns=2, bits=8, samples=3, photometric="RGB", planar=planar).read_frame(0).stored
    assert (stored == values).all()


def test_shared_chroma_is_spread_over_both_pixels(make):
    # Y1 Y2 Cb Cr: PS3.3 C.7.6.3.1.2
    image = make.image(bytes((10, 20, 90, 160, 30, 40, 100, 170)), rows=1, columns=4, bits=8, samples=3, photometric="YBR_FULL_422")
    assert image.read_frame(0).stored.tolist() == [[[10, 90, 160], [20, 90, 160], [30, 100, 170], [40, 100, 170]]]


def test_422_with_chroma_at_every_pixel_is_taken_as_it_is(make):
    data = bytes(range(12))
    image = make.image(data, rows=1, columns=4, bits=8, samples=3, photometric="YBR_FULL_422")
    assert (image.read_frame(0).stored.ravel() == np.arange(12)).all()
    assert "colour-assumed" in [finding.code for finding in image.findings]


def test_one_frame_of_many_is_read_alone(make, decoder):
    from tview.dicom import read_header
    from tview.pixels import open_image

    data, read = make.build(np.arange(40 * 256, dtype="<u2").tobytes(), frames=40), []

    def read_at(offset, length):
        read.append((offset, length))
        return data[offset : offset + length]

    image = open_image(read_header(read_at, len(data)), read_at, len(data), decoder=decoder)
    read.clear()
    assert image.read_frame(33).stored[0, 0] == 33 * 256
    assert [length for _, length in read] == [512]


def test_cut_data_gives_the_rows_that_are_there(make):
    data = np.full((64, 64), 7, "<u2").tobytes()
    image = make.image(data[: 64 * 2 * 21 + 10], rows=64, columns=64, pixel_length=len(data))
    frame = image.read_frame(0)
    assert frame.rows_present == 21 and (frame.stored[:21] == 7).all() and not frame.stored[22:].any()
    cut = next(finding for finding in frame.findings if finding.code == "pixels-cut")
    assert cut.values == {"percent": 33, "rows_present": 21, "rows": 64}


def test_frames_that_are_not_there_are_counted_and_refused(make):
    image = make.image(bytes(256 * 3 + 200), bits=8, frames=2147483647)
    assert (image.number_of_frames, image.number_of_frames_declared) == (4, 2147483647)
    assert image.read_frame(3).rows_present == 12
    with pytest.raises(PixelError) as caught:
        image.read_frame(4)
    assert caught.value.finding.code == "frame-missing"


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"bits": 64}, "pixel-layout-unsupported"),
        ({"bits": 0, "stored": 0, "high": 0}, "pixel-layout-unsupported"),
        ({"stored": 40, "high": 15}, "pixel-layout-unsupported"),
        ({"high": 3}, "pixel-layout-unsupported"),
        ({"photometric": "RGB"}, "pixel-layout-unsupported"),
        ({"rows": 0}, "pixel-layout-unsupported"),
        ({"rows": 65535, "columns": 65535}, "pixel-data-missing"),
    ],
)
def test_what_contradicts_itself_is_refused_with_a_reason(make, facts, code):
    with pytest.raises(PixelError) as caught:
        make.image(bytes(512), **facts).read_frame(0)
    assert caught.value.finding.code == code


def test_what_is_missing_is_assumed_aloud(make):
    image = make.image(bytes(512), drop=(0x00280004, 0x00280103))
    assumed = {finding.values["attribute"]: finding.values["assumed"] for finding in image.findings}
    assert assumed == {"Photometric Interpretation": "MONOCHROME2", "Pixel Representation": "0 (unsigned)"}


def test_an_object_without_pixels_says_so(make, decoder):
    data = b"\0" * 128 + b"DICM" + make.element(0x00020000, "UL", 28) + make.element(0x00020010, "UI", "1.2.840.10008.1.2.1")
    with pytest.raises(PixelError) as caught:
        make.opened(data + make.element(0x00080018, "UI", "1.2.3") + make.element(0x00100020, "LO", "X"))
    assert caught.value.finding.code == "pixels-none"
