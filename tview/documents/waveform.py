"""Waveforms as text: their channels, and what was written about them."""

from collections.abc import Iterator

from tview.dicom import DataSet, sop_class_name
from tview.dicom import tags as t
from tview.documents.head import head_facts
from tview.documents.kinds import Material
from tview.documents.model import Block, Document, Heading, Item, Measurement, Table
from tview.documents.reading import Reading
from tview.documents.values import unit_of
from tview.text import SafeText, safe, translate

_ = str
_FACTS = ((t.ACQUISITION_DATE_TIME, _("Recorded")),)
_COLUMNS = (_("No"), _("Channel"), _("Sensitivity"), _("Baseline"), _("Filter (Hz)"))


def read(material: Material, reading: Reading) -> Document:
    """One table a multiplex group, then the annotations."""
    assert material.header is not None
    data_set = material.header.data_set
    blocks: list[Block] = []
    for number, group in enumerate(data_set.items(t.WAVEFORM_SEQUENCE), 1):
        blocks += _group(group, number, reading)
    said = list(_annotations(data_set, reading))
    if said:
        blocks += [Heading(1, safe(translate("Statements and measurements"))), *said]
    facts = (*head_facts(data_set, reading), *reading.facts(data_set, _FACTS))
    return Document("waveform", safe(sop_class_name(material.header.sop_class_uid or "")), facts, tuple(blocks))


def _group(group: DataSet, number: int, reading: Reading) -> Iterator[Block]:
    label = reading.row(group, t.MULTIPLEX_GROUP_LABEL) or safe(translate("Group {number}").format(number=number))
    samples, rate = group.integer(t.NUMBER_OF_WAVEFORM_SAMPLES), group.number(t.SAMPLING_FREQUENCY)
    yield Heading(1, label)
    if samples and rate:
        words = translate("{samples} samples, {rate} per second, {seconds} s")
        yield Item(safe(words.format(samples=samples, rate=f"{rate:g}", seconds=f"{samples / rate:.3g}")), safe(translate("Length")))
    rows = [_channel(item, place, reading) for place, item in enumerate(group.items(t.CHANNEL_DEFINITION_SEQUENCE), 1)]
    if rows:
        yield Table(None, tuple(safe(translate(head)) for head in _COLUMNS), tuple(rows))


def _channel(item: DataSet, place: int, reading: Reading) -> tuple[SafeText, ...]:
    source = item.first_item(t.CHANNEL_SOURCE_SEQUENCE)
    name = reading.row(item, t.CHANNEL_LABEL) or reading.code(source) or SafeText("")
    units = item.first_item(t.CHANNEL_SENSITIVITY_UNITS_SEQUENCE)
    unit = (reading.row(units, t.CODE_VALUE) or reading.code(units)) if units else None
    sensitivity = " ".join(part for part in (reading.row(item, t.CHANNEL_SENSITIVITY), unit) if part)
    limits = [reading.row(item, tag) for tag in (0x003A0220, 0x003A0221)]  # Filter Low and High Frequency
    band = "–".join(limit or "" for limit in limits) if any(limits) else ""
    number = item.integer(t.WAVEFORM_CHANNEL_NUMBER) or place
    return tuple(safe(cell) for cell in (str(number), name, sensitivity, reading.row(item, t.CHANNEL_BASELINE) or "", band))


def _annotations(data_set: DataSet, reading: Reading) -> Iterator[Block]:
    """Waveform Annotation Sequence (PS3.3 C.10.10): text, coded terms, numbers with units."""
    for item in data_set.items(t.WAVEFORM_ANNOTATION_SEQUENCE):
        name = reading.code(item.first_item(t.CONCEPT_NAME_CODE_SEQUENCE))
        if (text := reading.lines(item, t.UNFORMATTED_TEXT_VALUE)) is not None:
            yield Item(text, name)
        elif (number := reading.row(item, t.NUMERIC_VALUE)) is not None:
            unit, meaning = unit_of(item, reading)
            yield Measurement(name or safe(translate("value")), number, unit, meaning)
        elif (told := reading.code(item.first_item(t.CONCEPT_CODE_SEQUENCE))) is not None:
            yield Item(told, name)
        elif name is not None:
            yield Item(SafeText(""), name)
