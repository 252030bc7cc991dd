"""Findings gathered while a medium is listed and read: two hundred of a kind one by one, the rest as a count."""

import threading
from collections.abc import Mapping

from tview.errors import Finding, finding, kind_of

_EACH = 200


class Notes:
    """Findings, bounded however hostile the medium is. Any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._each: list[Finding] = []
        self._seen: dict[str, int] = {}
        self._counted: dict[str, int] = {}

    def add(self, code: str, path: str | None = None, **values: str | int | float) -> None:
        """Tell one; after two hundred of a code only their number is kept."""
        with self._lock:
            self._seen[code] = self._seen.get(code, 0) + 1
            if self._seen[code] <= _EACH:
                self._each.append(_finding(code, path, values))

    def count(self, code: str, number: int = 1) -> None:
        """Tell as a number only."""
        with self._lock:
            self._counted[code] = self._counted.get(code, 0) + number

    def take(self, findings: tuple[Finding, ...]) -> None:
        """Take in findings made elsewhere."""
        with self._lock:
            self._each += findings

    def __contains__(self, code: object) -> bool:
        return code in self._seen or code in self._counted

    @property
    def findings(self) -> tuple[Finding, ...]:
        with self._lock:
            counted = tuple(finding(code, count=number) for code, number in self._counted.items())
            more = {code: number - _EACH for code, number in self._seen.items() if number > _EACH}
            rest = tuple(
                finding("more-of-a-kind", count=number, severity=kind_of(code).severity, kind=code) for code, number in more.items()
            )
            return (*self._each, *counted, *rest)


def _finding(code: str, path: str | None, values: Mapping[str, str | int | float]) -> Finding:
    kind = kind_of(code)
    return Finding(code, kind.severity, values, path=path, clause=kind.clause)
