"""The tree: everything on the medium, what is wrong beside it; it fills while the medium is read and never moves its cursor."""

from collections.abc import Mapping
from dataclasses import dataclass

from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tview.catalog import Catalog, OtherFile, Patient, Series, Stack, Study
from tview.errors import Severity
from tview.text import SafeText, clip, safe
from tview.ui.look import Look, Span, row, words
from tview.ui.tree_search import file_key, narrowed

_ = str


@dataclass(frozen=True, slots=True)
class TreeRow:
    """One row. `series` opens on Enter, at `stack` when it is one of several; anything else folds."""

    key: str
    depth: int
    left: tuple[Span, ...]
    right: tuple[Span, ...]
    series: Series | None = None
    stack: Stack | None = None
    file: OtherFile | None = None
    foldable: bool = False


class CatalogTree(Widget, can_focus=True):
    """A list of rows with fold marks, drawn row by row, whatever the number of series."""

    DEFAULT_CSS = "CatalogTree { height: 1fr; width: 100%; }"

    class Chosen(Message):
        """A series was chosen with Enter or a click, or one of its stacks."""

        def __init__(self, series: Series, stack: Stack | None) -> None:
            super().__init__()
            self.series, self.stack = series, stack

    class FileChosen(Message):
        """A file that is no DICOM object was chosen."""

        def __init__(self, file: OtherFile) -> None:
            super().__init__()
            self.file = file

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.look = look
        self.ascii_only = False
        self._names_hidden = self._all_named = False
        self._told: dict[str, Severity] = {}
        self._catalog: Catalog | None = None
        self._rows: list[TreeRow] = []
        self._folded: set[str] = {"other"}
        self._cursor_key = ""
        self._marked = ""
        self._top = 0
        self._query = ""
        self._is_typing = False
        self._matches: tuple[str, ...] = ()

    def search(self) -> None:
        """Every letter from now on narrows the tree."""
        self._is_typing, self._query = True, ""
        self._rebuild()

    def fill(self, catalog: Catalog) -> None:
        """A fuller catalog; the cursor stays on its row."""
        self._catalog = catalog
        self._rebuild()

    def hide_names(self, hidden: bool) -> None:
        """The mask for names holds here too."""
        if hidden != self._names_hidden:
            self._names_hidden = hidden
            self._rebuild()

    def name_all(self, named: bool) -> None:
        """Whether all of several persons are named; else only the one whose series is shown."""
        self._all_named = named
        self._rebuild()

    def tell_of(self, told: dict[str, Severity]) -> None:
        """The worst that the verdict has found of each series, by its key."""
        self._told = told
        self._rebuild()

    def mark(self, series_key: str, stack_key: str) -> None:
        """Which series and stack are shown; the cursor goes there too, and the row into view."""
        key = _stack_key(series_key, stack_key)
        self._marked = self._cursor_key = key if any(line.key == key for line in self._rows) else series_key
        self._rebuild()

    def follow(self, series_key: str, stack_key: str) -> None:
        """The same series under other keys: the mark stays on it, the cursor where it is."""
        key = _stack_key(series_key, stack_key)
        self._marked = key if any(line.key == key for line in self._rows) else series_key

    def _rebuild(self) -> None:
        named = None if self._all_named else self._marked
        offset = self._cursor - self._top
        catalog, folded = self._catalog, self._folded
        if catalog is not None and self._query:
            catalog, self._matches = narrowed(catalog, self._query, self._named_patients(catalog, named))
            folded = set()
        self._rows = tree_rows(catalog, folded, self._names_hidden, named, self._told) if catalog else []
        if self._rows and not self._cursor_key:
            self._cursor_key = self._rows[0].key
        self._top = self._cursor - offset  # rows that came above it do not move it on the screen
        self._reveal()
        self.refresh()

    def _named_patients(self, catalog: Catalog, named: str | None) -> frozenset[str]:
        """Those whose names stand in the tree."""
        if self._names_hidden:
            return frozenset()
        alone = len(catalog.patients) == 1
        return frozenset(patient.key for patient in catalog.patients if alone or named is None or _has(patient, named))

    @property
    def _height(self) -> int:
        """Rows for the list: one less while something is searched for."""
        return self.size.height - (self._is_typing or bool(self._query))

    @property
    def _cursor(self) -> int:
        return next((index for index, line in enumerate(self._rows) if line.key == self._cursor_key), 0)

    def _reveal(self) -> None:
        height, cursor = max(1, self._height), self._cursor
        if cursor < self._top:
            self._top = cursor
        elif cursor >= self._top + height:
            self._top = cursor - height + 1
        self._top = max(0, min(self._top, len(self._rows) - 1))  # never negative: rows would be taken from the end

    def on_resize(self, _event: events.Resize) -> None:
        """Keep the cursor in view."""
        self._reveal()

    def render_line(self, y: int) -> Strip:
        """One row, its counts at the right edge."""
        width = self.size.width
        if y == self._height:
            return self._search_row(width)
        index = self._top + y
        if index >= len(self._rows):
            none = [(words(_("  nothing matches; Backspace widens")), "panel.dim")] if y == 0 and self._query else []
            return row(self.look, width, none, base="panel")
        line = self._rows[index]
        base = "panel"
        if line.key == self._cursor_key and self.has_focus:
            base = "cursor"
        elif line.key == self._marked:
            base = "selected"
        sign = "  "
        if line.foldable:
            sign = ("+ " if line.key in self._folded else "- ") if self.ascii_only else ("▸ " if line.key in self._folded else "▾ ")
        elif line.key == self._marked:
            sign = "* " if self.ascii_only else "● "
        left = [(SafeText(" " + "  " * line.depth + sign), base), *((text, name.replace("panel", base)) for text, name in line.left)]
        right = [*((text, name.replace("panel", base)) for text, name in line.right), (SafeText(" "), base)]
        known = self.look.styles
        return row(
            self.look,
            width,
            [(text, name if name in known else base) for text, name in left],
            [(text, name if name in known else base) for text, name in right],
            base=base,
        )

    def _search_row(self, width: int) -> Strip:
        """What is looked for, how many there are, and which keys go from one to the next."""
        counted = words(_("{count} found "), count=len(self._matches)) if self._query else SafeText("")
        keys = words(_(" n N Esc ")) if not self._is_typing else SafeText("")
        room = width - len(counted) - len(keys) - 3
        typed = safe(self._query)[-room:] if room > 0 else ""
        left = [
            (SafeText(f" /{clip(safe(typed), max(0, room))}"), "chrome.strong"),
            (SafeText(" "), "cursor" if self._is_typing else "chrome"),
        ]
        return row(self.look, width, left, [(keys, "chrome.dim"), (counted, "chrome.dim")])

    def _type(self, event: events.Key) -> None:
        """A letter of what is looked for; the cursor goes to the first row that has it."""
        query = self._query
        if event.key == "enter":
            self._is_typing = False
        elif event.key == "escape":
            self._end_search()
            return
        elif event.key in ("backspace", "ctrl+h"):
            query = query[:-1]
        elif event.key == "ctrl+u":
            query = ""
        elif event.key in ("down", "up"):
            self._find(1 if event.key == "down" else -1)
            return
        elif event.character and event.is_printable:
            query = (query + event.character)[:100]
        if query != self._query:
            self._query = query
            self._rebuild()
            if self._matches and query and self._cursor_key not in self._matches:
                self._cursor_key = self._matches[0]
        self._reveal()
        self.refresh()

    def _find(self, step: int) -> None:
        """The next match, or the one before, and round again."""
        if self._query and self._matches:
            here = self._matches.index(self._cursor_key) if self._cursor_key in self._matches else -1 if step > 0 else 0
            self._cursor_key = self._matches[(here + step) % len(self._matches)]
            self._reveal()
            self.refresh()

    def _end_search(self) -> None:
        """Everything again, the cursor on the row it is on, unfolded if need be."""
        self._is_typing, self._query, self._matches = False, "", ()
        if self._cursor_key.startswith("other:"):
            self._folded.discard("other")
        self._rebuild()

    def on_key(self, event: events.Key) -> None:
        """The tree's own keys; all others go on to the tools."""
        moves = {"down": 1, "j": 1, "up": -1, "k": -1, "pagedown": self.size.height - 1, "pageup": 1 - self.size.height}
        if self._is_typing:
            self._type(event)
        elif event.key == "slash":
            self.search()
        elif event.key in ("n", "N") and self._query:
            self._find(1 if event.key == "n" else -1)
        elif event.key == "escape" and self._query:
            self._end_search()
        elif event.key in moves:
            self._move(moves[event.key])
        elif event.key in ("home", "g"):
            self._move(-len(self._rows))
        elif event.key in ("end", "G"):
            self._move(len(self._rows))
        elif event.key in ("enter", "space"):
            self._choose()
        elif event.key == "left":
            self._fold_here(True)
        elif event.key == "right":
            self._fold_here(False)
        else:
            return
        event.stop()
        event.prevent_default()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel over the tree scrolls the tree."""
        event.stop()
        self._top = max(0, min(self._top + 3, len(self._rows) - self.size.height))
        self.refresh()

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel over the tree scrolls the tree."""
        event.stop()
        self._top = max(0, self._top - 3)
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """A click chooses or folds."""
        event.stop()
        index = self._top + event.y
        if event.y < self._height and index < len(self._rows):
            self._cursor_key = self._rows[index].key
            self._choose()

    def _move(self, step: int) -> None:
        if self._rows:
            self._cursor_key = self._rows[max(0, min(len(self._rows) - 1, self._cursor + step))].key
            self._reveal()
            self.refresh()

    def _choose(self) -> None:
        if not self._rows:
            return
        line = self._rows[self._cursor]
        if line.series is not None:
            self.post_message(self.Chosen(line.series, line.stack))
        elif line.file is not None:
            self.post_message(self.FileChosen(line.file))
        elif line.foldable:
            self._fold(line.key, line.key not in self._folded)

    def _fold_here(self, fold: bool) -> None:
        if not self._rows:
            return
        index = self._cursor
        line = self._rows[index]
        if line.foldable and (line.key in self._folded) != fold:
            self._fold(line.key, fold)
        elif fold:
            parent = next((r for r in reversed(self._rows[:index]) if r.depth < line.depth), None)
            if parent is not None:
                self._cursor_key = parent.key
                self._reveal()
                self.refresh()
        elif line.series is not None:
            self._choose()

    def _fold(self, key: str, fold: bool) -> None:
        if fold:
            self._folded.add(key)
        else:
            self._folded.discard(key)
        self._rebuild()


