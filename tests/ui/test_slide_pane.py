"""A whole slide in the viewer: one picture from tiles, zoomed and panned; its label beside it."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import slide_phantom as phantom

from tview.ui.slide_rows import SlideRow


async def test_a_slide_opens_as_one_picture_and_zooms_to_finer_tiles(viewer, tmp_path) -> None:
    async with viewer(phantom.write_slide(tmp_path), size=(80, 24)) as v:
        await v.until(lambda: isinstance(v.pane.slices, SlideRow))
        await v.settled()
        assert v.pane.shown.frame.columns == phantom.COLUMNS
        assert "slide 600x400, 3 levels" in v.text()
        coarse = v.pane.shown.frame.stored.level.columns
        await v.press("plus", "plus", "plus", "plus", "plus", "plus")
        assert v.pane.shown.frame.stored.level.columns > coarse
        await v.press("t", "right", "escape")
        assert v.pane.state.view.centre is not None
        await v.press("f", "down")
        assert v.pane.shown.frame.columns == 30
        await v.press("up", "d", "enter", "L", "enter")
        assert v.screen.marks.measured[0].quantities[0].unit == "mm"
