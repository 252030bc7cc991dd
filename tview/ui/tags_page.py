"""The data elements of an object as a page: sequences fold, values open whole, two objects stand side by side."""

from collections.abc import Callable, Sequence
from functools import partial

from tview.dicom import Header
from tview.text import SafeText, clip, safe
from tview.ui.elements import names_someone
from tview.ui.look import Span, words
from tview.ui.page import Page
from tview.ui.popup import Line, column
from tview.ui.tag_rows import Pair, Path, Placed, differs, pairs_of, placed_elements, value_lines, whole_value

_ = str
_FOLDED_FROM = 60  # rows below a sequence
Named = tuple[SafeText, Header]
"""An object and what it is called."""


class TagsPage:
    """What the page of data elements shows.

    `others` are the objects to compare with, asked when it is wanted: the images before and behind, those of other panes. `hidden` says
    whether the mask for names is on. `copied` gets the value that is copied, or None where the mask forbids it.
    """

    def __init__(
        self,
        shown: Named,
        others: Callable[[], Sequence[Named]],
        page: Page,
        hidden: Callable[[], bool],
        copied: Callable[[SafeText | None], None],
        ascii_only: bool = False,
    ) -> None:
        self._name, header = shown
        self._others, self._page, self._hidden, self._copied, self._ascii = others, page, hidden, copied, ascii_only
        self._elements = placed_elements(header)
        self._folded: set[Path] = {path for path, below in self._below(self._elements).items() if below > _FOLDED_FROM}
        self._opened: set[Path] = set()
        self._turn = 0
        self._against: SafeText | None = None
        self._pairs: list[Pair] = []
        self._only_different = False
        self._rows: list[Placed | None] = []

    @staticmethod
    def _below(elements: Sequence[Placed]) -> dict[Path, int]:
        """Of each sequence, how many rows lie below it."""
        counts: dict[Path, int] = {}
        for placed in elements:
            for length in range(1, len(placed.path)):
                counts[placed.path[:length]] = counts.get(placed.path[:length], 0) + 1
        return counts

    @property
    def title(self) -> SafeText:
        """Whose elements."""
        if self._against is None:
            return words(_("Data elements of {name}"), name=self._name)
        return words(_("Data elements: {name}  |  {other}"), name=self._name, other=self._against)

    @property
    def keys(self) -> Sequence[tuple[str, SafeText]]:
        """For the last row."""
        if self._against is not None:
            every = words(_("all")) if self._only_different else words(_("differing only"))
            return [("Enter", words(_("whole"))), ("d", every), ("c", words(_("compare with the next"))), ("y", words(_("copy")))]
        return [("Enter", words(_("whole, fold"))), ("z", words(_("fold all"))), ("y", words(_("copy"))), ("c", words(_("compare")))]

    def lines(self, width: int) -> Sequence[Line]:
        """All rows that are not folded away."""
        self._rows = []
        if self._against is not None:
            return self._compared(width)
        lines: list[Line] = []
        for placed in self._elements:
            if any(placed.path[:length] in self._folded for length in range(1, len(placed.path))):
                continue
            lines.append(self._line(placed))
            self._rows.append(placed)
            if placed.path in self._opened:
                opened = [words(_("(hidden)"))] if self._is_hidden(placed) else value_lines(placed, width - 6)
                lines.extend(Line(((SafeText("      "), "panel"), (text, "panel.strong")), search=text or " ") for text in opened)
                self._rows.extend([None] * len(opened))
        return lines

    def _is_hidden(self, placed: Placed) -> bool:
        return self._hidden() and names_someone(placed.element.number, placed.element.vr)

    def _value(self, placed: Placed | None) -> SafeText:
        if placed is None:
            return words(_("(not there)"))
        return words(_("(hidden)")) if placed.element.value and self._is_hidden(placed) else placed.element.value

    def _line(self, placed: Placed) -> Line:
        element = placed.element
        sign = " "
        if placed.is_sequence:
            shut = placed.path in self._folded
            sign = ("+" if shut else "-") if self._ascii else ("▸" if shut else "▾")
        value = self._value(placed)
        left: tuple[Span, ...] = (
            (SafeText(f"{'  ' * element.depth}{sign} {element.tag} {element.vr} "), "panel.dim"),
            (column(element.name, max(1, 34 - 2 * element.depth)), "panel"),
            (SafeText(" "), "panel"),
            (value, "panel.strong"),
        )
        return Line(left, search=f"{element.tag} {element.name} {value}", chosen=partial(self._toggle, placed.path))

    def _compared(self, width: int) -> list[Line]:
        cells = max(8, (width - 40) // 2)
        lines: list[Line] = []
        for pair in self._pairs:
            unlike = differs(pair)
            if self._only_different and unlike is False:
                continue
            lines.append(self._pair_line(pair, unlike, cells))
            self._rows.append(pair.either)
            if pair.either.path in self._opened:
                lines.extend(opened := self._both_whole(pair, width))
                self._rows.extend([None] * len(opened))
        if not lines:
            lines.append(Line(((words(_("all the same, but for what is too long to be compared here")), "panel"),), search="same"))
            self._rows.append(None)
        return lines

    def _both_whole(self, pair: Pair, width: int) -> list[Line]:
        """Both values with all they have, one above the other."""
        lines: list[Line] = []
        for sign, placed in zip("<>", pair, strict=True):
            told = [self._value(placed)] if placed is None or self._is_hidden(placed) else value_lines(placed, width - 6)
            lines.extend(Line(((SafeText(f"    {sign} "), "panel.dim"), (text, "panel.strong")), search=text or " ") for text in told)
        return lines

    def _pair_line(self, pair: Pair, unlike: bool | None, cells: int) -> Line:
        element = pair.either.element
        sign = "?" if unlike is None else (" " if not unlike else "!" if self._ascii else "≠")
        here, there = self._value(pair.here), self._value(pair.there)
        style = "panel.amber" if unlike else "panel"
        tag = element.tag if element.tag != "item" else "item"
        left: tuple[Span, ...] = (
            (SafeText(f"{sign} "), style),
            (column(SafeText(clip(safe(f"{' ' * min(8, element.depth)}{tag}"), 20)), 13), "panel.dim"),
            (column(SafeText(clip(element.name, 20)), 20), "panel"),
            (SafeText(" "), "panel"),
            (column(SafeText(clip(here, cells)), cells), style),
            (SafeText("  "), "panel"),
            (SafeText(clip(there, cells)), style),
        )
        return Line(left, search=f"{element.tag} {element.name} {here} {there}", chosen=partial(self._toggle, pair.either.path))

    def _toggle(self, path: Path) -> None:
        """Fold a sequence or unfold it; show a value whole or in its row."""
        places = self._folded if any(placed.path == path and placed.is_sequence for placed in self._elements) else self._opened
        places.symmetric_difference_update({path})
        self._page.refill()

    def key(self, key: str) -> bool:
        """Moving from row to row, and the page's own keys."""
        if key in ("down", "j", "up", "k"):
            self._page.step(1 if key in ("down", "j") else -1)
            return True
        if key == "slash":  # what is folded is searched too
            self._folded.clear()
            self._page.refill()
            return False
        method = {"c": self._compare, "d": self._toggle_different, "z": self._fold_all, "y": self._copy}.get(key)
        if method is None:
            return False
        method()
        return True

    def _fold_all(self) -> None:
        """All sequences, or none of them."""
        self._folded = set() if self._folded else {placed.path for placed in self._elements if placed.element.vr == "SQ"}
        self._page.refill()

    def _toggle_different(self) -> None:
        if self._against is not None:
            self._only_different = not self._only_different
            self._page.rewind()

    def _compare(self) -> None:
        """Beside the next of the others; behind the last of them alone again."""
        others = self._others()
        if self._turn < len(others):
            name, header = others[self._turn]
            self._against, self._pairs = name, pairs_of(self._elements, placed_elements(header))
            self._turn += 1
        else:
            self._against, self._pairs, self._turn = None, [], 0
        self._page.rewind()

    def _copy(self) -> None:
        """The whole value under the cursor."""
        cursor = self._page.cursor
        placed = self._rows[cursor] if cursor is not None and cursor < len(self._rows) else None
        if placed is not None and not placed.is_sequence:
            self._copied(None if self._is_hidden(placed) else whole_value(placed))
