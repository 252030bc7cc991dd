"""Tables that sum up reports of known templates; the whole text follows them. One row of OVERVIEWS a template (PS3.16 annex A)."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tview.documents.content import Node
from tview.documents.model import Table
from tview.documents.reading import Reading
from tview.documents.values import value_row
from tview.text import SafeText, safe, translate

_ = str


class Column(NamedTuple):
    """One column: its head, and the code values of the concepts it may be told by."""

    head: str
    codes: tuple[str, ...]


class Overview(NamedTuple):
    """One table: which containers are its rows, by code value of their concept, and the columns. `template` is the TID it is for."""

    template: str
    title: str
    rows: tuple[str, ...]
    columns: tuple[Column, ...]


_CT = (
    Column(_("Protocol"), ("125203",)), Column(_("Region"), ("123014",)), Column(_("Type"), ("113820",)),
    Column(_("CTDIvol"), ("113830",)), Column(_("DLP"), ("113838",)), Column(_("Length"), ("113825", "113893")),
    Column(_("kV"), ("113733",)), Column(_("mA"), ("113734",)),
)  # fmt: skip
_CT_TOTAL = (Column(_("Total DLP"), ("113813",)), Column(_("Irradiation events"), ("113812",)))
_XA = (
    Column(_("When"), ("111526",)), Column(_("Type"), ("113721",)), Column(_("Plane"), ("113764",)), Column(_("Protocol"), ("125203",)),
    Column(_("DAP"), ("122130",)), Column(_("Dose (RP)"), ("113738",)), Column(_("kV"), ("113733",)), Column(_("mA"), ("113734",)),
    Column(_("Primary angle"), ("112011",)), Column(_("Secondary angle"), ("112012",)),
)  # fmt: skip
_XA_TOTAL = (
    Column(_("Plane"), ("113764",)), Column(_("DAP, total"), ("113722",)), Column(_("Dose (RP), total"), ("113725",)),
    Column(_("Fluoroscopy DAP"), ("113726",)), Column(_("Fluoroscopy time"), ("113730",)), Column(_("Acquisition DAP"), ("113727",)),
    Column(_("Acquisition time"), ("113855",)),
)  # fmt: skip
_CAD = (
    Column(_("Finding"), ("111059",)), Column(_("Rendering"), ("111056",)), Column(_("Certainty"), ("111012", "111047")),
    Column(_("Centre"), ("111010",)), Column(_("Shape"), ("F-01766", "M-020F9")), Column(_("Impression"), ("111033", "111005")),
)  # fmt: skip

OVERVIEWS: tuple[Overview, ...] = (
    Overview("10011", _("Dose, altogether"), ("113811",), _CT_TOTAL),
    Overview("10011", _("Dose of each scan"), ("113819",), _CT),
    Overview("10001", _("Dose, altogether"), ("113702",), _XA_TOTAL),
    Overview("10001", _("Dose of each exposure"), ("113706",), _XA),
    Overview("4000", _("What was marked"), ("111059",), _CAD),
)
_GROUP, _TRACKING, _SITES = "125007", ("112039",), ("363698007", "G-C0E3", "T-D0050")
_FINDING = ("121071",)


def overview_blocks(root: Node, reading: Reading) -> Iterator[Table]:
    """The tables for which the tree has rows."""
    nodes = list(root.walk())
    for overview in OVERVIEWS:
        rows = [node for node in nodes if node.concept and node.concept.value in overview.rows]
        yield from _table(translate(overview.title), overview.columns, rows, reading)
    groups = [node for node in nodes if node.concept and node.concept.value == _GROUP]
    yield from _measurements(groups, reading)


def _table(title: str, columns: tuple[Column, ...], nodes: list[Node], reading: Reading) -> Iterator[Table]:
    cells = [[_value(node, column, reading) for column in columns] for node in nodes]
    yield from _filled(title, [translate(column.head) for column in columns], [row for row in cells if any(row)])


def _value(node: Node, column: Column, reading: Reading) -> SafeText:
    """The value of the first item that has one of the concepts: the container itself, then what is under it."""
    for below in node.walk():
        if below.concept and below.concept.value in column.codes and (text := value_row(below, reading)):
            return text
    return SafeText("")


def _measurements(groups: list[Node], reading: Reading) -> Iterator[Table]:
    """TID 1500: one row a measurement, with the group it is of (TID 1410, 1411, 1501)."""
    rows = []
    for number, group in enumerate(groups, 1):
        name = _first(group, _TRACKING, reading) or _first(group, _FINDING, reading) or safe(str(number))
        site = _first(group, _SITES, reading)
        for node in group.children:
            if node.value_type == "NUM" and node.concept:
                rows.append([name, site, node.concept.meaning, value_row(node, reading) or SafeText("")])
    heads = [_("Group"), _("Site"), _("Measurement"), _("Value")]
    yield from _filled(translate("Measurements"), [translate(head) for head in heads], rows)


def _first(node: Node, codes: tuple[str, ...], reading: Reading) -> SafeText:
    child = node.child(*codes)
    return (value_row(child, reading) if child else None) or SafeText("")


def _filled(title: str, heads: list[str], rows: Iterable[list[SafeText]]) -> Iterator[Table]:
    """The table without its empty columns; none without rows."""
    found = list(rows)
    places = [place for place in range(len(heads)) if any(row[place] for row in found)]
    if places:
        body = tuple(tuple(row[place] for place in places) for row in found)
        yield Table(safe(title), tuple(safe(heads[place]) for place in places), body)


__all__ = ["OVERVIEWS", "Column", "Overview", "overview_blocks"]
