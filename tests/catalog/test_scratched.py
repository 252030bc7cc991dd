"""Sixteen bad sectors inside one of forty files: the others are whole, that one is read as far as it goes, in bounded time."""

import errno
import hashlib
import io
from pathlib import Path

import pytest

from tview.catalog import catalog_record, complete_catalog, digests_of
from tview.media import entry_reader, open_medium
from tview.media.sources import FileSource

SECTOR, SIZE = 2048, 150


@pytest.fixture
def forty(disc, image, tmp_path) -> tuple[Path, dict[str, bytes]]:
    """An ISO image of forty slices of 45,000 bytes of pixels each."""
    import pycdlib

    folder = disc(*(image(n, Rows=SIZE, Columns=SIZE, PixelData=bytes([n]) * (2 * SIZE * SIZE)) for n in range(1, 41)))
    iso, files = pycdlib.PyCdlib(), {}
    iso.new(interchange_level=1)
    for path in sorted(folder.iterdir()):
        files[path.name] = path.read_bytes()
        iso.add_fp(io.BytesIO(files[path.name]), len(files[path.name]), f"/{path.name}.;1")
    iso.write(str(tmp_path / "forty.iso"))
    iso.close()
    return tmp_path / "forty.iso", files


@pytest.mark.parametrize("first_sector", (0, 3, 5))
def test_one_file_is_damaged_and_thirty_nine_are_whole(first_sector: int, forty, monkeypatch) -> None:
    """Bad from the header on, behind it, and in the pixels alone."""
    path, files = forty
    with open_medium(str(path)) as medium:
        place = medium.entry("IM0017").order + first_sector * SECTOR
    failures = []
    whole = FileSource._pread

    def scratched(self: FileSource, length: int, offset: int) -> bytes:
        """As a kernel reads a disc: the good part first, then EIO."""
        if place <= offset < place + 16 * SECTOR:
            failures.append(offset)
            raise OSError(errno.EIO, "scratched")
        return whole(self, min(length, place - offset) if offset < place else length, offset)

    monkeypatch.setattr(FileSource, "_pread", scratched)
    with open_medium(str(path)) as medium:
        catalog = complete_catalog([medium])
        record = catalog_record(catalog, [medium], digests_of([medium], catalog, "sha1"))
        hurt = entry_reader(medium, "IM0017")
        assert hurt is not None
        data = hurt(0, hurt.size)
    kept = files["IM0017"]
    bad = slice(first_sector * SECTOR, (first_sector + 16) * SECTOR)
    assert data == kept[: bad.start] + bytes(16 * SECTOR) + kept[bad.stop :]
    assert hurt.lost == ((bad.start, 16 * SECTOR),)
    listed = [one for patient in record["patients"] for study in patient["studies"] for series in study["series"]
              for stack in series["stacks"] for one in stack["instances"]]  # fmt: skip
    ok = {one["path"]: one["digest"] for one in listed if one["state"] == "ok"}
    assert ok == {name: hashlib.sha1(data).hexdigest() for name, data in files.items() if name != "IM0017"}
    assert [one["state"] for one in listed if one["path"] == "IM0017"] in (["damaged"], [])
    if first_sector:
        assert next(one["bytes_read"] for one in listed if one["path"] == "IM0017") == len(kept) - 16 * SECTOR
    told = [one for one in record["findings"] if one["severity"] == "error" and one["path"]]
    assert {one["path"] for one in told} <= {"IM0017"}
    assert len(failures) <= 16 + 12, "each bad sector once, and the larger reads that met them"
