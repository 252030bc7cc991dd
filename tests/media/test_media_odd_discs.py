"""Discs that no program here writes, and sheets beside images."""

import os
import shutil
import struct
import subprocess
from pathlib import Path

import pytest

from tview.errors import MediumError
from tview.media import open_medium

SECTOR = 2048


def both(number: int, size: int = 4) -> bytes:
    return number.to_bytes(size, "little") + number.to_bytes(size, "big")


def record(name: bytes, block: int, length: int, flags: int = 0, unit: int = 0, gap: int = 0) -> bytes:
    """A directory record (ECMA-119 9.1)."""
    body = bytes(1) + both(block) + both(length) + bytes(7) + bytes([flags, unit, gap]) + both(1, 2) + bytes([len(name)]) + name
    body += bytes((len(body) + 1) % 2)
    return bytes([len(body) + 1]) + body


def head_of_iso(records: list[bytes], blocks: int) -> bytes:
    """Sectors 0 to 18: a primary descriptor, a terminator, a root with these records."""
    root = record(b"\0", 18, SECTOR, 2)
    primary = bytearray(SECTOR)
    primary[0:7] = b"\1CD001\1"
    primary[40:72] = b"ODD".ljust(32)
    primary[80:88], primary[120:124], primary[124:128] = both(blocks), both(1, 2), both(1, 2)
    primary[128:132], primary[156:190] = both(SECTOR, 2), root
    directory = root + record(b"\1", 18, SECTOR, 2) + b"".join(records)
    assert len(directory) <= SECTOR
    return bytes(16 * SECTOR) + bytes(primary) + b"\xffCD001\1".ljust(SECTOR, b"\0") + directory.ljust(SECTOR, b"\0")


