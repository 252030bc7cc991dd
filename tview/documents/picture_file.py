"""Pictures that lie on the medium as plain files: named with their size; a viewer draws them."""

import struct

from tview.documents.encapsulated import size_words
from tview.documents.kinds import Material
from tview.documents.model import Document, Fact, Item
from tview.documents.reading import Reading
from tview.text import safe, translate

_HEAD = 1 << 18
_CONTENT = {"jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif", "tiff": "image/tiff", "bmp": "image/bmp"}


def read(material: Material, reading: Reading) -> Document:
    """What it is and how large; its pixels are not touched."""
    facts = [
        Fact(safe(translate("Kind")), safe(material.file_kind.upper())),
        Fact(safe(translate("Size")), size_words(material.size)),
    ]
    shape = pixel_size(material.read_at(0, min(material.size, _HEAD)), material.file_kind)
    if shape is not None:
        facts.append(Fact(safe(translate("Picture")), safe(f"{shape[1]} × {shape[0]} px")))
    note = Item(safe(translate("This is a picture outside DICOM: it names no patient, and nothing tells what it belongs to.")))
    name = safe(material.path.rpartition("/")[2])
    return Document("picture", name, tuple(facts), (note,), content=_CONTENT.get(material.file_kind), size=material.size)


def pixel_size(head: bytes, kind: str) -> tuple[int, int] | None:
    """(rows, columns) by the first bytes of a file; None when they do not say."""
    try:
        if kind == "png":
            columns, rows = struct.unpack_from(">II", head, 16)
        elif kind == "gif":
            columns, rows = struct.unpack_from("<HH", head, 6)
        elif kind == "bmp":
            columns, rows = struct.unpack_from("<ii", head, 18)
        else:
            return _jpeg_size(head) if kind == "jpeg" else None
    except struct.error:
        return None
    return abs(rows), columns


def _jpeg_size(head: bytes) -> tuple[int, int] | None:
    place = 2
    while place + 9 <= len(head) and head[place] == 0xFF:
        marker = head[place + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            rows, columns = struct.unpack_from(">HH", head, place + 5)
            return rows, columns
        place += 2 + struct.unpack_from(">H", head, place + 2)[0]
    return None
