"""What should be on the medium: numbers as they are typed, or a manifest that names every object or file."""

import json
import os
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tview.errors import Finding, UsageError, finding
from tview.verify.model import Expected
from tview.verify.regular import read_regular

if TYPE_CHECKING:
    from tview.verify.evidence import Evidence

_LARGEST = 64 << 20
_WORDS = ("studies", "series", "images", "objects")
_UID = re.compile(r"^\s*([0-9]+(?:\.[0-9]+){3,})\s*$", re.MULTILINE)
_SUM = re.compile(r"^([0-9a-fA-F]{64})\s[ *]\S", re.MULTILINE)


def read_expected(text: str) -> Expected:
    """``studies=2,images=412``, or the name of a manifest: what `tview ls --json` or `verify --json` wrote, SHA256SUMS, or UIDs in rows.

    Raises:
        UsageError: it is neither.
    """
    if "=" in text and not os.path.exists(text):
        return _numbers(text)
    try:
        if os.path.getsize(text) > _LARGEST:
            raise _wrong(text, "it is too large")
        content = read_regular(text, _LARGEST).decode("utf-8", "replace")
    except OSError as error:
        raise _wrong(text, error.strerror or "it cannot be read") from error
    return _manifest(text, content)


def _numbers(text: str) -> Expected:
    found: dict[str, int] = {}
    for part in text.split(","):
        word, _equals, number = part.strip().partition("=")
        if word not in _WORDS or not number.isdigit():
            raise _wrong(text, f"write {', '.join(f'{word}=N' for word in _WORDS)}")
        found[word] = int(number)
    return Expected(found.get("studies"), found.get("series"), found.get("images"), found.get("objects"))


def _manifest(name: str, content: str) -> Expected:
    if content.lstrip().startswith("{"):
        try:
            uids = frozenset(_uids_in(json.loads(content)))
        except (ValueError, RecursionError) as error:
            raise _wrong(name, "it is no JSON") from error
    else:
        sums = frozenset(_SUM.findall(content))
        if sums:
            return Expected(sums=frozenset(one.lower() for one in sums))
        uids = frozenset(_UID.findall(content))
    if not uids:
        raise _wrong(name, "it names no object")
    return Expected(uids=uids)


def _uids_in(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        uid = node.get("sop_instance_uid")
        if isinstance(uid, str):
            yield uid
        for name, value in node.items():
            if name != "findings":
                yield from _uids_in(value)
    elif isinstance(node, list):
        for value in node:
            yield from _uids_in(value)


def expected_findings(evidence: "Evidence", expected: Expected) -> Iterator[Finding]:
    """Where there is less than was expected."""
    whole = [(study, series, one) for study, series, one in evidence.instances if evidence.state(one) == "ok"]
    found = {
        "studies": len({study.key for study, _, _ in whole}),
        "series": len({series.key for _, series, _ in whole}),
        "images": sum(series.is_image for _, series, _ in whole),
        "objects": len(whole),
    }
    for word in _WORDS:
        wanted = getattr(expected, word)
        if wanted is not None and found[word] < wanted:
            yield finding("expected-missing", what=word, expected=wanted, found=found[word])
    if expected.uids:
        there = len(expected.uids & evidence.whole_uids)
        if there < len(expected.uids):
            first = min(expected.uids - evidence.whole_uids)
            yield finding("expected-missing", what="objects", expected=len(expected.uids), found=there, sop_instance_uid=first)
    if expected.sums:
        there = len(expected.sums & {read.sha256.hex() for read in evidence.observed.read.values()})
        if there < len(expected.sums):
            yield finding("expected-missing", what="files", expected=len(expected.sums), found=there)


def _wrong(text: str, problem: str) -> UsageError:
    return UsageError(finding("usage", problem=f"--expect {text}: {problem}"))
