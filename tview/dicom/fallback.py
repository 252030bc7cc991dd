"""pydicom's reader, for headers that the walk cannot finish. Imported only then: it costs a quarter of a second."""

import io
import logging
import warnings
from typing import TYPE_CHECKING

from tview.dicom.buffer import Buffer, ReadAt
from tview.dicom.data_set import DataSet
from tview.dicom.limits import DEFAULT
from tview.dicom.walk import PIXEL_TAGS, Budget, Entry, Layout

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

    from tview.dicom.header import Header

_LARGEST = 16 << 20  # pydicom takes seconds where a hostile header is long
_DEEPEST = 32


def read_with_pydicom(header: "Header", read_at: ReadAt, size: int) -> "Header | None":
    """The header as `dcmread` has it, in place of `header`; None when it cannot read it either, or the file is too long for it."""
    if size > _LARGEST:
        return None
    from pydicom import dcmread

    logging.getLogger("pydicom").setLevel(logging.CRITICAL)  # it warns on stderr, with what stands in the file
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            read = dcmread(io.BytesIO(read_at(0, size)), force=True, defer_size=1 << 16)
        data_set, pixel = _convert(read, Buffer(read_at, size, DEFAULT), None, 0)
    except (Exception, RecursionError):  # a library at the edge: whatever it raises means that it cannot
        return None
    from tview.dicom.header import PixelElement

    return header._replace(data_set=data_set, pixel_element=PixelElement(*pixel) if pixel else header.pixel_element, how="dcmread")


def _convert(source: "Dataset", buffer: Buffer, parent: DataSet | None, depth: int) -> tuple[DataSet, tuple[int, str, int, int] | None]:
    from pydicom.dataelem import RawDataElement

    implicit, little = source.original_encoding
    entries: dict[int, Entry] = {}
    given: dict[int, bytes] = {}
    children: dict[int, tuple[DataSet, ...]] = {}
    pixel = None
    target = DataSet(buffer, 0, 0, Layout(not implicit, little is not False), Budget(DEFAULT.elements, DEFAULT.depth), parent, entries)
    for tag in sorted(source._dict):
        element = source._dict[tag]
        if isinstance(element, RawDataElement):
            vr, length = element.VR or "", element.length
            if int(tag) in PIXEL_TAGS and parent is None:
                pixel = (int(tag), vr, element.value_tell, -1 if length == 0xFFFFFFFF else length)
                continue
            entries[int(tag)] = (vr, element.value_tell, len(element.value) if element.value is not None else length)
            if element.value is not None:
                given[int(tag)] = bytes(element.value)
        elif element.VR == "SQ" and depth < _DEEPEST:
            entries[int(tag)] = ("SQ", int(element.file_tell or 0), 0)
            children[int(tag)] = tuple(_convert(item, buffer, target, depth + 1)[0] for item in element.value)
    target.give(given, children)
    return target, pixel
