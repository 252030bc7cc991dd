"""Files of an export: new ones whole or not at all, the same ones kept, nothing written over."""

import os
import resource
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tview.errors import ExportError
from tview.export import Destination, holds, open_destination, write_new


def test_a_file_is_new_whole_and_its_owners_own(tmp_path) -> None:
    assert write_new(str(tmp_path / "a"), b"abc")
    assert (tmp_path / "a").read_bytes() == b"abc"
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["a"]


@pytest.mark.parametrize("kind", ["file", "folder", "link", "dead link"])
def test_nothing_is_written_over(tmp_path, kind) -> None:
    place, other = tmp_path / "a", tmp_path / "other"
    other.write_bytes(b"mine")
    if kind == "file":
        place.write_bytes(b"mine")
    elif kind == "folder":
        place.mkdir()
    else:
        place.symlink_to(other if kind == "link" else tmp_path / "nowhere")
    assert not write_new(str(place), b"abc")
    assert other.read_bytes() == b"mine" and not (tmp_path / "nowhere").exists()


def test_a_file_holds_only_exactly_this_and_links_are_not_followed(tmp_path) -> None:
    (tmp_path / "a").write_bytes(b"abc" * 1_000_000)
    (tmp_path / "link").symlink_to("a")
    os.mkfifo(tmp_path / "pipe")
    assert holds(str(tmp_path / "a"), b"abc" * 1_000_000)
    assert not holds(str(tmp_path / "a"), b"abc" * 999_999 + b"abe")
    assert not holds(str(tmp_path / "a"), b"ab")
    for name in ("link", "pipe", "nowhere", "."):
        assert not holds(str(tmp_path / name), b"abc" * 1_000_000)
    assert not holds(str(tmp_path / "pipe"), b"")


def test_the_same_export_twice_leaves_one_set_of_files(tmp_path) -> None:
    outputs = [("x", b"one"), ("x", b"two"), ("x", b"one"), ("y", b"three")]
    for time in range(2):
        destination = open_destination(str(tmp_path / "out"), ("png",), False, ())
        paths = [os.path.basename(destination.write(stem, "png", data)) for stem, data in outputs]
        assert paths == ["x.png", "x-2.png", "x-3.png", "y.png"]
        assert (destination.files_written, destination.files_there) == ((4, 0) if time == 0 else (0, 4))
    assert (tmp_path / "out" / "x-3.png").read_bytes() == b"one"


def test_other_content_under_a_name_gets_a_number(tmp_path) -> None:
    (tmp_path / "x.png").write_bytes(b"another")
    destination = open_destination(str(tmp_path), ("png",), False, ())
    assert destination.write("x", "png", b"one") == str(tmp_path / "x-2.png")
    assert (tmp_path / "x.png").read_bytes() == b"another"


def test_one_file_is_kept_when_it_is_the_same_and_refused_when_not(tmp_path) -> None:
    place = str(tmp_path / "x.png")
    assert open_destination(place, ("png",), True, ()).write("s", "png", b"one") == place
    again = open_destination(place, ("png",), True, ())
    assert again.write("s", "png", b"one") == place and again.files_there == 1
    with pytest.raises(ExportError) as caught:
        open_destination(place, ("png",), True, ()).write("s", "png", b"two")
    assert caught.value.finding.code == "output-exists"


def test_a_folder_below_is_made_and_private(tmp_path) -> None:
    destination = open_destination(str(tmp_path / "out"), ("png",), False, ())
    path = destination.write("x", "png", b"1", "st0002")
    assert Path(path) == tmp_path / "out" / "st0002" / "x.png"
    assert stat.S_IMODE((tmp_path / "out" / "st0002").stat().st_mode) == 0o700


@pytest.mark.parametrize("inside", ["", "out", "a/b/c"])
def test_nothing_is_written_onto_the_source(tmp_path, inside) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    for place in (tmp_path / inside, tmp_path / "link" / inside):
        with pytest.raises(ExportError) as caught:
            open_destination(str(place), ("png",), False, [str(tmp_path)])
        assert caught.value.finding.code == "output-on-medium"


def test_a_folder_beside_the_source_with_a_longer_name_is_not_inside_it(tmp_path) -> None:
    (tmp_path / "disc").mkdir()
    assert open_destination(str(tmp_path / "disc2"), ("png",), False, [str(tmp_path / "disc")]).folder


def test_a_full_disc_leaves_no_part_of_a_file(tmp_path) -> None:
    """The limit on the size of files stands for a full disc: the write of the last bytes fails."""
    code = f"""
import resource
from tview.errors import ExportError
from tview.export import Destination
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
destination = Destination({str(tmp_path)!r}, None)
destination.write("small", "npy", bytes(10_000))
try:
    destination.write("large", "npy", bytes(10_001))
except ExportError as error:
    print(error.finding.code)
"""
    assert hasattr(resource, "RLIMIT_FSIZE")
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "output-failed", done.stderr
    assert os.listdir(tmp_path) == ["small.npy"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(ExportError) as caught:
            open_destination(str(tmp_path / "out"), ("png",), False, ())
        assert caught.value.finding.code == "output-failed"
    finally:
        tmp_path.chmod(0o700)


def test_a_file_where_a_folder_is_needed_is_a_sentence(tmp_path) -> None:
    (tmp_path / "out").write_bytes(b"")
    with pytest.raises(ExportError):
        open_destination(str(tmp_path / "out"), ("png",), False, ())
    with pytest.raises(ExportError):
        Destination(str(tmp_path), None).write("x", "png", b"", "out")


def test_a_file_system_without_hard_links_serves(tmp_path, monkeypatch) -> None:
    def no_links(*_arguments: object, **_options: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    assert write_new(str(tmp_path / "a"), b"abc") and not write_new(str(tmp_path / "a"), b"abe")
    assert (tmp_path / "a").read_bytes() == b"abc" and os.listdir(tmp_path) == ["a"]


def test_the_folder_of_a_dicomdir_is_the_medium(tmp_path) -> None:
    (tmp_path / "DICOMDIR").write_bytes(b"DICM")
    for place in (tmp_path, tmp_path / "out"):
        with pytest.raises(ExportError) as caught:
            open_destination(str(place), ("png",), False, [str(tmp_path / "DICOMDIR")])
        assert caught.value.finding.code == "output-on-medium"
