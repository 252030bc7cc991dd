"""The sheet of what lies over an image, presentation states by a key, and key images of the medium."""

import sys
from pathlib import Path

import pytest

from tview.catalog import Choice

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import over_phantom as phantom


@pytest.fixture(scope="module")
def planning(tmp_path_factory):
    return phantom.write_all(tmp_path_factory.mktemp("planning"))


async def _choose(v, *words: str) -> None:
    """Enter on the row of the sheet that has these words."""
    popup = v.screen.popup
    rows = [index for index, line in enumerate(popup._shown) if all(word in "".join(text for text, _ in line.left) for word in words)]
    assert rows, words
    popup._cursor = rows[0]
    await v.press("enter")


async def _open_sheet(v) -> None:
    await v.pilot.press("U")
    await v.until(lambda: v.screen.popup.is_open)


async def test_the_ct_opens_first_and_says_that_something_lies_over_it(viewer, planning) -> None:
    async with viewer(planning) as v:
        assert v.pane.state.series.modality == "CT"
        await v.until(lambda: v.screen.shelf.overs)
        assert "lie over this: U" in v.text()


async def test_the_sheet_switches_parts_and_the_pane_says_what_is_drawn(viewer, planning) -> None:
    async with viewer(planning) as v:
        await v.until(lambda: v.screen.shelf.overs)
        await _open_sheet(v)
        text = v.text()
        for word in (
            "Organ masks",
            "Tumour",
            "Plan A",
            "PTV",
            "60 Gy (100%)",
            "of 60 Gy prescribed",
            "ADC",
            "FINDING: Mass",
            "Segmenter, Sam",
        ):
            assert word in text, word
        await _choose(v, "Plan A")
        assert "[x] Plan A" in v.text()
        await v.press("escape")
        assert "drawn: PTV" in v.text()
        await _open_sheet(v)
        await _choose(v, "PTV")
        assert "[ ] ██ PTV" in v.text()
        await _choose(v, "take everything off")
        await v.press("escape")
        assert "drawn:" not in v.text()


async def test_the_picture_changes_with_what_is_switched_on(viewer, planning) -> None:
    async with viewer(planning) as v:
        await v.until(lambda: v.screen.shelf.overs)
        bare = v.pane.rendered.picture
        assert bare.ndim == 2
        await _open_sheet(v)
        await _choose(v, "Organ masks")
        await v.press("escape")
        assert v.pane.rendered.picture.ndim == 3


async def test_cuts_are_drawn_over_too(viewer, planning) -> None:
    async with viewer(planning) as v:
        await v.until(lambda: v.screen.shelf.overs)
        await _open_sheet(v)
        await _choose(v, "Organ masks")
        await v.press("escape", "O")
        await v.until(lambda: len(v.screen.panes) == 4 and all(pane.rendered is not None for pane in v.screen.panes))
        await v.settled()
        assert all(pane.rendered.picture.ndim == 3 for pane in v.screen.panes[:3])


async def test_a_state_is_applied_said_and_left_by_the_same_key(viewer, planning) -> None:
    async with viewer(planning, wanted=Choice(instance="11")) as v:
        await v.until(lambda: v.screen.shelf.overs)
        before = v.pane.state.view
        await v.press("backslash")
        assert "as presented: FINDING: Mass" in v.text()
        assert "Reader, Rita" in v.text()
        assert v.pane.window.shown == "150/60"
        assert v.pane.state.view.centre == pytest.approx((29.5, 47.0), abs=0.6)
        await v.press("backslash")
        assert v.pane.state.view == before
        assert "as presented" not in v.text()


async def test_a_state_ends_with_the_images_it_is_for(viewer, planning) -> None:
    async with viewer(planning, wanted=Choice(instance="12")) as v:
        await v.until(lambda: v.screen.shelf.overs)
        await v.press("backslash")
        assert "as presented" in v.text()
        await v.press("down")
        await v.until(lambda: not v.screen.shelf.applied)
        await v.settled()
        assert "as presented" not in v.text()
        assert v.pane.state.view.zoom is None


async def test_m_goes_through_the_key_images_of_the_medium(viewer, planning) -> None:
    async with viewer(planning) as v:
        await v.until(lambda: v.screen.shelf.overs)
        await v.press("M")
        assert v.pane.state.position == 3
        assert "key image: Of Interest" in v.text()
        await v.press("M")
        assert v.pane.state.position == 12
        await v.press("M")
        assert v.pane.state.position == 3


