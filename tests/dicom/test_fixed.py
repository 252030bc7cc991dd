"""The scanning walks give what the full reader gives, or nothing."""

import io
import random

import pytest
from pydicom import dcmread
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset

from tview.dicom import SCAN_TAGS, HeaderReader, read_fixed, read_header, read_scanned
from tview.dicom import tags as t
from tview.errors import TviewError


def file_bytes(data_set: Dataset) -> bytes:
    file = io.BytesIO()
    data_set.save_as(file)
    return file.getvalue()


@pytest.fixture(scope="module")
def slices() -> list[bytes]:
    """Forty slices of two series, with lengths that change on the way."""
    data_set = dcmread(get_testdata_file("CT_small.dcm"))
    data_set.preamble = bytes(128)
    made = []
    for number in range(40):
        data_set.SeriesInstanceUID = "1.2.3.4" if number < 25 else "1.2.3.44"
        data_set.SeriesDescription = "first" if number < 25 else "the second one"
        data_set.SOPInstanceUID = data_set.file_meta.MediaStorageSOPInstanceUID = f"1.2.3.{number**3}"
        data_set.InstanceNumber = number * 5
        data_set.ImagePositionPatient = [0, 0, number * 7.5]
        made.append(file_bytes(data_set))
    return made


def test_a_row_of_files_equals_one_by_one(slices, build):
    reader = HeaderReader()
    for data in slices:
        first = data[:16384]
        row, alone = reader.read(build.reader(data), len(data), first), read_fixed(build.reader(data), len(data))
        assert row.values == alone.values
        assert row[1:5] == alone[1:5]
    assert reader._hits > len(slices) // 2


def test_fixed_equals_the_full_reader(slices, build):
    for data in slices[::10]:
        fixed, header = read_fixed(build.reader(data), len(data)), build.header(data)
        assert fixed.values == {tag: header.data_set.raw(tag) for tag in SCAN_TAGS if tag in header.data_set}
        assert (fixed.pixel_offset, fixed.pixel_length) == (header.pixel_element.offset, header.pixel_element.length)


@pytest.mark.parametrize(
    "name", ("ExplVR_BigEnd.dcm", "image_dfl.dcm", "nested_priv_SQ.dcm", "MR_small_bigendian.dcm", "rtplan.dcm", "reportsi.dcm")
)
def test_what_is_not_ordinary_goes_to_the_full_reader(name, build):
    path = get_testdata_file(name)
    with open(path, "rb") as file:
        data = file.read()
    scanned, theirs = read_scanned(build.reader(data), len(data)), dcmread(path, force=True)
    for tag, keyword in ((t.SOP_INSTANCE_UID, "SOPInstanceUID"), (t.SERIES_INSTANCE_UID, "SeriesInstanceUID"), (t.MODALITY, "Modality")):
        want = theirs.get(keyword)
        assert scanned.values.get(tag, b"").rstrip(b"\0 ").decode() == (want or "")
    if theirs.get("Rows"):
        assert int.from_bytes(scanned.values[t.ROWS], "little") == theirs.Rows


def test_values_beyond_the_first_bytes_are_fetched(build, le):
    body = le.element(t.SOP_CLASS_UID, "UI", b"1.2.840.10008.5.1.4.1.1.2") + le.element(0x00091001, "UN", bytes(100_000))
    body += le.element(t.PATIENT_ID, "LO", b"77") + le.element(t.LOSSY_IMAGE_COMPRESSION, "CS", b"01") + le.element(0x00290010, "LO", b"X")
    data = build.part10(body)
    assert read_fixed(build.reader(data), len(data)).values[t.PATIENT_ID] == b"77"


def test_mutants_parse_or_raise_our_error(slices, build):
    """Bytes changed, lost, doubled and cut: nothing else comes out, and a row of files never differs from one by one."""
    chance = random.Random(7)
    reader = HeaderReader()
    sources = [slices[0], slices[30]]
    for name in ("nested_priv_SQ.dcm", "reportsi.dcm", "MR_small_RLE.dcm", "image_dfl.dcm", "MR_small_bigendian.dcm"):
        with open(get_testdata_file(name), "rb") as file:
            sources.append(file.read())
    for _round in range(700):
        mutant = bytearray(chance.choice(sources)[:20_000])
        for _change in range(chance.randint(1, 6)):
            place = chance.randrange(128, min(len(mutant), 6000))
            kind = chance.randrange(4)
            if kind == 0:
                mutant[place] = chance.randrange(256)
            elif kind == 1:
                del mutant[place : place + chance.randint(1, 9)]
            elif kind == 2:
                mutant[place:place] = mutant[place : place + chance.randint(1, 16)]
            else:
                mutant[place : place + 4] = chance.choice((b"\xff\xff\xff\xff", bytes(4), b"\xfe\xff\x00\xe0", b"\xfe\xff\xdd\xe0"))
        data = bytes(mutant)
        alone = read_fixed(build.reader(data), len(data))
        row = reader.read(build.reader(data), len(data), data[:16384])
        assert (alone is None) == (row is None)
        assert alone is None or row is None or (alone.values, alone[1:4]) == (row.values, row[1:4])
        try:
            header = read_header(build.reader(data), len(data))
            read_scanned(build.reader(data), len(data))
            walk_all(header.data_set)
        except TviewError:
            pass


def walk_all(data_set, depth: int = 0) -> None:
    for tag in data_set.tags():
        data_set.texts(tag), data_set.numbers(tag), data_set.integers(tag), data_set.uid(tag), data_set.person_name(tag)
        if depth < 20:
            for item in data_set.items(tag):
                walk_all(item, depth + 1)
