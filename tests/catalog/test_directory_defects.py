"""Every way field reports name in which a DICOMDIR is broken: all images are there all the same, and one finding says what it is."""

import copy
import io
import re
import shutil
import struct
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pytest
from pydicom import dcmread
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset

from tview.catalog.directory import read_directory
from tview.errors import DicomError

NEXT, LOWER, ROOT, LAST_ROOT = 0x00041400, 0x00041420, 0x00041200, 0x00041202
OFFSETS = (ROOT, LAST_ROOT, NEXT, LOWER)


# --- what breaks a DICOMDIR: from the bytes of a whole one to a broken one, or by what is done to the folder --------------------------


def _element(tag: int, vr: bytes, value: bytes) -> bytes:
    value += b" " * (len(value) % 2)
    return struct.pack("<HH2sH", tag >> 16, tag & 0xFFFF, vr, len(value)) + value


def _places(data: bytes, tag: int) -> list[int]:
    """Where the values of an offset element (UL) are, in file order."""
    return [found.end() for found in re.finditer(re.escape(struct.pack("<HH2sH", tag >> 16, tag & 0xFFFF, b"UL", 4)), data)]


def _value(data: bytes, place: int) -> int:
    return struct.unpack_from("<L", data, place)[0]


def _put(data: bytes, changes: dict[int, int]) -> bytes:
    out = bytearray(data)
    for place, value in changes.items():
        struct.pack_into("<L", out, place, value & 0xFFFFFFFF)
    return bytes(out)


def _moved(by: int, tags: tuple[int, ...] = OFFSETS, every: int = 1) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        places = [place for tag in tags for place in _places(data, tag) if _value(data, place)]
        return _put(data, {place: _value(data, place) + by for place in places[::every]})

    return change


def _set(tag: int, index: int, value: int | Callable[[bytes], int]) -> Callable[[bytes], bytes]:
    return lambda data: _put(data, {_places(data, tag)[index]: value(data) if callable(value) else value})


def _first(data: bytes) -> int:
    return _value(data, _places(data, ROOT)[0])


def _own(tag: int, index: int) -> Callable[[bytes], bytes]:
    """An offset that leads to its own record."""

    def change(data: bytes) -> bytes:
        place = _places(data, tag)[index]
        return _put(data, {place: data.rindex(b"\xfe\xff\x00\xe0", 0, place)})

    return change


def _encoded(implicit: bool, little: bool, meta: bool = False) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        data_set = dcmread(io.BytesIO(data))
        file = DicomBytesIO()
        file.is_implicit_VR, file.is_little_endian = implicit, little
        write_dataset(file, data_set)
        uid = {(True, True): b"1.2.840.10008.1.2\0", (False, False): b"1.2.840.10008.1.2.2\0", (False, True): b"1.2.840.10008.1.2.1\0"}
        group = _element(0x00020002, b"UI", b"1.2.840.10008.1.3.10\0") + _element(0x00020010, b"UI", uid[implicit, little])
        head = bytes(128) + b"DICM" + _element(0x00020000, b"UL", struct.pack("<L", len(group))) + group if meta else b""
        out = head + file.getvalue()
        # Offsets as a writer of this encoding would give them: by the records' own places.
        order = "<" if little else ">"
        starts = _items(out, order)
        old = {record.seq_item_tell: place for record, place in zip(data_set.DirectoryRecordSequence, starts, strict=True)}
        changes = {}
        for tag in OFFSETS:
            mark = struct.pack(order + "HH", tag >> 16, tag & 0xFFFF)
            mark += struct.pack(order + "L", 4) if implicit else b"UL" + struct.pack(order + "H", 4)
            for found in re.finditer(re.escape(mark), out):
                changes[found.end()] = old.get(struct.unpack_from(order + "L", out, found.end())[0], 0)
        result = bytearray(out)
        for place, value in changes.items():
            struct.pack_into(order + "L", result, place, value)
        return bytes(result)

    return change


