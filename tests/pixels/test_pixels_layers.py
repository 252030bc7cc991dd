"""What is drawn over a picture lies where the image says, at every zoom, mirroring and turn."""

import itertools

import numpy as np
import pytest

from tview.pixels import Contour, Label, Layer, MapLayer, View, Window, colour_table, render, render_native

BLACK = Window(1e6, 2)
VIEWS = [View(mirror=m, turns=t) for m, t in itertools.product((False, True), range(4))]


def dark(make, rows=40, columns=60, **facts):
    return make.frame_of(np.zeros((rows, columns), np.uint16), windows=(BLACK,), **facts)


@pytest.mark.parametrize("view", VIEWS, ids=lambda v: f"{'m' if v.mirror else ''}{v.turns}")
@pytest.mark.parametrize(("rows", "columns"), [(40, 60), (200, 330), (17, 23)])
def test_a_mask_a_map_and_a_contour_follow_the_view(make, view, rows, columns):
    """The middle of the same image square, asked of the placement, is drawn by each."""
    frame = dark(make)
    mask = np.zeros((40, 60), np.uint8)
    mask[8:16, 40:52] = 1
    square = np.array([(8, 40), (8, 52), (16, 52), (16, 40)], float)
    values = np.where(mask, 100.0, np.nan)
    for layer in (Layer(mask), MapLayer(values, colour_table("grey"), 0, 100, opacity=1.0), Contour(square, closed=True, filled=True)):
        rendered = render(frame, view, rows, columns, (layer,))
        x, y = rendered.placement.to_picture(12, 46)
        assert rendered.picture[int(y), int(x)].max() == 255
        for row, column in ((4, 46), (20, 46), (12, 30), (12, 57)):
            x, y = rendered.placement.to_picture(row, column)
            assert rendered.picture[int(y), int(x)].max() == 0


@pytest.mark.parametrize("view", [*VIEWS, View(zoom=7.3, centre=(12.0, 45.0)), View(zoom=0.4, turns=3)])
def test_to_picture_is_the_inverse_of_to_image(make, view):
    placement = render(dark(make, pixel_aspect=1.7), view, 101, 77).placement
    for row, column in ((0.5, 0.5), (13.25, 44.75), (-3.0, 70.0)):
        assert placement.to_image(*placement.to_picture(row, column)) == pytest.approx((row, column))


def test_an_enlarged_mask_keeps_the_corners_of_its_pixels(make):
    mask = np.zeros((4, 6), np.uint8)
    mask[1, 2] = 1
    picture = render(dark(make, 4, 6), View(), 40, 60, (Layer(mask),)).picture
    expected = np.zeros((40, 60), np.uint8)
    expected[10:20, 20:30] = 255
    assert (picture == expected).all()


def test_opacity_is_a_mean_weighted_by_it(make):
    frame = make.frame_of(np.full((4, 4), 100, np.uint8), windows=(Window(127.5, 255, "LINEAR_EXACT"),))
    picture = render_native(frame, View(), (Layer(np.ones((4, 4), np.uint8), (200, 0, 0), 0.25),)).picture
    assert picture[0, 0].tolist() == [125, 75, 75]  # 0.75 x 100 + 0.25 x 200, 0


def test_a_grid_of_its_own_is_laid_by_its_box(make):
    """Two by two dose pixels over rows 10-30 and columns 20-40: the edge between them is at row 20, column 30."""
    values = np.array([[1.0, 2.0], [3.0, 4.0]])
    table = colour_table("grey")
    layer = MapLayer(values, table, 0, 5, opacity=1.0, box=(10, 20, 30, 40), smooth=False)
    picture = render_native(dark(make), View(), (layer,)).picture
    assert picture.shape == (40, 60, 3)
    grey = picture[..., 0]
    assert grey[15, 25] == 51 and grey[15, 35] == 102 and grey[25, 25] == 153 and grey[25, 35] == 204
    assert not grey[:10].any() and not grey[30:].any() and not grey[:, :20].any() and not grey[:, 40:].any()
    assert grey[19, 29] == 51 and grey[20, 30] == 204


