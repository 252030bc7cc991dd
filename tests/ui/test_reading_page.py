"""Reports and documents in the viewer: opened, links followed and come back from, PDF paged through."""

import sys
from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import EncapsulatedPDFStorage, ExplicitVRLittleEndian

from tview.catalog import Choice
from tview.documents import Link

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import over_phantom as phantom

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from pdf_phantom import pdf

ROOT = Path(__file__).resolve().parents[2]


def two_pages() -> bytes:
    """A PDF of two pages: the first red, the second blue."""
    return pdf(*(colour + b" rg 0 0 200 100 re f" for colour in (b"1 0 0", b"0 0 1")))


def write_pdf(folder: Path) -> None:
    made = Dataset()
    made.SOPClassUID, made.SOPInstanceUID = EncapsulatedPDFStorage, "1.2.3.1"
    made.PatientName, made.PatientID, made.StudyInstanceUID, made.SeriesInstanceUID = "PDF^TEST", "P1", "1.2.3.2", "1.2.3.3"
    made.Modality, made.SeriesNumber, made.InstanceNumber = "DOC", 1, 1
    data = two_pages()
    made.EncapsulatedDocument, made.MIMETypeOfEncapsulatedDocument = data + b"\0" * (len(data) % 2), "application/pdf"
    made.EncapsulatedDocumentLength = len(data)
    made.file_meta = FileMetaDataset()
    made.file_meta.MediaStorageSOPClassUID, made.file_meta.MediaStorageSOPInstanceUID = made.SOPClassUID, made.SOPInstanceUID
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made.save_as(folder / "letter.dcm", enforce_file_format=True)


async def open_the_report(v) -> None:
    await v.press("D")
    await v.pilot.press("enter")
    await v.until(lambda: v.screen.page.is_open)


async def test_a_report_opens_as_a_page_and_a_link_goes_to_the_image(viewer) -> None:
    async with viewer(ROOT / "fixtures" / "demo.iso") as v:
        await open_the_report(v)
        assert "Diagnostic Imaging Report" in v.text() and "IMPRESSIONS" in v.text()
        await v.pilot.press("tab", "enter")
        await v.until(lambda: not v.screen.page.is_open)
        await v.settled()
        assert "Se 2 Im 19" in v.text()
        await v.pilot.press("D")
        await v.until(lambda: v.screen.page.is_open)
        assert "Diagnostic Imaging Report" in v.text()


async def test_a_link_to_a_frame_that_is_not_here_moves_nothing(viewer) -> None:
    async with viewer(ROOT / "fixtures" / "demo.iso") as v:
        await v.settled()
        await open_the_report(v)
        before = (v.pane.state.series.key, v.pane.state.position)
        image = v.pane.slices[3].instance
        v.screen._follow(Link(image.sop_instance_uid, image.sop_class_uid, (99,)))
        await v.pilot.pause()
        assert v.screen.page.is_open
        assert (v.pane.state.series.key, v.pane.state.position) == before
        assert "frame 99 is not here" in v.row(-1)
        v.screen._follow(Link(image.sop_instance_uid, image.sop_class_uid, (1,)))
        await v.settled()
        assert v.pane.state.position == 3


async def test_a_link_to_a_frame_that_is_only_promised_says_that_another_is_shown(viewer, tmp_path) -> None:
    """That frames are absent is known only once one is wanted."""
    cut = phantom.grey(phantom.base("7.2", 5, "OT"), np.zeros((6, 16, 16), np.uint8))
    cut.NumberOfFrames = 10
    cut.save_as(tmp_path / "MF", enforce_file_format=True)
    phantom.ct(0).save_as(tmp_path / "CT", enforce_file_format=True)
    async with viewer(tmp_path, wanted=Choice(series="1")) as v:
        await v.settled()
        assert v.pane.state.series.modality == "CT"
        v.screen._follow(Link(str(cut.SOPInstanceUID), None, (10,)))
        await v.until(lambda: v.pane.shown.frame is not None and len(v.pane.slices) == 6)
        await v.settled()
        assert "frame 10 is not here" in v.row(-1)
        v.screen._follow(Link(str(cut.SOPInstanceUID), None, (6,)))
        await v.settled()
        assert v.pane.slices[v.pane.state.position].frame == 5
        assert "frame 6 - D goes back" in v.row(-1)


