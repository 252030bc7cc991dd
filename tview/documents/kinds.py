"""Every kind of document, in one tuple: which objects and files it is for, and the module that reads it."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import NamedTuple, cast

from tview.dicom import Header, ReadAt
from tview.documents.model import Document
from tview.documents.reading import Reading

_ = str  # marks a message for the gettext catalogue


class Material(NamedTuple):
    """What a document is made from: an object with its header, or a plain file of a kind of `tview.catalog.sniff`."""

    read_at: ReadAt
    size: int
    path: str
    header: Header | None = None
    file_kind: str = ""


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """One kind. `module` in this room has ``read(material, reading)``.

    `object_kinds` are kinds of SOP classes (`tview.dicom.sop_class_kind`), `sop_class_uids` single classes, which go first, `file_kinds`
    those of plain files. `is_reading` says that people come for it: without a choice `tview report` gives these.
    """

    name: str
    title: str
    module: str
    object_kinds: tuple[str, ...] = ()
    sop_class_uids: tuple[str, ...] = ()
    file_kinds: tuple[str, ...] = ()
    is_reading: bool = False

    def load(self) -> Callable[[Material, Reading], Document]:
        """What reads it."""
        return cast("Callable[[Material, Reading], Document]", import_module(f"tview.documents.{self.module}").read)


_CLASS = "1.2.840.10008.5.1.4.1.1."

DOCUMENTS: tuple[DocumentKind, ...] = (
    DocumentKind("report", _("structured report"), "report", ("report",), is_reading=True),
    DocumentKind("key-objects", _("selection of key images"), "key_objects", ("key-objects",), is_reading=True),
    DocumentKind("pdf", _("PDF"), "pdf", ("pdf",), file_kinds=("pdf",), is_reading=True),
    DocumentKind("cda", _("clinical document (CDA)"), "cda", ("cda",), is_reading=True),
    DocumentKind("presentation", _("presentation state"), "presentation", ("presentation",)),
    DocumentKind("rt-structures", _("set of contours"), "structures", ("rt-structures",)),
    DocumentKind("rt-plan", _("treatment plan or record"), "plan", ("rt-plan",)),
    DocumentKind("waveform", _("waveform"), "waveform", ("waveform",)),
    DocumentKind("encapsulated", _("encapsulated file"), "encapsulated", (), tuple(f"{_CLASS}104.{n}" for n in (3, 4, 5))),
    DocumentKind("picture", _("picture file"), "picture_file", file_kinds=("jpeg", "png", "gif", "tiff", "bmp", "icon")),
    DocumentKind("html", _("web page"), "html", file_kinds=("html",)),
    DocumentKind("xml", _("XML"), "cda", file_kinds=("xml",)),
    DocumentKind("rtf", _("rich text"), "rtf", file_kinds=("rtf",)),
    DocumentKind("text", _("plain text"), "plain_file", file_kinds=("text", "json")),
    DocumentKind("elements", _("what the object says of itself"), "elements", ("*",)),
    DocumentKind("file", _("file that is not opened"), "other_file", file_kinds=("*",)),
)  # fmt: skip


def kind_for_object(sop_class_uid: str, object_kind: str) -> DocumentKind:
    """The kind that reads objects of this class; the last one reads any."""
    return next(
        (kind for kind in DOCUMENTS if sop_class_uid in kind.sop_class_uids),
        next(kind for kind in DOCUMENTS if object_kind in kind.object_kinds or "*" in kind.object_kinds),
    )


def kind_for_file(file_kind: str) -> DocumentKind:
    """The kind that reads plain files of this kind; the last one names any."""
    return next(kind for kind in DOCUMENTS if file_kind in kind.file_kinds or "*" in kind.file_kinds)
