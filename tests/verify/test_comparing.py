"""Two sources held against each other: pydicom writes both, so what differs is known beforehand."""

import hashlib
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread, dcmwrite
from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRBigEndian, ImplicitVRLittleEndian, RLELossless

from tview.media import open_medium
from tview.verify.comparing import Compared, Comparing, comparison_lines, comparison_record, read_manifest, without_other_persons


@pytest.fixture
def disc(make, tmp_path):
    """A folder of three slices."""
    folder = tmp_path / "a"
    for number in (1, 2, 3):
        make.save(make.image(number), folder / f"IM{number}")
    (folder / "README.TXT").write_text("read me")
    return folder


@pytest.fixture
def copy(disc, tmp_path):
    """The same files elsewhere, under other names."""
    other = tmp_path / "b" / "DEEPER"
    other.mkdir(parents=True)
    for file in disc.glob("IM*"):
        (other / f"X{file.name}").write_bytes(file.read_bytes())
    return other.parent


def compare(a: Path, b: Path, **options: object) -> Compared:
    with open_medium(str(a)) as one, open_medium(str(b)) as other:
        return Comparing(**options).run(one, other)


def edit(folder: Path, name: str, change) -> None:
    path = next(folder.rglob(name))
    data_set = dcmread(path)
    change(data_set)
    data_set.save_as(path)


def test_the_same_objects_under_other_names_are_identical(disc, copy) -> None:
    found = compare(disc, copy)
    assert found.counts == {"identical": 3} and not found.pairs and found.finished
    assert found.others.only_a == 1 and [told.severity.value for told in found.findings] == ["info"]


def test_what_is_missing_is_named_on_the_side_that_lacks_it(disc, copy, make) -> None:
    next(copy.rglob("XIM2")).unlink()
    make.save(make.image(7), copy / "IM7")
    found = compare(disc, copy)
    assert found.counts == {"identical": 2, "missing-in-b": 1, "missing-in-a": 1}
    assert {(pair.state, pair.path_a, pair.path_b) for pair in found.pairs} == {
        ("missing-in-b", "IM2", None),
        ("missing-in-a", None, "IM7"),
    }
    assert sorted(told.values["source"] for told in found.findings if told.code == "compare-missing") == sorted([str(disc), str(copy)])


def test_elements_that_differ_are_named_with_both_values(disc, copy) -> None:
    edit(copy, "XIM1", lambda ds: setattr(ds, "WindowWidth", "350"))
    edit(copy, "XIM2", lambda ds: setattr(ds, "SeriesDescription", "evil\x1b[31m\u202etext"))
    found = compare(disc, copy)
    first, second = found.pairs
    assert [(one.place, one.a, one.b) for one in first.elements] == [("(0028,1051)", None, "350")]
    assert first.state == "different" and first.pixels == "equal"
    assert second.elements[0].a == "Thorax 5.0" and "\x1b" not in second.elements[0].b and "\u202e" not in second.elements[0].b


def test_elements_inside_items_are_named_by_their_place(disc, copy) -> None:
    def refer(uid: str):
        def change(data_set: Dataset) -> None:
            item = Dataset()
            item.ReferencedSOPInstanceUID = uid
            data_set.SourceImageSequence = [Dataset(), item]

        return change

    edit(disc, "IM1", refer("1.2.3"))
    edit(copy, "XIM1", refer("1.2.4"))
    (pair,) = compare(disc, copy).pairs
    assert [(one.place, one.a, one.b) for one in pair.elements] == [("(0008,2112)[2] (0008,1155)", "1.2.3", "1.2.4")]


def test_pixels_that_differ_are_counted_by_frame_and_size(disc, copy) -> None:
    def change(data_set: Dataset) -> None:
        stored = np.frombuffer(data_set.PixelData, "<u2").copy()
        stored[5] += 300
        data_set.PixelData = stored.tobytes()

    edit(copy, "XIM3", change)
    (pair,) = compare(disc, copy).pairs
    assert (pair.state, pair.pixels, pair.frames, pair.largest, pair.elements) == ("different", "different", 1, 300.0, ())


