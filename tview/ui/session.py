"""What one run of the viewer is about, as one value."""

from collections.abc import Sequence
from dataclasses import dataclass

from tview.media import Medium
from tview.settings import Settings
from tview.terminal import TerminalFacts


@dataclass(frozen=True, slots=True)
class Session:
    """The media that are open, the terminal, how pictures are drawn in it (`path`), and why."""

    media: Sequence[Medium]
    names: Sequence[str]
    settings: Settings
    terminal: TerminalFacts
    path: str
    ascii_only: bool = False
