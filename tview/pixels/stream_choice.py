"""What a frame's bytes are and how they are to be decoded: the syntax that is declared against the stream that is there."""

import struct
from dataclasses import dataclass
from itertools import pairwise

from tview.errors import Finding, PixelError, finding
from tview.pixels.codecs import Job
from tview.pixels.layout import Layout
from tview.pixels.streams import JPEG_LOSSLESS_SOF, Stream, look_at
from tview.pixels.syntaxes import DECODERS, Syntax

_EMPTY_FRAME = 64 << 20  # a frame up to this size may come from any few bytes: black compresses well
_BEST_RATIO = 4000
_NAMES = {
    "native": "uncompressed", "rle": "RLE", "jpeg": "JPEG", "jpegls": "JPEG-LS", "jpeg2000": "JPEG 2000", "htj2k": "HTJ2K",
    "jpegxl": "JPEG XL", "deflate": "deflated",
}  # fmt: skip
_UIDS = {"rle": "5", "jpeg": "4.50", "jpegls": "4.80", "jpeg2000": "4.90", "htj2k": "4.201", "jpegxl": "4.112"}


@dataclass(frozen=True, slots=True)
class Choice:
    """`codec` is a word of `Syntax.codec`, `stream` what the bytes say of themselves; `findings` tell what the header says otherwise."""

    codec: str
    stream: Stream | None
    findings: tuple[Finding, ...] = ()


