"""From the events of a markup parser to blocks: headings, paragraphs, list items, tables. HTML and CDA share it."""

from tview.documents.marked_text import HIDDEN, LEVEL_END, LOWERED, RAISED, STRUCK, STRUCK_END, told, unmarked
from tview.documents.model import Block, Heading, Item, Paragraph, Table
from tview.text import SafeText, safe, safe_lines, translate

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
        self._struck = 0
        self._in_cell = False
        self._left_out = 0

    def text(self, data: str) -> None:
        """Running text."""
        self._text.append(unmarked(data))

    def open_struck(self) -> None:
        """What follows is struck out: it was said and is taken back."""
        self._struck += 1
        if self._struck == 1:
            self._text.append(STRUCK)

    def close_struck(self) -> None:
        """What follows stands again."""
        if self._struck == 1:
            self._text.append(STRUCK_END)
        self._struck = max(0, self._struck - 1)

    def open_level(self, is_raised: bool) -> None:
        """What follows is an exponent, or an index."""
        self._text.append(RAISED if is_raised else LOWERED)

    def close_level(self) -> None:
        """Back on the line."""
        self._text.append(LEVEL_END)

    def not_shown(self) -> None:
        """Something stands here that is not shown."""
        self._text.append(HIDDEN)

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
        """A row of the table. What stands between rows comes before the table, as browsers have it."""
        if self._rows is None:
            return
        if self._in_cell:
            self.close_cell()
        elif text := self._taken():
            self._add(Paragraph(text))
        self._rows.append([])

    def open_cell(self) -> None:
        """A cell; one that was left open ends here, which HTML allows."""
        if self._in_cell:
            self.close_cell()
        self._in_cell = self._rows is not None

    def close_cell(self) -> None:
        """A cell of the row."""
        self._in_cell = False
        if self._rows is not None:
            text = safe(" ".join((self._taken() or SafeText("")).split()))
            if not self._rows:
                self._rows.append([])
            if len(self._rows[-1]) < _MOST_COLUMNS:
                self._rows[-1].append(text)
            elif text:
                self._left_out += 1

    def close_table(self) -> None:
        """The first row is the head. A table of one column is paragraphs: pages are laid out with such."""
        if self._in_cell:
            self.close_cell()
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
        if self._left_out:
            self.blocks.append(Paragraph(safe(f"[{translate('part not shown')}]")))
        return tuple(self.blocks)

    def _taken(self) -> SafeText | None:
        raw, self._text = told("".join(self._text) + (STRUCK_END if self._struck else "")), [STRUCK] if self._struck else []
        lines = [" ".join(line.split()) for line in raw.split(_BREAK)]
        text = "\n".join(lines).strip("\n ")
        return safe_lines(text) if text else None

    def _add(self, block: Block) -> None:
        if len(self.blocks) < _MOST_BLOCKS:
            self.blocks.append(block)
        else:
            self._left_out += 1
