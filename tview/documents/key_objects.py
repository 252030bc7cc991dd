"""Key object selections (PS3.16 TID 2010): why the images were chosen, by whom, and which they are."""

from dataclasses import replace

from tview.documents import report
from tview.documents.kinds import Material
from tview.documents.model import Document, Fact, Heading, Link
from tview.documents.reading import Reading
from tview.text import safe, translate


def read(material: Material, reading: Reading) -> Document:
    """The selection as a report, its objects counted in the head and under a heading of their own."""
    document = report.read(material, reading)
    links = [block for block in document.blocks if isinstance(block, Link) and block.level == 0]
    others = [block for block in document.blocks if block not in links]
    count = Fact(
        safe(translate("Chosen")), safe(translate("1 object") if len(links) == 1 else translate("{count} objects").format(count=len(links)))
    )
    return replace(document, facts=(*document.facts, count), blocks=(*others, Heading(1, safe(translate("Key images"))), *links))
