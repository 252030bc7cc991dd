"""How a drive is used: order, number and size of reads, on a clock that only reads move."""

import errno
import hashlib
import os
import random
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tview.media import open_medium
from tview.media.ahead import AheadSource
from tview.media.disc import Disc
from tview.media.geometry import known_geometry
from tview.media.sources import FileSource, Patience

SECTOR = 2048
SEEK_S, RETRY_S = 0.1, 2.0


class Drive(FileSource):
    """An image in a drive of its own pace: `clock` seconds have passed, `asked` holds (offset, bytes), `failed` counts bad reads."""

    def __init__(self, path: Path, rate: float = 3.6e6, bad: tuple[tuple[int, int], ...] = (), serial: bool = False) -> None:
        self.rate, self.scratches = rate, bad
        self.clock, self.head, self.travel, self.failed = 0.0, 0, 0, 0
        self.asked: list[tuple[int, int]] = []
        self.inside, self.most_inside = 0, 0
        super().__init__(str(path), follow=True, patience=Patience(), serial=serial)

    def _pread(self, length: int, offset: int) -> bytes:
        if self._turn is None:
            return self._paced(length, offset)
        with self._turn:
            return self._paced(length, offset)

    def _paced(self, length: int, offset: int) -> bytes:
        self.inside += 1
        self.most_inside = max(self.most_inside, self.inside)
        try:
            return self._pick_up(length, offset)
        finally:
            self.inside -= 1

    def _pick_up(self, length: int, offset: int) -> bytes:
        self.asked.append((offset, length))
        if offset != self.head:
            self.clock += SEEK_S
            self.travel += abs(offset - self.head)
        end = min(offset + length, self.size)
        for low, high in self.scratches:
            if low <= offset < high:
                self.clock, self.failed, self.head = self.clock + RETRY_S, self.failed + 1, offset
                raise OSError(errno.EIO, "scratched")
            if offset < low < end:
                end = low
        self.clock += (end - offset) / self.rate
        self.travel += end - offset
        self.head = end
        return os.pread(self._fd, end - offset, offset)


def opened(drive: Drive) -> Disc:
    """As `open_medium` opens an image."""
    ahead = AheadSource(drive)
    assert known_geometry(ahead) is not None
    disc = Disc("paced", ahead, drive)
    ahead.settle()
    return disc


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """5,000 files in 50 folders."""
    root = tmp_path_factory.mktemp("many")
    for number in range(5000):
        if number % 100 == 0:
            (root / f"D{number // 100:03d}").mkdir()
        (root / f"D{number // 100:03d}" / f"IM{number:06d}").write_bytes(b"%d" % number * 300)
    return root


@pytest.mark.parametrize(
    "options", [(), ("-J",), ("-R",), ("-J", "-R"), ("-udf",), ("-J", "-R", "-udf")], ids=lambda o: "".join(o) or "plain"
)
def test_opening_goes_through_the_listing_once(options: tuple[str, ...], many: Path, tmp_path: Path) -> None:
    if shutil.which("genisoimage") is None:
        pytest.skip("genisoimage is not installed")
    image = tmp_path / "x.iso"
    subprocess.run(["genisoimage", "-quiet", *options, "-o", str(image), str(many)], check=True, capture_output=True)
    drive = Drive(image)
    disc = opened(drive)
    assert len(disc.entries()) == 5000
    span = max(offset + length for offset, length in drive.asked)
    assert len(drive.asked) <= 150
    assert drive.travel <= 1.1 * span
    assert drive.clock <= 2 * SEEK_S + span / drive.rate, "no slower than a drive that reads it through"
    first_content = min(entry.order for entry in disc.entries())
    if "-udf" not in options:  # where each file has a record of its own, these alone are 10 MB
        assert span <= first_content + (1 << 19), "and no further than the listing and one step"
    asked = len(drive.asked)
    disc.read(disc.entries()[0])
    assert len(drive.asked) == asked + 1
    disc.close()


def test_reading_everything_goes_forward(many: Path, tmp_path: Path, genisoimage) -> None:
    drive = Drive(genisoimage("-J", tree=many))
    disc = opened(drive)
    begun, drive.travel = drive.head, 0
    for entry in disc.entries():
        assert disc.read(entry).data[:1]
    assert drive.travel <= 1.1 * (drive.size + begun)
    disc.close()


def test_a_pass_over_all_files_never_stops_the_drive(many: Path, tmp_path: Path, genisoimage) -> None:
    """Files end within a sector and the next begins with one: read file by file a drive would have to start 5,000 times."""
    drive = Drive(genisoimage("-J", tree=many))
    disc = opened(drive)
    disc.go_forward()
    begun = drive.clock
    for entry in disc.entries():
        read = disc.read(entry, 0, 1 << 16)
        assert read.data == b"%d" % int(entry.path[-6:]) * 300
        assert not read.unreadable
    assert drive.clock - begun <= 1.02 * drive.size / drive.rate + 2 * SEEK_S
    disc.close()


