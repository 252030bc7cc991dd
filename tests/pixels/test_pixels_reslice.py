"""Cuts through volumes: values and places by hand, and against SimpleITK where it is installed."""

from dataclasses import replace
from math import cos, radians, sin
from pathlib import Path

import numpy as np
import pytest

from tview.errors import PixelError
from tview.pixels import (
    Geometry,
    Plane,
    View,
    Volume,
    Window,
    face,
    face_count,
    face_index,
    letters,
    plan_volume,
    plane_through,
    render_native,
    reslice,
)

AXIAL = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0))
TILT = radians(20)


def turned(degrees=(25, -10, 40)):
    """A rotation, as the two directions of a head held at an angle."""
    a, b, c = (radians(angle) for angle in degrees)
    x = np.array([[1, 0, 0], [0, cos(a), -sin(a)], [0, sin(a), cos(a)]])
    y = np.array([[cos(b), 0, sin(b)], [0, 1, 0], [-sin(b), 0, cos(b)]])
    z = np.array([[cos(c), -sin(c), 0], [sin(c), cos(c), 0], [0, 0, 1]])
    return z @ y @ x


@pytest.fixture
def volume_of(make):
    def build(values, directions=AXIAL, spacing=(2.0, 0.5, 0.8), step=None, missing=(), rows_present=(), origin=(-20, 7, 100), **facts):
        row, column = (tuple(map(float, direction)) for direction in directions)
        step = np.cross(row, column) * spacing[0] if step is None else np.array(step)
        frames = []
        for number, stored in enumerate(values):
            place = tuple(float(part) for part in np.array(origin) + number * step)
            where = Geometry(position=place, row_direction=row, column_direction=column, spacing_mm=spacing[1:])
            frames.append(make.frame_of(stored, geometry=where, **facts))
        volume = Volume(plan_volume([frame.description for frame in frames]))
        for number, frame in enumerate(frames):
            if number not in missing:
                volume.put(number, replace(frame, rows_present=dict(rows_present).get(number, frame.rows)))
        return volume

    return build


def digits(shape=(4, 5, 6), dtype=np.int16):
    s, r, c = np.indices(shape)
    return (100 * s + 10 * r + c).astype(dtype)


def smooth(shape=(30, 40, 50), dtype=np.int16):
    s, r, c = np.indices(shape)
    made = 900 * np.sin(s / 5) + 700 * np.cos(r / 7) + 300 * np.sin(c / 3) * np.cos(s / 4)
    return made.astype(dtype)


def test_faces_of_an_axial_stack(volume_of):
    """Slices go from the feet up, so coronal and sagittal cuts begin with the last one."""
    values = digits()
    volume = volume_of(values)
    assert [face_count(volume.grid, name) for name in ("axial", "coronal", "sagittal")] == [4, 5, 6]
    assert (reslice(volume, face(volume.grid, "axial", 0)).stored == values[3]).all()
    assert (reslice(volume, face(volume.grid, "coronal", 2)).stored == values[::-1, 2, :]).all()
    assert (reslice(volume, face(volume.grid, "sagittal", 1)).stored == values[::-1, :, 1]).all()


@pytest.mark.parametrize(
    ("name", "left_right_top_bottom", "spacing", "position"),
    [
        ("axial", "RLAP", (0.5, 0.8), (-20, 7, 106)),
        ("coronal", "RLHF", (2.0, 0.8), (-20, 7, 106)),
        ("sagittal", "APHF", (2.0, 0.5), (-20, 7, 106)),
    ],
)
def test_faces_have_letters_places_and_millimetres(volume_of, name, left_right_top_bottom, spacing, position):
    frame = reslice(volume_of(digits()), face(volume_of(digits()).grid, name, 0))
    shown = letters(frame.description.geometry)
    assert shown.left + shown.right + shown.top + shown.bottom == left_right_top_bottom
    assert frame.description.geometry.plane == name
    assert (frame.description.scale.row_mm, frame.description.scale.column_mm) == pytest.approx(spacing)
    assert frame.description.pixel_aspect == pytest.approx(spacing[0] / spacing[1])
    assert frame.description.geometry.patient_point(0.5, 0.5) == pytest.approx(position)


