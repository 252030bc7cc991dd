"""One list of files out of the trees of a disc: joined by where the bytes are, named by the fullest tree."""

from collections.abc import Sequence
from operator import itemgetter

from tview.media.notes import Notes
from tview.media.resolve import fold
from tview.media.tree import TREES, Tree
from tview.media.values import Entry

_ORDER = itemgetter(4)  # Entry.order; an attribute takes twice as long, which thousands of files feel


def unite(trees: Sequence[Tree], notes: Notes) -> tuple[list[Entry], list[tuple[str, Entry]]]:
    """The files of all trees in burn order, and every further address that a file has.

    Within a session the tree with the most whole files gives the names (on a tie the first of TREES); a later session's files come
    before those of an earlier one. What only a lesser tree has is added and told.
    """
    sessions = sorted({tree.session for tree in trees}, reverse=True)
    union = _Union(notes, len(sessions) > 1)
    for session in sessions:
        ranked = sorted((tree for tree in trees if tree.session == session), key=_rank)
        for place, tree in enumerate(ranked):
            union.take(tree, best=place == 0)
        if len(ranked) > 1 and not any(tree.lost or tree.mirrored for tree in ranked):
            union.tell_unshared(ranked[0])
    return union.finished()


def _rank(tree: Tree) -> tuple[int, int]:
    return -sum([entry[2] >= entry[1] for entry in tree.files]), TREES.index(tree.kind)


class _Union:
    def __init__(self, notes: Notes, several_sessions: bool) -> None:
        self.notes, self.several = notes, several_sessions
        self.by_path: dict[str, Entry] = {}
        self.path_at: dict[int, str] = {}  # first byte of the content -> address
        self.shared: dict[int, dict[str, str]] = {}  # the same where several names have it: folded address -> address
        self.by_folded: dict[str, str] | None = None
        self.empty: list[str] = []
        self.aliases: list[tuple[str, str]] = []
        self.shown_elsewhere: set[str] = set()

    def take(self, tree: Tree, best: bool) -> None:
        """Take in the files of a tree; those known already by their bytes only get one more address."""
        fresh = tree.files
        names: dict[int, str] = {}  # id of a listed file -> its address in the union
        if self.by_path:
            fresh = []
            unpaired = list(self.empty)
            for entry in tree.files:
                path = self._known(entry, unpaired)
                if path is None:
                    fresh.append(entry)
                    continue
                if not best:
                    self.shown_elsewhere.add(path)
                if path != entry.path:
                    self.aliases.append((entry.path, path))
                    names[id(entry)] = path
            for entry in fresh:
                names[id(entry)] = self._add_more(entry, best)
        elif not self._take_first(fresh):
            for entry in fresh:
                if entry.path in self.by_path:
                    names[id(entry)] = self._add_more(entry, best)
                else:
                    self._add(entry)
        self.aliases += ((alias, names.get(id(entry), entry.path)) for alias, entry in tree.aliases)

    def _take_first(self, files: Sequence[Entry]) -> bool:
        """Take in the first tree at once, if no two of its files share an address or their bytes."""
        by_path = {entry.path: entry for entry in files}
        path_at = {order: path for path, size, _, _, order, _, _ in files if size}
        empty = [entry.path for entry in files if not entry.size]
        if len(by_path) < len(files) or len(path_at) + len(empty) < len(files):
            return False
        self.by_path, self.path_at, self.empty = by_path, path_at, empty
        return True

    def tell_unshared(self, tree: Tree) -> None:
        """Tell which files of a session's best tree no other tree of it has."""
        for entry in tree.files:
            if entry.path not in self.shown_elsewhere and entry.path in self.by_path:
                self.notes.add("only-in-one-tree", entry.path, tree=entry.tree)

    def _known(self, entry: Entry, unpaired: list[str]) -> str | None:
        """The address of the file that has the same bytes. Files without any are the same when their names are, else in order."""
        if entry.size:
            shared = self.shared.get(entry.order)
            return self.path_at.get(entry.order) if shared is None else shared.get(fold(entry.path), self.path_at[entry.order])
        same = self._folded().get(fold(entry.path), "")
        if same in unpaired:
            unpaired.remove(same)
            return same
        return unpaired.pop(0) if unpaired else None

    def _add(self, entry: Entry) -> None:
        self.by_path[entry.path] = entry
        if self.by_folded is not None:
            self.by_folded.setdefault(fold(entry.path), entry.path)
        if not entry.size:
            self.empty.append(entry.path)
        elif self.path_at.setdefault(entry.order, entry.path) != entry.path:
            first = self.path_at[entry.order]
            self.shared.setdefault(entry.order, {fold(first): first})[fold(entry.path)] = entry.path

    def _add_more(self, entry: Entry, best: bool) -> str:
        """Add a file whose bytes no tree taken in before has; gives its address."""
        namesake = self._folded().get(fold(entry.path))
        there = self.by_path[namesake] if namesake else None
        if namesake and there and there.session == entry.session:
            # The same name at two places of one session: one of the two records is damaged.
            self.notes.add("trees-disagree", entry.path, one=there.tree, other=entry.tree)
            self.shown_elsewhere.add(namesake)
            if not entry.whole:
                return namesake
            if not there.whole:
                self.by_path[namesake] = entry._replace(path=namesake)
                self.path_at.setdefault(entry.order, namesake)
                return namesake
        elif not best:
            self.notes.add("only-in-one-tree", entry.path, tree=entry.tree)
        path = self._free(entry.path, f"session {entry.session}" if self.several else entry.tree)
        self._add(entry._replace(path=path))
        return path

    def _free(self, path: str, mark: str) -> str:
        """An address that is not taken: of two files with one name the second gets a mark."""
        free, more = path, 1
        while free in self.by_path:
            free = f"{path} [{mark}]" if more == 1 else f"{path} [{mark} {more}]"
            more += 1
        return free

    def _folded(self) -> dict[str, str]:
        if self.by_folded is None:
            self.by_folded = {}
            for path in self.by_path:
                self.by_folded.setdefault(fold(path), path)
        return self.by_folded

    def finished(self) -> tuple[list[Entry], list[tuple[str, Entry]]]:
        """The entries, sorted by their first byte, and the further addresses."""
        entries = sorted(self.by_path.values(), key=_ORDER)
        return entries, [(alias, self.by_path[path]) for alias, path in self.aliases]
