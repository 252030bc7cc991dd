"""The full-screen viewer; the only room that knows Textual."""

from tview.ui.actions import OPEN_ANOTHER
from tview.ui.run import choose_source, run_viewer
from tview.ui.session import Session

__all__ = ["OPEN_ANOTHER", "Session", "choose_source", "run_viewer"]
