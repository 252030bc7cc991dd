"""Headers as discs hold them: what breaks the standard is read as far as it goes, and told."""

import pytest

from tview.dicom import DEFAULT, read_header
from tview.dicom import tags as t
from tview.errors import DicomError, TviewError

HEAD = ((t.SOP_CLASS_UID, "UI", b"1.2.840.10008.5.1.4.1.1.2"), (t.MODALITY, "CS", b"CT"))


@pytest.fixture
def head(le) -> bytes:
    return b"".join(le.element(*element) for element in HEAD)


def codes(header) -> list[str]:
    return [told.code for told in header.findings]


@pytest.mark.parametrize(
    "content", (b"", b"x", bytes(131), b"hello world, this is a text file\n" * 20, b"\xff\xd8\xff\xe0" + bytes(500), bytes(5000))
)
def test_what_is_no_dicom_is_refused(content, build):
    with pytest.raises(DicomError) as refused:
        build.header(content, path="A")
    assert refused.value.finding.code == "not-dicom"
    assert refused.value.finding.path == "A"


def test_four_letters_of_a_value_are_no_prefix(build, le):
    """DICM stands at byte 128 of a file that begins with its data set."""
    start = le.element(t.SOP_CLASS_UID, "UI", b"1.2.840.10008.5.1.4.1.1.2") + le.element(t.MODALITY, "CS", b"CT")
    filler = 128 - len(start) - 8
    data = start + le.element(t.SERIES_DESCRIPTION, "LO", b"x" * filler + b"DICM in the description") + le.element(t.PATIENT_ID, "LO", b"5")
    assert data[128:132] == b"DICM"
    assert build.header(data).data_set.text(t.PATIENT_ID) == "5"


@pytest.mark.parametrize("vr", (b"??", b"ZZ", b"\0\0", b"us", b"\xff\xff"))
def test_an_unknown_vr_with_a_short_length(vr, build, le, head):
    odd = le.element(t.PATIENT_NAME, "PN", b"DOE^JANE").replace(b"PN", vr)
    header = build.header(build.part10(head + odd + le.element(t.PATIENT_ID, "LO", b"77") + le.element(t.ROWS, "US", b"\2\0")))
    assert header.data_set.text(t.PATIENT_NAME) == "DOE^JANE"  # read by its VR in PS3.6
    assert header.data_set.text(t.PATIENT_ID) == "77"
    assert header.data_set.integer(t.ROWS) == 2
    assert codes(header) == ["vr-unknown"]


def test_an_unknown_vr_with_a_long_length(build, le, head):
    odd = le.element(0x00091001, "UT", b"a new VR").replace(b"UT", b"QQ")
    header = build.header(build.part10(head + odd + le.element(t.PATIENT_ID, "LO", b"77")))
    assert header.data_set.raw(0x00091001) == b"a new VR"
    assert header.data_set.text(t.PATIENT_ID) == "77"


def test_a_long_vr_written_with_a_short_length(build, le, head):
    """UN with a 16-bit length, as some writers make it."""
    odd = b"\x09\0\x01\x10UN\4\0abcd"
    header = build.header(build.part10(head + odd + le.element(t.PATIENT_ID, "LO", b"77")))
    assert header.data_set.raw(0x00091001) == b"abcd"
    assert header.data_set.text(t.PATIENT_ID) == "77"


def test_implicit_items_in_an_explicit_file(build, le, head):
    implicit = build.writer(explicit=False)
    item = implicit.item(implicit.element(t.REFERENCED_SOP_INSTANCE_UID, "UI", b"1.2.9"), undefined=True)
    body = head + le.sequence(t.REFERENCED_IMAGE_SEQUENCE, [item], undefined=True) + le.element(t.PATIENT_ID, "LO", b"77")
    data_set = build.header(build.part10(body)).data_set
    assert data_set.first_item(t.REFERENCED_IMAGE_SEQUENCE).uid(t.REFERENCED_SOP_INSTANCE_UID) == "1.2.9"
    assert data_set.text(t.PATIENT_ID) == "77"


