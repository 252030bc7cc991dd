"""The bench runs to its end, and holds figures against limits as it says. How fast anything is, is no matter for a test."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"
ROWS = ("show", "scan", "directory", "listing", "decode", "picture", "encode", "cine", "imports")


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, str(SCRIPTS / "bench"), *arguments], capture_output=True, text=True, timeout=150, check=False)


@pytest.fixture
def benchmarks(monkeypatch):
    """The package, which is no part of tview."""
    monkeypatch.syspath_prepend(str(SCRIPTS))
    from benchmarks import report, values

    yield values, report
    for name in [name for name in sys.modules if name.split(".")[0] == "benchmarks"]:
        del sys.modules[name]


@pytest.mark.skipif(importlib.util.find_spec("imagecodecs") is None, reason="imagecodecs is not installed")
def test_quick_rows_run_to_their_end():
    """Every tview case ran: a failed one is told by exit code 1."""
    done = bench("--quick", *ROWS)
    assert done.returncode == 0, done.stdout + done.stderr
    for row in ROWS:
        assert f"\n{row}: " in "\n" + done.stdout
    assert "RuntimeError" not in done.stdout


def test_an_unknown_row_is_refused_with_the_list():
    done = bench("nonsense")
    assert done.returncode != 0
    assert "nonsense" in done.stderr and "directory" in done.stderr


def test_ratios_are_taken_the_way_the_limit_is_written(benchmarks):
    values, report = benchmarks
    cases = tuple(values.Case(name, dict) for name in ("tview", "peer"))
    group = values.Group("g", cases, ())
    outcome = values.Outcome(group, {"tview": {"cpu_ms": 2.0}, "peer": {"cpu_ms": 10.0}}, {}, 3)
    faster = report.judge(outcome, values.Asked("cpu_ms", "peer", at_least=4))
    assert (faster.measured, faster.met) == ("5.00×", True)
    assert report.judge(outcome, values.Asked("cpu_ms", "peer", at_least=6)).met is False
    share = report.judge(outcome, values.Asked("cpu_ms", "peer", at_most=0.25))
    assert (share.measured, share.met) == ("0.20×", True)
    assert report.judge(outcome, values.Asked("cpu_ms", "peer", at_most=0.1, plus=1.5)).met is True
    assert report.judge(outcome, values.Asked("cpu_ms", at_most=1.9)).met is False
    assert report.judge(outcome, values.Asked("cpu_ms", "absent", at_most=1)).met is None


def test_the_page_names_what_was_left_out(benchmarks):
    values, report = benchmarks
    asked = values.Asked("cpu_ms", "peer", at_most=1, note="Because.")
    group = values.Group("g", (values.Case("tview", dict), values.Case("peer", dict, "not installed: peer")), (asked,))
    row = values.Row("row", "Row", lambda bench: iter(()))
    page = report.as_page({row: [values.Outcome(group, {"tview": {"cpu_ms": 2.0}}, {"peer": "not installed: peer"}, 3)]}, 0.5)
    assert "not installed: peer" in page and "not measured" in page and "Because." not in page
