"""What all ways of drawing promise."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tview.terminal import ENCODERS, TerminalFacts, make_encoder, restore_bytes

NAMES = [kind.name for kind in ENCODERS]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("shape", [(1, 1), (3, 2, 3), (50, 60), (900, 900), (500, 20, 3)])
@pytest.mark.parametrize("draft", [False, True])
def test_a_picture_of_any_size_can_be_painted(name: str, shape: tuple[int, ...], draft: bool, facts: Callable[..., Any]) -> None:
    encoder = make_encoder(name, facts())
    picture = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    painting = encoder.paint(picture, 2, 3, 20, 10, pane=1, draft=draft)
    assert b"\x1b7" in painting.draw and painting.draw.endswith(b"\x1b8")
    assert painting.erase
    assert encoder.inline(picture)


@pytest.mark.parametrize("name", NAMES)
def test_names_levels_and_pixels_are_told(name: str, facts: Callable[..., Any]) -> None:
    encoder = make_encoder(name, facts())
    assert encoder.name == name
    assert encoder.grey_levels >= 101
    assert 2 <= encoder.draft_grey_levels <= encoder.grey_levels
    rows, columns = encoder.fit(20, 10)
    width_px, height_px = (8, 17)
    shown = rows * encoder.pixel_aspect / columns
    assert shown == pytest.approx(10 * height_px / (20 * width_px), rel=0.03)


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_that_is_not_contiguous_is_drawn_like_its_copy(name: str, facts: Callable[..., Any]) -> None:
    encoder = make_encoder(name, facts())
    rows, columns = encoder.fit(10, 6)
    wide = np.random.default_rng(0).integers(0, 256, (2 * rows, 3 * columns), dtype=np.uint8)
    assert encoder.paint(wide[::2, ::3], 0, 0, 10, 6) == encoder.paint(wide[::2, ::3].copy(), 0, 0, 10, 6)


@pytest.mark.parametrize("name", NAMES)
def test_grey_stays_grey_when_it_comes_as_rgb(name: str, facts: Callable[..., Any], slice_picture: Callable[..., np.ndarray]) -> None:
    encoder = make_encoder(name, facts())
    grey = slice_picture(*encoder.fit(30, 12))
    assert encoder.paint(np.repeat(grey[..., None], 3, axis=2), 1, 1, 30, 12) == encoder.paint(grey, 1, 1, 30, 12)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "bad", [np.zeros((4, 4), np.float32), np.zeros((4, 4, 4), np.uint8), np.zeros((0, 4), np.uint8), np.zeros(4, np.uint8)]
)
def test_what_is_no_picture_is_refused(name: str, bad: np.ndarray, facts: Callable[..., Any]) -> None:
    with pytest.raises(ValueError, match="not a picture"):
        make_encoder(name, facts()).paint(bad, 0, 0, 4, 4)


@pytest.mark.parametrize("name", NAMES)
def test_an_unknown_cell_size_is_taken_as_that_of_a_vt340(name: str) -> None:
    rows, columns = make_encoder(name, TerminalFacts(colours=1 << 24)).fit(10, 6)
    assert (rows, columns) == ((12, 20) if name == "blocks" else (120, 100))


@pytest.mark.parametrize("name", NAMES)
def test_restoring_frees_the_pictures_and_switches_every_mode_off(name: str, facts: Callable[..., Any]) -> None:
    encoder = make_encoder(name, facts())
    data = restore_bytes(encoder, panes=2)
    assert encoder.erase(0) in data and encoder.erase(1) in data
    for mode in (1000, 1002, 1003, 1004, 1006, 2004, 2026, 1049):
        assert b"\x1b[?%dl" % mode in data
    assert b"\x1b[?25h" in data and data.endswith(b"\x1b[m")
    assert data.index(b"\x18") == 0, "an unfinished sequence is ended first"
