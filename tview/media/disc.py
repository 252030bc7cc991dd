"""A disc or an image of one: its sessions and trees as one medium."""

from collections.abc import Iterable, Sequence

from tview.errors import Finding, finding
from tview.media.iso9660 import read_tree
from tview.media.medium import Medium, read_extents
from tview.media.sources import SECTOR, FileSource
from tview.media.tree import Tree
from tview.media.union import unite
from tview.media.values import Entry, Read, Source
from tview.media.volumes import FIRST, Descriptors, read_descriptors

_MAX_TOLD = 20


class Disc(Medium):
    """ISO 9660 with its extensions, read from a source of 2048-byte sectors. It owns the source."""

    def __init__(self, name: str, source: Source, device: FileSource | None = None, kind: str = "iso9660") -> None:
        super().__init__(name)
        self._source, self._device = source, device
        self.kind = kind
        self.size = source.size
        self.optical = device is not None and device.serial
        self._entries, self._aliases = self._read()

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
        return read_extents(self._source, entry, offset, length)

    def close(self) -> None:
        """See `Medium.close`."""
        self._source.close()

    def _addresses(self) -> Iterable[tuple[str, Entry]]:
        yield from ((entry.path, entry) for entry in self._entries)
        yield from self._aliases

    def _read(self) -> tuple[list[Entry], list[tuple[str, Entry]]]:
        trees: list[Tree] = []
        for number, sector in enumerate(self._session_starts(), 1):
            trees += self._read_session(read_descriptors(self._source, sector), number)
        entries, aliases = unite(trees, self.notes)
        self._tell_losses(entries)
        return entries, aliases

    def _session_starts(self) -> list[int]:
        """The sectors at which sessions have their first descriptor."""
        return [FIRST]

    def _read_session(self, found: Descriptors, session: int) -> list[Tree]:
        trees = [read_tree(self._source, volume, session) for volume in found.volumes]
        if found.volumes and not found.primary:
            self.notes.add("descriptor-damaged", what="primary")
        if found.volumes and not found.terminated:
            self.notes.add("descriptors-not-ended")
        for volume in found.volumes:
            # The primary label is cut to few characters; a Joliet one that goes on from it says more.
            if volume.label and (not self.label or len(volume.label) > len(self.label) or session > 1):
                self.label = volume.label
        for tree in trees:
            self.notes.take(tuple(tree.findings))
        short = max((volume.blocks * volume.block_size for volume in found.volumes), default=0) - self._source.size
        if short >= SECTOR:
            self.notes.add("disc-cut-off", missing=short, size=self._source.size)
        return trees

    def _tell_losses(self, entries: Sequence[Entry]) -> None:
        if not entries:
            self.notes.add("no-files")
        for entry in entries:
            if not entry.whole:
                self.notes.add("file-cut-off", entry.path, present=entry.present, size=entry.size)
