"""Web pages as text. Nothing is fetched, run or followed: tags are read, and the rest is left out."""

import re
from html.parser import HTMLParser
from typing import NamedTuple

from tview.documents.encapsulated import content_of, size_words
from tview.documents.kinds import Material
from tview.documents.markup_text import Page
from tview.documents.model import Block, Document, Fact
from tview.documents.plain_file import characters
from tview.documents.reading import Reading
from tview.text import SafeText, safe, translate

_LARGEST = 4 << 20
_NO_TAG = re.compile(r"<(?![A-Za-z/][^<>]{0,4000}>|![A-Za-z][^<>]{0,4000}>)")
_UNSEEN = frozenset(("script", "style", "template", "svg", "math", "select"))
"""Left out, and said so where they hold text. What stands for an object or frame that is not loaded is read: nothing is loaded here."""
_WITHOUT_WORDS = frozenset(("script", "style"))
_STRUCK = frozenset(("del", "s", "strike"))
_LEVELS = frozenset(("sup", "sub"))
_VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"))
_ENDS_ITSELF = {"p": ("p",), "li": ("li",), "td": ("td", "th"), "th": ("td", "th"), "tr": ("tr",), "dt": ("dt", "dd"), "dd": ("dt", "dd")}
_HIDDEN_STYLE = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))", re.IGNORECASE)
_STRUCK_STYLE = re.compile(r"(?:^|;)\s*text-decoration(?:-line)?\s*:[^;]*line-through", re.IGNORECASE)
_LOOKED_BACK = 200
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
    data = content_of(material)
    text, _codec = characters(data[:_LARGEST], declared_in_markup=True)
    title, blocks = html_blocks(text)
    name = title or safe(material.path.rpartition("/")[2])
    facts = [Fact(safe(translate("Size")), size_words(material.size))]
    if len(data) > _LARGEST:
        facts.append(Fact(safe(translate("Shown")), safe(translate("the first {size}").format(size=size_words(_LARGEST)))))
    return Document("html", name, tuple(facts), blocks, size=material.size)


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
        if end < 0:
            kept.append(f" [{translate('part not shown')}] ")
        place = end + 3 if end >= 0 else len(text)
    kept.append(text[place:])
    return _NO_TAG.sub("&lt;", "".join(kept))


class _Open(NamedTuple):
    """An element that is not closed yet, and what it makes of the text in it."""

    tag: str
    is_hidden: bool
    is_struck: bool


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page, self.title = Page(), ""
        self._open: list[_Open] = []
        self._hidden = 0
        self._in_title = False
        self._link = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a block."""
        if self._open and self._open[-1].tag in _ENDS_ITSELF.get(tag, ()):
            self._leave(self._open[-1].tag)
        if tag not in _VOID:
            self._enter(tag, dict(attrs))
        if self._hidden:
            return
        if tag == "title":
            self._in_title = True
        elif tag == "br":
            self.page.line_break()
        elif tag in ("ul", "ol", "dl"):
            self.page.open_list()
        elif tag == "table":
            self.page.open_table()
        elif tag == "tr":
            self.page.open_row()
        elif tag in ("td", "th"):
            self.page.open_cell()
        elif tag == "img":
            self.page.text(f" [{dict(attrs).get('alt') or dict(attrs).get('src') or translate('picture')}] ")
        elif tag in ("iframe", "frame", "object", "embed"):
            self.page.not_shown()
        elif tag in _LEVELS:
            self.page.open_level(tag == "sup")
        elif tag == "a":
            self._link = dict(attrs).get("href") or ""
        elif tag in _BLOCKS or tag in _HEADINGS:
            self.page.close_paragraph()

    def _enter(self, tag: str, attributes: dict[str, str | None]) -> None:
        style = attributes.get("style") or ""
        is_hidden = tag in _UNSEEN or "hidden" in attributes or _HIDDEN_STYLE.search(style) is not None
        is_struck = tag in _STRUCK or _STRUCK_STYLE.search(style) is not None
        self._open.append(_Open(tag, is_hidden, is_struck))
        self._hidden += is_hidden
        if is_struck:
            self.page.open_struck()

    def _leave(self, tag: str) -> None:
        """Close the nearest element of this name with all that is open in it; one that is not open closes nothing."""
        names = [one.tag for one in self._open[-_LOOKED_BACK:]]
        for _count in range(names[::-1].index(tag) + 1 if tag in names else 0):
            closed = self._open.pop()
            self._hidden -= closed.is_hidden
            if closed.is_struck:
                self.page.close_struck()

    def handle_endtag(self, tag: str) -> None:
        """Close it."""
        was_hidden = self._hidden
        self._leave(tag)
        if tag == "title":
            self._in_title = False
        elif was_hidden:
            return
        elif tag in _HEADINGS:
            self.page.close_heading(_HEADINGS[tag])
        elif tag in ("ul", "ol", "dl"):
            self.page.close_list()
        elif tag in ("td", "th"):
            self.page.close_cell()
        elif tag == "table":
            self.page.close_table()
        elif tag in _LEVELS:
            self.page.close_level()
        elif tag == "a" and self._link and not self._link.startswith(("#", "javascript:")):
            self.page.text(f" <{self._link}>")
            self._link = ""
        elif tag in _BLOCKS:
            self.page.close_paragraph()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag that closes itself opens nothing, where it is one that can."""
        if tag not in _UNSEEN:
            self.handle_starttag(tag, attrs)
            if tag not in _VOID and tag not in _BLOCKS:
                self.handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        """Text between the tags."""
        if self._in_title:
            self.title += data
        elif not self._hidden:
            self.page.text(data)
        elif data.strip() and not any(one.tag in _WITHOUT_WORDS for one in self._open[-1:]):
            self.page.not_shown()

    def close(self) -> None:
        """The page ends; inside something that is left out, that is said."""
        super().close()
        if self._hidden or self._in_title:
            self.page.not_shown()
