"""Which peers this machine has."""

import importlib.util
import os
import platform
import re
import shutil
import subprocess
from importlib import metadata
from pathlib import Path

PROGRAMS = ("dcm2pnm", "dcmdump", "timg", "chafa", "gdcmscanner", "isoinfo", "img2sixel")
PACKAGES = ("textual", "pydicom", "numpy", "imagecodecs", "opencv-python-headless", "isal", "pillow", "textual-image", "pycdlib",
            "pylibjpeg", "pylibjpeg-libjpeg", "pylibjpeg-openjpeg", "pylibjpeg-rle", "SimpleITK")  # fmt: skip
_DEBIAN = {"dcm2pnm": "dcmtk", "dcmdump": "dcmtk", "gdcmscanner": "libgdcm-tools", "isoinfo": "genisoimage", "img2sixel": "libsixel-bin"}


def missing_programs(*names: str) -> str:
    """Which of these programs are not on PATH, in words; "" when all are."""
    return _not_installed([name for name in names if shutil.which(name) is None])


def missing_modules(*names: str) -> str:
    """Which of these modules cannot be imported, in words; "" when all can."""
    return _not_installed([name for name in names if importlib.util.find_spec(name) is None])


def _not_installed(names: list[str]) -> str:
    return f"not installed: {' and '.join(names)}" if names else ""


def machine() -> str:
    """The processor, how many of them, and the system, in a line."""
    try:
        found = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    except OSError:
        found = None
    name = found[1].strip() if found else platform.processor() or platform.machine()
    system = f"{platform.system()} {platform.release().split('-')[0]}"
    return f"{name}, {os.cpu_count()} processors, {system}, Python {platform.python_version()}"


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
    version = ""
    if shutil.which("dpkg-query"):
        query = ["dpkg-query", "-W", "-f", "${Version}", _DEBIAN.get(name, name)]
        version = subprocess.run(query, capture_output=True, text=True, check=False).stdout.strip()
    return f"{name} {version.split('-')[0].split(':')[-1]}".rstrip()
