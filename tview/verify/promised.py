"""What the header of an image promises of its pixels, held against what is there, without decoding anything."""

import re
from typing import NamedTuple

from tview.dicom import Fragment, Header, ReadAt, fragments, sop_class_kind
from tview.dicom import tags as t
from tview.errors import Finding, finding

_LEAST_PRIVATE = 1024
"""Bytes of a private element that may be pixels in a form of their maker's own."""


def without_pixels(header: Header, path: str) -> Finding | None:
    """What to tell of an image that has rows and columns and no pixel data at all (PS3.3 C.7.6.3); None for every other object."""
    data_set = header.data_set
    if header.pixel_element is not None or sop_class_kind(header.sop_class_uid or "") not in ("image", "segmentation"):
        return None
    if not (data_set.integer(t.ROWS) and data_set.integer(t.COLUMNS)) or t.PIXEL_DATA_PROVIDER_URL in data_set:
        return None
    if any(tag >> 16 & 1 and _length(header, tag) >= _LEAST_PRIVATE for tag in data_set.tags()):
        return None
    return finding("frames-absent", path=path, frames=max(1, data_set.integer(t.NUMBER_OF_FRAMES) or 1))


def _length(header: Header, tag: int) -> int:
    place = header.data_set.reader(tag)
    return place[1] if place is not None else 0


_END_OF_STREAM = b"\xff\xd9"
"""Of JPEG (EOI), JPEG-LS and JPEG 2000 (EOC)."""
_MARKED = re.compile(r"1\.2\.840\.10008\.1\.2\.4\.(5\d|6\d|70|8[01]|9[0-3]|20[1-3])")
_VIDEO = re.compile(r"1\.2\.840\.10008\.1\.2\.4\.(10[0-8])(\.1)?")
_LAST = 64  # bytes of a stream in which its end is looked for: some writers pad


class Streams(NamedTuple):
    """What the fragments of one object come to. `is_doubtful`: they may not hold every frame whole; only decoding tells."""

    is_empty: bool
    is_doubtful: bool


def streams(header: Header, read_at: ReadAt, size: int) -> Streams:
    """Whether there is a fragment for each frame (PS3.5 A.4), and whether what should end in a marker does. Keeps nothing of it."""
    pixel = header.pixel_element
    if pixel is None or pixel.length >= 0 or header.inflated is not None:
        return Streams(False, False)
    found = fragments(read_at, pixel.offset, size)
    next(found, None)  # the offset table
    frames = max(1, header.data_set.integer(t.NUMBER_OF_FRAMES) or 1)
    count = unended = 0
    last_ends = True
    for fragment in found:
        count += 1
        last_ends = _ends(read_at, fragment)
        unended += not last_ends
    if _VIDEO.fullmatch(header.transfer_syntax_uid):
        return Streams(not count, False)
    is_marked = _MARKED.fullmatch(header.transfer_syntax_uid) is not None
    # With more fragments than frames most of them end within a stream.
    lacks_end = is_marked and (not last_ends or (count == frames and unended > 0))
    return Streams(not count, count < frames or lacks_end)


def _ends(read_at: ReadAt, fragment: Fragment) -> bool:
    length = min(_LAST, fragment.length)
    return _END_OF_STREAM in read_at(fragment.offset + fragment.length - length, length)


def without_fragments(header: Header, path: str) -> Finding:
    """What to tell of compressed pixel data in which there is nothing."""
    return finding("frames-absent", path=path, frames=max(1, header.data_set.integer(t.NUMBER_OF_FRAMES) or 1))
