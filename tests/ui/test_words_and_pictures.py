"""No picture stands beside the words of another, at any instant at which the screen can be seen (decoded from the bytes, no clock).

Each image says in its greys which series and image it is; each series is another person's.
"""

import re
import signal
import sys
import time

import numpy as np
import pytest

SERIES, IMAGES = 4, 6
COLUMNS, ROWS = 120, 40
_WORDS = re.compile(r"Se (\d+) Im (\d+)  \[(\d+) of")
RIGHT, LEFT = "\x1b[C", "\x1b[D"


def grey_of_series(number: int) -> int:
    return 40 + 40 * number


def grey_of_image(number: int) -> int:
    return 10 + 35 * number


@pytest.fixture(scope="module")
def told_apart(tmp_path_factory):
    """A folder of four series of six images, the left half as bright as the series says, the right half as the image says."""
    import pydicom
    from pydicom.dataset import FileDataset, FileMetaDataset
    from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

    folder = tmp_path_factory.mktemp("told-apart")
    for series in range(1, SERIES + 1):
        for image in range(1, IMAGES + 1):
            meta = FileMetaDataset()
            meta.TransferSyntaxUID, meta.MediaStorageSOPClassUID = ExplicitVRLittleEndian, CTImageStorage
            meta.MediaStorageSOPInstanceUID = generate_uid(entropy_srcs=["told", str(series), str(image)])
            data = FileDataset(None, {}, file_meta=meta, preamble=bytes(128))
            data.SOPClassUID, data.SOPInstanceUID = CTImageStorage, meta.MediaStorageSOPInstanceUID
            data.PatientName, data.PatientID, data.PatientBirthDate, data.PatientSex = f"PERSON{series}^X", f"ID{series}", "19700101", "O"
            data.StudyInstanceUID, data.SeriesInstanceUID = f"1.2.3.{series}", f"1.2.3.{series}.1"
            data.StudyDate, data.Modality, data.SeriesNumber, data.InstanceNumber = "20250101", "CT", series, image
            data.Rows = data.Columns = 64
            data.PixelSpacing, data.ImageOrientationPatient = [1, 1], [1, 0, 0, 0, 1, 0]
            data.ImagePositionPatient, data.SliceThickness = [0, 0, 5 * image], 5
            data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
            data.BitsAllocated, data.BitsStored, data.HighBit, data.PixelRepresentation = 16, 16, 15, 0
            data.RescaleIntercept, data.RescaleSlope, data.WindowCenter, data.WindowWidth = 0, 1, 128, 256
            pixels = np.full((64, 64), grey_of_series(series), "<u2")
            pixels[:, 32:] = grey_of_image(image)
            data.PixelData = pixels.tobytes()
            pydicom.dcmwrite(folder / f"{series}_{image}.dcm", data, enforce_file_format=True)
    return folder


def nearest(grey: float, levels: list[int]) -> int | None:
    """1 for the first level; None where it is none of them."""
    place = int(np.argmin([abs(grey - level) for level in levels]))
    return place + 1 if abs(grey - levels[place]) <= 12 else None


def meant(left: float, right: float) -> tuple[int | None, int | None]:
    """(series, image) that two greys stand for."""
    series = nearest(left, [grey_of_series(number) for number in range(1, SERIES + 1)])
    return series, nearest(right, [grey_of_image(number) for number in range(1, IMAGES + 1)])


