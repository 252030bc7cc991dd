"""What leaves the disc: pictures and arrays under names of our own, written whole or not at all, never onto the medium."""

from tview.export.files import Destination, open_destination, write_new
from tview.export.names import object_name

__all__ = ["Destination", "object_name", "open_destination", "write_new"]
