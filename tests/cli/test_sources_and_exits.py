"""Several sources of which one is bad, the exit codes in words, and JSON by the published schemas."""

import json
from pathlib import Path

import pytest

from tview.errors import EXIT_MEANINGS, Exit

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def schema():
    return lambda name: json.loads((ROOT / "docs" / "schemas" / f"{name}-1.json").read_text())


def test_every_exit_code_has_a_meaning_and_help_and_readme_give_it(tview) -> None:
    assert list(EXIT_MEANINGS) == list(Exit)
    said, readme = tview("--help").stdout, (ROOT / "README.md").read_text()
    for code, meaning in EXIT_MEANINGS.items():
        assert f"{int(code):>3}  {meaning}\n" in said
        assert f"| {int(code)} | {meaning} |" in readme


def test_a_bad_source_does_not_hide_the_good_ones(tview, tview_json, demo, tmp_path) -> None:
    nowhere = tmp_path / "nowhere.iso"
    for sources in ((demo, nowhere), (nowhere, demo)):
        done = tview("ls", *sources)
        assert done.returncode == 3 and "DEMO, ANNA" in done.stdout and "nowhere.iso: there is no such file" in done.stderr
    record = tview_json("ls", nowhere, demo, "--json")
    assert record["counts"]["instances"] == 90 and [source["medium"] is None for source in record["sources"]] == [False, True]
    assert [(told["code"], told["path"]) for told in record["findings"][:1]] == [("source-missing", str(nowhere))]
    done = tview("tags", nowhere, demo, "--series", "2")
    assert done.returncode == 3 and "DEMO^ANNA" in done.stdout
    done = tview("show", demo, nowhere, "--out", "-", "--graphics", "kitty", text=False)
    assert done.returncode == 3 and b"\x1b_G" in done.stdout
    done = tview("ls", nowhere, tmp_path / "nor.iso")
    assert done.returncode == 3 and "nowhere.iso" in done.stderr and "nor.iso" in done.stderr and not done.stdout


def test_a_source_with_nothing_medical_beside_a_good_one_counts(tview, small, tmp_path) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(100))
    done = tview("ls", small / "series", tmp_path)
    assert done.returncode == 3 and "SMALL, SERIES" in done.stdout and str(tmp_path) in done.stderr


def test_tags_reads_a_dicomdir_which_is_no_object(tview, demo) -> None:
    done = tview("tags", demo, "--path", "DICOMDIR")
    assert done.returncode == 0
    assert "1.2.840.10008.1.3.10 (Media Storage Directory)" in done.stdout and "(0004,1220) SQ Directory Record Sequence" in done.stdout
    assert "DirectoryRecordType" not in done.stdout and "PATIENT" in done.stdout
    done = tview("tags", demo, "--path", "README.TXT")
    assert done.returncode == 4 and "README.TXT: this is no DICOM file" in done.stderr
    assert tview("tags", demo, "--path", "NO/SUCH").returncode == 4


@pytest.mark.parametrize("arguments", [[], ["--path", "DICOMDIR"], ["--series", "3"], ["--series", "6", "--find", "Pixel"]])
def test_tags_json_follows_the_published_schema(tview_json, demo, schema, arguments) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    record = tview_json("tags", demo, "--json", *arguments)
    jsonschema.validate(record, schema("tags"))
    assert record["elements"] and all(set(row) == {"depth", "tag", "vr", "name", "value", "length"} for row in record["elements"])


def test_doctor_json_follows_the_published_schema(tview_json, schema) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    record = tview_json("doctor", "--json")
    jsonschema.validate(record, schema("doctor"))
    assert record["installation"] and record["terminal"]


@pytest.mark.parametrize(("fail_on", "code"), (("error", 0), ("warning", 1), ("info", 1), ("never", 0)))
def test_ls_ends_as_fail_on_says(tview, tmp_path, demo, fail_on, code) -> None:
    """Two sources with a patient each: a warning, and nothing worse."""
    done = tview("ls", demo, demo.parent / "small" / "dicomdir", "--fail-on", fail_on)
    assert "W  there are 2 patients" in done.stdout
    assert done.returncode == code


def test_ls_never_fails_on_findings_and_still_says_that_a_source_cannot_be_opened(tview, tmp_path) -> None:
    assert tview("ls", tmp_path / "nowhere", "--fail-on", "never").returncode == 3
    assert tview("ls", tmp_path, "--fail-on", "sometimes").returncode == 2
