"""Why a source has no DICOM object on it: an image that broke off and a file that is neither are told from a disc without pictures."""

from collections.abc import Sequence

from tview.catalog.model import Catalog
from tview.errors import CatalogError, finding
from tview.media import Medium


def nothing_medical(media: Sequence[Medium], catalog: Catalog) -> CatalogError:
    """The error to end with when the complete catalog of these media has no object."""
    source = media[0].source if media else ""
    for medium in media:
        missing = sum(int(told.values.get("missing", 0)) for told in medium.findings if told.code in ("disc-cut-off", "disc-end-missing"))
        if missing and medium.size is not None:
            return CatalogError(finding("nothing-in-cut-image", path=medium.source, have=medium.size, want=medium.size + missing))
    if len(media) == 1 and media[0].kind == "file" and len(catalog.other_files) == 1:
        return CatalogError(finding("nothing-in-file", path=source, kind=catalog.other_files[0].kind))
    return CatalogError(finding("nothing-medical", path=source, count=len(catalog.other_files)))
