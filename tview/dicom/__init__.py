"""Data sets: what a DICOM file says before its pixel data, read by a bounded walk of our own, and the facts of the standard's tables."""

from tview.dicom.buffer import ReadAt
from tview.dicom.data_set import DataSet, Element
from tview.dicom.dictionary import vr_of
from tview.dicom.encapsulated import Fragment, FrameRanges, Pieces, ending, fragments, frame_ranges
from tview.dicom.fixed import SCAN_TAGS, Fixed, read_fixed, read_scanned
from tview.dicom.header import Header, PixelElement, begins_like_dicom, read_header
from tview.dicom.limits import DEFAULT, TRUSTED, Limits
from tview.dicom.skeleton import HeaderReader
from tview.dicom.uids import STORAGE_CLASSES, TransferSyntax, sop_class_kind, sop_class_name, transfer_syntax, transfer_syntax_name
from tview.dicom.values import PersonName, person_name

__all__ = [
    "DEFAULT",
    "SCAN_TAGS",
    "STORAGE_CLASSES",
    "TRUSTED",
    "DataSet",
    "Element",
    "Fixed",
    "Fragment",
    "FrameRanges",
    "Header",
    "HeaderReader",
    "Limits",
    "PersonName",
    "Pieces",
    "PixelElement",
    "ReadAt",
    "TransferSyntax",
    "begins_like_dicom",
    "ending",
    "fragments",
    "frame_ranges",
    "person_name",
    "read_fixed",
    "read_header",
    "read_scanned",
    "sop_class_kind",
    "sop_class_name",
    "transfer_syntax",
    "transfer_syntax_name",
    "vr_of",
]
