"""The DICOMDIR: its records in file order, and the hierarchy they make, however broken the offsets are (PS3.3 annex F).

The records are walked directly. Where the fast walk meets anything odd the general reader takes over.
"""

import re
import struct
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

from tview.dicom import tags as t
from tview.dicom.data_set import DataSet
from tview.dicom.fixed import VALUE_SKIP, long_length, skip_sequence
from tview.dicom.header import read_header
from tview.dicom.limits import DEFAULT, Limits
from tview.errors import DicomError, Finding, Severity, finding

_EXPLICIT = struct.Struct("<HH2sH").unpack_from
_IMPLICIT = struct.Struct("<HHL").unpack_from
_ITEM = 0xE000FFFE
_UNDEFINED = 0xFFFFFFFF
_LARGEST = 256 << 20
_LONGEST_VALUE = 4096
_DEEPEST = 64
_LEVELS = {"PATIENT": 0, "STUDY": 1, "SERIES": 2}


class Record(NamedTuple):
    """One directory record: where its item begins, and its raw values (numbers little endian)."""

    offset: int
    kind: str  # Directory Record Type
    next: int
    lower: int
    in_use: bool
    values: dict[int, bytes]


class Claim(NamedTuple):
    """One leaf: what the directory says of an object, with the records above it. `linked` is False when no offset leads to it."""

    leaf: Record
    patient: Record | None
    study: Record | None
    series: Record | None
    linked: bool

    @property
    def values(self) -> dict[int, bytes]:
        """The raw values of the leaf and of everything above it, as an object's header would have them."""
        merged: dict[int, bytes] = {}
        charset = None
        for record in (self.patient, self.study, self.series, self.leaf):
            if record is not None:
                merged.update(record.values)
                charset = charset or record.values.get(t.SPECIFIC_CHARACTER_SET)
        if charset:
            merged[t.SPECIFIC_CHARACTER_SET] = charset
        return merged

    @property
    def file_id(self) -> tuple[str, ...]:
        """The components of the Referenced File ID; () when there is none."""
        raw = self.leaf.values.get(t.REFERENCED_FILE_ID, b"").rstrip(b"\0 ")
        return tuple(part.strip(" \0") for part in raw.decode("utf-8", "surrogateescape").split("\\")) if raw else ()


class Directory(NamedTuple):
    """A DICOMDIR as it was read. `findings` say what was odd; `repaired` that the hierarchy is not the offsets'.

    `partial` says that records are lost, so that files it does not name may well have been listed; `nameless` are objects without a file.
    """

    claims: tuple[Claim, ...]
    records: int
    file_set_id: bytes | None
    findings: tuple[Finding, ...]
    repaired: bool
    partial: bool = False
    nameless: tuple[Claim, ...] = ()


def read_directory(data: bytes, path: str, limits: Limits = DEFAULT) -> Directory:
    """Every leaf of the DICOMDIR in `data`, the bytes of the whole file.

    Raises:
        DicomError: it is no DICOMDIR, or one without a single record.
    """
    listed = _fast_records(data) or _general_records(data, path, limits)
    records, notes = listed.records, [listed.told] if listed.told else []
    if not records:
        raise DicomError(finding("dicomdir-unreadable", path=path))
    claims, nameless, tree_notes = _hierarchy(records, listed.root, path)
    if listed.lossy:  # offsets to what is lost, and what they would have linked, need no further word
        notes += [note for note in tree_notes if note.code not in ("dicomdir-offsets", "dicomdir-unlinked")]
    else:
        notes += tree_notes or _about_records(records, path)
    repaired = any(note.code in _REPAIRED for note in notes)
    notes = [replace(note, path=path) for note in notes]
    return Directory(tuple(claims), len(records), listed.file_set_id, tuple(notes), repaired, listed.lossy, tuple(nameless))


_REPAIRED = frozenset(
    ("dicomdir-offsets", "dicomdir-loop", "dicomdir-cut", "dicomdir-deep", "dicomdir-damaged", "dicomdir-length")
)  # fmt: skip


# --- records --------------------------------------------------------------------------------------------------


class _Listed(NamedTuple):
    """Records in file order, the offset of the first of the root, what was odd about how they are written, and whether some are lost."""

    records: list[Record]
    root: int
    file_set_id: bytes | None
    told: Finding | None = None
    lossy: bool = False


