"""Files off a medium into a folder: in any number of goes, with sums and a list of what was lost."""

import errno
import hashlib
import json
import os
import secrets
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from tview.errors import ExportError, finding
from tview.export.off_medium import refuse_on_medium
from tview.media import Entry, Medium
from tview.text import safe

SUMS, RECORD = "SHA256SUMS", "tview-copy.json"
_STEP = 1 << 20
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
_THERE = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
_MAX_NAME = 200
_MAX_LIST = 1 << 30


@dataclass(frozen=True, slots=True)
class Copied:
    """What became of one file.

    `file` is its name below the folder, None when nothing of it could be read; `lost` are (offset, length) of what is zeros in the copy,
    or behind its end; `again` says that the copy was there already.
    """

    path: str
    file: str | None
    size: int
    written: int
    sha256: str | None
    lost: tuple[tuple[int, int], ...] = ()
    again: bool = False

    @property
    def state(self) -> str:
        """ok, damaged or missing."""
        return "missing" if self.file is None else "damaged" if self.lost else "ok"


def target_names(paths: Iterable[str]) -> dict[str, str]:
    """A name below the folder for each address on a medium: its own, where that is harmless, and no two alike in any case of letters.

    The same addresses in the same order give the same names.
    """
    names: dict[str, str] = {}
    given: dict[tuple[str, str, bool], str] = {}
    taken: dict[str, set[str]] = {"": {SUMS.casefold(), RECORD.casefold()}}
    for path in paths:
        parts, place = path.split("/"), ""
        for depth, part in enumerate(parts):
            is_file = depth == len(parts) - 1
            key = (place, part, is_file)
            if key not in given or is_file:
                given[key] = _free(_harmless(part), taken.setdefault(place, set()))
            place = f"{place}/{given[key]}" if place else given[key]
        names[path] = place
    return names


def _harmless(part: str) -> str:
    """A name without control, format and undecodable characters, of a bearable length."""
    shown = "".join("_" if unicodedata.category(character)[0] == "C" or character in '/\\:*?"<>|' else character for character in part)
    shown = shown.strip(" ")
    if len(shown.encode("utf-8")) > _MAX_NAME:
        shown = shown.encode("utf-8")[:_MAX_NAME].decode("utf-8", "ignore") + "-" + hashlib.sha256(os.fsencode(part)).hexdigest()[:8]
    if shown.startswith(".tview-"):
        shown = "_" + shown
    return shown if shown.strip(".") else "_" * max(1, len(shown))


def _free(name: str, taken: set[str]) -> str:
    free, more = name, 1
    while free.casefold() in taken:
        more += 1
        stem, dot, ending = name.rpartition(".")
        free = f"{stem}-{more}{dot}{ending}" if stem else f"{name}-{more}"
    taken.add(free.casefold())
    return free


