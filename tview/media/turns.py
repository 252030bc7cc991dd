"""Whose turn it is at a drive that serves one reader at a time: what somebody looks at comes before what is read for later."""

import heapq
import threading
from types import TracebackType


class _Thread(threading.local):
    behind = 0


_THREAD = _Thread()


class _Behind:
    """Reads inside come after those of other threads that are not inside. May be nested; shared by all."""

    def __enter__(self) -> None:
        _THREAD.behind += 1

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        _THREAD.behind -= 1


BEHIND = _Behind()


class Turn:
    """A lock that goes to the first waiting reader, those that are `BEHIND` after all others. Not to be taken twice by one thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[tuple[bool, int, threading.Lock]] = []
        self._taken, self._number = False, 0

    def __enter__(self) -> None:
        with self._lock:
            if not self._taken:
                self._taken = True
                return
            gate = threading.Lock()
            gate.acquire()
            self._number += 1
            heapq.heappush(self._waiting, (_THREAD.behind > 0, self._number, gate))
        gate.acquire()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        with self._lock:
            if self._waiting:
                heapq.heappop(self._waiting)[2].release()
            else:
                self._taken = False
