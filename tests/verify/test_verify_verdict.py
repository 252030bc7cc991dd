"""Every branch of the verdict's logic has a disc."""

import zipfile
from pathlib import Path

import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

from tview.errors import Severity
from tview.media import open_medium
from tview.verify import Slip, normalised_name, same_name, withheld

CMS = bytes.fromhex("3082010006092a864886f70d010703a08200f1") + b"\xb7\x5c\x11" * 100


# --- images -----------------------------------------------------------------------------------------------------


def test_complete_needs_a_list(make, judge) -> None:
    assert judge(make.folder()).images.word == "complete"
    scanned = judge(make.folder(listed=False))
    assert scanned.images.word == "complete-with-remarks"
    assert "cannot tell what was left off" in scanned.images.summary


def test_missing_is_incomplete_and_says_where(make, judge) -> None:
    folder = make.folder()
    lost = make.objects(folder)[1]
    lost.unlink()
    verdict = judge(folder)
    assert verdict.images.word == "incomplete"
    assert verdict.images.counts.missing == 1
    assert verdict.images.counts.whole == 5
    assert f"Se 4: {lost.relative_to(folder).as_posix()}" in verdict.images.summary
    row = verdict.exams[0]
    assert (row.promised, row.whole, row.lost[0].series_number, row.lost[0].missing) == (6, 5, 4, (2,))
    assert verdict.do[0].code == "ask-again"
    assert "Hospital X" in verdict.do[0].text
    assert verdict.do[-1].text == "import the rest"
    assert verdict.fails


def test_what_is_listed_at_a_wrong_place_is_not_missing(make, judge) -> None:
    folder = make.folder()
    moved = make.objects(folder)[0]
    moved.rename(folder / "ELSEWHERE")
    verdict = judge(folder)
    assert verdict.images.counts.missing == 0
    assert verdict.images.word == "complete"


def test_a_whole_copy_elsewhere_counts(make, judge, codes) -> None:
    image = make.iso(extra=lambda folder: make.save(make.image(3), folder / "COPY") and None)
    with open_medium(str(image)) as medium:
        listed = [entry for entry in medium.entries() if entry.path not in ("DICOMDIR", "COPY")]
        third = next(entry for entry in listed if b"999.5.3" in medium.read(entry).data)
    verdict = judge(make.lose(image, third.path))
    assert verdict.images.counts.whole == 6
    assert verdict.images.word == "complete-with-remarks"
    assert codes(verdict)["damaged-copy"] == "W"
    assert codes(verdict)["object-unreadable-range"] == "W"
    assert not verdict.fails


@pytest.mark.parametrize("level", ["headers", "bytes", "pixels"])
def test_an_image_without_pixel_data_is_lost(level, make, judge, codes) -> None:
    verdict = judge(make.folder(make.image(1), make.image(2, PixelData=None)), level=level)
    assert (verdict.images.word, verdict.images.counts.cut_off, verdict.images.counts.whole) == ("incomplete", 1, 1)
    assert codes(verdict) == {"frames-absent": "E"}


def test_what_may_have_no_pixel_data_is_whole(make, judge) -> None:
    elsewhere = make.image(2, PixelData=None, PixelDataProviderURL="http://pacs.example/1")
    spectra = make.image(3, PixelData=None, SOPClassUID="1.2.840.10008.5.1.4.1.1.4.2")
    dose = make.image(4, PixelData=None, Rows=None, Columns=None, SOPClassUID="1.2.840.10008.5.1.4.1.1.481.2")
    theirs = make.image(5, PixelData=None)
    theirs.private_block(0x7FE1, "MAKER", create=True).add_new(1, "OB", bytes(range(256)) * 8)
    verdict = judge(make.folder(make.image(1), elsewhere, spectra, dose, theirs, listed=False), level="pixels")
    assert verdict.images.counts.whole == 5
    assert "frames-absent" not in {told.code for told in verdict.findings}


def test_an_object_that_is_listed_and_nowhere_is_missing_though_its_file_is_there(make, judge, codes) -> None:
    folder = make.folder()
    files = make.objects(folder)
    files[1].write_bytes(files[0].read_bytes())
    for level in ("headers", "bytes"):
        verdict = judge(folder, level=level)
        counts = verdict.images.counts
        assert (verdict.images.word, counts.promised, counts.missing, counts.whole) == ("incomplete", 6, 1, 5)
        assert codes(verdict)["listed-object-absent"] == "E"
        row = verdict.exams[0]
        assert (row.promised, row.whole, row.lost[0].missing) == (6, 5, (2,))
        assert verdict.fails


