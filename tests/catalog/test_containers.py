"""What holds pictures and does not show them: makers' containers, encrypted files and media, discs only their own viewer reads."""

import random
import struct
import subprocess
import zipfile
from shutil import which

import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import SecondaryCaptureImageStorage

from tview.catalog import complete_catalog, nothing_medical
from tview.catalog.sniff import sniff
from tview.media import open_medium


@pytest.mark.parametrize("size", (2_000, 40_000))
def test_a_tomosynthesis_container_is_named_with_what_to_ask_for(size, disc, image, read):
    """As Hologic writes it: a secondary capture with sequences of JPEG-LS in group 7E01, and no Pixel Data."""
    one = image(1, SOPClassUID=SecondaryCaptureImageStorage, Modality="MG", Manufacturer="HOLOGIC, Inc.", PixelData=None)
    frame = Dataset()
    frame.add_new(0x7E010010, "LO", "HOLOGIC, Inc.")
    frame.add_new(0x7E011012, "OB", b"\xff\xd8\xff\xf7" + bytes(size))
    one.add_new(0x7E010010, "LO", "HOLOGIC, Inc.")
    one.add_new(0x7E011010, "SQ", Sequence([frame]))
    catalog = read(disc(one))
    assert [instance.state for series in catalog.series for instance in series.instances] == ["unsupported"]
    told = next(told for told in catalog.findings if told.code == "object-vendor-container")
    assert told.values["name"] == "Hologic SCO tomosynthesis"


def test_an_image_that_has_such_elements_beside_its_pixels_is_shown(disc, image, read):
    one = image(1)
    one.add_new(0x7E010010, "LO", "HOLOGIC, Inc.")
    assert [instance.state for series in read(disc(one)).series for instance in series.instances] == ["ok"]


def _der(tag: int, content: bytes) -> bytes:
    length = struct.pack(">BH", 0x82, len(content))
    return bytes((tag,)) + length + content


ENVELOPED = _der(0x30, bytes.fromhex("06092a864886f70d010703") + _der(0xA0, bytes(400)))


@pytest.mark.parametrize(
    "head",
    (
        ENVELOPED, b"LUKS\xba\xbe\0\2" + bytes(500), b"\xeb\x58\x90-FVE-FS-" + bytes(500), b"Salted__" + bytes(500),
        b"-----BEGIN PGP MESSAGE-----\n", b"PK\3\4\x14\0\1\0\x63\0" + bytes(60),
    ),
    ids=("cms", "luks", "bitlocker", "openssl", "pgp", "zip"),
)  # fmt: skip
def test_encrypted_files_are_named(head):
    assert sniff(head, 10_000) == "encrypted"


def test_a_zip_that_a_program_encrypted(tmp_path):
    program = which("7z") or which("7za")
    if program is None:
        pytest.skip("7z is not installed")
    (tmp_path / "x").write_bytes(b"secret" * 100)
    subprocess.run([program, "a", "-tzip", "-pabc", str(tmp_path / "a.zip"), str(tmp_path / "x")], check=True, capture_output=True)
    assert sniff((tmp_path / "a.zip").read_bytes()[:16384], 1000) == "encrypted"
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("x", b"open")
    assert sniff((tmp_path / "b.zip").read_bytes()[:16384], 1000) == "zip"


def test_what_has_no_structure_at_all_may_be_a_container():
    noise = random.Random(1).randbytes(1 << 14)
    assert sniff(noise, 1 << 20) == "random"
    assert sniff(noise, (1 << 20) + 1) == "data"
    assert sniff(bytes(range(256)) * 64, 1 << 20) == "data", "too even"
    assert sniff(noise[:8192] + bytes(8192), 1 << 20) == "data"


@pytest.fixture
def why():
    def reason(folder):
        with open_medium(str(folder)) as medium:
            return nothing_medical([medium], complete_catalog([medium])).finding

    return reason


def test_a_disc_of_encrypted_files_says_so(tmp_path, why):
    for number in range(3):
        (tmp_path / f"IM{number}.P7M").write_bytes(ENVELOPED)
    (tmp_path / "OPEN.EXE").write_bytes(b"MZ" + bytes(500))
    assert (why(tmp_path).code, why(tmp_path).values["count"] if "count" in why(tmp_path).values else why(tmp_path).count) == (
        "nothing-encrypted",
        3,
    )


def test_a_disc_that_only_its_own_viewer_reads(tmp_path, why):
    (tmp_path / "VIEWER.EXE").write_bytes(b"MZ" + bytes(500))
    (tmp_path / "STUDY.PAK").write_bytes(b"\1\2\3\0" * 200_000)
    assert (why(tmp_path).code, why(tmp_path).values["largest"]) == ("nothing-proprietary", "STUDY.PAK")


def test_a_disc_of_pictures_and_texts_is_told_as_before(tmp_path, why):
    (tmp_path / "A.JPG").write_bytes(b"\xff\xd8\xff" + bytes(500))
    assert why(tmp_path).code == "nothing-medical"
