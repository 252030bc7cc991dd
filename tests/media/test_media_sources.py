"""Reading around bad spots."""

import errno
import os
from pathlib import Path

import pytest

from tview.errors import MediumError
from tview.media.geometry import Geometry, SectorSource
from tview.media.inflate import BytesSource
from tview.media.sources import FileSource, JoinedSource, MappedSource, PartSource, Patience, Ranges, read_around

DATA = bytes(range(256)) * 8192  # 2 MiB


class Scratched:
    """A drive with bad ranges: the good part before one comes as a short read, then EIO."""

    def __init__(self, bad: list[tuple[int, int]], data: bytes = DATA) -> None:
        self.bad, self.data, self.asked = bad, data, []

    def pread(self, length: int, offset: int) -> bytes:
        self.asked.append((offset, length))
        end = min(offset + length, len(self.data))
        for low, high in self.bad:
            if low <= offset < high:
                raise OSError(errno.EIO, "bad spot")
            if offset < low < end:
                end = low
        return self.data[offset:end]


def read(drive: Scratched, offset: int, end: int, bad: Ranges | None = None, patience: Patience | None = None):
    return read_around(drive.pread, offset, end, Ranges() if bad is None else bad, patience or Patience())


def test_good_range_is_one_read() -> None:
    drive = Scratched([])
    assert read(drive, 100, 5000).data == DATA[100:5000]
    assert len(drive.asked) == 1


@pytest.mark.parametrize("offset, end", [(0, len(DATA)), (8192, 40000), (9000, 9001), (10239, 10241), (0, 10240)])
def test_only_the_bad_sectors_are_lost(offset: int, end: int) -> None:
    low, high = 10240, 10240 + 3 * 2048
    got = read(Scratched([(low, high)]), offset, end)
    expected = bytearray(DATA)
    expected[low:high] = bytes(high - low)
    assert got.data == bytes(expected[offset:end])
    lost = (max(low, offset), min(high, end))
    assert got.unreadable == (((lost[0], lost[1] - lost[0]),) if lost[0] < lost[1] else ())


def test_short_read_is_not_the_end() -> None:
    drive = Scratched([])
    whole = drive.pread
    drive.pread = lambda length, offset: whole(min(length, 1000), offset)
    assert read(drive, 0, 20000).data == DATA[:20000]


def test_file_that_turned_out_shorter_ends_there() -> None:
    got = read(Scratched([], DATA[:5000]), 0, 20000)
    assert got.data == DATA[:5000]
    assert not got.unreadable


def test_bad_sectors_are_not_asked_for_again() -> None:
    drive, bad = Scratched([(4096, 8192)]), Ranges()
    read(drive, 0, 1 << 20, bad)
    before = len(drive.asked)
    assert read(drive, 4096, 8192, bad).unreadable == ((4096, 4096),)
    assert len(drive.asked) == before
    read(drive, 0, 16384, bad)
    assert all(not (start < 8192 and start + length > 4096) for start, length in drive.asked[before:])


def test_good_neighbours_come_before_the_grinding() -> None:
    drive = Scratched([(100 * 2048, 101 * 2048)])
    read(drive, 0, 1 << 20)
    sizes = [length for _, length in drive.asked]
    first_small = next(number for number, size in enumerate(sizes) if size <= 2048)
    assert all(size <= 2048 for size in sizes[first_small:]), "large pieces everywhere first, single sectors last"
    assert sizes.count(2048) < 32, "and only where a large piece failed"


def test_patience_bounds_the_grinding() -> None:
    drive, patience = Scratched([(0, len(DATA))]), Patience(failures=10)
    got = read(drive, 0, len(DATA), patience=patience)
    assert got.unreadable == ((0, len(DATA)),)
    assert len(drive.asked) <= 12
    assert patience.spent


def test_device_that_went_away_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x").write_bytes(DATA)
    source = FileSource(str(tmp_path / "x"))

    def gone(fd: int, length: int, offset: int) -> bytes:
        raise OSError(errno.ENOMEDIUM, "no medium")

    monkeypatch.setattr(os, "pread", gone)
    with pytest.raises(MediumError) as caught:
        source.read_at(0, 10)
    assert caught.value.finding.code == "medium-gone"
    monkeypatch.undo()
    assert source.read_at(0, 10).data == DATA[:10], "and is read again when it is back"
    source.close()
    with pytest.raises(MediumError):
        source.read_at(0, 10)


def test_links_pipes_and_devices_are_not_opened(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"x")
    (tmp_path / "link").symlink_to("x")
    os.mkfifo(tmp_path / "pipe")
    for name in ("link", "pipe"):
        with pytest.raises(OSError):
            FileSource(str(tmp_path / name))
    with pytest.raises(OSError):
        FileSource("/dev/null", follow=True)
    FileSource(str(tmp_path / "link"), follow=True).close()


def test_ranges_merge_and_cut() -> None:
    ranges = Ranges([(10, 20), (30, 40), (20, 25), (5, 6)])
    assert list(ranges) == [(5, 6), (10, 25), (30, 40)]
    assert ranges.within(0, 35) == [(5, 6), (10, 25), (30, 35)]
    assert ranges.without(0, 35) == [(0, 5), (6, 10), (25, 30)]
    assert ranges.within(12, 13) == [(12, 13)]
    assert ranges.without(12, 13) == []


def test_parts_and_joins_keep_coordinates() -> None:
    a, b = BytesSource("a", DATA[:5000]), BytesSource("b", DATA[5000:9000])
    joined = JoinedSource([a, MappedSource(b, Ranges([(100, 200)]))])
    assert joined.size == 9000
    got = joined.read_at(4900, 400)
    assert got.data == DATA[4900:5300]
    assert got.unreadable == ((5100, 100),)
    part = PartSource(joined, 5000)
    assert part.size == 4000
    assert part.read_at(0, 10_000).unreadable == ((100, 100),)
    assert joined.read_at(9000, 1).data == b""
    assert part.read_at(-1, 5).data == b""


@pytest.mark.parametrize("geometry", [Geometry(2352, 16), Geometry(2336, 8), Geometry(2448, 24, 1000)])
def test_raw_sectors_read_as_cooked(geometry: Geometry) -> None:
    sectors = [DATA[n * 2048 : (n + 1) * 2048] for n in range(40)]
    raw = bytes(geometry.start) + b"".join(
        b"H" * geometry.header + sector + b"T" * (geometry.sector_size - geometry.header - 2048) for sector in sectors
    )
    bad_at = geometry.start + 5 * geometry.sector_size + 100
    source = SectorSource(MappedSource(BytesSource("raw", raw), Ranges([(bad_at, bad_at + 1)])), geometry)
    assert source.size == 40 * 2048
    for offset, length in ((0, 40 * 2048), (2047, 2), (5000, 1), (30000, 20000), (39 * 2048, 5000)):
        got = source.read_at(offset, length)
        assert got.data == DATA[offset : min(offset + length, 40 * 2048)]
    assert source.read_at(0, 40 * 2048).unreadable == ((5 * 2048, 2048),)
