"""Saving: the frame that a pane shows, one pixel for a pixel, with the window and turns of the view and no text; what was measured."""

import os
from collections.abc import Callable, Sequence
from datetime import datetime

from tview import pixels
from tview.catalog import Instance, Series, Stack, Study
from tview.dicom import Header
from tview.errors import ExportError, finding
from tview.export import Measured, measurements_json, measurements_report, object_name, open_destination
from tview.terminal import encode_png
from tview.ui.marks import TITLES, Mark
from tview.ui.shown import Shown
from tview.ui.slices import Slices


def save_view(shown: Shown, sources: Sequence[str]) -> str:
    """Write a PNG into the working directory, or into the home folder when that is on the medium or cannot be written. Returns its path.

    Raises:
        ExportError: neither can be written.
    """
    frame, facts, request = shown.frame, shown.facts, shown.request
    assert frame is not None and facts is not None
    layers = (*pixels.shutter_layers(frame), *(pixels.overlay_layers(frame) if request.overlays else ()))
    view = request.view
    if view.window is None and shown.rendered is not None and shown.rendered.window is not None:
        view = view.windowed(shown.rendered.window)
    data = encode_png(pixels.render_native(frame, view, layers).picture)
    frame_number = facts.frame if facts.frames > 1 else None
    name = object_name(facts.series_number, facts.instance_number, request.series.number_in_list, request.position + 1, frame_number)
    return save_files([(name, "png", data)], sources)[0]


def save_measurements(
    found: Sequence[tuple[Mark, Series | None, Stack | None]],
    studies: Sequence[Study],
    header_of: Callable[[Instance], Header],
    sources: Sequence[str],
) -> list[str]:
    """Write measurements.json, and a structured report for each exam, where `save_view` writes. Returns the paths.

    Raises:
        TviewError: nothing can be written, or an object cannot be read again.
    """
    by_study: dict[str, tuple[Header, list[Measured]]] = {}
    every: list[Measured] = []
    for mark, series, stack in found:
        study = next((one for one in studies if series is not None and any(each.key == series.key for each in one.series)), None)
        instance = Slices(stack).instance_at(*mark.key[:2]) if not mark.key[3] else None
        one = _measured(mark, study, series, instance)
        every.append(one)
        if instance is not None and study is not None and one.sop_instance_uid:
            if study.key not in by_study:
                by_study[study.key] = (header_of(instance), [])
            by_study[study.key][1].append(one)
    files = [("measurements", "json", measurements_json(every).encode())]
    now = datetime.now()
    files += [("measurements", "dcm", measurements_report(of_study, header.data_set, now)) for header, of_study in by_study.values()]
    return save_files(files, sources)


def _measured(mark: Mark, study: Study | None, series: Series | None, instance: Instance | None) -> Measured:
    several = instance is not None and (instance.frames or 1) > 1
    return Measured(
        kind=mark.kind,
        points=mark.points,
        quantities=mark.quantities,
        study_instance_uid=study.study_instance_uid if study else None,
        series_instance_uid=series.series_instance_uid if series else None,
        sop_class_uid=instance.sop_class_uid if instance else None,
        sop_instance_uid=instance.sop_instance_uid if instance else None,
        frame_number=mark.key[2] + 1 if several else None,
        series_number=series.series_number if series else None,
        instance_number=instance.instance_number if instance else None,
        label=TITLES[mark.kind],
    )


def save_files(files: Sequence[tuple[str, str, bytes]], sources: Sequence[str]) -> list[str]:
    """Into the working directory, or the home folder when that is on the medium or cannot be written."""
    trouble: ExportError | None = None
    for folder in (os.getcwd(), os.environ.get("HOME", "")):
        if folder and os.access(folder, os.W_OK):
            try:
                destination = open_destination(folder, tuple({ending for _name, ending, _data in files}), False, sources)
                return [os.path.abspath(destination.write(name, ending, data)) for name, ending, data in files]
            except ExportError as error:
                trouble = error
    raise trouble or ExportError(finding("output-failed", path=os.getcwd(), problem="no folder that can be written"))
