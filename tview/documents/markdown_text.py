"""A document as Markdown (CommonMark with GitHub's tables)."""

import re
from collections.abc import Iterator

from tview.documents.links import Whereabouts
from tview.documents.model import Block, Code, Document, Heading, Item, Link, Measurement, PagePicture, Paragraph, Table
from tview.text import SafeText, safe_lines, translate

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&$])")
_LINE_START = re.compile(r"(?m)^(\s*\d*)([-+=.)])")


def markdown(document: Document, where: Whereabouts, level: int = 1) -> SafeText:
    """All of it; `level` is that of its title. What a file says is escaped: nothing of it becomes a link, a picture or HTML."""
    parts = [f"{'#' * level} {_row(document.title)}\n"]
    parts += [f"- **{_row(fact.label)}:** {_row(fact.text)}" for fact in document.facts]
    before: type | None = Item if document.facts else None
    for block in document.blocks:
        listed = isinstance(block, Item | Code | Measurement | Link)
        if before is not None and not (listed and before is Item):
            parts.append("")
        parts += _block(block, where, level)
        before = Item if listed else type(block)
    return safe_lines("\n".join(parts) + "\n", 1 << 26)


def _block(block: Block, where: Whereabouts, level: int) -> Iterator[str]:
    if isinstance(block, Heading):
        yield f"{'#' * min(level + block.level, 6)} {_row(block.text)}"
    elif isinstance(block, Paragraph):
        yield (f"**{_row(block.label)}:** " if block.label else "") + _text(block.text)
    elif isinstance(block, Table):
        yield from _table(block)
    elif isinstance(block, PagePicture):
        yield f"*{translate('page {number} of {pages}').format(number=block.number, pages=block.pages)}*\n"
        yield _text(block.text or SafeText(translate("(no text on this page: it is a picture)")))
    else:
        yield "  " * min(block.level, 12) + "- " + _listed(block, where)


def _listed(block: Item | Code | Measurement | Link, where: Whereabouts) -> str:
    if isinstance(block, Measurement):
        shown = " ".join(part for part in (block.value, block.unit) if part) + (f" [{block.qualifier}]" if block.qualifier else "")
        return f"{_row(block.name)}: {_row(shown)}"
    if isinstance(block, Link):
        shown = where.words(block) + (f" [{block.note}]" if block.note else "")
        return (f"{_row(block.label)}: " if block.label else "") + _row(shown)
    text = block.meaning if isinstance(block, Code) else block.text
    return (f"{_row(block.label)}: " if block.label else "") + _row(text)


def _table(table: Table) -> Iterator[str]:
    if table.title:
        yield f"**{_row(table.title)}**\n"
    yield "| " + " | ".join(map(_row, table.columns)) + " |"
    yield "|" + "---|" * len(table.columns)
    yield from ("| " + " | ".join(map(_row, row)) + " |" for row in table.rows)


def _row(text: str) -> str:
    return _escaped(" ".join(text.split("\n")))


def _text(text: str) -> str:
    """Line breaks of the file stay (two blanks at the end of a line), empty lines part paragraphs."""
    return re.sub(r"(?<=[^\n])\n(?=[^\n])", "  \n", _escaped(text.strip("\n")))


def _escaped(text: str) -> str:
    return _LINE_START.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", text))
