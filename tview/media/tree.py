"""What a file system reader gives: the files that one tree of a disc lists."""

from dataclasses import dataclass, field
from typing import NamedTuple

from tview.errors import Finding
from tview.media.values import Extent

MAX_FILES = 1_000_000
MAX_DEPTH = 255
MAX_FINDINGS_OF_A_KIND = 20


class Listed(NamedTuple):
    """A file as a tree lists it. `alias` is a second address: the ISO 9660 one of a file with a Rock Ridge name."""

    path: str
    alias: str
    extents: tuple[Extent, ...]
    size: int
    present: int


@dataclass(slots=True)
class Tree:
    """The files of one tree in walking order. `kind` is one of TREES; `lost` counts directories that could not be read."""

    kind: str
    session: int = 1
    files: list[Listed] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    lost: int = 0


# On a tie the names are taken from the first.
TREES = ("rock-ridge", "joliet", "udf", "iso9660-1999", "iso9660")


def present_bytes(extents: tuple[Extent, ...], size: int, image_size: int) -> int:
    """How many of a file's first bytes lie inside an image of this size; a hole counts as there."""
    there = 0
    for offset, length in ((extent.offset, extent.length) for extent in extents):
        inside = length if offset < 0 or offset + length <= image_size else max(0, image_size - offset)
        there += inside
        if inside < length:
            break
    return min(there, size)


def safe_component(name: str) -> str:
    """A name that can be one part of a path: no separator, not empty, neither '.' nor '..'."""
    if "/" in name or "\0" in name:
        name = name.replace("/", "\u2215").replace("\0", "\u2400")
    return name if name not in ("", ".", "..") else name.replace(".", "\u2024") or "_"
