"""What lies over images: masks, contours and dose against formulas and SimpleITK, on slices, other planes, and through every view."""

import io
import sys
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tview import documents, pixels
from tview.catalog import Instance
from tview.dicom import read_header
from tview.documents import Place
from tview.errors import TviewError
from tview.pixels import Geometry, View
from tview.text import message_of

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import over_phantom as phantom


@pytest.fixture(scope="module")
def decoder():
    with pixels.Decoder() as made:
        yield made


@pytest.fixture(scope="module")
def opened(decoder, written):
    def opened(data_set, *, with_image=True):
        header, read_at, size = written(data_set)
        return header, pixels.open_image(header, read_at, size, decoder=decoder) if with_image else None

    return opened


@pytest.fixture(scope="module")
def loaded(opened):
    def loaded(data_set, prescribed=None):
        header, image = opened(data_set, with_image=not data_set.SOPClassUID.endswith(("481.3", "66.2", "66.5")))
        return documents.load_over(header, image, "X", prescribed)

    return loaded


def axial(
    z: float, uid: str | None = None, *, factor: int = 1, thickness: float = phantom.STEP, frame: str | None = phantom.FRAME
) -> Place:
    """The plane of the CT at a height, `factor` times as fine."""
    spacing = phantom.SPACING / factor
    corner = tuple(phantom.ORIGIN[axis] + (spacing - phantom.SPACING) / 2 for axis in (0, 1))
    geometry = Geometry(
        (*corner, z), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (spacing, spacing), slice_thickness_mm=thickness, frame_of_reference_uid=frame
    )
    return Place(uid, 1, geometry, phantom.ROWS * factor, phantom.COLUMNS * factor)


def coronal(y: float) -> Place:
    """A cut from head to foot, one pixel a millimetre."""
    geometry = Geometry((-120.0, y, 60.0), (1.0, 0.0, 0.0), (0.0, 0.0, -1.0), (1.0, 1.0), frame_of_reference_uid=phantom.FRAME)
    return Place(None, 1, geometry, 120, 240)


def oblique() -> Place:
    root = 0.5**0.5
    geometry = Geometry((-60.0, -70.0, -50.0), (root, 0.0, root), (0.0, 1.0, 0.0), (1.0, 1.0), frame_of_reference_uid=phantom.FRAME)
    return Place(None, 1, geometry, 120, 160)


def points_of(place: Place):
    """LPS coordinates (3, rows, columns) of the pixel middles of a place."""
    geometry = place.geometry
    rows, columns = np.meshgrid(np.arange(place.rows), np.arange(place.columns), indexing="ij")
    down, along = rows * geometry.spacing_mm[0], columns * geometry.spacing_mm[1]
    sides = zip(geometry.position, geometry.row_direction, geometry.column_direction, strict=True)
    return np.array([start + along * right + down * below for start, right, below in sides])


def painted(layers, place: Place, view: View = View(), size: tuple[int, int] | None = None):
    """(rows, columns) bool: the pixels that layers change on a black image."""
    placement_frame = _black_frame(place)
    bare = pixels.render(placement_frame, view, *(size or (place.rows, place.columns))).picture
    drawn = pixels.render(placement_frame, view, *(size or (place.rows, place.columns)), layers).picture
    bare = bare if bare.ndim == 3 else np.repeat(bare[..., None], 3, axis=2)
    drawn = drawn if drawn.ndim == 3 else np.repeat(drawn[..., None], 3, axis=2)
    return (bare != drawn).any(axis=2)


_FRAMES: dict[tuple[int, int], pixels.Frame] = {}


def _black_frame(place: Place) -> pixels.Frame:
    return _FRAMES[place.rows, place.columns]


@pytest.fixture(autouse=True)
def black_frames(opened):
    if not _FRAMES:
        for rows, columns in ((64, 80), (256, 320), (120, 240), (120, 160)):
            made = phantom.base("2", 1, "CT")
            made.WindowCenter, made.WindowWidth = 50, 100
            _, image = opened(phantom.grey(made, np.zeros((rows, columns), "<u2")))
            _FRAMES[rows, columns] = image.read_frame(0)


# -- segmentations


