"""Whatever bytes stand on a medium: its readers end, invent nothing outside it, and raise nothing but `MediumError`."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tview.errors import MediumError
from tview.media import open_medium
from tview.media.iso_runs import run_of_files
from tview.media.values import Read
from tview.media.volumes import searched_volumes

SECTOR = 2048
QUICK = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class Bytes:
    """Bytes as a source."""

    def __init__(self, data: bytes) -> None:
        self.data, self.size, self.name = data, len(data), "bytes"

    def read_at(self, offset: int, length: int) -> Read:
        return Read(self.data[max(0, offset) : max(0, offset) + length])

    def close(self) -> None: ...


@given(st.binary(min_size=34, max_size=400), st.booleans(), st.booleans())
def test_a_run_lies_within_its_sector(data, joliet, named):
    run = run_of_files(data, data.decode("latin-1"), 0, joliet, named)
    assert run is None or (0 < run.end <= len(data) and len(run.numbers) * data[0] == run.end)


@given(st.binary(max_size=300), st.integers(16, 30))
def test_a_root_is_searched_for_in_anything(noise, sector):
    for volume in searched_volumes(Bytes(bytes(sector * SECTOR) + b"\x22\0" + noise)):
        assert volume.root == sector


@pytest.fixture(scope="module")
def udf_image(tmp_path_factory) -> bytes:
    import importlib.util

    spec = importlib.util.spec_from_file_location("crafted", Path(__file__).with_name("test_media_udf_crafted.py"))
    assert spec and spec.loader
    import sys

    module = sys.modules["crafted"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Disc("plain").image({"A/IM0001": b"one" * 900, "A/B/IM0002": b"two" * 2000, "IM0003": b"three"})


@QUICK
@given(places=st.lists(st.tuples(st.integers(0, 700_000), st.binary(min_size=1, max_size=40)), min_size=1, max_size=8))
def test_a_udf_volume_with_any_bytes_changed(places, udf_image, tmp_path):
    _read_all(udf_image, places, tmp_path / "x.udf")


@QUICK
@given(places=st.lists(st.tuples(st.integers(32768, 60_000), st.binary(min_size=1, max_size=40)), min_size=1, max_size=8))
def test_an_iso_image_with_any_bytes_changed(places, write_iso, tmp_path):
    target = tmp_path / "whole.iso"
    if not target.exists():
        write_iso("whole.iso", joliet=3)
    _read_all(target.read_bytes(), places, tmp_path / "x.iso")


def _read_all(whole: bytes, places, path: Path) -> None:
    data = bytearray(whole)
    for place, change in places:
        place %= len(data)
        data[place : place + len(change)] = change[: len(data) - place]
    path.write_bytes(data)
    try:
        with open_medium(str(path)) as medium:
            for entry in medium.entries()[:50]:
                read = medium.read(entry, 0, 1 << 16)
                assert len(read.data) <= max(entry.present, 0)
                assert medium.inside(entry) is not None
    except MediumError:
        pass
