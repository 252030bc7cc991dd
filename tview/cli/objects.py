"""From a SOURCE and a choice to one open object, and from `--window` to a view: what `show`, `tags` and `export` share."""

import re
from argparse import ArgumentTypeError, Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from tview.cli.common import usage
from tview.dicom import DEFAULT, TRUSTED, Header, read_header
from tview.errors import MediumError, finding
from tview.settings import Settings

if TYPE_CHECKING:
    from tview.catalog import Choice
    from tview.media import EntryReader, Medium
    from tview.pixels import Frame, Image, View


class Place(NamedTuple):
    """Where an object is, and which of its frames is wanted (index from 0; None is the middle one)."""

    source_number: int
    path: str
    frame: int | None


def choice_of(options: Namespace) -> "Choice":
    """The choice in the options."""
    from tview.catalog import Choice

    return Choice(
        patient=options.patient,
        study=options.study,
        series=options.series,
        instance=options.instance,
        path=options.path,
        frame=getattr(options, "frame", None),
    )


def chosen_place(media: "Sequence[Medium]", options: Namespace) -> Place:
    """The one object that the options choose.

    A single file without a choice is its one object: no catalog is made of it, which saves a fifth of the time to a picture.

    Raises:
        ChoiceError: nothing matches.
    """
    wanted = (options.patient, options.study, options.series, options.instance, options.path)
    if len(media) == 1 and media[0].kind == "file" and not any(wanted):
        frame = getattr(options, "frame", None)
        return Place(0, media[0].entries()[0].path, frame - 1 if frame else None)
    from tview.catalog import choose

    choice = choice_of(options)
    if choice.is_empty and (listed := _first_listed(media)) is not None:
        return listed._replace(frame=choice.frame - 1 if choice.frame else None)
    found = choose(media, choice)
    return Place(found.instance.source_number, found.instance.path, found.frame)


def _first_listed(media: "Sequence[Medium]") -> Place | None:
    """The middle image of the first series as the DICOMDIR lists it: 5,000 headers need not be read for one picture."""
    from tview.catalog import scan

    for catalog in scan(media):
        series = catalog.first_series
        middle = series.main_stack.middle if series is not None and series.main_stack is not None else None
        if series is None or not series.is_image or middle is None or media[middle.source_number].entry(middle.path) is None:
            return None
        return Place(middle.source_number, middle.path, None)
    return None


def read_object(media: "Sequence[Medium]", source_number: int, path: str, settings: Settings) -> "tuple[Header, EntryReader]":
    """The header of an object, and the reader of its bytes.

    Raises:
        MediumError: the file that the list promises is not on the medium.
        DicomError: it is no DICOM.
    """
    from tview.media import entry_reader

    reader = entry_reader(media[source_number], path)
    if reader is None:
        raise MediumError(finding("referenced-file-missing", path=path))
    limits = TRUSTED if settings.limits == "trusted" else DEFAULT
    return read_header(reader, reader.size, path=path, limits=limits), reader


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
