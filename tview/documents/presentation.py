"""Presentation states and other display objects as text: what they are called, who made them, and what they are about."""

from collections.abc import Iterator

from tview.dicom import DataSet, sop_class_name
from tview.dicom import tags as t
from tview.documents.elements import element_blocks
from tview.documents.head import head_facts
from tview.documents.kinds import Material
from tview.documents.model import Block, Document, Heading, Item, Link
from tview.documents.reading import Reading, reference
from tview.text import safe, translate

_ = str
_FACTS = (
    (t.CONTENT_LABEL, _("Label")), (t.CONTENT_DESCRIPTION, _("Description")), (t.CONTENT_CREATOR_NAME, _("Author")),
    (t.PRESENTATION_CREATION_DATE, _("Made on")), (t.PRESENTATION_CREATION_TIME, _("Made at")),
    (t.PRESENTATION_LUT_SHAPE, _("Grey scale")), (t.IMAGE_ROTATION, _("Turned by (degrees)")), (t.IMAGE_HORIZONTAL_FLIP, _("Mirrored")),
)  # fmt: skip


def read(material: Material, reading: Reading) -> Document:
    """Label, author and date; the images; layers, window and text annotations."""
    assert material.header is not None
    data_set = material.header.data_set
    name = sop_class_name(material.header.sop_class_uid or "")
    label = reading.row(data_set, t.CONTENT_DESCRIPTION) or reading.row(data_set, t.CONTENT_LABEL)
    facts = (*head_facts(data_set, reading), *reading.facts(data_set, _FACTS))
    links = tuple(images_of(data_set))
    blocks: list[Block] = [*_windows(data_set, reading), *_annotations(data_set, reading)]
    if links:
        blocks += [Heading(1, safe(translate("Images it is for"))), *links]
    if not blocks:
        blocks += element_blocks(data_set)
    return Document("presentation", label or safe(name or translate("Presentation state")), facts, tuple(blocks))


def images_of(data_set: DataSet) -> Iterator[Link]:
    """The images of Referenced Series Sequence (C.11.11), also inside the items of a blending or volumetric state."""
    places = [data_set, *data_set.items(0x00700402), *data_set.items(0x00701201)]  # Blending, Volumetric Presentation State Input
    for place in places:
        for series in place.items(t.REFERENCED_SERIES_SEQUENCE):
            for item in series.items(t.REFERENCED_IMAGE_SEQUENCE):
                if (link := reference(item)) is not None:
                    yield link


def _windows(data_set: DataSet, reading: Reading) -> Iterator[Block]:
    for item in data_set.items(t.SOFTCOPY_VOI_LUT_SEQUENCE):
        center, width = item.number(t.WINDOW_CENTER), item.number(t.WINDOW_WIDTH)
        if center is not None and width is not None:
            name = reading.row(item, t.WINDOW_CENTER_WIDTH_EXPLANATION)
            yield Item(safe(f"{width:g}/{center:g}{f' ({name})' if name else ''}"), safe(translate("Window (W/L)")))
        elif (told := item.first_item(t.VOI_LUT_SEQUENCE)) is not None:
            yield Item(reading.row(told, t.LUT_EXPLANATION) or safe(translate("a table")), safe(translate("Window (LUT)")))


def _annotations(data_set: DataSet, reading: Reading) -> Iterator[Block]:
    for layer in data_set.items(t.GRAPHIC_LAYER_SEQUENCE):
        told = [reading.row(layer, tag) for tag in (t.GRAPHIC_LAYER, 0x00700068)]  # Graphic Layer Description
        yield Item(safe(": ".join(part for part in told if part)), safe(translate("Layer")))
    for annotation in data_set.items(t.GRAPHIC_ANNOTATION_SEQUENCE):
        texts = [text for item in annotation.items(t.TEXT_OBJECT_SEQUENCE) if (text := reading.lines(item, t.UNFORMATTED_TEXT_VALUE))]
        shapes = [str(item.text(t.GRAPHIC_TYPE) or "").lower() for item in annotation.items(t.GRAPHIC_OBJECT_SEQUENCE)]
        yield from (Item(text, safe(translate("Text"))) for text in texts)
        if shapes:
            counted = ", ".join(f"{shapes.count(shape)} × {shape}" for shape in dict.fromkeys(shapes))
            yield Item(safe(counted), safe(translate("Graphics")))
        for item in annotation.items(t.REFERENCED_IMAGE_SEQUENCE):
            if (link := reference(item, safe(translate("on")), 1)) is not None:
                yield link
