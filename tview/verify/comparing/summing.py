"""A source held against a list of sums: each file by its content, found by its address or, when it has moved, by its sum."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from tview.catalog import Instance, Series
from tview.media import Entry, Medium
from tview.text import safe
from tview.verify.comparing.model import Others, Pair
from tview.verify.comparing.telling import series_words

_STEP = 1 << 20


def compare_sums(
    medium: Medium, objects: Mapping[str, tuple[Series, Instance]], sums: Mapping[str, str], took: Callable[[int], None]
) -> Iterator[Pair | Others]:
    """A pair for each object, what the list has and the source lacks, and last the other files as counts."""
    names = {name.casefold(): (name, digest) for name, digest in sums.items()}
    of_digest = {digest: name for name, digest in sums.items()}
    used: set[str] = set()
    others: Counter[str] = Counter()
    for entry in medium.entries():
        digest = _digest(medium, entry, took)
        named = names.get(entry.path.casefold())
        if named is None or named[1] != digest:
            moved = of_digest.get(digest or "")
            named = (moved, digest) if moved is not None and digest is not None else named
        if named is not None:
            used.add(named[0])
        state = _state(named, digest)
        if entry.path in objects:
            series, instance = objects[entry.path]
            there = named[0] if named else None
            pixels = "unknown" if state in ("different", "not-read") else "equal" if state == "identical" else "none"
            yield Pair(instance.sop_instance_uid, state, series_words(series), entry.path, there, pixels=pixels)
        else:
            others[state] += 1
    for name in sums:
        if name not in used:
            yield Pair(None, "missing-in-a", safe(""), None, name)
    yield Others(others["identical"], others["different"], others["missing-in-b"], 0, others["not-read"])


def _state(named: tuple[str, str] | None, digest: str | None) -> str:
    if named is None:
        return "missing-in-b"
    if digest is None:
        return "not-read"
    return "identical" if named[1] == digest else "different"


def _digest(medium: Medium, entry: Entry, took: Callable[[int], None]) -> str | None:
    """The SHA-256 of a file; None when some of it cannot be read."""
    digest = hashlib.sha256()
    whole = entry.whole
    for offset in range(0, entry.present, _STEP):
        read = medium.read(entry, offset, _STEP)
        digest.update(read.data)
        whole = whole and not read.unreadable
        took(len(read.data))
    return digest.hexdigest() if whole else None
