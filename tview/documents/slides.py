"""Whole slide microscopy: the levels of a pyramid, and the part of it that is looked at, made from tiles (PS3.3 A.32.8, C.8.12)."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from tview.catalog import Instance
from tview.dicom import DataSet, Header
from tview.errors import PixelError
from tview.pixels import Description, Frame, Image, View
from tview.pixels.layout import Layout

if TYPE_CHECKING:
    from tview.pixels.arrays import Pixels

WHOLE_SLIDE = "1.2.840.10008.5.1.4.1.1.77.1.6"
_TOTAL_COLUMNS, _TOTAL_ROWS, _ORGANIZATION = 0x00480006, 0x00480007, 0x00209311
_PER_FRAME, _SLIDE_PLACE, _COLUMN_PLACE, _ROW_PLACE = 0x52009230, 0x0048021A, 0x0048021E, 0x0048021F
_IMAGE_TYPE, _MOST_PIXELS = 0x00080008, 40_000_000
_GROUND = 235  # of a slide where no tile is

FrameGetter = Callable[[Instance, int], Frame]


class Level(NamedTuple):
    """One resolution: the whole of it is (rows, columns), in tiles of `tile_rows` x `tile_columns`.

    `places` are the frames (from 0) by the upper left corner (row, column) of their tile where the file gives them; None is row by row.
    """

    instance: Instance
    rows: int
    columns: int
    tile_rows: int
    tile_columns: int
    frames: int
    places: dict[tuple[int, int], int] | None

    def tiles(self, top: int, left: int, bottom: int, right: int) -> "Iterable[tuple[int, int, int]]":
        """The frames that lie in a part, each with its upper left corner (row, column)."""
        if self.places is not None:
            for (row, column), frame in self.places.items():
                if row < bottom and column < right and row + self.tile_rows > top and column + self.tile_columns > left:
                    yield frame, row, column
            return
        across = math.ceil(self.columns / self.tile_columns)
        last = min(math.ceil(min(bottom, self.rows) / self.tile_rows), math.ceil(self.frames / across))
        for down in range(top // self.tile_rows, last):
            beyond = min(math.ceil(min(right, self.columns) / self.tile_columns), self.frames - down * across)
            for along in range(left // self.tile_columns, beyond):
                yield down * across + along, down * self.tile_rows, along * self.tile_columns


@dataclass(frozen=True, slots=True, eq=False)
class Slide:
    """A pyramid: `levels` from fine to coarse, `others` the images beside it (label, overview) with their kinds."""

    levels: tuple[Level, ...]
    others: tuple[tuple[Instance, str], ...]
    description: Description

    @property
    def base(self) -> Level:
        """The finest level: its pixels are those that points and millimetres count in."""
        return self.levels[0]

    def frame(self, view: View, rows: int, columns: int, get: FrameGetter) -> "SlideFrame":
        """The slide in a pane of `rows` x `columns` pixels: tiles come when they are drawn, of the level that is enough."""
        size = (self.base.rows, self.base.columns)
        turned = size[::-1] if view.turns % 2 else size
        scale = view.zoom or min(rows / turned[0], columns / turned[1])
        enough = [level for level in self.levels if level.columns / self.base.columns >= min(scale, 1.0) * 0.999]
        return SlideFrame(0, Tiles(self, enough[-1], scale, get), self.base.rows, self.description)  # type: ignore[arg-type]  # as an array


class Tiles:
    """Pixels of a slide by rows and columns of its finest level, as an array is asked for them: made of the tiles of a coarser one."""

    dtype, ndim, nbytes = "uint8", 3, 0

    def __init__(self, slide: Slide, level: Level, scale: float, get: FrameGetter) -> None:
        self.level = level
        self.shape = (slide.base.rows, slide.base.columns, 3)
        self._scale, self._get = scale, get

    def __getitem__(self, part: Any) -> "Pixels":
        """(rows, columns, 3) of a part given as two slices, at the level's own resolution or coarser; or one pixel."""
        down, along = part
        if not isinstance(down, slice):
            pixel: Pixels = self._made(down, along, down + 1, along + 1)[0, 0]
            return pixel
        top, bottom, _ = down.indices(self.shape[0])
        left, right, _ = along.indices(self.shape[1])
        return self._made(top, left, bottom, right)

    def _made(self, top: int, left: int, bottom: int, right: int) -> "Pixels":
        import cv2
        import numpy as np

        down, along = self.level.rows / self.shape[0], self.level.columns / self.shape[1]
        first_row, first_column = math.floor(top * down + 0.5), math.floor(left * along + 0.5)
        last_row = max(first_row + 1, math.floor(bottom * down + 0.5))
        last_column = max(first_column + 1, math.floor(right * along + 0.5))
        shrink = self._shrink(down, (last_row - first_row) * (last_column - first_column))
        size = math.ceil((last_row - first_row) / shrink), math.ceil((last_column - first_column) / shrink)
        picture = np.full((*size, 3), _GROUND, np.uint8)
        for frame, row, column in self.level.tiles(first_row, first_column, last_row, last_column):
            tile = self._tile(frame)[: self.level.rows - row, : self.level.columns - column]
            y, x = (row - first_row) // shrink, (column - first_column) // shrink
            if shrink > 1:
                below, right_of = (row - first_row + tile.shape[0]) // shrink, (column - first_column + tile.shape[1]) // shrink
                shape = (max(1, right_of - x), max(1, below - y))
                tile = cv2.resize(np.ascontiguousarray(tile), shape, interpolation=cv2.INTER_AREA)
            inside = tile[max(-y, 0) : size[0] - y, max(-x, 0) : size[1] - x]
            picture[max(y, 0) : max(y, 0) + inside.shape[0], max(x, 0) : max(x, 0) + inside.shape[1]] = inside
        return picture

    def _shrink(self, level_scale: float, pixels: int) -> int:
        """By how much tiles are made smaller at once where even the coarsest level is far finer than the screen."""
        wanted = max(1, int(level_scale / max(self._scale, 1e-9)))
        return int(max(wanted if wanted >= 4 else 1, math.ceil((pixels / _MOST_PIXELS) ** 0.5)))

    def _tile(self, frame: int) -> "Pixels":
        import numpy as np

        try:
            made = self._get(self.level.instance, frame)
        except PixelError:
            return np.full((self.level.tile_rows, self.level.tile_columns, 3), 90, np.uint8)
        if made.description.is_colour:
            return made.rgb()
        from tview.pixels import render_native

        return np.repeat(render_native(made, View()).picture[..., None], 3, axis=2)


