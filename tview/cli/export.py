"""``tview export``: pictures as PNG, values as npy, under names of our own."""

import io
import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tview.cli.common import choice_arguments, frame_argument, opened, settings_of
from tview.cli.objects import choice_of, read_object, view_for
from tview.cli.show import picture_arguments
from tview.errors import ChoiceError, Exit, ExportError, PixelError, TviewError, finding
from tview.text import message_of, safe, translate

if TYPE_CHECKING:
    from tview.catalog import Found
    from tview.export import Destination
    from tview.pixels import Decoder, Frame, Image

_MOST_FRAMES_IN_ONE_ARRAY = 4 << 30


def arguments(parser: ArgumentParser) -> None:
    """Its own options."""
    parser.add_argument(
        "source", metavar="SOURCE", nargs=1, help=translate("a folder, a file, a DICOMDIR, an optical drive or a disc image")
    )
    parser.add_argument(
        "dest", metavar="DEST", help=translate("a folder (made if absent), a file name with the format's ending, or - for stdout")
    )
    choice_arguments(parser)
    frame_argument(parser)
    picture_arguments(parser)
    parser.add_argument("--format", choices=("png", "npy"), help=translate("png pictures (default) or npy arrays"))
    parser.add_argument("--values", choices=("stored", "modality", "display"), default="stored", help=translate("what an array holds"))
    parser.add_argument("--index", metavar="FILE", help=translate("write what became what as JSON"))


def run(options: Namespace) -> Exit:
    """Write every chosen image; what cannot be decoded is said and left out."""
    settings_of(options)
    from tview.catalog import choose_all
    from tview.export import open_destination
    from tview.pixels import Decoder

    form = options.format or ("npy" if options.dest.lower().endswith(".npy") else "png")
    written: list[dict[str, Any]] = []
    trouble = 0
    decoder = Decoder()
    with opened(options) as media:
        choice = choice_of(options)
        found = choose_all(media, choice)
        destination = open_destination(options.dest, (form,), len(found) == 1, options.source)
        if destination.is_stream and len(found) != 1:
            found = [_the_one(media, choice)]
        progress = _Progress(len(found))
        try:
            for number, one in enumerate(found):
                progress.say(number)
                try:
                    written.extend(_export(media, one, form, options, destination, decoder))
                except ExportError:
                    raise
                except TviewError as error:
                    trouble += 1
                    progress.clear()
                    print(f"tview: {safe(one.instance.path)}: {message_of(error.finding)}", file=sys.stderr)
        finally:
            progress.clear()
            decoder.close()
    if options.index:
        _write_index(options.index, written)
    if not written:
        raise (
            PixelError(finding("nothing-exported", count=trouble))
            if trouble
            else ChoiceError(finding("no-match", wanted="", source=options.source[0]))
        )
    if not destination.is_stream:
        print(safe(translate("{count} files written to {place}").format(count=len(written), place=options.dest)), file=sys.stderr)
    return Exit.FINE


def _the_one(media: Any, choice: Any) -> "Found":
    """What goes to stdout when several match: the one that `show` would take."""
    from tview.catalog import choose

    found: Found = choose(media, choice)
    return found


def _export(
    media: Any, one: "Found", form: str, options: Namespace, destination: "Destination", decoder: "Decoder"
) -> Iterator[dict[str, Any]]:
    from tview.dicom import tags
    from tview.export import object_name
    from tview.pixels import open_image

    header, reader = read_object(media, one.instance.source_number, one.instance.path, settings_of(options))
    image = open_image(header, reader, reader.size, decoder=decoder)
    data_set = header.data_set
    numbers = (
        data_set.integer(tags.SERIES_NUMBER),
        data_set.integer(tags.INSTANCE_NUMBER),
        one.series.number_in_list,
        one.instance.number_in_list,
    )
    if options.frame is not None and options.frame > image.number_of_frames:
        raise ChoiceError(finding("no-match", wanted=f"--frame {options.frame}", source=safe(one.instance.path)))
    indices = [options.frame - 1] if options.frame is not None else range(image.number_of_frames)
    record = {
        "source_number": one.instance.source_number,
        "path": safe(one.instance.path),
        "sop_instance_uid": one.instance.sop_instance_uid,
    }
    if form == "npy":
        data = _array(image, indices, options)
        yield record | {"file": safe(destination.write(object_name(*numbers), "npy", data)), "frames": [index + 1 for index in indices]}
        _warn(one, reader)
        return
    from tview.terminal import encode_png

    if destination.is_stream and options.frame is None:
        indices = [(image.number_of_frames - 1) // 2]
    several = image.number_of_frames > 1
    for index in indices:
        frame = image.read_frame(index)
        name = object_name(*numbers, index + 1 if several else None)
        yield record | {"file": safe(destination.write(name, "png", encode_png(_picture(frame, options, image)))), "frames": [index + 1]}
    _warn(one, reader)


def _warn(one: "Found", reader: Any) -> None:
    """A picture made over bytes that could not be read is written, and never without a word."""
    for told in reader.findings:
        print(f"tview: {message_of(told)}", file=sys.stderr)


def _picture(frame: "Frame", options: Namespace, image: "Image") -> Any:
    from tview.pixels import render, render_native

    view = view_for(options.window, frame, image)
    if not isinstance(options.size, tuple):
        return render_native(frame, view).picture
    high, wide = frame.rows * frame.description.pixel_aspect, float(frame.columns)
    scale = min(options.size[0] / high, options.size[1] / wide)
    return render(frame, view, max(1, round(high * scale)), max(1, round(wide * scale))).picture


def _array(image: "Image", indices: Any, options: Namespace) -> bytes:
    """The frames as one npy file, written frame by frame into memory of the array's own size."""
    import numpy as np

    array = None
    for place, index in enumerate(indices):
        frame = image.read_frame(index)
        values = (
            frame.stored
            if options.values == "stored"
            else frame.modality()
            if options.values == "modality"
            else _picture(frame, options, image)
        )
        if array is None:
            if values.nbytes * len(indices) > _MOST_FRAMES_IN_ONE_ARRAY:
                raise PixelError(finding("array-too-large", megabytes=values.nbytes * len(indices) >> 20))
            array = np.empty((len(indices), *values.shape), values.dtype)
        array[place] = values
    file = io.BytesIO()
    assert array is not None
    np.save(file, array, allow_pickle=False)
    return file.getvalue()


def _write_index(path: str, written: list[dict[str, Any]]) -> None:
    from tview.export import write_new

    data = json.dumps({"schema": "tview/export/1", "written": written}, ensure_ascii=True, indent=1).encode()
    if not write_new(path, data):
        raise ExportError(finding("output-exists", path=path))


class _Progress:
    """One line on stderr when it is a terminal: done / total."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._shown = sys.stderr is not None and sys.stderr.isatty() and total > 3

    def say(self, done: int) -> None:
        if self._shown:
            print(f"\r{done}/{self._total}", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        if self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
