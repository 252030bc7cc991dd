"""From references to files, each repair named."""

import pytest

from tview.media.resolve import NameIndex
from tview.media.values import Entry, Refused, Resolved


def index(*paths: str) -> NameIndex:
    return NameIndex((path, Entry(path, 1, 1)) for path in paths)


@pytest.mark.parametrize(
    "there, reference, base, repair",
    [
        ("DICOM/IM1", ("DICOM", "IM1"), "", None),
        ("DICOM/IM1", "DICOM\\IM1", "", None),
        ("DICOM/IM1", "DICOM/IM1", "", "separator"),
        ("DICOM/IM1", ("DICOM/IM1",), "", "separator"),
        ("DICOM/IM1", "dicom\\im1", "", "case"),
        ("dicom/im1", "DICOM\\IM1", "", "case"),
        ("DICOM/IM1", "DICOM\\IM1;1", "", "version"),
        ("DICOM/IM1", "DICOM\\IM1.", "", "dot"),
        ("DICOM/IM1", ".\\DICOM\\\\IM1", "", "parts"),
        ("DICOM/IM1", "D:\\DICOM\\IM1", "", "drive-letter"),
        ("DICOM/IM1", "\\DICOM\\IM1", "", "absolute"),
        ("DICOM/IM1.dcm", "DICOM\\IM1", "", "case+ending"),
        ("DICOM/IM1", "DICOM\\IM1.DCM", "", "case+ending"),
        ("SUB/DICOM/IM1", "DICOM\\IM1", "SUB", None),
        ("SUB/IM1", "im1", "SUB", "case"),
        ("DICOM/IM1", "DICOM\\IM1", "SUB", "root"),
        ("ELSE/WHERE/IM1", "DICOM\\IM1", "", "base-name"),
        ("ELSE/WHERE/IM1.DCM", "DICOM\\IM1", "", "ending+base-name"),
    ],
)
def test_repairs_are_named(there: str, reference: object, base: str, repair: str | None) -> None:
    found = index(there, "OTHER/FILE").resolve(reference, base)
    assert isinstance(found, Resolved)
    assert found.entry.path == there
    assert found.repair == repair


@pytest.mark.parametrize(
    "reference", ["..\\..\\etc\\passwd", "../../etc/passwd", "A\\..\\..\\OUTSIDE", "\\etc\\passwd", "C:\\Windows\\x", ("..", "x")]
)
def test_references_that_lead_out_are_refused(reference: object) -> None:
    assert index("A/IM1", "OUTSIDE2").resolve(reference, "") == Refused("reference-outside")


def test_what_is_not_there_is_none() -> None:
    assert index("A/IM1").resolve("A\\IM2", "") is None
    assert index("A/IM1").resolve("", "") is None
    assert index("A/IM1").resolve((), "") is None


def test_a_base_name_that_two_files_have_decides_nothing() -> None:
    assert index("A/IM1", "B/IM1").resolve("C\\IM1", "") is None


def test_exact_name_wins_over_folded() -> None:
    found = index("im1", "IM1").resolve("IM1", "")
    assert isinstance(found, Resolved)
    assert (found.entry.path, found.repair) == ("IM1", None)


def test_own_folder_wins_over_root() -> None:
    found = index("IM1", "SUB/IM1").resolve("IM1", "SUB")
    assert isinstance(found, Resolved)
    assert found.entry.path == "SUB/IM1"