@pytest.mark.parametrize("kind", ["BINARY", "LABELMAP", "FRACTIONAL"])
def test_a_segmentation_lies_pixel_for_pixel_on_its_slices(loaded, kind: str) -> None:
    made = loaded(phantom.segmentation(kind))
    assert [(part.key, part.name) for part in made.parts] == [("7", "Tumour")]
    for number, wanted in enumerate(phantom.ball_mask()):
        mask = made.mask_at("7", axial(phantom.ORIGIN[2] + number * phantom.STEP))
        assert np.array_equal(mask != 0 if mask is not None else np.zeros_like(wanted), wanted), number
        assert made.parts_at(axial(phantom.ORIGIN[2] + number * phantom.STEP)) == ({"7"} if wanted.any() else frozenset())


def test_without_positions_a_segmentation_lies_over_the_images_it_names(loaded) -> None:
    made = loaded(phantom.segmentation(with_places=False))
    wanted = phantom.ball_mask()[10]
    assert np.array_equal(made.mask_at("7", axial(0.0, phantom.CT_UIDS[10])) != 0, wanted)
    assert made.mask_at("7", axial(0.0, phantom.CT_UIDS[0])) is None
    assert made.mask_at("7", axial(0.0, "1.2.3")) is None


def test_nothing_lies_over_an_image_of_another_patient_space(loaded) -> None:
    for data_set in (phantom.segmentation(), phantom.structures(), phantom.dose(), phantom.parametric_map()):
        made = loaded(data_set)
        assert not made.parts_at(axial(0.0, frame="1.2.3"))
        assert not made.layers(axial(0.0, frame="1.2.3"), made.usual, 0.5)


def test_a_segmentation_is_not_drawn_on_slices_beside_its_own(loaded) -> None:
    """Spacing Between Slices of 30 mm, planes every 3 mm: nothing above and below the ball, and no lesion spreads to the next one."""
    data_set = phantom.segmentation()
    data_set.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0].SpacingBetweenSlices = 30
    made = loaded(data_set)
    for number in range(-10, phantom.SLICES + 10):
        z = phantom.ORIGIN[2] + number * phantom.STEP
        assert (made.mask_at("7", axial(z)) is not None) == (abs(z) < phantom.RADIUS), z


@pytest.mark.parametrize("told", [phantom.STEP, None])
def test_two_planes_far_apart_say_nothing_of_the_slices_between(loaded, told: float | None) -> None:
    data_set = phantom.segmentation()
    measures = data_set.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0]
    measures.SpacingBetweenSlices = told
    if told is None:
        del measures.SpacingBetweenSlices
    frames, count = data_set.PerFrameFunctionalGroupsSequence, data_set.NumberOfFrames
    stored = np.unpackbits(np.frombuffer(data_set.PixelData, np.uint8), bitorder="little")[: count * phantom.ROWS * phantom.COLUMNS]
    kept = stored.reshape(count, -1)[[0, -1]]
    data_set.PerFrameFunctionalGroupsSequence, data_set.NumberOfFrames = [frames[0], frames[-1]], 2
    data_set.PixelData = np.packbits(kept.ravel(), bitorder="little").tobytes()
    made = loaded(data_set)
    shown = [z for z in np.arange(-30.0, 31.0, 3.0) if made.mask_at("7", axial(float(z))) is not None]
    assert shown == [-24.0, 24.0]


def _by_simpleitk(place: Place, values, origin, spacing, interpolator):
    sitk = pytest.importorskip("SimpleITK")
    image = sitk.GetImageFromArray(values)
    image.SetOrigin(origin)
    image.SetSpacing(spacing)
    geometry = place.geometry
    grid = sitk.Image(place.columns, place.rows, 1, sitk.sitkFloat32)
    grid.SetOrigin(geometry.position)
    grid.SetSpacing((geometry.spacing_mm[1], geometry.spacing_mm[0], 1.0))
    normal = np.cross(geometry.row_direction, geometry.column_direction)
    grid.SetDirection(np.array([geometry.row_direction, geometry.column_direction, normal]).T.ravel().tolist())
    return sitk.GetArrayFromImage(sitk.Resample(image, grid, sitk.Transform(), getattr(sitk, interpolator), -1.0))[0]


