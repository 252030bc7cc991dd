"""Reading softcopy presentation states from their data sets: PS3.3 A.33.1 to A.33.4."""

from tview.dicom import DataSet
from tview.errors import Finding, PixelError, finding
from tview.pixels.annotations import Area, read_objects
from tview.pixels.arrays import Pixels
from tview.pixels.cielab import srgb_of
from tview.pixels.frame import (
    MODALITY_LUT_SEQUENCE,
    PRESENTATION_LUT_SHAPE,
    RESCALE_INTERCEPT,
    RESCALE_SLOPE,
    VOI_LUT_SEQUENCE,
    read_windows,
)
from tview.pixels.groups import Groups
from tview.pixels.icc import read_profile
from tview.pixels.layers import Colour, Layer
from tview.pixels.overlays import OverlayPlane, plane_masks
from tview.pixels.presentation import (
    Annotation,
    BlendingInput,
    DisplayedArea,
    GraphicLayer,
    PresentationState,
    Reference,
    VoiChoice,
)
from tview.pixels.presentation_kinds import PRESENTATION_KINDS
from tview.pixels.shutters import read_shutter
from tview.pixels.tables import LookupTable, Palette, read_palette, read_tables

_SOP_CLASS, _SERIES_UID, _SERIES, _IMAGES = 0x00080016, 0x0020000E, 0x00081115, 0x00081140
_INSTANCE_UID, _FRAMES = 0x00081155, 0x00081160
_LABEL, _DESCRIPTION, _CREATOR = 0x00700080, 0x00700081, 0x00700084
_SOFTCOPY_VOI, _PRESENTATION_LUT, _MASK_SUBTRACTION = 0x00283110, 0x20500010, 0x00286100
_FLIP, _ROTATION = 0x00700041, 0x00700042
_AREAS, _TOP_LEFT, _BOTTOM_RIGHT, _SIZE_MODE = 0x0070005A, 0x00700052, 0x00700053, 0x00700100
_SPACING, _ASPECT, _MAGNIFICATION = 0x00700101, 0x00700102, 0x00700103
_LAYERS, _LAYER, _ORDER, _LAYER_GREY, _LAYER_RGB, _LAYER_LAB = 0x00700060, 0x00700002, 0x00700062, 0x00700066, 0x00700067, 0x00700401
_LAYER_DESCRIPTION, _ANNOTATIONS = 0x00700068, 0x00700001
_BLENDING, _OPACITY, _BLENDING_POSITION = 0x00700402, 0x00700403, 0x00700405
_OVERLAY_ACTIVATION = 0x60001001
_PALETTE = 0x00281101


def read_presentation_state(data_set: DataSet) -> PresentationState:
    """The presentation state that a data set is; what of it cannot be used is in its findings.

    Raises:
        PixelError: it is none, or of a kind that is not read here (volumes, several blended inputs).
    """
    kind = PRESENTATION_KINDS.get(str(data_set.uid(_SOP_CLASS) or ""))
    if kind is None:
        raise PixelError(finding("presentation-unsupported"))
    findings: list[Finding] = []
    rescale, modality_lut = _modality(data_set, findings)
    shutter, said = read_shutter(Groups(data_set))
    findings += said
    presentation_lut = _presentation_lut(data_set, findings)
    palette: Palette | None = None
    if kind in ("pseudo-colour", "blending") and _PALETTE in data_set:
        palette, odd = read_palette(data_set)
        findings += odd
    icc, said = read_profile(data_set)
    findings += said
    if _MASK_SUBTRACTION in data_set:
        findings.append(finding("presentation-part-unused", part="mask subtraction"))
    creator = data_set.person_name(_CREATOR)
    return PresentationState(
        kind=kind,
        label=data_set.text(_LABEL),
        description=data_set.text(_DESCRIPTION),
        creator=creator.shown if creator is not None else None,
        references=_references_by_series(data_set),
        rescale=rescale,
        modality_lut=modality_lut,
        voi=_voi(data_set, findings),
        presentation_lut=presentation_lut,
        inverted=data_set.text(PRESENTATION_LUT_SHAPE) == "INVERSE",
        rotation=(data_set.integer(_ROTATION) or 0) % 360,
        flip=data_set.text(_FLIP) == "Y",
        areas=_areas(data_set),
        shutter=shutter,
        layers=_layers(data_set),
        annotations=_annotations(data_set),
        overlays=_activated(data_set),
        planes=tuple((plane, _mask_layer(plane, mask)) for plane, mask in plane_masks(data_set)),
        palette=palette,
        icc=icc,
        blending=tuple(_blending(item, findings) for item in data_set.items(_BLENDING)[:2]),
        relative_opacity=data_set.number(_OPACITY),
        findings=tuple(findings),
    )


