"""What splits a series, what orders a stack, and what is told of gaps: CLINICAL rules by example."""

import random

import pytest
from pydicom.uid import BasicTextSRStorage, MultiFrameGrayscaleByteSecondaryCaptureImageStorage, SegmentationStorage

SAGITTAL = [0, 1, 0, 0, 0, -1]
CORONAL = [1, 0, 0, 0, 0, -1]


def only_series(catalog):
    (series,) = catalog.series
    return series


def numbers(stack) -> list[int]:
    return [instance.instance_number for instance in stack.instances]


def test_slices_go_by_position_whatever_their_numbers(disc, image, read):
    order = list(range(1, 11))
    random.Random(3).shuffle(order)
    series = only_series(read(disc(*(image(place, InstanceNumber=number) for place, number in enumerate(order, 1)))))
    (stack,) = series.stacks
    positions = [instance.position_mm for instance in stack.instances]
    assert positions in (sorted(positions), sorted(positions, reverse=True))
    assert stack.sorted_by == "position along the normal"
    assert stack.reason is None
    assert stack.spacing_mm == 5


def test_scrolling_follows_rising_instance_numbers(disc, image, read):
    series = only_series(read(disc(*(image(n, ImagePositionPatient=[0, 0, -5 * n]) for n in range(1, 8)))))
    assert numbers(series.stacks[0]) == [1, 2, 3, 4, 5, 6, 7]


def test_places_within_a_hundredth_of_a_millimetre_are_one(disc, image, read):
    images = [
        image(n, ImagePositionPatient=[0, 0, z], AcquisitionNumber=a) for n, z, a in ((1, 0, 1), (2, 5, 1), (3, 0.004, 2), (4, 5.004, 2))
    ]
    stacks = only_series(read(disc(*images))).stacks
    assert [numbers(stack) for stack in stacks] == [[1, 2], [3, 4]]


def test_a_gantry_tilt_is_followed_along_the_normal(disc, image, read):
    tilted = {"ImageOrientationPatient": [1, 0, 0, 0, 0.94, -0.34]}
    series = only_series(read(disc(*(image(n, ImagePositionPatient=[0, 0, 5 * n], **tilted) for n in range(1, 6)))))
    assert series.stacks[0].spacing_mm == pytest.approx(5 * 0.94 / (0.94**2 + 0.34**2) ** 0.5)
    assert series.plane == "axial"
    (told,) = [told for told in series.findings if told.code == "slices-tilted"]
    assert told.values["degrees"] == 19.9  # atan(0.34 / 0.94)


def test_upright_slices_are_not_called_tilted(disc, image, read):
    """Positions rounded to a tenth of a millimetre, as some scanners write them."""
    images = [image(n, ImagePositionPatient=[round(0.003 * n, 1), 0, round(1.25 * n, 1)]) for n in range(1, 30)]
    assert [told.code for told in read(disc(*images)).findings if told.code == "slices-tilted"] == []


def test_mosaics_are_named(disc, image, read):
    images = [image(n, ImageType=["ORIGINAL", "PRIMARY", "M", "ND", "MOSAIC"], AcquisitionNumber=n) for n in (1, 2)]
    assert [told.code for told in read(disc(*images)).findings if "mosaic" in told.code] == ["series-mosaic"]


def test_without_positions_instance_numbers_order(disc, image, read):
    bare = {"ImagePositionPatient": None, "ImageOrientationPatient": None}
    series = only_series(read(disc(*(image(n, InstanceNumber=20 - n, **bare) for n in range(1, 6)))))
    assert numbers(series.stacks[0]) == [15, 16, 17, 18, 19]
    assert series.stacks[0].sorted_by == "instance number"


def test_with_one_number_for_all_the_files_order(disc, image, read):
    bare = {"ImagePositionPatient": None, "ImageOrientationPatient": None, "InstanceNumber": 1}
    series = only_series(read(disc(*(image(n, **bare) for n in range(1, 6)))))
    assert [instance.path for instance in series.stacks[0].instances] == [f"IM{n:04d}" for n in range(1, 6)]
    assert series.stacks[0].sorted_by == "file order"


