"""Two sources compared: their objects by SOP Instance UID, their other files by address."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from tview.catalog import Catalog, Instance, Series, scan
from tview.dicom import DEFAULT, Limits
from tview.media import Entry, Medium
from tview.text import safe
from tview.verify.comparing.model import Compared, Others, Pair, Side
from tview.verify.comparing.objects import File, compare_objects, same_bytes
from tview.verify.comparing.summing import compare_sums
from tview.verify.comparing.telling import findings_of, series_words

if TYPE_CHECKING:
    from tview.pixels import Decoder

MOST_PAIRS = 100_000


class Doing(NamedTuple):
    """How far it is: bytes of A, and the address (not gated) of what is being read."""

    done: int
    total: int
    path: str


class Stopped(Exception):
    """It was asked to stop."""


class Listed(NamedTuple):
    """What is on one side: objects by SOP Instance UID (by address where there is none), and other files by address."""

    medium: Medium
    objects: Mapping[str, tuple[Series, Instance]]
    others: Mapping[str, Entry]
    repeats: int

    @property
    def side(self) -> Side:
        """For the page."""
        label = safe(self.medium.label) if self.medium.label else None
        return Side(safe(self.medium.source), self.medium.kind, label, len(self.objects), len(self.others), self.repeats)


def listed(medium: Medium, catalog: Catalog) -> Listed:
    """The objects that are there, and the files beside them."""
    objects: dict[str, tuple[Series, Instance]] = {}
    repeats = 0
    for series in catalog.series:
        for instance in series.instances:
            if instance.state == "missing":
                continue
            key = instance.sop_instance_uid or f"/{instance.path}"
            repeats += (key in objects) + len(instance.also_at)
            objects.setdefault(key, (series, instance))
    others = {}
    for file in catalog.other_files:
        entry = medium.entry(file.path)
        if entry is not None:
            others[file.path] = entry
    return Listed(medium, objects, others, repeats)


class Comparing:
    """A comparison under way. `progress` and `stopped` are asked about ten times a second; what was compared until then is kept.

    Two media are read side by side, A in burn order; nothing of a file is kept but the megabyte that is looked at.
    """

    def __init__(
        self,
        progress: Callable[[Doing], None] = lambda doing: None,
        stopped: Callable[[], bool] = lambda: False,
        limits: Limits = DEFAULT,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._progress, self._stopped, self._limits, self._clock = progress, stopped, limits, clock
        self._began = clock()
        self._done = self._total = 0
        self._path = ""
        self._decoder: Decoder | None = None

    def run(self, a: Medium, b: Medium) -> Compared:
        """Compare them. Raises `MediumError` when one goes away."""
        counts: Counter[str] = Counter()
        pairs: list[Pair] = []
        one = other = None
        others = Others()
        finished = False
        try:
            one, other = listed(a, self._scanned(a)), listed(b, self._scanned(b))
            self._total = sum(instance.size or 0 for key, (_, instance) in one.objects.items() if key in other.objects)
            self._total += sum(entry.present for path, entry in one.others.items() if path in other.others)
            for pair in self._pairs(one, other):
                counts[pair.state] += 1
                if pair.state != "identical" and len(pairs) < MOST_PAIRS:
                    pairs.append(pair)
            others = self._others(one, other)
            finished = True
        except Stopped:
            pass
        finally:
            if self._decoder is not None:
                self._decoder.close()
        sides = [there.side if there else Side(safe(medium.source), medium.kind, None, 0, 0, 0) for there, medium in ((one, a), (other, b))]
        findings = findings_of(sides[0], sides[1], pairs, others)
        elapsed = self._clock() - self._began
        return Compared(sides[0], sides[1], dict(counts), tuple(pairs), others, findings, finished, self._done, elapsed)

    def _scanned(self, medium: Medium) -> Catalog:
        catalog = Catalog()
        for snapshot in scan([medium], limits=self._limits, cancelled=self._stopped, interval_s=0.25):
            catalog = snapshot
            self._progress(Doing(0, 0, medium.source))
        if self._stopped():
            raise Stopped
        return catalog

    def _pairs(self, one: Listed, other: Listed) -> Iterator[Pair]:
        for key, (series, instance) in sorted(one.objects.items(), key=lambda item: _order(one.medium, item[1][1])):
            there = other.objects.get(key)
            self._path = instance.path
            if there is None:
                yield Pair(instance.sop_instance_uid, "missing-in-b", series_words(series), instance.path, None)
                continue
            a, b = one.medium.entry(instance.path), other.medium.entry(there[1].path)
            words = series_words(series)
            if a is None or b is None:
                yield Pair(instance.sop_instance_uid, "not-read", words, instance.path, there[1].path)
                continue
            found = compare_objects(File(one.medium, a), File(other.medium, b), self._decoding, self._took)
            yield Pair(
                instance.sop_instance_uid, found.state, words, instance.path, there[1].path,
                found.elements, found.elements_count, found.pixels, found.frames, found.largest,
            )  # fmt: skip
        for key, (series, instance) in other.objects.items():
            if key not in one.objects:
                yield Pair(instance.sop_instance_uid, "missing-in-a", series_words(series), None, instance.path)

    def _others(self, one: Listed, other: Listed) -> Others:
        found: Counter[bool | None] = Counter()
        shared = [path for path in one.others if path in other.others]
        for path in shared:
            self._path = path
            found[same_bytes(File(one.medium, one.others[path]), File(other.medium, other.others[path]), self._took)] += 1
        return Others(found[True], found[False], len(one.others) - len(shared), len(other.others) - len(shared), found[None])

    def _took(self, many: int) -> None:
        self._done += many
        if self._stopped():
            raise Stopped
        self._progress(Doing(self._done, max(self._total, self._done), self._path))

    def _decoding(self) -> "Decoder":
        if self._decoder is None:
            from tview.pixels import Decoder

            self._decoder = Decoder()
        return self._decoder

    def run_sums(self, a: Medium, sums: Mapping[str, str], name: str) -> Compared:
        """Compare a source with a list of sums called `name`: every file of it, by address and content."""
        counts: Counter[str] = Counter()
        pairs: list[Pair] = []
        others = Others()
        one, finished = None, False
        try:
            one = listed(a, self._scanned(a))
            places = {instance.path: (series, instance) for series, instance in one.objects.values()}
            self._total = sum(entry.present for entry in a.entries())
            for pair in compare_sums(a, places, sums, self._took):
                if isinstance(pair, Pair):
                    counts[pair.state] += 1
                    if pair.state != "identical" and len(pairs) < MOST_PAIRS:
                        pairs.append(pair)
                else:
                    others = pair
            finished = True
        except Stopped:
            pass
        side = one.side if one else Side(safe(a.source), a.kind, None, 0, 0, 0)
        listing = Side(safe(name), "sums", None, len(sums), 0, 0)
        findings = findings_of(side, listing, pairs, others)
        return Compared(side, listing, dict(counts), tuple(pairs), others, findings, finished, self._done, self._clock() - self._began)


def _order(medium: Medium, instance: Instance) -> int:
    entry = medium.entry(instance.path)
    return entry.order if entry is not None else 0
