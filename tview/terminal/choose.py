"""Which way pictures are drawn here, and why, in words."""

from dataclasses import dataclass, replace

from tview.errors import Finding, UsageError, finding
from tview.terminal.encoder import ENCODERS
from tview.terminal.facts import TRUE_COLOUR, TerminalFacts
from tview.terminal.glyphs import GLYPHS
from tview.text import translate

_ = str


@dataclass(frozen=True, slots=True)
class Choice:
    """A name of ENCODERS, the reason for the reader, and what is doubtful about it."""

    path: str
    reason: str
    findings: tuple[Finding, ...] = ()


PATHS: tuple[str, ...] = tuple(kind.name for kind in ENCODERS)


def choose(facts: TerminalFacts, forced: str = "auto") -> Choice:
    """The best path this terminal is known to have, or the one asked for by name, doubted when the terminal did not say that it has it.

    Raises:
        UsageError: `forced` is no name of PATHS and not "auto".
    """
    if forced == "auto":
        return _best(facts)
    if forced not in PATHS:
        raise UsageError(finding("usage", problem=f"--graphics {forced}: there are auto, {', '.join(PATHS)}"))
    findings = () if forced in _available(facts) else (finding("graphics-unavailable", wanted=forced),)
    return Choice(forced, translate(_("asked for by name")), findings)


def with_glyphs(facts: TerminalFacts, forced: str = "auto") -> TerminalFacts:
    """The facts with the block characters asked for by name; "auto" leaves those that the terminal is known to draw.

    Raises:
        UsageError: `forced` is no name of GLYPHS and not "auto".
    """
    if forced == "auto":
        return facts
    if forced not in GLYPHS:
        raise UsageError(finding("usage", problem=f"--blocks {forced}: there are auto, {', '.join(GLYPHS)}"))
    return replace(facts, glyphs=forced, unicode=True)


def _available(facts: TerminalFacts) -> dict[str, str]:
    """The paths this terminal has, best first, each with its reason."""
    paths: dict[str, str] = {}
    if facts.kitty:
        paths["kitty"] = translate(_("the terminal answered the kitty graphics question"))
    if facts.placeholders and (facts.passthrough or not facts.tmux):
        paths["placeholders"] = translate(_("kitty graphics through tmux: {name} outside, passthrough is on")).format(
            name=facts.outer_name or facts.name
        )
    if facts.iterm:
        paths["iterm"] = translate(_("{name} has inline images (OSC 1337)")).format(name=facts.name)
    if facts.sixel:
        paths["sixel"] = translate(_("tmux lists sixel for this client")) if facts.tmux else translate(_("the terminal says it has sixel"))
    paths["blocks"] = _why_blocks(facts)
    return paths


def _best(facts: TerminalFacts) -> Choice:
    paths = _available(facts)
    if facts.tmux:  # placeholders are made for it; without tmux a direct placement is cheaper and exact
        paths.pop("kitty", None)
    else:
        paths.pop("placeholders", None)
    path = next(path for path in PATHS if path in paths)
    return Choice(path, paths[path])


def _why_blocks(facts: TerminalFacts) -> str:
    if facts.tmux and facts.outer_name in ("kitty", "ghostty") and not facts.passthrough:
        return translate(_("tmux holds kitty graphics back; to see pixels: tmux set -g allow-passthrough on"))
    if facts.tmux:
        return translate(_("tmux shows no pixels with this client"))
    if not facts.answered:
        return translate(_("the terminal answered nothing; if it can show pixels, name the way with --graphics"))
    if facts.colours < TRUE_COLOUR:
        return translate(_("the terminal has no pixel graphics, and {colours} colours")).format(colours=facts.colours)
    return translate(_("the terminal has no pixel graphics"))
