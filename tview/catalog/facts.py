"""From the raw values of a header to what the catalog keeps of it. Values that repeat through a series are read once and shared."""

import struct
from collections.abc import Mapping
from typing import NamedTuple

from tview.dicom import tags as t
from tview.dicom.character_sets import character_set, decode
from tview.dicom.fixed import GE_B_VALUE, SIEMENS_B_VALUE
from tview.dicom.values import PersonName, person_name, text_integers, text_numbers
from tview.text import SafeText, safe

Raw = bytes | None


class Identity(NamedTuple):
    """Who: raw values with their character set."""

    charset: Raw
    name: Raw
    patient_id: Raw
    issuer: Raw
    birth_date: Raw
    sex: Raw


class Exam(NamedTuple):
    """The study's raw values."""

    charset: Raw
    uid: Raw
    date: Raw
    time: Raw
    description: Raw
    accession_number: Raw
    institution: Raw
    age: Raw


class Group(NamedTuple):
    """The series' raw values, and what tells it from its neighbours."""

    charset: Raw
    uid: Raw
    number: Raw
    description: Raw
    modality: Raw
    date: Raw
    body_part: Raw
    protocol: Raw
    laterality: Raw
    view_position: Raw
    intent: Raw
    contrast: Raw
    thickness: Raw
    spacing_between: Raw
    sequence: Raw
    scanning: Raw
    promised: Raw
    promised_in_study: Raw
    manufacturer: Raw


class Axes(NamedTuple):
    """Raw values that may be a fourth dimension, in the order in which they are tried."""

    temporal_position: Raw
    trigger_delay: Raw
    trigger_time: Raw
    echo_number: Raw
    echo_time: Raw
    b_value: Raw
    direction: Raw
    inversion_time: Raw
    kernel: Raw
    acquisition_number: Raw
    acquisition_time: Raw
    content_time: Raw


class Facts(NamedTuple):
    """One object as its header, or its directory record, tells it."""

    source_number: int
    path: str
    size: int | None
    state: str
    identity: Identity
    exam: Exam
    group: Group
    axes: Axes
    sop_instance_uid: str | None
    sop_class_uid: str | None
    transfer_syntax_uid: str | None
    instance_number: int | None
    frames: int | None
    rows: int | None
    columns: int | None
    spacing: tuple[float, ...]
    orientation: tuple[float, ...]
    position: tuple[float, ...]
    image_type: tuple[str, ...]
    frame_of_reference: Raw
    concatenation: tuple[str, int] | None
    has_pixels: bool
    order: int
    is_read: bool
    in_dicomdir: bool


_US = struct.Struct("<H").unpack_from


