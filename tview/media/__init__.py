"""Where bytes come from: folders, files, drives, disc images and archives, as lists of files that can be read. It knows no DICOM."""

from tview.media.drives import Drive, DriveState, eject, list_drives
from tview.media.medium import Medium
from tview.media.opening import open_medium
from tview.media.values import Entry, Extent, Read, Refused, Resolved, Source

__all__ = [
    "Drive",
    "DriveState",
    "Entry",
    "Extent",
    "Medium",
    "Read",
    "Refused",
    "Resolved",
    "Source",
    "eject",
    "list_drives",
    "open_medium",
]
