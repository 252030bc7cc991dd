"""Commands, exit codes, and what goes where: the contract that scripts rely on."""

import io
import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tview.cli.commands import COMMANDS

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_has_help_with_two_examples(tview, command) -> None:
    done = tview(command.name, "--help")
    assert done.returncode == 0
    assert all(example in done.stdout for example in command.examples) and len(command.examples) >= 2


def test_the_overview_lists_every_command(tview) -> None:
    done = tview("--help")
    assert done.returncode == 0
    assert all(f"  {command.name} " in done.stdout for command in COMMANDS)
    assert "not a medical device" in done.stdout


def test_starting_loads_nothing_heavy() -> None:
    heavy = ("textual", "rich", "numpy", "pydicom", "cv2", "imagecodecs", "PIL")
    code = f"import sys, tview.cli; print([m for m in {heavy} if m in sys.modules])"
    assert subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True).stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["ls"], 2, "SOURCE"),
        (["ls", "--nonsense", "x"], 2, "--nonsense"),
        (["ls", "/nowhere/at/all"], 3, "no such"),
        (["show", "/nowhere", "--out", "-"], 3, "no such"),
        (["--graphics", "vga", "x"], 2, "vga"),
        (["ls", "x", "--config", "/nowhere.toml"], 2, "settings"),
    ],
)
def test_wrong_usage_and_missing_sources_are_one_sentence(tview, arguments, code, said) -> None:
    done = tview(*arguments)
    assert done.returncode == code
    assert said in done.stderr and "Traceback" not in done.stderr
    assert done.stdout == ""


def test_the_viewer_without_a_terminal_says_what_to_do(tview, demo) -> None:
    done = tview(demo)
    assert done.returncode == 2
    assert "terminal" in done.stderr and "ssh -t" in done.stderr
    assert done.stdout == ""


def test_the_viewer_on_a_dumb_terminal_says_so(demo) -> None:
    main, other = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-I", "-m", "tview", str(demo)],
        stdin=other,
        stdout=other,
        stderr=subprocess.PIPE,
        env={**os.environ, "TERM": "dumb"},
    )
    os.close(main), os.close(other)
    assert done.returncode == 2 and b"dumb" in done.stderr


def test_ls_lists_the_demo_disc(tview, demo) -> None:
    done = tview("ls", demo)
    assert done.returncode == 0, done.stderr
    for wanted in ("DEMO, ANNA", "CT Thorax", "MR Brain", "Chest PA", "README.TXT"):
        assert wanted in done.stdout


def test_ls_json_follows_the_published_schema(tview_json, demo) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    record = tview_json("ls", demo, "--json")
    jsonschema.validate(record, json.loads((ROOT / "docs" / "schemas" / "ls-1.json").read_text()))
    assert record["counts"]["instances"] == 90 and record["counts"]["patients"] == 1


def test_ls_hash_gives_the_digest_of_every_file(tview_json, small) -> None:
    import hashlib

    record = tview_json("ls", small / "series", "--json", "--hash", "sha1")
    found = {
        i["path"]: i["digest"]
        for p in record["patients"]
        for st in p["studies"]
        for se in st["series"]
        for k in se["stacks"]
        for i in k["instances"]
    }
    assert found == {file.name: hashlib.sha1(file.read_bytes()).hexdigest() for file in (small / "series").iterdir()}


def test_ls_of_a_disc_with_a_missing_file_ends_with_one(tview, small) -> None:
    done = tview("ls", small / "missing-file.iso")
    assert done.returncode == 1 and "missing" in done.stdout


def test_nothing_medical_ends_with_three_and_says_what_there_is(tview, tmp_path) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(100))
    done = tview("ls", tmp_path)
    assert done.returncode == 3 and "photo.jpg" in done.stdout


