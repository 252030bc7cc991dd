"""The lines under a printed picture: whose it is, which one, how it is drawn."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from tview.catalog import iso_date
from tview.dicom import tags
from tview.pixels import letters
from tview.text import SafeText, cell_width, safe, translate

if TYPE_CHECKING:
    from tview.dicom import Header
    from tview.pixels import Frame, Image, Letters, Rendered
    from tview.terminal import Encoder

_NARROWEST = 40


def caption_lines(
    header: "Header", image: "Image", frame: "Frame", rendered: "Rendered", encoder: "Encoder", columns: int
) -> list[SafeText]:
    """The person and the exam; then the image, its window, its sides, its path to the screen. Broken between facts at `columns`."""
    data_set = header.data_set
    name = data_set.person_name(tags.PATIENT_NAME)
    person = person_parts(
        name.shown if name else None,
        data_set.text(tags.PATIENT_SEX),
        iso_date(data_set.text(tags.PATIENT_BIRTH_DATE)),
        data_set.text(tags.PATIENT_ID),
        iso_date(data_set.text(tags.STUDY_DATE)),
        data_set.text(tags.STUDY_DESCRIPTION),
    )
    geometry = frame.description.geometry
    scale = rendered.placement.scale[1]
    is_colour = frame.description.is_colour
    picture = [
        data_set.text(tags.MODALITY),
        f"Se {shown_number(data_set.integer(tags.SERIES_NUMBER))} Im {shown_number(data_set.integer(tags.INSTANCE_NUMBER))}",
        f"{translate('frame')} {frame.index + 1}/{image.number_of_frames}" if image.number_of_frames > 1 else "",
        f"{geometry.laterality or ''} {geometry.view_position or ''}".strip(),
        "" if is_colour else shown_window(rendered),
        _sides(letters(geometry, rendered.placement.view)),
        "1:1" if abs(scale - 1) < 0.005 else f"1:{1 / scale:.1f}" if scale < 1 else f"{scale:.1f}:1",
        f"{translate('colour')} {encoder.name}" if is_colour else f"{encoder.grey_levels} {translate('greys')} {encoder.name}",
        f"{translate('LOSSY')} {image.lossy.shown}".strip() if image.lossy else "",
        f"{translate('PARTIAL')} {100 * frame.rows_present // frame.rows} %" if frame.rows_present < frame.rows else "",
    ]
    return [line for parts in (person, picture) for line in packed(parts, columns)]


def person_parts(
    name: str | None, sex: str | None, birth_date: str | None, patient_id: str | None, study_date: str | None, study: str | None
) -> list[str | None]:
    """Whose picture it is, in the same words under a picture and under a sheet."""
    unknown = translate("unknown")
    return [
        name or translate("name unknown"),
        sex,
        f"{translate('born')} {birth_date or unknown}",
        f"ID {patient_id or unknown}",
        study_date,
        study,
    ]


def shown_number(value: int | None) -> str:
    """A number of the file, "-" where it has none."""
    return "-" if value is None else str(value)


def shown_window(rendered: "Rendered") -> str:
    """The window in force, with its name or where it came from."""
    window = rendered.window
    if window is None:
        return translate("VOI LUT") if rendered.voi_lut is not None else translate("colour")
    named = f"W/L {window.shown} {window.explanation or ''}".strip()
    return named + (f" {translate('from pixels')}" if window.origin == "pixels" else "")


def packed(parts: Iterable[str | None], columns: int) -> Iterator[SafeText]:
    """The parts that say something in as many rows as it takes, none of them broken."""
    row = ""
    for part in parts:
        if not part:
            continue
        longer = f"{row}  {part}" if row else part
        if row and cell_width(longer) > max(columns, _NARROWEST):
            yield safe(row)
            row = part
        else:
            row = longer
    if row:
        yield safe(row)


def _sides(edge: "Letters") -> str:
    """What lies at the edges of the picture; empty where the file does not say."""
    if not edge.left:
        return ""
    return translate("left {left}, right {right}, top {top}, bottom {bottom}").format(
        left=edge.left, right=edge.right, top=edge.top, bottom=edge.bottom
    )
