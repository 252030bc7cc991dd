"""`tview copy`: what arrives, what is said of what does not, and going on."""

import errno
import hashlib
import io
import json
import os
import shutil
import stat
import subprocess
import zipfile
from pathlib import Path

import pytest

from tview.cli.main import main

SECTOR = 2048


@pytest.fixture(autouse=True)
def environment():
    """`main` takes TEXTUAL variables out of the environment; a plugin of pytest wants its own back."""
    before = dict(os.environ)
    yield
    os.environ.update(before)


def tree_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder but the lists of the copy."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in ("SHA256SUMS", "tview-copy.json")
    }


def record_of(folder: Path) -> dict:
    return json.loads((folder / "tview-copy.json").read_text())


@pytest.fixture(scope="session")
def demo_files(demo) -> dict[str, bytes]:
    """The files of the demo disc as pycdlib reads them, by upper-case path."""
    import pycdlib

    iso = pycdlib.PyCdlib()
    iso.open(str(demo))
    found = {}
    for place, _, names in iso.walk(iso_path="/"):
        for name in names:
            data = io.BytesIO()
            iso.get_file_from_iso_fp(data, iso_path=f"{place.rstrip('/')}/{name}")
            found[f"{place}/{name}".lstrip("/").split(";")[0].rstrip(".").upper()] = data.getvalue()
    iso.close()
    return found


@pytest.fixture
def image(tmp_path) -> Path:
    """A disc image of five files of three sectors each."""
    if shutil.which("genisoimage") is None:
        pytest.skip("genisoimage is not installed")
    tree = tmp_path / "tree"
    (tree / "D").mkdir(parents=True)
    for number in range(5):
        (tree / "D" / f"F{number}").write_bytes(bytes([number + 1]) * (3 * SECTOR))
    subprocess.run(["genisoimage", "-quiet", "-o", str(tmp_path / "x.iso"), str(tree)], check=True, capture_output=True)
    return tmp_path / "x.iso"


@pytest.fixture
def place_of(image):
    """Where a file of the image begins."""
    from tview.media import open_medium

    with open_medium(str(image)) as medium:
        return {entry.path: entry.order for entry in medium.entries()}


def rescue_map(image: Path, start: int, length: int) -> None:
    size = image.stat().st_size
    Path(f"{image}.map").write_text(
        f"# Mapfile. Created by GNU ddrescue version 1.27\n0x0 + 1\n0x0 {start:#x} +\n{start:#x} {length:#x} -\n"
        f"{start + length:#x} {size - start - length:#x} +\n"
    )


def test_everything_arrives(tview, demo, demo_files, tmp_path) -> None:
    done = tview("copy", demo, tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "" and "96 files" in done.stderr
    assert {path.upper(): data for path, data in tree_of(tmp_path / "out").items()} == demo_files
    record = record_of(tmp_path / "out")
    assert record["schema"] == "tview/copy/1" and record["finished"]
    assert {row["state"] for row in record["files"]} == {"ok"}
    sums = {row["file"]: row["sha256"] for row in record["files"]}
    assert sums == {path: hashlib.sha256(data).hexdigest() for path, data in tree_of(tmp_path / "out").items()}


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not installed")
def test_sha256sum_checks_the_copy(tview, demo, tmp_path) -> None:
    assert tview("copy", demo, tmp_path / "out").returncode == 0
    checked = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path / "out", capture_output=True, text=True)
    assert checked.returncode == 0 and checked.stdout.count(": OK") == 96
    (tmp_path / "out" / "README.TXT").write_text("other")
    assert subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path / "out", capture_output=True).returncode


