"""Decoders of our own for what terminals get: the picture back from the bytes."""

import io
import re
from base64 import b64decode
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

_KITTY = re.compile(rb"\x1b_G([^;\x1b]*)(?:;([^\x1b]*))?\x1b\\")
_SIXEL = re.compile(rb"\x1bP([\d;]*)q([^\x1b]*)\x1b\\")
_TOKEN = re.compile(
    rb'"(?P<raster>[\d;]+)|#(?P<colour>\d+)(?:;2;(?P<rgb>\d+;\d+;\d+))?|!(?P<count>\d+)(?P<repeated>[?-~])|(?P<one>[?-~$-])'
)


def _kitty_commands(data: bytes) -> list[tuple[dict[str, str], bytes]]:
    """Every command as (control keys, payload), chunks put together; checks what the protocol says of chunks."""
    commands: list[tuple[dict[str, str], bytes]] = []
    open_keys: dict[str, str] | None = None
    payload = b""
    for keys_text, piece in _KITTY.findall(data):
        keys = dict(part.split("=") for part in keys_text.decode().split(","))
        assert len(piece) <= 4096
        if open_keys is None:
            open_keys, payload = keys, b""
        else:
            assert set(keys) <= {"m", "q"}, "a later chunk has no keys but m and q"
        payload += piece
        if keys.get("m") == "1":
            assert len(piece) % 4 == 0
            continue
        commands.append((open_keys, b64decode(payload, validate=True)))
        open_keys = None
    assert open_keys is None, "the last chunk never came"
    return commands


def _png_picture(data: bytes) -> np.ndarray:
    image = pytest.importorskip("PIL.Image").open(io.BytesIO(data))
    image.load()
    return np.asarray(image)


def _sixel_picture(data: bytes) -> tuple[np.ndarray, np.ndarray]:
    """(RGB percents (rows, columns, 3), which pixels were drawn) of the one sixel picture in the data."""
    ((_, body),) = _SIXEL.findall(data)
    palette: dict[int, tuple[int, ...]] = {}
    columns = rows = x = band = number = 0
    picture = drawn = np.zeros(0)
    for token in _TOKEN.finditer(body):
        if token["raster"]:
            _, _, columns, rows = map(int, token["raster"].split(b";"))
            picture, drawn = np.zeros((rows + 6, columns, 3), np.uint8), np.zeros((rows + 6, columns), bool)
        elif token["colour"]:
            number = int(token["colour"])
            if token["rgb"]:
                palette[number] = tuple(map(int, token["rgb"].split(b";")))
                assert max(palette[number]) <= 100
        elif token["one"] == b"$":
            x = 0
        elif token["one"] == b"-":
            x, band = 0, band + 1
        else:
            count, character = int(token["count"] or 1), (token["repeated"] or token["one"])[0] - 63
            for bit in range(6):
                if character >> bit & 1:
                    row = 6 * band + bit
                    assert row < rows and x + count <= columns, "drawn outside of its raster"
                    assert not drawn[row, x : x + count].any(), "drawn twice"
                    picture[row, x : x + count], drawn[row, x : x + count] = palette[number], True
            x += count
    assert len(_TOKEN.sub(b"", body)) == 0
    return picture[:rows], drawn[:rows]


@pytest.fixture(scope="session")
def kitty_commands() -> Callable[[bytes], list[tuple[dict[str, str], bytes]]]:
    return _kitty_commands


@pytest.fixture(scope="session")
def png_picture() -> Callable[[bytes], np.ndarray]:
    return _png_picture


@pytest.fixture(scope="session")
def sixel_picture() -> Callable[[bytes], tuple[np.ndarray, np.ndarray]]:
    return _sixel_picture


@pytest.fixture(scope="session")
def slice_picture() -> Callable[..., np.ndarray]:
    """A grey picture with all levels, edges, noise and a corner of its own: `slice_picture(rows, columns)`."""

    def make(rows: int, columns: int, seed: int = 1) -> np.ndarray:
        noise = np.random.default_rng(seed).normal(0, 6, (rows, columns))
        y, x = np.mgrid[:rows, :columns]
        body = 90 + 60 * np.sin(x / 17) * np.cos(y / 23) + noise
        body[(x - columns / 2) ** 2 + (y - rows / 2) ** 2 > (min(rows, columns) / 2.1) ** 2] = 0
        picture = body.clip(0, 255).astype(np.uint8)
        picture[: max(1, rows // 12)] = (np.arange(columns) * 256 // columns).astype(np.uint8)
        picture[0, 0], picture[-1, -1] = 200, 255
        return picture

    return make


@pytest.fixture(scope="session")
def facts() -> Callable[..., Any]:
    """Facts of a terminal with 8x17 cells: `facts(sixel=True, …)`."""
    from tview.terminal import TRUE_COLOUR, TerminalFacts

    def make(**known: Any) -> Any:
        return TerminalFacts(**{"columns": 100, "rows": 40, "cell_width_px": 8, "cell_height_px": 17, "colours": TRUE_COLOUR} | known)

    return make
