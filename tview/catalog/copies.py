"""Whether files with one SOP Instance UID and equal headers are copies: by samples of their bytes, read for such files only."""

from collections.abc import Sequence

from tview.errors import MediumError
from tview.media import BEHIND, Entry, Medium

_WHOLE, _HEAD, _TAIL, _SAMPLE, _SAMPLES = 1 << 16, 1 << 12, 1 << 14, 1 << 12, 6
MOST_ON_A_LASER = 64  # files that a drive is sent back to; of the others sizes and headers tell


def sample_of(medium: Medium, entry: Entry) -> bytes | None:
    """A digest of a file's beginning and end and of places between; of all of a short one. None when not all of that can be read.

    Raises:
        MediumError: the medium has gone away.
    """
    import hashlib  # 2 ms that a disc without duplicates need not wait for

    digest = hashlib.blake2b(digest_size=16)
    with BEHIND:
        for offset, length in _places(entry.present):
            read = medium.read(entry, offset, length)
            if read.unreadable:
                return None
            digest.update(read.data)
    return digest.digest()


def _places(size: int) -> list[tuple[int, int]]:
    if size <= _WHOLE:
        return [(0, size)]
    step = (size - _HEAD - _TAIL) // (_SAMPLES + 1)
    return [(0, _HEAD), *((_HEAD + number * step, _SAMPLE) for number in range(1, _SAMPLES + 1)), (size - _TAIL, _TAIL)]


def samples_of(media: Sequence[Medium], addresses: Sequence[tuple[int, str]]) -> dict[tuple[int, str], bytes]:
    """The samples of these files, medium by medium in burn order; without those that could not be read."""
    found: dict[tuple[int, str], bytes] = {}
    wanted = set(addresses)
    for number, medium in enumerate(media):
        entries = [entry for path_number, path in wanted if path_number == number if (entry := medium.entry(path)) is not None]
        entries.sort(key=lambda entry: entry.order)
        try:
            for entry in entries[: MOST_ON_A_LASER if medium.optical else None]:
                sample = sample_of(medium, entry)
                if sample is not None:
                    found[number, entry.path] = sample
        except MediumError:
            continue
    return found
