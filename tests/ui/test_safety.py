"""What a reader relies on, on the screen: order, sides, millimetres, values, marks, and whose picture it is.

Each case is made here, by hand-written numbers; where the shared hostile corpus is at hand its files of the same name go through too.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pydicom
import pytest

from tview.settings import Settings

SIZES = ((80, 24), (132, 43))
LABEL = "not a medical device"
STATES = ("full", "no names", "none")
OPPOSITE = dict(zip("RLAPHF", "LRPAFH", strict=True))
ORIENTATIONS = {
    "AX": ([1, 0, 0, 0, 1, 0], "L", "P"),
    "AXFLIP": ([-1, 0, 0, 0, 1, 0], "R", "P"),
    "SAG": ([0, 1, 0, 0, 0, -1], "P", "F"),
    "COR": ([1, 0, 0, 0, 0, -1], "L", "F"),
    "OBL": ([0.7071068, 0.7071068, 0, 0, 0, -1], "LP", "F"),
}
"""Image Orientation (Patient), and where the right and the lower edge look, by hand (PS3.3 C.7.6.2.1.1)."""


@pytest.fixture(scope="session")
def hostile(tmp_path_factory):
    """The ``safe_*`` cases of the shared corpus; None where it is not on this machine."""
    shared = Path(os.environ.get("TVIEW_SHARED", Path(__file__).parents[3] / "shared"))
    maker = shared / "tools" / "hostile" / "make_corpus.py"
    if not maker.exists():
        return None
    out = tmp_path_factory.mktemp("hostile")
    subprocess.run([sys.executable, str(maker), str(out), "--only", "safe_"], check=True, capture_output=True)
    return out


def rewrite(path: Path, *missing: str, **values: object) -> None:
    """Other values in a file, or none."""
    data = pydicom.dcmread(path)
    for keyword, value in values.items():
        setattr(data, keyword, value)
    for keyword in missing:
        if keyword in data:
            delattr(data, keyword)
    data.save_as(path)


@pytest.fixture(params=("own", "hostile"))
def case(request, stack, hostile):
    """`case(name)`: the folder of a case, made here or the hostile corpus's own."""

    def own(name: str) -> Path:
        if name == "safe_order":
            folder = stack(name, count=10)
            for index, path in enumerate(sorted(folder.iterdir())):
                rewrite(path, InstanceNumber=(index * 7) % 10 + 1)
        elif name == "safe_gap":
            folder = stack(name, count=12)
            for index in (4, 5):
                sorted(folder.iterdir())[index if index == 4 else 4].unlink()
        elif name == "safe_two_patients":
            folder = stack(name, count=3, patient="A")
            for path in stack("other", count=3, patient="B", study="1.2.3.9", number=2).iterdir():
                path.rename(folder / path.name)
        elif name == "safe_orient":
            folder = stack(name, count=6)
            for path, orientation in zip(sorted(folder.iterdir()), (*ORIENTATIONS.items(), None), strict=True):
                if orientation is None:
                    rewrite(path, "ImageOrientationPatient", "ImagePositionPatient")
                    path.rename(folder / "NONE")
                else:
                    rewrite(path, ImageOrientationPatient=orientation[1][0])
                    path.rename(folder / orientation[0])
        elif name == "safe_spacing":
            folder = stack(name, count=4)
            aniso, imager, both, none = sorted(folder.iterdir())
            rewrite(aniso, PixelSpacing=[0.5, 1.0])
            rewrite(imager, "PixelSpacing", Modality="DX", ImagerPixelSpacing=[0.2, 0.2])
            rewrite(both, Modality="DX", ImagerPixelSpacing=[0.2, 0.2], PixelSpacing=[0.15, 0.15], PixelSpacingCalibrationType="GEOMETRY")
            rewrite(none, "PixelSpacing", Modality="XA")
            for path, called in ((aniso, "ANISO"), (imager, "IMAGER"), (both, "BOTH"), (none, "NONE")):
                path.rename(folder / called)
        else:
            rows, columns = (64, 64) if name == "safe_subtle" else (16, 16)
            values = np.full((rows, columns), 1064, "<i2")
            if name == "safe_subtle":
                values[24:40, 24:40] = 1067
                more = {"RescaleIntercept": -1024, "WindowCenter": 40, "WindowWidth": 80}
            else:
                values[:8], values[8:] = 0, 4095
                more = {"PhotometricInterpretation": "MONOCHROME1", "PixelRepresentation": 0}
            folder = stack(name, count=1, size=(rows, columns))
            rewrite(next(folder.iterdir()), PixelData=values.tobytes(), **more)
            next(folder.iterdir()).rename(folder / "I0")
        return folder

    def made(name: str) -> Path:
        if request.param == "own":
            return own(name)
        if hostile is None:
            pytest.skip("the hostile corpus is not on this machine (TVIEW_SHARED)")
        return hostile / name

    return made


