"""What markup says of words without saying it in words: taken back, raised, left out. Misread, a report says the contrary."""

import pytest

from tview.catalog import complete_catalog
from tview.documents import open_file
from tview.documents.html import html_blocks
from tview.documents.rtf import rtf_text
from tview.media import open_medium

_CDA = (
    '<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3"><title>Rep</title><component><structuredBody><component>'
    "<section><title>Lab</title><text>{}</text></section></component></structuredBody></component></ClinicalDocument>"
)


def told(markup: str) -> str:
    return "\n".join(getattr(block, "text", "") or str(block) for block in html_blocks(markup)[1])


@pytest.mark.parametrize(
    "markup",
    [
        "There is <del>no</del> mass",
        "There is <s>no</s> mass",
        "There is <strike>no</strike> mass",
        'There is <span style="color:red; text-decoration: line-through">no</span> mass',
        "There is <del>n<b>o</b></del> mass",
    ],
)
def test_struck_out_words_of_a_page_are_marked(markup) -> None:
    assert told(f"<p>{markup}</p>") == "There is [struck out: no] mass"


def test_struck_out_words_are_marked_in_every_block_that_they_run_through() -> None:
    assert told("<del><p>a</p><p>b</p></del><p>c") == "[struck out: a]\n[struck out: b]\nc"


@pytest.mark.parametrize("tag", ['<span style="display:none">', '<div style="visibility: hidden">', "<p hidden>", "<template>"])
def test_hidden_words_are_left_out_and_that_is_said(tag) -> None:
    name = tag[1:].split()[0].rstrip(">")
    assert told(f"<div>seen {tag}hidden</{name}> too</div>").split() == ["seen", "[part", "not", "shown]", "too"]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("5 x 10<sup>9</sup>/L", "5 x 10^9/L"),
        ("10<sup>-3</sup>", "10^-3"),
        ("10<sup>9</sup>5", "10^9 5"),
        ("CO<sub>2</sub>, H<sub>2</sub>O", "CO2, H2O"),
        ("log<sub>10</sub>100", "log_10 100"),
        ("3<sub>2</sub>", "3_2"),
        ("<del>10<sup>9</sup></del>", "[struck out: 10^9]"),
    ],
)
def test_raised_and_lowered_digits_do_not_run_into_others(markup, text) -> None:
    assert told(f"<p>{markup}</p>") == text


@pytest.mark.parametrize(
    "markup",
    [
        '<object data="logo.svg"><p>mass',
        "<iframe src=x><p>mass",
        "<noscript>mass</noscript>",
        "<p>before<svg>mass",
        "<select><option>mass",
        "<p>before<!-- <p>mass",
        "<script>var a = 1; <p>mass",
        "<title>Report<p>mass",
        '<div style="display:none">mass',
    ],
)
def test_no_part_of_a_page_vanishes_without_a_word(markup) -> None:
    text = told(f"<html><body>{markup}</body></html>")
    assert "mass" in text or "[part not shown]" in text


def test_cells_that_are_not_closed_are_cells_and_words_between_rows_stay() -> None:
    (caption, table) = html_blocks("<table><caption>Labs</caption><tr><td>a<td>b<tr><td>c<td>d</table>")[1]
    assert caption.text == "Labs"
    assert (table.columns, table.rows) == (("a", "b"), (("c", "d"),))


def test_cells_beyond_the_last_column_are_missed_aloud() -> None:
    assert told("<table><tr>" + "<td>x</td>" * 65 + "</tr></table>").endswith("[part not shown]")


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ('There is <content revised="delete">no</content> mass', "There is [struck out: no] mass"),
        ("5 x 10<sup>9</sup>/L", "5 x 10^9/L"),
        ("CO<sub>2</sub>", "CO2"),
    ],
)
def test_clinical_documents_tell_the_same(markup, text, tmp_path, text_of) -> None:
    (tmp_path / "report.xml").write_text(_CDA.format(markup))
    with open_medium(str(tmp_path)) as medium:
        (file,) = complete_catalog([medium]).other_files
        assert text in text_of(open_file(medium, file)).splitlines()


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (rb"There is {\deleted no }mass", "There is [struck out: no] mass"),
        (rb"There is \strike no\strike0  mass", "There is [struck out: no] mass"),
        (rb"There is \strike no\plain  mass", "There is [struck out: no] mass"),
        (rb"seen {\v hidden} too", "seen [part not shown] too"),
        (rb"10{\super 9}/L", "10^9/L"),
        (rb"10\up6 9\up0 /L", "10^9/L"),
        (rb"CO{\sub 2}", "CO2"),
        (rb"{\strike 10{\super 9}}", "[struck out: 10^9]"),
        (rb"a{\footnote b}", "a [footnote: b]"),
        (rb"a{\*\shpinst{\sp{\sn x}}{\shptxt b}}", "ab"),
    ],
)
def test_rich_text_tells_the_same(source, text) -> None:
    assert " ".join(rtf_text(rb"{\rtf1 " + source + rb"}").split()) == text


def test_a_file_cannot_hold_the_marks_themselves() -> None:
    assert told("<p>a\ufdd0b\ufdd5c</p>") == "abc"
