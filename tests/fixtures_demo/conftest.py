"""The demo disc, unpacked by a reader that is not ours."""

import io
from collections.abc import Callable
from pathlib import Path

import pycdlib
import pytest
from pydicom import Dataset, dcmread

FIXTURES = Path(__file__).parents[2] / "fixtures"


@pytest.fixture(scope="session")
def fixtures() -> Path:
    return FIXTURES


@pytest.fixture(scope="session")
def demo_iso() -> Path:
    path = FIXTURES / "demo.iso"
    if not path.exists():
        pytest.skip("fixtures/demo.iso is not made: python scripts/make_demo_disc.py")
    return path


@pytest.fixture(scope="session")
def demo_files(demo_iso: Path) -> dict[str, bytes]:
    """Path on the disc (Joliet) to content."""
    return read_iso(demo_iso)


@pytest.fixture(scope="session")
def demo_objects(demo_files: dict[str, bytes]) -> dict[str, Dataset]:
    """Path on the disc to data set, for every file in DICOM/."""
    return {path: dcmread(io.BytesIO(data)) for path, data in demo_files.items() if path.startswith("DICOM/")}


@pytest.fixture(scope="session")
def iso_reader() -> Callable[[Path], dict[str, bytes]]:
    return read_iso


def read_iso(path: Path) -> dict[str, bytes]:
    image = pycdlib.PyCdlib()
    image.open(str(path))
    files = {}
    for folder, _, names in image.walk(joliet_path="/"):
        for name in names:
            full = f"{folder.rstrip('/')}/{name}"
            out = io.BytesIO()
            image.get_file_from_iso_fp(out, joliet_path=full)
            files[full.lstrip("/")] = out.getvalue()
    image.close()
    return files
