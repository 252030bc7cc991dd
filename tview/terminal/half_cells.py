"""textual-image's half-cell renderable, without the questions its package asks the terminal.

`textual_image.renderable` writes queries to stdout and reads stdin when it is imported, and raises `ZeroDivisionError` in a terminal of 0
columns (textual-image 0.12). Its half-cell module needs none of that: it is imported with an empty package in its place. Its cell size is
always given in cells here, so the lookup of pixels is answered by us, and colours and styles are kept once made: 4 ms for 90x36 cells
instead of 17.
"""

import sys
from functools import cache, lru_cache
from importlib import import_module
from importlib.util import find_spec
from threading import Lock
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tview.terminal.picture import Picture

_PACKAGE = "textual_image.renderable"
_lock = Lock()


def half_cells(picture: "Picture") -> list[list[tuple[str, int, int]]]:
    """Rows of (character, 0xRRGGBB of the upper pixel, of the lower one), a cell each, of a picture with an even number of rows.

    Raises:
        ImportError: textual-image or what it needs is not installed.
    """
    from PIL.Image import fromarray

    rows, columns = picture.shape[0] // 2, picture.shape[1]
    image = _half_cell_module().Image(fromarray(picture), width=columns, height=rows)
    lines: list[list[tuple[str, int, int]]] = [[]]
    for segment in image.__rich_console__(None, SimpleNamespace(max_width=columns, max_height=rows)):
        if segment.text == "\n":
            lines.append([])
        else:
            lines[-1].append((segment.text, *_packed(segment.style)))
    return lines[:rows]


@lru_cache(1 << 14)
def _packed(style: Any) -> tuple[int, int]:
    upper, lower = style.color.triplet, style.bgcolor.triplet
    return upper[0] << 16 | upper[1] << 8 | upper[2], lower[0] << 16 | lower[1] << 8 | lower[2]


@cache
def _half_cell_module() -> Any:
    with _lock:
        module = _imported_alone()
        module.get_cell_size = lambda: SimpleNamespace(width=1, height=2)
        module._map_pixel = lru_cache(1 << 12)(module._map_pixel)
        module.Style = lru_cache(1 << 14)(module.Style)
        return module


def _imported_alone() -> Any:
    """The half-cell module; the empty package is gone again afterwards, so that others may import the real one."""
    if _PACKAGE in sys.modules:
        return import_module(f"{_PACKAGE}.halfcell")
    found = find_spec("textual_image")
    if found is None:
        raise ImportError("textual-image is not installed")
    empty = ModuleType(_PACKAGE)
    empty.__path__ = [f"{place}/renderable" for place in found.submodule_search_locations or ()]
    sys.modules[_PACKAGE] = empty
    try:
        return import_module(f"{_PACKAGE}.halfcell")
    finally:
        del sys.modules[_PACKAGE]
