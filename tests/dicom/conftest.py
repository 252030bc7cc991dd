"""Data sets written byte by byte, so that no library's own checks get in the way, and the places of outside files."""

import os
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

LONG = ("OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV")
EXPLICIT, IMPLICIT, BIG, DEFLATED = "1.2.840.10008.1.2.1", "1.2.840.10008.1.2", "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99"


class Writer:
    """Bytes of elements, items and files in one layout (PS3.5 7.1)."""

    def __init__(self, explicit: bool = True, little: bool = True) -> None:
        self.explicit, self.order = explicit, "<" if little else ">"

    def element(self, tag: int, vr: str, value: bytes, length: int | None = None) -> bytes:
        if len(value) % 2 and length is None:
            value += b"\0" if vr in ("UI", "OB", "UN") else b" "
        size = len(value) if length is None else length
        head = struct.pack(self.order + "HH", tag >> 16, tag & 0xFFFF)
        if not self.explicit:
            return head + struct.pack(self.order + "L", size & 0xFFFFFFFF) + value
        if vr in LONG:
            return head + vr.encode() + b"\0\0" + struct.pack(self.order + "L", size & 0xFFFFFFFF) + value
        return head + vr.encode() + struct.pack(self.order + "H", size & 0xFFFF) + value

    def marker(self, element: int, length: int = 0) -> bytes:
        return struct.pack(self.order + "HHL", 0xFFFE, element, length)

    def item(self, body: bytes, undefined: bool = False) -> bytes:
        if undefined:
            return self.marker(0xE000, 0xFFFFFFFF) + body + self.marker(0xE00D)
        return self.marker(0xE000, len(body)) + body

    def sequence(self, tag: int, items: list[bytes], undefined: bool = False) -> bytes:
        body = b"".join(items)
        if undefined:
            return self.element(tag, "SQ", body + self.marker(0xE0DD), 0xFFFFFFFF)
        return self.element(tag, "SQ", body)


def meta(syntax: str = EXPLICIT, sop_class: str = "1.2.840.10008.5.1.4.1.1.2") -> bytes:
    writer = Writer()
    body = (
        writer.element(0x00020001, "OB", b"\0\1")
        + writer.element(0x00020002, "UI", sop_class.encode())
        + writer.element(0x00020003, "UI", b"1.2.3")
        + writer.element(0x00020010, "UI", syntax.encode())
    )
    return writer.element(0x00020000, "UL", struct.pack("<L", len(body))) + body


def part10(body: bytes, syntax: str = EXPLICIT, preamble: bytes = bytes(128)) -> bytes:
    return preamble + b"DICM" + meta(syntax) + body


def reader(data: bytes) -> Callable[[int, int], bytes]:
    return lambda offset, length: data[offset : offset + length]


@pytest.fixture
def le() -> Writer:
    return Writer()


@pytest.fixture
def build():
    """Writer class, part10 and the reader of bytes."""

    class Build:
        writer = Writer
        part10 = staticmethod(part10)
        reader = staticmethod(reader)
        meta = staticmethod(meta)

        @staticmethod
        def header(data: bytes, **options):
            from tview.dicom import read_header

            return read_header(reader(data), len(data), **options)

    return Build


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared folder of outside files; skips without it."""
    place = Path(os.environ.get("TVIEW_SHARED", Path(__file__).resolve().parents[3] / "shared"))
    if not place.is_dir():
        pytest.skip(f"no outside files at {place}: set TVIEW_SHARED")
    return place


@pytest.fixture(scope="session")
def corpus(shared: Path) -> Path:
    place = Path(os.environ.get("TVIEW_CORPUS", shared / "corpus"))
    if not place.is_dir():
        pytest.skip(f"no corpus at {place}: set TVIEW_CORPUS")
    return place
