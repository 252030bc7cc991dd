"""Presentation states: read and applied, against the standard's words, a formula by hand, and dcmtk's own rendering of them."""

import shutil
import struct
import subprocess

import numpy as np
import pytest

from tview.dicom import read_header
from tview.errors import PixelError
from tview.pixels import Contour, Label, View, apply_presentation_state, read_presentation_state, render, render_native

GREY, COLOUR, PSEUDO, BLENDING = (f"1.2.840.10008.5.1.4.1.1.11.{n}" for n in (1, 2, 3, 4))
IMAGE_UID, SERIES_UID, CT = "1.2.3.10", "1.2.3.9", "1.2.840.10008.5.1.4.1.1.2"
RAMP = np.add.outer(np.arange(40) * 64, np.arange(64)).astype(np.uint16)  # 0 to 2559, every value named by its place


@pytest.fixture
def put(make):
    """Builders of a state: `put.state(...)` gives its data set, `put.file(...)` its bytes."""
    element = make.element

    def item(*elements):
        return b"".join(element(tag, vr, value) for tag, vr, value in sorted(elements))

    def references(frames=()):
        more = [(0x00081160, "IS", "\\".join(map(str, frames)))] if frames else []
        image = item((0x00081150, "UI", CT), (0x00081155, "UI", IMAGE_UID), *more)
        return (0x00081140, "SQ", [image])

    def area(top_left=(1, 1), bottom_right=(64, 40), mode="SCALE TO FIT", *more):
        more = more or ((0x00700102, "IS", "1\\1"),)
        return item((0x00700052, "SL", top_left), (0x00700053, "SL", bottom_right), (0x00700100, "CS", mode), *more)

    def file(*elements, kind=GREY, areas=None):
        meta = element(0x00020010, "UI", "1.2.840.10008.1.2.1")
        given = {tag for tag, _, _ in elements}
        basic = [
            (0x00080016, "UI", kind), (0x00080018, "UI", "1.2.3.77"), (0x00080060, "CS", "PR"), (0x00100010, "PN", "X^Y"),
            (0x0020000D, "UI", "1.2.3.8"), (0x0020000E, "UI", "1.2.3.70"), (0x00200013, "IS", "1"), (0x00700080, "CS", "NODULE"),
            (0x00700082, "DA", "20250101"), (0x00700083, "TM", "120000"),
            (0x00081115, "SQ", [item((0x0020000E, "UI", SERIES_UID), references())]),
            (0x0070005A, "SQ", areas or [area()]), (0x00700041, "CS", "N"), (0x00700042, "US", 0), (0x20500020, "CS", "IDENTITY"),
        ]  # fmt: skip
        body = item(*[each for each in basic if each[0] not in given], *elements)
        first = element(0x00020001, "OB", b"\0\1") + element(0x00020002, "UI", kind) + element(0x00020003, "UI", "1.2.3.77") + meta
        return b"\0" * 128 + b"DICM" + element(0x00020000, "UL", len(first)) + first + body

    def state(*elements, **facts):
        data = file(*elements, **facts)
        return read_presentation_state(read_header(lambda at, size: data[at : at + size], len(data)).data_set)

    from types import SimpleNamespace

    return SimpleNamespace(item=item, references=references, area=area, file=file, state=state)


def window(center, width, *more, item):
    return item((0x00281050, "DS", str(center)), (0x00281051, "DS", str(width)), *more)


def shown(state, frame, rows=40, columns=64):
    presented = apply_presentation_state(state, frame, IMAGE_UID, rows, columns)
    return render(presented.frame, presented.view, rows, columns, presented.layers).picture


def test_what_it_says_of_itself_and_of_its_images(put):
    state = put.state((0x00700081, "LO", "left lung"))
    assert (state.kind, state.label, state.description) == ("grey", "NODULE", "left lung")
    assert state.refers_to(IMAGE_UID) and not state.refers_to("1.2.3.11")
    assert state.references[0].series_instance_uid == SERIES_UID
    only = put.state((0x00081115, "SQ", [put.item((0x0020000E, "UI", SERIES_UID), put.references((2, 3)))]))
    assert only.refers_to(IMAGE_UID, 3) and not only.refers_to(IMAGE_UID, 1)


