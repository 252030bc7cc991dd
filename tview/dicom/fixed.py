"""The fast walk for scanning: a fixed list of tags from the first bytes of a file, or nothing when the file is anything but ordinary."""

import struct
from typing import NamedTuple

from tview.dicom import tags as t
from tview.dicom import uids
from tview.dicom.buffer import ReadAt
from tview.dicom.header import Header, read_header
from tview.dicom.limits import DEFAULT, Limits
from tview.dicom.preamble import preamble_findings
from tview.dicom.values import BINARY
from tview.dicom.walk import LONG, SHORT
from tview.errors import Finding

GE_B_VALUE = 0x00431039
SIEMENS_B_VALUE = 0x0019100C
PHILIPS_B_VALUE = 0x20011003

SCAN_TAGS = frozenset((
    t.SPECIFIC_CHARACTER_SET, t.IMAGE_TYPE, t.SOP_CLASS_UID, t.SOP_INSTANCE_UID, t.STUDY_DATE, t.SERIES_DATE, t.ACQUISITION_DATE,
    t.CONTENT_DATE, t.ACQUISITION_DATE_TIME, t.STUDY_TIME, t.SERIES_TIME, t.ACQUISITION_TIME, t.CONTENT_TIME, t.ACCESSION_NUMBER,
    t.MODALITY, t.PRESENTATION_INTENT_TYPE, t.MANUFACTURER, t.INSTITUTION_NAME, t.TIMEZONE_OFFSET_FROM_UTC, t.STUDY_DESCRIPTION,
    t.SERIES_DESCRIPTION, t.PATIENT_NAME, t.PATIENT_ID, t.ISSUER_OF_PATIENT_ID, t.PATIENT_BIRTH_DATE, t.PATIENT_SEX, t.PATIENT_AGE,
    t.CONTRAST_BOLUS_AGENT, t.BODY_PART_EXAMINED, t.SCANNING_SEQUENCE, t.SEQUENCE_NAME, t.SLICE_THICKNESS, t.REPETITION_TIME,
    t.ECHO_TIME, t.INVERSION_TIME, t.ECHO_NUMBERS, t.SPACING_BETWEEN_SLICES, t.PROTOCOL_NAME, t.TRIGGER_TIME, t.CONVOLUTION_KERNEL,
    t.IMAGER_PIXEL_SPACING, t.VIEW_POSITION, t.DIFFUSION_B_VALUE, t.DIFFUSION_GRADIENT_ORIENTATION, SIEMENS_B_VALUE,
    t.STUDY_INSTANCE_UID, t.SERIES_INSTANCE_UID, t.STUDY_ID, t.SERIES_NUMBER, t.ACQUISITION_NUMBER, t.INSTANCE_NUMBER,
    t.PATIENT_ORIENTATION, t.IMAGE_POSITION_PATIENT, t.IMAGE_ORIENTATION_PATIENT, t.FRAME_OF_REFERENCE_UID, t.LATERALITY,
    t.IMAGE_LATERALITY, t.TEMPORAL_POSITION_IDENTIFIER, t.IMAGES_IN_ACQUISITION, t.NUMBER_OF_SERIES_RELATED_INSTANCES,
    t.NUMBER_OF_STUDY_RELATED_INSTANCES, t.NOMINAL_CARDIAC_TRIGGER_DELAY_TIME, t.CONCATENATION_UID, t.IN_CONCATENATION_NUMBER,
    t.IN_CONCATENATION_TOTAL_NUMBER, t.SAMPLES_PER_PIXEL, t.PHOTOMETRIC_INTERPRETATION, t.NUMBER_OF_FRAMES, t.ROWS, t.COLUMNS,
    t.PIXEL_SPACING, t.BITS_ALLOCATED, t.LOSSY_IMAGE_COMPRESSION, GE_B_VALUE, PHILIPS_B_VALUE,
))  # fmt: skip
"""What a catalog asks of every object."""

LAST_TAG = t.LOSSY_IMAGE_COMPRESSION
_LARGEST_FIRST = 1 << 20
_DEEPEST = 24
_NO_PREAMBLE = bytes(128)
_EXPLICIT = struct.Struct("<HH2sH").unpack_from
_IMPLICIT = struct.Struct("<HHL").unpack_from
long_length = struct.Struct("<L").unpack_from
VALUE_SKIP = dict.fromkeys(SHORT, 8) | dict.fromkeys(LONG, 12)  # from an element's beginning to its value


