"""Every transfer syntax of PS3.5 chapter 10 and annex A that carries pixels: what it holds, whether it loses, who decodes it.

A new syntax is a row here; documentation and the parametrised tests are made from the table.
"""

from dataclasses import dataclass
from functools import cache

PYDICOM = "pydicom"  # with whichever pylibjpeg plugin is installed


@dataclass(frozen=True, slots=True)
class Syntax:
    """One transfer syntax.

    `codec` is what its frames are: "native", "rle", "deflate", "jpeg", "jpegls", "jpeg2000", "htj2k", "jpegxl" or "video".
    `lossy` is None where only the code stream can tell. `decoders` are tried in order; none means that frames cannot be shown.
    """

    uid: str
    name: str
    codec: str
    lossy: bool | None
    decoders: tuple[str, ...]
    little_endian: bool = True


_P = "1.2.840.10008.1.2"
_JPEG = ("imagecodecs.jpeg8", PYDICOM)
_SOF3 = ("imagecodecs.jpeg8", "imagecodecs.jpegsof3", PYDICOM)
_JPEGLS = ("imagecodecs.jpegls", PYDICOM)
_JPEG2000 = ("imagecodecs.jpeg2k", PYDICOM)
_HTJ2K = ("imagecodecs.htj2k", "imagecodecs.jpeg2k", PYDICOM)
_JPEGXL = ("imagecodecs.jpegxl",)
_NATIVE = ("numpy",)
_VIDEO = ("av",)  # PyAV, an extra: tview-dicom[video]

