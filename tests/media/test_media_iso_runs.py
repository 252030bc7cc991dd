"""Records that look alike are taken together, and give what they give one by one."""

import io
import struct
from pathlib import Path

import pytest

from tview.media import iso9660, open_medium
from tview.media.iso_runs import run_of_files


def record(name: bytes, block: int = 30, size: int = 2048, flags: int = 0, extended: int = 0, block_big: int | None = None) -> bytes:
    """A directory record by ECMA-119 9.1."""
    length = 33 + len(name) + (1 - len(name) % 2)
    both = struct.pack("<I", block) + struct.pack(">I", block if block_big is None else block_big)
    head = bytes((length, extended)) + both + struct.pack("<I", size) + struct.pack(">I", size)
    return (head + bytes(7) + bytes((flags, 0, 0, 1, 0, 0, 1, len(name))) + name).ljust(length, b"\0")


def names_of(*records: bytes, joliet: bool = False) -> list[str] | None:
    data = b"".join(records)
    run = run_of_files(data, data.decode("latin-1"), 0, joliet, True)
    return run.names if run else None


def test_a_run_ends_where_records_are_of_another_length():
    same = [record(b"IM%02d.;1" % number, 30 + number) for number in range(6)]
    data = b"".join((*same, record(b"LONGER.DCM;1"), record(b"IM99.;1"))).ljust(2048, b"\0")
    run = run_of_files(data, data.decode("latin-1"), 0, False, True)
    assert run is not None
    assert run.names == [f"IM{number:02d}" for number in range(6)]
    assert run.numbers == [(30 + number, 2048) for number in range(6)]
    assert run.end == sum(map(len, same))


@pytest.mark.parametrize(
    "odd",
    (
        record(b"IM05.;1", flags=2), record(b"IM05.;1", flags=0x80), record(b"IM05.;1", extended=1), record(b"IM05.;1", block_big=31),
        record(b"IM05.;1", size=0), record(b"IM05A;1"),
        record(b"..05.;1"), record(b"IM/5.;1"), record(b"IM\x005.;1"), record(b"IM\xe95.;1"),
        record(b"IM05.;2"),
    ),
)  # fmt: skip
def test_what_needs_a_closer_look_is_no_run(odd: bytes):
    records = [record(b"IM%02d.;1" % number) for number in range(5)]
    assert names_of(*records) is not None
    assert names_of(*records[:3], odd, *records[3:]) is None


def test_wide_names():
    assert names_of(*(record(f"Bild{n}é;1".encode("utf-16-be")) for n in range(5)), joliet=True) == [f"Bild{n}é" for n in range(5)]
    assert names_of(*(record(f"..{n};1".encode("utf-16-be")) for n in range(5)), joliet=True) is None


@pytest.mark.parametrize("joliet", (None, 3))
@pytest.mark.parametrize("cut", (0, 20_000))
def test_the_same_files_with_and_without_runs(joliet: int | None, cut: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    import pycdlib

    image = pycdlib.PyCdlib()
    image.new(interchange_level=3, joliet=joliet)
    image.add_directory("/A", **({"joliet_path": "/A"} if joliet else {}))
    for number in range(120):
        name = f"IM{number:0{3 + number % 3 // 2}d}"
        there = {"joliet_path": f"/A/{name} x"} if joliet else {}
        image.add_fp(io.BytesIO(b"x" * (number % 50)), number % 50, f"/A/{name}.DCM;1" if number > 60 else f"/A/{name}.;1", **there)
    image.write(str(tmp_path / "x.iso"))
    image.close()
    path = tmp_path / "x.iso"
    path.write_bytes(path.read_bytes()[: path.stat().st_size - cut])
    with open_medium(str(path)) as medium:
        together, told = list(medium.entries()), medium.findings
    monkeypatch.setattr(iso9660, "run_of_files", lambda *_: None)
    with open_medium(str(path)) as medium:
        assert together == list(medium.entries())
        assert told == medium.findings
    assert len(together) == 120
