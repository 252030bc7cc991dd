"""One frame: its stored values, and everything the file says of how to read and draw them."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from tview.dicom import DataSet
from tview.errors import Finding, finding
from tview.pixels.arrays import Pixels, Real
from tview.pixels.geometry import Geometry, read_geometry
from tview.pixels.groups import Groups
from tview.pixels.layout import Layout
from tview.pixels.units import PIXEL_VALUE_TRANSFORMATION, RESCALE_TYPE, PixelScale, pixel_aspect, pixel_scale, value_unit
from tview.pixels.view import FUNCTIONS, Window
from tview.text import SafeText

if TYPE_CHECKING:
    from tview.pixels.overlays import Overlay
    from tview.pixels.real_world import RealWorldMap
    from tview.pixels.shutters import Shutter
    from tview.pixels.tables import LookupTable, Palette

MODALITY_LUT_SEQUENCE, VOI_LUT_SEQUENCE = 0x00283000, 0x00283010
RESCALE_INTERCEPT, RESCALE_SLOPE = 0x00281052, 0x00281053
WINDOW_CENTER, WINDOW_WIDTH, WINDOW_EXPLANATION, VOI_LUT_FUNCTION = 0x00281050, 0x00281051, 0x00281055, 0x00281056
FRAME_VOI_LUT, PRESENTATION_LUT_SHAPE = 0x00289132, 0x20500020
DOSE_GRID_SCALING = 0x3004000E
SHUTTER_SHAPE, FRAME_DISPLAY_SHUTTER = 0x00181600, 0x00189472
ICC_PROFILE, OPTICAL_PATH_SEQUENCE, REAL_WORLD_VALUE_MAPPING_SEQUENCE = 0x00282000, 0x00480105, 0x00409096
PIXEL_PADDING_VALUE, PIXEL_PADDING_RANGE_LIMIT = 0x00280120, 0x00280121
_FLOAT_PADDING = ((0x00280122, 0x00280124), (0x00280123, 0x00280125))  # value and range limit of single, of double precision


@dataclass(frozen=True, slots=True, eq=False)
class Description:
    """What the file says of one frame's values.

    `photometric` is what the stored values are now: a codec may have brought YCbCr to RGB. Modality values are `modality_lut` of the
    stored ones, else slope and intercept. `windows` are the frame's own where functional groups give it some, `top_level_windows` those
    that stand beside the pixels for all frames. `padding` is the range of stored values, ends included, that is no picture. `inverted`
    draws small values white (MONOCHROME1, or a Presentation LUT Shape of INVERSE). `unit` is None where no unit may be said.
    `presentation_lut` comes after the window. `supplemental` draws stored values from its first one on in colour, over the grey picture,
    `pseudo_colour` colours the finished grey picture. `icc` is the profile that colours have to go through. `real_world` are the meanings
    that a stored value has besides.
    """

    layout: Layout
    photometric: str
    slope: float
    intercept: float
    rescale_type: SafeText | None
    unit: SafeText | None
    modality_lut: "LookupTable | None"
    windows: tuple[Window, ...]
    top_level_windows: tuple[Window, ...]
    voi_luts: "tuple[LookupTable, ...]"
    padding: tuple[float, float] | None
    inverted: bool
    palette: "Palette | None"
    scale: PixelScale
    pixel_aspect: float
    geometry: Geometry
    findings: tuple[Finding, ...] = ()
    presentation_lut: "LookupTable | None" = None
    supplemental: "Palette | None" = None
    pseudo_colour: "Palette | None" = None
    icc: bytes | None = None
    shutter: "Shutter | None" = None
    real_world: "tuple[RealWorldMap, ...]" = ()

    @property
    def is_colour(self) -> bool:
        return self.palette is not None or self.layout.samples_per_pixel > 1


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A decoded frame. `index` counts from 0.

    `stored` is (rows, columns) or (rows, columns, samples), colour by pixel, sign-extended, perhaps read-only; rows from `rows_present` on
    are missing from the file. Any thread may use a frame.
    """

    index: int
    stored: Pixels
    rows_present: int
    description: Description
    overlays: "tuple[Overlay, ...]" = ()
    findings: tuple[Finding, ...] = ()
    _made: dict[str, Pixels] = field(default_factory=dict, repr=False)

    @property
    def rows(self) -> int:
        return int(self.stored.shape[0])

    @property
    def columns(self) -> int:
        return int(self.stored.shape[1])

    @property
    def nbytes(self) -> int:
        """What the frame may come to hold in memory."""
        made = 3 * self.rows * self.columns if self.description.is_colour else 0
        made += 4 * self.rows * self.columns if self.description.modality_lut is not None else 0
        return int(self.stored.nbytes) + made + sum(int(overlay.mask.nbytes) for overlay in self.overlays)

    def rgb(self) -> Pixels:
        """(rows, columns, 3) uint8 of a colour or palette image, made once."""
        made = self._made.get("rgb")
        if made is None:
            description = self.description
            if description.palette is not None:
                made = description.palette.apply(self.stored)
            else:
                from tview.pixels.colour import to_rgb

                made = to_rgb(self.stored, description.layout, description.photometric)
            if description.icc is not None:
                from tview.pixels.icc import to_srgb

                made = to_srgb(made, description.icc)
            self._made["rgb"] = made
        return made

    def modality(self) -> Pixels:
        """Modality values of the whole frame: integers where slope and intercept are whole, else float32 (float64 for wide cells)."""
        description = self.description
        if description.modality_lut is not None:
            made = self._made.get("modality")
            if made is None:
                made = self._made["modality"] = description.modality_lut.apply(self.stored).astype(np.float32)
            return made
        if description.slope == 1 and description.intercept == 0:
            return self.stored
        wide = self.stored.dtype.itemsize >= 4
        if wide or not (description.slope.is_integer() and description.intercept.is_integer()):
            values: Real = self.stored.astype(np.dtype(np.float64 if wide else np.float32))
            return values * description.slope + description.intercept
        return self.stored.astype(np.int64) * int(description.slope) + int(description.intercept)

    def modality_value(self, row: int, column: int) -> float:
        """The modality value of one pixel, in double precision; of a colour image, the first sample."""
        return self.modality_of(np.atleast_1d(self.stored[row, column])[:1])[0]

    def modality_of(self, stored: Pixels) -> tuple[float, ...]:
        """Modality values of some stored ones, in double precision."""
        return tuple(float(value) for value in self.modality_values(np.asarray(stored)))

    def modality_values(self, stored: Pixels) -> Pixels:
        """Modality values of an array of stored ones, float64 of the same shape."""
        description = self.description
        if description.modality_lut is not None:
            return np.asarray(description.modality_lut.apply(stored), np.float64)
        return np.asarray(stored, np.float64) * description.slope + description.intercept

    def value_range(self) -> tuple[float, float]:
        """The smallest and largest modality value of the rows that are there, padding included."""
        return self._range("range", with_padding=True)

    def picture_range(self) -> tuple[float, float]:
        """The smallest and largest modality value that is picture: as `value_range` without padding (PS3.3 C.7.5.1.1.2)."""
        return self._range("picture-range", with_padding=False)

    def picture_values(self) -> Pixels:
        """The stored values that are picture, flat or (rows, columns): neither padding, nor missing, nor numbers that are none."""
        present, padding = self.stored[: self.rows_present], self.description.padding
        if padding is not None:
            is_picture = (present < padding[0]) | (present > padding[1])
            if is_picture.any() and not is_picture.all():
                present = present[is_picture]
        return _finite(present)

    def _range(self, name: str, *, with_padding: bool) -> tuple[float, float]:
        made = self._made.get(name)
        if made is None:
            values = _finite(self.stored[: self.rows_present]) if with_padding else self.picture_values()
            made = self._made[name] = np.asarray(self._modality_ends(values) if values.size else (0.0, 0.0))
        return float(made[0]), float(made[1])

    def _modality_ends(self, stored: Pixels) -> tuple[float, float]:
        if self.description.modality_lut is not None:
            mapped = self.description.modality_lut.apply(stored)
            return float(mapped.min()), float(mapped.max())
        ends = [float(end) * self.description.slope + self.description.intercept for end in (stored.min(), stored.max())]
        return min(ends), max(ends)


