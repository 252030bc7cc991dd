"""The page of data elements, with pydicom as the other reader of the same files."""

import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from tview.dicom import read_header
from tview.ui.tag_rows import differs, pairs_of, placed_elements, whole_value

LONG = "word " * 200


def header_of(path):
    data = path.read_bytes()
    return read_header(lambda offset, length: data[offset : offset + length], len(data))


def nested(depth: int) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodeMeaning = f"C{depth}", f"meaning {depth}"
    if depth:
        item.ConceptNameCodeSequence = Sequence([nested(depth - 1), nested(depth - 1)])
    return item


@pytest.fixture
def pair(stack):
    """Three images with nested sequences, a long text, and a comment that only the second has."""
    folder = stack(count=3, ImageComments=LONG, ProcedureCodeSequence=Sequence([nested(2)]))
    for path in folder.iterdir():
        data = pydicom.dcmread(path)
        data.ProtocolName = f"protocol {data.InstanceNumber}"
        if data.InstanceNumber == 2:
            data.AdditionalPatientHistory = "only here"
        data.save_as(path)
    return folder


def test_every_place_is_the_one_pydicom_finds_there(pair) -> None:
    path = sorted(pair.iterdir())[0]
    data = pydicom.dcmread(path)
    placed = placed_elements(header_of(path))
    for one in placed:
        at = data
        if one.path[0] >> 16 == 2:
            at = data.file_meta
        for step, below in zip(one.path[:-1:2], one.path[1::2], strict=False):
            at = at[step].value[below - 1]
        if len(one.path) % 2:
            assert one.path[-1] in at
            if one.element.vr in ("LO", "SH", "LT", "ST", "UT", "CS"):
                value = at[one.path[-1]].value
                assert whole_value(one) == (value.strip() if isinstance(value, str) else "\\".join(value))
    nested_rows = [one for one in placed if one.path[0] == 0x00081032]
    assert len(nested_rows) == 1 + 1 + 3 + 2 * (1 + 3) + 4 * (1 + 2)
    whole = next(one for one in placed if one.element.number == 0x00204000)
    assert whole_value(whole) == LONG.strip() and len(whole.element.value) < 300


def test_what_differs_is_what_was_made_to_differ(pair) -> None:
    first, second = (placed_elements(header_of(path)) for path in sorted(pair.iterdir())[:2])
    unlike = {pair.either.element.number for pair in pairs_of(first, second) if differs(pair)}
    assert unlike == {0x00020003, 0x00080018, 0x001021B0, 0x00181030, 0x00200013, 0x00200032, 0x7FE00010} or unlike == {
        0x00020003, 0x00080018, 0x001021B0, 0x00181030, 0x00200013, 0x00200032,
    }  # fmt: skip


async def test_sequences_fold_and_values_open_whole(viewer, pair) -> None:
    async with viewer(pair) as v:
        await v.pilot.press("T")
        await v.until(lambda: v.screen.page.is_open)
        await v.until(lambda: "Data elements of Se 1 Im 2" in v.text() and "SOP Class UID" in v.text() and "meaning 0" in v.text())
        await v.pilot.press("z")
        await v.pilot.pause()
        assert "meaning 0" not in v.text() and "Procedure Code Sequence" in v.text()
        await v.pilot.press("slash", *"meaning 1", "enter")
        await v.pilot.pause()
        assert "meaning 1" in v.text()
        await v.pilot.press("escape", "slash", *"image comments", "enter", "enter")
        await v.pilot.pause()
        assert v.text().count("word word word") > 5
        await v.pilot.press("escape", "escape")
        await v.pilot.pause()
        assert not v.screen.page.is_open and v.app.focused is v.pane


async def test_two_images_stand_side_by_side(viewer, pair) -> None:
    async with viewer(pair) as v:
        await v.pilot.press("T", "c")
        await v.until(lambda: "Im 2  |  Se 1 Im 1" in v.text())
        await v.pilot.press("d")
        await v.pilot.pause()
        text = v.text()
        assert "protocol 2" in text and "protocol 1" in text and "only here" in text and "(not there)" in text
        assert "Study Description" not in text and "≠" in text
        await v.pilot.press("down", "down", "down", "down", "enter")
        await v.pilot.pause()
        assert "    < " in v.text() and "    > " in v.text()
        await v.pilot.press("c")
        await v.until(lambda: "Im 2  |  Se 1 Im 3" in v.text())
        await v.pilot.press("c")
        await v.until(lambda: "Data elements of Se 1 Im 2" in v.text())


async def test_a_value_is_copied_by_its_key_only_and_not_under_the_mask(viewer, pair) -> None:
    async with viewer(pair) as v:
        copied = []
        v.app.copy_to_clipboard = copied.append
        await v.pilot.press("T", "slash", *"patient id", "enter")
        assert copied == []
        await v.pilot.press("y")
        await v.pilot.pause()
        assert copied == ["P1"] and "copied: P1" in v.row(-1)
        await v.pilot.press("p", "y")
        await v.pilot.pause()
        assert copied == ["P1"] and "names are hidden" in v.row(-1) and "(hidden)" in v.text()


async def test_it_works_at_80x24(viewer, pair) -> None:
    async with viewer(pair, size=(80, 24)) as v:
        await v.pilot.press("T", "c", "d")
        await v.until(lambda: "protocol 1" in v.text())
        assert "protocol 2" in v.text() and "Esc closes" in v.text() and "X, P1" not in v.text()
