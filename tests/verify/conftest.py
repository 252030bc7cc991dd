"""Small discs made of pydicom data sets and pycdlib, and the verdict on them."""

import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

from tview.media import open_medium
from tview.verify import Options, Verdict, verify

ROOT = "1.2.826.0.1.3680043.10.999."


def an_image(number: int = 1, **attributes: object) -> Dataset:
    """A small axial CT slice at z = 5 mm × number, with these attributes over it; None takes one away."""
    data_set = Dataset()
    values: dict[str, object] = {
        "SpecificCharacterSet": "ISO_IR 100", "ImageType": ["ORIGINAL", "PRIMARY", "AXIAL"], "SOPClassUID": CTImageStorage,
        "SOPInstanceUID": f"{ROOT}5.{number}", "StudyDate": "20260312", "StudyTime": "081437", "Modality": "CT",
        "StudyDescription": "CT Thorax", "SeriesDescription": "Thorax 5.0", "PatientName": "Doe^Jane", "PatientID": "42",
        "PatientBirthDate": "19610402", "PatientSex": "F", "SliceThickness": 5, "StudyInstanceUID": f"{ROOT}2",
        "InstitutionName": "Hospital X", "SeriesInstanceUID": f"{ROOT}3", "SeriesNumber": 4, "StudyID": "1", "AccessionNumber": "4711",
        "InstanceNumber": number, "ImagePositionPatient": [-100, -100, 5.0 * number], "ImageOrientationPatient": [1, 0, 0, 0, 1, 0],
        "FrameOfReferenceUID": f"{ROOT}4", "SamplesPerPixel": 1, "PhotometricInterpretation": "MONOCHROME2", "Rows": 4, "Columns": 4,
        "PixelSpacing": [0.5, 0.5], "BitsAllocated": 16, "BitsStored": 16, "HighBit": 15, "PixelRepresentation": 0,
        "PixelData": bytes([number % 256]) * 32,
    }  # fmt: skip
    for keyword, value in (values | attributes).items():
        if value is not None:
            setattr(data_set, keyword, value)
    return data_set


def a_report(text: str = "No focal lesion.", cites: tuple[tuple[str, str], ...] = (), number: int = 900, **attributes: object) -> Dataset:
    """A Basic Text SR with one paragraph, and evidence of (series UID, SOP UID)."""
    data_set = an_image(
        number, SOPClassUID="1.2.840.10008.5.1.4.1.1.88.11", Modality="SR", SeriesNumber=99, SeriesInstanceUID=f"{ROOT}3.99"
    )
    for keyword in ("PixelData", "Rows", "Columns", "BitsAllocated", "ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing"):
        delattr(data_set, keyword)
    data_set.CompletionFlag, data_set.VerificationFlag, data_set.ValueType = "COMPLETE", "UNVERIFIED", "CONTAINER"
    data_set.ContentDate, data_set.ContentTime = "20260312", "090000"
    data_set.ConceptNameCodeSequence = [a_code("126000", "DCM", "Imaging Report")]
    item = Dataset()
    item.RelationshipType, item.ValueType, item.TextValue = "CONTAINS", "TEXT", text
    item.ConceptNameCodeSequence = [a_code("121071", "DCM", "Finding")]
    data_set.ContentSequence = [item]
    if cites:
        study = Dataset()
        study.StudyInstanceUID, study.ReferencedSeriesSequence = f"{ROOT}2", []
        for series_uid in dict.fromkeys(series for series, _ in cites):
            series = Dataset()
            series.SeriesInstanceUID, series.ReferencedSOPSequence = series_uid, []
            for uid in (sop for other, sop in cites if other == series_uid):
                one = Dataset()
                one.ReferencedSOPClassUID, one.ReferencedSOPInstanceUID = CTImageStorage, uid
                series.ReferencedSOPSequence.append(one)
            study.ReferencedSeriesSequence.append(series)
        data_set.CurrentRequestedProcedureEvidenceSequence = [study]
    for keyword, value in attributes.items():
        setattr(data_set, keyword, value)
    return data_set


def a_code(value: str, scheme: str, meaning: str) -> Dataset:
    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = value, scheme, meaning
    return code


def save(data_set: Dataset, path: Path, syntax: str = ExplicitVRLittleEndian) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    data_set.file_meta = FileMetaDataset()
    data_set.file_meta.TransferSyntaxUID = syntax
    data_set.file_meta.MediaStorageSOPClassUID = data_set.SOPClassUID
    data_set.file_meta.MediaStorageSOPInstanceUID = data_set.SOPInstanceUID
    if "PixelData" in data_set:
        data_set["PixelData"].VR = "OW"
        data_set["PixelData"].is_undefined_length = data_set.file_meta.TransferSyntaxUID.is_encapsulated
    data_set.save_as(path, enforce_file_format=True)
    return path


