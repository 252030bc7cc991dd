"""What the DICOMDIRs of the media promise, which file each promise means, and in the end what became of them."""

import os
from collections.abc import Sequence

from tview.catalog.at import is_named_dicomdir
from tview.catalog.directory import Claim, Directory, read_directory
from tview.catalog.facts import Facts, FactsReader, text
from tview.catalog.gather import Address, Gatherer
from tview.catalog.look import Looked
from tview.catalog.model import FileSet, OtherFile
from tview.catalog.stacks import kind_of_facts
from tview.dicom import tags as t
from tview.dicom import uids
from tview.dicom.header import read_header
from tview.dicom.limits import Limits
from tview.errors import DicomError, Finding, finding
from tview.media import Entry, Medium, Refused, Resolved

_LARGEST = 256 << 20
_WITHOUT_LIST = frozenset(("file",))
_FOLLOWS_FROM_LOSS = frozenset(("dicomdir-cut", "dicomdir-damaged", "dicomdir-length", "dicomdir-offsets", "dicomdir-unlinked"))
_LIST_IS_RARE = frozenset(("folder", "zip", "tar", "archive"))


class _Set:
    """One medium's DICOMDIRs."""

    __slots__ = ("file_set_id", "records", "state", "used")

    def __init__(self) -> None:
        self.used: list[str] = []
        self.state, self.records = "absent", 0
        self.file_set_id: bytes | None = None


