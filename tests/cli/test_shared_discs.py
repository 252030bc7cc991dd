"""Every shared disc and series against what dcmtk finds in the same files once 7z has taken them out."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("TVIEW_SHARED", ROOT.parent / "shared"))
IMAGES = sorted(p for p in (SHARED / "discs").glob("*.iso") if p.name[:2] in {f"{n:02}" for n in (*range(1, 20), 23)})
FOLDERS = [*sorted((SHARED / "corpus" / "disc").glob("*")), *sorted((SHARED / "corpus" / "series").glob("*"))]
_UID = re.compile(r"\(0008,0018\) UI \[([\d.]+)\]")

pytestmark = [
    pytest.mark.skipif(not IMAGES, reason="the shared discs are not here"),
    pytest.mark.skipif(not (shutil.which("dcmdump") and shutil.which("7z")), reason="dcmtk or 7z is not installed"),
]


def uids_by_dcmtk(folder: Path) -> set[str]:
    files = [str(file) for file in folder.rglob("*") if file.is_file() and file.name.upper() != "DICOMDIR"]
    done = subprocess.run(["dcmdump", "-q", "-M", "+P", "0008,0018", *files], capture_output=True)
    return set(_UID.findall(done.stdout.decode("latin-1")))


def compare(record, folder: Path) -> None:
    series = [se for p in record["patients"] for st in p["studies"] for se in st["series"]]
    instances = [i for se in series for stack in se["stacks"] for i in stack["instances"]]
    assert {i["sop_instance_uid"] for i in instances if i["state"] != "missing"} == uids_by_dcmtk(folder)
    sizes = [file.stat().st_size for file in folder.rglob("*") if file.is_file()]
    places = sum(1 + len(i["also_at"]) for i in instances if i["state"] != "missing") + len(record["other_files"])
    # 7z shows the place that a relocated folder came from as an empty file
    assert sum(size > 0 for size in sizes) <= places <= len(sizes), "a file on the disc is in no list, or in two"
    assert record["counts"]["series"] == len(series)
    assert record["counts"]["instances"] == sum(i["state"] != "missing" for i in instances)
    assert record["counts"]["missing"] == sum(i["state"] == "missing" for i in instances)


@pytest.mark.parametrize("image", IMAGES, ids=lambda path: path.stem)
def test_counts_of_a_disc_image(tview_json, tmp_path, image) -> None:
    subprocess.run(["7z", "x", "-y", f"-o{tmp_path}", str(image)], capture_output=True)
    shutil.rmtree(tmp_path / "[BOOT]", ignore_errors=True)  # 7z shows the boot image as a file
    compare(tview_json("ls", image, "--json"), tmp_path)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_counts_of_a_folder(tview_json, folder) -> None:
    compare(tview_json("ls", folder, "--json"), folder)
