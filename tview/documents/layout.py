"""From a content tree to blocks: headings from containers, rows from values, what hangs on a value indented under it."""

from collections.abc import Iterator

from tview.dicom import tags as t
from tview.documents.content import Node
from tview.documents.model import Block, Code, Heading, Item, Measurement, Paragraph
from tview.documents.reading import Reading, moment
from tview.documents.values import value_blocks, value_row
from tview.text import SafeText, safe, safe_lines, translate

_ = str
_RELATIONS = {
    "INFERRED FROM": _("based on"),
    "SELECTED FROM": _("selected from"),
    "HAS ACQ CONTEXT": _("acquired with"),
    "HAS OBS CONTEXT": _("observed by"),
    "HAS CONCEPT MOD": _("more exactly"),
    "HAS PROPERTIES": _("with"),
}
"""What an item without a name of its own is called by; CONTAINS needs no word."""
_INLINE = frozenset(("TEXT", "CODE", "NUM", "PNAME", "DATE", "TIME", "DATETIME", "UIDREF"))


class Layout:
    """Lays out one tree; `root` is asked for what references point to."""

    def __init__(self, root: Node, reading: Reading) -> None:
        self._root, self._reading = root, reading

    def body(self, skipped: frozenset[tuple[int, ...]] = frozenset()) -> tuple[Block, ...]:
        """Everything under the root but the items at these places, which stand in the head."""
        return tuple(self._children(self._root, 1, 0, skipped))

    def _children(self, node: Node, depth: int, level: int, skipped: frozenset[tuple[int, ...]] = frozenset()) -> Iterator[Block]:
        children = [child for child in node.children if child.place not in skipped]
        if (node.item.text(t.CONTINUITY_OF_CONTENT) or "").upper() != "CONTINUOUS":
            for child in children:
                yield from self._item(child, depth, level)
            return
        run: list[Node] = []
        for child in children:
            if child.relation == "CONTAINS" and child.value_type in _INLINE:
                run.append(child)
                continue
            yield from self._sentence(run, level)
            run = []
            yield from self._item(child, depth, level)
        yield from self._sentence(run, level)

    def _item(self, node: Node, depth: int, level: int) -> Iterator[Block]:
        label = self._label(node)
        if node.refers_to:
            yield Item(self._referred(node), label, level)
        elif node.value_type == "CONTAINER" and level == 0:
            if node.concept:
                yield Heading(depth, node.concept.meaning)
            yield from self._observed(node, 0)
            yield from self._children(node, depth + 1 if node.concept else depth, 0)
        else:
            yield from value_blocks(node, label, level, self._reading)
            yield from self._observed(node, level + 1)
            yield from self._children(node, depth, level + 1)

    def _observed(self, node: Node, level: int) -> Iterator[Item]:
        """When this was seen, where it says so of its own (C.17.3.1)."""
        if (when := moment(node.item.text(t.OBSERVATION_DATE_TIME))) is not None:
            yield Item(when, safe(translate("observed")), level)

    def _label(self, node: Node) -> SafeText | None:
        if node.concept is not None:
            return node.concept.meaning
        word = _RELATIONS.get(node.relation)
        return safe(translate(word)) if word else None

    def _sentence(self, run: list[Node], level: int) -> Iterator[Block]:
        """Items of a continuous container read as one text (C.17.3.2.4); what hangs on them follows."""
        if not run:
            return
        text = ""
        for node in run:
            piece = self._piece(node)
            text += piece if not text or piece[:1] in ".,;:!?)\n" or text.endswith("\n") else f" {piece}"
        yield Paragraph(safe_lines(text), None, level)
        for node in run:
            if node.children:
                yield from self._children(node, 9, level + 1)

    def _piece(self, node: Node) -> str:
        for block in value_blocks(node, None, 0, self._reading):
            if isinstance(block, Measurement):
                return " ".join(part for part in (block.value, block.unit) if part)
            if isinstance(block, Paragraph | Item):
                return block.text
            if isinstance(block, Code):
                return block.meaning
        return ""

    def _referred(self, node: Node) -> SafeText:
        """What the item meant by reference says, by its place; it is not gone into, so cycles end here."""
        number = ".".join(map(str, node.refers_to))
        target = self._at(node.refers_to)
        if target is None:
            return safe(translate("see item {number}, which is not there").format(number=number))
        name = target.concept.meaning if target.concept else ""
        value = value_row(target, self._reading) if target.value_type != "CONTAINER" else None
        told = ": ".join(part for part in (name, value) if part)
        return safe(translate("see item {number}: {what}").format(number=number, what=told))

    def _at(self, place: tuple[int, ...]) -> Node | None:
        node = self._root
        for number in place[1:]:
            if not 0 < number <= len(node.children):
                return None
            node = node.children[number - 1]
        return node
