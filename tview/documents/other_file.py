"""Files that are not opened: what they are, how large, and why."""

from tview.documents.encapsulated import size_words
from tview.documents.kinds import Material
from tview.documents.model import Document, Fact, Paragraph
from tview.documents.reading import Reading
from tview.errors import finding
from tview.text import advice_of, message_of, safe, translate

_NEVER_RUN = frozenset(("program", "script", "shortcut"))


def read(material: Material, reading: Reading) -> Document:
    """Its kind by content, and its size. Programs are found, not run and not scanned."""
    facts = (Fact(safe(translate("Kind")), safe(material.file_kind)), Fact(safe(translate("Size")), size_words(material.size)))
    if material.file_kind in _NEVER_RUN:
        told = finding("document-program", path=material.path)
        words = f"{message_of(told)}. {advice_of(told)}"
    else:
        words = translate("Files of this kind are named and not opened here.")
    return Document("file", safe(material.path.rpartition("/")[2]), facts, (Paragraph(safe(words)),), size=material.size)
