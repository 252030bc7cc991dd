"""A run over one medium: read once as deep as was asked for, everything gathered, and the verdict on it."""

import gc
import os
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from tview.catalog import Catalog, scan
from tview.dicom import DEFAULT, Header, Limits, ReadAt, begins_like_dicom
from tview.media import Medium
from tview.verify.evidence import Evidence
from tview.verify.judge import judge
from tview.verify.listing import list_facts, mount_of, tree_facts
from tview.verify.model import Options, Progress, Verdict
from tview.verify.observed import Observed, header_of
from tview.verify.passing import Fetched, Passing
from tview.verify.promised import streams, without_fragments
from tview.verify.unfound import unfound_objects, with_unfound

if TYPE_CHECKING:
    from tview.verify.decoding import Decoding

_SAVE_EVERY_S = 5.0


def never() -> bool:
    return False


def default_level(medium: Medium) -> str:
    """Every byte of a drive, a disc image and an archive, where bytes get lost; headers of a folder or file, which the system's own
    reading has looked after.
    """
    return "headers" if medium.kind in ("folder", "file") and not medium.optical else "bytes"


def verify(
    medium: Medium,
    options: Options = Options(),  # noqa: B008 - a frozen value
    *,
    progress: Callable[[Progress], None] = lambda progress: None,
    stopped: Callable[[], bool] = never,
    limits: Limits = DEFAULT,
    clock: Callable[[], float] = time.monotonic,
) -> Verdict:
    """Read the medium and judge it. `stopped` is asked ten times a second: what was found until then is the verdict so far.

    Runs on the calling thread, beside threads of its own that end with it. `progress` is called on the calling thread.

    Raises:
        ExportError: the state file cannot be written.
        UsageError: it is of another medium.
    """
    return _Run(medium, options, progress, stopped, limits, clock).run()


