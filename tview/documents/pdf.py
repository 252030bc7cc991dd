"""PDF, encapsulated or plain: its pages as text; `open_pages` gives them as pictures."""

from collections.abc import Iterator
from dataclasses import replace

from tview.documents.encapsulated import content_of, framed, size_words
from tview.documents.kinds import Material
from tview.documents.model import Block, Document, Fact, PagePicture, Paragraph
from tview.documents.pdf_pages import PdfPages
from tview.documents.reading import Reading
from tview.errors import DocumentError
from tview.text import advice_of, message_of, safe, translate

_MOST_PAGES_OF_TEXT = 500


def read(material: Material, reading: Reading) -> Document:
    """All pages as text. What cannot be read is told, and the head is there all the same."""
    pages, title, size = 0, None, None
    blocks: list[Block] = []
    try:
        data = content_of(material)
        size = len(data)
        with PdfPages(data, material.path) as opened:
            pages, title = opened.count, opened.title or None
            blocks += _pages(opened, reading)
    except DocumentError as error:
        reading.note(error.finding)
        blocks.append(Paragraph(safe(" ".join(part for part in (message_of(error.finding), advice_of(error.finding)) if part))))
    if material.header is not None:
        document = framed("pdf", material, reading, tuple(blocks), size)
    else:
        name = title or safe(material.path.rpartition("/")[2])
        document = Document("pdf", name, (Fact(safe(translate("Size")), size_words(material.size)),), tuple(blocks), size=size)
    facts = (*document.facts, Fact(safe(translate("Pages")), safe(str(pages)))) if pages else document.facts
    return replace(document, facts=facts, content="application/pdf")


def _pages(opened: PdfPages, reading: Reading) -> Iterator[PagePicture]:
    for number in range(1, opened.count + 1):
        text = None
        if number <= _MOST_PAGES_OF_TEXT:
            try:
                text = opened.text(number)
            except DocumentError as error:
                reading.note(error.finding)
        yield PagePicture(number, opened.count, text)