def _differs_by_more_than_a_pixel(one, other) -> int:
    """Pixels of one mask farther than one pixel from the other mask, and the other way round."""
    cv2 = pytest.importorskip("cv2")
    wide = [cv2.dilate(mask.astype(np.uint8), np.ones((3, 3), np.uint8)) for mask in (one, other)]
    return int((one & (wide[1] == 0)).sum() + (other & (wide[0] == 0)).sum())


@pytest.mark.parametrize("place", [coronal(-10.0), coronal(3.3), oblique()], ids=["coronal", "between rows", "oblique"])
def test_masks_on_other_planes_are_those_of_simpleitk(loaded, place: Place) -> None:
    mask = loaded(phantom.segmentation()).mask_at("7", place)
    wanted = _by_simpleitk(place, phantom.ball_mask().astype(np.float32), phantom.ORIGIN, (3.0, 3.0, 3.0), "sitkNearestNeighbor") > 0.5
    assert wanted.sum() > 100
    assert _differs_by_more_than_a_pixel(mask != 0, wanted) == 0
    assert ((mask != 0) != wanted).sum() < 0.03 * wanted.sum()


@pytest.mark.parametrize(
    "view", [View(), View(mirror=True), View(turns=1), View(turns=3, mirror=True), View(zoom=9.0, centre=(30.0, 45.0))]
)
def test_edges_of_masks_stay_within_a_pixel_through_every_view(loaded, view: View) -> None:
    place = axial(0.0)
    made = loaded(phantom.segmentation())
    drawn = painted(made.layers(place, {"7"}, 1.0), place, view, (400, 500))
    middle = pixels.render(_black_frame(place), view, 400, 500)
    row, column = np.meshgrid(np.arange(400) + 0.5, np.arange(500) + 0.5, indexing="ij")
    image = np.array([middle.placement.to_image(x, y) for x, y in zip(column.ravel(), row.ravel(), strict=True)]).T.reshape(2, 400, 500)
    x = phantom.ORIGIN[0] + (image[1] - 0.5) * phantom.SPACING
    y = phantom.ORIGIN[1] + (image[0] - 0.5) * phantom.SPACING
    distance = np.hypot(x - phantom.BALL[0], y - phantom.BALL[1])
    assert drawn[distance < phantom.RADIUS - phantom.SPACING].all()
    assert not drawn[distance > phantom.RADIUS + phantom.SPACING].any()


# -- contours


def test_contours_lie_on_their_slices_to_a_tenth_of_a_pixel(loaded) -> None:
    made = loaded(phantom.structures())
    assert [(part.name, part.colour, part.detail) for part in made.parts] == [
        ("PTV", (255, 0, 0), "ptv"),
        ("Isocentre", (255, 255, 0), "isocenter"),
    ]
    for z in (-24.0, -9.0, 0.0, 12.0):
        (line,) = made.layers(axial(z), {"1"}, 0.5)
        x = phantom.ORIGIN[0] + (line.points[:, 1] - 0.5) * phantom.SPACING
        y = phantom.ORIGIN[1] + (line.points[:, 0] - 0.5) * phantom.SPACING
        radius = (phantom.RADIUS**2 - z * z) ** 0.5
        assert np.abs(np.hypot(x - phantom.BALL[0], y - phantom.BALL[1]) - radius).max() < 0.1 * phantom.SPACING
        assert line.closed


def test_a_thinner_slice_shows_the_contours_of_the_nearest_plane_only(loaded) -> None:
    made = loaded(phantom.structures())
    (line,) = made.layers(axial(1.0, thickness=1.0), {"1"}, 0.5)
    assert float(np.ptp(line.points[:, 0])) * phantom.SPACING == pytest.approx(2 * phantom.RADIUS, abs=0.2)
    assert not made.layers(axial(28.0), {"1"}, 0.5)


def test_a_point_is_marked_and_named_on_its_slice_only(loaded) -> None:
    made = loaded(phantom.structures())
    dot, name = made.layers(axial(0.0), {"2"}, 0.5)
    assert np.allclose(dot.points, [[(-10 + 96) / 3 + 0.5, (20 + 120) / 3 + 0.5]])
    assert name.text == "Isocentre"
    assert not made.layers(axial(3.0, thickness=1.0), {"2"}, 0.5)


