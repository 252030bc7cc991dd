"""The line over the tree: what the medium is and what is on it."""

from tview.catalog import Catalog
from tview.text import translate
from tview.ui.look import Span, words

_ = str


def medium_parts(catalog: Catalog) -> list[list[Span]]:
    """How much there is, what is missing or damaged first."""
    counts = catalog.counts
    studies = translate("{count} exams") if counts.studies != 1 else translate("1 exam")
    images = sum(series.image_count for series in catalog.series if series.is_image)
    parts: list[list[Span]] = []
    if counts.missing:
        parts.append([(words(_("{count} missing"), count=counts.missing), "chrome.red")])
    if counts.damaged:
        parts.append([(words(_("{count} damaged"), count=counts.damaged), "chrome.red")])
    if catalog.findings:
        told = _("{count} notes") if len(catalog.findings) > 1 else _("1 note")
        parts.append([(words(told, count=len(catalog.findings)), "chrome.amber")])
    parts += [[(words(studies, count=counts.studies), "chrome")], [(words(_("{count} images"), count=images), "chrome")]]
    if counts.instances > images:
        others = _("{count} documents and others") if counts.instances - images > 1 else _("1 document")
        parts.append([(words(others, count=counts.instances - images), "chrome.dim")])
    return parts
