"""Whether a picture was ever compressed with loss, and how much: PS3.3 C.7.6.1.1.5. The mark stays for ever."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tview.dicom import DataSet
from tview.pixels.syntaxes import Syntax

if TYPE_CHECKING:
    from tview.pixels.streams import Stream

LOSSY_IMAGE_COMPRESSION, LOSSY_IMAGE_COMPRESSION_RATIO, LOSSY_IMAGE_COMPRESSION_METHOD = 0x00282110, 0x00282112, 0x00282114


@dataclass(frozen=True, slots=True)
class LossyMark:
    """Why a picture counts as lossy ("header", "syntax" or "stream"), and the ratio of each compression step as the file tells it."""

    source: str
    ratios: tuple[float, ...] = ()
    computed_ratio: float | None = None

    @property
    def shown(self) -> str:
        """As in "10:1, then 4:1"; a computed ratio is marked "≈"; "" when nothing is known of it."""
        if self.ratios:
            return ", then ".join(f"{ratio:.4g}:1" for ratio in self.ratios)
        return f"≈{self.computed_ratio:.3g}:1" if self.computed_ratio else ""


def lossy_mark(data_set: DataSet, syntax: Syntax | None, stream: "Stream | None", computed_ratio: float | None = None) -> LossyMark | None:
    """The mark of an image; None when nothing says that it lost anything.

    Lossy Image Compression 01 counts on uncompressed files too. A stream that is lossy counts whatever the syntax promises.
    """
    said = data_set.text(LOSSY_IMAGE_COMPRESSION) == "01"
    stream_lossy = stream.lossy if stream is not None else None
    by_syntax = bool(syntax and (syntax.lossy or (syntax.lossy is None and stream_lossy is None)))
    if not (said or stream_lossy or by_syntax):
        return None
    ratios = tuple(ratio for ratio in data_set.numbers(LOSSY_IMAGE_COMPRESSION_RATIO) if ratio > 0)
    source = "header" if said else "stream" if stream_lossy else "syntax"
    return LossyMark(source, ratios, computed_ratio if (stream_lossy or by_syntax) and not ratios else None)
