"""Every gesture of the mouse has a key, and the sheet of keys tells both."""

import pytest

from tview.ui.gestures import GESTURES
from tview.ui.tools import TOOLS

_OF_LISTS = ("enter", "escape", "down")


@pytest.mark.parametrize("gesture", GESTURES, ids=lambda gesture: gesture.gesture)
def test_every_gesture_has_a_key(gesture) -> None:
    keys = {tool.id: tool.keys for tool in TOOLS}
    assert keys.get(gesture.tool) or gesture.tool in _OF_LISTS


async def test_the_sheet_of_keys_tells_what_the_mouse_does(viewer, demo) -> None:
    async with viewer(demo) as v:
        await v.pilot.press("question_mark", "end")
        await v.pilot.pause()
        assert "click on a title" in v.text()
        await v.pilot.press("slash", *"right drag")
        await v.pilot.pause()
        assert "across is width" in v.text()