def _fast_records(data: bytes) -> _Listed | None:
    """Records of an explicit little endian DICOMDIR with a preamble (what PS3.10 8.6 asks for); None when it is anything else."""
    if data[128:134] != b"DICM\2\0":
        return None
    end, position = len(data), 132
    root, file_set_id = 0, None
    while position + 12 <= end:
        group, element, vr, length = _EXPLICIT(data, position)
        skip = VALUE_SKIP.get(vr)
        if skip is None or group > 4:
            return None
        if skip == 12:
            length = long_length(data, position + 8)[0]
        value = position + skip
        if group == 2 and element == 0x10 and data[value : value + length].rstrip(b"\0 ") != b"1.2.840.10008.1.2.1":
            return None
        if group == 4 and element == 0x1200 and length == 4:
            root = long_length(data, value)[0]
        elif group == 4 and element == 0x1130:
            file_set_id = data[value : value + length]
        elif group == 4 and element == 0x1220:
            declared = end if length == _UNDEFINED else value + length
            listed = _fast_items(data, value, min(declared, end))
            if listed is None:
                return None
            records, reached = listed
            lossy = reached > end or (reached == end and (declared > end or length == _UNDEFINED) and _lead_on(records, end))
            lossy = lossy or (length == _UNDEFINED and data[reached - 8 : reached - 4] != b"\xfe\xff\xdd\xe0")
            told = None
            if lossy:
                told = finding("dicomdir-cut", records=len(records))
            elif length != _UNDEFINED and reached != declared:
                told = finding("dicomdir-length", records=len(records))
            return _Listed(records, root, file_set_id, told, lossy)
        if length == _UNDEFINED:
            return None
        position = value + length
    return None


class _Pattern(NamedTuple):
    """What a record looked like: `size` bytes, of which those under `mask` are `headers`. Thousands of records look the same."""

    size: int
    mask: int
    headers: int
    tags: tuple[int, ...]
    values: Callable[[bytes], tuple[bytes, ...]]


def _lead_on(records: list[Record], end: int) -> bool:
    """Whether a record points past the end of the file."""
    return any(end <= offset < _UNDEFINED for record in records for offset in (record.next, record.lower))


def _fast_items(data: bytes, position: int, declared: int) -> tuple[list[Record], int] | None:
    """The records from here on, and where they end: at `declared`, or behind it where more of them follow. Past the data: one is cut."""
    records: list[Record] = []
    patterns: dict[int, _Pattern] = {}  # by the length in the item's header
    from_bytes, stop = int.from_bytes, len(data)
    while position + 8 <= stop:
        group, element, length = _IMPLICIT(data, position)
        if group != 0xFFFE:
            if position >= declared:
                break
            return None
        if element == 0xE0DD:
            position += 8
            break
        if element != 0xE000:
            return None
        offset, position = position, position + 8
        pattern = patterns.get(length)
        if pattern is not None:
            body = data[position : position + pattern.size]
            if from_bytes(body, "little") & pattern.mask == pattern.headers and position + pattern.size <= stop:
                records.append(_record(offset, dict(zip(pattern.tags, pattern.values(body), strict=True))))
                position += pattern.size
                continue
        end = stop if length == _UNDEFINED else position + length
        if end > stop:
            return records, stop + 1
        start = position
        seen: list[tuple[int, int, int, int]] = []
        walked = _fast_elements(data, position, end, seen)
        if walked is None:
            return None
        values, position = walked
        records.append(_record(offset, values))
        if seen and len(values) > 1:
            patterns[length] = _pattern(start, position, seen, data)
    return records, position


def _fast_elements(data: bytes, position: int, end: int, seen: list[tuple[int, int, int, int]]) -> tuple[dict[int, bytes], int] | None:
    """The values of one item and where it ends. `seen` gets (tag, header, value, end) of each, and is emptied when a sequence is in it."""
    values: dict[int, bytes] = {}
    plain = True
    while position < end:
        if position + 8 > end:
            return None
        header = position
        group, element, vr, length = _EXPLICIT(data, position)
        skip = VALUE_SKIP.get(vr)
        if skip == 8:
            value = position + 8
        elif skip == 12 and position + 12 <= end:
            length = long_length(data, position + 8)[0]
            value = position + 12
            if length == _UNDEFINED:
                following = skip_sequence(data, value, end, vr != b"UN", 0)
                if following is None or following < 0:
                    return None
                position, plain = following, False
                continue
        elif group == 0xFFFE and element == 0xE00D:
            seen.append((0, position, position + 8, position + 8))
            position += 8
            break
        else:
            return None
        position = value + length
        tag = group << 16 | element
        if length <= _LONGEST_VALUE:
            values[tag] = data[value:position]
        else:
            plain = False
        seen.append((tag, header, value, position))
    if not plain:
        seen.clear()
    return (values, position) if position <= end else None


