"""A document: a title, facts about it, and blocks one under the other, as a page shows them. All text has passed the gate."""

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from tview.errors import Finding
from tview.text import SafeText


class Fact(NamedTuple):
    """One row of the head: whose it is, who wrote it, when, how far it is finished. `is_more` can stand at the end of a page."""

    label: SafeText
    text: SafeText
    is_more: bool = False


class Heading(NamedTuple):
    """A heading; `level` counts from 1 under the title."""

    level: int
    text: SafeText


class Paragraph(NamedTuple):
    """Running text, which may have line breaks. `label` is what it is called ("Finding"); `level` counts indents from 0."""

    text: SafeText
    label: SafeText | None = None
    level: int = 0


class Item(NamedTuple):
    """A short value with its label, a row of a list."""

    text: SafeText
    label: SafeText | None = None
    level: int = 0


class Measurement(NamedTuple):
    """A number as it is written in the file, with its unit. `unit_meaning` is what the unit is called where that says more."""

    name: SafeText
    value: SafeText
    unit: SafeText | None = None
    unit_meaning: SafeText | None = None
    qualifier: SafeText | None = None
    level: int = 0


class Code(NamedTuple):
    """A coded term, told by its meaning; value and scheme say which list of terms it is from."""

    meaning: SafeText
    label: SafeText | None = None
    value: SafeText | None = None
    scheme: SafeText | None = None
    level: int = 0


class Table(NamedTuple):
    """Rows under column heads; every row has as many cells as there are columns. It sums up what the blocks after it say in full."""

    title: SafeText | None
    columns: tuple[SafeText, ...]
    rows: tuple[tuple[SafeText, ...], ...]


class Link(NamedTuple):
    """To another object: an image (frames count from 1, none means all of it), a waveform, a document."""

    sop_instance_uid: str
    sop_class_uid: str | None = None
    frames: tuple[int, ...] = ()
    label: SafeText | None = None
    note: SafeText | None = None
    level: int = 0


class PagePicture(NamedTuple):
    """A page that is a picture, counted from 1 of `pages`. `text` is what can be read of it as text; None when that was not asked for."""

    number: int
    pages: int
    text: SafeText | None = None


Block: TypeAlias = Heading | Paragraph | Item | Measurement | Code | Table | Link | PagePicture


@dataclass(frozen=True, slots=True)
class Document:
    """Something to read. `kind` is the name of its line in DOCUMENTS; `path` is its address on the medium.

    `content` tells what its bytes are when they can be kept as a file ("application/pdf"); `size` is their length.
    """

    kind: str
    title: SafeText
    facts: tuple[Fact, ...] = ()
    blocks: tuple[Block, ...] = ()
    findings: tuple[Finding, ...] = ()
    sop_class_uid: str | None = None
    sop_instance_uid: str | None = None
    source_number: int = 0
    path: str = ""
    content: str | None = None
    size: int | None = None

    @property
    def links(self) -> tuple[Link, ...]:
        """The links among its blocks, in order."""
        return tuple(block for block in self.blocks if isinstance(block, Link))
