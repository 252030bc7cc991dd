"""Pictures against a float64 reference of our own making: weights by hand, values before windowing."""

import numpy as np
import pytest

from tview.pixels import Layer, View, Window, overlay_layers, render, render_native
from tview.pixels.overlays import Overlay

RNG = np.random.default_rng(11)
PHANTOM = (np.hypot(*np.mgrid[-60:60, -75:75]) * 30 + RNG.normal(0, 25, (120, 150))).clip(0, 4095).astype(np.uint16)


def cubic(distance):
    """The kernel with a = -0.75."""
    x, a = abs(distance), -0.75
    if x <= 1:
        return (a + 2) * x**3 - (a + 3) * x**2 + 1
    return a * x**3 - 5 * a * x**2 + 8 * a * x - 4 * a if x < 2 else 0.0


def lanczos(distance):
    """Windowed sinc over four pixels to each side."""
    return float(np.sinc(distance) * np.sinc(distance / 4)) if abs(distance) < 4 else 0.0


KERNELS = {"linear": ((0, 2), lambda d: 1 - abs(d)), "cubic": ((-1, 3), cubic), "lanczos": ((-3, 5), lanczos)}


def weights(axis, size, kind):
    """A dense matrix, picture pixels x image pixels: means over the area when shrinking, else a kernel about half-pixel centres."""
    matrix, count = np.zeros((axis.length, size)), axis.end - axis.first
    step = count / axis.length
    for i in range(axis.length):
        if step > 1:
            for j in range(int(i * step), min(count, int(np.ceil((i + 1) * step)))):
                matrix[i, axis.first + j] = max(0.0, min((i + 1) * step, j + 1) - max(i * step, j))
            continue
        centre = (i + 0.5) * step - 0.5
        reach, kernel = KERNELS[kind]
        for j in range(int(np.floor(centre)) + reach[0], int(np.floor(centre)) + reach[1]):
            matrix[i, axis.first + min(max(j, 0), count - 1)] += kernel(centre - j)
    return matrix / matrix.sum(axis=1, keepdims=True)


def reference(modality, window, placement, kind):
    vertical, horizontal = placement.vertical, placement.horizontal
    values = weights(vertical, modality.shape[0], kind) @ modality @ weights(horizontal, modality.shape[1], kind).T
    display = np.clip((values - (window.center - 0.5)) / (window.width - 1) + 0.5, 0, 1) * 255
    pane = np.zeros((placement.picture_size[0] + 4000, placement.picture_size[1] + 4000))
    top, left = vertical.start + 2000, horizontal.start + 2000
    pane[top : top + vertical.length, left : left + horizontal.length] = display
    return pane[2000:-2000, 2000:-2000]


@pytest.mark.parametrize("kind", KERNELS)
@pytest.mark.parametrize("window", [Window(1000, 1500), Window(976, 80), Window(976, 8)], ids=lambda w: w.shown)
@pytest.mark.parametrize(
    ("size", "view"),
    [
        ((480, 600), View()),
        ((77, 91), View()),
        ((200, 60), View()),
        ((300, 400), View(zoom=7.3, centre=(40.2, 90.7))),
        ((300, 400), View(zoom=0.4)),
    ],
    ids=["larger", "smaller", "mixed", "zoomed", "tiny"],
)
def test_within_a_level_of_float64(make, size, view, window, kind):
    from dataclasses import replace

    aspect = 2.5 if size == (200, 60) else 1.0
    frame = make.frame_of(PHANTOM, intercept=-24.0, windows=(window,), pixel_aspect=aspect)
    rendered = render(frame, replace(view, interpolation=kind), *size)
    expected = reference(PHANTOM.astype(float) - 24, window, rendered.placement, kind)
    # OpenCV's cubic weights are float32, and a window of 8 takes 36 levels a value
    assert np.abs(rendered.picture - expected).max() <= 1.0


