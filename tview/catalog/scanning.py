"""The scan: DICOMDIRs first, then the header of every file in burn order, as ever fuller catalogs."""

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from tview.catalog.claims import Claims
from tview.catalog.facts import FactsReader
from tview.catalog.gather import Gatherer
from tview.catalog.look import Looked, Looker
from tview.catalog.model import Catalog, FileSet, OtherFile
from tview.dicom.limits import DEFAULT, Limits
from tview.errors import Finding, MediumError, Severity
from tview.media import BEHIND, Entry, Medium, told_ahead

SNAPSHOT_S = 0.25
_CONTAINERS = frozenset(("zip", "archive", "disc-image"))
_CLOCK_EVERY = 16  # files between two looks at the clock


def never() -> bool:
    """A cancel test for those who wait."""
    return False


def scan(
    media: Sequence[Medium],
    *,
    cancelled: Callable[[], bool] = never,
    limits: Limits = DEFAULT,
    interval_s: float = SNAPSHOT_S,
    clock: Callable[[], float] = time.monotonic,
    failed: Sequence[Finding] = (),
) -> Iterator[Catalog]:
    """Snapshots about every `interval_s`, the last one complete; none after `cancelled` says so, which is asked before every file.

    The first has what the DICOMDIRs promise, before any other file is read. A medium that goes away ends its part with a finding. `failed`
    are those of sources that could not be opened: they stand first among the catalog's, under source numbers behind those of the media.
    """
    return _Scan(media, cancelled, limits, interval_s, clock, failed).run()


def complete_catalog(media: Sequence[Medium], limits: Limits = DEFAULT, failed: Sequence[Finding] = ()) -> Catalog:
    """The complete catalog, when it is needed whole."""
    collecting = gc.isenabled()
    gc.disable()  # a scan makes no cycles, and the collector's looking for them takes a tenth of its time
    try:
        snapshots = tuple(scan(media, limits=limits, interval_s=float("inf"), failed=failed))
    finally:
        if collecting:
            gc.enable()
    return snapshots[-1] if snapshots else Catalog(complete=True)


class _Scan:
    """One scan under way."""

    def __init__(
        self,
        media: Sequence[Medium],
        cancelled: Callable[[], bool],
        limits: Limits,
        interval_s: float,
        clock: Callable[[], float],
        failed: Sequence[Finding],
    ) -> None:
        self._media, self._cancelled, self._interval_s, self._clock = media, cancelled, interval_s, clock
        self._gatherer = Gatherer()
        facts = FactsReader()
        self._claims = Claims(self._gatherer, facts, limits)
        self._looker = Looker(facts, limits)
        self._file_sets: list[FileSet] = []
        self._gone = [replace(told, source_number=len(media) + place) for place, told in enumerate(failed)]
        self._read = self._total = 0
        self._told = clock()

    def run(self) -> Iterator[Catalog]:
        work: list[tuple[int, Medium, list[Entry]]] = []
        for number, medium in enumerate(self._media):
            try:
                entries = self._listed(medium)
                if entries is None:
                    return
                self._file_sets.append(self._claims.read(number, medium, entries))
            except MediumError as error:
                self._lost(number, error)
                entries = []
                self._file_sets.append(FileSet(None, "absent"))
            self._total += len(entries)
            work.append((number, medium, entries))
        if self._interval_s != float("inf") and self._total:
            yield self._snapshot(False)
        for number, medium, entries in work:
            try:
                for place, entry in enumerate(told_ahead(medium, entries)):
                    if self._cancelled():
                        return
                    if (number, entry.path) not in self._claims.directories:
                        with BEHIND:
                            looked = self._looker.look(number, medium, entry)
                        self._take(number, entry, looked)
                        if looked.kind in _CONTAINERS:
                            yield from self._look_inside(number, medium, entry)
                    self._read += 1
                    if place % _CLOCK_EVERY == 0 and self._clock() - self._told >= self._interval_s:
                        yield self._snapshot(False)
            except MediumError as error:
                self._lost(number, error)
        if alike := self._gatherer.alike():
            from tview.catalog.copies import samples_of

            self._gatherer.sampled(samples_of(self._media, alike))
        yield self._snapshot(True)

    def _look_inside(self, number: int, medium: Medium, entry: Entry) -> Iterator[Catalog]:
        """The files of an archive or a disc image that lies on the medium as a file."""
        with BEHIND:
            inner = medium.inside(entry)
        self._total += len(inner)
        for place, one in enumerate(inner):
            if self._cancelled():
                return
            with BEHIND:
                looked = self._looker.look(number, medium, one)
            self._take(number, one, looked, unlisted=False)
            self._read += 1
            if place % _CLOCK_EVERY == 0 and self._clock() - self._told >= self._interval_s:
                yield self._snapshot(False)

    def _listed(self, medium: Medium) -> list[Entry] | None:
        entries = []
        for entry in medium.walk():
            if self._cancelled():
                return None
            entries.append(entry)
        return entries

    def _take(self, number: int, entry: Entry, looked: Looked, unlisted: bool = True) -> None:
        told = looked.findings
        if told:
            for one in told:
                if one.severity is Severity.INFO or looked.facts is None:
                    self._gatherer.notes.add(one, number, fold=one.severity is Severity.INFO or None)
            told = tuple(one for one in told if one.severity is not Severity.INFO)
        if looked.facts is not None:
            self._gatherer.found(looked.facts, told)
            if unlisted:
                self._claims.unlisted(looked.facts)
        elif self._claims.promised((number, entry.path)):
            self._claims.broken(number, entry, looked)
        else:
            self._gatherer.other(OtherFile(number, entry.path, looked.kind, entry.size))

    def _lost(self, number: int, error: MediumError) -> None:
        self._gone.append(replace(error.finding, source_number=number))

    def _snapshot(self, complete: bool) -> Catalog:
        self._told = self._clock()
        from_media = [replace(told, source_number=number) for number, medium in enumerate(self._media) for told in medium.findings]
        return self._gatherer.snapshot(
            self._file_sets, [*self._gone, *from_media], complete=complete, files_read=self._read, files_total=self._total
        )