def test_two_records_that_lead_to_one_file_miss_one(make, judge, codes) -> None:
    folder = make.folder()
    second = make.objects(folder)[1]
    listed = dcmread(folder / "DICOMDIR")
    images = [record for record in listed.DirectoryRecordSequence if record.DirectoryRecordType == "IMAGE"]
    lead = next(one for one in images if "/".join(one.ReferencedFileID) == second.relative_to(folder).as_posix())
    other = next(one for one in images if one is not lead)
    lead.ReferencedFileID = list(other.ReferencedFileID)
    listed.save_as(folder / "DICOMDIR")
    second.unlink()
    verdict = judge(folder)
    counts = verdict.images.counts
    assert (verdict.images.word, counts.promised, counts.missing, counts.whole) == ("incomplete", 6, 1, 5)
    assert codes(verdict)["listed-object-absent"] == "E"


def test_an_object_that_lies_elsewhere_than_listed_is_not_missing(make, judge) -> None:
    folder = make.folder()
    first, second = make.objects(folder)[:2]
    one, other = first.read_bytes(), second.read_bytes()
    first.write_bytes(other)
    second.write_bytes(one)
    assert judge(folder).images.counts.missing == 0


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("IM9999", bytes(5000), True),
        ("IM9999", b"", True),
        ("README.TXT", b"", False),
        (".nomedia", b"", False),
        ("OTHER/IM1", bytes(9), False),
    ],
)
def test_a_blank_file_among_objects_is_to_be_looked_at(name, data, told, make, judge, codes) -> None:
    folder = make.folder(listed=False)
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(data)
    assert codes(judge(folder)).get("file-blank") == ("W" if told else None)


def compressed(make, frames: int, here: int, table: bool = False, cut: int = 0):
    """A multi-frame image in RLE, or JPEG-LS with a `cut`, that says so many frames and has so many."""
    import imagecodecs
    import numpy as np
    from pydicom.encaps import encapsulate, generate_frames
    from pydicom.uid import JPEGLSLossless, RLELossless

    stored = np.random.default_rng(1).integers(0, 4096, (frames, 64, 64), dtype=np.uint16)
    image = make.image(1, Rows=64, Columns=64, NumberOfFrames=frames, BitsStored=12, HighBit=11, PixelData=stored.tobytes())
    image.file_meta = FileMetaDataset()
    image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    if cut:
        image.file_meta.TransferSyntaxUID = JPEGLSLossless
        streams = [imagecodecs.jpegls_encode(frame) for frame in stored[:here]]
    else:
        image.compress(RLELossless, generate_instance_uid=False)
        streams = list(generate_frames(image.PixelData, number_of_frames=frames))[:here]
    streams[-1:] = [streams[-1][: -cut or None]] if streams else []
    image.PixelData = encapsulate(streams, has_bot=table) if streams else bytes.fromhex("feff00e000000000")
    return image, image.file_meta.TransferSyntaxUID


@pytest.mark.parametrize("level", ["bytes", "pixels"])
@pytest.mark.parametrize(
    ("frames", "here", "cut", "code"),
    [(1, 0, 0, "frames-absent"), (10, 0, 0, "frames-absent"), (10, 3, 0, "object-undecodable"), (1, 1, 2000, "object-undecodable")],
)
def test_compressed_pixels_that_lack_frames_are_found_by_bytes(level, frames, here, cut, code, make, judge, codes) -> None:
    image, syntax = compressed(make, frames, here, cut=cut)
    verdict = judge(make.folder(image, syntax=syntax), level=level)
    assert (verdict.images.word, verdict.images.counts.whole) == ("incomplete", 0)
    assert codes(verdict) == {code: "E"}


@pytest.mark.parametrize("table", [True, False])
@pytest.mark.parametrize("frames", [1, 10])
def test_compressed_pixels_that_are_whole_say_nothing(table, frames, make, judge) -> None:
    image, syntax = compressed(make, frames, frames, table)
    verdict = judge(make.folder(image, syntax=syntax))
    assert (verdict.images.word, verdict.findings, verdict.images.counts.frames_decoded) == ("complete", (), 0)


def test_an_unreadable_stretch_in_the_middle_of_an_image_is_found_by_bytes(make, judge) -> None:
    pixels = bytes(2 * 256 * 256)
    image = make.iso(*(make.image(n, Rows=256, Columns=256, PixelData=pixels) for n in (1, 2, 3)))
    with open_medium(str(image)) as medium:
        name = [entry.path for entry in medium.entries() if entry.path != "DICOMDIR"][1]
    make.lose(image, name, 64 * 1024, 2048)
    assert judge(image, level="headers").images.word == "complete"
    verdict = judge(image)
    assert verdict.images.word == "incomplete"
    assert verdict.images.counts.unreadable == 1
    told = next(told for told in verdict.findings if told.code == "object-unreadable-range")
    assert (told.path, told.range, told.severity) == (name, (65536, 2048), Severity.ERROR)
    assert [act.code for act in verdict.do[:2]] == ["clean-disc", "ask-again"]