def _finite(values: Pixels) -> Pixels:
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        return np.asarray(values[np.isfinite(values)])
    return values


def describe(
    groups: Groups, layout: Layout, photometric: str, palette: "Palette | None", supplemental: "Palette | None" = None
) -> Description:
    """What holds for one frame; never raises. What the file gets wrong is in the findings, and drawn without."""
    data_set = groups.data_set
    findings: list[Finding] = []
    colour = palette is not None or layout.samples_per_pixel > 1
    slope, intercept, slope_broken = _rescale(groups)
    findings += slope_broken
    modality_luts, broken_tables = _tables(groups, PIXEL_VALUE_TRANSFORMATION, MODALITY_LUT_SEQUENCE, layout.pixel_representation == 1)
    findings += broken_tables
    modality_lut = modality_luts[0] if modality_luts and not colour else None
    negative = modality_lut is None and (layout.pixel_representation == 1 or intercept < 0)
    voi_luts, broken_tables = _tables(groups, FRAME_VOI_LUT, VOI_LUT_SEQUENCE, negative)
    findings += broken_tables
    windows, broken = _windows(groups) if not colour else ((), [])
    if layout.is_float and any(window.function == "LINEAR" and 0 < window.width <= 1 for window in windows):
        broken.append(finding("window-exact", window=windows[0].shown))
        windows = tuple(replace(window, function="LINEAR_EXACT") if window.width <= 1 else window for window in windows)
    if windows and slope_broken:  # a window is in modality values, and without a slope there are none
        broken, windows = [finding("window-unusable", window=windows[0].shown)], ()
    findings += broken
    shutter, icc = None, None
    real_world: tuple[RealWorldMap, ...] = ()
    if SHUTTER_SHAPE in groups.item(FRAME_DISPLAY_SHUTTER, SHUTTER_SHAPE):
        from tview.pixels.shutters import read_shutter

        shutter, said = read_shutter(groups)
        findings += said
    if colour and (ICC_PROFILE in data_set or OPTICAL_PATH_SEQUENCE in data_set):
        from tview.pixels.icc import read_profile

        icc, said = read_profile(data_set)
        findings += said
    if any(REAL_WORLD_VALUE_MAPPING_SEQUENCE in source for source in (groups.frame, groups.shared, data_set) if source is not None):
        from tview.pixels.real_world import read_real_world

        real_world = read_real_world(groups)
    scale = pixel_scale(groups)
    shape = data_set.text(PRESENTATION_LUT_SHAPE)
    return Description(
        layout=layout,
        photometric=photometric,
        slope=slope,
        intercept=intercept,
        rescale_type=groups.text(PIXEL_VALUE_TRANSFORMATION, RESCALE_TYPE),
        unit=value_unit(groups, colour=colour),
        modality_lut=modality_lut,
        windows=windows,
        top_level_windows=_windows(Groups(data_set))[0] if not colour and not slope_broken else (),
        voi_luts=voi_luts if not colour else (),
        padding=_padding(groups, layout) if not colour else None,
        inverted=layout.photometric_interpretation == "MONOCHROME1" or (shape == "INVERSE" and not colour),
        palette=palette,
        scale=scale,
        pixel_aspect=pixel_aspect(groups, scale),
        geometry=read_geometry(groups),
        findings=tuple(findings),
        supplemental=supplemental,
        icc=icc,
        shutter=shutter,
        real_world=real_world,
    )