class Fixed(NamedTuple):
    """What the scan needs of one object. Values are raw; numbers of binary VRs are little endian whatever the file is."""

    values: dict[int, bytes]
    transfer_syntax_uid: str
    pixel_offset: int  # of the pixel value; 0 when the walk did not come that far
    pixel_length: int  # -1 when undefined
    position: int  # how far the walk came: a pixel value cannot begin earlier
    findings: tuple[Finding, ...] = ()
    complete: bool = True  # the walk saw everything before the pixel data
    like: "Likeness | None" = None


class Likeness(NamedTuple):
    """Files with the same `values` have the same values but for those of the tags that vary."""

    values: dict[int, bytes]
    varying: tuple[int, ...]


class _More(Exception):
    """The bytes end before the wanted tags do."""


def read_fixed(read_at: ReadAt, size: int, first: int = 16384, data: bytes | None = None) -> Fixed | None:
    """The wanted tags of an ordinary file: preamble, meta information, little endian, nothing odd. None when it needs `read_scanned`.

    `data` are the first bytes, if they are at hand. More is read, in growing steps, when the wanted tags are not within `first`.
    """
    data = read_at(0, min(first, size)) if data is None else data
    while True:
        whole = len(data) >= size
        try:
            return _parse(data, len(data), whole)
        except _More:
            if whole or len(data) < min(first, size) or first >= _LARGEST_FIRST:
                return None
            first *= 4
            data = read_at(0, min(first, size))


def read_scanned(read_at: ReadAt, size: int, path: str | None = None, data: bytes | None = None, limits: Limits = DEFAULT) -> Fixed:
    """The wanted tags of any file, by the full reader where the fast walk does not do.

    Raises:
        DicomError: it is no DICOM file.
    """
    fixed = read_fixed(read_at, size, data=data)
    if fixed is not None:
        return fixed._replace(findings=preamble_findings(data[:128], path)) if data and data[:128] != _NO_PREAMBLE else fixed
    return _from_header(read_header(read_at, size, path=path, limits=limits))


def _from_header(header: Header) -> Fixed:
    data_set, values = header.data_set, {}
    for tag in SCAN_TAGS:
        raw = data_set.raw(tag) if tag in data_set else None
        if raw is not None and len(raw) <= 0xFFFF:
            code = BINARY.get(data_set.vr(tag), "B")
            width = struct.calcsize("=" + code[:1])
            values[tag] = raw if data_set.little_endian or width == 1 else _swapped(raw, width)
    if t.SOP_CLASS_UID not in values and header.sop_class_uid:
        values[t.SOP_CLASS_UID] = header.sop_class_uid.encode("ascii", "replace")
    if t.SOP_INSTANCE_UID not in values and header.meta:
        values[t.SOP_INSTANCE_UID] = header.meta.raw(t.MEDIA_STORAGE_SOP_INSTANCE_UID) or b""
    pixel = header.pixel_element
    return Fixed(
        values, header.transfer_syntax_uid, pixel.offset if pixel else 0, pixel.length if pixel else 0, header.end, header.findings
    )  # fmt: skip


