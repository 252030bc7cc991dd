"""Cuts through a stack: values, letters and scale against a phantom whose value at (x, y, z) mm is 1000 + x + 2 y + 3 z."""

import numpy as np
import pytest


async def cut(v) -> None:
    """Press the key for cuts, and wait until all of the volume is there."""
    await v.pilot.press("O")
    await v.until(lambda: len(v.screen.panes) == 4)
    await v.until(lambda: v.screen.cut_panes and v.screen.cut_panes[0].slices.volume.is_complete)
    await v.settled()


def expected(frame) -> np.ndarray:
    """The phantom's values at the middles of a frame's pixels, from its geometry."""
    rows, columns = np.mgrid[: frame.rows, : frame.columns]
    points = np.array([frame.description.geometry.patient_point(r + 0.5, c + 0.5) for r, c in zip(rows.ravel(), columns.ravel())])
    return (1000 + points @ [1, 2, 3]).reshape(frame.rows, frame.columns)


def among_voxels(frame) -> np.ndarray:
    """Which pixels lie between the middles of voxels, where nothing has to be continued beyond them."""
    rows, columns = np.mgrid[: frame.rows, : frame.columns]
    points = np.array([frame.description.geometry.patient_point(r + 0.5, c + 0.5) for r, c in zip(rows.ravel(), columns.ravel())])
    inside = (points >= (-16, -16, 0)) & (points <= (15, 15, 40))
    return inside.all(axis=1).reshape(frame.rows, frame.columns)


async def test_three_planes_and_an_oblique_one_hold_the_right_values(viewer, stack) -> None:
    async with viewer(stack(count=9, spacing=5.0), size=(132, 43)) as v:
        await cut(v)
        kinds = [pane.slices.cutting.name for pane in v.screen.panes]
        assert kinds == ["axial", "coronal", "sagittal", "oblique"]
        for pane in v.screen.panes:
            frame = pane.shown.frame
            inside = among_voxels(frame)
            assert inside.mean() > 0.3
            assert np.abs(frame.modality() - expected(frame))[inside].max() <= 1.0  # rounding of the phantom, then of the cut


async def test_letters_and_scale_are_those_of_the_patient(viewer, stack) -> None:
    async with viewer(stack(count=9, spacing=5.0)) as v:
        await cut(v)
        axial, coronal, sagittal, _oblique = v.screen.panes
        assert axial.shown.facts.letters == ("R", "L", "A", "P")
        assert coronal.shown.facts.letters == ("R", "L", "H", "F")
        assert sagittal.shown.facts.letters == ("A", "P", "H", "F")
        for pane, rows, columns in ((axial, 32, 32), (coronal, 9, 32), (sagittal, 9, 32)):
            frame = pane.shown.frame
            assert (frame.rows, frame.columns) == (rows, columns)
        scale = coronal.shown.frame.description.scale
        assert (scale.row_mm, scale.column_mm) == pytest.approx((5.0, 1.0)) and scale.unit == "mm"
        placed = coronal.rendered.placement.scale
        # a cell of the terminal is twice as high as wide and holds two pixels on top of each other
        assert placed[0] / placed[1] == pytest.approx(5.0 / (getattr(v.screen.painter._encoder, "pixel_aspect", 1.0)), rel=0.1)
        assert "coronal" in v.text() and "sagittal" in v.text()


async def test_a_turned_stack_is_cut_in_the_directions_of_the_patient(viewer, stack) -> None:
    """A sagittal acquisition gives an axial cut with R at the left."""
    folder = stack(count=20, spacing=2.0, row=(0.0, 1.0, 0.0), column=(0.0, 0.0, -1.0), start=(-20.0, -16.0, 30.0))
    async with viewer(folder) as v:
        await cut(v)
        axial = v.screen.panes[0]
        assert axial.shown.facts.letters == ("R", "L", "A", "P")
        frame = axial.shown.frame
        assert (frame.rows, frame.columns) == (32, 20)
        assert np.abs(frame.modality() - expected(frame)).max() <= 1.0


async def test_the_picked_point_is_in_every_cut(viewer, stack) -> None:
    async with viewer(stack(count=9, spacing=5.0)) as v:
        await cut(v)
        await v.press("asterisk")
        assert "POINT" in v.row(-1)
        v.screen.point_to(v.screen.panes[0], 10.5, 20.5)
        await v.settled()
        (x, y, z), _frame = v.screen.point
        assert (x, y) == pytest.approx((4.0, -6.0))  # -16 + 20 columns, -16 + 10 rows of 1 mm
        _axial, coronal, sagittal, oblique = v.screen.panes
        assert coronal.shown.frame.description.geometry.position[1] == pytest.approx(y, abs=0.5)
        assert sagittal.shown.frame.description.geometry.position[0] == pytest.approx(x, abs=0.5)
        geometry = oblique.shown.frame.description.geometry
        assert sum(n * p for n, p in zip(geometry.normal, (x, y, z))) == pytest.approx(geometry.position_mm, abs=0.51)
        await v.press("right", "J")
        assert v.screen.point[0] == pytest.approx((5.0, 4.0, z))
        assert sagittal.shown.frame.description.geometry.position[0] == pytest.approx(5.0, abs=0.5)
        await v.press("asterisk")
        assert v.screen.point is None