@pytest.mark.parametrize(
    ("other", "words"),
    (
        ({"ImageOrientationPatient": CORONAL}, "coronal"),
        ({"Rows": 8, "PixelData": bytes(64)}, "4 x 8"),
        ({"PixelSpacing": [0.7, 0.7]}, "pixels of 0.7 mm"),
        ({"FrameOfReferenceUID": "1.2.3.777"}, "frame of reference …"),
        ({"ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER"]}, "scout"),
        ({"ImageType": ["DERIVED", "SECONDARY", "MPR"]}, "image type MPR"),
    ),
)
def test_what_splits_a_series(other, words, disc, image, read):
    axial = [image(n) for n in range(1, 6)]
    others = [image(n, ImagePositionPatient=[n, n, n], **other) for n in (21, 22)]
    stacks = only_series(read(disc(*axial, *others))).stacks
    assert [len(stack.instances) for stack in stacks] == [5, 2]
    assert words in stacks[1].reason


@pytest.mark.parametrize(
    "other",
    (
        {"ImageOrientationPatient": [1, 0, 0, 0, 0.99995, 0.01]},
        {"SliceThickness": 3},
        {"ConvolutionKernel": "B80f"},
        {"AcquisitionNumber": 7},
        {"ImageType": ["DERIVED", "PRIMARY", "AXIAL"]},
        {"SeriesDescription": "other words"},
        {"ContrastBolusAgent": "yes"},
    ),
)
def test_what_splits_no_series(other, disc, image, read):
    images = [image(n, **(other if n > 3 else {})) for n in range(1, 8)]
    stacks = only_series(read(disc(*images))).stacks
    assert [len(stack.instances) for stack in stacks] == [7]
    assert stacks[0].reason is None


def test_a_localizer_series_of_three_planes(disc, image, read):
    planes = {1: [1, 0, 0, 0, 1, 0], 2: SAGITTAL, 3: CORONAL}
    images = [image(n, ImageOrientationPatient=planes[1 + n % 3], ImagePositionPatient=[n, n, n]) for n in range(1, 10)]
    stacks = only_series(read(disc(*images))).stacks
    assert sorted(stack.reason for stack in stacks) == ["axial", "coronal", "sagittal"]


def test_turning_projections_stay_together(disc, image, read):
    """A rotating MIP has another orientation for each image."""
    from math import cos, radians, sin

    images = [image(n, ImageOrientationPatient=[cos(radians(15 * n)), sin(radians(15 * n)), 0, 0, 0, -1]) for n in range(1, 13)]
    (stack,) = only_series(read(disc(*images))).stacks
    assert numbers(stack) == list(range(1, 13))


def test_each_multi_frame_object_is_its_own_stack(disc, image, read):
    clip = {"SOPClassUID": MultiFrameGrayscaleByteSecondaryCaptureImageStorage, "BitsAllocated": 8, "ImagePositionPatient": None}
    clips = [image(n, NumberOfFrames=n, PixelData=bytes(16 * n), **clip) for n in (3, 6)]
    series = only_series(read(disc(*clips)))
    assert sorted(stack.reason for stack in series.stacks) == ["multi-frame, 3 frames", "multi-frame, 6 frames"]
    assert series.frame_count == 9
    assert series.image_count == 2


def test_parts_of_a_concatenation_are_one_stack(disc, image, read):
    clip = {
        "SOPClassUID": MultiFrameGrayscaleByteSecondaryCaptureImageStorage, "BitsAllocated": 8, "NumberOfFrames": 2, "PixelData": bytes(32),
        "ConcatenationUID": "1.2.3.9",
    }  # fmt: skip
    parts = [image(n, InConcatenationNumber=part, **clip) for n, part in ((1, 2), (2, 1), (3, 3))]
    (stack,) = only_series(read(disc(*parts))).stacks
    assert numbers(stack) == [2, 1, 3]


def test_documents_have_their_own_stacks(disc, image, read):
    report = image(9, SOPClassUID=BasicTextSRStorage, Modality="SR", PixelData=None, Rows=None, Columns=None)
    series = only_series(read(disc(image(1), image(2), report)))
    assert [len(stack.instances) for stack in series.stacks] == [2, 1]
    assert series.stacks[1].reason == "report"
    assert series.kind == "image"


