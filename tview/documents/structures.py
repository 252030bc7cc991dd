"""RT structure sets as text: the regions with their kinds, and what they were drawn on."""

from collections.abc import Iterator

from tview.dicom import DataSet
from tview.dicom import tags as t
from tview.documents.head import head_facts
from tview.documents.kinds import Material
from tview.documents.model import Block, Document, Heading, Link, Table
from tview.documents.reading import Reading
from tview.text import SafeText, safe, translate

_ = str
_FACTS = (
    (t.STRUCTURE_SET_LABEL, _("Label")), (t.STRUCTURE_SET_NAME, _("Name")), (t.STRUCTURE_SET_DESCRIPTION, _("Description")),
    (t.STRUCTURE_SET_DATE, _("Made on")), (t.APPROVAL_STATUS, _("Approval")), (t.REVIEWER_NAME, _("Reviewer")),
)  # fmt: skip
_COLUMNS = (_("No"), _("Region"), _("Kind"), _("Drawn by"), _("Contours"), _("Points"), _("Volume (cm³, as recorded)"))
_MOST_LINKS = 5000


def read(material: Material, reading: Reading) -> Document:
    """A table of the regions, and links to the images."""
    assert material.header is not None
    data_set = material.header.data_set
    title = reading.row(data_set, t.STRUCTURE_SET_LABEL) or safe(translate("Set of contours"))
    rows = tuple(_rows(data_set, reading))
    heads = tuple(safe(translate(head)) for head in _COLUMNS)
    blocks: list[Block] = [Table(safe(translate("Regions")), heads, rows)] if rows else []
    links = tuple(dict.fromkeys(_images(data_set)))[:_MOST_LINKS]
    if links:
        blocks += [Heading(1, safe(translate("Drawn on"))), *links]
    return Document("rt-structures", title, (*head_facts(data_set, reading), *reading.facts(data_set, _FACTS)), tuple(blocks))


def _rows(data_set: DataSet, reading: Reading) -> Iterator[tuple[SafeText, ...]]:
    kinds = {
        item.integer(t.REFERENCED_ROI_NUMBER): reading.row(item, t.RT_ROI_INTERPRETED_TYPE)
        for item in data_set.items(t.RT_ROI_OBSERVATIONS_SEQUENCE)
    }
    contours = {item.integer(t.REFERENCED_ROI_NUMBER): item.items(t.CONTOUR_SEQUENCE) for item in data_set.items(t.ROI_CONTOUR_SEQUENCE)}
    for item in data_set.items(t.STRUCTURE_SET_ROI_SEQUENCE):
        number = item.integer(t.ROI_NUMBER)
        drawn = contours.get(number, ())
        points = sum(contour.integer(t.NUMBER_OF_CONTOUR_POINTS) or 0 for contour in drawn)
        cells = (
            "–" if number is None else str(number),
            reading.row(item, t.ROI_NAME),
            kinds.get(number),
            reading.row(item, t.ROI_GENERATION_ALGORITHM),
            str(len(drawn)),
            str(points),
            reading.row(item, t.ROI_VOLUME),
        )
        yield tuple(safe(cell or "") for cell in cells)


def _images(data_set: DataSet) -> Iterator[Link]:
    for item in data_set.items(t.ROI_CONTOUR_SEQUENCE):
        for contour in item.items(t.CONTOUR_SEQUENCE):
            for image in contour.items(t.CONTOUR_IMAGE_SEQUENCE):
                uid = image.uid(t.REFERENCED_SOP_INSTANCE_UID)
                if uid is not None:
                    yield Link(uid, image.uid(t.REFERENCED_SOP_CLASS_UID), image.integers(t.REFERENCED_FRAME_NUMBER))
