"""Images made here, so that the room is tested without any shared folder."""

import io
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

FILES = {
    "DICOMDIR": b"directory" * 300,
    "README.TXT": b"read me",
    "EMPTY": b"",
    "A/IM0001": bytes(range(256)) * 20,
    "A/IM0002": b"second" * 1000,
    "A/B/IM0003": b"deep" * 2000,
}


@pytest.fixture
def files() -> dict[str, bytes]:
    """What every fixture medium holds: address -> content."""
    return dict(FILES)


@pytest.fixture
def folder(tmp_path: Path, files: dict[str, bytes]) -> Path:
    """The files as a folder."""
    root = tmp_path / "tree"
    for path, data in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data)
    return root


@pytest.fixture
def write_iso(tmp_path: Path, files: dict[str, bytes]) -> Callable[..., Path]:
    """Writes an image with pycdlib: `joliet`, `rock_ridge`, `udf` as its `new` takes them."""
    import pycdlib

    def write(name: str = "disc.iso", **options: object) -> Path:
        iso = pycdlib.PyCdlib()
        iso.new(interchange_level=1, vol_ident="LABEL", **options)
        for folder_path in ("/A", "/A/B"):
            base = folder_path.rpartition("/")[2]
            iso.add_directory(
                folder_path,
                **({"joliet_path": folder_path} if options.get("joliet") else {}),
                **({"rr_name": base.lower()} if options.get("rock_ridge") else {}),
                **({"udf_path": folder_path} if options.get("udf") else {}),
            )
        for path, data in files.items():
            base = path.rpartition("/")[2]
            iso_name = f"/{path};1" if "." in base else f"/{path}.;1"
            iso.add_fp(
                io.BytesIO(data),
                len(data),
                iso_name,
                **({"joliet_path": "/" + path} if options.get("joliet") else {}),
                **({"rr_name": base.lower()} if options.get("rock_ridge") else {}),
                **({"udf_path": "/" + path} if options.get("udf") else {}),
            )
        target = tmp_path / name
        iso.write(str(target))
        iso.close()
        return target

    return write


@pytest.fixture
def genisoimage(tmp_path: Path, folder: Path) -> Callable[..., Path]:
    """Writes an image of `folder` with genisoimage and these options."""
    program = shutil.which("genisoimage")
    if program is None:
        pytest.skip("genisoimage is not installed")

    def write(*options: str, name: str = "gen.iso", tree: Path = folder) -> Path:
        target = tmp_path / name
        subprocess.run([program, "-quiet", *options, "-o", str(target), str(tree)], check=True, capture_output=True, timeout=60)
        return target

    return write


@pytest.fixture(scope="session")
def shared_discs() -> Path:
    """The folder of test discs that lives outside the repository."""
    shared = Path(os.environ.get("TVIEW_SHARED", Path(__file__).parents[3] / "shared"))
    if not (shared / "discs" / "truth.json").exists():
        pytest.skip("the shared test discs are not on this machine (TVIEW_SHARED)")
    return shared / "discs"


def contents(medium: object) -> dict[str, bytes]:
    """Everything on a medium."""
    return {entry.path: medium.read(entry).data for entry in medium.entries()}


@pytest.fixture(name="contents")
def contents_fixture() -> Callable[[object], dict[str, bytes]]:
    """Gives address -> content of a whole medium."""
    return contents


@pytest.fixture
def codes() -> Callable[[object], set[str]]:
    """Gives the codes of a medium's findings."""
    return lambda medium: {finding.code for finding in medium.findings}
