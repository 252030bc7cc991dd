"""Stacks that become volumes, and the reasons of those that do not. Places and values by hand."""

from dataclasses import replace
from math import cos, radians, sin

import numpy as np
import pytest

from tview.errors import PixelError, finding
from tview.pixels import Geometry, Volume, plan_volume

SHAPE = (5, 4, 3)
AXIAL = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0))
CORONAL = ((1.0, 0.0, 0.0), (0.0, 0.0, -1.0))


def geometry(position, directions=AXIAL, spacing=(0.5, 0.8), **facts):
    return Geometry(position=position, row_direction=directions[0], column_direction=directions[1], spacing_mm=spacing, **facts)


@pytest.fixture
def stack(make):
    """Frames of a stack: by default 5 axial slices, 2 mm apart, whose values tell slice, row and column in their digits."""

    def build(places=range(0, 10, 2), step=(0.0, 0.0, 1.0), values=None, dtype=np.int16, facts=lambda number: {}, **shape):
        frames = []
        for number, place in enumerate(places):
            s, r, c = np.indices((1, *SHAPE[1:]))
            made = (100 * (number + s) + 10 * r + c)[0] if values is None else values[number]
            where = geometry(tuple(-10.0 + place * part for part in step), **shape)
            frames.append(make.frame_of(np.asarray(made, dtype), **({"geometry": where} | facts(number))))
        return frames

    return build


def plan(frames, **options):
    return plan_volume([frame.description for frame in frames], **options)


def volume_of(frames, **options):
    volume = Volume(plan(frames, **options))
    assert volume.fill(lambda number: frames[number])
    return volume


def why_not(frames, **options):
    with pytest.raises(PixelError) as caught:
        plan(frames, **options)
    return caught.value.finding


def test_a_regular_stack_is_a_volume_in_the_order_of_its_places(stack):
    frames = stack()
    shuffled = [frames[number] for number in (3, 0, 4, 1, 2)]
    volume = volume_of(shuffled)
    assert volume.plan.order == (1, 3, 4, 0, 2) and volume.is_complete
    assert (volume.values == np.stack([frame.stored for frame in frames])).all()
    assert volume.values.dtype == np.int16 and volume.findings == ()


def test_the_affine_is_by_the_standard(stack):
    """PS3.3 C.7.6.2.1.1: position + column index x row direction x column spacing + row index x column direction x row spacing."""
    grid = plan(stack()).grid
    assert np.allclose(grid.affine, [[0, 0, 0.8, -10], [0, 0.5, 0, -10], [2, 0, 0, -10], [0, 0, 0, 1]])
    assert grid.point((2, 1, 2)) == pytest.approx((-8.4, -9.5, -6))
    assert grid.index((-8.4, -9.5, -6)) == pytest.approx((2, 1, 2))
    assert grid.spacing_mm == pytest.approx((2, 0.5, 0.8))


def test_coronal_slices_are_ordered_along_their_normal(stack):
    """Rows to the left, columns to the feet: the normal (1,0,0) x (0,0,-1) is (0,1,0), to the back."""
    frames = stack(places=[4, 2, 0], step=(0.0, 1.0, 0.0), directions=CORONAL)
    assert plan(frames).order == (2, 1, 0)
    assert plan(frames).grid.affine[:3, 0] == pytest.approx([0, 2, 0])


def test_positions_written_to_a_tenth_of_a_millimetre_are_even(stack):
    frames = stack(places=[round(1.25 * number, 1) for number in range(20)])
    assert plan(frames).grid.spacing_mm[0] == pytest.approx(1.25, abs=0.005)


@pytest.mark.parametrize(
    ("kind", "places", "values"),
    [
        ("volume-uneven", [0, 2, 4, 5.5, 7.5], {"least": 1.5, "most": 2.0}),
        ("volume-gaps", [0, 2, 4, 10, 12], {"missing": 2, "gaps": 1}),
        ("volume-gaps", [0, 2, 6, 10, 14, 16], {"missing": 3, "gaps": 3}),
        ("volume-single", [0], {}),
        ("volume-several-at-a-place", [0, 0, 2, 2, 4, 4], {"images": 6, "places": 3}),
        ("volume-several-at-a-place", [0, 0, 0], {"images": 3, "places": 1}),
    ],
)
def test_places_that_make_no_volume(stack, kind, places, values):
    found = why_not(stack(places=places))
    assert found.code == kind and dict(found.values) == values


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        ("volume-no-geometry", {"geometry": Geometry()}),
        ("volume-orientations", {"geometry": geometry((-10.0, -10.0, -8.0), ((1.0, 0.0, 0.0), (0.0, cos(0.01), sin(0.01))))}),
        ("volume-sizes", {"geometry": geometry((-10.0, -10.0, -8.0), spacing=(0.5, 0.81))}),
        ("volume-frames-of-reference", {"geometry": geometry((-10.0, -10.0, -8.0), frame_of_reference_uid="1.2")}),
    ],
)
def test_one_slice_that_differs_makes_no_volume(stack, kind, facts):
    assert why_not(stack(facts=lambda number: facts if number == 1 else {})).code == kind


def test_slices_of_another_size_make_no_volume(stack, make):
    frames = stack()
    frames[2] = make.frame_of(np.zeros((4, 4), np.int16), geometry=frames[2].description.geometry)
    assert why_not(frames).code == "volume-sizes"


