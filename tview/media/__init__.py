"""Where bytes come from: folders, files, drives, disc images and archives, as lists of files that can be read. It knows no DICOM."""

from typing import TYPE_CHECKING

from tview.late import late_names
from tview.media.heads import told_ahead
from tview.media.medium import Medium
from tview.media.opening import open_bytes, open_medium
from tview.media.passwords import Password
from tview.media.reading import EntryReader, entry_reader
from tview.media.turns import BEHIND
from tview.media.values import Entry, Extent, Read, Refused, Resolved, Source

if TYPE_CHECKING:
    from tview.media.drives import Drive, DriveState, Watch, eject, list_drives

_DRIVES = ("Drive", "DriveState", "Watch", "eject", "list_drives")

__all__ = [
    "BEHIND",
    "Drive",
    "DriveState",
    "Entry",
    "EntryReader",
    "Extent",
    "Medium",
    "Password",
    "Read",
    "Refused",
    "Resolved",
    "Source",
    "Watch",
    "eject",
    "entry_reader",
    "list_drives",
    "open_bytes",
    "open_medium",
    "told_ahead",
]

__getattr__ = late_names(__name__, globals(), dict.fromkeys(_DRIVES, "drives"))  # most sources lie in no drive
