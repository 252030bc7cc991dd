"""CT objects as files: a header as scanners write it, about 7 KB with sequences and private elements, varied from slice to slice.

Elements are encoded once, and those that differ between slices again for each: thousands of files in seconds.
"""

import struct
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_data_element
from pydicom.sequence import Sequence as Items
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

_SPACE = uuid.UUID("3c1c2f52-8a5e-5c1b-9d6e-0b5e4c4d0001")
PATIENT_NAME, PATIENT_ID, STUDY_DATE = "BENCH^PHANTOM", "BENCH-1", "20250306"


def uid(name: str) -> str:
    """The same UID for the same name."""
    return f"2.25.{uuid.uuid5(_SPACE, name).int}"


STUDY_UID = uid("study")


@dataclass(frozen=True, slots=True)
class Slice:
    """Where a slice belongs: its numbers from 1, and how high it lies."""

    series: int
    instance: int
    z_mm: float

    @property
    def series_uid(self) -> str:
        return uid(f"series {self.series}")

    @property
    def uid(self) -> str:
        return f"{self.series_uid}.{self.instance}"[:64]


def common(rows: int, columns: int, pixel_mm: float) -> Dataset:
    """What all slices of the study share, with the elements that vary left out."""
    ds = Dataset()
    ds.SpecificCharacterSet = "ISO_IR 100"
    ds.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    ds.SOPClassUID = CTImageStorage
    ds.StudyDate = ds.SeriesDate = ds.AcquisitionDate = ds.ContentDate = STUDY_DATE
    ds.StudyTime, ds.SeriesTime = "094112", "094501.331000"
    ds.AccessionNumber, ds.Modality = "A2025030601", "CT"
    ds.Manufacturer, ds.ManufacturerModelName, ds.InstitutionName = "tview bench", "Formula 64", "Demo Hospital"
    ds.ReferringPhysicianName = "EXAMPLE^REFERRER"
    ds.StudyDescription = "CT Thorax with contrast"
    ds.PatientName, ds.PatientID, ds.PatientBirthDate, ds.PatientSex, ds.PatientAge = PATIENT_NAME, PATIENT_ID, "19610402", "F", "063Y"
    ds.ContrastBolusAgent, ds.BodyPartExamined = "IODINE", "CHEST"
    ds.SliceThickness, ds.KVP, ds.DataCollectionDiameter = "1.0", "120", "500"
    ds.ProtocolName, ds.ReconstructionDiameter = "THORAX", f"{columns * pixel_mm:.1f}"
    ds.ConvolutionKernel, ds.PatientPosition = "B40f", "HFS"
    ds.StudyInstanceUID, ds.StudyID = STUDY_UID, "1"
    ds.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    ds.FrameOfReferenceUID = uid("frame of reference")
    ds.ImageComments = "Computed from formulas. " * 8
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    ds.Rows, ds.Columns, ds.PixelSpacing = rows, columns, [pixel_mm, pixel_mm]
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 16, 12, 11, 0
    ds.WindowCenter, ds.WindowWidth, ds.WindowCenterWidthExplanation = [40, -600], [400, 1500], ["MEDIASTINUM", "LUNG"]
    ds.RescaleIntercept, ds.RescaleSlope, ds.RescaleType = "-1024", "1", "HU"
    _add_bulk(ds)
    return ds


def _add_bulk(ds: Dataset) -> None:
    """References and private elements, which are most of a scanner's header."""
    for keyword, count in (("ReferencedImageSequence", 3), ("SourceImageSequence", 8), ("ReferencedStudySequence", 1)):
        items = []
        for number in range(count):
            item = Dataset()
            item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = CTImageStorage, uid(f"{keyword} {number}")
            items.append(item)
        setattr(ds, keyword, Items(items))
    numbers = ds.private_block(0x0019, "TVIEW BENCH ACQU", create=True)
    for element in range(2, 60):
        numbers.add_new(element, "DS", f"{element * 1.2345:.6f}")
    blob = ds.private_block(0x0029, "TVIEW BENCH CSA", create=True)
    blob.add_new(0x10, "OB", bytes(range(256)) * 8)


class Writer:
    """Files of one study: `file` gives the bytes of a slice."""

    def __init__(self, shared: Dataset, syntax: str = ExplicitVRLittleEndian) -> None:
        self._fixed = {int(element.tag): _encoded(element) for element in shared}
        self._syntax = syntax

    def file(self, place: Slice, pixels: bytes, encapsulated: bool = False) -> bytes:
        """A whole file: preamble, meta information, header, pixels (or fragments, when `encapsulated`)."""
        elements = {**self._fixed, **_varying(place)}
        body = b"".join(data for _, data in sorted(elements.items()))
        pixel_data = struct.pack("<HH2sHL", 0x7FE0, 0x10, b"OB" if encapsulated else b"OW", 0, 0xFFFFFFFF if encapsulated else len(pixels))
        if encapsulated:
            pixels = pixels + bytes(len(pixels) % 2)
            pixels = (
                struct.pack("<HHLHHL", 0xFFFE, 0xE000, 0, 0xFFFE, 0xE000, len(pixels)) + pixels + struct.pack("<HHL", 0xFFFE, 0xE0DD, 0)
            )
        return b"".join((bytes(128), b"DICM", meta(CTImageStorage, place.uid, self._syntax), body, pixel_data, pixels))


def text_element(tag: int, vr: str, value: str) -> bytes:
    """An explicit little endian element of a short text VR."""
    data = value.encode("ascii")
    data += (b"\0" if vr == "UI" else b" ") * (len(data) % 2)
    return struct.pack("<HH2sH", tag >> 16, tag & 0xFFFF, vr.encode(), len(data)) + data


def meta(sop_class: str, instance: str, syntax: str) -> bytes:
    """File meta information with its group length."""
    body = struct.pack("<HH2sHL2s", 2, 1, b"OB", 0, 2, b"\0\1") + b"".join(
        text_element(0x00020000 | element, "UI", value)
        for element, value in ((2, sop_class), (3, instance), (0x10, syntax), (0x12, uid("implementation")))
    )
    return struct.pack("<HH2sHL", 2, 0, b"UL", 4, len(body)) + body


def _varying(place: Slice) -> dict[int, bytes]:
    values: Iterable[tuple[int, str, str]] = (
        (0x00080018, "UI", place.uid),
        (0x00080032, "TM", f"0945{place.instance % 60:02d}.{place.instance % 977:06d}"),
        (0x00080033, "TM", f"0946{place.instance % 60:02d}.{place.instance % 983:06d}"),
        (0x0008103E, "LO", f"Thorax 1.0 B40f series {place.series}"),
        (0x0020000E, "UI", place.series_uid),
        (0x00200011, "IS", str(place.series)),
        (0x00200012, "IS", str(place.series)),
        (0x00200013, "IS", str(place.instance)),
        (0x00200032, "DS", f"-199.609375\\-189.609375\\{place.z_mm:g}"),
        (0x00201041, "DS", f"{place.z_mm:g}"),
        (0x00181151, "IS", str(90 + place.instance * 7 % 240)),
    )
    return {tag: text_element(tag, vr, value) for tag, vr, value in values}


def _encoded(element: object) -> bytes:
    out = DicomBytesIO()
    out.is_little_endian, out.is_implicit_VR = True, False
    write_data_element(out, element, ["iso8859"])  # type: ignore[arg-type]
    return out.getvalue()
