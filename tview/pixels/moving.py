"""The video inside an object: where its stream lies, and its frames one by one."""

from dataclasses import dataclass, replace

from tview.dicom import Header, ReadAt, frame_ranges
from tview.errors import Finding, PixelError, finding
from tview.pixels.arrays import Pixels
from tview.pixels.decoder import Decoder
from tview.pixels.layout import Layout
from tview.pixels.streams import look_at
from tview.pixels.video import Reel, container_of, is_available, open_reel

_HEAD, _CHUNK = 512, 8 << 20
_HIGH_DEFINITION_ROWS = 720


@dataclass(frozen=True, slots=True, eq=False)
class Video:
    """One stream of `length` bytes over some fragments, all frames in it. `layout` is that of a frame once decoded: RGB of 8 bits."""

    pieces: tuple[tuple[int, int], ...]
    length: int
    head: bytes
    layout: Layout
    read_at: ReadAt

    def read(self, decoder: Decoder, index: int) -> tuple[Pixels, tuple[Finding, ...]]:
        """The frame at `index`, (rows, columns, 3) uint8, and what was assumed of the video.

        Raises:
            PixelError: it is not there, or cannot be decoded.
        """
        rgb, facts = decoder.reels.read(self, self._open, index)
        findings: tuple[Finding, ...] = ()
        if not facts["matrix_known"]:
            assumed = "ITU-R BT.709" if self.layout.rows >= _HIGH_DEFINITION_ROWS else "ITU-R BT.601"
            findings += (finding("video-colour-assumed", assumed=assumed),)
        if facts["frames"] != self.layout.number_of_frames:
            findings += (finding("video-frames-differ", declared=self.layout.number_of_frames, present=facts["frames"]),)
        return rgb, findings

    def _open(self) -> Reel:
        return open_reel(self._fill, self.length, self.head, self.layout.rows, self.layout.columns)

    def _fill(self, memory: memoryview) -> None:
        at = 0
        for offset, length in self.pieces:
            for start in range(0, length, _CHUNK):
                part = self.read_at(offset + start, min(_CHUNK, length - start))
                memory[at : at + len(part)] = part
                at += min(_CHUNK, length - start)


def read_video(header: Header, read_at: ReadAt, size: int, layout: Layout) -> Video | None:
    """The video that encapsulated pixel data is; None when it begins as single frames do, or as nothing that is known.

    Raises:
        PixelError: it is one, and PyAV is not installed.
    """
    pieces = tuple((piece.offset, piece.length) for piece in frame_ranges(header, read_at, size, 1).all_fragments())
    head = b"".join(read_at(offset, min(length, _HEAD)) for offset, length in pieces[:1])
    if not pieces or look_at(head) is not None or container_of(head) is None:
        return None
    if not is_available():
        raise PixelError(finding("video-needs-extra"))
    rgb = replace(
        layout, samples_per_pixel=3, photometric_interpretation="RGB", planar_configuration=0, bits_allocated=8, bits_stored=8, high_bit=7,
        pixel_representation=0,
    )  # fmt: skip
    return Video(pieces, sum(length for _, length in pieces), head, rgb, read_at)
