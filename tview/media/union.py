"""One list of files out of the trees of a disc: joined by where the bytes are, named by the fullest tree."""

from collections.abc import Sequence

from tview.media.notes import Notes
from tview.media.resolve import fold
from tview.media.tree import TREES, Listed, Tree
from tview.media.values import Entry


def unite(trees: Sequence[Tree], notes: Notes) -> tuple[list[Entry], list[tuple[str, Entry]]]:
    """The files of all trees in burn order, and every further address that a file has.

    Within a session the tree with the most whole files gives the names (on a tie the first of TREES); a later session's files come
    before those of an earlier one. What only a lesser tree has is added and told.
    """
    union = _Union(notes, len({tree.session for tree in trees}) > 1)
    sessions = sorted({tree.session for tree in trees}, reverse=True)
    for session in sessions:
        ranked = sorted((tree for tree in trees if tree.session == session), key=_rank)
        for place, tree in enumerate(ranked):
            union.take(tree, best=place == 0)
    return union.finished()


def _rank(tree: Tree) -> tuple[int, int]:
    return -sum(file.present >= file.size for file in tree.files), TREES.index(tree.kind)


class _Union:
    def __init__(self, notes: Notes, several_sessions: bool) -> None:
        self.notes, self.several = notes, several_sessions
        self.paths: dict[str, int] = {}
        self.files: list[tuple[str, Listed, Tree]] = []
        self.at: dict[int, list[int]] = {}  # first byte of a file's content -> its numbers
        self.folded: dict[str, int] = {}
        self.empty: list[int] = []
        self.aliases: list[tuple[str, int]] = []

    def take(self, tree: Tree, best: bool) -> None:
        """Take in the files of a tree; those known already by their bytes only get one more address."""
        unpaired = list(self.empty)
        fresh: list[Listed] = []
        for listed in tree.files:
            number = None if best and not self.files else self._known(listed, unpaired)
            if number is None:
                fresh.append(listed)
            else:
                self._add_alias(listed, number)
        first = not self.files
        for listed in fresh:
            self._add(listed, tree, first, best)

    def _known(self, listed: Listed, unpaired: list[int]) -> int | None:
        """The number of the file that has the same bytes. Files without any are the same when their names are, else in order."""
        if not listed.size:
            same = self.folded.get(fold(listed.path), -1)
            if same in unpaired:
                unpaired.remove(same)
                return same
            return unpaired.pop(0) if unpaired else None
        numbers = self.at.get(listed.extents[0].offset)
        if not numbers:
            return None
        if len(numbers) > 1:
            same = self.folded.get(fold(listed.path), -1)
            if same in numbers:
                return same
        return numbers[0]

    def _add(self, listed: Listed, tree: Tree, first: bool, best: bool) -> None:
        path = listed.path
        namesake = self.folded.get(fold(path)) if not first else None
        if namesake is not None:
            _, there, other = self.files[namesake]
            if other.session == tree.session:
                # The same name at two places of one session: one of the two records is damaged.
                self.notes.add("trees-disagree", path, one=other.kind, other=tree.kind)
                if listed.present < listed.size:
                    self._add_alias(listed, namesake)
                    return
                if there.present < there.size:
                    self.files[namesake] = (self.files[namesake][0], listed, tree)
                    self.at.setdefault(listed.extents[0].offset if listed.extents else -1, []).append(namesake)
                    return
        elif not first and not best:
            self.notes.add("only-in-one-tree", path, tree=tree.kind)
        number = len(self.files)
        path = self._free(path, f"session {tree.session}" if self.several else tree.kind)
        self.files.append((path, listed, tree))
        self.paths[path] = number
        self.folded.setdefault(fold(path), number)
        if listed.size and listed.extents:
            self.at.setdefault(listed.extents[0].offset, []).append(number)
        elif not listed.size:
            self.empty.append(number)
        if listed.alias != path:
            self.aliases.append((listed.alias, number))

    def _free(self, path: str, mark: str) -> str:
        """An address that is not taken: a name that two files have gets a mark."""
        free, more = path, 1
        while free in self.paths:
            free = f"{path} [{mark}]" if more == 1 else f"{path} [{mark} {more}]"
            more += 1
        return free

    def _add_alias(self, listed: Listed, number: int) -> None:
        self.aliases.append((listed.path, number))
        if listed.alias != listed.path:
            self.aliases.append((listed.alias, number))

    def finished(self) -> tuple[list[Entry], list[tuple[str, Entry]]]:
        """The entries, sorted by their first byte, and the further addresses."""
        made = [
            Entry(path, file.size, file.present, file.extents, _order(file), tree.session, tree.kind) for path, file, tree in self.files
        ]
        return sorted(made, key=lambda entry: entry.order), [(path, made[number]) for path, number in self.aliases]


def _order(file: Listed) -> int:
    return max(0, file.extents[0].offset) if file.extents else 0
