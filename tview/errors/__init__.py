"""What can go wrong, as values: the error tree, findings and their kinds, exit codes. Words are made at the edge (`tview.text`)."""

from tview.errors.exits import EXIT_MEANINGS, Exit
from tview.errors.finding import Finding, FindingKind, Severity, finding
from tview.errors.kinds import FINDING_KINDS, kind_of
from tview.errors.tree import (
    CatalogError,
    ChoiceError,
    DicomError,
    DocumentError,
    ExportError,
    MediumError,
    PixelError,
    SettingsError,
    TerminalError,
    TviewError,
    UsageError,
)

__all__ = [
    "EXIT_MEANINGS",
    "FINDING_KINDS",
    "CatalogError",
    "ChoiceError",
    "DicomError",
    "DocumentError",
    "Exit",
    "ExportError",
    "Finding",
    "FindingKind",
    "MediumError",
    "PixelError",
    "SettingsError",
    "Severity",
    "TerminalError",
    "TviewError",
    "UsageError",
    "finding",
    "kind_of",
]
