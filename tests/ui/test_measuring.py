"""Measuring and marking with keys, on the demo disc's CT: 0.7 mm pixels, values in HU."""

import json
from dataclasses import replace
from math import hypot

import pytest

from tview.ui.marks import Mark, quantity_rows


async def measured(v, kind: str, *keys: str):
    await v.press(kind, *keys)
    return v.screen.marks.measured[-1]


async def test_a_distance_is_in_millimetres_of_the_file(viewer, demo) -> None:
    async with viewer(demo) as v:
        await v.settled()
        mark = await measured(v, "d", "enter", *("L",) * 4, *("J",) * 3, "enter")
        assert mark.points[1] == (mark.points[0][0] + 30, mark.points[0][1] + 40)
        spacing = v.pane.shown.frame.description.geometry.spacing_mm
        length = mark.quantities[0]
        assert (length.name, length.unit) == ("length", "mm")
        assert length.value == pytest.approx(hypot(30 * spacing[0], 40 * spacing[1]))
        assert f"{length.value:.1f} mm" in v.row(-1)
        assert len(v.screen.marks_of_reader(v.pane)) > 3
        await v.press("escape", "j")
        assert v.screen.marks_of_reader(v.pane) == ()  # it stays on its image


async def test_arrows_go_as_they_point_after_turns_and_mirror(viewer, demo) -> None:
    async with viewer(demo) as v:
        await v.settled()
        await v.press("r", "h", "x")
        before = v.pane.spot
        placement = v.pane.rendered.placement
        x, y = placement.to_picture(*before)
        await v.press("right")
        after = placement.to_picture(*v.pane.spot)
        assert after[0] > x and after[1] == pytest.approx(y)


async def test_an_ellipse_has_the_values_of_its_pixels_in_hu(viewer, demo) -> None:
    async with viewer(demo) as v:
        await v.settled()
        mark = await measured(v, "e", "enter", "L", "J", "enter")
        by_name = {one.name: one for one in mark.quantities}
        frame = v.pane.shown.frame
        (top, left), (bottom, right) = mark.points
        box = frame.modality()[int(top) : int(bottom) + 1, int(left) : int(right) + 1]
        assert by_name["mean"].unit == "HU"
        assert box.min() <= by_name["min"].value <= by_name["mean"].value <= by_name["max"].value <= box.max()
        assert any("SD" in row for row in quantity_rows(mark.quantities))


async def test_a_path_ends_with_f_and_escape_takes_back_what_is_not_finished(viewer, demo) -> None:
    async with viewer(demo) as v:
        await v.settled()
        v.screen.action_measure("polyline")
        await v.press("enter", "L", "enter", "J", "enter", "f")
        assert [len(mark.points) for mark in v.screen.marks.measured] == [3]
        await v.press("enter")
        assert v.screen.marks.under_way
        await v.press("escape")
        assert not v.screen.marks.under_way and v.screen.mode == "measure"
        await v.press("escape")
        assert v.screen.mode == "" and v.pane.spot is None
        assert len(v.screen.marks.measured) == 1


async def test_measurements_are_listed_gone_to_deleted_and_saved(viewer, demo, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with viewer(demo) as v:
        await v.settled()
        await measured(v, "d", "enter", "L", "enter")
        where = v.pane.state.position
        await v.press("escape", "g")
        assert v.pane.state.position != where
        await v.press("semicolon")
        assert "distance" in v.text()
        await v.press("down", "enter")
        assert v.pane.state.position == where
        v.screen.action_save_measurements()
        saved = json.loads((tmp_path / "measurements.json").read_text())
        assert saved["measurements"][0]["kind"] == "distance"
        assert saved["measurements"][0]["sop_instance_uid"]
        pydicom = pytest.importorskip("pydicom")
        assert pydicom.dcmread(tmp_path / "measurements.dcm").Modality == "SR"
        await v.press("delete")
        assert not v.screen.marks.measured


async def test_key_images_are_marked_and_gone_to(viewer, demo) -> None:
    async with viewer(demo) as v:
        await v.settled()
        where = v.pane.state.position
        await v.press("m")
        assert "key image" in v.row(v.pane.region.bottom - 2)
        await v.press("j")
        assert "key image" not in v.row(v.pane.region.bottom - 2)
        await v.press("M")
        assert v.pane.state.position == where
        await v.press("m")
        assert not v.screen.marks.key_images


async def test_the_name_for_a_report_is_copied_on_request_only(viewer, demo) -> None:
    async with viewer(demo) as v:
        await v.settled()
        assert not v.app.clipboard
        await v.press("y")
        facts = v.pane.shown.facts
        assert v.app.clipboard == f"CT {facts.study_date} Se {facts.series_number} Im {facts.instance_number}"


async def test_a_drag_measures(viewer, demo) -> None:
    async with viewer(demo) as v:
        await v.settled()
        await v.press("d")
        hole = v.pane.screen_hole
        await v.pilot.mouse_down(offset=(hole.x + hole.width // 2, hole.y + hole.height // 2))
        await v.pilot.hover(offset=(hole.x + hole.width // 2 + 8, hole.y + hole.height // 2))
        await v.pilot.mouse_up(offset=(hole.x + hole.width // 2 + 8, hole.y + hole.height // 2))
        await v.settled()
        assert len(v.screen.marks.measured) == 1
        assert v.screen.marks.measured[0].quantities[0].value > 0


async def test_a_measurement_leads_to_its_image_wherever_that_stands_now(viewer, demo) -> None:
    async with viewer(demo) as v:
        await v.settled()
        series, stack = v.pane.state.series, v.pane.state.stack
        image = v.pane.slices[18].instance
        mark = Mark((image.source_number, image.path, 0, ""), "distance", ((1.0, 1.0), (2.0, 2.0)), (), series.key, stack.key)
        v.screen._go_to_mark(mark)
        await v.settled()
        assert v.pane.state.position == 18
        v.screen._go_to_mark(replace(mark, key=(image.source_number, image.path, 98, "")))
        await v.pilot.pause()
        assert v.pane.state.position == 18
        assert "frame 99 is not here" in v.row(-1)
        v.screen._go_to_mark(replace(mark, key=(image.source_number, image.path, 3, "coronal")))
        await v.pilot.pause()
        assert v.pane.state.position == 18
        assert "not open" in v.row(-1)


async def test_a_key_image_that_is_not_here_is_passed_over_and_said(viewer, demo) -> None:
    async with viewer(demo) as v:
        await v.settled()
        series, stack = v.pane.state.series, v.pane.state.stack
        there, absent = v.pane.slices[5].instance, v.pane.slices[7].instance
        keys = [(one.source_number, one.path, frame, "") for one, frame in ((absent, 98), (there, 0))]
        v.screen.marks.key_images = [(key, series.key, stack.key) for key in keys]
        await v.press("M")
        assert v.pane.state.position == 5
        assert "frame 99 is not here" in v.row(-1)


async def test_measurements_are_saved_with_the_image_of_their_key(viewer, demo, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with viewer(demo) as v:
        await v.settled()
        series, stack = v.pane.state.series, v.pane.state.stack
        image = v.pane.slices[30].instance
        key = (image.source_number, image.path, 0, "")
        v.screen.marks.measured = [Mark(key, "distance", ((1.0, 1.0), (2.0, 2.0)), (), series.key, stack.key)]
        v.screen.action_save_measurements()
    saved = json.loads(next(tmp_path.glob("measurements*.json")).read_text())
    assert image.sop_instance_uid in json.dumps(saved)
