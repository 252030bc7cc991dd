"""Optical drives: which there are, what is in them, and letting go of it. Every ioctl may be missing; nothing here needs root."""

import errno
import fcntl
import os
import stat
import struct
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from tview.errors import Finding, MediumError, finding

OPTICAL_MAJOR = 11  # Linux: SCSI CD-ROM devices


class DriveState(StrEnum):
    """What is in a drive. UNKNOWN: the drive does not say; reading will tell."""

    READY = "ready"
    NO_DISC = "no-disc"
    TRAY_OPEN = "tray-open"
    NOT_READY = "not-ready"
    BLANK = "blank"
    AUDIO = "audio"
    NO_PERMISSION = "no-permission"
    BUSY = "busy"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Track:
    """A track of the table of contents; `start` is its first sector."""

    number: int
    start: int
    is_data: bool


@dataclass(frozen=True, slots=True)
class Drive:
    """Something that may hold a disc: an optical drive, or a place where a disc or stick is mounted (then `path` is that folder).

    `name` is raw text of the hardware or the mount.
    """

    path: str
    name: str
    state: DriveState
    mount_point: str | None = None
    is_drive: bool = True


class Calls(Protocol):
    """What is asked of a drive; None and () where it does not say. The kernel answers, or a fake."""

    def open(self, path: str) -> int:
        """A descriptor that does not wait for the drive and moves no tray. Raises `OSError`."""

    def close(self, fd: int) -> None: ...
    def drive_status(self, fd: int) -> int | None: ...
    def disc_status(self, fd: int) -> int | None: ...
    def tracks(self, fd: int) -> Sequence[Track]: ...
    def has_data(self, fd: int) -> bool:
        """Whether a sector of a disc can be read. Asked only where the table of contents cannot be."""

    def eject(self, fd: int) -> None:
        """Raises `OSError`."""


# linux/cdrom.h
_EJECT, _TOC_HEADER, _TOC_ENTRY, _DRIVE_STATUS, _DISC_STATUS = 0x5309, 0x5305, 0x5306, 0x5326, 0x5327
_CURRENT_SLOT, _BY_LBA, _DATA_BIT = 0x7FFFFFFF, 1, 4
_STATES = {1: DriveState.NO_DISC, 2: DriveState.TRAY_OPEN, 3: DriveState.NOT_READY}
_DISC_OK, _AUDIO = 4, 100
_SECTOR, _DESCRIPTOR = 2048, 16
_ENTRY = struct.Struct("BBBxiB3x")


class Kernel:
    """The drive by way of the kernel."""

    def open(self, path: str) -> int:
        """See `Calls.open`."""
        return os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)

    def close(self, fd: int) -> None:
        os.close(fd)

    def drive_status(self, fd: int) -> int | None:
        return self._number(fd, _DRIVE_STATUS, _CURRENT_SLOT)

    def disc_status(self, fd: int) -> int | None:
        return self._number(fd, _DISC_STATUS, 0)

    def tracks(self, fd: int) -> Sequence[Track]:
        try:
            first, last = fcntl.ioctl(fd, _TOC_HEADER, bytes(2))
            found = []
            for number in range(first, last + 1):
                answer = fcntl.ioctl(fd, _TOC_ENTRY, _ENTRY.pack(number, 0, _BY_LBA, 0, 0))
                _, control, _, start, _ = _ENTRY.unpack(answer)
                found.append(Track(number, start, bool(control >> 4 & _DATA_BIT)))
        except (OSError, ValueError):
            return ()
        return found

    def has_data(self, fd: int) -> bool:
        """See `Calls.has_data`."""
        try:
            return bool(os.pread(fd, _SECTOR, _DESCRIPTOR * _SECTOR))
        except OSError:
            return False

    def eject(self, fd: int) -> None:
        """See `Calls.eject`."""
        fcntl.ioctl(fd, _EJECT, 0)

    def _number(self, fd: int, request: int, argument: int) -> int | None:
        try:
            return fcntl.ioctl(fd, request, argument)
        except (OSError, ValueError):
            return None


KERNEL = Kernel()

# What each state that stands in the way is told as.
STATE_FINDINGS = {
    DriveState.NO_DISC: "drive-no-disc",
    DriveState.TRAY_OPEN: "drive-tray-open",
    DriveState.NOT_READY: "drive-not-ready",
    DriveState.BLANK: "drive-disc-blank",
    DriveState.AUDIO: "drive-disc-audio",
    DriveState.BUSY: "drive-busy",
}


def drive_state(fd: int, calls: Calls = KERNEL) -> DriveState:
    """What is in an opened drive. A disc without a table of contents of which nothing can be read is blank, or was never finished."""
    status = calls.drive_status(fd)
    if status in _STATES:
        return _STATES[status]
    disc = calls.disc_status(fd)
    if disc == _AUDIO:
        return DriveState.AUDIO
    if disc in _STATES:
        return _STATES[disc]
    tracks = calls.tracks(fd)
    if tracks:
        return DriveState.READY if any(track.is_data for track in tracks) else DriveState.AUDIO
    if status != _DISC_OK:
        return DriveState.UNKNOWN
    return DriveState.READY if calls.has_data(fd) else DriveState.BLANK


def holds_disc(fd: int) -> bool:
    """Whether the drive behind this descriptor still has a disc, as far as it says."""
    try:
        return fcntl.ioctl(fd, _DRIVE_STATUS, _CURRENT_SLOT) not in _WITHOUT_DISC
    except OSError as error:
        return error.errno not in _DRIVE_GONE