def test_the_copy_is_for_its_owner_only(tview, demo, tmp_path) -> None:
    assert tview("copy", demo, tmp_path / "out").returncode == 0
    for path in [tmp_path / "out", *(tmp_path / "out").rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
    assert not list((tmp_path / "out").rglob(".tview-*"))


def test_one_file_by_its_path(tview, demo, demo_files, tmp_path) -> None:
    assert tview("copy", demo, tmp_path / "out", "--path", "readme.txt").returncode == 0
    assert tree_of(tmp_path / "out") == {"README.TXT": demo_files["README.TXT"]}
    done = tview("copy", demo, "-", "--path", "README.TXT", text=False)
    assert (done.returncode, done.stdout) == (0, demo_files["README.TXT"])
    assert tview("copy", demo, tmp_path / "out", "--path", "NOT/THERE").returncode == 4
    assert tview("copy", demo, "-").returncode == 2


def test_a_series_by_its_number(tview, tview_json, demo, tmp_path) -> None:
    listing = tview_json("ls", demo, "--json")
    series = [se for p in listing["patients"] for st in p["studies"] for se in st["series"]]
    wanted = max(series, key=lambda se: sum(len(stack["instances"]) for stack in se["stacks"]))
    paths = {i["path"] for stack in wanted["stacks"] for i in stack["instances"]}
    done = tview("copy", demo, tmp_path / "out", "--series", wanted["series_instance_uid"])
    assert done.returncode == 0, done.stderr
    assert set(tree_of(tmp_path / "out")) == paths


def test_json_says_what_became_of_each_file(tview_json, demo, tmp_path) -> None:
    record = tview_json("copy", demo, tmp_path / "out", "--json")
    assert record == record_of(tmp_path / "out")


def test_it_goes_on_where_it_stopped(tview, demo, demo_files, tmp_path) -> None:
    out = tmp_path / "out"
    assert tview("copy", demo, out).returncode == 0
    before = {path: os.stat(out / path).st_ino for path in tree_of(out)}
    gone = next(path for path in before if path.startswith("DICOM"))
    (out / gone).unlink()
    done = tview("copy", demo, out)
    assert done.returncode == 0 and "1 files copied" in done.stderr and "95 were there" in done.stderr
    assert {path.upper(): data for path, data in tree_of(out).items()} == demo_files
    assert all(os.stat(out / path).st_ino == inode for path, inode in before.items() if path != gone), "nothing else was written again"


def test_files_of_others_are_left_alone(tview, demo, tmp_path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "README.TXT").write_text("mine")
    assert tview("copy", demo, out).returncode == 0
    assert (out / "README.TXT").read_text() == "mine"
    assert (out / "README-2.TXT").exists()
    changed = next(path for path in tree_of(out) if path.startswith("DICOM/"))
    (out / changed).write_bytes(b"changed since")
    assert tview("copy", demo, out).returncode == 0
    assert (out / changed).read_bytes() == b"changed since"


def test_another_disc_is_not_mixed_in(tview, demo, small, tmp_path) -> None:
    """Slices of one scanner have the same names and sizes on every disc."""
    assert tview("copy", demo, tmp_path / "out").returncode == 0
    before = tree_of(tmp_path / "out")
    done = tview("copy", small / "series", tmp_path / "out")
    assert done.returncode == 5 and "another disc" in done.stderr
    assert tree_of(tmp_path / "out") == before


def test_lists_of_another_program_are_not_written_over(tview, demo, tmp_path) -> None:
    (tmp_path / "SHA256SUMS").write_text("mine")
    done = tview("copy", demo, tmp_path)
    assert done.returncode == 5 and (tmp_path / "SHA256SUMS").read_text() == "mine"


def test_nothing_is_written_onto_the_medium(tview, small, tmp_path) -> None:
    tree = tmp_path / "disc"
    shutil.copytree(small / "series", tree)
    before = tree_of(tree)
    (tmp_path / "link").symlink_to(tree)
    for dest in (tree, tree / "below", tmp_path / "link" / "x"):
        done = tview("copy", tree, dest)
        assert done.returncode == 5 and "nothing is ever written" in done.stderr
    assert tree_of(tree) == before and not (tree / "below").exists()


def test_names_from_an_archive_stay_inside(tview, tmp_path) -> None:
    raw = [
        "../../escape", "/etc/abs", "a\x1b[31mred", "SHA256SUMS", "Case", "case", "nul\u202egpj.exe", "tview-copy.json", "a/" + "x" * 300,
        "C:\\win\\file", "dir", "dir/inside", " ", "..",
    ]  # fmt: skip
    names = {name: b"%d" % number for number, name in enumerate(raw)}
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        for name, data in names.items():
            archive.writestr(name, data)
    out = tmp_path / "below" / "out"
    assert tview("copy", tmp_path / "x.zip", out, "--fail-on", "never").returncode == 0
    got = tree_of(out)
    inside = record_of(out)["files"]
    assert sorted((out / row["file"]).read_bytes() for row in inside) == sorted(names.values())
    assert len({row["file"].casefold() for row in inside}) == len(names), "no two alike on a disk that folds case"
    assert all(character.isprintable() for path in got for character in path)
    assert {path.name for path in tmp_path.iterdir()} == {"x.zip", "below"} and {path.name for path in out.parent.iterdir()} == {"out"}
    again = tview("copy", tmp_path / "x.zip", out, "--fail-on", "never")
    assert f"{len(names)} were there" in again.stderr


def test_a_link_in_the_way_is_not_followed(tview, demo, tmp_path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out" / "DICOM").symlink_to(tmp_path / "elsewhere")
    done = tview("copy", demo, tmp_path / "out")
    assert done.returncode == 5 and not list((tmp_path / "elsewhere").iterdir())


def test_what_is_lost_is_said_and_read_once_more(tview, image, place_of, tmp_path) -> None:
    out, place = tmp_path / "out", place_of["D/F2"]
    rescue_map(image, place + SECTOR, SECTOR)
    done = tview("copy", image, out)
    assert done.returncode == 1 and "D/F2" in done.stderr and "1 damaged" in done.stderr
    whole = b"\3" * SECTOR
    rows = {row["path"]: row for row in record_of(out)["files"]}
    assert (rows["D/F2"]["state"], rows["D/F2"]["lost"]) == ("damaged", [[SECTOR, SECTOR]])
    assert [rows[f"D/F{n}"]["state"] for n in (0, 1, 3, 4)] == ["ok"] * 4
    assert (out / "D" / "F2").read_bytes()[:SECTOR] == whole
    rescue_map(image, place + SECTOR, 2 * SECTOR)
    assert tview("copy", image, out, "--fail-on", "never").returncode == 0
    row = next(row for row in record_of(out)["files"] if row["path"] == "D/F2")
    assert row["lost"] == [[SECTOR, SECTOR]], "what went better the first time is kept"
    Path(f"{image}.map").unlink()  # cleaned, it reads well
    done = tview("copy", image, out)
    assert done.returncode == 0 and "1 files copied" in done.stderr and "4 were there" in done.stderr
    assert (out / "D" / "F2").read_bytes() == 3 * whole
    rescue_map(image, place + SECTOR, 2 * SECTOR)
    assert tview("copy", image, out).returncode == 0
    assert (out / "D" / "F2").read_bytes() == 3 * whole, "what was copied whole is not read again"


def test_a_file_of_which_nothing_can_be_read_is_left_out(tview, image, place_of, tmp_path) -> None:
    rescue_map(image, place_of["D/F2"], 3 * SECTOR)
    done = tview("copy", image, tmp_path / "out")
    assert done.returncode == 1 and "1 not readable" in done.stderr
    assert not (tmp_path / "out" / "D" / "F2").exists()
    row = next(row for row in record_of(tmp_path / "out")["files"] if row["path"] == "D/F2")
    assert (row["state"], row["file"], row["lost"]) == ("missing", None, [[0, 3 * SECTOR]])


def test_a_file_that_is_cut_off_is_copied_as_far_as_it_goes(tview, image, place_of, tmp_path) -> None:
    os.truncate(image, place_of["D/F4"] + SECTOR + 100)
    assert tview("copy", image, tmp_path / "out").returncode == 1
    assert (tmp_path / "out" / "D" / "F4").read_bytes() == b"\5" * (SECTOR + 100)
    row = next(row for row in record_of(tmp_path / "out")["files"] if row["path"] == "D/F4")
    assert row["lost"] == [[SECTOR + 100, 2 * SECTOR - 100]]


@pytest.fixture
def after(monkeypatch):
    """Makes the reads of a disc raise this after so many."""

    def make(many: int, error: BaseException) -> None:
        from tview.media.disc import Disc

        read, count = Disc.read, [0]

        def reading(self, *arguments):
            count[0] += 1
            if count[0] > many:
                raise error
            return read(self, *arguments)

        monkeypatch.setattr(Disc, "read", reading)

    return make


def test_ctrl_c_keeps_what_is_done_and_says_how_to_go_on(image, tmp_path, after, monkeypatch, capsys) -> None:
    out = tmp_path / "out"
    with monkeypatch.context():
        after(3, KeyboardInterrupt())
        assert main(["copy", str(image), str(out)]) == 130
    monkeypatch.undo()
    assert "3 of 5" in capsys.readouterr().err
    assert set(tree_of(out)) == {"D/F0", "D/F1", "D/F2"} and not record_of(out)["finished"]
    assert main(["copy", str(image), str(out)]) == 0
    assert "2 files copied" in (said := capsys.readouterr().err) and "3 were there" in said
    assert len(tree_of(out)) == 5 and record_of(out)["finished"]


def test_a_copy_that_was_killed_goes_on(image, tmp_path, capsys) -> None:
    """Only the sums that grow with every file are there then, and the record from before the first."""
    out = tmp_path / "out"
    assert main(["copy", str(image), str(out)]) == 0
    record = record_of(out)
    (out / "tview-copy.json").write_text(json.dumps(record | {"finished": False, "files": []}))
    lines = (out / "SHA256SUMS").read_bytes().splitlines(keepends=True)
    (out / "SHA256SUMS").write_bytes(b"".join(lines[:3]) + lines[3][:20])
    (out / "D" / "F4").unlink()
    capsys.readouterr()
    assert main(["copy", str(image), str(out)]) == 0
    assert "2 files copied" in (said := capsys.readouterr().err) and "3 were there" in said
    assert set(tree_of(out)) == {f"D/F{n}" for n in range(5)}, "the file without a sum was compared, not doubled"
    assert record_of(out)["files"] == record["files"]


def test_a_medium_that_goes_away_ends_it_with_a_sentence(image, tmp_path, after, monkeypatch, capsys) -> None:
    from tview.errors import MediumError, finding

    after(2, MediumError(finding("medium-gone", path=str(image))))
    assert main(["copy", str(image), str(tmp_path / "out")]) == 3
    said = capsys.readouterr().err
    assert "gone away" in said and "2 of 5" in said
    monkeypatch.undo()
    assert main(["copy", str(image), str(tmp_path / "out")]) == 0


def test_a_full_disk_leaves_no_partial_file(image, tmp_path, monkeypatch, capsys) -> None:
    write, count = os.write, [0]

    def full(fd: int, data: bytes) -> int:
        count[0] += len(data) > 3000
        if count[0] == 3:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(fd, data)

    monkeypatch.setattr(os, "write", full)
    assert main(["copy", str(image), str(tmp_path / "out")]) == 5
    assert "No space left" in capsys.readouterr().err
    files = tree_of(tmp_path / "out")
    assert all(len(data) == 3 * SECTOR for data in files.values()) and len(files) == 2


def test_no_room_is_said_before_anything_is_read(image, tmp_path, monkeypatch, capsys) -> None:
    facts = os.statvfs(tmp_path)
    small = type("Facts", (), {"f_bavail": 1, "f_frsize": facts.f_frsize})
    monkeypatch.setattr(os, "statvfs", lambda path: small)
    assert main(["copy", str(image), str(tmp_path / "out")]) == 5
    assert "are free" in capsys.readouterr().err and not tree_of(tmp_path / "out")


# --- bit by bit -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def scratched(monkeypatch):
    """Makes bytes low..high of a file answer EIO, as a kernel does: the good part before them first."""

    def make(image: Path, *ranges: tuple[int, int]) -> list[tuple[int, int]]:
        pread, inode, asked = os.pread, image.stat().st_ino, []

        def reading(fd: int, length: int, offset: int) -> bytes:
            if os.fstat(fd).st_ino != inode:
                return pread(fd, length, offset)
            asked.append((offset, length))
            end = offset + length
            for low, high in ranges:
                if low <= offset < high:
                    raise OSError(errno.EIO, "scratched")
                if offset < low < end:
                    end = low
            return pread(fd, end - offset, offset)

        monkeypatch.setattr(os, "pread", reading)
        return asked

    return make


def test_an_image_is_the_same_bit_by_bit(tview, demo, tmp_path) -> None:
    done = tview("copy", demo, tmp_path / "copy.iso", "--image")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "copy.iso").read_bytes() == demo.read_bytes()
    assert stat.S_IMODE((tmp_path / "copy.iso").stat().st_mode) == 0o600
    rows = [line.split() for line in (tmp_path / "copy.iso.map").read_text().splitlines() if not line.startswith("#")]
    assert [int(rows[1][0], 0), int(rows[1][1], 0), rows[1][2]] == [0, demo.stat().st_size, "+"]


def test_a_scratched_image_has_a_map_and_gets_better(image, tmp_path, scratched, monkeypatch, capsys) -> None:
    whole, target = image.read_bytes(), tmp_path / "copy.iso"
    low, high = 30 * SECTOR, 33 * SECTOR
    scratched(image, (low, high))
    assert main(["copy", str(image), str(target), "--image"]) == 1
    assert "6144 bytes" in capsys.readouterr().err
    assert target.read_bytes() == whole[:low] + bytes(high - low) + whole[high:]
    assert f"{low:#010x}  {high - low:#010x}  -" in Path(f"{target}.map").read_text()
    monkeypatch.undo()
    asked = scratched(image)
    assert main(["copy", str(image), str(target), "--image"]) == 0
    assert target.read_bytes() == whole
    assert {(offset, length) for offset, length in asked if offset >= 48 * SECTOR} == set(), "only what was bad is read again"


def test_the_map_of_an_image_is_honoured_when_it_is_opened(image, place_of, tmp_path, scratched) -> None:
    place = place_of["D/F3"]
    scratched(image, (place, place + SECTOR))
    assert main(["copy", str(image), str(tmp_path / "copy.iso"), "--image"]) == 1
    from tview.media import open_medium

    with open_medium(str(tmp_path / "copy.iso")) as medium:
        hurt = {entry.path: medium.read(entry).unreadable for entry in medium.entries()}
    assert hurt == {f"D/F{n}": ((0, SECTOR),) if n == 3 else () for n in range(5)}


def test_an_image_that_was_stopped_goes_on(image, tmp_path, monkeypatch, capsys) -> None:
    from tview.media.sources import FileSource

    try_read, count = FileSource.try_read, [0]

    def stopping(self, offset: int, length: int) -> bytes:
        count[0] += 1
        if count[0] > 1:
            raise KeyboardInterrupt
        return try_read(self, offset, min(length, 100 * SECTOR))

    whole, target = image.read_bytes(), tmp_path / "copy.iso"
    with monkeypatch.context() as patch:
        patch.setattr(FileSource, "try_read", stopping)
        assert main(["copy", str(image), str(target), "--image"]) == 130
    assert "go on" in capsys.readouterr().err
    assert target.stat().st_size == len(whole) and target.read_bytes()[: 100 * SECTOR] == whole[: 100 * SECTOR]
    assert main(["copy", str(image), str(target), "--image"]) == 0
    assert target.read_bytes() == whole


def test_an_image_never_replaces_a_file_or_another_disc(image, demo, tmp_path, capsys) -> None:
    target = tmp_path / "copy.iso"
    target.write_bytes(b"mine")
    assert main(["copy", str(image), str(target), "--image"]) == 5
    assert target.read_bytes() == b"mine"
    assert main(["copy", str(image), str(image), "--image"]) == 5
    target.unlink()
    assert main(["copy", str(image), str(target), "--image"]) == 0
    other = bytearray(image.read_bytes())
    other[16 * SECTOR + 40 : 16 * SECTOR + 44] = b"ELSE"
    (tmp_path / "other.iso").write_bytes(other)
    before = target.read_bytes()
    assert main(["copy", str(tmp_path / "other.iso"), str(target), "--image"]) == 5
    assert target.read_bytes() == before
    assert "another disc" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [("--path", "x"), ("--series", "1")])
def test_an_image_is_of_everything(image, tmp_path, arguments) -> None:
    assert main(["copy", str(image), str(tmp_path / "x"), "--image", *arguments]) == 2
    assert main(["copy", str(tmp_path), str(tmp_path / "x"), "--image"]) == 3


@pytest.mark.skipif(shutil.which("ddrescuelog") is None, reason="ddrescuelog is not installed")
def test_ddrescue_takes_the_map(image, tmp_path, scratched) -> None:
    scratched(image, (30 * SECTOR, 33 * SECTOR))
    main(["copy", str(image), str(tmp_path / "copy.iso"), "--image"])
    said = subprocess.run(["ddrescuelog", "-t", str(tmp_path / "copy.iso.map")], capture_output=True, text=True)
    assert said.returncode == 0 and "6144 B" in said.stdout


def test_the_copy_of_a_dicomdir_does_not_go_beside_it(tmp_path) -> None:
    disc = tmp_path / "disc"
    shutil.copytree(Path(__file__).parents[2] / "fixtures" / "small" / "dicomdir", disc)
    before = sorted(disc.rglob("*"))
    assert main(["copy", str(disc / "DICOMDIR"), str(disc / "copy")]) == 5
    assert sorted(disc.rglob("*")) == before
