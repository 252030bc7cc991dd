"""Every check has a disc that trips it, and one that does not: the clean one, which trips none."""

import shutil
from pathlib import Path

import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.uid import JPEG2000Lossless

from tview.errors import FINDING_KINDS
from tview.verify import CHECKS, check_of
from tview.verify.checks import _by_code

SECTOR = 2048


def edit_dicomdir(folder: Path, change) -> Path:
    """Change the DICOMDIR of a folder through pydicom; offsets stay right as long as no length changes."""
    path = folder / "DICOMDIR"
    data_set = pydicom.dcmread(path)
    change(data_set)
    data_set.save_as(path)
    return folder


def patch(path: Path, old: bytes, new: bytes) -> Path:
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new))
    return path


def remove_one(folder: Path) -> Path:
    sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "DICOMDIR")[2].unlink()
    return folder


def cut_image(make) -> Path:
    image = make.iso()
    data = image.read_bytes()
    image.write_bytes(data[: make_last(image) + 700])
    return image


def make_last(image: Path) -> int:
    from tview.media import open_medium

    with open_medium(str(image)) as medium:
        return max(entry.order for entry in medium.entries())


def into_sub(folder: Path) -> None:
    (folder / "SUB").mkdir()
    for path in folder.glob("IM*"):
        shutil.move(str(path), folder / "SUB")


def break_directory(make) -> Path:
    image = make.iso(listed=False, extra=into_sub)
    data = bytearray(image.read_bytes())
    at = data.index(b"\x04SUB") if b"\x04SUB" in data else data.index(b"\x03SUB") - 32
    extent = int.from_bytes(data[at + 2 : at + 6], "little")
    data[extent * SECTOR + 100 : extent * SECTOR + 1900] = b"\xa5" * 1800
    image.write_bytes(data)
    return image


def empty_iso(make) -> Path:
    place = make.path("nothing")
    place.mkdir()
    return make.write_iso(place, make.path("disc").with_suffix(".iso"))


def damaged_list(make) -> Path:
    folder = make.folder()
    path = folder / "DICOMDIR"
    path.write_bytes(path.read_bytes()[:-300])
    return folder


def outside(make) -> Path:
    def change(data_set: Dataset) -> None:
        for record in data_set.DirectoryRecordSequence:
            if record.DirectoryRecordType == "IMAGE":
                record.ReferencedFileID = ["..", "..", "ETC", "PASSWD"]

    return edit_dicomdir(make.folder(make.image(1)), change)


def loop(make) -> Path:
    folder = make.folder()
    data_set = pydicom.dcmread(folder / "DICOMDIR")
    last = data_set.DirectoryRecordSequence[-1]
    last.OffsetOfTheNextDirectoryRecord = data_set.OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity
    data_set.save_as(folder / "DICOMDIR")
    return folder


def unlisted(make) -> Path:
    folder = make.folder()
    make.save(make.image(50), folder / "EXTRA")
    return folder


def other_uid(make) -> Path:
    folder = make.folder(make.image(1), make.image(2))
    patch(folder / "DICOMDIR", f"{make.root}5.1".encode(), f"{make.root}5.7".encode())
    return folder


def differing_copies(make) -> Path:
    return make.folder(make.image(1), make.image(1, PixelData=bytes(32)), listed=False)


def short_pixels(make) -> Path:
    return make.folder(*(make.image(n, PixelData=bytes(20) if n == 3 else bytes(32)) for n in range(1, 6)), listed=False)


def unknown_syntax(make) -> Path:
    image = make.image(1)
    folder = make.folder(image, listed=False)
    patch(folder / "IM0000", b"1.2.840.10008.1.2.1\0", b"1.2.840.10008.9.9.9\0")
    return folder


def encrypted(make) -> Path:
    folder = make.folder()
    make.objects(folder)[0].write_bytes(bytes.fromhex("3082010006092a864886f70d010703a08200f1") + b"\xb7\x5c\x11" * 100)
    return folder


