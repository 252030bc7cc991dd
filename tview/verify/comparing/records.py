"""A comparison as a plain record for `compare --json`: schema ``tview/compare/1``, described in ``docs/schemas/compare-1.json``."""

from typing import Any

from tview.catalog import finding_record
from tview.text import safe
from tview.verify.comparing.model import STATES, Compared, Pair, Side

SCHEMA = "tview/compare/1"


def comparison_record(compared: Compared) -> dict[str, Any]:
    """All of it; unknown is None. `objects` has what is not identical."""
    return {
        "schema": SCHEMA,
        "a": _side(compared.a),
        "b": _side(compared.b),
        "finished": compared.finished,
        "counts": {state: compared.counts.get(state, 0) for state in STATES},
        "objects": [_pair(pair) for pair in compared.pairs],
        "other_files": compared.others._asdict(),
        "findings": [finding_record(told) for told in compared.findings],
        "bytes_read": compared.bytes_read,
        "elapsed_s": round(compared.elapsed_s, 3),
    }


def _side(side: Side) -> dict[str, Any]:
    return side._asdict()


def _pair(pair: Pair) -> dict[str, Any]:
    return {
        "sop_instance_uid": pair.sop_instance_uid,
        "state": pair.state,
        "series": pair.series or None,
        "path_a": None if pair.path_a is None else safe(pair.path_a),
        "path_b": None if pair.path_b is None else safe(pair.path_b),
        "elements": [one._asdict() for one in pair.elements],
        "elements_count": pair.elements_count,
        "pixels": pair.pixels,
        "frames": pair.frames,
        "largest": pair.largest if pair.largest is None or pair.largest < float("inf") else None,
    }
