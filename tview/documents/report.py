"""Structured reports of every SR class, key object selections among them."""

from collections.abc import Iterator

from tview.dicom import DataSet
from tview.dicom import tags as t
from tview.documents.content import Node, read_tree
from tview.documents.head import head_facts
from tview.documents.kinds import Material
from tview.documents.layout import Layout
from tview.documents.model import Block, Document, Fact, Link
from tview.documents.overviews import overview_blocks
from tview.documents.reading import Reading, moment, reference
from tview.documents.values import value_row
from tview.text import SafeText, safe, translate

_ = str
_STATES = {
    "COMPLETE": _("finished (COMPLETE)"), "PARTIAL": _("not finished (PARTIAL)"),
    "VERIFIED": _("signed by a person (VERIFIED)"), "UNVERIFIED": _("not signed (UNVERIFIED)"),
    "PRELIMINARY": _("preliminary"), "FINAL": _("final"),
}  # fmt: skip
_FLAGS = (
    (t.COMPLETION_FLAG, _("State")),
    (t.COMPLETION_FLAG_DESCRIPTION, _("State, in words")),
    (t.VERIFICATION_FLAG, _("Signature")),
    (t.PRELIMINARY_FLAG, _("Version")),
)
_HEAD_RELATIONS = frozenset(("HAS OBS CONTEXT", "HAS CONCEPT MOD"))


def read(material: Material, reading: Reading) -> Document:
    """All of a report: the head, an overview as tables where the template is a known one, and every content item."""
    assert material.header is not None
    data_set = material.header.data_set
    root = read_tree(data_set, reading)
    in_head = [child for child in root.children if child.relation in _HEAD_RELATIONS and child.value_type not in ("CONTAINER", "IMAGE", "")]
    facts = (
        *head_facts(data_set, reading),
        *_state(data_set, reading),
        *_people(data_set, reading),
        *(Fact(child.concept.meaning, text, is_more=True) for child in in_head if child.concept and (text := _told(child, reading))),
        *_evidence(data_set),
    )
    told = frozenset(child.place for child in in_head if child.concept)
    blocks: tuple[Block, ...] = (*overview_blocks(root, reading), *Layout(root, reading).body(told), *_predecessors(data_set))
    title = root.concept.meaning if root.concept else safe(translate("Structured report"))
    return Document("report", title, facts, blocks)


def _state(data_set: DataSet, reading: Reading) -> Iterator[Fact]:
    for tag, label in _FLAGS:
        if (value := reading.row(data_set, tag)) is not None:
            yield Fact(safe(translate(label)), safe(translate(_STATES.get(value.upper(), "")) or value))
    shown = [reading.shown(data_set, tag) for tag in (t.CONTENT_DATE, t.CONTENT_TIME)]
    if any(shown):
        yield Fact(safe(translate("Written")), safe(" ".join(part for part in shown if part)))


def _people(data_set: DataSet, reading: Reading) -> Iterator[Fact]:
    """Who signed it (C.17.2), who wrote it and who else took part."""
    parts: tuple[SafeText | None, ...]
    for observer in data_set.items(t.VERIFYING_OBSERVER_SEQUENCE):
        when = moment(observer.text(t.VERIFICATION_DATE_TIME))
        coded = reading.code(observer.first_item(t.VERIFYING_OBSERVER_IDENTIFICATION_CODE_SEQUENCE))
        parts = (reading.name(observer, t.VERIFYING_OBSERVER_NAME), coded, reading.row(observer, t.VERIFYING_ORGANIZATION), when)
        yield Fact(safe(translate("Signed by")), safe(", ".join(part for part in parts if part)))
    for tag, label in ((t.AUTHOR_OBSERVER_SEQUENCE, _("Author")), (t.PARTICIPANT_SEQUENCE, _("Took part"))):
        for person in data_set.items(tag):
            parts = (
                reading.name(person, t.PERSON_NAME) or reading.code(person.first_item(t.PERSON_IDENTIFICATION_CODE_SEQUENCE)),
                reading.row(person, t.MANUFACTURER),
                reading.row(person, t.STATION_NAME),
                reading.row(person, t.INSTITUTION_NAME),
                reading.row(person, t.PARTICIPATION_TYPE),
            )
            if any(parts):
                yield Fact(safe(translate(label)), safe(", ".join(part for part in parts if part)))


def _told(node: Node, reading: Reading) -> SafeText | None:
    """A value with what is said about it in brackets: ``English (Country of Language: United States)``."""
    value = value_row(node, reading)
    if value is None:
        return None
    more = [f"{child.concept.meaning}: {text}" for child in node.children if child.concept and (text := _told(child, reading))]
    return safe(f"{value} ({'; '.join(more)})" if more else value, 1 << 16)


def _evidence(data_set: DataSet) -> Iterator[Fact]:
    for tag, label in (
        (t.CURRENT_REQUESTED_PROCEDURE_EVIDENCE_SEQUENCE, _("Made from")),
        (t.PERTINENT_OTHER_EVIDENCE_SEQUENCE, _("Also looked at")),
    ):
        series = [one for study in data_set.items(tag) for one in study.items(t.REFERENCED_SERIES_SEQUENCE)]
        objects = sum(len(one.items(t.REFERENCED_SOP_SEQUENCE)) for one in series)
        if objects:
            words = translate("1 object") if objects == 1 else translate("{count} objects in {series} series")
            yield Fact(safe(translate(label)), safe(words.format(count=objects, series=len(series))), is_more=True)


def _predecessors(data_set: DataSet) -> Iterator[Link]:
    """Earlier versions of the same report (C.17.2.2)."""
    for study in data_set.items(t.PREDECESSOR_DOCUMENTS_SEQUENCE):
        for series in study.items(t.REFERENCED_SERIES_SEQUENCE):
            for item in series.items(t.REFERENCED_SOP_SEQUENCE):
                if (link := reference(item, safe(translate("Earlier version")))) is not None:
                    yield link