def _modality(data_set: DataSet, findings: list[Finding]) -> tuple[tuple[float, float] | None, LookupTable | None]:
    tables, odd = read_tables(data_set, MODALITY_LUT_SEQUENCE, signed=False)
    findings += odd
    slope, intercept = data_set.number(RESCALE_SLOPE), data_set.number(RESCALE_INTERCEPT)
    if slope == 0:
        findings.append(finding("rescale-unusable", slope=0.0, intercept=intercept or 0.0))
        slope = None
    rescale = (slope, intercept or 0.0) if slope is not None else None
    return rescale, tables[0] if tables else None


def _presentation_lut(data_set: DataSet, findings: list[Finding]) -> LookupTable | None:
    tables, odd = read_tables(data_set, _PRESENTATION_LUT, signed=False)
    findings += odd
    return tables[0] if tables else None


def _voi(data_set: DataSet, findings: list[Finding]) -> tuple[VoiChoice, ...]:
    choices = []
    for item in data_set.items(_SOFTCOPY_VOI):
        windows, broken = read_windows(item)
        tables, odd = read_tables(item, VOI_LUT_SEQUENCE, signed=True)
        findings += (*broken, *odd)
        if windows or tables:
            choices.append(VoiChoice(_references(item), windows, tables))
    return tuple(choices)


def _areas(data_set: DataSet) -> tuple[DisplayedArea, ...]:
    areas = []
    for item in data_set.items(_AREAS):
        first, last = item.integers(_TOP_LEFT), item.integers(_BOTTOM_RIGHT)
        if len(first) != 2 or len(last) != 2:
            continue
        # Corners as shown, so a turned picture may have them the other way round; pixels from 1, ends included
        (left, right), (top, bottom) = sorted((first[0], last[0])), sorted((first[1], last[1]))
        spacing, aspect = item.numbers(_SPACING), item.numbers(_ASPECT)
        areas.append(
            DisplayedArea(
                references=_references(item),
                area=Area(top - 1, left - 1, bottom, right),
                mode=str(item.text(_SIZE_MODE) or "SCALE TO FIT").upper(),
                spacing_mm=(spacing[0], spacing[1]) if len(spacing) == 2 and min(spacing) > 0 else None,
                aspect=aspect[0] / aspect[1] if len(aspect) == 2 and min(aspect) > 0 else None,
                magnification=_positive(item.number(_MAGNIFICATION)),
            )
        )
    return tuple(areas)


def _layers(data_set: DataSet) -> tuple[GraphicLayer, ...]:
    return tuple(
        GraphicLayer(str(item.text(_LAYER) or ""), item.integer(_ORDER) or 0, _layer_colour(item), item.text(_LAYER_DESCRIPTION))
        for item in data_set.items(_LAYERS)
    )


def _layer_colour(item: DataSet) -> Colour:
    lab, rgb, grey = srgb_of(item.integers(_LAYER_LAB)), item.integers(_LAYER_RGB), item.integer(_LAYER_GREY)
    if lab is not None:
        return lab
    if len(rgb) == 3:
        most = 65535 if max(rgb) > 255 else 255  # retired; written in either range
        red, green, blue = (min(max(value, 0), most) * 255 // most for value in rgb)
        return red, green, blue
    level = 255 if grey is None else round(min(max(grey, 0), 65535) * 255 / 65535)
    return level, level, level


def _annotations(data_set: DataSet) -> tuple[Annotation, ...]:
    return tuple(Annotation(_references(item), str(item.text(_LAYER) or ""), read_objects(item)) for item in data_set.items(_ANNOTATIONS))


def _activated(data_set: DataSet) -> tuple[tuple[int, str], ...]:
    names = ((group, data_set.text((group - 0x6000) << 16 | _OVERLAY_ACTIVATION)) for group in range(0x6000, 0x6020, 2))
    return tuple((group, str(name)) for group, name in names if name)


def _mask_layer(plane: OverlayPlane, mask: Pixels) -> Layer:
    top, left = plane.origin[0] - 1.0, plane.origin[1] - 1.0
    return Layer(mask, box=(top, left, top + plane.rows, left + plane.columns))


def _blending(item: DataSet, findings: list[Finding]) -> BlendingInput:
    rescale, modality_lut = _modality(item, findings)
    position = str(item.text(_BLENDING_POSITION) or "")
    return BlendingInput(position, _references_by_series(item), rescale, modality_lut, _voi(item, findings))


def _references_by_series(data_set: DataSet) -> tuple[Reference, ...]:
    found: list[Reference] = []
    for series in data_set.items(_SERIES):
        found += _references(series, series.uid(_SERIES_UID))
    return tuple(found)


def _references(item: DataSet, series_instance_uid: str | None = None) -> tuple[Reference, ...]:
    pairs = ((image.uid(_INSTANCE_UID), image.integers(_FRAMES)) for image in item.items(_IMAGES))
    return tuple(Reference(uid, series_instance_uid, tuple(frames)) for uid, frames in pairs if uid)


def _positive(value: float | None) -> float | None:
    return value if value is not None and value > 0 else None
