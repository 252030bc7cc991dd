"""What the worker process does with one code stream. Runs in that process only: native code meets hostile bytes here."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from tview.pixels.arrays import Pixels

Data = Any  # bytes or a view of shared memory: imagecodecs reads both, its stubs name bytes only
_NEVER_WRITTEN = 0xA5


@dataclass(frozen=True, slots=True)
class Job:
    """One frame to decode: what the data set and the cheap look at the stream agreed on.

    `dtype` is what comes out, shape (rows, columns) or (rows, columns, samples). `colour` is how a JPEG of three components is to be
    taken: "ycbcr" is converted to RGB by the codec, "as-is" is not. `decoders` are tried in order. `cut`: the stream ends early.
    """

    codec: str
    transfer_syntax_uid: str
    rows: int
    columns: int
    samples: int
    dtype: str
    bits_allocated: int
    bits_stored: int
    pixel_representation: int
    photometric_interpretation: str
    colour: str
    decoders: tuple[str, ...]
    cut: bool = False

    @property
    def shape(self) -> tuple[int, ...]:
        return (self.rows, self.columns) if self.samples == 1 else (self.rows, self.columns, self.samples)

    @property
    def nbytes(self) -> int:
        return self.rows * self.columns * self.samples * np.dtype(self.dtype).itemsize

    def to_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in Job.__slots__}


def decode_stream(job: Job, stream: Data, out: Pixels) -> tuple[str, int]:
    """Fill `out` (job.shape, job.dtype) with the pixels; gives the decoder that did it and the rows it could fill.

    Raises whatever the first decoder raised when none could.
    """
    failure: BaseException | None = None
    unraised: list[BaseException | None] = []
    # OpenJPH's errors are lost on their way through imagecodecs 2026.3, and rubbish would come back as a picture
    sys.unraisablehook = lambda lost: unraised.append(lost.exc_value)
    for name in job.decoders:
        unraised.clear()
        try:
            rows_present = _RUN[name](job, stream, out)
            if unraised:
                raise unraised[0] or ValueError("the decoder failed")
            return name, job.rows if rows_present is None else rows_present
        except MemoryError:
            raise
        except BaseException as error:  # pyo3's PanicException is no Exception
            failure = failure or error  # the first decoder's reason tells most
    raise failure or ValueError("no decoder is installed for this")


def preload(decoders: tuple[str, ...]) -> None:
    """Import the first decoder's code, so that the time limit of a frame measures decoding."""
    module = decoders[0].removeprefix("imagecodecs.") if decoders and decoders[0].startswith("imagecodecs.") else None
    if module:
        import imagecodecs

        getattr(imagecodecs, f"{module}_decode")


def _place(decoded: Any, out: Pixels) -> None:
    array = np.asarray(decoded)
    if array is out or (array.shape == out.shape and array.dtype == out.dtype and np.shares_memory(array, out)):
        return
    if array.ndim == 3 and array.shape != out.shape and array.shape[0] == out.shape[-1]:
        array = np.moveaxis(array, 0, -1)  # by plane
    if array.shape != out.shape:
        raise ValueError(f"decoded to {array.shape}, expected {out.shape}")
    if array.dtype.kind in "iu" and array.dtype.itemsize > out.dtype.itemsize:
        raise ValueError(f"decoded to {array.dtype}, expected {out.dtype}")
    np.copyto(out, array, casting="unsafe")


def _jpeg8(job: Job, stream: Data, out: Pixels) -> None:
    import imagecodecs

    if job.samples == 3:
        inside = "RGB" if job.colour == "as-is" else "YCbCr"
        _place(imagecodecs.jpeg8_decode(stream, out=out, colorspace=inside, outcolorspace="RGB"), out)
    elif job.samples == 4:
        _place(imagecodecs.jpeg8_decode(stream, outcolorspace="CMYK"), out)
    else:
        _place(imagecodecs.jpeg8_decode(stream, out=out), out)


def _jpegsof3(job: Job, stream: Data, out: Pixels) -> None:
    import imagecodecs

    _place(imagecodecs.jpegsof3_decode(stream), out)


def _jpegls(job: Job, stream: Data, out: Pixels) -> int | None:
    import imagecodecs

    if job.samples > 1:
        _place(imagecodecs.jpegls_decode(stream), out)
        return None
    if job.cut:
        out.fill(_NEVER_WRITTEN)
    try:
        imagecodecs.jpegls_decode(stream, out=out)
    except RuntimeError:
        if not job.cut:
            raise
        # Rows are written as they are done; the last of them was finished from nothing
        written = np.flatnonzero((out != out.dtype.type(_NEVER_WRITTEN)).any(axis=1))
        rows_present = int(written[-1]) if written.size else 0
        if rows_present < 1:
            raise
        out[rows_present:] = 0
        return rows_present
    return None


def _jpeg2k(job: Job, stream: Data, out: Pixels) -> None:
    import imagecodecs

    threads = 2 if job.rows * job.columns > 1 << 20 else 1
    _place(imagecodecs.jpeg2k_decode(stream, numthreads=threads, out=out), out)


def _htj2k(job: Job, stream: Data, out: Pixels) -> None:
    import imagecodecs

    _place(imagecodecs.htj2k_decode(stream), out)


