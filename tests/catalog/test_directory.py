"""The DICOMDIR, whole and broken in every way that field reports name. pydicom and our own bytes write it."""

import io
import struct

import pytest
from pydicom import dcmread
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset

from tview.catalog.directory import read_directory
from tview.dicom import tags as t
from tview.errors import DicomError


@pytest.fixture
def data(file_set) -> bytes:
    return (file_set / "DICOMDIR").read_bytes()


def tree(directory) -> list[tuple[str, ...]]:
    return [
        tuple(
            (record.values.get(tag, b"").rstrip(b"\0 ").decode() if record else "-")
            for record, tag in (
                (claim.patient, t.PATIENT_ID), (claim.study, t.STUDY_INSTANCE_UID), (claim.series, t.SERIES_INSTANCE_UID),
                (claim.leaf, t.REFERENCED_SOP_INSTANCE_UID_IN_FILE),
            )
        )
        for claim in directory.claims
    ]  # fmt: skip


def codes(directory) -> list[str]:
    return [told.code for told in directory.findings]


@pytest.fixture
def truth(data) -> set[tuple[str, ...]]:
    """Who has what by pydicom's own walk of the records in file order, which is that of the hierarchy here."""
    found, above = set(), {}
    for record in dcmread(io.BytesIO(data)).DirectoryRecordSequence:
        kind = record.DirectoryRecordType
        if kind == "PATIENT":
            above = {"p": record.PatientID}
        elif kind == "STUDY":
            above["s"] = record.StudyInstanceUID
        elif kind == "SERIES":
            above["e"] = record.SeriesInstanceUID
        else:
            found.add((above["p"], above["s"], above["e"], record.ReferencedSOPInstanceUIDInFile))
    return found


def offsets_of(data: bytes, tag: int) -> list[int]:
    """Where the values of an offset element (UL) are."""
    head = struct.pack("<HH2sH", tag >> 16, tag & 0xFFFF, b"UL", 4)
    places, place = [], data.find(head)
    while place >= 0:
        places.append(place + 8)
        place = data.find(head, place + 1)
    return places


def patched(data: bytes, changes: dict[int, int]) -> bytes:
    out = bytearray(data)
    for place, value in changes.items():
        out[place : place + 4] = struct.pack("<L", value)
    return bytes(out)


def test_whole(data, truth):
    directory = read_directory(data, "DICOMDIR")
    assert set(tree(directory)) == truth
    assert directory.findings == ()
    assert not directory.repaired
    assert all(claim.linked for claim in directory.claims)


@pytest.mark.parametrize(("implicit", "little"), ((True, True), (False, False), (False, True)))
def test_other_encodings(implicit, little, data, truth):
    """Implicit, big-endian, and without preamble and meta information. Offsets then fit no more, and the order of records serves."""
    data_set = dcmread(io.BytesIO(data))
    for record in data_set.DirectoryRecordSequence:
        record.OffsetOfTheNextDirectoryRecord += 0
    file = DicomBytesIO()
    file.is_implicit_VR, file.is_little_endian = implicit, little
    write_dataset(file, data_set)
    assert set(tree(read_directory(file.getvalue(), "DICOMDIR"))) == truth


def test_offsets_that_are_all_off_by_the_same(data, truth):
    """Written as if the file had no preamble."""
    places = [place for tag in (0x00041200, 0x00041202, 0x00041400, 0x00041420) for place in offsets_of(data, tag)]
    changes = {place: value - 128 for place in places if (value := struct.unpack_from("<L", data, place)[0])}
    directory = read_directory(patched(data, changes), "DICOMDIR")
    assert set(tree(directory)) == truth
    assert codes(directory) == ["dicomdir-offsets"]
    assert directory.findings[0].values["how"] == "shifted"
    assert all(claim.linked for claim in directory.claims)


