"""Lines and text over a picture: contours, measurements, annotations. Crisp at every zoom, for they are drawn in picture pixels."""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from tview.pixels.arrays import Pixels
from tview.pixels.layers import Colour, blend
from tview.pixels.placement import Placement
from tview.pixels.resample import opencv

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

_FRACTION_BITS, _FINE = 4, 4
_FAR = 1 << 20  # picture pixels; beyond it a line is bent rather than lost
_DARK = (0, 0, 0)
_FONTS = ("DejaVuSans.ttf", "NotoSans-Regular.ttf", "NotoSansCJK-Regular.ttc", "Arial Unicode.ttf", "arial.ttf")
_ALONG = {"left": 0.0, "centre": 0.5, "right": 1.0}
_DOWN = {"top": 0.0, "middle": 0.5, "bottom": 1.0}


@dataclass(frozen=True, slots=True, eq=False)
class Contour:
    """A line through points, anti-aliased.

    `points` is (n, 2): (row, column) of the image, pixel edges at whole numbers and the first pixel's middle at (0.5, 0.5); with `space`
    "picture" they are (y, x) of the picture. `width` is in picture pixels, whole ones. `filled` paints the inside of a closed one.
    `halo` draws a dark edge, so that a bright line is seen on bright tissue. `dash` is (on, off) in picture pixels.
    """

    points: Pixels
    colour: Colour = (255, 255, 255)
    width: float = 1.0
    closed: bool = False
    filled: bool = False
    opacity: float = 1.0
    halo: bool = False
    space: str = "image"
    dash: tuple[float, float] | None = None

    def draw(self, picture: Pixels, placement: Placement) -> Pixels:
        points = self._places(placement)
        if not len(points):
            return picture
        if self.filled:
            alpha, at = _inside(points, picture.shape)
            return blend(picture, alpha * np.float32(self.opacity), self.colour, at)
        thickness = max(1, round(self.width))
        if self.halo:
            alpha, at = self._line(picture.shape, points, thickness + 2)
            picture = blend(picture, alpha * np.float32(0.6 * self.opacity), _DARK, at)
        alpha, at = self._line(picture.shape, points, thickness)
        return blend(picture, alpha * np.float32(self.opacity), self.colour, at)

    def _places(self, placement: Placement) -> Pixels:
        """(n, 2) x, y of the picture, without points that are none."""
        points = np.asarray(self.points, float).reshape(-1, 2)
        if self.space == "image":
            origin, down, along = (np.array(placement.to_picture(*at)) for at in ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0)))
            points = origin + points[:, :1] * (down - origin) + points[:, 1:] * (along - origin)
        else:
            points = points[:, ::-1]
        return np.asarray(np.clip(points[np.isfinite(points).all(axis=1)], -_FAR, _FAR))

    def _line(self, shape: tuple[int, ...], points: Pixels, thickness: int) -> tuple[Pixels, tuple[int, int]]:
        """How much of each pixel of a part of the picture the line covers, and where that part begins."""
        cv2, (top, left, bottom, right) = opencv(), _around(points, shape, thickness + 2)
        alpha = np.zeros((bottom - top, right - left), np.uint8)
        points = points - (left, top)
        if alpha.size and len(points) == 1:
            centre = tuple(int(value) for value in _fixed(points)[0])
            cv2.circle(alpha, centre, max(thickness << _FRACTION_BITS >> 1, 8), 255, -1, cv2.LINE_AA, _FRACTION_BITS)
        elif alpha.size:
            pieces = [_fixed(piece) for piece in (_dashed(points, self.closed, self.dash) if self.dash else [points])]
            cv2.polylines(alpha, pieces, self.closed and not self.dash, 255, thickness, cv2.LINE_AA, _FRACTION_BITS)
        return np.asarray(alpha * np.float32(1 / 255)), (top, left)


@dataclass(frozen=True, slots=True, eq=False)
class Label:
    """Text of one or more lines in the picture's upright, whatever the view's turns.

    `at` is (row, column) of the image, or (y, x) of the picture with `space` "picture". `along` ("left", "centre", "right") and `down`
    ("top", "middle", "bottom") say which point of the text stands there, `offset` moves it (y, x) by picture pixels. `size` is the height
    of a line in picture pixels. `text` has passed the gate.
    """

    text: str
    at: tuple[float, float]
    colour: Colour = (255, 255, 255)
    size: float = 14.0
    along: str = "left"
    down: str = "bottom"
    offset: tuple[float, float] = (0.0, 0.0)
    space: str = "image"
    opacity: float = 1.0
    halo: bool = True

    def draw(self, picture: Pixels, placement: Placement) -> Pixels:
        at = (self.at[1], self.at[0]) if self.space == "picture" else placement.to_picture(*self.at)
        if not self.text.strip() or not np.isfinite(at).all():
            return picture
        face, edge = _text_masks(self.text, max(6, round(self.size)))
        x = round(at[0] + self.offset[1] - _ALONG[self.along] * face.shape[1])
        y = round(at[1] + self.offset[0] - _DOWN[self.down] * face.shape[0])
        if self.halo:
            alpha, corner = _cut(edge, picture.shape, y, x)
            picture = blend(picture, alpha * np.float32(0.7 * self.opacity), _DARK, corner)
        alpha, corner = _cut(face, picture.shape, y, x)
        return blend(picture, alpha * np.float32(self.opacity), self.colour, corner)


