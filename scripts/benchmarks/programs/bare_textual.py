"""A Textual application with the viewer's layout and nothing behind it. With ``--imports``, what a viewer needs is imported first."""

import sys

if "--imports" in sys.argv:
    import pycdlib  # noqa: F401
    import pydicom  # noqa: F401
    import textual_image.widget  # noqa: F401

from textual.app import App, ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Static, Tree


class Bare(App[None]):
    CSS = "Screen { background: #000000; } #side { width: 36; } #body { height: 1fr; } Static { height: 1; } #pane { height: 1fr; }"

    def compose(self) -> ComposeResult:
        yield Static(" no picture")
        with Horizontal(id="body"):
            with Vertical(id="side"):
                yield Static(" disc.iso")
                yield Tree("disc")
            yield Static("reading the medium ...", id="pane")
        yield Static(" ↑↓ image  ←→ series  q quit")


Bare().run()
