"""What an object speaks of: evidence and referenced series, images and sources, and "series 8 image 40" in the text of a report."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from tview.dicom import DataSet
from tview.dicom import tags as t

_EVIDENCE = (t.CURRENT_REQUESTED_PROCEDURE_EVIDENCE_SEQUENCE, t.PERTINENT_OTHER_EVIDENCE_SEQUENCE)
_REFERENCED_SOP_SEQUENCE = 0x00081199
_RT_REFERENCED_STUDY = 0x30060012
_RT_REFERENCED_SERIES = 0x30060014
_CONTOUR_IMAGE = 0x30060016
_FRAME_OF_REFERENCE_ITEMS = 0x30060010
_ROI_CONTOUR, _CONTOUR = 0x30060039, 0x30060040
_STRUCTURE_SET, _REFERENCED_PLAN = 0x300C0060, 0x300C0002
_MOST = 20_000  # of one object
_DEEPEST = 24
# Computer-aided detection works on raw pictures (FOR PROCESSING), which are hardly ever sent along.
_RAW_SOURCES = frozenset("1.2.840.10008.5.1.4.1.1.88." + end for end in ("50", "65", "69"))
# Dose reports and procedure logs name pictures of fluoroscopy that are hardly ever kept.
_LOGS = _RAW_SOURCES | frozenset("1.2.840.10008.5.1.4.1.1.88." + end for end in ("40", "67", "68", "73", "74", "75", "76"))
_DOCUMENTS = frozenset(("report", "key-objects"))


class Cited(NamedTuple):
    """One object that is spoken of."""

    study_instance_uid: str | None
    series_instance_uid: str | None
    sop_instance_uid: str


class Citation(NamedTuple):
    """What one object speaks of. `text` are (Series Number, Instance Number or None) in its words. `is_strong`: what lacks is missed."""

    path: str
    kind: str
    study_instance_uid: str
    cited: tuple[Cited, ...]
    text: tuple[tuple[int, int | None], ...]
    is_strong: bool

    @property
    def is_document(self) -> bool:
        """Whether a person wrote it to be read: a report, or a selection of key images."""
        return self.kind in _DOCUMENTS


def citations_of(data_set: DataSet, path: str, kind: str, study: str, sop_class_uid: str) -> list[Citation]:
    """What the object of this data set speaks of; empty when of nothing.

    An image's own sources are weak evidence: thin slices that reformatted ones were made from are often left off on purpose.
    """
    strong = kind in ("report", "key-objects", "presentation", "segmentation", "rt-structures") and sop_class_uid not in _RAW_SOURCES
    found: dict[str, Cited] = {}
    for one in _all(data_set, kind, sop_class_uid):
        # The same object is often named twice; what says its series too is kept.
        if one.sop_instance_uid not in found or found[one.sop_instance_uid].series_instance_uid is None:
            found[one.sop_instance_uid] = one
        if len(found) >= _MOST:
            break
    cited = tuple(found.values())
    text = tuple(dict.fromkeys(_in_text(data_set))) if kind == "report" else ()
    return [Citation(path, kind, study, cited, text, strong)] if cited or text else []


def _all(data_set: DataSet, kind: str, sop_class_uid: str) -> Iterator[Cited]:
    for sequence in _EVIDENCE:
        for study in data_set.items(sequence):
            yield from _of_study(study)
    yield from _of_series(data_set, None)
    for tag in (t.REFERENCED_IMAGE_SEQUENCE, t.SOURCE_IMAGE_SEQUENCE, _STRUCTURE_SET, _REFERENCED_PLAN):
        yield from _of_objects(data_set, tag, None, None)
    if kind == "rt-structures":
        yield from _of_structures(data_set)
    if kind in _DOCUMENTS and sop_class_uid not in _LOGS:
        yield from _of_tree(data_set, 0)
    if kind in ("segmentation", "relation"):
        for groups in (data_set.items(t.SHARED_FUNCTIONAL_GROUPS_SEQUENCE), data_set.items(t.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE)[:_MOST]):
            for item in groups:
                for derivation in item.items(t.DERIVATION_IMAGE_SEQUENCE):
                    yield from _of_objects(derivation, t.SOURCE_IMAGE_SEQUENCE, None, None)


def _of_study(study: DataSet) -> Iterator[Cited]:
    yield from _of_series(study, study.uid(t.STUDY_INSTANCE_UID))


def _of_series(above: DataSet, study: str | None) -> Iterator[Cited]:
    for series in above.items(t.REFERENCED_SERIES_SEQUENCE):
        uid = series.uid(t.SERIES_INSTANCE_UID)
        for tag in (_REFERENCED_SOP_SEQUENCE, t.REFERENCED_IMAGE_SEQUENCE, 0x0008114A):
            yield from _of_objects(series, tag, study, uid)


def _of_objects(above: DataSet, tag: int, study: str | None, series: str | None) -> Iterator[Cited]:
    for item in above.items(tag):
        uid = item.uid(t.REFERENCED_SOP_INSTANCE_UID)
        if uid:
            yield Cited(study, series, uid)


def _of_tree(item: DataSet, depth: int) -> Iterator[Cited]:
    """IMAGE, WAVEFORM and COMPOSITE items of a content tree (PS3.3 C.17.3)."""
    yield from _of_objects(item, _REFERENCED_SOP_SEQUENCE, None, None)
    if depth < _DEEPEST:
        for child in item.items(t.CONTENT_SEQUENCE):
            yield from _of_tree(child, depth + 1)


def _of_structures(data_set: DataSet) -> Iterator[Cited]:
    for frame in data_set.items(_FRAME_OF_REFERENCE_ITEMS):
        for study in frame.items(_RT_REFERENCED_STUDY):
            for series in study.items(_RT_REFERENCED_SERIES):
                yield from _of_objects(series, _CONTOUR_IMAGE, study.uid(t.REFERENCED_SOP_INSTANCE_UID), series.uid(t.SERIES_INSTANCE_UID))
    for roi in data_set.items(_ROI_CONTOUR):
        for contour in roi.items(_CONTOUR):
            yield from _of_objects(contour, _CONTOUR_IMAGE, None, None)


# --- in words ---------------------------------------------------------------------------------------------------

_SERIES = r"(?:series|serie|s[eé]rie|ser|se)\.?\s*(?:no\.?|nr\.?|number|#|:)?\s*(\d{1,4})"
_IMAGE = r"(?:images?|imgs?|im|bild(?:er)?|imagen|immagine|slices?|schicht)\.?\s*(?:no\.?|nr\.?|number|#|:)?\s*(\d{1,5})"
_FORWARD = re.compile(rf"\b{_SERIES}\s*[,;/]?\s*(?:and|und|et|y|e)?\s*{_IMAGE}\b", re.IGNORECASE)
_BACKWARD = re.compile(rf"\b{_IMAGE}\s*(?:,|/|of|in|on|von|der|de|di)?\s*(?:the)?\s*{_SERIES}\b", re.IGNORECASE)
_ALONE = re.compile(r"\((?:see\s+)?(?:series|serie|s[eé]rie)\s*(?:no\.?|nr\.?|number|#|:)?\s*(\d{1,4})\)", re.IGNORECASE)
_ELSEWHERE = re.compile(r"prior|previous|compar|earlier|old exam|vorauf|voruntersuch|ant[eé]rieur|anterior|precedent", re.IGNORECASE)


def _in_text(data_set: DataSet) -> Iterator[tuple[int, int | None]]:
    for text in _texts(data_set, 0):
        yield from numbers_in(text)


def numbers_in(text: str) -> Iterator[tuple[int, int | None]]:
    """(Series Number, Instance Number) of what a sentence speaks of; sentences about an earlier exam are left out."""
    for sentence in re.split(r"(?<=[.!?])\s+|\n", text):
        if _ELSEWHERE.search(sentence):
            continue
        pairs = [(int(series), int(image)) for series, image in _FORWARD.findall(sentence)]
        pairs += [(int(series), int(image)) for image, series in _BACKWARD.findall(sentence)]
        yield from pairs
        named = {series for series, _ in pairs}
        yield from ((int(series), None) for series in _ALONE.findall(sentence) if int(series) not in named)


def _texts(item: DataSet, depth: int) -> Iterator[str]:
    text = item.lines(t.TEXT_VALUE)
    if text:
        yield text
    if depth < _DEEPEST:
        for child in item.items(t.CONTENT_SEQUENCE):
            yield from _texts(child, depth + 1)
