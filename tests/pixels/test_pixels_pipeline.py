"""The steps between stored values and the screen that few files have: profiles, shutters, real-world values, colour in grey."""

import struct

import numpy as np
import pytest

from tview.pixels import View, render, render_native, shutter_layers

P = "1.2.840.10008.1.2"


def profile(gamma=1.0, name="linear"):
    """A matrix profile by ICC.1 clause 8: the primaries of sRGB (adapted to D50), and a curve of this gamma."""

    def xyz(*values):
        return b"XYZ \0\0\0\0" + b"".join(struct.pack(">i", round(value * 65536)) for value in values)

    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256)) + b"\0\0"
    text = b"desc\0\0\0\0" + struct.pack(">I", len(name) + 1) + name.encode() + b"\0" + b"\0" * 78
    bodies = {
        b"desc": text, b"cprt": b"text\0\0\0\0none\0", b"wtpt": xyz(0.9642, 1, 0.8249), b"rXYZ": xyz(0.4360747, 0.2225045, 0.0139322),
        b"gXYZ": xyz(0.3850649, 0.7168786, 0.0971045), b"bXYZ": xyz(0.1430804, 0.0606169, 0.7141733), b"rTRC": curve, b"gTRC": curve,
        b"bTRC": curve,
    }  # fmt: skip
    table, data, at = b"", b"", 132 + 12 * len(bodies)
    for tag, body in bodies.items():
        body += b"\0" * (-len(body) % 4)
        table += tag + struct.pack(">II", at + len(data), len(body))
        data += body
    size = at + len(data)
    header = struct.pack(">I4xI4s4s4s12x4s", size, 0x02100000, b"mntr", b"RGB ", b"XYZ ", b"acsp") + b"\0" * 28
    header += struct.pack(">iii", 63190, 65536, 54061)
    return header.ljust(128, b"\0") + struct.pack(">I", len(bodies)) + table + data


def colour_image(make, rgb, icc):
    pixels = np.asarray(rgb, np.uint8)
    extra = {0x00282000: ("OB", icc)}
    return make.image(
        pixels.tobytes(), rows=pixels.shape[0], columns=pixels.shape[1], bits=8, samples=3, photometric="RGB", extra=extra
    ).read_frame(0)


def test_colours_go_through_the_files_profile_and_it_is_said(make):
    """Linear light of 50.2 % is encoded as 188 in sRGB: 255 x (1.055 x 0.502^(1/2.4) - 0.055) = 188.0."""
    frame = colour_image(make, [[(128, 128, 128), (0, 0, 0), (255, 255, 255), (55, 55, 55)]], profile())
    expected = [188, 0, 255, round(255 * (1.055 * (55 / 255) ** (1 / 2.4) - 0.055))]
    assert np.abs(render_native(frame, View()).picture[0].astype(int) - np.array(expected)[:, None]).max() <= 1
    assert [f.values["profile"] for f in frame.findings if f.code == "icc-applied"] == ["linear"]
    assert (frame.stored[0, 0] == 128).all()


def test_an_srgb_profile_changes_nothing_and_a_broken_one_is_told(make):
    pixels = [[(128, 30, 200), (1, 2, 3)]]
    plain = colour_image(make, pixels, profile(2.2, "sRGB IEC61966-2.1"))
    assert (render_native(plain, View()).picture == pixels).all() and not plain.findings
    for broken in (b"rubbish", profile()[:140], profile().replace(b"RGB ", b"CMYK"), b"\xff" * 500):
        frame = colour_image(make, pixels, broken)
        assert (render_native(frame, View()).picture == pixels).all()
        assert "icc-unusable" in {f.code for f in frame.findings}


_BOX = {tag: ("IS", value) for tag, value in ((0x00181602, "4"), (0x00181604, "12"), (0x00181606, "2"), (0x00181608, "9"))}
SHUTTERS = [
    ({0x00181600: ("CS", "RECTANGULAR"), **_BOX}, lambda row, column: (row < 2) | (row > 9) | (column < 4) | (column > 12)),
    (
        {0x00181600: ("CS", "CIRCULAR"), 0x00181610: ("IS", "8\\9"), 0x00181612: ("IS", "5")},
        lambda row, column: (row - 8) ** 2 + (column - 9) ** 2 > 25,
    ),
    (
        {0x00181600: ("CS", "POLYGONAL"), 0x00181620: ("IS", "3\\3\\3\\14\\12\\14\\12\\3")},
        lambda row, column: (row < 3) | (row > 12) | (column < 3) | (column > 14),
    ),
]


