"""The lines under a printed picture and under a contact sheet."""

import os
import pty
import subprocess
import sys

import pytest

from tview.cli.caption import packed


@pytest.fixture(scope="module")
def caption():
    """The rows of text that `tview show` prints on a terminal of 80 columns, without the picture."""

    def run(*arguments) -> list[str]:
        main, other = pty.openpty()
        command = [sys.executable, "-I", "-m", "tview", "show", *map(str, arguments), "--graphics", "blocks", "--size", "12x12"]
        environ = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24", "LANG": "C.UTF-8"}
        process = subprocess.Popen(command, stdin=other, stdout=other, stderr=subprocess.DEVNULL, env=environ)
        os.close(other)
        data = b""
        try:
            while more := os.read(main, 65536):
                data += more
        except OSError:
            pass
        os.close(main)
        assert process.wait() == 0
        return [row for row in data.decode().split("\r\n") if row and "\x1b" not in row]

    return run


def test_under_a_picture_the_sides_are_words(caption, demo) -> None:
    rows = caption(demo, "--series", "2")
    assert rows[0] == "DEMO, ANNA  F  born 1961-04-02  ID DEMO-0001  2025-03-06"
    said = " ".join(rows)
    assert "left R, right L, top A, bottom P" in said and "Im 33" in said and "W/L 400/40 MEDIASTINUM" in said and "greys" in said
    assert all(len(row) <= 80 for row in rows)


def test_a_colour_picture_has_no_greys_and_no_window(caption, demo) -> None:
    said = " ".join(caption(demo, "--series", "6"))
    assert "colour blocks" in said and "greys" not in said and "W/L" not in said and said.count("colour") == 1


def test_under_a_sheet_stand_person_numbers_count_and_window(caption, demo) -> None:
    said = "  ".join(caption(demo, "--sheet", "--series", "7"))
    for part in ("DEMO, ANNA", "ID DEMO-0001", "2024-05-14", "MR Brain", "Se 1", "Im 1–21", "21 of 21 here", "not a medical device"):
        assert part in said
    assert "missing" not in said
    assert "Im 1 frames 1–20" in "  ".join(caption(demo, "--sheet", "--series", "6"))


def test_a_sheet_says_what_is_missing(caption, small) -> None:
    assert "3 of 3 here, 1 missing" in "  ".join(caption(small / "missing-file.iso", "--sheet"))


def test_rows_break_between_facts() -> None:
    assert list(packed(["a" * 30, None, "b" * 8, "", "c"], 40)) == ["a" * 30 + "  " + "b" * 8, "c"]
    assert list(packed(["a" * 90], 40)) == ["a" * 90]
    assert list(packed(["", None], 40)) == []