def test_damage_outside_objects_is_a_note(make, judge, codes) -> None:
    def viewer(folder: Path) -> None:
        (folder / "VIEWER.EXE").write_bytes(b"MZ" + bytes(50_000))

    image = make.iso(extra=viewer)
    with open_medium(str(image)) as medium:
        size = medium.entry("VIEWER.EXE").size
    assert size
    verdict = judge(make.lose(image, "VIEWER.EXE", 2048, 2048))
    assert verdict.images.word == "complete"
    assert set(codes(verdict).values()) == {"I"}
    assert any("VIEWER.EXE (not run, not scanned)" in piece for piece in verdict.also)


def test_what_cannot_be_shown_is_not_damage(make, judge) -> None:
    folder = make.folder(make.image(1), make.image(2))
    path = make.objects(folder)[0]
    path.write_bytes(path.read_bytes().replace(b"1.2.840.10008.1.2.1\0", b"1.2.840.10008.9.9.9\0"))
    verdict = judge(folder, level="pixels")
    assert verdict.images.word == "complete-with-remarks"
    assert (verdict.images.counts.whole, verdict.images.counts.unshown) == (2, 1)


def test_raw_data_without_pictures_is_a_note(make, judge, codes) -> None:
    raw = make.image(
        1, SOPClassUID="1.2.840.10008.5.1.4.1.1.66", Modality="OT", PixelData=None, Rows=None, Columns=None, BitsAllocated=None
    )
    assert codes(judge(make.folder(make.image(2), raw, listed=False)))["object-class-unsupported"] == "I"


def test_no_medical_disc(make, judge) -> None:
    place = make.path("music")
    place.mkdir()
    (place / "a.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(50))
    verdict = judge(place)
    assert verdict.images.word == "not-a-medical-disc"
    assert "1 JPEG" in verdict.images.summary
    assert [act.code for act in verdict.do] == ["ask-dicom"]


def test_proprietary(make, judge) -> None:
    place = make.path("maker")
    place.mkdir()
    (place / "viewer.exe").write_bytes(b"MZ" + bytes(1000))
    (place / "study.dat").write_bytes(bytes(range(1, 251)) * 2000)
    assert judge(place).images.word == "proprietary"


def test_locked_files(make, judge) -> None:
    place = make.path("locked")
    place.mkdir()
    for number in range(3):
        (place / f"IM{number}").write_bytes(CMS)
    verdict = judge(place)
    assert verdict.images.word == "locked"
    assert verdict.do[0].code == "ask-key"


def test_unreadable(make, judge) -> None:
    image = make.iso(listed=False)
    data = image.read_bytes()
    image.write_bytes(data[: 24 * 2048])
    assert judge(image).images.word == "unreadable"


def test_a_folder_with_only_a_list_is_unreadable_not_no_medical_disc(make, judge) -> None:
    folder = make.folder()
    for path in make.objects(folder):
        path.unlink()
    assert judge(folder).images.word == "incomplete"
    assert judge(folder).images.counts.missing == 6


def test_the_levels_say_what_was_done(make, judge) -> None:
    image = make.iso()
    said = {level: judge(image, level=level).images.summary for level in ("listing", "headers", "bytes", "pixels")}
    assert said["listing"].endswith("listed, not read")
    assert said["headers"].endswith("listed and opened, not read through")
    assert said["bytes"].endswith("read to the last byte")
    assert said["pixels"].endswith("decoded")
    for forbidden in ("exact", "conformant", "diagnostic", "anonymous", "virus-free", "normal"):
        assert all(forbidden not in text.lower() for text in said.values())


def test_expected_numbers_and_manifests(make, judge, codes, tmp_path: Path) -> None:
    import hashlib

    from tview.verify import read_expected

    folder = make.folder()
    assert judge(folder, expected=read_expected("studies=1,series=1,images=6,objects=6")).findings == ()
    assert codes(judge(folder, expected=read_expected("studies=2"))) == {"expected-missing": "E"}
    uids = tmp_path / "uids.txt"
    uids.write_text("".join(f"{make.root}5.{number}\n" for number in range(1, 7)))
    assert judge(folder, expected=read_expected(str(uids))).findings == ()
    uids.write_text(f"{make.root}5.1\n{make.root}5.77\n")
    told = judge(folder, expected=read_expected(str(uids))).findings[0]
    assert told.values["found"] == 1
    assert told.sop_instance_uid == f"{make.root}5.77"
    sums = tmp_path / "SHA256SUMS"
    sums.write_text("".join(f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.name}\n" for p in make.objects(folder)))
    assert judge(folder, expected=read_expected(str(sums))).findings == ()
    sums.write_text(sums.read_text() + "0" * 64 + "  gone\n")
    assert codes(judge(folder, expected=read_expected(str(sums)))) == {"expected-missing": "E"}


# --- person -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("DOE^JANE", "Doe^Jane^^", True),
        ("DOE^JANE^MARY", "DOE^JANE", True),
        ("DOE^JANE^^Dr.", "DOE^JANE", True),
        ("Müller^Jürgen", "MUELLER^JUERGEN", True),
        ("MULLER^JURGEN", "Müller^Jürgen", True),
        ("Yamada^Tarou=山田^太郎", "YAMADA^TAROU", True),
        ("Yamada^Tarou=山田^太郎", "=山田^太郎", True),
        ("Doe, Jane", "DOE^JANE", True),
        ("Jane Doe", "DOE^JANE", True),
        ("O'Brien^Pat", "OBRIEN^PAT", True),
        ("DOE^JANE", "DOE^JOHN", False),
        ("DOE^JANE", "ROE^JANE", False),
        ("DOE^JANE", "", False),
    ],
)
def test_names_are_normalised(one: str, other: str, same: bool) -> None:
    assert same_name(one, other) is same
    assert same_name(other, one) is same


