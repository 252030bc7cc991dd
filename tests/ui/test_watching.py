"""What is said of a disc that is scratched, taken out and put back, and of sources that could not be opened."""

import errno
from dataclasses import replace

from tview.errors import finding
from tview.media.sources import FileSource
from tview.ui.watching import Watcher, damage_map, sectors_of


def test_the_map_marks_every_cell_with_a_bad_byte():
    assert damage_map(1000, [(0, 1), (250, 100), (999, 1)], 10) == "█·██·····█"
    assert damage_map(1000, [(100, 100)], 10, ascii_only=True) == ".#........"
    assert damage_map(1000, [], 4) == "····"
    assert damage_map(1000, [(5000, 10)], 4) == "····"
    assert damage_map(0, [(0, 1)], 4) == "····"


def test_sectors_are_counted_whole():
    assert sectors_of([(0, 2048), (10_000, 1), (20_000, 4097)]) == 1 + 1 + 3


class FakeMedium:
    def __init__(self) -> None:
        self.there, self.unreadable = True, ()

    def is_there(self) -> bool:
        return self.there


def test_each_change_is_told_once():
    medium, told = FakeMedium(), []
    watcher = Watcher([medium], lambda number, there: told.append((number, there)), lambda number: told.append(number))
    watcher.look()
    assert told == []
    medium.there = False
    watcher.look()
    watcher.look()
    medium.there = True
    watcher.look()
    assert told == [(0, False), (0, True)]
    medium.unreadable = ((0, 2048),)
    watcher.look()
    watcher.look()
    medium.unreadable = ((0, 4096),)
    watcher.look()
    assert told[2:] == [0, 0]
    watcher.end()
    medium.there = False
    watcher.look()
    assert len(told) == 4


async def test_a_scratch_is_told_with_its_map_and_retried_on_demand(viewer, demo, monkeypatch):
    whole = FileSource._pread
    broken = []

    def scratched(self, length, offset):
        if broken and offset < broken[1] and offset + length > broken[0]:
            raise OSError(errno.EIO, "scratched")
        return whole(self, length, offset)

    monkeypatch.setattr(FileSource, "_pread", scratched)
    async with viewer(demo) as v:
        medium = v.screen.session.media[0]
        entry = medium.entry(next(one.path for one in medium.entries() if one.size > 200_000))
        broken[:] = [entry.order, entry.order + 4 * 2048]
        assert medium.read(entry).unreadable
        v.screen._watcher.look()
        await v.until(lambda: "4 sectors unreadable" in v.text())
        assert "█" in v.text().split("\n")[-1] and "Ctrl+R" in v.text()
        broken.clear()
        await v.press("ctrl+r")
        assert medium.unreadable == ()
        await v.press("ctrl+k")
        assert "passed over" in v.text()


async def test_a_disc_that_is_taken_out_and_put_back(viewer, demo, monkeypatch):
    async with viewer(demo) as v:
        medium = v.screen.session.media[0]
        monkeypatch.setattr(type(medium), "is_there", lambda self: False)
        v.screen._watcher.look()
        await v.until(lambda: "demo.iso has gone away" in v.text())
        monkeypatch.undo()
        v.screen._watcher.look()
        await v.until(lambda: "demo.iso is back" in v.text() or v.screen.catalog.complete)
        await v.settled()


async def test_a_source_that_could_not_be_opened_is_among_the_findings(viewer, demo, small):
    async with viewer(demo, small / "series") as v:
        session = replace(v.screen.session, failed=(finding("source-missing", path="disc3.iso"),))
        v.screen.session = session
        v.screen.scan_again()
        await v.until(lambda: any(told.code == "source-missing" for told in v.screen.catalog.findings))
        assert "[2]" in v.text()
