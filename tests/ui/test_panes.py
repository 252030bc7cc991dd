"""Panes beside each other: each with its own picture, identity and lines; one of them has the keys."""

import pytest


async def test_two_panes_show_two_series_each_with_its_own_lines(viewer, demo) -> None:
    async with viewer(demo) as v:
        await v.pilot.press("vertical_line")
        await v.settled()
        one, two = v.screen.panes
        assert one.shown.facts.series_number == 2
        assert (one.state.series.key, one.state.stack.key) != (two.state.series.key, two.state.stack.key)
        row = one.region.y
        assert v.row(row).count("DEMO, ANNA") == 2
        assert "Review only" in v.row(0)
        assert v.row(one.region.bottom - 2).count("Se ") == 2


async def test_keys_go_to_the_pane_that_has_them(viewer, demo) -> None:
    async with viewer(demo) as v:
        await v.pilot.press("vertical_line")
        await v.settled()
        one, two = v.screen.panes
        await v.pilot.press("tab")
        assert v.screen.pane is two and v.app.focused is two
        before, position = one.state.position, two.state.position
        await v.pilot.press("n")
        await v.settled()
        assert two.state.view.invert and not one.state.view.invert
        assert (one.state.position, two.state.position) == (before, position)
        await v.pilot.press("shift+tab")
        assert v.screen.pane is one


async def test_the_same_key_goes_back_to_the_pane_that_had_the_keys(viewer, demo) -> None:
    async with viewer(demo) as v:
        await v.pilot.press("number_sign")
        await v.settled()
        assert len(v.screen.panes) == 4
        await v.pilot.press("tab", "tab")
        third = v.screen.pane
        await v.pilot.press("number_sign")
        await v.pilot.pause()
        await v.until(lambda: third.shown is not None and third.shown.request.serial == third.state.serial)
        assert v.screen.panes == [third]
        assert third.size.width > 60


@pytest.mark.parametrize("size", [(80, 24), (132, 43), (200, 60)])
async def test_all_that_is_always_on_screen_is_there_in_each_of_four(viewer, demo, size) -> None:
    async with viewer(demo, size=size) as v:
        await v.pilot.press("number_sign")
        await v.settled()
        text = v.text()
        assert "not a medical device" in text.split("\n")[0]
        for pane in v.screen.panes:
            region = pane.region
            part = "\n".join(line[region.x : region.right] for line in text.split("\n")[region.y : region.bottom])
            facts = pane.shown.facts
            assert "DEMO" in part and f"Se {facts.series_number}" in part and f"of {facts.positions}" in part
            assert facts.modality in part and facts.study_date in part


async def test_several_persons_are_amber_in_every_pane(viewer, small) -> None:
    async with viewer(small / "two-patients") as v:
        await v.pilot.press("vertical_line")
        await v.settled()
        assert all(pane.differs for pane in v.screen.panes)
        assert v.row(v.screen.panes[0].region.y).count("!") == 2
        assert "SEVERAL PERSONS" in v.row(0)


async def test_a_click_and_the_wheel_take_the_pane_under_them(viewer, demo) -> None:
    async with viewer(demo) as v:
        await v.pilot.press("vertical_line")
        await v.settled()
        two = v.screen.panes[1]
        hole = two.screen_hole
        await v.pilot.click(offset=(hole.x + 3, hole.y + 3))
        assert v.screen.pane is two


async def test_panes_opened_before_anything_was_found_are_filled_when_it_is(viewer, demo) -> None:
    async with viewer(demo, ready=False) as v:
        await v.pilot.press("vertical_line")
        await v.settled()
        assert all(pane.shown is not None and pane.shown.frame is not None for pane in v.screen.panes)
        assert v.screen.panes[0].shown.facts.series_number == 2
