"""The whole header of a file, up to its pixel data, from any encoding PS3.5 knows and most that it does not."""

import re
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from tview.dicom import uids
from tview.dicom.buffer import Buffer, ReadAt
from tview.dicom.data_set import DataSet
from tview.dicom.inflate import Inflated, too_large
from tview.dicom.limits import DEFAULT, Limits
from tview.dicom.preamble import preamble_findings
from tview.dicom.tags import MEDIA_STORAGE_SOP_CLASS_UID, ROWS, SOP_CLASS_UID, TRANSFER_SYNTAX_UID
from tview.dicom.walk import LONG, SHORT, Budget, Found, Layout, walk
from tview.errors import DicomError, Finding, finding


class PixelElement(NamedTuple):
    """Where the pixel data are. `length` is -1 when undefined: the value then is a sequence of fragments (`tview.dicom.encapsulated`)."""

    tag: int
    vr: str
    offset: int  # of the value
    length: int


class Header(NamedTuple):
    """What a file says before its pixel data.

    Offsets count in the file, or in the inflated stream when the data set is deflated: `inflated` reads that one. `transfer_syntax_uid` is
    the declared one where the elements are written so, else the native one that they are written in.
    """

    data_set: DataSet
    meta: DataSet | None
    transfer_syntax_uid: str
    sop_class_uid: str | None
    pixel_element: PixelElement | None
    findings: tuple[Finding, ...]
    how: str  # "walk" | "dcmread"
    preamble: bytes
    end: int  # where the walk stopped
    inflated: ReadAt | None = None

    def reader(self, read_at: ReadAt) -> ReadAt:
        """What this header's offsets count in: the file, or its inflated stream."""
        return self.inflated or read_at


def read_header(read_at: ReadAt, size: int, *, path: str | None = None, limits: Limits = DEFAULT) -> Header:
    """Everything up to the pixel data, which are not touched. What was odd is in the findings.

    Files without preamble and meta information, a wrong or missing transfer syntax, and headers cut short are read as far as they go.

    Raises:
        DicomError: it is no DICOM file, or one that inflates beyond the limits.
    """
    try:
        return _read(read_at, size, path, limits)
    except DicomError as error:
        raise DicomError(replace(error.finding, path=path)) from None


def _read(read_at: ReadAt, size: int, path: str | None, limits: Limits) -> Header:
    buffer = Buffer(read_at, size, limits)
    budget = Budget(limits.elements, limits.depth)
    start, preamble = _start_of_meta(buffer)
    findings: list[Finding] = list(preamble_findings(preamble, path))
    meta, position = _read_meta(buffer, start, budget, limits)
    declared = (meta.uid(TRANSFER_SYNTAX_UID) if meta else None) or ""
    if meta is None:
        findings.append(finding("meta-missing", path=path))
    facts, inflated = uids.transfer_syntax(declared), None
    if facts and facts.deflated:
        stream = Inflated(read_at, position, size, limits)
        if stream.read_at(0, 8) and not stream.broken:
            buffer, position, inflated = Buffer(stream.read_at, limits.inflated_bytes + 1, limits), 0, stream.read_at
        else:
            findings.append(finding("deflate-broken", path=path))
    layout = _layout(buffer, position, facts)
    found = walk(buffer, position, buffer.size, layout, budget, top=True)
    data_set = DataSet(buffer, position, found.end, layout, budget, None, found.entries)
    if not _convincing(data_set, found, has_meta=meta is not None, has_prefix=start > 0):
        raise DicomError(finding("not-dicom"))
    if meta is not None and not found.entries and not found.pixel:
        findings.append(finding("header-empty", path=path))
    syntax = _actual_syntax(declared, facts, layout)
    if declared and syntax != declared:
        findings.append(
            finding(
                "transfer-syntax-differs", path=path, declared=uids.transfer_syntax_name(declared), actual=uids.transfer_syntax_name(syntax)
            )
        )
    header = Header(
        data_set, meta, syntax, _sop_class(data_set, meta), _pixel_element(found), (), "walk", preamble, found.end, inflated
    )  # fmt: skip
    in_zeros = found.stuck and not any(buffer.value(found.end, min(4096, buffer.size - found.end)) or b"")
    if found.stuck and not in_zeros and inflated is None:
        header = _second_reader(header, read_at, size, found)
    if inflated and found.pixel and too_large(found.pixel[2] + max(0, found.pixel[3]), size - start, limits):
        findings.append(finding("inflated-too-large", path=path, bytes=found.pixel[3]))
    findings += _notes(budget, path)
    if in_zeros and ROWS not in data_set:  # padding; in the header of an image it is a hole
        findings.append(finding("trailing-bytes", path=path, offset=found.end))
    elif found.stuck:
        findings.append(finding("header-unreadable", path=path, range=(found.end, max(0, size - found.end))))
    return header._replace(findings=tuple(findings))


def _start_of_meta(buffer: Buffer) -> tuple[int, bytes]:
    """Where the meta information begins (or the data set of a file without), and the preamble before it."""
    head = buffer.window(0, 1028)[0][:1028]
    place = 128 if head[128:134] == b"DICM\2\0" else head.find(b"DICM\2\0")  # preambles of 0, 127 and 256 bytes are seen
    if place < 0 and head[128:132] == b"DICM" and not _begins_low(head[:8]):  # the prefix, not four letters of a value
        place = 128
    if place >= 0:
        return place + 4, head[:place]
    stray = None if _begins_low(head[:8]) else _DATA_SET.search(head, 0, 256)  # meta information cut off one byte too early or late is seen
    return (stray.start(), head[: stray.start()]) if stray else (0, b"")


