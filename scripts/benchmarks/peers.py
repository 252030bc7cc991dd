"""Which peers this machine has."""

import importlib.util
import platform
import re
import shutil
import subprocess
from importlib import metadata
from pathlib import Path

PROGRAMS = ("dcm2pnm", "dcmdump", "timg", "chafa", "gdcmscanner", "isoinfo", "img2sixel")
PACKAGES = ("textual", "pydicom", "numpy", "imagecodecs", "opencv-python-headless", "isal", "pillow", "textual-image", "pycdlib", "pylibjpeg",
            "pylibjpeg-libjpeg", "pylibjpeg-openjpeg", "pylibjpeg-rle")  # fmt: skip
_DEBIAN = {"dcm2pnm": "dcmtk", "dcmdump": "dcmtk", "gdcmscanner": "libgdcm-tools", "isoinfo": "genisoimage", "img2sixel": "libsixel-bin"}


def missing_programs(*names: str) -> str:
    """The programs of these that are not on PATH, as words; "" when all are."""
    return " and ".join(name for name in names if shutil.which(name) is None)


def missing_modules(*names: str) -> str:
    """The modules of these that cannot be imported, as words; "" when all can."""
    return " and ".join(name for name in names if importlib.util.find_spec(name) is None)


def machine() -> str:
    """The processor, how many of them, and the system, in a line."""
    try:
        found = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    except OSError:
        found = None
    import os

    name = found[1].strip() if found else platform.processor() or platform.machine()
    return f"{name}, {os.cpu_count()} processors, {platform.system()} {platform.release().split('-')[0]}, Python {platform.python_version()}"


def versions() -> list[str]:
    """Name and version of each package and program that takes part; those that are not there are named so."""
    told = []
    for name in PACKAGES:
        try:
            told.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            told.append(f"{name} not installed")
    return told + [_program_version(name) for name in PROGRAMS]


def _program_version(name: str) -> str:
    if shutil.which(name) is None:
        return f"{name} not installed"
    package = _DEBIAN.get(name, name)
    query = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", package], capture_output=True, text=True, check=False) if shutil.which("dpkg-query") else None
    version = query.stdout.strip() if query is not None and query.returncode == 0 else ""
    return f"{name} {version.split('-')[0].split(':')[-1]}" if version else name
