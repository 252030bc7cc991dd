"""The four-up: which image where, chest walls in the middle, one scale, by turns where that is enough."""

import numpy as np
import pydicom
import pytest
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import DigitalMammographyXRayImageStorageForPresentation, ExplicitVRLittleEndian, generate_uid


@pytest.fixture
def mammograms(tmp_path):
    """`mammograms((laterality, view, orientation, (rows, columns), spacing), …)`: the chest side is bright, the upper third grey."""

    def write(*images):
        for index, (laterality, view, orientation, (rows, columns), spacing) in enumerate(images):
            meta = FileMetaDataset()
            meta.TransferSyntaxUID, meta.MediaStorageSOPClassUID = ExplicitVRLittleEndian, DigitalMammographyXRayImageStorageForPresentation
            meta.MediaStorageSOPInstanceUID = generate_uid(entropy_srcs=["mg", str(index)])
            data = FileDataset(None, {}, file_meta=meta, preamble=bytes(128))
            data.SOPClassUID, data.SOPInstanceUID = meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID
            data.PatientName, data.PatientID, data.StudyInstanceUID = "M^G", "M1", "1.2.3.9"
            data.SeriesInstanceUID, data.SeriesNumber, data.InstanceNumber = f"1.2.3.9.{index}", index + 1, 1
            data.Modality, data.StudyDate, data.PresentationIntentType = "MG", "20250101", "FOR PRESENTATION"
            data.ImageLaterality, data.ViewPosition, data.PatientOrientation = laterality, view, orientation
            data.Rows, data.Columns, data.ImagerPixelSpacing, data.PixelSpacing = rows, columns, [spacing] * 2, [spacing] * 2
            data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
            data.BitsAllocated, data.BitsStored, data.HighBit, data.PixelRepresentation = 16, 12, 11, 0
            data.WindowCenter, data.WindowWidth = 2048, 4096
            stored = np.zeros((rows, columns), "<u2")
            back = {"P": (slice(None), slice(columns * 3 // 4, None)), "A": (slice(None), slice(0, columns // 4))}[orientation[0]]
            stored[back] = 4000
            data.PixelData = stored.tobytes()
            pydicom.dcmwrite(tmp_path / f"{index}.dcm", data, enforce_file_format=True)
        return tmp_path

    return write


FOUR = (
    ("L", "MLO", ["A", "F"], (300, 240), 0.1),
    ("R", "CC", ["A", "R"], (240, 200), 0.1),  # half a turn away from P\L
    ("L", "CC", ["A", "R"], (240, 200), 0.1),
    ("R", "MLO", ["P", "F"], (400, 300), 0.05),
)


async def hang(v) -> None:
    await v.until(lambda: v.screen.catalog is not None and v.screen.catalog.complete)
    await v.pilot.press("number_sign")
    await v.until(lambda: len(v.screen.panes) == 4 and not v.screen.unscaled)
    await v.settled()


async def test_the_four_hang_in_their_places_with_the_chest_walls_in_the_middle(viewer, mammograms) -> None:
    async with viewer(mammograms(*FOUR)) as v:
        await hang(v)
        seen = [(p.shown.facts.laterality, p.shown.facts.view_position) for p in v.screen.panes]
        assert seen == [("R", "CC"), ("L", "CC"), ("R", "MLO"), ("L", "MLO")]
        edges = [(p.shown.facts.letters[1], p.shown.facts.letters[3]) for p in v.screen.panes]
        assert edges == [("P", "L"), ("A", "R"), ("P", "F"), ("A", "F")]
        for pane in v.screen.panes:
            picture = pane.rendered.picture
            middle = picture[picture.shape[0] // 2].astype(int)
            inner = middle[-2:] if pane.number % 2 == 0 else middle[:2]
            assert inner.min() > 200, f"the chest wall of pane {pane.number} is not at the inner edge"
        assert not any(p.state.view.mirror for p in v.screen.panes)


async def test_they_have_one_scale(viewer, mammograms) -> None:
    async with viewer(mammograms(*FOUR)) as v:
        await hang(v)
        scales = [p.rendered.placement.scale[1] / p.shown.frame.description.scale.column_mm for p in v.screen.panes]
        assert scales == pytest.approx([scales[0]] * 4, rel=0.03)
        await v.pilot.resize_terminal(100, 34)
        await v.until(lambda: all(p.shown is not None and p.stands(p.shown) for p in v.screen.panes) and not v.screen.unscaled)
        await v.settled()
        smaller = [p.rendered.placement.scale[1] / p.shown.frame.description.scale.column_mm for p in v.screen.panes]
        assert smaller == pytest.approx([smaller[0]] * 4, rel=0.03) and smaller[0] < scales[0]


async def test_a_mirrored_file_is_mirrored_back_and_it_is_said(viewer, mammograms) -> None:
    mirrored = [("R", "CC", ["A", "L"], (240, 200), 0.1), *FOUR[2:], FOUR[0]]
    async with viewer(mammograms(*mirrored)) as v:
        await hang(v)
        first = v.screen.panes[0]
        assert (first.shown.facts.letters[1], first.shown.facts.letters[3]) == ("P", "L")
        assert any("MIRRORED" in mark for mark in first.shown.facts.marks)


async def test_a_view_that_is_missing_is_said_in_its_place(viewer, mammograms) -> None:
    async with viewer(mammograms(*FOUR[:3])) as v:
        await v.pilot.press("number_sign")
        await v.until(lambda: len(v.screen.panes) == 4)
        await v.until(lambda: "R MLO: none here" in v.text())


def test_a_magnification_is_no_substitute_for_the_standard_view() -> None:
    from types import SimpleNamespace

    from tview.pixels import Geometry
    from tview.text import safe
    from tview.ui.hanging import Candidate, four_up

    def candidate(view: str) -> Candidate:
        return Candidate(SimpleNamespace(is_raw=False), None, 0, Geometry(laterality=safe("R"), view_position=safe(view)))

    special, standard = candidate("CC (Magnification)"), candidate("CC")
    assert four_up([special, standard])[0] is standard
    assert four_up([special])[0] is special
