"""A disc or an image of one: its sessions and trees as one medium."""

import threading
from collections.abc import Iterable, Sequence

from tview.errors import Finding, finding
from tview.media.collector import without_collector
from tview.media.geometry import SectorSource
from tview.media.inside import INSIDE, WithInside
from tview.media.iso9660 import has_rock_ridge, mirrors, read_tree
from tview.media.medium import read_extents
from tview.media.notes import Notes
from tview.media.sessions import session_starts
from tview.media.sources import SECTOR, FileSource
from tview.media.tree import TREES, Tree
from tview.media.union import unite
from tview.media.values import Entry, Read, Refused, Resolved, Source
from tview.media.volumes import FIRST, Descriptors, Volume, searched_volumes

_MAX_TOLD = 20


class Disc(WithInside):
    """ISO 9660 with its extensions, UDF or both, read from a source of 2048-byte sectors. It owns the source.

    `tracks` are the first sectors of a drive's data tracks; None lets an image be searched for later sessions.
    """

    def __init__(
        self, name: str, source: Source, device: FileSource | None = None, kind: str | None = None, tracks: Sequence[int] | None = None
    ) -> None:
        super().__init__(name)
        self._source, self._device = source, device
        self.size, self.is_wrapped = source.size, isinstance(source, SectorSource)
        self.sector_size = source.sector_size if isinstance(source, SectorSource) else SECTOR
        self._tracks, self._end = tracks, 0
        self.optical = device is not None and device.serial
        self._mirrors: list[tuple[Volume, int]] = []
        self._mirror_lock = threading.Lock()
        with without_collector():
            self._entries, self._aliases = self._read()
        self.kind = kind or ("udf" if self._trees_read == {"udf"} else "iso9660")

    @property
    def findings(self) -> tuple[Finding, ...]:
        """See `Medium.findings`."""
        bad = tuple(self._device.bad) if self._device else ()
        ranges = tuple(finding("unreadable-range", range=(start, end - start)) for start, end in bad[:_MAX_TOLD])
        more = (finding("unreadable-range", count=len(bad) - _MAX_TOLD),) if len(bad) > _MAX_TOLD else ()
        return (*super().findings, *ranges, *more)

    def entries(self) -> Sequence[Entry]:
        """See `Medium.entries`; `order` is the position of the first byte."""
        return self._entries

    def read(self, entry: Entry, offset: int = 0, length: int | None = None) -> Read:
        """See `Medium.read`."""
        if entry.tree == INSIDE:
            return self.read_inside(entry, offset, length)
        return read_extents(self._source, entry, offset, length)

    def entry(self, path: str) -> Entry | None:
        """See `Medium.entry`; an address in any tree of the disc."""
        found = super().entry(path)
        if found is None and self._mirrors:
            self._read_mirrors()
            found = super().entry(path)
        return found

    def resolve(self, file_id: str | Sequence[str], base: str = "") -> Resolved | Refused | None:
        """See `Medium.resolve`; the names of all trees count, those of further ones once the first did not have it as written."""
        found = super().resolve(file_id, base)
        if self._mirrors and not (isinstance(found, Resolved) and found.repair is None):
            self._read_mirrors()
            found = super().resolve(file_id, base)
        return found

    def go_forward(self) -> None:
        """See `Medium.go_forward`."""
        from tview.media.ahead import ForwardSource

        if not isinstance(self._source, ForwardSource):
            self._source = ForwardSource(self._source)

    def listings(self) -> tuple[Tree, ...]:
        """See `Medium.listings`."""
        found = []
        for number, (_sector, descriptors) in enumerate(self._sessions, 1):
            found += [read_tree(self._source, volume, number) for volume in descriptors.volumes]
        return tuple(found)

    def is_there(self) -> bool:
        """See `Medium.is_there`."""
        return self._device is None or self._device.is_there()

    @property
    def unreadable(self) -> tuple[tuple[int, int], ...]:
        """See `Medium.unreadable`."""
        return tuple((start, end - start) for start, end in self._device.bad) if self._device else ()

    def try_again(self) -> None:
        """See `Medium.try_again`."""
        if self._device:
            self._device.bad.clear()
            self._device.patience.renew()

    def stop_trying(self) -> None:
        """See `Medium.stop_trying`."""
        if self._device:
            self._device.patience.end()

    def close(self) -> None:
        """See `Medium.close`."""
        self._source.close()

    def _addresses(self) -> Iterable[tuple[str, Entry]]:
        yield from ((entry.path, entry) for entry in self._entries)
        yield from self._aliases

    def _read(self) -> tuple[list[Entry], list[tuple[str, Entry]]]:
        trees: list[Tree] = []
        sessions = session_starts(self._source, self._tracks, self.notes)
        self.sessions, self._sessions = len(sessions), sessions
        if self.sessions > 1:
            self.notes.add("sessions-several", sessions=self.sessions)
        # Where there are both, UDF's records come first on most discs: one way through for all.
        further, label = self._read_udf() if sessions[0][1].udf else ([], None)
        for number, (sector, found) in enumerate(sessions, 1):
            trees += self._read_session(sector, found, number)
        if not (trees or further):
            further, label = self._read_udf()
        if not (trees or further) and (volumes := searched_volumes(self._source)):
            trees = self._read_session(FIRST, Descriptors(volumes, True, False, False), 1)
            self.notes.add("descriptor-damaged", what="primary")
        trees += further
        self.label = self.label or label
        entries, aliases = unite(trees, self.notes)
        self._trees_read = {tree.kind for tree in trees}
        self._trees = trees if self._mirrors else []
        self._tell_losses(trees, entries)
        return entries, aliases

    def _read_session(self, sector: int, found: Descriptors, session: int) -> list[Tree]:
        trees = self._read_volumes(found.volumes, session)
        if found.volumes and not found.primary:
            self.notes.add("descriptor-damaged", what="primary")
        if found.volumes and not found.terminated:
            self.notes.add("descriptors-not-ended")
        for volume in found.volumes:
            # The primary label is cut to few characters; a Joliet one that goes on from it says more.
            if volume.label and (not self.label or len(volume.label) > len(self.label) or session > 1):
                self.label = volume.label
            self._end = max(
                self._end, (sector - FIRST + volume.blocks) * volume.block_size if session > 1 else volume.blocks * volume.block_size
            )
        for tree in trees:
            self.notes.take(tree.findings)
        return trees

    def _read_volumes(self, volumes: Sequence[Volume], session: int) -> list[Tree]:
        """The tree whose names come first, then the others; of those that list the same contents only the fact is kept."""
        ranked = sorted(volumes, key=lambda volume: TREES.index("rock-ridge" if has_rock_ridge(self._source, volume) else volume.kind))
        trees: list[Tree] = []
        for volume in ranked:
            if (
                trees
                and not trees[0].lost
                and all(entry.present >= entry.size for entry in trees[0].files)
                and mirrors(self._source, volume, trees[0])
            ):
                self._mirrors.append((volume, session))
                trees[0].mirrored = True
            else:
                trees.append(read_tree(self._source, volume, session))
        return trees

    def _read_mirrors(self) -> None:
        """Take in the names of the trees that list nothing else."""
        with self._mirror_lock:
            mirrored, self._mirrors = self._mirrors, []
            if mirrored:
                more = [read_tree(self._source, volume, session) for volume, session in mirrored]
                self._aliases = unite([*self._trees, *more], Notes())[1]
                self._index = None

    def _read_udf(self) -> tuple[list[Tree], str | None]:
        from tview.media import udf  # 2 ms that most discs need not wait for

        notes = Notes()
        read = udf.read_tree(self._source, notes)
        self.notes.take(notes.findings)
        return ([read[0]], read[1] or None) if read else ([], None)

    def _tell_losses(self, trees: Sequence[Tree], entries: Sequence[Entry]) -> None:
        for path, size, present, *_rest in [entry for entry in entries if entry[2] < entry[1]]:
            self.notes.add("file-cut-off", path, present=present, size=size)
        missing = self._end - self._source.size
        if missing >= SECTOR:
            whole = bool(entries) and "file-cut-off" not in self.notes and not any(tree.lost for tree in trees)
            code = "disc-end-missing" if whole else "disc-cut-off"
            self.notes.add(code, missing=missing, size=self._source.size, whole=self._end)
        elif not entries:
            self.notes.add("no-files")
