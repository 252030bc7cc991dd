"""Where the image lies in a picture: the map between picture points and image points, for the probe and for measuring."""

from dataclasses import dataclass
from math import ceil, floor

from tview.pixels.view import View

_MARGIN = 2  # image pixels beyond the visible ones, so that interpolation at the edge of the pane sees its neighbours


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis of a placement, before turning: image pixels `first` to `end` are drawn at `start`, over `length` picture pixels."""

    first: int
    end: int
    start: int
    length: int

    @property
    def scale(self) -> float:
        """Picture pixels per image pixel."""
        return self.length / (self.end - self.first)

    def to_picture(self, image: float) -> float:
        return self.start + (image - self.first) * self.scale

    def to_image(self, picture: float) -> float:
        return self.first + (picture - self.start) / self.scale


@dataclass(frozen=True, slots=True)
class Placement:
    """How an image of `image_size` (rows, columns) lies in a picture of `picture_size` (rows, columns), as `view` turned it.

    All points are continuous, with pixel edges at whole numbers: the middle of the first pixel is 0.5, 0.5.
    """

    view: View
    image_size: tuple[int, int]
    picture_size: tuple[int, int]
    vertical: Axis
    horizontal: Axis

    @property
    def scale(self) -> tuple[float, float]:
        """Picture pixels per image pixel, along the image's rows axis (down a column) and along its columns axis."""
        return self.vertical.scale, self.horizontal.scale

    @property
    def reduced(self) -> bool:
        """Whether several image pixels share one picture pixel."""
        return min(self.scale) < 0.999

    def to_image(self, x: float, y: float) -> tuple[float, float]:
        """The image point (row, column) under a picture point; outside the image too."""
        rows, columns = self.picture_size
        down, right = self.view.to_image(y - rows / 2, x - columns / 2)
        rows, columns = self.unturned_size
        return self.vertical.to_image(rows / 2 + down), self.horizontal.to_image(columns / 2 + right)

    def to_picture(self, row: float, column: float) -> tuple[float, float]:
        """The picture point (x, y) of an image point; outside the picture too."""
        rows, columns = self.unturned_size
        down, right = self.view.to_screen(self.vertical.to_picture(row) - rows / 2, self.horizontal.to_picture(column) - columns / 2)
        rows, columns = self.picture_size
        return columns / 2 + right, rows / 2 + down

    def pixel_at(self, x: int, y: int) -> tuple[int, int] | None:
        """The image pixel (row, column), from 0, under the middle of a picture pixel; None beside the image."""
        row, column = (floor(value) for value in self.to_image(x + 0.5, y + 0.5))
        return (row, column) if 0 <= row < self.image_size[0] and 0 <= column < self.image_size[1] else None

    @property
    def box(self) -> tuple[int, int, int, int]:
        """The part of the picture that the image covers: (x, y, columns, rows)."""
        corners = [self.to_picture(row, column) for row in (0, self.image_size[0]) for column in (0, self.image_size[1])]
        left, right = (min(max(round(edge(x for x, _ in corners)), 0), self.picture_size[1]) for edge in (min, max))
        top, bottom = (min(max(round(edge(y for _, y in corners)), 0), self.picture_size[0]) for edge in (min, max))
        return left, top, right - left, bottom - top

    @property
    def unturned_size(self) -> tuple[int, int]:
        """(rows, columns) of the picture before it is turned."""
        rows, columns = self.picture_size
        return (columns, rows) if self.view.turns % 2 else (rows, columns)


def place(view: View, image_size: tuple[int, int], pixel_aspect: float, picture_size: tuple[int, int]) -> Placement:
    """The placement of an image, with pixels `pixel_aspect` times as tall as wide, in a picture of this size."""
    rows, columns = (picture_size[1], picture_size[0]) if view.turns % 2 else picture_size
    zoom = view.zoom
    if zoom is None or not zoom > 0:
        zoom = min(columns / image_size[1], rows / (image_size[0] * pixel_aspect))
    centre = view.centre or (image_size[0] / 2, image_size[1] / 2)
    return Placement(
        view=view,
        image_size=image_size,
        picture_size=picture_size,
        vertical=_axis(image_size[0], rows, zoom * pixel_aspect, centre[0]),
        horizontal=_axis(image_size[1], columns, zoom, centre[1]),
    )


def place_native(view: View, image_size: tuple[int, int]) -> Placement:
    """One picture pixel per image pixel, whatever the pixels' shape."""
    rows, columns = image_size
    size = (columns, rows) if view.turns % 2 else image_size
    return Placement(view, image_size, size, Axis(0, rows, 0, rows), Axis(0, columns, 0, columns))


def _axis(size: int, pane: int, scale: float, centre: float) -> Axis:
    half = pane / 2 / scale
    first = min(max(floor(centre - half) - _MARGIN, 0), size - 1)
    end = max(min(ceil(centre + half) + _MARGIN, size), first + 1)
    if size * scale <= 2 * pane:
        first, end = 0, size
    start = floor(pane / 2 + (first - centre) * scale + 0.5)
    return Axis(first, end, start, max(floor(pane / 2 + (end - centre) * scale + 0.5) - start, 1))
