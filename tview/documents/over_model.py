"""What lies over an image without being part of it: its parts, with names and colours, and where they are drawn."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from tview.text import SafeText

if TYPE_CHECKING:
    from tview.pixels import Colour, Drawing, Geometry


class Place(NamedTuple):
    """What is drawn over: a frame (from 1) of an image, or a plane through a volume, whose `sop_instance_uid` is None."""

    sop_instance_uid: str | None
    frame_number: int
    geometry: "Geometry"
    rows: int
    columns: int


class Part(NamedTuple):
    """One thing that can be shown by itself: a segment, a region, an isodose line. `detail` says more, such as its kind."""

    key: str
    name: SafeText
    colour: "Colour"
    detail: SafeText = SafeText("")


class Overlaying(Protocol):
    """What an object draws over images, read once. `usual` are the parts that are shown at first, `note` what holds for all of them."""

    parts: tuple[Part, ...]
    usual: frozenset[str]
    note: SafeText

    def parts_at(self, place: Place) -> frozenset[str]:
        """The keys of the parts that this place has something of."""

    def layers(self, place: Place, shown: Collection[str], opacity: float) -> "Sequence[Drawing]":
        """What to draw over the place of the parts with these keys; fills are as opaque as said, lines always seen."""


PALETTE: "tuple[Colour, ...]" = (
    (255, 99, 71), (80, 200, 120), (86, 156, 255), (255, 200, 60), (220, 110, 255), (64, 224, 208), (255, 150, 190), (170, 220, 80),
    (255, 160, 90), (150, 150, 255),
)  # fmt: skip
"""For parts whose file names no colour."""
