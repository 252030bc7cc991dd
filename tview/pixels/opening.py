"""Opening an object's pixels: what its header, its syntax and its first bytes agree on."""

from dataclasses import replace
from typing import TYPE_CHECKING

from tview.dicom import FrameRanges, Header, ReadAt, frame_ranges
from tview.errors import Finding, PixelError, finding
from tview.pixels.decoder import Decoder
from tview.pixels.image import Image
from tview.pixels.layout import Layout, read_layout
from tview.pixels.lossy import lossy_mark
from tview.pixels.syntaxes import MULTI_COMPONENT, Syntax, syntax_of

# Modules for codecs, overlays and palettes are imported where a picture needs them: a native CT shows 10 ms sooner without
if TYPE_CHECKING:
    from tview.pixels.moving import Video
    from tview.pixels.stream_choice import Choice

_FIRST_LOOK = 1 << 16
_PALETTE_DESCRIPTOR = 0x00281101
_MOST_FRAMES = 10_000_000
_KNOWS_ITS_COLOURS = ("jpeg", "jpeg2000", "htj2k")


def open_image(header: Header, read_at: ReadAt, size: int, *, decoder: Decoder) -> Image:
    """The picture of an object whose header has been read; looks at the first frame's stream, decodes nothing.

    `read_at` reads the file of `size` bytes that the header came from.

    Raises:
        PixelError: it holds no picture, one that no decoder here can read, or one that its header describes in a way that cannot be.
    """
    pixel = header.pixel_element
    if pixel is None:
        raise PixelError(finding("pixels-none"))
    syntax, findings = syntax_of(header.transfer_syntax_uid), []
    encapsulated = pixel.length < 0
    if syntax is not None and encapsulated and not syntax.decoders:
        raise PixelError(finding("syntax-unsupported", name=syntax.name))
    if not encapsulated and (syntax is None or syntax.codec != "native"):
        name = syntax.name if syntax else header.transfer_syntax_uid or "nothing"
        findings.append(finding("syntax-assumed", declared=name, found="uncompressed"))
        syntax = None
    layout, assumed = read_layout(header.data_set, pixel.tag, encapsulated=encapsulated)
    findings += assumed
    read_at = header.reader(read_at)
    video = _video(syntax, layout, header, read_at, size, findings) if encapsulated else None
    end = pixel.offset + pixel.length if header.inflated else min(pixel.offset + pixel.length, size)
    ranges, per_stream = None, 1
    if video is not None:
        layout, present = video.layout, layout.number_of_frames
    elif encapsulated:
        declared = min(layout.number_of_frames, _MOST_FRAMES, max((size - pixel.offset) // 8, 1))
        ranges = frame_ranges(header, read_at, size, declared)
        per_stream = _frames_per_stream(syntax, layout, ranges, read_at)
        if per_stream > 1:
            ranges = frame_ranges(header, read_at, size, -(-declared // per_stream))
        present = min(_frames_in(ranges) * per_stream, declared)
        if per_stream == 1:
            layout = _with_the_components_there(syntax, layout, ranges, read_at, findings)
    else:
        if layout.is_subsampled and pixel.length * 8 >= layout.number_of_frames * layout.frame_bits * 3 // 2:
            findings.append(finding("colour-assumed", declared=layout.photometric_interpretation, found="chroma at every pixel"))
            layout = layout.without_subsampling()
        have = max(end - pixel.offset, 0) * 8
        present = min(layout.number_of_frames, have // layout.frame_bits + (have % layout.frame_bits >= layout.row_bits))
    if present == 0:
        want = layout.frame_bits * layout.number_of_frames // 8
        raise PixelError(finding("pixel-data-missing", have=max(end - pixel.offset, 0) if not encapsulated else 0, want=want))
    if present < layout.number_of_frames:
        findings.append(finding("frames-missing", present=present, declared=layout.number_of_frames))
    image = Image(header, read_at, layout, syntax, decoder, ranges, end, size)
    image.number_of_frames = present
    image._video, image._frames_per_stream = video, per_stream
    _look_closer(image, ranges, read_at, findings)
    image.findings = tuple(findings)
    return image


def _video(syntax: Syntax | None, layout: Layout, header: Header, read_at: ReadAt, size: int, findings: list[Finding]) -> "Video | None":
    """The video that the pixel data is, by its syntax or by what it begins with; None for single frames."""
    if syntax is not None and syntax.codec != "video":
        return None
    from tview.pixels.moving import read_video

    video = read_video(header, read_at, size, layout)
    if video is not None and syntax is None:
        findings.append(finding("syntax-assumed", declared=header.transfer_syntax_uid or "nothing", found="video"))
    return video


def _look_closer(image: Image, ranges: FrameRanges | None, read_at: ReadAt, findings: list[Finding]) -> None:
    """What the data set and the first stream say beside the layout: overlays, palette, loss, a syntax that lies."""
    if any(0x6000 <= tag >> 16 <= 0x601E for tag in image.header.data_set.tags()):
        from tview.pixels.overlays import read_planes

        image._planes, odd_planes = read_planes(image.header.data_set, image.layout)
        findings += odd_planes
    if image.layout.photometric_interpretation == "PALETTE COLOR":
        from tview.pixels.tables import read_palette

        image._palette, odd = read_palette(image.header.data_set)
        findings += odd
    elif image.layout.samples_per_pixel == 1 and _PALETTE_DESCRIPTOR in image.header.data_set:
        from tview.pixels.tables import read_palette

        image._supplemental, odd = read_palette(image.header.data_set)
        findings += (finding("colour-in-grey"),) if image._supplemental is not None else odd
    syntax, stream, ratio = image.syntax, None, None
    if ranges is not None:
        pieces = ranges[0]
        head = b"".join(read_at(offset, min(length, _FIRST_LOOK)) for offset, length in pieces)
        choice = _first_choice(image, head, sum(length for _, length in pieces), findings)
        findings += ranges.findings
        if choice is not None:
            stream = choice.stream
            syntax = syntax if syntax and choice.codec == syntax.codec else None
            ratio = image.layout.frame_bits / 8 / max(sum(length for _, length in pieces), 1)
    elif image._video is not None:
        ratio = image.layout.frame_bits / 8 * image.number_of_frames / max(image._video.length, 1)
    image.lossy = lossy_mark(image.header.data_set, syntax, stream, ratio)


def _first_choice(image: Image, head: bytes, length: int, findings: list[Finding]) -> "Choice | None":
    """How the first frame will be read, with what has to be assumed for it; None when it cannot, which `read_frame` tells."""
    from tview.pixels.stream_choice import choose_codec, make_job

    try:
        choice = choose_codec(image.syntax, head, image.layout, 0, length)
        findings += choice.findings
        if choice.stream is not None and image._frames_per_stream == 1:
            findings += make_job(choice, image.syntax, image.layout, head, length)[2]
    except PixelError:
        return None
    return choice


def _frames_per_stream(syntax: Syntax | None, layout: Layout, ranges: FrameRanges, read_at: ReadAt) -> int:
    """How many frames share a code stream as its components; 1 but for JPEG 2000 part 2 of grey frames."""
    if syntax is None or syntax.uid not in MULTI_COMPONENT or layout.samples_per_pixel != 1 or layout.number_of_frames < 2:
        return 1
    from tview.pixels.streams import look_at

    stream = look_at(b"".join(read_at(offset, min(length, _FIRST_LOOK)) for offset, length in ranges[0]))
    components = stream.components if stream is not None else None
    return components if components and layout.number_of_frames % components == 0 else 1


def _with_the_components_there(
    syntax: Syntax | None, layout: Layout, ranges: FrameRanges, read_at: ReadAt, findings: list[Finding]
) -> Layout:
    """The layout with as many samples as the stream has, where only their number is wrong: grey tagged as colour, or colour as grey."""
    if syntax is None or syntax.codec not in _KNOWS_ITS_COLOURS:
        return layout
    from tview.pixels.streams import JPEG_LOSSLESS_SOF, look_at

    stream = look_at(b"".join(read_at(offset, min(length, _FIRST_LOOK)) for offset, length in ranges[0]))
    if stream is None or stream.codec != syntax.codec or stream.sof in JPEG_LOSSLESS_SOF or stream.components == layout.samples_per_pixel:
        return layout
    if (stream.rows, stream.columns) != (layout.rows, layout.columns) or stream.components not in (1, 3):
        return layout
    photometric = "MONOCHROME2" if stream.components == 1 else "YBR_FULL" if stream.codec == "jpeg" else "RGB"
    findings.append(finding("attribute-assumed", attribute="Samples per Pixel", assumed=stream.components))
    return replace(layout, samples_per_pixel=stream.components, photometric_interpretation=photometric, planar_configuration=0)


def _frames_in(ranges: FrameRanges) -> int:
    """How many frames are there: those that are missing are the last ones."""
    low, high = 0, len(ranges)
    if ranges[high - 1]:
        return high
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if ranges[middle] else (low, middle)
    return low
