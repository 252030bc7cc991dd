"""`tview compare` as people start it: page, JSON by its schema, exit codes, Ctrl-C."""

import json
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def copy(tmp_path, small):
    folder = tmp_path / "copy"
    shutil.copytree(small / "series", folder)
    return folder


def test_the_same_ends_with_zero(tview, small, copy) -> None:
    done = tview("compare", small / "series", copy)
    assert done.returncode == 0, done.stderr
    assert "THE SAME" in done.stdout and "NOT" not in done.stdout


def test_a_missing_object_ends_with_one_unless_told_otherwise(tview, small, copy) -> None:
    victim = sorted(copy.iterdir())[0]
    victim.unlink()
    done = tview("compare", small / "series", copy)
    assert done.returncode == 1 and "NOT IN B" in done.stdout and victim.name in done.stdout
    assert tview("compare", small / "series", copy, "--fail-on", "never").returncode == 0


def test_the_record_follows_the_published_schema(tview, small, copy, tmp_path) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads((ROOT / "docs" / "schemas" / "compare-1.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    files = sorted(copy.iterdir())
    files[0].unlink()
    files[1].write_bytes(files[1].read_bytes()[:-2] + b"\1\2")
    record = json.loads(tview("compare", small / "series", copy, "--json").stdout)
    jsonschema.validate(record, schema)
    assert record["counts"]["missing-in-b"] == 1 and record["counts"]["different"] == 1
    assert {row["state"] for row in record["objects"]} == {"missing-in-b", "different"}


def test_the_copy_that_tview_makes_is_the_same(tview, demo, tmp_path) -> None:
    assert tview("copy", demo, tmp_path / "exam").returncode == 0
    for other in ("exam", "exam/SHA256SUMS", "exam/tview-copy.json"):
        done = tview("compare", demo, tmp_path / other)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "90 identical" in done.stdout


def test_what_cannot_be_opened_or_holds_nothing_ends_with_three(tview, demo, tmp_path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "x.txt").write_text("x")
    assert tview("compare", demo, "/nowhere").returncode == 3
    assert tview("compare", tmp_path / "empty", tmp_path / "empty").returncode == 3
    assert tview("compare", demo).returncode == 2