async def test_names_are_hidden_in_the_sheet_with_the_mask(viewer, planning) -> None:
    async with viewer(planning) as v:
        await v.until(lambda: v.screen.shelf.overs)
        await v.press("p")
        await _open_sheet(v)
        assert "Segmenter" not in v.text()


async def test_without_anything_over_it_the_key_says_so(viewer) -> None:
    async with viewer(Path(__file__).resolve().parents[2] / "fixtures" / "demo.iso") as v:
        await v.press("U")
        assert "lies over this image" in v.text()


async def test_the_sheet_fits_80_columns(viewer, planning) -> None:
    async with viewer(planning, size=(80, 24)) as v:
        await v.until(lambda: v.screen.shelf.overs)
        await _open_sheet(v)
        assert "Organ masks" in v.text()
        assert all(len(line) <= 80 for line in v.text().split("\n"))


async def test_a_blending_state_puts_one_series_over_the_other(viewer, tmp_path) -> None:
    for number in range(phantom.SLICES):
        phantom.ct(number).save_as(tmp_path / f"CT{number:02}", enforce_file_format=True)
        phantom.pet(number).save_as(tmp_path / f"PT{number:02}", enforce_file_format=True)
    phantom.blending().save_as(tmp_path / "PR", enforce_file_format=True)
    async with viewer(tmp_path, wanted=Choice(series="1", instance="11")) as v:
        await v.until(lambda: v.screen.shelf.overs)
        assert v.pane.state.series.modality == "CT"
        await v.press("backslash")
        assert "as presented: FUSED" in v.text()
        rendered = v.pane.rendered
        x, y = rendered.placement.to_picture((-10 + 96) / 3 + 0.5, (20 + 120) / 3 + 0.5)
        red, green, blue = (int(value) for value in rendered.picture[int(y), int(x)])
        assert red > green + 60
        assert green == blue
        await v.press("backslash")
        assert v.pane.rendered.picture.ndim == 2


async def test_what_is_of_another_patient_is_said_before_and_while_it_is_drawn(viewer, tmp_path) -> None:
    for number in range(phantom.SLICES):
        phantom.ct(number).save_as(tmp_path / f"CT{number:02}", enforce_file_format=True)
    other = phantom.structures()
    other.PatientID = "P2"
    other.save_as(tmp_path / "RS", enforce_file_format=True)
    async with viewer(tmp_path) as v:
        await v.until(lambda: v.screen.shelf.overs)
        await _open_sheet(v)
        assert "ANOTHER PATIENT ID" in v.text()
        await _choose(v, "Plan A")
        await v.press("escape")
        assert "of ANOTHER PATIENT ID" in v.text()


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [("PatientName", "OTHER^NAME", "ANOTHER PATIENT NAME"), ("PatientBirthDate", "19610101", "ANOTHER BIRTH DATE")],
)
async def test_a_state_of_another_person_says_so_while_it_is_applied(viewer, tmp_path, field, value, told) -> None:
    """The number alone is not the person: two hospitals give the same one."""
    for number in range(phantom.SLICES):
        phantom.ct(number).save_as(tmp_path / f"CT{number:02}", enforce_file_format=True)
    other = phantom.presentation()
    setattr(other, field, value)
    other.save_as(tmp_path / "PR", enforce_file_format=True)
    async with viewer(tmp_path, wanted=Choice(instance="11")) as v:
        await v.until(lambda: v.screen.shelf.overs)
        assert told not in v.text()
        await v.press("backslash")
        assert f"of {told}" in v.text()
        await _open_sheet(v)
        assert told in v.text()


async def test_a_name_written_in_other_letters_is_the_same_person(viewer, tmp_path) -> None:
    for number in range(phantom.SLICES):
        phantom.ct(number).save_as(tmp_path / f"CT{number:02}", enforce_file_format=True)
    other = phantom.presentation()
    other.PatientName = "Phantom^Over^"
    other.save_as(tmp_path / "PR", enforce_file_format=True)
    async with viewer(tmp_path, wanted=Choice(instance="11")) as v:
        await v.until(lambda: v.screen.shelf.overs)
        await v.press("backslash")
        assert "as presented" in v.text() and "ANOTHER" not in v.text()
