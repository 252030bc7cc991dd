"""Frames in memory: within the room given, decoded once, ahead in the direction of travel."""

import threading
import time

import numpy as np
import pytest

from tview.errors import PixelError, finding
from tview.pixels import FrameStore


class Shelf:
    """Loads frames of 32 KB, and remembers which."""

    def __init__(self, make, slow=0.0, broken=()):
        self.loaded, self._make, self._slow, self._broken = [], make, slow, broken

    def __call__(self, key):
        self.loaded.append(key)
        time.sleep(self._slow)
        if key in self._broken:
            raise PixelError(finding("frame-missing", frame=key, present=0))
        return self._make.frame_of(np.full((128, 128), key, np.uint16))


def until(true, limit_s=5):
    end = time.monotonic() + limit_s
    while not true() and time.monotonic() < end:
        time.sleep(0.005)
    return true()


def test_a_frame_is_loaded_once(make):
    shelf = Shelf(make)
    store = FrameStore(shelf)
    assert store.get(3) is store.get(3) and store.peek(3) is store.get(3) and store.peek(4) is None
    assert shelf.loaded == [3]


def test_the_room_is_kept(make):
    store = FrameStore(Shelf(make), room_bytes=10 * 32768)
    for key in range(5000):
        store.get(key)
        assert store.nbytes <= 10 * 32768
    assert store.peek(4999) is not None and store.peek(4985) is None


def test_frames_ahead_are_decoded_in_the_direction_of_travel(make):
    shelf = Shelf(make)
    store = FrameStore(shelf, ahead=4, behind=1)
    store.get(10)
    store.look_at(range(100), 10, 1)
    assert until(lambda: len(shelf.loaded) == 6)
    assert shelf.loaded == [10, 11, 12, 13, 14, 9]
    store.look_at(range(100), 50, -1)
    assert until(lambda: len(shelf.loaded) == 11)
    assert shelf.loaded[6:] == [49, 48, 47, 46, 51]
    store.close()


def test_a_change_of_mind_drops_what_was_wanted(make):
    shelf = Shelf(make, slow=0.02)
    store = FrameStore(shelf, ahead=50, behind=0)
    store.look_at(range(1000), 0, 1)
    assert until(lambda: len(shelf.loaded) >= 2)
    store.look_at(range(1000), 500, 1)
    at = len(shelf.loaded)
    assert until(lambda: len(shelf.loaded) >= at + 3)
    assert all(key > 500 for key in shelf.loaded[at + 1 :])
    store.close()


def test_two_who_want_the_same_wait_for_one(make):
    shelf = Shelf(make, slow=0.1)
    store = FrameStore(shelf)
    found = []
    threads = [threading.Thread(target=lambda: found.append(store.get(1))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert shelf.loaded == [1] and len({id(frame) for frame in found}) == 1


def test_a_failure_is_remembered_until_it_is_forgotten(make):
    shelf = Shelf(make, broken={2})
    store = FrameStore(shelf)
    for _ in range(3):
        with pytest.raises(PixelError):
            store.get(2)
    assert shelf.loaded == [2]
    store.forget(2)
    with pytest.raises(PixelError):
        store.get(2)
    assert shelf.loaded == [2, 2]


def test_what_is_decoded_ahead_never_throws_out_one_another(make):
    shelf = Shelf(make)
    store = FrameStore(shelf, room_bytes=5 * 32768, ahead=20, behind=5)
    store.get(0)
    store.look_at(range(100), 0, 1)
    assert until(lambda: len(shelf.loaded) == 4)
    time.sleep(0.05)
    assert shelf.loaded == [0, 1, 2, 3] and all(store.peek(key) is not None for key in range(4))
    store.close()


def test_a_medium_that_fails_ends_neither_the_store_nor_its_thread(make):
    shelf, gone = Shelf(make), {11, 12}

    def load(key):
        if key in gone:
            raise OSError("medium gone")
        return shelf(key)

    store = FrameStore(load, ahead=3, behind=0)
    store.look_at(range(100), 10, 1)
    assert until(lambda: 13 in shelf.loaded)
    with pytest.raises(OSError, match="gone"):
        store.get(11)
    gone.clear()
    assert store.get(11).stored[0, 0] == 11
    store.close()


def test_after_closing_nothing_is_loaded(make):
    store = FrameStore(Shelf(make))
    store.close()
    with pytest.raises(PixelError):
        store.get(1)
