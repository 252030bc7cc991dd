from typing import Any

import pytest

from tview.errors import UsageError
from tview.settings import GRAPHICS
from tview.terminal import ENCODERS, PATHS, QUIRKS, choose
from tview.terminal.facts import TerminalFacts, numbers_of
from tview.terminal.quirks import quirks_of, with_quirks
from tview.text import message_of

CASES = [
    ({"kitty": True, "sixel": True, "iterm": True}, "kitty"),
    ({"sixel": True, "iterm": True}, "iterm"),
    ({"sixel": True}, "sixel"),
    ({}, "blocks"),
    ({"kitty": True, "placeholders": True}, "kitty"),
    ({"tmux": True, "kitty": True, "placeholders": True, "passthrough": True, "sixel": True}, "placeholders"),
    ({"tmux": True, "kitty": True, "placeholders": True, "passthrough": False, "sixel": True}, "sixel"),
    ({"tmux": True, "kitty": True}, "blocks"),
]


@pytest.mark.parametrize(("known", "path"), CASES)
def test_the_best_way_is_chosen_with_a_reason(known: dict[str, Any], path: str) -> None:
    choice = choose(TerminalFacts(answered=True, **known))
    assert choice.path == path
    assert len(choice.reason) > 10
    assert choice.findings == ()


def test_one_name_for_a_way_everywhere() -> None:
    assert tuple(kind.name for kind in ENCODERS) == PATHS
    assert set(GRAPHICS) == {"auto", *PATHS}


@pytest.mark.parametrize("path", PATHS)
def test_a_way_asked_for_by_name_is_taken_and_doubted_when_the_terminal_did_not_offer_it(path: str) -> None:
    choice = choose(TerminalFacts(), path)
    assert choice.path == path
    if path == "blocks":
        assert choice.findings == ()
    else:
        assert path in message_of(choice.findings[0])


def test_a_way_that_is_offered_is_not_doubted() -> None:
    assert choose(TerminalFacts(kitty=True, sixel=True), "sixel").findings == ()


def test_an_unknown_way_is_a_usage_error() -> None:
    with pytest.raises(UsageError):
        choose(TerminalFacts(), "regis")


def test_a_silent_terminal_is_told_apart_from_one_without_graphics() -> None:
    assert choose(TerminalFacts(answered=False)).reason != choose(TerminalFacts(answered=True)).reason


def test_tmux_that_holds_kitty_graphics_back_says_what_to_do() -> None:
    assert "allow-passthrough" in choose(TerminalFacts(answered=True, tmux=True, outer_name="kitty")).reason


@pytest.mark.parametrize("quirk", QUIRKS, ids=lambda quirk: f"{quirk.name}-{quirk.fact}")
def test_each_quirk_applies_from_its_version_up_to_its_end(quirk: Any) -> None:
    version = ".".join(map(str, quirk.since or (*quirk.before[:-1], quirk.before[-1] - 1) if quirk.since or quirk.before else (1,)))
    assert getattr(with_quirks(TerminalFacts(name=quirk.name, version=version)), quirk.fact) == quirk.value
    assert quirk.why
    if quirk.since:
        assert quirk not in quirks_of(quirk.name, (0, 1))
    if quirk.before:
        assert quirk not in quirks_of(quirk.name, quirk.before)


@pytest.mark.parametrize(("text", "numbers"), [("0.26.5", (0, 26, 5)), ("3.3a", (3, 3)), ("", ()), ("next", ()), ("379", (379,))])
def test_versions_as_numbers(text: str, numbers: tuple[int, ...]) -> None:
    assert numbers_of(text) == numbers
