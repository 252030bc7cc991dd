"""Commands and exit codes."""

from tview.cli.main import entry, main

__all__ = ["entry", "main"]
