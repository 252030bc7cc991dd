"""Plain mode: the same facts in words for people who do not read images for a living."""

import pytest

from tview.settings import Settings
from tview.text import safe
from tview.ui.plain import person_name


async def test_plain_mode_says_who_what_and_what_pictures_cannot_tell(viewer, demo) -> None:
    async with viewer(demo, settings=Settings(plain=True)) as v:
        await v.settled()
        text = v.text()
        for words in (
            "Anna Demo",
            "born 1961-04-02",
            "female",
            "number DEMO-0001",
            "CT scan",
            "set 2, picture 33 of 64",
            "ask your doctor",
        ):
            assert words in text, words
        assert "Review only" in text
        last = v.row(-1)
        for words in ("↑↓ picture", "←→ set", "darker brighter", "D report", "S save"):
            assert words in last, words
        assert "HU" not in text and "W/L" in text  # the window is named still: SAFETY, always on screen
        before = v.pane.rendered.window
        await v.press("greater_than_sign")
        assert v.pane.rendered.window.center < before.center


async def test_plain_mode_fits_a_small_terminal(viewer, demo) -> None:
    async with viewer(demo, size=(80, 24), settings=Settings(plain=True)) as v:
        await v.settled()
        assert "Anna Demo" in v.row(0) and "born 1961-04-02" in v.row(0)
        assert "picture 33 of 64" in v.text() and "Pictures alone cannot tell you" in v.text()
        assert "S save" in v.row(-1) and "q leave" in v.row(-1)


@pytest.mark.parametrize(
    ("recorded", "written"),
    [("DOE, JANE", "Jane Doe"), ("McDonald, Ian", "Ian McDonald"), ("Prince", "Prince"), ("YAMADA, TARO (山田, 太郎)", None)],
)
def test_a_name_is_written_as_people_write_it(recorded: str, written: str | None) -> None:
    assert person_name(safe(recorded)) == (written or recorded)


def test_plurals_are_counted() -> None:
    from tview.ui.look import words

    assert words("{count:# picture is/# pictures are} missing", count=1) == "1 picture is missing"
    assert words("{count:# picture is/# pictures are} missing", count=3) == "3 pictures are missing"
    assert words("{name} 50 %", name="a\x1b[2J").startswith("a")
