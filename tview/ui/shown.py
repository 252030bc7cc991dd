"""What passes between the screen and the render thread: a request, and the picture with the facts that belong to it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.segment import Segment

from tview.catalog import Series, Stack, Study
from tview.errors import Finding
from tview.pixels import View
from tview.terminal import Kept
from tview.text import SafeText
from tview.ui.facts import PictureFacts
from tview.ui.slices import Row

if TYPE_CHECKING:
    from tview.pixels import Drawing, Frame, Preset, Rendered, Suv


@dataclass(frozen=True, slots=True)
class Request:
    """One picture asked for by one pane; of two the higher serial counts. Cells are those of the screen."""

    pane: int
    serial: int
    study: Study
    series: Series
    stack: Stack
    position: int
    view: View
    cell_x: int
    cell_y: int
    columns: int
    rows: int
    draft: bool
    slices: Row
    overlays: bool = True
    layers: "tuple[Drawing, ...]" = ()
    """What lies over the picture: marks of this image, lines of other panes."""


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """One finished picture, or the reason why there is none, under the serial of its request.

    `painting` are the bytes that draw it at its cells; none where the terminal keeps the picture under a number (`kept`) and is only told
    where to put it. `cells` are the rows of styled text when there is no terminal. `over_text` says that the picture lies above the text
    layer, so that repainting its cells leaves it alone, and a sheet has to be left out of it.
    """

    request: Request
    facts: PictureFacts | None
    frame: "Frame | None"
    rendered: "Rendered | None"
    painting: bytes | None
    kept: Kept | None
    cells: tuple[tuple[Segment, ...], ...] | None
    over_text: bool
    message: tuple[SafeText, ...]
    findings: tuple[Finding, ...]
    presets: "tuple[tuple[Preset, ...], str | None]" = ((), None)
    suv_factor: float = 1.0
    suv: "Suv | None" = None
    frame_rate: float | None = None
    recognisable: tuple[Finding, ...] = ()
    """By what the patient may be known in the pixels: to be said before the picture leaves."""
