"""Outside discs and series: the catalog holds what pydicom finds in the files themselves, and the same in every kind of medium."""

import io
import json
import lzma

import pytest

from tview.catalog import catalog_record, complete_catalog
from tview.catalog.support import UNDECODED, unshown_reason
from tview.dicom import transfer_syntax
from tview.media import open_medium

WHOLE = ("01", "02", "05", "08", "15", "23", "33", "35", "37", "38", "40", "44", "50", "52", "54")


def identities(catalog) -> set[tuple[str, ...]]:
    return {
        (str(patient.patient_id), str(study.study_instance_uid), str(series.series_instance_uid), str(instance.sop_instance_uid))
        for patient in catalog.patients
        for study in patient.studies
        for series in study.series
        for instance in series.instances
        if instance.state != "missing"
    }


def by_pydicom(medium) -> set[tuple[str, ...]]:
    from pydicom import dcmread
    from pydicom.errors import InvalidDicomError

    found = set()
    for entry in medium.entries():
        try:
            data_set = dcmread(io.BytesIO(medium.read(entry).data), stop_before_pixels=True)
        except (InvalidDicomError, EOFError):
            continue
        if "SOPInstanceUID" in data_set:
            found.add(tuple(str(data_set.get(k)) for k in ("PatientID", "StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID")))
    return found


@pytest.fixture(scope="module")
def disc_images(shared, tmp_path_factory):
    unpacked = tmp_path_factory.mktemp("discs")
    paths = {}
    for path in sorted((shared / "discs").iterdir()):
        if path.suffix == ".xz":
            target = unpacked / path.stem
            target.write_bytes(lzma.decompress(path.read_bytes()))
            paths[path.name[:2]] = target
        elif path.suffix in (".iso", ".bin", ".nrg"):
            paths[path.name[:2]] = path
    return paths


@pytest.mark.parametrize("name", (*WHOLE, "10", "12", "13", "16", "18", "20"))
def test_objects_of_disc_images_equal_pydicom(name, disc_images):
    with open_medium(str(disc_images[name])) as medium:
        catalog = complete_catalog([medium])
        theirs = by_pydicom(medium)
        listed = sum(len(series.instances) for series in catalog.series) - catalog.counts.missing
        copies = sum(len(instance.also_at) for series in catalog.series for instance in series.instances)
        assert listed + copies + len(catalog.other_files) == len(medium.entries())
    assert theirs <= identities(catalog)


def test_the_same_tree_in_every_medium_gives_the_same_catalog(disc_images):
    trees = {}
    for name in WHOLE:
        with open_medium(str(disc_images[name])) as medium:
            record = catalog_record(complete_catalog([medium]), [medium])
        text = json.dumps(record["patients"])
        trees[name] = text.lower() if name == "08" else text
    reference = trees["01"]
    assert [name for name in WHOLE if trees[name] != (reference.lower() if name == "08" else reference)] == []


@pytest.mark.parametrize(
    ("name", "missing", "damaged"), (("16", 8, 0), ("18", 17, 0), ("30", 0, 14), ("32", 0, 8), ("42", 0, 1), ("20", 17, 0))
)
def test_what_is_lost_is_counted(name, missing, damaged, disc_images):
    with open_medium(str(disc_images[name])) as medium:
        counts = complete_catalog([medium]).counts
    assert (counts.missing, counts.damaged) == (missing, damaged)


@pytest.mark.parametrize(("name", "frames"), (("01", 31), ("16", 23), ("32", 23), ("42", 30)))
def test_frames_are_those_that_the_headers_tell(name, frames, disc_images):
    with open_medium(str(disc_images[name])) as medium:
        catalog = complete_catalog([medium])
    listed = [instance.frames or 0 for series in catalog.series for instance in series.instances if instance.state != "missing"]
    assert catalog.counts.frames == sum(listed) == frames


def test_a_disc_with_bad_sectors_opens_on_a_picture(disc_images):
    with open_medium(str(disc_images["32"])) as medium:
        first = complete_catalog([medium]).first_series
    assert first.damaged_count == 0
    assert first.main_stack.middle.state == "ok"


def test_a_hole_of_202_mm_is_told(disc_images):
    with open_medium(str(disc_images["01"])) as medium:
        catalog = complete_catalog([medium])
    (series,) = [series for series in catalog.series if series.series_description == "Routine Brain"]
    assert [(told.code, told.severity.value) for told in series.findings if told.code != "preamble-used"] == [
        ("slice-gap", "info"), ("instance-numbers-missing", "info"),
    ]  # fmt: skip
    assert series.findings[-2].values["distance"] == 202.5
    assert series.findings[-1].values["missing"] == 161


