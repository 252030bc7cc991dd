"""The lines under a printed picture: whose it is, which one, how it is drawn."""

from typing import TYPE_CHECKING

from tview.catalog import iso_date
from tview.dicom import tags
from tview.pixels import letters
from tview.text import SafeText, safe, translate

if TYPE_CHECKING:
    from tview.dicom import Header
    from tview.pixels import Frame, Image, Rendered
    from tview.terminal import Encoder


def caption_lines(header: "Header", image: "Image", frame: "Frame", rendered: "Rendered", encoder: "Encoder") -> list[SafeText]:
    """Two lines: the person and the exam; the image, its window, its sides, its path to the screen."""
    data_set = header.data_set
    name = data_set.person_name(tags.PATIENT_NAME)
    unknown = translate("unknown")
    person = [
        name.shown if name else translate("name unknown"),
        data_set.text(tags.PATIENT_SEX),
        f"{translate('born')} {iso_date(data_set.text(tags.PATIENT_BIRTH_DATE)) or unknown}",
        f"ID {data_set.text(tags.PATIENT_ID) or unknown}",
        iso_date(data_set.text(tags.STUDY_DATE)),
        data_set.text(tags.STUDY_DESCRIPTION),
    ]
    geometry = frame.description.geometry
    edge = letters(geometry, rendered.placement.view)
    sides = f"L-R {edge.left}-{edge.right}  T-B {edge.top}-{edge.bottom}" if edge.left else ""
    window = rendered.window
    if window is not None:
        drawn = f"W/L {window.shown} {window.explanation or ''}".strip()
        drawn += f" {translate('from pixels')}" if window.origin == "pixels" else ""
    else:
        drawn = translate("VOI LUT") if rendered.voi_lut is not None else translate("colour")
    scale = rendered.placement.scale[1]
    picture = [
        data_set.text(tags.MODALITY),
        f"Se {_number(data_set.integer(tags.SERIES_NUMBER))} Im {_number(data_set.integer(tags.INSTANCE_NUMBER))}",
        f"{translate('frame')} {frame.index + 1}/{image.number_of_frames}" if image.number_of_frames > 1 else "",
        f"{geometry.laterality or ''} {geometry.view_position or ''}".strip(),
        drawn,
        sides,
        "1:1" if abs(scale - 1) < 0.005 else f"1:{1 / scale:.1f}" if scale < 1 else f"{scale:.1f}:1",
        f"{encoder.grey_levels} {translate('greys')} {encoder.name}",
        f"{translate('LOSSY')} {image.lossy.shown}".strip() if image.lossy else "",
        f"{translate('PARTIAL')} {100 * frame.rows_present // frame.rows} %" if frame.rows_present < frame.rows else "",
    ]
    return [safe("  ".join(part for part in parts if part)) for parts in (person, picture)]


def _number(value: int | None) -> str:
    return "-" if value is None else str(value)
