"""Web pages as text. Nothing is fetched, run or followed: tags are read, and the rest is left out."""

import re
from html.parser import HTMLParser

from tview.documents.encapsulated import content_of, size_words
from tview.documents.kinds import Material
from tview.documents.markup_text import Page
from tview.documents.model import Block, Document, Fact
from tview.documents.plain_file import characters
from tview.documents.reading import Reading
from tview.text import SafeText, safe, translate

_LARGEST = 4 << 20
_NO_TAG = re.compile(r"<(?![A-Za-z/][^<>]{0,4000}>|![A-Za-z][^<>]{0,4000}>)")
_UNSEEN = frozenset(("script", "style", "template", "noscript", "object", "applet", "svg", "math", "iframe", "select"))
_BLOCKS = frozenset(
    (
        "p",
        "div",
        "section",
        "article",
        "header",
        "footer",
        "address",
        "blockquote",
        "pre",
        "form",
        "center",
        "dt",
        "dd",
        "li",
        "caption",
        "hr",
        "body",
        "main",
        "nav",
        "fieldset",
        "figure",
    )
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}


def read(material: Material, reading: Reading) -> Document:
    """Title, headings, paragraphs, lists, tables; where a link goes stands behind its words."""
    text, _codec = characters(content_of(material)[:_LARGEST], declared_in_markup=True)
    title, blocks = html_blocks(text)
    name = title or safe(material.path.rpartition("/")[2])
    return Document("html", name, (Fact(safe(translate("Size")), size_words(material.size)),), blocks, size=material.size)


def html_blocks(text: str) -> tuple[SafeText | None, tuple[Block, ...]]:
    """The title and the blocks of a page. Never raises: what is no markup is text."""
    reader = _Reader()
    reader.feed(tamed(text))
    reader.close()
    return (safe(" ".join(reader.title.split())) or None), reader.page.finish()


def tamed(text: str) -> str:
    """The page without comments, and with every ``<`` that opens no tag as a character.

    html.parser takes time in the square of the length of tags and comments that are never closed (seen: minutes for 300 KB).
    """
    kept, place = [], 0
    while (start := text.find("<!--", place)) >= 0:
        kept.append(text[place:start])
        end = text.find("-->", start + 4)
        place = end + 3 if end >= 0 else len(text)
    kept.append(text[place:])
    return _NO_TAG.sub("&lt;", "".join(kept))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page, self.title = Page(), ""
        self._unseen = 0
        self._in_title = False
        self._link = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a block."""
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag == "title":
            self._in_title = True
        elif tag == "br":
            self.page.line_break()
        elif tag in ("ul", "ol", "dl"):
            self.page.open_list()
        elif tag == "table":
            self.page.open_table()
        elif tag == "tr":
            self.page.open_row()
        elif tag == "img":
            self.page.text(f" [{dict(attrs).get('alt') or dict(attrs).get('src') or translate('picture')}] ")
        elif tag == "a":
            self._link = dict(attrs).get("href") or ""
        elif tag in _BLOCKS or tag in _HEADINGS:
            self.page.close_paragraph()

    def handle_endtag(self, tag: str) -> None:
        """Close it."""
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag == "title":
            self._in_title = False
        elif tag in _HEADINGS:
            self.page.close_heading(_HEADINGS[tag])
        elif tag in ("ul", "ol", "dl"):
            self.page.close_list()
        elif tag in ("td", "th"):
            self.page.close_cell()
        elif tag == "table":
            self.page.close_table()
        elif tag == "a" and self._link and not self._link.startswith(("#", "javascript:")):
            self.page.text(f" <{self._link}>")
            self._link = ""
        elif tag in _BLOCKS:
            self.page.close_paragraph()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag that closes itself opens nothing."""
        if tag not in _UNSEEN:
            self.handle_starttag(tag, attrs)

    def handle_data(self, data: str) -> None:
        """Text between the tags."""
        if self._in_title:
            self.title += data
        elif not self._unseen:
            self.page.text(data)
