"""How a picture is looked at. Every tool of the viewer is a function from `View` to `View`."""

from dataclasses import dataclass, replace

from tview.text import SafeText

FUNCTIONS = ("LINEAR", "LINEAR_EXACT", "SIGMOID")
INTERPOLATIONS = ("linear", "nearest", "cubic", "lanczos")


@dataclass(frozen=True, slots=True)
class Window:
    """A VOI window over modality values: PS3.3 C.11.2.1.2.

    `origin` is "file", "preset", "reader", or "pixels" when it was made from the frame's smallest and largest value.
    """

    center: float
    width: float
    function: str = "LINEAR"
    explanation: SafeText | None = None
    origin: str = "file"

    @property
    def shown(self) -> str:
        """Width first, as readers write it: "400/40"."""
        return f"{_short(self.width)}/{_short(self.center)}"


@dataclass(frozen=True, slots=True)
class View:
    """Window, orientation, zoom and centre of one pane; nothing here is about the screen.

    `window` None is the file's own: its first window, else its VOI LUT, else from the pixels. `voi_lut_index` draws one of the file's VOI
    LUTs instead. The picture is mirrored left to right first, then turned by `turns` quarter turns clockwise. `zoom` is display pixels per
    image column, None fits the pane. `centre` is the image point (row, column), pixel edges at whole numbers, in the middle of the pane;
    None is the image's own.
    """

    window: Window | None = None
    voi_lut_index: int | None = None
    invert: bool = False
    turns: int = 0
    mirror: bool = False
    zoom: float | None = None
    centre: tuple[float, float] | None = None
    interpolation: str = "linear"

    def turned(self, quarters: int = 1) -> "View":
        """Turned clockwise as the reader sees it."""
        return replace(self, turns=(self.turns + quarters) % 4)

    def mirrored(self) -> "View":
        """Left and right changed as the reader sees them, also when the picture is turned."""
        return replace(self, mirror=not self.mirror, turns=-self.turns % 4)

    def flipped(self) -> "View":
        """Top and bottom changed as the reader sees them."""
        return self.mirrored().turned(2)

    def inverted(self) -> "View":
        return replace(self, invert=not self.invert)

    def windowed(self, window: Window | None) -> "View":
        """With this window; None goes back to the file's own."""
        return replace(self, window=window, voi_lut_index=None)

    def fitted(self) -> "View":
        return replace(self, zoom=None, centre=None)

    def to_screen(self, row: float, column: float) -> tuple[float, float]:
        """A direction (down, right) in the image as it points on the screen (down, right)."""
        down, right = row, -column if self.mirror else column
        for _ in range(self.turns % 4):
            down, right = right, -down
        return down, right

    def to_image(self, down: float, right: float) -> tuple[float, float]:
        """The inverse of `to_screen`."""
        for _ in range(self.turns % 4):
            down, right = -right, down
        return down, -right if self.mirror else right


def _short(value: float) -> str:
    return f"{value:.0f}" if abs(value - round(value)) < 5e-4 and abs(value) < 1e7 else f"{value:.4g}"