_WITHOUT_DISC = (1, 2)  # CDS_NO_DISC, CDS_TRAY_OPEN
_DRIVE_GONE = (errno.ENXIO, errno.ENODEV, errno.EBADF)


class Watch:
    """Notices when discs come and go: drives, and places where discs and sticks are mounted. For one thread, every second or two."""

    def __init__(self, sys_block: str = "/sys/block", mounts: str = "/proc/self/mounts", calls: Calls = KERNEL) -> None:
        self._places = sys_block, mounts, calls
        self._known: dict[str, Drive] | None = None

    def look(self) -> list[Drive]:
        """The drives whose state is another than at the last look, and places that are new; those that went away as NO_DISC."""
        now = {drive.path: drive for drive in list_drives(*self._places)}
        before, self._known = self._known, now
        if before is None:
            return []
        changed = [drive for path, drive in now.items() if path not in before or before[path].state is not drive.state]
        return [*changed, *(replace(drive, state=DriveState.NO_DISC) for path, drive in before.items() if path not in now)]


def prepare(
    path: str, calls: Calls = KERNEL, *, timeout_s: float = 20.0, sleep: Callable[[float], object] = time.sleep
) -> Sequence[int] | None:
    """Wait until a drive has spun up; give the first sectors of its data tracks, None when the drive does not say.

    A blank disc is not told from one whose table of contents cannot be read: reading decides, so it comes back as None.
    Raises `OSError` when the drive cannot be opened, `MediumError` when no disc stands ready.
    """
    fd = calls.open(path)
    try:
        state = drive_state(fd, calls)
        waited = 0.0
        while state is DriveState.NOT_READY and waited < timeout_s:
            sleep(0.25)
            waited += 0.25
            state = drive_state(fd, calls)
        if state in (DriveState.READY, DriveState.UNKNOWN, DriveState.BLANK):
            return [track.start for track in calls.tracks(fd) if track.is_data] or None
        raise MediumError(finding(STATE_FINDINGS[state], path=path))
    finally:
        calls.close(fd)


def open_trouble(path: str, error: OSError) -> Finding | None:
    """The finding for a drive that could not be opened, where it has a sentence of its own."""
    if error.errno == getattr(errno, "ENOMEDIUM", -1):
        return finding("drive-no-disc", path=path)
    return finding("drive-busy", path=path) if error.errno == errno.EBUSY else None


def is_optical(facts: os.stat_result) -> bool:
    """Whether this is an optical drive, or something on a file system that lies in one."""
    return os.major(facts.st_rdev if stat.S_ISBLK(facts.st_mode) else facts.st_dev) == OPTICAL_MAJOR


def list_drives(sys_block: str = "/sys/block", mounts: str = "/proc/self/mounts", calls: Calls = KERNEL) -> list[Drive]:
    """The optical drives of this machine, then the places where discs and removable volumes are mounted. Waits for no drive."""
    mounted = _mounts(mounts)
    drives = []
    names = sorted(_listdir(sys_block))
    for name in names:
        if name.startswith("sr"):
            path = f"/dev/{name}"
            mount_point = next((place for device, place, _ in mounted if device == path), None)
            drives.append(Drive(path, _hardware_name(os.path.join(sys_block, name)), _state_of(path, calls), mount_point))
    removable = {f"/dev/{name}" for name in names if _text(os.path.join(sys_block, name, "removable")) == "1" and not name.startswith("sr")}
    for device, place, kind in mounted:
        if device.startswith("/dev/sr"):
            continue
        if kind in ("iso9660", "udf") or any(device == stick or device.startswith(stick) for stick in removable):
            drives.append(Drive(place, os.path.basename(place) or place, DriveState.READY, place, is_drive=False))
    return drives


def eject(path: str, calls: Calls = KERNEL, mounts: str = "/proc/self/mounts") -> None:
    """Open the tray. Raises `MediumError`: the disc is mounted, or the drive refuses."""
    for device, place, _ in _mounts(mounts):
        if device == os.path.realpath(path):
            raise MediumError(finding("drive-mounted", path=path, mount=place))
    try:
        fd = calls.open(path)
        try:
            calls.eject(fd)
        finally:
            calls.close(fd)
    except OSError as error:
        raise MediumError(finding("drive-not-ejected", path=path, problem=os.strerror(error.errno or errno.EIO))) from error


def _state_of(path: str, calls: Calls) -> DriveState:
    try:
        fd = calls.open(path)
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EPERM):
            return DriveState.NO_PERMISSION
        if error.errno == errno.EBUSY:
            return DriveState.BUSY
        return DriveState.NO_DISC if error.errno == getattr(errno, "ENOMEDIUM", -1) else DriveState.UNKNOWN
    try:
        return drive_state(fd, calls)
    finally:
        calls.close(fd)


def _hardware_name(folder: str) -> str:
    parts = (_text(os.path.join(folder, "device", name)) for name in ("vendor", "model"))
    return " ".join(part for part in parts if part) or os.path.basename(folder)


def _mounts(path: str) -> list[tuple[str, str, str]]:
    """(device, folder, file system) of each mount; octal escapes undone."""
    rows = []
    for line in _text(path).splitlines():
        fields = line.split(" ")
        if len(fields) >= 3:
            rows.append((_unescaped(fields[0]), _unescaped(fields[1]), fields[2]))
    return rows


def _unescaped(text: str) -> str:
    for code, character in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        text = text.replace(code, character)
    return text


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return file.read(1 << 20).strip()
    except OSError:
        return ""


def _listdir(path: str) -> list[str]:
    try:
        return os.listdir(path)
    except OSError:
        return []
