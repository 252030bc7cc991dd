"""The bytes a terminal answers with, taken apart. Pure: no terminal is touched here."""

import re
from dataclasses import dataclass

_KITTY = re.compile(rb"\x1b_G[^;\x1b]*i=31[^;\x1b]*;([^\x1b]{0,200})\x1b\\")
_CELL = re.compile(rb"\x1b\[6;(\d{1,5});(\d{1,5})t")
_WINDOW = re.compile(rb"\x1b\[4;(\d{1,6});(\d{1,6})t")
_VERSION = re.compile(rb"\x1bP>\|([^\x1b\x07]{0,200})(?:\x1b\\|\x07)")
_REGISTERS = re.compile(rb"\x1b\[\?1;0;(\d{1,9})S")
_GEOMETRY = re.compile(rb"\x1b\[\?2;0;(\d{1,9});(\d{1,9})S")
_SECOND = re.compile(rb"\x1b\[>([\d;]{1,60})c")
_SYNC = re.compile(rb"\x1b\[\?2026;(\d)\$y")
_ATTRIBUTES = re.compile(rb"\x1b\[\?([\d;]{0,100})c")


@dataclass(frozen=True, slots=True)
class Replies:
    """What was answered; None where nothing was. Sizes are (width, height)."""

    kitty: str | None = None
    cell_px: tuple[int, int] | None = None
    window_px: tuple[int, int] | None = None
    version: str | None = None
    colour_registers: int | None = None
    sixel_max: tuple[int, int] | None = None
    sync: int | None = None
    attributes: tuple[int, ...] | None = None
    second: tuple[int, ...] | None = None


def is_complete(data: bytes) -> bool:
    """Whether the answer to the last question, DA1, has come."""
    return _ATTRIBUTES.search(data) is not None


def parse_replies(data: bytes) -> Replies:
    """Take the answers out of what was read. Keys typed meanwhile, noise and cut answers are passed over; never raises.

    The sixel geometry is asked for twice, as it is and as it may become (XTSMGRAPHICS read, read maximum); the larger one counts.
    """
    kitty, version, sync = _KITTY.search(data), _VERSION.search(data), _SYNC.search(data)
    registers = [int(match[1]) for match in _REGISTERS.finditer(data)]
    geometries = [(int(match[1]), int(match[2])) for match in _GEOMETRY.finditer(data)]
    attributes, second = _ATTRIBUTES.search(data), _SECOND.search(data)
    return Replies(
        kitty=kitty[1].decode("ascii", "replace") if kitty else None,
        cell_px=_size(_CELL.search(data)),
        window_px=_size(_WINDOW.search(data)),
        version=version[1].decode("utf-8", "replace") if version else None,
        colour_registers=registers[0] if registers else None,
        sixel_max=max(geometries) if geometries and min(max(geometries)) > 0 else None,
        sync=int(sync[1]) if sync else None,
        attributes=_numbers(attributes),
        second=_numbers(second),
    )


def _numbers(match: re.Match[bytes] | None) -> tuple[int, ...] | None:
    return tuple(int(number[:9]) for number in match[1].split(b";") if number) if match else None


def _size(match: re.Match[bytes] | None) -> tuple[int, int] | None:
    """Terminals answer height first."""
    if match is None or not int(match[1]) or not int(match[2]):
        return None
    return int(match[2]), int(match[1])