class FactsReader:
    """Reads facts, sharing equal values. For one thread."""

    def __init__(self) -> None:
        self._identities: dict[tuple[Raw, ...], Identity] = {}
        self._exams: dict[tuple[Raw, ...], Exam] = {}
        self._groups: dict[tuple[Raw, ...], Group] = {}
        self._numbers: dict[bytes, tuple[float, ...]] = {}
        self._uids: dict[bytes, str | None] = {}
        self._types: dict[bytes, tuple[str, ...]] = {}
        self._raw: dict[Raw, Raw] = {}

    def read(
        self,
        values: Mapping[int, bytes],
        syntax: str | None,
        *,
        source_number: int,
        path: str,
        size: int | None,
        state: str,
        order: int,
        has_pixels: bool,
        is_read: bool = True,
        in_dicomdir: bool = False,
    ) -> Facts:
        """The facts in the raw values of SCAN_TAGS; numbers of binary VRs are little endian."""
        get = values.get
        charset = get(t.SPECIFIC_CHARACTER_SET)
        who = (charset, get(t.PATIENT_NAME), get(t.PATIENT_ID), get(t.ISSUER_OF_PATIENT_ID), get(t.PATIENT_BIRTH_DATE), get(t.PATIENT_SEX))
        exam = (
            charset, get(t.STUDY_INSTANCE_UID), get(t.STUDY_DATE), get(t.STUDY_TIME), get(t.STUDY_DESCRIPTION), get(t.ACCESSION_NUMBER),
            get(t.INSTITUTION_NAME), get(t.PATIENT_AGE),
        )  # fmt: skip
        group = (
            charset, get(t.SERIES_INSTANCE_UID), get(t.SERIES_NUMBER), get(t.SERIES_DESCRIPTION), get(t.MODALITY), get(t.SERIES_DATE),
            get(t.BODY_PART_EXAMINED), get(t.PROTOCOL_NAME), get(t.IMAGE_LATERALITY) or get(t.LATERALITY), get(t.VIEW_POSITION),
            get(t.PRESENTATION_INTENT_TYPE), get(t.CONTRAST_BOLUS_AGENT), get(t.SLICE_THICKNESS), get(t.SPACING_BETWEEN_SLICES),
            get(t.SEQUENCE_NAME), get(t.SCANNING_SEQUENCE), get(t.NUMBER_OF_SERIES_RELATED_INSTANCES),
            get(t.NUMBER_OF_STUDY_RELATED_INSTANCES), get(t.MANUFACTURER),
        )  # fmt: skip
        identity = self._identities.get(who)
        if identity is None:
            identity = self._identities[who] = Identity._make(who)
        study = self._exams.get(exam)
        if study is None:
            study = self._exams[exam] = Exam._make(exam)
        series = self._groups.get(group)
        if series is None:
            series = self._groups[group] = Group._make(group)
        share, numbers = self._raw.setdefault, self._known_numbers
        b_value = get(t.DIFFUSION_B_VALUE) or get(GE_B_VALUE) or get(SIEMENS_B_VALUE)
        when = get(t.ACQUISITION_DATE_TIME) or get(t.ACQUISITION_TIME)
        delay, echo, kernel = get(t.NOMINAL_CARDIAC_TRIGGER_DELAY_TIME), get(t.ECHO_TIME), get(t.CONVOLUTION_KERNEL)
        axes = Axes(
            get(t.TEMPORAL_POSITION_IDENTIFIER), delay, get(t.TRIGGER_TIME), get(t.ECHO_NUMBERS), share(echo, echo),
            share(b_value, b_value), get(t.DIFFUSION_GRADIENT_ORIENTATION), get(t.INVERSION_TIME), share(kernel, kernel),
            get(t.ACQUISITION_NUMBER), when, get(t.CONTENT_TIME),
        )  # fmt: skip
        rows, columns, position = get(t.ROWS), get(t.COLUMNS), get(t.IMAGE_POSITION_PATIENT)
        instance, frames, frame_of_reference = get(t.INSTANCE_NUMBER), get(t.NUMBER_OF_FRAMES), get(t.FRAME_OF_REFERENCE_UID)
        concatenated = get(t.CONCATENATION_UID)
        return Facts(
            source_number, path, size, state, identity, study, series, axes,
            self.uid(get(t.SOP_INSTANCE_UID), keep=False), self.uid(get(t.SOP_CLASS_UID)), syntax,
            integer(instance) if instance else None,
            integer(frames) if frames else None,
            _US(rows)[0] if rows and len(rows) >= 2 else None, _US(columns)[0] if columns and len(columns) >= 2 else None,
            numbers(get(t.PIXEL_SPACING) or get(t.IMAGER_PIXEL_SPACING)), numbers(get(t.IMAGE_ORIENTATION_PATIENT)),
            _three(position) if position else (),
            self._image_type(get(t.IMAGE_TYPE)), share(frame_of_reference, frame_of_reference),
            (self.uid(concatenated) or "", integer(get(t.IN_CONCATENATION_NUMBER), 2) or 0) if concatenated else None,
            has_pixels, order, is_read, in_dicomdir,
        )  # fmt: skip

    def uid(self, raw: Raw, keep: bool = True) -> str | None:
        """A UID without padding, printable; None when empty."""
        if not raw:
            return None
        if not keep:
            return uid_of(raw)
        known = self._uids.get(raw, "")
        if known == "":
            known = self._uids[raw] = uid_of(raw)
        return known

    def _known_numbers(self, raw: Raw) -> tuple[float, ...]:
        if not raw:
            return ()
        known = self._numbers.get(raw)
        if known is None:
            known = self._numbers[raw] = text_numbers(raw.decode("latin-1"))
        return known

    def _image_type(self, raw: Raw) -> tuple[str, ...]:
        if not raw:
            return ()
        known = self._types.get(raw)
        if known is None:
            known = self._types[raw] = tuple(safe(part.strip(" \0"), 64) for part in raw.decode("latin-1").split("\\"))
        return known


def uid_of(raw: bytes) -> str | None:
    """A UID without padding; what is none comes printable and at most 64 characters long. None when empty."""
    text = raw.rstrip(b"\0 ")
    if not text:
        return None
    if len(text) <= 64 and not text.strip(b"0123456789."):
        return text.decode("ascii")
    return str(safe(text.split(b"\\", 1)[0].strip(b"\0 \r\n\t").decode("ascii", "replace"), 64)) or None


def integer(raw: Raw, size: int = 0) -> int | None:
    """The first number of an IS value, or of a binary one of `size` bytes."""
    if not raw:
        return None
    if size and len(raw) == size:
        return int.from_bytes(raw, "little")
    if raw.isdigit() and len(raw) < 19:
        return int(raw)
    found = text_integers(raw.decode("latin-1"))
    return found[0] if found else None


def text(raw: Raw, charset: Raw = None) -> SafeText | None:
    """The first value of a text, through its character set and the gate; None when empty."""
    if not raw or not raw.strip(b" \0"):
        return None
    decoded = decode(raw.rstrip(b" \0"), character_set(charset)).text.split("\\", 1)[0].strip(" \0")
    return safe(decoded) if decoded else None


def whole_text(raw: Raw, charset: Raw = None) -> SafeText | None:
    """All values of a text as one row."""
    if not raw or not raw.strip(b" \0"):
        return None
    return safe(decode(raw.rstrip(b" \0"), character_set(charset)).text.strip(" \0"))


def name_of(identity: Identity) -> PersonName | None:
    """The person's name with its groups."""
    if not identity.name:
        return None
    return person_name(decode(identity.name.rstrip(b" \0"), character_set(identity.charset)).text.split("\\", 1)[0])


def _three(raw: bytes) -> tuple[float, ...]:
    try:
        x, y, z = raw.split(b"\\")
        found = (float(x), float(y), float(z))
    except ValueError:
        found = text_numbers(raw.decode("latin-1"))  # type: ignore[assignment]  # any length; three are wanted
    return found if len(found) == 3 and all(-1e6 < value < 1e6 for value in found) else ()
