"""Waveforms as pages: samples in their units, 25 mm/s and 10 mm/mV, names of leads, and what a pixel is worth."""

import numpy as np
import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

from tview import documents, pixels
from tview.documents.trace_image import PX_PER_MM
from tview.documents.traces import read_traces
from tview.errors import PixelError

LEADS = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")
RATE = 500


def _item(**values) -> Dataset:
    made = Dataset()
    for name, value in values.items():
        setattr(made, name, Sequence(value) if name.endswith("Sequence") else value)
    return made


def _code(value: str, meaning: str) -> Dataset:
    return _item(CodeValue=value, CodingSchemeDesignator="X", CodeMeaning=meaning)


def channel(name: str, unit: str, sensitivity=1.0, correction=1.0, baseline=0.0) -> Dataset:
    return _item(
        ChannelSourceSequence=[_code("1", name)], ChannelSensitivity=str(sensitivity), ChannelBaseline=str(baseline),
        ChannelSensitivityCorrectionFactor=str(correction), ChannelSensitivityUnitsSequence=[_code(unit, unit)],
    )  # fmt: skip


def waveform(samples, channels, *, sop_class="9.1.1", kind="SS", bits=16, rate=RATE, label="RHYTHM", padding=None) -> Dataset:
    made = Dataset()
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made.SOPClassUID = made.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1." + sop_class
    made.SOPInstanceUID = made.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    made.PatientName, made.PatientID, made.StudyInstanceUID, made.SeriesInstanceUID = "WAVE^W", "W1", generate_uid(), generate_uid()
    made.Modality, made.StudyDate, made.SeriesNumber, made.InstanceNumber = "ECG", "20260101", 1, 1
    group = _item(
        WaveformOriginality="ORIGINAL", NumberOfWaveformChannels=len(channels), NumberOfWaveformSamples=len(samples),
        SamplingFrequency=str(rate),
        MultiplexGroupLabel=label, ChannelDefinitionSequence=list(channels), WaveformBitsAllocated=bits, WaveformSampleInterpretation=kind,
        WaveformData=np.asarray(samples).tobytes(),
    )  # fmt: skip
    group["WaveformData"].VR = "OW"
    if padding is not None:
        group.add_new(0x5400100A, "OW", np.array([padding], "<i2").tobytes())
    made.WaveformSequence = Sequence([group])
    return made


@pytest.fixture(scope="module")
def opened(written):
    with pixels.Decoder() as decoder:

        def opened(data_set):
            header, read_at, size = written(data_set)
            return documents.open_pages(header, read_at, size, "X", decoder), read_traces(header, read_at)

        yield opened


def steps(seconds: float = 10.0):
    """Each lead is a step from 0 to its own height, up and down every second; microvolts."""
    time = np.arange(int(seconds * RATE)) / RATE
    heights = np.arange(1, 13) * 100
    return (np.where(time % 1 < 0.5, 0, 1)[:, None] * heights).astype("<i2")


def test_samples_are_in_their_unit_with_sensitivity_correction_and_baseline(opened) -> None:
    stored = np.arange(-500, 500, dtype="<i2")[:, None].repeat(2, axis=1)
    channels = [channel("Lead II", "uV", 2.5, 1.1, 40), channel("Aortic", "mm[Hg]", 0.2, 1.0, 80)]
    _, (group,) = opened(waveform(stored, channels, sop_class="9.2.1"))
    assert [(trace.name, trace.unit, trace.lead) for trace in group.traces] == [("Lead II", "mV", "II"), ("Aortic", "mmHg", None)]
    assert np.allclose(group.traces[0].values, (np.arange(-500, 500) * 2.5 * 1.1 + 40) / 1000, atol=1e-5)
    assert np.allclose(group.traces[1].values, np.arange(-500, 500) * 0.2 + 80, atol=1e-4)


@pytest.mark.parametrize(
    ("kind", "bits", "dtype"), [("SB", 8, "i1"), ("UB", 8, "u1"), ("US", 16, "<u2"), ("SL", 32, "<i4"), ("UL", 32, "<u4")]
)
def test_every_cell_is_read(opened, kind: str, bits: int, dtype: str) -> None:
    stored = (np.arange(4000) % 100).astype(dtype)[:, None]
    _, (group,) = opened(waveform(stored, [channel("Lead I", "mV", 0.01)], kind=kind, bits=bits))
    assert np.allclose(group.traces[0].values, (np.arange(4000) % 100) * 0.01, atol=1e-5)


