"""What a verdict is written as beside the page of text: HTML, a JUnit report, the letter to the sender."""

import re
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser

import pytest

from tview.errors import Severity
from tview.verify import CHECKS, withheld
from tview.verify.html import html_page
from tview.verify.junit import junit_report
from tview.verify.letter import letter_lines

_VOID = {"meta", "br", "!DOCTYPE"}


class Strict(HTMLParser):
    """Notes tags, attributes and text; every element must be closed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag, attrs) -> None:
        self.seen.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data) -> None:
        self.text += data


def parsed(page: str) -> Strict:
    parser = Strict()
    parser.feed(page)
    assert parser.open == []
    return parser


@pytest.fixture
def lacking(make, judge):
    """The verdict on a disc of six slices of which the third is gone."""

    folder = make.folder()
    make.objects(folder)[2].unlink()
    return judge(folder)


@pytest.fixture
def two_persons(make, judge):
    other = {"PatientName": "Roe^Richard", "PatientID": "77", "PatientBirthDate": "19500101"}
    other |= {"StudyInstanceUID": "1.2.9", "SeriesInstanceUID": "1.2.8"}
    return judge(make.folder(*(make.image(n) for n in (1, 2, 3)), make.image(4, **other)))


def test_the_html_page_says_what_the_page_of_text_says(lacking) -> None:
    page = parsed(html_page([lacking]))
    for wanted in (lacking.images.summary, "Doe, Jane", "CT Thorax", "5/6", "Hospital X", "INCOMPLETE", *(act.text for act in lacking.do)):
        assert str(wanted) in page.text
    assert "Review only · not a medical device" in page.text


def test_the_html_page_runs_and_fetches_nothing(lacking, two_persons) -> None:
    text = html_page([lacking, two_persons])
    page = parsed(text)
    assert not page.seen & {"script", "link", "img", "iframe", "object", "embed", "a", "form", "svg"}
    assert not any(name.startswith("on") or name in ("src", "href", "action") for name in page.attributes)
    assert "default-src 'none'" in text and "url(" not in text and "@import" not in text


def test_text_from_a_disc_cannot_become_markup(make, judge) -> None:
    evil = "<script>alert(1)</script>\"'&"
    verdict = judge(make.folder(make.image(1, StudyDescription=evil, PatientName=f"Doe^{evil[:20]}", InstitutionName=evil)))
    page = parsed(html_page([verdict]))
    assert "script" not in page.seen and "<script>alert(1)" in page.text


def test_other_persons_are_withheld_everywhere(two_persons) -> None:
    assert two_persons.person.word == "several"
    shown = withheld(two_persons)
    texts = [html_page([shown]), junit_report([shown]), "\n".join(letter_lines(shown, named=True))]
    for text in texts:
        assert "Roe" not in text and "Richard" not in text and "19500101" not in text and "1950-01-01" not in text
    assert "Doe, Jane" in texts[0]


def test_junit_has_a_case_for_every_check(lacking) -> None:
    root = ElementTree.fromstring(junit_report([lacking]).encode())
    (suite,) = root.findall("testsuite")
    cases = suite.findall("testcase")
    names = {case.get("name", "").split(" ")[0] for case in cases if case.get("classname", "").startswith("check.")}
    assert names == {str(check.number) for check in CHECKS}
    assert int(suite.get("tests", "0")) == len(cases)
    assert int(suite.get("failures", "0")) == len(suite.findall("testcase/failure")) >= 2
    assert int(suite.get("skipped", "0")) == len(suite.findall("testcase/skipped"))
    failing = {case.get("name") for case in cases if case.find("failure") is not None}
    assert any(name.startswith("22 ") for name in failing) and "images: incomplete" in failing


def test_junit_fails_as_fail_on_says(make, judge) -> None:
    verdict = judge(make.folder(listed=False))
    never = ElementTree.fromstring(junit_report([verdict], None).encode())
    all_of_them = ElementTree.fromstring(junit_report([verdict], Severity.INFO).encode())
    assert not never.findall(".//failure") and all_of_them.findall(".//failure")


def test_the_letter_names_what_is_missing_and_no_person(lacking) -> None:
    text = "\n".join(letter_lines(lacking))
    row = lacking.exams[0]
    for wanted in ("To: Hospital X", "2026-03-12", "CT Thorax", "4711", row.study_instance_uid, row.lost[0].series_instance_uid, "5 of 6"):
        assert wanted in text
    assert re.search(r"Images: 3$", text, re.M)
    assert "Doe" not in text and "1961" not in text
    assert "Doe, Jane" in "\n".join(letter_lines(lacking, named=True))
    assert max(map(len, letter_lines(lacking))) <= 80


def test_a_whole_disc_asks_for_nothing(make, judge) -> None:
    assert "nothing to ask for" in " ".join(letter_lines(judge(make.folder())))
