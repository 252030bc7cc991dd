"""A slide as something to scroll through: the slide itself, then its label and overview."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tview.catalog import Instance
from tview.pixels import View
from tview.text import SafeText, safe
from tview.ui.look import words
from tview.ui.slices import Shape, Slice

if TYPE_CHECKING:
    from tview.documents.slides import FrameGetter, Slide, SlideFrame

_ = str


@dataclass(frozen=True, slots=True, eq=False)
class SlidePlace:
    """The whole slide. `shown` says which levels it has."""

    slide: "Slide"
    frame: int = 0

    @property
    def instance(self) -> Instance:
        """The finest level speaks for whose it is."""
        return self.slide.base.instance

    def make(self, view: View, rows: int, columns: int, get: "FrameGetter") -> "SlideFrame":
        """What is looked at. The render thread."""
        return self.slide.frame(view, rows, columns, get)

    @property
    def shown(self) -> SafeText:
        """In words: "slide 3175x2281, 4 levels"."""
        base, count = self.slide.base, len(self.slide.levels)
        size = f"{base.columns}x{base.rows}"
        return words(_("slide {size}, {count} levels"), size=size, count=count) if count > 1 else words(_("slide {size}"), size=size)


class SlideRow:
    """See `Row`."""

    missing = 0

    def __init__(self, slide: "Slide") -> None:
        self.slide = slide

    def __len__(self) -> int:
        return 1 + len(self.slide.others)

    def __getitem__(self, position: int) -> Shape:
        if position <= 0:
            return SlidePlace(self.slide)
        return Slice(self.slide.others[min(position, len(self) - 1) - 1][0], 0)

    def listed_place(self, position: int) -> int:
        """See `Row`."""
        return position + 1

    def missing_around(self, _position: int) -> tuple[list[int | None], list[int | None]]:
        """See `Row`."""
        return [], []

    def told(self) -> SafeText:
        """The levels from fine to coarse, and what lies beside them."""
        sizes = ", ".join(f"{level.columns}x{level.rows}" for level in self.slide.levels)
        others = ", ".join(kind.lower() for _instance, kind in self.slide.others if kind)
        return safe(f"{sizes}; {others}" if others else sizes)
