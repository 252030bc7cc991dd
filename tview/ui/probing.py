"""What lies under a cell of the screen: the image point, its patient position and its value, from the stored pixels."""

from textual.geometry import Region

from tview import pixels
from tview.text import SafeText, safe
from tview.ui.look import words
from tview.ui.shown import Shown

_ = str
_ENDS = (("L", "R"), ("P", "A"), ("H", "F"))


def image_point(shown: Shown | None, hole: Region, x: float, y: float) -> tuple[float, float] | None:
    """The image point (row, column) under the middle of a screen cell, pixel edges at whole numbers; None outside the image."""
    if shown is None or shown.frame is None or shown.rendered is None or not hole.contains(int(x), int(y)):
        return None
    rows, columns = shown.rendered.picture.shape[:2]
    row, column = shown.rendered.placement.to_image((x - hole.x + 0.5) * columns / hole.width, (y - hole.y + 0.5) * rows / hole.height)
    return (row, column) if 0 <= row < shown.frame.rows and 0 <= column < shown.frame.columns else None


def place_words(point: tuple[float, float, float]) -> str:
    """A patient point in words: "L43.1 P12.0 H112.5"."""
    return " ".join(f"{names[value < 0]}{abs(value):.1f}" for names, value in zip(_ENDS, point, strict=True))


def probe(shown: Shown | None, hole: Region, x: int, y: int) -> SafeText | None:
    """Patient position and value of the image pixel under a screen cell; None outside the image."""
    at = image_point(shown, hole, x, y)
    return probe_at(shown, at) if at is not None else None


def probe_at(shown: Shown | None, at: tuple[float, float]) -> SafeText | None:
    """Patient position and value of the image pixel at an image point inside the image."""
    if shown is None or shown.frame is None or not (0 <= at[0] < shown.frame.rows and 0 <= at[1] < shown.frame.columns):
        return None
    frame, (row, column) = shown.frame, at
    point = frame.description.geometry.patient_point(row, column)
    text = place_words(point) if point is not None else f"{int(column)},{int(row)}"
    value = pixels.value_at(frame, int(row), int(column), shown.suv)
    if value.missing:
        return safe(f"{text}  {words(_('not in the file'))}")
    if value.modality is None:
        return safe(f"{text}  {' '.join(str(sample) for sample in value.rgb or ())}")
    told = [str(value.modality.shown), *(str(other.shown) for other in value.others[:2])]
    if value.padding:
        told.append(str(words(_("padding, no picture"))))
    return safe(f"{text}  {'  '.join(told)}")
