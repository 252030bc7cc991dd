"""``tview verify`` as people and scripts call it: page, JSON, exit codes, and what it does under faults."""

import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = Draft202012Validator(json.loads((ROOT / "docs" / "schemas" / "verify-1.json").read_text()))


@pytest.fixture
def make(tmp_path: Path):
    """The maker of small discs of the tests of verify."""
    spec = importlib.util.spec_from_file_location("verify_makers", ROOT / "tests" / "verify" / "conftest.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Maker(tmp_path)


def two_persons(make):
    other = make.image(
        2,
        PatientName="Canary^Secret",
        PatientID="SECRET7",
        PatientBirthDate="19331224",
        StudyInstanceUID="1.2.3",
        SeriesInstanceUID="1.2.4",
    )
    return make.folder(make.image(1), make.image(5), other)


def test_the_page_has_six_lines_and_says_how_sure_it_is(tview, demo) -> None:
    run = tview("verify", demo)
    assert run.returncode == 0, run.stderr
    lines = run.stdout.splitlines()
    assert [line.split()[0] for line in lines if line[1] != " "] == ["IMAGES", "PERSON", "EXAMS", "DO", "ALSO", "SURE"]
    assert "✓ COMPLETE   90 objects, all read to the last byte" in lines[0]
    assert "DEMO, ANNA" in lines[1]
    assert run.stderr == ""


def test_plain_ascii_where_the_output_has_no_more(demo) -> None:
    environ = {**os.environ, "PYTHONIOENCODING": "ascii", "NO_COLOR": "1"}
    command = [sys.executable, "-m", "tview", "verify", str(demo)]
    run = subprocess.run(command, capture_output=True, text=True, env=environ, cwd=ROOT, timeout=60)
    assert run.returncode == 0
    assert run.stdout.isascii()
    assert "OK COMPLETE" in run.stdout
    assert "\x1b" not in run.stdout


def test_every_line_fits_the_terminal(make) -> None:
    from tview.media import open_medium
    from tview.text import cell_width
    from tview.verify import page_lines, verify

    folder = make.folder()
    make.objects(folder)[0].unlink()
    with open_medium(str(folder)) as medium:
        verdict = verify(medium)
    for width in (40, 80, 132):
        for ascii_only in (False, True):
            lines = page_lines(verdict, width=width, ascii_only=ascii_only)
            assert max(map(cell_width, lines)) <= width
            assert not ascii_only or all(line.isascii() for line in lines)
            assert len(lines) <= 24 or width == 40
    coloured = page_lines(verdict, width=80, colour=True)
    assert any("\x1b[31m" in line and "✗" in line for line in coloured), "red only beside the sign that says the same"


def test_json_fits_its_schema(tview, demo, make) -> None:
    folder = make.folder()
    make.objects(folder)[0].unlink()
    for arguments in ((demo,), (folder, "--level", "pixels"), (two_persons(make),), (make.folder(listed=False), "--profile", "pdi")):
        run = tview("verify", "--json", *arguments)
        record = json.loads(run.stdout)
        assert list(SCHEMA.iter_errors(record)) == []
        assert run.stdout.isascii()
        counts = record["images"]["counts"]
        parts = ("whole", "missing", "cut_off", "unreadable", "undecodable", "unread")
        assert counts["promised"] == sum(counts[part] for part in parts)


def test_json_of_what_cannot_be_opened(tview, tmp_path: Path) -> None:
    (tmp_path / "x.iso").write_bytes(b"nothing at all" * 100)
    run = tview("verify", "--json", tmp_path / "x.iso")
    assert run.returncode == 3
    assert list(SCHEMA.iter_errors(json.loads(run.stdout))) == []
    assert tview("verify", tmp_path / "absent.iso").returncode == 3


def test_several_sources_give_a_line_each_and_a_table(tview, demo, make) -> None:
    folder = make.folder()
    make.objects(folder)[0].unlink()
    run = tview("verify", demo, folder)
    lines = run.stdout.splitlines()
    assert run.returncode == 1
    assert lines[0].startswith("✓ ")
    assert lines[1].startswith("✗ ")
    assert lines[3].split()[0] == "IMAGES"
    assert len(lines) == 6
    records = [json.loads(line) for line in tview("verify", "--json", demo, folder).stdout.splitlines()]
    assert [record["images"]["verdict"] for record in records] == ["complete", "incomplete"]


@pytest.mark.parametrize(
    ("fail_on", "disc", "code"),
    [
        ("error", "missing", 1),
        ("never", "missing", 0),
        ("error", "remarks", 0),
        ("warning", "remarks", 1),
        ("warning", "clean", 0),
        ("info", "clean", 0),
    ],
)
def test_exit_codes(fail_on: str, disc: str, code: int, tview, make) -> None:
    source = make.iso(listed=False) if disc == "remarks" else make.folder()
    if disc == "missing":
        make.objects(source)[0].unlink()
    assert tview("verify", "--fail-on", fail_on, source).returncode == code


def test_the_wrong_person_ends_with_1(tview, make) -> None:
    folder = make.folder()
    assert tview("verify", folder, "--patient", "DOE^JANE", "--born", "1961-04-02").returncode == 0
    assert tview("verify", folder, "--patient", "ROE^JANE").returncode == 1
    assert tview("verify", two_persons(make)).returncode == 1
    assert tview("verify", folder, "--expect", "images=6").returncode == 0
    assert tview("verify", folder, "--expect", "images=7").returncode == 1
    assert tview("verify", folder, "--expect", "pictures=7").returncode == 2
    assert tview("verify", folder, "--second-decoder").returncode == 2


def test_other_persons_are_named_only_when_asked_for(tview, make) -> None:
    folder = two_persons(make)
    for arguments in ((folder,), (folder, "--json"), (folder, "--notes"), (folder, folder)):
        out = tview("verify", *arguments).stdout
        assert "Canary" not in out
        assert "SECRET7" not in out
        assert "1933" not in out
    assert "Canary, Secret" in tview("verify", "--show-all-persons", folder).stdout


def test_the_notes_are_folded(tview, make) -> None:
    disc = make.iso(label="OTHER")
    assert "the disc is called OTHER" not in tview("verify", disc).stdout
    assert "1 format note" in tview("verify", disc).stdout
    assert "the disc is called OTHER" in tview("verify", "--notes", disc).stdout
    assert tview("verify", "--profile", "pdi", disc).returncode == 1


# --- safety -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The hostile discs; skips without their maker."""
    tools = Path(os.environ.get("TVIEW_SHARED", ROOT.parent / "shared")) / "tools" / "hostile"
    if not (tools / "make_corpus.py").exists():
        pytest.skip("the maker of hostile discs is not on this machine")
    target = tmp_path_factory.mktemp("hostile")
    subprocess.run([sys.executable, str(tools / "make_corpus.py"), str(target)], check=True, capture_output=True, cwd=tools)
    return target


HOSTILE = {
    "dir_path_dotdot": (0, ("reference-outside",)),
    "dir_path_slash": (0, ("reference-outside",)),
    "dir_path_absolute": (0, ("reference-outside",)),
    "dir_path_dotdot_mid": (0, ("reference-outside",)),
    "dir_loop_next": (1, ("dicomdir-loop",)),
    "dir_loop_lower": (1, ("dicomdir-loop",)),
    "dir_deep": (3, ("dicomdir-deep",)),
    "dir_offset_outside": (1, ("dicomdir-offsets",)),
    "dir_missing_file": (1, ("referenced-file-missing",)),
    "dir_mismatch_patient": (0, ("dicomdir-other-patient",)),
    "ds_preamble_pe": (1, ("preamble-program",)),
    "iso_dir_self": (0, ("directory-loop",)),
    "iso_extent_outside": (1, ("file-cut-off",)),
    "iso_truncated": (1, ("disc-cut-off", "file-cut-off")),
    "iso_ok": (0, ()),
    "safe_gap": (0, ("slice-gap",)),
    "safe_two_patients": (0, ("person-id-differs",)),
    "safe_order": (0, ()),
    "safe_orient": (0, ()),
    "tree_autorun": (0, ("programs-found",)),
}
"""SAFETY 9 to 14, 20, 29, 31, 54 to 56: the exit code, and what has to be told."""


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_discs_are_told_for_what_they_are(name: str, hostile: Path, tview) -> None:
    code, told = HOSTILE[name]
    images = [path for path in (hostile / name).rglob("*") if path.suffix == ".iso"]
    run = tview("verify", "--json", "--level", "bytes", images[0] if images else hostile / name, cwd=hostile / name)
    assert run.returncode == code, run.stdout[-2000:]
    record = json.loads(run.stdout)
    assert list(SCHEMA.iter_errors(record)) == []
    assert set(told) <= {one["code"] for one in record["findings"]}
    assert "Traceback" not in run.stderr
    if name == "iso_truncated":
        assert record["images"]["counts"]["whole"] == 5
    if name == "safe_gap":
        assert record["images"]["counts"]["whole"] == 10


def test_no_control_byte_of_a_file_reaches_the_page(hostile: Path, tview) -> None:
    for place in sorted(hostile.glob("text_*")):
        out = tview("verify", place, text=False).stdout
        assert not any(byte < 32 and byte != 10 for byte in out), place.name
        assert b"\x7f" not in out


@pytest.fixture(scope="session")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The preload library that makes a file behave like a bad disc."""
    source = Path(os.environ.get("TVIEW_SHARED", ROOT.parent / "shared")) / "tools" / "hostile" / "faultread.c"
    if not source.exists() or shutil.which("gcc") is None or not sys.platform.startswith("linux"):
        pytest.skip("the preload shim or gcc is not on this machine")
    target = tmp_path_factory.mktemp("shim") / "faultread.so"
    subprocess.run(["gcc", "-shared", "-fPIC", "-O2", "-o", str(target), str(source), "-ldl"], check=True, capture_output=True)
    return target


def entry_of(image: Path, number: int):
    from tview.media import open_medium

    with open_medium(str(image)) as medium:
        return [entry for entry in medium.entries() if entry.path != "DICOMDIR"][number]


def faulty(tview, shim: Path, image: Path, *arguments: str, **faults: str):
    return tview("verify", "--json", *arguments, image, env={"LD_PRELOAD": str(shim), "FAULT_PATH": image.name, **faults})


def test_a_bad_spot_in_one_file_costs_that_one(make, tview, shim: Path) -> None:
    image = make.iso(*(make.image(n, Rows=128, Columns=128, PixelData=bytes(32768)) for n in range(1, 21)))
    entry = entry_of(image, 7)
    run = faulty(tview, shim, image, FAULT_EIO=f"{entry.order + 8192}-{entry.order + 12288}")
    record = json.loads(run.stdout)
    assert run.returncode == 1
    assert (record["images"]["counts"]["whole"], record["images"]["counts"]["unreadable"]) == (19, 1)
    assert record["exams"][0]["lost"][0]["paths"] == [entry.path]
    assert record["media"]["unreadable_ranges"] == [[entry.order + 8192, 4096]]


def test_a_bad_spot_in_the_list_is_told_and_the_rest_found(make, tview, shim: Path) -> None:
    from tview.media import open_medium

    image = make.iso()
    with open_medium(str(image)) as medium:
        entry = medium.entry("DICOMDIR")
    record = json.loads(faulty(tview, shim, image, FAULT_EIO=f"{entry.order}-{entry.order + 2048}").stdout)
    assert record["images"]["counts"]["whole"] == 6
    assert {one["code"] for one in record["findings"]} & {"dicomdir-unreadable-range", "dicomdir-unreadable"}


def test_an_ejected_disc_ends_with_what_was_found(make, tview, shim: Path) -> None:
    image = make.iso(*(make.image(n, Rows=128, Columns=128, PixelData=bytes(32768)) for n in range(1, 41)))
    run = faulty(tview, shim, image, FAULT_EJECT="30")
    record = json.loads(run.stdout)
    assert run.returncode == 1
    assert not record["finished"]
    assert "medium-gone" in {one["code"] for one in record["findings"]}


def test_ctrl_c_gives_the_verdict_so_far(make, shim: Path) -> None:
    image = make.iso(*(make.image(n, Rows=128, Columns=128, PixelData=bytes(32768)) for n in range(1, 41)))
    environ = {**os.environ, "LANG": "C.UTF-8", "LD_PRELOAD": str(shim), "FAULT_PATH": image.name, "FAULT_DELAY": "250"}
    command = [sys.executable, "-I", "-m", "tview", "verify", "--json", str(image)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environ)
    time.sleep(6)
    assert process.poll() is None, "the drive is slow"
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=10)
    record = json.loads(out)
    assert process.returncode == 130
    assert not record["finished"]
    assert record["images"]["summary"].startswith("so far")
    assert "--resume" in err


def test_a_bad_spot_in_a_folder_of_the_disc_leaves_the_others(make, tview, shim: Path) -> None:
    image = make.iso(joliet=3)
    data = image.read_bytes()
    root = int.from_bytes(data[16 * 2048 + 158 : 16 * 2048 + 162], "little")
    record = json.loads(faulty(tview, shim, image, FAULT_EIO=f"{root * 2048}-{root * 2048 + 2048}").stdout)
    assert record["images"]["verdict"] in ("complete", "complete-with-remarks"), "the other tree still names every file"
    assert record["images"]["counts"]["whole"] == 6
    assert {one["code"] for one in record["findings"]} >= {"directory-damaged"}


def test_ctrl_c_while_a_slow_medium_is_opened_ends_at_once(make, shim: Path) -> None:
    image = make.iso()
    environ = {**os.environ, "LD_PRELOAD": str(shim), "FAULT_PATH": image.name, "FAULT_DELAY": "3000"}
    command = [sys.executable, "-I", "-m", "tview", "verify", str(image)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environ)
    time.sleep(2)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert out == ""
    assert "Traceback" not in err


def test_the_progress_line_says_rate_and_time_left() -> None:
    from tview.cli.verify import ProgressLine
    from tview.verify import Progress

    line = ProgressLine(clock=lambda: 0.0)
    words = line.line(Progress(36_000_000, 72_000_000, 70, 140, "PT0/\x1b[2JIM0"), 10.0)
    assert words.startswith("36 / 72 MB  3.6 MB/s  0:10 ")
    assert "70 / 140" in words
    assert "\x1b" not in words