class _Run:
    """One run under way."""

    def __init__(
        self,
        medium: Medium,
        options: Options,
        progress: Callable[[Progress], None],
        stopped: Callable[[], bool],
        limits: Limits,
        clock: Callable[[], float],
    ) -> None:
        self._medium, self._options, self._limits, self._clock = medium, options, limits, clock
        self._progress, self._stopped = progress, stopped
        self._level = options.level or default_level(medium)
        self._observed = Observed()
        self._began = self._saved = clock()
        self._later: list[tuple[str, Header, ReadAt, int]] = []
        self._decoding: Decoding | None = None
        if self._level == "pixels":
            self._decoding = self._decoder()
        self._state = None
        if options.state_file is not None:
            from tview.verify.resume import State

            self._state = State(options.state_file, medium, self._level)
        self._passing = Passing(
            medium,
            through=self._level in ("bytes", "pixels"),
            everything=options.expected is not None and bool(options.expected.sums),
            take=self._take,
            stopped=stopped,
            tick=self._tick,
            known=self._state.known if self._state else None,
        )

    def run(self) -> Verdict:
        collecting = gc.isenabled()
        gc.disable()  # a scan makes no cycles, and looking for them takes a tenth of its time
        try:
            trees = tree_facts(self._medium) if not self._stopped() else ()
            catalog = self._scanned()
            finished = catalog.complete and not any(told.code in _ENDED for told in catalog.findings)
            finished = self._decoded() and finished
            self._keep(finished)
        finally:
            if collecting:
                gc.enable()
            self._passing.close()
            if self._decoding is not None:
                self._decoding.close()
        decoded = dict(self._state.findings) if self._state else {}
        frames = self._state.frames if self._state else 0
        if self._decoding is not None:
            decoded.update(self._decoding.findings)
            frames += self._decoding.frames
        for path, told in decoded.items():  # of an earlier run
            self._observed.lacking.update((path, one) for one in told if one.code == "frames-absent")
        lists = list_facts(self._passing.lists)
        placed = [(series, one) for study in catalog.studies for series in study.series for one in series.instances]
        unfound = unfound_objects(self._medium, placed, lists, self._observed.other_uids)
        evidence = Evidence(
            medium=self._medium,
            catalog=with_unfound(catalog, unfound),
            level=self._level,
            finished=finished or self._level == "listing",
            options=self._options,
            observed=self._observed,
            lists=lists,
            unfound=tuple(one for _, one in unfound),
            trees=trees,
            decoded=decoded,
            frames_decoded=frames,
            mount=_mount(self._medium),
        )
        return judge(evidence, self._passing.bytes_read, self._clock() - self._began)

    def _scanned(self) -> Catalog:
        interval = 0.0 if self._level == "listing" else float("inf")
        snapshots = scan([self._passing], limits=self._limits, interval_s=interval)
        catalog = Catalog()
        if self._level == "listing":
            catalog = next(snapshots, catalog)
        if self._level == "listing" and not catalog.counts.instances and not catalog.counts.missing and not catalog.complete:
            self._level = "headers"  # nothing is listed: what is there only the files tell
        if self._level != "listing":
            for snapshot in snapshots:
                catalog = snapshot
        if catalog.complete:
            self._passing.finish()
        return catalog

    def _take(self, fetched: Fetched) -> None:
        """A file has gone by."""
        data, path = fetched.head.data, fetched.entry.path
        if not (data[128:132] == b"DICM" or begins_like_dicom(data)):
            self._observed.take(fetched, None)
            return
        medium, entry = self._medium, fetched.entry
        header = header_of(fetched, lambda offset, length: medium.read(entry, offset, length).data)
        if header is not None and any(offset < header.end for offset, _ in fetched.head.unreadable):
            header = None
        self._observed.take(fetched, header)
        if header is None or fetched.through is None or fetched.through.unreadable:
            return
        if self._state is not None and path in self._state.known:
            return
        if not self._is_to_be_decoded(fetched, header):
            return
        if self._decoding is None:
            self._decoding = self._decoder()
        if fetched.whole:
            self._decoding.offer(path, header, lambda offset, length: data[offset : offset + length], entry.present, len(data))
        else:
            self._later.append((path, header, lambda offset, length: medium.read(entry, offset, length).data, entry.present))

    def _is_to_be_decoded(self, fetched: Fetched, header: Header) -> bool:
        """At the level pixels everything; else what its fragments make doubtful. An object without any fragment is told at once."""
        medium, entry, data = self._medium, fetched.entry, fetched.head.data

        def read_at(offset: int, length: int) -> bytes:
            kept = fetched.whole or offset + length <= len(data)
            return data[offset : offset + length] if kept else medium.read(entry, offset, length).data

        found = streams(header, read_at, entry.present)
        if found.is_empty:
            self._observed.lacking[entry.path] = without_fragments(header, entry.path)
        return not found.is_empty and (found.is_doubtful or self._level == "pixels")

    def _decoder(self) -> "Decoding":
        from tview.verify.decoding import Decoding

        return Decoding(compare=self._options.second_decoder)

    def _decoded(self) -> bool:
        """Decode what is left: pictures too large to be kept are read once more, frame by frame."""
        if self._decoding is None:
            return True
        for path, header, read_at, size in self._later:
            if self._stopped():
                return False
            self._decoding.offer(path, header, read_at, size, 64 << 20)
        return self._decoding.finish(self._stopped)

    def _tick(self) -> None:
        passing = self._passing
        self._progress(Progress(passing.done, max(passing.total, passing.done), passing.files, len(passing.order), passing.reading))
        if self._clock() - self._saved >= _SAVE_EVERY_S:
            self._saved = self._clock()
            self._save()

    def _save(self) -> None:
        if self._state is not None:
            decoded = self._decoding.findings if self._decoding else {}
            pending = self._decoding.pending if self._decoding else ()
            frames = self._state.frames + (self._decoding.frames if self._decoding else 0)
            lacking = {path: (told,) for path, told in self._observed.lacking.items()}
            found = {**self._state.findings, **decoded, **lacking}
            self._state.save({**self._state.known, **self._observed.read}, found, frames, pending)

    def _keep(self, finished: bool) -> None:
        if self._state is not None:
            if finished:
                self._state.remove()
            else:
                self._save()


_ENDED = frozenset(("verify-stopped", "medium-gone", "medium-other"))


_REMOVABLE = ("/media/", "/run/media/", "/mnt/")
"""Where systems mount what is put in."""


def _mount(medium: Medium) -> tuple[str, str] | None:
    if medium.kind != "folder" or not os.path.realpath(medium.source).startswith(_REMOVABLE):
        return None
    try:
        with open("/proc/mounts", encoding="utf-8", errors="surrogateescape") as file:
            return mount_of(medium.source, file.read())
    except OSError:
        return None
