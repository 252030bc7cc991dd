import sys
from collections.abc import Callable

import numpy as np
import pytest

from tview.terminal import encode_png, png

SHAPES = [(1, 1), (1, 7), (7, 1), (3, 5, 3), (1, 1, 3), (211, 333), (64, 100, 3)]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("level", [0, 1])
def test_pillow_reads_the_same_pixels_back(shape: tuple[int, ...], level: int, png_picture: Callable[[bytes], np.ndarray]) -> None:
    picture = np.random.default_rng(3).integers(0, 256, shape, dtype=np.uint8)
    data = encode_png(picture, level)
    assert np.array_equal(png_picture(data), picture)
    assert data[25] == (0 if len(shape) == 2 else 2)  # the colour type in IHDR: grey, RGB


def test_all_256_greys_survive(png_picture: Callable[[bytes], np.ndarray]) -> None:
    ramp = np.tile(np.arange(256, dtype=np.uint8), (9, 1))
    assert np.array_equal(png_picture(encode_png(ramp)), ramp)


def test_without_isal_zlib_does_it(monkeypatch: pytest.MonkeyPatch, png_picture: Callable[[bytes], np.ndarray]) -> None:
    monkeypatch.setitem(sys.modules, "isal", None)
    png._deflate.cache_clear()
    try:
        picture = np.random.default_rng(4).integers(0, 256, (30, 40), dtype=np.uint8)
        assert np.array_equal(png_picture(encode_png(picture)), picture)
    finally:
        png._deflate.cache_clear()


def test_the_cine_size_is_no_larger_than_a_general_writers(slice_picture: Callable[..., np.ndarray]) -> None:
    import io

    image = pytest.importorskip("PIL.Image")
    picture, file = slice_picture(512, 512), io.BytesIO()
    image.fromarray(picture).save(file, "png", compress_level=1)
    assert len(encode_png(picture)) < 1.15 * len(file.getvalue())
