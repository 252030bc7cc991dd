"""The request slip held against the disc: who and what was expected, field by field."""

import re
from collections.abc import Sequence

from tview.verify.model import Person, Slip, SlipField
from tview.verify.names import same_name

_DATES = (
    (re.compile(r"(\d{4})[-./]?(\d{2})[-./]?(\d{2})\Z"), (1, 2, 3)),
    (re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})\Z"), (3, 2, 1)),  # 2.4.1961, as it is written where dots are
)


def match_slip(slip: Slip, person: Person, accessions: Sequence[str | None]) -> tuple[SlipField, ...]:
    """Each field that the slip has, with how it fits this person and these accession numbers."""
    fields = []
    if slip.patient:
        fields.append(SlipField("patient", _name_word(slip.patient, person.name)))
    if slip.born:
        fields.append(SlipField("born", _date_word(slip.born, person.birth_date)))
    if slip.patient_id:
        numbers = [number for number, _place in person.ids]
        fields.append(SlipField("patient_id", _number_word(slip.patient_id, numbers)))
    if slip.accession:
        fields.append(SlipField("accession", _number_word(slip.accession, accessions)))
    return tuple(fields)


def _name_word(wanted: str, found: str | None) -> str:
    if not found or found == "?":
        return "unknown"
    # How a name is shown has its other scripts in brackets behind it.
    written = [part.strip(" )") for part in found.split("(")]
    if any(_folded(wanted) == _folded(part) for part in written):
        return "ok"
    return "near" if any(same_name(wanted, part) for part in written) else "differs"


def _date_word(wanted: str, found: str | None) -> str:
    if not found:
        return "unknown"
    one, other = read_date(wanted), read_date(found)
    if one is None or other is None:
        return "unknown"
    if one == other:
        return "ok"
    swapped = (one[0], one[2], one[1])  # day and month
    return "near" if swapped == other else "differs"


def _number_word(wanted: str, found: Sequence[str | None]) -> str:
    numbers = [number for number in found if number]
    if not numbers:
        return "unknown"
    if any(_folded(wanted) == _folded(number) for number in numbers):
        return "ok"
    plain = _folded(wanted).lstrip("0")
    return "near" if any(plain and plain == _folded(number).lstrip("0") for number in numbers) else "differs"


def read_date(text: str) -> tuple[int, int, int] | None:
    """Year, month and day as people and files write them; None for what is no date."""
    for pattern, order in _DATES:
        match = pattern.match(text.strip())
        if match:
            year, month, day = (int(match.group(place)) for place in order)
            return (year, month, day) if 1 <= month <= 12 and 1 <= day <= 31 else None
    return None


def _folded(text: str) -> str:
    return re.sub(r"[\s,^-]+", " ", text.casefold()).strip()