class SlideFrame(Frame):
    """A frame as large as the whole slide, whose pixels are made when they are drawn."""

    __slots__ = ()

    @property
    def rows(self) -> int:
        return int(self.stored.shape[0])

    @property
    def nbytes(self) -> int:
        return 0

    def rgb(self) -> "Pixels":
        """What is asked for pixels by rows and columns."""
        return self.stored


def is_whole_slide(sop_class_uid: str | None) -> bool:
    """Whether objects of this class are slides in tiles."""
    return sop_class_uid == WHOLE_SLIDE


def level_of(header: Header, instance: Instance, image: Image) -> Level | None:
    """The level that an object is; None for a label, an overview, or one that does not say how large it is."""
    data_set = header.data_set
    kinds = [str(kind).upper() for kind in data_set.texts(_IMAGE_TYPE)]
    rows, columns = data_set.integer(_TOTAL_ROWS), data_set.integer(_TOTAL_COLUMNS)
    if "LABEL" in kinds or "OVERVIEW" in kinds or not rows or not columns or rows < 1 or columns < 1:
        return None
    frames = image.number_of_frames
    return Level(instance, rows, columns, image.rows, image.columns, frames, _places(data_set, frames))


def _places(data_set: DataSet, frames: int) -> dict[tuple[int, int], int] | None:
    """Of sparse tiles where each lies; of several focal planes or optical paths at one place the first."""
    if str(data_set.text(_ORGANIZATION) or "").upper() == "TILED_FULL":
        return None
    found: dict[tuple[int, int], int] = {}
    for index, item in enumerate(data_set.items(_PER_FRAME)[:frames]):
        place = item.first_item(_SLIDE_PLACE)
        row, column = (place.integer(tag) if place is not None else None for tag in (_ROW_PLACE, _COLUMN_PLACE))
        if row is not None and column is not None:
            found.setdefault((row - 1, column - 1), index)
    return found or None


def kind_of_picture(header: Header) -> str:
    """Of an image beside the pyramid: "LABEL", "OVERVIEW", or what the file calls it."""
    kinds = [str(kind).upper() for kind in header.data_set.texts(_IMAGE_TYPE)]
    return next((kind for kind in ("LABEL", "OVERVIEW", "THUMBNAIL") if kind in kinds), kinds[2] if len(kinds) > 2 else "")


def make_slide(found: "list[tuple[Header, Instance, Image]]") -> Slide | None:
    """The pyramid that the objects of a series make; None when none of them is a level."""
    levels, others = [], []
    for header, instance, image in found:
        level = level_of(header, instance, image)
        if level is not None:
            levels.append((level, image))
        else:
            others.append((instance, kind_of_picture(header)))
    if not levels:
        return None
    levels.sort(key=lambda one: -one[0].columns)
    base, image = levels[0]
    described = image.describe(0)
    layout = Layout(base.rows, base.columns, 3, "RGB", 0, 8, 8, 7, 0, 1)
    shown = replace(described, layout=layout, photometric="RGB", icc=None, palette=None, windows=(), voi_luts=(), findings=())
    same = [level for level, _image in levels if abs(level.rows * base.columns / (level.columns * base.rows) - 1) < 0.05]
    return Slide(tuple(same), tuple(others), shown)
