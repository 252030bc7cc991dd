"""What a reader measured, to keep: as JSON, or as a structured report that other programs read (PS3.16 TID 1500)."""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tview.dicom import DataSet
from tview.pixels import Quantity, kind_of_measure, outline

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

SCHEMA = "tview/measurements/1"
_COMPREHENSIVE_SR, _EXPLICIT_LE = "1.2.840.10008.5.1.4.1.1.88.33", "1.2.840.10008.1.2.1"
_CHARACTER_SET = 0x00080005
_COPIED = (  # what makes the report one of this patient's study, byte for byte as the image has it
    _CHARACTER_SET, 0x00080020, 0x00080030, 0x00080050, 0x00080090, 0x00100010, 0x00100020, 0x00100030, 0x00100040, 0x0020000D, 0x00200010,
)  # fmt: skip

_Code = tuple[str, str, str]
_ACROSS, _DOWN = ("across", "99TVIEW", "Extent along a row"), ("down", "99TVIEW", "Extent down a column")
_CONCEPTS: dict[tuple[str, str], _Code] = {
    ("distance", "length"): ("410668003", "SCT", "Length"), ("polyline", "length"): ("121211", "DCM", "Path length"),
    ("distance", "across"): _ACROSS, ("polyline", "across"): _ACROSS, ("distance", "down"): _DOWN, ("polyline", "down"): _DOWN,
    ("angle", "angle"): ("1483009", "SCT", "Angle"), ("cobb", "angle"): ("285285000", "SCT", "Cobb angle"),
}  # fmt: skip
_AREA = ("42798000", "SCT", "Area")
_DERIVATIONS: dict[str, _Code] = {
    "mean": ("373098007", "SCT", "Mean"), "sd": ("386136009", "SCT", "Standard Deviation"),
    "min": ("255605001", "SCT", "Minimum"), "max": ("56851009", "SCT", "Maximum"),
}  # fmt: skip
_VALUES = {"HU": ("112031", "DCM", "Attenuation Coefficient"), "SUVbw": ("126401", "DCM", "SUVbw")}
_UNITS = {
    "mm": "mm", "cm": "cm", "s": "s", "cm/s": "cm/s", "mm²": "mm2", "°": "deg", "HU": "[hnsf'U]", "SUVbw": "g/ml{SUVbw}", "px": "{pixels}",
    "px²": "{pixels2}", "": "1", "Bq/ml": "Bq/ml",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measured:
    """One measurement on one image. `points` are (row, column) with pixel edges at whole numbers, `frame_number` counts from 1.

    `label` is the reader's name for it.
    """

    kind: str
    points: tuple[tuple[float, float], ...]
    quantities: tuple[Quantity, ...]
    study_instance_uid: str | None
    series_instance_uid: str | None
    sop_class_uid: str | None
    sop_instance_uid: str | None
    frame_number: int | None = None
    series_number: int | None = None
    instance_number: int | None = None
    label: str = ""


def measurements_json(measured: Sequence[Measured]) -> str:
    """The measurements with UIDs, points and numbers; no name, no patient ID."""
    rows = [
        {
            "kind": one.kind,
            "label": one.label or None,
            "study_instance_uid": one.study_instance_uid,
            "series_instance_uid": one.series_instance_uid,
            "sop_class_uid": one.sop_class_uid,
            "sop_instance_uid": one.sop_instance_uid,
            "frame_number": one.frame_number,
            "series_number": one.series_number,
            "instance_number": one.instance_number,
            "points": [list(point) for point in one.points],
            "quantities": [
                {"name": each.name, "value": each.value, "unit": each.unit or None, "note": each.note or None} for each in one.quantities
            ],
        }
        for one in measured
    ]
    return json.dumps({"schema": SCHEMA, "measurements": rows}, indent=2) + "\n"


def measurements_report(measured: Sequence[Measured], image: DataSet, now: datetime) -> bytes:
    """A Comprehensive SR in the study of `image`, as a Part 10 file: one measurement group for each (TID 1500, 1501).

    It is unverified and preliminary; its UIDs are new. Graphic Data has the outer corner of the first pixel at 0\\0: PS3.3 C.18.6.1.2.
    Every measurement is of one study; those without a SOP Instance UID have nothing to refer to and are left out.
    """
    from pydicom.dataset import FileMetaDataset
    from pydicom.uid import UID, generate_uid

    kept = [one for one in measured if one.sop_instance_uid and one.sop_class_uid and one.quantities]
    report = _patient_and_study(image)
    report.SOPClassUID, report.SOPInstanceUID, report.SeriesInstanceUID = (
        UID(_COMPREHENSIVE_SR),
        generate_uid(prefix=None),
        generate_uid(prefix=None),
    )
    report.Modality, report.Manufacturer, report.SeriesDescription = "SR", "tview", "Measurements"
    report.SeriesNumber, report.InstanceNumber = 1, 1
    report.ContentDate, report.ContentTime = now.strftime("%Y%m%d"), now.strftime("%H%M%S")
    report.InstanceCreationDate, report.InstanceCreationTime = report.ContentDate, report.ContentTime
    report.CompletionFlag, report.VerificationFlag, report.PreliminaryFlag = "PARTIAL", "UNVERIFIED", "PRELIMINARY"
    report.ReferencedPerformedProcedureStepSequence, report.PerformedProcedureCodeSequence = [], []
    report.CurrentRequestedProcedureEvidenceSequence = [_evidence(kept)]
    _root(report, kept)
    report.file_meta = FileMetaDataset()
    report.file_meta.TransferSyntaxUID = UID(_EXPLICIT_LE)
    out = io.BytesIO()
    report.save_as(out, enforce_file_format=True)
    return out.getvalue()


def _patient_and_study(image: DataSet) -> "Dataset":
    from pydicom.dataelem import RawDataElement
    from pydicom.dataset import Dataset
    from pydicom.tag import Tag

    report = Dataset()
    for tag in _COPIED:
        raw = image.raw(tag)
        if raw is not None or tag != _CHARACTER_SET:
            report[tag] = RawDataElement(Tag(tag), image.vr(tag), len(raw or b""), raw or b"", 0, False, True)
    return report


def _root(report: "Dataset", measured: Sequence[Measured]) -> None:
    report.ValueType, report.ContinuityOfContent = "CONTAINER", "SEPARATE"
    report.ConceptNameCodeSequence = [_code("126000", "DCM", "Imaging Measurement Report")]
    report.ContentTemplateSequence = [_with(MappingResource="DCMR", TemplateIdentifier="1500")]
    groups = _item("CONTAINS", "CONTAINER", ("126010", "DCM", "Imaging Measurements"), ContinuityOfContent="SEPARATE")
    groups.ContentSequence = [_group(number, one) for number, one in enumerate(measured, 1)]
    report.ContentSequence = [
        _coded("HAS CONCEPT MOD", ("121049", "DCM", "Language of Content Item and Descendants"), ("en", "RFC5646", "English")),
        _coded("HAS OBS CONTEXT", ("121005", "DCM", "Observer Type"), ("121007", "DCM", "Device")),
        _item("HAS OBS CONTEXT", "UIDREF", ("121012", "DCM", "Device Observer UID"), UID=report.SOPInstanceUID),
        _item("HAS OBS CONTEXT", "TEXT", ("121013", "DCM", "Device Observer Name"), TextValue="tview"),
        _coded("HAS CONCEPT MOD", ("121058", "DCM", "Procedure reported"), ("363679005", "SCT", "Imaging procedure")),
        groups,
    ]


def _group(number: int, one: Measured) -> "Dataset":
    from pydicom.uid import generate_uid

    group = _item("CONTAINS", "CONTAINER", ("125007", "DCM", "Measurement Group"), ContinuityOfContent="SEPARATE")
    group.ContentTemplateSequence = [_with(MappingResource="DCMR", TemplateIdentifier="1501")]
    group.ContentSequence = [
        _item("HAS OBS CONTEXT", "TEXT", ("112039", "DCM", "Tracking Identifier"), TextValue=one.label or f"{one.kind} {number}"),
        _item("HAS OBS CONTEXT", "UIDREF", ("112040", "DCM", "Tracking Unique Identifier"), UID=generate_uid(prefix=None)),
        *(_number(one, quantity) for quantity in one.quantities if quantity.name != "pixels"),
    ]
    return group


def _number(one: Measured, quantity: Quantity) -> "Dataset":
    concept = _CONCEPTS.get((one.kind, quantity.name)) or (_AREA if quantity.name == "area" else None)
    derivation = _DERIVATIONS.get(quantity.name)
    number = _item("CONTAINS", "NUM", concept or _VALUES.get(quantity.unit, ("value", "99TVIEW", "Value after rescale")))
    unit = _UNITS.get(quantity.unit, f"{{{quantity.unit}}}")
    value = _with(NumericValue=f"{quantity.value:.9g}"[:16])
    value.MeasurementUnitsCodeSequence = [_code(unit, "UCUM", unit)]
    number.MeasuredValueSequence = [value]
    number.ContentSequence = _coordinates(one)
    if derivation is not None:
        number.ContentSequence.insert(0, _coded("HAS CONCEPT MOD", ("121401", "DCM", "Derivation"), derivation))
    if quantity.note:
        note = _item("HAS PROPERTIES", "TEXT", ("121106", "DCM", "Comment"), TextValue=quantity.note)
        number.ContentSequence.insert(0, note)
    return number


def _coordinates(one: Measured) -> "list[Dataset]":
    """The place as column, row pairs; an ellipse by the ends of its long and of its short axis (PS3.3 C.18.6.1.1), Cobb by two lines."""
    points = outline(one.kind, one.points, 4)
    if one.kind == "cobb":
        return [_place(one, "POLYLINE", points[:2]), _place(one, "POLYLINE", points[2:])]
    if one.kind == "ellipse":
        right, down, left, up = points
        along, across = (left, right), (up, down)
        is_wide = abs(right[1] - left[1]) >= abs(down[0] - up[0])
        return [_place(one, "ELLIPSE", (*along, *across) if is_wide else (*across, *along))]
    return [_place(one, "POLYLINE", (*points, points[0]) if kind_of_measure(one.kind).encloses else points)]


def _place(one: Measured, graphic_type: str, points: Sequence[tuple[float, float]]) -> "Dataset":
    region = ("111030", "DCM", "Image Region") if kind_of_measure(one.kind).encloses else ("121055", "DCM", "Path")
    place = _item("INFERRED FROM", "SCOORD", region)
    place.GraphicData = [float(value) for row, column in points for value in (column, row)]
    place.GraphicType = graphic_type
    image = _item("SELECTED FROM", "IMAGE", None)
    image.ReferencedSOPSequence = [_reference(one)]
    place.ContentSequence = [image]
    return place


def _evidence(measured: Sequence[Measured]) -> "Dataset":
    """Every image the report refers to, once, by series: PS3.3 C.17.2."""
    by_series: dict[str, dict[str, Measured]] = {}
    for one in measured:
        by_series.setdefault(one.series_instance_uid or "", {})[one.sop_instance_uid or ""] = one
    study = _with(StudyInstanceUID=measured[0].study_instance_uid if measured else "")
    study.ReferencedSeriesSequence = []
    for uid, images in by_series.items():
        series = _with(SeriesInstanceUID=uid)
        series.ReferencedSOPSequence = [
            _with(ReferencedSOPClassUID=image.sop_class_uid, ReferencedSOPInstanceUID=image.sop_instance_uid) for image in images.values()
        ]
        study.ReferencedSeriesSequence.append(series)
    return study


def _reference(one: Measured) -> "Dataset":
    reference = _with(ReferencedSOPClassUID=one.sop_class_uid, ReferencedSOPInstanceUID=one.sop_instance_uid)
    if one.frame_number is not None:
        reference.ReferencedFrameNumber = one.frame_number
    return reference


def _item(relation: str, value_type: str, concept: _Code | None, **elements: Any) -> "Dataset":
    item = _with(RelationshipType=relation, ValueType=value_type, **elements)
    if concept is not None:
        item.ConceptNameCodeSequence = [_code(*concept)]
    return item


def _coded(relation: str, concept: _Code, value: _Code) -> "Dataset":
    item = _item(relation, "CODE", concept)
    item.ConceptCodeSequence = [_code(*value)]
    return item


def _code(value: str, scheme: str, meaning: str) -> "Dataset":
    return _with(CodeValue=value, CodingSchemeDesignator=scheme, CodeMeaning=meaning)


def _with(**elements: Any) -> "Dataset":
    from pydicom.dataset import Dataset

    made = Dataset()
    for keyword, value in elements.items():
        setattr(made, keyword, value)
    return made
