"""A look at one file: what its header says, whether it is whole, and what it is when it is no object."""

from dataclasses import replace
from typing import NamedTuple

from tview.catalog.facts import Facts, FactsReader
from tview.catalog.sniff import sniff
from tview.catalog.support import unshown_reason
from tview.dicom import tags as t
from tview.dicom import uids
from tview.dicom.buffer import ReadAt
from tview.dicom.data_set import DataSet
from tview.dicom.encapsulated import ending
from tview.dicom.fixed import Fixed, read_scanned
from tview.dicom.header import begins_like_dicom, read_header
from tview.dicom.limits import Limits
from tview.dicom.preamble import preamble_findings
from tview.dicom.skeleton import HeaderReader
from tview.errors import DicomError, Finding, Severity, finding
from tview.media import Entry, Medium

FIRST_BYTES = 16384
_TAIL = 512
_SYSTEM_AREA, _DISC_MARKS = 16 * 2048, (b"CD001", b"BEA01")
_KEPT = 1 << 22
_END_OF_PIXELS = b"\xfe\xff\xdd\xe0\0\0\0\0"
_NO_PREAMBLE = bytes(128)
_CLASS = "1.2.840.10008.5.1.4.1.1."
_ENHANCED = frozenset(_CLASS + end for end in ("2.1", "2.2", "4.1", "4.3", "4.4", "13.1.3", "66.4", "128.1", "130"))
_GROUPS = (
    (t.PLANE_ORIENTATION_SEQUENCE, (t.IMAGE_ORIENTATION_PATIENT,)),
    (t.PIXEL_MEASURES_SEQUENCE, (t.PIXEL_SPACING, t.SLICE_THICKNESS, t.SPACING_BETWEEN_SLICES)),
)
_LENGTH_TAGS = (t.ROWS, t.COLUMNS, t.BITS_ALLOCATED, t.SAMPLES_PER_PIXEL, t.NUMBER_OF_FRAMES, t.PHOTOMETRIC_INTERPRETATION)
_HALF_SAMPLED = frozenset((b"YBR_FULL_422", b"YBR_PARTIAL_422"))


class Looked(NamedTuple):
    """What a look at a file found: the facts of an object, or the kind of another file, and what is wrong."""

    facts: Facts | None
    kind: str
    findings: tuple[Finding, ...] = ()


class _Beginning:
    """Calling it reads a file; its first bytes are kept, so that each is read once however often it is asked for."""

    __slots__ = ("_data", "entry", "medium")

    def __init__(self, medium: Medium, entry: Entry, data: bytes) -> None:
        self.medium, self.entry, self._data = medium, entry, data

    def __call__(self, offset: int, length: int) -> bytes:
        known = len(self._data)
        if offset + length <= known:
            return self._data[offset : offset + length]
        if offset > known or offset + length > _KEPT:
            return self.medium.read(self.entry, offset, length).data
        self._data += self.medium.read(self.entry, known, offset + length - known).data
        return self._data[offset : offset + length]


