"""What may be said of a value and of a millimetre: units, window presets, and the names that a spacing deserves."""

from dataclasses import dataclass

from tview.dicom import DataSet
from tview.pixels.geometry import PIXEL_MEASURES, PIXEL_SPACING
from tview.pixels.groups import Groups
from tview.pixels.view import Window
from tview.text import SafeText, safe

MODALITY, IMAGE_TYPE, SOP_CLASS_UID = 0x00080060, 0x00080008, 0x00080016
RESCALE_TYPE, PIXEL_VALUE_TRANSFORMATION, MULTI_ENERGY_CT_ACQUISITION = 0x00281054, 0x00289145, 0x00189361
CT_IMAGE_FRAME_TYPE, FRAME_TYPE = 0x00189329, 0x00089007
UNITS, DOSE_UNITS = 0x00541001, 0x30040002
DOSE_GRID_SCALING = 0x3004000E
IMAGER_PIXEL_SPACING, NOMINAL_SCANNED_PIXEL_SPACING, PIXEL_ASPECT_RATIO = 0x00181164, 0x00182010, 0x00280034
PIXEL_SPACING_CALIBRATION_TYPE, MAGNIFICATION = 0x00280A02, 0x00181114
_SC = "1.2.840.10008.5.1.4.1.1.7"
_PROJECTION = frozenset(("CR", "DX", "MG", "XA", "RF", "PX", "IO", "RG", "DR"))
_PET_UNITS = {"BQML": "Bq/ml", "CNTS": "counts", "GML": "g/ml", "PROPCNTS": "counts", "CM2ML": "cm2/ml", "PCNT": "%"}


@dataclass(frozen=True, slots=True)
class Preset:
    """A window by name for one modality. Written W/L on screen, "400/40"."""

    name: str
    modality: str
    window_width: float
    window_center: float
    invert: bool = False

    def window(self, factor: float = 1.0) -> Window:
        """The window over modality values; `factor` is what brings those to the preset's unit (`Suv.factor`, 1 for HU)."""
        function = "LINEAR" if self.modality == "CT" else "LINEAR_EXACT"
        return Window(self.window_center / factor, self.window_width / factor, function, safe(self.name), "preset")


# The order is that of the digit keys 3 to 9; what comes after has a name only. PET values are SUV and drawn inverted.
PRESETS: tuple[Preset, ...] = (
    Preset("brain", "CT", 80, 40),
    Preset("abdomen", "CT", 400, 40),
    Preset("mediastinum", "CT", 400, 40),
    Preset("bone", "CT", 2500, 480),
    Preset("lung", "CT", 1500, -600),
    Preset("liver", "CT", 150, 90),
    Preset("angio", "CT", 600, 300),
    Preset("stroke", "CT", 40, 40),
    Preset("soft tissue", "CT", 400, 40),
    Preset("SUV 0-3", "PT", 3, 1.5, invert=True),
    Preset("SUV 0-5", "PT", 5, 2.5, invert=True),
    Preset("SUV 0-7", "PT", 7, 3.5, invert=True),
    Preset("SUV 0-10", "PT", 10, 5, invert=True),
    Preset("SUV 0-15", "PT", 15, 7.5, invert=True),
)


@dataclass(frozen=True, slots=True)
class PixelScale:
    """How large a pixel is and what that number is worth.

    `row_mm` is the distance between rows, `column_mm` between columns; None is "px". `note` is what stands beside a length: "" for a
    distance in the patient, "at detector", "GEOMETRY", "FIDUCIAL", "corrected, method unknown", "calibration unknown", "on the film".
    `in_patient` is true only when a length is one in the patient.
    """

    row_mm: float | None = None
    column_mm: float | None = None
    note: str = ""
    in_patient: bool = False

    @property
    def known(self) -> bool:
        return self.row_mm is not None and self.column_mm is not None

    @property
    def unit(self) -> str:
        """As in "mm", "mm at detector", "px"."""
        return " ".join(filter(None, ("mm", self.note))) if self.known else "px"


def value_unit(groups: Groups, *, colour: bool) -> SafeText | None:
    """The unit of modality values, "HU" for one; None when the file does not say so beyond doubt.

    HU is said when Rescale Type says it, or on an ORIGINAL CT image without one that is no localizer and not multi-energy.
    """
    data_set = groups.data_set
    if colour or _refusal(data_set, colour):
        return None
    rescale_type = groups.text(PIXEL_VALUE_TRANSFORMATION, RESCALE_TYPE)
    if data_set.text(DOSE_UNITS) == "GY":
        return safe("Gy") if data_set.number(DOSE_GRID_SCALING) else None  # stored values are Gy times this only: C.8.8.3
    modality = data_set.text(MODALITY)
    if modality == "PT":
        units = data_set.text(UNITS)
        return safe(_PET_UNITS.get(str(units), str(units))) if units else None
    if rescale_type and rescale_type != "US":
        return rescale_type if rescale_type != "HU" or _is_ct_number(groups, said=True) else None
    if modality == "CT" and not rescale_type and _is_ct_number(groups, said=False):
        return safe("HU")
    return None


