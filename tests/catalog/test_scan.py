"""The scan: claims and headers together, states, duplicates, persons, other files, snapshots."""

import os
import shutil
import struct
from itertools import pairwise

import pytest
from pydicom.encaps import encapsulate
from pydicom.uid import BasicTextSRStorage, JPEGBaseline8Bit, RawDataStorage, RLELossless

from tview.catalog import complete_catalog, scan
from tview.errors import MediumError, finding
from tview.media import open_medium


def codes(catalog, *leave_out: str) -> list[str]:
    return [told.code for told in catalog.findings if told.code not in ("dicomdir-absent", *leave_out)]


def states(catalog) -> dict[str, str]:
    return {instance.path: instance.state for series in catalog.series for instance in series.instances}


@pytest.fixture
def file_set(disc, image, with_dicomdir, tmp_path):
    return with_dicomdir(disc(*(image(n) for n in range(1, 7))), tmp_path / "set")


def images_of(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "DICOMDIR")


# --- claim and headers --------------------------------------------------------------------------------------------


def test_a_whole_file_set_tells_nothing(file_set, read):
    catalog = read(file_set)
    assert codes(catalog) == []
    assert catalog.complete
    assert (catalog.counts.patients, catalog.counts.studies, catalog.counts.series, catalog.counts.instances) == (1, 1, 1, 6)
    assert catalog.file_sets[0].state == "used"
    assert [(file.path, file.kind) for file in catalog.other_files] == [("DICOMDIR", "dicomdir")]
    assert all(instance.in_dicomdir and instance.is_read for series in catalog.series for instance in series.instances)


def test_missing_files_stand_where_they_belong(file_set, read):
    gone = images_of(file_set)[2]
    gone.unlink()
    catalog = read(file_set)
    (series,) = catalog.series
    (stack,) = series.stacks
    assert [instance.state for instance in stack.instances] == ["ok", "ok", "missing", "ok", "ok", "ok"]
    assert stack.instances[2].instance_number == 3
    assert (series.missing_count, series.image_count, catalog.counts.missing) == (1, 5, 1)
    told = next(told for told in catalog.findings if told.code == "referenced-file-missing")
    assert told.path == str(gone.relative_to(file_set))
    assert told.severity == "error"
    assert told.series_instance_uid == series.series_instance_uid


def test_lower_case_names_are_found_and_told_once(file_set, tmp_path, read):
    for path in sorted(file_set.rglob("*"), key=lambda path: -len(path.parts)):
        path.rename(path.with_name(path.name.lower()))
    catalog = read(file_set)
    assert catalog.counts.missing == 0
    assert [(told.code, told.count) for told in catalog.findings] == [("names-repaired", 6)]
    assert catalog.file_sets[0].state == "repaired"


def test_unlisted_images_are_shown_and_told_once(file_set, image, write, read):
    for number in (20, 21):
        write(image(number), file_set / "EXTRA" / f"A{number}")
    catalog = read(file_set)
    assert catalog.counts.instances == 8
    (told,) = [told for told in catalog.findings if told.code == "file-not-referenced"]
    assert (told.count, told.path) == (2, "EXTRA/A20")


def test_the_header_wins_over_the_dicomdir(file_set, image, write, read):
    path = images_of(file_set)[0]
    write(image(1, PatientName="Other^Person", PatientID="99"), path)
    catalog = read(file_set)
    assert sorted(str(patient.shown_name) for patient in catalog.patients) == ["Doe, Jane", "Other, Person"]
    told = next(told for told in catalog.findings if told.code == "dicomdir-other-patient")
    assert (told.values["listed"], told.values["own"]) == ("Doe, Jane 42", "Other, Person 99")
    assert "several-patients" in codes(catalog)


@pytest.mark.parametrize(
    ("attributes", "what"), (({"SOPInstanceUID": "1.2.3.4.5"}, "SOP Instance UID"), ({"SeriesInstanceUID": "1.2.9"}, "Series Instance UID"))
)
def test_where_record_and_header_differ(attributes, what, file_set, image, write, read):
    write(image(1, **attributes), images_of(file_set)[0])
    catalog = read(file_set)
    assert [told.values["what"] for told in catalog.findings if told.code == "dicomdir-disagrees"] == [what]
    assert catalog.counts.instances == 6


def test_an_object_moved_to_another_name_is_not_missing(file_set, read):
    path = images_of(file_set)[0]
    path.rename(file_set / "ELSEWHERE")
    catalog = read(file_set)
    assert catalog.counts.missing == 0
    assert {"referenced-file-elsewhere"} == set(codes(catalog))


