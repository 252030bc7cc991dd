"""From a reference to a file: exactly, else with the repairs that real discs need, each named."""

import re
from collections.abc import Iterable, Mapping, Sequence

from tview.media.values import Entry, Refused, Resolved

_SEPARATORS = re.compile(r"[\\/]")
_DRIVE = re.compile(r"[A-Za-z]:\Z")
_VERSION = re.compile(r";\d*\Z")
_ENDINGS = (".DCM", ".IMA", ".DIC", ".DICOM")


class NameIndex:
    """The addresses of a medium, as written and folded. Frozen after it is made; any thread."""

    def __init__(self, addresses: Iterable[tuple[str, Entry]]) -> None:
        self._exact: dict[str, Entry] = {}
        self._folded: dict[str, Entry] = {}
        self._names: dict[str, Entry | None] = {}
        for path, entry in addresses:
            self._exact.setdefault(path, entry)
            folded = fold(path)
            self._folded.setdefault(folded, entry)
            name = folded.rpartition("/")[2]
            if self._names.setdefault(name, entry) is not entry:
                self._names[name] = None  # not unique

    @property
    def exact(self) -> Mapping[str, Entry]:
        return self._exact

    def resolve(self, file_id: str | Sequence[str], base: str) -> Resolved | Refused | None:
        """The file meant by a file id, or by a path, in folder `base`."""
        parts, repairs, outward = split_reference(file_id)
        if ".." in parts:
            return Refused()
        below = [part for part in _SEPARATORS.split(base) if part not in ("", ".")]
        for written in (True, False):
            for folder in (below, []) if below else (below,):
                path = "/".join((*folder, *parts))
                entry, more = self._written(path) if written else self._likely(path)
                if entry:
                    return _resolved(entry, [*repairs, *more, *(["root"] if folder is not below else [])])
        if parts:
            name = fold(parts[-1])
            for candidate in (name, *(name + ending for ending in _ENDINGS), _without_ending(name)):
                entry = self._names.get(candidate)
                if entry:
                    return _resolved(entry, [*repairs, *(["ending"] if candidate != name else []), "base-name"])
        return Refused() if outward else None

    def _written(self, path: str) -> tuple[Entry | None, list[str]]:
        return self._exact.get(path), []

    def _likely(self, path: str) -> tuple[Entry | None, list[str]]:
        folded = fold(path)
        if entry := self._folded.get(folded):
            return entry, _differences(path)
        for candidate in (*(folded + ending for ending in _ENDINGS), _without_ending(folded)):
            if entry := self._folded.get(candidate):
                return entry, [*_differences(path), "ending"]
        return None, []


def fold(path: str) -> str:
    """An address with what discs differ in taken off: case, version numbers, trailing dots and spaces."""
    if ";" in path or "." in path or " " in path:
        path = "/".join(_VERSION.sub("", part).rstrip(". ") or part for part in path.split("/"))
    return path.upper()


def split_reference(file_id: str | Sequence[str]) -> tuple[list[str], list[str], bool]:
    """A reference's parts, the repairs that this took, and whether it was written as one from outside the medium."""
    values = [file_id] if isinstance(file_id, str) else list(file_id)
    repairs = []
    if any("/" in value for value in values) or (not isinstance(file_id, str) and any("\\" in value for value in values)):
        repairs.append("separator")
    pieces = [part.strip(" \0") for value in values for part in _SEPARATORS.split(value)]
    outward = len(pieces) > 1 and not pieces[0]
    if outward:
        repairs.append("absolute")
    if pieces and _DRIVE.match(pieces[0]):
        outward = True
        repairs.append("drive-letter")
        pieces = pieces[1:]
    parts = [part for part in pieces if part not in ("", ".")]
    if len(parts) < len(pieces) - (pieces[:1] == [""]):
        repairs.append("parts")
    return parts, repairs, outward


def _without_ending(folded: str) -> str:
    return next((folded[: -len(ending)] for ending in _ENDINGS if folded.endswith(ending)), folded)


def _differences(path: str) -> list[str]:
    """Which kind of repair folding this reference was."""
    if ";" in path:
        return ["version"]
    return ["dot"] if path.endswith(".") else ["case"]


def _resolved(entry: Entry, repairs: list[str]) -> Resolved:
    return Resolved(entry, "+".join(dict.fromkeys(repairs)) or None)
