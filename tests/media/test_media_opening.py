"""What is taken for what, and what that costs."""

import subprocess
import sys
from pathlib import Path

import pytest

from tview.media import open_medium

PART10 = bytes(128) + b"DICM" + b"\x02\0\0\0UL\x04\0\0\0\0\0"
SEEN = """
import sys
from tview.media import open_medium
with open_medium(sys.argv[1]) as medium:
    assert medium.read(medium.entries()[0]).data
print(*sorted(name.removeprefix("tview.media.") for name in sys.modules if name.startswith("tview.media.")))
print(*sorted({"hashlib", "hmac", "zlib", "bz2", "lzma", "re", "grp", "pwd"} & (set(sys.modules) - before)))
"""


def test_a_dicom_file_loads_nothing_that_reads_discs_and_archives(tmp_path: Path) -> None:
    (tmp_path / "image").write_bytes(PART10 + bytes(100_000))
    code = "import sys, tview.errors; before = set(sys.modules)" + SEEN
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "image")], capture_output=True, text=True, check=True, timeout=30)
    rooms = set(done.stdout.splitlines()[0].split())
    assert "folder" in rooms
    assert not rooms & {
        "disc",
        "iso9660",
        "udf",
        "archive",
        "ciphers",
        "inflate",
        "zipped",
        "tarred",
        "rescue",
        "drives",
        "ahead",
        "geometry",
    }
    assert not set(done.stdout.splitlines()[1].split()) & {"hashlib", "hmac", "bz2", "lzma", "grp", "pwd"}


@pytest.mark.parametrize("preamble", [bytes(128), b"II*\0" + b"x" * 124, b"MM\0*" + b"x" * 124, b"x" * 128])
def test_a_file_with_the_mark_is_a_file(preamble: bytes, tmp_path: Path) -> None:
    """Even where a disc image lies further back in it, off the places of one."""
    (tmp_path / "image").write_bytes(preamble + b"DICM" + bytes(40_001) + b"\x01CD001\x01" + bytes(9000))
    with open_medium(str(tmp_path / "image")) as medium:
        assert medium.kind == "file"


def test_a_disc_with_the_mark_in_its_system_area_is_a_disc(write_iso, files, contents) -> None:
    """ECMA-119 6.2.1 leaves the first 16 sectors to the system."""
    image = write_iso()
    data = bytearray(image.read_bytes())
    data[128:132] = b"DICM"
    image.write_bytes(data)
    with open_medium(str(image)) as medium:
        assert contents(medium) == files


@pytest.mark.parametrize("name", ["DICOMDIR", "RENAMED"])
def test_a_dicomdir_stands_for_its_folder(name: str, folder: Path) -> None:
    (folder / name).write_bytes(bytes(128) + b"DICM" + b"\x02\0\x02\0UI\x14\x001.2.840.10008.1.3.10\0" + bytes(50_000))
    with open_medium(str(folder / name)) as medium:
        assert (medium.kind, medium.start) == ("folder", name)
