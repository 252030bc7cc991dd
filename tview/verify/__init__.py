"""Is a disc what it claims to be: whole, of one person, by the book. Checks, the verdict made of them, and its page."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

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
    from tview.verify.names import normalised_name, same_name
    from tview.verify.withhold import withheld

_PLACES = {
    "names": ("normalised_name", "same_name"),
    "withhold": ("withheld",),
}
_MODULE_OF = {name: module for module, names in _PLACES.items() for name in names}

__all__ = [
    "AXES",
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
    "normalised_name",
    "same_name",
    "withheld",
]


def __getattr__(name: str) -> Any:
    """The public names that read or judge, imported on first use."""
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
