"""What leaves the disc: pictures, arrays, files and images of it, written whole or not at all, never onto the medium."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from tview.export.files import Destination, holds, open_destination, write_new
from tview.export.names import object_name, study_folder

if TYPE_CHECKING:
    from tview.export.copying import RECORD, SUMS, Copied, CopyFolder, open_copy, target_names
    from tview.export.imaging import ImageCopy, RescueMap

# Only `copy` wants these.
_LATER = {
    "RECORD": "copying", "SUMS": "copying", "Copied": "copying", "CopyFolder": "copying", "open_copy": "copying", "target_names": "copying",
    "ImageCopy": "imaging", "RescueMap": "imaging",
}  # fmt: skip

__all__ = [
    "RECORD",
    "SUMS",
    "Copied",
    "CopyFolder",
    "Destination",
    "ImageCopy",
    "RescueMap",
    "holds",
    "object_name",
    "open_copy",
    "open_destination",
    "study_folder",
    "target_names",
    "write_new",
]


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(name)
    value = globals()[name] = getattr(import_module(f"tview.export.{_LATER[name]}"), name)
    return value
