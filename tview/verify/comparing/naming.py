"""Another person's name, ID and dates in a comparison: withheld until somebody asks for them."""

import re
from dataclasses import replace

from tview.dicom import vr_of
from tview.text import SafeText, safe, translate
from tview.verify.comparing.model import Compared, Differing, Pair

_PERSON = ("(0010,0010)", "(0010,0020)", "(0010,0030)")
_ALSO = ("(0010,1000)", "(0010,1001)", "(0010,1005)", "(0010,1040)", "(0010,2154)", "(0010,1002)", "(0010,0024)", "(0010,0034)")
_NUMBERS = frozenset(("US", "SS", "UL", "SL", "UV", "SV", "FL", "FD", "DS", "IS", "AT", "UI", "CS", "DA", "TM"))
"""What is shown of another person's objects: no text, no name, nothing whose kind is unknown."""
_TAG = re.compile(r"\(([0-9A-F]{4}),([0-9A-F]{4})\)")


def without_other_persons(compared: Compared) -> Compared:
    """The same without what B says of the person where A says something else.

    When name, ID or birth date differ, B is of somebody else: then nothing of its group 0010, no text, no private element and no address.
    """
    pairs = tuple(map(_masked, compared.pairs))
    theirs = {pair.path_b for pair in compared.pairs if _is_other(pair) and pair.path_b}
    findings = tuple(
        replace(told, values={**told.values, "other": _withheld()}) if told.values.get("other") in theirs else told
        for told in compared.findings
    )
    return compared._replace(pairs=pairs, findings=findings)


def _is_other(pair: Pair) -> bool:
    return any(one.place.startswith(_PERSON) for one in pair.elements)


def _masked(pair: Pair) -> Pair:
    other = _is_other(pair)
    elements = tuple(_without_value(one, other) for one in pair.elements)
    return pair._replace(elements=elements, path_b=_withheld() if other and pair.path_b else pair.path_b)


def _without_value(one: Differing, other: bool) -> Differing:
    mine = one.place.startswith((*_PERSON, *_ALSO)) or (other and not _is_number(one.place))
    return one._replace(b=_withheld()) if mine and one.b else one


def _is_number(place: str) -> bool:
    """Whether every step to this element leads through public ones outside the patient's group, and it is no text itself."""
    tags = [(int(group, 16), int(element, 16)) for group, element in _TAG.findall(place)]
    if not tags or any(group & 1 or group == 0x0010 for group, _ in tags):
        return False
    group, element = tags[-1]
    return vr_of(group << 16 | element) in _NUMBERS


def _withheld() -> SafeText:
    return safe(translate("withheld (--show-all-persons)"))
