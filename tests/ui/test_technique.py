"""How a picture was taken stands beside it: values put into files by hand, read off the screen."""

import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from tview.dicom import read_header
from tview.errors import SettingsError
from tview.settings import Settings
from tview.ui.technique import check_corner, tag_of, technique


def told_of(path, frame=0, corner=None):
    data = path.read_bytes()
    header = read_header(lambda offset, length: data[offset : offset + length], len(data))
    return [told.text for told in technique(header.data_set, frame, corner)]


MR = {"Modality": "MR", "RepetitionTime": 4500, "EchoTime": 98.25, "FlipAngle": 150, "InversionTime": 0, "MagneticFieldStrength": 3}


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (MR, ["TR 4500 ms", "TE 98.25 ms", "FA 150°", "3 T"]),
        ({"KVP": 120, "Exposure": 250, "ConvolutionKernel": "B70f"}, ["120 kV", "250 mAs", "B70f"]),
        ({"Modality": "MG", "KVP": 28, "BodyPartThickness": 52, "CompressionForce": 110}, ["28 kV", "compressed to 52 mm", "110 N"]),
        ({"Modality": "XA", "PositionerPrimaryAngle": -30, "PositionerSecondaryAngle": 10}, ["RAO 30°", "CRA 10°"]),
        ({"Modality": "US", "KVP": 28}, []),
        ({}, []),
    ],
)
def test_each_modality_has_its_own_short_list(stack, given, wanted) -> None:
    path = next(stack(count=1, **{key: value for key, value in given.items() if value is not None}).iterdir())
    assert told_of(path) == wanted


def test_a_frame_has_its_own_values_before_the_shared_ones(stack) -> None:
    path = next(stack(count=1, Modality="MR", RepetitionTime=1).iterdir())
    data = pydicom.dcmread(path)

    def group(sequence, **values):
        item, outer = Dataset(), Dataset()
        for keyword, value in values.items():
            setattr(item, keyword, value)
        setattr(outer, sequence, Sequence([item]))
        return outer

    data.PerFrameFunctionalGroupsSequence = Sequence([group("MREchoSequence", EffectiveEchoTime=10.0 * frame) for frame in (1, 2)])
    data.SharedFunctionalGroupsSequence = Sequence([group("MRTimingAndRelatedParametersSequence", RepetitionTime=8, FlipAngle=15)])
    data.save_as(path)
    assert told_of(path, 0) == ["TR 8 ms", "TE 10 ms", "FA 15°"]
    assert told_of(path, 1) == ["TR 8 ms", "TE 20 ms", "FA 15°"]


def test_the_tracer_and_its_activity(stack) -> None:
    tracer = Dataset()
    tracer.Radiopharmaceutical, tracer.RadionuclideTotalDose = "FDG", 370_000_000
    path = next(stack(count=1, Modality="PT", RadiopharmaceuticalInformationSequence=Sequence([tracer])).iterdir())
    assert told_of(path) == ["FDG", "370 MBq"]


def test_the_settings_list_replaces_the_usual_one(stack) -> None:
    path = next(stack(count=1, KVP=120, ProtocolName="Thorax", RequestedContrastAgent="none").iterdir())
    assert told_of(path, corner={"CT": ("ProtocolName", "KVP", "RequestedContrastAgent", "0020,0010")}) == [
        "ProtocolName Thorax", "120 kV", "RequestedContrastAgent none",
    ]  # fmt: skip
    assert told_of(path, corner={"CT": ()}) == [] and told_of(path, corner={"MR": ("KVP",)}) == ["120 kV"]


def test_a_keyword_that_is_none_is_refused() -> None:
    assert tag_of("KVP") == tag_of("0018,0060") == 0x00180060 and tag_of("NoSuchKeyword") is None
    check_corner({"CT": ("KVP",)}, "config.toml")
    with pytest.raises(SettingsError):
        check_corner({"CT": ("NoSuchKeyword",)}, "config.toml")


async def test_it_stands_beside_the_slice_and_obeys_the_mask(viewer, stack) -> None:
    folder = stack(count=3, KVP=120, AccessionNumber="ACC77")
    settings = Settings(corner={"CT": ("KVP", "PatientID", "AccessionNumber", "PatientName")})
    async with viewer(folder, size=(160, 43), settings=settings) as v:
        assert "[2 of 3]  120 kV  PatientID P1  AccessionNumber ACC77  PatientName P1, X" in v.row(-3)
        await v.press("p")
        assert "120 kV" in v.row(-3) and "P1" not in v.row(-3) and "ACC77" not in v.row(-3)
    async with viewer(folder, size=(80, 24)) as v:
        assert "120 kV" in v.row(-3)


async def test_a_pet_image_without_suv_says_why(viewer, stack) -> None:
    folder = stack(count=3, Modality="PT", Units="BQML", CorrectedImage=["ATTN", "DECAY"], DecayCorrection="START")
    for size in ((80, 24), (132, 43)):
        async with viewer(folder, size=size) as v:
            assert "no SUV: the patient's weight is not given" in v.text()


async def test_a_warning_too_long_for_a_small_pane_is_cut_and_not_left_out(viewer, stack) -> None:
    folder = stack(count=3, Modality="PT", Units="BQML", CorrectedImage=["ATTN", "DECAY"], DecayCorrection="START")
    async with viewer(folder, size=(80, 24)) as v:
        await v.press("number_sign")
        assert "no SUV: the patient's weight" in v.text()
