"""A pile of discs through a simulated drive: each is judged once, logged without names, and ejected."""

import os
import time
from argparse import Namespace
from pathlib import Path

import pytest

from tview.cli import watching
from tview.errors import Exit, MediumError
from tview.media.drives import Calls, DriveState, Track
from tview.verify.watching import discs

NO_DISC, TRAY_OPEN, NOT_READY, OK = 1, 2, 3, 4


class Pile(Calls):
    """A drive that is given one disc after another: after an ejection it stands open, is empty, spins up, is ready.

    A disc is a path, or "blank" or "audio". `place` is a link to the disc that is in the drive.
    """

    def __init__(self, place: Path, pile: list[object], opens: bool = True) -> None:
        self.place, self.pile, self.opens = place, pile, opens
        self.ejected = 0
        self.states = [NO_DISC, NO_DISC, NOT_READY, OK]
        self._load()

    def _load(self) -> None:
        self.place.unlink(missing_ok=True)
        self.disc = self.pile.pop(0) if self.pile else None
        self.place.symlink_to(self.disc if isinstance(self.disc, Path) else os.devnull)

    def open(self, path: str) -> int:
        assert path == str(self.place)
        return os.open(path, os.O_RDONLY)

    def close(self, fd: int) -> None:
        os.close(fd)

    def drive_status(self, fd: int) -> int:
        state = self.states[0]
        if len(self.states) > 1:
            self.states.pop(0)
        return state

    def disc_status(self, fd: int) -> int | None:
        return 100 if self.disc == "audio" else None

    def tracks(self, fd: int) -> list[Track]:
        return [Track(1, 0, True)] if isinstance(self.disc, Path) else []

    def has_data(self, fd: int) -> bool:
        return isinstance(self.disc, Path)

    def eject(self, fd: int) -> None:
        self.ejected += 1
        if not self.opens:
            raise OSError(5, "no")
        self._load()
        self.states = [TRAY_OPEN, TRAY_OPEN, NO_DISC, NOT_READY, OK] if self.disc else [TRAY_OPEN]


@pytest.fixture
def options(tmp_path):
    log, drive = str(tmp_path / "log.tsv"), str(tmp_path / "sr0")
    flags = dict.fromkeys(("log_person", "bell", "no_eject", "json", "show_all_persons"), False)
    nothing = dict.fromkeys(("discs", "config", "graphics", "blocks", "limits"))
    return Namespace(watch=drive, log=log, fail_on="error", **flags, **nothing)


@pytest.fixture
def pile(make, tmp_path):
    whole = make.iso(label="WHOLE")
    folder = make.folder()
    make.objects(folder)[1].unlink()
    lacking = make.write_iso(folder, tmp_path / "lacking.iso", "LACKING")
    return [whole, lacking]


def run(options, drive, judge, capsys) -> tuple[Exit, list[str]]:
    def judged(place: str):
        return judge(Path(place))

    ends = time.monotonic() + 30
    code = watching.watch(
        options, judged, lambda: drive.disc is None or time.monotonic() > ends, calls=drive, sleep=lambda seconds: None,
        now=lambda: time.struct_time((2026, 3, 12, 8, 14, 0, 3, 71, 0)),
    )  # fmt: skip
    return code, capsys.readouterr().out.splitlines()


def test_each_disc_is_one_row_and_one_line_of_the_log(options, pile, judge, capsys, tmp_path) -> None:
    drive = Pile(tmp_path / "sr0", [*pile, pile[0]])
    code, rows = run(options, drive, judge, capsys)
    assert code is Exit.FINDINGS and drive.ejected == 3
    assert [row.split()[:4] for row in rows[1:]] == [
        ["1", "08:14:00", "WHOLE", "complete"],
        ["2", "08:14:00", "LACKING", "incomplete"],
        ["3", "08:14:00", "WHOLE", "complete"],
    ]
    log = Path(options.log).read_text().splitlines()
    assert log[0].split("\t")[:4] == ["time", "disc", "label", "images"] and len(log) == 4
    assert log[2].split("\t")[2:6] == ["LACKING", "incomplete", "5/6", "one"] and log[2].split("\t")[-1] == "1"
    assert os.stat(options.log).st_mode & 0o777 == 0o600


def test_the_log_names_nobody_unless_asked(options, pile, judge, capsys, tmp_path) -> None:
    run(options, Pile(tmp_path / "sr0", [pile[0]]), judge, capsys)
    assert "Doe" not in Path(options.log).read_text()
    options.log_person = True
    run(options, Pile(tmp_path / "sr0", [pile[0]]), judge, capsys)
    log = Path(options.log).read_text()
    assert log.count("Doe, Jane") == 1 and log.count("time\tdisc") == 1


def test_a_disc_that_is_not_taken_out_is_judged_once(options, pile, judge, capsys, tmp_path) -> None:
    drive = Pile(tmp_path / "sr0", [pile[0]], opens=False)
    looks = []

    def stopped() -> bool:
        looks.append(1)
        return len(looks) > 60

    watching.watch(options, lambda place: judge(Path(place)), stopped, calls=drive, sleep=lambda seconds: None)
    out = capsys.readouterr()
    assert len(out.out.splitlines()) == 2 and "tray does not open" in out.err


def test_it_ends_after_so_many(options, pile, judge, capsys, tmp_path) -> None:
    options.discs = 1
    drive = Pile(tmp_path / "sr0", list(pile))
    code, rows = run(options, drive, judge, capsys)
    assert code is Exit.FINE and len(rows) == 2 and drive.ejected == 1


@pytest.mark.parametrize(("disc", "state"), [("blank", DriveState.BLANK), ("audio", DriveState.AUDIO)])
def test_discs_without_files_are_told(disc, state, tmp_path) -> None:
    drive = Pile(tmp_path / "sr0", [disc])
    told = []
    seen = next(discs(str(drive.place), calls=drive, tell=told.append, sleep=lambda seconds: None))
    assert seen is state and told == [DriveState.NO_DISC, DriveState.NOT_READY]


def test_a_drive_that_is_not_there_is_said(tmp_path) -> None:
    with pytest.raises(MediumError) as error:
        list(discs(str(tmp_path / "sr9")))
    assert error.value.finding.code == "source-missing"