def test_a_name_without_letters_names_nobody() -> None:
    assert normalised_name("^^^^") == ()


def test_two_writings_of_a_name_are_one_person(make, judge) -> None:
    verdict = judge(make.folder(make.image(1), make.image(2, PatientName="DOE^JANE^^^"), make.image(3, PatientName="Doe^Jane^M^Dr")))
    assert verdict.person.word == "one"
    assert len(verdict.person.persons) == 1


def person_of(make, judge, **second):
    return judge(make.folder(make.image(1), make.image(2, StudyInstanceUID=f"{make.root}22", SeriesInstanceUID=f"{make.root}33", **second)))


def test_another_id_of_another_place_is_a_note(make, judge, codes) -> None:
    verdict = person_of(make, judge, PatientID="99", InstitutionName="Clinic Y")
    assert verdict.person.word == "one"
    assert codes(verdict) == {"person-ids-of-places": "I"}
    assert set(verdict.person.persons[0].ids) == {("42", "Hospital X"), ("99", "Clinic Y")}


def test_another_id_of_the_same_place_is_to_be_confirmed(make, judge, codes) -> None:
    verdict = person_of(make, judge, PatientID="99")
    assert (verdict.person.word, codes(verdict)) == ("probably-one", {"person-id-differs": "W"})
    assert verdict.do[0].code == "confirm-person"
    assert not verdict.fails


def test_another_birth_date_alone_is_to_be_confirmed(make, judge, codes) -> None:
    verdict = person_of(make, judge, PatientBirthDate="19610204")
    assert (verdict.person.word, codes(verdict)) == ("probably-one", {"person-birth-date-differs": "W"})


def test_name_and_birth_date_differ_stop(make, judge, codes) -> None:
    verdict = person_of(make, judge, PatientName="Roe^Richard", PatientBirthDate="19500101")
    assert verdict.person.word == "several"
    assert codes(verdict)["persons-several"] == "E"
    assert verdict.images.word == "complete", "still not incomplete"
    assert verdict.fails
    assert [act.code for act in verdict.do] == ["stop"]
    assert all("persons-several" in row.in_the_way for row in verdict.exams)


@pytest.mark.parametrize(
    "persons",
    [
        [("Doe^Jane", "1", "19500101"), ("Doe^Jane", "2", "19800101"), ("Doe^Jane", "", "")],
        [("Doe^Jane", "1", "19500101"), ("Roe^Mary", "1", ""), ("Roe^Mary", "2", "19800101")],
        [("Smith^John", "", "19800101"), ("Jones^Mary", "", "19800101")],
        [("Doe^Anna", "5", "20100101"), ("Doe^Beate", "", "20100101")],
    ],
)
def test_an_object_that_says_little_makes_no_one_person_of_two(persons, make, judge) -> None:
    images = [
        make.image(number, PatientName=name, PatientID=identity, PatientBirthDate=born)
        for number, (name, identity, born) in enumerate(persons, 1)
    ]
    for order in (images, images[::-1]):
        verdict = judge(make.folder(*order, listed=False))
        assert (verdict.person.word, len(verdict.person.persons)) == ("several", 2)
        assert sum(person.objects for person in verdict.person.persons) == len(persons)
        assert verdict.fails