def _tables(groups: Groups, group: int, tag: int, signed: bool) -> "tuple[tuple[LookupTable, ...], tuple[Finding, ...]]":
    item = groups.item(group, tag)
    if tag not in item:
        return (), ()
    from tview.pixels.tables import read_tables

    return read_tables(item, tag, signed=signed)


def _rescale(groups: Groups) -> tuple[float, float, list[Finding]]:
    slope = groups.data_set.number(DOSE_GRID_SCALING)  # PS3.3 C.8.8.3: stored values times this are Gy or relative
    if slope is None:
        slope = groups.number(PIXEL_VALUE_TRANSFORMATION, RESCALE_SLOPE)
    intercept = groups.number(PIXEL_VALUE_TRANSFORMATION, RESCALE_INTERCEPT)
    if slope == 0:
        return 1.0, 0.0, [finding("rescale-unusable", slope=0.0, intercept=intercept or 0.0)]
    return 1.0 if slope is None else slope, intercept or 0.0, []


def _windows(groups: Groups) -> tuple[tuple[Window, ...], list[Finding]]:
    """The windows with a width that is not negative; what one below 1 is worth, `in_force` judges by the pixels."""
    return read_windows(groups.item(FRAME_VOI_LUT, WINDOW_CENTER))


def read_windows(item: DataSet) -> tuple[tuple[Window, ...], list[Finding]]:
    """The windows that stand in one data set, and what is wrong with the others."""
    centers, widths = item.numbers(WINDOW_CENTER), item.numbers(WINDOW_WIDTH)
    explanations = item.texts(WINDOW_EXPLANATION)
    function = str(item.text(VOI_LUT_FUNCTION) or "LINEAR").upper()
    windows: list[Window] = []
    broken: list[Finding] = []
    for number, (center, width) in enumerate(zip(centers, widths, strict=False)):
        explanation = explanations[number] if number < len(explanations) and explanations[number] else None
        window = Window(center, width, function if function in FUNCTIONS else "LINEAR", explanation)
        if width < 0:
            broken.append(finding("window-unusable", window=window.shown))
        else:
            windows.append(window)
    return tuple(windows), broken


def _padding(groups: Groups, layout: Layout) -> tuple[float, float] | None:
    """Padding in the domain of stored values: PS3.3 C.7.5.1.1.2. Its VR is often wrong: the bits count."""
    if layout.is_float:
        return _float_padding(groups, layout.bits_allocated == 64)
    value = groups.data_set.integer(PIXEL_PADDING_VALUE)
    if value is None:
        return None
    limit = groups.data_set.integer(PIXEL_PADDING_RANGE_LIMIT)
    ends = [_as_stored(end, layout) for end in (value, value if limit is None else limit)]
    return min(ends), max(ends)


def _float_padding(groups: Groups, double: bool) -> tuple[float, float] | None:
    """The same of floating-point pixels: PS3.3 C.7.6.24 and C.7.6.25."""
    value, limit = (groups.data_set.number(tag) for tag in _FLOAT_PADDING[double])
    if value is None:
        return None
    ends = value, value if limit is None else limit
    return min(ends), max(ends)


def _as_stored(value: int, layout: Layout) -> int:
    bits = layout.bits_stored
    if layout.pixel_representation == 1:
        if not -(1 << bits - 1) <= value < 1 << bits - 1:
            value &= (1 << bits) - 1
            value -= (value >> bits - 1) << bits
        return value
    return value & ((1 << bits) - 1) if value < 0 else value