def test_a_map_is_interpolated_before_it_is_coloured(make):
    values = np.array([[0.0, 10.0]] * 2)
    layer = MapLayer(values, colour_table("grey"), 0, 10, opacity=1.0, box=(0, 0, 40, 60))
    row = render_native(dark(make), View(), (layer,)).picture[20, :, 0].astype(float)
    places = (np.arange(60) + 0.5) / 30 - 0.5
    assert np.abs(row - np.clip(places, 0, 1) * 255).max() <= 1


def test_a_map_draws_nothing_below_its_threshold_nor_where_it_has_no_number(make):
    values = np.array([[1.0, np.nan, 6.0, np.inf]])
    layer = MapLayer(values, colour_table("rainbow"), 0, 10, opacity=1.0, threshold=5.0, box=(0, 0, 40, 60), smooth=False)
    picture = render_native(dark(make), View(), (layer,)).picture
    assert [bool(picture[20, column].any()) for column in (5, 20, 37, 52)] == [False, False, True, False]


def test_a_line_of_one_pixel_is_one_pixel_wide_at_every_zoom(make):
    for size in ((40, 60), (400, 600)):
        line = Contour(np.array([(20.5, 5.0), (20.5, 55.0)]))
        rendered = render(dark(make), View(), *size, (line,))
        column = rendered.picture[:, size[1] // 2].astype(int)
        assert 255 <= column.sum() <= 2 * 255 and np.count_nonzero(column) <= 3
        assert abs((column * (np.arange(size[0]) + 0.5)).sum() / column.sum() - 20.5 * size[0] / 40) < 0.6


def test_a_grey_line_leaves_a_grey_picture_grey_and_a_coloured_one_does_not(make):
    points = np.array([(1, 1), (30, 50)], float)
    assert render_native(dark(make), View(), (Contour(points, halo=True),)).picture.ndim == 2
    coloured = render_native(dark(make), View(), (Contour(points, (255, 160, 0), width=3),)).picture
    assert coloured.ndim == 3 and (coloured.reshape(-1, 3).max(axis=0) == (255, 160, 0)).all()


def test_dashes_have_gaps(make):
    line = Contour(np.array([(20.5, 0.0), (20.5, 60.0)]), dash=(6, 6))
    row = render_native(dark(make), View(), (line,)).picture[20] > 128
    assert 4 <= np.count_nonzero(np.diff(row.astype(int)) == 1) + row[0] <= 6


@pytest.mark.parametrize("points", [[], [(np.nan, 1.0)], [(1e300, -1e300), (5, 5)], [(3.5, 4.5)]])
def test_odd_points_are_no_trouble(make, points):
    render_native(dark(make), View(), (Contour(np.array(points, float)), Contour(np.array(points, float), closed=True, dash=(3, 3))))


@pytest.mark.parametrize("view", VIEWS)
def test_a_label_stays_upright_and_beside_its_point(make, view):
    rendered = render(dark(make), view, 200, 200, (Label("12.3 mm", (20.0, 30.0), size=16, along="centre", down="middle", halo=False),))
    rows, columns = np.nonzero(rendered.picture > 100)
    x, y = rendered.placement.to_picture(20, 30)
    assert np.ptp(columns) > 2 * np.ptp(rows) > 8
    assert abs((rows.min() + rows.max() + 1) / 2 - y) < 4 and abs((columns.min() + columns.max() + 1) / 2 - x) < 4


def test_a_label_at_the_edge_is_cut_and_an_empty_one_is_nothing(make):
    for at in ((-2.0, -2.0), (39.0, 59.0), (500.0, 500.0)):
        render_native(dark(make), View(), (Label("ÄÖ µm 山田", at), Label("  ", at), Label("x\ny", at, space="picture")))


def test_well_known_tables_are_those_of_ps3_6():
    """B.1.1: Hot Iron rises in red by 2 to entry 127, then in green, and in blue by 4 from entry 192."""
    table = colour_table("hot iron").astype(int)
    entries = np.arange(256)
    assert (table[:, 0] == np.minimum(2 * entries, 255)).all()
    assert (table[128:255, 1] == 2 * (entries[128:255] - 128)).all() and not table[:128, 1].any() and table[255, 1] == 255
    assert not table[:192, 2].any() and abs(table[255, 2] - 255) <= 3
    for name in ("pet", "hot metal blue", "pet 20 step", "spring", "summer", "fall", "winter", "rainbow", "grey"):
        assert colour_table(name).shape == (256, 3)
    with pytest.raises(KeyError):
        colour_table("mauve")
