"""What a file says beside its pixels: rescale, windows, groups, tables, overlays, geometry, units, loss."""

import struct

import numpy as np
import pytest

from tview.pixels import View, letters, render_native
from tview.pixels.units import PRESETS

CT, SC = "1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.7"
ONE = bytes(range(0, 64, 2))  # 4 x 4 of 16 bits


def small(make, pixels=None, **facts):
    extra = facts.pop("extra", {})
    return make.image(np.arange(16, dtype="<u2").tobytes() if pixels is None else pixels, rows=4, columns=4, extra=extra, **facts)


# --- values ----------------------------------------------------------------------------------------------------------


def test_several_windows_with_their_explanations(make):
    image = small(
        make,
        extra={
            0x00281050: ("DS", "40\\-600"),
            0x00281051: ("DS", "400\\1500"),
            0x00281055: ("LO", "SOFT\\LUNG"),
            0x00281056: ("CS", "SIGMOID"),
        },
    )
    windows = image.describe(0).windows
    assert [(w.shown, w.explanation, w.function, w.origin) for w in windows] == [
        ("400/40", "SOFT", "SIGMOID", "file"), ("1500/-600", "LUNG", "SIGMOID", "file"),
    ]  # fmt: skip


def test_a_slope_of_zero_leaves_no_window_to_use(make):
    image = small(make, extra={0x00281050: ("DS", "40"), 0x00281051: ("DS", "400"), 0x00281052: ("DS", "0"), 0x00281053: ("DS", "0")})
    rendered = render_native(image.read_frame(0), View())
    assert rendered.window.origin == "pixels"
    assert {"rescale-unusable", "window-unusable"} <= {mark.code for mark in rendered.marks}


def test_a_negative_width_is_not_used(make):
    image = small(make, extra={0x00281050: ("DS", "40"), 0x00281051: ("DS", "-400")})
    rendered = render_native(image.read_frame(0), View())
    assert rendered.window.origin == "pixels" and "window-unusable" in [mark.code for mark in rendered.marks]


def test_each_frame_has_its_own_groups_before_the_shared_ones(make):
    def item(*elements):
        return b"".join(make.element(*element) for element in elements)

    def voi(center):
        return (0x00289132, "SQ", [item((0x00281050, "DS", str(center)), (0x00281051, "DS", "100"))])

    def rescale(slope):
        return (0x00289145, "SQ", [item((0x00281052, "DS", "-5"), (0x00281053, "DS", str(slope)), (0x00281054, "LO", "HU"))])

    position = (0x00209113, "SQ", [item((0x00200032, "DS", "1\\2\\3"))])
    shared = item((0x00209116, "SQ", [item((0x00200037, "DS", "1\\0\\0\\0\\1\\0"))]), voi(7))
    frames = [item(position, rescale(2)), item(voi(60), rescale(3))]
    image = small(make, np.arange(32, dtype="<u2").tobytes(), frames=2, extra={0x52009229: ("SQ", [shared]), 0x52009230: ("SQ", frames)})
    first, second = image.describe(0), image.describe(1)
    assert (first.windows[0].center, second.windows[0].center) == (7, 60)
    assert (first.slope, second.slope, first.intercept) == (2, 3, -5)
    assert first.geometry.position == (1, 2, 3) and second.geometry.position is None
    assert first.geometry.plane == second.geometry.plane == "axial"
    assert first.unit == "HU" and first.top_level_windows == ()


def lut_item(make, descriptor, data, vr="US"):
    return make.element(0x00283002, "US", descriptor) + make.element(0x00283006, vr, data)


def test_a_modality_lut(make):
    image = small(make, extra={0x00283000: ("SQ", [lut_item(make, (4, 2, 16), (100, 200, 300, 400))])})
    assert image.read_frame(0).modality()[0].tolist() == [100, 100, 100, 200]
    assert image.read_frame(0).modality_value(3, 3) == 400