@pytest.mark.parametrize("how", ["rle", "implicit", "big", "meta"])
def test_the_same_content_in_other_bytes_is_told_from_other_content(disc, copy, make, how) -> None:
    path = next(copy.rglob("XIM1"))
    data_set = dcmread(path)
    if how == "rle":
        data_set.compress(RLELossless, generate_instance_uid=False)
        data_set.save_as(path)
    elif how == "meta":
        data_set.file_meta.ImplementationVersionName = "OTHER"
        data_set.save_as(path)
    elif how == "implicit":
        data_set.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
        data_set.save_as(path, implicit_vr=True, little_endian=True)
    else:
        data_set.PixelData = np.frombuffer(data_set.PixelData, "<u2").astype(">u2").tobytes()
        data_set.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
        dcmwrite(path, data_set, implicit_vr=False, little_endian=False)
    found = compare(disc, copy)
    assert found.counts == {"identical": 2, "written-differently": 1}
    assert found.pairs[0].pixels == "equal"
    assert not [told for told in found.findings if told.severity.value == "error"]


@pytest.mark.parametrize("command", ["dcmcjpls", "dcmcjpeg +e1", "dcmcrle", "dcmconv +ti", "dcmconv +tb", "dcmconv +td"])
def test_what_dcmtk_writes_anew_is_the_same_in_content(make, tmp_path, command) -> None:
    program, *options = command.split()
    if shutil.which(program) is None:
        pytest.skip("DCMTK is not installed")
    pixels = np.random.default_rng(1).integers(0, 4096, (64, 64), dtype=np.uint16)
    image = make.image(1, Rows=64, Columns=64, BitsStored=12, HighBit=11, PixelData=pixels.tobytes())
    block = image.private_block(0x0009, "OURS", create=True)
    block.add_new(1, "DS", "1.50")
    block.add_new(2, "UL", 7)
    one = make.save(image, tmp_path / "a" / "IM1")
    (tmp_path / "b").mkdir()
    subprocess.run([program, *options, str(one), str(tmp_path / "b" / "IM1")], check=True, capture_output=True)
    found = compare(tmp_path / "a", tmp_path / "b")
    assert found.counts == {"written-differently": 1} and found.pairs[0].pixels == "equal"
    pixels[3, 5] ^= 1
    image.PixelData = pixels.tobytes()
    make.save(image, one)
    (pair,) = compare(tmp_path / "a", tmp_path / "b").pairs
    assert (pair.state, pair.pixels, pair.largest) == ("different", "different", 1.0)


def test_a_character_set_that_changes_the_name_is_a_difference(disc, copy) -> None:
    """The same bytes read as Latin-1 and as Greek are two names."""
    for folder, name in ((disc, "IM1"), (copy, "XIM1")):
        edit(folder, name, lambda ds: setattr(ds, "PatientName", "M\u00fcller"))
    path = next(copy.rglob("XIM1"))
    path.write_bytes(path.read_bytes().replace(b"ISO_IR 100", b"ISO_IR 126"))
    (pair,) = compare(disc, copy).pairs
    assert "(0010,0010)" in [one.place for one in pair.elements] and pair.state == "different"


def test_what_cannot_be_read_is_not_called_equal(disc, make, tmp_path) -> None:
    make.save(make.image(9, Rows=64, Columns=64, PixelData=bytes(8192)), disc / "IM9")
    image = make.write_iso(disc, tmp_path / "b.iso")
    assert compare(disc, image).counts == {"identical": 4}
    found = compare(disc, make.lose(image, "IM9", offset=4096))
    assert found.counts == {"identical": 3, "not-read": 1}
    assert [told.code for told in found.findings if told.severity.value == "error"] == ["compare-not-read"]
    (disc / "IM9").write_bytes((disc / "IM9").read_bytes()[:-2] + b"\1\1")
    assert compare(disc, image).counts == {"identical": 3, "different": 1}


