"""Discs that come and go while somebody looks: noticed without reading, and a bad spot is not taken for one or the other."""

import errno
import os
from pathlib import Path

import pytest

from tview.errors import MediumError
from tview.media import Watch, drives, open_medium
from tview.media.disc import Disc
from tview.media.drives import Drive, DriveState, holds_disc
from tview.media.sources import FileSource

SECTOR = 2048


@pytest.mark.parametrize(("status", "holds"), ((0, True), (1, False), (2, False), (3, True), (4, True)))
def test_what_a_drive_says_of_its_disc(status: int, holds: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """CDS_NO_INFO, NO_DISC, TRAY_OPEN, DRIVE_NOT_READY, DISC_OK of linux/cdrom.h."""
    monkeypatch.setattr(drives.fcntl, "ioctl", lambda *_: status)
    assert holds_disc(3) is holds


@pytest.mark.parametrize(("number", "holds"), ((errno.ENOTTY, True), (errno.EINVAL, True), (errno.ENXIO, False), (errno.ENODEV, False)))
def test_a_drive_that_does_not_answer(number: int, holds: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(drives.fcntl, "ioctl", refuse)
    assert holds_disc(3) is holds


class Failing(FileSource):
    """A device that gives EIO everywhere, with or without its disc."""

    there = True

    def __init__(self, path: Path) -> None:
        super().__init__(str(path), follow=True, serial=True)
        self.is_device, self.failures = True, 0

    def _pread(self, length: int, offset: int) -> bytes:
        self.failures += 1
        raise OSError(errno.EIO, "fake")

    def is_there(self) -> bool:
        return self.there


def test_eio_of_a_scratch_is_a_bad_spot_and_eio_of_an_empty_drive_is_not(tmp_path: Path) -> None:
    path = tmp_path / "disc"
    path.write_bytes(bytes(64 * SECTOR))
    with_disc = Failing(path)
    assert with_disc.read_at(0, 4 * SECTOR).unreadable == ((0, 4 * SECTOR),)
    without = Failing(path)
    without.there = False
    with pytest.raises(MediumError) as caught:
        without.read_at(0, 4 * SECTOR)
    assert caught.value.finding.code == "medium-gone"
    assert without.failures == 1, "not ground sector by sector"


def test_a_device_that_has_shrunk_to_nothing_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "disc"
    path.write_bytes(b"x" * 64 * SECTOR)
    source = FileSource(str(path), follow=True)
    assert source.is_there()
    source.is_device = True
    os.truncate(path, 0)
    assert not source.is_there()
    with pytest.raises(MediumError):
        source.read_at(0, SECTOR)
    source.close()


def test_a_fresh_try_and_no_more_tries(write_iso, files, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disc that is wiped clean reads on; whoever has waited long enough is not made to wait for sectors."""
    source = FileSource(str(write_iso()), follow=True)
    disc = Disc("disc", source, source)
    entry = disc.entry("A/IM0001")
    assert entry
    whole, failed = FileSource._pread, []

    def scratched(self: FileSource, length: int, offset: int) -> bytes:
        if offset <= entry.order < offset + length:
            failed.append(length)
            raise OSError(errno.EIO, "scratched")
        return whole(self, length, offset)

    monkeypatch.setattr(FileSource, "_pread", scratched)
    assert disc.read(entry).unreadable == ((0, SECTOR),)
    assert disc.unreadable == ((entry.order, SECTOR),)
    disc.try_again()
    assert disc.unreadable == ()
    disc.stop_trying()
    failed.clear()
    assert disc.read(entry).unreadable == ((0, entry.size),)
    assert len(failed) == 1
    disc.try_again()
    monkeypatch.setattr(FileSource, "_pread", whole)
    assert disc.read(entry).data == files["A/IM0001"]
    assert disc.unreadable == ()
    disc.close()


def test_a_folder_that_goes_away(folder: Path) -> None:
    with open_medium(str(folder)) as medium:
        assert medium.is_there()
        folder.rename(folder.with_name("elsewhere"))
        assert not medium.is_there()


def test_comings_and_goings_are_told_once(tmp_path: Path) -> None:
    sys_block, mounts = tmp_path / "block", tmp_path / "mounts"
    (sys_block / "sr0").mkdir(parents=True)
    mounts.write_text("")
    status = [1]

    class Calls:
        def open(self, path: str) -> int:
            return 9

        def close(self, fd: int) -> None: ...

        def drive_status(self, fd: int) -> int:
            return status[0]

        def disc_status(self, fd: int) -> int:
            return 101

        def tracks(self, fd: int) -> list[drives.Track]:
            return [drives.Track(1, 0, True)]

        def has_data(self, fd: int) -> bool:
            return True

        def eject(self, fd: int) -> None: ...

    watch = Watch(str(sys_block), str(mounts), Calls())
    assert watch.look() == [] == watch.look()
    status[0] = 4
    assert [(drive.path, drive.state) for drive in watch.look()] == [("/dev/sr0", DriveState.READY)]
    assert watch.look() == []
    status[0] = 2
    assert [drive.state for drive in watch.look()] == [DriveState.TRAY_OPEN]
    mounts.write_text("/dev/sdb1 /media/stick iso9660 ro 0 0\n")
    assert watch.look() == [Drive("/media/stick", "stick", DriveState.READY, "/media/stick", is_drive=False)]
    mounts.write_text("")
    assert [(drive.path, drive.state) for drive in watch.look()] == [("/media/stick", DriveState.NO_DISC)]
