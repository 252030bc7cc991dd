"""A document as rows of text: what `tview report` prints."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from tview.documents.links import Whereabouts
from tview.documents.model import Block, Code, Document, Fact, Heading, Item, Link, Measurement, PagePicture, Paragraph, Table
from tview.documents.wrapping import wrap
from tview.text import SafeText, cell_width, safe, safe_lines, translate

_WIDEST_COLUMN = 40
_WIDEST_LABEL = 22
_MOST_INDENTS = 12
_MOST_LINK_ROWS = 40
_SPACED = (Heading, Table, PagePicture)  # they begin with an empty row


class PlainRow(NamedTuple):
    """One row of a document, and what it is: "title", "fact", "heading", "text", "table" or "link", which has its links."""

    text: SafeText
    part: str = "text"
    links: tuple[Link, ...] = ()


def plain_lines(document: Document, where: Whereabouts, columns: int | None = None) -> list[SafeText]:
    """The rows; text is wrapped at so many cells, and not at all without `columns`."""
    rule = safe("=" * min(cell_width(document.title), columns or 72))
    return [document.title, rule, *(row.text for row in document_rows(document, where, columns))]


def document_rows(
    document: Document, where: Whereabouts, columns: int | None = None, each_link: bool = False, rules: bool = True
) -> list[PlainRow]:
    """The rows under the title. `each_link` gives every link a row of its own, `rules` lines under headings."""
    rows: list[PlainRow] = []
    rows += fact_rows(document.facts, columns)
    if document.blocks and not isinstance(document.blocks[0], _SPACED):
        rows.append(PlainRow(SafeText("")))
    before: type = Heading
    for block_type, run in groupby(document.blocks, key=type):
        if before is Table and block_type not in _SPACED:
            rows.append(PlainRow(SafeText("")))
        before = block_type
        rows += _run(block_type, list(run), where, columns, each_link)
    return rows if rules else [row for row in rows if row.part != "rule"]


def fact_rows(facts: Sequence[Fact], columns: int | None = None) -> list[PlainRow]:
    """Facts with their labels in a column."""
    width = min(max((cell_width(fact.label) for fact in facts), default=0), _WIDEST_LABEL)
    return [row for fact in facts for row in _as("fact", _wrapped(fact.text, f"{_padded(fact.label, width)}  ", columns))]


def _as(part: str, lines: Iterable[SafeText]) -> Iterator[PlainRow]:
    return (PlainRow(line, part) for line in lines)


def _run(kind: type, run: list[Block], where: Whereabouts, columns: int | None, each_link: bool) -> Iterator[PlainRow]:
    """Blocks of one kind that follow one another; measurements and links of one level are shown together."""
    if kind is Measurement:
        measured = [block for block in run if isinstance(block, Measurement)]
        for _level, group in groupby(measured, key=lambda block: block.level):
            yield from _as("text", _measurements(list(group), columns))
    elif kind is Link:
        links = [block for block in run if isinstance(block, Link)]
        for key, same in groupby(links, key=lambda link: (link.level, link.label, link.note)):
            found = list(same)
            for some in [[link] for link in found] if each_link and len(found) <= _MOST_LINK_ROWS else [found]:
                yield from (PlainRow(line, "link", tuple(some)) for line in _links(key, some, where, columns))
    else:
        for block in run:
            yield from _one(block, columns)


def _one(block: Block, columns: int | None) -> Iterator[PlainRow]:
    if isinstance(block, Heading):
        yield PlainRow(SafeText(""))
        yield PlainRow(safe(block.text.upper() if block.level == 1 else block.text), "heading")
        if block.level <= 2:
            yield PlainRow(safe(("-" if block.level == 1 else "·") * min(cell_width(block.text), columns or 72)), "rule")
    elif isinstance(block, Paragraph | Item | Code):
        text = block.meaning if isinstance(block, Code) else block.text
        head = f"{block.label}: " if block.label else ""
        yield from _as("text", _wrapped(text, _indent(block.level) + head, columns, _indent(block.level + (1 if head else 0))))
    elif isinstance(block, Table):
        yield from _table(block, columns)
    elif isinstance(block, PagePicture):
        yield PlainRow(SafeText(""))
        yield PlainRow(safe(f"--- {translate('page {number} of {pages}').format(number=block.number, pages=block.pages)} ---"), "heading")
        yield from _as("text", _wrapped(block.text or safe(translate("(no text on this page: it is a picture)")), "", columns))


def _indent(level: int) -> str:
    return "  " * min(level, _MOST_INDENTS)


def _wrapped(text: SafeText, first: str, columns: int | None, following: str | None = None) -> Iterator[SafeText]:
    hanging = following if following is not None else " " * cell_width(first)
    for number, line in enumerate(wrap(text, columns, cell_width(first), cell_width(hanging))):
        yield safe(f"{first if number == 0 else hanging}{line}".rstrip(), 1 << 20)


def _measurements(run: list[Measurement], columns: int | None) -> Iterator[SafeText]:
    width = min(max(cell_width(block.name) for block in run), _WIDEST_COLUMN)
    for block in run:
        shown = " ".join(part for part in (block.value, block.unit, f"[{block.qualifier}]" if block.qualifier else "") if part)
        yield from _wrapped(safe(shown), f"{_indent(block.level)}{_padded(block.name, width)}  ", columns)


def _links(
    key: tuple[int, SafeText | None, SafeText | None], run: list[Link], where: Whereabouts, columns: int | None
) -> Iterator[SafeText]:
    level, label, note = key
    tail = f" [{note}]" if note else ""
    shown = safe_lines("; ".join(where.several(run)) + tail)
    yield from _wrapped(shown, f"{_indent(level)}→ {f'{label}: ' if label else ''}", columns, _indent(level + 1))


def _table(table: Table, columns: int | None) -> Iterator[PlainRow]:
    """The table, or, where it is wider than the screen, each row as a small list."""
    yield PlainRow(SafeText(""))
    if table.title:
        yield PlainRow(table.title, "heading")
    rows = [table.columns, *table.rows]
    widths = [max(cell_width(row[place]) for row in rows) for place in range(len(table.columns))]
    if columns and sum(widths) + 2 * len(widths) > columns:
        for number, row in enumerate(table.rows, 1):
            told = "; ".join(f"{head}: {cell}" for head, cell in zip(table.columns, row, strict=True) if cell)
            yield from _as("table", _wrapped(safe(told), f"{number:>3}. ", columns))
        return
    for number, row in enumerate(rows):
        yield PlainRow(safe("  ".join(_padded(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip()), "table")
        if number == 0:
            yield PlainRow(safe("  ".join("-" * width for width in widths)), "table")


def _padded(text: str, width: int) -> str:
    return text + " " * max(0, width - cell_width(text))