def test_what_is_missing_stands_in_no_plane_it_is_not_known_to_have(disc_images):
    """Se 2 of this exam has one image in each plane; the sagittal one is missing."""
    with open_medium(str(disc_images["16"])) as medium:
        series = complete_catalog([medium]).series[10]
    assert [(str(stack.reason), stack.image_count) for stack in series.stacks] == [("coronal", 1), ("axial", 1), ("not known where", 0)]


def test_objects_without_pixels_are_not_called_images(shared):
    with open_medium(str(shared / "corpus" / "disc" / "tiny-alpha")) as medium:
        (series,) = complete_catalog([medium]).series
    assert (series.is_image, series.kind_label, series.frame_count, len(series.instances)) == (False, "no pixel data", 0, 50)


def test_public_series(shared):
    series = shared / "corpus" / "series"
    want = {
        "ct-ge-gaps-tilt": [(None, 28, 4.0)],
        "mr-abd-mixed": [("coronal", 5, 25), ("sagittal", 3, 25), ("axial", 3, 25)],
        "mr-j2k": [(None, 96, 2.0)],
        "mr-sag-hfs": [(None, 35, 4.8)],
    }
    for name, stacks in want.items():
        with open_medium(str(series / name)) as medium:
            (one,) = complete_catalog([medium]).series
        assert [len(stack.instances) for stack in one.stacks] == [count for _, count, _ in stacks]
        assert [stack.spacing_mm for stack in one.stacks] == pytest.approx([spacing for *_, spacing in stacks], rel=0.01)


def test_stack_order_equals_sorting_by_pydicom(shared):
    """The projection of every position by numpy, as PS3.3 C.7.6.2.1.1 has it."""
    import numpy as np
    from pydicom import dcmread

    folder = shared / "corpus" / "series" / "mr-sag-hfs"
    with open_medium(str(folder)) as medium:
        (stack,) = complete_catalog([medium]).series[0].stacks
    places = []
    for instance in stack.instances:
        data_set = dcmread(folder / instance.path, stop_before_pixels=True)
        row, column = np.array(data_set.ImageOrientationPatient[:3]), np.array(data_set.ImageOrientationPatient[3:])
        places.append(float(np.dot(np.cross(row, column), data_set.ImagePositionPatient)))
        assert instance.position_mm == pytest.approx(places[-1], abs=0.01)
    assert places in (sorted(places), sorted(places, reverse=True))


def test_no_honest_file_of_the_corpus_is_called_damaged(shared):
    """Cut, short and lying files of the corpus are; the others are not."""
    known = ("3gb-bulk-data-truncated", "MR_truncated", "GH1146", "TC0313", "TC0469", "TC0671", "TC0947")
    with open_medium(str(shared / "corpus")) as medium:
        catalog = complete_catalog([medium])
    damaged = [instance.path for series in catalog.series for instance in series.instances if instance.state == "damaged"]
    assert [path for path in damaged if not any(name in path for name in known)] == []


def test_hostile_discs_stay_within_time(shared, tmp_path):
    """The DICOMDIRs, data sets and texts of the hostile corpus: each listed, none over two seconds, nothing unsafe in the records."""
    import subprocess
    import sys
    import time

    maker = shared / "tools" / "hostile" / "make_corpus.py"
    if not maker.is_file():
        pytest.skip("no hostile corpus maker")
    subprocess.run([sys.executable, str(maker), str(tmp_path)], check=True, stdout=subprocess.DEVNULL)
    for case in sorted(
        path for path in tmp_path.iterdir() if path.is_dir() and path.name.startswith(("ds_", "dir_", "text_", "pix_", "tree_"))
    ):
        place = case / "disc" if (case / "disc").is_dir() else case
        start = time.process_time()
        with open_medium(str(place)) as medium:
            catalog = complete_catalog([medium])
            record = catalog_record(catalog, [medium])
            entries = medium.entries()
        assert time.process_time() - start < 2, case.name
        listed = {instance["path"] for instance in _instances(record)} | {file["path"] for file in record["other_files"]}
        copies = {also["path"] for instance in _instances(record) for also in instance["also_at"]}
        assert len(listed | copies) >= len(entries), case.name
        text = json.dumps(record, ensure_ascii=False)
        assert not any(ord(character) < 32 or 0x7F <= ord(character) < 0xA0 or character in "\u202e\u200b" for character in text), case.name


def _instances(record):
    return [i for p in record["patients"] for st in p["studies"] for se in st["series"] for k in se["stacks"] for i in k["instances"]]


def test_what_is_called_unsupported_is_what_no_decoder_has():
    from tview.pixels.syntaxes import SYNTAXES

    decoded = {syntax.uid for syntax in SYNTAXES if syntax.decoders}
    undecoded = {syntax.uid for syntax in SYNTAXES if not syntax.decoders and not transfer_syntax(syntax.uid).by_reference}
    assert undecoded <= UNDECODED
    assert not decoded & UNDECODED
    for uid in decoded:
        assert unshown_reason("1.2.840.10008.5.1.4.1.1.2", uid, True) is None, uid