def tree_rows(
    catalog: Catalog, folded: set[str], names_hidden: bool = False, named: str | None = None, told: Mapping[str, Severity] | None = None
) -> list[TreeRow]:
    """All rows that are not folded away: patients where there are several, studies newest first, series, then every other file.

    With `named`, the key of a series or stack, only the person that it is of is named; `told` has the worst finding of series by key.
    """
    rows: list[TreeRow] = []
    several = len(catalog.patients) > 1
    for patient in catalog.patients:
        depth = 0
        if several:
            rows.append(_patient_row(patient, names_hidden, named is not None and not _has(patient, named)))
            if patient.key in folded:
                continue
            depth = 1
        for study in patient.studies:
            rows.append(_study_row(study, depth))
            if study.key not in folded:
                for series in study.series:
                    rows.append(_series_row(series, depth + 1, len(catalog.file_sets) > 1, (told or {}).get(series.key)))
                    if len(series.stacks) > 1:
                        rows.extend(_stack_row(series, stack, depth + 2) for stack in series.stacks)
    if catalog.other_files:
        rows.append(
            TreeRow(
                "other",
                0,
                ((words(_("Other files")), "panel"),),
                ((SafeText(str(len(catalog.other_files))), "panel.dim"),),
                foldable=True,
            )
        )
        if "other" not in folded:
            rows.extend(_file_row(file) for file in catalog.other_files)
    return rows


