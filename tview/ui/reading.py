"""A report or another document as a page of the viewer: headings, text, and links that go to the image."""

from collections.abc import Callable, Sequence
from functools import partial

from tview.documents import Document, Link, PlainRow, Whereabouts, document_rows, fact_rows
from tview.text import SafeText, message_of, safe
from tview.ui.look import words
from tview.ui.popup import Line

_ = str
_STYLES = {"heading": "panel.accent", "fact": "panel.dim", "link": "panel.strong"}
_WIDEST = 100


class DocumentPage:
    """What a document's page shows; `follow` is called with the link under the cursor, `pictures` shows its pages where it has some."""

    def __init__(
        self,
        document: Document,
        where: Whereabouts,
        follow: Callable[[Link], None],
        pictures: Callable[[], None] | None,
        hidden: bool,
        others: Callable[[], None] | None,
        is_of_another: bool = False,
    ) -> None:
        self.document, self._where, self._follow = document, where, follow
        self._pictures, self._hidden, self._others = pictures, hidden, others
        self._is_of_another = is_of_another

    @property
    def title(self) -> SafeText:
        """The document's own."""
        return self.document.title

    def lines(self, width: int) -> Sequence[Line]:
        """Everything, wrapped to a comfortable measure."""
        facts = () if self._hidden else self.document.facts
        columns = min(width - 1, _WIDEST)
        first, last = [fact for fact in facts if not fact.is_more], [fact for fact in facts if fact.is_more]
        shown = Document(self.document.kind, self.document.title, tuple(first), self.document.blocks)
        rows = document_rows(shown, self._where, columns, each_link=True, rules=False)
        if last:
            rows += [PlainRow(SafeText("")), PlainRow(words(_("About this document")), "heading"), *fact_rows(last, columns)]
        told = [Line(((safe(f"! {message_of(one)}"), "panel.amber"),), search=message_of(one)) for one in self.document.findings]
        lines = [self._line(row.text, row.part, row.links) for row in rows]
        if self._hidden:
            lines.insert(0, Line(((words(_("the head is hidden; names in the text are not")), "panel.amber"),), search="hidden"))
        if self._is_of_another:
            warning = words(_("! this document is of another person than the picture under it"))
            told.insert(0, Line(((warning, "panel.amber"),), search=warning))
        return [*told, *lines]

    def _line(self, text: SafeText, part: str, links: tuple[Link, ...]) -> Line:
        chosen = partial(self._follow, links[0]) if links else None
        if part == "fact":
            label, gap, value = text.partition("  ")
            blanks = len(value) - len(value.lstrip(" "))
            left = ((safe(label + gap + value[:blanks]), "panel.dim"), (safe(value[blanks:]), "panel"))
            return Line(left, search=text or " ", chosen=chosen)
        return Line(((text, _STYLES.get(part, "panel")),), search="" if part == "heading" else text or " ", chosen=chosen)

    def key(self, key: str) -> bool:
        """t shows the pages as pictures, D the other documents."""
        if key == "t" and self._pictures is not None:
            self._pictures()
            return True
        if key == "D" and self._others is not None:
            self._others()
            return True
        return False

    @property
    def keys(self) -> Sequence[tuple[str, SafeText]]:
        """For the last row."""
        keys = [("Tab", words(_("next link"))), ("Enter", words(_("to the image")))] if self.document.links else []
        if self._pictures is not None:
            keys.append(("t", words(_("pages as pictures"))))
        if self._others is not None:
            keys.append(("D", words(_("other documents"))))
        return keys