def _items(data: bytes, order: str = "<") -> list[int]:
    """Where records begin: an item whose first element is the offset of the next one."""
    mark = re.escape(struct.pack(order + "HH", 0xFFFE, 0xE000)) + b"....(?:" + re.escape(struct.pack(order + "HH", 4, 0x1400)) + b")"
    return [found.start() for found in re.finditer(mark, data, re.DOTALL)]


def _rebuilt(change: Callable[[list], list]) -> Callable[[bytes], bytes]:
    """Records changed as pydicom data sets, and written with the offsets that fit them."""

    def rebuild(data: bytes) -> bytes:
        data_set = dcmread(io.BytesIO(data))
        records = change(list(data_set.DirectoryRecordSequence))
        data_set.DirectoryRecordSequence = records
        levels = {"PATIENT": 0, "STUDY": 1, "SERIES": 2}
        level = [levels.get(record.get("DirectoryRecordType"), 3) for record in records]
        for record in records:
            record.OffsetOfTheNextDirectoryRecord = record.OffsetOfReferencedLowerLevelDirectoryEntity = 0
        starts = _items(_bytes_of(data_set))
        for index, record in enumerate(records):
            for other in range(index + 1, len(records)):
                if level[other] <= level[index]:
                    record.OffsetOfTheNextDirectoryRecord = starts[other] if level[other] == level[index] else 0
                    break
            if index + 1 < len(records) and level[index + 1] > level[index]:
                record.OffsetOfReferencedLowerLevelDirectoryEntity = starts[index + 1]
        setattr(data_set, "OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity", starts[0])
        return _bytes_of(data_set)

    return rebuild


def _bytes_of(data_set) -> bytes:
    file = io.BytesIO()
    data_set.save_as(file, enforce_file_format=True)
    return file.getvalue()


def _without(*keywords: str, of: str = "") -> Callable[[list], list]:
    def change(records: list) -> list:
        for record in records:
            for keyword in keywords:
                if keyword in record and (not of or record.DirectoryRecordType == of):
                    delattr(record, keyword)
        return records

    return change


def _with_file_ids(change: Callable[[list[str]], list[str] | str]) -> Callable[[bytes], bytes]:
    def over(records: list) -> list:
        for record in records:
            if "ReferencedFileID" in record:
                parts = record.ReferencedFileID
                record.ReferencedFileID = change([parts] if isinstance(parts, str) else list(parts))
        return records

    return _rebuilt(over)


def _retyped(records: list) -> list:
    images = [record for record in records if record.DirectoryRecordType == "IMAGE"]
    images[0].DirectoryRecordType, images[-1].DirectoryRecordType = "PRIVATE", "HOLO PICTURE"
    return records


def _twice(records: list) -> list:
    return [*records, copy.deepcopy(records[-1])]


def _sequence_length(change: Callable[[int], int]) -> Callable[[bytes], bytes]:
    def over(data: bytes) -> bytes:
        place = data.index(struct.pack("<HH2sH", 4, 0x1220, b"SQ", 0)) + 8
        return _put(data, {place: change(_value(data, place))})

    return over


def _without_root(data: bytes) -> bytes:
    return _put(data, {_places(data, tag)[0]: 0 for tag in (ROOT, LAST_ROOT)})


def _but(kind: str) -> Callable[[list], list]:
    return lambda records: [record for record in records if record.DirectoryRecordType != kind]


def _deleted(data: bytes) -> bytes:
    """The record in-use flag 0000H everywhere."""
    head = struct.pack("<HH2sH", 4, 0x1410, b"US", 2)
    return data.replace(head + b"\xff\xff", head + b"\0\0")


def _other_uids(data: bytes) -> bytes:
    return re.sub(rb"(?<=999\.5\.)(\d+)", lambda found: b"9" * len(found[1]), data)


def _item_length(data: bytes) -> bytes:
    """One record that says it is longer than it is."""
    place = _items(data)[4] + 4
    return _put(data, {place: _value(data, place) + 6})


def _zeroed(data: bytes) -> bytes:
    start = _items(data)[5]
    return data[:start] + bytes(400) + data[start + 400 :]


