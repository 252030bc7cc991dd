"""The same facts in words for people who do not read images for a living. Nothing is left out that a picture must say of itself."""

from tview.text import SafeText, safe
from tview.ui.facts import PictureFacts
from tview.ui.look import Span, words

_ = str

ADVICE = (_("Pictures alone cannot tell you if something is wrong;"), _("ask your doctor, and bring the report."))

_KINDS = {
    "CT": _("CT scan"),
    "MR": _("MR scan"),
    "US": _("ultrasound"),
    "CR": _("X-ray"),
    "DX": _("X-ray"),
    "MG": _("mammogram"),
    "XA": _("X-ray film of blood vessels"),
    "RF": _("X-ray film"),
    "PT": _("PET scan"),
    "NM": _("nuclear medicine scan"),
    "ECG": _("ECG"),
    "OP": _("picture of the eye"),
    "ES": _("endoscopy"),
    "SC": _("copied picture"),
    "OT": _("picture"),
}


def person_name(shown: SafeText) -> SafeText:
    """ "DOE, JANE" as people write it: "Jane Doe". A name in one piece stays as it is."""
    family, comma, given = shown.partition(", ")
    if not comma or "," in given or "=" in shown or "(" in shown:
        return shown
    name = f"{given} {family}"
    return safe(name.title() if name.isupper() else name)


def identity_parts(facts: PictureFacts | None, persons: int, hidden: bool) -> list[list[Span]]:
    """Who it is."""
    if facts is None:
        return [[(words(_("no picture")), "chrome.dim")]]
    parts: list[list[Span]] = []
    if persons > 1:
        parts.append([(words(_("! PICTURES OF {count} PERSONS ARE ON THIS DISC"), count=persons), "chrome.amber")])
    if hidden:
        return [*parts, [(words(_("names hidden; dates and UIDs remain")), "chrome.amber")]]
    unknown = words(_("unknown"))
    name = person_name(facts.patient_name) if facts.patient_name else words(_("name unknown"))
    sex = {"F": words(_("female")), "M": words(_("male"))}.get(str(facts.sex or ""), facts.sex or words(_("sex unknown")))
    parts.append([(name, "chrome.strong")])
    parts.append([(words(_("born {date}"), date=facts.birth_date or unknown), "chrome")])
    parts.append([(sex, "chrome")])
    parts.append([(words(_("number {id}"), id=facts.patient_id or unknown), "chrome")])
    if facts.institution:
        parts.append([(facts.institution, "chrome.dim")])
    return parts


def kind_of(modality: SafeText | None) -> SafeText:
    """What was done, in a word."""
    known = _KINDS.get(str(modality or ""))
    return words(known) if known else modality or words(_("kind unknown"))


def image_parts(facts: PictureFacts) -> list[list[Span]]:
    """Which picture of which set."""
    number = "?" if facts.series_number is None else str(facts.series_number)
    parts: list[list[Span]] = [
        [(kind_of(facts.modality), "pane.strong")],
        [
            (
                words(
                    _("set {number}, picture {position} of {positions}"), number=number, position=facts.position, positions=facts.positions
                ),
                "pane",
            )
        ],
    ]
    if facts.missing:
        parts.append([(words(_("{count:# picture is/# pictures are} missing"), count=facts.missing), "pane.red")])
    if facts.gaps:
        parts.append([(words(_("there is a gap between the pictures")), "pane.red")])
    if facts.hole:
        parts.append([(facts.hole, "pane.red")])
    parts.extend([(mark, "pane.amber")] for mark in facts.marks)
    if facts.lossy:
        parts.append([(words(_("compressed with loss ({what})"), what=facts.lossy), "pane.amber")])
    return parts


def window_parts(facts: PictureFacts) -> list[list[Span]]:
    """How bright it is drawn."""
    return [[(words(_("brightness {window}"), window=facts.window), "pane.amber" if facts.window_alarm else "pane.dim")]]


def technique_parts(_facts: PictureFacts, _hidden: bool) -> list[list[Span]]:
    """Nothing: numbers for technicians."""
    return []


def place_parts(_facts: PictureFacts, cursor: SafeText | None) -> list[list[Span]]:
    """What pictures cannot tell, or what is under the mouse."""
    return [[(cursor, "pane.accent")]] if cursor else [[(words(part), "pane")] for part in ADVICE]


def scale_parts(facts: PictureFacts) -> list[list[Span]]:
    """How large it is drawn, and how."""
    parts: list[list[Span]] = [[(words(_("size {zoom}"), zoom=facts.zoom), "pane.dim")]]
    if facts.scale:
        parts.append([(facts.scale, "pane.dim")])
    if facts.slice_place is not None:
        parts.append([(facts.slice_place, "pane.dim")])
    parts.append([(facts.resolution, "pane.dim")])
    return parts
