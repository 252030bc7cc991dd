"""A waveform opens as its pages, D gives its text, and the distance tool is a pair of calipers."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "documents"))
from test_waveform_pages import LEADS, channel, steps, waveform


@pytest.fixture
def ecg(tmp_path):
    waveform(steps(), [channel(f"Lead {lead}", "uV") for lead in LEADS]).save_as(tmp_path / "ECG", enforce_file_format=True)
    return tmp_path


async def _opened(v) -> None:
    await v.until(lambda: v.screen.catalog is not None and v.screen.catalog.complete)
    series = v.screen.catalog.series[0]
    if v.pane.state.series is None:
        v.screen.open_series(series)
    await v.until(lambda: v.pane.shown is not None and v.pane.shown.frame is not None)


async def test_it_opens_as_pages_and_d_reads_it(viewer, ecg) -> None:
    async with viewer(ecg, ready=False) as v:
        await _opened(v)
        assert len(v.pane.slices) == 2
        assert v.pane.rendered.picture.ndim == 3
        await v.pilot.press("D")
        await v.until(lambda: v.screen.page.is_open)
        assert "Lead aVR" in v.text()


async def test_the_distance_tool_measures_milliseconds_and_millivolts(viewer, ecg) -> None:
    async with viewer(ecg, ready=False) as v:
        await _opened(v)
        await v.pilot.press("d")
        v.pane.spot = (100.5, 200.5)
        await v.pilot.press("enter")
        v.pane.spot = (180.5, 360.5)
        await v.pilot.press("enter")
        (mark,) = v.screen.marks.measured
        assert [(one.value, one.unit) for one in mark.quantities] == [(pytest.approx(800.0), "ms"), (pytest.approx(1.0), "mV")]
