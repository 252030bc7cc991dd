"""The verdict in the viewer: the same page, live, with every finding leading to its object; other persons withheld until asked for."""

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def folder(tmp_path):
    """The working folder, where what is saved goes."""
    return tmp_path


async def judged(v) -> None:
    await v.pilot.press("V")
    await v.until(lambda: v.screen.judging is not None and not v.screen.judging.is_running)
    await v.pilot.pause()


async def test_the_page_says_what_verify_says(viewer, small) -> None:
    from tview.media import open_medium
    from tview.verify import Options, verify

    with open_medium(str(small / "missing-file.iso")) as medium:
        expected = verify(medium, Options(level="headers"))
    async with viewer(small / "missing-file.iso") as v:
        await judged(v)
        text = v.text()
        assert "not a medical device" in text
        for wanted in ("IMAGES", "INCOMPLETE", "PERSON", "EXAMS", "DO", "SURE", "FOUND"):
            assert wanted in text
        assert str(expected.do[0].text)[:40] in text
        assert v.screen.judging.verdicts[0].images == expected.images


async def test_a_finding_leads_to_its_object_and_back(viewer, small) -> None:
    async with viewer(small / "missing-file.iso") as v:
        await judged(v)
        told = next(one for one in v.screen.judging.verdicts[0].findings if one.code == "referenced-file-missing")
        page = v.screen.page
        row = next(i for i, line in enumerate(page._lines) if line.chosen is not None and told.path in line.search)
        page._go_to(row)
        await v.pilot.press("enter")
        await v.until(lambda: not page.is_open)
        state = v.pane.state
        # The object is missing: its neighbour in its stack is shown.
        paths = [one.path for one in state.stack.instances]
        assert paths.index(v.pane.slices[state.position].instance.path) == paths.index(told.path) - 1
        await v.pilot.press("V")
        await v.until(lambda: page.is_open)


async def test_every_byte_on_demand(viewer, small) -> None:
    async with viewer(small / "missing-file.iso") as v:
        await judged(v)
        assert v.screen.judging.verdicts[0].level == "headers" and "every byte" in v.text()
        await v.pilot.press("b")
        await v.until(lambda: not v.screen.judging.is_running)
        assert v.screen.judging.verdicts[0].level == "bytes" and v.screen.judging.verdicts[0].finished
        await v.until(lambda: "b every byte" not in v.text())


async def test_other_persons_are_withheld_until_unlocked(viewer, small) -> None:
    from tview.media import open_medium
    from tview.verify import Options, verify

    with open_medium(str(small / "two-patients")) as medium:
        persons = verify(medium, Options(level="headers")).person.persons
    names = [str(person.name) for person in persons]
    async with viewer(small / "two-patients") as v:
        tree = "\n".join(line.left[0][0] for line in v.screen.side_tree._rows)
        named = [name for name in names if name in tree]
        assert len(named) == 1 and "withheld" in tree
        await judged(v)
        assert sum(name in v.text() for name in names) == 1 and "withheld" in v.text()
        await v.pilot.press("tilde")
        await v.pilot.pause()
        assert all(name in v.text() for name in names) and "withheld" not in v.text().replace("withhold", "")
        tree = "\n".join(line.left[0][0] for line in v.screen.side_tree._rows)
        assert all(name in tree for name in names)


async def test_the_person_in_view_is_the_one_named(viewer, small) -> None:
    async with viewer(small / "two-patients") as v:
        first = [line.left[0][0] for line in v.screen.side_tree._rows if line.depth == 0 and line.key != "other"]
        await v.press("right_curly_bracket")
        second = [line.left[0][0] for line in v.screen.side_tree._rows if line.depth == 0 and line.key != "other"]
        assert first != second and sum("withheld" in text for text in second) == 1


async def test_letter_and_page_are_saved_without_names_of_others(viewer, small, folder, monkeypatch) -> None:
    monkeypatch.chdir(folder)
    async with viewer(small / "missing-file.iso") as v:
        await judged(v)
        await v.pilot.press("a", "h")
        await v.pilot.pause()
    letter = (folder / "letter.txt").read_text()
    assert "Study Instance UID" in letter
    assert "<script" not in (folder / "verdict.html").read_text()


async def test_series_with_findings_are_marked_in_the_tree(viewer, small, tmp_path) -> None:
    """A damage that only reading through finds."""
    place = tmp_path / "disc"
    shutil.copytree(small / "series", place)
    victim = sorted(place.iterdir())[1]
    victim.write_bytes(victim.read_bytes()[: -(victim.stat().st_size // 4)])
    async with viewer(place) as v:
        await judged(v)
        assert v.screen._marked_series()
        right = "".join(text for line in v.screen.side_tree._rows for text, _style in line.right)
        assert "!" in right or "damaged" in right


async def test_the_page_names_the_person_in_view(viewer, small) -> None:
    async with viewer(small / "two-patients") as v:
        shown = []
        for _ in range(2):
            await judged(v)
            shown.append({patient.shown_name for patient in v.screen.catalog.patients if patient.shown_name in v.text()})
            await v.pilot.press("escape")
            await v.press("right_curly_bracket")
        assert [len(names) for names in shown] == [1, 1] and shown[0] != shown[1]


async def test_the_mask_holds_on_the_page_at_once(viewer, small) -> None:
    async with viewer(small / "missing-file.iso") as v:
        await judged(v)
        person = v.screen.judging.verdicts[0].person.persons[0]
        assert person.name in v.text() and person.ids[0][0] in v.text()
        await v.pilot.press("p")
        await v.pilot.pause()
        assert person.name not in v.text() and person.ids[0][0] not in v.text() and "names hidden" in v.text()
