"""The first picture by the DICOMDIR alone: the one that the whole catalog would choose, or none when there is doubt."""

import re
import shutil
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tview.catalog import complete_catalog, listed_first
from tview.catalog.listed import _any, _in_order, _regular
from tview.catalog.regular import regular_series
from tview.dicom import tags as t
from tview.dicom.limits import DEFAULT
from tview.media import open_medium

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


@pytest.fixture
def several(disc, image) -> Path:
    """Two patients, three series, the numbers of one against the order of the files."""
    images = [image(n, InstanceNumber=9 - n) for n in range(1, 5)]
    images += [image(n, SeriesInstanceUID="1.2.3.88", SeriesNumber=5) for n in (11, 12)]
    images += [image(n, PatientID="43", PatientName="Roe^Max", StudyInstanceUID="1.2.3.99", SeriesInstanceUID="1.2.3.98") for n in (21, 22)]
    return disc(*images)


@pytest.mark.parametrize("source", ["demo.iso", "small/dicomdir"])
def test_it_is_the_one_the_catalog_chooses(source) -> None:
    with open_medium(str(FIXTURES / source)) as medium:
        chosen = complete_catalog([medium]).first_series.main_stack.middle
        assert listed_first(medium).path == chosen.path


def test_doubt_leaves_it_to_the_catalog(tmp_path) -> None:
    with open_medium(str(FIXTURES / "small" / "series")) as medium:
        assert listed_first(medium) is None
    folder = tmp_path / "disc"
    shutil.copytree(FIXTURES / "small" / "dicomdir", folder)
    (folder / "IMAGES" / "IM000002").unlink()
    with open_medium(str(folder)) as medium:
        assert listed_first(medium) is None
    data = bytearray((FIXTURES / "small" / "dicomdir" / "DICOMDIR").read_bytes())
    (folder / "DICOMDIR").write_bytes(data[: len(data) // 2])
    with open_medium(str(folder)) as medium:
        assert listed_first(medium) is None


def _like(images) -> list[bytes]:
    return [bytes(image[t.REFERENCED_FILE_ID]) for image in images]


def test_records_in_the_order_of_the_tree_are_found_by_their_places(several, with_dicomdir, tmp_path):
    data = (with_dicomdir(several, tmp_path / "set") / "DICOMDIR").read_bytes()
    quick, slow = _regular(data), _any(data, "DICOMDIR", DEFAULT)
    assert len(quick) == len(slow) == 3
    for one, other in zip(quick, slow, strict=True):
        assert one.study == other.study and one.series == other.series
        assert _like(one.images) == _like(other.images)
        assert _like(_in_order(one.images)) == _like(_in_order(other.images))


def test_any_offset_or_flag_that_differs_is_left_to_the_general_reader(several, with_dicomdir, tmp_path):
    data = (with_dicomdir(several, tmp_path / "set") / "DICOMDIR").read_bytes()
    for head in (b"\x04\0\0\x14UL\4\0", b"\x04\0\x10\x14US\2\0", b"\x04\0\x20\x14UL\4\0", b"\x04\0\0\x12UL\4\0"):
        for found in re.finditer(re.escape(head), data):
            changed = bytearray(data)
            changed[found.end()] ^= 1
            assert regular_series(bytes(changed)) is None
    assert regular_series(data[:-1]) is None
    assert regular_series(data + b"\0\0") is None


@given(st.binary(max_size=300))
def test_any_bytes_end(noise):
    whole = bytes(128) + b"DICM" + b"\x04\0\0\x12UL\4\0\x9c\0\0\0" + b"\x04\0\x20\x12SQ\0\0" + struct.pack("<L", len(noise)) + noise
    regular_series(whole)
    _any(whole, "DICOMDIR", DEFAULT)