def listing_digest(medium: Medium) -> str:
    """What tells one medium from another when a copy goes on: its list of files."""
    digest = hashlib.sha256()
    for entry in medium.entries():
        digest.update(f"{entry.size} {entry.path}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def open_copy(folder: str, medium: Medium) -> "CopyFolder":
    """The folder for a copy of this medium, made if absent, with what earlier goes have put there. The caller closes it.

    Raises:
        ExportError: the folder lies on the medium, cannot be made, or holds the copy of another one.
    """
    refuse_on_medium(folder, (medium.source,))
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        names = target_names(entry.path for entry in medium.entries())
        copy = CopyFolder(folder, names, listing_digest(medium))
    except OSError as error:
        raise _failed(folder, error) from error
    try:
        copy.take_up({names[entry.path]: entry.size for entry in medium.entries()})
    except BaseException:
        copy.close()
        raise
    return copy


class CopyFolder:
    """A folder that files are copied into. Owns a descriptor of it, and its lists. One thread.

    Every file is written under a name of its own making in the folder where it belongs, for its owner only, and renamed when it is whole.
    """

    def __init__(self, folder: str, names: Mapping[str, str], listing: str) -> None:
        self.folder, self.names, self.listing = folder, names, listing
        self.copied: dict[str, Copied] = {}
        self._known: dict[str, Copied] = {}
        self._root = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        self._here: tuple[str, int] | None = None
        self._sums = -1

    def copy(self, medium: Medium, entry: Entry, progress: Callable[[int], None] = lambda done: None) -> Copied:
        """Copy one file, unless the copy of an earlier go is there whole. `progress` gets the bytes done, as they are.

        Raises:
            MediumError: the medium has gone away.
            ExportError: the copy cannot be written.
        """
        name = self.names[entry.path]
        before = self._known.get(name)
        copied = self._kept(entry, before)
        if copied is None:
            try:
                copied = self._write(medium, entry, name, before, progress)
            except OSError as error:
                raise _failed(os.path.join(self.folder, name), error) from error
        else:
            progress(entry.present)
        self.copied[entry.path] = copied
        if copied.file is not None and not copied.lost:
            self._add_sum(copied)
        return copied

    def has(self, entry: Entry) -> bool:
        """Whether an earlier go has copied this file whole, by its lists."""
        known = self._known.get(self.names[entry.path])
        return known is not None and not known.lost and known.size == entry.size

    def take_up(self, sizes: Mapping[str, int]) -> None:
        """Take in the lists of earlier goes. `sizes` has the size of each file that may be there, by its name below the folder.

        Raises:
            ExportError: they are of another medium, or of another program.
        """
        record, sums = self._read_list(RECORD), self._read_list(SUMS)
        if record is None:
            if sums is not None:
                raise ExportError(finding("output-exists", path=os.path.join(self.folder, SUMS)))
            return
        listing, known = _parse_record(record)
        if listing != self.listing:
            raise ExportError(finding("output-other", path=self.folder))
        for file, digest in read_sums(sums or b"").items():  # of a go that was killed: whole files only
            if file in sizes:
                self._known[file] = Copied(file, file, sizes[file], sizes[file], digest)
        self._known |= {copied.file: copied for copied in known if copied.file is not None}

    def everything(self) -> list[Copied]:
        """What this go and those before it have copied, in the order of the medium."""
        now = {copied.file for copied in self.copied.values()}
        whole = [*(old for file, old in self._known.items() if file not in now), *self.copied.values()]
        places = {name: number for number, name in enumerate(self.names.values())}
        return sorted(whole, key=lambda copied: places.get(copied.file or self.names.get(copied.path, ""), len(places)))

    def write_lists(self, facts: Mapping[str, object], finished: bool) -> dict[str, object]:
        """Write the sums and the record, over those of an earlier go; gives the record. `facts` are its first fields.

        Raises:
            ExportError: there is no room.
        """
        rows = self.everything()
        record = {
            "schema": "tview/copy/1",
            **facts,
            "finished": finished,
            "listing": self.listing,
            "files": [_row(copied) for copied in rows],
        }
        self._write_list(RECORD, json.dumps(record, ensure_ascii=True, indent=1).encode("ascii") + b"\n")
        if any(copied.file for copied in rows):
            self._write_list(SUMS, b"".join(sum_line(copied) for copied in rows if copied.file))
        return record

    def _read_list(self, name: str) -> bytes | None:
        try:
            fd = os.open(name, _THERE, dir_fd=self._root)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _failed(os.path.join(self.folder, name), error) from error
        with os.fdopen(fd, "rb") as file:
            return file.read(_MAX_LIST)

    def _write_list(self, name: str, data: bytes) -> None:
        temporary = _temporary()
        try:
            fd = os.open(temporary, _NEW, 0o600, dir_fd=self._root)
            try:
                _write_all(fd, data)
            finally:
                os.close(fd)
            os.rename(temporary, name, src_dir_fd=self._root, dst_dir_fd=self._root)
        except OSError as error:
            _unlink(temporary, self._root)
            raise _failed(os.path.join(self.folder, name), error) from error

    def close(self) -> None:
        """Let go of the folder."""
        for fd in (self._sums, self._here[1] if self._here else -1, self._root):
            if fd >= 0:
                os.close(fd)
        self._sums, self._here, self._root = -1, None, -1

    def _kept(self, entry: Entry, before: Copied | None) -> Copied | None:
        """The copy of an earlier go, if it was whole and is still what it was."""
        if before is None or before.lost or before.size != entry.size or before.file is None:
            return None
        found = self._sum_of(before.file)
        return Copied(entry.path, before.file, entry.size, entry.size, before.sha256, (), True) if found == before.sha256 else None

    def _write(self, medium: Medium, entry: Entry, name: str, before: Copied | None, progress: Callable[[int], None]) -> Copied:
        place, _, base = name.rpartition("/")
        folder = self._enter(place)
        temporary = _temporary()
        fd = os.open(temporary, _NEW, 0o600, dir_fd=folder)
        try:
            try:
                digest, written, lost = _pour(medium, entry, fd, progress)
            finally:
                os.close(fd)
            read = written - sum(length for offset, length in lost if offset < written)
            if entry.size and not read:
                return Copied(entry.path, None, entry.size, 0, None, lost)
            ours = before is not None and _digest_at(base, folder) == before.sha256
            if before is not None and ours and _total(lost) > _total(before.lost):  # it went better the last time
                return Copied(entry.path, name, entry.size, before.written, before.sha256, before.lost, True)
            base = self._settle(temporary, base, folder, digest, ours)
            name = f"{place}/{base}" if place else base
            return Copied(entry.path, name, entry.size, written, digest, lost)
        finally:
            _unlink(temporary, folder)

    def _settle(self, temporary: str, base: str, folder: int, digest: str, ours: bool) -> str:
        """Give a finished file its name: over our own earlier copy of it, never over another file. Returns the name."""
        if ours:
            os.rename(temporary, base, src_dir_fd=folder, dst_dir_fd=folder)
            return base
        stem, dot, ending = base.rpartition(".")
        for number in range(1, 1000):
            name = base if number == 1 else f"{stem}-{number}{dot}{ending}" if stem else f"{base}-{number}"
            try:
                os.link(temporary, name, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
                return name
            except FileExistsError:
                if _digest_at(name, folder) == digest:  # of a go that was killed before it wrote its list
                    return name
            except OSError as error:
                if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EMLINK, errno.ENOSYS):
                    raise
                if not _is_there(name, folder):  # a file system without hard links
                    os.rename(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
                    return name
                if _digest_at(name, folder) == digest:
                    return name
        raise ExportError(finding("output-exists", path=os.path.join(self.folder, base)))

    def _enter(self, place: str) -> int:
        """A descriptor of a folder below the root, made if absent; no step goes through a link."""
        if not place:
            return self._root
        if self._here and self._here[0] == place:
            return self._here[1]
        fd = os.dup(self._root)
        for part in place.split("/"):
            try:
                try:
                    os.mkdir(part, 0o700, dir_fd=fd)
                except FileExistsError:
                    pass
                below = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | os.O_NOFOLLOW, dir_fd=fd)
            finally:
                os.close(fd)
            fd = below
        if self._here:
            os.close(self._here[1])
        self._here = (place, fd)
        return fd

    def _sum_of(self, name: str) -> str | None:
        place, _, base = name.rpartition("/")
        try:
            return _digest_at(base, self._enter(place))
        except OSError:
            return None

    def _add_sum(self, copied: Copied) -> None:
        """The list grows with every file, so that a go that is killed is not lost."""
        try:
            if self._sums < 0:
                flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW
                self._sums = os.open(SUMS, flags, 0o600, dir_fd=self._root)
            _write_all(self._sums, sum_line(copied))
        except OSError as error:
            raise _failed(os.path.join(self.folder, SUMS), error) from error


def _row(copied: Copied) -> dict[str, object]:
    return {
        "path": safe(copied.path),
        "file": copied.file,
        "state": copied.state,
        "size": copied.size,
        "written": copied.written,
        "sha256": copied.sha256,
        "lost": [list(lost) for lost in copied.lost],
    }


def _parse_record(data: bytes) -> tuple[str | None, list[Copied]]:
    """The listing that an earlier record is of, and its files; nothing of one that is none."""
    try:
        record = json.loads(data)
        known = [
            Copied(
                str(row["path"]), row["file"], int(row["size"]), int(row["written"]), row["sha256"],
                tuple((int(offset), int(length)) for offset, length in row["lost"]),
            )
            for row in record["files"] if isinstance(row["file"], str) and isinstance(row["sha256"], str)
        ]  # fmt: skip
        return str(record["listing"]), known
    except (ValueError, KeyError, TypeError):
        return None, []


def sum_line(copied: Copied) -> bytes:
    """A line as sha256sum writes and checks it."""
    return f"{copied.sha256}  {copied.file}\n".encode("utf-8", "surrogateescape")


def read_sums(data: bytes) -> dict[str, str]:
    """File -> sum, of a list of sums."""
    rows = (line.split("  ", 1) for line in data.decode("utf-8", "surrogateescape").splitlines() if len(line) > 66)
    return {row[1]: row[0] for row in rows if len(row) == 2 and len(row[0]) == 64}


def _pour(medium: Medium, entry: Entry, fd: int, progress: Callable[[int], None]) -> tuple[str, int, tuple[tuple[int, int], ...]]:
    """Write what there is of a file; gives its sum, its length and what is missing from it."""
    digest, offset = hashlib.sha256(), 0
    lost: list[tuple[int, int]] = []
    while offset < entry.present:
        read = medium.read(entry, offset, min(_STEP, entry.present - offset))
        lost += read.unreadable
        if not read.data:
            if not read.unreadable:
                lost.append((offset, entry.size - offset))
            break
        _write_all(fd, read.data)
        digest.update(read.data)
        offset += len(read.data)
        progress(len(read.data))
    if offset < entry.size and (not lost or sum(lost[-1]) < entry.size):
        lost.append((offset, entry.size - offset))
    return digest.hexdigest(), offset, _merged(lost)


def _merged(ranges: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for offset, length in sorted(ranges):
        if merged and sum(merged[-1]) >= offset:
            merged[-1] = (merged[-1][0], max(sum(merged[-1]), offset + length) - merged[-1][0])
        else:
            merged.append((offset, length))
    return tuple(merged)


def _total(ranges: Iterable[tuple[int, int]]) -> int:
    return sum(length for _, length in ranges)


def _temporary() -> str:
    return f".tview-{secrets.token_hex(6)}"


def _write_all(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def _digest_at(name: str, folder: int) -> str | None:
    """The sum of a regular file; None when there is none."""
    import stat

    try:
        fd = os.open(name, _THERE, dir_fd=folder)
    except OSError:
        return None
    with os.fdopen(fd, "rb") as file:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            return None
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_there(name: str, folder: int) -> bool:
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def _unlink(name: str, folder: int) -> None:
    try:
        os.unlink(name, dir_fd=folder)
    except OSError:
        pass


def _failed(path: str, error: OSError) -> ExportError:
    return ExportError(finding("output-failed", path=path, problem=error.strerror or type(error).__name__))