def _pattern(start: int, end: int, seen: list[tuple[int, int, int, int]], data: bytes) -> _Pattern:
    mask, headers = bytearray(end - start), bytearray(end - start)
    for _, header, value, _ in seen:
        mask[header - start : value - start] = b"\xff" * (value - header)
        headers[header - start : value - start] = data[header:value]
    wanted = [(tag, slice(value - start, stop - start)) for tag, _, value, stop in seen if tag]
    return _Pattern(
        end - start,
        int.from_bytes(mask, "little"),
        int.from_bytes(headers, "little"),
        tuple(tag for tag, _ in wanted),
        itemgetter(*(cut for _, cut in wanted)),
    )


def _record(offset: int, values: dict[int, bytes]) -> Record:
    get = values.get
    return Record(
        offset,
        _kind(get(t.DIRECTORY_RECORD_TYPE, b"")),
        int.from_bytes(get(t.OFFSET_OF_THE_NEXT_DIRECTORY_RECORD, b"")[:4], "little"),
        int.from_bytes(get(t.OFFSET_OF_REFERENCED_LOWER_LEVEL_DIRECTORY_ENTITY, b"")[:4], "little"),
        get(t.RECORD_IN_USE_FLAG) != b"\0\0",
        values,
    )


@lru_cache(maxsize=64)
def _kind(raw: bytes) -> str:
    return raw.rstrip(b" \0").decode("latin-1").upper()


def _general_records(data: bytes, path: str, limits: Limits) -> _Listed:
    header = read_header(lambda offset, length: data[offset : offset + length], len(data), path=path, limits=limits)
    data_set = header.data_set
    marks = _marked_items(data)
    if t.DIRECTORY_RECORD_SEQUENCE not in data_set:
        if not marks:
            raise DicomError(finding("dicomdir-unreadable", path=path))
        records: list[Record] = []
    else:
        records = [_record(item.start - 8, _raw_values(item)) for item in data_set.items(t.DIRECTORY_RECORD_SEQUENCE)]
    root = data_set.integer(t.OFFSET_OF_THE_FIRST_DIRECTORY_RECORD_OF_THE_ROOT_DIRECTORY_ENTITY) or 0
    file_set_id = data_set.raw(t.FILE_SET_ID)
    begins = {record.offset for record in records}
    is_sound = data_set.explicit_vr and data_set.little_endian and data[128:132] == b"DICM"
    if is_sound and any(mark not in begins for mark in marks):
        records = _recovered(data, marks)
        return _Listed(records, root, file_set_id, finding("dicomdir-damaged", records=len(records)), True)
    if not is_sound:
        order = "little" if data_set.little_endian else "big"
        encoding = f"{'explicit' if data_set.explicit_vr else 'implicit'} {order} endian"
        if data[128:132] != b"DICM":
            encoding += ", without preamble"
    told = None if is_sound else finding("dicomdir-encoding", encoding=encoding)
    lossy = any(note.severity is not Severity.INFO and note.code != "transfer-syntax-differs" for note in header.findings)
    return _Listed(records, root, file_set_id, finding("dicomdir-cut", records=len(records)) if lossy else told, lossy)


_MARK = rb"\xfe\xff\x00\xe0....\x04\x00(?:\x00\x14|\x30\x14)"


def _marked_items(data: bytes) -> list[int]:
    """Where records begin by their looks: an item with an element of the directory's group first (little endian)."""
    return [found.start() for found in re.finditer(_MARK, data, re.DOTALL)]


def _recovered(data: bytes, marks: list[int]) -> list[Record]:
    """Records from mark to mark, where the lengths around them are wrong or lost: as many elements of each as can be read."""
    records = []
    for begin, end in pairwise((*marks, len(data))):
        values: dict[int, bytes] = {}
        position = begin + 8
        while position + 8 <= end:
            group, element, vr, length = _EXPLICIT(data, position)
            skip = VALUE_SKIP.get(vr)
            if skip != 8 or position + 8 + length > end:
                break
            values[group << 16 | element] = data[position + 8 : position + 8 + length]
            position += 8 + length
        if t.DIRECTORY_RECORD_TYPE in values:
            records.append(_record(begin, values))
    return records