def test_ls_in_an_ascii_locale_is_ascii(tview, demo) -> None:
    done = tview(
        "ls", demo, env={"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}, text=False
    )
    assert done.returncode == 0 and done.stdout.isascii()


def test_show_writes_the_picture_it_would_draw(tview, demo) -> None:
    done = tview("show", demo, "--graphics", "kitty", "--size", "300x300", "--out", "-", text=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(b"\x1b_G") >= 1 and b"a=T,f=100" in done.stdout


def test_show_without_a_terminal_asks_for_out(tview, demo) -> None:
    done = tview("show", demo)
    assert done.returncode == 2 and "terminal" in done.stderr


@pytest.mark.parametrize("graphics", ["kitty", "sixel", "blocks", "iterm"])
def test_show_sheet_in_every_way(tview, demo, graphics) -> None:
    done = tview("show", demo, "--sheet", "--graphics", graphics, "--out", "-", text=False)
    assert done.returncode == 0 and len(done.stdout) > 1000


def test_show_refuses_a_preset_that_makes_no_sense(tview, demo) -> None:
    done = tview("show", demo, "--series", "6", "--window", "lung", "--out", "-")
    assert done.returncode == 2 and "--window lung" in done.stderr


def test_tags_prints_finds_and_nests(tview, tview_json, demo) -> None:
    done = tview("tags", demo, "--series", "2")
    assert done.returncode == 0 and "(0010,0010) PN Patient's Name" in done.stdout and "DEMO^ANNA" in done.stdout
    assert tview("tags", demo, "--find", "nosuchthing").returncode == 4
    record = tview_json("tags", demo, "--json")
    assert record["schema"] == "tview/tags/1" and record["elements"]


def test_nothing_chosen_ends_with_four(tview, demo, tmp_path) -> None:
    assert tview("tags", demo, "--series", "99").returncode == 4
    assert tview("export", demo, tmp_path / "out", "--path", "NO/SUCH").returncode == 4


def test_export_npy_gives_the_stored_values(tview, small, tmp_path) -> None:
    pydicom = pytest.importorskip("pydicom")
    source = small / "series" / "CT000003.dcm"
    assert tview("export", source, tmp_path, "--format", "npy").returncode == 0
    (file,) = tmp_path.iterdir()
    assert file.name == "se0001_im0003.npy" or file.name.startswith("se")
    assert np.array_equal(np.load(file)[0], pydicom.dcmread(source).pixel_array)
    assert file.stat().st_mode & 0o777 == 0o600


def test_export_png_of_one_picture_to_stdout(tview, demo) -> None:
    done = tview("export", demo, "-", "--series", "2", text=False)
    assert done.returncode == 0
    assert Image.open(io.BytesIO(done.stdout)).size == (512, 512)


def test_export_never_writes_over_a_file_nor_into_the_source(tview, small, tmp_path) -> None:
    source = small / "series" / "CT000003.dcm"
    file = tmp_path / "x.png"
    file.write_bytes(b"mine")
    assert tview("export", source, file).returncode == 5
    assert file.read_bytes() == b"mine"
    done = tview("export", small / "series", small / "series" / "out")
    assert done.returncode == 5 and not (small / "series" / "out").exists()


def test_export_names_frames_and_writes_an_index(tview, demo, tmp_path) -> None:
    index = tmp_path / "index.json"
    done = tview("export", demo, tmp_path / "out", "--study", "3", "--index", index)
    assert done.returncode == 0, done.stderr
    names = sorted(file.name for file in (tmp_path / "out").iterdir())
    assert names == [f"se0001_im0001_f{frame:04d}.png" for frame in range(1, 21)]
    assert len(json.loads(index.read_text())["written"]) == len(names)


def test_doctor_speaks_without_a_terminal(tview, tview_json) -> None:
    assert "textual" in tview("doctor").stdout
    assert tview_json("doctor", "--json")["schema"] == "tview/doctor/1"


def test_demo_says_where_it_is(tview) -> None:
    assert Path(tview("demo", "--where").stdout.strip()).is_file()


def test_nothing_is_imported_from_the_working_directory(small, tmp_path) -> None:
    for name in ("numpy", "pydicom", "cv2", "argparse", "json"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'PWNED')!r}, 'w')")
    script = Path(sys.executable).with_name("tview")
    if not script.exists():
        pytest.skip("the console script is not installed")
    subprocess.run([script, "show", str(small / "series" / "CT000003.dcm"), "--out", "-"], cwd=tmp_path, capture_output=True, check=True)
    assert not (tmp_path / "PWNED").exists()


def test_a_reader_that_goes_away_is_no_error(demo) -> None:
    command = f"{sys.executable} -I -m tview ls --long {demo} | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True)
    assert "Traceback" not in done.stderr and done.stdout.strip().endswith(("141", "0"))


def test_a_name_cannot_drive_the_terminal(tview, tmp_path) -> None:
    pydicom = pytest.importorskip("pydicom")
    source = ROOT / "fixtures" / "small" / "series" / "CT000003.dcm"
    data = pydicom.dcmread(source)
    data.PatientName = "EVIL\x1b]52;c;QUJD\x07^\x9b2J"
    data.save_as(tmp_path / "\x1b[2Jevil.dcm")
    for command in (["ls"], ["ls", "--json"], ["ls", "--long"], ["tags"]):
        done = tview(*command, tmp_path, text=False)
        assert b"\x1b" not in done.stdout + done.stderr and b"\x07" not in done.stdout + done.stderr
