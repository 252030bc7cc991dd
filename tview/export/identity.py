"""Who may be recognised in a picture by its pixels, whatever is said or hidden beside it: names burned in, faces."""

import re

from tview.dicom import DataSet, tags
from tview.errors import Finding, finding
from tview.text import translate

_ = str
_THIN_MM = 3.0  # slices that make a face when they are put together
_OF_MODALITY = {
    "US": _("ultrasound often has them"),
    "IVUS": _("ultrasound often has them"),
    "SC": _("it is a copy of a screen or a sheet"),
    "OT": _("it is a copy of a screen or a sheet"),
    "DOC": _("it is a document"),
    "XA": _("angiography often has them"),
    "RF": _("fluoroscopy often has them"),
    "ES": _("endoscopy often has them"),
    "GM": _("microscopy often has them"),
    "XC": _("photographs often have them"),
}
_OF_CLASS = (
    ("1.2.840.10008.5.1.4.1.1.7", "SC"),
    ("1.2.840.10008.5.1.4.1.1.3", "US"),
    ("1.2.840.10008.5.1.4.1.1.6", "US"),
    ("1.2.840.10008.5.1.4.1.1.12.1", "XA"),
    ("1.2.840.10008.5.1.4.1.1.12.2", "RF"),
    ("1.2.840.10008.5.1.4.1.1.77.1.1", "ES"),
    ("1.2.840.10008.5.1.4.1.1.104", "DOC"),
)
"""SOP classes and their subclasses (by the dot behind), where the modality says something else."""
_SCANNED = frozenset(("DI", "DF", "SD", "SI", "DRW", "DV"))
"""Conversion Type of what was scanned, digitised or drawn: PS3.3 C.8.6.1."""
_DOSE = re.compile(r"\bdose\b|patient protocol|dosis|\bdlp\b", re.IGNORECASE)
_HEAD = re.compile(
    r"head|brain|skull|face|facial|sinus|orbit|cereb|cran|neuro|kopf|sch(ae|ä)del|hirn|gesicht|t(e|ê)te|cabeza|encef|testa", re.IGNORECASE
)


def recognisable(data_set: DataSet) -> tuple[Finding, ...]:
    """What has to be said before a picture of this object leaves: that names may be burned in, and why, and that a face may be known.

    Burned In Annotation (0028,0301) has to say NO, on an object of a kind that seldom has any; Recognizable Visual Features (0028,0302)
    decides for faces where it is there.
    """
    found = []
    why = _burned_in(data_set)
    if why is not None:
        found.append(finding("names-burned-in", why=translate(why)))
    if _is_face(data_set):
        found.append(finding("face-recognisable"))
    return tuple(found)


def _burned_in(data_set: DataSet) -> str | None:
    said = str(data_set.text(tags.BURNED_IN_ANNOTATION) or "").upper()
    if said == "YES":
        return _("the file says so")
    modality, sop_class = str(data_set.text(tags.MODALITY) or ""), data_set.uid(tags.SOP_CLASS_UID) or ""
    if modality not in _OF_MODALITY:
        modality = next((kind for uid, kind in _OF_CLASS if sop_class == uid or sop_class.startswith(f"{uid}.")), modality)
    if modality in _OF_MODALITY:
        return _OF_MODALITY[modality]
    if str(data_set.text(tags.CONVERSION_TYPE) or "") in _SCANNED:
        return _("it was scanned")
    described = " ".join((*data_set.texts(tags.SERIES_DESCRIPTION), *data_set.texts(tags.IMAGE_TYPE)))
    if _DOSE.search(described):
        return _("it looks like a dose sheet")
    return None if said == "NO" else _("the file does not say that there are none")


def _is_face(data_set: DataSet) -> bool:
    said = str(data_set.text(tags.RECOGNIZABLE_VISUAL_FEATURES) or "").upper()
    if said in ("YES", "NO"):
        return said == "YES"
    if str(data_set.text(tags.MODALITY) or "") not in ("CT", "MR"):
        return False
    about = (tags.BODY_PART_EXAMINED, tags.STUDY_DESCRIPTION, tags.SERIES_DESCRIPTION, tags.PROTOCOL_NAME)
    thickness = data_set.number(tags.SLICE_THICKNESS)
    is_thin = thickness is None or thickness <= _THIN_MM
    return is_thin and any(_HEAD.search(text) for tag in about for text in data_set.texts(tag))
