"""Without a SOURCE: what could be opened is listed, drives with what is in them, and choosing opens it."""

import pytest

from tview.errors import finding
from tview.media import Drive, DriveState
from tview.ui.start import STATES, StartApp, places, usual_folders


def test_every_state_of_a_drive_has_its_words() -> None:
    assert set(STATES) == set(DriveState)


@pytest.mark.parametrize("state", list(DriveState))
def test_a_drive_is_listed_with_its_state(state) -> None:
    ((title, found),) = places([Drive("/dev/sr0", "ACME DVD", state)], [], None)
    assert title == "Drives" and STATES[state] in found[0].what and "ACME DVD" in found[0].what


def test_images_and_discs_in_folders_are_found(tmp_path) -> None:
    (tmp_path / "a.iso").write_bytes(b"x" * 1000)
    (tmp_path / "note.txt").write_text("x")
    (tmp_path / "disc").mkdir()
    (tmp_path / "disc" / "DICOMDIR").write_bytes(b"x")
    ((_title, found),) = places([], [str(tmp_path), str(tmp_path), "/nowhere"], None)
    assert [place.path for place in found] == [str(tmp_path / "a.iso"), str(tmp_path / "disc")]


def test_the_usual_folders_do_without_a_home() -> None:
    assert len(usual_folders({})) == 1


async def test_choosing_ends_with_the_path_and_escape_with_none(demo) -> None:
    for keys, result in ((["slash", *"demo", "enter"], str(demo)), (["escape"], None)):
        app = StartApp(
            places([Drive("/dev/sr0", "ACME", DriveState.NO_DISC)], [], str(demo)), "dark", None, finding("source-missing", path="/x")
        )
        async with app.run_test(size=(100, 30)) as pilot:
            await pilot.pause()
            await pilot.press(*keys)
            await pilot.pause()
        assert app.return_value == result