def choose_codec(syntax: Syntax | None, data: bytes, layout: Layout, index: int, length: int | None = None) -> Choice:
    """How the encapsulated bytes of one frame are to be read: as what they are, which is not always what the file says.

    `length` is that of the frame when `data` is only its beginning.

    Raises:
        PixelError: they are nothing that is known.
    """
    stream, declared = look_at(data), syntax.codec if syntax else None
    found = stream.codec if stream else None
    name = syntax.name if syntax else "an unknown transfer syntax"
    if declared in ("deflate", "native") and (found is None or found == "rle"):
        return Choice(declared, None)
    if found is None:
        if declared == "rle":
            return Choice("rle", None)  # an odd header; the decoder says what is wrong with it
        if (length or len(data)) in (layout.frame_bits // 8, layout.frame_bits // 8 + 1):
            return Choice("native", None, (finding("syntax-assumed", declared=name, found=_NAMES["native"]),))
        raise PixelError(finding("stream-unknown", frame=index + 1, name=name))
    if found != declared:
        return Choice(found, stream, (finding("syntax-assumed", declared=name, found=_NAMES[found]),))
    assert stream is not None and syntax is not None
    if found == "jpeg" and syntax.lossy is False and stream.sof not in JPEG_LOSSLESS_SOF:
        return Choice(found, stream, (finding("syntax-assumed", declared=name, found="JPEG with loss"),))
    return Choice(found, stream)


def make_job(
    choice: Choice, syntax: Syntax | None, layout: Layout, data: bytes, length: int | None = None
) -> tuple[Job, str, tuple[Finding, ...]]:
    """The job for a decoder, the photometric interpretation of what comes out, and what was assumed of its colours.

    Raises:
        PixelError: the stream and the data set contradict each other, so that decoding would be waste or worse.
    """
    stream = choice.stream or Stream(choice.codec)
    _check(stream, layout, data, length or len(data))
    colour, photometric, findings = _colour(stream, layout)
    precision = stream.precision or layout.bits_allocated
    dtype = f"{'i' if stream.signed else 'u'}{1 if precision <= 8 else 2 if precision <= 16 else 4}"
    right = syntax is not None and syntax.codec == choice.codec
    uid = syntax.uid if right and syntax is not None else f"1.2.840.10008.1.2.{_UIDS[choice.codec]}"
    tile = is_edge_tile(stream, layout)
    if tile:
        found = f"{stream.columns} x {stream.rows}"
        findings += (finding("frame-smaller", found=found, declared=f"{layout.columns} x {layout.rows}"),)
    job = Job(
        codec=choice.codec,
        transfer_syntax_uid=uid,
        rows=stream.rows if tile and stream.rows else layout.rows,
        columns=stream.columns if tile and stream.columns else layout.columns,
        samples=layout.samples_per_pixel,
        dtype=dtype,
        bits_allocated=layout.bits_allocated,
        bits_stored=layout.bits_stored,
        pixel_representation=layout.pixel_representation,
        photometric_interpretation=layout.photometric_interpretation,
        colour=colour,
        cut=is_cut(data, choice.codec),
        decoders=syntax.decoders if right and syntax is not None else DECODERS[choice.codec],
    )
    return job, photometric, findings


def repaired(data: bytes, codec: str) -> bytes:
    """A stream as a decoder wants it, its pixels untouched.

    Some 12-bit JPEG streams say Se = 0 in a sequential scan, where only 63 can be meant (T.81 B.2.3). A JPEG-LS stream that is cut gets an
    end marker: CharLS 2.4 waits for ever on two of three without. A cut HTJ2K stream gets a last tile of open length (T.800 A.4.2).
    """
    if codec == "jpeg":
        return _with_spectral_end(data)
    if not is_cut(data, codec):
        return data
    if codec == "htj2k":
        tile = data.rfind(b"\xff\x90\x00\x0a")
        return data[: tile + 6] + b"\0\0\0\0" + data[tile + 10 :] + b"\xff\xd9" if tile > 0 else data
    return data + b"\xff\xd9"


def _with_spectral_end(data: bytes) -> bytes:
    scan = data.find(b"\xff\xda")
    if scan < 0:
        return data
    at = scan + 5 + 2 * data[scan + 4] if scan + 4 < len(data) else len(data)
    if data[at : at + 2] != b"\0\0" or at + 2 > scan + 2 + int.from_bytes(data[scan + 2 : scan + 4], "big"):
        return data
    stream = look_at(data)
    if stream is None or stream.sof not in (0xC0, 0xC1):
        return data
    return data[: at + 1] + b"\x3f" + data[at + 2 :]


def is_cut(data: bytes, codec: str) -> bool:
    """Whether a code stream lacks the marker that ends it."""
    if codec in ("jpeg", "jpegls", "jpeg2000", "htj2k"):
        return data[:4] != b"\0\0\0\x0c" and b"\xff\xd9" not in data[-130:]
    return False


def _check(stream: Stream, layout: Layout, data: bytes, length: int) -> None:
    found = (stream.columns, stream.rows, stream.components)
    declared = (layout.columns, layout.rows, layout.samples_per_pixel)
    precision = stream.precision or layout.bits_allocated
    room = max(8, layout.bits_allocated + 7 & ~7)
    differs = any(a is not None and a != b for a, b in zip(found, declared, strict=True))
    if (differs and not is_edge_tile(stream, layout)) or not 1 <= precision <= room:
        raise PixelError(finding("stream-header-mismatch", found=_size(*found, precision), declared=_size(*declared, layout.bits_stored)))
    if stream.codec == "rle":
        _check_segments(layout, data, length)
    if layout.decoded_bytes > max(_EMPTY_FRAME, _BEST_RATIO * length):
        raise PixelError(finding("frame-size-implausible", megabytes=layout.decoded_bytes >> 20, have=length))


def _check_segments(layout: Layout, data: bytes, length: int) -> None:
    """The header of an RLE frame, one segment for each byte of each sample: PS3.5 G.3 and G.5."""
    expected = layout.samples_per_pixel * -(-layout.bits_allocated // 8)
    header = struct.unpack_from("<16I", data) if len(data) >= 64 else (0,)
    places = (*header[1 : header[0] + 1], length) if header[0] <= 15 else ()
    if header[0] != expected or not all(64 <= start < end <= length for start, end in pairwise(places)):
        raise PixelError(finding("frame-undecodable", codec="RLE", detail=f"damaged header, {header[0]} segments of {expected}"))


def is_edge_tile(stream: Stream, layout: Layout) -> bool:
    """Whether a frame of many is smaller than the header says: tiles at the edge of a slide are written so, against PS3.3 C.8.12.4."""
    rows, columns = stream.rows or 0, stream.columns or 0
    fits = 1 <= rows <= layout.rows and 1 <= columns <= layout.columns and stream.components == layout.samples_per_pixel
    return fits and (rows, columns) != (layout.rows, layout.columns) and layout.number_of_frames > 1


def _size(columns: int | None, rows: int | None, samples: int | None, bits: int) -> str:
    return f"{columns} x {rows} pixels of {samples or '?'} x {bits} bits"


def _colour(stream: Stream, layout: Layout) -> tuple[str, str, tuple[Finding, ...]]:
    declared = layout.photometric_interpretation
    if layout.samples_per_pixel != 3:
        return "as-is", declared, ()
    if stream.codec == "jpeg" and stream.sof not in JPEG_LOSSLESS_SOF:
        is_ycbcr, says_rgb = stream.is_ycbcr, declared == "RGB"
        if is_ycbcr is None:
            is_ycbcr = not says_rgb
        findings: tuple[Finding, ...] = ()
        if is_ycbcr == says_rgb:
            findings = (finding("colour-assumed", declared=declared, found="YCbCr" if is_ycbcr else "RGB"),)
        return "ycbcr" if is_ycbcr else "as-is", "RGB", findings
    if stream.multi_component_transform or declared in ("YBR_RCT", "YBR_ICT", "XYB"):
        # RGB beside a transform is a common slip and the same picture; the other two contradictions may be another one
        wrong = declared == "YBR_FULL" if stream.multi_component_transform else declared in ("YBR_RCT", "YBR_ICT")
        odd = stream.codec in ("jpeg2000", "htj2k") and wrong
        return "as-is", "RGB", (finding("colour-assumed", declared=declared, found="RGB"),) if odd else ()
    if declared in ("YBR_FULL_422", "YBR_PARTIAL_422", "YBR_PARTIAL_420"):
        declared = declared.replace("_422", "").replace("_420", "")
    return "as-is", {"YBR_PARTIAL": "YBR_PARTIAL_422"}.get(declared, declared), ()
