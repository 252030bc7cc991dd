"""Before a picture leaves: names burned in, and faces (CLINICAL rules written out by hand)."""

import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import dcmwrite
from pydicom.uid import ExplicitVRLittleEndian

from tview.dicom import read_header
from tview.export import recognisable

CT, SC, US, ENDOSCOPY, XA = (f"1.2.840.10008.5.1.4.1.1.{rest}" for rest in ("2", "7", "6.1", "77.1.1", "12.1"))


def codes_of(sop_class: str = CT, **values: object) -> list[str]:
    data = Dataset()
    data.SOPClassUID, data.SOPInstanceUID, data.Modality = sop_class, "1.2.3", "CT"
    for keyword, value in values.items():
        setattr(data, keyword, value)
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data.file_meta.MediaStorageSOPClassUID, data.file_meta.MediaStorageSOPInstanceUID = sop_class, "1.2.3"
    file = DicomBytesIO()
    dcmwrite(file, data, enforce_file_format=True)
    raw = file.getvalue()
    header = read_header(lambda offset, length: raw[offset : offset + length], len(raw))
    return [found.code for found in recognisable(header.data_set)]


@pytest.mark.parametrize(
    ("sop_class", "values", "asked"),
    [
        (CT, {"BurnedInAnnotation": "NO"}, False),
        (CT, {"BurnedInAnnotation": "YES"}, True),
        (CT, {}, True),
        (CT, {"BurnedInAnnotation": ""}, True),
        (US, {"BurnedInAnnotation": "NO", "Modality": "US"}, True),
        (US, {"BurnedInAnnotation": "NO", "Modality": ""}, True),
        (SC, {"BurnedInAnnotation": "NO", "Modality": "CT"}, True),
        (XA, {"BurnedInAnnotation": "NO", "Modality": "XA"}, True),
        (ENDOSCOPY, {"BurnedInAnnotation": "NO", "Modality": "ES"}, True),
        (f"{ENDOSCOPY}.1", {"BurnedInAnnotation": "NO", "Modality": ""}, True),
        (CT, {"BurnedInAnnotation": "NO", "SeriesDescription": "Dose Report"}, True),
        (CT, {"BurnedInAnnotation": "NO", "SeriesDescription": "low-dose thorax"}, True),  # asked once too often, never too seldom
        (CT, {"BurnedInAnnotation": "NO", "ConversionType": "SD"}, True),
        (CT, {"BurnedInAnnotation": "NO", "ConversionType": "DI"}, True),
    ],
)
def test_it_is_asked_for_names_burned_in(sop_class, values, asked) -> None:
    assert ("names-burned-in" in codes_of(sop_class, **values)) is asked


@pytest.mark.parametrize(
    ("values", "known"),
    [
        ({"BodyPartExamined": "HEAD", "SliceThickness": 1}, True),
        ({"BodyPartExamined": "HEAD"}, True),
        ({"BodyPartExamined": "HEAD", "SliceThickness": 5}, False),
        ({"StudyDescription": "CT Schädel nativ", "SliceThickness": 0.6, "SpecificCharacterSet": "ISO_IR 100"}, True),
        ({"SeriesDescription": "t1_mprage cerebrum", "Modality": "MR", "SliceThickness": 1}, True),
        ({"BodyPartExamined": "CHEST", "SliceThickness": 1}, False),
        ({"BodyPartExamined": "HEAD", "SliceThickness": 1, "Modality": "US"}, False),
        ({"BodyPartExamined": "HEAD", "SliceThickness": 1, "RecognizableVisualFeatures": "NO"}, False),
        ({"BodyPartExamined": "CHEST", "RecognizableVisualFeatures": "YES"}, True),
    ],
)
def test_a_face_is_said(values, known) -> None:
    assert ("face-recognisable" in codes_of(BurnedInAnnotation="NO", **values)) is known
