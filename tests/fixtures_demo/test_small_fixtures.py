"""The tiny fixtures are what their README says, and come out the same when made again."""

import io
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from pydicom import dcmread


def _tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_script_makes_the_same_files_again(fixtures: Path, tmp_path: Path) -> None:
    script = Path(__file__).parents[2] / "scripts" / "make_fixtures.py"
    subprocess.run([sys.executable, str(script), str(tmp_path)], check=True)
    assert _tree(tmp_path) == _tree(fixtures / "small")


def test_they_are_small(fixtures: Path) -> None:
    assert sum(map(len, _tree(fixtures / "small").values())) < 200_000


def test_each_has_a_line_in_the_readme(fixtures: Path) -> None:
    named = re.findall(r"^\| `([^`]+)`", (fixtures / "README.md").read_text(), re.MULTILINE)
    assert {path.name for path in (fixtures / "small").iterdir()} == {Path(name).name for name in named if name.startswith("small/")}


def test_series_has_the_pixels_the_readme_says(fixtures: Path) -> None:
    row, column = np.mgrid[0:32, 0:32]
    for number in range(5):
        ds = dcmread(fixtures / "small" / "series" / f"CT{number + 1:06d}.dcm")
        assert np.array_equal(ds.pixel_array, row + 32 * column + 1000 * number)
        assert ds.ImagePositionPatient == [-155, -155, 100 - 5 * number]


def test_listed_folder_lists_its_files(fixtures: Path) -> None:
    folder = fixtures / "small" / "dicomdir"
    listed = [r.ReferencedFileID for r in dcmread(folder / "DICOMDIR").DirectoryRecordSequence if "ReferencedFileID" in r]
    assert [folder.joinpath(*parts).exists() for parts in listed] == [True, True, True]


def test_two_patients(fixtures: Path) -> None:
    assert len({dcmread(path).PatientID for path in (fixtures / "small" / "two-patients").iterdir()}) == 2


def test_missing_file_is_listed_but_not_there(fixtures: Path, iso_reader: Callable[[Path], dict[str, bytes]]) -> None:
    files = iso_reader(fixtures / "small" / "missing-file.iso")
    records = dcmread(io.BytesIO(files["DICOMDIR"])).DirectoryRecordSequence
    listed = {"/".join(record.ReferencedFileID) for record in records if "ReferencedFileID" in record}
    assert listed - set(files) == {"IMAGES/IM000003"}
    assert len(listed) == 4


def test_truncated_ends_in_row_20(fixtures: Path) -> None:
    whole = (fixtures / "small" / "series" / "CT000001.dcm").read_bytes()
    cut = (fixtures / "small" / "truncated.dcm").read_bytes()
    pixels = whole[-32 * 32 * 2 :]
    assert cut.endswith(pixels[: 19 * 64 + 32])


def test_names_in_their_character_sets(fixtures: Path) -> None:
    assert str(dcmread(fixtures / "small" / "latin1.dcm").PatientName) == "Müßig^Renée"
    name = dcmread(fixtures / "small" / "japanese.dcm").PatientName
    assert (name.alphabetic, name.ideographic, name.phonetic) == ("Yamada^Tarou", "山田^太郎", "やまだ^たろう")
