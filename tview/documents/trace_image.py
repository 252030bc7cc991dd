"""Waveforms as the frames of an image: paper with a grid, names and traces, through the picture path like any other."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tview.dicom import Header, ReadAt, sop_class_name
from tview.documents.trace_pages import MM_PER_MILLIVOLT, Strip, TracePage, pages_of
from tview.documents.traces import is_sound, read_traces
from tview.errors import PixelError, finding
from tview.pixels import Decoder, Frame, Image, Region
from tview.pixels.layout import Layout

if TYPE_CHECKING:
    from tview.pixels.arrays import Pixels

PX_PER_MM = 8
_LEFT_MM, _TOP_MM, _BOTTOM_MM, _RIGHT_MM = 14, 2, 8, 4
_GROUND, _FINE, _COARSE, _TRACE, _TEXT = (10, 8, 8), (44, 24, 24), (96, 44, 44), (225, 240, 228), (160, 200, 255)


class TraceImage(Image):
    """One frame a page, in colour. `regions_of` says what a pixel of a page is worth, for calipers."""

    def __init__(self, header: Header, read_at: ReadAt, size: int, decoder: Decoder, pages: tuple[TracePage, ...]) -> None:
        rows, columns = _size(pages[0])
        super().__init__(header, read_at, Layout(rows, columns, 3, "RGB", 0, 8, 8, 7, 0, len(pages)), None, decoder, None, 0, size)
        self.number_of_frames = len(pages)
        self._pages = pages

    def read_frame(self, index: int) -> Frame:
        """The page at `index`, from 0. Raises `PixelError`."""
        if not 0 <= index < self.number_of_frames:
            raise PixelError(finding("frame-missing", frame=index + 1, present=self.number_of_frames))
        stored = draw_page(self._pages[index])
        rows, columns = int(stored.shape[0]), int(stored.shape[1])
        description = self.describe(0)
        return Frame(index, stored, rows, replace(description, layout=replace(self.layout, rows=rows, columns=columns)))

    def regions_of(self, index: int) -> tuple[Region, ...]:
        """The rows of a page: milliseconds along, the trace's unit down."""
        page = self._pages[index]
        return tuple(_region(page, strip, gain) for strip, gain in zip(page.strips, page.mm_per_unit, strict=True))


def open_traces(header: Header, read_at: ReadAt, size: int, path: str, decoder: Decoder) -> TraceImage:
    """The pages of a waveform.

    Raises:
        PixelError: it is sound, or has no samples that can be drawn.
    """
    if is_sound(header):
        raise PixelError(finding("waveform-sound", path=path, name=sop_class_name(header.sop_class_uid or "")))
    pages = pages_of(read_traces(header, header.reader(read_at)))
    if not pages:
        raise PixelError(finding("waveform-empty", path=path))
    return TraceImage(header, read_at, size, decoder, pages)


def _size(page: TracePage) -> tuple[int, int]:
    tall = _TOP_MM + page.rows * page.row_mm + _BOTTOM_MM
    return round(tall * PX_PER_MM), round((_LEFT_MM + page.width_mm + _RIGHT_MM) * PX_PER_MM)


def _region(page: TracePage, strip: Strip, gain: float) -> Region:
    left = round((_LEFT_MM + strip.left_mm) * PX_PER_MM)
    top = round((_TOP_MM + strip.row * page.row_mm) * PX_PER_MM)
    return Region(
        top=top,
        left=left,
        bottom=top + round(page.row_mm * PX_PER_MM) - 1,
        right=left + round(strip.seconds * page.mm_per_second * PX_PER_MM) - 1,
        column_unit="ms",
        column_step=1000 / (page.mm_per_second * PX_PER_MM),
        row_unit=strip.trace.unit or "px",
        row_step=-1 / (gain * PX_PER_MM),
    )


