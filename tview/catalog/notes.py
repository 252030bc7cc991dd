"""Findings gathered while a disc is read: equal ones are counted, and of one kind two hundred are kept apart."""

from dataclasses import replace

from tview.errors import Finding, finding, kind_of

_EACH = 200


class Notes:
    """Findings by what they are about. For one thread."""

    def __init__(self) -> None:
        self._found: dict[object, Finding] = {}
        self._seen: dict[str, int] = {}
        self._more: dict[str, int] = {}

    def add(self, told: Finding, fold: object = None) -> None:
        """Tell one; those with an equal `fold` are one finding with a count, at the place of the first."""
        key = (told.code, fold if fold is not None else (told.source_number, told.path, tuple(told.values.values())))
        known = self._found.get(key)
        if known is not None:
            if fold is not None:
                self._found[key] = replace(known, count=known.count + told.count)
            return
        self._seen[told.code] = self._seen.get(told.code, 0) + 1
        if self._seen[told.code] > _EACH:
            self._more[told.code] = self._more.get(told.code, 0) + told.count
        else:
            self._found[key] = told

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All of them; what was too many of a kind as one with their number."""
        rest = (finding("more-of-a-kind", count=count, severity=kind_of(code).severity, kind=code) for code, count in self._more.items())
        return (*self._found.values(), *rest)
