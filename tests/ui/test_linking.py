"""Panes that go together, against places computed by hand."""

import pytest


def place(pane) -> float:
    """Millimetres along z of the slice that stands."""
    return pane.shown.frame.description.geometry.position[2]


async def test_two_studies_of_different_spacing_scroll_by_patient_position(viewer, stack) -> None:
    """5 mm slices from 0 to 40 beside 2 mm slices from -3 to 43 in the same frame of reference."""
    thick = stack("thick", count=9, spacing=5.0, study="1.2.3.1", date="20250301")
    thin = stack("thin", count=24, spacing=2.0, start=(-16.0, -16.0, -3.0), study="1.2.3.2", date="20240101")
    async with viewer(thick, thin) as v:
        await v.press("vertical_line")
        one, other = v.screen.panes
        assert (len(one.slices), len(other.slices)) == (9, 24)
        await v.press("g", "l")
        assert "linked: scroll" in v.row(-1) and "no shared" not in v.row(-1)
        for _step in range(9):
            assert abs(place(other) - place(one)) <= 1.0  # half the thinner spacing
            assert one.link_words == other.link_words == "linked"
            await v.press("j")
        await v.press("tab", "g")
        assert place(other) == -3.0 and place(one) == 0.0
        await v.press("J", "j", "j")  # 21 mm: nearest is 20
        assert place(other) == 21.0 and place(one) == 20.0


async def test_without_a_shared_frame_the_images_shown_are_set_beside_each_other_and_it_is_said(viewer, stack) -> None:
    one_folder = stack("one", count=9, spacing=5.0, frame="1.2.826.1", study="1.2.3.1", date="20250301")
    other_folder = stack("other", count=30, spacing=2.5, start=(-16.0, -16.0, 500.0), frame="1.2.826.2", study="1.2.3.2", date="20240101")
    async with viewer(one_folder, other_folder) as v:
        await v.press("vertical_line", "g", "tab", "g", "j", "j", "shift+tab")
        one, other = v.screen.panes
        assert (place(one), place(other)) == (0.0, 505.0)
        await v.press("l")
        assert "no shared frame of reference" in v.row(-1)
        assert other.link_words == "linked by hand"
        await v.press("j", "j")
        assert (place(one), place(other)) == (10.0, 515.0)
        await v.press("G")
        assert (place(one), place(other)) == (40.0, 545.0)
        await v.press("g")
        assert (place(one), place(other)) == (0.0, 505.0)


async def test_stacks_that_run_against_each_other_scroll_against_each_other(viewer, stack) -> None:
    """The same place, one stack with its normal to the head, the other to the feet."""
    up = stack("up", count=9, spacing=5.0, study="1.2.3.1", date="20250301")
    down = stack("down", count=9, spacing=5.0, start=(16.0, -16.0, 40.0), row=(-1.0, 0.0, 0.0), study="1.2.3.2", date="20240101")
    async with viewer(up, down) as v:
        await v.press("vertical_line", "l")
        one, other = v.screen.panes
        for key in ("g", "j", "j", "G", "k"):
            await v.press(key)
            assert place(one) == place(other)


async def test_other_planes_scroll_image_by_image(viewer, stack) -> None:
    axial = stack("axial", count=9, study="1.2.3.1", date="20250301")
    sagittal = stack("sagittal", count=9, row=(0.0, 1.0, 0.0), column=(0.0, 0.0, -1.0), study="1.2.3.2", date="20240101", number=2)
    async with viewer(axial, sagittal) as v:
        await v.press("vertical_line", "g", "l")
        one, other = v.screen.panes
        assert "image by image" in v.row(-1)
        before = other.state.position
        await v.press("j")
        assert one.state.position == 1 and other.state.position == before + 1


async def test_the_window_and_the_zoom_are_linked_by_choice(viewer, stack) -> None:
    coarse = stack("coarse", pixel=(1.0, 1.0), study="1.2.3.1", date="20250301")
    fine = stack("fine", pixel=(0.5, 0.5), size=(64, 64), study="1.2.3.2", date="20240101")
    async with viewer(coarse, fine) as v:
        await v.press("vertical_line")
        one, other = v.screen.panes
        await v.press("7")
        assert "1500" in one.shown.facts.window and "1500" not in other.shown.facts.window
        v.screen.action_link("window")
        await v.settled()
        assert "1500" in other.shown.facts.window
        v.screen.action_link("zoom")
        await v.press("plus", "plus")
        scales = [pane.rendered.placement.scale[1] / pane.shown.frame.description.geometry.spacing_mm[1] for pane in (one, other)]
        assert scales[0] == pytest.approx(scales[1], rel=0.03)  # picture pixels per millimetre


async def test_an_earlier_exam_is_found_and_put_beside(viewer, stack) -> None:
    now = stack("now", count=9, study="1.2.3.1", date="20250301", description="Thorax ax")
    old = stack("old", count=12, spacing=4.0, study="1.2.3.2", date="20230101", description="Thorax ax", start=(-16.0, -16.0, 2.0))
    stack("old", count=5, study="1.2.3.2", date="20230101", description="cor", number=7, row=(1.0, 0.0, 0.0), column=(0.0, 0.0, -1.0))
    older = stack("older", count=9, study="1.2.3.3", date="20200101", description="Thorax ax")
    stranger = stack("stranger", count=9, study="1.2.3.4", date="20240101", description="Thorax ax", patient="P2")
    async with viewer(now, old, older, stranger) as v:
        while v.pane.state.study.shown_date != "2025-03-01":
            await v.press("right_square_bracket")
        await v.press("C")
        one, other = v.screen.panes
        assert (other.shown.facts.study_date, other.shown.facts.series_number) == ("2023-01-01", 1)
        assert not one.differs
        await v.press("g", "j", "j")
        assert (place(one), place(other)) == (10.0, 10.0)


async def test_the_line_of_the_image_with_the_keys_stands_in_the_other(viewer, stack) -> None:
    """The sagittal stack's image at x = -16 + 5 i crosses the axial rows from y = -20.5 to 19.5; the axial picture has x = -16 at 0.5."""
    axial = stack("axial", count=9, study="1.2.3.1", date="20250301")
    stack(
        "axial", count=5, row=(0.0, 1.0, 0.0), column=(0.0, 0.0, -1.0), start=(0.0, -20.0, 60.0), size=(64, 40), number=2,
        study="1.2.3.1", date="20250301",
    )  # fmt: skip
    async with viewer(axial) as v:
        await v.press("vertical_line", "tab", "g")
        one, other = v.screen.panes
        x = other.shown.frame.description.geometry.position[0]
        (row1, column1), (row2, column2) = sorted(dict(v.screen.drawn_lines[0])[other.number])
        assert (column1, column2) == pytest.approx((x + 16.5, x + 16.5))
        assert (row1, row2) == pytest.approx((-20.5 + 16.5, 19.5 + 16.5))
        assert one.shown.request.layers and not other.shown.request.layers
        await v.press("underscore")
        assert not one.shown.request.layers
