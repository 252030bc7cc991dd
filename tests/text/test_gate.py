"""The gate: what a terminal would obey never comes out of it."""

import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from tview.errors import FINDING_KINDS, Finding, finding
from tview.text import SafeText, advice_of, cell_width, clip, message_of, safe, safe_lines, sentence, times_of

OBEYED = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b\u200e\u200f\u2028\u2029\ufeff]")


@given(st.text(max_size=200))
def test_nothing_a_terminal_obeys_comes_out(raw: str) -> None:
    assert not OBEYED.search(safe(raw))
    assert not OBEYED.search(safe_lines(raw).replace("\n", ""))


@given(st.binary(max_size=200))
def test_bytes_come_out_safe(raw: bytes) -> None:
    assert not OBEYED.search(safe(raw))


@given(st.text(max_size=200))
def test_passing_twice_changes_nothing(raw: str) -> None:
    assert safe(str(safe(raw))) == safe(raw)


def test_escape_sequences_are_shown_not_sent() -> None:
    assert safe("DOE\x1b]52;c;QUJD\x07^JANE") == "DOE␛]52;c;QUJD␇^JANE"


def test_reordering_is_marked() -> None:
    assert safe("DOE\u202eENAJ") == "DOE<U+202E>ENAJ"


def test_zero_width_joiners_stay_between_letters_only() -> None:
    persian = "می\u200cخواهم"
    assert safe(persian) == persian
    assert safe("\u200cA") == "<U+200C>A"


def test_invalid_utf8_of_a_file_name_is_visible() -> None:
    assert safe("IM\udcff01") == "IM\\xff01"


def test_ordinary_names_pass_unchanged() -> None:
    for name in ("Buc^Jérôme", "Äneas^Rüdiger", "Люкceмбypг", "山田^太郎", "김희중", "قباني^لنزار", "Διονυσιος"):
        assert safe(name) == name
        assert isinstance(safe(name), SafeText)


def test_newlines_stay_only_in_running_text() -> None:
    assert safe("a\r\nb") == "a␍␊b"
    assert safe_lines("a\r\nb\tc\x0cd") == "a\nb   c\nd"


def test_length_is_capped() -> None:
    assert len(safe("x" * 10_000)) == 4096
    assert safe("x" * 50, limit=10) == "x" * 9 + "…"


@given(st.text(max_size=60), st.integers(0, 40))
def test_a_clipped_text_fits(raw: str, cells: int) -> None:
    assert cell_width(clip(safe(raw), cells)) <= cells


def test_wide_characters_take_two_cells() -> None:
    assert cell_width("山田") == 4
    assert cell_width("e\u0301") == 1
    assert unicodedata.east_asian_width("山") == "W"


def test_every_kind_has_words_without_places_left_open() -> None:
    for kind in FINDING_KINDS:
        text = message_of(Finding(kind.code, kind.severity))
        assert text and "{" not in text, kind.code
        assert "{" not in advice_of(Finding(kind.code, kind.severity)), kind.code


def test_codes_are_unique_kebab_case() -> None:
    codes = [kind.code for kind in FINDING_KINDS]
    assert len(codes) == len(set(codes))
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code) for code in codes)


def test_values_in_a_sentence_pass_the_gate() -> None:
    assert "\x1b" not in message_of(finding("source-missing", path="/tmp/\x1b[2J"))
    assert message_of(finding("usage", problem="{path} %s")) == "{path} %s"


def test_plural_forms() -> None:
    told = finding("duplicate-objects", path="A", count=1)
    assert message_of(told) == "1 file is a copy of an object that is shown, the first of A"
    assert message_of(finding("duplicate-objects", path="A", count=2)) == "2 files are copies of objects that are shown, the first of A"
    assert sentence("{n:# file/# files}", finding("usage", n=0)) == "0 files"


def test_a_count_that_the_sentence_says_is_not_written_twice() -> None:
    assert times_of(finding("duplicate-objects", path="A", count=3)) == 1
    assert times_of(finding("preamble-used", path="A", count=3)) == 3


def test_plural_forms_by_the_rule_of_the_language(monkeypatch) -> None:
    """Polish has three."""
    from types import SimpleNamespace

    from tview.text import words

    rule = SimpleNamespace(plural=lambda n: 0 if n == 1 else 1 if 2 <= n % 10 <= 4 else 2, gettext=lambda message: message)
    monkeypatch.setattr(words, "_catalogue", lambda: rule)
    told = [sentence("{n:# plik/# pliki/# plik\u00f3w}", finding("usage", n=n)) for n in (1, 2, 5)]
    assert told == ["1 plik", "2 pliki", "5 plik\u00f3w"]
