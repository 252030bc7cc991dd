"""The error tree. One bad file is a `Finding`, not an exception; these end a walk."""

from tview.errors.exits import Exit
from tview.errors.finding import Finding


class TviewError(Exception):
    """Something that ends what was asked for, told as a finding: what, where, and what to do next.

    `exit_code` is what the command line ends with when nobody catches it.
    """

    exit_code: Exit = Exit.INTERNAL

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code)
        self.finding = finding


class MediumError(TviewError):
    """The source cannot be read at all."""

    exit_code = Exit.UNREADABLE


class DicomError(TviewError):
    """Bytes that are no data set, or one beyond the limits."""

    exit_code = Exit.UNREADABLE


class CatalogError(TviewError):
    """A source that holds nothing medical."""

    exit_code = Exit.UNREADABLE


class PixelError(TviewError):
    """An object or a frame that cannot be read, decoded or drawn, on a source that can."""

    exit_code = Exit.NO_OUTPUT


class DocumentError(TviewError):
    """A document, or a page of one, that cannot be read or drawn, on a source that can."""

    exit_code = Exit.NO_OUTPUT


class ChoiceError(TviewError):
    """Nothing matched what was asked for."""

    exit_code = Exit.NO_MATCH


class TerminalError(TviewError):
    """No terminal, or none that can do this."""

    exit_code = Exit.USAGE


class UsageError(TviewError):
    """The command line or a setting is wrong."""

    exit_code = Exit.USAGE


class SettingsError(UsageError):
    """The settings file is wrong."""


class ExportError(TviewError):
    """The wanted output could not be written."""

    exit_code = Exit.NO_OUTPUT
