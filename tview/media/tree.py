"""What a file system reader gives: the files that one tree of a disc lists."""

from dataclasses import dataclass, field

from tview.errors import Finding
from tview.media.values import HOLE, Entry, Extent

MAX_FILES = 1_000_000
MAX_DEPTH = 255


@dataclass(slots=True)
class Tree:
    """The files of one tree in walking order, and further addresses that files of it have (the ISO 9660 one beside a Rock Ridge name).

    `kind` is one of TREES. `lost` counts directories that could not be read whole. `mirrored`: another tree lists the same contents.
    """

    kind: str
    session: int = 1
    files: list[Entry] = field(default_factory=list)
    aliases: list[tuple[str, Entry]] = field(default_factory=list)
    findings: tuple[Finding, ...] = ()
    lost: int = 0
    mirrored: bool = False


# On a tie the names are taken from the first.
TREES = ("rock-ridge", "joliet", "udf", "iso9660-1999", "iso9660")


def present_bytes(extents: tuple[Extent, ...], size: int, image_size: int) -> int:
    """How many of a file's first bytes lie inside an image of this size; a hole counts as there, what lies before the image does not."""
    there = 0
    for offset, length in extents:
        inside = length if offset == HOLE or 0 <= offset <= image_size - length else max(0, image_size - offset) if offset >= 0 else 0
        there += inside
        if inside < length:
            break
    return min(there, size)


def listed(path: str, size: int, extents: tuple[Extent, ...], image_size: int, session: int, tree: str) -> Entry:
    """A file that a tree lists, with how much of it lies inside the image; `order` is its first byte."""
    order = next((extent.offset for extent in extents if extent.offset >= 0), 0)
    return Entry(path, size, present_bytes(extents, size, image_size), extents, order, session, tree)


def safe_component(name: str) -> str:
    """A name that can be one part of a path: no separator, not empty, neither '.' nor '..'."""
    if "/" in name or "\0" in name:
        name = name.replace("/", "\u2215").replace("\0", "\u2400")
    return name if name not in ("", ".", "..") else "_" * max(1, len(name))