def test_a_voi_lut_with_empty_data_is_left_out_and_told(make):
    image = small(make, extra={0x00283010: ("SQ", [lut_item(make, (4, 2, 16), b"")])})
    assert [finding.code for finding in image.describe(0).findings] == ["lookup-table-unusable"]
    assert render_native(image.read_frame(0), View()).window.origin == "pixels"


def test_a_voi_lut_of_bytes_packed_in_words(make):
    image = small(make, extra={0x00283010: ("SQ", [lut_item(make, (4, 0, 8), bytes((0, 85, 170, 255)), "OW")])})
    assert render_native(image.read_frame(0), View()).picture[0].tolist() == [0, 85, 170, 255]


def test_padding_written_as_the_wrong_vr_is_the_same_bits(make):
    image = small(make, signed=1, extra={0x00280120: ("US", 63536)})
    assert image.describe(0).padding == (-2000, -2000)
    between = small(make, extra={0x00280120: ("US", 5), 0x00280121: ("US", 2)})
    assert between.describe(0).padding == (2, 5)


def palette(order="<", bits=16, first=0):
    tables = [[0, 65535, 0, 12800], [0, 0, 65535, 25600], [0, 0, 0, 51200]]
    extra = {}
    for i, table in enumerate(tables):
        extra[0x00281101 + i] = ("US", (4, first, bits))
        extra[0x00281201 + i] = ("OW", struct.pack(f"{order}4H", *table))
    return extra


@pytest.mark.parametrize("little", [True, False])
def test_a_palette_in_either_byte_order(make, little):
    syntax = "1.2.840.10008.1.2.1" if little else "1.2.840.10008.1.2.2"
    image = make.image(
        bytes((0, 1, 2, 3)),
        rows=2,
        columns=2,
        bits=8,
        photometric="PALETTE COLOR",
        syntax=syntax,
        little=little,
        extra=palette("<" if little else ">"),
    )
    frame = image.read_frame(0)
    assert frame.rgb().tolist() == [[[0, 0, 0], [255, 0, 0]], [[0, 255, 0], [50, 100, 200]]]
    assert frame.stored.tolist() == [[0, 1], [2, 3]]


def test_a_segmented_palette(make):
    """Discrete, linear and indirect segments: C.7.9.2. The indirect one repeats the first two, 14 bytes in all."""
    words = (0, 2, 0, 10, 1, 3, 40, 2, 2, 0, 0)
    expected = [0, 10, 20, 30, 40, 0, 10, 20, 30, 40]
    extra = {}
    for i in range(3):
        extra[0x00281101 + i] = ("US", (10, 0, 16))
        extra[0x00281221 + i] = ("OW", struct.pack(f"<{len(words)}H", *words))
    image = make.image(bytes(range(10)), rows=1, columns=10, bits=8, photometric="PALETTE COLOR", extra=extra)
    assert image.read_frame(0).rgb()[0, :, 0].tolist() == expected  # 16-bit entries that end below 256 are 8-bit ones


def test_a_segmented_palette_that_goes_on_for_ever_ends(make):
    words = (2, 65535, 0, 0) * 3
    extra = {0x00281101 + i: ("US", (0, 0, 16)) for i in range(3)} | {0x00281221 + i: ("OW", struct.pack("<12H", *words)) for i in range(3)}
    image = make.image(bytes(16), bits=8, rows=4, columns=4, photometric="PALETTE COLOR", extra=extra)
    assert "lookup-table-unusable" in [finding.code for finding in image.findings]


def test_a_palette_image_without_its_palette_is_grey_and_says_so(make):
    image = make.image(bytes(16), bits=8, rows=4, columns=4, photometric="PALETTE COLOR")
    assert "lookup-table-unusable" in [finding.code for finding in image.findings]
    assert image.read_frame(0).stored.shape == render_native(image.read_frame(0), View()).picture.shape


