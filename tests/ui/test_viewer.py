"""The viewer driven by keys and mouse: what it shows, and that words and picture belong together."""

import pytest


async def test_it_opens_at_the_middle_of_the_series_to_read_first(viewer, demo) -> None:
    async with viewer(demo) as v:
        facts = v.pane.shown.facts
        assert (facts.modality, facts.series_number, facts.positions) == ("CT", 2, 64)
        assert facts.position == 33
        assert v.app.focused is v.pane


async def test_all_that_is_always_on_screen_is_there_at_80x24(viewer, demo) -> None:
    async with viewer(demo, size=(80, 24)) as v:
        text = v.text()
        for wanted in (
            "DEMO, ANNA", "DEMO-0001", "1961-04-02", " F ", "2025-03-06", "CT Thorax", "Se 2", "33 of 64", "400/40", "slice at", "5 mm",
            "not a medical device", "small findings invisible",
        ):  # fmt: skip
            assert wanted in text, wanted
        rows = text.split("\n")
        assert rows[2].strip() == "A" and rows[-4].strip() == "P"
        assert any(row.startswith(" R ") and row.rstrip().endswith("L") for row in rows)


@pytest.mark.parametrize(
    ("keys", "position"), [(["j"], 34), (["up"], 32), (["J"], 43), (["ctrl+u"], 23), (["g"], 1), (["G"], 64), (["G", "j"], 64)]
)
async def test_scrolling(viewer, demo, keys, position) -> None:
    async with viewer(demo) as v:
        await v.press(*keys)
        assert v.pane.shown.facts.position == position


async def test_numbers_and_picture_come_from_the_same_object(viewer, demo) -> None:
    async with viewer(demo) as v:
        for key in ["right", "j", "left", "k", "right", "right", "j", "left"] * 3:
            await v.pilot.press(key)
            shown = v.pane.shown
            if shown is not None and shown.frame is not None:
                facts = shown.facts
                slices = shown.request.stack.instances
                assert facts.series_number == shown.request.series.series_number
                assert facts.instance_number in {instance.instance_number for instance in slices}
        await v.settled()
        assert v.pane.shown.request.series.key == v.pane.state.series.key


async def test_going_to_an_image_as_a_report_names_it(viewer, demo) -> None:
    async with viewer(demo) as v:
        await v.pilot.press("colon", *"2/50", "enter")
        await v.settled()
        assert v.pane.shown.facts.instance_number == 50
        await v.pilot.press("colon", *"99/1", "enter")
        await v.pilot.pause()
        assert "no series 99" in v.row(-1)


async def test_window_presets_carry_their_names(viewer, demo) -> None:
    async with viewer(demo) as v:
        await v.press("7")
        assert "1500/-600 lung [7]" in v.text() and "file 400/40" in v.text()
        await v.press("2")
        assert "1500/-600" in v.pane.shown.facts.window
        await v.press("0")
        assert "full range" in v.text()
        await v.press("1")
        assert "400/40" in v.pane.shown.facts.window


async def test_window_by_keys_and_by_dragging(viewer, demo) -> None:
    async with viewer(demo) as v:
        await v.press("w", "right")
        assert v.pane.window.width == 408
        assert "WINDOW" in v.row(-1) and "Esc" in v.row(-1)
        await v.press("up")
        assert v.pane.window.center == 48
        await v.press("escape")
        assert v.screen.mode == ""
        await v.press("w")
        hole = v.pane.screen_hole
        before = v.pane.window
        await v.pilot.mouse_down(offset=(hole.x + 20, hole.y + 10))
        await v.pilot.hover(offset=(hole.x + 25, hole.y + 10))
        await v.pilot.mouse_up(offset=(hole.x + 25, hole.y + 10))
        await v.settled()
        assert v.pane.window.width > before.width


async def test_presets_are_refused_with_the_reason_where_they_make_no_sense(viewer, demo) -> None:
    async with viewer(demo) as v:
        await v.pilot.press("colon", *"1/1", "enter")
        while v.pane.state.series.modality != "US":
            await v.press("right_square_bracket")
        await v.pilot.press("7")
        await v.pilot.pause()
        assert "colour" in v.row(-1)


async def test_letters_follow_mirror_flip_and_turns(viewer, demo) -> None:
    async with viewer(demo) as v:
        assert v.pane.shown.facts.letters == ("R", "L", "A", "P")
        await v.press("h")
        assert v.pane.shown.facts.letters == ("L", "R", "A", "P")
        assert "MIRRORED" in v.text()
        await v.press("v")
        assert v.pane.shown.facts.letters == ("L", "R", "P", "A")
        await v.press("backspace", "r")
        assert v.pane.shown.facts.letters == ("P", "A", "R", "L")
        await v.press("r", "r", "r")
        assert v.pane.shown.facts.letters == ("R", "L", "A", "P")