def test_without_rules_the_whole_range_is_drawn_whatever_the_image_says(make, put):
    """PS3.4 N.2.1: a step that the state leaves out is identity."""
    from tview.pixels import Window

    frame = make.frame_of(RAMP, bits_stored=12, slope=2.0, intercept=-1000.0, windows=(Window(50, 10),), inverted=True)
    assert np.abs(shown(put.state(), frame) - RAMP / 4095 * 255).max() <= 1


def test_rescale_window_and_inverse(make, put):
    state = put.state(
        (0x00281052, "DS", "-1000"), (0x00281053, "DS", "1"), (0x00281054, "LO", "HU"), (0x20500020, "CS", "INVERSE"),
        (0x00283110, "SQ", [window(40, 400, item=put.item)]),
    )  # fmt: skip
    expected = 255 - np.clip((RAMP - 1000.0 - 39.5) / 399 + 0.5, 0, 1) * 255
    assert np.abs(shown(state, make.frame_of(RAMP)) - expected).max() <= 1


def test_a_window_is_for_the_images_it_names(make, put):
    other = put.item((0x00081150, "UI", CT), (0x00081155, "UI", "1.2.3.99"))
    state = put.state(
        (0x00283110, "SQ", [window(10, 20, (0x00081140, "SQ", [other]), item=put.item), window(600, 1200, put.references(), item=put.item)])
    )
    presented = apply_presentation_state(state, make.frame_of(RAMP), IMAGE_UID, 40, 64)
    assert [w.shown for w in presented.frame.description.windows] == ["1200/600"]


