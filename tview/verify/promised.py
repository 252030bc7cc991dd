"""What the header of an image promises of its pixels, held against what is there, without decoding anything."""

from tview.dicom import Header, sop_class_kind
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
