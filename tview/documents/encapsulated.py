"""What encapsulated objects have in common (PS3.3 C.24): the file inside, its title, and where it came from."""

from collections.abc import Iterator

from tview.dicom import DataSet, Header
from tview.dicom import tags as t
from tview.documents.head import head_facts
from tview.documents.kinds import Material
from tview.documents.model import Block, Document, Fact, Item, Link
from tview.documents.reading import Reading, reference
from tview.errors import DocumentError, finding
from tview.text import SafeText, safe, translate

_ = str
_FACTS = ((t.CONTENT_DATE, _("Date")), (t.MIME_TYPE_OF_ENCAPSULATED_DOCUMENT, _("Holds")))
_LARGEST = 512 << 20


def read(material: Material, reading: Reading) -> Document:
    """A model or another file that is not drawn: named, with its size."""
    header = _header(material)
    size = content_size(header)
    note = Item(safe(translate("This file is not drawn here. It can be saved with: tview report --save FILE")))
    return framed("encapsulated", material, reading, (note,), size)


def framed(kind: str, material: Material, reading: Reading, blocks: tuple[Block, ...], size: int | None = None) -> Document:
    """A document from an encapsulated object, with its title and head; `blocks` are its content."""
    data_set = _header(material).data_set
    concept = reading.code(data_set.first_item(t.CONCEPT_NAME_CODE_SEQUENCE))
    title = reading.row(data_set, t.DOCUMENT_TITLE) or concept or reading.row(data_set, t.SERIES_DESCRIPTION)
    facts = [*head_facts(data_set, reading), *reading.facts(data_set, _FACTS)]
    if concept and concept != title:
        facts.append(Fact(safe(translate("Sort")), concept))
    if size is not None:
        facts.append(Fact(safe(translate("Size")), size_words(size)))
    mime = data_set.text(t.MIME_TYPE_OF_ENCAPSULATED_DOCUMENT)
    shown = title or safe(translate("Document without a title"))
    return Document(kind, shown, tuple(facts), (*blocks, *_sources(data_set)), content=str(mime) if mime else None, size=size)


def content_size(header: Header) -> int | None:
    """Bytes of the file inside, padding left off where its length is recorded; None when there is none."""
    place = header.data_set.reader(t.ENCAPSULATED_DOCUMENT)
    if place is None or not place[1]:
        return None
    recorded = header.data_set.integer(t.ENCAPSULATED_DOCUMENT_LENGTH)
    return min(recorded, place[1]) if recorded else place[1]


def content_of(material: Material) -> bytes:
    """The bytes of the file inside an encapsulated object, or of the plain file.

    Raises:
        DocumentError: there is none, or it is larger than is read here.
    """
    path, header = material.path, material.header
    size = material.size if header is None else content_size(header)
    if not size:
        raise DocumentError(finding("document-empty", path=path))
    if size > _LARGEST:
        raise DocumentError(finding("document-too-large", path=path, megabytes=size >> 20, limit=_LARGEST >> 20))
    place = header.data_set.reader(t.ENCAPSULATED_DOCUMENT) if header is not None else (0, size)
    assert place is not None
    return material.read_at(place[0], size)


def size_words(size: int) -> SafeText:
    """``12,345 bytes``, with KB or MB beside large ones."""
    exact = translate("1 byte") if size == 1 else translate("{size} bytes").format(size=f"{size:,}")
    if size < 10_000:
        return safe(exact)
    return safe(f"{size / 1e6:.1f} MB ({exact})" if size >= 1_000_000 else f"{size / 1e3:.0f} KB ({exact})")


def _header(material: Material) -> Header:
    assert material.header is not None
    return material.header


def _sources(data_set: DataSet) -> Iterator[Link]:
    for item in data_set.items(t.SOURCE_INSTANCE_SEQUENCE):
        if (link := reference(item, safe(translate("made from")))) is not None:
            yield link
