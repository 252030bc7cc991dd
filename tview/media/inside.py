"""Archives and disc images that lie on a medium as files: their files beside the others, read where they lie."""

from collections.abc import Sequence

from tview.errors import MediumError
from tview.media.medium import Medium
from tview.media.values import Entry, Read, Source

INSIDE = "inside"
"""The `tree` of an entry that lies in a file of the medium."""
_MOST_OPENED = 16
_MOST_FILES = 20_000


class EntrySource:
    """A file of a medium as a source. It owns nothing."""

    def __init__(self, medium: Medium, entry: Entry) -> None:
        self._medium, self._entry = medium, entry
        self.name, self.size = entry.path, entry.present

    def read_at(self, offset: int, length: int) -> Read:
        """See `Source.read_at`."""
        return self._medium.read(self._entry, offset, length) if 0 <= offset < self.size else Read(b"")

    def close(self) -> None:
        """See `Source.close`."""


class WithInside(Medium):
    """A medium whose files may be archives or images."""

    def __init__(self, source: str) -> None:
        super().__init__(source)
        self._opened_inside = 0
        self._within: dict[str, tuple[Medium, Entry, Entry]] = {}

    def inside(self, entry: Entry) -> Sequence[Entry]:
        """See `Medium.inside`."""
        if self._opened_inside >= _MOST_OPENED or len(self._within) >= _MOST_FILES or entry.tree == INSIDE:
            return ()
        inner = _opened(self, entry)
        if inner is None:
            return ()
        self._opened_inside += 1
        found = []
        for one in inner.entries()[:_MOST_FILES]:
            shown = Entry(f"{entry.path}/{one.path}", one.size, one.present, (), entry.order, entry.session, INSIDE)
            self._within[shown.path] = inner, one, shown
            found.append(shown)
        if found:
            self.notes.add("files-inside", entry.path, files=len(found))
        return found

    def entry(self, path: str) -> Entry | None:
        """See `Medium.entry`; one in an archive or image that was looked into as well."""
        within = self._within.get(path)
        return super().entry(path) if within is None else within[2]

    def read_inside(self, entry: Entry, offset: int, length: int | None) -> Read:
        """The part of `read` for an entry whose `tree` is INSIDE."""
        within = self._within.get(entry.path)
        return within[0].read(within[1], offset, length) if within is not None else Read(b"")


def _opened(medium: Medium, entry: Entry) -> Medium | None:
    """What this file is as a medium: a ZIP or TAR without a password, or a disc image. None for anything else."""
    from tview.media.archive import Archive, member_opener
    from tview.media.geometry import SectorSource, known_geometry
    from tview.media.notes import Notes
    from tview.media.tarred import is_tar, read_tar
    from tview.media.zipped import is_zip, read_zip

    source: Source = EntrySource(medium, entry)
    try:
        if source.read_at(0, 2).data != b"MZ" and is_zip(source):
            members = read_zip(source, Notes())
            locked = any(member.locked is not None for member in members)
            return None if locked else Archive(entry.path, source, "zip", members, member_opener(source, None))
        if is_tar(source):
            return Archive(entry.path, source, "tar", read_tar(source, Notes()), member_opener(source, None))
        geometry = known_geometry(source)
        if geometry is not None:
            from tview.media.disc import Disc

            return Disc(entry.path, source if geometry.plain else SectorSource(source, geometry))
    except MediumError:
        return None
    return None