def test_a_segmentation_is_told_from_images(disc, image, read):
    seg = image(9, SOPClassUID=SegmentationStorage, Modality="SEG", SeriesInstanceUID="1.2.3.33", NumberOfFrames=2, PixelData=bytes(64))
    kinds = {series.kind for series in read(disc(image(1), seg)).series}
    assert kinds == {"image", "segmentation"}


# --- the fourth dimension -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keyword", "values", "words"),
    (
        ("TemporalPositionIdentifier", (1, 2, 3), "time point 2/3"),
        ("TriggerTime", (0, 120, 240), "phase 2/3 (120 ms)"),
        ("EchoTime", (4.6, 9.2, 14), "echo 2/3 (9.2 ms)"),
        ("EchoNumbers", (1, 2, 3), "echo 2/3"),
        ("DiffusionBValue", (0.0, 500.0, 1000.0), "b-value 2/3 (500 s/mm²)"),
        ("InversionTime", (100, 200, 300), "inversion time 2/3 (200 ms)"),
        ("ConvolutionKernel", ("B30f", "B50f", "B80f"), "kernel 2/3 (B50f)"),
        ("AcquisitionNumber", (1, 2, 3), "acquisition 2/3"),
        ("AcquisitionTime", ("080000", "080100", "080200"), "time 2/3"),
    ),
)
def test_the_axis_of_a_fourth_dimension(keyword, values, words, disc, image, read):
    """Three images at each of four positions, interleaved as perfusion series are."""
    images = []
    for place in range(4):
        for row, value in enumerate(values):
            images.append(image(len(images) + 1, ImagePositionPatient=[0, 0, 5 * place], **{keyword: value}))
    stacks = only_series(read(disc(*images))).stacks
    assert [len(stack.instances) for stack in stacks] == [4, 4, 4]
    assert [stack.reason for stack in stacks][1] == words
    assert numbers(stacks[0]) == [1, 4, 7, 10]


@pytest.mark.parametrize(
    ("group", "creator", "element", "vr", "values"),
    (
        (0x0019, "SIEMENS MR HEADER", 0x100C, "IS", ("0", "500", "1000")),
        (0x0043, "GEMS_PARM_01", 0x1039, "IS", (["0", "8", "0", "0"], ["1000000500", "8", "0", "0"], ["1000001000", "8", "0", "0"])),
        (0x2001, "Philips Imaging DD 001", 0x1003, "FL", (0.0, 500.0, 1000.0)),
    ),
    ids=("siemens", "ge", "philips"),
)
def test_b_values_in_private_elements(group, creator, element, vr, values, disc, image, read):
    images = []
    for place in range(4):
        for value in values:
            one = image(len(images) + 1, ImagePositionPatient=[0, 0, 5 * place])
            one.add_new((group, 0x0010), "LO", creator)
            one.add_new((group, element), vr, value)
            images.append(one)
    stacks = only_series(read(disc(*images))).stacks
    assert [stack.reason for stack in stacks] == [f"b-value {n}/3 ({b} s/mm²)" for n, b in ((1, 0), (2, 500), (3, 1000))]


def test_without_an_axis_instance_numbers_make_blocks(disc, image, read):
    images = [image(n, ImagePositionPatient=[0, 0, 5 * ((n - 1) % 4)]) for n in range(1, 9)]
    stacks = only_series(read(disc(*images))).stacks
    assert [numbers(stack) for stack in stacks] == [[1, 2, 3, 4], [5, 6, 7, 8]]
    assert stacks[1].reason == "block 2 of 2, axis unknown"


def test_one_slice_taken_twice_splits_nothing(disc, image, read):
    images = [*(image(n) for n in range(1, 9)), image(99, ImagePositionPatient=[-100, -100, 15.0])]
    (stack,) = only_series(read(disc(*images))).stacks
    assert numbers(stack) == [1, 2, 3, 99, 4, 5, 6, 7, 8]


def test_a_single_position_is_scrolled_through_time(disc, image, read):
    images = [image(n, ImagePositionPatient=[0, 0, 0], TriggerTime=1000 - 10 * n) for n in range(1, 7)]
    (stack,) = only_series(read(disc(*images))).stacks
    assert numbers(stack) == [6, 5, 4, 3, 2, 1]
    assert stack.sorted_by == "phase"


