"""From what the user names to a medium. Content decides, never the name."""

import errno
import os
import stat
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tview.errors import MediumError, finding
from tview.media.folder import Folder, Single
from tview.media.medium import Medium
from tview.media.notes import Notes
from tview.media.passwords import Password, fitting_password
from tview.media.sources import SECTOR, FileSource, JoinedSource, MappedSource, Ranges, is_readable_kind
from tview.media.values import Source

# What reads discs, archives and drives is imported where one is met: a file alone opens 12 ms sooner.
if TYPE_CHECKING:
    from tview.media.ahead import AheadSource
    from tview.media.archive import Member, Opener
    from tview.media.drives import Calls
    from tview.media.geometry import Geometry

_DICOMDIR_CLASS = b"1.2.840.10008.1.3.10\0"


def open_medium(source: str, calls: "Calls | None" = None, *, password: Password = None) -> Medium:
    """The medium that this folder, file or device is. The caller closes it.

    A drive that is still spinning up is waited for. `calls` answers for drives in place of the kernel. `password` opens an encrypted
    archive, or is called with the source's name to ask for one: again after a wrong one, three times in all; None from it means that
    there is none.

    Raises:
        MediumError: there is no such thing, no permission, no disc, nothing that can be read; an archive lacks its password
            ("archive-password-needed") or got a wrong one ("archive-password-wrong").
    """
    try:
        facts = _facts(source)
        if stat.S_ISDIR(facts.st_mode):
            return Folder(source, optical=_is_optical(facts))
        if stat.S_ISBLK(facts.st_mode):
            return _open_device(source, _is_optical(facts), calls)
        if stat.S_ISREG(facts.st_mode):
            return _open_content(source, FileSource(source, follow=True), password)
    except OSError as error:
        raise _told(source, error) from error
    raise MediumError(finding("source-not-supported", path=source, what=_kind_of_file(facts.st_mode)))


def open_bytes(source: str, calls: "Calls | None" = None) -> FileSource:
    """Every byte of a file or device, as it is. The caller closes it. Raises `MediumError` as `open_medium` does."""
    try:
        facts = _facts(source)
        if not is_readable_kind(facts.st_mode):
            what = "a folder" if stat.S_ISDIR(facts.st_mode) else _kind_of_file(facts.st_mode)
            raise MediumError(finding("source-not-supported", path=source, what=what))
        optical = stat.S_ISBLK(facts.st_mode) and _is_optical(facts)
        if optical:
            _prepare(source, calls)
        return FileSource(source, follow=True, serial=optical)
    except OSError as error:
        raise _told(source, error) from error


def _facts(source: str) -> os.stat_result:
    try:
        return os.stat(source)
    except ValueError as error:  # a NUL in the name
        raise MediumError(finding("source-missing", path=source)) from error


def _open_content(source: str, file: FileSource, password: Password) -> Medium:
    try:
        if not file.size:
            raise MediumError(finding("source-empty", path=source))
        for kind in KINDS:
            if medium := kind(source, file, password):
                return medium
        raise MediumError(finding("source-not-supported", path=source, what="nothing known"))
    except BaseException:
        file.close()
        raise


def _is_optical(facts: os.stat_result) -> bool:
    from tview.media.drives import is_optical

    return is_optical(facts)


def _prepare(source: str, calls: "Calls | None") -> Sequence[int] | None:
    from tview.media.drives import KERNEL, prepare

    return prepare(source, calls or KERNEL)


def _open_device(source: str, optical: bool, calls: "Calls | None") -> Medium:
    from tview.media.ahead import AheadSource
    from tview.media.disc import Disc
    from tview.media.geometry import known_geometry
    from tview.media.volumes import FIRST, read_descriptors

    tracks = _prepare(source, calls) if optical else None
    file = FileSource(source, follow=True, serial=optical)
    ahead = AheadSource(file)
    try:
        geometry = known_geometry(ahead)
        if geometry is not None or any(read_descriptors(ahead, track + FIRST).volumes for track in tracks or ()):
            disc = Disc(source, ahead if geometry is None else _sectors(ahead, geometry), file, "device", tracks if optical else None)
            ahead.settle()
            return disc
        if file.bad or (optical and not file.size):
            raise MediumError(
                finding("drive-disc-blank" if optical and not tracks else "source-read-failed", path=source, problem=os.strerror(errno.EIO))
            )
        raise MediumError(finding("source-not-supported", path=source, what=_file_system(file)))
    except BaseException:
        file.close()
        raise


