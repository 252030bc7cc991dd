"""Cine: which images, in which order, and what is said of the rate. The clock is turned by hand."""

from types import SimpleNamespace

import pytest


def positions(v, ticks: int) -> list[int]:
    """Where the stack stands after each tick, whatever the pictures do."""
    seen = []
    for _ in range(ticks):
        v.screen.painter._slots.clear()
        v.screen.tick()
        seen.append(v.pane.state.position)
    return seen


@pytest.fixture
def nine(viewer, stack):
    return lambda: viewer(stack(count=9))


async def test_round_and_round_to_and_fro_and_once(nine) -> None:
    async with nine() as v:
        await v.press("g", "j", "j", "j", "j", "j", "j")
        v.screen.cine_step = 1
        assert positions(v, 4) == [7, 8, 0, 1]
        await v.pilot.press("quotation_mark")
        assert "to and fro" in v.row(-1)
        v.screen.show_position(7)
        assert positions(v, 4) == [8, 7, 6, 5]
        v.screen.show_position(1)
        assert positions(v, 3) == [0, 1, 2]
        await v.pilot.press("quotation_mark")
        v.screen.show_position(7)
        assert positions(v, 3) == [8, 8, 8]


async def test_a_part_is_played_and_everything_again(nine) -> None:
    async with nine() as v:
        await v.press("g", "j", "j", "at")
        assert "from 3 on" in v.row(-1)
        await v.press("j", "j", "j", "at")
        assert "3 to 6" in v.row(-1)
        v.screen.cine_step = 1
        assert positions(v, 6) == [2, 3, 4, 5, 2, 3]
        await v.pilot.press("at")
        assert v.screen.cine_range is None


async def test_a_step_stops_at_the_image_that_stands(nine) -> None:
    async with nine() as v:
        await v.pilot.press("full_stop", "full_stop", "space")
        await v.until(lambda: v.pane.shown.request.position != 4)
        await v.pilot.press("j")
        assert v.screen.cine_timer is None
        await v.settled()
        before = v.pane.shown.facts.position
        await v.press("j")
        assert v.pane.shown.facts.position == min(9, before + 1)


async def test_linked_panes_play_together(viewer, stack) -> None:
    one, other = stack("one", study="1.2.3.1", date="20250301"), stack("other", study="1.2.3.2", date="20240101")
    async with viewer(one, other) as v:
        await v.press("vertical_line", "g", "l")
        v.screen.cine_step = 1
        for _ in range(5):
            v.screen.painter._slots.clear()
            v.screen.tick()
            await v.settled()
            assert [pane.state.position for pane in v.screen.panes] == [v.pane.state.position] * 2


async def test_what_the_line_does_not_carry_is_said(nine, monkeypatch) -> None:
    async with nine() as v:
        now = [100.0]
        monkeypatch.setattr("tview.ui.actions.cine.time", SimpleNamespace(monotonic=lambda: now[0]))
        v.screen.cine_fps = 25.0
        v.screen._play()
        v.screen.cine_timer.pause()
        for _ in range(13):  # a picture each 0.2 s
            v.screen.cine_painted(v.pane)
            now[0] += 0.2
        await v.pilot.pause()
        assert "5.0 of 25 images/s" in v.row(-1)
        v.screen.cine_told, v.screen.cine_drawn = now[0], []
        for _ in range(60):
            v.screen.cine_painted(v.pane)
            now[0] += 0.04
        await v.pilot.pause()
        assert "playing 25 images/s" in v.row(-1)