async def test_lines_of_all_other_cuts_stand_in_each(viewer, stack) -> None:
    async with viewer(stack(count=9, spacing=5.0)) as v:
        await cut(v)
        drawn = v.screen.drawn_lines
        await v.until(lambda: len(drawn[0]) >= 2)
        axial, coronal, sagittal, _oblique = v.screen.panes
        y = coronal.shown.frame.description.geometry.position[1]
        x = sagittal.shown.frame.description.geometry.position[0]
        lines = dict(drawn[axial.number])
        assert {round(row, 3) for row, _column in lines[coronal.number]} == {round(y + 16.5, 3)}
        assert {round(column, 3) for _row, column in lines[sagittal.number]} == {round(x + 16.5, 3)}


async def test_slabs(viewer, stack) -> None:
    """Through 10 mm across z the phantom runs over 2 slices up and down: the mean is the middle, the MIP 3 * 5 more."""
    async with viewer(stack(count=9, spacing=5.0)) as v:
        await cut(v)
        axial = v.screen.panes[0]
        thin = axial.shown.frame.modality().astype(float)
        await v.press("percent_sign")
        assert "MIP 10 mm" in axial.shown.facts.cut and "10 mm thick" in v.text()
        assert np.abs(axial.shown.frame.modality() - thin - 15).max() <= 1
        await v.press("percent_sign")
        assert "MinIP 10 mm" in axial.shown.facts.cut
        assert np.abs(axial.shown.frame.modality() - thin + 15).max() <= 1
        await v.press("percent_sign")
        assert np.abs(axial.shown.frame.modality() - thin).max() <= 1
        await v.press("left_parenthesis", "left_parenthesis", "left_parenthesis", "left_parenthesis", "left_parenthesis")
        assert axial.shown.facts.cut == "axial"


async def test_a_tilted_plane_keeps_its_middle_and_is_called_oblique(viewer, stack) -> None:
    async with viewer(stack(count=9, spacing=5.0)) as v:
        await cut(v)
        axial = v.screen.panes[0]
        await v.press("apostrophe", "right", "right", "right", "right")
        frame = axial.shown.frame
        assert axial.shown.facts.cut == "oblique"
        normal = frame.description.geometry.normal
        assert abs(normal[2]) == pytest.approx(np.cos(np.radians(20)), abs=1e-6)
        inside = among_voxels(frame)
        assert np.abs(frame.modality() - expected(frame))[inside].max() <= 1.0


async def test_what_is_no_volume_is_refused_with_the_reason(viewer, stack) -> None:
    folder = stack(count=5)
    for index, z in enumerate((0.0, 5.0, 11.7, 13.0, 30.0)):
        import pydicom

        file = folder / f"1_{index:03d}.dcm"
        data = pydicom.dcmread(file)
        data.ImagePositionPatient = [-16.0, -16.0, z]
        data.save_as(file)
    async with viewer(folder) as v:
        await v.pilot.press("O")
        await v.until(lambda: "no cuts" in v.row(-1))
        assert len(v.screen.panes) == 1
        assert "mm" in v.row(-1)


async def test_the_same_key_goes_back_to_the_images(viewer, stack) -> None:
    async with viewer(stack(count=9, spacing=5.0)) as v:
        await v.press("g")
        await cut(v)
        await v.press("O")
        assert len(v.screen.panes) == 1 and v.pane.shown.facts.instance_number == 1
        assert v.pane.shown.facts.cut is None


async def test_cuts_agree_with_simpleitk(viewer, stack) -> None:
    """The oblique plane again, cut by another program out of the same files."""
    sitk = pytest.importorskip("SimpleITK")
    folder = stack(count=9, spacing=5.0)
    reader = sitk.ImageSeriesReader()
    reader.SetFileNames(sorted(reader.GetGDCMSeriesFileNames(str(folder))))
    image = sitk.Cast(reader.Execute(), sitk.sitkFloat32)
    async with viewer(folder) as v:
        await cut(v)
        for pane in v.screen.panes:
            frame = pane.shown.frame
            geometry = frame.description.geometry
            there = sitk.ResampleImageFilter()
            there.SetInterpolator(sitk.sitkLinear)
            there.SetSize((frame.columns, frame.rows, 1))
            there.SetOutputSpacing((geometry.spacing_mm[1], geometry.spacing_mm[0], 1.0))
            there.SetOutputOrigin(geometry.position)
            there.SetOutputDirection(np.array([geometry.row_direction, geometry.column_direction, geometry.normal]).T.ravel().tolist())
            there.SetDefaultPixelValue(-9999.0)
            theirs = sitk.GetArrayFromImage(there.Execute(image))[0]
            ours = frame.modality()
            both = (theirs != -9999.0) & (frame.stored != (frame.description.padding or (None,))[0])
            assert both.mean() > 0.3
            assert np.abs(ours - theirs)[both].max() <= 0.51