@pytest.mark.parametrize("dtype", ["u1", "i1", "u2", "i2", "u4", "i4", "f4", "f8"])
def test_every_kind_of_number_is_drawn_alike(make, dtype):
    values = (PHANTOM[::2, ::2] // 40).astype(dtype)
    frame, other = (make.frame_of(a, windows=(Window(50, 101),)) for a in (values, values.astype("f8")))
    for size in ((200, 200), (33, 40)):
        assert (np.abs(render(frame, View(), *size).picture.astype(int) - render(other, View(), *size).picture) <= 1).all()
    assert (render_native(frame, View()).picture == render_native(other, View()).picture).all()


def test_native_is_one_pixel_for_one_whatever_the_zoom(make):
    frame = make.frame_of(PHANTOM, pixel_aspect=2.0, windows=(Window(1000, 1500),))
    plain = render_native(frame, View()).picture
    assert plain.shape == PHANTOM.shape
    assert (render_native(frame, View(zoom=5, centre=(3, 3))).picture == plain).all()


def test_values_are_resampled_before_they_are_windowed(make):
    """Half black and half white pixels average to one grey value, which the window then draws; windowing first would give mid grey."""
    checks = np.indices((64, 64)).sum(axis=0) % 2 * 1000
    frame = make.frame_of(checks.astype(np.uint16), windows=(Window(700.5, 201),))
    assert not render(frame, View(), 32, 32).picture.any()


def test_missing_rows_are_hatched_and_never_grey_values(make):
    frame = make.frame_of(np.full((40, 40), 200, np.uint8), rows_present=10, windows=(Window(127.5, 255),))
    picture = render(frame, View(), 400, 400).picture
    assert (picture[:98] == picture[0, 0]).all()
    assert set(np.unique(picture[102:])) == {0, 88}
    assert (picture[200] != picture[203]).any()
    turned = render(frame, View(turns=1), 400, 400).picture
    assert (turned == np.rot90(picture, -1)).all()


def test_colour_is_drawn_as_it_is(make):
    colours = RNG.integers(0, 256, (8, 9, 3), dtype=np.uint8)
    frame = make.frame_of(colours)
    assert (render_native(frame, View()).picture == colours).all()
    assert (render_native(frame, View(invert=True)).picture == 255 - colours).all()
    large = render(frame, View(interpolation="nearest"), 80, 90)
    assert (large.picture == colours.repeat(10, 0).repeat(10, 1)).all() and large.window is None


def test_sixteen_bit_colour_is_brought_to_eight(make):
    colours = np.array([[[0, 32768, 65535]]], np.uint16)
    assert render_native(make.frame_of(colours), View()).picture.tolist() == [[[0, 128, 255]]]


@pytest.mark.parametrize(
    ("photometric", "stored", "expected"),
    [
        # C.7.6.3.1.2: R = Y + 1.402 (Cr - 128), G = Y - 0.344 (Cb - 128) - 0.714 (Cr - 128), B = Y + 1.772 (Cb - 128)
        ("YBR_FULL", (100, 128, 128), (100, 100, 100)),
        ("YBR_FULL", (120, 90, 200), (221, 82, 53)),
        ("YBR_PARTIAL_422", (16, 128, 128), (0, 0, 0)),
        ("YBR_PARTIAL_422", (235, 128, 128), (255, 255, 255)),
        ("HSV", (0, 255, 255), (255, 0, 0)),
        ("HSV", (85, 255, 255), (0, 255, 0)),
        ("CMYK", (0, 255, 255, 0), (255, 0, 0)),
        ("CMYK", (0, 0, 0, 255), (0, 0, 0)),
        ("ARGB", (0, 1, 2, 3), (1, 2, 3)),
    ],
)
def test_colour_models(make, photometric, stored, expected):
    frame = make.frame_of(np.array([[stored]], np.uint8), photometric=photometric)
    assert np.abs(render_native(frame, View()).picture[0, 0].astype(int) - expected).max() <= 1


def test_layers_are_drawn_only_when_asked_for(make):
    from dataclasses import replace

    mask = np.zeros((20, 20), np.uint8)
    mask[5] = 1
    frame = replace(
        make.frame_of(np.full((20, 20), 10, np.uint8), windows=(Window(127.5, 255),)), overlays=(Overlay(0x6000, mask, "G", None),)
    )
    assert len(np.unique(render_native(frame, View()).picture)) == 1
    drawn = render_native(frame, View(), overlay_layers(frame)).picture
    assert (drawn[5] == 255).all() and drawn.ndim == 2
    coloured = render_native(frame, View(), [Layer(mask, (255, 160, 0))]).picture
    assert (coloured[5] == (255, 160, 0)).all() and coloured[4, 0].tolist() == [drawn[4, 0]] * 3
    shrunk = render(frame, View(), 7, 7, overlay_layers(frame)).picture
    assert shrunk.max() > 10 + 245 * 0.5 - 1  # a line between two rows is half in each


def test_a_square_3_hu_brighter_is_a_level_brighter(make):
    field = np.full((64, 64), 1064, np.uint16)
    field[24:40, 24:40] = 1067
    frame = make.frame_of(field, intercept=-1024.0, windows=(Window(40, 80),))
    for size in (64, 300, 21):
        picture = render(frame, View(), size, size).picture
        assert int(picture[size // 2, size // 2]) - int(picture[1, 1]) == 10  # 3 x 255 / 79


def test_rendering_the_same_twice_gives_the_same(make):
    frame = make.frame_of(PHANTOM)
    pictures = [render(frame, View(turns=1, zoom=2.2), 100, 90).picture for _ in range(2)]
    assert (pictures[0] == pictures[1]).all() and pictures[0].flags.c_contiguous and pictures[0].dtype == np.uint8


@pytest.mark.parametrize("kind", ["linear", "nearest", "cubic", "lanczos"])
@pytest.mark.parametrize("size", [(400, 500), (31, 37), (200, 30)])
def test_no_rim_beside_an_edge_unless_it_was_chosen(make, kind, size):
    """An edge between 1000 and 2000 in a window that has both inside: only cubic and Lanczos, enlarged, leave that range."""
    edge = np.full((60, 70), 1000, np.uint16)
    edge[20:, 30:] = 2000
    frame = make.frame_of(edge, windows=(Window(1500, 3000, "LINEAR_EXACT"),))
    picture = render(frame, View(interpolation=kind), *size).picture
    inside = picture[picture > 0]
    ends = 255 * 1000 / 3000, 255 * 2000 / 3000
    overshoots = inside.max() > ends[1] + 1 or inside.min() < ends[0] - 1
    assert overshoots == (kind in ("cubic", "lanczos") and size == (400, 500))


def test_colour_is_scaled_as_colour_and_a_palette_after_its_colours(make):
    """Codes 0 and 2 of a palette have no mean that is code 1: red beside blue gives purple, never the green between them."""
    from tview.pixels.tables import Palette

    codes = np.zeros((8, 8), np.uint8)
    codes[:, 4:] = 2
    palette = Palette(0, np.array([(255, 0, 0), (0, 255, 0), (0, 0, 255)], np.uint8))
    for size in (80, 3):
        picture = render(make.frame_of(codes, palette=palette, photometric="PALETTE COLOR"), View(), size, size).picture
        assert not picture[..., 1].any() and {255} & set(picture[..., 0].ravel().tolist())
