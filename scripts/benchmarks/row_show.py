"""One picture from the command line to the last byte, as whole processes: from a file, and from a disc of 5,000."""

from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.material import SYNTAXES
from benchmarks.peers import missing_modules, missing_programs
from benchmarks.timing import process, python, tview
from benchmarks.values import Asked, Bench, Case, Group, Sample

_SCRIPT = Path(__file__).with_name("programs") / "show_pydicom.py"
_WHY = (
    "numpy is most of it (the last line), OpenCV's import about 18 ms more; decoding, drawing and encoding take less than 10. "
    "What is left is the import of tview's own modules."
)
_WHY_DISC = (
    "Opening lists all trees of the disc, which shows what is damaged before a picture stands. Without a choice, every record of the "
    "DICOMDIR is read, resolved and sorted into stacks, to open what a reader would: the first record alone is often the scout."
)
_SHOW = ("--graphics", "kitty", "--size", "1000x1000", "--out", "-")


def show(bench: Bench) -> Iterator[Group]:
    """A CT slice of 512 x 512 as a picture of 1000 x 1000 for kitty."""
    for syntax in ("native",) if bench.quick else ("native", "j2k"):
        file = bench.material.one(syntax)
        cases = [
            Case("tview", process(tview("show", str(file), *_SHOW), bench.folder)),
            Case("pydicom + textual_image", process(python(_SCRIPT, str(file)), bench.folder), missing_modules("pydicom", "textual_image")),
        ]
        if syntax == "native":
            cases += [
                Case("dcm2pnm + timg", _through_pgm(file, bench, "timg -pk -g100x50"), missing_programs("dcm2pnm", "timg")),
                Case("dcm2pnm + chafa", _through_pgm(file, bench, "chafa -f kitty -s 100x50"), missing_programs("dcm2pnm", "chafa")),
                Case("import numpy", process(python("import os; os.environ['OPENBLAS_NUM_THREADS'] = '1'; import numpy"), bench.folder)),
            ]
        asked = []
        if syntax == "native":
            asked += [
                Asked("cpu_ms", "dcm2pnm + timg", at_most=1.2, note=_WHY),
                Asked("cpu_ms", "pydicom + textual_image", at_most=0.45, note=_WHY),
            ]
        yield Group(
            f"a CT slice, {SYNTAXES[syntax][1]}",
            tuple(cases),
            tuple(asked),
            repeats=2 if bench.quick else 11,
            words={"import numpy": "one BLAS thread; the floor under any picture from Python"},
        )


def disc(bench: Bench) -> Iterator[Group]:
    """The picture a reader would open first, out of an ISO image of 5,000 slices, and the same slice as a file."""
    image = bench.material.disc
    path = bench.material.middle_of_disc()
    single = bench.folder / "single"
    single.write_bytes(bench.material.disc_file(path))
    yield Group(
        f"one picture out of an ISO image of {bench.many:,} slices with a DICOMDIR",
        (
            Case("tview", process(tview("show", str(image), *_SHOW), bench.folder)),
            Case("tview --path", process(tview("show", str(image), "--path", path, *_SHOW), bench.folder)),
            Case("the single file", process(tview("show", str(single), *_SHOW), bench.folder)),
            Case(
                "pycdlib + pydicom + textual_image",
                process(python(_SCRIPT, str(image)), bench.folder),
                missing_modules("pycdlib", "pydicom", "textual_image"),
            ),
        ),
        (
            Asked("cpu_ms", "the single file", at_most=1.15, note=_WHY_DISC),
            Asked("cpu_ms", "the single file", at_most=1.15, ours="tview --path", note=_WHY_DISC),
        ),
        repeats=2 if bench.quick else 11,
        words={"tview": "no choice given: the middle slice of the series a reader opens first", "tview --path": "the same slice, named"},
    )


def _through_pgm(file: Path, bench: Bench, viewer: str) -> Callable[[], Sample]:
    pgm = bench.folder / "picture.pgm"
    return process(["sh", "-c", f"dcm2pnm +Wi 1 +op {file} {pgm} && {viewer} {pgm}"], bench.folder)
