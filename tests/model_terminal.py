"""A terminal's screen made from the bytes it got: the words in its cells, the pictures over them, and each instant at which it can be seen.

Kitty pictures lie over the text until they are deleted; a sixel is gone where text is written. Blocks are text with colours.
"""

import io
import re
from base64 import b64decode
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from PIL import Image

_TOKEN = re.compile(
    rb"\x1b_G(?P<keys>[^;\x1b]*)(?:;(?P<payload>[^\x1b]*))?\x1b\\"
    rb"|\x1bP[\d;]*q(?P<sixel>[^\x1b]*)\x1b\\"
    rb"|\x1b\[(?P<mark>[?<>=]?)(?P<numbers>[\d;:]*)[ $!']*(?P<final>[@-~])"
    rb"|\x1b[\]PX^_][^\x1b\x07]*(?:\x1b\\|\x07)"
    rb"|\x1b(?P<escape>[78])|\x1b[()].|\x1b[=>MNODEHc\\]|(?P<text>[^\x1b\x00-\x1f\x7f]+)|(?P<control>[\x00-\x1f\x7f])"
)
_SIXEL = re.compile(rb'"[\d;]+|#(?P<colour>\d+)(?:;2;(?P<rgb>\d+);\d+;\d+)?|!(?P<count>\d+)(?P<repeated>[?-~])|(?P<one>[?-~$-])')


class Standing(NamedTuple):
    """A picture on the screen: its cells (x, y, columns, rows) and its pixels."""

    box: tuple[int, int, int, int]
    pixels: np.ndarray


