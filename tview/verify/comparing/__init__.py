"""Two copies of a disc, or a disc and a folder, held against each other by SOP Instance UID and content."""

from tview.verify.comparing.manifest import read_manifest
from tview.verify.comparing.model import PIXELS, STATES, Compared, Differing, Others, Pair, Side
from tview.verify.comparing.naming import without_other_persons
from tview.verify.comparing.page import comparison_lines, summary_line
from tview.verify.comparing.records import comparison_record
from tview.verify.comparing.running import Comparing, Doing

__all__ = [
    "PIXELS",
    "STATES",
    "Compared",
    "Comparing",
    "Differing",
    "Doing",
    "Others",
    "Pair",
    "Side",
    "comparison_lines",
    "comparison_record",
    "read_manifest",
    "summary_line",
    "without_other_persons",
]
