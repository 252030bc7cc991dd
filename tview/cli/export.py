"""``tview export``: pictures as PNG, values as npy, under names of our own."""

import os
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Any

from tview.cli.common import choice_arguments, frame_argument, opened, say, settings_of, usage, worst
from tview.cli.exporting import Export
from tview.cli.objects import choice_of
from tview.cli.show import picture_arguments
from tview.errors import Exit, ExportError, finding
from tview.text import safe, translate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tview.catalog import Found

FORMATS = ("png", "npy")
# fmt: off
_OTHER_FORMATS = frozenset((
    "jpg", "jpeg", "jpe", "jfif", "jp2", "jls", "gif", "bmp", "tif", "tiff", "webp", "avif", "heic", "ppm", "pgm", "pnm", "svg",
    "pdf", "dcm", "dicom", "dic", "npz", "nii", "mp4", "avi", "mov", "mkv", "webm", "mpg", "raw",
))
# fmt: on


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
    parser.add_argument("--format", choices=FORMATS, help=translate("png pictures (default) or npy arrays"))
    parser.add_argument("--values", choices=("stored", "modality", "display"), default="stored", help=translate("what an array holds"))
    parser.add_argument("--index", metavar="FILE", help=translate("write what became what as JSON"))


def run(options: Namespace) -> Exit:
    """Write every chosen image; one that cannot be written is said, and the others are written all the same."""
    settings_of(options)
    form = _form(options)
    from tview.catalog import choose_all
    from tview.export import open_destination
    from tview.pixels import Decoder

    with opened(options) as media:
        found = choose_all(media, choice_of(options))
        is_file = _ending(options.dest) == form and not os.path.isdir(options.dest)
        if is_file and (problem := _too_many(found, form, options)):
            raise usage(problem)
        if options.dest == "-" and len(found) > 1:
            found = [_the_one(found)]
        destination = open_destination(options.dest, (form,), is_file, options.source)
        decoder = Decoder()
        export = Export(media, found, form, options, destination, decoder)
        try:
            export.run()
        except KeyboardInterrupt:
            say(export.summary())
            say(translate("stopped: the same command again keeps what is written and goes on"))
            raise
        finally:
            decoder.close()
    if options.index:
        _write_index(options.index, export.record())
    about = (*export.advice(), *export.recognisable())
    for line in (*about, "" if destination.is_stream else export.files(), export.summary() if export.failed else ""):
        say(line)
    return worst((media.code, export.code))


def _form(options: Namespace) -> str:
    """The format: as asked for, as the name of the one file says, else png.

    Raises:
        UsageError: DEST is named like a file of another format.
    """
    named = _ending(options.dest)
    if options.dest == "-" or os.path.isdir(options.dest):
        return options.format or "png"
    if named in _OTHER_FORMATS:
        raise usage(translate("{ending} is not a format: {formats}").format(ending=named, formats=", ".join(FORMATS)))
    if named in FORMATS and options.format not in (None, named):
        raise usage(
            translate("{name} is named like {ending}, and --format says {form}").format(
                name=options.dest, ending=named, form=options.format
            )
        )
    return options.format or (named if named in FORMATS else "png")


def _ending(dest: str) -> str:
    return os.path.splitext(dest)[1].removeprefix(".").lower()


def _too_many(found: "Sequence[Found]", form: str, options: Namespace) -> str | None:
    """Why the choice does not fit into one file; None when it does."""
    if len(found) > 1:
        return translate("several pictures cannot go into one file: give a folder")
    if form == "png" and options.frame is None and (found[0].instance.frames or 1) > 1:
        return translate("several pictures cannot go into one file: give a folder, or --frame N")
    return None


def _the_one(found: "Sequence[Found]") -> "Found":
    """What goes to stdout when several match: the one that `show` would take."""
    from tview.catalog import one_of

    one = one_of(found)
    text = translate("{count} pictures match; only {path} is written, the one that show takes")
    say(text.format(count=len(found), path=safe(one.instance.path)))
    return one


def _write_index(path: str, record: dict[str, Any]) -> None:
    import json

    from tview.export import holds, write_new

    data = json.dumps(record, ensure_ascii=True, indent=1).encode()
    if not write_new(path, data) and not holds(path, data):
        raise ExportError(finding("output-exists", path=path))
