"""What is known about the terminal, as one value, and how it came to be known."""

from dataclasses import dataclass

TRUE_COLOUR = 1 << 24


@dataclass(frozen=True, slots=True)
class Answer:
    """One question to the terminal or its surroundings: what was asked, what came back ("" for nothing), what that means."""

    question: str
    answer: str
    meaning: str


@dataclass(frozen=True, slots=True)
class TerminalFacts:
    """Found out once, before anything else reads from the terminal.

    `name` is lower case ("kitty", "xterm", "tmux"), "" when nothing told it; `outer_name` is the terminal around tmux.
    `visual_order` says that right-to-left letters are drawn in the order they are sent.
    `cell_width_px` and `cell_height_px` are None when the terminal does not say. `sixel_max` is (width, height) in pixels.
    `colours` is what text can have: 16, 256 or 1 << 24. `unicode` is whether the locale can print block characters, `glyphs` the finest
    family of them that the terminal is known to draw, a name of GLYPHS.
    """

    name: str = ""
    version: str = ""
    term: str = ""
    columns: int = 80
    rows: int = 24
    cell_width_px: int | None = None
    cell_height_px: int | None = None
    kitty: bool = False
    sixel: bool = False
    sixel_max: tuple[int, int] | None = None
    sixel_colours: int | None = None
    iterm: bool = False
    placeholders: bool = False
    tmux: bool = False
    passthrough: bool = False
    outer_name: str = ""
    visual_order: bool = False
    outer_version: str = ""
    sync: bool = False
    colours: int = 16
    unicode: bool = True
    glyphs: str = "half"
    no_color: bool = False
    remote: bool = False
    answered: bool = False
    asked: tuple[Answer, ...] = ()

    @property
    def cell_px(self) -> tuple[int, int]:
        """(width, height) of a cell in pixels; 10x20 (the VT340's) where the terminal does not say, 8x16 on a text console."""
        if self.cell_width_px and self.cell_height_px:
            return self.cell_width_px, self.cell_height_px
        return (8, 16) if self.name == "linux" else (10, 20)

    @property
    def version_numbers(self) -> tuple[int, ...]:
        """The version as numbers, () when unknown: "0.26.5" is (0, 26, 5)."""
        return numbers_of(self.version)


def numbers_of(version: str) -> tuple[int, ...]:
    """The leading numbers of a version text: "3.3a" is (3, 3)."""
    numbers: list[int] = []
    for part in version.split("."):
        digits = part[: len(part) - len(part.lstrip("0123456789"))]
        if not digits:
            break
        numbers.append(int(digits[:9]))
    return tuple(numbers)
