"""Rows of text that stand on the terminal already: on a slow line they are not sent a second time.

A change of layout draws every row anew, though few have changed: at 9600 baud five seconds each time.
"""

import re

_MOVE = re.compile(rb"(?=\x1b\[\d+;\d+H)")
_PLACE = re.compile(rb"\x1b\[(\d+);\d+H")


class Rows:
    """What was written last into each row, from where to where it went; the output's thread and lock."""

    def __init__(self) -> None:
        self._rows: dict[bytes, bytes] = {}

    def forget(self) -> None:
        """Something else has written to the screen."""
        self._rows.clear()

    def changed(self, text: bytes, all_of_it: bool = False) -> bytes:
        """The text of an update without the pieces that stand there; with `all_of_it` it is only remembered."""
        first, *pieces = _MOVE.split(text)
        kept = [first]
        for piece in pieces:
            place = _PLACE.match(piece)
            if place is None or place.end() == len(piece):  # the cursor's place at the end
                kept.append(piece)
            elif all_of_it or self._rows.get(place[1]) != piece:
                self._rows[place[1]] = piece
                kept.append(piece)
        return b"".join(kept)
