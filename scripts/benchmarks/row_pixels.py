"""From a code stream to a picture: decoding, windowing with resampling, and all of it as a loop of frames."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks import with_pydicom
from benchmarks.frames import bare_kitty, bare_picture, codec, open_with_tview, stream_of
from benchmarks.material import SYNTAXES
from benchmarks.reference import largest_error
from benchmarks.timing import in_process
from benchmarks.values import Asked, Bench, Case, Group, Sample

if TYPE_CHECKING:
    from tview.pixels import Decoder, Frame, Image
    from tview.terminal import Encoder

_COMPRESSED = ("sv1", "jpegls", "j2k", "rle")
_SIZE = 1000
_COLUMNS, _ROWS = 100, 50  # cells of a pane of this size

_WHY_DECODE = (
    "Two wake-ups and the message between them take 0.14 ms, the copy out of shared memory with the masking of unused bits 0.1, whatever "
    "the codec takes."
)
_WHY_PICTURE = (
    "OpenCV's resampling takes 0.25 ms, two passes over the finished size 0.16, each a million floats, the slice's own scaling 0.06; the "
    "rest is memory that is new after each pause. The peer does not resample before it windows."
)
_WHY_CINE = "The difference is the checks of the header, the hand-over between two processes, and the passes of the window."


def decode(bench: Bench) -> Iterator[Group]:
    """One CT frame of 512 x 512: from the file's bytes to stored values in this process, through the decoding process."""
    from tview.pixels import Decoder

    with Decoder(processes=1) as decoder:
        for syntax in ("jpegls", "rle") if bench.quick else _COMPRESSED:
            yield _decoding(bench, syntax, decoder)


def _decoding(bench: Bench, syntax: str, decoder: "Decoder") -> Group:
    path = bench.material.one(syntax)
    image, stream, alone = open_with_tview(path, decoder), stream_of(path), codec(syntax)
    if not np.array_equal(image.read_frame(0).stored, alone(stream)):
        raise RuntimeError(f"tview and imagecodecs do not agree on {SYNTAXES[syntax][1]}")
    loops = 3 if bench.quick else 1 if syntax == "j2k" else 10
    others = with_pydicom.decoders(path)
    return Group(
        f"512 × 512, {SYNTAXES[syntax][1]}",
        (
            Case("tview", in_process(lambda: image.read_frame(0), loops)),
            Case("imagecodecs", in_process(lambda: alone(stream), loops)),
            *(Case(f"pydicom, {plugin}", in_process(call, loops)) for plugin, call in others.items()),
            *(() if others else (Case("pydicom", in_process(lambda: None), with_pydicom.why_not(path)),)),
        ),
        (Asked("cpu_ms", "imagecodecs", at_most=1.3, plus=0.2 if syntax == "rle" else 0.0, note=_WHY_DECODE),),
        repeats=2 if bench.quick else 21,
        words={"tview": "in a process of its own, both processes counted", "imagecodecs": "called in this process"},
    )


def picture(bench: Bench) -> Iterator[Group]:
    """Stored values to 0-255 in the size of a pane."""
    yield _windowing(bench, "512 × 512 to 1000 × 1000", _SIZE, _SIZE)
    if not bench.quick:
        yield _windowing(bench, "3000 × 2400 to 1000 × 800", 1000, 800)


def _windowing(bench: Bench, title: str, rows: int, columns: int) -> Group:
    import pydicom

    from tview.pixels import Decoder, View, render

    stored = bench.material.slice(8) if rows == columns else bench.material.large
    path = bench.folder / "picture.dcm"
    path.write_bytes(bench.material.file_of(stored))
    data_set = pydicom.dcmread(path)
    with Decoder() as decoder:
        frame: Frame = open_with_tview(path, decoder).read_frame(0)
    ours = in_process(lambda: render(frame, View(), rows, columns), 4)
    error = float(largest_error(render(frame, View(), rows, columns).picture, stored, 40, 400))
    return Group(
        title,
        (
            Case("tview", lambda: {**ours(), "error_levels": error}),
            Case("pydicom + Pillow", in_process(lambda: with_pydicom.picture(stored, data_set, rows, columns))),
            Case("Pillow F", in_process(lambda: with_pydicom.float_picture(stored, rows, columns))),
        ),
        (Asked("cpu_ms", "pydicom + Pillow", at_least=10, note=_WHY_PICTURE), Asked("error_levels", at_most=1)),
        measures=("cpu_ms", "wall_ms", "error_levels"),
        repeats=2 if bench.quick else 15,
        words={
            "tview": "resampled, then windowed; error against float64",
            "pydicom + Pillow": "apply_modality_lut, apply_voi_lut, resize",
            "Pillow F": "resized as float, then windowed with numpy",
        },
    )


def cine(bench: Bench) -> Iterator[Group]:
    """Frame after frame: decode, window, resample, encode for kitty. Processor time of all processes for one frame."""
    from tview.pixels import Decoder

    for syntax in ("native", "jpegls") if bench.quick else ("native", "sv1", "jpegls", "j2k"):
        with Decoder(processes=1) as decoder:
            yield _loop(bench, syntax, decoder)


def _loop(bench: Bench, syntax: str, decoder: "Decoder") -> Group:
    from tview.terminal import assumed_facts, make_encoder

    encoder = make_encoder("kitty", assumed_facts({"TERM": "xterm-kitty"}, _COLUMNS, _ROWS))
    paths = sorted(bench.material.series(syntax).iterdir())[: 4 if bench.quick else 20]
    images = [open_with_tview(path, decoder) for path in paths]
    return Group(
        f"{SYNTAXES[syntax][1]}, for each frame",
        (
            Case("tview", _of_one(in_process(partial(_painted, images, encoder)), len(paths))),
            Case("the parts alone", _of_one(in_process(partial(_bare, paths, syntax)), len(paths))),
            Case(
                "pydicom + Pillow",
                _of_one(in_process(partial(with_pydicom.png_frames, paths, _SIZE)), len(paths)),
                with_pydicom.why_not(paths[0]),
            ),
        ),
        (Asked("cpu_ms", "the parts alone", at_most=1.25, note=_WHY_CINE),),
        repeats=2 if bench.quick else 9,
        words={
            "tview": f"{_SIZE} × {_SIZE} pixels; header already read",
            "the parts alone": "file, imagecodecs, OpenCV, ISA-L, base64, in one process and without a check",
            "pydicom + Pillow": "with PNG at level 1",
        },
    )


def _painted(images: "Sequence[Image]", encoder: "Encoder") -> None:
    from tview.pixels import View, render

    for image in images:
        encoder.paint(render(image.read_frame(0), View(), _SIZE, _SIZE).picture, 0, 0, _COLUMNS, _ROWS)


def _bare(paths: Sequence[Path], syntax: str) -> None:
    decode_one = codec(syntax)
    for path in paths:
        bare_kitty(bare_picture(decode_one(stream_of(path)), _SIZE, _SIZE))


def _of_one(run: Callable[[], Sample], frames: int) -> Callable[[], Sample]:
    return lambda: {name: value / frames for name, value in run().items()}