class ModelTerminal:
    """`cell` is the size of a cell in pixels."""

    def __init__(self, columns: int, rows: int, cell: tuple[int, int] = (8, 17)) -> None:
        self.columns, self.rows, self.cell = columns, rows, cell
        self.characters = [[" "] * columns for _ in range(rows)]
        self.colours = np.zeros((rows, columns, 2, 3), np.uint8)
        self._pen = np.zeros((2, 3), np.uint8)
        self.x = self.y = 0
        self._saved = (0, 0)
        self.images: dict[str, np.ndarray] = {}
        self.received: list[np.ndarray] = []
        self._placed: dict[tuple[str, str], tuple[int, int, int, int]] = {}
        self._sixels: list[Standing] = []
        self._owner = np.full((rows, columns), -1)
        self._open: tuple[dict[str, str], bytes] | None = None
        self._in_sync = False

    def feed(self, data: bytes) -> Iterator[int]:
        """Take the bytes; yields how many were taken, each time the screen has changed and can be seen."""
        for match in _TOKEN.finditer(data):
            changed = self._take(match)
            if changed and not self._in_sync:
                yield match.end()

    def row(self, y: int, start: int = 0, end: int | None = None) -> str:
        """The characters of a row."""
        return "".join(self.characters[y][start:end])

    @property
    def pictures(self) -> list[Standing]:
        """What stands over the text, or in it."""
        kept = [Standing(box, self.images[name]) for (name, _), box in self._placed.items()]
        return kept + [self._sixels[number] for number in np.unique(self._owner) if number >= 0]

    def _take(self, match: re.Match[bytes]) -> bool:
        if match["keys"] is not None:
            return self._graphics(match["keys"].decode(), match["payload"] or b"")
        if match["sixel"] is not None:
            return self._draw(_pixels(match["sixel"]))
        if match["text"] is not None:
            return self._write(match["text"].decode("utf-8", "replace"))
        if match["escape"]:
            if match["escape"] == b"7":
                self._saved = self.x, self.y
            else:
                self.x, self.y = self._saved
            return False
        if match["final"]:
            return self._sequence(match["mark"] + match["final"], [int(n or 0) for n in re.split(rb"[;:]", match["numbers"])])
        if match["control"] == b"\r":
            self.x = 0
        elif match["control"] == b"\n":
            self.y = min(self.rows - 1, self.y + 1)
        return False

    def _sequence(self, name: bytes, numbers: list[int]) -> bool:
        first = max(1, numbers[0])
        if name in (b"?h", b"?l") and numbers[0] == 2026:
            self._in_sync = name == b"?h"
            return not self._in_sync
        if name in (b"H", b"f"):
            column = numbers[1] if len(numbers) > 1 else 1
            self.y, self.x = min(first, self.rows) - 1, min(max(1, column), self.columns) - 1
        elif name in (b"A", b"B"):
            self.y = max(0, min(self.rows - 1, self.y + (first if name == b"B" else -first)))
        elif name in (b"C", b"D"):
            self.x = max(0, min(self.columns - 1, self.x + (first if name == b"C" else -first)))
        elif name == b"m":
            self._colour(numbers)
        elif name in (b"J", b"K"):
            whole = name == b"J"
            for y in range(self.rows) if whole else [self.y]:
                self._cells(y, 0 if whole else self.x, " " * self.columns)
            return True
        return False

    def _colour(self, numbers: list[int]) -> None:
        while numbers:
            if numbers[0] in (38, 48) and numbers[1:2] == [2]:
                self._pen[numbers[0] == 48] = numbers[2:5]
                numbers = numbers[5:]
                continue
            if numbers[0] in (0, 40):
                self._pen[:] = 0
            numbers = numbers[1:]

    def _write(self, text: str) -> bool:
        self._cells(self.y, self.x, text)
        self.x = min(self.columns - 1, self.x + len(text))
        return True

    def _cells(self, y: int, x: int, text: str) -> None:
        text = text[: self.columns - x]
        self.characters[y][x : x + len(text)] = text
        self.colours[y, x : x + len(text)] = self._pen
        self._owner[y, x : x + len(text)] = -1

    def _draw(self, pixels: np.ndarray) -> bool:
        box = (self.x, self.y, -(-pixels.shape[1] // self.cell[0]), -(-pixels.shape[0] // self.cell[1]))
        self._owner[self.y : self.y + box[3], self.x : self.x + box[2]] = len(self._sixels)
        self._sixels.append(Standing(box, pixels))
        self.received.append(pixels)
        return True

    def _graphics(self, text: str, piece: bytes) -> bool:
        keys = dict(part.split("=") for part in text.split(","))
        if self._open is not None:
            keys, piece = self._open[0] | {"m": keys.get("m", "0")}, self._open[1] + piece
        self._open = (keys, piece) if keys.get("m") == "1" else None
        if self._open is not None:
            return False
        name, action = keys.get("i", ""), keys.get("a", "t")
        if action == "t":
            self._forget(name)
            self.images[name] = np.asarray(Image.open(io.BytesIO(b64decode(piece))).convert("L"))
            self.received.append(self.images[name])
        elif action == "p" and name in self.images:
            size = [-(-side // self.cell[axis]) for axis, side in enumerate((int(keys["w"]), int(keys["h"])))]
            self._placed[name, keys["p"]] = (self.x, self.y, int(keys.get("c", size[0])), int(keys.get("r", size[1])))
            return True
        elif action == "d" and keys["d"] == "i":
            return self._placed.pop((name, keys["p"]), None) is not None
        elif action == "d" and keys["d"] == "I":
            return self._forget(name)
        return False

    def _forget(self, name: str) -> bool:
        self.images.pop(name, None)
        gone = [key for key in self._placed if key[0] == name]
        for key in gone:
            del self._placed[key]
        return bool(gone)


def _pixels(body: bytes) -> np.ndarray:
    """The greys of a sixel picture."""
    columns, rows = (int(number) for number in re.match(rb'"\d+;\d+;(\d+);(\d+)', body).groups())
    picture = np.zeros((rows + 6, columns), np.uint8)
    palette: dict[int, int] = {}
    x = band = grey = 0
    for token in _SIXEL.finditer(body):
        if token["colour"]:
            if token["rgb"]:
                palette[int(token["colour"])] = round(int(token["rgb"]) * 255 / 100)
            grey = palette[int(token["colour"])]
        elif token["one"] == b"$":
            x = 0
        elif token["one"] == b"-":
            x, band = 0, band + 1
        elif token["one"] or token["repeated"]:
            count, bits = int(token["count"] or 1), (token["repeated"] or token["one"])[0] - 63
            for bit in range(6):
                if bits >> bit & 1:
                    picture[6 * band + bit, x : x + count] = grey
            x += count
    return picture[:rows]
