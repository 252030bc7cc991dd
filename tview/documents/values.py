"""The value of a content item as blocks, for every value type of PS3.3 C.17.3.2.1."""

import re
from collections.abc import Callable, Iterator

from tview.catalog import clock_time, iso_date
from tview.dicom import DataSet
from tview.dicom import tags as t
from tview.documents.content import Node, term
from tview.documents.model import Block, Code, Item, Link, Measurement, Paragraph, Table
from tview.documents.reading import Reading, moment, reference
from tview.text import SafeText, safe, translate

_POINTS = 32
_CELLS = 20_000
_SHORT = 60
_SYMBOL = re.compile(r"[A-Za-zµ°%][A-Za-zµ°%/.^*0-9]{0,9}\Z").match  # of a unit, where another scheme than UCUM is named


def value_blocks(node: Node, label: SafeText | None, level: int, reading: Reading) -> Iterator[Block]:
    """The blocks of one item's own value; its children are not among them. A type that is not known gives what text it has."""
    yield from _TYPES.get(node.value_type, _other)(node, label, level, reading)


def value_row(node: Node, reading: Reading) -> SafeText | None:
    """The same as one row, for a table's cell or a line of text; None for containers and references."""
    for block in value_blocks(node, None, 0, reading):
        if isinstance(block, Measurement):
            return safe(" ".join(part for part in (block.value, block.unit, block.qualifier) if part))
        if isinstance(block, Paragraph | Item):
            return safe(" ".join(block.text.split()))
        if isinstance(block, Code):
            return block.meaning
    return None


def _text(node: Node, label: SafeText | None, level: int, reading: Reading) -> Iterator[Block]:
    text = reading.lines(node.item, t.TEXT_VALUE) or SafeText("")
    short = len(text) <= _SHORT and "\n" not in text
    yield Item(text, label, level) if short else Paragraph(text, label, level)


def _row(tag: int, form: Callable[[str], SafeText | None] | None = None) -> Callable[..., Iterator[Block]]:
    def blocks(node: Node, label: SafeText | None, level: int, reading: Reading) -> Iterator[Block]:
        raw = reading.row(node.item, tag) or SafeText("")
        yield Item((form(raw) if form else None) or raw, label, level)

    return blocks


def _code(node: Node, label: SafeText | None, level: int, reading: Reading) -> Iterator[Block]:
    found = term(node.item.first_item(t.CONCEPT_CODE_SEQUENCE), reading)
    if found is None:
        yield Item(SafeText(""), label, level)
    else:
        yield Code(found.meaning, label, found.value, found.scheme, level)


def _number(node: Node, label: SafeText | None, level: int, reading: Reading) -> Iterator[Block]:
    """Numeric Value is shown as it is written; several measured values, against C.18.1, are all shown."""
    name = label or safe(translate("value"))
    qualifier = reading.code(node.item.first_item(t.NUMERIC_VALUE_QUALIFIER_CODE_SEQUENCE))
    measured = node.item.items(t.MEASURED_VALUE_SEQUENCE)
    for item in measured:
        value = reading.row(item, t.NUMERIC_VALUE) or _finer(item) or SafeText("")
        unit, meaning = unit_of(item, reading)
        yield Measurement(name, value, unit, meaning, qualifier, level)
    if not measured:
        yield Measurement(name, safe(translate("not measured")), None, None, qualifier, level)


def _finer(item: DataSet) -> SafeText | None:
    """The number where only its more precise form is there (C.18.1): a double, or numerator / denominator."""
    number = item.number(t.FLOATING_POINT_VALUE)
    if number is not None:
        return safe(f"{number:.10g}")
    over, under = item.integer(t.RATIONAL_NUMERATOR_VALUE), item.integer(t.RATIONAL_DENOMINATOR_VALUE)
    return safe(f"{over}/{under}") if over is not None and under is not None else None


def unit_of(item: DataSet, reading: Reading) -> tuple[SafeText | None, SafeText | None]:
    """The unit as it is written behind a number, and its full name where that is another.

    UCUM's own annotations ("{ratio}") and 1 are no words; "1" is also seen where only the meaning says "px".
    """
    found = term(item.first_item(t.MEASUREMENT_UNITS_CODE_SEQUENCE), reading)
    if found is None:
        return None, None
    if found.value == "1" and found.meaning.casefold() in ("no units", "unity", "1", "unitless"):
        return None, found.meaning
    is_ucum = (found.scheme or "").upper().startswith("UCUM")
    is_symbol = found.value is not None and found.value != "1" and not found.value.startswith(("{", "["))
    is_symbol = is_symbol and (is_ucum or bool(_SYMBOL(found.value or "")))
    unit = found.value if is_symbol and found.value else found.meaning
    return unit, found.meaning if found.meaning != unit else None


