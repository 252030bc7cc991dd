"""The algebra of looking: turns, mirrors, letters and the map between picture and image go together."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tview.pixels import View, Window, letters, render, render_native
from tview.pixels.geometry import Geometry, letters_of

VIEWS = st.builds(View, turns=st.integers(0, 3), mirror=st.booleans(), invert=st.booleans())
TOOLS = st.lists(st.sampled_from(["turned", "mirrored", "flipped"]), max_size=6)
NUMBERED = np.arange(35, dtype=np.uint8).reshape(5, 7)
HEADED = Geometry(edges=("L", "P"), opposite_edges=("R", "A"))


def drawn(frame, view):
    return render_native(frame, view).picture


@given(VIEWS)
def test_what_is_done_and_undone_changes_nothing(view):
    assert view.turned(4) == view
    assert view.turned().turned(-1) == view
    assert view.mirrored().mirrored() == view
    assert view.flipped().flipped() == view
    assert view.inverted().inverted() == view
    assert view.flipped() == view.mirrored().turned(2)


def test_tools_do_on_the_screen_what_their_names_say(make):
    frame = make.frame_of(NUMBERED, windows=(Window(127.5, 255, "LINEAR_EXACT"),))

    @given(VIEWS)
    def check(view):
        before = drawn(frame, view)
        assert (drawn(frame, view.turned()) == np.rot90(before, -1)).all()
        assert (drawn(frame, view.mirrored()) == before[:, ::-1]).all()
        assert (drawn(frame, view.flipped()) == before[::-1]).all()
        assert (drawn(frame, view.inverted()) == 255 - before).all()

    check()


@given(VIEWS, TOOLS)
def test_letters_follow_every_tool(view, tools):
    """The letters as a ring turn and mirror as the picture's edges do."""
    before = letters(HEADED, view)
    ring = [before.top, before.right, before.bottom, before.left]
    for tool in tools:
        view = getattr(view, tool)()
        if tool == "turned":
            ring = [ring[3], *ring[:3]]
        elif tool == "mirrored":
            ring[1], ring[3] = ring[3], ring[1]
        else:
            ring[0], ring[2] = ring[2], ring[0]
    after = letters(HEADED, view)
    assert [after.top, after.right, after.bottom, after.left] == ring


def test_every_picture_pixel_is_the_image_pixel_it_says(make):
    frame = make.frame_of(NUMBERED, windows=(Window(127.5, 255, "LINEAR_EXACT"),), pixel_aspect=2.0)

    @given(VIEWS, st.sampled_from([None, 0.5, 1.0, 3.0, 8.3]), st.integers(1, 60), st.integers(1, 60), st.floats(0, 5), st.floats(0, 7))
    def check(view, zoom, rows, columns, row, column):
        view = View(turns=view.turns, mirror=view.mirror, zoom=zoom, centre=(row, column), interpolation="nearest")
        rendered = render(frame, view, rows, columns)
        assert rendered.picture.shape == (rows, columns)
        for y in range(0, rows, 7):
            for x in range(0, columns, 7):
                found = rendered.placement.pixel_at(x, y)
                if found is None:
                    assert rendered.picture[y, x] == 0
                elif not rendered.placement.reduced:
                    assert abs(int(rendered.picture[y, x]) - int(NUMBERED[found])) <= 0

    check()


@given(VIEWS, st.floats(0.3, 20), st.integers(2, 300), st.integers(2, 300), st.floats(-3, 9), st.floats(-3, 9))
def test_to_picture_and_to_image_are_inverses(view, zoom, rows, columns, row, column):
    from tview.pixels.placement import place

    placement = place(View(turns=view.turns, mirror=view.mirror, zoom=zoom), (5, 7), 1.5, (rows, columns))
    x, y = placement.to_picture(row, column)
    assert placement.to_image(x, y) == pytest.approx((row, column), abs=1e-6)


def test_oblique_letters_by_size_and_only_from_fifteen_degrees():
    assert letters_of((0.97, 0.24, 0.0)) == "L"
    assert letters_of((0.96, 0.28, 0.0)) == "LP"
    assert letters_of((-0.28, 0.0, -0.96)) == "FR"
    assert letters_of((0.6, -0.6001, 0.53)) == "ALH"
    assert letters_of((-1, 0, 0), quadruped=True) == "RT"


def test_the_middle_of_the_pane_shows_the_centre_asked_for(make):
    frame = make.frame_of(NUMBERED)
    placement = render(frame, View(zoom=10, centre=(2.5, 3.5)), 30, 30).placement
    assert placement.to_image(15, 15) == pytest.approx((2.5, 3.5), abs=0.06)
    assert placement.scale == pytest.approx((10, 10), rel=0.05)


def test_fitting_fills_one_side_and_keeps_the_shape(make):
    square = render(make.frame_of(np.zeros((50, 100), np.uint8)), View(), 300, 300).placement
    assert square.box == (0, 75, 300, 150)
    tall = render(make.frame_of(np.zeros((50, 50), np.uint8), pixel_aspect=2.0), View(), 300, 300).placement
    assert tall.box == (75, 0, 150, 300) and tall.scale == (6, 3)
    turned = render(make.frame_of(np.zeros((50, 100), np.uint8)), View(turns=1), 300, 300).placement
    assert turned.box == (75, 0, 150, 300)