@pytest.mark.parametrize("outside", ("..\\..\\OUTSIDE", "\\etc\\passwd"))
def test_a_reference_that_leads_outside_is_not_followed(outside, file_set, image, write, read, tmp_path):
    write(image(1), tmp_path / "OUTSIDE")
    data = (file_set / "DICOMDIR").read_bytes()
    start = data.index(struct.pack("<HH2s", 4, 0x1500, b"CS")) + 8
    length = struct.unpack_from("<H", data, start - 2)[0]
    (file_set / "DICOMDIR").write_bytes(data[:start] + outside.encode().ljust(length)[:length] + data[start + length :])
    catalog = read(file_set)
    assert "reference-outside" in codes(catalog)
    assert catalog.counts.instances == 6


def test_a_broken_dicomdir_is_told_and_everything_found(file_set, read):
    (file_set / "DICOMDIR").write_bytes(b"this is no DICOMDIR")
    catalog = read(file_set)
    assert catalog.counts.instances == 6
    assert codes(catalog) == ["dicomdir-unreadable"]
    assert catalog.file_sets[0] == (None, "unusable", None, 0)
    assert [file.kind for file in catalog.other_files] == ["dicomdir"]


def test_an_image_called_dicomdir_is_an_image(disc, image, read):
    folder = disc(image(1), image(2))
    (folder / "IM0001").rename(folder / "DICOMDIR")
    catalog = read(folder)
    assert catalog.counts.instances == 2
    assert catalog.other_files == ()
    assert "dicomdir-is-image" in codes(catalog)


def test_several_dicomdirs_on_one_medium(file_set, disc, image, with_dicomdir, tmp_path, read):
    both = tmp_path / "both"
    shutil.copytree(file_set, both / "CD1")
    other = with_dicomdir(disc(image(50, SeriesInstanceUID="1.2.3.7"), folder="more"), tmp_path / "set2")
    shutil.copytree(other, both / "CD2")
    catalog = read(both)
    assert catalog.counts.instances == 7
    assert codes(catalog) == ["dicomdirs-several"]


def test_without_a_dicomdir_it_is_a_note_for_a_folder(disc, image, read):
    catalog = read(disc(image(1)))
    assert [(told.code, told.severity) for told in catalog.findings] == [("dicomdir-absent", "info")]


# --- states -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", (0.98, 0.9, 0.3))
def test_a_cut_file_is_damaged(part, disc, image, read):
    folder = disc(image(1, Rows=64, Columns=64, PixelData=bytes(8192)), image(2))
    data = (folder / "IM0001").read_bytes()
    (folder / "IM0001").write_bytes(data[: int(len(data) * part)])
    catalog = read(folder)
    assert states(catalog) == {"IM0001": "damaged", "IM0002": "ok"}
    assert catalog.counts.damaged == 1
    (told,) = [told for told in catalog.findings if told.severity == "error"]
    assert told.code == "object-cut-off"
    assert told.values["have"] == int(len(data) * part)
    assert told.values["want"] == len(data)


def test_a_header_that_promises_more_pixels_is_damaged(disc, image, read):
    catalog = read(disc(image(1, Rows=8)))
    assert states(catalog) == {"IM0001": "damaged"}
    assert "pixels-fewer" in codes(catalog)


@pytest.mark.parametrize(("keep", "state"), ((None, "ok"), (-8, "ok"), (-14, "damaged"), (-40, "damaged")))
def test_compressed_pixels_without_an_end(keep, state, disc, image, read):
    frame = b"\xff\xd8" + bytes(60) + b"\xff\xd9"
    folder = disc(image(1, PixelData=encapsulate([frame], has_bot=False)), syntax=RLELossless)
    data = (folder / "IM0001").read_bytes()
    assert data.endswith(b"\xfe\xff\xdd\xe0\0\0\0\0")
    (folder / "IM0001").write_bytes(data[:keep])
    assert states(read(folder)) == {"IM0001": state}


def test_a_zeroed_object_of_the_dicomdir_is_damaged(file_set, read):
    path = images_of(file_set)[1]
    path.write_bytes(bytes(path.stat().st_size))
    catalog = read(file_set)
    assert states(catalog)[str(path.relative_to(file_set))] == "damaged"
    assert codes(catalog) == ["object-unreadable"]
    assert catalog.counts.other_files == 1