def _jpegxl(job: Job, stream: Data, out: Pixels) -> None:
    import imagecodecs

    _place(imagecodecs.jpegxl_decode(stream, numthreads=1), out)


def _packbits(job: Job, stream: Data, out: Pixels) -> int:
    """RLE of PS3.5 annex G: one segment per byte plane of each sample, the highest byte first."""
    import imagecodecs

    if job.bits_allocated == 1:
        return _packbits_of_one_bit(job, stream, out)
    if job.samples == 1:
        try:
            flat: Any = out.reshape(-1).view(np.uint8)
            imagecodecs.dicomrle_decode(stream, f"<u{out.dtype.itemsize}", out=flat)
            return job.rows
        except RuntimeError:
            pass  # too short or too long: segment by segment, as far as they go
    size, count = job.rows * job.columns, job.samples * out.dtype.itemsize
    planes = out.reshape(size, job.samples).view(np.uint8).reshape(size, job.samples, out.dtype.itemsize)
    present = size
    for number, segment in enumerate(_segments(stream, count)):
        sample, byte = divmod(number, out.dtype.itemsize)
        plane = planes[:, sample, out.dtype.itemsize - 1 - byte]
        decoded = np.frombuffer(_unpack(segment, size), np.uint8)
        plane[: decoded.size] = decoded
        plane[decoded.size :] = 0
        present = min(present, decoded.size)
    if present < job.columns:
        raise ValueError("the segments decode to less than a row")
    return present // job.columns


def _packbits_of_one_bit(job: Job, stream: Data, out: Pixels) -> int:
    (segment,) = _segments(stream, 1)
    bits = np.unpackbits(np.frombuffer(_unpack(segment, -(-out.size // 8)), np.uint8), bitorder="little")[: out.size]
    if bits.size < job.columns:
        raise ValueError("the segments decode to less than a row")
    out.reshape(-1)[: bits.size] = bits
    out.reshape(-1)[bits.size :] = 0
    return int(bits.size // job.columns)


def _unpack(segment: Data, size: int) -> bytes:
    """One segment's bytes, at most `size`; those of a damaged one as far as it goes: PS3.5 G.3.2."""
    import imagecodecs

    try:
        unpacked = imagecodecs.packbits_decode(segment)
        if len(unpacked) <= size + 1:  # a byte of padding reads as a run of its own
            return bytes(unpacked[:size])
    except RuntimeError:
        pass
    out, at = bytearray(), 0
    while at + 1 < len(segment) and len(out) < size:
        count = segment[at]
        if count < 128:
            out += segment[at + 1 : at + 2 + count]
            at += 2 + count
        elif count > 128:
            out += bytes(segment[at + 1 : at + 2]) * (257 - count)
            at += 2
        else:
            at += 1
    return bytes(out[:size])


def _segments(stream: Data, expected: int) -> list[Data]:
    header = np.frombuffer(stream, "<u4", 16)
    count = int(header[0])
    if count != expected:
        raise ValueError(f"{count} RLE segments, expected {expected}")
    offsets = [*(int(offset) for offset in header[1 : count + 1]), len(stream)]
    for start, end in pairwise(offsets):
        if not 64 <= start < end:
            raise ValueError("an RLE segment lies outside its frame")
    return [stream[start:end] for start, end in pairwise(offsets)]


def _pydicom(job: Job, stream: Data, out: Pixels) -> None:
    from pydicom.dataset import Dataset, FileMetaDataset
    from pydicom.encaps import encapsulate
    from pydicom.pixels.decoders.base import get_decoder
    from pydicom.uid import UID

    data_set = Dataset()
    data_set.file_meta = FileMetaDataset()
    data_set.file_meta.TransferSyntaxUID = UID(job.transfer_syntax_uid)
    data_set.Rows, data_set.Columns, data_set.SamplesPerPixel = job.rows, job.columns, job.samples
    data_set.PhotometricInterpretation = job.photometric_interpretation
    data_set.BitsAllocated, data_set.BitsStored, data_set.HighBit = job.bits_allocated, job.bits_stored, job.bits_stored - 1
    data_set.PixelRepresentation = job.pixel_representation
    if job.samples > 1:
        data_set.PlanarConfiguration = 0
    data_set.PixelData = encapsulate([bytes(stream)])
    data_set["PixelData"].VR = "OB"
    array, facts = get_decoder(data_set.file_meta.TransferSyntaxUID).as_array(data_set, raw=True, index=0)
    if job.colour == "ycbcr" and str(facts["photometric_interpretation"]).startswith("YBR_FULL"):
        from pydicom.pixels.processing import convert_color_space

        array = convert_color_space(array, "YBR_FULL", "RGB")
    _place(array, out)


_RUN: Mapping[str, Callable[[Job, Data, Pixels], int | None]] = {
    "imagecodecs.jpeg8": _jpeg8,
    "imagecodecs.jpegsof3": _jpegsof3,
    "imagecodecs.jpegls": _jpegls,
    "imagecodecs.jpeg2k": _jpeg2k,
    "imagecodecs.htj2k": _htj2k,
    "imagecodecs.jpegxl": _jpegxl,
    "imagecodecs.packbits": _packbits,
    "pydicom": _pydicom,
}
