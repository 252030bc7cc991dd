"""Graphics and text of a presentation state as drawings: PS3.3 C.10.5."""

from dataclasses import dataclass
from math import atan2, cos, hypot, pi, sin

import numpy as np

from tview.dicom import DataSet
from tview.pixels.arrays import Pixels
from tview.pixels.cielab import srgb_of
from tview.pixels.layers import Colour, Drawing
from tview.pixels.marks import Contour, Label
from tview.pixels.view import View
from tview.text import SafeText, safe

_TEXT_OBJECTS, _GRAPHIC_OBJECTS = 0x00700008, 0x00700009
_BOX_UNITS, _ANCHOR_UNITS, _GRAPHIC_UNITS = 0x00700003, 0x00700004, 0x00700005
_TEXT, _BOX_TOP_LEFT, _BOX_BOTTOM_RIGHT, _JUSTIFICATION = 0x00700006, 0x00700010, 0x00700011, 0x00700012
_ANCHOR, _ANCHOR_VISIBLE = 0x00700014, 0x00700015
_DATA, _TYPE, _FILLED = 0x00700022, 0x00700023, 0x00700024
_TEXT_STYLE, _LINE_STYLE, _FILL_STYLE = 0x00700231, 0x00700232, 0x00700233
_TEXT_COLOUR, _ON_COLOUR, _ON_OPACITY, _THICKNESS, _DASHING = 0x00700241, 0x00700251, 0x00700284, 0x00700253, 0x00700254
_CIRCLE_POINTS, _CURVE_STEPS = 96, 12
_DASH = (6.0, 4.0)
_MOST_OBJECTS = 2000

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Area:
    """The displayed area in the image as stored: edges at whole numbers, (top, left, bottom, right)."""

    top: float
    left: float
    bottom: float
    right: float

    def point(self, column: float, row: float, units: str | None, view: View) -> Point:
        """The image point (row, column) of a coordinate: PIXEL and MATRIX count from the image's corner, DISPLAY is a part of the area
        as it is shown, after turning."""
        if units != "DISPLAY":
            return row, column
        down, right = view.to_image(row - 0.5, column - 0.5)
        middle = (self.top + self.bottom) / 2, (self.left + self.right) / 2
        return middle[0] + down * (self.bottom - self.top), middle[1] + right * (self.right - self.left)


@dataclass(frozen=True, slots=True)
class TextObject:
    """Text at an anchor, in a box, or both; coordinates (column, row) in their units."""

    text: SafeText
    anchor: Point | None
    anchor_units: str | None
    anchor_visible: bool
    box: tuple[Point, Point] | None
    box_units: str | None
    justification: str
    colour: Colour | None

    def drawings(self, area: Area, view: View, colour: Colour) -> tuple[Drawing, ...]:
        """The text, and a line from it to its anchor where that is to be seen."""
        colour, drawn = self.colour or colour, []
        anchor = area.point(*self.anchor, self.anchor_units, view) if self.anchor is not None else None
        if self.box is None:
            return (Label(self.text, anchor, colour, along="left", down="middle", offset=(0, 6)),) if anchor is not None else ()
        (left, top), (right, bottom) = self.box
        along = {"CENTER": "centre", "RIGHT": "right"}.get(self.justification, "left")
        column = {"centre": (left + right) / 2, "right": max(left, right), "left": min(left, right)}[along]
        at = area.point(column, min(top, bottom), self.box_units, view)
        if anchor is not None and self.anchor_visible:
            middle = area.point((left + right) / 2, (top + bottom) / 2, self.box_units, view)
            drawn.append(Contour(np.array([anchor, middle]), colour, halo=True))
        return (*drawn, Label(self.text, at, colour, along=along, down="top"))


@dataclass(frozen=True, slots=True, eq=False)
class GraphicObject:
    """One figure: `points` (n, 2) of (column, row) in `units`."""

    kind: str
    points: Pixels
    units: str | None
    filled: bool
    colour: Colour | None
    fill_colour: Colour | None
    fill_opacity: float
    width: float
    dashed: bool

    def drawings(self, area: Area, view: View, colour: Colour) -> tuple[Drawing, ...]:
        """The figure's inside where it is filled, and its line."""
        places = np.array([area.point(column, row, self.units, view) for column, row in self.points]).reshape(-1, 2)
        figure = _figure(self.kind, places)
        if figure is None:
            return ()
        colour = self.colour or colour
        closed = self.kind in ("CIRCLE", "ELLIPSE") or (len(figure) > 2 and bool((figure[0] == figure[-1]).all()))
        line = Contour(figure, colour, self.width, closed=closed, halo=True, dash=_DASH if self.dashed else None)
        if self.kind == "POINT":
            return (Contour(figure, colour, 3.0, halo=True),)
        if self.filled and closed:
            return Contour(figure, self.fill_colour or colour, closed=True, filled=True, opacity=self.fill_opacity), line
        return (line,)


