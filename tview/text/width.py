"""How many terminal cells text takes, and cutting it to fit."""

import unicodedata


def cell_width(text: str) -> int:
    """Cells the text takes in a terminal: wide and full-width characters two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(_cells(character) for character in text)


def clip(text: str, cells: int) -> str:
    """The text, cut to at most `cells` terminal cells; an ellipsis marks a cut."""
    if cell_width(text) <= cells:
        return text
    if cells <= 0:
        return ""
    used, kept = 0, []
    for character in text:
        used += _cells(character)
        if used > cells - 1:
            break
        kept.append(character)
    return "".join(kept) + "…"


def _cells(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