class Looker:
    """Looks at files one after another, in one thread."""

    def __init__(self, facts: FactsReader, limits: Limits) -> None:
        self._facts, self._limits = facts, limits
        self._headers = HeaderReader()
        self._preambles: dict[bytes, tuple[Finding, ...]] = {}
        self._lengths: dict[tuple[bytes | None, ...], int] = {}

    def look(self, number: int, medium: Medium, entry: Entry) -> Looked:
        """The first bytes are read, more only where the header is longer, and the last ones of compressed pictures.

        Raises:
            MediumError: the medium has gone away.
        """
        read = medium.read(entry, 0, FIRST_BYTES)
        data = read.data
        if data[128:132] != b"DICM" and not begins_like_dicom(data):
            kind = sniff(data, entry.size) if not read.unreadable or data.strip(b"\0") else "unreadable"
            if kind in ("zeros", "data", "random") and entry.size > _SYSTEM_AREA:  # a disc image begins with what no one has to fill
                kind = "disc-image" if medium.read(entry, _SYSTEM_AREA + 1, 5).data in _DISC_MARKS else kind
            return Looked(None, kind)

        read_at = _Beginning(medium, entry, data)
        findings: tuple[Finding, ...] = ()
        fixed = self._headers.read(read_at, entry.present, data) if not read.unreadable else None
        if fixed is None:
            try:
                fixed = read_scanned(read_at, entry.present, entry.path, data, self._limits)
            except DicomError as error:
                kind = sniff(data, entry.size)
                return Looked(
                    None, "dicom" if data[128:132] == b"DICM" else kind, () if error.finding.code == "not-dicom" else (error.finding,)
                )
            findings = fixed.findings
        elif data[:128] != _NO_PREAMBLE:
            findings = self._about_preamble(data[:128], entry.path)
        values = fixed.values
        class_uid = self._facts.uid(values.get(t.SOP_CLASS_UID))
        if class_uid == uids.MEDIA_STORAGE_DIRECTORY_STORAGE:
            return Looked(None, "dicomdir", findings)
        container = vendor_container(data, fixed, entry.present)
        has_pixels = bool(fixed.pixel_offset) or (not fixed.complete and t.ROWS in values and container is None)
        state = "ok"
        harm = self._harm(fixed, read_at, has_pixels) if not read.unreadable else _unreadable(entry, read.unreadable)
        if entry.present < entry.size:  # its medium has told that
            state = "damaged"
        elif harm is not None:
            state, findings = "damaged", (*(told for told in findings if told.code != harm.code), harm)
        else:
            reason = unshown_reason(class_uid, fixed.transfer_syntax_uid, has_pixels)
            if container is not None:
                state, findings = (
                    "unsupported",
                    (*findings, finding("object-vendor-container", path=entry.path, name=container[0], wanted=container[1])),
                )
            elif reason is not None:
                state = "unsupported"
                findings = (*findings, _unsupported(entry.path, reason))
        header = None
        if class_uid in _ENHANCED and t.IMAGE_ORIENTATION_PATIENT not in values:
            header = _data_set(read_at, entry.present, self._limits)
            values = values | shared_groups(header)
        facts = self._facts.read(
            values,
            fixed.transfer_syntax_uid,
            source_number=number,
            path=entry.path,
            size=entry.size,
            state=state,
            order=entry.order,
            has_pixels=has_pixels,
            like=fixed.like if values is fixed.values else None,
        )
        if header is not None and facts.frames and facts.frames > 1:
            from tview.catalog.frames import frame_facts  # for discs that have such objects

            facts = facts._replace(frame_facts=frame_facts(facts, header))
        return Looked(facts, "", findings)

    def _about_preamble(self, preamble: bytes, path: str) -> tuple[Finding, ...]:
        """What is odd about it. Notes of one kind are told at the first file's path: thousands of files have the same."""
        known = self._preambles.get(preamble)
        if known is None:
            known = preamble_findings(preamble, path)
            if len(self._preambles) < 64 and all(told.severity is Severity.INFO for told in known):
                self._preambles[preamble] = known
        return known

    def _harm(self, fixed: Fixed, read_at: "_Beginning", has_pixels: bool) -> Finding | None:
        """What the bytes that are there lack of what the header promises; None when nothing."""
        entry = read_at.entry
        for told in fixed.findings:
            if told.code in ("header-unreadable", "header-empty"):
                return finding("object-unreadable", path=entry.path)
            if told.code == "element-too-long" and not has_pixels:
                return replace(told, severity=Severity.ERROR)
        if not has_pixels or fixed.transfer_syntax_uid == uids.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN:
            return None
        length = fixed.pixel_length
        facts = uids.transfer_syntax(fixed.transfer_syntax_uid)
        if length < 0 or (not fixed.pixel_offset and facts is not None and facts.encapsulated):
            return self._open_end(fixed, read_at)
        promised = self._native_length(fixed.values) if facts is None or not facts.encapsulated else 0
        start = fixed.pixel_offset or fixed.position
        if fixed.pixel_offset and start + length > entry.present:
            return finding("object-cut-off", path=entry.path, have=entry.present, want=start + length)
        room = length if fixed.pixel_offset else entry.present - start
        if promised > room:
            return finding("pixels-fewer", path=entry.path, have=room, want=promised)
        return None

    def _native_length(self, values: dict[int, bytes]) -> int:
        key = tuple(map(values.get, _LENGTH_TAGS))
        known = self._lengths.get(key)
        if known is None:
            known = self._lengths[key] = native_length(values)
        return known

    def _open_end(self, fixed: Fixed, read_at: "_Beginning") -> Finding | None:
        """Compressed pixel data end in a delimiter; what follows that, if anything, is short."""
        entry = read_at.entry
        tail = read_at.medium.read(entry, max(0, entry.present - _TAIL), _TAIL)
        if tail.unreadable:
            return _unreadable(entry, tail.unreadable)
        if _END_OF_PIXELS in tail.data:
            return None
        offset = fixed.pixel_offset
        if not offset:
            try:
                pixel = read_header(read_at, entry.present, limits=self._limits).pixel_element
            except DicomError:
                return finding("object-unreadable", path=entry.path)
            if pixel is None:
                return finding("object-cut-off", path=entry.path, have=entry.present, want=entry.present + 1)
            if pixel.length >= 0:
                end = pixel.offset + pixel.length
                return finding("object-cut-off", path=entry.path, have=entry.present, want=end) if end > entry.present else None
            offset = pixel.offset
        last, frames = ending(read_at, offset, entry.present), max(1, _frames(fixed.values))
        if last.delimited or (last.at_end and last.fragments >= frames):  # a delimiter alone that lacks is no loss
            return None
        return finding("pixels-open-ended", path=entry.path, fragments=last.fragments, frames=frames)