def _has(patient: Patient, key: str) -> bool:
    """Whether a series, or one of its stacks, is of this person."""
    every = (series for study in patient.studies for series in study.series)
    return any(key == series.key or any(key == _stack_key(series.key, stack.key) for stack in series.stacks) for series in every)


def _patient_row(patient: Patient, names_hidden: bool, withheld: bool = False) -> TreeRow:
    name = patient.shown_name or words(_("name unknown"))
    born = words(_("  born {date}"), date=patient.birth_date or "?")
    if names_hidden:
        name, born = words(_("person {number}"), number=patient.number_in_list), SafeText("")
    elif withheld:
        name = words(_("another person ({number}), name withheld [~]"), number=patient.number_in_list)
        born = SafeText("")
    return TreeRow(patient.key, 0, ((name, "panel.strong"), (born, "panel.dim")), (), foldable=True)


def _study_row(study: Study, depth: int) -> TreeRow:
    title = safe(" ".join(text for text in (study.shown_date or translate_unknown(), study.shown_title) if text))
    return TreeRow(
        study.key, depth, ((title, "panel.accent"),), _counts(study.image_count, study.missing_count, study.damaged_count), foldable=True
    )


def _series_row(series: Series, depth: int, several_sources: bool = False, told: Severity | None = None) -> TreeRow:
    number = safe(f"{series.series_number if series.series_number is not None else '-':>3}  ")
    left: list[Span] = [(number, "panel.dim"), (series.shown_title, "panel")]
    right: tuple[Span, ...] = ((series.kind_label, "panel.dim"),)
    if series.is_image:
        right = _counts(series.image_count, series.missing_count, series.damaged_count)
        if series.frame_count > series.image_count:
            right = ((words(_("{count} frames  "), count=series.frame_count), "panel.dim"), *right)
    if series.unsupported_count:
        right = ((words(_("{count} not shown "), count=series.unsupported_count), "panel.amber"), *right)
    if told is not None and not series.missing_count and not series.damaged_count:
        sign = (SafeText("! "), "panel.red" if told is Severity.ERROR else "panel.amber")
        right = (sign, *right)
    if several_sources:
        where = safe(f"  [{'+'.join(str(number + 1) for number in series.source_numbers)}]")
        right = (*right, (where, "panel.dim"))
    return TreeRow(series.key, depth, tuple(left), right, series=series)


