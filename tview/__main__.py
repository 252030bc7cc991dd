"""``python -m tview``."""

from tview.cli import entry

if __name__ == "__main__":
    entry()