def _disc(source: str, file: FileSource, password: Password) -> Medium | None:
    from tview.media.ahead import AheadSource
    from tview.media.geometry import known_geometry

    ahead = AheadSource(file)
    return _disc_of(source, file, known_geometry(ahead), ahead)


def _hidden_disc(source: str, file: FileSource, password: Password) -> Medium | None:
    """A disc behind a header or a pregap, looked for last."""
    from tview.media.ahead import AheadSource
    from tview.media.geometry import searched_geometry

    return _disc_of(source, file, searched_geometry(file), AheadSource(file))


def _disc_of(source: str, file: FileSource, geometry: "Geometry | None", ahead: "AheadSource") -> Medium | None:
    if geometry is None:
        return None
    from tview.media.disc import Disc
    from tview.media.rescue import further_parts, open_parts, rescue_map

    view: Source = ahead
    findings = []
    parts = further_parts(source)
    if len(parts) > 1 and _goes_on(file, geometry):
        view = JoinedSource([ahead, *open_parts(parts[1:])])
        findings.append(finding("parts-joined", parts=len(parts)))
    if rescued := rescue_map(source):
        lost = [(start, min(end, view.size)) for start, end in rescued.lost if start < view.size]
        if lost:
            view = MappedSource(view, Ranges(lost))
            findings.append(finding("map-honoured", map=rescued.path, length=sum(end - start for start, end in lost)))
    medium = Disc(source, _sectors(view, geometry), file)
    ahead.settle()
    medium.notes.take(tuple(findings))
    return medium


def _sectors(source: Source, geometry: "Geometry") -> Source:
    from tview.media.geometry import SectorSource

    return source if geometry.plain else SectorSource(source, geometry)


