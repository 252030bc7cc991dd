"""Ophthalmic, dental, endoscopic and captured pictures: a phantom of each class in its colours, with the length it may have."""

import sys
from pathlib import Path

import numpy as np
import pytest

from tview import pixels
from tview.dicom import sop_class_kind
from tview.pixels import View

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import over_phantom as phantom

COLOURS = [(200, 30, 40), (20, 180, 60), (30, 50, 220), (240, 240, 240)]
VISIBLE = [
    ("77.1.5.1", "OP", "ophthalmic photography 8 bit"),
    ("77.1.1", "ES", "endoscopy"),
    ("77.1.4", "XC", "photograph"),
    ("77.1.2", "GM", "microscopy"),
    ("7", "OT", "secondary capture"),
    ("7.4", "OT", "secondary capture, colour frames"),
    ("77.1.5.4", "OPT", "ophthalmic tomography"),
]
DENTAL = [("1.3", "IO", "intra-oral"), ("1.1", "PX", "panoramic"), ("1.1.1", "DX", "digital X-ray")]


@pytest.fixture(scope="module")
def frame_of(written):
    with pixels.Decoder() as decoder:

        def frame(data_set):
            header, read_at, size = written(data_set)
            assert sop_class_kind(header.sop_class_uid or "") == "image"
            return pixels.open_image(header, read_at, size, decoder=decoder).read_frame(0)

        yield frame


def colour(sop_class: str, modality: str):
    made = phantom.base(sop_class, 1, modality)
    del made.FrameOfReferenceUID
    picture = np.zeros((40, 40, 3), np.uint8)
    for place, value in enumerate(COLOURS):
        picture[20 * (place // 2) : 20 * (place // 2) + 20, 20 * (place % 2) : 20 * (place % 2) + 20] = value
    made.Rows = made.Columns = 40
    made.SamplesPerPixel, made.PhotometricInterpretation, made.PlanarConfiguration = 3, "RGB", 0
    made.BitsAllocated = made.BitsStored = 8
    made.HighBit, made.PixelRepresentation, made.PixelData = 7, 0, picture.tobytes()
    if sop_class == "7.4":
        made.NumberOfFrames = 1
    return made


@pytest.mark.parametrize(("sop_class", "modality"), [one[:2] for one in VISIBLE], ids=[one[2] for one in VISIBLE])
def test_colours_are_those_of_the_file(frame_of, sop_class: str, modality: str) -> None:
    picture = pixels.render(frame_of(colour(sop_class, modality)), View(), 80, 80).picture
    for place, value in enumerate(COLOURS):
        assert tuple(picture[20 + 40 * (place // 2), 20 + 40 * (place % 2)]) == value


@pytest.mark.parametrize(("sop_class", "modality"), [one[:2] for one in VISIBLE], ids=[one[2] for one in VISIBLE])
def test_without_a_spacing_a_photograph_has_no_millimetres(frame_of, sop_class: str, modality: str) -> None:
    frame = frame_of(colour(sop_class, modality))
    assert not frame.description.scale.known
    (length,) = pixels.measure("distance", [(0.5, 0.5), (0.5, 10.5)], frame)
    assert (length.value, length.unit) == (10.0, "px")


@pytest.mark.parametrize(("sop_class", "modality"), [one[:2] for one in DENTAL], ids=[one[2] for one in DENTAL])
def test_a_dental_picture_is_measured_at_the_detector_and_says_so(frame_of, sop_class: str, modality: str) -> None:
    made = phantom.base(sop_class, 1, modality)
    made.ImagerPixelSpacing, made.PatientOrientation, made.ImageLaterality = [0.05, 0.05], ["P", "F"], "L"
    made.PresentationIntentType = "FOR PRESENTATION"
    frame = frame_of(phantom.grey(made, np.arange(1600, dtype="<u2").reshape(40, 40)))
    (length,) = pixels.measure("distance", [(0.5, 0.5), (0.5, 20.5)], frame)
    assert (length.value, length.unit, length.note) == (pytest.approx(1.0), "mm", "at detector")
    letters = pixels.letters(frame.description.geometry)
    assert (letters.right, letters.bottom, letters.left, letters.top) == ("P", "F", "A", "H")
    assert frame.description.geometry.laterality == "L"


def test_a_captured_picture_of_a_ct_is_no_ct(frame_of) -> None:
    made = phantom.base("7", 1, "CT")
    made.ConversionType = "WSD"
    frame = frame_of(phantom.grey(made, np.arange(1600, dtype="<u2").reshape(40, 40)))
    assert frame.description.unit is None
