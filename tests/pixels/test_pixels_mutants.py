"""Whatever the bytes, they are drawn or refused with a finding."""

import random
import time

import imagecodecs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tview.errors import TviewError
from tview.pixels import View, render, shutter_layers, value_at
from tview.pixels.streams import look_at
from tview.pixels.tables import _expand

VALUES = (np.hypot(*np.mgrid[-24:24, -20:20]) * 60).astype(np.uint16)
BYTES = (VALUES >> 4).astype(np.uint8)
P = "1.2.840.10008.1.2"
HONEST = {
    "native": (VALUES.tobytes(), f"{P}.1", 16),
    "JPEG": ([imagecodecs.jpeg8_encode(BYTES, level=90)], f"{P}.4.50", 8),
    "JPEG lossless": ([imagecodecs.jpeg8_encode(VALUES, lossless=True, predictor=1, bitspersample=16)], f"{P}.4.70", 16),
    "JPEG-LS": ([imagecodecs.jpegls_encode(VALUES)] * 3, f"{P}.4.80", 16),
    "JPEG 2000": ([imagecodecs.jpeg2k_encode(VALUES, level=0, codecformat="j2k", reversible=True)], f"{P}.4.90", 16),
    "HTJ2K": ([imagecodecs.htj2k_encode(VALUES, reversible=True)], f"{P}.4.201", 16),
    "JPEG XL": ([imagecodecs.jpegxl_encode(VALUES, lossless=True)], f"{P}.4.110", 16),
}
FACTS = {
    0x00280030: ("DS", "0.5\\0.7"), 0x00200037: ("DS", "1\\0\\0\\0\\1\\0"), 0x00200032: ("DS", "1\\2\\3"), 0x00281050: ("DS", "400\\40"),
    0x00281051: ("DS", "900\\80"), 0x00281052: ("DS", "-1024"), 0x00281053: ("DS", "1"), 0x00280120: ("US", 0),
    0x00181600: ("CS", "RECTANGULAR\\CIRCULAR\\POLYGONAL"), 0x00181602: ("IS", "2"), 0x00181604: ("IS", "30"), 0x00181606: ("IS", "2"),
    0x00181608: ("IS", "40"), 0x00181610: ("IS", "20\\20"), 0x00181612: ("IS", "15"), 0x00181620: ("IS", "1\\1\\1\\30\\40\\20"),
    0x00181622: ("US", 9),
    0x00409096: ("SQ", [b"\x40\0\x16\x92US\x02\0\0\0\x40\0\x11\x92US\x02\0\xff\x0f\x40\0\x25\x92FD\x08\0" + bytes(8)]),
}  # fmt: skip


@pytest.mark.parametrize("kind", HONEST)
def test_mutants_are_drawn_or_refused_in_time(make, kind):
    pixels, syntax, bits = HONEST[kind]
    frames = len(pixels) if isinstance(pixels, list) and len(pixels) > 1 else None
    honest = make.build(pixels, syntax=syntax, rows=48, columns=40, bits=bits, frames=frames, extra=FACTS)
    chance = random.Random(kind)
    for _ in range(60):
        mutant = bytearray(honest)
        if chance.random() < 0.2:
            del mutant[chance.randrange(200, len(mutant)) :]
        else:
            for _ in range(chance.choice((1, 2, 5, 20))):
                at = chance.randrange(132, chance.choice((700, len(mutant))))
                mutant[at] = chance.choice((0, 255, 127, chance.randrange(256), mutant[at] ^ 1 << chance.randrange(8)))
        before = time.monotonic()
        try:
            image = make.opened(bytes(mutant))
            for index in {0, image.number_of_frames - 1}:
                frame = image.read_frame(index)
                render(frame, View(turns=1), 60, 80, shutter_layers(frame))
                value_at(frame, 0, frame.columns - 1)
        except TviewError:
            pass
        assert time.monotonic() - before < 2.5


def test_a_stream_of_no_components_is_none(make):
    stream = bytearray(imagecodecs.jpeg2k_encode(BYTES, level=0, codecformat="j2k", reversible=True))
    stream[40:42] = b"\0\0"
    assert look_at(bytes(stream)) is None


@given(st.binary(max_size=200), st.sampled_from([b"", b"\xff\xd8", b"\xff\x4f\xff\x51", b"\xff\x0a", b"\0\0\0\x0cjP  ", b"\0\0\0\x0cJXL "]))
def test_looking_at_a_stream_never_raises(data, start):
    stream = look_at(start + data)
    assert stream is None or stream.codec


@given(st.lists(st.integers(0, 300), max_size=60), st.integers(1, 70000))
def test_segments_end_or_are_refused(numbers, entries):
    try:
        assert 1 <= _expand(np.array(numbers, np.uint16), entries, 2).size <= entries
    except ValueError:
        pass
