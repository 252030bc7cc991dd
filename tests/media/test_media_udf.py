"""UDF alone, damaged, and hostile."""

import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tview.media import open_medium, udf
from tview.media.inflate import BytesSource
from tview.media.notes import Notes
from tview.media.udf_volume import decode_dstring, decode_name, tag_of

SECTOR = 2048


def udf_only(image: Path) -> Path:
    """The bridge without its ISO 9660 descriptors."""
    data = bytearray(image.read_bytes())
    for sector in range(16, 40):
        if data[sector * SECTOR + 1 : sector * SECTOR + 6] == b"CD001":
            data[sector * SECTOR : (sector + 1) * SECTOR] = bytes(SECTOR)
    image.write_bytes(data)
    return image


def test_udf_alone_gives_every_file(write_iso, files, contents, codes) -> None:
    with open_medium(str(udf_only(write_iso(udf="2.60")))) as medium:
        assert medium.kind == "udf"
        assert contents(medium) == files
        assert not codes(medium)


@pytest.mark.parametrize("lost", [("first",), ("first", "last"), ("first", "last", "before")])
def test_one_anchor_is_enough_and_none_is_made_up_for(lost: tuple[str, ...], write_iso, files, contents) -> None:
    image = udf_only(write_iso(udf="2.60"))
    data = bytearray(image.read_bytes())
    last = len(data) // SECTOR - 1
    for sector in {"first": (256,), "last": range(last - 3, last + 1), "before": range(last - 260, last - 250)}.items():
        if sector[0] in lost:
            for number in sector[1]:
                if tag_of(bytes(data[number * SECTOR : number * SECTOR + 16])) == 2:
                    data[number * SECTOR : (number + 1) * SECTOR] = bytes(SECTOR)
    image.write_bytes(data)
    with open_medium(str(image)) as medium:
        assert contents(medium) == files


def test_lost_file_entry_is_told_and_the_rest_is_read(write_iso, files, contents, codes) -> None:
    image = udf_only(write_iso(udf="2.60"))
    data = bytearray(image.read_bytes())
    entries = [at for at in range(257 * SECTOR, len(data), SECTOR) if tag_of(bytes(data[at : at + 16])) == 261 and data[at + 27] == 5]
    data[entries[0] : entries[0] + 16] = bytes(16)
    image.write_bytes(data)
    with open_medium(str(image)) as medium:
        got = contents(medium)
        assert len(got) == len(files) - 1
        assert all(files[path] == data for path, data in got.items())
        assert codes(medium) == {"file-record-damaged"}


def test_names() -> None:
    assert decode_name(b"\x08M\xfcller") == "Müller"
    assert decode_name(b"\x10\x4e\x8c\x6b\x21") == "二次"
    assert decode_dstring(b"\x08LABEL" + bytes(25) + b"\x06") == "LABEL"
    assert decode_dstring(bytes(32)) == ""


@pytest.fixture(scope="module")
def bridge() -> bytes:
    import pycdlib

    iso = pycdlib.PyCdlib()
    iso.new(udf="2.60")
    iso.add_directory("/D", udf_path="/d")
    for name in ("A", "B", "C"):
        iso.add_fp(io.BytesIO(b"x" * 3000), 3000, f"/D/{name}.;1", udf_path=f"/d/{name}")
    out = io.BytesIO()
    iso.write_fp(out)
    return out.getvalue()


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 300), st.binary(min_size=1, max_size=8)), max_size=12))
def test_any_damage_ends(changes: list[tuple[int, int, bytes]], bridge: bytes) -> None:
    """Sums of tags are made right again, so that damage reaches deeper than the first check."""
    data = bytearray(bridge)
    tagged = [at for at in range(32 * SECTOR, len(data), SECTOR) if tag_of(bytes(data[at : at + 16]))]
    for which, offset, new in changes:
        at = tagged[which % len(tagged)]
        data[at + offset : at + offset + len(new)] = new
        data[at + 4] = (sum(data[at : at + 16]) - data[at + 4]) & 0xFF
    read = udf.read_tree(BytesSource("x", bytes(data)), Notes())
    for entry in read[0].files if read else ():
        assert 0 <= entry.present <= entry.size
        assert entry.present <= len(data) * 2
