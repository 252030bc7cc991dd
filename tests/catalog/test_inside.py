"""A ZIP, a TAR or a disc image that lies on a disc as a file: what is in it is part of the catalog."""

import shutil
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest

from tview.catalog import complete_catalog, digests_of
from tview.media import entry_reader, open_medium


def _zip(source: Path, target: Path) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in source.iterdir():
            archive.write(path, f"exam/{path.name}")


def _tar(source: Path, target: Path) -> None:
    with tarfile.open(target, "w") as archive:
        archive.add(source, "exam")


def _iso(source: Path, target: Path) -> None:
    program = shutil.which("genisoimage")
    if program is None:
        pytest.skip("genisoimage is not installed")
    subprocess.run([program, "-quiet", "-J", "-o", str(target), str(source)], check=True, capture_output=True)


@pytest.mark.parametrize("pack", (_zip, _tar, _iso))
@pytest.mark.parametrize("outer", ("folder", "iso"))
def test_objects_inside_are_objects_of_the_medium(pack, outer, disc, image, tmp_path):
    inner = disc(*(image(n) for n in range(1, 6)), folder="inner")
    place = tmp_path / "outer"
    place.mkdir()
    pack(inner, place / "PRIOR.DAT")
    shutil.copy(inner / "IM0001", place / "IM0001")
    if outer == "iso":
        _iso(place, tmp_path / "outer.iso")
    source = tmp_path / "outer.iso" if outer == "iso" else place
    with open_medium(str(source)) as medium:
        catalog = complete_catalog([medium])
        assert catalog.counts.instances == 5
        assert len(medium.entries()) == 2, "what stands on the medium stays what it is"
        (series,) = catalog.series
        copied = [instance for instance in series.instances if instance.also_at]
        assert len(copied) == 1 and copied[0].path == "IM0001"
        for instance in series.instances:
            reader = entry_reader(medium, instance.path)
            assert reader is not None
            assert reader(0, reader.size) == (inner / Path(instance.path).name[:6]).read_bytes()
        assert "files-inside" in [told.code for told in catalog.findings]
        assert all((0, instance.path) in digests_of([medium], catalog, "sha1") for instance in series.instances)
        assert [file.path for file in catalog.other_files] == ["PRIOR.DAT"]


def test_what_is_inside_of_what_is_inside_is_left_alone(disc, image, tmp_path):
    _zip(disc(image(1)), tmp_path / "a.zip")
    (tmp_path / "middle").mkdir()
    (tmp_path / "a.zip").rename(tmp_path / "middle" / "a.zip")
    (tmp_path / "top").mkdir()
    _zip(tmp_path / "middle", tmp_path / "top" / "b.zip")
    with open_medium(str(tmp_path / "top")) as medium:
        catalog = complete_catalog([medium])
    assert catalog.counts.instances == 0
    assert [file.kind for file in catalog.other_files] == ["zip", "zip"]


def test_many_archives_are_not_all_opened(disc, image, tmp_path):
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(20):
        _zip(disc(image(number), folder=f"x{number}"), folder / f"{number:02}.zip")
    with open_medium(str(folder)) as medium:
        assert complete_catalog([medium]).counts.instances == 16


def test_a_broken_archive_stays_a_file(tmp_path, disc, image):
    _zip(disc(image(1)), tmp_path / "a.zip")
    place = tmp_path / "broken"
    place.mkdir()
    data = (tmp_path / "a.zip").read_bytes()
    (place / "a.zip").write_bytes(data[:50])
    (place / "b.zip").write_bytes(b"PK\3\4" + bytes(2000))
    with open_medium(str(place)) as medium:
        catalog = complete_catalog([medium])
    assert catalog.counts.instances == 0