@pytest.mark.parametrize("unit, gap", [(1, 1), (2, 1), (1, 3)])
@pytest.mark.parametrize("size", [1, 2048, 2049, 9000, 12 * 2048])
def test_interleaved_files_are_put_together(unit: int, gap: int, size: int, tmp_path: Path, contents, codes) -> None:
    """ECMA-119 6.4.3: units of a file with gaps between them, in which other files may stand."""
    data = bytes(number * 7 & 255 for number in range(size))
    pieces = [data[at : at + unit * SECTOR] for at in range(0, size, unit * SECTOR)]
    body = b"".join(piece.ljust(unit * SECTOR, b"\0") + b"\xee" * (gap * SECTOR) for piece in pieces)
    image = head_of_iso([record(b"A.;1", 20, size, 0, unit, gap)], 20 + len(body) // SECTOR) + bytes(SECTOR) + body
    (tmp_path / "x.iso").write_bytes(image)
    with open_medium(str(tmp_path / "x.iso")) as medium:
        assert contents(medium) == {"A": data}
        assert not codes(medium)
        assert medium.read(medium.entry("A"), size - 1, 1).data == data[-1:]


def large_image(target: Path, size: int) -> dict[int, bytes]:
    """A file of two sections over 4 GiB in a sparse image; returns the stamps in it by their position."""
    first = 0xFFFFF800  # the most that fits a section and ends with a sector
    start = 32
    records = [record(b"BIG.;1", start, first, 0x80), record(b"BIG.;1", start + first // SECTOR, size - first)]
    stamps = {at: struct.pack(">Q", at) for at in (0, 8, 1 << 31, first - 12, first - 4, first + 4, (1 << 32) - 4, 1 << 32, size - 8)}
    blocks = start + (size + SECTOR - 1) // SECTOR
    with target.open("wb") as file:
        file.write(head_of_iso([record(b"AFTER.;1", 19, 5), *records], blocks))
        file.write(b"small")
        for at, stamp in stamps.items():
            file.seek(start * SECTOR + at)
            file.write(stamp)
        file.truncate(blocks * SECTOR)
    return stamps


@pytest.fixture
def large(tmp_path: Path):
    target = tmp_path / "large.iso"
    try:
        yield target, large_image(target, 4_600_000_007)
    except OSError as error:
        pytest.skip(f"no room for a sparse file of 4.6 GB: {error}")
    finally:
        target.unlink(missing_ok=True)


def test_a_file_over_4_gib_is_right_to_the_last_byte(large, codes) -> None:
    image, stamps = large
    if os.stat(image).st_blocks * 512 > 1 << 30:
        pytest.skip("this file system keeps no sparse files")
    with open_medium(str(image)) as medium:
        entry = medium.entry("BIG")
        assert (entry.size, entry.present, len(entry.extents)) == (4_600_000_007, 4_600_000_007, 2)
        expected = {}
        for at, stamp in sorted(stamps.items()):
            for number, byte in enumerate(stamp):
                expected[at + number] = byte
        for at in stamps:
            low = max(0, at - 5000)
            got = medium.read(entry, low, 10_000).data
            assert len(got) == min(10_000, entry.size - low)
            assert all(byte == expected.get(low + number, 0) for number, byte in enumerate(got))
        assert medium.read(entry, entry.size - 1, 10).data == stamps[entry.size - 8][-1:]
        assert medium.read(entry, entry.size, 10).data == b""
        assert medium.read(medium.entry("AFTER")).data == b"small"
        assert not codes(medium)


@pytest.mark.skipif(shutil.which("isoinfo") is None, reason="isoinfo is not installed")
def test_isoinfo_reads_the_same_sections(large) -> None:
    image, _ = large
    said = subprocess.run(["isoinfo", "-l", "-i", str(image)], capture_output=True, text=True, timeout=60).stdout
    assert "BIG" in said and "AFTER" in said


@pytest.mark.parametrize(
    "name, text",
    [
        ("disc.toc", 'CD_ROM\n\n// Track 1\nTRACK MODE1\nNO COPY\nDATAFILE "disc.bin" 00:10:00 // length in bytes: 1\n'),
        ("disc.toc", 'CD_ROM_XA\nTRACK MODE2_FORM1\nFILE "DISC.BIN" 0\n'),
        ("disc.cue", "FILE disc.bin BINARY\r\n  TRACK 01 MODE1/2048\r\n    INDEX 01 00:00:00\r\n"),
        ("disc.ccd", "[CloneCD]\r\nVersion=3\r\n[Disc]\r\nTocEntries=4\r\n"),
        ("disc.mds", "MEDIA DESCRIPTOR\x01\x05\x00\x00\x01\x00"),
    ],
)
def test_sheets_open_the_image_beside_them(name: str, text: str, write_iso, tmp_path: Path, files, contents) -> None:
    ending = {"ccd": "img", "mds": "mdf"}.get(name[-3:], "bin")
    write_iso().rename(tmp_path / f"disc.{ending}")
    (tmp_path / name).write_bytes(text.encode("latin-1"))
    with open_medium(str(tmp_path / name)) as medium:
        assert contents(medium) == files
        assert medium.source == str(tmp_path / name)


@pytest.mark.parametrize("name", ["disc.ccd", "disc.mds"])
def test_sheets_without_their_image_say_so(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"[CloneCD]\r\n" if name.endswith("ccd") else b"MEDIA DESCRIPTOR\1")
    with pytest.raises(MediumError) as caught:
        open_medium(str(tmp_path / name))
    assert caught.value.finding.code == "sheet-without-image"


@pytest.mark.skipif(shutil.which("mkzftree") is None, reason="mkzftree is not installed")
def test_files_that_the_disc_packs_are_named(folder: Path, tmp_path: Path, genisoimage, files) -> None:
    subprocess.run(["mkzftree", str(folder), str(tmp_path / "packed")], check=True, timeout=30)
    with open_medium(str(genisoimage("-R", "-z", tree=tmp_path / "packed"))) as medium:
        told = {finding.path for finding in medium.findings if finding.code == "packed-on-disc"}
        assert told and told <= set(files)
        for path in set(files) - told:
            assert medium.read(medium.entry(path)).data == files[path]


@pytest.mark.parametrize("marks", [("001", "002", "003"), ("aa", "ab", "ac"), ("part1", "part2", "part3"), ("1", "2", "3")])
def test_parts_of_an_image_by_their_names(marks: tuple[str, ...], write_iso, tmp_path: Path, files, contents, codes) -> None:
    data = write_iso(joliet=3).read_bytes()
    for mark, (start, end) in zip(marks, [(0, 45_000), (45_000, 60_001), (60_001, None)], strict=True):
        (tmp_path / f"exam.{mark}").write_bytes(data[start:end])
    with open_medium(str(tmp_path / f"exam.{marks[0]}")) as medium:
        assert contents(medium) == files
        assert codes(medium) == {"parts-joined"}


def test_a_lost_part_is_told_as_a_cut_disc(write_iso, tmp_path: Path, files, codes) -> None:
    data = write_iso(joliet=3).read_bytes()
    (tmp_path / "exam.001").write_bytes(data[:-20_000])
    with open_medium(str(tmp_path / "exam.001")) as medium:
        assert codes(medium) & {"file-cut-off", "disc-cut-off"}
        whole = [entry for entry in medium.entries() if entry.whole]
        assert whole and all(medium.read(entry).data == files[entry.path] for entry in whole)


@pytest.mark.parametrize("options", ([], ["-R"], ["-iso-level", "4"]), ids=("plain", "rock-ridge", "level-4"))
def test_a_disc_without_any_descriptor_left_is_read_from_its_root(options: list[str], genisoimage, files, contents, codes) -> None:
    image = genisoimage(*options)
    data = bytearray(image.read_bytes())
    data[16 * 2048 : 17 * 2048] = bytes(2048)
    if options[-1:] == ["4"]:
        data[17 * 2048 : 18 * 2048] = bytes(2048)  # the enhanced one
    image.write_bytes(data)
    with open_medium(str(image)) as medium:
        assert sorted(contents(medium).values()) == sorted(files.values())
        assert "descriptor-damaged" in codes(medium)