@pytest.mark.parametrize("place", [coronal(-10.0), coronal(5.0), oblique()], ids=["middle", "beside", "oblique"])
def test_contours_are_cut_along_other_planes_within_a_pixel(loaded, place: Place) -> None:
    """Each contour speaks for the 1.5 mm above and below it: what the formula encloses there is what the lines enclose."""
    x, y, z = points_of(place)
    height = np.rint(z / phantom.STEP) * phantom.STEP
    squared = phantom.RADIUS**2 - height**2
    wanted = np.hypot(x - phantom.BALL[0], y - phantom.BALL[1]) < np.sqrt(np.maximum(squared, 0))
    lines = loaded(phantom.structures()).layers(place, {"1"}, 0.5)
    filled = [replace(line, filled=True) for line in lines]
    found = pixels.render(_black_frame(place), View(), place.rows, place.columns, filled).picture[..., 0] > 127
    assert wanted.sum() > 100
    assert _differs_by_more_than_a_pixel(found, wanted) == 0


@pytest.mark.parametrize("damage", ["letter", "shorter", "count"])
def test_a_contour_that_cannot_be_read_whole_is_not_drawn_and_counted(damage: str) -> None:
    data_set = phantom.structures()
    contour = data_set.ROIContourSequence[0].ContourSequence[8]
    values = [str(value) for value in contour.ContourData]
    if damage == "shorter":
        contour.ContourData = values[: len(values) // 2 // 3 * 3]
    if damage == "count":
        contour.ContourData = values[:-1]
    file = io.BytesIO()
    data_set.save_as(file, enforce_file_format=True)
    data = file.getvalue()
    if damage == "letter":
        start = data.index("\\".join(values).encode())
        at = data.index(b"\\", start + 600) + 1
        data = data[:at] + b"x" + data[at + 1 :]
    made = documents.load_over(read_header(lambda offset, length: data[offset : offset + length], len(data)), None, "X")
    z = float(values[2])
    assert not made.layers(axial(z), {"1"}, 0.5)
    assert made.layers(axial(z + phantom.STEP), {"1"}, 0.5)
    assert made.note == "1 contour cannot be read"
    assert made.parts[0].detail == "ptv, 1 contour cannot be read"


def test_contours_of_a_region_in_two_items_are_all_drawn(loaded) -> None:
    data_set = phantom.structures()
    whole = data_set.ROIContourSequence[0]
    second = deepcopy(whole)
    whole.ContourSequence, second.ContourSequence = whole.ContourSequence[:8], second.ContourSequence[8:]
    data_set.ROIContourSequence.append(second)
    made = loaded(data_set)
    assert all(made.layers(axial(z), {"1"}, 0.5) for z in (-24.0, 0.0, 24.0))


# -- dose and maps


@pytest.mark.parametrize(
    "place", [axial(0.0), axial(4.5, factor=4), coronal(-10.0), oblique()], ids=["slice", "finer", "coronal", "oblique"]
)
def test_dose_is_that_of_simpleitk(loaded, place: Place) -> None:
    made = loaded(phantom.dose())
    values = made.field.at(place)
    wanted = _by_simpleitk(place, phantom.dose_gy().astype(np.float32), phantom.DOSE_ORIGIN, (4.0, 4.0, 4.0), "sitkLinear")
    both = np.isfinite(values) & (wanted >= 0)
    assert both.sum() > 1000
    assert np.abs(values[both] - wanted[both]).max() < 0.02


@pytest.mark.parametrize("view", [View(), View(zoom=12.0, centre=(29.0, 47.0)), View(turns=1), View(mirror=True)])
def test_isodose_lines_stay_within_a_pixel_of_the_formula(loaded, view: View) -> None:
    place = axial(2.0)
    made = loaded(phantom.dose())
    level, part = made.levels[4]
    assert level == pytest.approx(0.5 * phantom.dose_gy().max())
    lines = [layer for layer in made.layers(place, {part.key}, 0.5) if isinstance(layer, pixels.Isolines)]
    drawn = painted(lines, place, view, (400, 500))
    placement = pixels.render(_black_frame(place), view, 400, 500).placement
    radius = (45**2 * np.log(64 / level) - 2.0**2) ** 0.5
    found = [placement.to_image(column + 0.5, row + 0.5) for row, column in np.argwhere(drawn)]
    assert found
    for row, column in found:
        x, y = phantom.ORIGIN[0] + (column - 0.5) * phantom.SPACING, phantom.ORIGIN[1] + (row - 0.5) * phantom.SPACING
        assert abs(np.hypot(x - 20, y + 10) - radius) < phantom.SPACING


def test_isodose_lines_say_their_values_and_what_they_are_parts_of(loaded, opened) -> None:
    made = loaded(phantom.dose())
    assert made.parts[1].name.startswith(f"{0.95 * phantom.dose_gy().max():.4g} Gy (95%)")
    assert made.parts[1].detail == "of the largest value"
    header, _ = opened(phantom.plan(), with_image=False)
    planned = loaded(phantom.dose(), lambda: documents.prescription_of(header))
    assert [part.name for part in planned.parts[1:3]] == ["60 Gy (100%)", "57 Gy (95%)"]
    assert planned.parts[1].detail == "of 60 Gy prescribed"
    labels = [layer.text for layer in planned.layers(axial(0.0), planned.usual, 0.5) if isinstance(layer, pixels.Label)]
    assert labels[:2] == ["60 Gy", "57 Gy"]


def test_a_map_is_in_the_unit_of_its_mapping(loaded) -> None:
    made = loaded(phantom.parametric_map())
    assert made.parts[0].name == "ADC"
    assert made.parts[0].detail.endswith("mm2/s")
    place = axial(0.0)
    assert np.allclose(made.field.at(place), 2 * points_of(place)[0], atol=1e-3)


@pytest.mark.parametrize("summation", ["FRACTION", "BEAM", "MULTI_PLAN"])
def test_dose_of_less_or_more_than_a_plan_is_not_measured_by_what_it_prescribes(loaded, opened, summation: str) -> None:
    data_set = phantom.dose()
    data_set.DoseSummationType = summation
    header, _ = opened(phantom.plan(), with_image=False)
    made = loaded(data_set, lambda: documents.prescription_of(header))
    assert made.parts[1].detail == "of the largest value"


def test_each_plane_of_a_map_has_its_own_mapping(loaded) -> None:
    """Slopes of 2, 4, 6 ... by the plane: x millimetres in the phantom come to x times the slope."""
    data_set = phantom.parametric_map()
    shared = data_set.SharedFunctionalGroupsSequence[0]
    for number, frame in enumerate(data_set.PerFrameFunctionalGroupsSequence):
        mapping = deepcopy(shared.RealWorldValueMappingSequence[0])
        mapping.RealWorldValueSlope = float(2 * (number + 1))
        frame.RealWorldValueMappingSequence = [mapping]
    del shared.RealWorldValueMappingSequence
    made = loaded(data_set)
    for number in (0, 10, 19):
        place = axial(phantom.ORIGIN[2] + number * phantom.STEP)
        assert np.allclose(made.field.at(place), 2 * (number + 1) * points_of(place)[0], rtol=1e-5)


def test_planes_of_another_quantity_are_left_out_and_counted(loaded) -> None:
    data_set = phantom.parametric_map()
    mapping = deepcopy(data_set.SharedFunctionalGroupsSequence[0].RealWorldValueMappingSequence[0])
    mapping.LUTExplanation = mapping.LUTLabel = "T1"
    data_set.PerFrameFunctionalGroupsSequence[19].RealWorldValueMappingSequence = [mapping]
    made = loaded(data_set)
    assert made.note == "19 of its 20 planes are drawn"
    assert made.field.at(axial(phantom.ORIGIN[2] + 19 * phantom.STEP)) is None


def test_a_map_goes_through_a_table_of_values_and_ends_where_it_ends(loaded) -> None:
    data_set = phantom.parametric_map()
    mapping = data_set.SharedFunctionalGroupsSequence[0].RealWorldValueMappingSequence[0]
    del mapping.RealWorldValueSlope, mapping.RealWorldValueIntercept
    mapping.DoubleFloatRealWorldValueFirstValueMapped, mapping.DoubleFloatRealWorldValueLastValueMapped = 0.0, 90.0
    mapping.RealWorldValueLUTData = [float(number**2) for number in range(91)]
    place = axial(0.0)
    values, x = loaded(data_set).field.at(place), points_of(place)[0]
    inside = (x >= 0) & (x <= 90)
    assert np.allclose(values[inside], x[inside] ** 2)
    assert np.isnan(values[~inside]).all()


@pytest.mark.parametrize("scaling", [None, "0", "-0.001"])
def test_dose_that_does_not_say_its_scale_is_refused_and_has_no_unit(loaded, opened, scaling: str | None) -> None:
    data_set = phantom.dose()
    data_set.DoseGridScaling = scaling
    if scaling is None:
        del data_set.DoseGridScaling
    with pytest.raises(TviewError) as caught:
        loaded(data_set)
    assert "Dose Grid Scaling" in message_of(caught.value.finding)
    if scaling != "-0.001":
        assert opened(data_set)[1].read_frame(11).description.unit is None


@pytest.mark.parametrize("offsets", [None, 5, 25, "same"])
def test_dose_whose_planes_do_not_say_where_they_lie_is_refused(loaded, offsets) -> None:
    data_set = phantom.dose()
    data_set.GridFrameOffsetVector = ["0"] * 24 if offsets == "same" else [str(4 * number) for number in range(offsets or 24)]
    if offsets is None:
        del data_set.GridFrameOffsetVector
    with pytest.raises(TviewError) as caught:
        loaded(data_set)
    assert "Grid Frame Offset Vector" in message_of(caught.value.finding)


def test_dose_shown_by_itself_is_in_gray(opened) -> None:
    _, image = opened(phantom.dose())
    frame = image.read_frame(11)
    assert frame.description.unit == "Gy"
    assert frame.modality_value(22, 30) == pytest.approx(phantom.dose_gy()[11, 22, 30], abs=1e-6)


# -- what objects say of themselves


def _instance(data_set) -> Instance:
    blank = dict.fromkeys(Instance._fields)
    return Instance(**{**blank, "source_number": 0, "path": "X", "state": "ok", "sop_instance_uid": str(data_set.SOPInstanceUID)})


def test_each_kind_says_its_title_author_date_and_what_it_is_over(opened) -> None:
    wanted = {
        "segmentation": ("segmentation", "Organ masks", "Segmenter, Sam", "2026-01-02"),
        "structures": ("contours", "Plan A", None, "2026-01-03"),
        "presentation": ("state", "FINDING: Mass", "Reader, Rita", "2026-01-04"),
        "key_images": ("key-images", "Of Interest", None, "2026-01-02"),
    }
    for name, (kind, title, author, made) in wanted.items():
        data_set = getattr(phantom, name)()
        header, _ = opened(data_set, with_image=False)
        over = documents.over_of(header, _instance(data_set))
        assert (over.kind, over.title, over.author, over.made) == (kind, title, author, made)


def test_presentation_states_and_selections_name_their_images(opened) -> None:
    for name, numbers in (("presentation", {9, 10, 11}), ("key_images", {3, 12})):
        data_set = getattr(phantom, name)()
        header, _ = opened(data_set, with_image=False)
        over = documents.over_of(header, _instance(data_set))
        assert {number for number, uid in enumerate(phantom.CT_UIDS) if over.names(uid, 1)} == numbers


def test_fiducials_stand_on_the_slice_they_lie_in_or_the_image_they_name(loaded, opened) -> None:
    data_set = phantom.fiducials()
    made = loaded(data_set)
    assert [part.name for part in made.parts] == ["nasion", "tragus"]
    assert made.parts_at(axial(6.0)) == {"1"}
    assert made.parts_at(axial(9.0)) == frozenset()
    assert made.parts_at(axial(-18.0, phantom.CT_UIDS[4])) == {"2"}
    dot, name = made.layers(axial(6.0), {"1", "2"}, 0.5)
    assert np.allclose(dot.points, [[(-10 + 96) / 3 + 0.5, (20 + 120) / 3 + 0.5]])
    assert name.text == "nasion"
    dot, _name = made.layers(axial(-18.0, phantom.CT_UIDS[4]), {"1", "2"}, 0.5)
    assert np.allclose(dot.points, [[20.5, 10.5]])
    header, _ = opened(data_set, with_image=False)
    over = documents.over_of(header, _instance(data_set))
    assert over.kind == "fiducials"
    assert over.may_lie_over(axial(0.0))


@pytest.mark.parametrize("place", [axial(0.0), axial(10.0), coronal(-10.0), oblique()], ids=["middle", "above", "coronal", "oblique"])
def test_a_surface_is_cut_to_a_closed_line_within_a_pixel(loaded, place: Place) -> None:
    made = loaded(phantom.surface())
    assert [(part.name, part.key) for part in made.parts] == [("Ball", "3")]
    assert made.parts_at(place) == {"3"}
    (line,) = made.layers(place, {"3"}, 0.5)
    assert line.closed
    normal = np.cross(place.geometry.row_direction, place.geometry.column_direction)
    depth = float(np.dot(normal, np.subtract(phantom.BALL, place.geometry.position)))
    radius = (phantom.RADIUS**2 - depth**2) ** 0.5
    points = [place.geometry.patient_point(row, column) for row, column in line.points]
    distance = np.linalg.norm(np.array(points) - (np.array(phantom.BALL) - depth * normal), axis=1)
    assert np.abs(distance - radius).max() < 1.0
    assert np.median(np.abs(distance - radius)) < 0.2


@pytest.mark.parametrize(("sequence", "order"), [("TriangleStripSequence", (1, 2, 3, 4)), ("TriangleFanSequence", (1, 2, 4, 3))])
def test_strips_and_fans_are_triangles(loaded, sequence: str, order: tuple[int, ...]) -> None:
    """An upright square of 20 mm: the slice cuts it in a line of 20 mm through both triangles."""
    data_set = phantom.surface()
    mesh = data_set.SurfaceSequence[0]
    corners = np.array([(0, 0, -10), (20, 0, -10), (0, 0, 10), (20, 0, 10)], "<f4")
    mesh.SurfacePointsSequence[0].PointCoordinatesData = corners.tobytes()
    part = phantom.item(LongPrimitivePointIndexList=np.array(order, "<u4").tobytes())
    mesh.SurfaceMeshPrimitivesSequence[0] = phantom.item(**{sequence: [part]})
    (line,) = loaded(data_set).layers(axial(1.0), {"3"}, 0.5)
    assert not line.closed
    assert float(np.ptp(line.points[:, 1])) * phantom.SPACING == pytest.approx(20.0)
    assert float(np.ptp(line.points[:, 0])) == pytest.approx(0.0, abs=1e-6)


def test_a_surface_ends_where_it_ends(loaded) -> None:
    made = loaded(phantom.surface())
    assert not made.parts_at(axial(26.0))
    assert not made.layers(axial(26.0), {"3"}, 0.5)


# -- damaged objects


@pytest.mark.parametrize("name", ["segmentation", "structures", "dose", "parametric_map", "fiducials", "surface"])
def test_whatever_bytes_an_object_has_it_is_drawn_or_refused(decoder, name: str) -> None:
    file = io.BytesIO()
    getattr(phantom, name)().save_as(file, enforce_file_format=True)
    rng = np.random.default_rng(7)
    for _ in range(40):
        data = bytearray(file.getvalue())
        for at in rng.integers(132, min(len(data), 12_000), rng.integers(1, 12)):
            data[at] = rng.integers(0, 256)
        whole = bytes(data)

        def read_at(offset: int, length: int, whole=whole) -> bytes:
            return whole[offset : offset + length]

        try:
            header = read_header(read_at, len(whole))
            image = (
                pixels.open_image(header, read_at, len(whole), decoder=decoder)
                if name not in ("structures", "fiducials", "surface")
                else None
            )
            made = documents.load_over(header, image, "X")
        except TviewError:
            continue
        for place in (axial(0.0), coronal(-10.0)):
            made.parts_at(place)
            made.layers(place, frozenset(part.key for part in made.parts), 0.5)
