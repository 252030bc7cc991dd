"""The tools: no two keys collide, every one does something, each can be found."""

import pytest

from tview.ui.actions import Actions
from tview.ui.tools import MODES, TOOLS, footer_tools, shown_key, tool_for


@pytest.mark.parametrize("mode", ["", *(name for name, _title in MODES)])
def test_no_two_tools_share_a_key(mode: str) -> None:
    keys = [key for tool in TOOLS if tool.mode == mode for key in tool.keys]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.id)
def test_every_tool_has_an_action(tool) -> None:
    assert callable(getattr(Actions, f"action_{tool.action}"))
    assert tool.title and (tool.keys or not tool.rank)


def test_ids_are_unique() -> None:
    assert len({tool.id for tool in TOOLS}) == len(TOOLS)


def test_every_action_has_a_key_without_function_keys_or_alt() -> None:
    for tool in TOOLS:
        if not tool.keys:
            continue  # in the palette
        assert any(not key.startswith(("f1", "alt")) for key in tool.keys)
        assert any("+" not in key for key in tool.keys) or tool.action in ("palette", "eject", "focus_other", "retry", "stop_trying")


def test_no_capital_letter_changes_a_picture_but_k_j_g_r() -> None:
    pages = {tool.action for tool in TOOLS if tool.group == "Pages"}
    for tool in TOOLS:
        for key in tool.keys:
            if len(key) == 1 and key.isupper() and not tool.mode:
                assert key in "KJGR" or tool.action in pages, key


def test_a_mode_takes_the_arrows_and_leaves_the_rest() -> None:
    assert tool_for("up", "").action == "scroll"
    assert tool_for("up", "window").action == "window_level"
    assert tool_for("j", "window").action == "scroll"
    assert tool_for("nothing", "") is None


def test_digits_name_the_presets_they_call() -> None:
    from tview.pixels import PRESETS

    for modality, shown in (("CT", "CT"), ("PT", "PET")):
        names = [preset.name for preset in PRESETS if preset.modality == modality][:7]
        for digit, name in enumerate(names, 3):
            assert f"{shown} {name}" in tool_for(str(digit), "").title


def test_the_footer_begins_with_what_is_most_useful() -> None:
    assert [tool.action for tool in footer_tools("")][:3] == ["scroll", "series", "mode"]


def test_keys_are_shown_as_people_read_them() -> None:
    assert shown_key("ctrl+d") == "Ctrl+d"
    assert shown_key("question_mark") == "?"
    assert shown_key("up", ascii_only=True) == "Up"
