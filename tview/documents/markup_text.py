"""From the events of a markup parser to blocks: headings, paragraphs, list items, tables. HTML and CDA share it."""

from tview.documents.model import Block, Heading, Item, Paragraph, Table
from tview.text import SafeText, safe, safe_lines

_MOST_BLOCKS = 50_000
_MOST_COLUMNS = 64
_BREAK = "\u2028"  # LINE SEPARATOR, which no text of a file gets past the gate with


class Page:
    """Collects text and closes blocks; white space of the source is folded, line breaks asked for stay."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._text: list[str] = []
        self._rows: list[list[SafeText]] | None = None
        self._head: list[SafeText] = []
        self._list_depth = 0

    def text(self, data: str) -> None:
        """Running text."""
        self._text.append(data)

    def line_break(self) -> None:
        """A new line inside the paragraph."""
        self._text.append(_BREAK)

    def close_heading(self, level: int) -> None:
        """What was collected is a heading."""
        if text := self._taken():
            self._add(Heading(level, safe(" ".join(text.split()))))

    def close_paragraph(self) -> None:
        """What was collected is a paragraph, or a cell's text goes on."""
        if self._rows is not None:
            self._text.append(" ")
            return
        if text := self._taken():
            self._add(Item(text, None, self._list_depth) if self._list_depth else Paragraph(text))

    def open_list(self) -> None:
        """Items from here are one level deeper."""
        self.close_paragraph()
        self._list_depth += 1

    def close_list(self) -> None:
        """And back."""
        self.close_paragraph()
        self._list_depth = max(0, self._list_depth - 1)

    def open_table(self) -> None:
        """A table inside a cell of another is read as its text."""
        if self._rows is None:
            self.close_paragraph()
            self._rows, self._head = [], []

    def open_row(self) -> None:
        """A row of the table."""
        if self._rows is not None:
            self._taken()
            self._rows.append([])

    def close_cell(self) -> None:
        """A cell of the row."""
        if self._rows is not None:
            text = safe(" ".join((self._taken() or SafeText("")).split()))
            if not self._rows:
                self._rows.append([])
            if len(self._rows[-1]) < _MOST_COLUMNS:
                self._rows[-1].append(text)

    def close_table(self) -> None:
        """The first row is the head. A table of one column is paragraphs: pages are laid out with such."""
        rows, self._rows = [row for row in self._rows or [] if any(row)], None
        width = max((len(row) for row in rows), default=0)
        if width == 1:
            for row in rows:
                self._add(Paragraph(row[0]))
        elif width:
            filled = [(*row, *[SafeText("")] * (width - len(row))) for row in rows]
            self._add(Table(None, filled[0], tuple(filled[1:])))

    def finish(self) -> tuple[Block, ...]:
        """Everything, also what was not closed."""
        if self._rows is not None:
            self.close_table()
        self.close_paragraph()
        return tuple(self.blocks)

    def _taken(self) -> SafeText | None:
        raw, self._text = "".join(self._text), []
        lines = [" ".join(line.split()) for line in raw.split(_BREAK)]
        text = "\n".join(lines).strip("\n ")
        return safe_lines(text) if text else None

    def _add(self, block: Block) -> None:
        if len(self.blocks) < _MOST_BLOCKS:
            self.blocks.append(block)
