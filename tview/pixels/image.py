"""One object's pixels: opened from its header, read frame by frame straight from the medium."""

import threading
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from tview.dicom import FrameRanges, Header, Pieces, ReadAt
from tview.errors import DicomError, Finding, PixelError, finding
from tview.pixels.arrays import Pixels
from tview.pixels.decoder import Decoder
from tview.pixels.frame import Description, Frame, describe
from tview.pixels.groups import FrameGroups
from tview.pixels.layout import Layout
from tview.pixels.lossy import LossyMark
from tview.pixels.native import cells_of, decoded_to_stored, frame_range, stored_of, values_beyond
from tview.pixels.syntaxes import Syntax
from tview.pixels.units import Preset, presets

# Modules for codecs, overlays and palettes are imported where a picture needs them: a native CT shows 10 ms sooner without
if TYPE_CHECKING:
    from tview.pixels.moving import Video
    from tview.pixels.overlays import OverlayPlane
    from tview.pixels.tables import Palette


class Image:
    """The frames of one object. Made by `open_image`; any thread may read, several at a time.

    `number_of_frames` counts those that are there at least in part, `number_of_frames_declared` what the header promises.
    """

    def __init__(
        self,
        header: Header,
        read_at: ReadAt,
        layout: Layout,
        syntax: Syntax | None,
        decoder: Decoder,
        ranges: FrameRanges | None,
        end: int,
        size: int,
    ) -> None:
        self.header, self.layout, self.syntax = header, layout, syntax
        self.findings: tuple[Finding, ...] = ()
        self.lossy: LossyMark | None = None
        self.number_of_frames = 0
        self.number_of_frames_declared = layout.number_of_frames
        self.transfer_syntax_uid = header.transfer_syntax_uid
        self._read_at, self._decoder, self._ranges = read_at, decoder, ranges
        self._end, self._size = end, size
        self._groups = FrameGroups(header.data_set)
        self._planes: tuple[OverlayPlane, ...] = ()
        self._palette: Palette | None = None
        self._supplemental: Palette | None = None
        self._video: Video | None = None
        self._frames_per_stream = 1
        self._several: tuple[int, Frame] | None = None  # the stream decoded last where a stream holds several frames
        self._described: dict[tuple[int, str], Description] = {}
        self._lock = threading.Lock()

    @property
    def rows(self) -> int:
        return self.layout.rows

    @property
    def columns(self) -> int:
        return self.layout.columns

    @property
    def samples_per_pixel(self) -> int:
        return self.layout.samples_per_pixel

    @property
    def photometric_interpretation(self) -> str:
        return self.layout.photometric_interpretation

    @property
    def is_colour(self) -> bool:
        return self._palette is not None or self.layout.samples_per_pixel > 1

    @property
    def pixel_aspect(self) -> float:
        """How much taller than wide a pixel is, in the first frame."""
        return self.describe(0).pixel_aspect

    def describe(self, index: int) -> Description:
        """What the file says of the frame at `index` (from 0); reads and decodes nothing."""
        return self._describe(index, self.photometric_interpretation)

    def presets(self, index: int = 0) -> tuple[tuple[Preset, ...], str | None]:
        """The presets that fit the frame, in the order of the digit keys; or none, and why.

        PET presets are SUV windows: `suv_of` tells the factor from modality values.
        """
        from tview.pixels.suv import suv_of

        groups, unit = self._groups.of(index), self.describe(index).unit
        suv = suv_of(groups.data_set)
        fitting, refused = presets(groups, colour=self.is_colour, unit=unit, suv=suv.factor is not None)
        return fitting, f"{refused}: {suv.reason}" if refused and suv.factor is None and suv.is_pet else refused

    def read_frame(self, index: int) -> Frame:
        """The frame at `index`, from 0: read from the medium and decoded.

        Raises:
            PixelError: it is not there, or cannot be decoded; the other frames are not affected.
        """
        if not 0 <= index < self.number_of_frames:
            raise PixelError(finding("frame-missing", frame=index + 1, present=self.number_of_frames))
        if self.layout.decoded_bytes > self._decoder.limits.frame_bytes:
            limit = self._decoder.limits.frame_bytes >> 20
            raise PixelError(finding("frame-too-large", megabytes=self.layout.decoded_bytes >> 20, limit=limit))
        try:
            return self._read_frame(index)
        except DicomError as error:  # a deflated data set that grows beyond its limit
            raise PixelError(error.finding) from error

    def _read_frame(self, index: int) -> Frame:
        if self._video is not None:
            rgb, findings = self._video.read(self._decoder, index)
            return self._frame(index, rgb, self.layout.rows, "RGB", None, findings)
        if self._ranges is None:
            return self._native_frame(index, self.read_stream(index), frame_range(self.layout, index)[2])
        return self._encapsulated_frame(index, self._ranges)

    def read_stream(self, index: int) -> bytes:
        """The bytes of one frame as they stand on the medium: a code stream, or the pixels. Empty for a video, whose frames share one."""
        if self._video is not None or not 0 <= index < self.number_of_frames:
            return b""
        if self._ranges is None:
            pixel, (start, length, _) = self.header.pixel_element, frame_range(self.layout, index)
            assert pixel is not None
            return self._read_at(pixel.offset + start, max(min(length, self._end - pixel.offset - start), 0))
        return b"".join(self._read_at(offset, length) for offset, length in self._ranges[index // self._frames_per_stream])

    @property
    def is_encapsulated(self) -> bool:
        """Whether each frame is a piece of its own, as compressed ones are."""
        return self._ranges is not None or self._video is not None

    @property
    def frames_per_stream(self) -> int:
        """How many frames are the components of one code stream; 1 but for JPEG 2000 part 2."""
        return self._frames_per_stream

    @property
    def decoder(self) -> Decoder:
        """The processes that decode its frames."""
        return self._decoder

    def _encapsulated_frame(self, index: int, ranges: FrameRanges) -> Frame:
        if self._frames_per_stream > 1:
            return self._component_frame(index, ranges)
        return self._stream_frame(index, ranges[index], self.layout)

    def _component_frame(self, index: int, ranges: FrameRanges) -> Frame:
        """A frame that is one of several components of a code stream: PS3.5 A.4.4, JPEG 2000 part 2."""
        number, component = divmod(index, self._frames_per_stream)
        kept = self._several
        if kept is None or kept[0] != number:
            layout = replace(self.layout, samples_per_pixel=self._frames_per_stream)
            kept = self._several = number, self._stream_frame(number * self._frames_per_stream, ranges[number], layout)
        whole = kept[1]
        stored = np.ascontiguousarray(whole.stored[..., component])
        return self._frame(index, stored, whole.rows_present, self.layout.photometric_interpretation, None, ())

    def _stream_frame(self, index: int, pieces: Pieces, layout: Layout) -> Frame:
        from tview.pixels.stream_choice import choose_codec, is_cut, make_job, repaired

        data = self.read_stream(index)
        choice = choose_codec(self.syntax, data, layout, index)
        if choice.codec == "deflate":
            return self._native_frame(index, _inflate(data, layout), 0)
        if choice.codec == "native":
            return self._native_frame(index, data, 0)
        job, photometric, findings = make_job(choice, self.syntax, layout, data)
        beyond, cells = 0, None
        wide = choice.codec == "rle" or (choice.stream is not None and (choice.stream.precision or 0) > self.layout.bits_stored)
        embedded = wide and any(plane.bit_position is not None for plane in self._planes)

        def take(pixels: Pixels) -> Pixels:
            nonlocal beyond, cells
            if embedded:
                cells = np.array(pixels)
            elif wide:
                beyond = values_beyond(pixels, layout)
            return decoded_to_stored(pixels, layout, choice.codec)

        decoded = self._decoder.decode(job, repaired(data, choice.codec), take)
        if beyond and self.layout.high_bit == self.layout.bits_stored - 1:
            findings += (finding("bits-dropped", number=beyond, bits=self.layout.bits_stored),)
        rows_present = decoded.rows_present
        cut = is_cut(data, choice.codec)
        if cut or self._is_cut_by_the_end(pieces):
            findings += (finding("stream-cut", frame=index + 1),)
        if cut and rows_present == decoded.pixels.shape[0]:
            rows_present = min(rows_present, _rows_before_filling(decoded.pixels))
        elif rows_present == decoded.pixels.shape[0]:
            rows_present = self.layout.rows
        return self._frame(index, self._whole(decoded.pixels), rows_present, photometric, cells, findings)

    def _is_cut_by_the_end(self, pieces: Pieces) -> bool:
        """Whether the file ends before the last fragment does."""
        if not pieces or pieces[-1][0] + pieces[-1][1] < self._size:
            return False
        promised = int.from_bytes(self._read_at(pieces[-1][0] - 4, 4), "little")
        return promised > pieces[-1][1]

    def _whole(self, pixels: Pixels) -> Pixels:
        """A tile smaller than the others, in the upper left corner of one of their size."""
        size = (self.layout.rows, self.layout.columns)
        if pixels.shape[:2] == size:
            return pixels
        whole = np.zeros((*size, *pixels.shape[2:]), pixels.dtype)
        whole[: pixels.shape[0], : pixels.shape[1]] = pixels
        return whole

    def _native_frame(self, index: int, data: bytes, skip_bits: int) -> Frame:
        pixel, layout = self.header.pixel_element, self.layout
        assert pixel is not None
        little_endian = self.syntax.little_endian if self.syntax else self.header.data_set.little_endian
        swapped = not little_endian and layout.bits_allocated in (1, 8) and pixel.vr == "OW"
        cells, present = cells_of(data, layout, little_endian=little_endian, swapped=swapped, skip_bits=skip_bits)
        return self._frame(index, stored_of(cells, layout), present, layout.photometric_interpretation, cells, ())

    def _frame(
        self, index: int, stored: Pixels, rows_present: int, photometric: str, cells: Pixels | None, findings: tuple[Finding, ...]
    ) -> Frame:
        rows = self.layout.rows
        if rows_present < rows:
            percent = min(max(round(100 * rows_present / rows), 1), 99)
            findings += (finding("pixels-cut", percent=percent, rows_present=rows_present, rows=rows),)
        description = self._describe(index, photometric)
        frame_findings = (*description.findings, *findings)
        if not self._planes:
            return Frame(index, stored, rows_present, description, (), frame_findings)
        from tview.pixels.overlays import draw_planes

        overlays = draw_planes(self._planes, self.header.data_set, cells, self.layout, index)
        return Frame(index, stored, rows_present, description, overlays, frame_findings)

    def _describe(self, index: int, photometric: str) -> Description:
        key = (index if self._groups.differ else 0, photometric)
        with self._lock:
            made = self._described.get(key)
            if made is None:
                if len(self._described) > 256:
                    self._described.clear()
                made = self._described[key] = describe(self._groups.of(index), self.layout, photometric, self._palette, self._supplemental)
            return made


def _inflate(data: bytes, layout: Layout) -> bytes:
    """A deflated frame (PS3.5 A.4.13), never more of it than a frame can be."""
    limit = layout.frame_bits // 8 + 1
    for window_bits in (-15, 15):
        stream = zlib.decompressobj(window_bits)
        try:
            return stream.decompress(data, limit)
        except zlib.error:
            continue
    raise PixelError(finding("frame-undecodable", codec="deflate", detail="the data is not deflated"))


def _rows_before_filling(pixels: Pixels) -> int:
    """The rows above the run of equal ones at the lower edge, which is what a decoder makes of a stream that ends early."""
    different = np.flatnonzero((pixels[:-1] != pixels[-1]).reshape(pixels.shape[0] - 1, -1).any(axis=1))
    return int(different[-1]) + 1 if different.size else 1
