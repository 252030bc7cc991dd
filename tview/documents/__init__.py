"""Reports, documents, overlays and waveforms as something to read."""

from typing import TYPE_CHECKING

from tview.late import late_names

if TYPE_CHECKING:
    from tview.documents.kinds import DOCUMENTS, DocumentKind, Material, kind_for_file, kind_for_object
    from tview.documents.links import Target, Whereabouts
    from tview.documents.markdown_text import markdown
    from tview.documents.model import (
        Block,
        Code,
        Document,
        Fact,
        Heading,
        Item,
        Link,
        Measurement,
        PagePicture,
        Paragraph,
        Table,
    )
    from tview.documents.opening import file_inside, open_document, open_file
    from tview.documents.over import KIND_NAMES, WITHOUT_FRAMES, Over, load_over, over_instances, over_of, prescription_of
    from tview.documents.over_model import Overlaying, Part, Place
    from tview.documents.page_image import PageImage, has_pages, nothing_said, open_file_pages, open_pages
    from tview.documents.plain import PlainRow, document_rows, fact_rows, plain_lines
    from tview.documents.records import document_record
    from tview.documents.slides import Slide, is_whole_slide, make_slide

_PLACES = {
    "kinds": ("DOCUMENTS", "DocumentKind", "Material", "kind_for_file", "kind_for_object"),
    "links": ("Target", "Whereabouts"),
    "markdown_text": ("markdown",),
    "model": ("Block", "Code", "Document", "Fact", "Heading", "Item", "Link", "Measurement", "PagePicture", "Paragraph", "Table"),
    "opening": ("file_inside", "open_document", "open_file"),
    "over": ("KIND_NAMES", "WITHOUT_FRAMES", "Over", "load_over", "over_instances", "over_of", "prescription_of"),
    "over_model": ("Overlaying", "Part", "Place"),
    "page_image": ("PageImage", "has_pages", "nothing_said", "open_file_pages", "open_pages"),
    "plain": ("PlainRow", "document_rows", "fact_rows", "plain_lines"),
    "records": ("document_record",),
    "slides": ("Slide", "is_whole_slide", "make_slide"),
}
_MODULE_OF = {name: module for module, names in _PLACES.items() for name in names}

__all__ = [
    "DOCUMENTS",
    "KIND_NAMES",
    "WITHOUT_FRAMES",
    "Block",
    "Code",
    "Document",
    "DocumentKind",
    "Fact",
    "Heading",
    "Item",
    "Link",
    "Material",
    "Measurement",
    "Over",
    "Overlaying",
    "PageImage",
    "PagePicture",
    "Paragraph",
    "Part",
    "Place",
    "PlainRow",
    "Slide",
    "Table",
    "Target",
    "Whereabouts",
    "document_record",
    "document_rows",
    "fact_rows",
    "file_inside",
    "has_pages",
    "is_whole_slide",
    "kind_for_file",
    "kind_for_object",
    "load_over",
    "make_slide",
    "markdown",
    "nothing_said",
    "open_document",
    "open_file",
    "open_file_pages",
    "open_pages",
    "over_instances",
    "over_of",
    "plain_lines",
    "prescription_of",
]

__getattr__ = late_names(__name__, globals(), _MODULE_OF)