def _raw_values(item: DataSet) -> dict[int, bytes]:
    values: dict[int, bytes] = {}
    for tag in item.tags():
        vr = item.vr(tag)
        raw = item.raw(tag) if vr != "SQ" else None
        if raw is None or len(raw) > _LONGEST_VALUE:
            continue
        if vr in ("US", "SS", "UL", "SL") and not item.little_endian:
            raw = b"".join(number.to_bytes(4 if vr[1] == "L" else 2, "little", signed=number < 0) for number in item.integers(tag))
        values[tag] = raw
    return values


# --- hierarchy ------------------------------------------------------------------------------------------------

_Above = tuple[Record | None, Record | None, Record | None]


def _hierarchy(records: list[Record], root: int, path: str) -> tuple[list[Claim], list[Claim], list[Finding]]:
    """Leaves with what is above them, those without a file, and the one thing that is wrong with the offsets, if anything.

    By offsets; where those fail, or for records that none leads to, by the order of the records.
    """
    places = {record.offset: index for index, record in enumerate(records)}
    offsets = [offset for record in records if record.in_use for offset in (record.next, record.lower) if offset]
    lost = [offset for offset in offsets if offset not in places]
    notes: list[Finding] = []
    resolve: Callable[[int], int | None] = places.get
    if lost or (root and root not in places):
        resolve, shifted = _repaired_offsets(records, root, offsets, places)
        what = "shifted" if shifted else "nearest"
        notes.append(finding("dicomdir-offsets", path=path, count=len(lost) or 1, how=what))
    above, loops, deep = _by_offsets(records, resolve(root) if root else 0, resolve)
    if loops:
        notes.append(finding("dicomdir-loop", path=path, count=loops))
    if deep:
        notes.append(finding("dicomdir-deep", path=path, levels=_DEEPEST))
    by_order = _by_order(records) if None in above else []
    claims: list[Claim] = []
    nameless: list[Claim] = []
    unlinked = 0
    for index, record in enumerate(records):
        if not record.in_use or record.kind in _LEVELS or record.kind == "MRDR":
            continue
        place = above[index]
        linked = place is not None
        if place is None:
            place = by_order[index]
        if t.REFERENCED_FILE_ID not in record.values:
            record = _with_file(record, records, places)
        unlinked += not linked
        into = claims if t.REFERENCED_FILE_ID in record.values else nameless
        into.append(Claim(record, place[0], place[1], place[2], linked))
    if unlinked and not notes:
        notes.append(finding("dicomdir-unlinked", path=path, count=unlinked))
    if not root and not notes:
        notes.append(finding("dicomdir-offsets", path=path, count=1, how="nearest"))
    return claims, nameless, notes[:1]


_STANDARD_KINDS = frozenset(
    ("PATIENT", "STUDY", "SERIES", "IMAGE", "RT DOSE", "RT STRUCTURE SET", "RT PLAN", "RT TREAT RECORD", "PRESENTATION", "WAVEFORM",
     "SR DOCUMENT", "KEY OBJECT DOC", "SPECTROSCOPY", "RAW DATA", "REGISTRATION", "FIDUCIAL", "HANGING PROTOCOL", "ENCAP DOC",
     "VALUE MAP", "STEREOMETRIC", "PALETTE", "IMPLANT", "IMPLANT GROUP", "IMPLANT ASSY", "MEASUREMENT", "SURFACE", "SURFACE SCAN",
     "TRACT", "ASSESSMENT", "RADIOTHERAPY", "ANNOTATION", "INVENTORY",
     # retired
     "OVERLAY", "MODALITY LUT", "VOI LUT", "CURVE", "TOPIC", "VISIT", "RESULTS", "INTERPRETATION", "STUDY COMPONENT", "STORED PRINT",
     "PRINT QUEUE", "FILM SESSION", "FILM BOX", "IMAGE BOX", "PRIVATE", "MRDR", "PLAN")
)  # fmt: skip
"""Directory Record Types of PS3.3 F.3.2.2, and those of earlier editions."""

_WANTED = {  # record type -> tag of what it must have, in words (PS3.3 F.5)
    "STUDY": (t.STUDY_INSTANCE_UID, "Study Instance UID"),
    "SERIES": (t.SERIES_INSTANCE_UID, "Series Instance UID"),
    "IMAGE": (t.REFERENCED_SOP_INSTANCE_UID_IN_FILE, "Referenced SOP Instance UID in File"),
}


