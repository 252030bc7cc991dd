"""Two copies of one object: the same bytes; the same in other bytes; or not the same, and in what."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from tview.dicom import read_header
from tview.errors import DicomError, PixelError
from tview.media import Entry, EntryReader, Medium
from tview.verify.comparing.elements import Reading, differing_places, told
from tview.verify.comparing.model import Differing

if TYPE_CHECKING:
    from tview.pixels import Decoder, Image

_STEP = 1 << 20
_PHOTOMETRIC, _DERIVATION = 0x00280004, 0x00082111


class File(NamedTuple):
    """A file of a medium."""

    medium: Medium
    entry: Entry


class Found(NamedTuple):
    """What two copies have in common: see `Pair`."""

    state: str
    elements: tuple[Differing, ...] = ()
    elements_count: int = 0
    pixels: str = "none"
    frames: int = 0
    largest: float | None = None


def same_bytes(a: File, b: File, took: Callable[[int], None]) -> bool | None:
    """Whether they are the same byte for byte; None when some of it cannot be read and the rest is the same.

    `took` gets the bytes of A as they are read. Raises `MediumError` when a medium has gone away.
    """
    if a.entry.size != b.entry.size:
        took(a.entry.present)
        return False
    unsure = not (a.entry.whole and b.entry.whole)
    for offset in range(0, min(a.entry.present, b.entry.present), _STEP):
        one, other = a.medium.read(a.entry, offset, _STEP), b.medium.read(b.entry, offset, _STEP)
        took(len(one.data))
        lost = [*one.unreadable, *other.unreadable]
        unsure = unsure or bool(lost)
        many = min(len(one.data), len(other.data))
        if one.data[:many] != other.data[:many] and _without(one.data[:many], offset, lost) != _without(other.data[:many], offset, lost):
            took(max(0, a.entry.present - offset - len(one.data)))
            return False
    return None if unsure else True


def _without(data: bytes, start: int, lost: list[tuple[int, int]]) -> bytes:
    """These bytes of a file, with zeros for what could not be read of it on either side."""
    blanked = bytearray(data)
    for offset, length in lost:
        low, high = max(0, offset - start), min(len(data), offset + length - start)
        if low < high:
            blanked[low:high] = bytes(high - low)
    return bytes(blanked)


def compare_objects(a: File, b: File, decoder: "Callable[[], Decoder]", took: Callable[[int], None]) -> Found:
    """What two files of one SOP Instance UID have in common. `decoder` makes what decodes frames, when it comes to that."""
    same = same_bytes(a, b, took)
    if same is not False:
        return Found("not-read" if same is None else "identical", pixels="unknown" if same is None else "equal")
    readers = EntryReader(a.medium, a.entry), EntryReader(b.medium, b.entry)
    try:
        one, other = (Reading(read_header(reader, reader.size), reader) for reader in readers)
    except DicomError:
        return Found("not-read" if _lost(*readers) else "different", pixels="unknown")
    places = [place for place in differing_places(one, other) if not place.is_writing or place.tag == 0x00020010]
    pixels, frames, largest = _pixels(one, other, readers, decoder)
    decoded = one.header.transfer_syntax_uid != other.header.transfer_syntax_uid and pixels == "equal"
    # JPEG 2000 has its own colour spaces (PS3.5 8.2.4): equal pixels may be called RGB in one and YBR_RCT in the other. Some compressors
    # say what they did in a Derivation Description.
    written = {0x00020010, _PHOTOMETRIC, _DERIVATION} if decoded else {0x00020010}
    matters = [place for place in places if place.around or place.tag not in written]
    if matters or pixels == "different":
        state = "different"
    elif _lost(*readers):
        state = "not-read"
    else:
        state = "written-differently" if pixels != "unknown" else "different"
    return Found(state, told(one, other, places), len(places), pixels, frames, largest)


def _lost(a: EntryReader, b: EntryReader) -> bool:
    return bool(a.lost or b.lost or not a.entry.whole or not b.entry.whole)


def _pixels(
    a: Reading, b: Reading, readers: tuple[EntryReader, EntryReader], decoder: "Callable[[], Decoder]"
) -> tuple[str, int, float | None]:
    """One of PIXELS, frames that differ, and the largest difference of a stored value."""
    one, other = a.header.pixel_element, b.header.pixel_element
    if one is None or other is None:
        return ("none", 0, None) if one is other else ("different", 0, None)
    same_syntax = a.header.transfer_syntax_uid == b.header.transfer_syntax_uid
    if same_syntax and _same_tail(a, b, readers):
        return "equal", 0, None
    from tview.pixels import open_image

    try:
        images = [
            open_image(reading.header, reading.read_at, reader.size, decoder=decoder())
            for reading, reader in zip((a, b), readers, strict=True)
        ]
        return _frames(images[0], images[1], same_syntax)
    except PixelError:
        if same_syntax and not _lost(*readers):
            return "different", 0, None
        return "unknown", 0, None


def _same_tail(a: Reading, b: Reading, readers: tuple[EntryReader, EntryReader]) -> bool:
    """Whether everything from the pixel data on is the same."""
    one, other = a.header.pixel_element, b.header.pixel_element
    assert one is not None and other is not None
    lengths = [one.length, other.length] if one.length >= 0 else [readers[0].size - one.offset, readers[1].size - other.offset]
    if lengths[0] != lengths[1]:
        return False
    read, read_other = a.header.reader(a.read_at), b.header.reader(b.read_at)
    for done in range(0, lengths[0], _STEP):
        many = min(_STEP, lengths[0] - done)
        data = read(one.offset + done, many)
        if data != read_other(other.offset + done, many):
            return False
        if not data:
            break
    return not _lost(*readers)


def _frames(a: "Image", b: "Image", same_syntax: bool) -> tuple[str, int, float | None]:
    """Frame by frame: code streams where the syntax is the same, else what lossless ones decode to."""
    if a.number_of_frames != b.number_of_frames or (a.rows, a.columns) != (b.rows, b.columns):
        return "different", 0, None
    differing, largest = 0, 0.0
    lossy = _loses(a) or _loses(b)
    for index in range(a.number_of_frames):
        if same_syntax and a.read_stream(index) == b.read_stream(index) != b"":
            continue
        if lossy:
            return ("different", differing + 1, None) if same_syntax else ("unknown", 0, None)
        by = _difference(a, b, index)
        if by is None:
            return "unknown", 0, None
        differing += by > 0
        largest = max(largest, by)
    return ("different", differing, largest) if differing else ("equal", 0, 0.0)


def _loses(image: "Image") -> bool:
    """Whether the pixel data as they stand are compressed with loss, or their syntax is unknown."""
    from tview.pixels import syntax_of

    syntax = image.syntax or syntax_of(image.transfer_syntax_uid)
    if syntax is None or syntax.lossy is not False:
        return syntax is None or syntax.lossy is True or image.lossy is not None
    return False


def _difference(a: "Image", b: "Image", index: int) -> float | None:
    """The largest difference between the stored values of a frame; None where colours are written in two ways."""
    import numpy as np

    one, other = a.read_frame(index), b.read_frame(index)
    if one.description.photometric != other.description.photometric:
        return None
    if one.stored.shape != other.stored.shape:
        return float("inf")
    if np.array_equal(one.stored, other.stored):
        return 0.0
    return float(np.abs(one.stored.astype(np.float64) - other.stored.astype(np.float64)).max())
