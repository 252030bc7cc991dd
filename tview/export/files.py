"""Writing files: owner-only, through a temporary name in the same folder, never over a file that is there, never onto the medium."""

import os
import stat
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field

from tview.errors import ExportError, finding
from tview.export.off_medium import refuse_on_medium

_CHUNK = 1 << 20


@dataclass(slots=True)
class Destination:
    """Where output goes: a folder, one file, or stdout. One thread.

    `files_written` and `files_there` count what was written, and what was there already with the same content.
    """

    folder: str | None
    file: str | None
    files_written: int = 0
    files_there: int = 0
    _taken: set[str] = field(default_factory=set)

    @property
    def is_stream(self) -> bool:
        """Whether one picture goes to stdout."""
        return self.folder is None and self.file is None

    def write(self, stem: str, ending: str, data: bytes, below: str | None = None) -> str:
        """Write one output, in a folder `below` the destination's own if named; returns its path, "-" for stdout.

        In a folder a name that is taken gets ``-2``, ``-3`` ... unless what is there is the same from another time: then it is kept, and
        the same export twice leaves one set of files. Two outputs of one `Destination` never share a file. Nothing partial stays behind.

        Raises:
            ExportError: the disc is full, the folder cannot be written, or the one file is there already with other content.
        """
        if self.is_stream:
            _write_stdout(data)
            self.files_written += 1
            return "-"
        if self.file is not None:
            if not self._put(self.file, data):
                raise ExportError(finding("output-exists", path=self.file))
            return self.file
        assert self.folder is not None
        folder = self.folder
        if below is not None:
            folder = os.path.join(folder, below)
            _make_folder(folder)
        for number in range(1, 10_000):
            path = os.path.join(folder, f"{stem}{f'-{number}' if number > 1 else ''}.{ending}")
            if path not in self._taken and self._put(path, data):
                return path
        raise ExportError(finding("output-exists", path=os.path.join(folder, f"{stem}.{ending}")))

    def _put(self, path: str, data: bytes) -> bool:
        if write_new(path, data):
            self.files_written += 1
        elif holds(path, data):
            self.files_there += 1
        else:
            return False
        self._taken.add(path)
        return True


def open_destination(place: str, endings: Iterable[str], single: bool, sources: Iterable[str]) -> Destination:
    """Where DEST leads: "-" is stdout; a name with the format's ending is one file when one output is `single`; else it is a folder.

    The folder is made if absent (0700).

    Raises:
        ExportError: DEST lies on the medium, or the folder cannot be made.
    """
    if place == "-":
        return Destination(None, None)
    refuse_on_medium(place, sources)
    if single and any(place.lower().endswith("." + ending) for ending in endings) and not os.path.isdir(place):
        return Destination(None, place)
    _make_folder(place)
    return Destination(place, None)


def _make_folder(place: str) -> None:
    try:
        os.makedirs(place, mode=0o700, exist_ok=True)
    except OSError as error:
        raise _failed(place, error) from error


def _write_stdout(data: bytes) -> None:
    view = memoryview(data)
    try:
        sys.stdout.flush()
        while view:
            view = view[os.write(1, view) :]
    except BrokenPipeError:
        raise
    except OSError as error:
        raise _failed("stdout", error) from error


def write_new(path: str, data: bytes) -> bool:
    """Write a new file whole, readable by its owner only; False when one with this name is there already. Raises `ExportError`."""
    if os.path.lexists(path):
        return False
    temporary = os.path.join(os.path.dirname(path) or ".", f".tview-{os.urandom(6).hex()}")
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
        raise _failed(path, error) from error
    finally:
        try:
            os.unlink(temporary)
        except OSError:
            pass


def holds(path: str, data: bytes) -> bool:
    """Whether a regular file with exactly this content is at the path. What cannot be read does not hold it; links are not followed."""
    view = memoryview(data)
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        return False
    try:
        facts = os.fstat(descriptor)
        if not stat.S_ISREG(facts.st_mode) or facts.st_size != len(data):
            return False
        while view:
            part = os.read(descriptor, _CHUNK)
            if not part or part != view[: len(part)]:
                return False
            view = view[len(part) :]
        return True
    except OSError:
        return False
    finally:
        os.close(descriptor)


def _failed(path: str, error: OSError) -> ExportError:
    return ExportError(finding("output-failed", path=path, problem=error.strerror or type(error).__name__))
