"""RT plans and treatment records as text: prescription, fractions, beams; what else they say follows as elements."""

from collections.abc import Iterator

from tview.dicom import DataSet, sop_class_name
from tview.dicom import tags as t
from tview.documents.elements import element_blocks
from tview.documents.head import head_facts
from tview.documents.kinds import Material
from tview.documents.model import Block, Document, Link, Table
from tview.documents.reading import Reading, reference
from tview.text import SafeText, safe, translate

_ = str
_FACTS = (
    (t.RT_PLAN_LABEL, _("Label")), (t.RT_PLAN_NAME, _("Name")), (t.RT_PLAN_DESCRIPTION, _("Description")), (t.RT_PLAN_DATE, _("Made on")),
    (t.PLAN_INTENT, _("Intent")), (t.RT_PLAN_GEOMETRY, _("Geometry")), (t.PRESCRIPTION_DESCRIPTION, _("Prescription")),
    (t.APPROVAL_STATUS, _("Approval")), (t.REVIEWER_NAME, _("Reviewer")), (t.OPERATORS_NAME, _("Operator")),
)  # fmt: skip
_BEAMS = (
    (t.BEAM_NUMBER, _("No")), (t.BEAM_NAME, _("Beam")), (t.BEAM_DESCRIPTION, _("Description")), (t.BEAM_TYPE, _("Type")),
    (t.RADIATION_TYPE, _("Radiation")), (t.TREATMENT_MACHINE_NAME, _("Machine")), (t.NUMBER_OF_CONTROL_POINTS, _("Control points")),
)  # fmt: skip
_FIRST_POINT = ((t.NOMINAL_BEAM_ENERGY, _("Energy (MV or MeV)")), (t.GANTRY_ANGLE, _("Gantry (degrees)")))
_PRESCRIBED = ((0x300A0012, _("No")), (0x300A0016, _("Target")), (0x300A0020, _("Kind")), (t.TARGET_PRESCRIPTION_DOSE, _("Dose (Gy)")))
_FRACTIONS = (
    (0x300A0071, _("No")), (t.NUMBER_OF_FRACTIONS_PLANNED, _("Fractions planned")), (t.NUMBER_OF_BEAMS, _("Beams")),
)  # fmt: skip
_METERSETS = ((t.REFERENCED_BEAM_NUMBER, _("Beam")), (t.BEAM_DOSE, _("Dose (Gy)")), (t.BEAM_METERSET, _("Meterset (MU)")))
_RELATED = ((0x300C0060, _("Contours")), (0x300C0080, _("Dose")), (0x300C0002, _("Plan")))


def read(material: Material, reading: Reading) -> Document:
    """Tables of prescription, fractions and beams; links to contours, dose and plan."""
    assert material.header is not None
    data_set = material.header.data_set
    tables = [
        *_table(_("Prescribed"), data_set.items(t.DOSE_REFERENCE_SEQUENCE), _PRESCRIBED, reading),
        *_table(_("Fractions"), data_set.items(t.FRACTION_GROUP_SEQUENCE), _FRACTIONS, reading),
        *_table(_("Dose of each beam"), _metersets(data_set), _METERSETS, reading),
        *_table(_("Beams"), data_set.items(t.BEAM_SEQUENCE), _BEAMS, reading),
    ]
    name = sop_class_name(material.header.sop_class_uid or "")
    title = reading.row(data_set, t.RT_PLAN_LABEL) or safe(name)
    facts = (*head_facts(data_set, reading), *reading.facts(data_set, _FACTS))
    blocks: tuple[Block, ...] = (*tables, *_related(data_set), *element_blocks(data_set, translate("Everything it says")))
    return Document("rt-plan", title, facts, blocks)


def _metersets(data_set: DataSet) -> tuple[DataSet, ...]:
    return tuple(beam for group in data_set.items(t.FRACTION_GROUP_SEQUENCE) for beam in group.items(t.REFERENCED_BEAM_SEQUENCE))


def _table(title: str, items: tuple[DataSet, ...], columns: tuple[tuple[int, str], ...], reading: Reading) -> Iterator[Table]:
    rows = [[reading.shown(item, tag) or SafeText("") for tag, _head in columns] for item in items]
    heads = [head for _tag, head in columns]
    if columns is _BEAMS:
        heads += [head for _tag, head in _FIRST_POINT]
        for row, item in zip(rows, items, strict=True):
            first = item.first_item(t.CONTROL_POINT_SEQUENCE)
            row += [(reading.shown(first, tag) if first else None) or SafeText("") for tag, _head in _FIRST_POINT]
    if any(any(row) for row in rows):
        yield Table(safe(translate(title)), tuple(safe(translate(head)) for head in heads), tuple(map(tuple, rows)))


def _related(data_set: DataSet) -> Iterator[Link]:
    for tag, label in _RELATED:
        for item in data_set.items(tag):
            if (link := reference(item, safe(translate(label)))) is not None:
                yield link