def draw_page(page: TracePage) -> "Pixels":
    """(rows, columns, 3) uint8: the grid in millimetres, the calibration, the traces, names and caption."""
    import numpy as np
    from PIL import Image as Pillow
    from PIL import ImageDraw, ImageFont

    rows, columns = _size(page)
    picture = np.full((rows, columns, 3), _GROUND, np.uint8)
    bottom = round((_TOP_MM + page.rows * page.row_mm) * PX_PER_MM)
    for step_mm, colour in ((1, _FINE), (5, _COARSE)):
        picture[: bottom + 1 : step_mm * PX_PER_MM, :] = colour
        picture[: bottom + 1, :: step_mm * PX_PER_MM] = colour
    for strip, gain in zip(page.strips, page.mm_per_unit, strict=True):
        _draw_strip(picture, page, strip, gain)
    canvas = Pillow.fromarray(picture)
    pen, font = ImageDraw.Draw(canvas), ImageFont.load_default(3 * PX_PER_MM)
    for strip, gain in zip(page.strips, page.mm_per_unit, strict=True):
        _name(pen, font, page, strip, gain)
    pen.text((_LEFT_MM * PX_PER_MM, bottom + PX_PER_MM), page.caption, fill=_TEXT, font=font)
    return np.array(canvas)


def _draw_strip(picture: "Pixels", page: TracePage, strip: Strip, gain: float) -> None:
    """One trace, or as many pieces of it as padding leaves, cut at the row's edges by a row's height."""
    import cv2
    import numpy as np

    middle_y = (_TOP_MM + (strip.row + 0.5) * page.row_mm) * PX_PER_MM
    left_x, rate = (_LEFT_MM + strip.left_mm) * PX_PER_MM, page.group.rate
    first, last = round(strip.first_s * rate), round((strip.first_s + strip.seconds) * rate)
    values = strip.trace.values[first : last + 1]
    x = left_x + (np.arange(len(values)) + first - strip.first_s * rate) / rate * page.mm_per_second * PX_PER_MM
    y = middle_y - (values - strip.middle) * gain * PX_PER_MM
    finite = np.isfinite(y)
    points = np.rint(np.stack([x, np.where(finite, y, 0)], axis=-1) * 16 - 8).astype(np.int32)
    breaks = np.flatnonzero(np.diff(finite)) + 1
    for piece, there in zip(np.split(points, breaks), np.split(finite, breaks), strict=True):
        if there.all():
            cv2.polylines(picture, [piece], False, _TRACE, 3, cv2.LINE_AA, 4)
    if strip.left_mm == 0 and strip.trace.unit == "mV" and gain == MM_PER_MILLIVOLT:
        _calibration(picture, middle_y, gain)
    elif strip.left_mm:
        x0, reach = round(left_x), round(2.5 * PX_PER_MM)
        cv2.line(picture, (x0, round(middle_y) - reach), (x0, round(middle_y) + reach), _TRACE, 1)


def _calibration(picture: "Pixels", middle_y: float, gain: float) -> None:
    """One millivolt, five millimetres wide, before a row."""
    import cv2
    import numpy as np

    x, up = 5 * PX_PER_MM, gain * PX_PER_MM
    pulse = [(x, middle_y), (x + PX_PER_MM, middle_y), (x + PX_PER_MM, middle_y - up)]
    pulse += [(x + 6 * PX_PER_MM, middle_y - up), (x + 6 * PX_PER_MM, middle_y), (x + 7 * PX_PER_MM, middle_y)]
    cv2.polylines(picture, [np.rint(np.array(pulse)).astype(np.int32)], False, _TRACE, 1, cv2.LINE_AA)


def _name(pen: Any, font: Any, page: TracePage, strip: Strip, gain: float) -> None:
    """The lead, or the channel with what a millimetre of it is."""
    name = str(strip.trace.lead or strip.trace.name)
    if strip.trace.unit != "mV" or gain != MM_PER_MILLIVOLT:
        name += f"   {gain:g} mm/{strip.trace.unit}" if strip.trace.unit else ""
        name += f"   middle {strip.middle:.4g} {strip.trace.unit}" if strip.middle else ""
    x = (_LEFT_MM + strip.left_mm) * PX_PER_MM + (6 if strip.left_mm else 0)
    pen.text((x, (_TOP_MM + strip.row * page.row_mm) * PX_PER_MM + 2), name, fill=_TEXT, font=font)
