"""From a SOURCE and a choice to one open object, and from `--window` to a view: what `show`, `tags` and `export` share."""

import re
from argparse import ArgumentTypeError, Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from tview.cli.common import usage
from tview.dicom import DEFAULT, TRUSTED, Header, read_header, sop_class_kind, sop_class_name
from tview.errors import ChoiceError, DicomError, PixelError, finding
from tview.settings import Settings

if TYPE_CHECKING:
    from tview.catalog import Choice
    from tview.media import EntryReader, Medium
    from tview.pixels import Decoder, Frame, Image, View

_PICTURES = ("image", "segmentation", "")


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

    A single file without a choice is its one object, and a path is the file at it, whether it is an object of the catalog (a DICOMDIR is
    none) or could be one if it could be read: no catalog is made, which saves a fifth of the time to a picture.

    Raises:
        ChoiceError: nothing matches.
    """
    others = (options.patient, options.study, options.series, options.instance)
    number = getattr(options, "frame", None)
    frame = number - 1 if number else None
    if len(media) == 1 and media[0].kind == "file" and not any(others) and not options.path:
        return Place(0, media[0].entries()[0].path, frame)
    if options.path and not any(others):
        return path_place(media, options.path)._replace(frame=frame)
    if not any(others) and not options.path and (listed := _first_listed(media)) is not None:
        return listed._replace(frame=frame)
    from tview.catalog import choose  # 8 ms that the first picture of a disc need not wait for

    found = choose(media, choice_of(options))
    return Place(found.instance.source_number, found.instance.path, found.frame)


def path_place(media: "Sequence[Medium]", path: str) -> Place:
    """The file at a path on one of the media. Raises `ChoiceError` when there is none."""
    from tview.catalog import entry_at

    found = entry_at(media, path)
    if found is None:
        raise ChoiceError(finding("no-match", wanted=f"--path {path}", source=media[0].source))
    return Place(found[0], found[1].path, None)


def _first_listed(media: "Sequence[Medium]") -> Place | None:
    """The middle image of the first series as the DICOMDIR lists it: 5,000 headers need not be read for one picture."""
    from tview.catalog import listed_first

    entry = listed_first(media[0]) if len(media) == 1 else None
    return Place(0, entry.path, None) if entry is not None else None


def read_object(media: "Sequence[Medium]", source_number: int, path: str, settings: Settings) -> "tuple[Header, EntryReader]":
    """The header of an object, and the reader of its bytes.

    Raises:
        ChoiceError: the file that the list promises is not on the medium, or it is no DICOM.
        PixelError: the medium does not give its bytes.
        DicomError: it is all of the source, and no DICOM.
    """
    from tview.media import entry_reader

    medium = media[source_number]
    reader = entry_reader(medium, path)
    if reader is None:
        raise ChoiceError(finding("referenced-file-missing", path=path))
    limits = TRUSTED if settings.limits == "trusted" else DEFAULT
    try:
        return read_header(reader, reader.size, path=path, limits=limits), reader
    except DicomError as error:
        told = reader.reason(error.finding)
        if medium.kind == "file":
            raise DicomError(told) from error
        raise (ChoiceError if told.code == "not-dicom" else PixelError)(told) from error


@contextmanager
def blaming(reader: "EntryReader") -> Iterator[None]:
    """Where a picture cannot be made because the medium lost bytes of it, the `PixelError` says that."""
    try:
        yield
    except PixelError as error:
        told = reader.reason(error.finding)
        if told is error.finding:
            raise
        raise PixelError(told) from error


def open_picture(header: Header, reader: "EntryReader", decoder: "Decoder") -> "Image":
    """The image of an object.

    Raises:
        ChoiceError: it is of a kind that holds no pictures: a report, a PDF.
        PixelError: it should hold one, and none can be made.
    """
    from tview.pixels import open_image

    uid = header.sop_class_uid or ""
    if header.pixel_element is None and sop_class_kind(uid) == "waveform":
        from tview.documents import open_pages

        return open_pages(header, reader, reader.size, reader.entry.path, decoder)
    if header.pixel_element is None and sop_class_kind(uid) not in _PICTURES:
        raise ChoiceError(finding("no-picture", path=reader.entry.path, what=sop_class_name(uid)))
    return open_image(header, reader, reader.size, decoder=decoder)


def frame_index(image: "Image", wanted: int | None) -> int:
    """The index of the frame to show, from 0; when none is wanted the middle one, of pages the first.

    Raises:
        ChoiceError: the object has fewer. A frame that it promises and lacks is the image's own trouble.
    """
    if wanted is None:
        return max(0, (image.number_of_frames - 1) // 2) if image.header.pixel_element is not None else 0
    declared = max(image.number_of_frames_declared, image.number_of_frames)
    if wanted >= declared:
        raise ChoiceError(finding("frame-missing", frame=wanted + 1, present=declared))
    return wanted


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
    from tview.pixels import View, asked_view, suv_of

    if window is None:
        return View()
    if window == "auto" and frame.description.is_colour:
        return View()
    found = asked_view(window, frame, image.presets(frame.index), suv_of(image.header.data_set).factor or 1.0)
    if isinstance(found, str):
        raise usage(f"--window {window}: {found}")
    return found
