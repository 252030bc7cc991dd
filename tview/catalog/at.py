"""Files by their paths, without a catalog."""

from collections.abc import Sequence

from tview.media import Entry, Medium, Resolved
from tview.text import safe


def entry_at(media: Sequence[Medium], path: str) -> tuple[int, Entry] | None:
    """The first medium that has a file at this path, and the file: as the medium writes it, as `ls` shows it, or near enough."""
    for number, medium in enumerate(media):
        entry = entry_named(medium, path)
        if entry is not None:
            return number, entry
    return None


def entry_named(medium: Medium, path: str) -> Entry | None:
    """The same on one medium."""
    # Once through the list costs a tenth of an index of it, which one file does not pay back.
    exact = next((entry for entry in medium.entries() if entry[0] == path), None) or medium.entry(path)
    if exact is not None:
        return exact
    shown = next((entry for entry in medium.entries() if safe(entry.path) == path), None)
    if shown is not None:
        return shown
    resolved = medium.resolve(path)
    return resolved.entry if isinstance(resolved, Resolved) and "base-name" not in (resolved.repair or "") else None


def is_named_dicomdir(path: str) -> bool:
    """Whether a file is called DICOMDIR, in any of the ways discs write it."""
    name = path.rpartition("/")[2].upper().partition(";")[0].rstrip(". ")
    return name in ("DICOMDIR", "DICOMDIR.DCM")