def test_faces_of_a_sagittal_stack(volume_of):
    """Rows run to the back, columns to the feet: the normal (0,1,0) x (0,0,-1) is (-1,0,0), slices go to the right."""
    values = digits()
    volume = volume_of(values, directions=((0.0, 1.0, 0.0), (0.0, 0.0, -1.0)))
    assert (reslice(volume, face(volume.grid, "sagittal", 0)).stored == values[3]).all()
    assert (reslice(volume, face(volume.grid, "axial", 1)).stored == values[::-1, 1, :].T).all()
    assert (reslice(volume, face(volume.grid, "coronal", 5)).stored == values[::-1, :, 5].T).all()


@pytest.mark.parametrize("name", ["axial", "coronal", "sagittal"])
@pytest.mark.parametrize("directions", [AXIAL, tuple(turned().T[:2]), ((0.0, 1.0, 0.0), (0.0, 0.0, -1.0))])
def test_every_pixel_of_a_face_lies_where_its_voxel_does(volume_of, name, directions):
    """The value tells the voxel; its patient coordinates are those of the pixel that shows it."""
    volume = volume_of(digits(), directions=directions)
    plane = face(volume.grid, name, 2)
    frame = reslice(volume, plane)
    for row, column in ((0, 0), (1, 2), (frame.rows - 1, frame.columns - 1)):
        value = int(frame.stored[row, column])
        assert plane.point(row, column) == pytest.approx(volume.grid.point((value // 100, value // 10 % 10, value % 10)))
    assert face_index(volume.grid, name, plane.point(1, 1)) == 2


def test_a_plane_between_voxels_is_linear(volume_of):
    """Half way between two coronal rows, a quarter of the way between two columns, on a volume whose values are linear in the index."""
    volume = volume_of(digits(dtype=np.float32))
    plane = face(volume.grid, "coronal", 2)
    x, y, z = plane.origin
    frame = reslice(volume, Plane((x + 0.2, y + 0.25, z), plane.row_direction, plane.column_direction, (2.0, 0.8), 4, 5))
    assert frame.stored == pytest.approx(np.array([[100 * (3 - r) + 25 + c + 0.25 for c in range(5)] for r in range(4)]), abs=1e-3)


def test_an_oblique_plane_of_a_linear_volume_is_linear(volume_of):
    """Value = 100 slice + 10 row + column is linear in place, so every cut must give it, whatever its angle."""
    volume = volume_of(digits((12, 12, 12), np.float32), directions=tuple(turned((5, 8, -12)).T[:2]))
    matrix = turned()
    plane = plane_through(volume.grid, volume.grid.middle, tuple(matrix[:, 0]), tuple(matrix[:, 1]))
    frame = reslice(volume, plane)
    outside = frame.description.padding[0]
    seen = 0
    for row in range(0, frame.rows, 2):
        for column in range(0, frame.columns, 2):
            index = volume.grid.index(plane.point(row, column))
            if all(0 <= i <= 11 for i in index):
                assert frame.stored[row, column] == pytest.approx(100 * index[0] + 10 * index[1] + index[2], abs=0.01)
                seen += 1
            elif any(i < -0.51 or i > 11.51 for i in index):
                assert frame.stored[row, column] == outside
    assert seen > 30


def test_a_plane_through_a_point_goes_through_it(volume_of):
    volume = volume_of(digits((12, 12, 12)))
    point, matrix = (-18.0, 9.0, 104.0), turned()
    plane = plane_through(volume.grid, point, tuple(matrix[:, 0]), tuple(matrix[:, 1]), (0.5, 0.5))
    assert np.dot(np.subtract(point, plane.origin), plane.normal) == pytest.approx(0, abs=1e-9)
    assert plane.spacing_mm == (0.5, 0.5) and plane.row_direction == pytest.approx(tuple(matrix[:, 0]))
    assert plane_through(volume.grid, point, (1, 0, 0), (2, 0, 0)) is None


def test_what_is_outside_is_padding_and_no_value(volume_of):
    volume = volume_of(digits(), slope=1.0, intercept=-1000.0)
    plane = face(volume.grid, "axial", 0)
    frame = reslice(volume, Plane(plane.origin, plane.row_direction, plane.column_direction, (0.5, 0.8), 7, 9))
    assert (frame.stored[:5, :6] == volume.values[3]).all()
    assert frame.description.padding == (-1, -1) and (frame.stored[5:] == -1).all() and (frame.stored[:, 6:] == -1).all()
    assert frame.picture_range() == (300 - 1000, 345 - 1000)


@pytest.mark.parametrize(("dtype", "wider"), [(np.uint8, np.int16), (np.uint16, np.int32)])
def test_values_that_leave_no_number_free_are_made_wider(volume_of, dtype, wider):
    volume = volume_of((digits((3, 4, 5)) % 200).astype(dtype))
    plane = face(volume.grid, "axial", 0)
    frame = reslice(volume, Plane(plane.origin, plane.row_direction, plane.column_direction, (0.5, 0.8), 4, 6))
    assert frame.stored.dtype == wider and (frame.stored[:, 5] == -1).all() and (frame.stored[:, :5] == volume.values[2]).all()


def test_padding_of_the_file_stands_for_outside_too(volume_of):
    volume = volume_of(digits(), padding=(-2000, -2000))
    frame = reslice(volume, Plane((-20.0, 7.0, 0.0), *AXIAL, (0.5, 0.8), 2, 2))
    assert (frame.stored == -2000).all() and frame.description.padding == (-2000, -2000)


@pytest.mark.parametrize(("projection", "expected"), [("mean", 50), ("max", 60), ("min", 40)])
def test_padding_of_the_file_stays_out_of_slabs(volume_of, projection, expected):
    """Three rows: 40, padding, 60. A column that is padding in all three is padding."""
    values = np.full((4, 3, 2), -2000, np.int16)
    values[:, 0, 0], values[:, 2, 0] = 40, 60
    volume = volume_of(values, padding=(-2000, -2000))
    for plane in (face(volume.grid, "coronal", 1), replace(face(volume.grid, "coronal", 1), rows=3, spacing_mm=(1.9, 0.8))):
        frame = reslice(volume, plane, slab_mm=1.0, projection=projection)
        assert (frame.stored[:, 0] == expected).all() and (frame.stored[:, 1] == -2000).all()
        assert frame.description.padding == (-2000, -2000)


def test_padding_of_the_file_is_not_mixed_into_values(volume_of):
    values = np.full((4, 3, 4), 100, np.int16)
    values[:, :, 2:] = -2000
    volume = volume_of(values, padding=(-2000, -2000))
    x, y, z = face(volume.grid, "coronal", 1).origin
    frame = reslice(volume, Plane((x, y, z), (1.0, 0.0, 0.0), (0.0, 0.0, -1.0), (2.0, 0.4), 4, 7))
    assert (frame.stored == [100, 100, 100, -2000, -2000, -2000, -2000]).all()


def test_wide_whole_numbers_are_interpolated_too(volume_of):
    values = digits(dtype=np.int32) * 100_000
    volume = volume_of(values, bits_stored=32)
    x, y, z = face(volume.grid, "coronal", 2).origin
    frame = reslice(volume, Plane((x + 0.4, y, z), (1.0, 0.0, 0.0), (0.0, 0.0, -1.0), (2.0, 0.8), 4, 5))
    assert frame.stored.dtype == np.int32 and frame.stored[1].tolist() == [22_050_000 + 100_000 * column for column in range(5)]


def test_outside_is_black_where_small_values_are_white(volume_of):
    volume = volume_of(digits(), photometric="MONOCHROME1", inverted=True)
    frame = reslice(volume, Plane(face(volume.grid, "axial", 3).origin, *AXIAL, (0.5, 0.8), 5, 7))
    picture = render_native(frame, View(window=Window(170, 340))).picture
    assert (picture[:, 6] == 0).all() and (picture[:, 0] > 0).all()


@pytest.mark.parametrize(("projection", "of"), [("mean", np.mean), ("max", np.max), ("min", np.min)])
def test_a_slab_along_the_axes(volume_of, projection, of):
    """2 mm of rows that are 0.5 mm apart: two on each side."""
    values = np.random.default_rng(5).integers(-1000, 1000, (4, 9, 6)).astype(np.int16)
    volume = volume_of(values)
    frame = reslice(volume, face(volume.grid, "coronal", 4), slab_mm=2.0, projection=projection)
    assert (frame.stored == np.rint(of(values[::-1, 2:7, :], axis=1))).all()
    assert frame.description.geometry.slice_thickness_mm == 2.0


@pytest.mark.parametrize("projection", ["mean", "max", "min"])
def test_a_slab_at_an_angle_is_the_projection_of_its_layers(volume_of, projection):
    volume = volume_of(smooth(dtype=np.float32), spacing=(1.0, 1.0, 1.0))
    matrix = turned()
    plane = plane_through(volume.grid, volume.grid.middle, tuple(matrix[:, 0]), tuple(matrix[:, 1]))
    frame = reslice(volume, plane, slab_mm=6.0, projection=projection)
    step = float(1 / np.abs(matrix[:, 2]).max())
    layers = [reslice(volume, plane.moved(step * n)) for n in range(-2, 3)]
    inside = np.array([layer.stored != layer.description.padding[0] for layer in layers])
    values = np.array([np.where(there, layer.stored, np.nan) for there, layer in zip(inside, layers, strict=True)])
    every = inside.all(axis=0)
    expected = {"mean": np.nanmean, "max": np.nanmax, "min": np.nanmin}[projection](values[:, every], axis=0)
    assert every.sum() > 500 and frame.stored[every] == pytest.approx(expected, abs=0.01)


def test_slices_that_are_not_there_are_left_empty(volume_of):
    values = digits((6, 5, 4))
    volume = volume_of(values, missing=(2,), rows_present=[(4, 3)])
    frame = reslice(volume, face(volume.grid, "coronal", 1))
    assert (frame.stored[3] == frame.description.padding[0]).all()
    assert (np.delete(frame.stored, 3, 0) == np.delete(values[::-1, 1], 3, 0)).all()
    assert [found.code for found in frame.findings] == ["volume-filling"]
    lower = reslice(volume, face(volume.grid, "coronal", 4))
    assert [row for row in range(6) if (lower.stored[row] == lower.description.padding[0]).all()] == [1, 3]


def test_nothing_is_made_up_between_a_slice_and_one_that_is_missing(volume_of):
    volume = volume_of(digits((6, 5, 4)), missing=(2,))
    x, y, z = volume.grid.point((0, 0, 0))
    frame = reslice(volume, Plane((x, y, z), (1.0, 0.0, 0.0), (0.0, 0.0, 1.0), (1.0, 0.8), 11, 4))
    empty = [row for row in range(11) if (frame.stored[row] == frame.description.padding[0]).all()]
    assert empty == [3, 4, 5]  # 1.5, 2 and 2.5 slices up


def test_a_slab_leaves_out_what_is_missing(volume_of):
    values = np.full((6, 5, 4), 50, np.int16)
    volume = volume_of(values, missing=(3,))
    frame = reslice(volume, face(volume.grid, "axial", 2), slab_mm=4.0)
    assert (frame.stored == 50).all()


def test_a_tilted_stack_is_cut_upright(volume_of):
    """A rod along z through tilted slices stays at its place in a sagittal cut, where slices simply stacked would slant it."""
    directions = ((1.0, 0.0, 0.0), (0.0, cos(TILT), sin(TILT)))
    values = np.zeros((40, 60, 5), np.int16)
    for number in range(40):  # row r of a slice lies at y = r cos(tilt); slices are 1 mm apart along z
        values[number, round(30 / cos(TILT))] = 1000
    volume = volume_of(values, directions=directions, spacing=(1.0, 1.0, 1.0), step=(0.0, 0.0, 1.0), origin=(0.0, 0.0, 0.0))
    assert volume.grid.is_tilted
    middle = face_index(volume.grid, "sagittal", (2.0, 30.0, 20.0))
    plane = face(volume.grid, "sagittal", middle)
    frame = reslice(volume, plane)
    assert frame.description.geometry.column_direction[2] < -0.9
    bright = np.argwhere(frame.stored > 600)
    places = np.array([plane.point(int(row), int(column)) for row, column in bright])
    assert len(places) > 20 and np.abs(places[:, 1] - 30).max() < 1.0


def test_slopes_and_windows_go_with_the_cut(volume_of):
    volume = volume_of(digits(), slope=2.0, intercept=-1000.0, windows=(Window(40, 400),))
    frame = reslice(volume, face(volume.grid, "coronal", 2), index=2)
    assert frame.index == 2 and frame.modality_value(0, 1) == 2 * 321 - 1000 and frame.description.windows[0].shown == "400/40"


sitk = pytest.importorskip("SimpleITK", reason="SimpleITK, the second opinion, is not installed")


def second_opinion(volume, plane):
    grid = volume.grid
    image = sitk.GetImageFromArray(volume.values.astype(np.float32))
    lengths = [float(np.linalg.norm(step)) for step in grid.steps]
    image.SetOrigin(grid.origin)
    image.SetSpacing(lengths[::-1])
    directions = np.array(grid.steps) / np.array(lengths)[:, None]
    image.SetDirection(directions[::-1].T.ravel().tolist())
    wanted = sitk.ResampleImageFilter()
    wanted.SetSize((plane.columns, plane.rows, 1))
    wanted.SetOutputOrigin(plane.origin)
    wanted.SetOutputSpacing((plane.spacing_mm[1], plane.spacing_mm[0], 1.0))
    wanted.SetOutputDirection(np.array([plane.row_direction, plane.column_direction, plane.normal]).T.ravel().tolist())
    wanted.SetInterpolator(sitk.sitkLinear)
    wanted.SetDefaultPixelValue(-30000)
    return sitk.GetArrayFromImage(wanted.Execute(image))[0]


@pytest.mark.parametrize("angles", [(0, 0, 0), (25, -10, 40), (90, 0, 0), (0, 90, 0), (13, 47, -80), (44, 44, 44)])
@pytest.mark.parametrize("directions", [AXIAL, tuple(turned((3, -7, 11)).T[:2]), tuple(turned((80, 10, 0)).T[:2])])
@pytest.mark.parametrize("dtype", [np.int16, np.float32])
def test_planes_agree_with_simpleitk(volume_of, angles, directions, dtype):
    volume = volume_of(smooth(dtype=dtype), directions=directions, spacing=(1.5, 0.7, 0.9))
    matrix = turned(angles)
    plane = plane_through(volume.grid, volume.grid.middle, tuple(matrix[:, 0]), tuple(matrix[:, 1]), (0.6, 0.8))
    frame, expected = reslice(volume, plane), second_opinion(volume, plane)
    padding = frame.description.padding
    inside = frame.stored != padding[0] if padding else np.ones(frame.stored.shape, bool)
    assert ((expected > -30000) != inside).mean() < 0.002  # at the very edge rounding decides
    both = inside & (expected > -30000)
    assert both.sum() > 1000
    assert np.abs(frame.stored[both] - expected[both]).max() <= (0.51 if dtype is np.int16 else 0.05)


def test_a_tilted_stack_agrees_with_simpleitk(volume_of):
    directions = ((1.0, 0.0, 0.0), (0.0, cos(TILT), sin(TILT)))
    volume = volume_of(smooth(dtype=np.float32), directions=directions, spacing=(1.0, 1.0, 1.0), step=(0.0, 0.0, 1.0))
    plane = face(volume.grid, "sagittal", 25)
    frame, expected = reslice(volume, plane), second_opinion(volume, plane)
    both = (frame.stored != frame.description.padding[0]) & (expected > -30000)
    assert both.sum() > 1000 and np.abs(frame.stored[both] - expected[both]).max() < 0.05


def test_real_series_lie_where_gdcm_puts_them(shared, open_path):
    """Values and corner places of every series of the corpus that both make a volume of."""
    compared = 0
    for place in sorted(path for path in (shared / "corpus" / "series").rglob("*") if path.is_dir()):
        for uid in sitk.ImageSeriesReader.GetGDCMSeriesIDs(str(place)):
            names = sitk.ImageSeriesReader.GetGDCMSeriesFileNames(str(place), uid)
            images = [open_path(Path(name)) for name in names]
            try:
                volume = Volume(plan_volume([image.describe(0) for image in images]))
            except PixelError:
                continue
            volume.fill(lambda number, images=images: images[number].read_frame(0))
            theirs = sitk.ReadImage(names)
            values = sitk.GetArrayFromImage(theirs)
            for index in ((0, 0, 0), (volume.grid.shape[0] - 1, 3, 5), tuple(size - 1 for size in volume.grid.shape)):
                there = theirs.TransformPhysicalPointToIndex(volume.grid.point(index))
                description = volume.plan.description
                modality = volume.values[index] * description.slope + description.intercept
                assert modality == pytest.approx(float(values[there[::-1]]))
            compared += 1
    assert compared >= 2
