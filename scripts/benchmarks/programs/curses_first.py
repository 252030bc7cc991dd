"""The least a curses program draws: a first line and a last one."""

import curses
import time


def draw(screen: curses.window) -> None:
    rows, _ = screen.getmaxyx()
    screen.addstr(0, 0, " tview")
    screen.addstr(rows - 1, 0, "ready")
    screen.refresh()
    time.sleep(30)


curses.wrapper(draw)
