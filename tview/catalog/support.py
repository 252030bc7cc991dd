"""What this program can show, by SOP class and transfer syntax: the catalog says so before anything is decoded."""

from functools import cache
from importlib.util import find_spec

from tview.dicom.uids import sop_class_kind, transfer_syntax

SHOWN_KINDS = frozenset(
    (
        "image",
        "segmentation",
        "report",
        "key-objects",
        "presentation",
        "pdf",
        "cda",
        "waveform",
        "rt-structures",
        "rt-plan",
        "measurements",
        "relation",
        "value-mapping",
    )
)
"""Kinds of objects that are shown as pictures or as text."""

_JPEG = "1.2.840.10008.1.2.4."
UNDECODED = frozenset(_JPEG + end for end in ("58", "59", "60", "61", "62", "63", "64", "65", "66"))
"""Transfer syntaxes of PS3.5 whose pixel data nothing here decodes. A test holds it against the decoders' own table."""

_VIDEO = frozenset(
    _JPEG + end
    for end in (
        "100", "100.1", "101", "101.1", "102", "102.1", "103", "103.1", "104", "104.1", "105", "105.1", "106", "106.1", "107", "108",
    )
)  # fmt: skip


@cache
def _reads_video() -> bool:
    return find_spec("av") is not None  # PyAV, an extra


def unshown_reason(sop_class_uid: str | None, transfer_syntax_uid: str | None, has_pixels: bool) -> tuple[str, str] | None:
    """Why an object cannot be shown: ("class" or "syntax", its UID); None when it can."""
    kind = sop_class_kind(sop_class_uid or "")
    pictured = kind in ("image", "segmentation") or (has_pixels and kind in ("", "other"))
    if not pictured and kind not in SHOWN_KINDS:
        return "class", sop_class_uid or "?"
    if pictured and has_pixels and transfer_syntax_uid:
        facts = transfer_syntax(transfer_syntax_uid)
        if facts is None or facts.by_reference or transfer_syntax_uid in UNDECODED:
            return "syntax", transfer_syntax_uid
        if transfer_syntax_uid in _VIDEO and not _reads_video():
            return "syntax", transfer_syntax_uid
    return None