def undecodable(make) -> Path:
    good = b"\xfe\xff\x00\xe0\0\0\0\0" + b"\xfe\xff\x00\xe0" + (40).to_bytes(4, "little") + b"\xff\x4f\xff\x51" + bytes(36)
    return make.folder(make.image(1, PixelData=good), listed=False, syntax=JPEG2000Lossless)


def gap(make) -> Path:
    return make.folder(*(make.image(n) for n in (1, 2, 3, 4, 7, 8, 9, 10)))


def cites(make) -> Path:
    return make.folder(make.image(1), make.report("See series 8 image 40.", ((f"{make.root}3.8", f"{make.root}5.800"),)))


def several_lists(make) -> Path:
    folder = make.path("two")
    for name in ("CD1", "CD2"):
        shutil.copytree(make.folder(make.image(1 if name == "CD1" else 2)), folder / name)
    return folder


def long_names(make) -> Path:
    place = make.folder(listed=False)
    (place / "IM0000").rename(place / "A_LONG_NAME_OF_AN_IMAGE")
    return make.write_iso(place, make.path("disc").with_suffix(".iso"), interchange_level=3)


def joliet_only(make) -> Path:
    image = make.iso(joliet=3)
    data = bytearray(image.read_bytes())
    data[16 * SECTOR : 17 * SECTOR] = bytes(SECTOR)
    image.write_bytes(data)
    return image


def deep(make) -> Path:
    place = make.path("deep")
    make.save(make.image(1), place.joinpath(*"ABCDEFGH") / "IM1")
    return place


def raw_image(make) -> Path:
    data = make.iso().read_bytes()
    sync = b"\0" + b"\xff" * 10 + b"\0" + bytes(4)
    target = make.path("raw").with_suffix(".bin")
    target.write_bytes(b"".join(sync + data[at : at + SECTOR] + bytes(288) for at in range(0, len(data), SECTOR)))
    return target


def in_folder(make) -> Path:
    folder = make.path("sub")
    shutil.copytree(make.folder(), folder / "SUB")
    return folder


def implicit_list(make) -> Path:
    def change(data_set: Dataset) -> None:
        data_set.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2"

    folder = make.folder()
    path = folder / "DICOMDIR"
    data_set = pydicom.dcmread(path)
    data_set.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2"
    pydicom.dcmwrite(path, data_set, implicit_vr=True, little_endian=True, enforce_file_format=True)
    return folder


def renamed_files(make) -> Path:
    folder = make.folder()
    for path in make.objects(folder):
        path.rename(path.with_name(path.name.lower() + ".dcm"))
    return folder


def file_ids(change):
    """A list whose File IDs and files are called otherwise."""

    def trip(make) -> Path:
        folder = make.folder(make.image(1))
        data_set = pydicom.dcmread(folder / "DICOMDIR")
        for record in data_set.DirectoryRecordSequence:
            if record.DirectoryRecordType == "IMAGE":
                old = folder.joinpath(*record.ReferencedFileID)
                record.ReferencedFileID = [*list(record.ReferencedFileID)[:-1], change(record.ReferencedFileID[-1])]
                old.rename(folder.joinpath(*record.ReferencedFileID))
        data_set.save_as(folder / "DICOMDIR")
        return folder

    return trip


def flag(make) -> Path:
    return edit_dicomdir(make.folder(), lambda data_set: setattr(data_set, "FileSetConsistencyFlag", 0xFFFF))


def no_file_set_uid(make) -> Path:
    folder = make.folder()
    data_set = pydicom.dcmread(folder / "DICOMDIR")
    uid = str(data_set.file_meta.MediaStorageSOPInstanceUID).encode()
    patch(folder / "DICOMDIR", uid, b"\0" * len(uid))
    return folder


def wrong_class(make) -> Path:
    folder = make.folder()
    path = folder / "DICOMDIR"
    data = path.read_bytes()
    path.write_bytes(data.replace(b"1.2.840.10008.1.3.10", b"1.2.840.10008.1.3.11", 1))
    return folder