@pytest.mark.parametrize("other", ["Doe^Jayne", "Dow^Jane", "Jane^Doe", "=\u5c71\u7530^\u592a\u90ce"])
def test_a_spelling_with_the_same_birth_date_is_no_second_person(other, make, judge) -> None:
    images = [make.image(1, PatientID=""), make.image(2, PatientName=other, PatientID="", SpecificCharacterSet="ISO_IR 192")]
    assert judge(make.folder(*images, listed=False)).person.word == "probably-one"


def test_another_sex_is_to_be_confirmed(make, judge, codes) -> None:
    verdict = person_of(make, judge, PatientSex="M")
    assert (verdict.person.word, codes(verdict)) == ("probably-one", {"person-sex-differs": "W"})
    assert "the sex differs" in verdict.do[0].text
    assert person_of(make, judge, PatientSex="O").person.word == "one"


def test_a_marriage_is_to_be_confirmed(make, judge) -> None:
    assert person_of(make, judge, PatientName="Roe^Jane", PatientID="7", InstitutionName="Clinic Y").person.word == "probably-one"


def test_objects_that_name_nobody_are_no_further_person(make, judge, codes) -> None:
    verdict = judge(make.folder(make.image(1), make.image(2, PatientName="", PatientID="", PatientBirthDate=""), listed=False))
    assert verdict.person.word == "one"
    assert codes(verdict)["person-nameless"] == "I"
    assert judge(make.folder(make.image(1, PatientName="", PatientID=""), listed=False)).person.word == "nobody"


def test_a_person_whose_files_are_lost_is_counted_by_the_list(make, judge) -> None:
    other = make.image(
        9, PatientName="Roe^Richard", PatientID="7", PatientBirthDate="19500101", StudyInstanceUID="1.2.3", SeriesInstanceUID="1.2.4"
    )
    folder = make.folder(make.image(1), other)
    for path in make.objects(folder):
        if b"Roe^Richard" in path.read_bytes():
            path.unlink()
    assert judge(folder).person.word == "several"


def test_the_list_names_another_person(make, judge, codes) -> None:
    folder = make.folder(make.image(1))
    path = folder / "DICOMDIR"
    path.write_bytes(path.read_bytes().replace(b"Doe^Jane", b"Roe^Rick"))
    verdict = judge(folder)
    assert verdict.person.word == "probably-one"
    assert codes(verdict)["dicomdir-other-patient"] == "W"


@pytest.mark.parametrize(
    ("slip", "word", "fields"),
    [
        (Slip(patient="Doe, Jane", born="1961-04-02", patient_id="42"), "one", {"patient": "ok", "born": "ok", "patient_id": "ok"}),
        (Slip(patient="JANE DOE", born="2.4.1961", patient_id="0042"), "one", {"patient": "near", "born": "ok", "patient_id": "near"}),
        (Slip(patient="Doe, Jane", born="1961-04-02", patient_id="7"), "one", {"patient": "ok", "born": "ok", "patient_id": "differs"}),
        (Slip(patient="Roe, Jane", born="1961-04-02"), "not-as-expected", {"patient": "differs", "born": "ok"}),
        (Slip(born="1999-01-01"), "not-as-expected", {"born": "differs"}),
        (Slip(accession="4712"), "not-as-expected", {"accession": "differs"}),
        (Slip(patient_id="7"), "not-as-expected", {"patient_id": "differs"}),
    ],
)
def test_the_request_slip(slip: Slip, word: str, fields: dict[str, str], make, judge, codes) -> None:
    verdict = judge(make.folder(), slip=slip)
    assert verdict.person.word == word
    assert {one.field: one.word for one in verdict.person.slip} == fields
    assert ("person-not-expected" in codes(verdict)) is (word == "not-as-expected")
    assert verdict.fails is (word == "not-as-expected")


def test_other_persons_are_withheld(make, judge) -> None:
    verdict = person_of(
        make, judge, PatientName="Canary^Secret", PatientBirthDate="19331224", PatientID="SECRET7", AccessionNumber="SECRET8"
    )
    shown = withheld(judge_first_is_jane(verdict))
    assert "Canary" not in repr(shown)
    assert "SECRET" not in repr(shown)
    assert "1933" not in repr(shown)
    assert shown.person.persons[0].name == "Doe, Jane"
    assert shown.person.persons[1].is_withheld


