"""Discs in folders, made of pydicom data sets, and what a catalog makes of them."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

from tview.catalog import Catalog, complete_catalog
from tview.media import open_medium

ROOT = "1.2.826.0.1.3680043.10.999."


def an_image(number: int = 1, **attributes: object) -> Dataset:
    """A small axial CT slice at z = 5 mm × number, with these attributes over it; None takes one away."""
    data_set = Dataset()
    values: dict[str, object] = {
        "SpecificCharacterSet": "ISO_IR 100", "ImageType": ["ORIGINAL", "PRIMARY", "AXIAL"], "SOPClassUID": CTImageStorage,
        "SOPInstanceUID": f"{ROOT}5.{number}", "StudyDate": "20260312", "StudyTime": "081437", "Modality": "CT",
        "StudyDescription": "Thorax", "SeriesDescription": "Thorax 5.0", "PatientName": "Doe^Jane", "PatientID": "42",
        "PatientBirthDate": "19610402", "PatientSex": "F", "SliceThickness": 5, "StudyInstanceUID": f"{ROOT}2",
        "SeriesInstanceUID": f"{ROOT}3", "SeriesNumber": 4, "StudyID": "1", "AccessionNumber": "A77", "InstanceNumber": number,
        "ImagePositionPatient": [-100, -100, 5.0 * number], "ImageOrientationPatient": [1, 0, 0, 0, 1, 0],
        "FrameOfReferenceUID": f"{ROOT}4", "SamplesPerPixel": 1, "PhotometricInterpretation": "MONOCHROME2", "Rows": 4, "Columns": 4,
        "PixelSpacing": [0.5, 0.5], "BitsAllocated": 16, "BitsStored": 16, "HighBit": 15, "PixelRepresentation": 0,
        "PixelData": bytes(32),
    }  # fmt: skip
    for keyword, value in (values | attributes).items():
        if value is not None:
            setattr(data_set, keyword, value)
    return data_set


def save(data_set: Dataset, path: Path, syntax: str = ExplicitVRLittleEndian) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    data_set.file_meta = FileMetaDataset()
    data_set.file_meta.TransferSyntaxUID = syntax
    data_set.file_meta.MediaStorageSOPClassUID = data_set.SOPClassUID
    data_set.file_meta.MediaStorageSOPInstanceUID = data_set.get("SOPInstanceUID", "1.2.3")
    if "PixelData" in data_set:
        data_set["PixelData"].VR = "OW"
        if data_set.file_meta.TransferSyntaxUID.is_encapsulated:
            data_set["PixelData"].is_undefined_length = True
    data_set.save_as(path, enforce_file_format=True)


@pytest.fixture
def image() -> Callable[..., Dataset]:
    return an_image


@pytest.fixture
def disc(tmp_path: Path) -> Callable[..., Path]:
    """Writes images as IM0001… into a folder and gives the folder."""

    def write(*images: Dataset, folder: str = "disc", **options: str) -> Path:
        place = tmp_path / folder
        place.mkdir(exist_ok=True)
        for number, one in enumerate(images, 1):
            save(one, place / f"IM{number:04d}", **options)
        return place

    return write


@pytest.fixture
def write() -> Callable[..., None]:
    return save


@pytest.fixture
def read() -> Callable[..., Catalog]:
    """The complete catalog of sources."""

    def catalog_of(*sources: Path) -> Catalog:
        media = [open_medium(str(source)) for source in sources]
        try:
            return complete_catalog(media)
        finally:
            for medium in media:
                medium.close()

    return catalog_of


@pytest.fixture
def with_dicomdir() -> Callable[..., Path]:
    """Puts the folder's images into a file-set with a DICOMDIR, by pydicom; gives the new folder."""

    def make(source: Path, target: Path) -> Path:
        from pydicom.fileset import FileSet

        file_set = FileSet()
        for path in sorted(source.rglob("*")):
            if path.is_file():
                file_set.add(path)
        file_set.write(target)
        return target

    return make


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared folder of outside files; skips without it."""
    place = Path(os.environ.get("TVIEW_SHARED", Path(__file__).resolve().parents[3] / "shared"))
    if not place.is_dir():
        pytest.skip(f"no outside files at {place}: set TVIEW_SHARED")
    return place


@pytest.fixture
def file_set(disc, image, with_dicomdir, tmp_path) -> Path:
    """Two patients, three series, eight images."""
    images = [image(n) for n in range(1, 5)]
    images += [image(n, SeriesInstanceUID="1.2.3.88", SeriesNumber=5) for n in (11, 12)]
    images += [image(n, PatientID="43", PatientName="Roe^Max", StudyInstanceUID="1.2.3.99", SeriesInstanceUID="1.2.3.98") for n in (21, 22)]
    return with_dicomdir(disc(*images), tmp_path / "set")