@pytest.mark.parametrize("undefined", (False, True))
def test_un_holds_implicit_sequences(undefined, build, le, head):
    """PS3.5 6.2.2: the content of UN of undefined length is implicit little endian."""
    implicit = build.writer(explicit=False)
    content = implicit.item(implicit.element(t.REFERENCED_SOP_INSTANCE_UID, "UI", b"1.2.9"))
    value = content + (implicit.marker(0xE0DD) if undefined else b"")
    body = head + le.element(0x00091010, "UN", value, 0xFFFFFFFF if undefined else None) + le.element(t.PATIENT_ID, "LO", b"77")
    data_set = build.header(build.part10(body)).data_set
    assert data_set.first_item(0x00091010).uid(t.REFERENCED_SOP_INSTANCE_UID) == "1.2.9"
    assert data_set.text(t.PATIENT_ID) == "77"


def test_a_known_tag_of_vr_un_has_its_own_vr(build, le, head):
    body = head + le.element(t.WINDOW_CENTER, "UN", b"40\\-600") + le.element(t.ROWS, "UN", b"\0\2")
    data_set = build.header(build.part10(body)).data_set
    assert data_set.numbers(t.WINDOW_CENTER) == (40.0, -600.0)
    assert data_set.integer(t.ROWS) == 512


def test_pixel_data_survives_lost_sequence_delimiters(build, le, head):
    """Both delimiters of a sequence are lost, so everything after it would be inside its item: pydicom loses the pixels then."""
    body = (
        head
        + le.element(t.REFERENCED_IMAGE_SEQUENCE, "SQ", le.marker(0xE000, 0xFFFFFFFF), 0xFFFFFFFF)
        + le.element(t.REFERENCED_SOP_INSTANCE_UID, "UI", b"1.2.9")
        + le.element(t.PATIENT_ID, "LO", b"77")
        + le.element(t.ROWS, "US", b"\2\0")
        + le.element(t.PIXEL_DATA, "OW", bytes(8))
    )
    header = build.header(build.part10(body))
    assert header.pixel_element is not None and header.pixel_element.length == 8
    assert header.data_set.text(t.PATIENT_ID) == "77"
    assert header.data_set.integer(t.ROWS) == 2
    assert header.data_set.first_item(t.REFERENCED_IMAGE_SEQUENCE).uid(t.REFERENCED_SOP_INSTANCE_UID) == "1.2.9"
    assert "sequence-unterminated" in codes(header)


def test_one_lost_sequence_delimiter(build, le, head):
    lost = le.sequence(t.REFERENCED_IMAGE_SEQUENCE, [le.item(le.element(t.REFERENCED_SOP_INSTANCE_UID, "UI", b"1.2"), True)], True)[:-8]
    header = build.header(build.part10(head + lost + le.element(t.PATIENT_ID, "LO", b"77") + le.element(t.PIXEL_DATA, "OW", bytes(8))))
    assert header.data_set.text(t.PATIENT_ID) == "77"
    assert header.pixel_element.length == 8


def test_an_icon_keeps_its_own_pixel_data(build, le, head):
    icon = le.element(t.ROWS, "US", b"\1\0") + le.element(t.PIXEL_DATA, "OW", bytes(2))
    body = (
        head
        + le.element(t.ROWS, "US", b"\2\0")
        + le.sequence(t.ICON_IMAGE_SEQUENCE, [le.item(icon, True)], True)
        + le.element(t.PIXEL_DATA, "OW", bytes(8))
    )
    header = build.header(build.part10(body))
    assert header.findings == ()
    assert header.pixel_element.length == 8
    assert header.data_set.first_item(t.ICON_IMAGE_SEQUENCE).raw(t.PIXEL_DATA) == bytes(2)


def test_a_length_past_the_end(build, le, head):
    header = build.header(build.part10(head + le.element(0x00409096, "OB", b"abcd", 0xFFFFFFF0)))
    assert codes(header) == ["element-too-long"]
    assert header.data_set.raw(0x00409096) == b"abcd"
    assert header.data_set.text(t.MODALITY) == "CT"


