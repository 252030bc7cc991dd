"""One picture from the command line to the last byte, as whole processes: from a file, and from a disc of 5,000."""

import shlex
from collections.abc import Iterator
from pathlib import Path

from benchmarks.material import SYNTAXES
from benchmarks.peers import missing_modules, missing_programs
from benchmarks.timing import process, python, tview
from benchmarks.values import Asked, Bench, Case, Group

_SCRIPT = Path(__file__).with_name("programs") / "show_pydicom.py"
_SHOW = ("--graphics", "kitty", "--size", "1000x1000", "--out", "-")


def show(bench: Bench) -> Iterator[Group]:
    """A CT slice of 512 x 512 as a picture of 1000 x 1000 for kitty."""
    for syntax in ("native",) if bench.quick else ("native", "sv1", "jpegls", "j2k"):
        file = bench.material.one(syntax)
        yield Group(
            f"a CT slice, {SYNTAXES[syntax][1]}",
            (
                Case("tview", process(tview("show", str(file), *_SHOW), bench.folder)),
                Case("dcm2pnm + timg", _piped(file, bench.folder, "timg -pk -g100x50"), missing_programs("dcm2pnm", "timg"))
                if syntax != "j2k"
                else Case("dcm2pnm + timg", process(["false"], bench.folder), "a dcm2pnm that reads JPEG 2000"),
                Case("dcm2pnm + chafa", _piped(file, bench.folder, "chafa -f kitty -s 100x50"), missing_programs("dcm2pnm", "chafa"))
                if syntax != "j2k"
                else Case("dcm2pnm + chafa", process(["false"], bench.folder), "a dcm2pnm that reads JPEG 2000"),
                Case("pydicom + textual_image", process(python(_SCRIPT, str(file)), bench.folder), missing_modules("pydicom", "textual_image")),
                Case("import numpy", process(python("import os; os.environ['OPENBLAS_NUM_THREADS'] = '1'; import numpy"), bench.folder)),
            ),
            (Asked("cpu_ms", "dcm2pnm + timg", at_most=1.2), Asked("cpu_ms", "pydicom + textual_image", at_most=0.45))
            if syntax == "native"
            else (),
            repeats=2 if bench.quick else 9,
            words={"import numpy": "with one BLAS thread: the floor under any picture from Python", "dcm2pnm + chafa": "chafa scales it to the cells it fits"},
        )
