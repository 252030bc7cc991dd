"""Decoded frames in memory: the one looked at, its neighbours in the direction of travel, and no more than fit."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence

from tview.errors import PixelError, finding
from tview.pixels.frame import Frame

_ROOM = 192 << 20
_AHEAD = 12
_BEHIND = 2
_REFUSED_COST = 4096  # what a remembered failure counts


class FrameStore:
    """Frames by key (whatever `load` understands), least recently used thrown out first, with one thread that decodes ahead.

    Any thread may call. A frame that cannot be loaded is remembered as such until `forget`: scrolling past it costs its time once.
    """

    def __init__(self, load: Callable[[Hashable], Frame], room_bytes: int = _ROOM, ahead: int = _AHEAD, behind: int = _BEHIND) -> None:
        self._load, self._room, self._ahead, self._behind = load, room_bytes, ahead, behind
        self._kept: OrderedDict[Hashable, Frame | PixelError] = OrderedDict()
        self._bytes = 0
        self._loading: set[Hashable] = set()
        self._wanted: list[Hashable] = []
        self._pinned: Hashable = None
        self._changed = threading.Condition()
        self._closed = False
        self._thread: threading.Thread | None = None

    @property
    def nbytes(self) -> int:
        """What the kept frames take, or may come to take."""
        return self._bytes

    def peek(self, key: Hashable) -> Frame | None:
        """The frame if it is kept; never loads."""
        with self._changed:
            found = self._kept.get(key)
            return found if isinstance(found, Frame) else None

    def get(self, key: Hashable) -> Frame:
        """The frame, loaded in this thread when it is not kept and nobody else is at it.

        Raises:
            PixelError: it cannot be loaded. What else `load` raises comes through too, and is not remembered.
        """
        with self._changed:
            self._pinned = key
            while key in self._loading:
                self._changed.wait()
            found = self._kept.get(key)
            if found is None:
                if self._closed:
                    raise PixelError(finding("decoder-unavailable", problem="the program is ending"))
                self._loading.add(key)
            else:
                self._kept.move_to_end(key)
        if found is None:
            found = self._fetch(key)
        if isinstance(found, PixelError):
            raise PixelError(found.finding)
        return found

    def look_at(self, keys: Sequence[Hashable], position: int, direction: int = 1) -> None:
        """Decode ahead around `keys[position]`: more of them in the `direction` of travel (1 or -1), none at 0. Drops earlier wishes."""
        step = 1 if direction >= 0 else -1
        ahead = [position + step * n for n in range(1, self._ahead + 1)] if direction else []
        behind = [position - step * n for n in range(1, self._behind + 1)] if direction else []
        with self._changed:
            largest = max((_cost(kept) for kept in self._kept.values()), default=1)
            fitting = max(self._room // largest - 2, 0)  # beyond that, frames decoded ahead would throw out one another
            self._wanted = [keys[i] for i in (*ahead, *behind) if 0 <= i < len(keys)][:fitting]
            self._pinned = keys[position] if 0 <= position < len(keys) else None
            if self._wanted and self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._decode_ahead, name="tview-frames", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def forget(self, key: Hashable) -> None:
        """Load it anew next time."""
        with self._changed:
            self._drop(key)

    def clear(self) -> None:
        """Forget all frames and wishes."""
        with self._changed:
            self._wanted = []
            self._kept.clear()
            self._bytes = 0

    def close(self) -> None:
        """Forget all and end the thread; one frame that is being decoded is still finished."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self.clear()

    def _decode_ahead(self) -> None:
        while True:
            with self._changed:
                key = None
                while key is None and not self._closed:
                    while self._wanted and (self._wanted[0] in self._kept or self._wanted[0] in self._loading):
                        self._wanted.pop(0)
                    if self._wanted:
                        key = self._wanted.pop(0)
                        self._loading.add(key)
                    else:
                        self._changed.wait()
                if self._closed:
                    return
            try:
                self._fetch(key)
            except Exception:  # noqa: S112 - a door: what went wrong is told when the frame is looked at, and loaded again
                continue

    def _fetch(self, key: Hashable) -> Frame | PixelError:
        found: Frame | PixelError | None = None
        try:
            found = self._load(key)
        except PixelError as error:
            found = error
            found.__traceback__ = None  # its frames would keep the data alive
        finally:
            with self._changed:
                self._loading.discard(key)
                if found is not None and not self._closed:
                    self._keep(key, found)
                self._changed.notify_all()
        return found

    def _keep(self, key: Hashable, found: Frame | PixelError) -> None:
        self._drop(key)
        self._kept[key] = found
        self._bytes += _cost(found)
        for old in list(self._kept):
            if self._bytes <= self._room:
                break
            if old not in (key, self._pinned):
                self._drop(old)

    def _drop(self, key: Hashable) -> None:
        old = self._kept.pop(key, None)
        if old is not None:
            self._bytes -= _cost(old)


def _cost(kept: Frame | PixelError) -> int:
    return kept.nbytes if isinstance(kept, Frame) else _REFUSED_COST
