"""What one run of the viewer is about, as one value."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tview.catalog import Choice
from tview.errors import Finding
from tview.media import Medium
from tview.settings import Settings
from tview.terminal import TerminalFacts
from tview.ui.tools import TOOLS, Tool


@dataclass(frozen=True, slots=True)
class Session:
    """The media that are open, the terminal, how pictures are drawn in it (`path`) and why (`reason`).

    `is_on_other_screen` says that the caller has switched to it already, for the first bytes to be seen at once.
    `opened` waits until `media` are open, and raises what went wrong; None when they are. `failed` then says of other sources why they
    are not. `wanted` and `window` are what the command line asked to be shown first. `tools` have
    the reader's own keys.
    """

    media: Sequence[Medium]
    names: Sequence[str]
    settings: Settings
    terminal: TerminalFacts
    path: str
    reason: str = ""
    ascii_only: bool = False
    is_on_other_screen: bool = False
    opened: Callable[[], None] | None = None
    failed: Sequence[Finding] = ()
    wanted: Choice | None = None
    window: str | None = None
    tools: Sequence[Tool] = TOOLS
