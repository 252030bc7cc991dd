"""Folders and single files."""

import os
import threading
import time
from pathlib import Path

import pytest

from tview.errors import MediumError
from tview.media import Entry, Read, open_medium, told_ahead
from tview.media.folder import Folder
from tview.media.heads import HEAD, Heads


def test_folder_gives_every_file(folder: Path, files, contents) -> None:
    with open_medium(str(folder)) as medium:
        assert medium.kind == "folder"
        assert contents(medium) == files
        assert [entry.path for entry in medium.walk()] == [entry.path for entry in medium.entries()]
        assert medium.entry("A/IM0001") is not None
        assert medium.entry("a/im0001") is None
        assert not medium.findings


def test_walk_streams_before_the_end(folder: Path) -> None:
    with open_medium(str(folder)) as medium:
        first = next(medium.walk())
        assert first.path == "DICOMDIR"
        assert medium._entries is None


def test_dicomdir_stands_for_its_folder(folder: Path, files, contents) -> None:
    with open_medium(str(folder / "DICOMDIR")) as medium:
        assert (medium.kind, medium.start) == ("folder", "DICOMDIR")
        assert contents(medium) == files


def test_dicomdir_by_another_name_is_known_by_its_class(folder: Path) -> None:
    (folder / "renamed").write_bytes(bytes(128) + b"DICM" + bytes(20) + b"1.2.840.10008.1.3.10\0" + bytes(50))
    with open_medium(str(folder / "renamed")) as medium:
        assert (medium.kind, medium.start) == ("folder", "renamed")


def test_single_file_is_its_one_entry(folder: Path, files, contents) -> None:
    with open_medium(str(folder / "A" / "IM0001")) as medium:
        assert medium.kind == "file"
        assert contents(medium) == {"IM0001": files["A/IM0001"]}


def test_links_are_told_and_never_followed(folder: Path, files, contents) -> None:
    for name, target in (("PASSWD", "/etc/passwd"), ("UP", ".."), ("SELF", "SELF"), ("DIR", "A")):
        (folder / name).symlink_to(target)
    os.mkfifo(folder / "PIPE")
    with open_medium(str(folder)) as medium:
        assert contents(medium) == files
        told = {finding.path: (finding.code, finding.values.get("target")) for finding in medium.findings}
    assert told == {
        "PASSWD": ("link-not-followed", "/etc/passwd"),
        "UP": ("link-not-followed", ".."),
        "SELF": ("link-not-followed", "SELF"),
        "DIR": ("link-not-followed", "A"),
        "PIPE": ("special-file-skipped", None),
    }


def test_source_itself_may_be_a_link(folder: Path, tmp_path: Path, files, contents) -> None:
    (tmp_path / "link").symlink_to(folder)
    with open_medium(str(tmp_path / "link")) as medium:
        assert contents(medium) == files


def test_a_file_replaced_by_a_link_is_not_read(folder: Path) -> None:
    with open_medium(str(folder)) as medium:
        entry = next(entry for entry in medium.entries() if entry.path == "README.TXT")
        (folder / "README.TXT").unlink()
        (folder / "README.TXT").symlink_to("/etc/passwd")
        got = medium.read(entry)
        assert (got.data, got.unreadable) == (b"", ((0, entry.size),))
        medium.read(entry)
        assert [finding.code for finding in medium.findings] == ["file-unreadable"]


def test_names_that_are_no_utf8_are_kept(folder: Path, contents) -> None:
    for name in (b"EVIL\xff\xfe", b"EVIL\nFAKE", b"-rf"):
        with open(os.path.join(os.fsencode(folder), name), "wb") as file:
            file.write(b"x")
    with open_medium(str(folder)) as medium:
        assert {"EVIL\udcff\udcfe", "EVIL\nFAKE", "-rf"} <= set(contents(medium))


