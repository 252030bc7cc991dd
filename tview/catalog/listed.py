"""The first picture of a disc as its DICOMDIR lists it, without making a catalog of all the rest."""

from collections.abc import Sequence
from typing import NamedTuple

from tview.catalog.at import is_named_dicomdir
from tview.catalog.facts import integer, text
from tview.catalog.prefer import PICTURES_OF_TEXT
from tview.catalog.regular import regular_series, values_at
from tview.dicom import tags as t
from tview.dicom.limits import DEFAULT, Limits
from tview.errors import DicomError
from tview.media import Entry, Medium

_Values = dict[int, bytes]
_INSTANCE_NUMBER = b"\x20\0\x13\0IS"


class _Listed(NamedTuple):
    """One series as the records tell it: its values, those of its study, those of its images."""

    study: _Values
    series: _Values
    images: Sequence[_Values]


def listed_first(medium: Medium, limits: Limits = DEFAULT) -> Entry | None:
    """The middle image of the series that a reader would open first, by the records of the medium's one DICOMDIR.

    None when there is any doubt: no DICOMDIR or several, one with anything odd about it, or a file that is not there whole under its very
    name. Then the catalog has to decide.

    Raises:
        MediumError: the medium has gone away.
    """
    entries = medium.entries()
    directories = [entry for entry in entries if "DICOMDIR" in entry[0].upper() and is_named_dicomdir(entry.path)]
    if len(directories) != 1:
        return None
    read = medium.read(directories[0])
    if read.unreadable:
        return None
    listed = _regular(read.data) or _any(read.data, directories[0].path, limits)
    if not listed:
        return None
    images = _in_order(max(listed, key=_rank).images)
    parts = images[len(images) // 2].get(t.REFERENCED_FILE_ID, b"").decode("utf-8", "surrogateescape").split("\\")
    folder = directories[0].path.rpartition("/")[0]
    path = "/".join((*filter(None, (folder,)), *(part.strip(" \0") for part in parts)))
    found = next((entry for entry in entries if entry[0] == path), None)
    return found if found is not None and found.whole else None


def _regular(data: bytes) -> list[_Listed]:
    """By the places of records where they follow one another as the tree does. Of the images' values only what is asked for is read."""
    return [
        _Listed(values_at(data, one.study), values_at(data, one.series), _Lazily(data, one.images))
        for one in regular_series(data) or ()
        if one.images
    ]


class _Lazily(Sequence[_Values]):
    """The values of records that are read when asked for."""

    def __init__(self, data: bytes, places: Sequence[tuple[int, int]]) -> None:
        self.data, self.places = data, places

    def __len__(self) -> int:
        return len(self.places)

    def __getitem__(self, index: int) -> _Values:  # type: ignore[override]  # no slices are asked for
        return values_at(self.data, self.places[index])


def _any(data: bytes, path: str, limits: Limits) -> list[_Listed]:
    """By the general reader, unless it finds anything odd."""
    from tview.catalog.directory import read_directory

    try:
        directory = read_directory(data, path, limits)
    except DicomError:
        return []
    if directory.findings:
        return []
    series: dict[int, _Listed] = {}
    images: dict[int, list[_Values]] = {}
    for claim in directory.claims:
        if claim.leaf.kind == "IMAGE" and claim.series is not None and claim.study is not None:
            listed = images.setdefault(claim.series.offset, [])
            listed.append(claim.leaf.values)
            series[claim.series.offset] = _Listed(claim.study.values, claim.series.values, listed)
    return list(series.values())


def _rank(listed: _Listed) -> tuple[object, ...]:
    """As `tview.catalog.prefer` ranks, with what records know: pictures before pictures of text, the newest exam, the longest series."""
    number = integer(listed.series.get(t.SERIES_NUMBER))
    return (
        text(listed.series.get(t.MODALITY)) not in PICTURES_OF_TEXT,
        text(listed.study.get(t.STUDY_DATE)) or "",
        len(listed.images),
        -(number if number is not None else 1 << 40),
    )


def _in_order(images: Sequence[_Values]) -> Sequence[_Values]:
    """By Instance Number where every record has one, else as listed."""
    if isinstance(images, _Lazily):
        numbers = [_number_in(images.data, begin, end) for begin, end in images.places]
    else:
        numbers = [integer(image.get(t.INSTANCE_NUMBER)) for image in images]
    if any(number is None for number in numbers):
        return images
    order = sorted(range(len(images)), key=lambda place: numbers[place] or 0)
    if isinstance(images, _Lazily):
        return _Lazily(images.data, [images.places[place] for place in order])
    return [images[place] for place in order]


def _number_in(data: bytes, begin: int, end: int) -> int | None:
    """The Instance Number of a record, looked for by how it begins; where that stands twice, or not, the record is read."""
    place = data.find(_INSTANCE_NUMBER, begin, end)
    if place >= 0 and data.find(_INSTANCE_NUMBER, place + 1, end) < 0:
        value = data[place + 8 : place + 8 + data[place + 6]].strip(b" \0")
        if value.isdigit() and len(value) < 19:
            return int(value)
    return integer(values_at(data, (begin, end)).get(t.INSTANCE_NUMBER))