def test_unsupported_classes_and_syntaxes(disc, image, read):
    raw = image(1, SOPClassUID=RawDataStorage, Modality="MR", PixelData=None, Rows=None, Columns=None)
    video = image(2, PixelData=encapsulate([b"mpeg"]), SeriesInstanceUID="1.2.3.5")
    folder = disc(raw, image(3, SeriesInstanceUID="1.2.3.6"))
    for number, syntax in ((4, "1.2.840.10008.1.2.4.58"), (5, "1.2.3.4.5")):
        video.SOPInstanceUID = f"1.2.3.{number}"
        _save_as(video, folder / f"IM000{number}", syntax)
    catalog = read(folder)
    assert states(catalog) == {"IM0001": "unsupported", "IM0002": "ok", "IM0004": "unsupported", "IM0005": "unsupported"}
    assert sorted(codes(catalog)) == ["object-class-unsupported", "object-syntax-unsupported", "object-syntax-unsupported"]


def _save_as(data_set, path, syntax):
    from pydicom.dataset import FileMetaDataset

    data_set.file_meta = FileMetaDataset()
    data_set.file_meta.TransferSyntaxUID = syntax
    data_set["PixelData"].VR = "OB"
    data_set["PixelData"].is_undefined_length = True
    data_set.save_as(path, implicit_vr=False, little_endian=True)


def test_reports_are_objects_and_ok(disc, image, read):
    bare = {"PixelData": None, "Rows": None, "Columns": None}
    report = image(9, SOPClassUID=BasicTextSRStorage, Modality="SR", SeriesInstanceUID="1.2.3.5", **bare)
    catalog = read(disc(image(1), report))
    series = next(series for series in catalog.series if series.kind == "report")
    assert (series.kind_label, series.is_image, series.instances[0].state, series.instances[0].frames) == ("report", False, "ok", None)


def test_unreadable_parts_of_a_header_damage_the_object(disc, image, monkeypatch):
    from tview.media import Read

    medium = open_medium(str(disc(image(1), image(2))))
    whole = type(medium).read

    def faulty(self, entry, offset=0, length=None):
        read = whole(self, entry, offset, length)
        return Read(read.data[:700] + bytes(len(read.data) - 700), ((700, len(read.data) - 700),)) if entry.path == "IM0001" else read

    monkeypatch.setattr(type(medium), "read", faulty)
    catalog = complete_catalog([medium])
    medium.close()
    assert states(catalog)["IM0001"] == "damaged"
    assert states(catalog)["IM0002"] == "ok"


# --- duplicates, persons ------------------------------------------------------------------------------------------


def test_copies_are_shown_once(disc, image, read, tmp_path):
    first = disc(*(image(n) for n in range(1, 4)), folder="first")
    second = tmp_path / "second"
    shutil.copytree(first, second)
    catalog = read(first, second)
    (series,) = catalog.series
    assert len(series.instances) == 3
    assert [instance.also_at for instance in series.instances] == [((1, f"IM000{n}"),) for n in (1, 2, 3)]
    assert [(told.code, told.count) for told in catalog.findings if told.code == "duplicate-objects"] == [("duplicate-objects", 3)]


def test_the_whole_copy_is_shown(disc, image, read, tmp_path):
    first = disc(image(1), folder="first")
    shutil.copytree(first, tmp_path / "second")
    (first / "IM0001").write_bytes((first / "IM0001").read_bytes()[:-10])
    catalog = read(first, tmp_path / "second")
    (instance,) = catalog.series[0].instances
    assert (instance.state, instance.source_number) == ("ok", 1)


def test_different_objects_under_one_uid_are_all_shown(disc, image, read):
    """One of 426 files shown, without a word: horos#476."""
    catalog = read(disc(*(image(n, SOPInstanceUID="1.2.3") for n in range(1, 6))))
    assert len(catalog.series[0].instances) == 5
    (told,) = [told for told in catalog.findings if told.code == "sop-instance-uid-reused"]
    assert (told.values["objects"], told.count) == (5, 1)


@pytest.mark.parametrize("spelling", ("DOE^JANE", "Doe^Jane^", "doe^jane^mary", "Doe^Jane^^Dr"))
def test_one_person_spelled_twice_is_one_patient(spelling, disc, image, read):
    """Weasis#276: a patient listed twice."""
    catalog = read(disc(*(image(n) for n in (1, 2, 3)), image(4, PatientName=spelling)))
    (patient,) = catalog.patients
    assert patient.shown_name == "Doe, Jane"


@pytest.mark.parametrize("attributes", ({"PatientID": "43"}, {"PatientName": "Doe^John"}))
def test_another_id_or_name_is_another_patient(attributes, disc, image, read):
    catalog = read(disc(image(1), image(2, **attributes)))
    assert catalog.counts.patients == 2
    assert "several-patients" in codes(catalog)


