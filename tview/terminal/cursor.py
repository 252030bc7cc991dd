"""The few cursor movements that every encoder needs."""

BLACK = b"\x1b[m\x1b[40m"


def at(cell_x: int, cell_y: int, data: bytes) -> bytes:
    """The data drawn from this cell (counted from 0), the cursor and its colours being as before afterwards."""
    return b"\x1b7\x1b[%d;%dH%s\x1b8" % (cell_y + 1, cell_x + 1, data)


def in_scrollback(lines: int, data: bytes) -> bytes:
    """The data drawn from the cursor's line over `lines` lines, the cursor at the start of the line below them afterwards.

    Terminals differ in where a picture leaves the cursor, so room is made first and the cursor is moved by us.
    """
    return b"%s\x1b[%dA\x1b7%s\x1b8\r\x1b[%dB" % (b"\r" + b"\n" * lines, lines, data, lines)


def blank(cell_x: int, cell_y: int, columns: int, rows: int, colours: bytes = b"\x1b[m") -> bytes:
    """Spaces over these cells, in the terminal's own colours unless others are given: what takes a picture away everywhere."""
    lines = b"".join(b"\x1b[%d;%dH%s" % (cell_y + row + 1, cell_x + 1, b" " * columns) for row in range(rows))
    return b"\x1b7%s%s\x1b8" % (colours, lines)
