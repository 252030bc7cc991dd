"""From a picture of 1000 x 1000 greys to what a terminal gets."""

import io
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.frames import bare_picture
from benchmarks.peers import missing_modules, missing_programs
from benchmarks.timing import in_process, process, quiet_stdout
from benchmarks.values import Asked, Bench, Case, Group


def encode(bench: Bench) -> Iterator[Group]:
    """PNG in kitty's protocol, and sixel."""
    yield _png(bench)
    yield _sixel(bench)


def _png(bench: Bench) -> Group:
    from tview.terminal import assumed_facts, encode_png, make_encoder

    picture = bare_picture(bench.material.slice(8), 1000, 1000)
    encoder = make_encoder("kitty", assumed_facts({"TERM": "xterm-kitty"}, 100, 50))
    file = _saved(bench, picture)

    def with_pillow(level: int) -> bytes:
        from PIL import Image

        out = io.BytesIO()
        Image.fromarray(picture).save(out, "PNG", compress_level=level)
        return out.getvalue()

    def with_textual_image() -> None:
        from PIL import Image
        from rich.console import Console
        from textual_image.renderable.tgp import Image as KittyImage

        console = Console(force_terminal=True, width=160, file=io.StringIO())
        with quiet_stdout():
            console.print(KittyImage(Image.fromarray(picture), width=100, height=50))

    return Group(
        "1000 × 1000 greys as PNG",
        (
            Case("tview", in_process(lambda: encode_png(picture), 4)),
            Case("tview, with kitty's frame", in_process(lambda: encoder.paint(picture, 0, 0, 100, 50), 4)),
            Case("Pillow level 1", in_process(lambda: with_pillow(1)), missing_modules("PIL")),
            Case("textual-image", in_process(with_textual_image), missing_modules("textual_image")),
            Case("chafa", process(["chafa", "-f", "kitty", "-s", "100x50", str(file)], bench.folder), missing_programs("chafa")),
        ),
        (Asked("cpu_ms", "Pillow level 1", at_least=6),),
        repeats=2 if bench.quick else 21,
        words={
            "tview": f"{len(encode_png(picture)) >> 10} KB",
            "Pillow level 1": f"{len(with_pillow(1)) >> 10} KB" if not missing_modules("PIL") else "",
            "chafa": "the whole program, from a PGM file",
        },
    )


def _sixel(bench: Bench) -> Group:
    from tview.terminal import assumed_facts, make_encoder

    picture = bare_picture(bench.material.slice(8), 1000, 1000)
    encoder = make_encoder("sixel", assumed_facts({"TERM": "xterm-256color"}, 100, 50))
    file = _saved(bench, picture)
    img2sixel = ["img2sixel", str(file)]
    ours, peer = _greys(encoder.inline(picture)), 0
    if not missing_programs("img2sixel"):
        peer = _greys(subprocess.run(img2sixel, capture_output=True, check=True).stdout)

    def with_textual_image() -> str:
        from PIL import Image
        from textual_image._sixel import image_to_sixels

        return str(image_to_sixels(Image.fromarray(picture)))

    return Group(
        "1000 × 1000 greys as sixel",
        (
            Case("tview", lambda: {**in_process(lambda: encoder.inline(picture))(), "greys_levels": float(ours)}),
            Case("img2sixel", lambda: {**process(img2sixel, bench.folder)(), "greys_levels": float(peer)}, missing_programs("img2sixel")),
            Case("textual-image", in_process(with_textual_image), missing_modules("textual_image")),
            Case("chafa", process(["chafa", "-f", "sixel", "-s", "100x50", str(file)], bench.folder), missing_programs("chafa")),
        ),
        (Asked("cpu_ms", "img2sixel", at_most=1.5), Asked("greys_levels", at_least=3 * peer if peer else 93)),
        measures=("cpu_ms", "wall_ms", "greys_levels"),
        repeats=2 if bench.quick else 15,
        words={"img2sixel": "the whole program, from a PGM file", "chafa": "the whole program, from a PGM file"},
    )


def _greys(sixel: bytes) -> int:
    """How many different colours a sixel picture defines."""
    import re

    return len(set(re.findall(rb"#\d+;2;(\d+;\d+;\d+)", sixel)))


def _saved(bench: Bench, picture: "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]") -> Path:
    file = bench.folder / "encode.pgm"
    file.write_bytes(b"P5\n%d %d\n255\n" % picture.shape[::-1] + picture.tobytes())
    return file
