"""Plain text files: their words, in the character set they seem to be in."""

import re

from tview.documents.encapsulated import content_of, size_words
from tview.documents.kinds import Material
from tview.documents.model import Document, Fact, Paragraph
from tview.documents.reading import Reading
from tview.text import safe, safe_lines, translate

_LARGEST = 4 << 20
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_DECLARED = re.compile(rb"""(?:charset\s*=\s*["']?|encoding\s*=\s*["'])([A-Za-z0-9_:.-]{3,40})""", re.IGNORECASE)


def read(material: Material, reading: Reading) -> Document:
    """The text as it stands, its first megabytes."""
    data = content_of(material)
    text, codec = characters(data[:_LARGEST])
    facts = [Fact(safe(translate("Size")), size_words(len(data))), Fact(safe(translate("Characters")), safe(codec))]
    if len(data) > _LARGEST:
        facts.append(Fact(safe(translate("Shown")), safe(translate("the first {size}").format(size=size_words(_LARGEST)))))
    body = safe_lines(text.strip("\r\n"), _LARGEST)
    return Document("text", safe(material.path.rpartition("/")[2]), tuple(facts), (Paragraph(body),), size=len(data))


def characters(data: bytes, declared_in_markup: bool = False) -> tuple[str, str]:
    """The characters of a file and the codec: its byte order mark, else what markup declares, else UTF-8 if it fits, else Windows Latin."""
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return data.decode(codec, "replace"), codec.removesuffix("-sig")
    match = _DECLARED.search(data[:4096]) if declared_in_markup else None
    if match:
        try:
            return data.decode(match[1].decode("ascii"), "replace"), match[1].decode("ascii").lower()
        except (LookupError, ValueError):
            pass
    try:
        return data.decode("utf-8"), "ascii" if data.isascii() else "utf-8"
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace"), "cp1252"