def test_overlays_packed_and_among_the_pixels(make):
    bits = np.zeros((2, 4, 4), np.uint8)
    bits[0, 1, 2] = bits[1, 3, 3] = 1
    packed = np.packbits(bits.ravel(), bitorder="little").tobytes()
    extra = {
        0x60000010: ("US", 4), 0x60000011: ("US", 4), 0x60000015: ("IS", "2"), 0x60000040: ("CS", "G"), 0x60000050: ("SS", (1, 1)),
        0x60003000: ("OW", packed), 0x60020010: ("US", 4), 0x60020011: ("US", 4), 0x60020040: ("CS", "R"), 0x60020050: ("SS", (2, 0)),
        0x60020100: ("US", 16), 0x60020102: ("US", 15),
    }  # fmt: skip
    cells = np.arange(32, dtype="<u2")
    cells[5] |= 0x8000  # row 1, column 1 of the first frame
    image = small(make, cells.tobytes(), stored=12, frames=2, extra=extra)
    frame = image.read_frame(0)
    assert frame.stored[1, 1] == 5
    first, second = frame.overlays
    assert np.argwhere(first.mask).tolist() == [[1, 2]] and first.kind == "G"
    assert np.argwhere(second.mask).tolist() == [[2, 0]] and second.kind == "R"  # origin 2\0 moves it one down, one left
    assert np.argwhere(image.read_frame(1).overlays[0].mask).tolist() == [[3, 3]]


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.70"])
def test_overlays_among_the_bits_of_a_lossless_stream(make, syntax):
    """12 bits are pixels, bit 15 is an overlay: a codec of 16 bits keeps both."""
    import imagecodecs
    from pydicom.pixels.encoders.base import get_encoder
    from pydicom.uid import RLELossless

    facts = {"rows": 4, "columns": 4, "samples_per_pixel": 1, "bits_allocated": 16, "bits_stored": 16, "pixel_representation": 0,
             "number_of_frames": 1, "photometric_interpretation": "MONOCHROME2"}  # fmt: skip
    cells = np.arange(16, dtype=np.uint16).reshape(4, 4)
    cells[2, 1] |= 0x8000
    encode = {
        "5": lambda a: get_encoder(RLELossless).encode(a.tobytes(), encoding_plugin="pydicom", **facts),
        "80": imagecodecs.jpegls_encode,
    }.get(syntax.split(".")[-1], lambda a: imagecodecs.jpeg8_encode(a, lossless=True, predictor=1, bitspersample=16))
    extra = {0x60000010: ("US", 4), 0x60000011: ("US", 4), 0x60000040: ("CS", "G"), 0x60000050: ("SS", (1, 1)),
             0x60000100: ("US", 16), 0x60000102: ("US", 15)}  # fmt: skip
    frame = small(make, [encode(cells)], syntax=syntax, stored=12, extra=extra).read_frame(0)
    assert (frame.stored == np.arange(16).reshape(4, 4)).all() and not frame.findings
    assert np.argwhere(frame.overlays[0].mask).tolist() == [[2, 1]]


# --- sides -----------------------------------------------------------------------------------------------------------


def sides(image, view=None):
    at = letters(image.describe(0).geometry, view or View())
    return at.left, at.right, at.top, at.bottom


@pytest.mark.parametrize(
    ("cosines", "expected"),
    [
        ("1\\0\\0\\0\\1\\0", ("R", "L", "A", "P")),
        ("-1\\0\\0\\0\\1\\0", ("L", "R", "A", "P")),
        ("0\\1\\0\\0\\0\\-1", ("A", "P", "H", "F")),
        ("1\\0\\0\\0\\0\\-1", ("R", "L", "H", "F")),
        ("0.7071068\\0.7071068\\0\\0\\0\\-1", ("RA", "LP", "H", "F")),
        ("0.98\\0.2\\0\\0\\0\\-1", ("R", "L", "H", "F")),
        ("0\\0\\0\\0\\0\\0", ("", "", "", "")),
        ("1\\0\\0\\1\\0\\0", ("", "", "", "")),
    ],
)
def test_letters_from_the_orientation(make, cosines, expected):
    assert sides(small(make, extra={0x00200037: ("DS", cosines)})) == expected