def begins_like_dicom(head: bytes) -> bool:
    """Whether a file with these first bytes is worth reading as DICOM: the prefix is there, or an element of a low group begins it."""
    return b"DICM" in head[:1028] or _begins_low(head[:8]) or _DATA_SET.search(head, 0, 256) is not None


def _begins_low(head: bytes) -> bool:
    """Whether an element of a file without a preamble can begin so."""
    return len(head) == 8 and head[:2] in (b"\2\0", b"\4\0", b"\x08\0", b"\0\x08") and (head[4:6] in SHORT or head[6:8] == b"\0\0")


def _read_meta(buffer: Buffer, start: int, budget: Budget, limits: Limits) -> tuple[DataSet | None, int]:
    """The meta information and where the data set begins. It is explicit little endian (PS3.10 7.1); implicit is seen."""
    head = buffer.window(start, 8)[0][start : start + 8]
    if head[:2] != b"\2\0":
        return None, start
    # An odd VR alone does not make it implicit: the length of an implicit group length would be 4.
    implicit = head[4:6] not in SHORT and head[4:6] not in LONG and int.from_bytes(head[4:8], "little") <= 64
    layout = Layout(not implicit, True)
    found = walk(buffer, start, buffer.size, layout, budget, only_group=2)
    return DataSet(buffer, start, found.end, layout, budget, None, found.entries), found.end


def _layout(buffer: Buffer, position: int, facts: uids.TransferSyntax | None) -> Layout:
    """How the data set is written: as declared, unless its first element contradicts that."""
    chunk, base = buffer.window(position, 8)
    head = chunk[position - base : position - base + 8]
    declared = Layout(not facts.implicit_vr, facts.little_endian) if facts else None
    if len(head) < 8:
        return declared or Layout(True, True)
    # The first group is a low one (0002 to 0020), so one of its two bytes is zero.
    little = True if head[0] and not head[1] else False if head[1] and not head[0] else declared.little_endian if declared else True
    listed = head[4:6] in SHORT or head[4:6] in LONG
    if listed:
        return Layout(True, little)
    length = int.from_bytes(head[4:8], "little" if little else "big")
    fits = length == 0xFFFFFFFF or position + 8 + length <= buffer.size
    if declared and declared.explicit_vr and head[4:6].isalpha():
        return Layout(True, little)  # a VR, if an unknown one
    return Layout(not fits, little)


def _actual_syntax(declared: str, facts: uids.TransferSyntax | None, layout: Layout) -> str:
    if facts and (facts.implicit_vr, facts.little_endian) == (not layout.explicit_vr, layout.little_endian):
        return declared
    if facts is None and declared and layout == Layout(True, True):
        return declared  # an unlisted one: it may be compressed
    if not layout.little_endian:
        return uids.EXPLICIT_VR_BIG_ENDIAN
    if facts and facts.encapsulated:
        return declared  # compressed pixels in an implicit data set; the pixels are what the name is about
    return uids.EXPLICIT_VR_LITTLE_ENDIAN if layout.explicit_vr else uids.IMPLICIT_VR_LITTLE_ENDIAN


def _convincing(data_set: DataSet, found: Found, *, has_meta: bool, has_prefix: bool) -> bool:
    """Whether this is a data set. Without prefix and meta information it has to begin low, rise, and have something of group 0008."""
    tags = data_set.tags()
    if has_meta or (has_prefix and tags):
        return True
    if not tags or not 2 <= tags[0] >> 16 <= 0x20 or (found.stuck and len(tags) < 4):
        return False
    rising = sum(a < b for a, b in pairwise(tags))
    return len(tags) >= 3 and rising >= (len(tags) - 1) * 0.8 and any(4 <= tag >> 16 <= 8 for tag in tags)


def _sop_class(data_set: DataSet, meta: DataSet | None) -> str | None:
    return data_set.uid(SOP_CLASS_UID) or (meta.uid(MEDIA_STORAGE_SOP_CLASS_UID) if meta else None)


def _pixel_element(found: Found) -> PixelElement | None:
    return PixelElement(*found.pixel) if found.pixel else None


def _second_reader(header: Header, read_at: ReadAt, size: int, found: Found) -> Header:
    """Where the walk is stuck, pydicom is asked. Its reading is taken when it agrees with what was read and goes on in order to the pixels.

    pydicom makes elements of any bytes, so more of them alone mean nothing.
    """
    from tview.dicom.fallback import read_with_pydicom

    other = read_with_pydicom(header, read_at, size)
    if other is None or other.pixel_element is None or not set(found.entries) <= set(other.data_set.tags()):
        return header
    beyond = [tag for tag in other.data_set.tags() if tag not in found.entries]
    return other if all(tag > max(found.entries, default=0) for tag in beyond) else header


_DATA_SET = re.compile(rb"\x08\0[\x05\x08\x16\x18]\0(?:CS|UI)")

_CODES = {
    "too-many-elements", "nested-too-deep", "trailing-bytes", "stray-delimiter", "element-too-long", "element-repeated", "vr-unknown",
    "sequence-unterminated",
}  # fmt: skip


def _notes(budget: Budget, path: str | None) -> list[Finding]:
    """One finding for each sort of oddity, with its count and the first place."""
    first: dict[str, tuple[int, str]] = {}
    counts: dict[str, int] = {}
    for code, offset, detail in budget.notes:
        first.setdefault(code, (offset, detail))
        counts[code] = counts.get(code, 0) + 1
    return [
        finding(code, path=path, count=counts[code], offset=offset, tag=detail or "?")
        for code, (offset, detail) in first.items()
        if code in _CODES
    ]