def _around(points: Pixels, shape: tuple[int, ...], margin: int) -> tuple[int, int, int, int]:
    """The part of a picture of this shape that holds the points: (top, left, bottom, right), perhaps empty."""
    left, top = np.clip(np.floor(points.min(axis=0)) - margin, 0, (shape[1], shape[0])).astype(int)
    right, bottom = np.clip(np.ceil(points.max(axis=0)) + margin, (left, top), (shape[1], shape[0])).astype(int)
    return int(top), int(left), max(int(bottom), int(top)), max(int(right), int(left))


def _inside(points: Pixels, shape: tuple[int, ...]) -> tuple[Pixels, tuple[int, int]]:
    """How much of each pixel lies inside: OpenCV's own anti-aliased fill is half a pixel too wide on every side."""
    top, left, bottom, right = _around(points, shape, 0)
    fine = np.zeros(((bottom - top) * _FINE, (right - left) * _FINE), np.uint8)
    if fine.size:
        opencv().fillPoly(fine, [_fixed((points - (left, top)) * _FINE)], 1, opencv().LINE_8, _FRACTION_BITS)
    alpha = fine.reshape(bottom - top, _FINE, right - left, _FINE).mean(axis=(1, 3), dtype=np.float32)
    return alpha, (top, left)


def _fixed(points: Pixels) -> Pixels:
    """OpenCV's points: pixel middles at whole numbers, in sixteenths."""
    return np.asarray(np.rint((points - 0.5) * (1 << _FRACTION_BITS)), np.int32)


def _dashed(points: Pixels, closed: bool, dash: tuple[float, float] | None) -> list[Pixels]:
    on, off = (max(part, 1.0) for part in dash or (1.0, 1.0))
    ends = np.vstack([points, points[:1]]) if closed else points
    lengths = np.hypot(*np.diff(ends, axis=0).T)
    at = np.concatenate([[0.0], np.cumsum(lengths)])
    if at[-1] / (on + off) > 1 << 14:
        return [ends]
    pieces = []
    for start in np.arange(0.0, at[-1], on + off):
        inside = (at > start) & (at < start + on)
        places = np.concatenate([[start], at[inside], [min(start + on, at[-1])]])
        pieces.append(np.stack([np.interp(places, at, ends[:, axis]) for axis in (0, 1)], axis=-1))
    return pieces or [ends]


def _cut(mask: Pixels, shape: tuple[int, ...], y: int, x: int) -> tuple[Pixels, tuple[int, int]]:
    """The part of a mask at (y, x) that lies in the picture, and where it begins."""
    return mask[max(-y, 0) : max(shape[0] - y, 0), max(-x, 0) : max(shape[1] - x, 0)], (max(y, 0), max(x, 0))


@lru_cache(maxsize=256)
def _text_masks(text: str, size: int) -> tuple[Pixels, Pixels]:
    """Coverage of the text and of the text with an edge of one pixel, float32 0 to 1."""
    from PIL import Image, ImageDraw

    font, rows = _font_for(text, max(5, round(size * 0.8))), text.split("\n")
    probe = ImageDraw.Draw(Image.new("L", (1, 1)))
    boxes = [probe.textbbox((0, index * size), row, font=font, stroke_width=1) for index, row in enumerate(rows)]
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[2] for box in boxes), max(box[3] for box in boxes)
    wide, tall = max(1, min(int(right - left) + 2, 8192)), max(1, min(int(bottom - top) + 2, 8192))
    masks = []
    for stroke in (0, 1):
        canvas = Image.new("L", (wide, tall))
        for index, row in enumerate(rows):  # by itself: with an edge Pillow sets the rows of a text further apart
            ImageDraw.Draw(canvas).text((1 - left, 1 - top + index * size), row, fill=255, font=font, stroke_width=stroke)
        masks.append(np.asarray(canvas, np.float32) / 255)
    return masks[0], masks[1]


def _font_for(text: str, size: int) -> "FreeTypeFont | Any":
    """Pillow's own font where it has every letter, so that pictures are the same everywhere; else one of the system that has more."""
    from PIL import ImageFont

    letters = frozenset(text) - frozenset(" \n\t")
    own = ImageFont.load_default(size)
    best, fewest = own, _missing(own, letters)
    for name in _FONTS if fewest else ():
        try:
            font = ImageFont.truetype(name, size)
        except OSError:
            continue
        missing = _missing(font, letters)
        if missing < fewest:
            best, fewest = font, missing
    return best


def _missing(font: Any, letters: frozenset[str]) -> int:
    nothing = bytes(font.getmask("\U000fffff"))
    return sum(bytes(font.getmask(letter)) == nothing for letter in letters)
