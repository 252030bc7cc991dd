"""What leaves the disc: pictures, arrays, files and images of it, written whole or not at all, never onto the medium."""

from typing import TYPE_CHECKING

from tview.export.files import Destination, holds, open_destination, write_new
from tview.export.names import object_name, study_folder
from tview.export.off_medium import refuse_on_medium
from tview.late import late_names

if TYPE_CHECKING:
    from tview.export.copying import RECORD, SUMS, Copied, CopyFolder, open_copy, target_names
    from tview.export.identity import recognisable
    from tview.export.imaging import ImageCopy, RescueMap
    from tview.export.measurements import Measured, measurements_json, measurements_report

_LATER = {
    "RECORD": "copying", "SUMS": "copying", "Copied": "copying", "CopyFolder": "copying", "open_copy": "copying", "target_names": "copying",
    "recognisable": "identity",
    "ImageCopy": "imaging", "RescueMap": "imaging",
    "Measured": "measurements", "measurements_json": "measurements", "measurements_report": "measurements",
}  # fmt: skip

__all__ = [
    "RECORD",
    "SUMS",
    "Copied",
    "CopyFolder",
    "Destination",
    "ImageCopy",
    "Measured",
    "RescueMap",
    "holds",
    "measurements_json",
    "measurements_report",
    "object_name",
    "open_copy",
    "open_destination",
    "recognisable",
    "refuse_on_medium",
    "study_folder",
    "target_names",
    "write_new",
]

__getattr__ = late_names(__name__, globals(), _LATER)
