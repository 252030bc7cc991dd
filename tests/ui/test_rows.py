"""Rows of text that stand on the terminal already."""

from tview.ui.rows import Rows


def at(row: int, text: str, column: int = 1) -> bytes:
    return f"\x1b[{row};{column}H\x1b[1m{text}\x1b[0m".encode()


def test_a_row_that_stands_is_not_written_again() -> None:
    rows = Rows()
    assert rows.changed(at(1, "a") + at(2, "b") + b"\x1b[1;1H") == at(1, "a") + at(2, "b") + b"\x1b[1;1H"
    assert rows.changed(at(1, "a") + at(2, "c") + b"\x1b[1;1H") == at(2, "c") + b"\x1b[1;1H"


def test_another_piece_of_the_row_makes_it_unknown() -> None:
    rows = Rows()
    rows.changed(at(1, "whole row"))
    rows.changed(at(1, "x", column=4))
    assert rows.changed(at(1, "whole row")) == at(1, "whole row")


def test_what_else_was_written_is_unknown() -> None:
    rows = Rows()
    rows.changed(at(1, "a"))
    rows.forget()
    assert rows.changed(at(1, "a")) == at(1, "a")


def test_on_a_fast_line_everything_is_written_and_remembered() -> None:
    rows = Rows()
    rows.changed(at(1, "a"))
    assert rows.changed(at(1, "a"), all_of_it=True) == at(1, "a")
    assert rows.changed(at(1, "a")) == b""
