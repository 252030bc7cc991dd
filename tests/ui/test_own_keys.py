"""Keys of the reader's own, from the settings file."""

import pytest

from tview.errors import SettingsError
from tview.settings import Settings, load_settings
from tview.ui.run import _tools_of
from tview.ui.tools import TOOLS, remapped, tool_for


def test_a_key_given_to_a_tool_is_taken_from_another() -> None:
    tools = remapped({"invert": ("d",), "measure.distance": ("#",)})
    assert tool_for("d", "", tools).id == "invert"
    assert tool_for("number_sign", "", tools).id == "measure.distance"
    assert tool_for("n", "", tools) is None
    keys = [(tool.mode, key) for tool in tools for key in tool.keys]
    assert len(keys) == len(set(keys))


def test_without_keys_of_ones_own_nothing_changes() -> None:
    assert remapped({}) is TOOLS


def test_settings_hold_keys_and_corners(tmp_path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[keys]\ninvert = "I"\n"scroll.1" = ["down", "s"]\n[corner]\nMR = ["RepetitionTime"]\n')
    settings = load_settings(str(file), {})
    assert settings.keys == {"invert": ("I",), "scroll.1": ("down", "s")}
    assert settings.corner == {"MR": ("RepetitionTime",)}


@pytest.mark.parametrize("text", ['keys = "x"\n', "[keys]\ninvert = 3\n", "[corner]\nMR = [1]\n"])
def test_settings_of_another_shape_are_refused(tmp_path, text: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(text)
    with pytest.raises(SettingsError):
        load_settings(str(file), {})


def test_a_tool_that_is_not_there_is_refused_by_name() -> None:
    with pytest.raises(SettingsError) as refused:
        _tools_of(Settings(keys={"fly": ("f",)}))
    assert "fly" in str(refused.value.finding.values["problem"])


async def test_the_viewer_uses_and_names_the_own_key(viewer, demo) -> None:
    async with viewer(demo, settings=Settings(keys={"invert": ("I",)})) as v:
        await v.press("I")
        assert v.pane.state.view.invert
        await v.press("question_mark", "slash", *"negative")
        assert any("negative" in row and " I " in row for row in v.text().split("\n"))


@pytest.mark.parametrize("text", ["a=" + "[" * 3000, "tree_width = " + "9" * 5000, "tree_width = 5\x00"])
def test_settings_that_no_reader_can_take_are_refused(tmp_path, text: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(text)
    with pytest.raises(SettingsError):
        load_settings(str(file), {})
