"""What a script does with pydicom and Pillow."""

import io
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pydicom
from numpy.typing import NDArray
from PIL import Image
from pydicom.pixels.decoders.base import Decoder, get_decoder
from pydicom.pixels.processing import apply_modality_lut, apply_voi_lut
from pydicom.uid import UID

from benchmarks.material import Stored
from benchmarks.peers import missing_modules


def picture(stored: Stored, data_set: pydicom.Dataset, rows: int, columns: int) -> Image.Image:
    """Stored values through the first window, from the smallest to the largest value of the result, in another size."""
    values = apply_voi_lut(apply_modality_lut(stored, data_set), data_set)
    low, high = values.min(), values.max()
    display = ((values - low) / (high - low) * 255).astype(np.uint8)
    return Image.fromarray(display).resize((columns, rows))


def float_picture(stored: Stored, rows: int, columns: int) -> NDArray[np.uint8]:
    """A slice in the window 400/40: Pillow's float resampling, numpy's window."""
    method = Image.Resampling.BOX if rows < stored.shape[0] else Image.Resampling.BILINEAR
    values = np.asarray(Image.fromarray(stored.astype(np.float32)).resize((columns, rows), method))
    return np.clip((values - 1024 - 39.5) * (255 / 399) + 128, 0, 255).astype(np.uint8)


def png_frames(paths: Sequence[Path], size: int) -> None:
    """File after file to PNG at level 1."""
    for path in paths:
        data_set = pydicom.dcmread(path)
        picture(data_set.pixel_array, data_set, size, size).save(io.BytesIO(), "PNG", compress_level=1)


def decoders(path: Path) -> dict[str, Callable[[], object]]:
    """A call that decodes the file's frame, for each of pydicom's plugins that are installed."""
    data_set = pydicom.dcmread(path)
    decoder = _decoder_of(data_set)
    return {plugin: _decoding(decoder, data_set, plugin) for plugin in decoder.available_plugins if plugin != "pydicom"}


def why_not(path: Path) -> str:
    """Why pydicom cannot decode a file here; "" when it can."""
    data_set = pydicom.dcmread(path, stop_before_pixels=True)
    if not UID(data_set.file_meta.TransferSyntaxUID).is_compressed or _decoder_of(data_set).is_available:
        return ""
    return missing_modules("libjpeg") or "no plugin decodes it"


def _decoder_of(data_set: pydicom.Dataset) -> Decoder:
    return get_decoder(data_set.file_meta.TransferSyntaxUID)


def _decoding(decoder: Decoder, data_set: pydicom.Dataset, plugin: str) -> Callable[[], object]:
    return lambda: decoder.as_array(data_set, raw=True, decoding_plugin=plugin)
