"""What lies beside an image: the map of a rescue, a sheet that names the image, further parts."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass

from tview.media.sources import FileSource, open_readable

_MAX_TEXT = 4 << 20
_BLOCK = re.compile(r"(0x[0-9A-Fa-f]+|\d+)\s+(0x[0-9A-Fa-f]+|\d+)\s+([?*/+-])\s*(?:#.*)?\Z")
_NAMED = re.compile(rb'^\s*(?:FILE|DATAFILE)\s+(?:"([^"\r\n]+)"|(\S+))', re.M)
_MAX_PARTS = 1000


@dataclass(frozen=True, slots=True)
class RescueMap:
    """The ranges, as (offset, end), that a GNU ddrescue map does not call finished."""

    path: str
    lost: tuple[tuple[int, int], ...]


def rescue_map(path: str) -> RescueMap | None:
    """The map beside this image; None without one. It is known by its content."""
    stem = os.path.splitext(path)[0]
    for candidate in (path + ".map", stem + ".map", path + ".mapfile", stem + ".mapfile"):
        text = read_small(candidate)
        lost = None if text is None or candidate == path else _parse_map(text.decode("ascii", "replace"))
        if lost is not None:
            return RescueMap(os.path.basename(candidate), lost)
    return None


def _parse_map(text: str) -> tuple[tuple[int, int], ...] | None:
    lines = text.splitlines()
    if not lines or ("rescue" not in lines[0].lower() and "mapfile" not in lines[0].lower()):
        return None
    lost: list[tuple[int, int]] = []
    for line in [line for line in lines if line.strip() and not line.startswith("#")][1:]:  # the first says where the rescue stood
        match = _BLOCK.match(line.strip())
        if match and match[3] != "+":
            start, size = int(match[1], 0), int(match[2], 0)
            if lost and lost[-1][1] == start:
                lost[-1] = (lost[-1][0], start + size)
            elif size:
                lost.append((start, start + size))
    return tuple(lost)


def named_image(path: str, head: bytes) -> str | None:
    """The image that this sheet (.cue, .toc, .ccd, .mds: known by content) describes, in the sheet's own folder; None for no sheet."""
    folder = os.path.dirname(path)
    if head.startswith(b"[CloneCD]"):
        wanted = _stem(path) + ".img"
    elif head.startswith(b"MEDIA DESCRIPTOR"):
        wanted = _stem(path) + ".mdf"
    elif b"\0" not in head[:4096] and re.search(rb"^\s*TRACK\s+(?:\d+\s+)?(?:MODE|AUDIO|CDI)", head, re.M):
        match = _NAMED.search(head)
        if not match:
            return None
        wanted = os.fsdecode(match[1] or match[2])
    else:
        return None
    name = wanted.replace("\\", "/").rpartition("/")[2]
    exact = os.path.join(folder, name)
    if os.path.isfile(exact):
        return exact
    try:
        same = [there for there in os.listdir(folder or ".") if there.lower() == name.lower()]
    except OSError:
        same = []
    return os.path.join(folder, same[0]) if same else exact


def _stem(path: str) -> str:
    return os.path.splitext(os.path.basename(path))[0]


def further_parts(path: str) -> Sequence[str]:
    """The files that go on where this one ends, by their names: .001 .002 …, .aa .ab …; this one first."""
    match = re.search(r"(?:\.|part|_)(\d{1,3}|aa)(\.[A-Za-z0-9]{2,4})?\Z", path)
    if not match or (match[1].isdigit() and int(match[1]) > 1):
        return (path,)
    parts, at = [path], match.start(1)
    for number in range(1, _MAX_PARTS):
        if match[1].isdigit():
            mark = str(int(match[1]) + number).zfill(len(match[1]))
        elif number < 26 * 26:
            mark = chr(97 + number // 26) + chr(97 + number % 26)
        else:
            break
        following = path[:at] + mark + path[match.end(1) :]
        if not os.path.isfile(following):
            break
        parts.append(following)
    return parts


def read_small(path: str) -> bytes | None:
    """The bytes of a small regular file; None when there is none."""
    try:
        fd, facts = open_readable(path, follow=True)
    except (OSError, ValueError):
        return None
    try:
        return os.pread(fd, _MAX_TEXT, 0) if facts.st_size <= _MAX_TEXT else None
    except OSError:
        return None
    finally:
        os.close(fd)


def open_parts(paths: Sequence[str]) -> list[FileSource]:
    """A source for each; all are closed again when one cannot be opened."""
    opened: list[FileSource] = []
    try:
        for path in paths:
            opened.append(FileSource(path, follow=True))
    except OSError:
        for source in opened:
            source.close()
        raise
    return opened