@pytest.mark.parametrize(
    ("value", "animal", "expected"),
    [
        ("L\\F", None, ("R", "L", "H", "F")),
        ("A\\FR", None, ("P", "A", "HL", "FR")),
        ("P\\L", None, ("A", "P", "R", "L")),
        ("", None, ("", "", "", "")),
        ("L\\?", None, ("", "", "", "")),
        ("LE\\V", "QUADRUPED", ("RT", "LE", "D", "V")),
        ("CR\\DLE", "QUADRUPED", ("CD", "CR", "VRT", "DLE")),
    ],
)
def test_letters_from_patient_orientation(make, value, animal, expected):
    extra = {0x00200020: ("CS", value)} | ({0x00102210: ("CS", animal)} if animal else {})
    assert sides(small(make, extra=extra)) == expected


def test_a_quadruped_has_its_own_letters_from_the_orientation_too(make):
    extra = {0x00102210: ("CS", "QUADRUPED"), 0x00200037: ("DS", "1\\0\\0\\0\\0\\-1")}
    assert sides(small(make, extra=extra)) == ("RT", "LE", "CR", "CD")


def test_nothing_is_invented_where_the_file_is_silent(make):
    description = small(make).describe(0)
    assert sides(small(make)) == ("", "", "", "")
    assert description.geometry.plane is None and description.geometry.laterality is None and description.unit is None
    assert description.scale.unit == "px" and description.pixel_aspect == 1.0


def test_a_pixel_has_its_place_in_the_patient(make):
    """C.7.6.2.1.1 with row spacing 2 and column spacing 0.5 on a coronal plane."""
    extra = {0x00200032: ("DS", "-10\\20\\30"), 0x00200037: ("DS", "1\\0\\0\\0\\0\\-1"), 0x00280030: ("DS", "2\\0.5")}
    geometry = small(make, extra=extra).describe(0).geometry
    assert geometry.patient_point(0.5, 0.5) == (-10, 20, 30)
    assert geometry.patient_point(3.5, 2.5) == (-9, 20, 24)
    assert geometry.plane == "coronal" and geometry.position_mm == pytest.approx(20)


def test_laterality_and_view_of_a_mammogram(make):
    view = make.element(0x00080100, "SH", "R-10242") + make.element(0x00080104, "LO", "cranio-caudal")
    modifier = make.element(0x00080104, "LO", "Magnification")
    view += make.element(0x00540222, "SQ", [modifier])
    geometry = small(make, extra={0x00200062: ("CS", "R"), 0x00540220: ("SQ", [view])}).describe(0).geometry
    assert (geometry.laterality, geometry.view_position) == ("R", "CC (Magnification)")


# --- units and millimetres --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("extra", "unit", "presets"),
    [
        ({0x00080008: ("CS", "ORIGINAL\\PRIMARY\\AXIAL")}, "HU", 9),
        ({0x00080008: ("CS", "ORIGINAL\\PRIMARY\\LOCALIZER")}, None, 0),
        ({0x00080008: ("CS", "DERIVED\\SECONDARY\\MPR")}, None, 0),
        ({0x00080008: ("CS", "DERIVED\\SECONDARY\\MPR"), 0x00281054: ("LO", "HU")}, "HU", 9),
        ({0x00080008: ("CS", "ORIGINAL\\PRIMARY\\LOCALIZER"), 0x00281054: ("LO", "HU")}, None, 0),
        ({0x00080008: ("CS", "ORIGINAL\\PRIMARY\\AXIAL"), 0x00189361: ("CS", "YES")}, None, 0),
        ({0x00080008: ("CS", "ORIGINAL\\PRIMARY\\AXIAL"), 0x00281054: ("LO", "US")}, None, 0),
        ({0x00080008: ("CS", "ORIGINAL\\PRIMARY\\AXIAL"), 0x00281054: ("LO", "MGML")}, "MGML", 0),
        ({0x00080008: ("CS", "ORIGINAL\\PRIMARY\\AXIAL"), 0x00080016: ("UI", SC)}, None, 0),
        ({0x00080060: ("CS", "MR")}, None, 0),
        ({0x00080060: ("CS", "US")}, None, 0),
    ],
)
def test_hounsfield_units_only_where_they_are(make, extra, unit, presets):
    image = small(make, extra=extra)
    fitting, refusal = image.presets()
    assert (image.describe(0).unit, len(fitting)) == (unit, presets)
    assert (refusal is None) == bool(presets)