def _reference(node: Node, label: SafeText | None, level: int, reading: Reading) -> Iterator[Block]:
    """IMAGE, COMPOSITE and WAVEFORM: the object, its frames, segments or channels, and the presentation state it is meant with."""
    for item in node.item.items(t.REFERENCED_SOP_SEQUENCE):
        link = reference(item, label, level, _part_of(item))
        if link is not None:
            yield link
        for state in item.items(t.REFERENCED_SOP_SEQUENCE):
            if (shown := reference(state, safe(translate("shown with")), level + 1)) is not None:
                yield shown
    if not node.item.items(t.REFERENCED_SOP_SEQUENCE):
        yield Item(safe(translate("(refers to nothing)")), label, level)


def _part_of(item: DataSet) -> SafeText | None:
    segments, channels = item.integers(t.REFERENCED_SEGMENT_NUMBER), item.integers(t.REFERENCED_WAVEFORM_CHANNELS)
    parts = []
    if segments:
        parts.append(translate("segment {numbers}").format(numbers=", ".join(map(str, segments))))
    if channels:
        pairs = [f"{group}/{channel}" for group, channel in zip(channels[::2], channels[1::2], strict=False)]
        parts.append(translate("channel {numbers}").format(numbers=", ".join(pairs)))
    return safe("; ".join(parts)) if parts else None


def _coordinates(node: Node, label: SafeText | None, level: int, reading: Reading) -> Iterator[Block]:
    """SCOORD (column, row; C.18.6) and SCOORD3D (x, y, z in mm; C.18.9)."""
    size = 3 if node.value_type == "SCOORD3D" else 2
    data = node.item.numbers(t.GRAPHIC_DATA)
    points = [data[place : place + size] for place in range(0, len(data) - size + 1, size)]
    shown = " ".join(f"({', '.join(f'{number:.7g}' for number in point)})" for point in points[:_POINTS])
    if len(points) > _POINTS:
        shown += " … " + translate("{count} points").format(count=len(points))
    graphic = (reading.row(node.item, t.GRAPHIC_TYPE) or "").lower()
    unit = " mm" if size == 3 and points else ""
    yield Item(safe(f"{graphic} {shown}{unit}".strip(), 1 << 14), label or safe(translate("place")), level)
    for tag in (t.FIDUCIAL_UID, t.REFERENCED_FRAME_OF_REFERENCE_UID):
        if (uid := node.item.uid(tag)) is not None:
            name = translate("fiducial") if tag == t.FIDUCIAL_UID else translate("frame of reference")
            yield Item(safe(uid), safe(name), level + 1)


def _times(node: Node, label: SafeText | None, level: int, reading: Reading) -> Iterator[Block]:
    """TCOORD: sample positions, offsets in seconds, or moments (C.18.7)."""
    item = node.item
    samples, offsets = item.integers(t.REFERENCED_SAMPLE_POSITIONS), item.numbers(t.REFERENCED_TIME_OFFSETS)
    moments = [shown for value in item.texts(t.REFERENCED_DATE_TIME) if (shown := moment(value))]
    parts = [(reading.row(item, t.TEMPORAL_RANGE_TYPE) or "").lower()]
    if samples:
        parts.append(translate("sample {numbers}").format(numbers=", ".join(map(str, samples[:_POINTS]))))
    if offsets:
        parts.append(", ".join(f"{offset:g}" for offset in offsets[:_POINTS]) + " s")
    yield Item(safe(" ".join([*parts, ", ".join(moments[:_POINTS])]).strip()), label or safe(translate("time")), level)


