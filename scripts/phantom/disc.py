# ruff: noqa: E501 -- tables read better in rows
"""The DICOMDIR and the ISO image around the objects."""

import io
import os
import time
from collections.abc import Mapping, Sequence
from unittest.mock import patch

import pycdlib
from pydicom import dcmread, dcmwrite
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence as Items
from pydicom.uid import ExplicitVRLittleEndian, MediaStorageDirectoryStorage

from .records import IMPLEMENTATION_VERSION, uid

BURNED = 1741694400  # 2025-03-11 12:00 UTC

_KEYS = {
    "PATIENT": ("PatientName", "PatientID", "PatientBirthDate", "PatientSex"),
    "STUDY": ("StudyDate", "StudyTime", "StudyDescription", "StudyInstanceUID", "StudyID", "AccessionNumber"),
    "SERIES": ("Modality", "SeriesDescription", "SeriesInstanceUID", "SeriesNumber", "InstitutionName"),
    "IMAGE": ("ImageType", "InstanceNumber", "ImagePositionPatient", "ImageOrientationPatient", "FrameOfReferenceUID", "PixelSpacing", "Rows", "Columns", "NumberOfFrames"),
    "SR DOCUMENT": ("InstanceNumber", "CompletionFlag", "VerificationFlag", "ContentDate", "ContentTime", "ConceptNameCodeSequence"),
    "ENCAP DOC": ("InstanceNumber", "ContentDate", "ContentTime", "DocumentTitle", "ConceptNameCodeSequence", "MIMETypeOfEncapsulatedDocument"),
}  # fmt: skip


def encoded(ds: Dataset) -> bytes:
    """A data set as a DICOM file."""
    out = io.BytesIO()
    dcmwrite(out, ds, enforce_file_format=True)
    return out.getvalue()


def _kind(ds: Dataset) -> str:
    return {"SR": "SR DOCUMENT", "DOC": "ENCAP DOC"}.get(str(ds.Modality), "IMAGE")


def _record(kind: str, ds: Dataset, file_id: str | None) -> Dataset:
    record = Dataset()
    record.OffsetOfTheNextDirectoryRecord = record.OffsetOfReferencedLowerLevelDirectoryEntity = 0
    record.RecordInUseFlag, record.DirectoryRecordType = 0xFFFF, kind
    if file_id:
        record.ReferencedFileID = file_id.split("/")
        record.ReferencedSOPClassUIDInFile, record.ReferencedSOPInstanceUIDInFile = ds.SOPClassUID, ds.SOPInstanceUID
        record.ReferencedTransferSyntaxUIDInFile = ds.file_meta.TransferSyntaxUID
    record.SpecificCharacterSet = ds.get("SpecificCharacterSet", "ISO_IR 100")
    for keyword in _KEYS[kind]:
        if keyword in ds:
            record[keyword] = ds[keyword]
    if kind == "SR DOCUMENT" and ds.VerificationFlag == "VERIFIED":
        record.VerificationDateTime = max(observer.VerificationDateTime for observer in ds.VerifyingObserverSequence)
    return record


def dicomdir(objects: Sequence[tuple[str, Dataset]], name: str, label: str) -> bytes:
    """A DICOMDIR of (file ID, data set) pairs, grouped by patient, study and series in the order given (PS3.3 F.3)."""
    records: list[Dataset] = []
    following: dict[int, int] = {}
    below: dict[int, int] = {}
    last: dict[tuple[str, ...], int] = {}  # the newest record under a parent
    known: dict[tuple[str, ...], int] = {}

    def add(record: Dataset, parent: tuple[str, ...]) -> int:
        records.append(record)
        index = len(records) - 1
        if parent in last:
            following[last[parent]] = index
        elif parent:
            below[known[parent]] = index
        last[parent] = index
        return index

    def walk(level: int, chosen: Sequence[tuple[str, Dataset]], parent: tuple[str, ...]) -> None:
        keyword = ("PatientID", "StudyInstanceUID", "SeriesInstanceUID")[level]
        groups: dict[str, list[tuple[str, Dataset]]] = {}
        for file_id, ds in chosen:
            groups.setdefault(str(ds[keyword].value), []).append((file_id, ds))
        for key, members in groups.items():
            here = (*parent, key)
            known[here] = add(_record(("PATIENT", "STUDY", "SERIES")[level], members[0][1], None), parent)
            if level < 2:
                walk(level + 1, members, here)
            else:
                for file_id, ds in members:
                    add(_record(_kind(ds), ds, file_id), here)

    walk(0, objects, ())
    top = [i for i, record in enumerate(records) if record.DirectoryRecordType == "PATIENT"]
    ds = Dataset()
    ds.FileSetID = label
    ds.OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity = ds.OffsetOfTheLastDirectoryRecordOfTheRootDirectoryEntity = 0
    ds.FileSetConsistencyFlag = 0
    ds.DirectoryRecordSequence = Items(records)
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = MediaStorageDirectoryStorage, uid(f"dicomdir/{name}")
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID, meta.ImplementationVersionName = uid("implementation"), IMPLEMENTATION_VERSION
    ds.file_meta = meta
    # the offsets do not change any length: write, ask where the items came to lie, and write again
    places = [int(item.seq_item_tell) for item in dcmread(io.BytesIO(encoded(ds))).DirectoryRecordSequence]
    for index, record in enumerate(records):
        record.OffsetOfTheNextDirectoryRecord = places[following[index]] if index in following else 0
        record.OffsetOfReferencedLowerLevelDirectoryEntity = places[below[index]] if index in below else 0
    ds.OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity = places[top[0]]
    ds.OffsetOfTheLastDirectoryRecordOfTheRootDirectoryEntity = places[top[-1]]
    return encoded(ds)


def iso(files: Mapping[str, bytes], label: str) -> bytes:
    """An ISO 9660 level 1 image with Joliet names, dated `BURNED`; the files lie in the order given."""
    zone = os.environ.get("TZ")
    os.environ["TZ"] = "UTC"
    time.tzset()
    try:
        with patch("time.time", return_value=float(BURNED)):
            return _iso(files, label)
    finally:
        os.environ.pop("TZ") if zone is None else os.environ.__setitem__("TZ", zone)
        time.tzset()


def _iso(files: Mapping[str, bytes], label: str) -> bytes:
    image = pycdlib.PyCdlib()
    image.new(interchange_level=1, joliet=3, vol_ident=label, sys_ident="", app_ident_str="TVIEW DEMO DISC", pub_ident_str="TVIEW")
    made: set[str] = set()
    for path, data in files.items():
        parts = path.split("/")
        for depth in range(1, len(parts)):
            folder = "/".join(parts[:depth])
            if folder not in made:
                made.add(folder)
                image.add_directory("/" + folder, joliet_path="/" + folder)
        plain = path if "." in parts[-1] else path + "."
        image.add_fp(io.BytesIO(data), len(data), f"/{plain};1", joliet_path="/" + path)
    out = io.BytesIO()
    image.write_fp(out)
    image.close()
    return out.getvalue()
