"""Clinical documents (HL7 CDA R2), encapsulated or plain, and other XML as its text."""

from tview.documents.encapsulated import content_of, framed, size_words
from tview.documents.kinds import Material
from tview.documents.markup_text import Page
from tview.documents.model import Block, Document, Fact, Item, Paragraph
from tview.documents.reading import Reading, moment
from tview.documents.xml_reading import read_xml
from tview.errors import DocumentError, finding
from tview.text import SafeText, advice_of, message_of, safe, translate

_ = str
_PEOPLE = {"recordTarget": _("Patient"), "author": _("Author"), "custodian": _("Kept by"), "legalAuthenticator": _("Signed by"),
           "authenticator": _("Countersigned by"), "informationRecipient": _("To"), "dataEnterer": _("Written down by"),
           "participant": _("Took part"), "componentOf": _("Visit")}  # fmt: skip
_NAME_PARTS = frozenset(
    ("given", "family", "prefix", "suffix", "name", "addr", "streetAddressLine", "city", "postalCode", "country", "delimiter")
)
_HEAD_VALUES = {"birthTime": _("born"), "effectiveTime": _("Date"), "time": ""}


def read(material: Material, reading: Reading) -> Document:
    """The head and every section's narrative block; any other XML gives its elements that hold text."""
    reader = _Reader()
    blocks: tuple[Block, ...]
    size: int | None = None
    try:
        data = content_of(material)
        size = len(data)
        broken = read_xml(data, material.path, reader.start, reader.end, reader.text)
        if broken:
            reading.note(finding("document-unreadable", path=material.path, problem=broken))
        blocks = reader.blocks()
    except DocumentError as error:
        reading.note(error.finding)
        blocks = (Paragraph(safe(f"{message_of(error.finding)} {advice_of(error.finding)}".strip())),)
    if material.header is not None:
        document = framed("cda", material, reading, blocks, size)
        inside = tuple(Fact(safe(f"{fact.label} ({translate('in the document')})"), fact.text) for fact in reader.facts)
        return Document(
            "cda", document.title, (*document.facts, *inside), document.blocks, content=document.content or "text/xml", size=size
        )
    title = reader.title or safe(material.path.rpartition("/")[2])
    facts = (*reader.facts, Fact(safe(translate("Size")), size_words(material.size)))
    return Document("xml", title, facts, blocks, content="text/xml", size=material.size)


class _Reader:
    """A machine on the elements' names: the head's people and dates are facts, `section` texts are the page."""

    def __init__(self) -> None:
        self.title: SafeText | None = None
        self.facts: list[Fact] = []
        self._page, self._path = Page(), list[str]()
        self._sections = 0
        self._in_narrative = 0
        self._struck: list[bool] = []
        """Of the elements open in a narrative, which are taken back (``revised="delete"``, CDA R2 4.3.5.2)."""
        self._person: list[str] = []
        self._plain: list[Block] = []
        self._words: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        self._path.append(name)
        self._words = []
        if name == "section":
            self._sections += 1
        elif name == "text" and self._sections:
            self._in_narrative += 1
        elif self._in_narrative:
            self._open(name, attributes)
        elif len(self._path) == 2 and name in _PEOPLE:
            self._person = []
        elif self._in_head() and attributes.get("value") and name in _HEAD_VALUES:
            self._date(name, attributes["value"])
        elif self._in_head() and name == "id" and len(self._path) == 4 and attributes.get("extension"):
            self._person.append(f"ID {attributes['extension']}")
        elif name in ("administrativeGenderCode", "code") and self._in_head() and attributes.get("displayName"):
            self._person.append(attributes["displayName"])
        elif not self._is_cda:
            self._attributes(name, attributes)

    def end(self, name: str) -> None:
        """It ends."""
        words = safe(" ".join("".join(self._words).split()))
        depth = len(self._path)
        if name == "text" and self._in_narrative:
            self._page.close_paragraph()
            self._in_narrative -= 1
        elif self._in_narrative:
            self._close(name)
        elif name == "section":
            self._sections -= 1
        elif name == "title" and words:
            self._titled(words)
        elif depth == 2 and name in _PEOPLE and self._person:
            self.facts.append(Fact(safe(translate(_PEOPLE[name])), safe(", ".join(dict.fromkeys(self._person)))))
        elif self._in_head() and name in _NAME_PARTS and words:
            self._person.append(words)
        elif words and not self._is_cda:
            self._plain.append(Item(words, safe(name), min(depth - 1, 12)))
        self._words = []
        self._path.pop()

    def text(self, data: str) -> None:
        """Characters."""
        if self._in_narrative:
            self._page.text(data)
        else:
            self._words.append(data)

    def blocks(self) -> tuple[Block, ...]:
        """The page of a clinical document; of other XML its elements."""
        return self._page.finish() if self._is_cda else tuple(self._plain)

    @property
    def _is_cda(self) -> bool:
        return self._path[:1] == ["ClinicalDocument"] or bool(self._page.blocks)

    def _in_head(self) -> bool:
        return self._is_cda and len(self._path) > 2 and self._path[1] in _PEOPLE

    def _date(self, name: str, value: str) -> None:
        shown = moment(value) or safe(value)
        self._person.append(f"{translate(_HEAD_VALUES[name])} {shown}".strip())

    def _titled(self, words: SafeText) -> None:
        if self._sections:
            self._page.text(words)
            self._page.close_heading(self._sections)
        else:
            self.title = words
            self.facts.append(Fact(safe(translate("Title")), words))

    def _attributes(self, name: str, attributes: dict[str, str]) -> None:
        for key, value in attributes.items():
            if value.strip():
                self._plain.append(Item(safe(value), safe(f"{name} {key}"), min(len(self._path) - 1, 12)))

    def _open(self, name: str, attributes: dict[str, str]) -> None:
        self._struck.append(attributes.get("revised", "").lower() == "delete")
        if self._struck[-1]:
            self._page.open_struck()
        if name == "br":
            self._page.line_break()
        elif name == "list":
            self._page.open_list()
        elif name == "table":
            self._page.open_table()
        elif name == "tr":
            self._page.open_row()
        elif name in ("td", "th"):
            self._page.open_cell()
        elif name in ("sup", "sub"):
            self._page.open_level(name == "sup")
        elif name in ("paragraph", "item", "caption"):
            self._page.close_paragraph()
        elif name == "renderMultiMedia":
            self._page.text(f" [{translate('picture')} {attributes.get('referencedObject', '')}] ")

    def _close(self, name: str) -> None:
        if self._struck and self._struck.pop():
            self._page.close_struck()
        if name in ("sup", "sub"):
            self._page.close_level()
        elif name in ("paragraph", "item", "caption"):
            self._page.close_paragraph()
        elif name == "list":
            self._page.close_list()
        elif name in ("td", "th"):
            self._page.close_cell()
        elif name == "table":
            self._page.close_table()