def _data_set(read_at: ReadAt, size: int, limits: Limits) -> DataSet | None:
    try:
        return read_header(read_at, size, limits=limits).data_set
    except DicomError:
        return None


def shared_groups(data_set: DataSet | None) -> dict[int, bytes]:
    """Plane and spacing of an enhanced object from its functional groups (PS3.3 C.7.6.16): the shared ones, else the first frame's."""
    values: dict[int, bytes] = {}
    if data_set is None:
        return values
    for groups in (data_set.first_item(t.SHARED_FUNCTIONAL_GROUPS_SEQUENCE), data_set.first_item(t.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE)):
        for sequence, tags in _GROUPS:
            item = groups.first_item(sequence) if groups is not None else None
            for tag in tags if item is not None else ():
                raw = item.raw(tag) if item is not None else None
                if raw:
                    values.setdefault(tag, raw)
    return values


_SCO = ("Hologic SCO tomosynthesis", "Breast Tomosynthesis Image Storage (BTO)")


def vendor_container(data: bytes, fixed: Fixed, present: int) -> tuple[str, str] | None:
    """What a maker calls a container whose pictures lie in private elements, and what to ask for instead; None for anything else.

    Hologic's has JPEG-LS frames in sequences of group 7E01 and no Pixel Data behind them.
    """
    if fixed.pixel_offset and fixed.pixel_length:
        return None
    place = data.find(b"HOLOGIC, Inc.")
    while place >= 8:
        if data[place - 8 : place - 4] in (b"\x01\x7e\x10\x00", b"\x01\x7e\x11\x00"):
            return _SCO if fixed.complete or fixed.position + 12 >= present else None
        place = data.find(b"HOLOGIC, Inc.", place + 1)
    return None


def native_length(values: dict[int, bytes]) -> int:
    """How many bytes of uncompressed pixel data the header describes; 0 when it does not describe any."""
    rows, columns, bits = (int.from_bytes(values.get(tag, b"")[:2], "little") for tag in (t.ROWS, t.COLUMNS, t.BITS_ALLOCATED))
    samples = int.from_bytes(values.get(t.SAMPLES_PER_PIXEL, b"\1\0")[:2], "little") or 1
    pixels = rows * columns * max(1, _frames(values))
    if values.get(t.PHOTOMETRIC_INTERPRETATION, b"").rstrip(b" \0") in _HALF_SAMPLED and samples == 3:
        return pixels * 2 * (bits // 8)
    return (pixels * samples * bits + 7) // 8


def _frames(values: dict[int, bytes]) -> int:
    raw = values.get(t.NUMBER_OF_FRAMES, b"").strip(b" \0")
    return int(raw) if raw.isdigit() and len(raw) < 12 else 1


def _unreadable(entry: Entry, ranges: tuple[tuple[int, int], ...]) -> Finding:
    return finding("object-unreadable-range", path=entry.path, range=ranges[0], bytes=sum(length for _, length in ranges))


def _unsupported(path: str, reason: tuple[str, str]) -> Finding:
    what, uid = reason
    if what == "syntax":
        return finding("object-syntax-unsupported", path=path, name=uids.transfer_syntax_name(uid))
    return finding("object-class-unsupported", path=path, name=uids.sop_class_name(uid))
