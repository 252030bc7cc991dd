"""The bytes that give a terminal back as it was, whatever was going on: for signal handlers, crashes and suspension."""

from tview.terminal.encoder import Encoder

_CANCEL = b"\x18\x1b\\"
"""CAN ends an unfinished sequence; ST ends an unfinished string (a picture cut in two)."""

_MODES_OFF = (
    2026,  # synchronized updates: a terminal left in one shows nothing for a while
    2048,  # reports of size changes
    2031,  # reports of light and dark
    2004,  # bracketed paste
    *range(1000, 1007),  # mouse and focus
    *range(1015, 1017),  # more mouse
    1049,  # the other screen
)


def restore_bytes(encoder: Encoder | None = None, panes: int = 4) -> bytes:
    """Free the pictures of the first panes, switch every mode off that the viewer switches on, give the cursor back.

    Setting the scroll region moves the cursor home, so it is put back: the shell goes on where it was. Made of constants: a signal
    handler may write it without allocating more than this.
    """
    pictures = b"".join(encoder.erase(pane) for pane in range(panes)) if encoder else b""
    modes = b"".join(b"\x1b[?%dl" % mode for mode in _MODES_OFF)
    return _CANCEL + pictures + b"\x1b[<u\x1b[>4;0m" + modes + b"\x1b[?25h\x1b[?7h\x1b7\x1b[r\x1b8\x1b[m"