class Claims:
    """The promises of all media. For one thread."""

    def __init__(self, gatherer: Gatherer, facts: FactsReader, limits: Limits) -> None:
        self._gatherer, self._facts, self._limits = gatherer, facts, limits
        self._promised: dict[Address, Facts] = {}
        self._has_list: set[int] = set()
        self._partial: set[int] = set()  # media whose list has lost records
        self._without_file: set[tuple[int, str]] = set()  # SOP Instance UIDs that are listed with no file, or with one that is not there
        self.directories: set[Address] = set()

    def read(self, number: int, medium: Medium, entries: Sequence[Entry]) -> FileSet:
        """Read every DICOMDIR of a medium and hand its promises on. One that cannot be used is told.

        Raises:
            MediumError: the medium has gone away.
        """
        candidates = [entry for entry in entries if is_named_dicomdir(entry.path)]
        if medium.start:
            candidates.sort(key=lambda entry: entry.path != medium.start)
        found = _Set()
        for entry in candidates:
            self._read_one(number, medium, entry, found)
        if not candidates and medium.kind not in _WITHOUT_LIST:
            self._tell(number, finding("dicomdir-absent" if medium.kind in _LIST_IS_RARE else "dicomdir-absent-from-disc"))
        if len(found.used) > 1:
            self._tell(number, finding("dicomdirs-several", dicomdirs=len(found.used), path=found.used[0]))
        return FileSet(found.used[0] if found.used else None, found.state, text(found.file_set_id), found.records)

    def _read_one(self, number: int, medium: Medium, entry: Entry, found: _Set) -> None:
        data = medium.read(entry, 0, min(entry.present, _LARGEST))
        if data.unreadable:
            self._tell(number, finding("dicomdir-unreadable-range", path=entry.path, range=data.unreadable[0]))
            self._partial.add(number)
        try:
            directory = read_directory(data.data, entry.path, self._limits)
        except DicomError as error:
            if not _is_image(data.data):
                self.directories.add((number, entry.path))
                self._gatherer.other(OtherFile(number, entry.path, "dicomdir", entry.size))
                code = error.finding.code
                self._tell(number, finding("dicomdir-unreadable", path=entry.path) if code == "not-dicom" else error.finding)
            else:
                self._tell(number, finding("dicomdir-is-image", path=entry.path))
            found.state = "unusable" if not found.used else found.state
            return
        self.directories.add((number, entry.path))
        self._gatherer.other(OtherFile(number, entry.path, "dicomdir", entry.size))
        self._has_list.add(number)
        found.used.append(entry.path)
        found.records += directory.records
        found.file_set_id = found.file_set_id or directory.file_set_id
        for told in directory.findings:
            if not (data.unreadable and told.code in _FOLLOWS_FROM_LOSS):
                self._tell(number, told)
        if directory.partial:
            self._partial.add(number)
        for claim in directory.nameless:
            self._add_uid(number, claim)
        repaired = self._promise(number, medium, entry, directory) or directory.repaired or bool(data.unreadable)
        found.state = "repaired" if repaired or found.state == "repaired" else "used"

    def _promise(self, number: int, medium: Medium, entry: Entry, directory: Directory) -> bool:
        """Hand on every leaf, with its file or as missing. Returns whether names had to be repaired."""
        base = os.path.dirname(entry.path)
        repairs = 0
        for place, claim in enumerate(directory.claims):
            parts = claim.file_id
            resolved = medium.resolve(parts, base) if any(parts) else None
            if isinstance(resolved, Resolved) and "base-name" in (resolved.repair or "") and not self._holds(medium, resolved.entry, claim):
                resolved = None
            if isinstance(resolved, Resolved):
                if resolved.repair:
                    repairs += 1
                    self._tell(number, finding("names-repaired", path=entry.path, how=resolved.repair), fold=("repair", resolved.repair))
                facts = self._as_facts(number, claim, resolved.entry.path, "ok", resolved.entry.order, resolved.entry.size)
                address = (number, facts.path)
                if address in self._promised:
                    self._tell(number, finding("dicomdir-repeats", path=facts.path), fold="repeats")
                    continue
                self._promised[address] = facts
                self._gatherer.claim(facts)
                continue
            if isinstance(resolved, Refused):
                self._tell(number, finding(resolved.code, path="\\".join(parts)), fold=resolved.code)
            named = "/".join(part for part in (base, *parts) if part) or f"record {place + 1}"
            facts = self._as_facts(number, claim, named, "missing", place, None)
            self._add_uid(number, claim)
            self._gatherer.claim(facts)
        return repairs > 0

    def _holds(self, medium: Medium, entry: Entry, claim: Claim) -> bool:
        """Whether a file of which only the name fits holds the object that the list means; where that says nothing, it is taken for it."""
        wanted = self._facts.uid(claim.leaf.values.get(t.REFERENCED_SOP_INSTANCE_UID_IN_FILE))
        if wanted is None:
            return True
        try:
            header = read_header(lambda offset, length: medium.read(entry, offset, length).data, entry.present, limits=self._limits)
        except DicomError:
            return False
        return header.data_set.uid(t.SOP_INSTANCE_UID) == wanted

    def _add_uid(self, number: int, claim: Claim) -> None:
        uid = self._facts.uid(claim.leaf.values.get(t.REFERENCED_SOP_INSTANCE_UID_IN_FILE))
        if uid:
            self._without_file.add((number, uid))

    def _as_facts(self, number: int, claim: Claim, path: str, state: str, order: int, size: int | None) -> Facts:
        values = claim.values
        leaf = claim.leaf.values
        for tag, source in (
            (t.SOP_CLASS_UID, t.REFERENCED_SOP_CLASS_UID_IN_FILE),
            (t.SOP_INSTANCE_UID, t.REFERENCED_SOP_INSTANCE_UID_IN_FILE),
        ):
            if source in leaf:
                values[tag] = leaf[source]
        syntax = self._facts.uid(leaf.get(t.REFERENCED_TRANSFER_SYNTAX_UID_IN_FILE))
        return self._facts.read(
            values,
            syntax,
            source_number=number,
            path=path,
            size=size,
            state=state,
            order=order,
            has_pixels=claim.leaf.kind == "IMAGE",
            is_read=False,
            in_dicomdir=True,
        )

    # --- after the headers --------------------------------------------------------------------------------------

    def promised(self, address: Address) -> bool:
        """Whether a DICOMDIR promises an object in this file."""
        return address in self._promised

    def broken(self, number: int, entry: Entry, looked: Looked) -> None:
        """The file of a promise is no readable object: damaged, or encrypted."""
        is_encrypted = looked.kind == "encrypted"
        code = "object-encrypted" if is_encrypted else "object-unreadable"
        is_told = entry.present < entry.size or any(told.code == code for told in looked.findings)  # a cut-off file by its medium
        told = () if is_told else (finding(code, path=entry.path),)
        self._gatherer.unreadable((number, entry.path), "unsupported" if is_encrypted else "damaged", told)

    def unlisted(self, facts: Facts) -> None:
        """A header was found: tell it if this medium has a list and the list lacks it. A list that has lost records is not held to it."""
        number = facts.source_number
        if number not in self._has_list or number in self._partial or (number, facts.path) in self._promised:
            return
        if (number, facts.sop_instance_uid) not in self._without_file:
            kind = kind_of_facts(facts)
            code = "file-not-referenced" if kind in ("image", "segmentation") else "document-not-referenced"
            self._tell(facts.source_number, finding(code, path=facts.path), fold=code)

    def _tell(self, number: int, told: Finding, fold: object = None) -> None:
        self._gatherer.notes.add(told, number, fold)


def _is_image(data: bytes) -> bool:
    """Whether a file that is called DICOMDIR is an object of its own."""
    try:
        header = read_header(lambda offset, length: data[offset : offset + length], len(data))
    except DicomError:
        return False
    return header.sop_class_uid not in (None, uids.MEDIA_STORAGE_DIRECTORY_STORAGE)
