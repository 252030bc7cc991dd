"""What a call or a process costs, and cases run in turn.

Neighbours on the machine stretch wall time and hardly change processor time: where programs are compared, processor time is what counts.
"""

import gc
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.values import Group, Outcome, Sample

_UNWANTED = (
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONUNBUFFERED",
    "OPENBLAS_NUM_THREADS",
    "OPENBLAS_CORETYPE",
    "OMP_NUM_THREADS",
    "COLUMNS",
    "LINES",
)


def environment(**more: str) -> dict[str, str]:
    """What a program is started with: compiled modules are kept as in an installation, nothing about threads is set from outside."""
    kept = {name: value for name, value in os.environ.items() if name not in _UNWANTED}
    return {**kept, "LANG": "C.UTF-8", **more}


def in_process(function: Callable[[], object], loops: int = 1) -> Callable[[], Sample]:
    """A case that calls a function; the processor time of living child processes counts."""

    def run() -> Sample:
        gc.collect()
        cpu, children, wall = time.process_time(), children_cpu_s(), time.perf_counter()
        for _ in range(loops):
            function()
        wall = time.perf_counter() - wall
        cpu = time.process_time() - cpu + children_cpu_s() - children
        return {"cpu_ms": cpu * 1e3 / loops, "wall_ms": wall * 1e3 / loops}

    return run


def children_cpu_s() -> float:
    """Processor time of this process's living children; 0 where the system does not list them."""
    seconds = 0.0
    for listing in Path("/proc/self/task").glob("*/children"):
        try:
            pids = [int(pid) for pid in listing.read_text().split()]
        except OSError:
            continue
        for pid in pids:
            try:
                seconds += time.clock_gettime((~pid << 3) | 2)  # the CPU clock of a process: linux/posix-timers.h
            except OSError:
                continue
    return seconds


def process(command: Sequence[str], folder: Path, accept: tuple[int, ...] = (0,)) -> Callable[[], Sample]:
    """A case that runs a program to its end, its output going nowhere. The time of its own children counts.

    Raises:
        RuntimeError: when run, if the program fails.
    """

    def run() -> Sample:
        started = time.perf_counter()
        child = subprocess.Popen(
            command, cwd=folder, env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - started
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode not in accept:
            raise RuntimeError(f"{command[0]} ended with {child.returncode}")
        return {"cpu_ms": (usage.ru_utime + usage.ru_stime) * 1e3, "wall_ms": wall * 1e3}

    return run


@contextmanager
def quiet_stdout() -> Iterator[None]:
    """For a library that writes pictures to the terminal whatever it is told."""
    sys.stdout.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        yield
        sys.stdout.flush()
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


def output_of(command: Sequence[str], folder: Path) -> str:
    """What a program prints. Raises `subprocess.CalledProcessError` when it fails."""
    return subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True, check=True).stdout


def python(code_or_file: str | Path, *arguments: str) -> list[str]:
    """The command of a Python program, a file or a piece of code, run by this Python."""
    if isinstance(code_or_file, Path):
        return [sys.executable, str(code_or_file), *arguments]
    return [sys.executable, "-c", code_or_file, *arguments]


def tview(*arguments: str) -> list[str]:
    """The command that the installed `tview` script is."""
    return python("from tview.cli import entry; entry()", *arguments)


def measure(group: Group, tell: Callable[[str], Any] = lambda words: None) -> Outcome:
    """Run the cases of a group in turn, most with an unmeasured round first. A case that fails is left out, with the reason."""
    left_out = {case.name: case.missing for case in group.cases if case.missing}
    cases = [case for case in group.cases if not case.missing]
    samples: dict[str, list[Sample]] = {case.name: [] for case in cases}
    for turn in range(0 if group.warm_up else 1, group.repeats + 1):
        for case in cases:
            if case.name in left_out:
                continue
            tell(f"{group.title}: {case.name} {turn}/{group.repeats}")
            try:
                sample = case.run()
            except Exception as error:  # a peer that cannot do it is said, not fatal
                left_out[case.name] = f"{type(error).__name__}: {error}"[:160]
                continue
            if turn:
                samples[case.name].append(sample)
    medians = {
        name: {key: median(sample[key] for sample in taken if key in sample) for key in taken[0]}
        for name, taken in samples.items()
        if taken and name not in left_out
    }
    return Outcome(group, medians, left_out, group.repeats)