async def test_54_slices_stand_by_position_whatever_their_numbers(viewer, case) -> None:
    async with viewer(case("safe_order")) as v:
        await v.press("g")
        seen = [v.pane.shown.frame.description.geometry.position_mm]
        for _ in range(9):
            await v.press("j")
            seen.append(v.pane.shown.frame.description.geometry.position_mm)
        assert seen in ([5.0 * index for index in range(10)], [5.0 * index for index in range(9, -1, -1)])
        assert "[10 of 10]" in v.text()


@pytest.mark.parametrize("size", SIZES)
async def test_55_a_gap_is_named_at_its_place(viewer, case, size) -> None:
    async with viewer(case("safe_gap"), size=size) as v:
        await v.press("g", "j", "j", "j")
        assert "[4 of 10, 1 gap: 10 of 12 here]" in v.text() and "15 mm to the next" in v.text()
        await v.press("j")
        assert "15 mm from the last" in v.text()
        await v.press("j")
        assert "1 gap" in v.text() and "15 mm" not in v.text()


@pytest.mark.parametrize("size", (*SIZES, (100, 30)))
async def test_56_several_patients_are_said_and_never_one_series(viewer, case, size) -> None:
    async with viewer(case("safe_two_patients"), size=size) as v:
        assert "2 PERSONS" in v.row(0)
        facts = v.pane.shown.facts
        for said in (facts.patient_name, facts.patient_id, facts.birth_date or "born ", facts.sex or "sex "):
            assert said in v.row(0), said
        for patient in v.screen.catalog.patients:
            assert [series.image_count for study in patient.studies for series in study.series] == [3]


