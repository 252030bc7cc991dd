"""Nothing is ever written onto a source: where that would be."""

import os
from collections.abc import Iterable, Iterator

from tview.errors import ExportError, finding

_REMOVABLE = ("/media/", "/run/media/", "/mnt/")
"""Where systems mount what is put in."""


def refuse_on_medium(path: str, sources: Iterable[str]) -> None:
    """Raises `ExportError` when a file or folder at `path`, links followed, would lie on one of the sources."""
    above = list(_above(os.path.realpath(path)))
    for source in sources:
        for place in _places(source):
            if place in above or any(_is_same(one, place) for one in above):
                raise ExportError(finding("output-on-medium", path=path))


def _above(path: str) -> Iterator[str]:
    """The path and every folder over it."""
    yield path
    while (path := os.path.dirname(path)) != os.path.dirname(path):
        yield path
    yield path


def _is_same(one: str, place: str) -> bool:
    """Whether both are the same file or folder under two names, as a bind mount gives it."""
    try:
        return os.path.samefile(one, place)
    except OSError:
        return False


def _places(source: str) -> Iterator[str]:
    """What must not be written to for this source: itself, the folder of a list, and where its medium is mounted."""
    real = os.path.realpath(source)
    yield real
    if os.path.basename(source).upper() == "DICOMDIR" and os.path.isfile(source):
        yield os.path.dirname(real)
    place = real
    while not os.path.ismount(place) and place != os.path.dirname(place):
        place = os.path.dirname(place)
    if place.startswith(_REMOVABLE) and os.path.isfile(os.path.join(place, "DICOMDIR")):
        yield place  # a part of a disc was given
    yield from _mounted(real)


def _mounted(device: str) -> Iterator[str]:
    """Where a drive is mounted."""
    if not device.startswith("/dev/"):
        return
    try:
        with open("/proc/mounts", encoding="utf-8", errors="surrogateescape") as file:
            rows = [line.split(" ") for line in file]
    except OSError:
        return
    yield from (row[1].replace("\\040", " ") for row in rows if len(row) > 1 and os.path.realpath(row[0]) == device)
