"""What every way of drawing offers, and the list of them."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from tview.terminal.facts import TerminalFacts

if TYPE_CHECKING:
    from tview.terminal.picture import Picture

_ = str


@dataclass(frozen=True, slots=True)
class Painting:
    """Bytes for the terminal: what draws the picture, and what takes it away again and frees its memory there."""

    draw: bytes
    erase: bytes


class Encoder(Protocol):
    """From a picture, uint8 (rows, columns) or (rows, columns, 3), to bytes. Holds no state: any thread may call it."""

    name: str
    grey_levels: int
    """How many levels of grey come out different."""
    draft_grey_levels: int
    """The same for a draft."""
    pixel_aspect: float
    """Height by width of a picture's pixel on the screen: 1 but for blocks."""
    scales: bool
    """Whether a draft may be smaller than its box at a gain: the terminal stretches it."""

    def fit(self, columns: int, rows: int) -> tuple[int, int]:
        """(rows, columns) in pixels of the largest picture for a pane of so many cells."""

    def paint(
        self, picture: "Picture", cell_x: int, cell_y: int, columns: int, rows: int, *, pane: int = 0, draft: bool = False
    ) -> Painting:
        """Draw into the pane whose upper left cell, counted from 0, is given; the cursor is where it was afterwards.

        A picture smaller than the pane is centred on black, pixel by pixel. With `draft` it is stretched over the pane instead (give it the
        pane's proportions), and fewer greys may come out. `pane` tells pictures shown at once apart, 0 to 255.
        """

    def erase(self, pane: int = 0) -> bytes:
        """Free what the terminal keeps of the pane's picture. Cells are not touched."""

    def inline(self, picture: "Picture") -> bytes:
        """The picture for the scrollback: from the cursor's line (its column being 0) down, the cursor on the line below afterwards."""


@dataclass(frozen=True, slots=True)
class EncoderKind:
    """One way of drawing: its name for `--graphics`, what it is, where it is made."""

    name: str
    title: str
    module: str
    factory: str

    def make(self, facts: TerminalFacts) -> Encoder:
        """An encoder for this terminal."""
        build: Callable[[TerminalFacts], Any] = getattr(import_module(f"tview.terminal.{self.module}"), self.factory)
        encoder: Encoder = build(facts)
        return encoder


ENCODERS: tuple[EncoderKind, ...] = (  # in order of preference
    EncoderKind("kitty", _("kitty graphics: pixel for pixel, 256 greys"), "kitty", "KittyEncoder"),
    EncoderKind(
        "placeholders",
        _("kitty graphics through tmux (Unicode placeholders), 256 greys"),
        "placeholders",
        "PlaceholderEncoder",
    ),
    EncoderKind("iterm", _("inline images of iTerm2 (OSC 1337), 256 greys"), "iterm", "ItermEncoder"),
    EncoderKind("sixel", _("sixel: pixel for pixel, 101 greys"), "sixel", "SixelEncoder"),
    EncoderKind("blocks", _("block characters: two to eight pixels a cell in two colours"), "blocks", "BlocksEncoder"),
)


def make_encoder(path: str, facts: TerminalFacts) -> Encoder:
    """The encoder of this name. Raises `KeyError` for a name that ENCODERS lacks."""
    return {kind.name: kind for kind in ENCODERS}[path].make(facts)