def undeclared(make) -> Path:
    folder = make.folder(make.image(1, PatientName="Doe^Jane"))
    patch(folder / "DICOMDIR", b"ISO_IR 100", b"\0" * 10)
    patch(folder / "DICOMDIR", b"Doe^Jane", b"D\xf6e^Jane")
    return folder


def private_record(make) -> Path:
    folder = make.folder()
    return patch(folder / "DICOMDIR", b"\x30\x14CS\x06\x00IMAGE ", b"\x30\x14CS\x06\x00XYZABC").parent


def keyless(make) -> Path:
    folder = make.folder()
    return patch(folder / "DICOMDIR", b"\x20\x00\x0e\x00UI", b"\x20\x00\x0f\x00UI").parent


def without_id(make) -> Path:
    return patch(make.folder() / "DICOMDIR", b"\x10\x00\x20\x00LO\x02\x0042", b"\x10\x00\x20\x00LO\x02\x00  ").parent


def without_meta(make) -> Path:
    folder = make.folder(listed=False)
    path = folder / "IM0000"
    data = path.read_bytes()
    length = int.from_bytes(data[140:144], "little")
    path.write_bytes(data[144 + length :])
    return folder


def wrong_length(make) -> Path:
    folder = make.folder(listed=False)
    path = folder / "IM0000"
    data = bytearray(path.read_bytes())
    data[140] += 2
    path.write_bytes(data)
    return folder


def stray_spacing(make) -> Path:
    return make.folder(*(make.image(n, PixelSpacing=[0.7, 0.7] if n == 6 else [0.5, 0.5]) for n in range(1, 13)))


def uneven(make) -> Path:
    heights = [0, 5, 10, 15, 30, 35, 40, 55, 60, 65, 80, 85, 90, 105, 110, 115, 130, 135, 140]
    return make.folder(*(make.image(n, ImagePositionPatient=[0, 0, z]) for n, z in enumerate(heights, 1)))


def linked(make) -> Path:
    folder = make.folder()
    (folder / "LINK").symlink_to("/etc/hostname")
    return folder


def program(make) -> Path:
    folder = make.folder()
    path = make.objects(folder)[0]
    data = path.read_bytes()
    path.write_bytes(b"MZ" + data[2:])
    return folder


def pdi(change):
    """A disc as PDI wants it, with this one thing changed."""

    def trip(make) -> Path:
        folder = make.folder()
        (folder / "README.TXT").write_text("made by")
        (folder / "INDEX.HTM").write_text("<html><body>x</body></html>")
        (folder / "IHE_PDI").mkdir()
        (folder / "IHE_PDI" / "A.HTM").write_text("<html><body>x</body></html>")
        change(folder)
        return folder

    return trip


def beside_objects(folder: Path) -> Path:
    places = {path.parent for path in folder.rglob("*") if path.is_file() and path.parent != folder and path.parent.name != "IHE_PDI"}
    return min(places) / "X.TXT"


def cut_end(make) -> Path:
    image = make.iso()
    image.write_bytes(image.read_bytes() + bytes(SECTOR * 10))
    data = bytearray(image.read_bytes())
    whole = len(data) // SECTOR + 40
    data[16 * SECTOR + 80 : 16 * SECTOR + 84] = whole.to_bytes(4, "little")
    data[16 * SECTOR + 84 : 16 * SECTOR + 88] = whole.to_bytes(4, "big")
    image.write_bytes(data)
    return image