def test_a_file_cut_inside_a_sequence(build, le, head):
    whole = head + le.sequence(
        t.REFERENCED_IMAGE_SEQUENCE, [le.item(le.element(t.REFERENCED_SOP_INSTANCE_UID, "UI", b"1.2.3"), True)], True
    )
    header = build.header(build.part10(whole)[:-30])
    assert header.data_set.text(t.MODALITY) == "CT"
    assert "sequence-unterminated" in codes(header)


def test_odd_lengths(build, le, head):
    body = head + le.element(t.PATIENT_NAME, "PN", b"DOE", 3) + le.element(t.PATIENT_ID, "LO", b"77")
    data_set = build.header(build.part10(body)).data_set
    assert (data_set.text(t.PATIENT_NAME), data_set.text(t.PATIENT_ID)) == ("DOE", "77")


def test_an_element_twice_counts_once(build, le, head):
    header = build.header(build.part10(head + le.element(t.PATIENT_ID, "LO", b"A1") + le.element(t.PATIENT_ID, "LO", b"B2")))
    assert header.data_set.text(t.PATIENT_ID) == "A1"
    assert codes(header) == ["element-repeated"]


def test_stray_delimiters_between_elements(build, le, head):
    header = build.header(build.part10(head + le.marker(0xE0DD) + le.marker(0xE00D) + le.element(t.PATIENT_ID, "LO", b"77")))
    assert header.data_set.text(t.PATIENT_ID) == "77"
    assert [(told.code, told.count) for told in header.findings] == [("stray-delimiter", 2)]


@pytest.mark.parametrize("dirt", (b"\0" * 400, b"\xde\xad\xbe\xef" * 20, b"\n", b"\0\0\0"))
def test_dirt_after_the_last_element(dirt, build, le, head):
    header = build.header(build.part10(head + le.element(t.PATIENT_ID, "LO", b"77") + dirt))
    assert header.data_set.text(t.PATIENT_ID) == "77"


def test_a_million_bytes_of_zeros_are_no_elements(build):
    implicit = build.writer(explicit=False)
    head = b"".join(implicit.element(*element) for element in HEAD)
    header = build.header(build.part10(head + bytes(1_000_000), "1.2.840.10008.1.2"))
    assert set(header.data_set.tags()) == {tag for tag, _, _ in HEAD}


def test_elements_after_unsorted_ones_are_read(build, le, head):
    header = build.header(build.part10(le.element(t.ROWS, "US", b"\2\0") + head + le.element(t.PATIENT_ID, "LO", b"77")))
    assert header.data_set.integer(t.ROWS) == 2
    assert header.data_set.text(t.PATIENT_ID) == "77"


def test_a_meta_group_in_implicit_vr(build):
    implicit = build.writer(explicit=False)
    meta = implicit.element(0x00020002, "UI", b"1.2.840.10008.5.1.4.1.1.2") + implicit.element(0x00020010, "UI", b"1.2.840.10008.1.2")
    body = b"".join(implicit.element(*element) for element in HEAD)
    header = build.header(bytes(128) + b"DICM" + implicit.element(0x00020000, "UL", len(meta).to_bytes(4, "little")) + meta + body)
    assert header.transfer_syntax_uid == "1.2.840.10008.1.2"
    assert header.data_set.text(t.MODALITY) == "CT"


def test_a_data_set_behind_a_byte_too_many(build, le, head):
    """Meta information cut off one byte too early."""
    data = b" " + le.element(t.SPECIFIC_CHARACTER_SET, "CS", b"ISO_IR 100") + head + le.element(t.PATIENT_ID, "LO", b"77")
    assert build.header(data).data_set.text(t.PATIENT_ID) == "77"


@pytest.mark.parametrize(
    ("preamble", "code"),
    ((b"MZ", "preamble-program"), (b"\x7fELF", "preamble-program"), (b"#!/bin/sh\n", "preamble-program"), (b"PK\3\4", "preamble-program"),
     (b"II*\0", "preamble-tiff"), (b"hello", "preamble-used"), (b"", None)),
)  # fmt: skip
def test_what_a_preamble_starts_like(preamble, code, build, head):
    header = build.header(build.part10(head, preamble=preamble.ljust(128, b"\0")))
    assert codes(header) == ([code] if code else [])


