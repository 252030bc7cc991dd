"""What is on a disc: headers of many files, a DICOMDIR, the listing of an ISO image."""

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.peers import missing_modules, missing_programs
from benchmarks.timing import in_process, output_of, process, python, tview
from benchmarks.values import Asked, Bench, Case, Group, Sample

if TYPE_CHECKING:
    from tview.media import Entry, Medium

_PEAK = Path(__file__).with_name("programs") / "iso_peak.py"
_TAGS = (
    "0008,0005", "0008,0008", "0008,0016", "0008,0018", "0008,0020", "0008,0060", "0008,103e", "0010,0010", "0010,0020", "0010,0030",
    "0020,000d", "0020,000e", "0020,0011", "0020,0013", "0020,0032", "0020,0037", "0028,0010", "0028,0011",
)  # fmt: skip
_FIRST = 16384
_WHY_COLD = "Both wait for the disk most of the time, file by file: see the last line."
_WHY_LISTING = (
    "Each record is compared in both byte orders and checked against the size of the image, and its name made safe; pycdlib has only one "
    "tree to read on a plain disc, and is the quicker for it."
)


def scan(bench: Bench) -> Iterator[Group]:
    """Headers of 2,000 CT files without a DICOMDIR, from memory and from the disk."""
    from tview.dicom import SCAN_TAGS

    files = bench.material.scanned(bench.folder)
    words = {
        "tview": f"the folder's list and {len(SCAN_TAGS)} elements of each file",
        "tview ls --json": "the whole program: list, headers, stacks, JSON",
        "gdcmscanner": f"{len(_TAGS)} elements of each file",
        "pydicom specific_tags": f"{len(_TAGS)} elements of each file",
    }
    yield Group(
        f"headers of {len(files):,} files in memory, for each file",
        (
            *_scanners(files, bench.folder),
            Case("tview ls --json", _each(process(tview("ls", str(_root(files)), "--json"), bench.folder), files)),
            Case("pydicom specific_tags", _each(in_process(lambda: _with_pydicom(files)), files), missing_modules("pydicom")),
        ),
        (Asked("cpu_us", "gdcmscanner", at_least=2.5),),
        measures=("cpu_us", "wall_us"),
        repeats=2 if bench.quick else 7,
        words=words,
    )
    with tempfile.TemporaryDirectory(prefix="tview-bench-", ignore_cleanup_errors=True) as folder:
        files = bench.material.scanned(Path(folder))
        os.sync()
        why_not = _cannot_be_cold(files[0])
        yield Group(
            f"headers of {len(files):,} files from the disk, for each file",
            tuple(Case(case.name, _cold(files, case.run), why_not or case.missing) for case in _scanners(files, bench.folder)),
            (Asked("wall_us", "gdcmscanner", at_least=1.5, note=_WHY_COLD),),
            measures=("cpu_us", "wall_us"),
            repeats=2 if bench.quick else 5,
            words=words,
            remark="The files' pages are dropped from memory before each run; names and inodes stay.",
        )


def directory(bench: Bench) -> Iterator[Group]:
    """A DICOMDIR of 5,000 images: every record and the tree they make."""
    from tview.catalog.directory import read_directory

    path = bench.material.directory
    records = len(read_directory(path.read_bytes(), "DICOMDIR").claims)
    yield Group(
        f"a DICOMDIR of {records:,} images",
        (
            Case("tview", in_process(lambda: read_directory(path.read_bytes(), "DICOMDIR"))),
            Case("dcmdump", process(["dcmdump", "-q", str(path)], bench.folder), missing_programs("dcmdump")),
            Case("pydicom dcmread + walk", in_process(lambda: _walk_directory(path)), missing_modules("pydicom")),
            Case("pydicom FileSet", in_process(lambda: _file_set(path)), missing_modules("pydicom")),
        ),
        (Asked("cpu_ms", "dcmdump", at_least=5), Asked("cpu_ms", "pydicom dcmread + walk", at_least=10)),
        repeats=2 if bench.quick else 7,
        words={"pydicom FileSet": "drops the images, whose files are not there"},
    )
    if not bench.quick:
        large = bench.material.large_directory
        yield Group(
            f"a DICOMDIR of {len(read_directory(large.read_bytes(), 'DICOMDIR').claims):,} images",
            (
                Case("tview", in_process(lambda: read_directory(large.read_bytes(), "DICOMDIR"))),
                Case("pydicom dcmread + walk", in_process(lambda: _walk_directory(large)), missing_modules("pydicom")),
            ),
            (Asked("cpu_ms", "pydicom dcmread + walk", at_least=10),),
            repeats=3,
        )