def two_trees(make) -> Path:
    """A Joliet tree that names a file which the other one has under no name."""
    image = make.iso(joliet=3)
    data = bytearray(image.read_bytes())
    record = data.index(b"IM000002") if b"IM000002" in data else data.index(b"DICOMDIR.;1")
    start = record - 33
    length = data[start]
    end = start + length
    sector_end = (start // SECTOR + 1) * SECTOR
    data[start:sector_end] = data[end:sector_end] + bytes(length)
    image.write_bytes(data)
    return image


# number -> (how to make the disc, a code that it must tell, its grade, options)
TRIPS = {
    1: (empty_iso, "no-files", "E", {}),
    2: (cut_image, "file-cut-off", "E", {}),
    3: (lambda make: lost_sector(make), "object-unreadable-range", "E", {}),
    4: (two_trees, "only-in-one-tree", "I", {}),
    6: (long_names, "not-iso-level-1", "I", {}),
    7: (joliet_only, "file-system-unusual", "I", {}),
    8: (lambda make: make.iso(label="SOMETHING"), "volume-name-differs", "I", {}),
    9: (several_lists, "file-sets-several", "I", {}),
    11: (deep, "folders-deep", "I", {}),
    12: (break_directory, "directory-damaged", "W", {}),
    13: (cut_end, "disc-end-missing", "I", {}),
    14: (raw_image, "image-wrapped", "I", {}),
    15: (lambda make: make.iso(listed=False), "dicomdir-absent-from-disc", "W", {}),
    16: (in_folder, "dicomdir-not-in-root", "I", {}),
    17: (damaged_list, "dicomdir-cut", "W", {}),
    18: (implicit_list, "dicomdir-encoding", "I", {}),
    19: (wrong_class, "dicomdir-class-wrong", "I", {}),
    20: (no_file_set_uid, "dicomdir-uid-absent", "I", {}),
    21: (outside, "reference-outside", "W", {}),
    22: (lambda make: remove_one(make.folder()), "referenced-file-missing", "E", {}),
    23: (renamed_files, "names-repaired", "I", {}),
    24: (file_ids(lambda name: name + "X" * 8), "file-id-long", "I", {}),
    25: (file_ids(lambda name: "im-1"), "file-id-characters", "I", {}),
    26: (file_ids(lambda name: "IM1.DCM"), "file-id-extension", "I", {}),
    27: (loop, "dicomdir-loop", "W", {}),
    28: (unlisted, "file-not-referenced", "W", {}),
    29: (other_uid, "dicomdir-disagrees", "W", {}),
    30: (keyless, "dicomdir-keys-absent", "I", {}),
    31: (differing_copies, "copies-differ", "E", {}),
    32: (flag, "dicomdir-inconsistent", "I", {}),
    33: (undeclared, "dicomdir-text-undeclared", "I", {}),
    34: (private_record, "dicomdir-record-unknown", "I", {}),
    35: (several_lists, "dicomdirs-several", "I", {}),
    36: (without_meta, "meta-missing", "I", {}),
    37: (program, "preamble-program", "E", {}),
    38: (wrong_length, "meta-length-wrong", "I", {}),
    39: (short_pixels, "pixels-fewer", "E", {}),
    40: (undecodable, "profile-syntax", "E", {"profile": "pdi"}),
    41: (without_id, "profile-keys", "E", {"profile": "std-gen-cd"}),
    42: (unknown_syntax, "object-syntax-unsupported", "W", {}),
    43: (encrypted, "object-encrypted", "W", {}),
    44: (undecodable, "object-undecodable", "E", {"level": "pixels"}),
    47: (lambda make: make.folder(make.image(1), make.image(2, PatientID="43")), "person-id-differs", "W", {}),
    48: (stray_spacing, "attributes-differ", "W", {}),
    49: (gap, "slice-gap", "W", {}),
    50: (uneven, "spacing-uneven", "I", {}),
    53: (pdi(lambda folder: (folder / "README.TXT").unlink()), "profile-readme", "E", {"profile": "pdi"}),
    54: (pdi(lambda folder: (folder / "INDEX.HTM").unlink()), "profile-index", "E", {"profile": "pdi"}),
    55: (pdi(lambda folder: (folder / "IHE_PDI" / "X.EXE").write_bytes(b"MZ\0\0")), "profile-web-content", "E", {"profile": "pdi"}),
    56: (pdi(lambda folder: beside_objects(folder).write_text("x")), "profile-content-outside", "E", {"profile": "pdi"}),
    57: (pdi(lambda folder: (folder / "A long name.html").write_text("<html>")), "profile-names", "E", {"profile": "pdi"}),
    59: (pdi(lambda folder: (folder / "AUTORUN.INF").write_text("[autorun]")), "profile-autorun", "E", {"profile": "pdi"}),
    60: (cites, "cited-objects-missing", "W", {}),
    61: (lambda make: make.folder(), "expected-missing", "E", {"expected": "images=7"}),
    62: (linked, "link-not-followed", "I", {}),
}  # fmt: skip
MADE_ELSEWHERE = {5: "several sessions", 10: "a mount of its own", 45: "two decoders", 51: "exam row", 52: "exam row", 58: "also"}


def lost_sector(make) -> Path:
    image = make.iso()
    from tview.media import open_medium

    with open_medium(str(image)) as medium:
        name = next(entry.path for entry in medium.entries() if not entry.path.startswith("DICOMDIR"))
    return make.lose(image, name)


@pytest.mark.parametrize("number", sorted(TRIPS))
def test_a_disc_trips_it(number: int, make, judge, codes) -> None:
    trip, code, letter, options = TRIPS[number]
    if "expected" in options:
        from tview.verify import read_expected

        options = {"expected": read_expected(str(options["expected"]))}
    verdict = judge(trip(make), **options)
    assert codes(verdict).get(code) == letter, codes(verdict)
    check = next(check for check in CHECKS if check.number == number)
    assert code in check.codes


@pytest.mark.parametrize("kind", ["folder", "iso"])
@pytest.mark.parametrize("level", ["listing", "headers", "bytes", "pixels"])
def test_a_clean_disc_trips_none(kind: str, level: str, make, judge) -> None:
    verdict = judge(getattr(make, kind)(), level=level)
    assert verdict.findings == ()
    assert verdict.images.word == "complete"
    assert verdict.images.counts.whole == verdict.images.counts.promised == 6
    assert verdict.person.word == "one"


@pytest.mark.parametrize("profile", ["pdi", "std-gen-cd", "std-gen-usb", "std-gen-dvd"])
def test_a_clean_disc_keeps_to_every_profile(profile: str, make, judge) -> None:
    assert judge(pdi(lambda folder: None)(make), profile=profile).findings == ()


def test_every_check_is_tried() -> None:
    assert {check.number for check in CHECKS} == set(TRIPS) | set(MADE_ELSEWHERE)
    assert set(range(1, 61)) - {46} <= {check.number for check in CHECKS}


def test_every_kind_of_finding_of_a_medium_belongs_to_a_check() -> None:
    """What no check tells would stand on the page with the grade of another room."""
    kinds = [kind.code for kind in FINDING_KINDS]
    told_by_media = kinds[kinds.index("no-files") : kinds.index("drive-no-disc")]
    told_by_archives = [code for code in kinds if code.startswith("archive-")]
    told_by_catalog = kinds[kinds.index("meta-missing") : kinds.index("text-undecodable") + 1]
    of_no_list = {
        "more-of-a-kind", "nothing-medical", "nothing-in-file", "nothing-in-cut-image", "nothing-encrypted", "nothing-proprietary",
        "archive-password-needed", "archive-password-wrong", "archive-unreadable", "archive-too-large", "source-packed", "source-empty",
        "medium-gone", "medium-other", "sheet-without-image", "verify-stopped",
    }  # fmt: skip
    lacking = [code for code in (*told_by_media, *told_by_archives, *told_by_catalog) if code not in _by_code() and code not in of_no_list]
    assert lacking == []


def test_no_code_belongs_to_two_checks() -> None:
    codes = [code for check in CHECKS for code in check.codes]
    assert len(codes) == len(set(codes))
    assert all(check.title and check.why and check.act for check in CHECKS)
    from tview.errors import finding

    assert check_of(finding("referenced-file-missing", path="x")) is not None
