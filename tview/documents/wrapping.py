"""Breaking running text into rows of a terminal: by cells, at blanks, and between wide characters."""

from collections.abc import Iterator

from tview.text import cell_width

_NARROWEST = 16


def wrap(text: str, columns: int | None, first: int = 0, following: int = 0) -> Iterator[str]:
    """The rows of a text with line breaks; `first` and `following` are cells that are taken at the left. At least one row."""
    taken = first
    for line in text.split("\n"):
        if columns is None:
            yield line
        else:
            yield from _one_line(line, max(columns - taken, _NARROWEST), max(columns - following, _NARROWEST))
        taken = following


def _one_line(line: str, room: int, following: int) -> Iterator[str]:
    row, used = "", 0
    for piece, width in _pieces(line, following):
        if used and used + width - (piece.endswith(" ")) > room:
            yield row.rstrip(" ")
            row, used, room = "", 0, following
        row, used = row + piece, used + width
    yield row.rstrip(" ")


def _pieces(line: str, longest: int) -> Iterator[tuple[str, int]]:
    """Words with the blank after them; a wide character is a word of its own, and what is longer than a row is cut."""
    piece, width = "", 0
    for character in line:
        cells = cell_width(character)
        if piece and (cells == 2 or width + cells > longest):
            yield piece, width
            piece, width = "", 0
        piece, width = piece + character, width + cells
        if character == " " or cells == 2:
            yield piece, width
            piece, width = "", 0
    if piece:
        yield piece, width
