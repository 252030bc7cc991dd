"""Two decoders over one frame: what a lossless frame holds is not a matter of opinion, and both have to say the same."""

from dataclasses import dataclass, replace

import numpy as np

from tview.errors import PixelError
from tview.pixels.arrays import Pixels
from tview.pixels.codecs import Job
from tview.pixels.image import Image
from tview.pixels.native import decoded_to_stored
from tview.pixels.stream_choice import choose_codec, make_job, repaired
from tview.pixels.syntaxes import PYDICOM

# Another library than the first each time; OpenJPEG twice for JPEG 2000, in two builds, is what there is
_SECOND = {
    "rle": (PYDICOM,),
    "jpeg": (PYDICOM,),
    "jpegls": (PYDICOM,),
    "jpeg2000": (PYDICOM,),
    "htj2k": ("imagecodecs.jpeg2k", PYDICOM),
}
_SECOND_LOSSLESS_JPEG = ("imagecodecs.jpegsof3", PYDICOM)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two decoders made of the frame at `index`.

    `second` is None when no other decoder could read it, and `reason` says why. `differing` counts stored values, `largest` is the largest
    difference. `lossless` frames have to be equal; what was compressed with loss may differ by rounding.
    """

    index: int
    first: str
    second: str | None
    lossless: bool
    differing: int = 0
    largest: float = 0.0
    reason: str = ""

    @property
    def agrees(self) -> bool | None:
        """Whether a lossless frame is the same in both; None where that cannot be asked."""
        return self.differing == 0 if self.second is not None and self.lossless else None


def compare_decoders(image: Image, index: int) -> Comparison:
    """Decode the frame at `index` (from 0) with two decoders and compare their stored values, all in the decoding process.

    Raises:
        PixelError: the first decoder cannot read the frame.
    """
    first = image.read_frame(index)
    data, layout = image.read_stream(index), image.layout
    if not data:
        return Comparison(index, "av", None, False, reason="a video is read by one decoder only")
    if image.frames_per_stream > 1:
        return Comparison(index, "imagecodecs.jpeg2k", None, True, reason="its frames share a code stream")
    choice = choose_codec(image.syntax, data, layout, index) if image.header.pixel_element and image.is_encapsulated else None
    if choice is None or choice.codec in ("native", "deflate"):
        name = "zlib" if choice is not None and choice.codec == "deflate" else "numpy"
        return Comparison(index, name, None, True, reason="its values stand in the file as they are")
    job, _, _ = make_job(choice, image.syntax, layout, data)
    lossless = not (choice.stream is not None and choice.stream.lossy)
    names = _second_names(job, lossless)
    reason = "there is no second decoder for this"
    for name in names:
        other = replace(job, decoders=(name,))
        try:
            decoded = image.decoder.decode(other, repaired(data, choice.codec), lambda pixels: decoded_to_stored(pixels, layout, job.codec))
        except PixelError as error:
            detail = str(error.finding.values.get("detail", ""))
            reason = "no second decoder is installed" if _is_absent(detail) else detail or error.finding.code
            continue
        rows = min(first.rows_present, decoded.rows_present)
        columns = decoded.pixels.shape[1]  # of a tile at the edge of a slide, fewer than the header says
        differing, largest = _difference(first.stored[:rows, :columns], decoded.pixels[:rows])
        return Comparison(index, job.decoders[0], decoded.decoder, lossless, differing, largest)
    return Comparison(index, job.decoders[0], None, lossless, reason=reason)


def _second_names(job: Job, lossless: bool) -> tuple[str, ...]:
    names = _SECOND_LOSSLESS_JPEG if job.codec == "jpeg" and lossless else _SECOND.get(job.codec, ())
    return tuple(name for name in names if name != job.decoders[0])


def _is_absent(detail: str) -> bool:
    return "plugin" in detail or "missing dependencies" in detail or "No module named" in detail


def _difference(ours: Pixels, theirs: Pixels) -> tuple[int, float]:
    if ours.shape != theirs.shape:
        return max(ours.size, theirs.size), float("inf")
    difference = np.abs(ours.astype(np.float64) - theirs.astype(np.float64))
    return int(np.count_nonzero(difference)), float(difference.max(initial=0.0))
