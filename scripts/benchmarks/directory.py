"""The DICOMDIR of a study, written record by record (PS3.3 annex F)."""

import io
import struct
from collections.abc import Iterable, Mapping

from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

from benchmarks.objects import PATIENT_ID, PATIENT_NAME, STUDY_DATE, STUDY_UID, Slice, meta, text_element, uid

_RECORD_KEYS: Mapping[str, tuple[tuple[int, str], ...]] = {
    "PATIENT": ((0x00100010, "PN"), (0x00100020, "LO"), (0x00100030, "DA"), (0x00100040, "CS")),
    "STUDY": ((0x00080020, "DA"), (0x00080030, "TM"), (0x00080050, "SH"), (0x00081030, "LO"), (0x0020000D, "UI"), (0x00200010, "SH")),
    "SERIES": ((0x00080060, "CS"), (0x00080080, "LO"), (0x0008103E, "LO"), (0x0020000E, "UI"), (0x00200011, "IS")),
    "IMAGE": ((0x00080008, "CS"), (0x00200013, "IS"), (0x00200032, "DS"), (0x00200037, "DS"), (0x00200052, "UI"), (0x00280030, "DS")),
}
_STUDY_VALUES = {
    0x00100010: PATIENT_NAME, 0x00100020: PATIENT_ID, 0x00100030: "19610402", 0x00100040: "F", 0x00080020: STUDY_DATE, 0x00080030: "094112",
    0x00080050: "A2025030601", 0x00081030: "CT Thorax with contrast", 0x0020000D: STUDY_UID, 0x00200010: "1", 0x00080060: "CT",
    0x00080080: "Demo Hospital", 0x00080008: "ORIGINAL\\PRIMARY\\AXIAL", 0x00200037: "1\\0\\0\\0\\1\\0",
    0x00200052: uid("frame of reference"),
}  # fmt: skip


def dicomdir(slices: Iterable[tuple[str, Slice]], rows: int, columns: int, pixel_mm: float, label: str) -> bytes:
    """The DICOMDIR of one study (PS3.3 F.3): slices as (file ID with "/", slice), series after series."""
    kinds: list[tuple[str, str | None, Slice | None, int]] = [("PATIENT", None, None, 0), ("STUDY", None, None, 1)]
    series = 0
    for file_id, place in slices:
        if place.series != series:
            series = place.series
            kinds.append(("SERIES", None, place, 2))
        kinds.append(("IMAGE", file_id, place, 3))
    bodies = [_record(kind, file_id, place, rows, columns, pixel_mm) for kind, file_id, place, _ in kinds]
    head = b"".join((bytes(128), b"DICM", meta("1.2.840.10008.1.3.10", uid("dicomdir"), ExplicitVRLittleEndian)))
    head += text_element(0x00041130, "CS", label)
    offsets, at = [], len(head) + 12 + 12 + 10 + 12  # two offsets, the flag, the sequence's header
    for body in bodies:
        offsets.append(at)
        at += 8 + _POINTERS + len(body)
    top = struct.pack("<HH2sHL", 4, 0x1200, b"UL", 4, offsets[0]) + struct.pack("<HH2sHL", 4, 0x1202, b"UL", 4, offsets[0])
    top += struct.pack("<HH2sHH", 4, 0x1212, b"US", 2, 0)
    out = io.BytesIO()
    out.write(head + top + struct.pack("<HH2sHL", 4, 0x1220, b"SQ", 0, at - offsets[0]))
    for index, ((_, _, _, level), body) in enumerate(zip(kinds, bodies, strict=True)):
        following = next((i for i in range(index + 1, _end_of(kinds, index, level)) if kinds[i][3] == level), None) if level else None
        lower = offsets[index + 1] if level < 3 else 0
        pointers = struct.pack("<HH2sHL", 4, 0x1400, b"UL", 4, offsets[following] if following is not None else 0)
        pointers += struct.pack("<HH2sHH", 4, 0x1410, b"US", 2, 0xFFFF) + struct.pack("<HH2sHL", 4, 0x1420, b"UL", 4, lower)
        out.write(struct.pack("<HHL", 0xFFFE, 0xE000, len(pointers) + len(body)) + pointers + body)
    return out.getvalue()


_POINTERS = 12 + 10 + 12


def _end_of(kinds: list[tuple[str, str | None, Slice | None, int]], index: int, level: int) -> int:
    """Where the siblings of a record end at the latest; for an image that is the next record."""
    if level == 3:
        return min(index + 2, len(kinds)) if index + 1 < len(kinds) and kinds[index + 1][3] == 3 else index + 1
    return next((i for i in range(index + 1, len(kinds)) if kinds[i][3] < level), len(kinds))


def _record(kind: str, file_id: str | None, place: Slice | None, rows: int, columns: int, pixel_mm: float) -> bytes:
    values = dict(_STUDY_VALUES)
    if place is not None:
        values |= {0x0008103E: f"Thorax 1.0 B40f series {place.series}", 0x0020000E: place.series_uid, 0x00200011: str(place.series)}
        values |= {0x00200013: str(place.instance), 0x00200032: f"-199.609375\\-189.609375\\{place.z_mm:g}"}
    values[0x00280030] = f"{pixel_mm:g}\\{pixel_mm:g}"
    data = text_element(0x00041430, "CS", kind)
    if file_id is not None and place is not None:
        data += text_element(0x00041500, "CS", file_id.replace("/", "\\")) + text_element(0x00041510, "UI", CTImageStorage)
        data += text_element(0x00041511, "UI", place.uid) + text_element(0x00041512, "UI", ExplicitVRLittleEndian)
    elements = {0x00080005: text_element(0x00080005, "CS", "ISO_IR 100")}
    elements |= {tag: text_element(tag, vr, values[tag]) for tag, vr in _RECORD_KEYS[kind]}
    if kind == "IMAGE":
        for tag, number in ((0x00280010, rows), (0x00280011, columns)):
            elements[tag] = struct.pack("<HH2sHH", tag >> 16, tag & 0xFFFF, b"US", 2, number)
    return data + b"".join(element for _, element in sorted(elements.items()))