def _goes_on(file: FileSource, geometry: "Geometry") -> bool:
    """Whether the disc that begins in this file is larger than the file."""
    from tview.media.volumes import read_descriptors

    volumes = read_descriptors(_sectors(file, geometry)).volumes
    sectors = max((volume.blocks * volume.block_size // SECTOR for volume in volumes), default=0)
    return sectors * geometry.sector_size > file.size


def _zip(source: str, file: FileSource, password: Password) -> Medium | None:
    from tview.media.archive import member_opener, password_opens
    from tview.media.zipped import is_complete, is_zip, read_zip

    if not is_zip(file):
        return None
    notes = Notes()
    view = _with_parts(source, file, notes, is_complete(file))
    members = read_zip(view, notes)
    locked = sorted((member for member in members if member.locked and member.size and not member.trouble), key=lambda member: member.size)
    found = None
    if locked:
        found = fitting_password(source, password, lambda tried: any(password_opens(view, member, tried) for member in locked[:_TRIED]))
    if found is None:
        members = _without_password(source, members, "archive-encrypted")
    return _archive(source, view, "zip", members, notes, member_opener(view, found))


_TRIED = 4  # members of one archive may have passwords of their own


def _without_password(source: str, members: Sequence["Member"], code: str) -> "list[Member]":
    """The members with the encrypted ones marked; raises `MediumError` when no others are there."""
    left = [member._replace(trouble=member.trouble or code) if member.locked and member.size else member for member in members]
    if any(member.trouble == code for member in left) and all(member.trouble or not member.size for member in left):
        raise MediumError(finding("archive-password-needed", path=source))
    return left


def _sevenzip(source: str, file: FileSource, password: Password) -> Medium | None:
    if file.read_at(0, 6).data != b"7z\xbc\xaf\x27\x1c":
        return None
    from tview.media import sevenzip
    from tview.media.inflate import WHOLE_LIMIT
    from tview.media.sevenzip_blocks import PasswordWrong

    notes = Notes()
    view = _with_parts(source, file, notes, sevenzip.end_of(file) <= file.size)
    found: bytes | None = None
    try:
        listing = sevenzip.read_sevenzip(view, None)
    except PasswordWrong:
        found = fitting_password(source, password, lambda tried: sevenzip.lists(view, tried))
        if found is None:
            raise MediumError(finding("archive-password-needed", path=source)) from None
        listing = sevenzip.read_sevenzip(view, found)
    members = listing.members
    if listing.locked_blocks and found is None:
        found = fitting_password(source, password, lambda tried: sevenzip.password_fits(view, listing, tried))
        if found is None:
            members = _without_password(source, listing.marked_members(), "archive-encrypted")
    if members and all(member.trouble == "archive-block-too-large" for member in members if member.size):
        raise MediumError(finding("archive-too-large", path=source, limit=WHOLE_LIMIT))
    return _archive(source, view, "7z", members, notes, sevenzip.opener_of(view, listing, found))


def _tar(source: str, file: FileSource, password: Password) -> Medium | None:
    return _tar_in(source, file)


def _tar_in(source: str, file: Source) -> Medium | None:
    from tview.media.archive import member_opener
    from tview.media.tarred import is_tar, read_tar

    if not is_tar(file):
        return None
    notes = Notes()
    view = _with_parts(source, file, notes) if isinstance(file, FileSource) else file
    return _archive(source, view, "tar", read_tar(view, notes), notes, member_opener(view, None))


def _archive(source: str, file: Source, kind: str, members: Sequence["Member"], notes: Notes, opener: "Opener") -> Medium:
    from tview.media.archive import Archive

    medium = _image_inside(source, members, opener) or Archive(source, file, kind, members, opener)
    medium.notes.take(notes.findings)
    return medium


def _with_parts(source: str, file: FileSource, notes: Notes, complete: bool = False) -> Source:
    """An archive with the further parts that its name leads to: not those that begin as it does, which are archives of their own."""
    from tview.media.rescue import further_parts, open_parts

    parts = further_parts(source)
    if complete or len(parts) < 2:
        return file
    opened = open_parts(parts[1:])
    if opened[0].read_at(0, 4).data == file.read_at(0, 4).data:
        for part in opened:
            part.close()
        return file
    notes.add("parts-joined", parts=len(parts))
    return JoinedSource([file, *opened])


def _image_inside(source: str, members: Sequence["Member"], opener: "Opener") -> Medium | None:
    """The disc image that an archive holds, when it is the one large thing in it; read where it lies."""
    largest = max(members, key=lambda member: member.size, default=None)
    if largest is None or largest.trouble or largest.size * 2 < sum(member.size for member in members):
        return None
    inner = opener(largest)
    from tview.media.disc import Disc
    from tview.media.geometry import known_geometry

    geometry = known_geometry(inner) if inner else None
    return Disc(source, _sectors(inner, geometry)) if inner and geometry else None


def _packed(source: str, file: FileSource, password: Password) -> Medium | None:
    """One compressed file: an archive, a disc image or a file alone."""
    from tview.media.disc import Disc
    from tview.media.geometry import known_geometry
    from tview.media.inflate import GZIP, InflatedSource

    head = file.read_at(0, 8).data
    inner: Source
    notes = Notes()
    if head[:3] == b"\x1f\x8b\x08":
        view = _with_parts(source, file, notes)
        inner = InflatedSource(view, 0, view.size, None, GZIP, owns=True)
    elif head[:3] == b"BZh" and head[4:8] == b"1AY&":
        inner = _unpacked(_with_parts(source, file, notes), "bz2")
    elif head[:6] == b"\xfd7zXZ\x00":
        inner = _unpacked(_with_parts(source, file, notes), "xz")
    else:
        return None
    if not inner.size:
        raise MediumError(finding("source-empty", path=source))
    geometry = known_geometry(inner)
    medium = Disc(source, _sectors(inner, geometry)) if geometry else _tar_in(source, inner) or Single(source, inner)
    medium.notes.take(notes.findings)
    return medium


def _unpacked(source: Source, kind: str) -> Source:
    from tview.media.inflate import unpacked

    inner = unpacked(source, kind)
    source.close()
    return inner


_PREAMBLES = (bytes(4), b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")  # nothing, or a TIFF of the same picture (PS3.10 7.1)


def _plain_dicom(source: str, file: FileSource, password: Password) -> Medium | None:
    """A file with the mark of a file format and nothing before it or behind it that makes a disc or an archive of it."""
    head = file.read_at(0, 132).data
    if head[128:] != b"DICM" or head[:4] not in _PREAMBLES or (not any(head[:4]) and any(head[:128])):
        return None
    volumes = file.read_at(16 * SECTOR, 3 * SECTOR).data
    if any(volumes[at + 1 : at + 6] in (b"CD001", b"BEA01") for at in range(0, len(volumes), SECTOR)):
        return None
    return _dicomdir(source, file, password) or _single(source, file, password)


# Archives and discs that are known and not read: (offset, mark, words).
_REFUSED = (
    (0, b"Rar!\x1a\x07", "a RAR archive"),
    (0, b"PK\x07\x08", "the first part of a ZIP archive that was split while it was packed"),
    (0, b"MSCF", "a Windows cabinet"),
    (16 * SECTOR + 9, b"CDROM", "an image of a High Sierra disc, from before ISO 9660"),
)


def _refused(source: str, file: FileSource, password: Password) -> None:
    for at, mark, what in _REFUSED:
        if file.read_at(at, len(mark)).data == mark:
            raise MediumError(finding("source-packed", path=source, what=what))


def _sheet(source: str, file: FileSource, password: Password) -> Medium | None:
    """A text that says which file beside it is the image."""
    from tview.media.rescue import named_image

    image = named_image(source, file.read_at(0, 1 << 16).data)
    if image is None:
        return None
    if not os.path.isfile(image) or os.path.samefile(image, source):
        raise MediumError(finding("sheet-without-image", path=source, image=os.path.basename(image)))
    medium = open_medium(image, password=password)
    medium.source = source
    file.close()
    return medium


def _dicomdir(source: str, file: FileSource, password: Password) -> Medium | None:
    """A DICOMDIR stands for its folder. It is known by its name or by the class that its meta group names (PS3.10 8.6)."""
    folder, name = os.path.split(os.path.realpath(source) if os.path.islink(source) else source)
    head = file.read_at(0, SECTOR).data
    if name.upper().rstrip(".") != "DICOMDIR" and not (head[128:132] == b"DICM" and _DICOMDIR_CLASS in head):
        return None
    medium = Folder(folder or ".", start=name, optical=_is_optical(os.stat(folder or ".")))
    file.close()
    return medium


def _dicom(source: str, file: FileSource, password: Password) -> Medium | None:
    """A file with the mark of a file format (PS3.10 7.1) is not looked through for a disc."""
    return _single(source, file, password) if file.read_at(128, 4).data == b"DICM" else None


def _single(source: str, file: FileSource, password: Password) -> Medium:
    return Single(source, file)


# Tried in this order; the first that knows the content takes the file over.
KINDS: tuple[Callable[[str, FileSource, Password], Medium | None], ...] = (
    _plain_dicom,
    _disc,
    _zip,
    _sevenzip,
    _tar,
    _packed,
    _refused,
    _sheet,
    _dicomdir,
    _dicom,
    _hidden_disc,
    _single,
)


def _told(source: str, error: OSError) -> MediumError:
    if error.errno in (errno.EACCES, errno.EPERM):
        return MediumError(finding("source-no-permission", path=source, hint=_permission_hint(source)))
    from tview.media.drives import open_trouble

    if trouble := open_trouble(source, error):
        return MediumError(trouble)
    if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG):
        return MediumError(finding("source-missing", path=source))
    return MediumError(finding("source-read-failed", path=source, problem=os.strerror(error.errno or errno.EIO)))


def _permission_hint(source: str) -> str:
    """What to do about a source that may not be read: for a device, which group to join."""
    import grp
    import pwd

    try:
        facts = os.stat(source)
        group = grp.getgrgid(facts.st_gid).gr_name
        owner = pwd.getpwuid(facts.st_uid).pw_name
    except (OSError, KeyError):
        return "Ask its owner, or whoever looks after this machine, for permission."
    if stat.S_ISBLK(facts.st_mode) and facts.st_mode & stat.S_IRGRP:
        return f"Members of the group {group} may: sudo usermod -aG {group} $USER, then log in again."
    return f"It belongs to {owner}: ask for permission, or copy it as {owner}."


# (offset, bytes, words) of what stands on devices that are no discs.
_FILE_SYSTEMS = (
    (0, b"LUKS", "an encrypted volume (LUKS); unlock it, mount it and give its folder"),
    (3, b"-FVE-FS-", "an encrypted volume (BitLocker); unlock it, mount it and give its folder"),
    (3, b"NTFS    ", "a volume with an NTFS file system; mount it and give its folder"),
    (3, b"EXFAT   ", "a volume with an exFAT file system; mount it and give its folder"),
    (54, b"FAT", "a volume with a FAT file system; mount it and give its folder"),
    (82, b"FAT32", "a volume with a FAT file system; mount it and give its folder"),
    (1080, b"\x53\xef", "a volume with an ext file system; mount it and give its folder"),
    (1024, b"H+", "a volume of a Macintosh; mount it and give its folder"),
    (512, b"EFI PART", "a whole drive with partitions; mount one and give its folder"),
    (510, b"\x55\xaa", "a whole drive with partitions; mount one and give its folder"),
)


def _file_system(file: FileSource) -> str:
    head = file.read_at(0, 2 * SECTOR).data
    return next((words for at, mark, words in _FILE_SYSTEMS if head[at : at + len(mark)] == mark), "a device without a disc's file system")


def _kind_of_file(mode: int) -> str:
    for test, name in ((stat.S_ISFIFO, "a named pipe"), (stat.S_ISSOCK, "a socket"), (stat.S_ISCHR, "a character device")):
        if test(mode):
            return name
    return "something else"
