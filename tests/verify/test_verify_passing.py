"""One pass over the medium: order and pace of its reads, stopping and going on, memory."""

import json
import os
import stat
import threading
import time
import tracemalloc
from itertools import pairwise
from pathlib import Path

import pytest

from tview.errors import MediumError, UsageError, finding
from tview.media import open_medium
from tview.media.ahead import AheadSource
from tview.media.disc import Disc
from tview.media.geometry import known_geometry
from tview.media.sources import FileSource
from tview.verify import Options, Progress, default_level, verify

RATE, SEEK_S = 3.6e6, 0.1


class Drive(FileSource):
    """An image in a drive at 3.6 MB/s that needs 0.1 s for every jump; `clock` are the seconds that have passed, which only reads move."""

    clock, head, reads = 0.0, 0, 0
    waits_s = 0.0

    def _pread(self, length: int, offset: int) -> bytes:
        if offset != self.head:
            self.clock += SEEK_S
        data = os.pread(self._fd, length, offset)
        self.clock += len(data) / RATE
        self.head = offset + len(data)
        self.reads += 1
        if self.waits_s:
            time.sleep(self.waits_s)
        return data


def in_drive(image: Path) -> tuple[Drive, Disc]:
    drive = Drive(str(image), follow=True, serial=True)
    ahead = AheadSource(drive)
    assert known_geometry(ahead) is not None
    disc = Disc("paced", ahead, drive)
    ahead.settle()
    return drive, disc


@pytest.fixture
def large(make) -> Path:
    """An image of 80 objects of 512 KB whose list, as on many discs, lies in front of them."""
    return make.iso(*(make.image(n, Rows=512, Columns=512, PixelData=bytes([n]) * 524288) for n in range(1, 81)))


@pytest.mark.parametrize("level", ["bytes", "pixels"])
def test_a_pass_takes_the_time_of_the_drive(level: str, large: Path) -> None:
    """1.02 times the time of reading it, and for the list and the trees a few jumps: 700 MB take 194 s, so 42 MB get no less."""
    drive, disc = in_drive(large)
    with disc:
        verdict = verify(disc, Options(level=level))
    assert verdict.images.word == "complete"
    assert drive.clock <= 1.02 * drive.size / RATE + 6 * SEEK_S
    assert verdict.media.bytes_read <= 1.01 * drive.size


def test_every_byte_is_read_once(large: Path) -> None:
    drive, disc = in_drive(large)
    asked: list[tuple[int, int]] = []
    plain = drive._pread

    def counted(length: int, offset: int) -> bytes:
        asked.append((offset, length))
        return plain(length, offset)

    drive._pread = counted  # type: ignore[method-assign]
    with disc:
        first = min(entry.order for entry in disc.entries() if entry.path != "DICOMDIR")
        verify(disc, Options(level="bytes"))
    files = [(offset, length) for offset, length in asked if offset >= first]
    assert files == sorted(files), "in burn order"
    assert all(low + length <= high for (low, length), (high, _) in pairwise(files)), "and none twice"


def test_reading_does_not_wait_for_the_processor(make, monkeypatch) -> None:
    """While one file is looked at for a long time, the next ones are being read."""
    import tview.verify.run as run

    image = make.iso(*(make.image(n, Rows=256, Columns=256, PixelData=bytes(131072)) for n in range(1, 21)))
    drive, disc = in_drive(image)
    seen: list[float] = []

    def slow(fetched, read_more):
        seen.append(drive.clock)
        time.sleep(0.02)

    monkeypatch.setattr(run, "header_of", slow)
    with disc:
        verify(disc, Options(level="bytes"))
    assert seen[4] >= 0.95 * drive.clock, "the drive was done before five files had been looked at"


def test_memory_does_not_grow_with_the_files(make, tmp_path: Path) -> None:
    def peak(count: int) -> int:
        folder = make.folder(*(make.image(n) for n in range(1, count + 1)), listed=False)
        tracemalloc.start()
        with open_medium(str(folder)) as medium:
            verify(medium, Options(level="bytes"))
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(10)
    few, many = peak(100), peak(600)
    assert (many - few) / 500 < 6000, "what is kept of a file is its row in the catalog and a digest, not its bytes"


def test_progress_tells_bytes_and_files(large: Path) -> None:
    told: list[Progress] = []
    drive, disc = in_drive(large)
    drive.waits_s = 0.02
    with disc:
        verify(disc, Options(level="bytes"), progress=told.append)
    assert told
    assert all(one.done <= one.total and one.files <= one.files_total for one in told)
    assert told[-1].total <= 1.01 * drive.size


def test_stopping_gives_the_verdict_so_far(large: Path) -> None:
    drive, disc = in_drive(large)
    drive.waits_s = 0.01
    with disc:
        verdict = verify(disc, Options(level="bytes"), stopped=lambda: drive.clock > 0.5 * drive.size / RATE)
    assert not verdict.finished
    assert verdict.images.summary.startswith("so far: ")
    assert 0 < verdict.images.counts.whole < 80
    assert verdict.images.counts.whole + verdict.images.counts.unread == verdict.images.counts.promised == 80
    assert verdict.images.word == "complete-with-remarks"
    assert verdict.do[0].code == "go-on"