@pytest.mark.parametrize(("extra", "outside"), SHUTTERS, ids=["rectangular", "circular", "polygonal"])
def test_a_shutter_covers_what_is_outside(make, extra, outside):
    frame = make.image(np.full((16, 16), 700, np.uint16).tobytes(), extra=extra).read_frame(0)
    assert "shutter-drawn" in {f.code for f in frame.findings}
    row, column = np.mgrid[1:17, 1:17]
    covered = outside(row, column)
    layers = shutter_layers(frame)
    picture = render_native(frame, View(invert=True), layers).picture
    open_part = render_native(frame, View(invert=True)).picture
    assert not picture[covered].any() and (picture[~covered] == open_part[~covered]).all()
    turned = render_native(frame, View(invert=True, turns=1), layers).picture
    assert (turned == np.rot90(picture, -1)).all()


def test_a_shutter_of_a_frame_is_its_own_and_a_hopeless_one_is_told(make):
    own = make.element(0x00189472, "SQ", [b"".join(make.element(t, *SHUTTERS[0][0][t]) for t in sorted(SHUTTERS[0][0]))])
    image = make.image(np.zeros((2, 16, 16), np.uint16).tobytes(), frames=2, extra={0x52009230: ("SQ", [b"", own])})
    assert image.read_frame(0).description.shutter is None and image.read_frame(1).description.shutter is not None
    broken = make.image(np.zeros((16, 16), np.uint16).tobytes(), extra={0x00181600: ("CS", "CIRCULAR")}).read_frame(0)
    assert broken.description.shutter is None and "shutter-unusable" in {f.code for f in broken.findings}


def real_world(make, *elements):
    unit = b"".join(make.element(t, "SH" if t == 0x00080100 else "LO", v) for t, v in ((0x00080100, "mm2/s"), (0x00080104, "square mm")))
    facts = {0x004008EA: ("SQ", [unit]), 0x00283003: ("LO", "ADC"), **{tag: (vr, value) for tag, vr, value in elements}}
    return b"".join(make.element(tag, vr, value) for tag, (vr, value) in sorted(facts.items()))


def test_real_world_values_have_their_unit_and_their_range(make):
    by_slope = real_world(
        make, (0x00409216, "US", 10), (0x00409211, "US", 2000), (0x00409225, "FD", 1e-6), (0x00409224, "FD", 2e-6)
    )  # fmt: skip
    by_table = real_world(make, (0x00409216, "US", 1), (0x00409211, "US", 3), (0x00409212, "FD", (5.0, 7.5, 20.0)))
    image = make.image(np.zeros((16, 16), np.uint16).tobytes(), extra={0x00409096: ("SQ", [by_slope, by_table, b""])})
    first, second = image.describe(0).real_world
    assert (str(first.unit), str(first.label)) == ("mm2/s", "ADC")
    assert first.value(1000) == pytest.approx(0.001002) and first.value(9) is None and first.value(2001) is None
    assert [second.value(n) for n in (0, 1, 2, 3, 4)] == [None, 5.0, 7.5, 20.0, None]


def test_real_world_values_of_a_frame_come_from_its_groups(make):
    own = make.element(0x00409096, "SQ", [real_world(make, (0x00409214, "FD", 0.0), (0x00409213, "FD", 9.5), (0x00409225, "FD", 2.0))])
    image = make.image(np.zeros((2, 16, 16), np.uint16).tobytes(), frames=2, extra={0x52009230: ("SQ", [b"", own])})
    assert image.describe(0).real_world == () and image.describe(1).real_world[0].value(9.5) == 19.0


def test_a_supplemental_palette_colours_values_from_its_first_on(make):
    """C.7.6.19: below the first value mapped the picture is grey, from there on it is the palette's."""
    values = np.add.outer(np.zeros(16), np.arange(16) * 16).astype(np.uint8)
    entries = dict.fromkeys((2625793, 2625794, 2625795), ("US", (2, 224, 16)))
    data = {0x00281201: ("OW", struct.pack("<2H", 65535, 0)), 0x00281202: ("OW", struct.pack("<2H", 0, 32896)),
            0x00281203: ("OW", struct.pack("<2H", 0, 65535))}  # fmt: skip
    facts = {0x00089205: ("CS", "MIXED"), 0x00281050: ("DS", "127.5"), 0x00281051: ("DS", "256"), **entries, **data}
    image = make.image(values.tobytes(), bits=8, extra=facts)
    picture = render_native(image.read_frame(0), View()).picture
    assert picture[0, 14].tolist() == [255, 0, 0] and picture[0, 15].tolist() == [0, 128, 255]
    assert np.abs(picture[0, :14].astype(int) - (np.arange(14) * 16)[:, None]).max() <= 1
    assert "colour-in-grey" in {f.code for f in image.findings}
    large = render(image.read_frame(0), View(interpolation="cubic"), 160, 160).picture
    codes = {tuple(colour) for colour in large[:, 142:].reshape(-1, 3).tolist()}
    assert codes == {(255, 0, 0), (0, 128, 255)}, "neighbouring codes are not mixed"


