"""Drives in every state, without a drive."""

import errno
from collections.abc import Sequence
from pathlib import Path

import pytest

from tview.errors import MediumError
from tview.media import DriveState, eject, list_drives
from tview.media.drives import STATE_FINDINGS, Track, drive_state, open_trouble, prepare
from tview.media.notes import Notes
from tview.media.opening import _told
from tview.media.sessions import session_starts
from tview.text import advice_of, message_of


class FakeDrive:
    """Answers as a drive would; a list of states is gone through, one for each time it is asked."""

    def __init__(
        self,
        states: list[int | None],
        disc: int | None = None,
        tracks: Sequence[Track] = (),
        error: int | None = None,
        data: bool = False,
    ) -> None:
        self.data = data
        self.states, self.disc, self.toc, self.error = states, disc, tracks, error
        self.closed, self.ejected = 0, False

    def open(self, path: str) -> int:
        if self.error:
            raise OSError(self.error, "fake")
        return 99

    def close(self, fd: int) -> None:
        self.closed += 1

    def drive_status(self, fd: int) -> int | None:
        return self.states.pop(0) if len(self.states) > 1 else self.states[0]

    def disc_status(self, fd: int) -> int | None:
        return self.disc

    def tracks(self, fd: int) -> Sequence[Track]:
        return self.toc

    def has_data(self, fd: int) -> bool:
        return self.data

    def eject(self, fd: int) -> None:
        self.ejected = True


DATA, MUSIC = [Track(1, 0, True), Track(2, 11631, True)], [Track(1, 0, False)]


@pytest.mark.parametrize(
    "drive, state",
    [
        (FakeDrive([1]), DriveState.NO_DISC),
        (FakeDrive([2]), DriveState.TRAY_OPEN),
        (FakeDrive([3]), DriveState.NOT_READY),
        (FakeDrive([4], 100), DriveState.AUDIO),
        (FakeDrive([4], 0, MUSIC), DriveState.AUDIO),
        (FakeDrive([4], 101, DATA), DriveState.READY),
        (FakeDrive([None], None, DATA), DriveState.READY),
        (FakeDrive([4], 105, [*MUSIC, *DATA]), DriveState.READY),
        (FakeDrive([4], 0), DriveState.BLANK),
        (FakeDrive([4], 0, data=True), DriveState.READY),
        (FakeDrive([None], None), DriveState.UNKNOWN),
        (FakeDrive([0], 1), DriveState.NO_DISC),
    ],
)
def test_states(drive: FakeDrive, state: DriveState) -> None:
    assert drive_state(99, drive) is state


def test_spinning_up_is_waited_for() -> None:
    naps: list[float] = []
    drive = FakeDrive([3, 3, 3, 4], 101, DATA)
    assert prepare("/dev/sr0", drive, sleep=naps.append) == [0, 11631]
    assert len(naps) == 3
    assert drive.closed == 1


def test_a_drive_that_never_gets_ready_is_told_in_bounded_time() -> None:
    naps: list[float] = []
    with pytest.raises(MediumError) as caught:
        prepare("/dev/sr0", FakeDrive([3]), timeout_s=5, sleep=naps.append)
    assert caught.value.finding.code == "drive-not-ready"
    assert sum(naps) == 5


@pytest.mark.parametrize("status, disc, code", [(1, None, "drive-no-disc"), (2, None, "drive-tray-open"), (4, 100, "drive-disc-audio")])
def test_each_trouble_has_its_own_sentence(status: int, disc: int | None, code: str) -> None:
    with pytest.raises(MediumError) as caught:
        prepare("/dev/sr0", FakeDrive([status], disc))
    assert caught.value.finding.code == code
    assert "/dev/sr0" in message_of(caught.value.finding)
    assert advice_of(caught.value.finding)


def test_every_state_in_the_way_has_a_sentence() -> None:
    assert len(set(STATE_FINDINGS.values())) == len(STATE_FINDINGS)


