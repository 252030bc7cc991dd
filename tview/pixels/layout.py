"""How pixels lie in Pixel Data, as PS3.3 C.7.6.3 describes it; what a file leaves out or gets wrong is said, not silently filled in."""

from dataclasses import dataclass, replace

from tview.dicom import DataSet
from tview.errors import Finding, PixelError, finding

SAMPLES_PER_PIXEL, PHOTOMETRIC_INTERPRETATION, PLANAR_CONFIGURATION = 0x00280002, 0x00280004, 0x00280006
NUMBER_OF_FRAMES, ROWS, COLUMNS = 0x00280008, 0x00280010, 0x00280011
BITS_ALLOCATED, BITS_STORED, HIGH_BIT, PIXEL_REPRESENTATION = 0x00280100, 0x00280101, 0x00280102, 0x00280103
FLOAT_PIXEL_DATA, DOUBLE_FLOAT_PIXEL_DATA = 0x7FE00008, 0x7FE00009

SAMPLES_OF = {
    "MONOCHROME1": 1, "MONOCHROME2": 1, "PALETTE COLOR": 1, "RGB": 3, "HSV": 3, "ARGB": 4, "CMYK": 4, "XYB": 3,
    "YBR_FULL": 3, "YBR_FULL_422": 3, "YBR_PARTIAL_422": 3, "YBR_PARTIAL_420": 3, "YBR_ICT": 3, "YBR_RCT": 3,
}  # fmt: skip
SUBSAMPLED = ("YBR_FULL_422", "YBR_PARTIAL_422")


@dataclass(frozen=True, slots=True)
class Layout:
    """Rows, columns, samples and bits of every frame. `number_of_frames` is what the header declares.

    `is_float` is true for Float and Double Float Pixel Data, whose cells are IEEE numbers of `bits_allocated`.
    """

    rows: int
    columns: int
    samples_per_pixel: int
    photometric_interpretation: str
    planar_configuration: int
    bits_allocated: int
    bits_stored: int
    high_bit: int
    pixel_representation: int
    number_of_frames: int
    is_float: bool = False

    @property
    def is_subsampled(self) -> bool:
        """Two pixels share their chroma when not compressed: PS3.3 C.7.6.3.1.2."""
        return self.photometric_interpretation in SUBSAMPLED and self.samples_per_pixel == 3

    @property
    def frame_bits(self) -> int:
        """Bits of one frame when not compressed."""
        samples = 2 if self.is_subsampled else self.samples_per_pixel
        return self.rows * self.columns * samples * self.bits_allocated

    def without_subsampling(self) -> "Layout":
        """The same picture with its chroma at every pixel."""
        full = "YBR_FULL" if self.photometric_interpretation == "YBR_FULL_422" else "YBR_PARTIAL_420"
        return replace(self, photometric_interpretation=full)

    @property
    def row_bits(self) -> int:
        return self.frame_bits // self.rows

    @property
    def decoded_bytes(self) -> int:
        """Bytes of one frame in memory."""
        return self.rows * self.columns * self.samples_per_pixel * max(1, 1 << (max(self.bits_allocated, 8) - 1).bit_length() >> 3)


def read_layout(data_set: DataSet, pixel_tag: int, *, encapsulated: bool) -> tuple[Layout, tuple[Finding, ...]]:
    """The layout that a data set describes, and what had to be assumed for it.

    Raises:
        PixelError: it contradicts itself, or describes something that no picture can be made of.
    """
    findings: list[Finding] = []

    def assumed(attribute: str, value: int | str) -> None:
        findings.append(finding("attribute-assumed", attribute=attribute, assumed=value))

    rows, columns = data_set.integer(ROWS) or 0, data_set.integer(COLUMNS) or 0
    if rows < 1 or columns < 1:
        raise _unsupported(f"{columns} x {rows} pixels")
    samples, photometric = data_set.integer(SAMPLES_PER_PIXEL), _photometric(data_set)
    known = SAMPLES_OF.get(photometric or "")
    if samples is None:
        samples = known or 1
        assumed("Samples per Pixel", samples)
    if photometric is None or known is None:
        declared, photometric = photometric, "RGB" if samples == 3 else "MONOCHROME2" if samples == 1 else "ARGB"
        assumed(f"Photometric Interpretation {declared or ''}".rstrip(), photometric)
    elif known != samples:
        raise _unsupported(f"{photometric} with {samples} samples per pixel")
    if samples not in (1, 3, 4):
        raise _unsupported(f"{samples} samples per pixel")
    allocated = data_set.integer(BITS_ALLOCATED)
    is_float = pixel_tag in (FLOAT_PIXEL_DATA, DOUBLE_FLOAT_PIXEL_DATA)
    if is_float:
        allocated = stored = 32 if pixel_tag == FLOAT_PIXEL_DATA else 64
        high_bit, representation = stored - 1, 1
    else:
        allocated, stored, high_bit, representation = _bits(data_set, allocated, assumed)
    planar = data_set.integer(PLANAR_CONFIGURATION) or 0 if samples > 1 else 0
    if photometric in SUBSAMPLED and not encapsulated and (columns % 2 or allocated != 8):
        raise _unsupported(f"{photometric} of {columns} columns and {allocated} bits")
    frames = data_set.integer(NUMBER_OF_FRAMES)
    if frames is None or frames < 1:
        if NUMBER_OF_FRAMES in data_set and data_set.raw(NUMBER_OF_FRAMES):
            assumed("Number of Frames", 1)
        frames = 1
    layout = Layout(rows, columns, samples, photometric, planar, allocated, stored, high_bit, representation, frames, is_float)
    return layout, tuple(findings)


def _photometric(data_set: DataSet) -> str | None:
    text = data_set.text(PHOTOMETRIC_INTERPRETATION)
    return str(text).upper().replace("_COLOR", " COLOR").strip() if text else None


def _bits(data_set: DataSet, allocated: int | None, assumed: object) -> tuple[int, int, int, int]:
    assert callable(assumed)
    stored, high_bit = data_set.integer(BITS_STORED), data_set.integer(HIGH_BIT)
    representation = data_set.integer(PIXEL_REPRESENTATION)
    if allocated is None:
        allocated = 1 if stored == 1 else 8 if stored is not None and stored <= 8 else 16
        assumed("Bits Allocated", allocated)
    if allocated not in (1, 8, 12, 16, 24, 32):
        raise _unsupported(f"{allocated} bits allocated")
    if stored is None:
        stored = allocated
        assumed("Bits Stored", stored)
    if not 1 <= stored <= allocated:
        raise _unsupported(f"{stored} bits stored in {allocated} allocated")
    if high_bit is None:
        high_bit = stored - 1
        assumed("High Bit", high_bit)
    if not stored - 1 <= high_bit < allocated:
        raise _unsupported(f"high bit {high_bit} with {stored} bits stored in {allocated}")
    if representation not in (0, 1):
        representation = 0
        assumed("Pixel Representation", "0 (unsigned)")
    return allocated, stored, high_bit, representation


def _unsupported(problem: str) -> PixelError:
    return PixelError(finding("pixel-layout-unsupported", problem=problem))
