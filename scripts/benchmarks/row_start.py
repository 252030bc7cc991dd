"""How soon the viewer stands, and what importing the command line costs."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.fake_terminal import FakeTerminal
from benchmarks.material import DEMO
from benchmarks.peers import missing_modules
from benchmarks.timing import process, python, tview
from benchmarks.values import Asked, Bench, Case, Group, Sample

PROGRAMS = Path(__file__).with_name("programs")
HEAVY = ("textual", "rich", "numpy", "pydicom", "cv2", "imagecodecs", "PIL")
_OUR_SCREEN = ("no picture", "Review only", "tree", "quit")  # first line, its right end, and both ends of the last line

_WHY_SCREEN = (
    "The screen waits for what is imported before it: 120 modules of tview's own beside Textual, 27 ms of it for making 46 frozen value "
    "classes, and the medium's and the terminal's answers. The cpu column tells how much of the difference is work."
)
_WHY_BYTES = "The first bytes wait for argparse, the messages and the settings; Python itself takes 11 ms of them."


def start(bench: Bench) -> Iterator[Group]:
    """From the start of the process to the whole screen, in a terminal that answers at once."""
    bare = PROGRAMS / "bare_textual.py"
    yield Group(
        "first bytes and first full screen",
        (
            Case("tview", _painted(tview(str(DEMO)), _OUR_SCREEN, bench.folder)),
            Case("curses", _painted(python(PROGRAMS / "curses_first.py"), ("ready",), bench.folder), missing_modules("curses")),
            Case("bare Textual", _painted(python(bare), ("no picture", "quit"), bench.folder)),
            Case(
                "Textual after all imports",
                _painted(python(bare, "--imports"), ("no picture", "quit"), bench.folder),
                missing_modules("pycdlib", "pydicom", "textual_image"),
            ),
        ),
        (
            Asked("screen_ms", "bare Textual", at_most=1.10, note=_WHY_SCREEN),
            Asked("first_bytes_ms", "curses", at_most=1.5, note=_WHY_BYTES),
        ),
        measures=("first_bytes_ms", "screen_ms", "cpu_ms"),
        repeats=2 if bench.quick else 15,
        remark="Wall time, since waiting is what it is about; a busy machine stretches all of it alike.",
    )


def imports(bench: Bench) -> Iterator[Group]:
    """What `import tview.cli` costs, and that it stays light."""
    check = f"import sys, tview.cli; heavy = [name for name in {HEAVY!r} if name in sys.modules]; sys.exit(', '.join(heavy) or 0)"
    yield Group(
        "import tview.cli in a new process",
        (
            Case("tview", process(python(check), bench.folder)),
            Case("python", process(python("pass"), bench.folder)),
            Case("argparse", process(python("import argparse"), bench.folder)),
            Case("textual", process(python("import textual.app"), bench.folder)),
            Case("numpy", process(python("import numpy"), bench.folder)),
            Case("pydicom", process(python("import pydicom"), bench.folder)),
        ),
        (),
        repeats=2 if bench.quick else 15,
        remark=f"Fails if it loads any of {', '.join(HEAVY)}.",
    )


def _painted(command: Sequence[str], words: Sequence[str], folder: Path) -> Callable[[], Sample]:
    """A case that starts a program in a terminal and waits until these words have been drawn."""

    def run() -> Sample:
        with FakeTerminal(command, folder) as terminal:
            if not terminal.listen(15, words):
                raise RuntimeError("never drew its screen")
            assert terminal.first_byte is not None
            times = {"first_bytes_ms": (terminal.first_byte - terminal.started) * 1e3, "screen_ms": (terminal.at - terminal.started) * 1e3}
        return {**times, "cpu_ms": terminal.cpu_s * 1e3}

    return run
