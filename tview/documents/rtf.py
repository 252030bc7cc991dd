"""Rich text (RTF 1.9) as text: letters in its code page, paragraphs, tables as rows. Objects, pictures and field codes are left out."""

import re

from tview.documents.encapsulated import content_of, size_words
from tview.documents.kinds import Material
from tview.documents.model import Document, Fact, Paragraph
from tview.documents.reading import Reading
from tview.text import SafeText, safe, safe_lines, translate

_LARGEST = 16 << 20
_DEEPEST = 256
_TOKEN = re.compile(rb"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)")
_UNSEEN = frozenset(
    b"fonttbl colortbl stylesheet info pict object objdata themedata colorschememapping datastore fldinst xmlnstbl listtable "
    b"listoverridetable rsidtbl generator header footer headerl headerr footerl footerr footnote latentstyles filetbl revtbl".split()
)
_BREAKS = {b"par": "\n", b"line": "\n", b"page": "\n\n", b"sect": "\n\n", b"row": "\n", b"cell": "\t", b"tab": "\t", b"emdash": "—",
           b"endash": "–", b"bullet": "•", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"emspace": " ",
           b"enspace": " "}  # fmt: skip
_CODE_PAGES = {b"ansi": "cp1252", b"mac": "mac_roman", b"pc": "cp437", b"pca": "cp850"}


def read(material: Material, reading: Reading) -> Document:
    """The running text."""
    body = safe_lines(rtf_text(content_of(material)[:_LARGEST]).strip("\n"))
    paragraphs = tuple(Paragraph(SafeText(part)) for part in body.split("\n\n") if part.strip())
    facts = (Fact(safe(translate("Size")), size_words(material.size)),)
    return Document("rtf", safe(material.path.rpartition("/")[2]), facts, paragraphs, size=material.size)


def rtf_text(data: bytes) -> str:
    """Its characters. Never raises; groups that are not closed end with the file."""
    out: list[str] = []
    codec, pending = "cp1252", bytearray()
    stack: list[tuple[bool, int]] = []
    unseen, skip_after_unicode, skip = False, 1, 0
    is_first = False

    def flush() -> None:
        if pending:
            out.append(bytes(pending).decode(codec, "replace"))
            pending.clear()

    for match in _TOKEN.finditer(data):
        word, number, byte, symbol, brace, plain = match.groups()
        opens, is_first = is_first, False
        if brace == b"{":
            if len(stack) < _DEEPEST:
                stack.append((unseen, skip_after_unicode))
            is_first = True
        elif brace == b"}":
            flush()
            if stack:
                unseen, skip_after_unicode = stack.pop()
        elif symbol == b"*" and opens:
            unseen = True
        elif word is not None:
            if opens and word in _UNSEEN:
                unseen = True
            elif word == b"bin" and number:
                continue
            elif word == b"ansicpg" and number:
                codec = _known(f"cp{int(number)}")
            elif word in _CODE_PAGES:
                codec = _CODE_PAGES[word]
            elif word == b"uc" and number:
                skip_after_unicode = min(max(int(number), 0), 8)
            elif word == b"u" and number and not unseen:
                flush()
                out.append(chr(int(number) % 0x10000))
                skip = skip_after_unicode
            elif word in _BREAKS and not unseen:
                flush()
                out.append(_BREAKS[word])
        elif unseen:
            continue
        elif byte is not None:
            if skip:
                skip -= 1
            else:
                pending.append(int(byte, 16))
        elif symbol is not None:
            flush()
            out.append({b"~": " ", b"_": "-", b"-": "", b"\n": "\n", b"\r": "\n"}.get(symbol, symbol.decode("latin-1")))
        elif plain is not None:
            text, skip = plain[skip:], max(0, skip - len(plain))
            pending += text
    flush()
    return "".join(out).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _known(codec: str) -> str:
    try:
        "".encode(codec)
    except LookupError:
        return "cp1252"
    return codec
