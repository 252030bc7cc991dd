"""Standardised uptake values of PET by body weight, where the file gives all they need (QIBA's vendor-neutral rule)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tview.dicom import DataSet

MODALITY, UNITS, CORRECTED_IMAGE, DECAY_CORRECTION, SUV_TYPE = 0x00080060, 0x00541001, 0x00280051, 0x00541102, 0x00541006
SERIES_DATE, SERIES_TIME, ACQUISITION_DATE, ACQUISITION_TIME = 0x00080021, 0x00080031, 0x00080022, 0x00080032
PATIENT_WEIGHT, RADIOPHARMACEUTICAL_INFORMATION_SEQUENCE = 0x00101030, 0x00540016
START_TIME, START_DATE_TIME, TOTAL_DOSE, HALF_LIFE = 0x00181072, 0x00181078, 0x00181074, 0x00181075
GE_SCAN_DATE_TIME, PHILIPS_SUV_FACTOR, PHILIPS_ACTIVITY_FACTOR = 0x0009100D, 0x70531000, 0x70531009
_SUV_NAMES = {"BW": "SUVbw", "LBM": "SUVlbm", "BSA": "SUVbsa", "LBMJAMES128": "SUVlbm", "LBMJANMA": "SUVlbm", "IBW": "SUVibw"}
_LONGEST_UPTAKE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Suv:
    """SUV = modality value * `factor`. `factor` is None when it cannot be said, and `reason` is why, in a word for the reader."""

    factor: float | None
    name: str = "SUVbw"
    reason: str = ""
    is_pet: bool = True


def suv_of(data_set: DataSet) -> Suv:
    """The factor from modality values to SUV; slopes differ from slice to slice, so ask each object."""
    if data_set.text(MODALITY) != "PT":
        return Suv(None, reason="this is no PET image", is_pet=False)
    units = data_set.text(UNITS)
    if units == "GML":
        kind = str(data_set.text(SUV_TYPE) or "BW")
        return Suv(1.0, _SUV_NAMES.get(kind, f"SUV ({kind})"))
    corrected = {str(value) for value in data_set.texts(CORRECTED_IMAGE)}
    if not {"ATTN", "DECAY"} <= corrected:
        return Suv(None, reason="it is not corrected for attenuation and decay")
    if units == "CNTS":
        return _of_counts(data_set)
    if units != "BQML":
        return Suv(None, reason=f"its unit is {units or 'not given'}")
    return _of_activity(data_set, 1.0)


def _of_counts(data_set: DataSet) -> Suv:
    suv, activity = data_set.number(PHILIPS_SUV_FACTOR), data_set.number(PHILIPS_ACTIVITY_FACTOR)
    if suv and suv > 0:
        return Suv(suv)
    if activity and activity > 0:
        return _of_activity(data_set, activity)
    return Suv(None, reason="it is in counts, without a factor")


def _of_activity(data_set: DataSet, activity_factor: float) -> Suv:
    items = data_set.items(RADIOPHARMACEUTICAL_INFORMATION_SEQUENCE)
    weight = data_set.number(PATIENT_WEIGHT)
    dose, half_life = (items[0].number(tag) for tag in (TOTAL_DOSE, HALF_LIFE)) if items else (None, None)
    if not weight or weight <= 0:
        return Suv(None, reason="the patient's weight is not given")
    if not dose or dose <= 0:
        return Suv(None, reason="the injected dose is not given")
    decay = data_set.text(DECAY_CORRECTION)
    if decay == "ADMIN":
        return Suv(activity_factor * weight * 1000 / dose)
    if decay != "START":
        return Suv(None, reason="it does not say what time its decay is corrected to")
    if not half_life or half_life <= 0:
        return Suv(None, reason="the half-life is not given")
    scan = _scan_start(data_set)
    if scan is None:
        return Suv(None, reason="the time of the scan is not given")
    uptake = _uptake(items[0], scan)
    if uptake is None or not timedelta(0) <= uptake <= _LONGEST_UPTAKE:
        return Suv(None, reason="the time of the injection does not fit that of the scan")
    return Suv(activity_factor * weight * 1000 / (dose * 2 ** (-uptake.total_seconds() / half_life)))


def _scan_start(data_set: DataSet) -> datetime | None:
    """Series Time, unless it is after Acquisition Time: then the series was made from others, and GE keeps the time elsewhere."""
    series = _moment(data_set, SERIES_DATE, SERIES_TIME)
    acquisition = _moment(data_set, ACQUISITION_DATE, ACQUISITION_TIME)
    if series is not None and (acquisition is None or series <= acquisition):
        return series
    return _date_time(data_set, GE_SCAN_DATE_TIME)


def _uptake(item: DataSet, scan: datetime) -> timedelta | None:
    start = _date_time(item, START_DATE_TIME)
    if start is not None:
        return scan - start
    time = item.text(START_TIME)
    parsed = _parse(f"{scan:%Y%m%d}{time}") if time else None
    if parsed is None:
        return None
    return scan - (parsed if parsed <= scan else parsed - timedelta(days=1))  # injected before midnight, scanned after


def _moment(data_set: DataSet, date_tag: int, time_tag: int) -> datetime | None:
    date, time = data_set.text(date_tag), data_set.text(time_tag)
    return _parse(f"{date}{time}") if date and time else None


def _date_time(data_set: DataSet, tag: int) -> datetime | None:
    value = data_set.text(tag)
    return _parse(str(value)) if value else None


def _parse(text: str) -> datetime | None:
    """A DICOM date and time of at least minutes, without its offset: all times of an exam are the site's."""
    digits = text.split("+")[0].split("&")[0]
    whole, _, fraction = (digits[:8] + digits[8:].split("-")[0].replace(":", "")).partition(".")
    for pattern, length in (("%Y%m%d%H%M%S", 14), ("%Y%m%d%H%M", 12)):
        if len(whole) == length and whole.isdigit():
            try:
                moment = datetime.strptime(whole, pattern)  # as recorded, never converted
            except ValueError:
                return None
            return moment + timedelta(microseconds=int((fraction + "000000")[:6])) if fraction.isdigit() else moment
    return None
