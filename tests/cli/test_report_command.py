"""`tview report`: choice, formats, exit codes, and JSON by its schema."""

import json
from pathlib import Path

import jsonschema
import pytest

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "docs" / "schemas" / "report-1.json").read_text())


def test_without_a_choice_every_report_and_document_is_printed(tview, demo) -> None:
    done = tview("report", demo)
    assert done.returncode == 0
    assert "Diagnostic Imaging Report\n====" in done.stdout and "Letter about the CT of the chest\n====" in done.stdout
    assert "→ based on: Se 2 Im 19" in done.stdout and "viewer can be tried without anyone's medical data" in done.stdout


def test_json_follows_the_schema_and_links_are_numbers(tview, demo) -> None:
    record = json.loads(tview("report", demo, "--json").stdout)
    jsonschema.validate(record, SCHEMA)
    link = next(block for block in record["documents"][0]["blocks"] if block["type"] == "link")
    assert (link["series_number"], link["instance_number"], link["on_medium"], link["words"]) == (2, 19, True, "Se 2 Im 19")


def test_markdown_has_headings_and_nothing_of_the_file_is_markup(tview, demo) -> None:
    done = tview("report", demo, "--series", "3", "--format", "markdown")
    assert done.stdout.startswith("# Diagnostic Imaging Report\n") and "\n## Findings\n" in done.stdout
    assert "- based on: Se 2 Im 19" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([], 4, "no report"),
        (["--series", "99"], 4, "--series 99"),
        (["--path", "NOWHERE"], 4, "NOWHERE"),
        (["--format", "odt"], 2, "odt"),
    ],
)
def test_exit_codes(tview, small, arguments, code, said) -> None:
    done = tview("report", small / "series", *arguments)
    assert done.returncode == code and said in done.stderr and "Traceback" not in done.stderr


def test_a_plain_file_is_read_by_its_path(tview, demo) -> None:
    done = tview("report", demo, "--path", "INDEX.HTM")
    assert done.returncode == 0 and "DEMONSTRATION DISC: DEMO, ANNA" in done.stdout


def test_an_image_that_is_chosen_is_named(tview, small) -> None:
    done = tview("report", small / "series", "--series", "1", "--instance", "1")
    assert done.returncode == 0 and "CT Image" in done.stdout


def test_the_file_inside_is_saved_as_it_is(tview, demo, tmp_path) -> None:
    assert tview("report", demo, "--series", "4", "--save", tmp_path / "letter.pdf").returncode == 0
    data = (tmp_path / "letter.pdf").read_bytes()
    assert data.startswith(b"%PDF-1.4") and data.endswith(b"%%EOF\n")
    assert (tmp_path / "letter.pdf").stat().st_mode & 0o777 == 0o600
    assert tview("report", demo, "--series", "4", "--save", "-", text=False).stdout == data
    assert tview("report", demo, "--series", "3", "--save", tmp_path).returncode == 4
    assert tview("report", demo, "--save", tmp_path / "all").returncode == 0
    assert [path.name for path in (tmp_path / "all").iterdir()] == ["se0004_im0001.pdf"]


def test_a_report_outside_dicom_is_pointed_at(tview, small, tmp_path) -> None:
    (tmp_path / "one.dcm").write_bytes((small / "latin1.dcm").read_bytes())
    (tmp_path / "BEFUND.PDF").write_bytes(b"%PDF-1.4 broken")
    done = tview("report", tmp_path)
    assert done.returncode == 4 and "1 document lies on it outside DICOM, the first is BEFUND.PDF" in done.stderr
    done = tview("report", tmp_path, "--path", "BEFUND.PDF")
    assert done.returncode == 5 and "cannot be read" in done.stderr and "BEFUND.PDF" in done.stdout


def test_a_source_without_dicom_is_exit_3(tview, tmp_path) -> None:
    (tmp_path / "page.html").write_text("<html><body>words</body></html>")
    done = tview("report", tmp_path)
    assert done.returncode == 3 and "page.html" in done.stderr
