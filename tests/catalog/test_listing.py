"""The text of `tview ls`."""

import pytest
from pydicom.uid import RealWorldValueMappingStorage, RTStructureSetStorage

from tview.catalog import complete_catalog, listing_lines
from tview.media import open_medium
from tview.text import SafeText, cell_width


@pytest.fixture
def lines_of():
    def lines(source, **options):
        medium = open_medium(str(source))
        made = listing_lines(complete_catalog([medium]), [medium], **options)
        medium.close()
        assert all(type(line) is SafeText for line in made)
        return [str(line) for line in made]

    return lines


@pytest.fixture
def folder(disc, image):
    images = [image(n) for n in range(1, 13) if n not in (5, 6)]
    images += [image(n, SeriesInstanceUID="1.2.3.5", SeriesNumber=5, SeriesDescription="Übersicht") for n in (21, 22)]
    place = disc(*images)
    (place / "README").write_text("hello")
    return place


def test_the_tree(folder, lines_of):
    lines = lines_of(folder)
    assert lines[0] == f"{folder}  (folder)"
    assert lines[1] == "1 patient, 1 exam, 2 series, 12 objects"
    assert "  1  Doe, Jane  ID 42  * 1961-04-02  F" in lines
    assert "    1  2026-03-12  Thorax  age 64Y  #A77" in lines
    assert any(line.startswith("      1  Se 4     CT Thorax 5.0  ax 5 mm") and line.endswith("10 images") for line in lines)
    assert any("Übersicht" in line and line.endswith("2 images") for line in lines)


def test_columns_are_aligned_in_cells(folder, lines_of):
    rows = [line for line in lines_of(folder) if "  Se " in line and line.startswith("    ")]
    assert len({cell_width(line[: line.index("images")].rstrip("0123456789 ")) for line in rows}) >= 1
    starts = {cell_width(line[: line.rindex("  ")]) for line in rows}
    assert len(starts) == 1


def test_findings_stand_at_the_end_with_their_number(folder, lines_of):
    lines = lines_of(folder)
    which = "Se 4 (1 in the list) Thorax 5.0, exam 1 of 2026-03-12"
    assert f"W  {which}: images 4 and 7 are 15 mm apart where the others are 5 mm apart" in lines
    assert lines[-1] == "0 errors, 1 warning, 2 notes"
    assert not any(line.startswith("i ") for line in lines)
    assert any(line.startswith("i ") for line in lines_of(folder, long=True))


def test_long_lists_every_object(folder, lines_of):
    lines = lines_of(folder, long=True)
    assert sum(" Im " in line and " ok " in line for line in lines) == 12
    assert any("IM0003" in line and "15.00 mm" in line for line in lines)
    assert any(line.strip().endswith("README") for line in lines)


def test_the_ascii_twin(folder, lines_of):
    lines = lines_of(folder, ascii_only=True, long=True)
    assert all(line.isascii() for line in lines)
    assert any("\\xdcbersicht" in line for line in lines)


def test_many_findings_of_a_kind_are_folded(disc, image, with_dicomdir, tmp_path, lines_of):
    folder = with_dicomdir(disc(*(image(n) for n in range(1, 9))), tmp_path / "set")
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "DICOMDIR")[:6]:
        path.unlink()
    lines = lines_of(folder)
    assert sum(line.startswith("E  ") for line in lines) == 3
    assert "   and 3 more of this kind (referenced-file-missing)" in lines
    assert any(line.endswith("2 images  6 missing") for line in lines)


def test_hostile_names_are_one_row_each(disc, image, write, lines_of):
    folder = disc(image(1, PatientName="A\x1b[2J^B", SeriesDescription="one\rtwo"))
    write(image(2), folder / "N\nFAKE")
    lines = lines_of(folder, long=True)
    assert not any(ord(character) < 32 for line in lines for character in line)


def test_a_split_series_tells_why(disc, image, lines_of):
    images = [*(image(n) for n in range(1, 6)), image(9, ImageOrientationPatient=[1, 0, 0, 0, 0, -1])]
    lines = lines_of(disc(*images))
    assert [line.strip() for line in lines if line.startswith(" " * 18)] == ["axial: 5", "coronal: 1"]


def test_nothing_medical_lists_what_is_there(tmp_path, lines_of):
    for number in range(8):
        (tmp_path / f"F{number}.TXT").write_text("hello")
    lines = lines_of(tmp_path)
    assert sum(line.strip().startswith("text ") for line in lines) == 8


def test_what_is_odd_about_a_series_stands_under_its_row(disc, image, lines_of):
    lines = lines_of(disc(*(image(n) for n in (18, 180, 181, 182))))
    row = next(number for number, line in enumerate(lines) if "  Se 4" in line)
    assert [line.strip() for line in lines[row + 1 : row + 3]] == [
        "i  images 18 and 180 are 810 mm apart, the others 5 mm", "i  161 image numbers are missing: 19-179",
    ]  # fmt: skip


def test_one_is_written_as_one(disc, image, lines_of):
    contours = image(9, SOPClassUID=RTStructureSetStorage, Modality="RTSTRUCT", SeriesInstanceUID="1.2.7", PixelData=None, Rows=None)
    mapping = image(8, SOPClassUID=RealWorldValueMappingStorage, Modality="RWV", SeriesInstanceUID="1.2.8", PixelData=None, Rows=None)
    lines = lines_of(disc(*(image(n) for n in (1, 2, 4, 5)), contours, mapping))
    assert any(line.endswith("1 set of contours") for line in lines)
    assert any(line.endswith("1 value mapping") for line in lines)
    assert any(line.endswith("1 image number is missing: 3") for line in lines)


def test_losses_of_objects_come_before_other_files(disc, image, lines_of, monkeypatch):
    from tview.errors import finding

    folder = disc(image(1, Rows=64, Columns=64, PixelData=bytes(8192)), image(2))
    path = folder / "IM0001"
    path.write_bytes(path.read_bytes()[:-100])
    medium = open_medium(str(folder))
    told = (finding("file-cut-off", path="VIEWER.EXE", present=1, size=2), finding("disc-cut-off", missing=9))
    monkeypatch.setattr(type(medium), "findings", told, raising=False)
    assert [one.code for one in complete_catalog([medium]).findings[:3]] == ["object-cut-off", "disc-cut-off", "file-cut-off"]
    medium.close()


def test_days_that_no_calendar_has_are_marked(disc, image, lines_of):
    folder = disc(image(1))
    data = (folder / "IM0001").read_bytes()
    (folder / "IM0001").write_bytes(data.replace(b"19610402", b"00000000"))
    assert '  1  Doe, Jane  ID 42  * "00000000"  F' in lines_of(folder)