def with_dicomdir(source: Path, target: Path) -> Path:
    """The folder's objects as a file-set with a DICOMDIR, by pydicom."""
    from pydicom.fileset import FileSet

    file_set = FileSet()
    for path in sorted(source.rglob("*")):
        if path.is_file():
            file_set.add(path)
    file_set.ID = "DISC"
    file_set.write(target)
    return target


def write_iso(folder: Path, target: Path, label: str = "DISC", **options: object) -> Path:
    """The folder as an ISO 9660 image, by pycdlib."""
    import pycdlib

    iso = pycdlib.PyCdlib()
    iso.new(**{"interchange_level": 1, "vol_ident": label, **options})
    for path in sorted(folder.rglob("*")):
        name = "/" + path.relative_to(folder).as_posix().upper()
        if path.is_dir():
            iso.add_directory(name, **({"joliet_path": name} if options.get("joliet") else {}))
        else:
            data = path.read_bytes()
            iso_name = name + (";1" if "." in path.name else ".;1")
            iso.add_fp(io.BytesIO(data), len(data), iso_name, **({"joliet_path": name} if options.get("joliet") else {}))
    iso.write(str(target))
    iso.close()
    return target


def lose(image: Path, name: str, offset: int = 0, length: int = 2048) -> Path:
    """Call these bytes of a file on an image lost, by a map as ddrescue writes it."""
    with open_medium(str(image)) as medium:
        entry = medium.entry(name)
        assert entry is not None
        start = entry.order + offset
    size = image.stat().st_size
    rows = f"0x0 {start:#x} +\n{start:#x} {length:#x} -\n{start + length:#x} {size - start - length:#x} +\n"
    image.with_suffix(".map").write_text(f"# Mapfile. Created by GNU ddrescue version 1.27\n0x0 + 1\n{rows}")
    return image


class Maker:
    """Writes discs below one folder."""

    image, report, code = staticmethod(an_image), staticmethod(a_report), staticmethod(a_code)
    save, write_iso, lose, root = staticmethod(save), staticmethod(write_iso), staticmethod(lose), ROOT

    def __init__(self, place: Path) -> None:
        self.place = place
        self._made = 0

    def path(self, name: str) -> Path:
        self._made += 1
        return self.place / f"{name}{self._made}"

    def folder(self, *objects: Dataset, listed: bool = True, syntax: str = ExplicitVRLittleEndian) -> Path:
        """These objects as a folder, with a DICOMDIR when `listed`."""
        place = self.path("raw")
        for number, one in enumerate(objects or [an_image(n) for n in range(1, 7)]):
            save(one, place / f"IM{number:04d}", syntax)
        return with_dicomdir(place, self.path("set")) if listed else place

    def iso(
        self, *objects: Dataset, listed: bool = True, label: str = "DISC", extra: Callable[[Path], None] | None = None, **options
    ) -> Path:
        """These objects as a disc image; `extra` may change the folder before."""
        folder = self.folder(*objects, listed=listed)
        if extra is not None:
            extra(folder)
        return write_iso(folder, self.path("disc").with_suffix(".iso"), label, **options)

    @staticmethod
    def objects(folder: Path) -> list[Path]:
        """The files of a folder that are no DICOMDIR."""
        return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "DICOMDIR")


@pytest.fixture
def make(tmp_path: Path) -> Maker:
    return Maker(tmp_path)


@pytest.fixture
def judge() -> Callable[..., Verdict]:
    """The verdict on a source, at the level bytes unless another is asked for."""

    def judged(source: Path, **options: object) -> Verdict:
        with open_medium(str(source)) as medium:
            return verify(medium, Options(**{"level": "bytes", **options}))

    return judged


@pytest.fixture
def codes() -> Callable[[Verdict], dict[str, str]]:
    """Codes of a verdict's findings with the letter of the worst of each."""

    def letters(verdict: Verdict) -> dict[str, str]:
        found: dict[str, str] = {}
        for told in reversed(verdict.findings):
            found[told.code] = told.severity.value[0].upper()
        return found

    return letters


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared folder of outside files; skips without it."""
    place = Path(os.environ.get("TVIEW_SHARED", Path(__file__).parents[3] / "shared"))
    if not place.is_dir():
        pytest.skip("the shared folder is not on this machine")
    return place