# --- gaps ---------------------------------------------------------------------------------------------------------


def test_a_gap_with_missing_numbers_is_a_warning(disc, image, read):
    catalog = read(disc(*(image(n) for n in range(1, 13) if n not in (5, 6))))
    (gap,) = [told for told in catalog.findings if told.code == "slice-gap"]
    assert gap.severity == "warning"
    assert (gap.values["gap"], gap.values["spacing"], gap.values["before"], gap.values["after"], gap.values["missing"]) == (10, 5, 4, 7, 2)
    (holes,) = [told for told in catalog.findings if told.code == "instance-numbers-missing"]
    assert (holes.values["numbers"], holes.values["missing"], holes.count) == ("5-6", 2, 1)
    (stack,) = only_series(catalog).stacks
    assert [(found.after, found.missing) for found in stack.gaps] == [(4, 2)]


def test_a_gap_alone_is_a_note(disc, image, read):
    """Slabs: numbers go on across the gap."""
    catalog = read(disc(*(image(n, ImagePositionPatient=[0, 0, 5 * n + (60 if n > 5 else 0)]) for n in range(1, 11))))
    assert [told.severity for told in catalog.findings if told.code == "slice-gap"] == ["info"]


def test_missing_numbers_alone_are_a_note(disc, image, read):
    """Deleted scouts: positions are whole."""
    catalog = read(disc(*(image(n, InstanceNumber=n + (3 if n > 5 else 0)) for n in range(1, 11))))
    assert [told.code for told in catalog.findings if told.severity != "info"] == []
    assert "instance-numbers-missing" in [told.code for told in catalog.findings]


def test_a_series_that_promises_more(disc, image, read):
    catalog = read(disc(*(image(n, NumberOfSeriesRelatedInstances=12) for n in range(1, 8))))
    (told,) = [told for told in catalog.findings if told.code == "series-promises-more"]
    assert (told.values["promised"], told.values["found"]) == (12, 7)


def test_even_slices_tell_nothing(disc, image, read):
    catalog = read(disc(*(image(n, ImagePositionPatient=[0, 0, 5 * n + 0.004 * (n % 2)]) for n in range(1, 20))))
    assert [told.code for told in catalog.findings] == ["dicomdir-absent"]


def test_the_largest_gap_is_the_loudest(disc, image, read):
    """50 of 64 images left off in the middle: 255 mm between two slices that follow one another."""
    catalog = read(disc(*(image(n) for n in range(1, 65) if not 9 < n < 60)))
    (gap,) = [told for told in catalog.findings if told.code == "slice-gap"]
    assert (gap.severity, gap.values["distance"], gap.values["before"], gap.values["after"]) == ("warning", 255, 9, 60)
    (holes,) = [told for told in catalog.findings if told.code == "instance-numbers-missing"]
    assert (holes.values["numbers"], holes.values["missing"]) == ("10-59", 50)
    assert [(found.after, found.missing) for found in only_series(catalog).stacks[0].gaps] == [(9, 50)]


def test_a_gap_among_four_images_is_a_note(disc, image, read):
    catalog = read(disc(*(image(n) for n in (18, 180, 181, 182))))
    assert {told.code: told.severity for told in catalog.findings if told.code != "dicomdir-absent"} == {
        "slice-gap": "info", "instance-numbers-missing": "info",
    }  # fmt: skip
    assert [found.after for found in only_series(catalog).stacks[0].gaps] == [1]


def test_gaps_with_missing_numbers_are_told_each_however_many(disc, image, read):
    left = [n for n in range(1, 61) if n % 5 != 2]
    catalog = read(disc(*(image(n) for n in left)))
    gaps = [told for told in catalog.findings if told.code == "slice-gap"]
    assert len(gaps) > len(left) // 10
    assert {told.severity for told in gaps} == {"warning"}


def test_scattered_numbers_are_no_missing_ones(disc, image, read):
    catalog = read(disc(*(image(n, InstanceNumber=100 * n) for n in range(1, 9))))
    assert [told.code for told in catalog.findings] == ["dicomdir-absent"]