async def test_words_of_a_report_are_found(viewer) -> None:
    async with viewer(ROOT / "fixtures" / "demo.iso", size=(80, 24)) as v:
        await open_the_report(v)
        await v.pilot.press("slash", *"lymph", "enter")
        await v.pilot.pause()
        assert "No enlarged lymph nodes" in v.text()


async def test_enter_on_a_report_in_the_tree_reads_it(viewer) -> None:
    async with viewer(ROOT / "fixtures" / "demo.iso") as v:
        series = next(series for series in v.screen.catalog.series if series.kind == "report")
        v.screen.side_tree.post_message(v.screen.side_tree.Chosen(series, None))
        await v.until(lambda: v.screen.page.is_open)
        assert "Diagnostic Imaging Report" in v.text()


async def test_a_pdf_is_paged_through_as_pictures_and_read_as_text(viewer, tmp_path) -> None:
    write_pdf(tmp_path)
    async with viewer(tmp_path) as v:  # the only object of the medium is shown at once
        await v.until(lambda: v.pane.shown is not None and v.pane.shown.frame is not None and len(v.pane.slices) == 2)
        await v.settled()
        assert v.pane.shown.frame.stored[50, 50].tolist() == [255, 0, 0]
        await v.press("down")
        assert v.pane.shown.frame.stored[50, 50].tolist() == [0, 0, 255]
        await v.pilot.press("D")
        await v.until(lambda: v.screen.page.is_open)
        assert "page 2 of 2" in v.text()
        await v.pilot.press("t")
        await v.until(lambda: not v.screen.page.is_open)


async def test_the_mask_hides_the_head_of_a_report(viewer) -> None:
    async with viewer(ROOT / "fixtures" / "demo.iso") as v:
        await v.press("p")
        await open_the_report(v)
        assert "DEMO-0001" not in v.text() and "names in the text are not" in v.text()


async def test_pictures_and_pdf_outside_dicom_are_shown_and_name_nobody(viewer, tmp_path) -> None:
    from PIL import Image

    from tview.dicom import tags

    (tmp_path / "one.dcm").write_bytes((ROOT / "fixtures" / "small" / "latin1.dcm").read_bytes())
    Image.new("RGB", (30, 20), (200, 30, 30)).save(tmp_path / "photo.png")
    (tmp_path / "plain.pdf").write_bytes(two_pages())
    async with viewer(tmp_path) as v:
        files = {file.path: file for file in v.screen.catalog.other_files}
        v.screen.show_file(files["photo.png"])
        await v.settled()
        assert v.pane.shown.frame.stored.shape == (20, 30, 3) and v.pane.shown.frame.stored[5, 5].tolist() == [200, 30, 30]
        assert "name unknown" in v.text() and "photo.png" in v.text() and "Müßig" not in v.row(0)
        v.screen.show_file(files["plain.pdf"])
        await v.until(lambda: len(v.pane.slices) == 2)
        await v.settled()
        await v.press("down")
        assert v.pane.shown.frame.stored[50, 50].tolist() == [0, 0, 255]
        await v.pilot.press("D")
        await v.until(lambda: v.screen.page.is_open)
        await v.pilot.press("t")
        await v.until(lambda: not v.screen.page.is_open)
        header = v.screen.painter.header_of(v.pane.slices[0].instance)
        assert header.data_set.text(tags.SERIES_DESCRIPTION) == "plain.pdf" and header.data_set.text(tags.PATIENT_NAME) is None