async def test_zoom_pan_fit_one_to_one(viewer, demo) -> None:
    async with viewer(demo) as v:
        fitted = v.pane.rendered.placement.scale
        await v.press("plus")
        assert v.pane.rendered.placement.scale[1] == pytest.approx(fitted[1] * 1.25, rel=0.05)
        await v.press("equals_sign")
        assert v.pane.shown.facts.zoom == "1:1"
        centre = v.pane.rendered.placement.to_image(0, 0)
        await v.press("t", "right")
        assert v.pane.rendered.placement.to_image(0, 0)[1] < centre[1] or v.pane.rendered.placement.to_image(0, 0)[1] > centre[1]
        await v.press("escape", "f")
        assert v.pane.rendered.placement.scale == fitted


async def test_invert_is_marked(viewer, demo) -> None:
    async with viewer(demo) as v:
        await v.press("n")
        assert "INVERTED" in v.text()
        await v.press("n")
        assert "INVERTED" not in v.text()


async def test_the_mask_hides_names_and_says_what_it_does_not_hide(viewer, demo) -> None:
    async with viewer(demo) as v:
        await v.pilot.press("p")
        await v.pilot.pause()
        text = v.text()
        assert "DEMO, ANNA" not in text and "DEMO-0001" not in text and "names hidden" in text
        assert "burned into a picture" in text


async def test_series_and_studies_by_keys_and_from_the_tree(viewer, demo) -> None:
    async with viewer(demo) as v:
        first = v.pane.state.series.key
        await v.press("right_square_bracket")
        assert v.pane.state.series.key != first
        await v.press("left_square_bracket")
        assert v.pane.state.series.key == first
        await v.pilot.press("tab", "home", "down", "down", "enter")
        await v.settled()
        assert v.app.focused is v.pane


async def test_the_tree_shows_everything_and_other_files(viewer, demo) -> None:
    async with viewer(demo) as v:
        assert "Other files" in v.text()
        await v.pilot.press("tab", "end", "enter")
        await v.pilot.pause()
        assert "README.TXT" in v.text()


async def test_a_report_says_what_it_is(viewer, demo) -> None:
    async with viewer(demo) as v:
        for _ in range(12):
            if v.pane.state.series.modality == "SR":
                break
            await v.press("right")
        assert "SR" in v.text() and "T shows its data elements" in v.text()
        assert "DEMO, ANNA" in v.row(0)


async def test_keys_palette_findings_and_elements_open_and_close(viewer, demo) -> None:
    async with viewer(demo) as v:
        for key, wanted in (("question_mark", "next image"), ("ctrl+p", "Actions"), ("F", "What is wrong"), ("T", "Patient's Name")):
            await v.pilot.press(key)
            await v.pilot.pause()
            await v.until(lambda wanted=wanted: wanted in v.text())
            await v.pilot.press("escape")
            await v.pilot.pause()
            assert not v.screen.popup.is_open and not v.screen.page.is_open and v.app.focused is v.pane


async def test_the_palette_finds_and_runs_any_action(viewer, demo) -> None:
    async with viewer(demo) as v:
        await v.pilot.press("ctrl+p", *"negative", "enter")
        await v.settled()
        assert v.pane.state.view.invert


async def test_cine_plays_and_stops(viewer, demo) -> None:
    async with viewer(demo) as v:
        before = v.pane.state.position
        await v.pilot.press("space")
        await v.until(lambda: v.pane.state.position >= before + 3)
        assert "playing" in v.row(-1)
        await v.pilot.press("space")
        await v.pilot.pause()
        assert v.screen.cine_timer is None


async def test_too_small_a_terminal_says_so_and_recovers(viewer, demo) -> None:
    async with viewer(demo, size=(132, 43)) as v:
        await v.pilot.resize_terminal(20, 5)
        await v.pilot.pause()
        assert "too small" in v.text()
        await v.pilot.resize_terminal(132, 43)
        await v.settled()
        assert "33 of 64" in v.text()


async def test_two_patients_are_said(viewer, small) -> None:
    async with viewer(small / "two-patients") as v:
        assert "2 PERSONS" in v.row(0)


async def test_a_missing_file_is_counted_where_the_images_are(viewer, small) -> None:
    async with viewer(small / "missing-file.iso") as v:
        assert "missing" in v.text()


async def test_a_truncated_image_shows_its_rows_and_says_so(viewer, small) -> None:
    async with viewer(small / "truncated.dcm") as v:
        assert "PARTIAL" in v.text()


async def test_a_folder_without_dicom_is_no_empty_screen(viewer, tmp_path) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(100))
    async with viewer(tmp_path, ready=False) as v:
        await v.until(lambda: "no pictures" in v.text())
        assert "photo.jpg" in v.text() or "1 other file" in v.text() or "Other files" in v.text()


