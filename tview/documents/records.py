"""A document as JSON values (schema tview/report/1)."""

from typing import Any

from tview.documents.links import Whereabouts
from tview.documents.model import Block, Document, Heading, Link, PagePicture, Paragraph, Table
from tview.text import message_of, safe

_TYPES = {Heading: "heading", Paragraph: "paragraph", Link: "link", PagePicture: "page", Table: "table"}


def document_record(document: Document, where: Whereabouts) -> dict[str, Any]:
    """One document. Unknown is null; links say where the object is in words, and by numbers when the catalog knows it."""
    return {
        "kind": document.kind,
        "title": document.title,
        "sop_class_uid": document.sop_class_uid,
        "sop_instance_uid": document.sop_instance_uid,
        "source_number": document.source_number,
        "path": safe(document.path),
        "content": document.content,
        "size": document.size,
        "facts": [{"label": fact.label, "text": fact.text} for fact in document.facts],
        "blocks": [_block(block, where) for block in document.blocks],
        "findings": [{"code": told.code, "severity": told.severity.value, "message": message_of(told)} for told in document.findings],
    }


def _block(block: Block, where: Whereabouts) -> dict[str, Any]:
    record: dict[str, Any] = {"type": _TYPES.get(type(block), type(block).__name__.lower()), **block._asdict()}
    if isinstance(block, Link):
        target = where.target(block.sop_instance_uid)
        record["words"] = where.words(block)
        record["on_medium"] = target is not None and target.instance.state != "missing"
        record["series_number"] = target.series.series_number if target else None
        record["instance_number"] = target.instance.instance_number if target else None
        record["path"] = safe(target.instance.path) if target else None
    return record
