"""Digests of every file: what could be read of it, in burn order."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from tview.catalog.model import Catalog
from tview.errors import MediumError
from tview.media import Entry, Medium

ALGORITHMS = ("sha1", "sha256")
_STEP = 1 << 20


class Digest(NamedTuple):
    """The digest of the bytes that could be read, how many those were, and the (offset, length) that could not."""

    hexadecimal: str
    bytes_read: int
    unreadable: tuple[tuple[int, int], ...] = ()


Digests = Mapping[tuple[int, str], Digest]


def digests_of(
    media: Sequence[Medium], catalog: Catalog, algorithm: str, progress: Callable[[int, int], None] = lambda done, total: None
) -> Digests:
    """The digest of every object and other file by (source_number, path). Reads all of the media once.

    `progress` gets bytes done and bytes in all. A medium that goes away leaves out the digests of what was not read.
    """
    wanted = set(_addresses(catalog))
    total = sum(entry.present for number, medium in enumerate(media) for entry in medium.entries() if (number, entry.path) in wanted)
    found: dict[tuple[int, str], Digest] = {}
    done = 0
    for number, medium in enumerate(media):
        try:
            listed = {entry.path: entry for entry in medium.entries()}
            inside = (medium.entry(path) for source, path in sorted(wanted) if source == number and path not in listed)
            for entry in (*listed.values(), *(entry for entry in inside if entry is not None)):
                if (number, entry.path) in wanted:
                    found[number, entry.path] = digest_of(medium, entry, algorithm)
                    done += entry.present
                    progress(done, total)
        except MediumError:
            continue
    return found


def digest_of(medium: Medium, entry: Entry, algorithm: str) -> Digest:
    """The digest of one file. Unreadable parts are left out of it.

    Raises:
        MediumError: the medium has gone away.
    """
    import hashlib  # 2 ms of start-up that only --hash needs

    digest = hashlib.new(algorithm, usedforsecurity=False)
    count, offset = 0, 0
    unreadable: list[tuple[int, int]] = []
    while offset < entry.present:
        read = medium.read(entry, offset, _STEP)
        if not read.data:
            unreadable += read.unreadable
            break
        place = 0
        for start, length in read.unreadable:
            digest.update(read.data[place : start - offset])
            count += max(0, start - offset - place)
            place = start - offset + length
        digest.update(read.data[place:] if place else read.data)
        count += max(0, len(read.data) - place)
        unreadable += read.unreadable
        offset += len(read.data)
    return Digest(digest.hexdigest(), count, tuple(unreadable))


def _addresses(catalog: Catalog) -> Iterator[tuple[int, str]]:
    for series in catalog.series:
        for instance in series.instances:
            if instance.state != "missing":
                yield instance.source_number, instance.path
            yield from ((place.source_number, place.path) for place in instance.also_at)
    yield from ((file.source_number, file.path) for file in catalog.other_files)
