"""What stands on the terminal beside the words. With each update of the text come the bytes that bring its pictures up to it.

A picture and its words change in one piece. Where the terminal knows synchronized updates nobody sees the middle of one. Elsewhere the
bytes come in such an order that no picture of one series stands beside the words of another: the old one goes, then come the words, then
the new one. Only from image to image of one series the new picture may come first, its few words right behind it: without the black between
them, and on a slow line without old words beside no picture for as long as it travels.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from textual.geometry import Region

from tview.terminal import Kept, PictureStore
from tview.terminal.cursor import BLACK, blank

if TYPE_CHECKING:
    from tview.ui.driver import PictureOutput


_FEW_CELLS = 700


class Standing(NamedTuple):
    """A picture that is to stand in these cells; one of `kept` and `painting` is there. `covered` are the cells of a sheet over it.

    `subject` is equal for pictures of one series.
    """

    slot: int
    cells: Region
    subject: object
    painting: bytes
    kept: Kept | None
    covered: Region | None


class Change(NamedTuple):
    """Bytes before and behind the text of an update, slots with a new picture in it, pictures that text erases, slots without one now."""

    before: bytes = b""
    behind: bytes = b""
    new: tuple[int, ...] = ()
    erased: tuple[Standing, ...] = ()
    gone: tuple[int, ...] = ()


class Stage:
    """Owned by the screen; its thread only."""

    def __init__(self) -> None:
        self._stands: dict[int, Standing] = {}

    def forget(self) -> None:
        """The terminal has lost everything: nothing stands."""
        self._stands.clear()

    def change(self, wanted: Sequence[Standing], update: Any, sync: bool, store: PictureStore | None) -> Change:
        """What has to go with this update of the text (None: no text) so that what is wanted stands, and nothing else."""
        slots = {one.slot for one in wanted}
        before, behind, new, erased = b"", b"", [], []
        gone = [slot for slot in self._stands if slot not in slots]
        for slot in gone:
            before += self._gone(self._stands.pop(slot), sync, store)
        for one in wanted:
            old = self._stands.get(one.slot)
            self._stands[one.slot] = one
            if store is not None and one.kept is not None:
                if not sync and old is not None and old.kept is not None and old.kept.number != one.kept.number:
                    before += store.erase(one.slot)
                behind += store.place(one.slot, one.kept, _box(one.cells), _box(one.covered) if one.covered else None)
            elif one.covered is not None:
                gone.append(one.slot)
                del self._stands[one.slot]  # the text of the sheet erases it; it is drawn anew afterwards
            elif old is None or old.painting is not one.painting:
                new.append(one.slot)
                if sync or old is None:
                    behind += one.painting
                elif old.subject == one.subject and old.cells == one.cells and _is_short(update) and not _touches(update, one.cells):
                    before += one.painting
                else:
                    before += _blank(old.cells)
                    behind += one.painting
            elif _touches(update, one.cells):
                erased.append(one)
        return Change(before, behind, tuple(new), tuple(erased), tuple(gone))

    def _gone(self, old: Standing, sync: bool, store: PictureStore | None) -> bytes:
        if store is not None:
            return store.erase(old.slot)
        return b"" if sync else _blank(old.cells)


def hand_over(output: "PictureOutput", change: Change) -> None:
    """End the update that `output.begin` has begun with what belongs to it."""
    for slot in change.gone:
        output.drop(slot)
    output.end(change.before, change.behind, change.new)
    for one in change.erased:
        output.show(one.slot, one.painting)


def _blank(cells: Region) -> bytes:
    return blank(*_box(cells), BLACK)


def _box(cells: Region) -> tuple[int, int, int, int]:
    return cells.x, cells.y, cells.width, cells.height


def _is_short(update: Any) -> bool:
    """Whether an update writes no more than the words of a picture."""
    return bool(sum(x2 - x1 for _, x1, x2 in getattr(update, "spans", ())) <= _FEW_CELLS)


def _touches(update: Any, cells: Region) -> bool:
    """Whether an update of the compositor writes into these cells."""
    if update is None:
        return False
    spans = getattr(update, "spans", None)
    if spans is not None:
        return any(cells.y <= y < cells.bottom and x1 < cells.right and x2 > cells.x for y, x1, x2 in spans)
    region = getattr(update, "region", None)
    return region is None or bool(region.overlaps(cells))
