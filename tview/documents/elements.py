"""Any object: what it is called, what it says of itself, and its text elements."""

from tview.catalog import element_rows
from tview.dicom import DataSet, sop_class_name
from tview.dicom import tags as t
from tview.documents.head import head_facts
from tview.documents.kinds import Material
from tview.documents.model import Block, Document, Fact, Heading, Item, Link
from tview.documents.reading import Reading
from tview.text import SafeText, safe, translate

_MOST_ROWS = 4000
_HEAD_GROUPS = (0x0002, 0x0010)


def read(material: Material, reading: Reading) -> Document:
    """Its class, its head, and every element that has something to read."""
    assert material.header is not None
    data_set = material.header.data_set
    uid = material.header.sop_class_uid
    name = sop_class_name(uid) if uid else translate("object of no SOP class")
    private = name == uid
    title = safe(translate("Private object ({uid})").format(uid=uid)) if private else safe(name)
    facts = (
        *head_facts(data_set, reading),
        Fact(safe(translate("Place")), safe(f"{material.path} ({translate('{size} bytes').format(size=material.size)})")),
    )
    return Document("elements", title, facts, element_blocks(data_set))


def element_blocks(data_set: DataSet, heading: str | None = None) -> tuple[Block, ...]:
    """The elements as a list, those of sequences indented; the patient's are in the head already."""
    blocks: list[Block] = [Heading(1, safe(heading or translate("What it says")))]
    sop_class = None
    for row in element_rows(data_set, _MOST_ROWS):
        if row.number == t.REFERENCED_SOP_CLASS_UID:
            sop_class = str(row.value).partition(" ")[0]
            continue
        if row.number == t.REFERENCED_SOP_INSTANCE_UID and row.value:
            blocks.append(Link(str(row.value), sop_class, (), row.name, None, row.depth))
            continue
        if row.depth == 0 and (row.number >> 16 in _HEAD_GROUPS or not row.value):
            continue
        text = row.value if row.vr != "SQ" else SafeText(row.value)
        blocks.append(Item(text, safe(row.name if row.tag != "item" else translate("item")), row.depth))
    return tuple(blocks)
