"""Findings gathered while a disc is read: equal ones are counted, and of one kind two hundred are kept apart."""

from dataclasses import replace

from tview.errors import Finding, finding, kind_of

_EACH = 200


class Notes:
    """Findings by what they are about. For one thread."""

    def __init__(self) -> None:
        self._found: dict[object, Finding] = {}
        self._counts: dict[object, int] = {}
        self._seen: dict[str, int] = {}
        self._more: dict[str, int] = {}

    def add(self, told: Finding, source_number: int | None = None, fold: object = None) -> None:
        """Tell one, of this medium; those with an equal `fold` are one finding with a count, at the place of the first."""
        if fold is not None:
            key: object = (told.code, source_number, fold)
            if key in self._counts:
                self._counts[key] += told.count
                return
        else:
            key = (told.code, source_number, told.path, tuple(told.values.values()))
            if key in self._counts:
                return
        self._seen[told.code] = self._seen.get(told.code, 0) + 1
        if self._seen[told.code] > _EACH:
            self._more[told.code] = self._more.get(told.code, 0) + told.count
            return
        self._counts[key] = told.count
        self._found[key] = replace(told, source_number=source_number) if source_number is not None else told

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All of them; what was too many of a kind as one with their number."""
        listed = (told if told.count == self._counts[key] else replace(told, count=self._counts[key]) for key, told in self._found.items())
        rest = (finding("more-of-a-kind", count=count, severity=kind_of(code).severity, kind=code) for code, count in self._more.items())
        return (*listed, *rest)
