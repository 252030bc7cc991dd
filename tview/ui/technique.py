"""How a picture was taken: the few numbers beside the slice's place, by modality or as the settings list them; and what its values lack."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from tview.dicom import DataSet, tags
from tview.errors import Finding, SettingsError, finding
from tview.text import SafeText, safe
from tview.ui.elements import names_someone
from tview.ui.look import words

if TYPE_CHECKING:
    from tview.pixels import Frame, Suv

_ = str
_LONGEST = 24  # characters of a value


class Technical(NamedTuple):
    """A fact of the technique; `identifies` says that the mask for names hides it."""

    text: SafeText
    identifies: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands for an attribute: the first of `tags` that has a value, times `factor` where it is a number, in the words of `form`."""

    tags: tuple[int, ...]
    form: str
    factor: float = 1.0


_KV = Shown((tags.KVP,), _("{value} kV"))
_MAS = Shown((tags.EXPOSURE_IN_M_AS, tags.EXPOSURE), _("{value} mAs"))
_CONTRAST = Shown((tags.CONTRAST_BOLUS_AGENT,), _("contrast {value}"))
_TRACER = (
    Shown((tags.RADIOPHARMACEUTICAL,), "{value}"),
    Shown((tags.RADIONUCLIDE_TOTAL_DOSE,), _("{value} MBq"), 1e-6),
)
_DIFFUSION = Shown((tags.DIFFUSION_B_VALUE,), _("b {value}"))
_XRAY = (_KV, _MAS)
_ANGLES = (
    Shown((tags.POSITIONER_PRIMARY_ANGLE,), _("LAO/RAO {value}°")),
    Shown((tags.POSITIONER_SECONDARY_ANGLE,), _("CRA/CAU {value}°")),
)

TECHNIQUES: dict[str, tuple[Shown, ...]] = {
    "MR": (
        Shown((tags.REPETITION_TIME,), _("TR {value} ms")),
        Shown((tags.EFFECTIVE_ECHO_TIME, tags.ECHO_TIME), _("TE {value} ms")),
        Shown((tags.INVERSION_TIMES, tags.INVERSION_TIME), _("TI {value} ms")),
        Shown((tags.FLIP_ANGLE,), _("FA {value}°")),
        _DIFFUSION,
        Shown((tags.MAGNETIC_FIELD_STRENGTH,), _("{value} T")),
        _CONTRAST,
    ),
    "CT": (_KV, _MAS, Shown((tags.CONVOLUTION_KERNEL,), "{value}"), _CONTRAST),
    "PT": _TRACER,
    "NM": _TRACER,
    "MG": (
        _KV,
        _MAS,
        Shown((tags.BODY_PART_THICKNESS,), _("compressed to {value} mm")),
        Shown((tags.COMPRESSION_FORCE,), _("{value} N")),
    ),
    "CR": _XRAY,
    "DX": _XRAY,
    "PX": _XRAY,
    "IO": _XRAY,
    "RF": _XRAY,
    "XA": (*_XRAY, *_ANGLES),
}
"""By Modality (0008,0060), the most wanted first; of others, such as ultrasound, nothing is said."""

_MAY_BE_0 = (*_ANGLES, _DIFFUSION)
"""Of the others 0 is what is written where there is none, such as an inversion time."""

_SIDES = {_ANGLES[0]: (_("LAO {value}°"), _("RAO {value}°")), _ANGLES[1]: (_("CRA {value}°"), _("CAU {value}°"))}
"""Of angles with a sign: PS3.3 C.8.7.5.1.2."""


def technique(data_set: DataSet, frame: int, corner: Mapping[str, Sequence[str]] | None = None) -> tuple[Technical, ...]:
    """What the header says of how frame number `frame`, from 0, was taken; `corner` has keywords by modality in place of the usual ones.

    An attribute is looked for in the frame's own functional groups, in the shared ones, and in the data set, in this order.
    """
    modality = str(data_set.text(tags.MODALITY) or "")
    keywords = (corner or {}).get(modality)
    if keywords is None:
        wanted: Sequence[Shown] = TECHNIQUES.get(modality, ())
    else:
        wanted = [_custom(keyword) for keyword in keywords]
    sources = _sources(data_set, frame)
    return tuple(told for shown in wanted if (told := _told(sources, shown)) is not None)


