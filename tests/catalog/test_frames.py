"""Frames of enhanced objects: parted and ordered by what the functional groups say of each, not by how they are stored."""

import copy
import random

import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import EnhancedMRImageStorage


def item(**elements: object) -> Dataset:
    data_set = Dataset()
    for keyword, value in elements.items():
        setattr(data_set, keyword, value)
    return data_set


def nested(value: object, *keywords: str) -> Dataset:
    """{"A": [{"B": [{"C": value}]}]} from ("A", "B", "C")."""
    for keyword in reversed(keywords):
        value = item(**{keyword: value if keyword == keywords[-1] else Sequence([value])})
    assert isinstance(value, Dataset)
    return value


def frame(z: float, **groups: object) -> Dataset:
    data_set = item(
        PlanePositionSequence=Sequence([item(ImagePositionPatient=[-10, -20, z])]),
        FrameContentSequence=Sequence([item(StackID="1")]),
    )
    for name, value in groups.items():
        keywords = name.split("__")
        if keywords[0] == "FrameContentSequence":
            setattr(data_set.FrameContentSequence[0], keywords[1], value)
        else:
            setattr(data_set, keywords[0], Sequence([nested(value, *keywords[1:])]))
    return data_set


@pytest.fixture
def enhanced(image):
    def make(*frames: Dataset, number: int = 1, **attributes: object) -> Dataset:
        shared = item(
            PlaneOrientationSequence=Sequence([item(ImageOrientationPatient=[1, 0, 0, 0, 1, 0])]),
            PixelMeasuresSequence=Sequence([item(PixelSpacing=[0.5, 0.5], SliceThickness=5)]),
        )
        return image(
            number, SOPClassUID=EnhancedMRImageStorage, Modality="MR", NumberOfFrames=len(frames), PixelData=bytes(32 * len(frames)),
            ImagePositionPatient=None, ImageOrientationPatient=None, PixelSpacing=None, SliceThickness=None,
            SharedFunctionalGroupsSequence=Sequence([shared]), PerFrameFunctionalGroupsSequence=Sequence(copy.deepcopy(list(frames))),
            **attributes,
        )  # fmt: skip

    return make


def rows_of(catalog):
    (series,) = catalog.series
    (stack,) = series.stacks
    return stack.frame_rows


def test_frames_go_by_position_however_they_are_stored(enhanced, disc, read):
    places = [0, 15, 5, 20, 10]
    (row,) = rows_of(read(disc(enhanced(*(frame(z) for z in places)))))
    found = [places[number - 1] for number in row.frames]
    assert found in ([0, 5, 10, 15, 20], [20, 15, 10, 5, 0])
    assert (row.words, row.spacing_mm, row.gaps) == (None, 5, ())
    assert row.sorted_by == "position along the normal"


@pytest.mark.parametrize(
    ("group", "values", "words"),
    (
        ("FrameContentSequence__TemporalPositionIndex", (1, 2, 3), "time point 2/3"),
        ("CardiacSynchronizationSequence__NominalCardiacTriggerDelayTime", (0.0, 40.0, 80.0), "phase 2/3 (40 ms)"),
        ("MREchoSequence__EffectiveEchoTime", (4.6, 9.2, 14.0), "echo 2/3 (9.2 ms)"),
        ("MRDiffusionSequence__DiffusionBValue", (0.0, 500.0, 1000.0), "b-value 2/3 (500 s/mm²)"),
        ("FrameContentSequence__FrameAcquisitionNumber", (1, 2, 3), "acquisition 2/3"),
    ),
)
def test_the_axis_of_a_fourth_dimension(group, values, words, enhanced, disc, read):
    """Four positions under three values, shuffled; each row has its frames by position."""
    cells = [(z, value) for z in (0, 5, 10, 15) for value in values]
    random.Random(5).shuffle(cells)
    rows = rows_of(read(disc(enhanced(*(frame(z, **{group: value}) for z, value in cells)))))
    assert [row.words for row in rows][1] == words
    for row, value in zip(rows, values, strict=True):
        places = [cells[number - 1] for number in row.frames]
        assert {shown for _, shown in places} == {value}
        assert [z for z, _ in places] in ([0, 5, 10, 15], [15, 10, 5, 0])


def test_a_dimension_that_nothing_else_names(enhanced, disc, read):
    """Dimension Index Values beside those of the place: PS3.3 C.7.6.17."""
    pointers = [item(DimensionIndexPointer=tag) for tag in (0x00209056, 0x00209057, 0x00181152)]
    cells = [(z, k) for k in (2, 1) for z in (0, 5, 10)]
    frames = [frame(z, FrameContentSequence__DimensionIndexValues=[1, 1 + z // 5, k]) for z, k in cells]
    rows = rows_of(read(disc(enhanced(*frames, DimensionIndexSequence=Sequence(pointers)))))
    assert [row.words for row in rows] == ["dimension 1/2", "dimension 2/2"]
    assert [sorted(row.frames) for row in rows] == [[4, 5, 6], [1, 2, 3]]


def test_a_gap_between_frames_is_told_by_their_numbers(enhanced, disc, read):
    catalog = read(disc(enhanced(*(frame(5 * z) for z in (0, 1, 2, 5, 6, 7)))))
    (gap,) = [told for told in catalog.findings if told.code == "slice-gap"]
    assert (gap.values["before"], gap.values["after"], gap.values["gap"]) == (3, 4, 10)


def test_parts_of_a_concatenation_are_ordered_as_one(enhanced, disc, read):
    parts = [
        enhanced(*(frame(z) for z in places), number=number, ConcatenationUID="1.2.3.9", InConcatenationNumber=number)
        for number, places in ((1, (0, 10)), (2, (5, 15)))
    ]
    (row,) = rows_of(read(disc(*parts)))
    assert list(row.frames) in ([1, 3, 2, 4], [4, 2, 3, 1])


def test_frames_without_places_stay_as_they_are(enhanced, disc, read):
    frames = [frame(0) for _ in range(3)]
    for one in frames:
        del one.PlanePositionSequence
    assert rows_of(read(disc(enhanced(*frames)))) == ()


def test_groups_for_other_numbers_of_frames_are_not_used(enhanced, disc, read):
    data_set = enhanced(*(frame(5 * z) for z in range(4)))
    data_set.NumberOfFrames = 3
    assert rows_of(read(disc(data_set))) == ()


def test_outside_objects_by_pydicom(shared, read):
    """A Philips field map: 32 magnitude frames and 32 of the field, alternating as they are stored."""
    path = shared / "corpus" / "multiframe" / "IM_0027_fMAP.dcm"
    groups = dcmread(path, stop_before_pixels=True).PerFrameFunctionalGroupsSequence
    kinds = [str(group.MRImageFrameTypeSequence[0].ComplexImageComponent) for group in groups]
    places = [float(group.PlanePositionSequence[0].ImagePositionPatient[2]) for group in groups]
    rows = rows_of(read(path))
    assert len(rows) == 2
    for row in rows:
        assert len({kinds[number - 1] for number in row.frames}) == 1
        along = [places[number - 1] for number in row.frames]
        assert along in (sorted(along), sorted(along, reverse=True))
