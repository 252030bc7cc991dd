"""Documents as rows, Markdown and words about where things are; no text of a file becomes markup."""

import pytest

from tview.catalog import complete_catalog
from tview.documents import Document, Heading, Item, Link, Measurement, Paragraph, Table, Whereabouts, markdown, plain_lines
from tview.documents.links import ranges
from tview.documents.wrapping import wrap
from tview.media import open_medium
from tview.text import cell_width, safe, safe_lines


def document(*blocks) -> Document:
    return Document("report", safe("Title"), (), blocks)


def test_rows_are_wrapped_at_cells_and_lose_no_word() -> None:
    text = safe("one two three four five 山田太郎山田太郎山田太郎 " * 5)
    lines = plain_lines(document(Paragraph(text, safe("Finding"))), Whereabouts(None), 40)
    assert max(map(cell_width, lines)) <= 40
    assert "".join("".join(lines[3:]).split()) == "".join(f"Finding: {text}".split())


@pytest.mark.parametrize("text", ["", "word", "x" * 300, "a b " * 100, "\n\n", "山" * 99])
def test_wrapping_keeps_every_letter(text) -> None:
    rows = list(wrap(text, 20))
    assert "".join("".join(rows).split()) == "".join(text.split()) and all(cell_width(row) <= 20 for row in rows)


def test_measurements_of_one_level_stand_in_a_column() -> None:
    lines = plain_lines(
        document(Measurement(safe("A"), safe("1"), safe("mm")), Measurement(safe("Longer"), safe("2"), None)), Whereabouts(None)
    )
    assert lines[-2:] == ["A       1 mm", "Longer  2"]


def test_a_table_too_wide_for_the_screen_is_a_list() -> None:
    table = Table(None, (safe("Head"), safe("Other")), ((safe("x" * 30), safe("y" * 30)),))
    assert plain_lines(document(table), Whereabouts(None), 200)[-1] == "x" * 30 + "  " + "y" * 30
    assert "  1. Head:" in plain_lines(document(table), Whereabouts(None), 40)[3]


def test_markdown_of_a_file_is_text() -> None:
    evil = safe("# head [link](http://x) <script> | *b* `c`")
    made = markdown(document(Heading(1, evil), Item(evil, evil), Paragraph(safe_lines("1. one\n- two"))), Whereabouts(None))
    assert "<script>" not in made and "[link](" not in made and "\n# " not in made.removeprefix("# Title")
    assert "1\\. one" in made and "\\- two" in made


@pytest.mark.parametrize(("numbers", "words"), [([1, 2, 3, 7], "1–3, 7"), ([5], "5"), ([None, 1], "–, 1"), ([3, 2, 1], "3, 2, 1")])
def test_numbers_that_follow_one_another_are_ranges(numbers, words) -> None:
    assert ranges(numbers) == words


def test_links_are_told_as_reports_name_them(demo_disc) -> None:
    with open_medium(str(demo_disc)) as medium:
        catalog = complete_catalog([medium])
    series = next(series for series in catalog.series if series.series_number == 2 and series.modality == "CT")
    where = Whereabouts(catalog)
    links = [Link(instance.sop_instance_uid) for instance in series.instances]
    assert where.words(links[18]) == "Se 2 Im 19" and where.several(links) == ["Se 2 Im 1–64"]
    assert where.words(Link("1.2.3", "1.2.840.10008.5.1.4.1.1.2", (4,))) == "CT Image, frame 4 (not on this disc)"
    assert where.several([Link("1.2.3", "1.2.840.10008.5.1.4.1.1.2"), Link("1.2.4", "1.2.840.10008.5.1.4.1.1.2")]) == [
        "2 × CT Image (not on this disc)"
    ]
