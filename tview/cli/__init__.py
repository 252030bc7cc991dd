"""Commands and exit codes. Importing the room costs nothing: the first bytes are on the screen before anything else is imported."""

import os
import sys
from typing import NoReturn

ENTER = b"\x1b[?1049h\x1b[?25l\x1b[0;97;40m\x1b[2J\x1b[H"
LEAVE = b"\x1b[0m\x1b[?25h\x1b[?1049l"

__all__ = ["entry"]


def entry() -> NoReturn:
    """The console script: nothing is imported from the working directory, which may be a disc."""
    here = os.path.realpath(".")
    sys.path[:] = [place for place in sys.path if place and os.path.realpath(place) != here]
    shown = _will_open_viewer(sys.argv[1:])
    if shown:
        os.write(1, ENTER)
    from tview.cli.main import main

    sys.exit(main(on_other_screen=shown))


def _will_open_viewer(arguments: list[str]) -> bool:
    """Whether these are sources that exist, none of them a word that could be a command, on a terminal that can draw."""
    return (
        bool(arguments)
        and all(not word.startswith("-") and not word.isalpha() and os.path.exists(word) for word in arguments)
        and os.environ.get("TERM", "dumb") not in ("", "dumb", "unknown")
        and os.isatty(0)
        and os.isatty(1)
    )
