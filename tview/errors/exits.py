"""The exit codes that scripts may rely on."""

from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType

_ = str  # marks a message for the gettext catalogue


class Exit(IntEnum):
    """One enum for all commands; with several sources the worst counts."""

    FINE = 0
    FINDINGS = 1
    USAGE = 2
    UNREADABLE = 3
    NO_MATCH = 4
    NO_OUTPUT = 5
    INTERNAL = 70
    INTERRUPTED = 130
    PIPE_CLOSED = 141


EXIT_MEANINGS: Mapping[Exit, str] = MappingProxyType(
    {
        Exit.FINE: _("fine"),
        Exit.FINDINGS: _("findings of severity error, or as bad as --fail-on says (ls, verify, compare and copy only)"),
        Exit.USAGE: _("wrong usage, or no terminal where one is needed"),
        Exit.UNREADABLE: _("a source cannot be read at all, or holds nothing medical"),
        Exit.NO_MATCH: _("nothing matched the choice, or what did is not of the kind that was asked for"),
        Exit.NO_OUTPUT: _("the wanted output, or a part of it, could not be made or written"),
        Exit.INTERNAL: _("an internal error"),
        Exit.INTERRUPTED: _("interrupted"),
        Exit.PIPE_CLOSED: _("the reader of the output went away"),
    }
)
