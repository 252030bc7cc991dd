"""The head of every document: whose it is, of which exam, from where."""

from tview.dicom import DataSet, sop_class_name
from tview.dicom import tags as t
from tview.documents.model import Fact
from tview.documents.reading import Reading
from tview.text import SafeText, safe, translate

_ = str
_EXAM = (
    (t.ACCESSION_NUMBER, _("Accession number")),
    (t.REFERRING_PHYSICIAN_NAME, _("Referring physician")),
    (t.INSTITUTION_NAME, _("Institution")),
)


def head_facts(data_set: DataSet, reading: Reading) -> tuple[Fact, ...]:
    """Patient, exam, series, maker and class, as far as the object says."""
    facts = [
        _fact(_("Patient"), _patient(data_set, reading)),
        _fact(_("Exam"), _joined(reading.shown(data_set, t.STUDY_DATE), reading.row(data_set, t.STUDY_DESCRIPTION))),
        *(fact._replace(is_more=True) for fact in reading.facts(data_set, _EXAM)),
        _fact(_("Series"), _series(data_set, reading), is_more=True),
        _fact(_("Made by"), _maker(data_set, reading), is_more=True),
        _fact(_("Kind"), safe(sop_class_name(data_set.uid(t.SOP_CLASS_UID) or "") or translate("unknown")), is_more=True),
    ]
    return tuple(fact for fact in facts if fact is not None)


def _fact(label: str, text: SafeText | None, is_more: bool = False) -> Fact | None:
    return Fact(safe(translate(label)), text, is_more) if text else None


def _joined(*parts: str | None) -> SafeText | None:
    return safe("  ".join(part for part in parts if part)) or None


def _patient(data_set: DataSet, reading: Reading) -> SafeText | None:
    born, number = reading.shown(data_set, t.PATIENT_BIRTH_DATE), reading.row(data_set, t.PATIENT_ID)
    return _joined(
        reading.name(data_set, t.PATIENT_NAME),
        reading.row(data_set, t.PATIENT_SEX),
        f"* {born}" if born else None,
        f"ID {number}" if number else None,
    )


def _series(data_set: DataSet, reading: Reading) -> SafeText | None:
    number = data_set.integer(t.SERIES_NUMBER)
    return _joined(
        f"Se {number}" if number is not None else None, reading.row(data_set, t.MODALITY), reading.row(data_set, t.SERIES_DESCRIPTION)
    )


def _maker(data_set: DataSet, reading: Reading) -> SafeText | None:
    return _joined(*(reading.row(data_set, tag) for tag in (t.MANUFACTURER, t.MANUFACTURER_MODEL_NAME, t.DEVICE_SERIAL_NUMBER)))