def test_nesting_beyond_the_limit_is_cut_and_told(build, le, head):
    opening = le.element(t.CONTENT_SEQUENCE, "SQ", le.marker(0xE000, 0xFFFFFFFF), 0xFFFFFFFF)
    header = build.header(build.part10(head + opening * 20_000))
    assert codes(header) == ["nested-too-deep"]
    assert header.data_set.text(t.MODALITY) == "CT"


def test_nesting_of_defined_lengths_ends_at_the_limit(build, le, head):
    content = le.element(t.VALUE_TYPE, "CS", b"TEXT")
    for _level in range(200):
        content = le.sequence(t.CONTENT_SEQUENCE, [le.item(content)])
    data_set, depth = build.header(build.part10(head + content)).data_set, 0
    while (inner := data_set.first_item(t.CONTENT_SEQUENCE)) is not None:
        data_set, depth = inner, depth + 1
    assert depth == DEFAULT.depth


def test_elements_beyond_the_limit_are_cut_and_told(build, le, head):
    body = head + b"".join(le.element(0x00110000 | 0x1000 + number, "US", b"\1\0") for number in range(70_000 - 0x1000))
    header = build.header(build.part10(body), limits=DEFAULT._replace(elements=60_000))
    assert "too-many-elements" in codes(header)
    assert header.data_set.text(t.MODALITY) == "CT"


def test_a_deflate_bomb_is_refused(build, le, head):
    import zlib

    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    deflated = engine.compress(head + le.element(0x00091001, "OB", b"", 64 << 20) + bytes(64 << 20)) + engine.flush()
    data = build.part10(deflated, "1.2.840.10008.1.2.1.99")
    limits = DEFAULT._replace(inflated_free_bytes=1 << 20)
    with pytest.raises(DicomError) as refused:
        build.header(data, limits=limits).data_set.raw(0x00091001)
    assert refused.value.finding.code == "inflated-too-large"


def test_a_deflated_pixel_bomb_is_told_without_inflating_it(build, le, head):
    import zlib

    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    deflated = engine.compress(head + le.element(t.PIXEL_DATA, "OW", b"", 1 << 30) + bytes(1 << 24)) + engine.flush()
    header = build.header(build.part10(deflated, "1.2.840.10008.1.2.1.99"))
    assert header.pixel_element.length == 1 << 30
    assert "inflated-too-large" in codes(header)


def test_zlib_wrapped_deflate_is_read(build, head):
    import zlib

    header = build.header(build.part10(zlib.compress(head), "1.2.840.10008.1.2.1.99"))
    assert header.data_set.text(t.MODALITY) == "CT"


def test_deflated_in_name_only(build, head):
    header = build.header(build.part10(head, "1.2.840.10008.1.2.1.99"))
    assert header.data_set.text(t.MODALITY) == "CT"
    assert "deflate-broken" in codes(header)


def test_pydicom_is_asked_where_the_walk_is_stuck(build, le, head):
    """Two elements of unknown VRs in a row, in different groups: nothing tells how long they are. pydicom takes 16-bit lengths."""
    odd = b"\x09\0\x01\x10ZZ\4\0abcd" + b"\x11\0\x01\x10YY\4\0efgh" + b"\x13\0\x01\x10XX\4\0ijkl"
    body = (
        head
        + odd
        + le.element(t.PATIENT_COMMENTS, "LT", b"c")
        + le.element(t.ROWS, "US", b"\2\0")
        + le.element(t.PIXEL_DATA, "OW", bytes(8))
    )
    header = build.header(build.part10(body))
    assert header.how == "dcmread"
    assert header.data_set.integer(t.ROWS) == 2
    assert header.pixel_element.length == 8
    assert "header-unreadable" in codes(header)


def test_a_reader_that_ends_early(build, le, head):
    """The size says more than there is."""
    data = build.part10(head + le.element(t.PATIENT_ID, "LO", b"77"))
    header = read_header(build.reader(data), len(data) + 100_000)
    assert header.data_set.text(t.PATIENT_ID) == "77"


def test_every_error_is_one_of_ours(build):
    with pytest.raises(TviewError):
        build.header(b"\x08\0\x05\0")