def check_corner(corner: Mapping[str, Sequence[str]], place: str) -> None:
    """Raise `SettingsError` for a keyword of the settings file at `place` that is none of the standard's."""
    for keyword in (keyword for keywords in corner.values() for keyword in keywords):
        if tag_of(keyword) is None:
            problem = f"[corner] {keyword!r} is no keyword of DICOM, such as RepetitionTime, and no tag, such as 0018,0080"
            raise SettingsError(finding("settings-unreadable", path=place, problem=problem))


def tag_of(keyword: str) -> int | None:
    """The tag of a keyword of PS3.6, or of a tag as it is written; None when it is neither."""
    if re.fullmatch(r"\(?[0-9a-fA-F]{4},?[0-9a-fA-F]{4}\)?", keyword):
        return int(re.sub(r"[(),]", "", keyword), 16)
    ours = _BY_KEYWORD.get(keyword.upper())
    if ours is not None:
        return ours
    import pydicom.datadict  # 0.2 s: only who names an attribute that tview never asks for pays

    return pydicom.datadict.tag_for_keyword(keyword)


_BY_KEYWORD = {name.replace("_", ""): tag for name, tag in vars(tags).items() if isinstance(tag, int)}
_USUAL = {tag: shown for row in TECHNIQUES.values() for shown in row for tag in shown.tags}


def _custom(keyword: str) -> Shown:
    tag = tag_of(keyword)
    if tag is None:
        return Shown((), "")
    usual = _USUAL.get(tag)
    return (
        Shown((tag,), usual.form, usual.factor)
        if usual is not None
        else Shown((tag,), keyword.replace("{", "").replace("}", "") + " {value}")
    )


def _sources(data_set: DataSet, frame: int) -> list[DataSet]:
    """Where a frame's attributes may stand, the nearest first: PS3.3 C.7.6.16. Of the tracer one item deeper: PS3.3 C.8.9.2."""
    sources: list[DataSet] = []
    frames = data_set.items(tags.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE)
    for item in (*frames[frame : frame + 1], *data_set.items(tags.SHARED_FUNCTIONAL_GROUPS_SEQUENCE)[:1]):
        sources.extend(group for tag in item.tags() for group in item.items(tag)[:1])
    return [*sources, data_set, *data_set.items(tags.RADIOPHARMACEUTICAL_INFORMATION_SEQUENCE)[:1]]


def _told(sources: Sequence[DataSet], shown: Shown) -> Technical | None:
    for tag in shown.tags:
        for source in sources:
            if tag in source and (value := source.text(tag)) and (source.number(tag) != 0 or shown in _MAY_BE_0):
                return Technical(*_in_words(source, tag, value, shown))
    return None


def _in_words(source: DataSet, tag: int, value: SafeText, shown: Shown) -> tuple[SafeText, bool]:
    number, form = source.number(tag), shown.form
    if number is not None and shown in _SIDES:
        form = _SIDES[shown][number < 0]
        number = abs(number)
    name = source.person_name(tag) if source.vr(tag) == "PN" else None
    value = name.marked if name is not None else value
    text = f"{number * shown.factor:.4g}" if number is not None else safe(str(value), _LONGEST)
    return words(form, value=text), names_someone(tag, source.vr(tag))


def more_marks(frame: "Frame", of_image: Sequence[Finding], suv: "Suv") -> tuple[SafeText, ...]:
    """What has to be known of the values and colours drawn: that there is no SUV and why, and where colours are not the file's own."""
    codes = {found.code for found in (*of_image, *frame.findings)}
    marks: list[SafeText] = []
    if suv.is_pet and suv.factor is None and not frame.description.is_colour:
        marks.append(words(_("no SUV: {reason}"), reason=words(suv.reason)))
    marks.extend(words(mark) for code, mark in _MARKS.items() if code in codes)
    return tuple(marks)


_MARKS = {
    "icc-applied": _("ICC COLOURS"),
    "icc-unusable": _("ICC UNUSABLE: colours may be off"),
    "colour-in-grey": _("COLOUR IN GREY"),
}