def test_bad_sectors_have_their_places_in_a_pass(forty: tuple[Path, dict[str, bytes]]) -> None:
    image, files = forty
    with open_medium(str(image)) as medium:
        place = medium.entry("IM0017").order
    drive = Drive(image, bad=((place + 20 * SECTOR, place + 36 * SECTOR),))
    disc = opened(drive)
    disc.go_forward()
    for entry in disc.entries():
        data, lost = b"", []
        while len(data) < entry.present:
            read = disc.read(entry, len(data), 65537)
            data, lost = data + read.data, lost + list(read.unreadable)
        if entry.path == "IM0017":
            assert sum(length for _, length in lost) == 16 * SECTOR
            assert lost[0][0] == 20 * SECTOR
        else:
            assert data == files[entry.path]
            assert not lost
    disc.close()


@pytest.fixture
def forty(tmp_path: Path, genisoimage) -> tuple[Path, dict[str, bytes]]:
    tree = tmp_path / "forty"
    tree.mkdir()
    files = {f"IM{number:04d}": random.Random(number).randbytes(150_000 + number) for number in range(40)}
    for name, data in files.items():
        (tree / name).write_bytes(data)
    return genisoimage("-J", tree=tree), files


def test_bad_sectors_in_one_file_cost_only_that_file(forty: tuple[Path, dict[str, bytes]]) -> None:
    image, files = forty
    with open_medium(str(image)) as medium:
        place = medium.entry("IM0017").order
    bad = (place + 20 * SECTOR, place + 36 * SECTOR)
    drive = Drive(image, bad=(bad,))
    disc = opened(drive)
    before = len(drive.asked)
    reads = {entry.path: disc.read(entry) for entry in disc.entries()}
    assert {path for path, read in reads.items() if read.unreadable} == {"IM0017"}
    assert all(reads[path].data == data for path, data in files.items() if path != "IM0017")
    hurt, whole = reads["IM0017"], files["IM0017"]
    assert hurt.unreadable == ((20 * SECTOR, 16 * SECTOR),)
    assert hurt.data == whole[: 20 * SECTOR] + bytes(16 * SECTOR) + whole[36 * SECTOR :]
    assert len(drive.asked) - before <= 40 + 16 + 40, "each good file once, each bad sector once, a few steps between"
    assert drive.failed <= 16 + 4
    assert drive.clock < 60
    again = drive.failed
    assert disc.read(disc.entry("IM0017")).unreadable == hurt.unreadable
    assert drive.failed == again, "what is known to be bad is left alone"
    disc.close()


def test_a_scratch_behind_the_listing_is_not_ground_when_opening(forty: tuple[Path, dict[str, bytes]]) -> None:
    image, _ = forty
    with open_medium(str(image)) as medium:
        first = medium.entries()[0].order
    drive = Drive(image, bad=((first, first + 60 * SECTOR),))
    disc = opened(drive)
    assert len(disc.entries()) == 40
    assert drive.failed <= 2
    assert not disc.findings
    disc.close()


def test_a_disc_scratched_all_over_is_given_up_in_bounded_time(forty: tuple[Path, dict[str, bytes]]) -> None:
    image, files = forty
    with open_medium(str(image)) as medium:
        first = medium.entries()[0].order
    drive = Drive(image, bad=tuple((at, at + SECTOR) for at in range(first, os.path.getsize(image), 8 * SECTOR)))
    disc = opened(drive)
    reads = {entry.path: disc.read(entry) for entry in disc.entries()}
    assert drive.failed <= 256 + 40 * 2, "the patience of the medium, then one try at what is new"
    assert all(read.unreadable for read in reads.values())
    assert all(len(read.data) == len(files[path]) for path, read in reads.items())
    disc.close()


def test_an_optical_drive_is_read_by_one_at_a_time(forty: tuple[Path, dict[str, bytes]]) -> None:
    image, files = forty
    drive = Drive(image, serial=True)
    disc = opened(drive)
    assert disc.optical
    with ThreadPoolExecutor(8) as pool:
        reads = pool.map(lambda entry: (entry.path, disc.read(entry).data), disc.entries())
    assert dict(reads) == files
    assert drive.most_inside == 1
    disc.close()


def _zip(target: Path, tree: Path, *options: str) -> Path:
    if shutil.which("7z") is None:
        pytest.skip("7z is not installed")
    subprocess.run(["7z", "a", "-bso0", *options, str(target), "."], cwd=tree, check=True, capture_output=True)
    return target


def _raw(target: Path, image: Path) -> Path:
    data = image.read_bytes()
    sync = b"\0" + b"\xff" * 10 + b"\0" + bytes(4)
    target.write_bytes(b"".join(sync + data[at : at + SECTOR] + bytes(288) for at in range(0, len(data), SECTOR)))
    return target


