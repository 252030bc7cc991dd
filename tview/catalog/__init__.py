"""What is on the media: patients, studies, series, stacks and objects, with what is wrong beside them."""

from typing import TYPE_CHECKING

from tview.late import late_names

if TYPE_CHECKING:
    from tview.catalog.at import entry_at, is_named_dicomdir
    from tview.catalog.choosing import Choice, Found, choose, choose_all, found_in, one_of
    from tview.catalog.digests import Digest, digests_of
    from tview.catalog.directory import Directory, read_directory
    from tview.catalog.elements import ElementRow, element_rows
    from tview.catalog.listed import listed_first
    from tview.catalog.listing import listing_lines
    from tview.catalog.model import Catalog, Counts, FileSet, FrameRow, Gap, Instance, OtherFile, Patient, Place, Series, Stack, Study
    from tview.catalog.nothing import nothing_medical
    from tview.catalog.records import catalog_record, finding_record
    from tview.catalog.scanning import complete_catalog, scan
    from tview.catalog.tell import age_at_exam, clock_time, iso_date

# Read when first asked for: no command wants all of them, and together they take 20 ms of its start.
_LATER = {
    "Choice": "choosing", "Found": "choosing", "choose": "choosing", "choose_all": "choosing", "entry_at": "at",
    "found_in": "choosing", "one_of": "choosing", "Digest": "digests", "digests_of": "digests",
    "ElementRow": "elements", "element_rows": "elements", "listed_first": "listed", "listing_lines": "listing", "catalog_record": "records",
    "finding_record": "records", "nothing_medical": "nothing",
    "Directory": "directory", "read_directory": "directory", "is_named_dicomdir": "at",
    "Catalog": "model", "Counts": "model", "FileSet": "model", "FrameRow": "model", "Gap": "model", "Instance": "model",
    "OtherFile": "model",
    "Patient": "model", "Place": "model", "Series": "model", "Stack": "model", "Study": "model",
    "complete_catalog": "scanning", "scan": "scanning", "age_at_exam": "tell", "clock_time": "tell", "iso_date": "tell",
}  # fmt: skip

__all__ = [
    "Catalog",
    "Choice",
    "Counts",
    "Digest",
    "Directory",
    "ElementRow",
    "FileSet",
    "Found",
    "FrameRow",
    "Gap",
    "Instance",
    "OtherFile",
    "Patient",
    "Place",
    "Series",
    "Stack",
    "Study",
    "age_at_exam",
    "catalog_record",
    "choose",
    "choose_all",
    "clock_time",
    "complete_catalog",
    "digests_of",
    "element_rows",
    "entry_at",
    "finding_record",
    "found_in",
    "is_named_dicomdir",
    "iso_date",
    "listed_first",
    "listing_lines",
    "nothing_medical",
    "one_of",
    "read_directory",
    "scan",
]

__getattr__ = late_names(__name__, globals(), _LATER)
