"""A pile of discs through one drive: each is noticed once, when it stands ready, and the next when it has been taken out."""

import errno
import time
from collections.abc import Callable, Iterator

from tview.errors import MediumError, finding
from tview.media.drives import KERNEL, Calls, DriveState, drive_state

_PRESENT = frozenset((DriveState.READY, DriveState.UNKNOWN, DriveState.BLANK, DriveState.AUDIO))
_EVERY_S = 0.25
_SETTLE_S = 1.0


def discs(
    drive: str,
    *,
    calls: Calls = KERNEL,
    stopped: Callable[[], bool] = lambda: False,
    tell: Callable[[DriveState], None] = lambda state: None,
    sleep: Callable[[float], object] = time.sleep,
) -> Iterator[DriveState]:
    """READY, BLANK or AUDIO for each disc that is put in (UNKNOWN where the drive does not say); ends when it is stopped.

    `tell` gets the state whenever it changes while no disc stands ready. Who takes a disc ejects it, or asks for it to be taken out.

    Raises:
        MediumError: the drive is not there, or may not be read.
    """
    told: DriveState | None = None
    while not stopped():
        state = state_of(drive, calls)
        if state in _PRESENT:
            # A blank disc and one that is still being recognised look alike for a moment.
            if state is not DriveState.READY:
                sleep(_SETTLE_S)
                state = state_of(drive, calls)
            if state in _PRESENT:
                yield state
                _wait_until_gone(drive, calls, stopped, tell, sleep)
                told = None
                continue
        if state is not told:
            tell(state)
            told = state
        sleep(_EVERY_S)


def _wait_until_gone(
    drive: str, calls: Calls, stopped: Callable[[], bool], tell: Callable[[DriveState], None], sleep: Callable[[float], object]
) -> None:
    waiting = False
    while not stopped():
        state = state_of(drive, calls)
        if state not in _PRESENT and state is not DriveState.BUSY:
            return
        if not waiting:
            tell(state)
            waiting = True
        sleep(_EVERY_S)


def state_of(drive: str, calls: Calls = KERNEL) -> DriveState:
    """What is in the drive now. Raises `MediumError` when it is not there, or may not be read."""
    try:
        fd = calls.open(drive)
    except FileNotFoundError as error:
        raise MediumError(finding("source-missing", path=drive)) from error
    except PermissionError as error:
        raise MediumError(finding("source-no-permission", path=drive, hint="")) from error
    except OSError as error:
        return DriveState.BUSY if error.errno == errno.EBUSY else DriveState.NO_DISC
    try:
        return drive_state(fd, calls)
    finally:
        calls.close(fd)
