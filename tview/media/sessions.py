"""Where the sessions of a disc begin: by the drive's table of contents, else by looking."""

from collections.abc import Sequence

from tview.media.sources import SECTOR
from tview.media.values import Source
from tview.media.volumes import FIRST, Descriptors, read_descriptors

_STEP = 4 << 20
_MAX_SESSIONS = 99  # of tracks, and so of sessions, on a disc: ECMA-130 22.3.3.1
_RUN_OUT = 150


def session_starts(source: Source, tracks: Sequence[int] | None) -> list[tuple[int, Descriptors]]:
    """The sector of the first volume descriptor of each session, with what stands there; the first session always.

    `tracks` are the first sectors of the drive's data tracks; without them an image is searched, but only past the end that its
    first session gives: what lies before that are files.
    """
    first = read_descriptors(source)
    sessions = [(FIRST, first)]
    if tracks is None:
        return sessions + _search(source, first)
    for track in sorted(tracks)[:_MAX_SESSIONS]:
        if track and (found := _at(source, track + FIRST)):
            sessions.append((track + FIRST, found))
    if len(sessions) > 1 and not (first.volumes or first.udf):  # music comes first, the data track after it
        del sessions[0]
    return sessions


def _search(source: Source, first: Descriptors) -> list[tuple[int, Descriptors]]:
    end = max((volume.blocks * volume.block_size for volume in first.volumes), default=0)
    if not end or source.size - end < (_RUN_OUT + 2 * FIRST) * SECTOR:
        return []
    sessions: list[tuple[int, Descriptors]] = []
    at = end // SECTOR * SECTOR
    while at < source.size and len(sessions) < _MAX_SESSIONS:
        window = source.read_at(at, _STEP + SECTOR).data
        mark = window.find(b"\x01CD001\x01")
        if mark < 0 or mark % SECTOR:
            at += mark // SECTOR * SECTOR + SECTOR if mark >= 0 else _STEP
            continue
        sector = (at + mark) // SECTOR
        at += mark + SECTOR
        if found := _at(source, sector):
            sessions.append((sector, found))
            blocks = max(volume.blocks for volume in found.volumes)
            at = max(at, min(sector - FIRST + blocks, source.size // SECTOR) * SECTOR)
    return sessions


def _at(source: Source, sector: int) -> Descriptors | None:
    """The descriptors of a session: only if its root lies where the addresses of the whole disc put it.

    An image inside a file of the disc looks the same but counts from its own beginning.
    """
    found = read_descriptors(source, sector)
    for volume in found.volumes:
        root = source.read_at(volume.root * volume.block_size, 34).data
        if root[32:34] == b"\x01\x00" and volume.root in (int.from_bytes(root[2:6], "little"), int.from_bytes(root[6:10], "big")):
            return found
    return None
