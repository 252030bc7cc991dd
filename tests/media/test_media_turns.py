"""One reader at a time at a drive, and what is looked at first."""

import threading
import time
from pathlib import Path

from tview.media import BEHIND
from tview.media.sources import FileSource
from tview.media.turns import Turn


def _until(condition) -> None:
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.001)


def test_what_is_looked_at_goes_before_what_waited_longer() -> None:
    turn, order, threads = Turn(), [], []

    def read(name: str, behind: bool) -> None:
        if behind:
            with BEHIND, turn:
                order.append(name)
        else:
            with turn:
                order.append(name)

    with turn:
        for number, (name, behind) in enumerate((("scan 1", True), ("scan 2", True), ("picture 1", False), ("picture 2", False)), 1):
            threads.append(threading.Thread(target=read, args=(name, behind)))
            threads[-1].start()
            _until(lambda number=number: len(turn._waiting) == number)
    for thread in threads:
        thread.join()
    assert order == ["picture 1", "picture 2", "scan 1", "scan 2"]


def test_one_at_a_time_and_nobody_is_forgotten() -> None:
    turn, inside, most, done = Turn(), 0, 0, 0

    def work(behind: bool) -> None:
        nonlocal inside, most, done
        for _ in range(300):
            if behind:
                with BEHIND, turn:
                    inside += 1
                    most = max(most, inside)
                    inside -= 1
            else:
                with turn:
                    inside += 1
                    most = max(most, inside)
                    inside -= 1
        done += 1

    threads = [threading.Thread(target=work, args=(number % 2 == 0,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (done, most) == (8, 1)


def test_a_picture_is_read_while_a_scratch_is_being_ground(tmp_path: Path) -> None:
    """The scan stands at a bad spot, sector by sector; the picture's read slips in between two of its tries."""
    path = tmp_path / "disc"
    path.write_bytes(bytes(1 << 20))
    events: list[str] = []
    began = threading.Event()

    class Scratched(FileSource):
        def _pread(self, length: int, offset: int) -> bytes:
            with self._turn:
                if offset < 1 << 16:
                    events.append("scratch")
                    began.set()
                    time.sleep(0.01)
                    raise OSError(5, "scratched")
                events.append("picture")
                return bytes(length)

    source = Scratched(str(path), serial=True)

    def scan() -> None:
        with BEHIND:
            source.read_at(0, 1 << 16)

    thread = threading.Thread(target=scan)
    thread.start()
    began.wait(10)
    source.read_at(1 << 18, 2048)
    read_after = events.index("picture")
    thread.join()
    source.close()
    assert read_after <= 3
    assert events.count("scratch") > 10
