"""Numbers and names out of values: nothing raises, and what is no number is none."""

import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tview.dicom import tags as t
from tview.dicom.values import BINARY, binary_numbers, person_name, text_integers, text_numbers


@pytest.mark.parametrize(
    ("text", "numbers"),
    (("1.5\\-2\\3e2 ", (1.5, -2.0, 300.0)), ("", ()), (" 12 ", (12.0,)), ("1\\x\\3", (1.0,)), ("0,5", (0.5,)), ("nan", ()), ("inf", ()),
     ("1e999", ()), (".5\\5.", (0.5, 5.0)), ("+3", (3.0,)), ("1 2", ()), ("0x10", ()), ("1_000", ()), ("-", ()), ("4" * 50, ())),
)  # fmt: skip
def test_decimal_strings(text, numbers):
    assert text_numbers(text) == numbers


@pytest.mark.parametrize(
    ("text", "numbers"), (("12\\-3", (12, -3)), ("12.0", (12,)), ("12.5", ()), ("", ()), ("9" * 25, ()), (" 7\0", (7,)), ("1\\\\3", (1,)))
)
def test_integer_strings(text, numbers):
    assert text_integers(text) == numbers


@pytest.mark.parametrize("vr", [vr for vr in BINARY if BINARY[vr] in "HhLlQqfd"])
@pytest.mark.parametrize("little", (True, False))
def test_binary_numbers_equal_struct(vr, little):
    code = ("<" if little else ">") + BINARY[vr] * 3
    raw = struct.pack(code, 1, 2, 3)
    assert binary_numbers(raw + b"\1", vr, little) == (1, 2, 3)


def test_what_is_not_finite_ends_a_value():
    assert binary_numbers(struct.pack("<3d", 1, math.nan, 3), "FD", True) == (1.0,)


@given(st.binary(max_size=64), st.sampled_from(sorted(BINARY)), st.booleans())
def test_any_bytes_give_numbers_or_none(raw, vr, little):
    assert all(math.isfinite(value) for value in binary_numbers(raw, vr, little))


@given(st.text(max_size=64))
def test_any_text_gives_numbers_or_none(text):
    assert all(math.isfinite(value) for value in text_numbers(text))
    text_integers(text)
    name = person_name(text)
    assert name is None or isinstance(name.shown, str)


@pytest.mark.parametrize(
    ("written", "shown"),
    (
        ("DOE^JANE", "DOE, JANE"),
        ("Doe^Jane^Mary^Dr^PhD", "Doe, Jane Mary"),
        ("DOE", "DOE"),
        ("^JANE", "JANE"),
        ("^^^Dr", "Dr"),
        ("Yamada^Tarou=山田^太郎=やまだ^たろう", "Yamada, Tarou (山田 太郎)"),
        ("=山田^太郎", "山田, 太郎"),
        ("DOE^JANE^^", "DOE, JANE"),
    ),
)
def test_names_are_shown_family_first_with_script_groups(written, shown):
    assert person_name(written).shown == shown


@pytest.mark.parametrize("written", ("", "^^^^", "==", "  "))
def test_no_name_is_none(written):
    assert person_name(written) is None


def test_getters_of_what_is_not_there(build, le):
    data_set = build.header(build.part10(le.element(t.PATIENT_ID, "LO", b"") + le.element(t.MODALITY, "CS", b"CT"))).data_set
    assert t.PATIENT_ID in data_set and t.ROWS not in data_set
    for tag in (t.PATIENT_ID, t.ROWS):
        assert data_set.text(tag) is None
        assert data_set.texts(tag) == ()
        assert data_set.uid(tag) is None
        assert data_set.integer(tag) is None
        assert data_set.numbers(tag) == ()
        assert data_set.items(tag) == ()
        assert data_set.person_name(tag) is None
        assert data_set.lines(tag) is None


def test_running_text_keeps_its_lines_and_backslashes(build, le):
    data_set = build.header(
        build.part10(le.element(t.MODALITY, "CS", b"SR") + le.element(t.TEXT_VALUE, "UT", b"one\r\ntwo \\ three"))
    ).data_set
    assert data_set.lines(t.TEXT_VALUE) == "one\ntwo \\ three"
    assert data_set.texts(t.TEXT_VALUE) == ("one␍␊two \\ three",)


@pytest.mark.parametrize("written", (b"1.2.3\0", b"1.2.3 ", b"1.2.3", b"1.2.3\\4.5"))
def test_uids_without_padding(written, build, le):
    body = le.element(t.SOP_INSTANCE_UID, "UI", written, len(written)) + le.element(t.MODALITY, "CS", b"CT")
    assert build.header(build.part10(body)).data_set.uid(t.SOP_INSTANCE_UID) == "1.2.3"