def test_numbers_of_other_stacks_are_not_missing(disc, image, read):
    axial = [image(n, ImagePositionPatient=[0, 0, 5 * n]) for n in (*range(1, 6), *range(12, 18))]
    others = [image(n, ImageOrientationPatient=CORONAL, ImagePositionPatient=[0, n, 0]) for n in range(6, 12)]
    catalog = read(disc(*axial, *others))
    assert [told.severity for told in catalog.findings if told.code == "slice-gap"] == ["info"]


def test_findings_about_a_series_say_which(disc, image, read):
    more = [image(n, StudyInstanceUID="1.9", SeriesInstanceUID="1.9.1", StudyDate="20200101") for n in range(21, 29) if n != 25]
    (gap,) = [told for told in read(disc(image(1), *more)).findings if told.code == "slice-gap"]
    values = {name: gap.values[name] for name in ("series", "number_in_list", "description", "exam_in_list", "date")}
    assert values == {"series": "4", "number_in_list": 2, "description": "Thorax 5.0", "exam_in_list": 2, "date": "2020-01-01"}


# --- pieces of one stack, images that nothing places ----------------------------------------------------------------


ADDED = ["ORIGINAL", "PRIMARY", "AXIAL", "ADD"]


@pytest.mark.parametrize("lower", (range(1, 6), range(1, 11, 2)), ids=("adjacent", "interleaved"))
def test_pieces_of_another_image_type_are_one_stack(lower, disc, image, read):
    """A GE head CT: the skull base averaged, the rest not."""
    (stack,) = only_series(read(disc(*(image(n, **({"ImageType": ADDED} if n in lower else {})) for n in range(1, 11))))).stacks
    assert numbers(stack) == list(range(1, 11))
    assert stack.reason is None


def test_another_image_type_at_the_same_positions_is_an_axis(disc, image, read):
    magnitude = [image(n, ImageType=["ORIGINAL", "PRIMARY", "M", "NORM"]) for n in range(1, 6)]
    phase = [image(n + 5, ImageType=["ORIGINAL", "PRIMARY", "P"], ImagePositionPatient=[-100, -100, 5.0 * n]) for n in range(1, 6)]
    stacks = only_series(read(disc(*magnitude, *phase))).stacks
    assert [(str(stack.reason), numbers(stack)) for stack in stacks] == [
        ("image type M\\NORM", [1, 2, 3, 4, 5]), ("image type P", [6, 7, 8, 9, 10]),
    ]  # fmt: skip


def test_a_localizer_is_no_piece(disc, image, read):
    scout = image(9, ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"], ImagePositionPatient=[-100, -100, 300])
    assert [stack.is_scout for stack in only_series(read(disc(image(1), image(2), image(3), scout))).stacks] == [False, True]


def test_a_missing_image_of_a_split_series_has_no_known_place(disc, image, read, with_dicomdir, tmp_path):
    planes = {1: [1, 0, 0, 0, 1, 0], 2: SAGITTAL, 3: CORONAL}
    folder = with_dicomdir(disc(*(image(n, ImageOrientationPatient=planes[n]) for n in (1, 2, 3))), tmp_path / "set")
    from pydicom import dcmread

    for path in [path for path in folder.rglob("*") if path.is_file() and path.name != "DICOMDIR"]:
        if dcmread(path).InstanceNumber == 2:
            path.unlink()
    series = only_series(read(folder))
    assert [(str(stack.reason), numbers(stack), stack.image_count) for stack in series.stacks] == [
        ("axial", [1], 1), ("coronal", [3], 1), ("not known where", [2], 0),
    ]  # fmt: skip


def test_gaps_stay_at_their_place_beside_missing_images(disc, image, read, with_dicomdir, tmp_path):
    from pydicom import dcmread

    folder = with_dicomdir(disc(*(image(n) for n in range(1, 13) if n not in (8, 9))), tmp_path / "set")
    for path in [path for path in folder.rglob("*") if path.is_file() and path.name != "DICOMDIR"]:
        if dcmread(path).InstanceNumber == 2:
            path.unlink()
    catalog = read(folder)
    (stack,) = only_series(catalog).stacks
    assert [stack.instances[gap.after - 1].instance_number for gap in stack.gaps] == [1, 7]
    assert [told.values["before"] for told in catalog.findings if told.code == "slice-gap"] == [7]
