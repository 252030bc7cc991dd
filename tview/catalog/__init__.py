"""What is on the media: patients, studies, series, stacks and objects, with what is wrong beside them."""

from tview.catalog.choose import Choice, Found, choose, choose_all
from tview.catalog.digests import Digest, digests_of
from tview.catalog.elements import ElementRow, element_rows
from tview.catalog.listing import listing_lines
from tview.catalog.model import Catalog, Counts, FileSet, Gap, Instance, OtherFile, Patient, Place, Series, Stack, Study
from tview.catalog.records import catalog_record, finding_record
from tview.catalog.scan import complete_catalog, scan
from tview.catalog.tell import age_at_exam

__all__ = [
    "Catalog",
    "Choice",
    "Counts",
    "Digest",
    "ElementRow",
    "FileSet",
    "Found",
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
    "complete_catalog",
    "digests_of",
    "element_rows",
    "finding_record",
    "listing_lines",
    "scan",
]