def _about_records(records: list[Record], path: str) -> list[Finding]:
    """What is odd about records that are linked as they should be: the first of unknown types, absent levels, absent identifiers."""
    used = [record for record in records if record.in_use]
    kinds = {record.kind for record in used}
    odd = sorted(kinds - _STANDARD_KINDS | kinds & {"PRIVATE"})
    if odd:
        count = sum(record.kind in odd for record in used)
        return [finding("dicomdir-record-unknown", path=path, count=count, kinds=", ".join(kind or "-" for kind in odd[:8]))]
    leaves = kinds - set(_LEVELS) - {"MRDR", "HANGING PROTOCOL", "PALETTE", "IMPLANT", "IMPLANT GROUP", "IMPLANT ASSY", "INVENTORY"}
    absent = [level for level in _LEVELS if level not in kinds] if leaves else []
    if absent:
        return [finding("dicomdir-level-absent", path=path, levels=", ".join(absent))]
    for kind, (tag, what) in _WANTED.items():
        lacking = sum(record.kind == kind and not record.values.get(tag) and 0x00041504 not in record.values for record in used)
        if lacking:
            return [finding("dicomdir-keys-absent", path=path, count=lacking, kind=kind, what=what)]
    if any(record.kind == "IMAGE" and t.REFERENCED_FILE_ID not in record.values and 0x00041504 not in record.values for record in used):
        count = sum(record.kind == "IMAGE" and t.REFERENCED_FILE_ID not in record.values for record in used)
        return [finding("dicomdir-keys-absent", path=path, count=count, kind="IMAGE", what="Referenced File ID")]
    return []


def _with_file(record: Record, records: list[Record], places: dict[int, int]) -> Record:
    """A leaf with the file of the multi-referenced record that it points to (retired; PS3.3 F.5.31)."""
    pointer = record.values.get(0x00041504)
    if not pointer:
        return record
    index = places.get(int.from_bytes(pointer[:4], "little"))
    return record._replace(values={**records[index].values, **record.values}) if index is not None else record


def _repaired_offsets(
    records: list[Record], root: int, offsets: list[int], places: dict[int, int]
) -> tuple[Callable[[int], int | None], bool]:
    """How to find records when offsets miss them: all off by the same number of bytes, else the nearest record within sixteen."""
    shift = records[0].offset - root
    if root and all(offset + shift in places for offset in offsets):
        return (lambda offset: places.get(offset + shift)), True
    near = {offset: index for record_offset, index in places.items() for offset in range(record_offset - 16, record_offset + 17)}
    return (lambda offset: places[offset] if offset in places else near.get(offset)), False


def _by_offsets(records: list[Record], first: int | None, resolve: Callable[[int], int | None]) -> tuple[list[_Above | None], int, bool]:
    """For each record what is above it, or None when no offset leads there; how many offsets lead back; whether it nests too deep."""
    above: list[_Above | None] = [None] * len(records)
    loops, deep = 0, False
    waiting: list[tuple[int, _Above, int]] = [(first, (None, None, None), 0)] if first is not None else []
    while waiting:
        index, context, depth = waiting.pop()
        while True:
            if above[index] is not None:
                loops += 1
                break
            record = records[index]
            above[index] = context
            if record.lower:
                below = resolve(record.lower)
                if below is not None and depth < _DEEPEST:
                    waiting.append((below, _inside(context, record), depth + 1))
                deep = deep or (below is not None and depth >= _DEEPEST)
            following = resolve(record.next) if record.next else None
            if following is None:
                break
            index = following
    return above, loops, deep


def _by_order(records: list[Record]) -> list[_Above]:
    above: list[_Above] = []
    context: _Above = (None, None, None)
    for record in records:
        level = _LEVELS.get(record.kind)
        if level is not None:
            context = (*context[:level], *(None,) * (3 - level))  # type: ignore[assignment]  # three in all
        above.append(context)
        context = _inside(context, record)
    return above


def _inside(context: _Above, record: Record) -> _Above:
    patient, study, _ = context
    if record.kind == "PATIENT":
        return record, None, None
    if record.kind == "STUDY":
        return patient, record, None
    if record.kind == "SERIES":
        return patient, study, record
    return context
