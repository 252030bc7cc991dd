"""Where a run stopped, so that another can go on: which files were read through, by place and digest. No name, path or value is in it."""

import hashlib
import json
import os
import random
import secrets
from collections.abc import Collection, Mapping
from typing import Any

from tview.catalog import is_named_dicomdir
from tview.errors import ExportError, Finding, UsageError, finding
from tview.media import Medium
from tview.verify.passing import FileRead
from tview.verify.regular import read_regular

_SCHEMA = "tview/verify-state/1"
_LARGEST = 512 << 20


_SAMPLE = 24
_SAMPLE_BYTES = 32 << 20
_LARGEST_LIST = 16 << 20


def medium_digest(medium: Medium) -> str:
    """What tells one medium from another: its kind, name and size, its list of files, and what its DICOMDIRs say."""
    digest = hashlib.sha256(f"{medium.kind} {medium.label} {medium.size}\n".encode("utf-8", "surrogateescape"))
    for entry in medium.entries():
        digest.update(f"{entry.size} {entry.order} {entry.path}\n".encode("utf-8", "surrogateescape"))
        if is_named_dicomdir(entry.path):
            digest.update(medium.read(entry, 0, min(entry.present, _LARGEST_LIST)).data)
    return digest.hexdigest()


class State:
    """The files of one medium that were read through without loss. `findings` are those of decoding them."""

    def __init__(self, path: str, medium: Medium, level: str) -> None:
        self._path, self._medium, self._entries = path, medium, list(medium.entries())
        self._facts = {"schema": _SCHEMA, "medium": medium_digest(medium), "level": level}
        self.known: dict[str, FileRead] = {}
        self.findings: dict[str, tuple[Finding, ...]] = {}
        self.frames = 0
        self._read_back()

    def save(
        self, read: Mapping[str, FileRead], decoded: Mapping[str, tuple[Finding, ...]], frames: int, pending: Collection[str] = ()
    ) -> None:
        """Write it anew, whole or not at all. Files with unreadable bytes, or still to be decoded, are left for the next run."""
        rows = []
        waiting = set(pending)
        for number, entry in enumerate(self._entries):
            found = read.get(entry.path)
            if found is not None and not found.unreadable and entry.path not in waiting:
                told = [[one.code, dict(one.values)] for one in decoded.get(entry.path, ())]
                rows.append([number, entry.order, entry.size, found.sha256.hex(), found.bytes_read, told])
        temporary = f"{self._path}.{secrets.token_hex(4)}"
        try:
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                json.dump({**self._facts, "frames": frames, "files": rows}, file)
            os.replace(temporary, self._path)
        except OSError as error:
            raise ExportError(finding("output-failed", path=self._path, problem=error.strerror or type(error).__name__)) from error

    def remove(self) -> None:
        """The run has come to its end: there is nothing to go on with."""
        try:
            os.unlink(self._path)
        except OSError:
            pass

    def _is_true(self) -> bool:
        """Whether a sample of its files holds what it held: two copies of a disc are alike in all but bytes."""
        known = [entry for entry in self._entries if entry.path in self.known]
        random.shuffle(known)
        room = _SAMPLE_BYTES
        for entry in sorted(known[: 4 * _SAMPLE], key=lambda entry: entry.present > room // _SAMPLE)[:_SAMPLE]:
            if entry.present > room:
                continue
            room -= entry.present
            if hashlib.sha256(self._medium.read(entry, 0, entry.present).data).digest() != self.known[entry.path].sha256:
                return False
        return True

    def _read_back(self) -> None:
        try:
            if os.path.islink(self._path):
                raise OSError(None, "it is a link")
            record: dict[str, Any] = json.loads(read_regular(self._path, _LARGEST))
            if any(record.get(name) != value for name, value in self._facts.items()):
                raise UsageError(finding("usage", problem=f"--resume {self._path}: it is of another medium or another level"))
            for number, order, size, digest, count, told in record["files"]:
                entry = self._entries[number]
                if (entry.order, entry.size) == (order, size):
                    self.known[entry.path] = FileRead(bytes.fromhex(digest), count)
                    if told:
                        self.findings[entry.path] = tuple(finding(code, path=entry.path, **values) for code, values in told)
            self.frames = int(record["frames"])
            if not self._is_true():
                raise UsageError(finding("usage", problem=f"--resume {self._path}: files of this medium are not as it says"))
        except FileNotFoundError:
            return
        except OSError as error:
            raise UsageError(finding("usage", problem=f"--resume {self._path}: {error.strerror}")) from error
        except (ValueError, KeyError, IndexError, TypeError) as error:
            raise UsageError(finding("usage", problem=f"--resume {self._path}: this is no state of a run")) from error
