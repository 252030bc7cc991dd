"""From the raw values of a header to what the catalog keeps of it. Values that repeat through a series are read once and shared."""

import struct
from collections.abc import Mapping
from typing import NamedTuple, TypeVar

from tview.dicom import tags as t
from tview.dicom.character_sets import character_set, decode
from tview.dicom.fixed import GE_B_VALUE, PHILIPS_B_VALUE, SIEMENS_B_VALUE, Likeness
from tview.dicom.values import PersonName, decoded_name, text_integers, text_numbers
from tview.text import SafeText, safe

Raw = bytes | None
_Shared = TypeVar("_Shared", "Identity", "Exam", "Group")


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
    image_laterality: Raw
    series_laterality: Raw
    view_position: Raw
    intent: Raw
    contrast: Raw
    thickness: Raw
    sequence: Raw
    scanning: Raw
    kernel: Raw
    promised: Raw

    @property
    def laterality(self) -> Raw:
        """The image's side, else the series'."""
        return self.image_laterality or self.series_laterality


class Axes(NamedTuple):
    """Raw values that may be a fourth dimension."""

    temporal_position: Raw
    trigger_delay: Raw
    trigger_time: Raw
    echo_number: Raw
    echo_time: Raw
    standard_b_value: Raw  # FD
    ge_b_value: Raw
    siemens_b_value: Raw
    philips_b_value: Raw  # FL
    direction: Raw
    inversion_time: Raw
    kernel: Raw
    acquisition_number: Raw
    acquisition_date_time: Raw
    acquisition_time: Raw
    content_time: Raw
    dimension: Raw  # of a frame: its Dimension Index Values other than those of its place

    @property
    def b_value(self) -> Raw:
        """Diffusion b-value as digits, from wherever it is."""
        if self.standard_b_value and len(self.standard_b_value) == 8:
            return b"%g" % struct.unpack("<d", self.standard_b_value)[0]
        if self.philips_b_value and len(self.philips_b_value) == 4:
            return b"%g" % struct.unpack("<f", self.philips_b_value)[0]
        return _of_ge(self.ge_b_value) or self.siemens_b_value


def _of_ge(raw: Raw) -> Raw:
    """The first of its values; newer software adds 1,000,000,000 to it."""
    first = raw.split(b"\\", 1)[0].strip(b" \0") if raw else b""
    return b"%d" % (int(first) % _GE_ADDED) if first.isdigit() and len(first) < 12 else first or None


_GE_ADDED = 1_000_000_000


_IDENTITY = (t.SPECIFIC_CHARACTER_SET, t.PATIENT_NAME, t.PATIENT_ID, t.ISSUER_OF_PATIENT_ID, t.PATIENT_BIRTH_DATE, t.PATIENT_SEX)
_EXAM = (
    t.SPECIFIC_CHARACTER_SET, t.STUDY_INSTANCE_UID, t.STUDY_DATE, t.STUDY_TIME, t.STUDY_DESCRIPTION, t.ACCESSION_NUMBER, t.INSTITUTION_NAME,
    t.PATIENT_AGE,
)  # fmt: skip
_GROUP = (
    t.SPECIFIC_CHARACTER_SET, t.SERIES_INSTANCE_UID, t.SERIES_NUMBER, t.SERIES_DESCRIPTION, t.MODALITY, t.SERIES_DATE, t.BODY_PART_EXAMINED,
    t.PROTOCOL_NAME, t.IMAGE_LATERALITY, t.LATERALITY, t.VIEW_POSITION, t.PRESENTATION_INTENT_TYPE, t.CONTRAST_BOLUS_AGENT,
    t.SLICE_THICKNESS, t.SEQUENCE_NAME, t.SCANNING_SEQUENCE, t.CONVOLUTION_KERNEL, t.NUMBER_OF_SERIES_RELATED_INSTANCES,
)  # fmt: skip
_AXES = (
    t.TEMPORAL_POSITION_IDENTIFIER, t.NOMINAL_CARDIAC_TRIGGER_DELAY_TIME, t.TRIGGER_TIME, t.ECHO_NUMBERS, t.ECHO_TIME, t.DIFFUSION_B_VALUE,
    GE_B_VALUE, SIEMENS_B_VALUE, PHILIPS_B_VALUE, t.DIFFUSION_GRADIENT_ORIENTATION, t.INVERSION_TIME, t.CONVOLUTION_KERNEL,
    t.ACQUISITION_NUMBER, t.ACQUISITION_DATE_TIME, t.ACQUISITION_TIME, t.CONTENT_TIME, t.DIMENSION_INDEX_VALUES,
)  # fmt: skip
_REST = (
    t.SOP_INSTANCE_UID, t.SOP_CLASS_UID, t.INSTANCE_NUMBER, t.NUMBER_OF_FRAMES, t.ROWS, t.COLUMNS, t.PIXEL_SPACING, t.IMAGER_PIXEL_SPACING,
    t.IMAGE_ORIENTATION_PATIENT, t.IMAGE_POSITION_PATIENT, t.IMAGE_TYPE, t.FRAME_OF_REFERENCE_UID, t.CONCATENATION_UID,
    t.IN_CONCATENATION_NUMBER,
)  # fmt: skip
_ALL = (*_IDENTITY, *_EXAM, *_GROUP, *_AXES, *_REST)
_SHARED_TAGS = frozenset((*_IDENTITY, *_EXAM, *_GROUP))
_PLACES = {tag: tuple(place for place, other in enumerate(_ALL) if other == tag) for tag in (*_AXES, *_REST)}
_TO_EXAM = len(_IDENTITY)
_TO_GROUP = _TO_EXAM + len(_EXAM)
_TO_AXES = _TO_GROUP + len(_GROUP)
_TO_REST = _TO_AXES + len(_AXES)


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
    sample: Raw = None  # of its bytes (`tview.catalog.copies`), where others have its UID and its header
    frame_facts: "tuple[Facts, ...]" = ()  # of an enhanced object: one for each frame (`tview.catalog.frames`)


