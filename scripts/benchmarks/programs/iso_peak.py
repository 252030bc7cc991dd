"""List a disc image and tell the process's largest size before and after: iso_peak.py tview|pycdlib IMAGE."""

import re
import sys
from pathlib import Path


def peak_kb() -> int:
    found = re.search(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text())
    assert found is not None
    return int(found[1])


def with_tview(path: str) -> int:
    from tview.media import open_medium

    with_nothing = peak_kb()
    sizes = [entry.size for entry in open_medium(path).entries()]
    print(peak_kb() - with_nothing, len(sizes))
    return len(sizes)


def with_pycdlib(path: str) -> int:
    import pycdlib

    with_nothing = peak_kb()
    disc = pycdlib.PyCdlib()
    disc.open(path)
    count = sum(len(files) for _, _, files in disc.walk(iso_path="/"))
    print(peak_kb() - with_nothing, count)
    return count


{"tview": with_tview, "pycdlib": with_pycdlib}[sys.argv[1]](sys.argv[2])
