"""A list of SHA-256 sums as one of the two sides: what `tview copy` leaves beside a copy, or any `sha256sum` writes."""

import json
import os
import re
from collections.abc import Mapping

from tview.errors import MediumError, finding
from tview.verify.regular import read_regular

_MOST = 256 << 20
_LINE = re.compile(r"\\?([0-9a-fA-F]{64}) [ *](.+)\Z")


def read_manifest(path: str) -> Mapping[str, str] | None:
    """The sums by name; None when the file is no such list, whatever it is called.

    Raises:
        MediumError: it cannot be read.
    """
    if not os.path.isfile(path):
        return None
    try:
        head = read_regular(path, 4096)
        if not (_begins(head) or (head.lstrip()[:1] == b"{" and b"tview/copy/" in head)):
            return None
        data = read_regular(path, _MOST)
    except OSError as error:
        raise MediumError(finding("source-read-failed", path=path, problem=error.strerror or type(error).__name__)) from error
    return _of_record(data) if head.lstrip()[:1] == b"{" else _of_lines(data)


def _begins(head: bytes) -> bool:
    return _LINE.match(head.split(b"\n", 1)[0].decode("utf-8", "surrogateescape").rstrip("\r")) is not None


def _of_lines(data: bytes) -> dict[str, str]:
    sums = {}
    for line in data.decode("utf-8", "surrogateescape").splitlines():
        match = _LINE.match(line)
        if match:
            name = match.group(2)
            if line.startswith("\\"):  # GNU coreutils writes names with a newline or backslash so
                name = name.replace("\\n", "\n").replace("\\\\", "\\")
            sums[name.removeprefix("./")] = match.group(1).lower()
    return sums


def _of_record(data: bytes) -> dict[str, str] | None:
    try:
        rows = json.loads(data)["files"]
        return {str(row["path"]): str(row["sha256"]) for row in rows if row.get("sha256") and not row.get("lost")}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
