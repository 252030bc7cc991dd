#!/usr/bin/env python3
"""Make `fixtures/small/`: tiny discs and files for tests that need no other material. The same bytes every time.

python scripts/make_fixtures.py [FOLDER]
"""

import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
from phantom import disc
from phantom.records import IMPLEMENTATION_VERSION, uid
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

SIZE, SLICES = 32, 5


def stored(number: int) -> npt.NDArray[np.uint16]:
    """Stored values of slice `number` (0 to 4): row + 32 * column + 1000 * number, so that every pixel is known by its place."""
    row, column = np.mgrid[0:SIZE, 0:SIZE]
    return np.asarray(row + SIZE * column + 1000 * number, np.uint16)


def ct(key: str, number: int, name: str = "SMALL^SERIES", patient_id: str = "SMALL-1", charset: str = "ISO_IR 100") -> Dataset:
    """One uncompressed CT slice of 32 x 32 pixels of 10 mm, 5 mm apart, head first in the numbering."""
    ds = Dataset()
    ds.SpecificCharacterSet = charset.split("\\") if "\\" in charset else charset
    ds.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    ds.SOPClassUID, ds.SOPInstanceUID = CTImageStorage, uid(f"small/{key}/{number}")
    ds.StudyDate = ds.SeriesDate = ds.ContentDate = "20240102"
    ds.StudyTime = ds.SeriesTime = ds.ContentTime = "030405"
    ds.AccessionNumber, ds.Modality, ds.Manufacturer, ds.ReferringPhysicianName = "", "CT", "tview fixtures", ""
    ds.StudyDescription, ds.SeriesDescription = "Small study", "Small series"
    ds.PatientName, ds.PatientID, ds.PatientBirthDate, ds.PatientSex = name, patient_id, "19700101", "O"
    ds.BodyPartExamined, ds.SliceThickness, ds.KVP, ds.PatientPosition = "CHEST", "5", "120", "HFS"
    ds.StudyInstanceUID, ds.SeriesInstanceUID = uid(f"small/{key}/study"), uid(f"small/{key}/series")
    ds.StudyID, ds.SeriesNumber, ds.AcquisitionNumber, ds.InstanceNumber = "1", 1, 1, number + 1
    ds.ImagePositionPatient = [-155, -155, 100 - 5 * number]
    ds.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    ds.FrameOfReferenceUID, ds.PositionReferenceIndicator = uid(f"small/{key}/frame"), ""
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
    ds.Rows = ds.Columns = SIZE
    ds.PixelSpacing = [10, 10]
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 16, 16, 15, 0
    ds.WindowCenter, ds.WindowWidth = "40", "400"
    ds.RescaleIntercept, ds.RescaleSlope, ds.RescaleType = "-1024", "1", "HU"
    ds.PixelData = stored(number).astype("<u2").tobytes()
    ds["PixelData"].VR = "OW"
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID, meta.TransferSyntaxUID = (
        CTImageStorage,
        ds.SOPInstanceUID,
        ExplicitVRLittleEndian,
    )
    meta.ImplementationClassUID, meta.ImplementationVersionName = uid("implementation"), IMPLEMENTATION_VERSION
    ds.file_meta = meta
    return ds


def series() -> dict[str, bytes]:
    """Five slices, no DICOMDIR."""
    return {f"series/CT{number + 1:06d}.dcm": disc.encoded(ct("series", number)) for number in range(SLICES)}


def with_dicomdir() -> dict[str, bytes]:
    """Three slices and the DICOMDIR that lists them."""
    listed = [(f"IMAGES/IM{number + 1:06d}", ct("listed", number)) for number in range(3)]
    return {f"dicomdir/{path}": data for path, data in _set(listed, "LISTED").items()}


def two_patients() -> dict[str, bytes]:
    """Two people in one folder, two slices each, no DICOMDIR."""
    people = (("one", "ONE^PERSON", "SMALL-2"), ("two", "TWO^PERSON", "SMALL-3"))
    return {f"two-patients/{key}{n + 1}.dcm": disc.encoded(ct(key, n, name, number)) for key, name, number in people for n in range(2)}


def missing_file() -> dict[str, bytes]:
    """A disc whose DICOMDIR lists four slices; the third, IMAGES/IM000003, is not there."""
    listed = [(f"IMAGES/IM{number + 1:06d}", ct("missing", number)) for number in range(4)]
    files = _set(listed, "MISSING")
    del files["IMAGES/IM000003"]
    return {"missing-file.iso": disc.iso(files, "MISSING")}


def truncated() -> dict[str, bytes]:
    """One slice cut off in row 20 of 32: the first 19 rows and half of the next are there."""
    data = disc.encoded(ct("truncated", 0))
    return {"truncated.dcm": data[: len(data) - SIZE * SIZE * 2 + 19 * SIZE * 2 + SIZE]}


def names() -> dict[str, bytes]:
    """A name in ISO 8859-1, and one in Japanese with its three groups (PS3.5 H.3.2)."""
    return {
        "latin1.dcm": disc.encoded(ct("latin1", 0, "Müßig^Renée", "SMALL-4", "ISO_IR 100")),
        "japanese.dcm": disc.encoded(ct("japanese", 0, "Yamada^Tarou=山田^太郎=やまだ^たろう", "SMALL-5", "\\ISO 2022 IR 87")),
    }


def _set(listed: list[tuple[str, Dataset]], label: str) -> dict[str, bytes]:
    return {"DICOMDIR": disc.dicomdir(listed, label, label)} | {path: disc.encoded(ds) for path, ds in listed}


FIXTURES = (series, with_dicomdir, two_patients, missing_file, truncated, names)


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1] / "fixtures" / "small"
    for make in FIXTURES:
        for path, data in make().items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)


if __name__ == "__main__":
    main()
