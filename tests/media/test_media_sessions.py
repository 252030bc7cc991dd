"""How far an image is searched for later sessions."""

import itertools
import os
from pathlib import Path

import pytest

from tview.media import open_medium
from tview.media.geometry import Geometry, SectorSource
from tview.media.inflate import BytesSource
from tview.media.notes import Notes
from tview.media.sessions import session_starts
from tview.media.sources import FileSource, JoinedSource, MappedSource, Ranges
from tview.media.values import Read, next_data

MB = 1 << 20


@pytest.fixture
def sparse(tmp_path: Path) -> Path:
    """A file of 8 MB with data in its first and its sixth."""
    path = tmp_path / "sparse"
    with open(path, "wb") as file:
        file.write(b"a" * MB)
        file.seek(5 * MB)
        file.write(b"b" * MB)
        file.truncate(8 * MB)
    fd = os.open(path, os.O_RDONLY)
    try:
        if os.lseek(fd, MB, os.SEEK_DATA) != 5 * MB:
            pytest.skip("this file system knows no holes")
    finally:
        os.close(fd)
    return path


class Counting:
    """A source of zeros behind some bytes that counts what is read of it."""

    name = "counting"

    def __init__(self, head: bytes, size: int) -> None:
        self._head, self.size, self.read = head, size, 0

    def read_at(self, offset: int, length: int) -> Read:
        self.read += length
        return Read(self._head[offset : offset + length].ljust(max(0, min(length, self.size - offset)), b"\0"))

    def close(self) -> None:
        pass


def test_holes_are_known(sparse: Path) -> None:
    file = FileSource(str(sparse))
    assert [next_data(file, at) for at in (0, 7, MB, 5 * MB + 7, 6 * MB, 8 * MB, 9 * MB)] == [
        *(0, 7, 5 * MB, 5 * MB + 7, 8 * MB, 8 * MB, 9 * MB)
    ]
    joined = JoinedSource([file, MappedSource(FileSource(str(sparse)), Ranges([(0, 1)])), BytesSource("", b"x" * MB)])
    assert [next_data(joined, at) for at in (MB, 6 * MB, 9 * MB, 14 * MB, 16 * MB + 3)] == [5 * MB, 8 * MB, 13 * MB, 16 * MB, 16 * MB + 3]
    joined.close()


def test_holes_are_known_in_raw_sectors(sparse: Path) -> None:
    raw = SectorSource(FileSource(str(sparse)), Geometry(2352, 16))
    first = next_data(raw, 2 * MB)
    assert first % 2048 == 0 and first // 2048 * 2352 + 16 <= 5 * MB < (first // 2048 + 1) * 2352 + 16
    assert not any(raw.read_at(2 * MB, first - 2 * MB).data)
    assert next_data(raw, 6 * MB) == raw.size
    raw.close()


def test_padding_that_is_nowhere_recorded_is_not_read(write_iso, files, contents, codes) -> None:
    """Ten gigabytes of it took half a minute."""
    image = write_iso()
    size = image.stat().st_size
    os.truncate(image, 10 << 30)
    if image.stat().st_blocks * 512 > size + MB:
        pytest.skip("this file system makes no holes")
    with open_medium(str(image)) as medium:
        assert contents(medium) == files
        assert codes(medium) == set()


def test_session_behind_gigabytes_of_hole_is_found(genisoimage, files) -> None:
    far = 3_000_000
    image = genisoimage(name="first.iso")
    size = image.stat().st_size
    later = genisoimage("-C", f"0,{far}", name="later.iso").read_bytes()
    with open(image, "r+b") as file:
        file.seek(far * 2048)
        file.write(later)
    with open_medium(str(image)) as medium:
        assert medium.sessions == 2
        assert {entry.order < size for entry in medium.entries() if entry.size} == {True, False}
        assert all(medium.read(entry).data in files.values() for entry in medium.entries())


@pytest.mark.parametrize("seconds, most", [(0.0, 516), (2.0, 260)])
def test_search_ends_and_says_so(seconds: float, most: int, write_iso) -> None:
    source = Counting(write_iso().read_bytes(), 3 << 30)
    ticks = itertools.count(0.0, seconds)
    notes = Notes()
    assert len(session_starts(source, None, notes, lambda: next(ticks))) == 1
    assert source.read <= most * MB
    (told,) = notes.findings
    assert told.code == "sessions-not-searched"
    assert source.size - most * MB <= told.values["length"] < source.size


def test_a_later_session_alone_tells_which_files_lie_in_the_one_before(genisoimage, tmp_path: Path) -> None:
    """An image of the last session only, as some programs copy it: its addresses are those of the whole disc."""
    trees = [tmp_path / name for name in ("first", "second")]
    for number, tree in enumerate(trees):
        tree.mkdir()
        for file in range(6):
            (tree / f"IM{number}{file:03}").write_bytes(b"%d" % file * 3000)
    base = genisoimage("-R", name="first.iso", tree=trees[0])
    far = 11_600
    base.write_bytes(base.read_bytes().ljust(far * 2048, b"\0"))
    alone = genisoimage("-R", "-C", f"0,{far}", "-M", str(base), name="second.iso", tree=trees[1])
    with open_medium(str(alone)) as medium:
        whole = {entry.path: medium.read(entry).data for entry in medium.entries() if entry.whole}
        assert whole == {f"IM1{file:03}": b"%d" % file * 3000 for file in range(6)}
        lost = [entry for entry in medium.entries() if not entry.whole]
        assert [entry.path for entry in lost] == [f"IM0{file:03}" for file in range(6)]
        assert all(entry.present == 0 and medium.read(entry).data == b"" for entry in lost)
        assert [told.path for told in medium.findings if told.code == "file-cut-off"] == [entry.path for entry in lost]