async def test_57_monochrome1_draws_0_white_and_the_probe_says_0(viewer, case) -> None:
    async with viewer(case("safe_mono1")) as v:
        picture, hole = v.pane.rendered.picture, v.pane.screen_hole
        middle = picture.shape[1] // 2
        assert picture[picture.shape[0] // 4, middle] >= 250 and picture[3 * picture.shape[0] // 4, middle] <= 5
        await v.pilot.hover(offset=(hole.x + hole.width // 2, hole.y + hole.height // 4))
        await v.pilot.pause()
        assert re.search(r"\b0( |$)", v.row(-2).split("  ")[0] + " " + v.row(-2)) and "4095" not in v.row(-2)
        await v.pilot.hover(offset=(hole.x + hole.width // 2, hole.y + 3 * hole.height // 4))
        await v.pilot.pause()
        assert "4095" in v.row(-2)


def turned(edges: dict[str, str], key: str) -> dict[str, str]:
    """The letters after a key, as a sheet of paper is turned in the hand."""
    ways = {
        "h": {"left": "right", "right": "left", "top": "top", "bottom": "bottom"},
        "v": {"left": "left", "right": "right", "top": "bottom", "bottom": "top"},
        "r": {"top": "left", "right": "top", "bottom": "right", "left": "bottom"},
        "R": {"top": "right", "left": "top", "bottom": "left", "right": "bottom"},
    }[key]
    return {edge: edges[comes_from] for edge, comes_from in ways.items()}


async def test_58_letters_follow_every_flip_and_turn(viewer, case, request) -> None:
    seen = set()
    size = SIZES["hostile" in request.node.name]
    async with viewer(case("safe_orient"), size=size) as v:
        places = [(series, stack) for study in v.screen.studies for series in study.series for stack in series.stacks]
        for series, stack in places:
            for position in range(len(stack.instances)):
                v.screen.open_series(series, stack, position)
                await v.press("backspace")
                name = Path(stack.instances[position].path).name
                seen.add(name)
                edges = dict.fromkeys(("left", "right", "top", "bottom"), "")
                if name != "NONE":
                    _orientation, right, bottom = ORIENTATIONS[name]
                    negated = "".join(OPPOSITE[letter] for letter in right), "".join(OPPOSITE[letter] for letter in bottom)
                    edges = {"left": negated[0], "right": right, "top": negated[1], "bottom": bottom}
                for key in ("", "r", "r", "r", "h", "R", "v", "r", "h"):
                    if key:
                        await v.press(key)
                        edges = turned(edges, key)
                    letters = dict(zip(("left", "right", "top", "bottom"), v.pane.shown.facts.letters, strict=True))
                    assert {edge: set(letter) for edge, letter in letters.items()} == {edge: set(text) for edge, text in edges.items()}, (
                        name,
                        key,
                    )
                    rows = v.text().split("\n")
                    pane = v.pane.region
                    assert rows[pane.y + 1][pane.x : pane.right].strip() == letters["top"]
                    assert rows[pane.bottom - 3][pane.x : pane.right].strip() == letters["bottom"]
                    hole = v.pane.screen_hole
                    beside = rows[hole.y + hole.height // 2]
                    assert beside[pane.x : hole.x].strip() == letters["left"] and beside[hole.right :].strip() == letters["right"]
    assert seen == {*ORIENTATIONS, "NONE"}


async def test_59_millimetres_only_where_they_are(viewer, case) -> None:
    wanted = {"ANISO": (10.0, "mm", ""), "IMAGER": (2.0, "mm", "at detector"), "BOTH": (1.5, "mm", "GEOMETRY"), "NONE": (10.0, "px", "")}
    shapes = {}
    async with viewer(case("safe_spacing")) as v:
        for study in v.screen.studies:
            for series in study.series:
                for stack in series.stacks:
                    v.screen.open_series(series, stack, 0)
                    await v.settled()
                    name = Path(stack.instances[0].path).name
                    await v.press("d", "enter", "L", "enter", "escape")
                    length = v.screen.marks.measured[-1].quantities[0]
                    value, unit, note = wanted.pop(name)
                    assert (length.value, length.unit) == (pytest.approx(value), unit)
                    assert note in f"{length.note} {v.pane.shown.facts.scale}", name
                    down, across = v.pane.rendered.placement.scale
                    shapes[name] = across / down
                    if name == "NONE":
                        assert "size unknown" in v.text()
    assert not wanted
    assert shapes["ANISO"] / shapes["BOTH"] == pytest.approx(2, rel=0.01)  # 0.5 mm down, 1 mm across


@pytest.mark.parametrize("size", SIZES)
async def test_60_64_the_probe_says_the_stored_value_at_any_scale(viewer, stack, size) -> None:
    """The value at (x, y, z) is 1000 + x + 2 y + 3 z by construction, and the picture is smaller than the image."""
    folder = stack(count=3, size=(256, 256), start=(-128, -128, 0), RescaleType="HU", RescaleIntercept=0)
    async with viewer(folder, size=size) as v:
        assert "small findings invisible" in v.text() and "1:" in v.pane.shown.facts.zoom
        hole = v.pane.screen_hole
        read = 0
        for part_x in (0.4, 0.5, 0.55):
            for part_y in (0.2, 0.5, 0.75):
                await v.pilot.hover(offset=(int(hole.x + part_x * hole.width), int(hole.y + part_y * hole.height)))
                await v.pilot.pause()
                found = re.search(r"([LR])([\d.]+) ([AP])([\d.]+) ([HF])([\d.]+)\s+(-?\d+) HU", v.text())
                if found:
                    x, y, z = (float(found[n + 1]) * (-1 if found[n] in "RAF" else 1) for n in (1, 3, 5))
                    assert int(found[7]) == 1000 + round(x) + 2 * round(y) + 3 * z
                    read += 1
        assert read >= 6


@pytest.mark.parametrize("path", ["kitty", "placeholders", "sixel", "iterm", "blocks"])
async def test_61_three_hounsfield_are_seen_or_the_greys_are_said(viewer, case, path) -> None:
    async with viewer(case("safe_subtle"), path=path) as v:
        picture = v.pane.rendered.picture.astype(int)
        rows, columns = picture.shape[:2]
        inside, outside = picture[rows // 2, columns // 2], picture[rows // 2, columns // 2 - int(0.45 * min(rows, columns) / 2) - 4]
        assert inside - outside >= 9  # 3 HU of a window of 80 are 9.6 of 256 levels
        levels = v.screen.painter._encoder.grey_levels
        assert levels >= 101
        assert levels >= 256 or f"{levels} greys" in v.text()


@pytest.mark.parametrize("size", SIZES)
async def test_62_lossy_is_said_in_every_layout_and_state(viewer, stack, size) -> None:
    folder = stack(count=3, LossyImageCompression="01", LossyImageCompressionRatio=12)
    async with viewer(folder, size=size) as v:
        for layout in (None, "vertical_line", "vertical_line", "number_sign", "number_sign", "B"):
            if layout is not None:
                await v.press(layout)
            shown = [pane for pane in v.screen.panes if pane.shown is not None and pane.shown.facts is not None]
            for _state in STATES:
                assert v.text().count("LOSSY 12:1") == len(shown), (layout, _state)
                await v.press("i")


async def test_63_text_and_picture_agree_through_200_fast_switches(viewer, stack) -> None:
    folder = stack("one", count=3, start=(-16, -16, 0))
    for number in (2, 3, 4):
        for path in stack(f"more{number}", count=3, number=number, start=(-16, -16, 1000.0 * number)).iterdir():
            path.rename(folder / path.name)
    async with viewer(folder, size=(80, 24)) as v:
        for turn in range(200):
            await v.pilot.press("right" if turn // 3 % 2 == 0 else "left")
            shown = v.pane.shown
            if shown is not None and shown.frame is not None:
                corner = int(shown.frame.stored[0, 0])  # 1000 - 16 - 32 + 3 z
                number = max(1, round((corner - 952) / 3000)) if corner > 2000 else 1
                assert shown.facts.series_number == number == shown.request.series.series_number
                words = re.search(r"Se (\d+) Im", v.row(-3)) if turn % 4 == 0 else None
                assert words is None or int(words[1]) == v.pane.shown.facts.series_number
        await v.settled()
        assert f"Se {v.pane.state.series.series_number} Im" in v.text()


@pytest.mark.parametrize("size", SIZES)
async def test_65_nothing_is_invented(viewer, stack, size) -> None:
    folder = stack(count=1)
    silent = (
        "PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyDate", "StudyDescription", "SeriesDescription", "PixelSpacing",
        "ImageOrientationPatient", "ImagePositionPatient", "SliceThickness", "WindowCenter", "WindowWidth", "RescaleIntercept",
        "RescaleSlope", "SeriesNumber", "InstanceNumber", "FrameOfReferenceUID", "ImageType",
    )  # fmt: skip
    rewrite(next(folder.iterdir()), *silent)
    async with viewer(folder, size=size) as v:
        text = v.text()
        for said in ("name unknown", "sex unknown", "born unknown", "date unknown", "from pixels", "size unknown", "Se – Im –"):
            assert said in text, said
        assert v.pane.shown.facts.letters == ("", "", "", "")
        assert not re.search(r"\bHU\b|\bmm\b|slice at|years| y at exam", text)


@pytest.mark.parametrize("state", range(3), ids=STATES)
@pytest.mark.parametrize("size", SIZES)
async def test_66_what_has_to_be_there_is_there_in_every_state(viewer, stack, size, state) -> None:
    folder = stack(count=3, SeriesNumber=7, LossyImageCompression="01", LossyImageCompressionRatio=12, StudyDescription="Thorax")
    async with viewer(folder, size=size) as v:
        await v.press("n", *["i"] * state)
        text = v.text()
        wanted = ["2025-01-01", "Thorax", "CT", "Se 7 Im 2", "2 of 3", "W/L 400/1000", "INVERTED", "slice at H 5.0 mm", "5 mm thick"]
        wanted += ["LOSSY 12:1", LABEL, str(v.pane.shown.facts.zoom)]
        for said in wanted:
            assert said in text, said
        rows, pane, hole = text.split("\n"), v.pane.region, v.pane.screen_hole
        assert rows[pane.y + 1][pane.x :].strip() == "A" and rows[pane.bottom - 3][pane.x :].strip() == "P"
        assert re.match(r" *R .* L *$", rows[hole.y + hole.height // 2][pane.x :])
        names = ("P1", "1970-01-01", " O ")
        assert all((name in rows[0]) == (state == 0) for name in names)
        assert (state == 0) != ("names hidden" in rows[0])


@pytest.mark.parametrize("size", SIZES)
async def test_66_label_and_identity_are_on_every_screen(viewer, demo, size) -> None:
    async with viewer(demo, size=size) as v:
        for keys in (
            (),
            ("w",),
            ("T",),
            ("V",),
            ("F",),
            ("question_mark",),
            ("ctrl+p",),
            ("colon",),
            ("slash",),
            ("b",),
            ("number_sign",),
            ("B",),
        ):
            await v.pilot.press(*keys)
            await v.pilot.pause()
            assert "DEMO, ANNA" in v.row(0) and "DEMO-0001" in v.text() and "1961-04-02" in v.text(), keys
            assert LABEL in v.text(), keys
            await v.pilot.press("escape")
            await v.settled()


async def test_66_plain_words_keep_label_and_identity(viewer, demo) -> None:
    for size in SIZES:
        async with viewer(demo, size=size, settings=Settings(plain=True)) as v:
            assert LABEL in v.text() and "Anna Demo" in v.text() and "1961-04-02" in v.text()
