"""The first picture of a disc as its DICOMDIR lists it, without making a catalog of all the rest."""

from collections.abc import Sequence

from tview.catalog.claims import is_named_dicomdir
from tview.catalog.directory import Claim, read_directory
from tview.catalog.facts import integer, text
from tview.catalog.prefer import PICTURES_OF_TEXT
from tview.dicom import tags as t
from tview.dicom.limits import DEFAULT, Limits
from tview.errors import DicomError
from tview.media import Entry, Medium


def listed_first(medium: Medium, limits: Limits = DEFAULT) -> Entry | None:
    """The middle image of the series that a reader would open first, by the records of the medium's one DICOMDIR.

    None when there is any doubt: no DICOMDIR or several, one with anything odd about it, or a file that is not there whole under its very
    name. Then the catalog has to decide.

    Raises:
        MediumError: the medium has gone away.
    """
    entries = medium.entries()
    directories = [entry for entry in entries if is_named_dicomdir(entry.path)]
    if len(directories) != 1:
        return None
    read = medium.read(directories[0])
    try:
        directory = read_directory(read.data, directories[0].path, limits)
    except DicomError:
        return None
    if read.unreadable or directory.findings:
        return None
    series: dict[int, list[Claim]] = {}
    for claim in directory.claims:
        if claim.leaf.kind == "IMAGE" and claim.series is not None and claim.study is not None:
            series.setdefault(claim.series.offset, []).append(claim)
    if not series:
        return None
    images = _in_order(max(series.values(), key=_rank))
    folder = directories[0].path.rpartition("/")[0]
    path = "/".join((*filter(None, (folder,)), *images[len(images) // 2].file_id))
    found = next((entry for entry in entries if entry.path == path), None)
    return found if found is not None and found.whole else None


def _rank(images: Sequence[Claim]) -> tuple[object, ...]:
    """As `tview.catalog.prefer` ranks, with what records know: pictures before pictures of text, the newest exam, the longest series."""
    first = images[0]
    assert first.series is not None and first.study is not None
    number = integer(first.series.values.get(t.SERIES_NUMBER))
    return (
        text(first.series.values.get(t.MODALITY)) not in PICTURES_OF_TEXT,
        text(first.study.values.get(t.STUDY_DATE)) or "",
        len(images),
        -(number if number is not None else 1 << 40),
    )


def _in_order(images: list[Claim]) -> list[Claim]:
    """By Instance Number where every record has one, else as listed."""
    numbers = [integer(image.leaf.values.get(t.INSTANCE_NUMBER)) for image in images]
    if any(number is None for number in numbers):
        return images
    return [image for _number, image in sorted(zip(numbers, images, strict=True), key=lambda pair: pair[0] or 0)]
