"""What a reader has marked: measurements and key images, each on its image, kept while the program runs."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tview import pixels
from tview.pixels import Quantity
from tview.text import SafeText, translate
from tview.ui.slices import Row

if TYPE_CHECKING:
    from tview.pixels import Colour, Drawing

_ = str
Point = tuple[float, float]
Key = tuple[int, str, int, str]
"""An image: source number, path, frame index, and the cut through its stack, "" for the image itself."""

_DONE: "Colour" = (255, 214, 90)
_UNDER_WAY: "Colour" = (120, 220, 255)
_TEXT_PX = 15.0

TITLES: dict[str, str] = {
    "distance": _("distance"),
    "angle": _("angle"),
    "cobb": _("Cobb angle"),
    "polyline": _("path"),
    "ellipse": _("ellipse"),
    "rectangle": _("rectangle"),
    "polygon": _("area"),
}
_NAMES: dict[str, str] = {
    "across": _("across"),
    "down": _("down"),
    "area": _("area"),
    "mean": _("mean"),
    "sd": _("SD"),
    "min": _("min"),
    "max": _("max"),
    "pixels": _("pixels"),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One measurement. Its image is told by `key`; places in a stack change while a medium is read."""

    key: Key
    kind: str
    points: tuple[Point, ...]
    quantities: tuple[Quantity, ...]
    series_key: str
    stack_key: str


@dataclass(slots=True)
class Marks:
    """The screen's thread only. `under_way` are the points set so far of the measurement of `kind` on the image `on`."""

    measured: list[Mark] = field(default_factory=list)
    key_images: list[tuple[Key, str, str]] = field(default_factory=list)
    """In the order they were marked: the image, its series' key and its stack's."""
    kind: str = "distance"
    on: Key | None = None
    under_way: tuple[Point, ...] = ()

    def of(self, key: Key) -> list[Mark]:
        """The measurements on an image, the oldest first."""
        return [mark for mark in self.measured if mark.key == key]

    def forget_under_way(self) -> None:
        """Begin again."""
        self.on, self.under_way = None, ()

    def is_key_image(self, key: Key) -> bool:
        """Whether the reader has marked it."""
        return any(known == key for known, _series, _stack in self.key_images)


def key_of(row: Row, position: int) -> Key | None:
    """The image at a position of what a pane shows."""
    if not len(row):
        return None
    place = row[position]
    cut = getattr(row, "name", "")
    return place.instance.source_number, place.instance.path, place.frame if not cut else position, cut


def drawn(mark: Mark | None, points: tuple[Point, ...], kind: str, quantities: Iterable[Quantity]) -> "list[Drawing]":
    """The lines and the numbers of a measurement; of one under way in another colour. Numbers stand beside its last point."""
    import numpy as np

    colour = _DONE if mark is not None else _UNDER_WAY
    known = pixels.kind_of_measure(kind)
    lines = [points[:2], points[2:4]] if kind == "cobb" else [pixels.outline(kind, points)]
    encloses = known.encloses and (len(points) >= known.points)
    layers: list[Drawing] = []
    for line in lines:
        if len(line):
            layers.append(pixels.Contour(np.array(line, float), colour, 1.0, closed=encloses, halo=True))
    layers.extend(pixels.Contour(np.array([point], float), colour, 3.0, halo=True) for point in points)
    told = quantity_rows(quantities)
    if told and points:
        layers.append(pixels.Label("\n".join(told), points[-1], colour, _TEXT_PX, "left", "top", (6.0, 8.0)))
    return layers


def cross(point: Point) -> "list[Drawing]":
    """The place that keys move."""
    import numpy as np

    row, column = point
    arms = (((row - 8, column), (row - 2, column)), ((row + 2, column), (row + 8, column)))
    sides = (((row, column - 8), (row, column - 2)), ((row, column + 2), (row, column + 8)))
    return [pixels.Contour(np.array(arm, float), _UNDER_WAY, 1.0, halo=True) for arm in (*arms, *sides)]


def quantity_rows(quantities: Iterable[Quantity]) -> list[SafeText]:
    """The numbers as they stand beside a measurement: a row for lengths and areas, one for values, one for their ends."""
    by_name = {one.name: one for one in quantities}
    rows = []
    for group in (("length", "across", "down", "angle", "area"), ("mean", "sd"), ("min", "max"), ("pixels",)):
        told = [_told(by_name[name]) for name in group if name in by_name]
        if told:
            rows.append(SafeText("  ".join(told)))
    return rows


def _told(one: Quantity) -> str:
    name = translate(_NAMES[one.name]) + " " if one.name in _NAMES else ""
    digits = 0 if one.name == "pixels" else 1 if one.unit in ("mm", "px", "°", "HU", "mm²", "px²", "ms") else 3
    number = f"{one.value:.{digits}f}"
    unit = "" if one.name == "pixels" else one.unit if one.unit == "°" else f" {one.unit}"
    return f"{name}{number}{unit}{' ' + one.note if one.note else ''}"
