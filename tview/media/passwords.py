"""Passwords of encrypted archives: given, or asked for."""

from collections.abc import Callable

from tview.errors import MediumError, finding

Password = Callable[[str], bytes | None] | bytes | None
_TRIES = 3


def fitting_password(source: str, password: Password, fits: Callable[[bytes], bool]) -> bytes | None:
    """The password that fits, in the spelling that does; None when there is none.

    Raises:
        MediumError: it is wrong.
    """
    if password is None:
        return None
    for _ in range(1 if isinstance(password, bytes) else _TRIES):
        given = password if isinstance(password, bytes) else password(source)
        if not given:
            return None
        for spelling in _spellings(given):
            if fits(spelling):
                return spelling
    raise MediumError(finding("archive-password-wrong", path=source))


def _spellings(password: bytes) -> list[bytes]:
    """The password as it is, and as programs under Windows write it down when it has letters beyond ASCII."""
    found = [password]
    if not password.isascii():
        for encoding in ("cp437", "cp850", "cp1252"):
            try:
                found.append(password.decode("utf-8").encode(encoding))
            except UnicodeError:
                pass
    return list(dict.fromkeys(found))