class Defect(NamedTuple):
    """A name, what is done to the bytes of a DICOMDIR, and the one finding that names it. `folder`: what is done to the disc besides."""

    name: str
    change: Callable[[bytes], bytes]
    code: str
    folder: Callable[[Path], None] = lambda place: None


def _same(data: bytes) -> bytes:
    return data


def _lower_cased(place: Path) -> None:
    for path in sorted(place.rglob("*"), key=lambda path: -len(path.parts)):
        if path.name != "DICOMDIR":
            path.rename(path.with_name(path.name.lower()))


def _renamed(ending: str) -> Callable[[Path], None]:
    def change(place: Path) -> None:
        for path in [path for path in place.rglob("*") if path.is_file() and path.name != "DICOMDIR"]:
            path.rename(path.with_name(path.name + ending))

    return change


def _moved_together(place: Path) -> None:
    """All images in one folder, none where the DICOMDIR has them."""
    (place / "IMAGES").mkdir()
    for path in [path for path in place.rglob("*") if path.is_file() and path.name != "DICOMDIR"]:
        path.rename(place / "IMAGES" / "-".join(path.relative_to(place).parts))


def _second_dicomdir(place: Path) -> None:
    shutil.copy(place / "DICOMDIR", place / "COPY.TMP")
    (place / "MORE").mkdir()
    (place / "COPY.TMP").rename(place / "MORE" / "DICOMDIR")
    for path in [path for path in place.iterdir() if path.is_dir() and path.name != "MORE"]:
        shutil.copytree(path, place / "MORE" / path.name)


def _image_instead(place: Path) -> None:
    path = next(path for path in sorted(place.rglob("*")) if path.is_file() and path.name != "DICOMDIR")
    shutil.copy(path, place / "DICOMDIR")


def _one_more_image(place: Path) -> None:
    path = max(path for path in place.rglob("*") if path.is_file() and path.name != "DICOMDIR")
    data_set = dcmread(path)
    data_set.SOPInstanceUID = data_set.file_meta.MediaStorageSOPInstanceUID = "1.2.3.4.77"
    data_set.InstanceNumber = 77
    data_set.save_as(place / "EXTRA")


