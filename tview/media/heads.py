"""The first bytes of files that are read next, fetched beside the reading: a disk or a network share is slow to begin, not to go on."""

import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from stat import S_ISREG

from tview.media.medium import Medium
from tview.media.values import Entry

HEAD = 1 << 14  # most headers fit into it
BATCH = 16  # files that one thread fetches at a time
_AHEAD = 12  # batches before the one that is being read
_THREADS, _MOST_THREADS = 4, 16
_SLOW_S = 0.002  # for one file: a network, which answers more questions at once


def told_ahead(medium: Medium, entries: Sequence[Entry]) -> Iterator[Entry]:
    """The entries one after another; the medium is told of each well before its turn."""
    for place, entry in enumerate(entries):
        if place % BATCH == 0:
            medium.expect(entries[place + _AHEAD * BATCH if place else 0 : place + (_AHEAD + 1) * BATCH])
        yield entry


class _Batch:
    __slots__ = ("done", "entries", "heads")

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = entries
        self.heads: dict[str, bytes] = {}
        self.done = threading.Event()


class Heads:
    """Fetches heads of files on daemon threads. `open_file` gives a descriptor and raises `OSError`; any thread calls it."""

    def __init__(self, open_file: Callable[[str], tuple[int, os.stat_result]]) -> None:
        self._open = open_file
        self._waiting: deque[_Batch] = deque()
        self._batch_of: dict[str, _Batch] = {}
        self._turn = threading.Condition()
        self._threads = self._idle = 0
        self._ended = threading.Event()

    def want(self, entries: Sequence[Entry]) -> None:
        """Begin to fetch these; what was not taken of an earlier wish is forgotten once there are too many."""
        if len(self._batch_of) > 4 * _AHEAD * BATCH:
            self._batch_of.clear()
        for start in range(0, len(entries), BATCH):
            batch = _Batch([entry for entry in entries[start : start + BATCH] if entry.size])
            with self._turn:
                if self._ended.is_set():
                    return
                self._waiting.append(batch)
                self._batch_of.update((entry.path, batch) for entry in batch.entries)
                if self._idle:
                    self._turn.notify()
                elif self._threads < _THREADS:
                    self._start()

    def take(self, path: str) -> bytes | None:
        """The head of this file, waited for when it is under way; once. None when it was not wanted or could not be read at once."""
        batch = self._batch_of.pop(path, None)
        if batch is None:
            return None
        batch.done.wait()
        return batch.heads.pop(path, None)

    def close(self) -> None:
        """Let the threads end; those that wait for a file get nothing."""
        with self._turn:
            self._ended.set()
            for batch in self._waiting:
                batch.done.set()
            self._waiting.clear()
            self._turn.notify_all()

    def _start(self) -> None:
        self._threads += 1
        threading.Thread(target=self._work, daemon=True, name="heads").start()

    def _work(self) -> None:
        while True:
            with self._turn:
                while not self._waiting and not self._ended.is_set():
                    self._idle += 1
                    self._turn.wait()
                    self._idle -= 1
                if self._ended.is_set():
                    return
                batch = self._waiting.popleft()
            began = time.monotonic()
            try:
                for entry in batch.entries:
                    if self._ended.is_set():
                        break
                    with suppress(OSError):
                        batch.heads[entry.path] = self._fetch(entry)
            finally:
                batch.done.set()
            if time.monotonic() - began > _SLOW_S * max(4, len(batch.entries)):
                with self._turn:
                    if self._waiting and self._threads < _MOST_THREADS:
                        self._start()

    def _fetch(self, entry: Entry) -> bytes:
        fd, facts = self._open(entry.path)
        try:
            wanted = min(entry.size, HEAD)
            data = os.pread(fd, wanted, 0) if S_ISREG(facts.st_mode) else b""
        finally:
            os.close(fd)
        if len(data) < wanted:  # a bad spot, or a file that changes: left to whoever reads it
            raise OSError
        return data
