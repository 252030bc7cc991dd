"""What terminals can do without saying so, and what they say without being able to. One row a fact."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from tview.terminal.facts import TRUE_COLOUR, TerminalFacts


@dataclass(frozen=True, slots=True)
class Quirk:
    """For terminal `name`, from version `since` up to and without `before`, the fact is this value, whatever was answered."""

    name: str
    fact: str
    value: Any
    why: str
    since: tuple[int, ...] = ()
    before: tuple[int, ...] = ()


# fmt: off
QUIRKS: tuple[Quirk, ...] = (
    Quirk("kitty", "placeholders", True, "Unicode placeholders came with kitty 0.28; earlier ones show boxes", since=(0, 28)),
    Quirk("ghostty", "placeholders", True, "Ghostty has kitty graphics with Unicode placeholders"),
    Quirk("iterm2", "iterm", True, "iTerm2 has its own inline images (OSC 1337)"),
    Quirk("wezterm", "iterm", True, "WezTerm takes OSC 1337 too"),
    Quirk("mintty", "iterm", True, "mintty takes OSC 1337 too", since=(2, 9)),
    Quirk("vscode", "iterm", False, "OSC 1337 in VS Code is opt-in like its sixel; DA1 tells about the latter"),
    Quirk("tmux", "kitty", False, "tmux hides kitty graphics; they pass as Unicode placeholders"),
    Quirk("tmux", "colours", 256, "tmux turns 24-bit colour into 256 unless the client has RGB"),
    Quirk("screen", "kitty", False, "GNU screen swallows kitty graphics"),
    Quirk("screen", "sixel", False, "GNU screen swallows sixel"),
    Quirk("apple_terminal", "colours", 256, "Terminal.app misreads 24-bit colour before macOS 26", before=(460,)),
    Quirk("linux", "colours", 16, "the Linux text console maps all colours to 16"),
    Quirk("xterm", "colours", TRUE_COLOUR, "xterm has 24-bit colour since patch 331, whatever TERM says", since=(331,)),
    Quirk("kitty", "colours", TRUE_COLOUR, "24-bit colour without COLORTERM (ssh does not carry it)"),
    Quirk("konsole", "colours", TRUE_COLOUR, "24-bit colour without COLORTERM"),
    Quirk("foot", "colours", TRUE_COLOUR, "24-bit colour without COLORTERM"),
    Quirk("mlterm", "colours", TRUE_COLOUR, "24-bit colour without COLORTERM", since=(3, 1)),
    Quirk("ghostty", "colours", TRUE_COLOUR, "24-bit colour without COLORTERM"),
    Quirk("wezterm", "colours", TRUE_COLOUR, "24-bit colour without COLORTERM"),
    Quirk("iterm2", "colours", TRUE_COLOUR, "24-bit colour without COLORTERM"),
    Quirk("contour", "colours", TRUE_COLOUR, "24-bit colour without COLORTERM"),
    Quirk("vte", "colours", TRUE_COLOUR, "24-bit colour without COLORTERM"),
    Quirk("xterm.js", "colours", TRUE_COLOUR, "24-bit colour without COLORTERM"),
    Quirk("windows terminal", "colours", TRUE_COLOUR, "24-bit colour without COLORTERM"),
)
# fmt: on


def quirks_of(name: str, version: Sequence[int]) -> tuple[Quirk, ...]:
    """The rows for this terminal. One that needs a version does not count when the version is unknown."""
    numbers = tuple(version)
    return tuple(
        quirk
        for quirk in QUIRKS
        if quirk.name == name
        and (not quirk.since or (numbers and numbers >= quirk.since))
        and (not quirk.before or (numbers and numbers < quirk.before))
    )


def with_quirks(facts: TerminalFacts) -> TerminalFacts:
    """The facts as they are once the table has had its say."""
    for quirk in quirks_of(facts.name, facts.version_numbers):
        facts = replace(facts, **{quirk.fact: quirk.value})
    return facts
