"""Documents of single files, structured reports made from code, and what is shared with other rooms' tests."""

import io
import os
from pathlib import Path

import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ComprehensiveSRStorage, ExplicitVRLittleEndian, generate_uid

from tview.dicom import read_header
from tview.documents import Document, Whereabouts, open_document, plain_lines
from tview.media import open_medium

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def corpus() -> Path:
    folder = Path(os.environ.get("TVIEW_CORPUS") or Path(os.environ.get("TVIEW_SHARED") or ROOT.parent / "shared") / "corpus")
    if not folder.is_dir():
        pytest.skip("the shared corpus is not there")
    return folder


@pytest.fixture(scope="session")
def demo_disc() -> Path:
    return ROOT / "fixtures" / "demo.iso"


@pytest.fixture(scope="session")
def document_of():
    def read(path: Path) -> Document:
        with open_medium(str(path)) as medium:
            return open_document(medium, medium.entries()[0].path)

    return read


@pytest.fixture(scope="session")
def text_of():
    def text(document: Document, columns: int | None = None) -> str:
        return "\n".join(plain_lines(document, Whereabouts(None), columns))

    return text


def code(value: str, scheme: str, meaning: str) -> Sequence:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return Sequence([item])


def item(relation: str, value_type: str, concept: tuple[str, str, str] | None = None, *below: Dataset, **values) -> Dataset:
    made = Dataset()
    made.RelationshipType, made.ValueType = relation, value_type
    if concept:
        made.ConceptNameCodeSequence = code(*concept)
    for name, value in values.items():
        setattr(made, name, value)
    if below:
        made.ContentSequence = Sequence(below)
    return made


def number(concept: tuple[str, str, str], value: str, unit: tuple[str, str, str], *below: Dataset, relation: str = "CONTAINS") -> Dataset:
    measured = Dataset()
    measured.NumericValue, measured.MeasurementUnitsCodeSequence = value, code(*unit)
    return item(relation, "NUM", concept, *below, MeasuredValueSequence=Sequence([measured]))


@pytest.fixture(scope="session")
def sr_parts():
    """The makers of content items: `code`, `item`, `number`."""
    return code, item, number


@pytest.fixture
def write_object(tmp_path):
    def write(data_set: Dataset, sop_class: str = ComprehensiveSRStorage, name: str = "object.dcm") -> Path:
        data_set.SOPClassUID = sop_class
        if "SOPInstanceUID" not in data_set:
            data_set.SOPInstanceUID = generate_uid(entropy_srcs=[name])
        data_set.file_meta = FileMetaDataset()
        data_set.file_meta.MediaStorageSOPClassUID, data_set.file_meta.MediaStorageSOPInstanceUID = sop_class, data_set.SOPInstanceUID
        data_set.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        path = tmp_path / name
        data_set.save_as(path, enforce_file_format=True)
        return path

    return write


@pytest.fixture
def write_report(write_object):
    def write(*below: Dataset, title: tuple[str, str, str] = ("18748-4", "LN", "Diagnostic Imaging Report"), **head) -> Path:
        root = item("", "CONTAINER", title, *below, ContinuityOfContent="SEPARATE")
        del root.RelationshipType
        root.PatientName, root.PatientID, root.PatientBirthDate, root.PatientSex = "TEST^REPORT", "T1", "19700101", "O"
        root.StudyInstanceUID, root.SeriesInstanceUID = "1.2.3.4", "1.2.3.4.5"
        root.StudyDate, root.StudyTime, root.ContentDate, root.ContentTime = "20240102", "030405", "20240102", "030405"
        root.Modality, root.SeriesNumber, root.InstanceNumber, root.StudyID, root.AccessionNumber = "SR", 1, 1, "1", ""
        root.Manufacturer, root.ReferringPhysicianName = "tview fixtures", ""
        root.CompletionFlag, root.VerificationFlag = "COMPLETE", "UNVERIFIED"
        root.ReferencedPerformedProcedureStepSequence, root.PerformedProcedureCodeSequence = Sequence(), Sequence()
        for name, value in head.items():
            setattr(root, name, value)
        return write_object(root)

    return write


@pytest.fixture(scope="session")
def written():
    """`written(data_set)`: (header, read_at, size) of the data set as a Part 10 file."""

    def write(data_set: Dataset):
        file = io.BytesIO()
        data_set.save_as(file, enforce_file_format=True)
        data = file.getvalue()

        def read_at(offset: int, length: int) -> bytes:
            return data[offset : offset + length]

        return read_header(read_at, len(data)), read_at, len(data)

    return write