def test_paths_longer_than_the_kernel_takes_are_read(tmp_path: Path, contents) -> None:
    root = tmp_path / "deep"
    root.mkdir()
    fd = os.open(root, os.O_RDONLY)
    for _ in range(25):
        os.mkdir("x" * 200, dir_fd=fd)
        below = os.open("x" * 200, os.O_RDONLY, dir_fd=fd)
        os.close(fd)
        fd = below
    file = os.open("IM", os.O_WRONLY | os.O_CREAT, dir_fd=fd)
    os.write(file, b"deep down")
    os.close(file)
    os.close(fd)
    with open_medium(str(root)) as medium:
        assert list(contents(medium).values()) == [b"deep down"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_told(folder: Path) -> None:
    (folder / "A").chmod(0)
    (folder / "README.TXT").chmod(0)
    try:
        with open_medium(str(folder)) as medium:
            for entry in medium.entries():
                medium.read(entry)
            assert {(finding.code, finding.path) for finding in medium.findings} == {
                ("folder-unreadable", "A"),
                ("file-unreadable", "README.TXT"),
            }
    finally:
        (folder / "A").chmod(0o755)


def test_folder_that_is_taken_away_is_told(folder: Path, tmp_path: Path) -> None:
    medium = open_medium(str(folder))
    entry = medium.entries()[0]
    folder.rename(tmp_path / "elsewhere")
    assert medium.read(entry).data, "what is open stays readable"
    medium.close()
    with pytest.raises(MediumError):
        medium.read(entry)


def test_nothing_at_all_is_told(tmp_path: Path) -> None:
    with open_medium(str(tmp_path)) as medium:
        assert not medium.entries()
        assert [finding.code for finding in medium.findings] == ["no-files"]


@pytest.mark.parametrize(
    "make, code",
    [
        (lambda path: None, "source-missing"),
        (lambda path: path.touch(), "source-empty"),
        (lambda path: os.mkfifo(path), "source-not-supported"),
        (lambda path: path.symlink_to("nowhere"), "source-missing"),
        (lambda path: path.symlink_to(path.name), "source-missing"),
        (lambda path: path.write_bytes(b"7z\xbc\xaf\x27\x1c" + bytes(99)), "archive-unreadable"),
        (lambda path: path.write_bytes(b"Rar!\x1a\x07\x01\x00" + bytes(99)), "source-packed"),
        (lambda path: path.write_bytes(bytes(16 * 2048 + 9) + b"CDROM" + bytes(9000)), "source-packed"),
    ],
)
def test_what_cannot_be_opened_says_why(make, code: str, tmp_path: Path) -> None:
    make(tmp_path / "x")
    with pytest.raises(MediumError) as caught:
        open_medium(str(tmp_path / "x"))
    assert caught.value.finding.code == code


@pytest.mark.parametrize("name", ["", "a\0b", "x" * 5000])
def test_odd_names_are_missing(name: str) -> None:
    with pytest.raises(MediumError) as caught:
        open_medium(name)
    assert caught.value.finding.code == "source-missing"


def test_files_that_are_expected_are_fetched_beside(folder: Path, files, contents, monkeypatch: pytest.MonkeyPatch) -> None:
    readers: dict[str, set[int]] = {}
    whole = os.pread
    monkeypatch.setattr(os, "pread", lambda fd, *rest: readers.setdefault("all", set()).add(threading.get_ident()) or whole(fd, *rest))
    monkeypatch.setattr("tview.media.folder._TIMED", 1)
    monkeypatch.setattr("tview.media.folder._SLOW_S", -1.0)
    (folder / "LONG").write_bytes(bytes(1 << 17))
    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else None
    with open_medium(str(folder)) as medium:
        entries = medium.entries()
        medium.expect(entries)
        for entry in entries:
            wanted = (folder / entry.path).read_bytes()[:HEAD]
            assert medium.read(entry, 0, HEAD) == Read(wanted)
            readers["all"].discard(threading.get_ident()) if entry is entries[0] else None
        assert readers["all"] and threading.get_ident() not in readers["all"], "the first is timed, the others are fetched"
        assert contents(medium) == {**files, "LONG": bytes(1 << 17)}
        medium.expect(entries)
        assert contents(medium) == {**files, "LONG": bytes(1 << 17)}
    assert before is None or len(os.listdir("/proc/self/fd")) == before


def test_a_share_that_answers_late_is_asked_for_many_files_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each answer waits until several questions are under way, as on a network that is slow to answer and not to carry."""
    for number in range(200):
        (tmp_path / f"{number:03}").write_bytes(b"%03d" % number)
    whole, lock, inside, most = os.pread, threading.Lock(), 0, 0

    def late(fd: int, *rest: int) -> bytes:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        time.sleep(0.004)
        with lock:
            inside -= 1
        return whole(fd, *rest)

    monkeypatch.setattr(os, "pread", late)
    with open_medium(str(tmp_path)) as medium:
        heads = [medium.read(entry, 0, HEAD).data for entry in told_ahead(medium, medium.entries())]
    assert heads == [b"%03d" % number for number in range(200)]
    assert most > 4


def test_what_is_in_memory_is_read_without_help(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tview.media.folder._SLOW_S", 1e9)
    monkeypatch.setattr(Heads, "want", lambda *rest: pytest.fail("asked"))
    for number in range(60):
        (tmp_path / f"{number:03}").write_bytes(b"%03d" % number)
    with open_medium(str(tmp_path)) as medium:
        assert [medium.read(entry, 0, HEAD).data for entry in told_ahead(medium, medium.entries())] == [b"%03d" % n for n in range(60)]


def test_expecting_what_is_gone_does_nothing(folder: Path, codes) -> None:
    medium = open_medium(str(folder))
    entries = medium.entries()
    (folder / entries[0].path).unlink()
    os.mkfifo(folder / entries[0].path)
    medium.expect([*entries, Entry("x" * 5000, 1, 1), Entry("no such", 1, 1)])
    medium.close()
    medium.expect(entries)
    assert codes(medium) == set()


def test_a_laser_is_not_sent_ahead(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Heads, "want", lambda *rest: pytest.fail("asked"))
    with Folder(str(folder), optical=True) as medium:
        medium.expect(medium.entries())
