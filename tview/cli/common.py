"""What several commands share: settings from the options, sources, the choice of an object, text on stdout."""

import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from tview.errors import Exit, UsageError, finding
from tview.settings import Settings, load_settings
from tview.text import SafeText, translate

if TYPE_CHECKING:
    from tview.media import Medium


def settings_of(options: Namespace) -> Settings:
    """The settings file, with the options over it."""
    settings = load_settings(options.config, os.environ)
    if options.graphics:
        settings = replace(settings, graphics=options.graphics)
    if options.limits:
        settings = replace(settings, limits=options.limits)
    return settings


def source_arguments(parser: ArgumentParser, several: bool = True) -> None:
    """SOURCE, once or more."""
    text = translate("a folder, a file, a DICOMDIR, an optical drive or a disc image")
    parser.add_argument("source", metavar="SOURCE", nargs="+" if several else 1, help=text)


def choice_arguments(parser: ArgumentParser) -> None:
    """How an object is chosen."""
    group = parser.add_argument_group(translate("choosing objects (a number as ls prints it, or the beginning of a UID)"))
    for name in ("patient", "study", "series", "instance"):
        group.add_argument(f"--{name}", metavar="N|UID")
    group.add_argument("--path", metavar="P", help=translate("the path on the medium"))


def frame_argument(parser: ArgumentParser) -> None:
    """--frame N."""
    parser.add_argument("--frame", type=positive, metavar="N", help=translate("the frame, from 1"))


def positive(text: str) -> int:
    """An argparse type: a whole number from 1."""
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


@contextmanager
def opened(sources: Iterable[str]) -> "Iterator[list[Medium]]":
    """The media, closed at the end."""
    from tview.media import open_medium

    media: list[Medium] = []
    try:
        for source in sources:
            media.append(open_medium(source))
        yield media
    finally:
        for medium in media:
            medium.close()


def print_lines(lines: Iterable[SafeText]) -> None:
    """Rows of gated text on stdout."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def unicode_output() -> bool:
    """Whether stdout takes more than ASCII."""
    return (sys.stdout.encoding or "ascii").lower().replace("-", "") in ("utf8", "utf16", "utf32")


def wants_terminal(*descriptors: int) -> bool:
    """Whether all of them are terminals."""
    return all(os.isatty(descriptor) for descriptor in descriptors)


def usage(problem: str) -> UsageError:
    """Wrong usage, in words."""
    return UsageError(finding("usage", problem=problem))


def worst(codes: Iterable[Exit]) -> Exit:
    """Of several results the worst."""
    return max(codes, default=Exit.FINE)