def test_offsets_that_miss_by_a_few_bytes(data, truth):
    places = [place for tag in (0x00041400, 0x00041420) for place in offsets_of(data, tag)]
    changes = {place: value + 8 for place in places[::2] if (value := struct.unpack_from("<L", data, place)[0])}
    directory = read_directory(patched(data, changes), "DICOMDIR")
    assert set(tree(directory)) == truth
    assert codes(directory) == ["dicomdir-offsets"]


@pytest.mark.parametrize("value", (0x7FFFFFF0, 0xFFFFFFFF, 3))
def test_offsets_that_lead_nowhere(value, data, truth):
    directory = read_directory(patched(data, {offsets_of(data, 0x00041420)[1]: value}), "DICOMDIR")
    assert set(tree(directory)) == truth
    assert codes(directory) == ["dicomdir-offsets"]
    assert directory.repaired


@pytest.mark.parametrize("tag", (0x00041400, 0x00041420))
def test_offsets_that_go_in_circles(tag, data, truth):
    first = struct.unpack_from("<L", data, offsets_of(data, 0x00041200)[0])[0]
    last = offsets_of(data, tag)[-1]
    directory = read_directory(patched(data, {last: first}), "DICOMDIR")
    assert set(tree(directory)) == truth
    assert len(directory.claims) == len(truth)
    assert "dicomdir-loop" in codes(directory)


def test_records_that_nothing_links_to_are_shown(data, truth):
    """The last patient is cut out of the chain, as burning software does that forgets to write the list anew."""
    patients = offsets_of(data, 0x00041400)
    directory = read_directory(patched(data, {patients[0]: 0}), "DICOMDIR")
    assert set(tree(directory)) == truth
    assert [claim.linked for claim in directory.claims].count(False) == 2
    assert codes(directory) == ["dicomdir-unlinked"]


def test_a_record_not_in_use_is_left_out(data, truth):
    head = struct.pack("<HH2sH", 4, 0x1410, b"US", 2) + b"\xff\xff"
    last = data.rindex(head)
    directory = read_directory(data[: last + 8] + b"\0\0" + data[last + 10 :], "DICOMDIR")
    assert len(directory.claims) == len(truth) - 1


@pytest.mark.parametrize("part", (0.5, 0.8, 0.99))
def test_a_file_cut_off(part, data, truth):
    directory = read_directory(data[: int(len(data) * part)], "DICOMDIR")
    assert set(tree(directory)) < truth
    assert "dicomdir-cut" in codes(directory)


def record(kind: str, elements: bytes = b"", following: int = 0, lower: int = 0) -> bytes:
    def element(tag: int, vr: bytes, value: bytes) -> bytes:
        return struct.pack("<HH2sH", tag >> 16, tag & 0xFFFF, vr, len(value) + len(value) % 2) + value + b" " * (len(value) % 2)

    body = (
        element(0x00041400, b"UL", struct.pack("<L", following))
        + element(0x00041410, b"US", b"\xff\xff")
        + element(0x00041420, b"UL", struct.pack("<L", lower))
        + element(0x00041430, b"CS", kind.encode())
        + elements
    )
    return struct.pack("<HHL", 0xFFFE, 0xE000, len(body)) + body


def element(tag: int, vr: bytes, value: bytes) -> bytes:
    return struct.pack("<HH2sH", tag >> 16, tag & 0xFFFF, vr, len(value) + len(value) % 2) + value + b" " * (len(value) % 2)


def directory_of(*records: bytes) -> bytes:
    """A DICOMDIR without offsets: the order of the records has to do."""
    body = b"".join(records)
    meta = element(0x00020010, b"UI", b"1.2.840.10008.1.2.1\0")
    head = bytes(128) + b"DICM" + meta + element(0x00041200, b"UL", struct.pack("<L", 999_999))
    return head + struct.pack("<HH2sHL", 4, 0x1220, b"SQ", 0, len(body)) + body


LEAF = element(0x00041500, b"CS", b"A\\B") + element(0x00041511, b"UI", b"1.2.3\0")