@pytest.mark.parametrize("kind", ["folder", "iso", "raw", "zip", "encrypted", "7z", "tar.gz", "file"])
def test_eight_threads_of_four_hundred_reads(kind: str, folder: Path, write_iso, tmp_path: Path, files) -> None:
    make = {
        "folder": lambda: folder,
        "iso": lambda: write_iso(joliet=3, udf="2.60"),
        "raw": lambda: _raw(tmp_path / "x.bin", write_iso(joliet=3)),
        "zip": lambda: _zip(tmp_path / "x.zip", folder),
        "encrypted": lambda: _zip(tmp_path / "x.zip", folder, "-tzip", "-mem=AES256", "-pabc"),
        "7z": lambda: _zip(tmp_path / "x.7z", folder),
        "tar.gz": lambda: Path(shutil.make_archive(str(tmp_path / "x"), "gztar", folder)),
        "file": lambda: folder / "A" / "IM0001",
    }[kind]
    with open_medium(str(make()), password=b"abc") as medium:
        entries = [entry for entry in medium.entries() if entry.size]
        expected = {entry.path: files[entry.path.removeprefix("./") if kind != "file" else "A/IM0001"] for entry in entries}
        wrong: list[str] = []
        start = threading.Barrier(8)

        def work(seed: int) -> None:
            dice = random.Random(seed)
            start.wait()
            for _ in range(400):
                entry = dice.choice(entries)
                offset, length = dice.randrange(entry.size), dice.randrange(1, 5000)
                if medium.read(entry, offset, length).data != expected[entry.path][offset : offset + length]:
                    wrong.append(entry.path)

        threads = [threading.Thread(target=work, args=(seed,)) for seed in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not wrong


@pytest.fixture(scope="session")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The preload library that makes a file behave like a bad disc."""
    source = Path(os.environ.get("TVIEW_SHARED", Path(__file__).parents[3] / "shared")) / "tools" / "hostile" / "faultread.c"
    if not source.exists() or shutil.which("gcc") is None or not sys.platform.startswith("linux"):
        pytest.skip("the preload shim or gcc is not on this machine")
    target = tmp_path_factory.mktemp("shim") / "faultread.so"
    subprocess.run(["gcc", "-shared", "-fPIC", "-O2", "-o", str(target), str(source), "-ldl"], check=True, capture_output=True)
    return target


_REPORT = """
import hashlib, json, sys
from tview.media import open_medium
from tview.errors import MediumError
said = {"files": {}, "gone": 0}
with open_medium(sys.argv[1]) as medium:
    for entry in medium.entries():
        try:
            read = medium.read(entry)
            said["files"][entry.path] = [hashlib.sha1(read.data).hexdigest(), read.unreadable]
        except MediumError as error:
            said["gone"] += error.finding.code == "medium-gone"
    said["codes"] = sorted({finding.code for finding in medium.findings})
print(json.dumps(said))
"""


def under(shim: Path, image: Path, **faults: str) -> dict:
    import json

    environ = {**os.environ, "LD_PRELOAD": str(shim), "FAULT_PATH": image.name, **faults}
    done = subprocess.run([sys.executable, "-I", "-c", _REPORT, str(image)], env=environ, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_eio_of_the_kernel_costs_only_the_file_it_is_in(shim: Path, forty: tuple[Path, dict[str, bytes]]) -> None:
    image, files = forty
    with open_medium(str(image)) as medium:
        place = medium.entry("IM0005").order
    said = under(shim, image, FAULT_EIO=f"{place + 10 * SECTOR}-{place + 26 * SECTOR}")
    assert said["files"]["IM0005"][1] == [[10 * SECTOR, 16 * SECTOR]]
    for path, data in files.items():
        if path != "IM0005":
            assert said["files"][path] == [hashlib.sha1(data).hexdigest(), []]
    assert said["codes"] == ["unreadable-range"]


def test_eio_in_the_listing_is_made_up_for_by_the_other_listing(shim: Path, forty: tuple[Path, dict[str, bytes]]) -> None:
    image, files = forty
    with open_medium(str(image)) as medium:
        root = int.from_bytes(image.read_bytes()[16 * SECTOR + 158 : 16 * SECTOR + 162], "little")
        assert len(medium.entries()) == 40
    said = under(shim, image, FAULT_EIO=f"{root * SECTOR}-{(root + 1) * SECTOR}")
    assert {path: digest for path, (digest, _) in said["files"].items()} == {
        path: hashlib.sha1(data).hexdigest() for path, data in files.items()
    }
    assert "directory-damaged" in said["codes"]


def test_ejection_is_told_and_what_came_before_is_kept(shim: Path, forty: tuple[Path, dict[str, bytes]]) -> None:
    image, files = forty
    said = under(shim, image, FAULT_EJECT="12")
    assert 0 < len(said["files"]) < 40
    assert len(said["files"]) + said["gone"] == 40
    assert all(digest == hashlib.sha1(files[path]).hexdigest() and not lost for path, (digest, lost) in said["files"].items())