def test_twelve_leads_stand_as_on_paper(opened) -> None:
    """3 rows of 4 leads of 2.5 s, and lead II below: 25 mm/s and 10 mm/mV, measured in the picture."""
    image, _ = opened(waveform(steps(), [channel(f"Lead {lead}", "uV") for lead in LEADS]))
    regions = image.regions_of(0)
    assert len(regions) == 13
    picture = image.read_frame(0).stored
    wanted = {(0, 0): "I", (0, 1): "aVR", (0, 2): "V1", (0, 3): "V4", (1, 0): "II", (2, 3): "V6", (2, 1): "aVF"}
    by_place = {(region.top, region.left): region for region in regions[:12]}
    tops, lefts = sorted({top for top, _ in by_place}), sorted({left for _, left in by_place})
    assert np.diff(lefts).tolist() == [500, 500, 500]  # 2.5 s x 25 mm/s x 8
    for (row, column), lead in wanted.items():
        region = by_place[tops[row], lefts[column]]
        part = picture[region.top : region.bottom + 1, region.left : region.right + 1]
        height_px = 10 * PX_PER_MM * (LEADS.index(lead) + 1) * 0.1
        middle = (region.bottom + 1 - region.top) / 2
        high, flat = (150, 50) if column % 2 == 0 else (50, 150)  # 0.75 and 0.25 s from the left, which is at a half second for odd columns
        bright = np.flatnonzero(part[:, high].min(axis=1) > 180)
        assert abs(bright.mean() + 0.5 - (middle - height_px)) < 1.0, lead
        low = np.flatnonzero(part[:, flat].min(axis=1) > 180)
        assert abs(low.mean() + 0.5 - middle) < 1.0, lead


def test_a_pixel_is_worth_5_ms_and_a_hundredth_and_a_quarter_of_a_millivolt(opened) -> None:
    image, _ = opened(waveform(steps(), [channel(f"Lead {lead}", "uV") for lead in LEADS]))
    region, frame = image.regions_of(0)[0], image.read_frame(0)
    start = (region.top + 10.5, region.left + 20.5)
    across, down = pixels.measure("distance", [start, (start[0] + 80, start[1] + 160)], frame, image.regions_of(0))
    assert (across.value, across.unit) == (pytest.approx(800.0), "ms")
    assert (down.value, down.unit) == (pytest.approx(1.0), "mV")


def test_padding_leaves_a_gap(opened) -> None:
    stored = np.full((5000, 1), 0, "<i2")
    stored[2000:3000] = -32768
    image, (group,) = opened(waveform(stored, [channel("Lead II", "uV")], padding=-32768))
    assert np.isnan(group.traces[0].values[2000:3000]).all()
    picture, region = image.read_frame(0).stored, image.regions_of(0)[0]
    bright = (picture[region.top : region.bottom, region.left : region.right].min(axis=2) > 180).any(axis=0)
    gap = np.flatnonzero(~bright)
    assert gap.size > 380
    assert 798 < gap.mean() + (region.left - region.left) < 1202


def test_long_recordings_go_on_on_further_pages(opened) -> None:
    image, _ = opened(waveform(steps(25.0), [channel(f"Lead {lead}", "uV") for lead in LEADS]))
    assert image.number_of_frames == 6  # three of twelve leads, three of a row a lead


def test_pressures_have_a_round_scale_and_their_unit(opened) -> None:
    time = np.arange(2000) / 200
    stored = (100 + 20 * np.sin(2 * np.pi * time)).astype("<i2")[:, None]
    image, _ = opened(waveform(stored, [channel("Aortic pressure", "mm[Hg]")], sop_class="9.2.1", rate=200))
    (region,) = image.regions_of(0)
    assert region.row_unit == "mmHg"
    per_unit = -1 / (region.row_step * PX_PER_MM)
    assert 40 * per_unit <= 30
    assert f"{per_unit:g}".lstrip("0.")[0] in "125"


def test_sound_is_named_and_not_drawn(opened) -> None:
    with pytest.raises(PixelError, match="waveform-sound"):
        opened(waveform(np.zeros((8000, 1), "u1"), [channel("voice", "1")], sop_class="9.4.1", kind="UB", bits=8, rate=8000))


def test_a_waveform_without_samples_says_so(opened) -> None:
    with pytest.raises(PixelError, match="waveform-empty"):
        opened(waveform(np.zeros((0, 1), "<i2"), [channel("Lead I", "uV")]))
