"""Every encoding of PS3.5, written by pydicom, is read with the same elements, values and items."""

import io

import pytest
from pydicom import dcmread, dcmwrite
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import (
    CTImageStorage,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from tview.dicom import read_header
from tview.dicom import tags as t

SYNTAXES = (ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian)


def a_data_set(undefined: bool) -> Dataset:
    data_set = Dataset()
    data_set.SOPClassUID, data_set.SOPInstanceUID = CTImageStorage, "1.2.3.4"
    data_set.PatientName, data_set.PatientID = "Doe^Jane", "42"
    data_set.ImagePositionPatient = [-1.5, 2, 3.25]
    data_set.Rows = data_set.Columns = 2
    data_set.BitsAllocated, data_set.PixelRepresentation, data_set.SamplesPerPixel = 16, 1, 1
    data_set.SmallestImagePixelValue = -5
    data_set.DiffusionBValue = 1000.5
    data_set.FrameIncrementPointer = 0x00181063
    inner = Dataset()
    inner.ReferencedSOPInstanceUID = "1.2.9"
    inner.is_undefined_length_sequence_item = undefined
    outer = Dataset()
    outer.is_undefined_length_sequence_item = undefined
    outer.SeriesInstanceUID = "1.2.8"
    outer.ReferencedImageSequence = Sequence([inner, inner])
    data_set.ReferencedSeriesSequence = Sequence([outer])
    for element in (outer["ReferencedImageSequence"], data_set["ReferencedSeriesSequence"]):
        element.is_undefined_length = undefined
    block = data_set.private_block(0x0029, "TVIEW TEST", create=True)
    block.add_new(1, "LO", "private")
    data_set.PixelData = b"\1\0\2\0\3\0\4\0"
    data_set["PixelData"].VR = "OW"
    return data_set


def written(syntax: str, undefined: bool) -> bytes:
    data_set = a_data_set(undefined)
    data_set.file_meta = FileMetaDataset()
    data_set.file_meta.TransferSyntaxUID = syntax
    data_set.file_meta.MediaStorageSOPClassUID = CTImageStorage
    data_set.file_meta.MediaStorageSOPInstanceUID = "1.2.3.4"
    file = io.BytesIO()
    dcmwrite(
        file, data_set, enforce_file_format=True, little_endian=syntax != ExplicitVRBigEndian, implicit_vr=syntax == ImplicitVRLittleEndian
    )
    return file.getvalue()


@pytest.mark.parametrize("undefined", (False, True))
@pytest.mark.parametrize("syntax", SYNTAXES)
def test_values_of_every_layout(syntax, undefined, build):
    data = written(syntax, undefined)
    header = build.header(data)
    data_set = header.data_set
    assert header.transfer_syntax_uid == syntax
    assert header.how == "walk"
    assert header.findings == ()
    assert header.sop_class_uid == CTImageStorage
    assert data_set.text(t.PATIENT_NAME) == "Doe^Jane"
    assert data_set.person_name(t.PATIENT_NAME).shown == "Doe, Jane"
    assert data_set.numbers(t.IMAGE_POSITION_PATIENT) == (-1.5, 2.0, 3.25)
    assert data_set.integer(t.ROWS) == 2
    assert data_set.integer(t.SMALLEST_IMAGE_PIXEL_VALUE) == -5
    assert data_set.number(t.DIFFUSION_B_VALUE) == 1000.5
    assert data_set.integers(t.FRAME_INCREMENT_POINTER) == (0x00181063,)
    (outer,) = data_set.items(t.REFERENCED_SERIES_SEQUENCE)
    assert outer.uid(t.SERIES_INSTANCE_UID) == "1.2.8"
    assert [item.uid(t.REFERENCED_SOP_INSTANCE_UID) for item in outer.items(t.REFERENCED_IMAGE_SEQUENCE)] == ["1.2.9", "1.2.9"]
    pixel = header.pixel_element
    assert (pixel.tag, pixel.length) == (t.PIXEL_DATA, 8)
    want = b"\0\1\0\2\0\3\0\4" if syntax == ExplicitVRBigEndian else b"\1\0\2\0\3\0\4\0"
    assert header.reader(build.reader(data))(pixel.offset, 8) in (want, b"\1\0\2\0\3\0\4\0")


@pytest.mark.parametrize("syntax", (ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian))
def test_files_without_preamble_and_meta(syntax, build):
    whole = written(syntax, True)
    start = dcmread(io.BytesIO(whole)).file_meta.FileMetaInformationGroupLength + 128 + 4 + 12
    header = build.header(whole[start:])
    assert header.transfer_syntax_uid == syntax
    assert header.data_set.text(t.PATIENT_ID) == "42"
    assert [told.code for told in header.findings] == ["meta-missing"]


@pytest.mark.parametrize("preamble", (0, 127, 256))
def test_preambles_of_other_lengths(preamble, build):
    whole = written(ExplicitVRLittleEndian, False)
    header = build.header(bytes(preamble) + whole[128:])
    assert header.data_set.text(t.PATIENT_ID) == "42"
    assert header.meta is not None


@pytest.mark.parametrize("declared", (ImplicitVRLittleEndian, ExplicitVRBigEndian))
def test_a_transfer_syntax_that_lies_is_told(declared, build):
    data = written(ExplicitVRLittleEndian, False).replace(b"1.2.840.10008.1.2.1\0", declared.encode().ljust(20, b"\0"), 1)
    header = build.header(data)
    assert header.transfer_syntax_uid == ExplicitVRLittleEndian
    assert header.data_set.text(t.PATIENT_ID) == "42"
    assert "transfer-syntax-differs" in [told.code for told in header.findings]


def test_pixel_data_is_not_read(build):
    data = written(ExplicitVRLittleEndian, False)
    read = []

    def read_at(offset: int, length: int) -> bytes:
        read.append(offset + length)
        return data[offset : offset + length] if offset < 4096 else pytest.fail("too far")

    header = read_header(read_at, 50_000_000)
    assert header.pixel_element.offset == data.index(b"\1\0\2\0\3\0\4\0")
    assert max(read) <= 1 << 15


def test_long_values_are_read_when_asked_for(build, le):
    blob = bytes(range(256)) * 1024
    body = le.element(0x00080060, "CS", b"CT") + le.element(0x00091001, "OB", blob) + le.element(0x00100020, "LO", b"77")
    header = build.header(build.part10(body))
    assert header.data_set.element(0x00091001).value is None
    assert header.data_set.raw(0x00091001) == blob
    assert header.data_set.text(t.PATIENT_ID) == "77"


def test_elements_come_in_file_order_with_offsets(build):
    data = written(ExplicitVRLittleEndian, False)
    elements = list(build.header(data).data_set)
    assert [element.tag for element in elements] == sorted(element.tag for element in elements)
    name = next(element for element in elements if element.tag == t.PATIENT_NAME)
    assert data[name.offset : name.offset + name.length] == name.value == b"Doe^Jane"


def test_a_real_file_equals_pydicom(build):
    path = get_testdata_file("CT_small.dcm")
    with open(path, "rb") as file:
        data = file.read()
    theirs, ours = dcmread(path), build.header(data).data_set
    assert {int(tag) for tag in theirs._dict if tag.group < 0x7FE0} == set(ours.tags())
    for element in theirs:
        if element.tag.group < 0x7FE0 and element.VR not in ("SQ", "OB", "OW", "UN", "US or SS"):
            shown = [str(value) for value in (element.value if element.VM > 1 else [element.value])]
            if element.VR in ("DS", "FD", "FL", "US", "UL", "SS", "SL"):
                assert ours.numbers(int(element.tag)) == tuple(float(value) for value in shown if value not in ("None", ""))
            elif element.VM:
                assert [str(text) for text in ours.texts(int(element.tag))] == shown or element.value in (None, "")