def test_a_presentation_lut_comes_last(make, put):
    table = [0, 0, 65535, 65535]
    lut = put.item((0x00283002, "US", (4, 0, 16)), (0x00283006, "US", tuple(table)))
    state = put.state((0x20500010, "SQ", [lut]), (0x00283110, "SQ", [window(1000, 1001, item=put.item)]))
    frame = make.frame_of(RAMP)
    linear = np.clip((RAMP - 999.5) / 1000 + 0.5, 0, 1)
    expected = np.take(table, np.floor(linear * 3 + 0.5).astype(int)) / 65535 * 255
    away = np.abs(linear * 3 % 1 - 0.5) > 0.01  # at a step either neighbour is right
    assert np.abs(shown(state, frame) - expected)[away].max() <= 1


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("flip", ["N", "Y"])
def test_it_is_turned_clockwise_and_flipped_after(make, put, rotation, flip):
    """PS3.3 C.10.6: Image Horizontal Flip is "after any Image Rotation"."""
    state = put.state((0x00700041, "CS", flip), (0x00700042, "US", rotation))
    plain = RAMP / 4095 * 255
    expected = np.rot90(plain, -rotation // 90)
    expected = expected[:, ::-1] if flip == "Y" else expected
    picture = shown(state, make.frame_of(RAMP, bits_stored=12), *expected.shape)
    assert picture.shape == expected.shape and np.abs(picture - expected).max() <= 1


def test_the_displayed_area_fits_or_is_magnified(make, put):
    frame = make.frame_of(RAMP, bits_stored=12)
    part = put.state(areas=[put.area((11, 6), (42, 25))])  # columns 11-42, rows 6-25: 32 x 20
    expected = (RAMP[5:25, 10:42] / 4095 * 255).repeat(4, 0).repeat(4, 1)
    view = apply_presentation_state(part, frame, IMAGE_UID, 80, 128).view
    assert view.zoom == 4.0 and view.centre == (15.0, 26.0)
    presented = apply_presentation_state(part, frame, IMAGE_UID, 80, 128, view=View(interpolation="nearest"))
    assert np.abs(render(presented.frame, presented.view, 80, 128).picture - expected).max() <= 1
    magnified = put.state(areas=[put.area((1, 1), (64, 40), "MAGNIFY", (0x00700103, "FL", 2.5))])
    assert apply_presentation_state(magnified, frame, IMAGE_UID, 500, 500).view.zoom == 2.5


def test_true_size_needs_the_screens_pixels_and_says_so(make, put):
    frame = make.frame_of(RAMP)
    state = put.state(areas=[put.area((1, 1), (64, 40), "TRUE SIZE", (0x00700101, "DS", "0.5\\0.5"))])
    assert apply_presentation_state(state, frame, IMAGE_UID, 400, 640, display_pixel_mm=0.25).view.zoom == 2.0
    unknown = apply_presentation_state(state, frame, IMAGE_UID, 400, 640)
    assert unknown.view.zoom == 10.0 and [mark.code for mark in unknown.marks] == ["true-size-unknown"]


def test_spacing_of_the_area_is_the_shape_of_a_pixel(make, put):
    state = put.state(areas=[put.area((1, 1), (64, 40), "SCALE TO FIT", (0x00700102, "IS", "2\\1"))])
    assert apply_presentation_state(state, make.frame_of(RAMP), IMAGE_UID, 400, 640).frame.description.pixel_aspect == 2.0


def test_shutters(make, put):
    from tview.pixels import Window

    state = put.state(
        (0x00181600, "CS", "RECTANGULAR\\CIRCULAR"), (0x00181602, "IS", "3"), (0x00181604, "IS", "60"), (0x00181606, "IS", "2"),
        (0x00181608, "IS", "38"), (0x00181610, "IS", "20\\32"), (0x00181612, "IS", "25"), (0x00181622, "US", 32768),
    )  # fmt: skip
    frame = make.frame_of(np.full((40, 64), 9, np.uint8), windows=(Window(9, 2),))
    picture = shown(state, frame)
    row, column = np.mgrid[1:41, 1:65]
    covered = (row < 2) | (row > 38) | (column < 3) | (column > 60) | ((row - 20) ** 2 + (column - 32) ** 2 > 625)
    assert (picture[covered] == 128).all() and (picture[~covered] == picture[19, 31]).all() and picture[19, 31] != 128


def annotation(put, *objects, layer="A", tag=0x00700009):
    return put.item((0x00700002, "CS", layer), (tag, "SQ", list(objects)))


def figure(put, kind, points, units="PIXEL", filled="N", *more):
    numbers = tuple(float(value) for point in points for value in point)
    facts = ((0x00700005, "CS", units), (0x00700020, "US", 2), (0x00700021, "US", len(points)), (0x00700022, "FL", numbers))
    return put.item(*facts, (0x00700023, "CS", kind), (0x00700024, "CS", filled), *more)


def test_layers_are_drawn_in_their_order_and_colours(make, put):
    layers = [
        put.item((0x00700002, "CS", "TOP"), (0x00700062, "IS", "2"), (0x00700401, "US", (35579, 53665, 50857))),  # 54.29, 80.81, 69.89
        put.item((0x00700002, "CS", "LOW"), (0x00700062, "IS", "1"), (0x00700066, "US", 32768)),
    ]
    square = [(10, 10), (30, 10), (30, 30), (10, 30), (10, 10)]
    state = put.state(
        (0x00700060, "SQ", layers),
        (0x00700001, "SQ", [annotation(put, figure(put, "POLYLINE", square, "PIXEL", "Y"), layer=name) for name in ("TOP", "LOW")]),
    )
    assert [(layer.name, layer.order) for layer in state.layers] == [("TOP", 2), ("LOW", 1)]
    assert state.layers[1].colour == (128, 128, 128) and np.abs(np.array(state.layers[0].colour) - (255, 0, 0)).max() <= 3
    presented = apply_presentation_state(state, make.frame_of(RAMP), IMAGE_UID, 40, 64)
    assert [layer.colour[0] for layer in presented.layers] == [128, 128, state.layers[0].colour[0], state.layers[0].colour[0]]
    hidden = apply_presentation_state(state, make.frame_of(RAMP), IMAGE_UID, 40, 64, hidden=("TOP",))
    assert len(hidden.layers) == 2


def contours(put, make, *figures, **facts):
    state = put.state((0x00700001, "SQ", [annotation(put, *figures)]), **facts)
    presented = apply_presentation_state(state, make.frame_of(RAMP), IMAGE_UID, 40, 64)
    return [layer for layer in presented.layers if isinstance(layer, Contour)]


def test_figures_have_the_points_of_the_standard(make, put):
    """C.10.5.1.2: column then row; a circle by its centre and a point on it, an ellipse by the ends of its axes."""
    line, circle, ellipse, point = contours(
        put, make, figure(put, "POLYLINE", [(1, 2), (5, 2)]), figure(put, "CIRCLE", [(20, 10), (25, 10)]),
        figure(put, "ELLIPSE", [(10, 20), (30, 20), (20, 15), (20, 25)]), figure(put, "POINT", [(7, 3)]),
    )  # fmt: skip
    assert line.points.tolist() == [[2, 1], [2, 5]] and point.points.tolist() == [[3, 7]]
    assert np.hypot(*(circle.points - (10, 20)).T) == pytest.approx(5)
    rows, columns = ellipse.points.T
    assert ((columns - 20) / 10) ** 2 + ((rows - 20) / 5) ** 2 == pytest.approx(1)
    (curve,) = contours(put, make, figure(put, "INTERPOLATED", [(0, 0), (10, 10), (20, 0)]))
    assert len(curve.points) > 20 and [10.0, 10.0] in curve.points.tolist()


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("flip", ["N", "Y"])
def test_display_coordinates_are_parts_of_the_area_as_shown(make, put, rotation, flip):
    """0\\0 is the upper left corner on the screen and 1\\1 the lower right one, however the image lies: C.10.5.1.1."""
    state = put.state(
        (0x00700041, "CS", flip), (0x00700042, "US", rotation),
        (0x00700001, "SQ", [annotation(put, figure(put, "POLYLINE", [(0.25, 0.125), (0.75, 0.5)], "DISPLAY"))]),
    )  # fmt: skip
    presented = apply_presentation_state(state, make.frame_of(RAMP), IMAGE_UID, 400, 400)
    placement = render(presented.frame, presented.view, 400, 400).placement
    left, top, wide, tall = placement.box
    (line,) = presented.layers
    for (row, column), (x, y) in zip(line.points, [(0.25, 0.125), (0.75, 0.5)], strict=True):
        assert placement.to_picture(row, column) == pytest.approx((left + x * wide, top + y * tall), abs=1.0)


def test_text_stands_at_its_anchor_or_in_its_box(make, put):
    anchored = put.item((0x00700004, "CS", "PIXEL"), (0x00700006, "ST", "8 mm"), (0x00700014, "FL", (30.0, 12.0)), (0x00700015, "CS", "Y"))
    boxed = put.item(
        (0x00700003, "CS", "PIXEL"), (0x00700006, "ST", "two\r\nlines"), (0x00700010, "FL", (5.0, 6.0)), (0x00700011, "FL", (25.0, 16.0)),
        (0x00700012, "CS", "CENTER"),
    )  # fmt: skip
    state = put.state((0x00700001, "SQ", [annotation(put, anchored, boxed, tag=0x00700008)]))
    first, second = (layer for layer in apply_presentation_state(state, make.frame_of(RAMP), IMAGE_UID, 40, 64).layers)
    assert isinstance(first, Label) and first.at == (12.0, 30.0) and first.text == "8 mm"
    assert isinstance(second, Label) and second.at == (6.0, 15.0) and second.along == "centre" and second.text.split() == ["two", "lines"]


def test_overlays_of_the_image_are_shown_on_the_layer_that_activates_them(make, put):
    from dataclasses import replace

    from tview.pixels.overlays import Overlay

    mask = np.zeros((40, 64), np.uint8)
    mask[4] = 1
    frame = replace(make.frame_of(RAMP), overlays=(Overlay(0x6000, mask, "G", None), Overlay(0x6002, mask, "G", None)))
    layer = put.item((0x00700002, "CS", "OVERLAYS"), (0x00700062, "IS", "1"), (0x00700066, "US", 65535))
    state = put.state((0x00700060, "SQ", [layer]), (0x60021001, "CS", "OVERLAYS"))
    assert state.overlays == ((0x6002, "OVERLAYS"),)
    assert len(apply_presentation_state(state, frame, IMAGE_UID, 40, 64).layers) == 1
    assert not apply_presentation_state(put.state(), frame, IMAGE_UID, 40, 64).layers


def test_a_bitmap_shutter_covers_where_its_bits_are_set(make, put):
    bits = np.zeros((40, 64), np.uint8)
    bits[:, :8] = 1
    state = put.state(
        (0x00181600, "CS", "BITMAP"), (0x00181622, "US", 0), (0x00181623, "US", 0x6000), (0x60000010, "US", 40), (0x60000011, "US", 64),
        (0x60000040, "CS", "G"), (0x60000050, "SS", (1, 1)), (0x60000100, "US", 1), (0x60000102, "US", 0), (0x60001001, "CS", "X"),
        (0x60003000, "OW", np.packbits(bits, bitorder="little").tobytes()), (0x20500020, "CS", "INVERSE"),
    )  # fmt: skip
    picture = shown(state, make.frame_of(np.zeros((40, 64), np.uint8)))
    assert not picture[:, :8].any() and (picture[:, 8:] == 255).all()


def palette_elements(colours):
    entries = [(0x00281101 + i, "US", (len(colours), 0, 16)) for i in range(3)]
    return (*entries, *((0x00281201 + i, "OW", struct.pack(f"<{len(colours)}H", *(c[i] * 257 for c in colours))) for i in range(3)))


def test_pseudo_colour_goes_through_the_window_first(make, put):
    colours = [(i, 255 - i, 7) for i in range(256)]
    state = put.state((0x00283110, "SQ", [window(1000, 1001, item=put.item)]), *palette_elements(colours), kind=PSEUDO)
    picture = shown(state, make.frame_of(RAMP)).astype(int)
    expected = np.clip((RAMP - 999.5) / 1000 + 0.5, 0, 1) * 255
    assert np.abs(picture[..., 0] - expected).max() <= 1 and np.abs(picture[..., 1] - (255 - expected)).max() <= 1
    assert (picture[..., 2] == 7).all()


def test_blending_is_a_mean_weighted_by_the_opacity(make, put):
    from dataclasses import replace

    from tview.pixels import apply_blending_state

    colours = [(i, 0, 0) for i in range(256)]
    inputs = [
        put.item((0x00700405, "CS", position), (0x00283110, "SQ", [window(127.5, 256, item=put.item)]))
        for position in ("UNDERLYING", "SUPERIMPOSED")
    ]
    state = put.state((0x00700402, "SQ", inputs), (0x00700403, "FL", 0.25), *palette_elements(colours), kind=BLENDING)
    under, over = make.frame_of(np.full((8, 8), 100, np.uint8)), make.frame_of(np.full((8, 8), 200, np.uint8))
    presented = apply_blending_state(state, under, over)
    picture = render_native(presented.frame, presented.view, presented.layers).picture
    assert np.abs(picture[4, 4].astype(int) - (0.75 * 100 + 0.25 * 200, 75, 75)).max() <= 1
    with pytest.raises(PixelError):
        apply_blending_state(state, under, make.frame_of(np.zeros((4, 4), np.uint8)))
    assert replace(under, _made={}).rows == 8


def test_a_grid_lies_where_its_geometry_puts_it():
    """A 4 mm grid whose first pixel's middle is that of the image's pixel (2, 4), image pixels of 1 mm: its corner is 1.5 mm before."""
    from tview.pixels import Geometry, box_between

    common = {"row_direction": (1.0, 0.0, 0.0), "column_direction": (0.0, 1.0, 0.0), "frame_of_reference_uid": "1.2"}
    under = Geometry(position=(-10.0, -20.0, 5.0), spacing_mm=(1.0, 1.0), **common)
    over = Geometry(position=(-6.0, -18.0, 5.2), spacing_mm=(4.0, 4.0), **common)
    assert box_between(under, over, (3, 5)) == pytest.approx((0.5 + 2 - 2, 0.5 + 4 - 2, 0.5 + 2 - 2 + 12, 0.5 + 4 - 2 + 20))
    assert box_between(under, Geometry(position=(-6.0, -18.0, 9.0), spacing_mm=(4.0, 4.0), **common), (3, 5)) is None
    assert box_between(under, Geometry(position=(-6.0, -18.0, 5.0), spacing_mm=(4.0, 4.0)), (3, 5)) is None


def test_rubbish_is_a_finding_or_nothing(put, make):
    with pytest.raises(PixelError):
        put.state(kind="1.2.840.10008.5.1.4.1.1.11.8")
    odd = put.state(
        (0x00700001, "SQ", [annotation(put, figure(put, "POLYLINE", [(1, 1)]), figure(put, "SQUARE", [(1, 1)]), b"")]),
        (0x00281053, "DS", "0"), (0x00283110, "SQ", [window(1, -5, item=put.item), b""]), areas=[b""],
    )  # fmt: skip
    assert {"rescale-unusable", "window-unusable"} <= {f.code for f in odd.findings}
    shown(odd, make.frame_of(RAMP))


@pytest.mark.skipif(not shutil.which("dcmp2pgm"), reason="dcmtk is not installed")
@pytest.mark.parametrize(
    ("name", "elements"),
    [
        ("window", []),
        ("inverse", [(0x20500020, "CS", "INVERSE")]),
        ("turned", [(0x00700042, "US", 90)]),
        ("flipped", [(0x00700042, "US", 90), (0x00700041, "CS", "Y")]),
        ("rescaled", [(0x00281052, "DS", "-500"), (0x00281053, "DS", "2"), (0x00281054, "LO", "US")]),
    ],
)
def test_dcmtk_draws_the_same(make, put, tmp_path, name, elements):
    (tmp_path / "image").write_bytes(
        make.build(RAMP.tobytes(), rows=40, columns=64, stored=12, extra={0x00080018: ("UI", IMAGE_UID), 0x0020000E: ("UI", SERIES_UID),
                   0x0020000D: ("UI", "1.2.3.8"), 0x00100010: ("PN", "X^Y")})
    )  # fmt: skip
    voi = (0x00283110, "SQ", [window(1200, 2000, item=put.item)])
    (tmp_path / "state").write_bytes(put.file(*elements, voi))
    command = ["dcmp2pgm", "-p", str(tmp_path / "state"), str(tmp_path / "image"), str(tmp_path / "out.pgm")]
    done = subprocess.run(command, capture_output=True, text=True)
    if not (tmp_path / "out.pgm").exists():
        pytest.skip(done.stderr[-200:])
    from PIL import Image

    theirs = np.asarray(Image.open(tmp_path / "out.pgm")).astype(int)
    ours = shown(put.state(*elements, voi), make.frame_of(RAMP, bits_stored=12), *theirs.shape)
    assert np.abs(ours - theirs).max() <= 1


def test_mutants_are_findings_or_errors_of_ours(make, put):
    """Bytes of a rich state changed at random: it is read and drawn, or refused, and nothing else happens."""
    from tview.errors import TviewError

    text = put.item((0x00700003, "CS", "PIXEL"), (0x00700006, "ST", "x"), (0x00700010, "FL", (5.0, 6.0)), (0x00700011, "FL", (25.0, 16.0)))
    lut = put.item((0x00283002, "US", (4, 0, 16)), (0x00283006, "US", (0, 9, 99, 65535)))
    circle = figure(put, "CIRCLE", [(9, 9), (12, 9)], "DISPLAY", "Y")
    data = put.file(
        (0x00700001, "SQ", [annotation(put, circle), annotation(put, text, tag=0x00700008)]),
        (0x00181600, "CS", "RECTANGULAR\\CIRCULAR"), (0x00181602, "IS", "3"), (0x00181604, "IS", "60"), (0x00181606, "IS", "2"),
        (0x00181608, "IS", "38"), (0x00181610, "IS", "20\\32"), (0x00181612, "IS", "25"), (0x00181622, "US", 32768),
        (0x00283110, "SQ", [window(1000, 1001, item=put.item)]), (0x20500010, "SQ", [lut]), (0x60000010, "US", 40), (0x60000011, "US", 64),
        (0x60000050, "SS", (1, 1)), (0x60001001, "CS", "A"), (0x60003000, "OW", bytes(320)), *palette_elements([(1, 2, 3), (4, 5, 6)]),
        kind=PSEUDO,
    )  # fmt: skip
    rng, frame, drawn = np.random.default_rng(12), make.frame_of(RAMP), 0
    for _ in range(400):
        mutant = bytearray(data)
        for at in rng.integers(200, len(data), rng.integers(1, 6)):
            mutant[at] = int(rng.integers(0, 256))
        raw = bytes(mutant)
        try:
            state = read_presentation_state(read_header(lambda at, size, raw=raw: raw[at : at + size], len(raw)).data_set)
            shown(state, frame, 60, 90)
            drawn += 1
        except TviewError:
            continue
    assert drawn > 100