def listing(bench: Bench) -> Iterator[Group]:
    """Every file of an ISO image with its place and size."""
    from tview.media import open_medium

    def with_tview(path: Path) -> None:
        with open_medium(str(path)) as medium:
            medium.entries()

    for kind in ("joliet",) if bench.quick else ("iso", "joliet", "rock ridge"):
        path = bench.material.listing(kind)
        title = {"iso": "plain ISO 9660", "joliet": "ISO 9660 with Joliet", "rock ridge": "ISO 9660 with Rock Ridge"}[kind]
        option = {"iso": (), "joliet": ("-J",), "rock ridge": ("-R",)}[kind]
        cases = [
            Case("tview", _with_peak(in_process(partial(with_tview, path)), "tview", path, bench)),
            Case(
                "pycdlib",
                _with_peak(in_process(partial(_with_pycdlib, path, kind)), "pycdlib", path, bench),
                missing_modules("pycdlib"),
            ),
            Case("isoinfo", process(["isoinfo", "-f", *option, "-i", str(path)], bench.folder), missing_programs("isoinfo")),
        ]
        yield Group(
            f"{bench.many:,} files, {title}",
            tuple(cases),
            (Asked("cpu_ms", "pycdlib", at_least=4, note=_WHY_LISTING),),
            measures=("cpu_ms", "wall_ms", "peak_MB"),
            repeats=2 if bench.quick else 9,
            words={"isoinfo": "the whole program", "tview": "all trees of the disc, compared"},
        )


def _scanners(files: Sequence[Path], folder: Path) -> tuple[Case, ...]:
    tags = [word for tag in _TAGS for word in ("-t", tag)]
    command = ["gdcmscanner", "-d", str(_root(files)), "-r", *tags]
    return (
        Case("tview", _each(in_process(lambda: _read_headers(_root(files))), files)),
        Case("gdcmscanner", _each(process(command, folder), files), missing_programs("gdcmscanner")),
        Case("open + read 16 KB", _each(in_process(lambda: _read_beginnings(files)), files)),
    )


def _root(files: Sequence[Path]) -> Path:
    return files[0].parent.parent


def _each(run: Callable[[], Sample], files: Sequence[Path]) -> Callable[[], Sample]:
    """The same case in microseconds a file."""

    def of_one() -> Sample:
        return {name.replace("_ms", "_us"): value * 1e3 / len(files) for name, value in run().items()}

    return of_one


def _read_headers(root: Path) -> None:
    """What the scan of the catalog reads, without what it makes of it."""
    from tview.dicom import HeaderReader
    from tview.media import open_medium, told_ahead

    reader, count = HeaderReader(), 0
    with open_medium(str(root)) as medium:
        for entry in told_ahead(medium, medium.entries()):
            data = medium.read(entry, 0, _FIRST).data
            header = reader.read(partial(_more, medium, entry), entry.size, data)
            count += header is not None
    assert count


def _more(medium: "Medium", entry: "Entry", offset: int, length: int) -> bytes:
    return medium.read(entry, offset, length).data


def _read_beginnings(files: Sequence[Path]) -> None:
    for path in files:
        descriptor = os.open(path, os.O_RDONLY)
        os.pread(descriptor, _FIRST, 0)
        os.close(descriptor)


def _with_pydicom(files: Sequence[Path]) -> None:
    import pydicom

    tags = [int(tag.replace(",", ""), 16) for tag in _TAGS]
    for path in files:
        data_set = pydicom.dcmread(path, stop_before_pixels=True, specific_tags=tags)
        assert data_set.SOPInstanceUID


def _walk_directory(path: Path) -> None:
    import pydicom

    records = pydicom.dcmread(path).DirectoryRecordSequence
    images = [(record.ReferencedFileID, record.InstanceNumber) for record in records if record.DirectoryRecordType == "IMAGE"]
    assert images


def _file_set(path: Path) -> None:
    import warnings

    from pydicom.fileset import FileSet

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        FileSet(path)


def _with_pycdlib(path: Path, kind: str) -> None:
    import pycdlib

    disc = pycdlib.PyCdlib()
    disc.open(str(path))
    start = {"iso": {"iso_path": "/"}, "joliet": {"joliet_path": "/"}, "rock ridge": {"rr_path": "/"}}[kind]
    assert sum(len(files) for _, _, files in disc.walk(**start))
    disc.close()


def _with_peak(run: Callable[[], Sample], reader: str, path: Path, bench: Bench) -> Callable[[], Sample]:
    """The same case, with the memory that a process of its own needs for the list."""

    def both() -> Sample:
        return {**run(), "peak_MB": float(output_of(python(_PEAK, reader, str(path)), bench.folder).split()[0]) / 1024}

    return both


def _cold(files: Sequence[Path], run: Callable[[], Sample]) -> Callable[[], Sample]:
    def dropped() -> Sample:
        for path in files:
            _drop(path)
        return run()

    return dropped


def _drop(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(descriptor)


def _cannot_be_cold(path: Path) -> str:
    """Why files cannot be read from the disk here; "" when they can: a dropped page is not there for a read that may not wait."""
    if not hasattr(os, "RWF_NOWAIT") or not hasattr(os, "posix_fadvise"):
        return "this system cannot drop pages from memory"
    _drop(path)
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.preadv(descriptor, [bytearray(4096)], 0, os.RWF_NOWAIT)
    except BlockingIOError:
        return ""
    except OSError:
        return "this file system does not tell what is in memory (set TMPDIR to a folder on a disk)"
    finally:
        os.close(descriptor)
    return "pages of this file system stay in memory (set TMPDIR to a folder on a disk)"
