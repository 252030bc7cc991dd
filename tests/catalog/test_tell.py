"""The words of the tree: ages, dates, titles; and what a file is by its bytes."""

import pytest

from tview.catalog import age_at_exam
from tview.catalog.geometry import normal_of, plane_of, same_orientation
from tview.catalog.sniff import KINDS, sniff
from tview.catalog.tell import clock_time, iso_date


@pytest.mark.parametrize(
    ("age", "born", "then", "told"),
    (
        ("061Y", "19610402", "20260312", "61Y"),  # the file's own age first
        (None, "19610402", "20260312", "64Y"),  # the day before the 65th birthday is still far
        (None, "19610312", "20260312", "65Y"),
        (None, "19610313", "20260312", "64Y"),
        (None, "20241001", "20260312", "17M"),
        (None, "20240312", "20260312", "2Y"),
        (None, "20240313", "20260312", "23M"),
        (None, "20260311", "20260312", "0M"),
        ("003W", "20260301", "20260312", "3W"),
        ("000Y", "19610402", "20260312", "64Y"),
        (None, "18000101", "20260312", None),
        (None, "19000101", "20260312", None),
        (None, None, "20260312", None),
        (None, "19610402", None, None),
        ("abc", "x", "y", None),
        (None, "20270101", "20260312", None),
    ),
)
def test_age_at_the_exam(age, born, then, told):
    assert age_at_exam(age, born, then) == told


@pytest.mark.parametrize(
    ("raw", "shown"), (("20260312", "2026-03-12"), ("2026.03.12", "2026-03-12"), ("20260312 ", "2026-03-12"), ("2026", '"2026"'),
    ("00000000", '"00000000"'), ("0000-00-00", '"0000-00-00"'), ("20260230", '"20260230"'),
    ("20261301", '"20261301"'), ("", None), (None, None))
)  # fmt: skip
def test_dates_are_written_as_iso(raw, shown):
    assert iso_date(raw) == shown


@pytest.mark.parametrize(
    ("raw", "shown"), (("081437.25", "08:14:37"), ("0814", "08:14"), ("08:14:37", "08:14:37"), ("8", "8"), ("", None), (None, None))
)
def test_times_stay_as_recorded(raw, shown):
    assert clock_time(raw) == shown


@pytest.mark.parametrize(
    ("orientation", "plane"),
    (
        ((1, 0, 0, 0, 1, 0), "axial"), ((-1, 0, 0, 0, 1, 0), "axial"), ((0, 1, 0, 0, 0, -1), "sagittal"), ((1, 0, 0, 0, 0, -1), "coronal"),
        ((1, 0, 0, 0, 0.94, -0.34), "axial"), ((0.7071068, 0.7071068, 0, 0, 0, -1), "oblique"), ((), None), ((1, 0, 0, 1, 0, 0), None),
        ((0, 0, 0, 0, 0, 0), None),
    ),
)  # fmt: skip
def test_planes_by_the_normal(orientation, plane):
    assert plane_of(orientation) == plane


def test_orientations_within_a_degree_are_the_same():
    from math import cos, radians, sin

    def turned(degrees: float) -> tuple[float, ...]:
        return (cos(radians(degrees)), sin(radians(degrees)), 0, -sin(radians(degrees)), cos(radians(degrees)), 0)

    assert same_orientation(turned(0), turned(0.9))
    assert not same_orientation(turned(0), turned(1.1))
    assert normal_of(turned(30)) == pytest.approx((0, 0, 1))


def test_series_titles_carry_what_tells_series_apart(disc, image, read):
    lung = {"SeriesInstanceUID": "1.2.7", "SeriesNumber": 5, "SeriesDescription": "Lunge"}
    images = [image(n, ConvolutionKernel="B31f", ContrastBolusAgent="Ultravist") for n in range(1, 5)]
    images += [image(n, ConvolutionKernel="B80f", SliceThickness=1, ImagePositionPatient=[0, 0, 0.7 * n], **lung) for n in range(10, 15)]
    titles = [str(series.shown_title) for series in read(disc(*images)).series]
    assert titles == ["CT Thorax 5.0  ax 5 mm B31f +C", "CT Lunge  ax 1/0.7 mm B80f"]


@pytest.mark.parametrize("agent", ("NONE", "no", "", "ohne"))
def test_contrast_that_is_none(agent, disc, image, read):
    (series,) = read(disc(image(1, ContrastBolusAgent=agent))).series
    assert (series.contrast is None) == (agent != "ohne")