def test_nothing_of_a_withheld_person_is_in_what_was_found_or_written(make, judge) -> None:
    """Four ways to write the other person, each of which makes a finding of its own, in a folder with their name; one image is cut off."""
    folder = make.path("disc")
    for number in range(1, 8):
        make.save(make.image(number), folder / f"IM{number}")
    others = [("Canary^Anna", "999777", "19700202"), ("Canarie^Anna", "999777", "19700202"), ("Canarie^Anna", "999777", "19711111")]
    for number, (name, identity, born) in enumerate([*others, ("Canarie^Anna", "888666", "19711111")], 20):
        image = make.image(
            number, PatientName=name, PatientID=identity, PatientBirthDate=born, StudyInstanceUID="1.2.3", SeriesInstanceUID="1.2.4",
            SeriesDescription="Canary knee", StudyDescription="Canary", ImagePositionPatient=[0, 0, 5.0 * number + 40 * (number > 22)],
        )  # fmt: skip
        path = make.save(image, folder / "CANARY_ANNA_19700202" / f"IM{number}")
    path.write_bytes(path.read_bytes()[:-8])
    from tview.verify import page_lines, verdict_record
    from tview.verify.html import html_page
    from tview.verify.junit import junit_report
    from tview.verify.letter import letter_lines

    verdict = judge(folder)
    assert {"person-name-differs", "person-birth-date-differs", "person-id-differs"} & {told.code for told in verdict.findings}
    assert verdict.person.word == "several"
    for shown in (withheld(verdict), withheld(verdict, -1)):
        pages = ["\n".join(page_lines(shown, notes=True)), str(verdict_record(shown)), html_page([shown]), junit_report([shown], None)]
        pages += ["\n".join(letter_lines(shown, named=True)), repr(shown)]
        for page in pages:
            assert not [word for word in ("canar", "999777", "888666", "1970", "1971") if word in page.lower()]
    assert "Doe, Jane" in "\n".join(page_lines(withheld(verdict)))
    assert "1 file (withheld)" in "\n".join(letter_lines(withheld(verdict)))


def test_every_value_that_may_name_a_person_is_withheld() -> None:
    """A kind with a new one has to be looked at: it is withheld, or on the list of those that name nobody."""
    import re

    from tview.errors import FINDING_KINDS
    from tview.verify.checks import CHECKS
    from tview.verify.withhold import _NAMING

    codes = {code for check in CHECKS if check.axis == "person" for code in check.codes}
    names = {name for kind in FINDING_KINDS if kind.code in codes for name in re.findall(r"{(\w+)", kind.message)}
    assert names - _NAMING == {"patients", "persons", "path", "count", "fields"}


def judge_first_is_jane(verdict):
    persons = tuple(sorted(verdict.person.persons, key=lambda person: person.name != "Doe, Jane"))
    jane = persons[0].study_instance_uids[0]
    exams = tuple(row._replace(person=0 if row.study_instance_uid == jane else 1) for row in verdict.exams)
    return verdict._replace(person=verdict.person._replace(persons=persons), exams=exams)


# --- the disc against itself ------------------------------------------------------------------------------------


def test_a_report_that_cites_a_series_which_is_not_here(make, judge) -> None:
    report = make.report("Unchanged.", ((f"{make.root}3", f"{make.root}5.1"), (f"{make.root}3.8", f"{make.root}5.800")))
    row = judge(make.folder(make.image(1), report)).exams[0]
    assert row.report
    assert row.cites[0] == "Se 4"
    assert len(row.cites_missing) == 1


@pytest.mark.parametrize(
    ("depth", "uid", "code"), [(1, "5.800", {"cited-objects-missing": "W"}), (3, "5.800", {"cited-objects-missing": "W"}), (2, "5.1", {})]
)
def test_a_report_that_names_images_in_its_content_tree_only(depth, uid, code, make, judge, codes) -> None:
    one = Dataset()
    one.ReferencedSOPClassUID, one.ReferencedSOPInstanceUID = "1.2.840.10008.5.1.4.1.1.2", make.root + uid
    item = Dataset()
    item.RelationshipType, item.ValueType, item.ReferencedSOPSequence = "CONTAINS", "IMAGE", [one]
    for _ in range(depth - 1):
        around = Dataset()
        around.RelationshipType, around.ValueType, around.ContentSequence = "CONTAINS", "CONTAINER", [item]
        item = around
    report = make.report()
    report.ContentSequence.append(item)
    assert codes(judge(make.folder(make.image(1), report))) == code
    dose = make.report(SOPClassUID="1.2.840.10008.5.1.4.1.1.88.67")
    dose.ContentSequence.append(item)
    assert "cited-objects-missing" not in codes(judge(make.folder(make.image(1), dose, listed=False)))