def test_values_beyond_the_bits_that_are_stored_are_told(make):
    import imagecodecs

    values = np.full((16, 16), 100, np.uint16)
    values[3, 4:7] = 5000
    stream = imagecodecs.jpegls_encode(values)
    frame = make.image([stream], syntax=f"{P}.4.80", stored=12).read_frame(0)
    assert [f.values["number"] for f in frame.findings if f.code == "bits-dropped"] == [3]
    assert "bits-dropped" not in {f.code for f in make.image([stream], syntax=f"{P}.4.80").read_frame(0).findings}


@pytest.mark.parametrize("syntax", [f"{P}.5", f"{P}.4.80"])
def test_a_sign_over_the_whole_cell_is_nothing_lost(make, syntax):
    import imagecodecs

    values = np.arange(-128, 128).reshape(16, 16).astype(np.int16) * 16
    stream = rle16(values.view(np.uint16)) if syntax.endswith(".5") else imagecodecs.jpegls_encode(values.view(np.uint16))
    frame = make.image([stream], syntax=syntax, stored=12, signed=1).read_frame(0)
    assert (frame.stored == values).all() and not [f for f in frame.findings if f.code == "bits-dropped"]


def test_rle_keeps_the_cells_so_the_high_bit_counts(make):
    values = np.arange(256, dtype=np.uint16).reshape(16, 16) * 16
    frame = make.image([rle16(values << 4)], syntax=f"{P}.5", stored=12, high=15).read_frame(0)
    assert (frame.stored == values).all()


def rle16(cells):
    from pydicom.pixels.encoders.base import get_encoder
    from pydicom.uid import RLELossless

    facts = {"rows": 16, "columns": 16, "samples_per_pixel": 1, "bits_allocated": 16, "bits_stored": 16, "pixel_representation": 0,
             "number_of_frames": 1, "photometric_interpretation": "MONOCHROME2"}  # fmt: skip
    return get_encoder(RLELossless).encode(cells.tobytes(), encoding_plugin="pydicom", **facts)


@pytest.mark.parametrize(("shape", "photometric", "white"), [
    ("INVERSE", "MONOCHROME2", 0), ("IDENTITY", "MONOCHROME2", 15), ("INVERSE", "MONOCHROME1", 0), ("IDENTITY", "MONOCHROME1", 0),
])  # fmt: skip
def test_presentation_lut_shape(make, shape, photometric, white):
    values = np.add.outer(np.zeros(16), np.arange(16)).astype(np.uint16)
    frame = make.image(values.tobytes(), photometric=photometric, extra={0x20500020: ("CS", shape)}).read_frame(0)
    assert render_native(frame, View()).picture[0].argmax() == white
    assert frame.stored[0, 3] == 3 and frame.modality_value(0, 3) == 3.0


@pytest.mark.parametrize(("tag", "vr", "kind", "padding"), [
    (0x7FE00008, "OF", "f4", {0x00280122: ("FL", -1000.0), 0x00280124: ("FL", -900.0)}),
    (0x7FE00009, "OD", "f8", {0x00280123: ("FD", -1000.0)}),
])  # fmt: skip
def test_padding_of_floating_point_pixels(make, tag, vr, kind, padding):
    """C.7.6.24 and C.7.6.25: those numbers are no picture, and no window is made from them."""
    from tview.pixels import auto_window, value_at

    values = np.linspace(0, 1, 256).reshape(16, 16).astype(kind)
    values[0] = -1000.0
    drop = (0x00280101, 0x00280102, 0x00280103)
    image = make.image(values.tobytes(), bits=32, pixel_tag=tag, pixel_vr=vr, drop=drop, extra=padding)
    frame = image.read_frame(0)
    assert frame.picture_range()[0] >= 0.0 and value_at(frame, 0, 3).padding and not value_at(frame, 5, 3).padding
    assert auto_window(frame).center - auto_window(frame).width / 2 >= 0.0
