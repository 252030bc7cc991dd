"""The words of the tree: names, dates, ages, and what tells one series from another."""

import re

from tview.catalog.facts import Exam, Group, Identity, name_of, text
from tview.dicom.values import text_numbers
from tview.text import SafeText, safe, translate

_ = str
_DATE = re.compile(r"(\d{4})[.\-/]?(\d{2})[.\-/]?(\d{2})\Z")
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_AGE = re.compile(r"\s*(\d{1,3})([DWMY])\s*\Z")
_NO_BIRTH = ("18000101", "19000101")
_PLANES = {"axial": "ax", "coronal": "cor", "sagittal": "sag", "oblique": "obl"}
_UNPAIRED = "U"  # a laterality that says there are no sides
_NO_CONTRAST = frozenset(("", "NO", "NONE", "N", "WITHOUT", "NATIVE", "NO CONTRAST"))


def iso_date(raw: str | None) -> SafeText | None:
    """A DA value as 2026-03-12; one that is no day of the calendar in quotation marks, as recorded: ``"00000000"``; None when empty."""
    value = (raw or "").strip(" \0")
    if not value:
        return None
    parts = _day(value)
    return safe("-".join(parts)) if parts else safe(f'"{value}"')


def as_recorded(shown: SafeText | None) -> SafeText | None:
    """What `iso_date` gave without the quotation marks, for records."""
    return safe(shown[1:-1]) if shown and shown[0] == '"' else shown


def _day(value: str) -> tuple[str, str, str] | None:
    """Year, month and day; None when the calendar has no such day."""
    match = _DATE.match(value)
    if not match:
        return None
    year, month, day = match.groups()
    fits = year != "0000" and 1 <= int(month) <= 12 and 1 <= int(day) <= _DAYS[int(month) - 1]
    return (year, month, day) if fits else None


def clock_time(raw: str | None) -> SafeText | None:
    """A TM value as 08:14:37; as recorded when it is none; None when empty. Never converted to another zone."""
    value = (raw or "").strip(" \0")
    digits = value.replace(":", "").split(".")[0]
    if len(digits) in (4, 6) and digits.isdigit():
        return safe(":".join(digits[place : place + 2] for place in range(0, len(digits), 2)))
    return safe(value) if value else None


def age_at_exam(age: str | None, birth_date: str | None, study_date: str | None) -> SafeText | None:
    """Patient's Age (0010,1010), else the years (under two the months) from birth to the study's date: "61Y", "14M".

    None when neither is there, and for the birth dates 1800-01-01 and 1900-01-01, which stand for unknown.
    """
    match = _AGE.match(age or "")
    if match and int(match[1]):
        return safe(f"{int(match[1])}{match[2]}")
    born, then = (_day((date or "").strip(" \0")) for date in (birth_date, study_date))
    if not born or not then or "".join(born) in _NO_BIRTH:
        return None
    (year, month, day), (this_year, this_month, this_day) = (tuple(map(int, date)) for date in (born, then))
    months = (this_year - year) * 12 + this_month - month - (this_day < day)
    if not 0 <= months < 150 * 12:
        return None
    return safe(f"{months}M" if months < 24 else f"{months // 12}Y")


def shown_name(identity: Identity) -> SafeText | None:
    """Family, given, with script groups; None when there is no name."""
    name = name_of(identity)
    return (name.marked or None) if name else None


def exam_age(exam: Exam, identity: Identity) -> SafeText | None:
    """The person's age at this exam."""
    return age_at_exam(text(exam.age), text(identity.birth_date), text(exam.date))


def slice_thickness(group: Group) -> float | None:
    """Slice Thickness in mm, if it is a thickness."""
    numbers = text_numbers((group.thickness or b"").decode("latin-1"))
    return numbers[0] if numbers and 0 < numbers[0] < 1000 else None


def contrast(group: Group) -> SafeText | None:
    """The contrast agent; None when there was none, or none is recorded."""
    agent = text(group.contrast, group.charset)
    return agent if agent is not None and agent.upper().strip() not in _NO_CONTRAST else None


def technique(group: Group) -> SafeText | None:
    """The kernel of a CT, the sequence of an MR."""
    return text(group.kernel) or text(group.sequence) or text(group.scanning)


def series_words(
    group: Group, plane: str | None, thickness: float | None, spacing: float | None, how: SafeText | None, agent: SafeText | None
) -> str:
    """What tells a series from its neighbours, short: ``ax 5/2.5 mm B31f +C``."""
    words = [_PLANES[plane]] if plane else []
    if thickness is not None:
        apart = spacing is not None and abs(spacing - thickness) > 0.05 * thickness
        words.append(f"{thickness:.3g}/{spacing:.3g} mm" if apart else f"{thickness:.3g} mm")
    elif spacing is not None:
        words.append(f"{spacing:.3g} mm")
    if how:
        words.append(how)
    if agent:
        words.append("+C")
    said = (text(group.description, group.charset) or "").upper().split()
    return " ".join(word for word in words if word.upper() not in said)


def series_title(group: Group, modality: SafeText | None, class_name: str, words: str) -> SafeText:
    """The row of a series in the tree: modality, description (else protocol, body part or the SOP class), what tells it apart."""
    described = text(group.description, group.charset) or text(group.protocol, group.charset) or text(group.body_part) or class_name
    said = (*described.upper().split(), _UNPAIRED)
    sides = [side for side in (text(group.laterality), text(group.view_position)) if side and side.upper() not in said]
    parts = [modality if modality and modality.upper() != described.upper() else "", described, " ".join(sides), words]
    return safe("  ".join(part for part in (" ".join(part for part in parts[:2] if part), *parts[2:]) if part))


def study_title(exam: Exam, modalities: list[str], body_parts: list[str]) -> SafeText:
    """The row of a study: its description, else what was taken of which part."""
    described = text(exam.description, exam.charset)
    return described or safe(" ".join([*modalities, *body_parts]) or translate(_("no description")))
