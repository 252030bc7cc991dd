"""What is kept of measurements: pydicom, dsrdump and dciodvfy read the report back."""

import io
import json
import shutil
import subprocess
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from tview.dicom import DataSet, read_header
from tview.export import Measured, measurements_json, measurements_report
from tview.pixels import Quantity

SMALL = Path(__file__).parents[2] / "fixtures" / "small" / "series" / "CT000001.dcm"
NOW = datetime(2026, 3, 12, 8, 14)


@pytest.fixture
def image() -> DataSet:
    data = SMALL.read_bytes()
    return read_header(lambda offset, length: data[offset : offset + length], len(data)).data_set


@pytest.fixture
def measured(image: DataSet) -> list[Measured]:
    def one(kind: str, points: tuple[tuple[float, float], ...], *quantities: Quantity, frame_number: int | None = None) -> Measured:
        study, series, sop_class, instance = (image.uid(tag) for tag in (0x0020000D, 0x0020000E, 0x00080016, 0x00080018))
        return Measured(kind, points, quantities, study, series, sop_class, instance, frame_number)

    return [
        one("distance", ((1, 1), (7, 17)), Quantity("length", 5.0, "mm", "at detector")),
        one("ellipse", ((20, 40), (140, 160)), Quantity("area", 123.4, "mm²"), Quantity("mean", -52.5, "HU"), Quantity("pixels", 44, "")),
        one("cobb", ((0, 0), (0, 8), (10, 8), (14, 0)), Quantity("angle", 45.0, "°"), frame_number=3),
        one("rectangle", ((2, 4), (4, 7)), Quantity("area", 6.0, "px²"), Quantity("max", 9.0, "")),
    ]


def test_json_has_points_and_numbers_and_no_name(measured: list[Measured]) -> None:
    text = measurements_json(measured)
    told = json.loads(text)
    assert told["schema"] == "tview/measurements/1"
    assert told["measurements"][0]["points"] == [[1, 1], [7, 17]]
    assert told["measurements"][0]["quantities"] == [{"name": "length", "value": 5.0, "unit": "mm", "note": "at detector"}]
    assert told["measurements"][2]["frame_number"] == 3
    assert "SMALL" not in text


def test_report_reads_back_as_one_of_the_study(measured: list[Measured], image: DataSet) -> None:
    pydicom = pytest.importorskip("pydicom")
    report = pydicom.dcmread(io.BytesIO(measurements_report(measured, image, NOW)))
    source = pydicom.dcmread(SMALL, stop_before_pixels=True)
    assert (report.PatientName, report.PatientID, report.StudyInstanceUID) == (
        source.PatientName,
        source.PatientID,
        source.StudyInstanceUID,
    )
    assert (report.VerificationFlag, report.PreliminaryFlag) == ("UNVERIFIED", "PRELIMINARY")
    groups = report.ContentSequence[-1].ContentSequence
    assert len(groups) == 4
    place = groups[0].ContentSequence[-1].ContentSequence[-1]
    assert list(place.GraphicData) == [1, 1, 17, 7]  # column, row: PS3.3 C.18.6.1.2
    ellipse = groups[1].ContentSequence[-1].ContentSequence[-1]
    assert ellipse.GraphicType == "ELLIPSE"
    assert list(ellipse.GraphicData) == pytest.approx([40, 80, 160, 80, 100, 20, 100, 140])
    lines = groups[2].ContentSequence[-1].ContentSequence
    assert [list(line.GraphicData) for line in lines] == [[0, 0, 8, 0], [8, 10, 0, 14]]
    assert lines[0].ContentSequence[0].ReferencedSOPSequence[0].ReferencedFrameNumber == 3
    evidence = report.CurrentRequestedProcedureEvidenceSequence[0].ReferencedSeriesSequence
    assert [len(series.ReferencedSOPSequence) for series in evidence] == [1]


@pytest.mark.skipif(shutil.which("dsrdump") is None, reason="dcmtk is not installed")
def test_dcmtk_reads_the_report(measured: list[Measured], image: DataSet, tmp_path: Path) -> None:
    (tmp_path / "sr.dcm").write_bytes(measurements_report(measured, image, NOW))
    told = subprocess.run(["dsrdump", tmp_path / "sr.dcm"], capture_output=True, text=True, check=True)
    for words in (
        '"Length")="5" (mm,UCUM',
        '"Attenuation Coefficient")="-52.5"',
        '(373098007,SCT,"Mean")',
        '"Cobb angle")="45" (deg',
        "at detector",
    ):
        assert words in told.stdout
    assert not told.stderr


@pytest.mark.skipif(shutil.which("dciodvfy") is None, reason="dicom3tools is not installed")
def test_the_report_follows_its_definition(measured: list[Measured], image: DataSet, tmp_path: Path) -> None:
    """Frame numbers are for multi-frame images, which this one is not."""
    single = [replace(one, frame_number=None) for one in measured]
    (tmp_path / "sr.dcm").write_bytes(measurements_report(single, image, NOW))
    told = subprocess.run(["dciodvfy", tmp_path / "sr.dcm"], capture_output=True, text=True, check=False)
    assert "Error" not in told.stderr + told.stdout
