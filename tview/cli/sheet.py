"""A contact sheet: images spread evenly over a series, in rows, as one picture."""

from argparse import Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tview.cli.common import settings_of
from tview.cli.objects import read_object, view_for
from tview.errors import TviewError
from tview.text import SafeText, message_of, safe, translate

if TYPE_CHECKING:
    from tview.catalog import Found
    from tview.media import Medium
    from tview.pixels import Decoder
    from tview.terminal import Encoder, TerminalFacts

_MOST = 64
_GAP = 2


def contact_sheet(
    media: "Sequence[Medium]", found: "Found", decoder: "Decoder", encoder: "Encoder", facts: "TerminalFacts", options: Namespace
) -> "tuple[Any, list[SafeText]]":
    """The sheet and the lines under it. An image that cannot be decoded leaves a cross and a line that says why."""
    import numpy as np

    from tview.cli.show import fitted_size, on_screen
    from tview.pixels import open_image, render

    settings = settings_of(options)
    places = _places(found)
    across = min(len(places), 8 if len(places) > 24 else 6 if len(places) > 8 else 4)
    down = -(-len(places) // across)
    rows, columns = fitted_size(encoder, facts, options.size, down, across) if options.size != "native" else (down * 128, across * 128)
    tile_rows, tile_columns = max(8, rows // down - _GAP), max(8, columns // across - _GAP)
    sheet = np.zeros((down * (tile_rows + _GAP), across * (tile_columns + _GAP), 3), np.uint8)
    trouble: list[SafeText] = []
    for number, (instance, index) in enumerate(places):
        y, x = number // across * (tile_rows + _GAP), number % across * (tile_columns + _GAP)
        try:
            header, reader = read_object(media, instance.source_number, instance.path, settings)
            image = open_image(header, reader, reader.size, decoder=decoder)
            frame = image.read_frame(index)
            tile = render(on_screen(frame, encoder), view_for(options.window, frame, image), tile_rows, tile_columns).picture
        except TviewError as error:
            tile = _cross(tile_rows, tile_columns)
            trouble.append(safe(f"! {number + 1}: {message_of(error.finding)}"))
        else:
            trouble += [safe(f"! {number + 1}: {message_of(told)}") for told in reader.findings]
        sheet[y : y + tile_rows, x : x + tile_columns] = tile[..., None] if tile.ndim == 2 else tile
    series = found.series
    title = safe(f"Se {series.series_number if series.series_number is not None else '-'}  {series.shown_title}")
    shown = safe(translate("{shown} of {count} images").format(shown=len(places), count=_count(found)))
    return sheet, [safe(f"{title}  {shown}"), *trouble[:5], safe(translate("Review only · not a medical device"))]


def _count(found: "Found") -> int:
    return sum(max(1, instance.frames or 1) for instance in found.stack.instances if instance.state != "missing")


def _places(found: "Found") -> list[tuple[Any, int]]:
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
