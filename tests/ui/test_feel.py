"""The first line, colours that can be read, and nothing said by colour alone."""

import re

import pytest
from rich.color import Color

from tview.settings import Settings
from tview.ui.look import LOOKS
from tview.ui.tools import TOOLS, Tool

_SIGNS = re.compile(r"[\w!≠✗✓−-]")


def luminance(color: Color) -> float:
    """WCAG 2.1: relative luminance."""
    channels = [value / 255 for value in color.get_truecolor()]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", LOOKS)
def test_every_word_can_be_read_on_its_ground(theme) -> None:
    """WCAG 2.1 AA asks for 4.5 : 1, AAA for 7 : 1."""
    for name, style in LOOKS[theme].styles.items():
        light, dark = sorted((luminance(style.color), luminance(style.bgcolor)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= (7 if theme == "contrast" else 4.5), name


async def test_the_first_line_explains_itself_until_the_first_key(viewer, demo) -> None:
    for size in ((80, 24), (132, 43)):
        async with viewer(demo, size=size) as v:
            assert "? explains every key" in v.row(-1) and "q leaves" in v.row(-1)
            await v.press("j")
            assert "explains" not in v.row(-1) and "w window" in v.row(-1)
    async with viewer(demo, settings=Settings(plain=True)) as v:
        assert "↑↓ picture" in v.row(-1) and "q leave" in v.row(-1)  # these explain themselves


def told_by_colour(v, theme: str) -> list[str]:
    """The words drawn in amber or red."""
    styles = LOOKS[theme].styles
    warm = {styles[name].color for name in styles if name.endswith((".amber", ".red"))} - {styles["chrome.strong"].color}
    strips = v.app.screen._compositor.render_strips()
    inside = [segment for strip in strips for segment in strip if segment.style is not None and segment.style.color in warm]
    return [segment.text for segment in inside if segment.text.strip() and not set(segment.text) <= set("▀▄█ ")]


async def test_amber_and_red_always_stand_beside_a_word(viewer, small, stack) -> None:
    """What is wrong on these is said in words: two persons, missing files, partial and lossy pictures, gaps."""
    lossy = stack(count=6, LossyImageCompression="01")
    sorted(lossy.iterdir())[3].unlink()
    found = []
    for source in (small / "two-patients", small / "missing-file.iso", small / "truncated.dcm", lossy):
        async with viewer(source) as v:
            for keys in ((), ("F",), ("escape", "V")):
                await v.pilot.press(*keys)
                await v.pilot.pause()
                found += told_by_colour(v, "dark")
    assert len(found) > 8
    assert all(_SIGNS.search(text) for text in found), found


async def test_no_color_leaves_no_colour_and_every_word(viewer, small, monkeypatch) -> None:
    async with viewer(small / "two-patients") as v:
        coloured = v.text()
    monkeypatch.setenv("NO_COLOR", "1")
    async with viewer(small / "two-patients") as v:
        assert v.text() == coloured
        for strip in v.app.screen._compositor.render_strips():
            for segment in strip:
                for color in (segment.style.color, segment.style.bgcolor) if segment.style else ():
                    if color is not None and not color.is_default:
                        assert len(set(color.get_truecolor())) == 1, segment


async def test_focus_and_the_series_shown_have_signs(viewer, demo) -> None:
    async with viewer(demo) as v:
        assert "●" in v.text()
        await v.press("vertical_line")
        assert v.text().count("▸DEMO") == 1


@pytest.mark.parametrize("mode", sorted({tool.mode for tool in TOOLS}))
async def test_every_action_is_in_the_palette_and_the_key_sheet(viewer, demo, mode) -> None:
    def titles(v) -> set[str]:
        return {line.left[1][0] for line in v.screen.popup._lines if len(line.left) > 1}

    tools: list[Tool] = [tool for tool in TOOLS if tool.mode == mode]
    async with viewer(demo) as v:
        for key in ("ctrl+p", "question_mark"):
            await v.pilot.press(key)
            await v.pilot.pause()
            assert {tool.title for tool in tools} <= titles(v)
            await v.pilot.press("escape")
            await v.pilot.pause()
