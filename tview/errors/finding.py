"""A finding: a code with its values and its place. It holds no words; `tview.text.words` makes them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters: a loss, something to act on, a note."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return ("error", "warning", "info").index(self.value)


@dataclass(frozen=True, slots=True)
class FindingKind:
    """What a code means. `message` and `advice` are gettext msgids with ``{name}`` places for the finding's values."""

    code: str
    severity: Severity
    message: str
    advice: str = ""
    clause: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One piece of trouble, the same in tree, viewer, JSON and documentation.

    `values` may hold raw text from a medium: whoever shows it passes it through the gate (`tview.text.words`).
    `path` is the address on the medium, `range` (offset, length) in bytes of that file or, without a path, of the medium.
    """

    code: str
    severity: Severity
    values: Mapping[str, str | int | float] = field(default_factory=dict)
    count: int = 1
    source_number: int | None = None
    path: str | None = None
    range: tuple[int, int] | None = None
    clause: str | None = None
    series_instance_uid: str | None = None
    sop_instance_uid: str | None = None


def finding(
    code: str,
    *,
    path: str | None = None,
    range: tuple[int, int] | None = None,  # noqa: A002 - the contract's word
    count: int = 1,
    severity: Severity | None = None,
    source_number: int | None = None,
    series_instance_uid: str | None = None,
    sop_instance_uid: str | None = None,
    **values: str | int | float,
) -> Finding:
    """A finding of a listed kind, with the kind's severity and clause. `KeyError` for a code that FINDING_KINDS lacks."""
    from tview.errors.kinds import kind_of

    kind = kind_of(code)
    return Finding(
        code=code,
        severity=severity or kind.severity,
        values=values,
        count=count,
        source_number=source_number,
        path=path,
        range=range,
        clause=kind.clause,
        series_instance_uid=series_instance_uid,
        sop_instance_uid=sop_instance_uid,
    )