def test_a_stop_is_heard_while_the_drive_does_not_answer(make) -> None:
    drive, disc = in_drive(make.iso())
    begun, let_go = threading.Event(), threading.Event()
    plain = drive._pread

    def stuck(length: int, offset: int) -> bytes:
        begun.set()
        let_go.wait(20)
        return plain(length, offset)

    passed = iter(range(1, 1000))
    with disc:
        drive._pread = stuck  # type: ignore[method-assign]
        source_reads = disc.listings
        disc.listings = lambda: ()  # type: ignore[method-assign]
        disc.read = _first_whole(disc, drive, plain, stuck)  # type: ignore[method-assign]
        verdict = verify(disc, Options(level="bytes"), stopped=lambda: begun.is_set() and next(passed) > 2)
        assert not verdict.finished
        let_go.set()
    assert source_reads


def _first_whole(disc, drive, plain, stuck):
    read = type(disc).read

    def one(entry, offset=0, length=None):
        drive._pread = plain if entry.path == "DICOMDIR" else stuck
        return read(disc, entry, offset, length)

    return one


def test_going_on_reads_only_what_is_left(large: Path, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    drive, disc = in_drive(large)
    drive.waits_s = 0.01
    with disc:
        first = verify(disc, Options(level="bytes", state_file=str(state)), stopped=lambda: drive.clock > 0.5 * drive.size / RATE)
    assert not first.finished
    assert stat.S_IMODE(state.stat().st_mode) == 0o600
    written = state.read_text()
    assert "Doe" not in written
    assert "4711" not in written
    assert "IM0" not in written
    done = len(json.loads(written)["files"])
    assert done >= 10
    drive, disc = in_drive(large)
    with disc:
        second = verify(disc, Options(level="bytes", state_file=str(state)))
    assert second.finished
    assert second.images.word == "complete"
    assert second.images.counts.whole == 80
    assert second.media.bytes_read <= drive.size - (done - 2) * 524288 + done * 20_000
    assert not state.exists(), "a run that came to its end leaves nothing to go on with"


def test_a_state_of_another_medium_is_refused(make, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    with open_medium(str(make.folder())) as medium:
        verify(medium, Options(level="bytes", state_file=str(state)), stopped=lambda: True)
    assert state.exists()
    with open_medium(str(make.folder(make.image(1)))) as other, pytest.raises(UsageError):
        verify(other, Options(level="bytes", state_file=str(state)))
    state.write_text("nothing")
    with open_medium(str(make.folder())) as medium, pytest.raises(UsageError):
        verify(medium, Options(level="bytes", state_file=str(state)))


@pytest.mark.parametrize("listed", [True, False])
def test_the_state_of_one_copy_does_not_acquit_another(listed, make, tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    folder = make.folder(*(make.image(n) for n in range(1, 40)), listed=listed)
    with open_medium(str(folder)) as medium:
        count = iter(range(100_000))
        verify(medium, Options(level="bytes", state_file=str(state)), stopped=lambda: next(count) > 60)
    assert json.loads(state.read_text())["files"]
    for path in make.objects(folder):
        path.write_bytes(path.read_bytes()[:-16] + bytes(range(16)))
    with open_medium(str(folder)) as medium, pytest.raises(UsageError):
        verify(medium, Options(level="bytes", state_file=str(state)))


def test_decoding_is_not_done_again(make, tmp_path: Path) -> None:
    folder = make.folder(*(make.image(n) for n in range(1, 40)), listed=False)
    state = tmp_path / "state.json"
    with open_medium(str(folder)) as medium:
        count = iter(range(100_000))
        verify(medium, Options(level="pixels", state_file=str(state)), stopped=lambda: next(count) > 60)
    with open_medium(str(folder)) as medium:
        verdict = verify(medium, Options(level="pixels", state_file=str(state)))
    assert verdict.images.counts.frames_decoded == 39
    assert verdict.images.counts.whole == 39


def test_a_medium_that_goes_away_is_told(large: Path, codes) -> None:
    drive, disc = in_drive(large)
    plain = type(disc).read

    def gone(entry, offset=0, length=None):
        if drive.clock > 0.3 * drive.size / RATE:
            raise MediumError(finding("medium-gone", path="paced"))
        return plain(disc, entry, offset, length)

    with disc:
        disc.read = gone  # type: ignore[method-assign]
        verdict = verify(disc, Options(level="bytes"))
    assert codes(verdict)["medium-gone"] == "E"
    assert not verdict.finished
    assert verdict.images.counts.whole > 10


def test_which_level_is_usual(make) -> None:
    with open_medium(str(make.folder())) as medium:
        assert default_level(medium) == "headers"
    with open_medium(str(make.iso())) as medium:
        assert default_level(medium) == "bytes"


def test_other_files_are_not_read_through(make) -> None:
    def viewer(folder: Path) -> None:
        (folder / "VIEWER.EXE").write_bytes(b"MZ" + os.urandom(3 << 20))

    image = make.iso(extra=viewer)
    with open_medium(str(image)) as medium:
        verdict = verify(medium, Options(level="bytes"))
    assert verdict.media.bytes_read < 1 << 20
    assert verdict.images.word == "complete"