def test_a_report_whose_evidence_is_here_says_nothing(make, judge) -> None:
    report = make.report("See series 4 image 1.", ((f"{make.root}3", f"{make.root}5.1"),))
    verdict = judge(make.folder(make.image(1), make.image(2), report))
    assert verdict.findings == ()
    assert verdict.images.word == "complete"


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("Nodule in series 4 image 2, unchanged in series 8 image 40.", ("Se 8 Im 40",)),
        ("Lesion on Serie 8, Bild 12.", ("Se 8 Im 12",)),
        ("Image 3 of series 9 shows it; series 4 image 1 too.", ("Se 9 Im 3",)),
        ("Compared with the prior exam, series 8 image 40.", ()),
        ("A series of 12 images. Image quality is good.", ()),
        ("Series 4 image 1.", ()),
    ],
)
def test_numbers_in_the_words_of_a_report(text: str, missing: tuple[str, ...], make, judge) -> None:
    report = make.report(f"See series 4 image 1. {text}")
    row = judge(make.folder(make.image(1), make.image(2), report)).exams[0]
    assert row.cites_missing == missing


def test_a_key_object_selection_and_a_segmentation(make, judge, codes) -> None:
    selection = make.report("", ((f"{make.root}3.8", f"{make.root}5.800"),), SOPClassUID="1.2.840.10008.5.1.4.1.1.88.59", Modality="KO")
    verdict = judge(make.folder(make.image(1), selection, listed=False))
    assert codes(verdict)["cited-objects-missing"] == "W"
    assert not verdict.exams[0].report, "a selection of key images is no report"


def test_thin_slices_that_others_were_made_from_are_a_note(make, judge, codes) -> None:
    from pydicom.dataset import Dataset

    source = Dataset()
    source.ReferencedSOPClassUID, source.ReferencedSOPInstanceUID = "1.2.840.10008.5.1.4.1.1.2", "1.2.3.4.5"
    verdict = judge(make.folder(make.image(1, SourceImageSequence=[source])))
    assert codes(verdict) == {"cited-objects-missing": "I"}
    assert verdict.images.word == "complete"


def test_a_prior_exam_that_is_not_on_the_disc_is_a_note(make, judge, codes) -> None:
    report = make.report("Unchanged.", ((f"{make.root}3.8", f"{make.root}5.800"),))
    report.CurrentRequestedProcedureEvidenceSequence[0].StudyInstanceUID = "1.2.3.4"
    assert codes(judge(make.folder(make.image(1), report))) == {"cited-objects-missing": "I"}


# --- archives ---------------------------------------------------------------------------------------------------


def test_a_zip_is_read_through(make, judge, tmp_path: Path) -> None:
    folder = make.folder()
    target = tmp_path / "exam.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder))
    verdict = judge(target)
    assert verdict.images.word == "complete"
    assert verdict.images.counts.whole == 6
    data = bytearray(target.read_bytes())
    at = data.index(b"PK\x03\x04", data.index(b"PK\x03\x04") + 4)
    data[at + 80 : at + 120] = bytes(40)
    target.write_bytes(data)
    verdict = judge(target)
    assert verdict.images.word == "incomplete"
    assert verdict.images.counts.unreadable == 1


def test_two_decoders(make, judge, codes, monkeypatch) -> None:
    """Where two decoders differ it is told; that they do is made up, for no two of ours do."""
    from types import SimpleNamespace

    import tview.verify.decoding as decoding

    folder = make.folder()
    assert judge(folder, level="pixels", second_decoder=True).findings == ()
    monkeypatch.setattr(decoding, "compare_decoders", lambda image, index: SimpleNamespace(agrees=False))
    assert codes(judge(folder, level="pixels", second_decoder=True)) == {"decoders-disagree": "W"}


def test_several_sessions_and_a_mount(make, judge, monkeypatch) -> None:
    from tview.verify.listing import mount_of

    assert mount_of("/", "/dev/sda1 / ext4 rw 0 0\n") is None
    mounts = "/dev/sda1 / ext4 rw 0 0\n/dev/sdb1 /media/my\\040stick ext4 rw 0 0\n"
    assert mount_of("/media/my stick", mounts) == ("/dev/sdb1", "ext4")
    import tview.verify.run as run

    monkeypatch.setattr(run, "_mount", lambda medium: ("/dev/sdb1", "ext4"))
    assert [told.code for told in judge(make.folder()).findings] == ["file-system-not-fat"]
    monkeypatch.setattr(run, "_mount", lambda medium: ("/dev/sdb1", "vfat"))
    assert judge(make.folder()).findings == ()


