"""From a SOURCE and a choice to one open object, and from `--window` to a view: what `show`, `tags` and `export` share."""

import re
from argparse import ArgumentTypeError, Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tview.catalog import Choice, Instance
from tview.cli.common import usage
from tview.dicom import DEFAULT, TRUSTED, Header, read_header
from tview.errors import MediumError, finding
from tview.settings import Settings

if TYPE_CHECKING:
    from tview.media import EntryReader, Medium
    from tview.pixels import Frame, Image, View


def choice_of(options: Namespace) -> Choice:
    """The choice in the options."""
    return Choice(
        patient=options.patient,
        study=options.study,
        series=options.series,
        instance=options.instance,
        path=options.path,
        frame=getattr(options, "frame", None),
    )


def read_object(media: "Sequence[Medium]", instance: Instance, settings: Settings) -> "tuple[Header, EntryReader]":
    """The header of an object, and the reader of its bytes.

    Raises:
        MediumError: the file that the list promises is not on the medium.
        DicomError: it is no DICOM.
    """
    from tview.media import entry_reader

    reader = entry_reader(media[instance.source_number], instance.path)
    if reader is None:
        raise MediumError(finding("referenced-file-missing", path=instance.path))
    limits = TRUSTED if settings.limits == "trusted" else DEFAULT
    return read_header(reader, reader.size, path=instance.path, limits=limits), reader


def size_of(text: str) -> tuple[int, int] | str:
    """An argparse type: "fit", "native" or (rows, columns)."""
    if text in ("fit", "native"):
        return text
    match = re.fullmatch(r"(\d{1,5})x(\d{1,5})", text)
    if match is None or not (0 < int(match[1]) <= 16384 and 0 < int(match[2]) <= 16384):
        raise ArgumentTypeError(f"{text!r} is not fit, native or WxH, such as 800x600")
    return int(match[2]), int(match[1])


def view_for(window: str | None, frame: "Frame", image: "Image") -> "View":
    """The view that `--window` asks for: W/L, a preset's name, "auto" for the pixels' own range; the file's own without it.

    Raises:
        UsageError: neither of these, or a preset that makes no sense on this image, with the reason.
    """
    from tview.pixels import View, Window, auto_window, suv_of

    if window is None:
        return View()
    if window == "auto":
        return View(window=auto_window(frame))
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)/([+-]?\d+(?:\.\d+)?)\s*", window.replace("−", "-"))
    if match is not None:
        if frame.description.is_colour:
            raise usage("a colour picture has no window")
        return View(window=Window(float(match[2]), float(match[1]), "LINEAR", None, "reader"))
    fitting, why = image.presets(frame.index)
    for preset in fitting:
        if preset.name.casefold() == window.casefold():
            return View(window=preset.window(suv_of(image.header.data_set).factor or 1.0), invert=preset.invert)
    names = ", ".join(preset.name for preset in fitting)
    raise usage(f"--window {window}: {why or 'there are ' + names}. W/L is written like 400/40.")
