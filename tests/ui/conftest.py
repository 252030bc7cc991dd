"""A viewer without a terminal: the real application, the real threads, a real disc; only the driver is Textual's headless one."""

import asyncio
import time
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


class Viewer:
    """What a test does with a running viewer."""

    def __init__(self, app, pilot) -> None:
        self.app, self.pilot = app, pilot

    @property
    def screen(self):
        return self.app.screen

    @property
    def pane(self):
        """The one that has the keys."""
        return self.app.screen.pane

    def text(self) -> str:
        """The whole screen as it is drawn, row by row."""
        return "\n".join(strip.text for strip in self.app.screen._compositor.render_strips())

    def row(self, y: int) -> str:
        return self.text().split("\n")[y]

    async def until(self, condition, timeout_s: float = 20.0) -> None:
        end = time.monotonic() + timeout_s
        while not condition():
            assert self.app._exception is None, self.app._exception
            assert time.monotonic() < end, f"never came true; on screen:\n{self.text()}"
            await asyncio.sleep(0.02)
        await self.pilot.pause()

    async def settled(self) -> None:
        """The picture that stands is the one asked for last, and the medium is read."""
        await self.until(lambda: self.screen.catalog is not None and self.screen.catalog.complete)
        await self.until(self._shows_the_newest)

    def _shows_the_newest(self) -> bool:
        panes = [pane for pane in self.screen.panes if pane.state.series is not None]
        newest = all(pane.shown is not None and pane.shown.request.serial == pane.state.serial for pane in panes)
        return bool(panes) and newest and not self.screen.painter.is_behind

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()
        await self.settled()


@pytest.fixture
def viewer():
    """`async with viewer(sources, size=(132, 43), **settings) as v`."""
    from tview.media import open_medium
    from tview.settings import Settings
    from tview.terminal import assumed_facts
    from tview.ui.app import TviewApp
    from tview.ui.session import Session
    from tview.ui.tools import remapped

    @asynccontextmanager
    async def start(*sources, size=(132, 43), path="blocks", settings=None, ready=True, wanted=None, window=None):
        media = [open_medium(str(source)) for source in sources]
        facts = assumed_facts({"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}, *size)
        names = [Path(str(source)).name for source in sources]
        app = TviewApp(
            Session(
                media,
                names,
                settings or Settings(),
                facts,
                path,
                wanted=wanted,
                window=window,
                tools=remapped((settings or Settings()).keys),
            )
        )
        try:
            async with app.run_test(size=size) as pilot:
                v = Viewer(app, pilot)
                if ready:
                    await v.settled()
                yield v
        finally:
            for medium in media:
                medium.close()

    return start


@pytest.fixture
def demo():
    return ROOT / "fixtures" / "demo.iso"


@pytest.fixture
def small():
    return ROOT / "fixtures" / "small"


@pytest.fixture
def stack(tmp_path):
    """`stack(name, ...)` writes slices that make a volume: a folder of files whose stored values say where in the patient they are.

    The value at (x, y, z) mm is 1000 + x + 2 y + 3 z, rounded.
    """
    import numpy as np
    import pydicom
    from pydicom.dataset import FileDataset, FileMetaDataset
    from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

    def write(
        name="stack", count=9, spacing=5.0, start=(-16.0, -16.0, 0.0), size=(32, 32), pixel=(1.0, 1.0), frame="1.2.826.1", date="20250101",
        description="ax", number=1, row=(1.0, 0.0, 0.0), column=(0.0, 1.0, 0.0), study="1.2.3.1", patient="P1", **more,
    ):  # fmt: skip
        folder = tmp_path / name
        folder.mkdir(parents=True, exist_ok=True)
        normal = np.cross(row, column)
        series = generate_uid(entropy_srcs=[name, str(number)])
        for index in range(count):
            position = np.array(start) + index * spacing * normal
            meta = FileMetaDataset()
            meta.TransferSyntaxUID, meta.MediaStorageSOPClassUID = ExplicitVRLittleEndian, CTImageStorage
            meta.MediaStorageSOPInstanceUID = generate_uid(entropy_srcs=[name, str(number), str(index)])
            data = FileDataset(None, {}, file_meta=meta, preamble=bytes(128))
            data.SOPClassUID, data.SOPInstanceUID = CTImageStorage, meta.MediaStorageSOPInstanceUID
            data.PatientName, data.PatientID, data.PatientBirthDate, data.PatientSex = f"{patient}^X", patient, "19700101", "O"
            data.StudyInstanceUID, data.SeriesInstanceUID, data.StudyDate, data.Modality = study, series, date, "CT"
            data.StudyDescription, data.SeriesDescription, data.SeriesNumber, data.InstanceNumber = "CT", description, number, index + 1
            data.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
            data.Rows, data.Columns, data.PixelSpacing = *size, list(pixel)
            data.ImageOrientationPatient, data.ImagePositionPatient = [*row, *column], [float(value) for value in position]
            data.SliceThickness = spacing
            if frame:
                data.FrameOfReferenceUID = frame
            data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
            data.BitsAllocated, data.BitsStored, data.HighBit, data.PixelRepresentation = 16, 16, 15, 1
            data.RescaleIntercept, data.RescaleSlope, data.WindowCenter, data.WindowWidth = 0, 1, 1000, 400
            rows, columns = np.mgrid[: size[0], : size[1]]
            x, y, z = (position[axis] + rows * pixel[0] * column[axis] + columns * pixel[1] * row[axis] for axis in range(3))
            data.PixelData = np.rint(1000 + x + 2 * y + 3 * z).astype("<i2").tobytes()
            for keyword, value in more.items():
                setattr(data, keyword, value)
            pydicom.dcmwrite(folder / f"{number}_{index:03d}.dcm", data, enforce_file_format=True)
        return folder

    return write