def _stack_key(series_key: str, stack_key: str) -> str:
    return f"{series_key}/{stack_key}"


def _stack_row(series: Series, stack: Stack, depth: int) -> TreeRow:
    """One of several stacks: what makes it one of its own, in words."""
    missing = len(stack.instances) - stack.image_count
    reason = stack.reason or words(_("the rest"))
    return TreeRow(
        _stack_key(series.key, stack.key),
        depth,
        ((SafeText("   "), "panel"), (reason, "panel.dim")),
        _counts(stack.image_count, missing, 0),
        series=series,
        stack=stack,
    )


def _file_row(file: OtherFile) -> TreeRow:
    return TreeRow(
        file_key(file),
        1,
        ((safe(file.path), "panel"),),
        ((safe(file.kind), "panel.dim"),),
        file=file,
    )


def _counts(images: int, missing: int, damaged: int) -> tuple[Span, ...]:
    spans: list[Span] = []
    if damaged:
        spans.append((words(_("{count} damaged "), count=damaged), "panel.red"))
    spans.append((SafeText(str(images)), "panel.dim"))
    if missing:
        spans.append((SafeText(f" −{missing}"), "panel.red"))
    return tuple(spans)


def translate_unknown() -> SafeText:
    """What stands where a study has no date."""
    return words(_("no date"))
