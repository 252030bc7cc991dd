"""Keys in the running viewer: from a key to its picture, while it is held down, over a slow link, and what memory it takes."""

import statistics
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from benchmarks.fake_terminal import CELL_HEIGHT_PX, CELL_WIDTH_PX, FakeTerminal, Link
from benchmarks.material import SYNTAXES
from benchmarks.timing import tview
from benchmarks.values import Asked, Bench, Case, Group, Sample

_PANE = (1000, 1000)
_WHY = "About 10 ms of the cpu are the words on the screen, the rest is the picture; other work on the machine shows in p95 first."
_REPEAT_S = 1 / 30  # a held key
_SLOW = Link(bytes_per_s=10e6 / 8, one_way_s=0.030)


def keys(bench: Bench) -> Iterator[Group]:
    """One key at a time, the terminal reading at once: until the last byte of the picture for it."""
    presses = 12 if bench.quick else 150
    cases, asked = [], []
    for syntax in ("native",) if bench.quick else ("native", "jpegls", "j2k"):
        name = f"next image, {SYNTAXES[syntax][1]}"
        cases.append(Case(name, _pressed(bench, syntax, b"j" * presses)))
        asked.append(Asked("p95_ms", at_most=33, ours=name, note=_WHY))
    cases.append(Case("window preset", _pressed(bench, "native", b"457" * (presses // 3))))
    asked.append(Asked("p95_ms", at_most=33, ours="window preset", note=_WHY))
    yield Group(
        f"a key to its picture, 1000 × 1000, kitty, {presses} keys",
        tuple(cases),
        tuple(asked),
        measures=("p50_ms", "p95_ms", "cpu_ms"),
        repeats=1,
        warm_up=False,
        remark="Wall time; the bench plays the terminal on the same processors. cpu is the viewer's for one key.",
    )


def held(bench: Bench) -> Iterator[Group]:
    """A key held down (30 a second), here and at the end of 10 Mbit/s with 60 ms there and back."""
    seconds = 1.0 if bench.quick else 5.0
    cases = [Case("here", _held(bench, "native", None, seconds))]
    slow = "10 Mbit/s + 60 ms"
    cases.append(Case(slow, _held(bench, "native", _SLOW, seconds)))
    asked = (Asked("rate_pictures/s", at_least=12, ours=slow), Asked("rest_ms", at_most=500, ours=slow))
    yield Group(
        f"a key held down for {seconds:.0f} s",
        tuple(cases),
        asked,
        measures=("rate_pictures/s", "rest_ms", "cpu_ms", "size_KB"),
        repeats=1 if bench.quick else 3,
        warm_up=False,
        remark="rest: from the last key to the full picture. The link is a pty read at that pace, with keys and answers delayed; "
        "ssh's own buffers are not in it.",
    )


def memory(bench: Bench) -> Iterator[Group]:
    """The largest size of the viewer while a series of 5,000 slices is scrolled from end to end."""
    image = bench.material.one_series_disc
    yield Group(
        f"scrolling through a series of {bench.many:,} slices",
        (Case("tview", lambda: _scrolled(image, bench)),),
        (Asked("peak_MB", at_most=400),),
        measures=("peak_MB", "pictures_count"),
        repeats=1,
        warm_up=False,
        remark="Slices of 256 × 256 out of an ISO image; the resident size of the viewer and of its decoding process.",
    )


class _Viewer(FakeTerminal):
    """The viewer with its first picture drawn, and quiet."""

    def __init__(self, source: Path, folder: Path, size: tuple[int, int], link: Link | None = None) -> None:
        super().__init__(tview(str(source)), folder, *size, link)
        if not self.listen(20, pictures=1):
            raise RuntimeError("never drew a picture")
        self.quiet()

    def quiet(self, seconds: float = 0.5, limit_s: float = 10.0) -> None:
        """Listen until no picture has come for a time."""
        end = time.perf_counter() + limit_s
        seen = -1
        while seen != len(self.pictures) and time.perf_counter() < end:
            seen = len(self.pictures)
            self.listen(seconds)

    @property
    def pane(self) -> tuple[int, int]:
        """(rows, columns) of the last picture in pixels."""
        return self.pictures[-1].size

    def cpu_now(self) -> float:
        return time.clock_gettime((~self.pid << 3) | 2)


@cache
def _terminal_size(source: Path, folder: Path) -> tuple[int, int]:
    """Columns and rows of a terminal in which the picture is 1000 x 1000: found by looking, since the layout is the viewer's affair."""
    columns, rows = 146, 57
    for _ in range(4):
        with _Viewer(source, folder, (columns, rows)) as viewer:
            high, wide = viewer.pane
        if (high, wide) == _PANE:
            return columns, rows
        columns, rows = columns + (_PANE[1] - wide) // CELL_WIDTH_PX, rows + (_PANE[0] - high) // CELL_HEIGHT_PX
    raise RuntimeError(f"no terminal gives a picture of 1000 x 1000 (the last was {wide} x {high})")


def _viewer(bench: Bench, syntax: str, link: Link | None = None) -> _Viewer:
    """The viewer on a series, at its first image."""
    size = _terminal_size(bench.material.series("native"), bench.folder)
    viewer = _Viewer(bench.material.series(syntax), bench.folder, size, link)
    viewer.press(b"g")
    viewer.quiet()
    return viewer


def _pressed(bench: Bench, syntax: str, presses: bytes) -> Callable[[], Sample]:
    def run() -> Sample:
        with _viewer(bench, syntax) as viewer:
            times, cpu = [], viewer.cpu_now()
            for key in presses:
                count, pressed = len(viewer.pictures), time.perf_counter()
                viewer.press(bytes([key]))
                if not viewer.listen(2, pictures=count + 1):
                    raise RuntimeError("a key without a picture")
                times.append((viewer.pictures[count].at - pressed) * 1e3)
                viewer.listen(0.05)
            cpu = viewer.cpu_now() - cpu
        ranks = statistics.quantiles(times, n=20)
        return {"p50_ms": ranks[9], "p95_ms": ranks[18], "cpu_ms": cpu * 1e3 / len(times)}

    return run


def _held(bench: Bench, syntax: str, link: Link | None, seconds: float) -> Callable[[], Sample]:
    def run() -> Sample:
        with _viewer(bench, syntax, link) as viewer:
            first, cpu, came = len(viewer.pictures), viewer.cpu_now(), viewer.received
            started = last = time.perf_counter()
            presses = round(seconds / _REPEAT_S)
            for number in range(presses):
                viewer.listen(max(0.0, started + number * _REPEAT_S - time.perf_counter()))
                last = time.perf_counter()
                viewer.press(b"j" if number < presses // 2 else b"k")
            ended = len(viewer.pictures)
            viewer.quiet()
            cpu = viewer.cpu_now() - cpu
            final = viewer.pictures[-1]
            if viewer.pane != _PANE:
                raise RuntimeError("the full picture never came")
            count = len(viewer.pictures) - first
            return {
                "rate_pictures/s": (ended - first) / (last - started),
                "rest_ms": max(final.at - last, 0.0) * 1e3,
                "cpu_ms": cpu * 1e3 / count,
                "size_KB": (viewer.received - came) / count / 1024,
            }

    return run


def _scrolled(image: Path, bench: Bench) -> Sample:
    presses = 20 if bench.quick else 500
    with _Viewer(image, bench.folder, (146, 57)) as viewer:
        viewer.press(b"g")
        viewer.quiet()
        for number in range(presses):
            viewer.press(b"J" if number % 4 else b"j")
            viewer.listen(_REPEAT_S)
        viewer.quiet()
        count = len(viewer.pictures)
        peak = viewer.peak_of_all_mb()
    return {"peak_MB": peak, "pictures_count": float(count)}
