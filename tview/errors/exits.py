"""The exit codes that scripts may rely on."""

from enum import IntEnum


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
