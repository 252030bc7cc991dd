"""Thumbnails: one for each series, of its middle image, made when they come into sight; a click opens."""

import pytest


async def shown(v) -> None:
    """Every thumbnail in sight is there."""
    await v.until(lambda: v.screen.strip is not None and v.screen.strip.shown is not None and v.screen.strip.shown.done)


@pytest.mark.parametrize("size", [(80, 24), (132, 43)])
async def test_each_series_has_a_thumbnail_with_its_name_and_count(viewer, demo, size) -> None:
    async with viewer(demo, size=size) as v:
        await v.pilot.press("B")
        await shown(v)
        strip = v.screen.strip
        text = "\n".join(v.row(y)[strip.region.x :] for y in range(strip.region.y, strip.region.bottom))
        assert ">2 CT" in text
        if size[1] > 36:
            assert "64 images" in text
        assert strip.shown.cells is not None and len(strip.shown.cells) == strip.hole.height
        assert len(strip.shown.request.instances) >= 3
        colours = {(segment.style.color, segment.style.bgcolor) for row in strip.shown.cells for segment in row}
        assert len(colours) > 20
        await v.until(lambda: v.pane.shown is not None and v.pane.stands(v.pane.shown))
        assert v.pane.hole.bottom < strip.region.y
        await v.pilot.press("B")
        await v.until(lambda: not strip.display and v.pane.shown is not None and v.pane.stands(v.pane.shown))
        await v.settled()


async def test_it_is_of_the_middle_image_and_a_click_opens_the_series(viewer, stack) -> None:
    for number in range(1, 6):
        folder = stack("five", count=9, number=number, description=f"series {number}")
    async with viewer(folder) as v:
        await v.pilot.press("B")
        await shown(v)
        strip = v.screen.strip
        assert [instance.instance_number for instance in strip.shown.request.instances] == [5] * 5
        request = strip.shown.request
        await v.pilot.click(offset=(request.cell_x + 3 * request.pitch + 2, request.cell_y + 1))
        await v.settled()
        assert v.pane.shown.facts.series_number == 4
        assert ">4 " in v.text()


async def test_only_what_is_in_sight_is_made(viewer, stack) -> None:
    for number in range(1, 31):
        folder = stack("many", count=1, number=number, description=f"series {number}")
    async with viewer(folder, size=(80, 24)) as v:
        await v.pilot.press("B")
        await shown(v)
        strip, made = v.screen.strip, v.screen.painter._thumbnails._made
        in_sight = len(strip.shown.request.instances)
        assert len(made) == in_sight < 12
        await v.pilot._post_mouse_events([__import__("textual.events", fromlist=["MouseScrollDown"]).MouseScrollDown], strip, (5, 1))
        await v.until(lambda: strip._first == 1)
        await shown(v)
        await v.until(lambda: len(made) == in_sight + 1)


async def test_what_cannot_be_decoded_does_not_stop_the_others(viewer, stack) -> None:
    folder = stack("some", count=1, number=1)
    stack("some", count=1, number=2, BitsAllocated=7)
    stack("some", count=1, number=3)
    async with viewer(folder) as v:
        await v.pilot.press("B")
        await shown(v)
        assert len(v.screen.painter._thumbnails._made) >= 2