async def test_probe_reads_stored_values_under_the_mouse(viewer, demo) -> None:
    async with viewer(demo) as v:
        hole = v.pane.screen_hole
        await v.pilot.hover(offset=(hole.x + hole.width // 2, hole.y + hole.height // 2))
        await v.pilot.pause()
        assert "HU" in v.row(-2)


async def test_quitting(viewer, demo) -> None:
    async with viewer(demo) as v:
        await v.pilot.press("q")
    assert v.app.return_code == 0


async def test_the_value_under_the_mouse_follows_the_image(viewer, demo) -> None:
    async with viewer(demo) as v:
        hole = v.pane.screen_hole
        await v.pilot.hover(offset=(hole.x + hole.width // 2, hole.y + hole.height // 2))
        await v.pilot.pause()
        before = v.row(-2)
        await v.press("j", "j")
        assert "HU" in before and v.row(-2).split("slice")[0] != before.split("slice")[0]


async def test_missing_files_keep_their_places_in_the_count(viewer, tmp_path) -> None:
    """A DICOMDIR promises three images; the second is not there: the third stays the third, and the hole is said beside it."""
    import shutil
    from pathlib import Path

    source = Path(__file__).resolve().parents[2] / "fixtures" / "small" / "dicomdir"
    shutil.copytree(source, tmp_path / "disc")
    (tmp_path / "disc" / "IMAGES" / "IM000002").unlink()
    async with viewer(tmp_path / "disc") as v:
        await v.press("G")
        assert "[3 of 3, 1 missing]" in v.text() and "missing before: 2" in v.text()
        await v.pilot.press("colon", "2", "enter")
        await v.pilot.pause()
        assert "listed" in v.row(-1) and "not there" in v.row(-1)


async def test_a_gap_is_said_where_it_is(viewer, tmp_path) -> None:
    import shutil
    from pathlib import Path

    import pydicom

    small = Path(__file__).resolve().parents[2] / "fixtures" / "small" / "series"
    data = pydicom.dcmread(small / "CT000001.dcm")
    uid = data.SOPInstanceUID
    for number in (*range(1, 7), *range(12, 18)):
        data.InstanceNumber = number
        data.SOPInstanceUID = data.file_meta.MediaStorageSOPInstanceUID = f"{uid}.{number}"
        data.ImagePositionPatient = [0, 0, 5.0 * number]
        data.save_as(tmp_path / f"{number}.dcm")
    shutil.rmtree(tmp_path / "none", ignore_errors=True)
    async with viewer(tmp_path) as v:
        await v.press("g", "j", "j", "j", "j", "j")
        assert "1 gap" in v.text() and "30 mm to the next" in v.text()
        await v.press("j")
        assert "30 mm from the last" in v.text()


async def test_a_series_is_found_again_as_it_was_left(viewer, demo) -> None:
    async with viewer(demo) as v:
        await v.press("J", "7", "left", "right")
        assert v.pane.shown.facts.position == 43 and "lung" in v.pane.shown.facts.window


async def test_going_to_a_frame(viewer, demo) -> None:
    async with viewer(demo) as v:
        while v.pane.state.series.modality != "US":
            await v.press("right_square_bracket")
        await v.pilot.press("colon", *"1/1/5", "enter")
        await v.settled()
        assert v.pane.shown.facts.frame == 5 and "frame 5 of 20" in v.text()
        assert "20 frames  1" in v.text()


async def test_saving_writes_one_file_without_a_name(viewer, demo, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with viewer(demo) as v:
        await v.pilot.press("S")
        await v.until(lambda: "saved" in v.row(-1))
        assert [file.name for file in tmp_path.iterdir()] == ["se0002_im0033.png"]
        while v.pane.state.series.modality != "US":
            await v.press("right_square_bracket")
        await v.pilot.press("S")
        await v.until(lambda: v.screen.popup.is_open)
        assert "burned into" in v.text() and "ultrasound" in v.text()
        await v.pilot.press("escape")
        assert len(list(tmp_path.iterdir())) == 1
        await v.pilot.press("S", "down", "enter")
        await v.until(lambda: "not saved" in v.row(-1))
        assert len(list(tmp_path.iterdir())) == 1
        await v.pilot.press("S", "enter")
        await v.until(lambda: "saved" in v.row(-1) and "not saved" not in v.row(-1))
        assert len(list(tmp_path.iterdir())) == 2


async def test_text_files_of_the_disc_can_be_read(viewer, demo) -> None:
    async with viewer(demo) as v:
        await v.pilot.press("tab", "end", "enter", "end", "up", "up", "enter")
        await v.until(lambda: v.screen.page.is_open)
        assert "README.TXT" in v.text()


async def test_the_mask_holds_in_tree_and_elements(viewer, small) -> None:
    async with viewer(small / "two-patients") as v:
        names = [patient.shown_name for patient in v.screen.catalog.patients]
        await v.pilot.press("p", "T")
        await v.until(lambda: v.screen.page.is_open)
        assert not any(name in v.text() for name in names)
        await v.pilot.press("escape", "i")
        await v.pilot.pause()
        assert not any(name.split(",")[0] in v.row(0) for name in names)


async def test_the_window_stays_on_screen_beside_an_open_tree_at_80x24(viewer, demo) -> None:
    async with viewer(demo, size=(80, 24)) as v:
        await v.press("b")
        assert "W/L 400/40" in v.text() and "33 of 64" in v.text() and "Other files" in v.text()