def _swapped(raw: bytes, width: int) -> bytes:
    return b"".join(raw[place : place + width][::-1] for place in range(0, len(raw) // width * width, width))


def _parse(data: bytes, end: int, whole: bool) -> Fixed | None:
    if data[128:134] != b"DICM\2\0":
        return None
    if whole:
        data += bytes(12)  # so that the last header can be read in full
    position, syntax = 132, b""
    while True:  # the meta information is explicit little endian
        if position + 12 > end:
            raise _More
        group, element, vr, length = _EXPLICIT(data, position)
        if group != 2:
            break
        skip = VALUE_SKIP.get(vr)
        if skip == 12:
            if length:
                return None
            length = long_length(data, position + 8)[0]
        elif skip is None:
            return None
        value = position + skip
        position = value + length
        if element == 0x10:
            syntax = data[value:position]
    uid = syntax.rstrip(b"\0 ").decode("ascii", "replace")
    facts = uids.transfer_syntax(uid)
    if facts is None or facts.deflated or not facts.little_endian or group > 0x20 or (vr in VALUE_SKIP) == facts.implicit_vr:
        return None
    return _implicit(data, position, end, whole, uid) if facts.implicit_vr else _explicit(data, position, end, whole, uid)


def _explicit(data: bytes, position: int, end: int, whole: bool, uid: str) -> Fixed | None:
    values: dict[int, bytes] = {}
    unpack, skips, wanted, tag, limit = _EXPLICIT, VALUE_SKIP, SCAN_TAGS, 0, end - 8 if whole else end - 12
    while position <= limit:
        group, element, vr, length = unpack(data, position)
        skip = skips.get(vr)
        if skip == 8:
            value = position + 8
        elif skip == 12 and not length:
            length = long_length(data, position + 8)[0]
            value = position + 12
            if group == 0x7FE0 and element in (0x8, 0x9, 0x10):
                return Fixed(values, uid, value, -1 if length == 0xFFFFFFFF else length, position)
            if length == 0xFFFFFFFF:
                following = skip_sequence(data, value, end, vr != b"UN", 0)
                if following is None:
                    if tag > LAST_TAG and not whole:
                        break
                    if whole:
                        return None
                    raise _More
                if following < 0:
                    return None
                tag, position = group << 16 | element, following
                continue
        else:
            return None
        tag = group << 16 | element
        position = value + length
        if tag in wanted:
            if position > end:
                break
            values[tag] = data[value:position]
    return _ended(values, uid, position, end, whole, tag)


def _implicit(data: bytes, position: int, end: int, whole: bool, uid: str) -> Fixed | None:
    values: dict[int, bytes] = {}
    unpack, wanted, tag, limit = _IMPLICIT, SCAN_TAGS, 0, end - 8
    while position <= limit:
        group, element, length = unpack(data, position)
        value = position + 8
        if group == 0x7FE0 and element in (0x8, 0x9, 0x10):
            return Fixed(values, uid, value, -1 if length == 0xFFFFFFFF else length, position)
        if length == 0xFFFFFFFF:
            following = skip_sequence(data, value, end, False, 0)
            if following is None:
                if tag > LAST_TAG and not whole:
                    break
                if whole:
                    return None
                raise _More
            if following < 0:
                return None
            tag, position = group << 16 | element, following
            continue
        if group == 0xFFFE or not group:
            return None
        tag = group << 16 | element
        position = value + length
        if tag in wanted:
            if position > end:
                break
            values[tag] = data[value:position]
    return _ended(values, uid, position, end, whole, tag)


def _ended(values: dict[int, bytes], uid: str, position: int, end: int, whole: bool, tag: int) -> Fixed | None:
    """The bytes ended before pixel data: fine at the end of the file, or past the last wanted tag."""
    if whole:
        return Fixed(values, uid, 0, 0, position) if position == end and values else None
    if tag > LAST_TAG:
        return Fixed(values, uid, 0, 0, position, complete=False)
    raise _More


def skip_sequence(data: bytes, position: int, end: int, explicit: bool, depth: int) -> int | None:
    """Where a sequence of undefined length is over; None when the bytes end before, -1 when it is too odd for the fast walk."""
    if depth > _DEEPEST:
        return -1
    while True:
        if position + 8 > end:
            return None
        group, element, length = _IMPLICIT(data, position)
        position += 8
        if group != 0xFFFE:
            return -1
        if element == 0xE0DD:
            return position
        if length != 0xFFFFFFFF:
            position += length
            continue
        while True:
            if position + 12 > end:
                return None
            group, element, length = _IMPLICIT(data, position)
            if group == 0xFFFE:
                if element != 0xE00D:
                    return -1
                position += 8
                break
            if explicit:
                vr = data[position + 4 : position + 6]
                skip = VALUE_SKIP.get(vr)
                if skip is None or (group == 0x7FE0 and depth == 0):
                    return -1
                length = long_length(data, position + 8)[0] if skip == 12 else length >> 16
                position += skip
            else:
                vr = b""
                position += 8
            if length == 0xFFFFFFFF:
                following = skip_sequence(data, position, end, explicit and vr != b"UN", depth + 1)
                if following is None or following < 0:
                    return following
                position = following
            else:
                position += length
