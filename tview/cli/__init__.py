"""Commands and exit codes. Importing the room costs nothing: the first bytes are on the screen before anything else is imported."""

import _signal  # type: ignore[import-not-found]  # signal without its enums, which take 3 ms
import gc
import os
import sys

TYPE_CHECKING = False  # importing typing to ask it takes 10 ms, as long as Python's own start
if TYPE_CHECKING:
    from typing import NoReturn

ENTER = b"\x1b[?1049h\x1b[?25l\x1b[0;97;40m\x1b[2J\x1b[H"
LEAVE = b"\x1b[0m\x1b[?25h\x1b[?1049l"
_SHORT = (["ls"], ["show"], ["tags"])  # their processes soon end, and have nothing to close then

__all__ = ["entry"]


def entry() -> "NoReturn":
    """The console script: nothing is imported from the working directory, which may be a disc."""
    here = os.path.realpath(".")
    sys.path[:] = [place for place in sys.path if place and os.path.realpath(place) != here]
    is_short = sys.argv[1:2] in _SHORT
    if is_short:
        gc.disable()  # what a command that soon ends leaves behind goes with it: 6 ms of looking for cycles
    shown = _will_open_viewer(sys.argv[1:])
    if shown:
        for number in (1, 3, 15):  # HUP, QUIT, TERM, until the viewer has handlers of its own
            _signal.signal(number, _leave)
        os.write(1, ENTER)
        gc.disable()  # until the screen stands: modules are no garbage, and looking through them takes 20 ms of their import
    from tview.cli.main import main

    code = main(on_other_screen=shown)
    if is_short:
        _end(code)
    sys.exit(code)


def _leave(number: int, _frame: object) -> None:
    os.write(1, LEAVE)
    os._exit(128 + number)


def _end(code: int) -> "NoReturn":
    """End without taking the interpreter apart: 15 ms, with numpy 25 to 45. Media and decoder are closed, files are written."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError):
            code = code or 5  # Exit.NO_OUTPUT, without importing it here
    os._exit(code)


def _will_open_viewer(arguments: list[str]) -> bool:
    """Whether these are sources that exist, none of them a word that could be a command, on a terminal that can draw."""
    return (
        bool(arguments)
        and all(not word.startswith("-") and not word.isalpha() and os.path.exists(word) for word in arguments)
        and os.environ.get("TERM", "dumb") not in ("", "dumb", "unknown")
        and os.isatty(0)
        and os.isatty(1)
    )
