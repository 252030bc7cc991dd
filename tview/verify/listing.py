"""The lists of a disc as a standard reads them: what each DICOMDIR says of itself, and how the trees of the disc name their files."""

import os
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from tview.catalog import Directory, read_directory
from tview.dicom import read_header
from tview.dicom import tags as t
from tview.errors import DicomError
from tview.media import Medium
from tview.text import SafeText, safe

_FILE_CHARACTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
_ISO_CHARACTERS = _FILE_CHARACTERS
_LISTED = (t.REFERENCED_SOP_INSTANCE_UID_IN_FILE, t.REFERENCED_SOP_CLASS_UID_IN_FILE, t.SERIES_INSTANCE_UID, t.INSTANCE_NUMBER)
_DIRECTORY_CLASS = "1.2.840.10008.1.3.10"


class Listed(NamedTuple):
    """One object as a DICOMDIR lists it: the File ID in parts, UIDs and the Instance Number as text, "" where the records do not say."""

    list_path: str
    file_id: tuple[str, ...]
    sop_instance_uid: str
    sop_class_uid: str
    series_instance_uid: str
    instance_number: str


class ListFacts(NamedTuple):
    """One DICOMDIR. `directory` is None when it cannot be used; flags and identifiers as they are in the file, None when absent."""

    path: str
    directory: Directory | None
    sop_class_uid: str | None
    file_set_uid: str | None
    file_set_id: SafeText | None
    consistency_flag: int | None
    encoding: str | None
    burner: SafeText | None

    @property
    def file_ids(self) -> tuple[tuple[str, ...], ...]:
        """The File ID of every leaf, in parts."""
        return tuple(claim.file_id for claim in self.directory.claims) if self.directory else ()

    @property
    def listed(self) -> Iterator[Listed]:
        """Every leaf."""
        for claim in self.directory.claims if self.directory else ():
            values = claim.values
            yield Listed(self.path, claim.file_id, *(values.get(tag, b"").decode("ascii", "replace").strip(" \0") for tag in _LISTED))


class TreeFacts(NamedTuple):
    """How one tree of the disc names its files. `odd` are the first names beyond ISO 9660 level 1, `deep` those below eight levels."""

    kind: str
    session: int
    files: int
    odd: tuple[str, ...]
    odd_count: int
    deep: tuple[str, ...]
    deep_count: int


def list_facts(lists: Mapping[str, bytes]) -> tuple[ListFacts, ...]:
    """What the DICOMDIRs say of themselves; images that are called so are left out."""
    found = []
    for path, data in lists.items():
        facts = _one_list(path, data)
        if facts is not None:
            found.append(facts)
    return tuple(found)


def _one_list(path: str, data: bytes) -> ListFacts | None:
    try:
        directory: Directory | None = read_directory(data, path)
    except DicomError:
        directory = None
    try:
        header = read_header(lambda offset, length: data[offset : offset + length], len(data))
    except DicomError:
        return ListFacts(path, None, None, None, None, None, None, None)
    meta, data_set = header.meta, header.data_set
    if directory is None and header.sop_class_uid not in (None, _DIRECTORY_CLASS):
        return None
    burner = None
    if meta is not None:
        burner = meta.text(t.SOURCE_APPLICATION_ENTITY_TITLE) or meta.text(t.IMPLEMENTATION_VERSION_NAME)
    return ListFacts(
        path,
        directory,
        meta.uid(t.MEDIA_STORAGE_SOP_CLASS_UID) if meta else None,
        meta.uid(t.MEDIA_STORAGE_SOP_INSTANCE_UID) if meta else None,
        data_set.text(t.FILE_SET_ID),
        data_set.integer(t.FILE_SET_CONSISTENCY_FLAG),
        header.transfer_syntax_uid,
        burner,
    )


def is_file_id(parts: tuple[str, ...]) -> tuple[bool, bool]:
    """Whether a File ID keeps to length (one to eight parts of one to eight characters, PS3.10 8.2) and to the characters of PS3.10 8.5."""
    length = 1 <= len(parts) <= 8 and all(1 <= len(part) <= 8 for part in parts)
    return length, all(_FILE_CHARACTERS.issuperset(part) for part in parts)


def is_level_1(path: str) -> bool:
    """Whether every part of a path is a file identifier of ISO 9660 level 1 (ECMA-119 10.1: eight characters, three after a dot)."""
    *folders, name = path.split("/")
    stem, _dot, ending = name.partition(";")[0].partition(".")
    parts_fit = all(len(folder) <= 8 and _ISO_CHARACTERS.issuperset(folder) for folder in folders)
    return parts_fit and len(stem) <= 8 and len(ending) <= 3 and _ISO_CHARACTERS.issuperset(stem + ending)


def tree_facts(medium: Medium) -> tuple[TreeFacts, ...]:
    """How each tree of a disc names its files; () for what is no disc. Reads the listings again."""
    found = []
    for tree in medium.listings():
        other = {entry.path: alias for alias, entry in tree.aliases} if tree.kind == "rock-ridge" else {}
        names = [other.get(entry.path, entry.path) for entry in tree.files]
        odd = [] if tree.kind == "joliet" else [name for name in names if not is_level_1(name)]
        deep = [name for name in names if name.count("/") >= 8]
        found.append(TreeFacts(tree.kind, tree.session, len(tree.files), tuple(odd[:3]), len(odd), tuple(deep[:3]), len(deep)))
    return tuple(found)


def mount_of(folder: str, mounts: str) -> tuple[str, str] | None:
    """(device, file system) when a folder is the place where a medium is mounted, by the text of /proc/mounts; None when it is not."""
    place = os.path.realpath(folder)
    for line in reversed(mounts.splitlines()):
        device, where, kind, *_rest = [*line.split(" "), "", "", ""]
        if where.replace("\\040", " ") == place and place != "/":
            return device, kind
    return None


def label_of(medium: Medium) -> SafeText | None:
    """The volume label of a disc; None for what has none."""
    return safe(medium.label) if medium.label and medium.kind not in ("folder", "file", "zip", "tar", "7z") else None
