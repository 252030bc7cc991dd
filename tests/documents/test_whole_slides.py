"""Slides in tiles: every part of every level is what its formula says, whatever the order of tiles, in bounded memory."""

import sys
from pathlib import Path

import numpy as np
import pytest

from tview import documents, pixels
from tview.catalog import Instance
from tview.documents.slides import Tiles
from tview.errors import PixelError, finding
from tview.pixels import View

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import slide_phantom as phantom


@pytest.fixture(scope="module")
def made(written):
    """A slide of these objects, and what gets its tiles."""
    with pixels.Decoder() as decoder:

        def make(*data_sets):
            images, found = {}, []
            for number, data_set in enumerate(data_sets):
                header, read_at, size = written(data_set)
                blank = dict.fromkeys(Instance._fields)
                instance = Instance(**{**blank, "source_number": 0, "path": str(number), "state": "ok"})
                images[instance.path] = pixels.open_image(header, read_at, size, decoder=decoder)
                found.append((header, instance, images[instance.path]))
            asked: list[tuple[str, int]] = []

            def get(instance, frame):
                asked.append((instance.path, frame))
                return images[instance.path].read_frame(frame)

            return documents.make_slide(found), get, asked

        yield make


@pytest.fixture(scope="module")
def pyramid(made):
    return made(phantom.level(1, 2), phantom.level(2, 1), phantom.label(), phantom.level(3, 4))


def test_levels_are_listed_from_fine_to_coarse_and_the_label_apart(pyramid) -> None:
    slide, _, _ = pyramid
    assert [(level.rows, level.columns) for level in slide.levels] == [(400, 600), (200, 300), (100, 150)]
    assert [kind for _instance, kind in slide.others] == ["LABEL"]


@pytest.mark.parametrize(("zoom", "factor"), [(2.0, 1), (1.0, 1), (0.5, 2), (0.4, 2), (0.25, 4), (0.1, 4), (None, 4)])
def test_the_level_that_is_just_fine_enough_is_taken(pyramid, zoom: float | None, factor: int) -> None:
    slide, get, _ = pyramid
    frame = slide.frame(View(zoom=zoom), 60, 90, get)
    assert (frame.rows, frame.columns) == (400, 600)
    assert frame.stored.level.columns == 600 // factor


@pytest.mark.parametrize("part", [(0, 400, 0, 600), (10, 200, 30, 500), (63, 65, 127, 129), (390, 400, 590, 600)])
@pytest.mark.parametrize("factor", [1, 2, 4])
def test_any_part_is_what_the_formula_says(pyramid, part: tuple[int, int, int, int], factor: int) -> None:
    slide, get, _ = pyramid
    level = next(level for level in slide.levels if level.columns == 600 // factor)
    top, bottom, left, right = part
    found = Tiles(slide, level, 1 / factor, get)[top:bottom, left:right]
    ends = [int(np.floor(end / factor + 0.5)) for end in part]
    assert np.array_equal(found, phantom.matrix(factor)[ends[0] : max(ends[1], ends[0] + 1), ends[2] : max(ends[3], ends[2] + 1)])


def test_sparse_tiles_lie_where_they_say_and_the_missing_one_is_empty(made) -> None:
    slide, get, _ = made(phantom.level(1, 1, sparse=True))
    found = slide.frame(View(zoom=1.0), 400, 600, get).rgb()[0:400, 0:600]
    wanted = phantom.matrix(1)
    assert (found[: phantom.TILE, : phantom.TILE] == 235).all()
    wanted[: phantom.TILE, : phantom.TILE] = 235
    assert np.array_equal(found, wanted)


_VIEWS = (
    View(),
    View(zoom=1.0, centre=(200.0, 300.0)),
    View(zoom=0.3, centre=(100.0, 450.0)),
    View(zoom=3.0, centre=(64.0, 128.0)),
    View(turns=1),
    View(mirror=True, zoom=0.5),
)


@pytest.mark.parametrize("view", _VIEWS)
def test_pictures_show_the_place_they_say(pyramid, view: View) -> None:
    """Each pixel's colour is that of the image point which the placement names, to a step and a level's pixel."""
    slide, get, _ = pyramid
    rendered = pixels.render(slide.frame(view, 120, 160, get), view, 120, 160)
    for y, x in ((60, 80), (30, 40), (90, 130), (20, 140)):
        row, column = rendered.placement.to_image(x + 0.5, y + 0.5)
        if not (24 < row < 376 and 24 < column < 576):
            continue
        red, green, _blue = (int(value) for value in rendered.picture[y, x])
        assert abs(red - column / 16 * 6) < 12
        assert abs(green - row / 16 * 8) < 16


def test_only_the_tiles_in_sight_are_read(pyramid) -> None:
    slide, get, asked = pyramid
    asked.clear()
    view = View(zoom=1.0, centre=(200.0, 300.0))
    pixels.render(slide.frame(view, 50, 50, get), view, 50, 50)
    assert 0 < len(set(asked)) <= 4


def test_a_huge_single_level_is_made_smaller_tile_by_tile(made) -> None:
    slide, get, _ = made(phantom.level(1, 1))
    found = slide.frame(View(), 40, 60, get).rgb()[0:400, 0:600]
    assert found.shape[0] <= 100
    assert abs(int(found[-5, -5, 0]) - 595 // 16 * 6) < 16
    assert not (found == 235).all(axis=2).any()


def test_a_tile_that_cannot_be_read_leaves_the_others(pyramid) -> None:
    slide, get, _ = pyramid

    def broken(instance, frame):
        if frame == 0:
            raise PixelError(finding("frame-missing", frame=1, present=0))
        return get(instance, frame)

    found = slide.frame(View(zoom=1.0), 400, 600, broken).rgb()[0:400, 0:600]
    assert (found[:64, :64] == 90).all()
    assert np.array_equal(found[64:], phantom.matrix(1)[64:])


def test_lengths_count_in_pixels_of_the_finest_level(pyramid) -> None:
    slide, get, _ = pyramid
    frame = slide.frame(View(), 60, 90, get)
    (length,) = pixels.measure("distance", [(0.5, 0.5), (0.5, 200.5)], frame)
    assert (length.value, length.unit) == (pytest.approx(0.1), "mm")
    assert pixels.measure("ellipse", [(0.0, 0.0), (100.0, 100.0)], frame)
    assert pixels.value_at(frame, 399, 599).rgb is not None
