"""ZIP, TAR and what is compressed, honest and hostile."""

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tview.errors import MediumError
from tview.media import open_medium
from tview.media.inflate import GZIP, BytesSource, InflatedSource
from tview.media.notes import Notes
from tview.media.tarred import read_tar
from tview.media.zipped import read_zip


def write_zip(target: Path, files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(target, "w", method) as archive:
        for path, data in files.items():
            archive.writestr(path, data)
    return target


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("before", [b"", b"#!/bin/sh\n" * 9])
def test_zip_gives_every_file(method: int, before: bytes, tmp_path: Path, files, contents) -> None:
    target = write_zip(tmp_path / "x", files, method)
    if before:
        assert _zip_members(before + target.read_bytes()) == set(files)
        return
    with open_medium(str(target)) as medium:
        assert medium.kind == "zip"
        assert contents(medium) == files
        entry = medium.entry("A/IM0002")
        assert entry is not None
        assert medium.read(entry, 100, 50).data == files["A/IM0002"][100:150]
        assert medium.read(entry, 10, 5).data == files["A/IM0002"][10:15]
        assert not medium.findings


def _zip_members(data: bytes) -> set[str]:
    return {member.path for member in read_zip(BytesSource("x", data), Notes())}


def test_zip_that_broke_off_gives_what_came_before(tmp_path: Path, files, contents, codes) -> None:
    target = write_zip(tmp_path / "x.zip", files)
    target.write_bytes(target.read_bytes()[:-300])
    with open_medium(str(target)) as medium:
        assert contents(medium) == files
        assert codes(medium) == {"archive-cut-off"}


def test_zip_names_that_lead_out_stay_inside(tmp_path: Path, contents, codes) -> None:
    names = {"../../etc/passwd": b"1", "/abs": b"2", "C:\\dos\\x": b"3", "a/./b": b"4"}
    with open_medium(str(write_zip(tmp_path / "x.zip", names))) as medium:
        got = contents(medium)
        assert all(part not in ("", ".", "..") for path in got for part in path.split("/"))
        assert {got["abs"], got["dos/x"], got["a/b"]} == {b"2", b"3", b"4"}
        assert codes(medium) == {"name-outside"}


def test_damaged_member_is_told_and_the_rest_is_read(tmp_path: Path, files, contents, codes) -> None:
    target = write_zip(tmp_path / "x.zip", files)
    data = bytearray(target.read_bytes())
    at = data.index(b"A/IM0001") + len(b"A/IM0001")
    data[at : at + 8] = b"\xff" * 8
    target.write_bytes(data)
    with open_medium(str(target)) as medium:
        got = contents(medium)
        assert {path: got[path] for path in got if path != "A/IM0001"} == {path: files[path] for path in files if path != "A/IM0001"}
        assert codes(medium) == {"archive-member-damaged"}


def test_bombs_and_shared_bytes_are_not_unpacked(tmp_path: Path) -> None:
    packed = zlib.compressobj(9, wbits=-15)
    body = packed.compress(bytes(300 << 20)) + packed.flush()

    def head(size: int) -> bytes:
        return struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, 0, 8, 0, 0, 0, len(body), size, 1, 0) + b"x"

    def central(size: int, at: int) -> bytes:
        return struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", 20, 20, 0, 8, 0, 0, 0, len(body), size, 1, 0, 0, 0, 0, 0, at) + b"x"

    directory = central(300 << 20, 0) + central(1000, 0)
    data = head(300 << 20) + body + directory
    data += struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 2, 2, len(directory), len(data) - len(directory), 0)
    members = read_zip(BytesSource("x", data), Notes())
    assert sorted(member.trouble or "" for member in members) == ["archive-bomb", "archive-overlap"]


@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT, tarfile.USTAR_FORMAT])
@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_tar_gives_every_file(form: int, mode: str, tmp_path: Path, files, contents, codes) -> None:
    prefix = "p" * 60 + "/" + "q" * 60 + "/"
    with tarfile.open(tmp_path / "x", mode, format=form) as archive:
        for path, data in files.items():
            facts = tarfile.TarInfo(prefix + path)
            facts.size = len(data)
            archive.addfile(facts, io.BytesIO(data))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    with open_medium(str(tmp_path / "x")) as medium:
        assert medium.kind == "tar"
        assert contents(medium) == {prefix + path: data for path, data in files.items()}
        assert codes(medium) == {"link-not-followed"}


@pytest.mark.parametrize("wrap", ["stored", "deflated", "gz", "gz2", "xz", "bz2", "tar"])
def test_image_inside_is_read_as_a_disc(wrap: str, write_iso, tmp_path: Path, files, contents) -> None:
    image = write_iso(joliet=3).read_bytes()
    target = tmp_path / "packed"
    if wrap in ("stored", "deflated"):
        write_zip(target, {"some/disc.iso": image, "README": b"x"}, zipfile.ZIP_STORED if wrap == "stored" else zipfile.ZIP_DEFLATED)
    elif wrap == "tar":
        with tarfile.open(target, "w") as archive:
            facts = tarfile.TarInfo("disc.iso")
            facts.size = len(image)
            archive.addfile(facts, io.BytesIO(image))
    else:
        half = len(image) // 2
        target.write_bytes(
            {
                "gz": gzip.compress(image),
                "gz2": gzip.compress(image[:half]) + bytes(512) + gzip.compress(image[half:]),
                "xz": lzma.compress(image),
                "bz2": bz2.compress(image),
            }[wrap]
        )
    with open_medium(str(target)) as medium:
        assert medium.kind == "iso9660"
        assert contents(medium) == files


