"""Videos in the viewer: stepped, sought and played like any row of frames; without the extra the pane says how to get it."""

import io

import numpy as np
import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID, generate_uid

FRAMES = 24


def numbered(index: int):
    """A picture with its number in eight black and white bars."""
    picture = np.full((96, 128, 3), 60, np.uint8)
    for bit in range(8):
        picture[16:64, 8 + 14 * bit : 20 + 14 * bit] = 230 if index >> bit & 1 else 20
    return picture


def number_in(frame) -> int:
    return sum(int(frame.stored[40, 14 + 14 * bit].mean() > 128) << bit for bit in range(8))


def video(container: str, codec: str, syntax: str) -> Dataset:
    av = pytest.importorskip("av", reason="PyAV is an extra: tview-dicom[video]")
    av.logging.set_level(av.logging.PANIC)
    out = io.BytesIO()
    with av.open(out, "w", format=container) as file:
        stream = file.add_stream(codec, rate=25)
        stream.width, stream.height, stream.pix_fmt, stream.gop_size = 128, 96, "yuv420p", 12
        stream.options = {"x265-params": "log-level=none"} if codec == "libx265" else {}
        for index in range(FRAMES):
            for packet in stream.encode(av.VideoFrame.from_ndarray(numbered(index), format="rgb24")):
                file.mux(packet)
        for packet in stream.encode():
            file.mux(packet)
    made = Dataset()
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = UID(f"1.2.840.10008.1.2.4.{syntax}")
    made.SOPClassUID = made.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.77.1.1.1"
    made.SOPInstanceUID = made.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    made.PatientName, made.PatientID, made.StudyInstanceUID, made.SeriesInstanceUID = "VIDEO^V", "V1", generate_uid(), generate_uid()
    made.Modality, made.StudyDate, made.SeriesNumber, made.InstanceNumber, made.FrameTime = "ES", "20260101", 1, 1, "40"
    made.Rows, made.Columns, made.SamplesPerPixel, made.PhotometricInterpretation, made.PlanarConfiguration = (
        96,
        128,
        3,
        "YBR_PARTIAL_420",
        0,
    )
    made.BitsAllocated = made.BitsStored = 8
    made.HighBit, made.PixelRepresentation, made.NumberOfFrames = 7, 0, FRAMES
    data = out.getvalue()
    made.PixelData = encapsulate([data + b"\0" * (len(data) % 2)])
    made["PixelData"].is_undefined_length = True
    return made


@pytest.mark.parametrize(
    ("container", "codec", "syntax"), [("mpeg2video", "mpeg2video", "100"), ("mp4", "libx264", "102"), ("mp4", "libx265", "107")]
)
async def test_a_video_steps_seeks_and_plays(viewer, tmp_path, container: str, codec: str, syntax: str) -> None:
    video(container, codec, syntax).save_as(tmp_path / "V", enforce_file_format=True)
    async with viewer(tmp_path) as v:
        assert len(v.pane.slices) == FRAMES
        for keys, wanted in ((("g",), 0), (("down",), 1), (("down",), 2), (("up",), 1), (("G",), FRAMES - 1), (("up",), FRAMES - 2)):
            await v.press(*keys)
            assert number_in(v.pane.shown.frame) == wanted == v.pane.state.position
        await v.press("g")
        await v.pilot.press("space")
        await v.until(lambda: v.pane.shown.frame is not None and v.pane.shown.frame.index >= 3)
        await v.press("space")
        assert v.screen.cine_timer is None
        assert v.screen.cine_fps == 25
        assert number_in(v.pane.shown.frame) == v.pane.state.position
