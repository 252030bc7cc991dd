"""Two decoders over one frame, and a decoder that is wrong found out."""

import imagecodecs
import numpy as np
import pytest

from tview.pixels import compare_decoders

P = "1.2.840.10008.1.2"
RNG = np.random.default_rng(8)
GREY = (np.add.outer(np.arange(40), np.arange(56)) * 20 + RNG.integers(0, 9, (40, 56))).astype(np.uint16)
STREAMS = {
    f"{P}.4.70": imagecodecs.jpeg8_encode(GREY, lossless=True, predictor=1, bitspersample=16),
    f"{P}.4.90": imagecodecs.jpeg2k_encode(GREY, level=0, codecformat="j2k", reversible=True),
    f"{P}.4.201": imagecodecs.htj2k_encode(GREY, reversible=True),
}


@pytest.mark.parametrize("uid", STREAMS)
def test_two_decoders_agree(make, uid):
    compared = compare_decoders(make.image([STREAMS[uid]], syntax=uid, rows=40, columns=56), 0)
    assert compared.agrees is True and compared.second not in (None, compared.first)


def test_one_value_that_differs_is_counted(make, monkeypatch):
    image = make.image([STREAMS[f"{P}.4.201"]], syntax=f"{P}.4.201", rows=40, columns=56)
    real = image.read_frame(0)
    wrong = real.stored.copy()
    wrong[3, 4] += 7
    from dataclasses import replace

    monkeypatch.setattr(type(image), "read_frame", lambda self, index: replace(real, stored=wrong))
    compared = compare_decoders(image, 0)
    assert (compared.agrees, compared.differing, compared.largest) == (False, 1, 7.0)


def test_with_loss_the_difference_is_told_and_judged_by_nobody(make):
    eight = (GREY >> 4).astype(np.uint8)
    stream = imagecodecs.jpeg2k_encode(eight, level=80, codecformat="j2k", reversible=False)
    compared = compare_decoders(make.image([stream], syntax=f"{P}.4.91", rows=40, columns=56, bits=8), 0)
    assert compared.agrees is None and not compared.lossless and compared.second == "pydicom" and compared.largest <= 2


def test_where_there_is_no_second_decoder_it_says_so(make):
    native = compare_decoders(make.image(GREY.tobytes(), rows=40, columns=56), 0)
    assert native.agrees is None and native.second is None and native.reason
    xl = make.image([imagecodecs.jpegxl_encode(GREY, lossless=True)], syntax=f"{P}.4.110", rows=40, columns=56)
    assert compare_decoders(xl, 0).second is None and compare_decoders(xl, 0).reason


def test_a_tile_smaller_than_the_others_is_compared_as_far_as_it_goes(make):
    tiles = [imagecodecs.jpeg2k_encode(part, level=0, codecformat="j2k", reversible=True) for part in (GREY, GREY[:30, :20].copy())]
    image = make.image(tiles, syntax=f"{P}.4.90", rows=40, columns=56, frames=2)
    assert [compare_decoders(image, index).agrees for index in (0, 1)] == [True, True]
