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
    Quirk("mintty", "iterm", True, "mintty takes OSC 1337 too (its DA2 tells 20900 and on)", since=(20900,)),
    Quirk("vscode", "iterm", False, "OSC 1337 in VS Code is opt-in like its sixel; DA1 tells about the latter"),
    Quirk("tmux", "kitty", False, "tmux hides kitty graphics; they pass as Unicode placeholders"),
    Quirk("tmux", "colours", 256, "tmux turns 24-bit colour into 256 unless the client has RGB"),
    Quirk("screen", "kitty", False, "GNU screen swallows kitty graphics"),
    Quirk("screen", "sixel", False, "GNU screen swallows sixel"),
    Quirk("screen", "colours", 256, "GNU screen before 5.0 knows no 24-bit colour"),
    Quirk("apple_terminal", "colours", 256, "Terminal.app misreads 24-bit colour before macOS 26", before=(460,)),
    Quirk("linux", "colours", 16, "the Linux text console maps all colours to 16"),
    Quirk("xterm", "visual_order", True, "xterm draws right-to-left letters in the order they are sent"),
    Quirk("foot", "visual_order", True, "foot has no bidirectional text"),
    Quirk("alacritty", "visual_order", True, "Alacritty has no bidirectional text (issue 663)"),
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
    Quirk("alacritty", "colours", TRUE_COLOUR, "24-bit colour without COLORTERM"),
    Quirk("putty", "colours", TRUE_COLOUR, "24-bit colour since PuTTY 0.71 (2019), though TERM is xterm"),
    Quirk("mintty", "colours", TRUE_COLOUR, "24-bit colour without COLORTERM"),
    Quirk("xterm.js", "kitty", False, "its image add-on answers the kitty question; what it draws has not been verified"),
    Quirk("vscode", "kitty", False, "its image add-on answers the kitty question; what it draws has not been verified"),
    Quirk("vscode", "colours", TRUE_COLOUR, "24-bit colour without COLORTERM"),
    Quirk("kitty", "glyphs", "quadrant", "kitty draws block elements itself", before=(0, 20)),
    Quirk("kitty", "glyphs", "sextant", "kitty draws sextants itself", since=(0, 20)),
    Quirk("kitty", "glyphs", "octant", "kitty draws octants itself since 0.40", since=(0, 40)),
    Quirk("ghostty", "glyphs", "sextant", "Ghostty draws sextants itself"),
    Quirk("ghostty", "glyphs", "octant", "Ghostty draws octants itself since 1.2", since=(1, 2)),
    Quirk("foot", "glyphs", "quadrant", "foot draws block elements itself"),
    Quirk("foot", "glyphs", "sextant", "foot draws sextants itself since 1.8", since=(1, 8)),
    Quirk("foot", "glyphs", "octant", "foot draws octants itself since 1.20", since=(1, 20)),
    Quirk("vte", "glyphs", "quadrant", "VTE draws block elements itself"),
    Quirk("vte", "glyphs", "sextant", "VTE draws sextants itself since 0.62", since=(6200,)),
    Quirk("vte", "glyphs", "octant", "VTE draws octants itself since 0.78", since=(7800,)),
    Quirk("wezterm", "glyphs", "quadrant", "WezTerm draws block elements itself (custom_block_glyphs)"),
    Quirk("wezterm", "glyphs", "sextant", "WezTerm draws sextants itself since 20210814 (custom_block_glyphs)", since=(20210814,)),
    Quirk("alacritty", "glyphs", "quadrant", "Alacritty draws block elements itself", before=(0, 14)),
    Quirk("alacritty", "glyphs", "sextant", "Alacritty draws sextants itself since 0.14 (pull request 7534)", since=(0, 14)),
    Quirk("konsole", "glyphs", "quadrant", "Konsole draws block elements itself, but no sextants"),
    Quirk("iterm2", "glyphs", "quadrant", "iTerm2 draws block elements itself"),
    Quirk("windows terminal", "glyphs", "quadrant", "Windows Terminal draws block elements itself since 1.21, sextants since 1.25"),
    Quirk("xterm.js", "glyphs", "quadrant", "xterm.js draws block elements itself (customGlyphs)"),
    Quirk("vscode", "glyphs", "quadrant", "VS Code draws block elements itself (customGlyphs)"),
    Quirk("contour", "glyphs", "sextant", "Contour draws block elements and sextants itself"),
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