def test_presets_are_the_windows_readers_know():
    shown = {preset.name: preset.window().shown for preset in PRESETS if preset.modality == "CT"}
    assert shown == {
        "brain": "80/40", "stroke": "40/40", "lung": "1500/-600", "mediastinum": "400/40", "soft tissue": "400/40", "liver": "150/90",
        "bone": "2500/480", "angio": "600/300", "abdomen": "400/40",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("modality", "extra", "mm", "unit"),
    [
        ("CT", {0x00280030: ("DS", "0.5\\1.0")}, (0.5, 1.0), "mm"),
        ("DX", {0x00181164: ("DS", "0.2\\0.2")}, (0.2, 0.2), "mm at detector"),
        ("DX", {0x00181164: ("DS", "0.2\\0.2"), 0x00280030: ("DS", "0.2\\0.2")}, (0.2, 0.2), "mm at detector"),
        ("DX", {0x00181164: ("DS", "0.2\\0.2"), 0x00280030: ("DS", "0.15\\0.15")}, (0.15, 0.15), "mm corrected, method unknown"),
        ("DX", {0x00181164: ("DS", ".2\\.2"), 0x00280030: ("DS", ".15\\.15"), 0x00280A02: ("CS", "GEOMETRY")}, (0.15, 0.15), "mm GEOMETRY"),
        ("DX", {0x00280030: ("DS", ".15\\.15"), 0x00280A02: ("CS", "FIDUCIAL")}, (0.15, 0.15), "mm FIDUCIAL"),
        ("CR", {0x00280030: ("DS", "0.15\\0.15")}, (0.15, 0.15), "mm calibration unknown"),
        ("XA", {0x00181164: ("DS", "0.3\\0.3"), 0x00181114: ("DS", "1.5")}, (0.2, 0.2), "mm at detector / 1.5"),
        ("XA", {}, (None, None), "px"),
        ("CT", {0x00280030: ("DS", "0\\0")}, (None, None), "px"),
    ],
)
def test_a_millimetre_is_called_what_it_is(make, modality, extra, mm, unit):
    scale = small(make, extra={0x00080060: ("CS", modality), **extra}).describe(0).scale
    assert (scale.row_mm, scale.column_mm) == (pytest.approx(mm) if mm[0] else mm) and scale.unit == unit


def test_pixels_that_are_not_square(make):
    assert small(make, extra={0x00280030: ("DS", "0.5\\1.0")}).pixel_aspect == 0.5
    assert small(make, extra={0x00280034: ("IS", "3\\2")}).pixel_aspect == 1.5
    assert small(make, extra={0x00280034: ("IS", "0\\0")}).pixel_aspect == 1.0


# --- loss ------------------------------------------------------------------------------------------------------------


def test_lossy_stays_for_ever_and_ratios_are_steps(make):
    image = small(make, extra={0x00282110: ("CS", "01"), 0x00282112: ("DS", "10\\4")})
    assert image.lossy.shown == "10:1, then 4:1"
    assert small(make, extra={0x00282110: ("CS", "01")}).lossy.shown == ""
    assert small(make, extra={0x00282110: ("CS", "00")}).lossy is None


def test_reversible_streams_in_lossy_syntaxes_lost_nothing(make):
    import imagecodecs

    array = np.arange(16, dtype=np.uint16).reshape(4, 4)
    reversible = imagecodecs.jpeg2k_encode(array, level=0, codecformat="j2k", reversible=True)
    assert small(make, [reversible], syntax="1.2.840.10008.1.2.4.91").lossy is None
    assert small(make, [imagecodecs.jpegls_encode(array)], syntax="1.2.840.10008.1.2.4.81").lossy is None
    assert small(make, [imagecodecs.jpegls_encode(array, level=1)], syntax="1.2.840.10008.1.2.4.81").lossy.source == "stream"