def meaning_of(pixels: np.ndarray) -> tuple[int | None, int | None]:
    """(series, image) of a picture, from either side of its middle, where it lies in the pane."""
    rows, columns = pixels.shape
    across = min(rows, columns) // 5
    return meant(*(np.median(pixels[rows // 2 - 2 : rows // 2 + 2, column]) for column in (columns // 2 - across, columns // 2 + across)))


def words_below(model, box) -> tuple[int, int] | None:
    """(series, image) of the words below a picture's cells."""
    x, y, columns, rows = box
    for below in range(y + rows - 1, min(model.rows, y + rows + 3)):
        if found := _WORDS.search(model.row(below, max(0, x - 3), x + columns + 3)):
            return int(found[1]), int(found[2])
    return None


class Watched:
    """What disagrees on the screen, and since which byte."""

    def __init__(self, model, sync: bool) -> None:
        self.model, self.sync, self.wrong, self.agreed, self._since = model, sync, [], set(), {}

    def look(self, taken: int, found) -> None:
        """`found`: by place of the picture, what the picture means and what the words below it say."""
        for place, (picture, words) in found.items():
            if picture == words:
                self.agreed.add(picture)
                self._since.pop(place, None)
                continue
            since = self._since.setdefault(place, taken)
            # From image to image of one series the new words may be right behind the picture, where nothing holds the screen back.
            if self.sync or words is None or picture[0] != words[0] or taken - since > 3000:
                self.wrong.append((taken, place, picture, words))


def disagreements(model, data: bytes, sync: bool) -> Watched:
    watched = Watched(model, sync)
    known: dict[int, tuple[int | None, int | None]] = {}
    for taken in model.feed(data):
        found = {}
        for box, pixels in model.pictures:
            if id(pixels) not in known:
                known[id(pixels)] = meaning_of(pixels)
            found[box] = known[id(pixels)], words_below(model, box)
            title = model.row(0)
            if box[2] > 90 and (person := re.search(r"PERSON(\d)", title)) and int(person[1]) != known[id(pixels)][0]:
                watched.wrong.append((taken, box, known[id(pixels)], title))
        watched.look(taken, found)
    return watched


@pytest.fixture
def start(slow_terminal, told_apart):
    running = []

    def begin(*arguments, **options):
        command = [sys.executable, "-I", "-m", "tview", *arguments, str(told_apart)]
        terminal = slow_terminal(command, 50_000_000, 0.0, columns=COLUMNS, rows=ROWS, **options)
        running.append(terminal)
        terminal.wait(lambda: (terminal.words is not None and terminal.pictures) or ("blocks" in arguments and terminal.words), 40)
        return terminal

    yield begin
    for terminal in running:
        terminal.close()


def drive(terminal) -> None:
    """Two hundred changes of series, with scrolling, other windows and layouts between them."""
    for number in range(200):
        terminal.press((LEFT if number // 3 % 2 else RIGHT) + ("j" if number % 5 == 0 else "") + ("k" if number % 7 == 0 else ""))
        if number in (60, 90):
            terminal.press("b")
        if number in (120, 170):
            terminal.press("#")
        time.sleep(0.015)
    settle(terminal)


def settle(terminal) -> None:
    size = -1
    while len(terminal.seen) != size:
        size = len(terminal.seen)
        time.sleep(0.5)


@pytest.mark.parametrize("sync", [True, False], ids=["sync", "no sync"])
@pytest.mark.parametrize("path", ["kitty", "sixel"])
def test_no_picture_stands_beside_the_words_of_another(start, model_terminal, path, sync) -> None:
    terminal = start(kitty=path == "kitty", sixel=path == "sixel", sync=sync)
    drive(terminal)
    model = model_terminal(COLUMNS, ROWS)
    watched = disagreements(model, terminal.seen, sync)
    assert not watched.wrong, f"{len(watched.wrong)}: {watched.wrong[:5]}"
    assert len({series for series, _ in watched.agreed}) >= 3
    assert model.pictures


@pytest.mark.parametrize("sync", [True, False], ids=["sync", "no sync"])
def test_no_blocks_stand_beside_the_words_of_another(start, model_terminal, sync) -> None:
    terminal = start("--graphics", "blocks", kitty=False, sync=sync, environ={"COLORTERM": "truecolor"})
    terminal.press("b")
    settle(terminal)
    before = len(terminal.seen)
    for number in range(200):
        terminal.press(LEFT if number // 3 % 2 else RIGHT)
        time.sleep(0.015)
    settle(terminal)
    model, wrong, agreed = model_terminal(COLUMNS, ROWS), [], set()
    middle, across = COLUMNS // 2, 10
    for taken in model.feed(terminal.seen):
        words = next((found for y in (ROWS - 3, ROWS - 2) if (found := _WORDS.search(model.row(y)))), None)
        if taken < before or words is None:
            continue
        for y in (8, ROWS // 2, ROWS - 10):
            series, _image = meant(*(float(model.colours[y, x, 1, 0]) for x in (middle - across, middle + across)))
            if series is not None and series != int(words[1]):
                wrong.append((taken, y, series, words[0]))
            agreed.add(series)
    assert not wrong, f"{len(wrong)}: {wrong[:5]}"
    assert len(agreed - {None}) >= 3


def test_going_back_to_a_picture_sends_it_no_second_time(start, model_terminal) -> None:
    terminal = start()
    settle(terminal)
    for key in "jkjkjkjk":
        terminal.press(key)
        settle(terminal)
    model = model_terminal(COLUMNS, ROWS)
    watched = disagreements(model, terminal.seen, True)
    assert not watched.wrong
    times = [meaning_of(pixels) for pixels in model.received]
    assert len(times) == len(set(times)) == 2, times


def test_after_a_stop_the_picture_is_back(start, model_terminal) -> None:
    """Ctrl+Z and fg: the terminal is given back without a picture, and has words and picture again afterwards."""
    terminal = start()
    settle(terminal)
    shown = disagreements(first := model_terminal(COLUMNS, ROWS), terminal.seen, True)
    assert not shown.wrong and first.pictures
    terminal.process.send_signal(signal.SIGTSTP)
    time.sleep(1.0)
    stopped = terminal.seen
    assert b"\x1b[?1049l" in stopped
    terminal.process.send_signal(signal.SIGCONT)
    terminal.wait(lambda: b"\x1b[?1049h" in terminal.seen[len(stopped) :], 20)
    terminal.wait(lambda: b"a=p," in terminal.seen[len(stopped) :], 20)
    settle(terminal)
    again = model_terminal(COLUMNS, ROWS)
    assert not disagreements(again, terminal.seen, True).wrong
    assert [meaning_of(pixels) for _, pixels in again.pictures] == [meaning_of(pixels) for _, pixels in first.pictures]
