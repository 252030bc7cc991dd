"""Looking for a series or a file by what is said of it in the tree, on the demo disc, and with snapshots coming in."""

from tview.catalog import Catalog
from tview.ui.look import LOOKS
from tview.ui.tree import CatalogTree, TreeRow, tree_rows
from tview.ui.tree_search import narrowed


def rows(v) -> list[TreeRow]:
    return v.screen.side_tree._rows


async def test_typing_narrows_the_tree_and_enter_opens_what_was_found(viewer, demo) -> None:
    async with viewer(demo) as v:
        everything = len(rows(v))
        await v.pilot.press("slash", *"us")
        await v.pilot.pause()
        found = [row.series for row in rows(v) if row.series is not None]
        assert found and all("US" in (series.modality or "") or "us" in f"{series.shown_title}".casefold() for series in found)
        assert "/us" in v.text() and "found" in v.text() and len(rows(v)) < everything
        await v.pilot.press("enter", "enter")
        await v.settled()
        assert v.pane.state.series.key == found[0].key
        await v.pilot.press("tab", "escape")
        await v.pilot.pause()
        assert len(rows(v)) == everything


async def test_n_goes_from_match_to_match_and_round(viewer, demo) -> None:
    async with viewer(demo) as v:
        tree = v.screen.side_tree
        await v.pilot.press("slash", *"2025-03-06 ct", "enter")
        matches = tree._matches
        assert len(matches) > 1
        seen = [tree._cursor_key]
        for _ in matches:
            await v.pilot.press("n")
            seen.append(tree._cursor_key)
        assert set(seen) == set(matches) and seen[0] == seen[-1]
        await v.pilot.press("N")
        assert tree._cursor_key == seen[-2]
        assert not v.pane.state.view.invert


async def test_files_are_found_by_name_and_what_matches_nothing_says_so(viewer, demo) -> None:
    async with viewer(demo) as v:
        await v.pilot.press("slash", *"readme")
        await v.pilot.pause()
        assert any(row.file is not None and "README" in row.file.path for row in rows(v))
        await v.pilot.press(*"qqq")
        await v.pilot.pause()
        assert "nothing matches" in v.text() and "0 found" in v.text()


async def test_at_80x24_the_tree_comes_for_the_search_and_goes_with_it(viewer, demo) -> None:
    async with viewer(demo, size=(80, 24)) as v:
        assert not v.screen.query_one("#side").display
        await v.pilot.press("slash", *"us")
        await v.pilot.pause()
        assert "/us" in v.text() and "found" in v.text() and "33 of 64" in v.text()
        await v.pilot.press("enter", "enter")
        await v.settled()
        assert v.pane.state.series.modality == "US" and not v.screen.query_one("#side").display


async def test_a_hidden_or_withheld_name_is_not_found_by_it(viewer, small) -> None:
    async with viewer(small / "two-patients") as v:
        catalog = v.screen.catalog
        shown, other = sorted(
            catalog.patients, key=lambda patient: not any(s.key == v.pane.state.series.key for e in patient.studies for s in e.series)
        )
        for query, there in ((shown.shown_name, True), (other.shown_name, False)):
            await v.pilot.press("slash")
            v.screen.side_tree._query = query
            v.screen.side_tree._rebuild()
            assert bool(v.screen.side_tree._matches) is there
            await v.pilot.press("escape")
        assert narrowed(catalog, shown.shown_name, frozenset())[1] == ()


async def test_the_cursor_stays_where_it_is_while_rows_come_in_above_it(viewer, demo) -> None:
    async with viewer(demo, size=(132, 24)) as v:
        tree, full = v.screen.side_tree, v.screen.catalog
        last = full.patients[0].studies[-1]
        less = full._replace(patients=(full.patients[0]._replace(studies=(last,)),), other_files=())
        tree.fill(less)
        tree._cursor_key = last.series[-1].key
        tree._rebuild()
        before = tree._cursor - tree._top
        tree.fill(full)
        assert tree._cursor_key == last.series[-1].key and tree._cursor > 0
        assert tree._cursor - tree._top == before


def test_an_empty_catalog_is_searched_without_a_word() -> None:
    assert narrowed(Catalog(), "x", frozenset()) == (Catalog(), ())
    assert tree_rows(Catalog(), set()) == [] and CatalogTree(LOOKS["dark"])._rows == []


async def test_a_tree_without_room_survives_a_search_and_comes_back(viewer, demo) -> None:
    async with viewer(demo) as v:
        await v.press("tab", "G")
        await v.pilot.resize_terminal(10, 3)
        await v.pilot.press("slash", "e", "c")
        await v.pilot.resize_terminal(132, 43)
        await v.pilot.pause()
        assert v.screen.side_tree._top >= 0
        await v.pilot.press("escape", "escape")
        await v.settled()
        assert "Thorax" in v.text()