# --- SUV and ultrasound -----------------------------------------------------------------------------------------------


def pet(make, **changes):
    dose = make.element(0x00181072, "TM", changes.pop("injected", "090000")) + make.element(0x00181074, "DS", "370000000")
    dose += make.element(0x00181075, "DS", "6588")
    extra = {
        0x00080060: ("CS", "PT"), 0x00080021: ("DA", "20250102"), 0x00080031: ("TM", "100000"), 0x00080022: ("DA", "20250102"),
        0x00080032: ("TM", "100100"), 0x00280051: ("CS", "NORM\\DTIM\\ATTN\\SCAT\\DECY\\DECAY"), 0x00541001: ("CS", "BQML"),
        0x00541102: ("CS", "START"), 0x00101030: ("DS", "70"), 0x00540016: ("SQ", [dose]),
    }  # fmt: skip
    return small(make, extra=extra | changes.pop("extra", {}))


def test_suv_by_body_weight(make):
    from tview.pixels import suv_of

    image = pet(make)
    suv = suv_of(image.header.data_set)
    # 70 kg, 370 MBq an hour before: 70000 / (370e6 * 2 ** (-3600 / 6588))
    assert suv.name == "SUVbw" and suv.factor == pytest.approx(70000 / (370e6 * 2 ** (-3600 / 6588)))
    assert len(image.presets()[0]) == 5 and image.presets()[0][0].invert
    window = image.presets()[0][1].window(suv.factor)
    assert (window.center + window.width / 2) * suv.factor == pytest.approx(5)
    late = suv_of(pet(make, injected="233000", extra={0x00080031: ("TM", "003000")}).header.data_set)
    assert late.factor == pytest.approx(suv.factor)  # injected before midnight
    assert suv_of(pet(make, extra={0x00541102: ("CS", "ADMIN")}).header.data_set).factor == pytest.approx(70000 / 370e6)
    assert suv_of(pet(make, extra={0x00541001: ("CS", "GML")}).header.data_set).factor == 1


@pytest.mark.parametrize(
    "extra",
    [
        {0x00280051: ("CS", "NORM")},
        {0x00101030: ("DS", "0")},
        {0x00541001: ("CS", "CNTS")},
        {0x00541102: ("CS", "NONE")},
        {0x00080031: ("TM", "110000")},
    ],
    ids=["uncorrected", "weight", "counts", "decay", "series later than acquisition"],
)
def test_no_suv_where_something_is_missing(make, extra):
    from tview.pixels import suv_of

    image = pet(make, extra=extra)
    assert suv_of(image.header.data_set).factor is None and suv_of(image.header.data_set).reason
    assert image.presets()[0] == () and image.presets()[1].endswith(suv_of(image.header.data_set).reason)


def test_ultrasound_regions(make):
    from tview.pixels import read_regions, region_of

    def region(x0, y0, x1, y1, units, dx, dy):
        numbers = [(0x00186018, x0), (0x0018601A, y0), (0x0018601C, x1), (0x0018601E, y1)]
        item = b"".join(make.element(tag, "UL", value) for tag, value in numbers)
        item += make.element(0x00186024, "US", units[0]) + make.element(0x00186026, "US", units[1])
        return item + make.element(0x0018602C, "FD", dx) + make.element(0x0018602E, "FD", dy)

    items = [region(0, 0, 9, 9, (3, 3), 0.02, 0.03), region(0, 10, 9, 19, (4, 7), 0.005, -1.5)]
    regions = read_regions(small(make, extra={0x00186011: ("SQ", items)}).header.data_set)
    tissue, doppler = regions
    assert (tissue.column_unit, tissue.column_step, tissue.row_step) == ("mm", pytest.approx(0.2), pytest.approx(0.3))
    assert (doppler.column_unit, doppler.row_unit, doppler.row_step) == ("s", "cm/s", -1.5)
    assert region_of(regions, (1, 1), (9.9, 9.9)) is tissue
    assert region_of(regions, (1, 1), (15, 1)) is None
