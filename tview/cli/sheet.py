"""A contact sheet: images spread evenly over a series, in rows, as one picture."""

from argparse import Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tview.cli.caption import packed, person_parts, shown_number, shown_window
from tview.cli.common import settings_of
from tview.cli.objects import blaming, open_picture, read_object, view_for
from tview.errors import ChoiceError, TviewError, finding
from tview.text import SafeText, message_of, safe, translate

if TYPE_CHECKING:
    from tview.catalog import Found, Instance
    from tview.media import Medium
    from tview.pixels import Decoder
    from tview.terminal import Encoder, TerminalFacts

_MOST = 64
_MOST_TROUBLE = 5
_GAP = 2


def contact_sheet(
    media: "Sequence[Medium]", found: "Found", decoder: "Decoder", encoder: "Encoder", facts: "TerminalFacts", options: Namespace
) -> "tuple[Any, list[SafeText]]":
    """The sheet and the lines under it. An image that cannot be decoded leaves a cross and a line that says why.

    Raises:
        TviewError: not one of them can be shown; it is the trouble of the last.
    """
    import numpy as np

    from tview.cli.show import fitted_size, on_screen
    from tview.pixels import render

    settings = settings_of(options)
    places = _places(found)
    if not places:
        raise ChoiceError(finding("referenced-file-missing", path=found.instance.path))
    across = min(len(places), 8 if len(places) > 24 else 6 if len(places) > 8 else 4)
    down = -(-len(places) // across)
    rows, columns = fitted_size(encoder, facts, options.size, down, across) if options.size != "native" else (down * 128, across * 128)
    tile_rows, tile_columns = max(8, rows // down - _GAP), max(8, columns // across - _GAP)
    sheet = np.zeros((down * (tile_rows + _GAP), across * (tile_columns + _GAP), 3), np.uint8)
    trouble: list[SafeText] = []
    windows: list[str] = []
    for number, (instance, index) in enumerate(places):
        y, x = number // across * (tile_rows + _GAP), number % across * (tile_columns + _GAP)
        try:
            header, reader = read_object(media, instance.source_number, instance.path, settings)
            with blaming(reader):
                image = open_picture(header, reader, decoder)
                frame = image.read_frame(index)
            rendered = render(on_screen(frame, encoder), view_for(options.window, frame, image), tile_rows, tile_columns)
            tile = rendered.picture
            windows.append(shown_window(rendered))
        except TviewError as error:
            if number + 1 == len(places) and not windows:
                raise
            tile = _cross(tile_rows, tile_columns)
            trouble.append(safe(f"! {number + 1}: {message_of(error.finding)}"))
        else:
            trouble += [safe(f"! {number + 1}: {message_of(told)}") for told in reader.findings]
        sheet[y : y + tile_rows, x : x + tile_columns] = tile[..., None] if tile.ndim == 2 else tile
    caption = [line for parts in (_whose(found), _which(found, places, windows)) for line in packed(parts, facts.columns)]
    if len(trouble) > _MOST_TROUBLE:
        trouble[_MOST_TROUBLE:] = [safe(translate("! and {count} more").format(count=len(trouble) - _MOST_TROUBLE))]
    return sheet, [*caption, *trouble, safe(translate("Review only · not a medical device"))]


def _whose(found: "Found") -> list[str | None]:
    patient, study = found.patient, found.study
    return person_parts(
        patient.shown_name, patient.sex, patient.birth_date, patient.patient_id, study.shown_date, str(study.study_description or "")
    )


def _which(found: "Found", places: "Sequence[tuple[Instance, int]]", windows: Sequence[str]) -> list[str | None]:
    """The series, the numbers of the first and the last tile, how many there are of how many, the window of those drawn if it is one."""
    series, stack = found.series, found.stack
    (first, first_frame), (last, last_frame) = places[0], places[-1]
    numbers = f"Im {shown_number(first.instance_number)}"
    if first is last and (first.frames or 1) > 1:
        numbers += f" {translate('frames')} {first_frame + 1}–{last_frame + 1}"
    elif first is not last:
        numbers += f"–{shown_number(last.instance_number)}"
    here, missing = _count(found), sum(instance.state == "missing" for instance in stack.instances)
    count = translate("{shown} of {count} here").format(shown=len(places), count=here)
    if missing:
        count += ", " + translate("{count} missing").format(count=missing)
    if len(windows) < len(places):
        count += ", " + translate("{count} cannot be shown").format(count=len(places) - len(windows))
    different = set(windows)
    window = windows[0] if len(different) == 1 else translate("each in its own window") if different else ""
    return [
        f"Se {shown_number(series.series_number)}",
        series.shown_title,
        stack.reason if len(series.stacks) > 1 else "",
        numbers,
        count,
        window,
    ]


def _count(found: "Found") -> int:
    return sum(max(1, instance.frames or 1) for instance in found.stack.instances if instance.state != "missing")


def _places(found: "Found") -> "list[tuple[Instance, int]]":
    """At most 64 (instance, frame) spread evenly over the stack."""
    instances = [instance for instance in found.stack.instances if instance.state != "missing"]
    ends, total = [], 0
    for instance in instances:
        total += max(1, instance.frames or 1)
        ends.append(total)
    wanted = min(_MOST, total)
    places, index = [], 0
    for number in range(wanted):
        position = number * total // wanted
        while ends[index] <= position:
            index += 1
        places.append((instances[index], position - (ends[index - 1] if index else 0)))
    return places


def _cross(rows: int, columns: int) -> Any:
    import numpy as np

    y, x = np.ogrid[0:rows, 0:columns]
    lines = (abs(y * columns - x * rows) < rows + columns) | (abs(y * columns + x * rows - rows * columns) < rows + columns)
    return np.where(lines, 96, 16).astype(np.uint8)