# fmt: off
SYNTAXES: tuple[Syntax, ...] = (
    Syntax(f"{_P}", "Implicit VR Little Endian", "native", False, _NATIVE),
    Syntax(f"{_P}.1", "Explicit VR Little Endian", "native", False, _NATIVE),
    Syntax(f"{_P}.1.98", "Encapsulated Uncompressed Explicit VR Little Endian", "native", False, _NATIVE),
    Syntax(f"{_P}.1.99", "Deflated Explicit VR Little Endian", "native", False, _NATIVE),
    Syntax(f"{_P}.2", "Explicit VR Big Endian", "native", False, _NATIVE, little_endian=False),
    Syntax("1.2.840.113619.5.2", "GE Private Implicit VR, Big Endian Pixels", "native", False, _NATIVE, little_endian=False),
    Syntax(f"{_P}.5", "RLE Lossless", "rle", False, ("imagecodecs.packbits", PYDICOM)),
    Syntax(f"{_P}.8.1", "Deflated Image Frame Compression", "deflate", False, ("zlib",)),
    Syntax(f"{_P}.4.50", "JPEG Baseline (Process 1)", "jpeg", True, _JPEG),
    Syntax(f"{_P}.4.51", "JPEG Extended (Process 2 and 4)", "jpeg", True, _JPEG),
    Syntax(f"{_P}.4.52", "JPEG Extended (Process 3 and 5)", "jpeg", True, _JPEG),
    Syntax(f"{_P}.4.53", "JPEG Spectral Selection, Non-Hierarchical (Process 6 and 8)", "jpeg", True, _JPEG),
    Syntax(f"{_P}.4.54", "JPEG Spectral Selection, Non-Hierarchical (Process 7 and 9)", "jpeg", True, _JPEG),
    Syntax(f"{_P}.4.55", "JPEG Full Progression, Non-Hierarchical (Process 10 and 12)", "jpeg", True, _JPEG),
    Syntax(f"{_P}.4.56", "JPEG Full Progression, Non-Hierarchical (Process 11 and 13)", "jpeg", True, _JPEG),
    Syntax(f"{_P}.4.57", "JPEG Lossless, Non-Hierarchical (Process 14)", "jpeg", False, _SOF3),
    Syntax(f"{_P}.4.58", "JPEG Lossless, Non-Hierarchical (Process 15)", "jpeg", False, ()),
    Syntax(f"{_P}.4.59", "JPEG Extended, Hierarchical (Process 16 and 18)", "jpeg", True, ()),
    Syntax(f"{_P}.4.60", "JPEG Extended, Hierarchical (Process 17 and 19)", "jpeg", True, ()),
    Syntax(f"{_P}.4.61", "JPEG Spectral Selection, Hierarchical (Process 20 and 22)", "jpeg", True, ()),
    Syntax(f"{_P}.4.62", "JPEG Spectral Selection, Hierarchical (Process 21 and 23)", "jpeg", True, ()),
    Syntax(f"{_P}.4.63", "JPEG Full Progression, Hierarchical (Process 24 and 26)", "jpeg", True, ()),
    Syntax(f"{_P}.4.64", "JPEG Full Progression, Hierarchical (Process 25 and 27)", "jpeg", True, ()),
    Syntax(f"{_P}.4.65", "JPEG Lossless, Hierarchical (Process 28)", "jpeg", False, ()),
    Syntax(f"{_P}.4.66", "JPEG Lossless, Hierarchical (Process 29)", "jpeg", False, ()),
    Syntax(f"{_P}.4.70", "JPEG Lossless, Non-Hierarchical, First-Order Prediction", "jpeg", False, _SOF3),
    Syntax(f"{_P}.4.80", "JPEG-LS Lossless", "jpegls", False, _JPEGLS),
    Syntax(f"{_P}.4.81", "JPEG-LS Lossy (Near-Lossless)", "jpegls", None, _JPEGLS),
    Syntax(f"{_P}.4.90", "JPEG 2000 (Lossless Only)", "jpeg2000", False, _JPEG2000),
    Syntax(f"{_P}.4.91", "JPEG 2000", "jpeg2000", None, _JPEG2000),
    Syntax(f"{_P}.4.92", "JPEG 2000 Part 2 Multi-component (Lossless Only)", "jpeg2000", False, _JPEG2000),
    Syntax(f"{_P}.4.93", "JPEG 2000 Part 2 Multi-component", "jpeg2000", None, _JPEG2000),
    Syntax(f"{_P}.4.201", "High-Throughput JPEG 2000 (Lossless Only)", "htj2k", False, _HTJ2K),
    Syntax(f"{_P}.4.202", "High-Throughput JPEG 2000 with RPCL Options (Lossless Only)", "htj2k", False, _HTJ2K),
    Syntax(f"{_P}.4.203", "High-Throughput JPEG 2000", "htj2k", None, _HTJ2K),
    Syntax(f"{_P}.4.110", "JPEG XL Lossless", "jpegxl", False, _JPEGXL),
    Syntax(f"{_P}.4.111", "JPEG XL JPEG Recompression", "jpegxl", True, _JPEGXL),
    Syntax(f"{_P}.4.112", "JPEG XL", "jpegxl", None, _JPEGXL),
    Syntax(f"{_P}.4.100", "MPEG2 Main Profile / Main Level", "video", True, _VIDEO),
    Syntax(f"{_P}.4.100.1", "Fragmentable MPEG2 Main Profile / Main Level", "video", True, _VIDEO),
    Syntax(f"{_P}.4.101", "MPEG2 Main Profile / High Level", "video", True, _VIDEO),
    Syntax(f"{_P}.4.101.1", "Fragmentable MPEG2 Main Profile / High Level", "video", True, _VIDEO),
    Syntax(f"{_P}.4.102", "MPEG-4 AVC/H.264 High Profile / Level 4.1", "video", True, _VIDEO),
    Syntax(f"{_P}.4.102.1", "Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.1", "video", True, _VIDEO),
    Syntax(f"{_P}.4.103", "MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1", "video", True, _VIDEO),
    Syntax(f"{_P}.4.103.1", "Fragmentable MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1", "video", True, _VIDEO),
    Syntax(f"{_P}.4.104", "MPEG-4 AVC/H.264 High Profile / Level 4.2 For 2D Video", "video", True, _VIDEO),
    Syntax(f"{_P}.4.104.1", "Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.2 For 2D Video", "video", True, _VIDEO),
    Syntax(f"{_P}.4.105", "MPEG-4 AVC/H.264 High Profile / Level 4.2 For 3D Video", "video", True, _VIDEO),
    Syntax(f"{_P}.4.105.1", "Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.2 For 3D Video", "video", True, _VIDEO),
    Syntax(f"{_P}.4.106", "MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2", "video", True, _VIDEO),
    Syntax(f"{_P}.4.106.1", "Fragmentable MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2", "video", True, _VIDEO),
    Syntax(f"{_P}.4.107", "HEVC/H.265 Main Profile / Level 5.1", "video", True, _VIDEO),
    Syntax(f"{_P}.4.108", "HEVC/H.265 Main 10 Profile / Level 5.1", "video", True, _VIDEO),
    Syntax("1.2.840.10008.1.2.7.1", "SMPTE ST 2110-20 Uncompressed Progressive Active Video", "video", False, ()),
    Syntax("1.2.840.10008.1.2.7.2", "SMPTE ST 2110-20 Uncompressed Interlaced Active Video", "video", False, ()),
    Syntax(f"{_P}.4.94", "JPIP Referenced", "referenced", None, ()),
    Syntax(f"{_P}.4.95", "JPIP Referenced Deflate", "referenced", None, ()),
    Syntax(f"{_P}.4.204", "JPIP HTJ2K Referenced", "referenced", None, ()),
    Syntax(f"{_P}.4.205", "JPIP HTJ2K Referenced Deflate", "referenced", None, ()),
)
# fmt: on

MULTI_COMPONENT = (f"{_P}.4.92", f"{_P}.4.93")
"""Where the frames of a volume may be the components of one code stream."""

DECODERS: dict[str, tuple[str, ...]] = {
    "rle": ("imagecodecs.packbits", PYDICOM),
    "jpeg": _SOF3,
    "jpegls": _JPEGLS,
    "jpeg2000": _JPEG2000,
    "htj2k": _HTJ2K,
    "jpegxl": _JPEGXL,
}


@cache
def _by_uid() -> dict[str, Syntax]:
    return {syntax.uid: syntax for syntax in SYNTAXES}


def syntax_of(uid: str) -> Syntax | None:
    """The row of this UID; None for one that the table does not know (private, retired, mistyped)."""
    return _by_uid().get(uid)