def test_mammograms_are_named_by_side_and_view(disc, image, read):
    bare = {"ImagePositionPatient": None, "ImageOrientationPatient": None, "SeriesDescription": None, "SliceThickness": None}
    (series,) = read(disc(image(1, Modality="MG", ImageLaterality="R", ViewPosition="CC", BodyPartExamined="BREAST", **bare))).series
    assert series.shown_title == "MG BREAST  R CC"


def test_an_unpaired_laterality_is_no_side(disc, image, read):
    (series,) = read(disc(image(1, ImageLaterality="U", ViewPosition="AP"))).series
    assert series.shown_title == "CT Thorax 5.0  AP  ax 5 mm"


def test_a_series_without_a_description_is_named_by_its_class(disc, image, read):
    (series,) = read(disc(image(1, SeriesDescription=None, ImageOrientationPatient=None, SliceThickness=None))).series
    assert series.shown_title == "CT CT Image"


def test_enhanced_objects_are_named_by_their_functional_groups(disc, image, read):
    from pydicom.dataset import Dataset
    from pydicom.uid import EnhancedCTImageStorage

    plane, measures, groups = Dataset(), Dataset(), Dataset()
    plane.ImageOrientationPatient = [1, 0, 0, 0, 0, -1]
    measures.PixelSpacing, measures.SliceThickness = [0.7, 0.7], 1.25
    groups.PlaneOrientationSequence, groups.PixelMeasuresSequence = [plane], [measures]
    bare = {"ImageOrientationPatient": None, "ImagePositionPatient": None, "PixelSpacing": None, "SliceThickness": None}
    (series,) = read(
        disc(
            image(
                1,
                SOPClassUID=EnhancedCTImageStorage,
                NumberOfFrames=3,
                PixelData=bytes(96),
                SharedFunctionalGroupsSequence=[groups],
                **bare,
            )
        )
    ).series
    assert series.shown_title == "CT Thorax 5.0  cor 1.25 mm"
    assert series.frame_count == 3


def test_names_and_ages_of_the_tree(disc, image, read):
    catalog = read(disc(image(1)))
    (patient,) = catalog.patients
    assert (patient.shown_name, patient.patient_id, patient.birth_date, patient.sex) == ("Doe, Jane", "42", "1961-04-02", "F")
    (study,) = catalog.studies
    assert (study.shown_date, study.study_time, study.shown_title, study.age, study.accession_number) == (
        "2026-03-12", "08:14:37", "Thorax", "64Y", "A77",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("head", "kind"),
    (
        (b"", "unreadable"), (bytes(9), "zeros"), (b"MZ", "program"), (b"\x7fELF", "program"), (b"#!/bin/sh", "script"),
        (b"%PDF-1.4", "pdf"),
        (b"\xff\xd8\xff\xe1", "jpeg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"GIF89a", "gif"), (b"II*\0", "tiff"), (b"PK\3\4", "zip"),
        (b"RIFF\0\0\0\0AVI LIST", "video"), (b"RIFF\0\0\0\0WAVE", "audio"), (b"\0\0\0\x18ftypmp42", "video"), (b"<html>", "html"),
        (b"  <!-- x -->\n<!DOCTYPE HTML PUBLIC", "html"), (b"\xef\xbb\xbf<HTML>", "html"),
        (b"<?xml version='1.0'?><ClinicalDocument/>", "xml"),
        (b"<?xml version='1.0'?><!DOCTYPE html><html/>", "html"), (b'{"a": 1}', "json"), (b"{\\rtf1", "rtf"),
        (b"[autorun]\r\nopen=x", "text"),
        ("Grüße".encode(), "text"), ("Grüße".encode("latin-1"), "text"), ("Text".encode("utf-16"), "text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "office"),
        (bytes.fromhex("30800609" + "2a864886f70d010703"), "encrypted"), (bytes(range(200)), "data"), (b"BM\0\0\0\0\0\0\0\0", "bmp"),
        (b"Rar!\x1a\x07\0", "archive"), (b"L\0\0\0\1\x14\2\0", "shortcut"),
    ),
)  # fmt: skip
def test_what_a_file_is(head, kind):
    assert sniff(head, len(head) or 10) == kind
    assert kind in KINDS


def test_an_empty_file():
    assert sniff(b"", 0) == "empty"