def test_private_and_unknown_records_are_listed():
    directory = read_directory(
        directory_of(
            record("PATIENT", element(t.PATIENT_ID, b"LO", b"42")),
            record("PRIVATE", LEAF),
            record("SOMETHING NEW", LEAF),
            record("PRIVATE"),
        ),
        "DICOMDIR",
    )
    assert [claim.leaf.kind for claim in directory.claims] == ["PRIVATE", "SOMETHING NEW"]
    assert all(claim.patient is not None for claim in directory.claims)
    assert directory.claims[0].file_id == ("A", "B")


def test_images_without_a_patient_record():
    (claim,) = read_directory(directory_of(record("SERIES"), record("IMAGE", LEAF)), "DICOMDIR").claims
    assert claim.patient is None and claim.series is not None


def test_a_multi_referenced_file_record():
    first = record("IMAGE", element(0x00041504, b"UL", struct.pack("<L", 0)) + element(0x00041511, b"UI", b"1.2.3\0"))
    data = directory_of(first, record("MRDR", element(0x00041500, b"CS", b"F1")))
    target = data.index(b"MRDR") - 46
    place = data.index(struct.pack("<HH2sH", 4, 0x1504, b"UL", 4)) + 8
    (claim,) = read_directory(patched(data, {place: data.rindex(struct.pack("<HH", 0xFFFE, 0xE000))}), "DICOMDIR").claims
    assert claim.file_id == ("F1",)
    assert target > 0


def test_records_ten_thousand_levels_deep():
    offset = len(directory_of())
    size = len(record("PATIENT"))
    records = [record("PATIENT", lower=offset + size * (n + 1) if n < 9_999 else 0) for n in range(10_000)]
    data = directory_of(*records)
    data = patched(data, {data.index(struct.pack("<HH2sH", 4, 0x1200, b"UL", 4)) + 8: offset})
    directory = read_directory(data, "DICOMDIR")
    assert directory.records == 10_000
    assert "dicomdir-deep" in codes(directory)


@pytest.mark.parametrize("content", (b"", b"DICOMDIR", bytes(4000), b"\xff" * 4000))
def test_what_is_no_dicomdir_is_refused(content):
    with pytest.raises(DicomError):
        read_directory(content, "DICOMDIR")


def test_an_image_called_dicomdir_is_refused(file_set):
    path = next(path for path in file_set.rglob("*") if path.is_file() and path.name != "DICOMDIR")
    with pytest.raises(DicomError):
        read_directory(path.read_bytes(), "DICOMDIR")


def test_icons_and_undefined_lengths_in_records(data, truth):
    """dcmmkdir +I writes icon images into records; here with undefined lengths."""
    pixel = element(0x00280010, b"US", b"\1\0")
    icon = struct.pack("<HH2sHL", 0x0088, 0x0200, b"SQ", 0, 0xFFFFFFFF) + struct.pack("<HHL", 0xFFFE, 0xE000, 0xFFFFFFFF) + pixel
    icon += struct.pack("<HHL", 0xFFFE, 0xE00D, 0) + struct.pack("<HHL", 0xFFFE, 0xE0DD, 0)
    directory = read_directory(directory_of(record("SERIES"), record("IMAGE", LEAF + icon), record("IMAGE", LEAF)), "DICOMDIR")
    assert len(directory.claims) == 2


def test_outside_dicomdirs_equal_pydicom(shared):
    for path in sorted((shared / "corpus" / "disc").glob("*/DICOMDIR")):
        theirs = [r for r in dcmread(path).DirectoryRecordSequence if "ReferencedFileID" in r]
        directory = read_directory(path.read_bytes(), "DICOMDIR")
        assert sorted(c.leaf.values[t.REFERENCED_SOP_INSTANCE_UID_IN_FILE].rstrip(b"\0").decode() for c in directory.claims) == sorted(
            r.ReferencedSOPInstanceUIDInFile for r in theirs
        )
        assert directory.findings == ()
