"""Where the sessions of a disc begin: by the drive's table of contents, else by looking."""

import time
from collections.abc import Callable, Iterator, Sequence

from tview.media.notes import Notes
from tview.media.sources import SECTOR
from tview.media.values import Source, next_data
from tview.media.volumes import FIRST, Descriptors, read_descriptors

_STEP = 4 << 20
_MAX_SESSIONS = 99  # of tracks, and so of sessions, on a disc: ECMA-130 22.3.3.1
_RUN_OUT = 150
_MARK = b"\x01CD001\x01"
# How far the next session is looked for: those of a CD have 24 MB between them, larger discs more.
_LEAST, _MOST, _SECONDS = 256 << 20, 512 << 20, 1.0


def session_starts(
    source: Source, tracks: Sequence[int] | None, notes: Notes, clock: Callable[[], float] = time.monotonic
) -> list[tuple[int, Descriptors]]:
    """The sector of the first volume descriptor of each session, with what stands there; the first session always.

    `tracks` are the first sectors of the drive's data tracks; without them an image is searched, but only past the end that its
    first session gives: what lies before that are files. `notes` are told of what was left out of the search.
    """
    first = read_descriptors(source)
    sessions = [(FIRST, first)]
    if tracks is None:
        return sessions + _search(source, first, notes, clock)
    for track in sorted(tracks)[:_MAX_SESSIONS]:
        if track and (found := _at(source, track + FIRST)):
            sessions.append((track + FIRST, found))
    if len(sessions) > 1 and not (first.volumes or first.udf):  # music comes first, the data track after it
        del sessions[0]
    return sessions


def _search(source: Source, first: Descriptors, notes: Notes, clock: Callable[[], float]) -> list[tuple[int, Descriptors]]:
    end = max((volume.blocks * volume.block_size for volume in first.volumes), default=0)
    if not end or source.size - end < (_RUN_OUT + 2 * FIRST) * SECTOR:
        return []
    sessions: list[tuple[int, Descriptors]] = []
    at, looked, began = end // SECTOR * SECTOR, 0, clock()
    while (at := next_data(source, at) // SECTOR * SECTOR) < source.size and len(sessions) < _MAX_SESSIONS:
        if looked >= _MOST or (looked >= _LEAST and clock() - began > _SECONDS):
            notes.add("sessions-not-searched", length=source.size - at)
            break
        for mark in _marks(source.read_at(at, _STEP).data):
            sector = (at + mark) // SECTOR
            if found := _at(source, sector):
                sessions.append((sector, found))
                blocks = max(volume.blocks for volume in found.volumes)
                at = max(at + mark + SECTOR, min(sector - FIRST + blocks, source.size // SECTOR) * SECTOR)
                looked, began = 0, clock()
                break
        else:
            at, looked = at + _STEP, looked + _STEP
    return sessions


def _marks(window: bytes) -> Iterator[int]:
    """Where sectors of this stretch begin as a volume descriptor does."""
    types, sector = window[::SECTOR], -1
    while (sector := types.find(_MARK[0], sector + 1)) >= 0:
        if window.startswith(_MARK, sector * SECTOR):
            yield sector * SECTOR


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