DEFECTS: tuple[Defect, ...] = (
    Defect("all offsets off by the preamble's 128 bytes", _moved(-128), "dicomdir-offsets"),
    Defect("all offsets off by two", _moved(2), "dicomdir-offsets"),
    Defect("every other offset some bytes off", _moved(8, (NEXT, LOWER), 2), "dicomdir-offsets"),
    Defect("the root's offset leads nowhere", _set(ROOT, 0, 0x0FFFFFF0), "dicomdir-offsets"),
    Defect("the root's offset is zero", _without_root, "dicomdir-offsets"),
    Defect("an offset past the end", _set(LOWER, 1, 0x7FFFFFF0), "dicomdir-offsets"),
    Defect("an offset of all ones", _set(NEXT, 2, 0xFFFFFFFF), "dicomdir-offsets"),
    Defect("an offset into the file's head", _set(LOWER, 1, 3), "dicomdir-offsets"),
    Defect("an offset into the middle of a record", _set(LOWER, 2, lambda data: _items(data)[6] + 61), "dicomdir-offsets"),
    Defect("the last record leads back to the first", _set(NEXT, -1, _first), "dicomdir-loop"),
    Defect("a record has its own patient below it", _set(LOWER, -1, _first), "dicomdir-loop"),
    Defect("a record follows itself", _own(NEXT, 3), "dicomdir-loop"),
    Defect("a record lies below itself", _own(LOWER, 2), "dicomdir-loop"),
    Defect("the chain of patients is cut", _set(NEXT, 0, 0), "dicomdir-unlinked"),
    Defect("a series without its images", _set(LOWER, 2, 0), "dicomdir-unlinked"),
    Defect("the chain of images is cut", _set(NEXT, 3, 0), "dicomdir-unlinked"),
    Defect("all offsets are zero", lambda data: _put(data, {p: 0 for tag in OFFSETS for p in _places(data, tag)}), "dicomdir-unlinked"),
    Defect("implicit little endian", _encoded(True, True, meta=True), "dicomdir-encoding"),
    Defect("explicit big endian", _encoded(False, False, meta=True), "dicomdir-encoding"),
    Defect("no preamble and no meta information", _encoded(False, True), "dicomdir-encoding"),
    Defect("implicit, without preamble and meta information", _encoded(True, True), "dicomdir-encoding"),
    Defect("cut in the middle of a record", lambda data: data[: len(data) * 6 // 10], "dicomdir-cut"),
    Defect("cut between two records", lambda data: data[: _items(data)[6]], "dicomdir-cut"),
    Defect("a stretch of zeros", _zeroed, "dicomdir-damaged"),
    Defect("the sequence's length too small", _sequence_length(lambda length: length // 2), "dicomdir-length"),
    Defect("the sequence's length too large", _sequence_length(lambda length: length + 999), "dicomdir-length"),
    Defect("a record's length too large", _item_length, "dicomdir-damaged"),
    Defect("the sequence's length zero", _sequence_length(lambda length: 0), "dicomdir-length"),
    Defect("no record at all", lambda data: data[: _items(data)[0] - 4] + bytes(4), "dicomdir-unreadable"),
    Defect("empty", lambda data: b"", "dicomdir-unreadable"),
    Defect("zeros only", lambda data: bytes(len(data)), "dicomdir-unreadable"),
    Defect("text", lambda data: b"this file was removed\r\n" * 20, "dicomdir-unreadable"),
    Defect("private and unknown records", _rebuilt(_retyped), "dicomdir-record-unknown"),
    Defect("no PATIENT record", _rebuilt(_but("PATIENT")), "dicomdir-level-absent"),
    Defect("no STUDY record", _rebuilt(_but("STUDY")), "dicomdir-level-absent"),
    Defect("studies and series without UIDs", _rebuilt(_without("StudyInstanceUID", "SeriesInstanceUID")), "dicomdir-keys-absent"),
    Defect("images without UIDs", _rebuilt(_without("ReferencedSOPInstanceUIDInFile")), "dicomdir-keys-absent"),
    Defect("images without a type", _rebuilt(_without("DirectoryRecordType", of="IMAGE")), "dicomdir-record-unknown"),
    Defect("images without a file", _rebuilt(_without("ReferencedFileID")), "dicomdir-keys-absent"),
    Defect("records marked as deleted", _deleted, "file-not-referenced"),
    Defect("a record twice", _rebuilt(_twice), "dicomdir-repeats"),
    Defect("file IDs in another case than the files", _same, "names-repaired", _lower_cased),
    Defect("files with an ending", _same, "names-repaired", _renamed(".dcm")),
    Defect("files with a version", _same, "names-repaired", _renamed(";1")),
    Defect("file IDs with slashes", _with_file_ids("/".join), "names-repaired"),
    Defect("file IDs from a drive letter on", _with_file_ids(lambda parts: ["D:", *parts]), "names-repaired"),
    Defect("file IDs with empty parts", _with_file_ids(lambda parts: ["", ".", *parts]), "names-repaired"),
    Defect("file IDs that lead outside", _with_file_ids(lambda parts: ["..", "..", *parts]), "reference-outside"),
    Defect("files elsewhere", _same, "referenced-file-elsewhere", _moved_together),
    Defect("two DICOMDIRs", _same, "dicomdirs-several", _second_dicomdir),
    Defect("an image called DICOMDIR", _same, "dicomdir-is-image", _image_instead),
    Defect("an image that is not listed", _same, "file-not-referenced", _one_more_image),
    Defect("instance UIDs of another disc", _other_uids, "dicomdir-disagrees"),
)  # fmt: skip
"""Each with the code of the one finding that it gives."""


def _of_pydicom(place: Path) -> set[tuple[str, ...]]:
    """Who has what by pydicom's reading of the files themselves."""
    found = set()
    for path in place.rglob("*"):
        if path.is_file() and not (path.name == "DICOMDIR" and path.parent == place):
            header = dcmread(path, stop_before_pixels=True, force=True)
            if "SOPInstanceUID" in header:
                found.add((header.PatientID, header.StudyInstanceUID, header.SeriesInstanceUID, header.SOPInstanceUID))
    return found


def _of_catalog(catalog) -> set[tuple[str, ...]]:
    return {
        (str(patient.patient_id), study.study_instance_uid, series.series_instance_uid, instance.sop_instance_uid)
        for patient in catalog.patients
        for study in patient.studies
        for series in study.series
        for instance in series.instances
        if instance.state == "ok"
    }


# What these eight images give whole: two people on it, and numbers that were left out.
_EXPECTED_ANYWAY = frozenset(("several-patients", "instance-numbers-missing", "slice-gap", "duplicate-objects"))


@pytest.mark.parametrize("defect", DEFECTS, ids=[defect.name.replace(" ", "-") for defect in DEFECTS])
def test_every_image_is_found_and_one_finding_names_the_defect(defect: Defect, file_set: Path, read) -> None:
    path = file_set / "DICOMDIR"
    path.write_bytes(defect.change(path.read_bytes()))
    defect.folder(file_set)
    catalog = read(file_set)
    assert _of_catalog(catalog) == _of_pydicom(file_set)
    assert catalog.counts.missing == 0
    assert [told.code for told in catalog.findings if told.code not in _EXPECTED_ANYWAY] == [defect.code]


def test_a_whole_one_gives_no_finding(file_set: Path, read) -> None:
    catalog = read(file_set)
    assert _of_catalog(catalog) == _of_pydicom(file_set)
    assert [told.code for told in catalog.findings if told.code not in _EXPECTED_ANYWAY] == []


def _calls(data: bytes) -> int:
    """How many functions are called to read it: a measure of time that no other program disturbs."""
    count = 0

    def counted(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(counted)
    try:
        with suppress(DicomError):
            read_directory(data, "DICOMDIR")
    finally:
        sys.setprofile(None)
    return count


def _large(data: bytes, images: int) -> bytes:
    """The last image so many times over, each record followed by the next, in one series."""
    out = _rebuilt(lambda records: records)(data)
    last = _items(out)[-1]
    record = out[last:]
    place = _places(record, NEXT)[0]
    followed = (_put(record, {place: last + number * len(record) if number < images else 0}) for number in range(1, images + 1))
    return _sequence_length(lambda length: length + (images - 1) * len(record))(out[:last] + b"".join(followed))


_OF_BYTES = [defect for defect in DEFECTS if defect.change is not _same and defect.change.__name__ != "rebuild"]


@pytest.mark.parametrize("defect", _OF_BYTES, ids=[defect.name.replace(" ", "-") for defect in _OF_BYTES])
def test_the_work_grows_with_the_records_and_no_faster(defect: Defect, file_set: Path) -> None:
    data = (file_set / "DICOMDIR").read_bytes()
    few, more, most = (_calls(defect.change(_large(data, images))) for images in (500, 1000, 2000))
    assert most - more <= 2.5 * max(more - few, 100)


def test_a_missing_file_whose_name_another_one_has_is_missing(image, disc, with_dicomdir, read, tmp_path: Path) -> None:
    """Writers number files anew in every folder: PT000001/IM000000 is lost, and PT000000/IM000000 is another person's."""
    other = image(9, PatientName="Roe^Richard", PatientID="7", StudyInstanceUID="1.2.3", SeriesInstanceUID="1.2.4")
    target = with_dicomdir(disc(image(1), other), tmp_path / "set")
    lost = next(path for path in target.rglob("IM*") if b"Roe^Richard" in path.read_bytes())
    lost.unlink()
    catalog = read(target)
    assert catalog.counts.missing == 1
    assert [str(patient.patient_name) for patient in catalog.patients] == ["Doe^Jane", "Roe^Richard"]
    lost.parent.parent.mkdir(exist_ok=True)
    (target / "MOVED").mkdir()
    for path in target.rglob("IM*"):
        path.rename(target / "MOVED" / path.name)
    assert read(target).counts.missing == 1