_US = struct.Struct("<H").unpack_from


class FactsReader:
    """Reads facts, sharing equal values. For one thread."""

    def __init__(self) -> None:
        self._shared: dict[tuple[Raw, ...], tuple[Raw, ...]] = {}
        self._numbers: dict[bytes, tuple[float, ...]] = {}
        self._uids: dict[bytes, str | None] = {}
        self._types: dict[bytes, tuple[str, ...]] = {}
        self._raw: dict[Raw, Raw] = {}
        self._like: Likeness | None = None
        self._last: list[Raw] = []
        self._varying: list[tuple[int, tuple[int, ...]]] = []
        nothing: Raw = None
        self._identity = Identity._make([nothing] * len(_IDENTITY))
        self._exam = Exam._make([nothing] * len(_EXAM))
        self._group = Group._make([nothing] * len(_GROUP))

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
        like: Likeness | None = None,
    ) -> Facts:
        """The facts in the raw values of SCAN_TAGS; numbers of binary VRs are little endian."""
        if like is not None and like is self._like:
            raw = self._last
            for tag, places in self._varying:
                value = values.get(tag)
                for place in places:
                    raw[place] = value
        else:
            raw = self._last = list(map(values.get, _ALL))
            self._like = None
            self._look_at_shared(raw)
            if like is not None and _SHARED_TAGS.isdisjoint(like.varying):
                self._like, self._varying = like, [(tag, _PLACES[tag]) for tag in like.varying if tag in _PLACES]
        (
            instance_uid, class_uid, instance, frames, rows, columns, spacing, imager_spacing, orientation, position, image_type,
            frame_of_reference, concatenation, part,
        ) = raw[_TO_REST:]  # fmt: skip
        return Facts(
            source_number, path, size, state, self._identity, self._exam, self._group, Axes._make(raw[_TO_AXES:_TO_REST]),
            uid_of(instance_uid) if instance_uid else None, self.uid(class_uid), syntax,
            integer(instance) if instance else None,
            integer(frames) if frames else None,
            _US(rows)[0] if rows and len(rows) >= 2 else None, _US(columns)[0] if columns and len(columns) >= 2 else None,
            self._known_numbers(spacing or imager_spacing), self._known_numbers(orientation), _three(position) if position else (),
            self._image_type(image_type), self._raw.setdefault(frame_of_reference, frame_of_reference),
            (self.uid(concatenation) or "", integer(part, 2) or 0) if concatenation else None,
            has_pixels, order, is_read, in_dicomdir,
        )  # fmt: skip

    def _look_at_shared(self, raw: list[Raw]) -> None:
        """Files of a series follow one another, so the last one's are tried first."""
        who, exam, group = tuple(raw[:_TO_EXAM]), tuple(raw[_TO_EXAM:_TO_GROUP]), tuple(raw[_TO_GROUP:_TO_AXES])
        if who != self._identity:
            self._identity = self._share(Identity, who)
        if exam != self._exam:
            self._exam = self._share(Exam, exam)
        if group != self._group:
            self._group = self._share(Group, group)

    def _share(self, kind: type[_Shared], raw: tuple[Raw, ...]) -> _Shared:
        known = self._shared.get(raw)
        if type(known) is not kind:
            known = self._shared[raw] = kind(*raw)
        return known

    def uid(self, raw: Raw) -> str | None:
        """A UID without padding, printable; None when empty."""
        if not raw:
            return None
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
    return decoded_name(decode(identity.name.rstrip(b" \0"), character_set(identity.charset)))


def _three(raw: bytes) -> tuple[float, ...]:
    try:
        x, y, z = raw.split(b"\\")
        found = (float(x), float(y), float(z))
    except ValueError:
        found = text_numbers(raw.decode("latin-1"))  # type: ignore[assignment]  # any length; three are wanted
    return found if len(found) == 3 and all(-1e6 < value < 1e6 for value in found) else ()