def test_split_image_is_joined(write_iso, tmp_path: Path, files, contents, codes) -> None:
    image = write_iso().read_bytes()
    for number, (start, end) in enumerate([(0, 40000), (40000, 50000), (50000, None)], 1):
        (tmp_path / f"disc.iso.00{number}").write_bytes(image[start:end])
    with open_medium(str(tmp_path / "disc.iso.001")) as medium:
        assert contents(medium) == files
        assert codes(medium) == {"parts-joined"}


def test_rescue_map_marks_what_is_lost(write_iso, files) -> None:
    image = write_iso()
    with open_medium(str(image)) as medium:
        entry = medium.entry("A/IM0002")
    assert entry is not None
    image.with_suffix(".map").write_text(
        f"# Mapfile. Created by GNU ddrescue\n0x0 ? 1\n0x0 {entry.order:#x} +\n"
        f"{entry.order:#x} 0x800 -\n{entry.order + 2048:#x} 0x9999999 +\n"
    )
    with open_medium(str(image)) as medium:
        entry = medium.entry("A/IM0002")
        assert entry is not None
        assert medium.read(entry).unreadable == ((0, 2048),)
        other = medium.entry("A/IM0001")
        assert other is not None
        assert not medium.read(other).unreadable
        assert [finding.code for finding in medium.findings] == ["map-honoured"]


@pytest.mark.parametrize(
    "size, header, start", [(2352, 16, 0), (2352, 24, 0), (2336, 8, 0), (2448, 16, 0), (2352, 16, 150), (2048, 0, 150)]
)
def test_raw_images_are_known_by_content(size: int, header: int, start: int, write_iso, tmp_path: Path, files, contents) -> None:
    image = write_iso(joliet=3).read_bytes()
    sync = b"\0" + b"\xff" * 10 + b"\0"
    raw = bytearray(start * size)
    for at in range(0, len(image), 2048):
        raw += (sync + bytes(12) if header >= 12 else bytes(header))[:header] + image[at : at + 2048] + bytes(size - header - 2048)
    (tmp_path / "raw.bin").write_bytes(raw)
    (tmp_path / "raw.cue").write_text('FILE "C:\\\\x\\\\RAW.BIN" BINARY\n  TRACK 01 MODE1/2352\n    INDEX 01 00:00:00\n')
    for name in ("raw.bin", "raw.cue"):
        with open_medium(str(tmp_path / name)) as medium:
            assert contents(medium) == files


def test_sheet_without_its_image_says_so(tmp_path: Path) -> None:
    (tmp_path / "x.cue").write_text('FILE "../../etc/gone.bin" BINARY\n  TRACK 01 MODE1/2352\n')
    with pytest.raises(MediumError) as caught:
        open_medium(str(tmp_path / "x.cue"))
    assert (caught.value.finding.code, caught.value.finding.values["image"]) == ("sheet-without-image", "gone.bin")


def test_deflated_bytes_are_read_anywhere_by_many() -> None:
    data = b"".join(zlib.crc32(b"%d" % number).to_bytes(4, "big") for number in range(3_000_000))
    packed = zlib.compress(data, 1, wbits=-15)
    source = InflatedSource(BytesSource("x", packed), 0, len(packed), len(data))

    def work(seed: int) -> bool:
        places = [(seed * 7919 + step * 104_729 * 31) % len(data) for step in range(8)]
        return all(source.read_at(at, 5000).data == data[at : at + 5000] for at in places)

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(work, range(4)))
    assert InflatedSource(BytesSource("x", gzip.compress(data[:99]) + b"\0" * 9), 0, 99999, None, GZIP).size == 99


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=600), st.integers(0, 5))
def test_any_bytes_as_archives(noise: bytes, kind: int) -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("x", b"y" * 99)
    data = bytearray(whole.getvalue())
    at = len(noise) * kind % len(data)
    data[at : at + len(noise) % 40] = noise[: len(noise) % 40]
    for blob in (noise, bytes(data), b"PK\3\4" + noise, noise + b"PK\5\6" + noise[:22]):
        read_zip(BytesSource("x", blob), Notes())
        read_tar(BytesSource("x", blob.ljust(2048, b"\1")), Notes())


@pytest.mark.parametrize("size", [3, 100, 1000, 70_000, 5_000_000])
def test_deflated_bytes_in_small_pieces_lose_nothing(size: int) -> None:
    """What packs well is all taken in before it has all come out."""
    data = b"directory" * (size // 9 + 1)
    packed = zlib.compressobj(9, wbits=-15)
    body = packed.compress(data) + packed.flush()
    source = InflatedSource(BytesSource("x", body), 0, len(body), len(data))
    step = max(1, len(data) // 50)
    reads = [source.read_at(at, step) for at in range(0, len(data), step)]
    assert b"".join(read.data for read in reads) == data
    assert not any(read.unreadable for read in reads)
