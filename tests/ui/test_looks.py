"""Colours, the scale bar and the histogram, on the demo disc."""

import numpy as np

from tview.pixels import colour_table


async def test_colours_replace_the_greys_of_a_series_and_go_again(viewer, demo) -> None:
    async with viewer(demo) as v:
        await v.settled()
        plain = v.pane.rendered.picture
        assert plain.ndim == 2
        v.screen._colour("hot iron")
        await v.settled()
        assert np.array_equal(v.pane.rendered.picture, colour_table("hot iron")[plain])
        await v.press("j")
        assert v.pane.rendered.picture.ndim == 3
        v.screen._colour("")
        await v.settled()
        assert v.pane.rendered.picture.ndim == 2


async def test_the_colours_are_a_list_to_choose_from(viewer, demo) -> None:
    async with viewer(demo) as v:
        await v.press("dollar_sign")
        assert "hot iron" in v.text() and "pet" in v.text()
        await v.press("escape")


async def test_a_scale_bar_is_drawn_where_pixels_have_a_size(viewer, demo) -> None:
    async with viewer(demo) as v:
        await v.settled()
        before = v.pane.rendered.picture
        await v.press("exclamation_mark")
        after = v.pane.rendered.picture
        assert (before[-20:] != after[-20:]).any() and (before[:40] == after[:40]).all()
        await v.press("exclamation_mark")
        assert (v.pane.rendered.picture == before).all()


async def test_the_histogram_counts_every_pixel(viewer, demo) -> None:
    async with viewer(demo) as v:
        await v.settled()
        frame = v.pane.shown.frame
        await v.press("ampersand")
        text = v.text()
        assert f"{frame.picture_values().size} pixels" in text
        assert "HU" in text
