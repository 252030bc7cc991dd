"""Is a disc what it claims to be: whole, of one person, by the book. Checks, the verdict made of them, and its page."""

from typing import TYPE_CHECKING

from tview.late import late_names
from tview.verify.model import (
    AXES,
    IMAGES_WORDS,
    LEVELS,
    PERSON_WORDS,
    PROFILES,
    Act,
    Check,
    Counts,
    ExamRow,
    Expected,
    Images,
    LostSeries,
    MediaFacts,
    Options,
    Person,
    PersonVerdict,
    Progress,
    Slip,
    SlipField,
    Verdict,
)

if TYPE_CHECKING:
    from tview.verify.checks import CHECKS, check_of
    from tview.verify.expecting import read_expected
    from tview.verify.judge import judge_unopened
    from tview.verify.names import normalised_name, same_name
    from tview.verify.page import (
        exam_text,
        finding_text,
        page_lines,
        page_rows,
        person_text,
        summary_line,
        table_lines,
    )
    from tview.verify.records import verdict_record
    from tview.verify.run import default_level, verify
    from tview.verify.withhold import withheld

_PLACES = {
    "checks": ("CHECKS", "check_of"),
    "expecting": ("read_expected",),
    "judge": ("judge_unopened",),
    "names": ("normalised_name", "same_name"),
    "page": ("exam_text", "finding_text", "page_lines", "page_rows", "person_text", "summary_line", "table_lines"),
    "records": ("verdict_record",),
    "run": ("default_level", "verify"),
    "withhold": ("withheld",),
}
_MODULE_OF = {name: module for module, names in _PLACES.items() for name in names}

__all__ = [
    "AXES",
    "CHECKS",
    "IMAGES_WORDS",
    "LEVELS",
    "PERSON_WORDS",
    "PROFILES",
    "Act",
    "Check",
    "Counts",
    "ExamRow",
    "Expected",
    "Images",
    "LostSeries",
    "MediaFacts",
    "Options",
    "Person",
    "PersonVerdict",
    "Progress",
    "Slip",
    "SlipField",
    "Verdict",
    "check_of",
    "default_level",
    "exam_text",
    "finding_text",
    "judge_unopened",
    "normalised_name",
    "page_lines",
    "page_rows",
    "person_text",
    "read_expected",
    "same_name",
    "summary_line",
    "table_lines",
    "verdict_record",
    "verify",
    "withheld",
]

__getattr__ = late_names(__name__, globals(), _MODULE_OF)