def test_another_birth_date_is_told(disc, image, read):
    catalog = read(disc(image(1), image(2, PatientBirthDate="19610403")))
    assert catalog.counts.patients == 1
    assert [told.values["dates"] for told in catalog.findings if told.code == "birth-dates-differ"] == ["1961-04-02, 1961-04-03"]


def test_an_object_that_names_nobody_joins_its_study(disc, image, read):
    catalog = read(disc(image(1), image(2, PatientName="", PatientID="")))
    assert catalog.counts.patients == 1


def test_names_in_no_declared_character_set_are_told(disc, image, read):
    folder = disc(image(1, PatientName="Muller^Jane"))
    data = (folder / "IM0001").read_bytes().replace(b"ISO_IR 100", b"ISO_IR 6  ").replace(b"Muller", b"M\xfcller")
    (folder / "IM0001").write_bytes(data)
    catalog = read(folder)
    assert catalog.patients[0].shown_name == "Müller, Jane [read as latin-1]"
    assert "text-misdeclared" in codes(catalog)


# --- other files, order of the tree -------------------------------------------------------------------------------


def test_every_file_is_in_one_of_the_two_lists(disc, image, read):
    folder = disc(image(1))
    contents = {
        "README": b"hello\n", "INDEX.HTM": b"<!DOCTYPE html><html>", "VIEWER.EXE": b"MZ" + bytes(99),
        "P.JPG": b"\xff\xd8\xff\xe0" + bytes(99),
        "R.PDF": b"%PDF-1.4", "EMPTY": b"", "Z": bytes(500), "X.ZIP": b"PK\3\4" + bytes(9), "D": bytes(range(256)) * 9,
    }  # fmt: skip
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    catalog = read(folder)
    assert {file.path: file.kind for file in catalog.other_files} == {
        "README": "text", "INDEX.HTM": "html", "VIEWER.EXE": "program", "P.JPG": "jpeg", "R.PDF": "pdf", "EMPTY": "empty", "Z": "zeros",
        "X.ZIP": "zip", "D": "data",
    }  # fmt: skip
    assert catalog.counts.other_files + catalog.counts.instances == len(list(folder.iterdir()))


def test_nothing_medical(tmp_path, read):
    (tmp_path / "README.TXT").write_text("hello")
    catalog = read(tmp_path)
    assert (catalog.patients, catalog.first_series, catalog.counts.other_files) == ((), None, 1)


def test_newest_study_first_and_numbers_run_through(disc, image, read):
    images = [
        image(n, StudyInstanceUID=f"1.2.{n}", SeriesInstanceUID=f"1.2.{n}.1", StudyDate=date, SeriesNumber=9 - n)
        for n, date in ((1, "20240101"), (2, "20260101"), (3, "20250101"))
    ]
    catalog = read(disc(*images, image(9, StudyInstanceUID="1.2.2", SeriesInstanceUID="1.2.2.9", StudyDate="20260101", SeriesNumber=1)))
    assert [study.shown_date for study in catalog.studies] == ["2026-01-01", "2025-01-01", "2024-01-01"]
    assert [study.number_in_list for study in catalog.studies] == [1, 2, 3]
    assert [(series.number_in_list, series.series_number) for series in catalog.series] == [(1, 1), (2, 7), (3, 6), (4, 8)]


