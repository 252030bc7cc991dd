"""Writing files: owner-only, through a temporary name in the same folder, never over a file that is there, never onto the medium."""

import os
import secrets
import stat
import sys
from collections.abc import Iterable
from dataclasses import dataclass

from tview.errors import ExportError, finding


@dataclass(slots=True)
class Destination:
    """Where output goes: a folder, one file, or stdout. One thread."""

    folder: str | None
    file: str | None

    @property
    def is_stream(self) -> bool:
        """Whether one picture goes to stdout."""
        return self.folder is None and self.file is None

    def write(self, stem: str, ending: str, data: bytes) -> str:
        """Write one output; returns the path written, "-" for stdout.

        In a folder a name that is taken gets ``-2``, ``-3`` ... Nothing partial stays behind.

        Raises:
            ExportError: the disc is full, the folder cannot be written, or the one file is there already.
        """
        if self.is_stream:
            _write_stdout(data)
            return "-"
        if self.file is not None:
            if not write_new(self.file, data):
                raise ExportError(finding("output-exists", path=self.file))
            return self.file
        assert self.folder is not None
        for number in range(1, 10_000):
            path = os.path.join(self.folder, f"{stem}{f'-{number}' if number > 1 else ''}.{ending}")
            if write_new(path, data):
                return path
        raise ExportError(finding("output-exists", path=os.path.join(self.folder, f"{stem}.{ending}")))


def open_destination(place: str, endings: Iterable[str], single: bool, sources: Iterable[str]) -> Destination:
    """Where DEST leads: "-" is stdout; a name with the format's ending is one file when one output is `single`; else it is a folder.

    The folder is made if absent (0700).

    Raises:
        ExportError: DEST lies on the medium, or the folder cannot be made.
    """
    if place == "-":
        return Destination(None, None)
    real = os.path.realpath(place)
    for source in sources:
        if os.path.isdir(source) and (real + os.sep).startswith(os.path.realpath(source).rstrip(os.sep) + os.sep):
            raise ExportError(finding("output-on-medium", path=place))
    if single and any(place.lower().endswith("." + ending) for ending in endings) and not os.path.isdir(place):
        return Destination(None, place)
    try:
        os.makedirs(place, mode=0o700, exist_ok=True)
    except OSError as error:
        raise ExportError(finding("output-failed", path=place, problem=error.strerror or type(error).__name__)) from error
    return Destination(place, None)


def _write_stdout(data: bytes) -> None:
    view = memoryview(data)
    sys.stdout.flush()
    while view:
        view = view[os.write(1, view) :]


def write_new(path: str, data: bytes) -> bool:
    """Write a new file whole, readable by its owner only; False when one with this name is there already. Raises `ExportError`."""
    if os.path.lexists(path):
        return False
    temporary = os.path.join(os.path.dirname(path) or ".", f".tview-{secrets.token_hex(6)}")
    try:
        descriptor = os.open(
            temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | getattr(os, "O_NOFOLLOW", 0), stat.S_IRUSR | stat.S_IWUSR
        )
        try:
            view = memoryview(data)
            while view:
                view = view[os.write(descriptor, view) :]
        finally:
            os.close(descriptor)
        try:
            os.link(temporary, path, follow_symlinks=False)
        except FileExistsError:
            return False
        except OSError:  # a file system without hard links
            if os.path.lexists(path):
                return False
            os.rename(temporary, path)
        return True
    except OSError as error:
        raise ExportError(finding("output-failed", path=path, problem=error.strerror or type(error).__name__)) from error
    finally:
        try:
            os.unlink(temporary)
        except OSError:
            pass
