"""Why a source has no DICOM object on it: an image that broke off and a file that is neither are told from a disc without pictures."""

from collections.abc import Sequence

from tview.catalog.model import Catalog
from tview.errors import CatalogError, finding
from tview.media import Medium
from tview.text import safe


def nothing_medical(media: Sequence[Medium], catalog: Catalog) -> CatalogError:
    """The error to end with when the complete catalog of these media has no object."""
    source = media[0].source if media else ""
    for medium in media:
        missing = sum(int(told.values.get("missing", 0)) for told in medium.findings if told.code in ("disc-cut-off", "disc-end-missing"))
        if missing and medium.size is not None:
            return CatalogError(finding("nothing-in-cut-image", path=medium.source, have=medium.size, want=medium.size + missing))
    kinds = [file.kind for file in catalog.other_files]
    if len(media) == 1 and media[0].kind == "file" and len(kinds) == 1 and kinds[0] not in ("encrypted", "random"):
        return CatalogError(finding("nothing-in-file", path=source, kind=kinds[0]))
    locked = sum(kind in ("encrypted", "random") for kind in kinds)
    if locked and locked * 2 >= len([kind for kind in kinds if kind not in _BESIDE]):
        return CatalogError(finding("nothing-encrypted", path=source, count=locked))
    unknown = [file for file in catalog.other_files if file.kind in ("data", "database", "archive") and file.size >= _LARGE]
    if unknown and "program" in kinds:
        largest = max(unknown, key=lambda file: file.size)
        return CatalogError(finding("nothing-proprietary", path=source, count=len(unknown), largest=safe(largest.path)))
    return CatalogError(finding("nothing-medical", path=source, count=len(catalog.other_files)))


_BESIDE = frozenset(("program", "script", "text", "html", "xml", "shortcut", "icon", "png", "gif", "bmp", "rtf", "font", "empty"))
_LARGE = 1 << 18  # less is a viewer's own
