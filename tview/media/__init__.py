"""Where bytes come from: folders, files, drives, disc images and archives, as lists of files that can be read. It knows no DICOM."""

from tview.media.drives import Drive, DriveState, eject, list_drives
from tview.media.medium import Medium
from tview.media.opening import open_bytes, open_medium
from tview.media.passwords import Password
from tview.media.reading import EntryReader, entry_reader
from tview.media.values import Entry, Extent, Read, Refused, Resolved, Source

__all__ = [
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
    "eject",
    "entry_reader",
    "list_drives",
    "open_bytes",
    "open_medium",
]
