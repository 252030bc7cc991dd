"""What a terminal with kitty graphics keeps: sent once, placed often, freed in time."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tview.terminal import PictureStore

BOX = (2, 1, 20, 10)
Commands = Callable[[bytes], list[tuple[dict[str, str], bytes]]]


@pytest.fixture
def store(facts: Callable[..., Any]) -> PictureStore:
    return PictureStore(facts())


def grey(value: int, rows: int = 170, columns: int = 160) -> np.ndarray:
    return np.full((rows, columns), value, np.uint8)


def test_a_picture_is_sent_once_without_being_shown(store: PictureStore, kitty_commands: Commands, png_picture: Callable[..., Any]) -> None:
    first, again = store.keep(grey(7), 20, 10), store.keep(grey(7), 20, 10)
    ((keys, data),) = kitty_commands(first.send)
    assert (keys["a"], keys["i"], keys["q"]) == ("t", str(first.number), "2")
    assert np.array_equal(png_picture(data), grey(7))
    assert (again.number, again.send) == (first.number, b"")


def test_showing_again_takes_few_bytes(store: PictureStore) -> None:
    first, second = store.keep(grey(1), 20, 10), store.keep(grey(2), 20, 10)
    store.place(0, first, BOX, None)
    store.place(0, second, BOX, None)
    back = store.place(0, store.keep(grey(1), 20, 10), BOX, None)
    assert len(back) < 300


def test_the_new_picture_comes_before_the_old_one_goes(store: PictureStore, kitty_commands: Commands) -> None:
    first, second = store.keep(grey(1), 20, 10), store.keep(grey(2), 20, 10)
    store.place(0, first, BOX, None)
    commands = [keys for keys, _ in kitty_commands(store.place(0, second, BOX, None))]
    assert commands[0]["a"] == "p" and commands[0]["i"] == str(second.number)
    assert {keys["i"] for keys in commands[1:]} == {str(first.number)} and all(keys["d"] == "i" for keys in commands[1:])


def test_the_parts_around_a_sheet_are_all_of_the_picture_but_the_sheet(store: PictureStore, kitty_commands: Commands) -> None:
    kept = store.keep(grey(9), 20, 10)
    data = store.place(0, kept, BOX, (7, 4, 8, 3))
    drawn = np.zeros((170, 160), int)
    for keys, _ in kitty_commands(data):
        if keys["a"] == "p":
            x, y, w, h = (int(keys[name]) for name in "xywh")
            drawn[y : y + h, x : x + w] += 1
    wanted = np.ones((170, 160), int)
    wanted[3 * 17 : 6 * 17, 5 * 8 : 13 * 8] = 0
    assert np.array_equal(drawn, wanted)


def test_a_small_one_is_stretched_over_its_cells(store: PictureStore, kitty_commands: Commands) -> None:
    kept = store.keep(grey(9, 85, 80), 20, 10, draft=True)
    ((keys, _),) = kitty_commands(store.place(0, kept, BOX, None).replace(b"\x1b7", b"").replace(b"\x1b8", b""))[:1]
    assert (keys["c"], keys["r"], keys["w"], keys["h"]) == ("20", "10", "80", "85")


def test_the_oldest_is_freed_and_never_what_is_shown(facts: Callable[..., Any], kitty_commands: Commands) -> None:
    store = PictureStore(facts(), quota=6 * 170 * 160 * 4)
    shown = store.keep(grey(0), 20, 10)
    store.place(0, shown, BOX, None)
    freed = []
    for value in range(1, 30):
        kept = store.keep(grey(value), 20, 10)
        freed += [int(keys["i"]) for keys, _ in kitty_commands(kept.send) if keys["a"] == "d"]
    assert len(freed) >= 22
    assert shown.number not in freed
    assert store.keep(grey(0), 20, 10).send == b"" and store.keep(grey(1), 20, 10).send != b""


def test_in_the_end_everything_is_freed(store: PictureStore) -> None:
    numbers = {store.keep(grey(value), 20, 10).number for value in range(5)}
    assert {int(number) for number in re.findall(rb"a=d,d=I,i=(\d+)", store.free())} == numbers
    assert store.free() == b""
    assert store.keep(grey(1), 20, 10).send != b""


def test_panes_take_only_their_own_placements_away(store: PictureStore, kitty_commands: Commands) -> None:
    kept = store.keep(grey(5), 20, 10)
    placed = [keys["p"] for pane in (0, 1) for keys, _ in kitty_commands(store.place(pane, kept, BOX, None)) if keys["a"] == "p"]
    assert len(set(placed)) == 2
    erased = {keys["p"] for keys, _ in kitty_commands(store.erase(0))}
    assert placed[0] in erased and placed[1] not in erased


@pytest.mark.parametrize(
    "hole", [None, (5, 4, 6, 3), (3, 2, 20, 10), (0, 0, 100, 3), (0, 0, 5, 100), (20, 11, 50, 50), (50, 50, 3, 3), (4, 0, 2, 90)]
)
def test_around_a_sheet_every_cell_of_the_picture_is_placed_once_and_none_under_it(
    hole: tuple[int, int, int, int] | None, store: PictureStore
) -> None:
    box = (3, 2, 20, 10)
    data = store.place(2, store.keep(grey(3), 20, 10), box, hole)
    covered = np.zeros((60, 120), int)
    for row, column, keys_text in re.findall(rb"\x1b\[(\d+);(\d+)H\x1b_G([^\x1b]*)\x1b", data):
        keys = dict(part.split("=") for part in keys_text.decode().split(","))
        x, y = int(column) - 1, int(row) - 1
        assert (int(keys["x"]), int(keys["y"])) == ((x - 3) * 8, (y - 2) * 17)
        covered[y : y + int(keys["h"]) // 17, x : x + int(keys["w"]) // 8] += 1
    expected = np.zeros((60, 120), int)
    expected[2:12, 3:23] = 1
    if hole:
        expected[hole[1] : hole[1] + hole[3], hole[0] : hole[0] + hole[2]] = 0
    assert np.array_equal(covered, expected)
