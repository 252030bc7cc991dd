"""The DICOM objects of the demo disc: what every one carries, and each kind's own modules. UIDs and dates are fixed."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence as Items
from pydicom.uid import UID

PATIENT_NAME, PATIENT_ID, BIRTH_DATE = "DEMO^ANNA", "DEMO-0001", "19610402"
NOTE = "SYNTHETIC DEMONSTRATION DATA, COMPUTED FROM FORMULAS. NO REAL PATIENT."
IMPLEMENTATION_VERSION = "TVIEW_DEMO_1"
_SPACE = uuid.UUID("7a1d1c0e-5f2b-5c55-9c11-d15c0de00001")


def uid(name: str) -> UID:
    """The same 2.25 UID for the same name, always."""
    return UID(f"2.25.{uuid.uuid5(_SPACE, name).int}")


@dataclass(frozen=True, slots=True)
class Study:
    """One visit to a machine."""

    key: str
    number: int
    date: str
    time: str
    description: str
    accession: str
    age: str


CT_STUDY = Study("ct", 1, "20250306", "094112", "CT Thorax with contrast", "DEMO2025030601", "063Y")
DX_STUDY = Study("dx", 2, "20250304", "151840", "Chest PA", "DEMO2025030402", "063Y")
US_STUDY = Study("us", 3, "20250227", "102005", "Echocardiography", "DEMO2025022701", "063Y")
MR_STUDY = Study("mr", 4, "20240514", "132733", "MR Brain", "DEMO2024051403", "063Y")


def code(value: str, scheme: str, meaning: str) -> Dataset:
    """One code item."""
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return item


def base(study: Study, sop_class: UID, modality: str, series: int, instance: int, description: str, machine: str, syntax: UID) -> Dataset:
    """Patient, study, series, equipment and SOP common modules, with file meta information."""
    ds = Dataset()
    ds.SpecificCharacterSet = "ISO_IR 100"
    ds.InstanceCreationDate, ds.InstanceCreationTime = study.date, study.time
    ds.SOPClassUID = sop_class
    ds.SOPInstanceUID = uid(f"{study.key}/{series}/{instance}")
    ds.StudyDate = ds.SeriesDate = ds.ContentDate = study.date
    ds.StudyTime = ds.SeriesTime = ds.ContentTime = study.time
    ds.AccessionNumber = study.accession
    ds.Modality = modality
    ds.Manufacturer, ds.ManufacturerModelName = "tview demo", machine
    ds.InstitutionName, ds.InstitutionAddress, ds.StationName = "Demo Hospital", "Nowhere", "DEMO1"
    ds.ReferringPhysicianName = "EXAMPLE^REFERRER"
    ds.StudyDescription, ds.SeriesDescription = study.description, description
    ds.PatientName, ds.PatientID, ds.IssuerOfPatientID = PATIENT_NAME, PATIENT_ID, "DEMO HOSPITAL"
    ds.PatientBirthDate, ds.PatientSex, ds.PatientAge = BIRTH_DATE, "F", study.age
    ds.PatientComments = NOTE
    ds.SoftwareVersions = "1"
    ds.DeviceSerialNumber = "0"
    ds.StudyInstanceUID, ds.SeriesInstanceUID = uid(study.key), uid(f"{study.key}/{series}")
    ds.StudyID, ds.SeriesNumber, ds.InstanceNumber = str(study.number), series, instance
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID, meta.TransferSyntaxUID = sop_class, ds.SOPInstanceUID, syntax
    meta.ImplementationClassUID, meta.ImplementationVersionName = uid("implementation"), IMPLEMENTATION_VERSION
    ds.file_meta = meta
    return ds


def grey(ds: Dataset, pixels: npt.NDArray[np.generic], bits: int, photometric: str = "MONOCHROME2") -> None:
    """The image pixel module of a grey picture, without the pixels."""
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, photometric
    ds.Rows, ds.Columns = pixels.shape[-2:]
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 16, bits, bits - 1, 0
    ds.BurnedInAnnotation = "NO"


def compressed(ds: Dataset, frames: Sequence[bytes | bytearray]) -> None:
    """Pixel data as fragments, one a frame, with a basic offset table."""
    ds.PixelData = encapsulate([bytes(frame) for frame in frames])
    ds["PixelData"].VR = "OB"
    ds["PixelData"].is_undefined_length = True


def windows(ds: Dataset, *given: tuple[int, int, str]) -> None:
    """Windows in the order a reader should be offered them: centre, width, name."""
    many = len(given) > 1
    ds.WindowCenter = [c for c, _, _ in given] if many else given[0][0]
    ds.WindowWidth = [w for _, w, _ in given] if many else given[0][1]
    ds.WindowCenterWidthExplanation = [name for _, _, name in given] if many else given[0][2]


def sequence(*items: Dataset) -> Items:
    return Items(items)