def test_ten_thousand_persons_are_told_apart_at_once() -> None:
    from tview.text import safe
    from tview.verify.observed import Use, Who
    from tview.verify.persons import clusters

    many = {}
    for number in range(10_000):
        date = f"19{number % 90 + 10}{number % 12 + 1:02d}{number % 28 + 1:02d}"
        who = Who(safe(f"Family{number}^Given{number % 50}"), safe(f"ID{number}"), None, safe("X"), safe(date), safe("F"))
        many[who] = Use(1, "x")
    assert len(clusters(many)) == 10_000


def test_what_cannot_be_opened_has_a_verdict(tmp_path: Path) -> None:
    from tview.errors import MediumError, finding
    from tview.verify import Options, judge_unopened

    for code, word in (
        ("archive-password-needed", "locked"), ("archive-password-wrong", "locked"), ("source-missing", "unreadable"),
        ("drive-disc-blank", "unreadable"), ("drive-disc-audio", "not-a-medical-disc"), ("source-packed", "not-a-medical-disc"),
    ):  # fmt: skip
        verdict = judge_unopened("x", MediumError(finding(code, path="x")), Options())
        assert verdict.images.word == word
        assert verdict.do


def test_listing_without_a_list_looks_into_the_files(make, judge) -> None:
    verdict = judge(make.folder(listed=False), level="listing")
    assert verdict.level == "headers"
    assert verdict.images.counts.whole == 6


def test_initials_and_zeros_are_no_other_person(make, judge) -> None:
    verdict = person_of(make, judge, PatientName="DOE^J", PatientID="00042")
    assert verdict.person.word == "one"
    assert verdict.findings == ()


def test_the_summary_names_what_is_lost_in_the_order_of_loss(make, judge) -> None:
    folder = make.folder()
    files = make.objects(folder)
    files[0].unlink()
    files[1].write_bytes(files[1].read_bytes()[:-10])
    summary = judge(folder).images.summary
    assert summary.startswith("1 of 6 images not on the medium, 1 cut off or broken (Se 4: ")
    assert summary.endswith("; the other 4 read to the last byte")


def test_one_file_alone_does_not_miss_what_it_speaks_of(make, judge) -> None:
    report = make.report("See series 8 image 40.", ((f"{make.root}3.8", f"{make.root}5.800"),))
    path = make.save(report, make.path("one"))
    assert [told.code for told in judge(path).findings] == []


def test_a_broken_header_is_told_once(make, judge) -> None:
    folder = make.folder(listed=False)
    path = make.objects(folder)[0]
    path.write_bytes(path.read_bytes()[:400])
    told = [one for one in judge(folder).findings if one.path == path.name]
    assert len(told) == 1


def test_facts_of_the_exam_row(make, judge) -> None:
    def viewer(folder: Path) -> None:
        (folder / "VIEWER.EXE").write_bytes(b"MZ" + bytes(100))

    verdict = judge(make.iso(make.image(1, LossyImageCompression="01", BodyPartExamined="CHEST"), make.report(), extra=viewer))
    row = verdict.exams[0]
    assert (row.lossy, row.report, row.body_part, row.modalities) == (1, True, "CHEST", ("CT", "SR"))
    assert verdict.media.programs == ("VIEWER.EXE",)
    assert verdict.media.burner
    assert row.in_the_way == ()
    assert "1 object compressed with loss" in verdict.also


def test_a_dose_report_is_no_report(make, judge) -> None:
    dose = make.report(SOPClassUID="1.2.840.10008.5.1.4.1.1.88.67", SeriesDescription="Dose Report")
    assert not judge(make.folder(make.image(1), dose, listed=False)).exams[0].report


def test_sessions_are_a_note_and_an_error_under_a_profile() -> None:
    from types import SimpleNamespace

    from tview.errors import finding
    from tview.verify import CHECKS

    check = next(check for check in CHECKS if check.number == 5)
    for profile, grade in ((None, Severity.INFO), ("pdi", Severity.ERROR)):
        evidence = SimpleNamespace(profile=profile, told=lambda *codes: iter([finding("sessions-several", sessions=2)]))
        assert [told.severity for told in check.find(evidence)] == [grade]


def test_objects_in_an_archive_that_lies_on_the_medium_count(make, judge, codes) -> None:
    folder = make.folder(make.image(1), make.image(2))
    other = make.folder(make.image(3, PatientName="Roe^Richard", PatientID="7", PatientBirthDate="19500101"), make.image(4), listed=False)
    with zipfile.ZipFile(folder / "A_MORE.ZIP", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in make.objects(other):
            archive.write(path, path.name)
    for level in ("headers", "bytes", "pixels"):
        verdict = judge(folder, level=level)
        assert verdict.images.counts.whole == 4
        assert verdict.person.word == "several"
        assert codes(verdict)["files-inside"] == "I"
    assert verdict.images.counts.frames_decoded == 4