def presets(groups: Groups, *, colour: bool, unit: SafeText | None, suv: bool = False) -> tuple[tuple[Preset, ...], str | None]:
    """The presets that fit an image, in the order of the digit keys, or none and why: a word for the reader.

    `suv`: its values can be brought to SUV, which PET presets are in.
    """
    refused = _refusal(groups.data_set, colour)
    if refused:
        return (), refused
    modality = groups.data_set.text(MODALITY)
    fitting = tuple(preset for preset in PRESETS if preset.modality == modality)
    if not fitting:
        return (), "there are no presets for this kind of image; its own windows are on the digits"
    if modality == "CT" and unit != "HU":
        return (), "its values are not in HU"
    if modality == "PT" and not suv:
        return (), "its values cannot be brought to SUV"
    return fitting, None


def pixel_scale(groups: Groups) -> PixelScale:
    """What a spacing is worth: PS3.3 10.7 for projections, the plane's own spacing otherwise."""
    data_set = groups.data_set
    spacing = _pair(groups.numbers(PIXEL_MEASURES, PIXEL_SPACING))
    imager = _pair(data_set.numbers(IMAGER_PIXEL_SPACING))
    scanned = _pair(data_set.numbers(NOMINAL_SCANNED_PIXEL_SPACING))
    if data_set.text(MODALITY) in _PROJECTION or imager is not None:
        return _projection_scale(data_set, spacing, imager)
    if spacing is not None:
        is_capture = str(data_set.uid(SOP_CLASS_UID) or "").startswith(_SC)
        return PixelScale(*spacing, note="calibration unknown") if is_capture else PixelScale(*spacing, in_patient=True)
    if scanned is not None:
        return PixelScale(*scanned, note="on the film")
    return PixelScale()


def pixel_aspect(groups: Groups, scale: PixelScale) -> float:
    """How much taller than wide a pixel is; 1.0 when nothing says otherwise. Spacing, else Pixel Aspect Ratio: C.7.6.3.1.7."""
    if scale.row_mm is not None and scale.column_mm is not None:
        ratio = scale.row_mm / scale.column_mm
    else:
        values = groups.data_set.numbers(PIXEL_ASPECT_RATIO)
        ratio = values[0] / values[1] if len(values) == 2 and min(values) > 0 else 1.0
    return ratio if 0.02 <= ratio <= 50 else 1.0


def _projection_scale(data_set: DataSet, spacing: tuple[float, float] | None, imager: tuple[float, float] | None) -> PixelScale:
    calibration = data_set.text(PIXEL_SPACING_CALIBRATION_TYPE)
    if spacing is not None and calibration in ("GEOMETRY", "FIDUCIAL"):
        return PixelScale(*spacing, note=str(calibration), in_patient=True)
    if spacing is not None and imager is not None:
        same = all(abs(a - b) <= 1e-4 * b for a, b in zip(spacing, imager, strict=True))
        return PixelScale(*imager, note="at detector") if same else PixelScale(*spacing, note="corrected, method unknown")
    if imager is not None:
        magnification = data_set.number(MAGNIFICATION)
        if magnification and magnification > 1:
            return PixelScale(imager[0] / magnification, imager[1] / magnification, note=f"at detector / {magnification:.4g}")
        return PixelScale(*imager, note="at detector")
    return PixelScale(*spacing, note="calibration unknown") if spacing is not None else PixelScale()


def _is_ct_number(groups: Groups, *, said: bool) -> bool:
    data_set = groups.data_set
    kinds = [str(kind) for kind in data_set.texts(IMAGE_TYPE)]
    for frame_type in groups.items(CT_IMAGE_FRAME_TYPE, FRAME_TYPE) or groups.data_set.items(CT_IMAGE_FRAME_TYPE):
        kinds = [str(kind) for kind in frame_type.texts(FRAME_TYPE)] or kinds
    if "LOCALIZER" in kinds[2:]:
        return False
    return said or (kinds[:1] == ["ORIGINAL"] and data_set.text(MULTI_ENERGY_CT_ACQUISITION) != "YES")


def _refusal(data_set: DataSet, colour: bool) -> str | None:
    """Why no preset and no unit fits this kind of image at all."""
    if colour:
        return "this is a colour image"
    if data_set.text(MODALITY) == "US":
        return "this is ultrasound"
    if str(data_set.uid(SOP_CLASS_UID) or "").startswith(_SC):
        return "this is a secondary capture"
    return None


def _pair(values: tuple[float, ...]) -> tuple[float, float] | None:
    return (values[0], values[1]) if len(values) == 2 and min(values) > 0 else None