def read_objects(item: DataSet) -> tuple[TextObject | GraphicObject, ...]:
    """The figures and texts of one Graphic Annotation, figures first; what cannot be drawn is left out."""
    graphics = [_graphic(each) for each in item.items(_GRAPHIC_OBJECTS)[:_MOST_OBJECTS]]
    texts = [_text(each) for each in item.items(_TEXT_OBJECTS)[:_MOST_OBJECTS]]
    return tuple(each for each in (*graphics, *texts) if each is not None)


def _text(item: DataSet) -> TextObject | None:
    text = item.lines(_TEXT)
    anchor, corners = item.numbers(_ANCHOR), (item.numbers(_BOX_TOP_LEFT), item.numbers(_BOX_BOTTOM_RIGHT))
    box = ((corners[0][0], corners[0][1]), (corners[1][0], corners[1][1])) if all(len(corner) == 2 for corner in corners) else None
    if not text or (len(anchor) != 2 and box is None):
        return None
    styles = item.items(_TEXT_STYLE)
    return TextObject(
        text=text,
        anchor=(anchor[0], anchor[1]) if len(anchor) == 2 else None,
        anchor_units=_word(item, _ANCHOR_UNITS),
        anchor_visible=_word(item, _ANCHOR_VISIBLE) == "Y",
        box=box,
        box_units=_word(item, _BOX_UNITS),
        justification=_word(item, _JUSTIFICATION) or "LEFT",
        colour=srgb_of(styles[0].integers(_TEXT_COLOUR)) if styles else None,
    )


def _graphic(item: DataSet) -> GraphicObject | None:
    numbers, kind = item.numbers(_DATA), _word(item, _TYPE)
    points = np.array(numbers[: len(numbers) // 2 * 2]).reshape(-1, 2)
    if kind is None or not len(points) or not np.isfinite(points).all():
        return None
    lines, fills = item.items(_LINE_STYLE)[:1], item.items(_FILL_STYLE)[:1]
    opacity = fills[0].number(_ON_OPACITY) if fills else None
    return GraphicObject(
        kind=kind,
        points=points,
        units=_word(item, _GRAPHIC_UNITS),
        filled=_word(item, _FILLED) == "Y",
        colour=srgb_of(lines[0].integers(_ON_COLOUR)) if lines else None,
        fill_colour=srgb_of(fills[0].integers(_ON_COLOUR)) if fills else None,
        fill_opacity=min(max(opacity if opacity is not None else 0.5, 0.0), 1.0),
        width=min(max(lines[0].number(_THICKNESS) or 1.0, 1.0), 20.0) if lines else 1.0,
        dashed=bool(lines) and _word(lines[0], _DASHING) == "DASHED",
    )


def _figure(kind: str, places: Pixels) -> Pixels | None:
    """The points of a figure's line, (row, column)."""
    if kind == "POINT":
        return places[:1]
    if kind == "POLYLINE":
        return places if len(places) > 1 else None
    if kind == "INTERPOLATED":
        return _curve(places) if len(places) > 1 else None
    if kind == "CIRCLE" and len(places) == 2:
        radius = hypot(*(places[1] - places[0]))
        return _ellipse(places[0], radius, radius, 0.0)
    if kind == "ELLIPSE" and len(places) == 4:  # the ends of the major axis, then of the minor one
        middle, along = (places[0] + places[1]) / 2, places[1] - places[0]
        return _ellipse(middle, hypot(*along) / 2, hypot(*(places[3] - places[2])) / 2, atan2(along[0], along[1]))
    return None


def _ellipse(middle: Pixels, major: float, minor: float, angle: float) -> Pixels:
    turns = np.linspace(0, 2 * pi, _CIRCLE_POINTS, endpoint=False)
    along, across = major * np.cos(turns), minor * np.sin(turns)
    rows = middle[0] + along * sin(angle) + across * cos(angle)
    columns = middle[1] + along * cos(angle) - across * sin(angle)
    return np.stack([rows, columns], axis=-1)


def _curve(places: Pixels) -> Pixels:
    """A smooth line through all points (Catmull-Rom); the standard leaves the kind of curve open."""
    ends = (places[-2], places[1]) if len(places) > 3 and (places[0] == places[-1]).all() else (places[0], places[-1])
    padded = np.vstack([ends[0], places, ends[1]])
    part = np.linspace(0, 1, _CURVE_STEPS, endpoint=False)[:, None]
    pieces = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        pieces.append(b + 0.5 * part * (c - a + part * (2 * a - 5 * b + 4 * c - d + part * (3 * (b - c) + d - a))))
    return np.vstack([*pieces, places[-1:]])


def _word(item: DataSet, tag: int) -> str | None:
    text = item.text(tag)
    return str(safe(text)).upper() if text else None
