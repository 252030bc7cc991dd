"""`tview export`: what is written where, what is not, and the exit codes for it."""

import io
import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tview.media import open_medium

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def cut(tmp_path_factory, demo) -> Path:
    """The demo disc without its second half, as a download that broke off."""
    place = tmp_path_factory.mktemp("cut") / "cut.iso"
    place.write_bytes(demo.read_bytes()[: demo.stat().st_size // 2])
    return place


@pytest.fixture(scope="module")
def scratched(tmp_path_factory, demo) -> Path:
    """The demo disc with a rescue map that calls the first sector of two files lost, one of them being zeros in the image."""
    place = tmp_path_factory.mktemp("scratched") / "disc.iso"
    data = bytearray(demo.read_bytes())
    with open_medium(str(demo)) as medium:
        offsets = [medium.entry(f"DICOM/ST000001/SE000002/IM00000{number}").extents[0].offset for number in (1, 2)]
    lines, position = ["# Mapfile. Created by GNU ddrescue", "0x0     +               1"], 0
    for offset in offsets:
        data[offset : offset + 2048] = bytes(2048)
        lines += [f"0x{position:X}  0x{offset - position:X}  +", f"0x{offset:X}  0x800  -"]
        position = offset + 2048
    lines.append(f"0x{position:X}  0x{len(data) - position:X}  +")
    place.write_bytes(data)
    place.with_suffix(".map").write_text("\n".join(lines) + "\n")
    return place


def pictures(folder: Path) -> list[str]:
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*.png"))


def test_an_object_that_cannot_be_written_ends_with_five_after_the_rest(tview, cut, tmp_path) -> None:
    index = tmp_path / "index.json"
    done = tview("export", cut, tmp_path / "out", "--study", "1", "--index", index)
    assert done.returncode == 5 and "Traceback" not in done.stderr
    record = json.loads(index.read_text())
    written, lost = len(record["written"]), len(record["not_written"])
    assert written and lost and written + lost == 65 == 1 + 64  # the topogram and the slices
    assert len(pictures(tmp_path / "out")) == written
    assert done.stderr.splitlines()[-1] == f"tview: {written} of 65 written, {lost} not"
    assert done.stderr.splitlines()[-2] == f"tview: {written} files written to {tmp_path / 'out'}"
    assert {one["code"] for one in record["not_written"]} == {"file-cut-off"}


def test_bytes_that_cannot_be_read_are_told_from_files_that_are_no_dicom(tview, scratched, tmp_path) -> None:
    done = tview("export", scratched, tmp_path / "out", "--series", "2")
    assert done.returncode == 5
    said = [line for line in done.stderr.splitlines() if "cannot be read" in line]
    assert len(said) == 2 and all(line.count("DICOM/ST000001/SE000002") == 1 for line in said)
    assert "no DICOM" not in done.stderr and done.stderr.endswith("62 of 64 written, 2 not\n")
    for command in (["show", "--out", "-"], ["tags"]):
        done = tview(command[0], scratched, "--path", "DICOM/ST000001/SE000002/IM000001", *command[1:])
        assert done.returncode == 5 and "2048 bytes at 0 cannot be read" in done.stderr and not done.stdout


def test_the_same_export_twice_keeps_the_files(tview, demo, tmp_path) -> None:
    assert tview("export", demo, tmp_path / "out", "--series", "7").stderr.startswith("tview: 21 files written to ")
    before = pictures(tmp_path / "out")
    done = tview("export", demo, tmp_path / "out", "--series", "7")
    assert done.returncode == 0 and "21 files there already" in done.stderr and "written" not in done.stderr
    assert pictures(tmp_path / "out") == before and len(before) == 21
    (tmp_path / "out" / before[0]).write_bytes(b"another")
    assert "1 file written" in tview("export", demo, tmp_path / "out", "--series", "7").stderr
    assert set(pictures(tmp_path / "out")) - set(before) == {before[0].replace(".png", "-2.png")}


def test_several_studies_have_folders_of_their_own(tview, demo, tmp_path) -> None:
    assert tview("export", demo, tmp_path / "all", "--instance", "1").returncode == 0
    assert pictures(tmp_path / "all") == [
        "st0001/se0001_im0001.png",
        "st0001/se0002_im0001.png",
        "st0002/se0001_im0001.png",
        *(f"st0003/se0001_im0001_f{frame:04d}.png" for frame in range(1, 21)),
        "st0004/se0001_im0001.png",
    ]
    assert tview("export", demo, tmp_path / "one", "--study", "2").returncode == 0
    assert pictures(tmp_path / "one") == ["se0001_im0001.png"]


@pytest.mark.parametrize(
    ("dest", "options", "said"),
    [
        ("x.png", ["--series", "2"], "several pictures cannot go into one file: give a folder"),
        ("x.png", ["--series", "6"], "--frame"),
        ("x.npy", [], "several pictures cannot go into one file: give a folder"),
        ("one.jpg", ["--series", "5"], "jpg is not a format: png, npy"),
        ("one.JPEG", [], "jpeg is not a format: png, npy"),
        ("one.npy", ["--series", "5", "--format", "png"], "--format says png"),
    ],
)
def test_a_file_name_that_does_not_fit_is_wrong_usage(tview, demo, tmp_path, dest, options, said) -> None:
    done = tview("export", demo, tmp_path / dest, *options)
    assert done.returncode == 2 and said in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_folder_named_like_a_picture_is_a_folder(tview, demo, tmp_path) -> None:
    (tmp_path / "x.png").mkdir()
    assert tview("export", demo, tmp_path / "x.png", "--series", "5").returncode == 0
    assert pictures(tmp_path / "x.png") == ["se0001_im0001.png"]


def test_one_frame_goes_into_one_file(tview, demo, tmp_path) -> None:
    assert tview("export", demo, tmp_path / "x.png", "--series", "6", "--frame", "3").returncode == 0
    assert Image.open(tmp_path / "x.png").mode == "RGB"


def test_of_several_stdout_gets_the_one_that_show_takes(tview, demo) -> None:
    done = tview("export", demo, "-", text=False)
    assert done.returncode == 0 and Image.open(io.BytesIO(done.stdout)).size == (512, 512)
    (said,) = done.stderr.decode().splitlines()
    assert "88 pictures match" in said and "DICOM/ST000001/SE000002/IM000033" in said
    shown = tview("export", demo, "-", "--path", "DICOM/ST000001/SE000002/IM000033", text=False)
    assert shown.stdout == done.stdout and shown.stderr == b""


def test_reports_are_skipped_unless_they_were_meant(tview, demo, tmp_path) -> None:
    done = tview("export", demo, tmp_path / "out", "--study", "1", "--instance", "1")
    assert done.returncode == 0 and len(pictures(tmp_path / "out")) == 2 and "written, " not in done.stderr
    assert "no picture: Basic Text SR" in done.stderr and "no picture: Encapsulated PDF" in done.stderr
    for series, what in (("3", "Basic Text SR"), ("4", "Encapsulated PDF")):
        for command in (["export", demo, tmp_path / "none"], ["show", demo, "--out", "-"], ["show", demo, "--sheet", "--out", "-"]):
            done = tview(*command, "--series", series)
            assert done.returncode == 4 and f"is no picture: {what}" in done.stderr and not done.stdout


def test_a_frame_that_is_not_there_matches_nothing(tview, demo, tmp_path) -> None:
    for command in (["show", demo, "--out", "-"], ["export", demo, tmp_path / "out"]):
        done = tview(*command, "--series", "6", "--frame", "99")
        assert done.returncode == 4 and "frame 99 is not there: the object has 20" in done.stderr
    done = tview("export", demo, tmp_path / "out", "--frame", "2")
    assert done.returncode == 0 and pictures(tmp_path / "out") == ["st0003/se0001_im0001_f0002.png"]
    assert len(done.stderr.splitlines()) < 8  # 87 objects have no second frame


def test_an_index_follows_the_published_schema(tview, cut, tmp_path) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    for time in range(2):
        done = tview("export", cut, tmp_path / "out", "--index", tmp_path / "index.json")
        assert done.returncode == 5, (time, done.stderr)
    schema = json.loads((ROOT / "docs" / "schemas" / "export-1.json").read_text())
    record = json.loads((tmp_path / "index.json").read_text())
    jsonschema.validate(record, schema)
    assert record["written"] and record["not_written"]
    (tmp_path / "index.json").write_text("mine")
    assert tview("export", cut, tmp_path / "out", "--series", "1", "--index", tmp_path / "index.json").returncode == 5
    assert (tmp_path / "index.json").read_text() == "mine"


def test_a_full_disc_ends_it_with_a_count_and_no_part_of_a_file(tview, small, tmp_path) -> None:
    """The limit on the size of files stands for a full disc."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))

    done = tview("export", small / "series", tmp_path / "out", "--format", "npy", preexec_fn=limit)
    count = len(list((small / "series").iterdir()))
    assert done.returncode == 5 and "could not be written" in done.stderr
    assert done.stderr.endswith(f"0 of {count} written, {count} not\n") and len(done.stderr.splitlines()) < 4
    assert list((tmp_path / "out").rglob("*")) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize("command", [["ls"], ["ls", "--json"], ["tags"], ["show", "--out", "-"], ["export", "-"], ["--help"], ["doctor"]])
def test_a_full_stdout_is_an_output_that_cannot_be_written(demo, command) -> None:
    needs_source = command[0] not in ("--help", "doctor")
    arguments = [command[0], *([str(demo)] if needs_source else []), *command[1:]]
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-I", "-m", "tview", *arguments], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 5 and "stdout could not be written" in done.stderr and "Traceback" not in done.stderr


def test_a_partial_picture_is_written_and_never_without_a_word(tview, small, tmp_path) -> None:
    done = tview("export", small / "truncated.dcm", tmp_path / "out")
    assert done.returncode == 0 and pictures(tmp_path / "out") == ["se0001_im0001.png"]
    assert "partial 59 %: 19 of 32 rows are there" in done.stderr


def test_frames_that_are_lost_end_with_five_after_the_others(tview, demo, tmp_path) -> None:
    """Frame 7 of the ultrasound loop: the first bytes of its JPEG are gone."""
    with open_medium(str(demo)) as medium:
        entry = medium.entry("DICOM/ST000003/SE000001/IM000001")
        data = bytearray(medium.read(entry).data)
    position = data.index(b"\xff\xd8\xff")
    for _ in range(6):
        position = data.index(b"\xff\xd8\xff", position + 3)
    data[position : position + 600] = bytes(600)
    (tmp_path / "loop.dcm").write_bytes(data)
    done = tview("export", tmp_path / "loop.dcm", tmp_path / "out")
    assert done.returncode == 5 and "loop.dcm: frame 7: " in done.stderr and done.stderr.endswith("0 of 1 written, 1 not\n")
    assert pictures(tmp_path / "out") == [f"se0001_im0001_f{frame:04d}.png" for frame in range(1, 21) if frame != 7]
