"""What is asked for on the command line is what the viewer opens with, and the other way round."""

import shlex

from tview.catalog import Choice


async def test_a_series_an_image_and_a_window_are_opened(viewer, demo) -> None:
    async with viewer(demo, wanted=Choice(series="2", instance="12"), window="lung") as v:
        await v.until(lambda: v.pane.shown.facts.instance_number == 12)
        await v.settled()
        assert v.pane.shown.facts.series_number == 2
        assert (v.pane.rendered.window.width, v.pane.rendered.window.center) == (1500, -600)


async def test_a_frame_is_one_of_the_object_or_the_place_in_a_stack(viewer, demo) -> None:
    async with viewer(demo, wanted=Choice(series="6", frame=7)) as v:
        assert (v.pane.shown.facts.series_number, v.pane.shown.facts.frame) == (1, 7)
    async with viewer(demo, wanted=Choice(series="2", frame=20)) as v:
        assert v.pane.shown.facts.position == 20


async def test_what_is_not_there_is_said_and_something_else_opens(viewer, demo) -> None:
    async with viewer(demo, wanted=Choice(series="99")) as v:
        assert v.pane.shown.frame is not None
        assert "--series 99" in v.row(-1)


async def test_a_window_that_makes_no_sense_is_refused_with_the_reason(viewer, demo) -> None:
    async with viewer(demo, wanted=Choice(series="6"), window="lung") as v:
        assert "colour" in v.row(-1)


async def test_the_command_for_a_colleague_opens_the_same(viewer, demo) -> None:
    async with viewer(demo) as v:
        await v.press("j", "j", "7", "Y")
        here, command = v.pane.shown.facts, v.app.clipboard
    words = shlex.split(command)
    assert words[:2] == ["tview", str(demo)]
    given = dict(zip(words[2::2], words[3::2], strict=True))
    wanted = Choice(study=given["--study"], series=given["--series"], instance=given["--instance"])
    async with viewer(demo, wanted=wanted, window=given["--window"]) as v:
        await v.settled()
        there = v.pane.shown.facts
        assert (there.series_number, there.instance_number) == (here.series_number, here.instance_number)
        assert (v.pane.rendered.window.width, v.pane.rendered.window.center) == (1500, -600)
