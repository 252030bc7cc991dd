"""The full-screen viewer; the only room that knows Textual."""

from tview.ui.run import run_viewer
from tview.ui.session import Session

__all__ = ["Session", "run_viewer"]
