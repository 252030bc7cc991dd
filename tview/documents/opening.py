"""From an object or a file on a medium to a document."""

from dataclasses import replace

from tview.catalog import OtherFile
from tview.dicom import DEFAULT, Limits, read_header, sop_class_kind
from tview.dicom import tags as t
from tview.documents.encapsulated import content_of
from tview.documents.kinds import DocumentKind, Material, kind_for_file, kind_for_object
from tview.documents.model import Document
from tview.documents.reading import Reading
from tview.errors import DicomError, DocumentError, finding
from tview.media import EntryReader, Medium, entry_reader


def open_document(medium: Medium, path: str, source_number: int = 0, limits: Limits = DEFAULT) -> Document:
    """The object at an address of a medium as something to read, whatever its class.

    Raises:
        DocumentError: the medium does not give it, it is no DICOM object, or its kind's own reader cannot make anything of it.
    """
    reader = _reader(medium, path)
    try:
        header = read_header(reader, reader.size, path=path, limits=limits)
    except DicomError as error:
        raise DocumentError(reader.reason(error.finding)) from error
    uid = header.sop_class_uid or ""
    kind = kind_for_object(uid, sop_class_kind(uid))
    material = Material(header.reader(reader), reader.size, path, header)
    return _made(kind, material, reader, source_number, header.data_set.uid(t.SOP_INSTANCE_UID), uid or None)


def open_file(medium: Medium, file: OtherFile) -> Document:
    """A file that is no DICOM object as something to read, or as what it is.

    Raises:
        DocumentError: the medium does not give it, or its kind's own reader cannot make anything of it.
    """
    reader = _reader(medium, file.path)
    material = Material(reader, reader.size, file.path, None, file.kind)
    return _made(kind_for_file(file.kind), material, reader, file.source_number, None, None)


_ENDINGS = {
    "application/pdf": "pdf",
    "text/xml": "xml",
    "model/stl": "stl",
    "model/obj": "obj",
    "model/mtl": "mtl",
    "application/sla": "stl",
}


def file_inside(medium: Medium, document: Document, limits: Limits = DEFAULT) -> tuple[bytes, str]:
    """The bytes of the file that an object encapsulates, or of the plain file, and the ending of a name for it.

    Raises:
        DocumentError: there is none, it is too large, or the medium does not give it.
    """
    reader = _reader(medium, document.path)
    header = None
    if document.sop_class_uid is not None:
        try:
            header = read_header(reader, reader.size, path=document.path, limits=limits)
        except DicomError as error:
            raise DocumentError(reader.reason(error.finding)) from error
    read_at = header.reader(reader) if header is not None else reader
    data = content_of(Material(read_at, reader.size, document.path, header))
    return data, _ENDINGS.get((document.content or "").lower().partition(";")[0].strip(), "bin")


def _reader(medium: Medium, path: str) -> EntryReader:
    reader = entry_reader(medium, path)
    if reader is None:
        raise DocumentError(finding("referenced-file-missing", path=path))
    return reader


def _made(
    kind: DocumentKind, material: Material, reader: EntryReader, source_number: int, instance: str | None, sop_class: str | None
) -> Document:
    reading = Reading()
    try:
        document = kind.load()(material, reading)
    except DocumentError as error:
        raise DocumentError(reader.reason(error.finding)) from error
    return replace(
        document,
        kind=kind.name,
        path=material.path,
        source_number=source_number,
        sop_class_uid=sop_class,
        sop_instance_uid=instance,
        findings=(*reader.findings, *reading.findings, *document.findings),
    )