def _table(node: Node, label: SafeText | None, level: int, reading: Reading) -> Iterator[Block]:
    """TABLE: values in cells by row and column (C.18.10), heads from the definitions."""
    values = node.item.first_item(t.TABULATED_VALUES_SEQUENCE) or node.item
    rows, columns = values.integer(t.NUMBER_OF_TABLE_ROWS) or 0, values.integer(t.NUMBER_OF_TABLE_COLUMNS) or 0
    if rows < 1 or columns < 1 or rows * columns > _CELLS:
        yield Item(safe(translate("table of {rows} rows and {columns} columns").format(rows=rows, columns=columns)), label, level)
        return
    cells = [[SafeText("")] * columns for _ in range(rows)]
    for item in values.items(t.CELL_VALUES_SEQUENCE):
        row, column = item.integer(t.TABLE_ROW_NUMBER) or 0, item.integer(t.TABLE_COLUMN_NUMBER) or 0
        if 0 < row <= rows and 0 < column <= columns:
            cells[row - 1][column - 1] = _cell(item, reading)
    row_names = _heads(values, t.TABLE_ROW_DEFINITION_SEQUENCE, t.TABLE_ROW_NUMBER, rows, reading)
    heads = _heads(values, t.TABLE_COLUMN_DEFINITION_SEQUENCE, t.TABLE_COLUMN_NUMBER, columns, reading)
    named = any(row_names)
    body = tuple((row_names[place], *row) if named else tuple(row) for place, row in enumerate(cells))
    yield Table(label, (SafeText(""), *heads) if named else tuple(heads), body)


def _heads(values: DataSet, sequence: int, number: int, count: int, reading: Reading) -> list[SafeText]:
    heads = [SafeText("")] * count
    for item in values.items(sequence):
        place = item.integer(number) or 0
        if 0 < place <= count:
            unit, _meaning = unit_of(item, reading)
            name = reading.code(item.first_item(t.CONCEPT_NAME_CODE_SEQUENCE)) or ""
            heads[place - 1] = safe(f"{name} ({unit})" if unit else name)
    return heads


_CELL_TAGS = (
    t.TEXT_VALUE, t.NUMERIC_VALUE, t.PERSON_NAME, t.DATE, t.TIME, t.DATE_TIME, t.UID, t.FLOATING_POINT_VALUE, t.CONCEPT_CODE_SEQUENCE,
    t.MEASURED_VALUE_SEQUENCE,
)  # fmt: skip


def _cell(item: DataSet, reading: Reading) -> SafeText:
    for tag in _CELL_TAGS:
        if tag == t.MEASURED_VALUE_SEQUENCE and (measured := item.first_item(tag)) is not None:
            unit, _meaning = unit_of(measured, reading)
            return safe(" ".join(part for part in (reading.row(measured, t.NUMERIC_VALUE), unit) if part))
        if tag in item and (shown := reading.shown(item, tag)):
            return safe(" ".join(shown.split()))
    number = item.number(0x00720074) or item.number(0x00720076)  # Selector FD and FL Value
    return safe(f"{number:g}") if number is not None else SafeText("")


def _nothing(node: Node, label: SafeText | None, level: int, reading: Reading) -> Iterator[Block]:
    """A container has no value of its own."""
    if label:
        yield Item(SafeText(""), label, level)


def _other(node: Node, label: SafeText | None, level: int, reading: Reading) -> Iterator[Block]:
    found = [shown for tag in _CELL_TAGS if tag in node.item and (shown := reading.shown(node.item, tag))]
    links = [link for item in node.item.items(t.REFERENCED_SOP_SEQUENCE) if (link := reference(item, label, level))]
    yield from links
    if found or not links:
        kind = node.value_type or translate("no value type")
        yield Item(safe(f"{' '.join(found)} [{kind}]".strip()), label, level)


_TYPES: dict[str, Callable[[Node, SafeText | None, int, Reading], Iterator[Block]]] = {
    "TEXT": _text,
    "NUM": _number,
    "CODE": _code,
    "PNAME": _row(t.PERSON_NAME),
    "DATE": _row(t.DATE, iso_date),
    "TIME": _row(t.TIME, clock_time),
    "DATETIME": _row(t.DATE_TIME, moment),
    "UIDREF": _row(t.UID),
    "IMAGE": _reference,
    "COMPOSITE": _reference,
    "WAVEFORM": _reference,
    "SCOORD": _coordinates,
    "SCOORD3D": _coordinates,
    "TCOORD": _times,
    "TABLE": _table,
    "CONTAINER": _nothing,
}

VALUE_TYPES = tuple(_TYPES)
"""The value types that are read as what they are."""

__all__ = ["VALUE_TYPES", "Link", "unit_of", "value_blocks", "value_row"]