def test_a_list_of_sums_stands_for_a_copy(disc) -> None:
    lines = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}" for file in sorted(disc.iterdir())]
    lines[0] = lines[0].replace("IM1", "moved/elsewhere")
    lines[1] = "0" * 64 + "  IM2"
    lines.append("1" * 64 + "  IM9")
    sums = disc.parent / "SHA256SUMS"
    sums.write_text("\n".join(lines) + "\n")
    manifest = read_manifest(str(sums))
    assert manifest is not None and len(manifest) == 5
    with open_medium(str(disc)) as medium:
        found = Comparing().run_sums(medium, manifest, str(sums))
    assert found.counts == {"identical": 2, "different": 1, "missing-in-a": 1} and found.others.same == 1


@pytest.mark.parametrize("data", [b"", b"no list\n", b'{"schema": "tview/copy/1", "files": 3}', b'{"tview/copy/": [', b"\xff" * 90])
def test_what_is_no_list_of_sums_is_not_taken_for_one(tmp_path, data) -> None:
    path = tmp_path / "x"
    path.write_bytes(data)
    assert read_manifest(str(path)) is None


def test_stopping_keeps_what_was_compared(disc, copy) -> None:
    asked = []

    def stopped() -> bool:
        asked.append(1)
        return len(asked) > 12

    found = compare(disc, copy, stopped=stopped)
    assert not found.finished and sum(found.counts.values()) < 3
    assert any("so far" in line or "stopped" in line for line in comparison_lines(found))


def test_another_persons_name_is_withheld(disc, copy) -> None:
    edit(copy, "XIM1", lambda ds: setattr(ds, "PatientName", "Other^Person"))
    found = compare(disc, copy)
    assert "Other" in "\n".join(comparison_lines(found))
    page = "\n".join(comparison_lines(without_other_persons(found)))
    assert "Other" not in page and "Doe" in page and "withheld" in page


def test_nothing_that_another_person_says_is_shown(disc, copy) -> None:
    def change(data_set: Dataset) -> None:
        data_set.PatientName, data_set.PatientID, data_set.PatientBirthDate = "Canary^Bob", "CANARYID", "19771117"
        data_set.PatientComments = data_set.PatientAddress = data_set.ImageComments = data_set.AdditionalPatientHistory = "canary words"
        data_set.ReferringPhysicianName = data_set.PatientMotherBirthName = "Canary^Doctor"
        data_set.StudyDescription, data_set.AccessionNumber, data_set.WindowWidth = "canary study", "CANARY1", "350"
        item = Dataset()
        item.RequestedProcedureDescription = "canary procedure"
        data_set.RequestAttributesSequence = [item]
        block = data_set.private_block(0x0029, "MAKER", create=True)
        block.add_new(1, "LO", "canary private")
        block.add_new(2, "UN", b"canary unknown")

    edit(copy, "XIM1", change)
    path = next(copy.rglob("XIM1"))
    path.rename(path.with_name("CANARY_BOB"))
    found = compare(disc, copy)
    assert "anary" in "\n".join(comparison_lines(found, long=True))
    shown = without_other_persons(found)
    for page in ("\n".join(comparison_lines(shown, width=200, long=True)), str(comparison_record(shown)), repr(shown)):
        assert "canary" not in page.lower() and "19771117" not in page and "1977-11-17" not in page
        assert "350" in page and "Doe" in page


def test_another_person_behind_many_differences_is_noticed(disc, copy) -> None:
    def change(data_set: Dataset) -> None:
        block = data_set.private_block(0x0009, "MAKER", create=True)
        for number in range(100):
            block.add_new(number, "LO", "canary private")
        data_set.PatientName = "Canary^Bob"

    edit(copy, "XIM1", change)
    page = repr(without_other_persons(compare(disc, copy)))
    assert "canary" not in page.lower() and "Patient's Name" in page


def test_the_page_fits_and_is_ascii_when_asked(disc, copy) -> None:
    from tview.text import cell_width

    edit(copy, "XIM1", lambda ds: setattr(ds, "SeriesDescription", "M\u00fcller " * 30))
    next(copy.rglob("XIM2")).unlink()
    found = compare(disc, copy)
    for width in (60, 80, 132):
        assert max(cell_width(line) for line in comparison_lines(found, width=width, long=True)) <= width
    assert all(line.isascii() for line in comparison_lines(found, ascii_only=True))