def test_colour_makes_no_volume(make):
    assert why_not([make.frame_of(np.zeros((2, 2, 3), np.uint8)) for _ in range(3)]).code == "volume-colour"


def test_slices_out_of_line_make_no_volume(stack):
    frames = stack(facts=lambda number: {"geometry": geometry((-10.0 + 3 * (number == 2), -10.0, 2.0 * number))})
    assert why_not(frames).code == "volume-shifted"


def test_gaps_can_be_left_empty(stack):
    frames = stack(places=[0, 2, 6, 8])
    volume = volume_of(frames, over_gaps=True)
    assert volume.plan.order == (0, 1, None, 2, 3)
    assert volume.slices_present == 4 and not volume.is_complete
    assert [found.code for found in volume.findings] == ["volume-incomplete"]
    assert dict(volume.findings[0].values) == {"missing": 1, "slices": 5}


def test_a_tilted_stack_keeps_its_affine_and_says_so(stack):
    """15 degrees of gantry tilt: slices perpendicular to (0, -sin, cos), stacked along z."""
    tilt = radians(15)
    directions = ((1.0, 0.0, 0.0), (0.0, cos(tilt), sin(tilt)))
    grid = plan(stack(directions=directions)).grid
    assert grid.is_tilted and grid.steps[0] == pytest.approx((0, 0, 2))
    assert grid.spacing_mm[0] == pytest.approx(2 * cos(tilt))
    found = plan(stack(directions=directions)).findings
    assert [(kind.code, dict(kind.values)) for kind in found] == [("volume-tilted", {"degrees": 15.0})]


def test_gaps_between_thick_slices_are_said(stack):
    frames = stack(facts=lambda number: {"geometry": geometry((-10.0, -10.0, 2.0 * number), slice_thickness_mm=1.0)})
    assert [found.code for found in plan(frames).findings] == ["volume-between-slices"]


@pytest.mark.parametrize(
    ("dtype", "bits_stored", "kept"),
    [(np.int16, 16, np.int16), (np.uint16, 12, np.int16), (np.uint16, 16, np.uint16), (np.uint8, 8, np.uint8), (np.float32, 32, np.float32),
     (np.int32, 32, np.int32)],
)  # fmt: skip
def test_values_are_kept_as_they_are_stored(stack, dtype, bits_stored, kept):
    volume = volume_of(stack(dtype=dtype, values=np.arange(60).reshape(SHAPE), facts=lambda number: {"bits_stored": bits_stored}))
    assert volume.values.dtype == kept and (volume.values.ravel() == np.arange(60)).all()


def test_one_slope_for_all_is_kept_beside_stored_values(stack):
    volume = volume_of(stack(facts=lambda number: {"slope": 2.5, "intercept": -1000.0}))
    assert not volume.plan.converted and volume.plan.description.slope == 2.5 and volume.values[1, 0, 0] == 100


def test_slopes_that_differ_give_modality_values(stack):
    """PET: stored 100·slice + 10·row + column, slope 1 + slice / 2."""
    volume = volume_of(stack(facts=lambda number: {"slope": 1 + number / 2}))
    assert volume.values.dtype == np.float32 and [found.code for found in volume.findings] == ["volume-converted"]
    assert volume.values[3, 2, 1] == (300 + 20 + 1) * 2.5


def test_it_fills_as_slices_come_and_stops_when_told(stack):
    frames, told = stack(), []
    volume = Volume(plan(frames))
    assert not volume.fill(lambda number: frames[number], order=[2, 3, 1], cancelled=lambda: len(told) == 2, progress=told.append)
    assert told == [1, 2] and list(volume.rows_present) == [0, 0, 4, 4, 0] and volume.slices_present == 2
    assert (volume.values[2] == frames[2].stored).all() and not volume.values[0].any()
    loaded = []
    assert volume.fill(lambda number: loaded.append(number) or frames[number])
    assert loaded == [0, 1, 4] and volume.is_complete


def test_a_slice_that_cannot_be_read_is_left_out_and_said(stack):
    frames = stack()

    def load(number):
        if number == 3:
            raise PixelError(finding("frame-missing", frame=1, present=0))
        return frames[number]

    volume = Volume(plan(frames))
    assert volume.fill(load)
    assert list(volume.refused) == [3] and volume.slices_present == 4
    assert [found.code for found in volume.findings] == ["volume-incomplete"]
    volume.put(3, frames[3])
    assert volume.findings == () and volume.is_complete


def test_a_frame_unlike_its_description_is_left_out(stack, make):
    frames = stack()
    volume = Volume(plan(frames))
    for odd in (np.zeros((2, 2), np.int16), np.full(SHAPE[1:], 70000, np.int32), np.full(SHAPE[1:], 0.5, np.float32)):
        with pytest.raises(PixelError):
            volume.put(0, make.frame_of(odd))
    assert volume.slices_present == 0


def test_rows_that_are_cut_off_are_not_there(stack):
    frames = stack()
    frames[1] = replace(frames[1], rows_present=2)
    assert list(volume_of(frames).rows_present) == [4, 2, 4, 4, 4]


def test_no_public_name_is_that_of_a_module():
    """A module, once imported, would stand in the way of the function of its name."""
    import tview.pixels

    assert not set(tview.pixels.__all__) & set(tview.pixels._PLACES)