@pytest.mark.parametrize(
    "number, code", [(errno.ENOMEDIUM, "drive-no-disc"), (errno.EBUSY, "drive-busy"), (errno.EIO, "source-read-failed")]
)
def test_errors_of_opening_have_sentences(number: int, code: str) -> None:
    assert _told("/dev/sr0", OSError(number, "x")).finding.code == code
    assert (open_trouble("/dev/sr0", OSError(number, "x")) is None) == (code == "source-read-failed")


def test_missing_permission_names_the_group_to_join(monkeypatch: pytest.MonkeyPatch) -> None:
    import grp
    import os
    import stat

    group = grp.getgrall()[-1]

    class Facts:
        st_mode, st_gid, st_uid = stat.S_IFBLK | 0o660, group.gr_gid, 0

    monkeypatch.setattr(os, "stat", lambda path: Facts)
    found = _told("/dev/sr0", PermissionError(errno.EACCES, "x")).finding
    assert found.code == "source-no-permission"
    assert f"usermod -aG {group.gr_name} " in advice_of(found)


def _machine(tmp_path: Path) -> tuple[str, str]:
    for name, facts in {
        "sr0": {"device/vendor": "HL-DT-ST ", "device/model": "DVDRAM"},
        "sda": {"removable": "0"},
        "sdb": {"removable": "1"},
    }.items():
        for key, value in facts.items():
            (tmp_path / "block" / name / key).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "block" / name / key).write_text(value + "\n")
    (tmp_path / "mounts").write_text(
        "/dev/sda1 / ext4 rw 0 0\n/dev/sr0 /media/my\\040disc iso9660 ro 0 0\n"
        "/dev/sdb1 /media/stick vfat rw 0 0\n/dev/loop3 /mnt/image udf ro 0 0\n"
    )
    return str(tmp_path / "block"), str(tmp_path / "mounts")


def test_list_shows_drives_then_mounted_discs_and_sticks(tmp_path: Path) -> None:
    block, mounts = _machine(tmp_path)
    drives = list_drives(block, mounts, FakeDrive([4], 101, DATA))
    assert [(drive.path, drive.name, drive.state.value, drive.mount_point, drive.is_drive) for drive in drives] == [
        ("/dev/sr0", "HL-DT-ST DVDRAM", "ready", "/media/my disc", True),
        ("/media/stick", "stick", "ready", "/media/stick", False),
        ("/mnt/image", "image", "ready", "/mnt/image", False),
    ]


@pytest.mark.parametrize(
    "number, state", [(errno.EACCES, "no-permission"), (errno.EBUSY, "busy"), (errno.ENOMEDIUM, "no-disc"), (errno.EIO, "unknown")]
)
def test_list_says_why_a_drive_cannot_be_asked(number: int, state: str, tmp_path: Path) -> None:
    block, mounts = _machine(tmp_path)
    assert list_drives(block, mounts, FakeDrive([4], error=number))[0].state.value == state


def test_list_on_a_machine_without_any() -> None:
    assert list_drives("/nonexistent", "/nonexistent") == []


def test_eject(tmp_path: Path) -> None:
    _, mounts = _machine(tmp_path)
    with pytest.raises(MediumError) as caught:
        eject("/dev/sr0", FakeDrive([4]), mounts)
    assert (caught.value.finding.code, caught.value.finding.values["mount"]) == ("drive-mounted", "/media/my disc")
    drive = FakeDrive([4])
    eject("/dev/sr1", drive, mounts)
    assert drive.ejected and drive.closed == 1
    with pytest.raises(MediumError) as caught:
        eject("/dev/sr1", FakeDrive([4], error=errno.EACCES), mounts)
    assert caught.value.finding.code == "drive-not-ejected"


def test_sessions_of_a_drive_come_from_its_table_of_contents(genisoimage) -> None:
    """A disc whose data track follows one of music: addresses count from the beginning of the disc."""
    from tview.media.inflate import BytesSource

    image = genisoimage("-C", "0,600").read_bytes()
    disc = BytesSource("disc", bytes(600 * 2048) + image)
    assert [sector for sector, _ in session_starts(disc, [600], Notes())] == [616]
    assert [sector for sector, _ in session_starts(disc, None, Notes())] == [16]
