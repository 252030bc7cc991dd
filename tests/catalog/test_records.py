"""`ls --json`: the records are what the published schema says, no more and no less."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tview.catalog import catalog_record, complete_catalog, digests_of
from tview.media import open_medium

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "schemas" / "ls-1.json").read_text())


def strict(node):
    """The schema with nothing allowed beyond it, so that a field that it lacks is found."""
    if isinstance(node, dict):
        node = {name: strict(part) for name, part in node.items()}
        if node.get("type") == "object" and "properties" in node:
            node["additionalProperties"] = False
        return node
    return [strict(part) for part in node] if isinstance(node, list) else node


VALIDATOR = Draft202012Validator(strict(SCHEMA))


@pytest.fixture
def record_of():
    def record(*sources, algorithm=None):
        media = [open_medium(str(source)) for source in sources]
        catalog = complete_catalog(media)
        digests = digests_of(media, catalog, algorithm) if algorithm else None
        made = catalog_record(catalog, media, digests)
        for medium in media:
            medium.close()
        text = json.dumps(made, ensure_ascii=True)
        assert text.isascii()
        VALIDATOR.validate(json.loads(text))
        return json.loads(text)

    return record


def instances(record) -> list[dict]:
    return [
        instance
        for patient in record["patients"]
        for study in patient["studies"]
        for series in study["series"]
        for stack in series["stacks"]
        for instance in stack["instances"]
    ]


def test_the_schema_is_one():
    Draft202012Validator.check_schema(SCHEMA)


def test_a_record(disc, image, record_of):
    folder = disc(*(image(n) for n in range(1, 4)))
    (folder / "README").write_text("hello")
    record = record_of(folder)
    assert record["schema"] == "tview/ls/1"
    assert record["sources"] == [
        {
            "number": 0,
            "source": str(folder),
            "medium": {"kind": "folder", "label": "disc", "size": None, "sessions": 1},
            "file_set": {"dicomdir": None, "state": "absent"},
        }
    ]
    (patient,) = record["patients"]
    assert {name: patient[name] for name in ("number_in_list", "patient_id", "patient_name", "patient_birth_date", "patient_sex")} == {
        "number_in_list": 1, "patient_id": "42", "patient_name": "Doe^Jane", "patient_birth_date": "1961-04-02", "patient_sex": "F",
    }  # fmt: skip
    assert instances(record)[1] == {
        "number_in_list": 2, "source_number": 0, "sop_instance_uid": "1.2.826.0.1.3680043.10.999.5.2",
        "sop_class_uid": "1.2.840.10008.5.1.4.1.1.2",
        "instance_number": 2, "path": "IM0002", "frames": 1, "state": "ok", "also_at": [],
    }  # fmt: skip
    assert record["other_files"] == [{"source_number": 0, "path": "README", "kind": "text", "size": 5}]
    assert record["counts"] == {
        "patients": 1, "studies": 1, "series": 1, "instances": 3, "frames": 3, "missing": 0, "damaged": 0, "unsupported": 0,
        "other_files": 1,
    }  # fmt: skip


def test_unknown_is_null(disc, image, record_of):
    empty = {"PatientName": "", "PatientID": "", "PatientSex": None, "PatientBirthDate": "", "AccessionNumber": "", "StudyDescription": ""}
    record = record_of(disc(image(1, **empty, SeriesDescription="", Modality="", SeriesNumber=None, InstanceNumber=None)))

    def check(node):
        if isinstance(node, dict):
            for value in node.values():
                check(value)
        elif isinstance(node, list):
            for value in node:
                check(value)
        else:
            assert node != ""

    check(record)
    (patient,) = record["patients"]
    assert patient["patient_name"] is None
    assert instances(record)[0]["instance_number"] is None


def test_dates_in_records_are_as_recorded(disc, image, record_of):
    folder = disc(image(1))
    (folder / "IM0001").write_bytes((folder / "IM0001").read_bytes().replace(b"19610402", b"00000000"))
    assert record_of(folder)["patients"][0]["patient_birth_date"] == "00000000"


def test_frames_are_null_without_pixel_data(disc, image, record_of):
    record = record_of(disc(image(1), image(2, PixelData=None), image(3, NumberOfFrames=2, PixelData=bytes(64))))
    assert sorted(str(instance["frames"]) for instance in instances(record)) == ["1", "2", "None"]
    assert record["counts"]["frames"] == 3


def test_text_has_passed_the_gate(disc, image, write, record_of):
    folder = disc(image(1, PatientName="A\x1b[2J^B", SeriesDescription="x\x07y"))
    write(image(2), folder / "N\x1bAME\n")
    text = json.dumps(record_of(folder))
    assert "\\u001b" not in text and "\\u0007" not in text and "\\n" not in text


@pytest.mark.parametrize("algorithm", ("sha1", "sha256"))
def test_digests_of_every_file(algorithm, disc, image, record_of, tmp_path):
    import hashlib
    import shutil

    folder = disc(*(image(n) for n in range(1, 4)))
    (folder / "README").write_text("hello")
    shutil.copytree(folder, tmp_path / "copy")
    record = record_of(folder, tmp_path / "copy", algorithm=algorithm)
    want = {path.name: hashlib.new(algorithm, path.read_bytes()).hexdigest() for path in folder.iterdir()}
    for instance in instances(record):
        assert instance["digest"] == want[instance["path"]]
        assert instance["size"] == (folder / instance["path"]).stat().st_size
        assert "bytes_read" not in instance
        (copy,) = instance["also_at"]
        assert copy["digest"] == want[copy["path"]]
    assert [file["digest"] for file in record["other_files"]] == [want["README"], want["README"]]


def test_unreadable_parts_are_left_out_of_digests_and_damage(disc, image, monkeypatch):
    import hashlib

    from tview.media import Read

    folder = disc(image(1, Rows=128, Columns=128, PixelData=bytes(range(256)) * 128), image(2))
    data = (folder / "IM0001").read_bytes()
    medium = open_medium(str(folder))
    whole = type(medium).read

    def faulty(self, entry, offset=0, length=None):
        read = whole(self, entry, offset, length)
        low, high = max(20_000, offset), min(22_048, offset + len(read.data))
        if entry.path != "IM0001" or low >= high:
            return read
        holed = read.data[: low - offset] + bytes(high - low) + read.data[high - offset :]
        return Read(holed, ((low, high - low),))

    monkeypatch.setattr(type(medium), "read", faulty)
    catalog = complete_catalog([medium])
    assert catalog.counts.damaged == 0
    record = catalog_record(catalog, [medium], digests_of([medium], catalog, "sha1"))
    VALIDATOR.validate(json.loads(json.dumps(record)))
    first = next(instance for instance in instances(record) if instance["path"] == "IM0001")
    assert first["state"] == "damaged"
    assert first["bytes_read"] == len(data) - 2048
    assert first["digest"] == hashlib.sha1(data[:20_000] + data[22_048:]).hexdigest()
    assert record["counts"]["damaged"] == 1
    (told,) = [told for told in record["findings"] if told["code"] == "object-unreadable-range"]
    assert told["range"] == [20_000, 2048]


def test_missing_and_copied_objects(disc, image, with_dicomdir, tmp_path, record_of):
    folder = with_dicomdir(disc(*(image(n) for n in range(1, 5))), tmp_path / "set")
    next(path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "DICOMDIR").unlink()
    record = record_of(folder, algorithm="sha1")
    assert [instance["state"] for instance in instances(record)] == ["missing", "ok", "ok", "ok"]
    assert "digest" not in instances(record)[0]
    assert record["sources"][0]["file_set"] == {"dicomdir": "DICOMDIR", "state": "used"}
    (told,) = [told for told in record["findings"] if told["code"] == "referenced-file-missing"]
    assert told["message"] and told["advice"]