def test_the_series_a_reader_would_open_first(disc, image, read):
    images = [image(n, SeriesInstanceUID="1.2.1", ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"], SeriesNumber=1) for n in range(1, 4)]
    images += [image(n, SeriesInstanceUID="1.2.2", SeriesNumber=2) for n in range(10, 16)]
    images += [image(n, SeriesInstanceUID="1.2.3", SeriesNumber=3, PresentationIntentType="FOR PROCESSING") for n in range(20, 40)]
    images += [image(n, SeriesInstanceUID="1.2.4", SeriesNumber=4, ImageType=["DERIVED", "SECONDARY", "MPR"]) for n in range(50, 70)]
    catalog = read(disc(*images))
    assert catalog.first_series.series_number == 2
    middle = catalog.first_series.main_stack.middle
    assert middle.instance_number == 13


# --- snapshots ----------------------------------------------------------------------------------------------------


def test_snapshots_grow_and_the_last_is_complete(file_set):
    clock = iter(range(1_000_000))
    medium = open_medium(str(file_set))
    snapshots = list(scan([medium], clock=lambda: next(clock) * 1.0))
    medium.close()
    assert [catalog.complete for catalog in snapshots] == [False] * (len(snapshots) - 1) + [True]
    assert [catalog.counts.instances for catalog in snapshots] == [6] * len(snapshots)
    assert not any(instance.is_read for series in snapshots[0].series for instance in series.instances)
    assert snapshots[-1].files_read == snapshots[-1].files_total == 7


def test_unchanged_series_are_the_same_values(disc, image):
    images = [image(n, SeriesInstanceUID=f"1.2.{n // 20}") for n in range(60)]
    clock = iter(range(1_000_000))
    medium = open_medium(str(disc(*images)))
    snapshots = list(scan([medium], clock=lambda: next(clock) * 1.0))
    medium.close()
    first = {series.key: series.stacks for series in snapshots[-2].series}
    again = {series.key: series.stacks for series in snapshots[-1].series}
    assert sum(first[key] is again[key] for key in first) >= 2


def test_cancelling_ends_the_scan_before_the_next_file(disc, image):
    medium = open_medium(str(disc(*(image(n) for n in range(1, 40)))))
    asked = []
    read_before = type(medium).read
    reads = []

    def counting(self, *arguments, **options):
        reads.append(arguments)
        return read_before(self, *arguments, **options)

    type(medium).read = counting
    try:
        snapshots = list(scan([medium], cancelled=lambda: len(asked) > 50 or asked.append(1)))
    finally:
        type(medium).read = read_before
        medium.close()
    assert not any(catalog.complete for catalog in snapshots)
    assert len(reads) < 39


def test_a_medium_that_goes_away_ends_its_part_with_a_finding(disc, image, monkeypatch):
    folder = disc(*(image(n) for n in range(1, 10)))
    medium = open_medium(str(folder))
    whole = type(medium).read

    def leaving(self, entry, offset=0, length=None):
        if entry.path > "IM0005":
            raise MediumError(finding("medium-gone", path=str(folder)))
        return whole(self, entry, offset, length)

    monkeypatch.setattr(type(medium), "read", leaving)
    catalog = complete_catalog([medium])
    assert catalog.counts.instances == 5
    assert "medium-gone" in codes(catalog)


def test_names_that_are_no_text(disc, image, write, read):
    folder = disc(image(1))
    for number, name in enumerate((b"EVIL\x1b[2J", b"EVIL\nFAKE", b"EVIL\xff\xfe", b"-rf"), 10):
        write(image(number), folder / "X")
        os.rename(os.fsencode(folder / "X"), os.path.join(os.fsencode(folder), name))
    catalog = read(folder)
    assert catalog.counts.instances == 5


def test_an_encapsulated_baseline_image_is_ok(disc, image, read):
    frame = b"\xff\xd8" + bytes(60) + b"\xff\xd9"
    assert set(states(read(disc(image(1, PixelData=encapsulate([frame])), syntax=JPEGBaseline8Bit))).values()) == {"ok"}


def test_the_medium_is_told_what_is_read_next(tmp_path, monkeypatch):
    """Every file once, in order, and well before its turn."""
    for number in range(50):
        (tmp_path / f"{number:03}").write_bytes(b"x")
    events = []
    with open_medium(str(tmp_path)) as medium:
        whole = type(medium).read
        monkeypatch.setattr(type(medium), "expect", lambda self, entries: events.extend(("told", entry.path) for entry in entries))
        monkeypatch.setattr(
            type(medium), "read", lambda self, entry, *rest: events.append(("read", entry.path)) or whole(self, entry, *rest)
        )
        complete_catalog([medium])
    told, read = ([path for kind, path in events if kind == wanted] for wanted in ("told", "read"))
    assert told == read == sorted(read)
    assert all(events.index(("read", path)) - events.index(("told", path)) > 16 for path in told[32:])


def test_no_byte_of_a_long_header_is_read_twice(disc, image, read, monkeypatch):
    """Compressed, and with private elements that make the header longer than any first read."""
    from tview.media.folder import Folder

    one = image(1, PixelData=encapsulate([b"\xff\xd8" + bytes(60) + b"\xff\xd9"]))
    one.add_new(0x00290010, "LO", "LONG")
    for number in range(40):
        one.add_new(0x00291000 + number, "OB", bytes(9000))
    place = disc(one, syntax=JPEGBaseline8Bit)
    asked = []
    whole = Folder.read

    def counted(self, entry, offset=0, length=None):
        found = whole(self, entry, offset, length)
        asked.append((offset, offset + len(found.data)))
        return found

    monkeypatch.setattr(Folder, "read", counted)
    assert set(states(read(place)).values()) == {"ok"}
    header = sorted(piece for piece in asked if piece[1] - piece[0] > 512)  # the end of the file is looked at by itself
    assert all(after[0] >= before[1] for before, after in pairwise(header))
    assert len(asked) <= 6
