"""Frames of encapsulated pixel data: with each kind of offset table, without, and damaged. pydicom wraps them."""

import struct

import pytest
from pydicom.encaps import encapsulate, encapsulate_extended

from tview.dicom import ending, fragments, frame_ranges
from tview.dicom import tags as t

FRAMES = [b"\xff\xd8" + bytes([number]) * (10 + 6 * number) + b"\xff\xd9" for number in range(5)]


@pytest.fixture
def ranges(build, le):
    """Header, reader, size and ranges of a file with this encapsulated value."""

    def make(value: bytes, frames: int = 5, before: bytes = b"", closed: bool = True):
        delimiter = b"" if not closed else b"\xfe\xff\xdd\xe0\0\0\0\0"
        if value.endswith(b"\xfe\xff\xdd\xe0\0\0\0\0"):
            delimiter = b""
        data = build.part10(
            le.element(t.SOP_CLASS_UID, "UI", b"1.2.840.10008.5.1.4.1.1.2")
            + before
            + le.element(t.PIXEL_DATA, "OB", value + delimiter, 0xFFFFFFFF),
            "1.2.840.10008.1.2.4.50",
        )
        header = build.header(data)
        found = frame_ranges(header, build.reader(data), len(data), frames)
        return data, header, found

    return make


def joined(data: bytes, pieces) -> bytes:
    return b"".join(data[offset : offset + length] for offset, length in pieces)


@pytest.mark.parametrize("has_table", (True, False))
@pytest.mark.parametrize("pieces", (1, 2))
def test_frames_with_and_without_a_basic_offset_table(has_table, pieces, ranges):
    data, _header, found = ranges(encapsulate(FRAMES, pieces, has_table))
    assert [joined(data, found[index]) for index in range(5)] == FRAMES
    assert found.findings == ()


def test_a_table_gives_a_frame_without_reading_the_others(build, le):
    value = encapsulate(FRAMES, 1, True) + b"\xfe\xff\xdd\xe0\0\0\0\0"
    data = build.part10(le.element(t.MODALITY, "CS", b"US") + le.element(t.PIXEL_DATA, "OB", value, 0xFFFFFFFF), "1.2.840.10008.1.2.4.50")
    header = build.header(data)
    read: list[int] = []

    def counting(offset: int, length: int) -> bytes:
        read.append(offset)
        return data[offset : offset + length]

    assert joined(data, frame_ranges(header, counting, len(data), 5)[3]) == FRAMES[3]
    assert len(read) <= 6


def test_extended_offset_table(ranges, le):
    value, offsets, lengths = encapsulate_extended(FRAMES)
    before = le.element(t.EXTENDED_OFFSET_TABLE, "OV", offsets) + le.element(t.EXTENDED_OFFSET_TABLE_LENGTHS, "OV", lengths)
    data, _header, found = ranges(value, before=before)
    assert [joined(data, found[index]) for index in range(5)] == FRAMES


@pytest.mark.parametrize("table", (b"\xff\xff\xff\x7f" * 5, struct.pack("<5L", 0, 3, 9, 11, 20), struct.pack("<3L", 0, 20, 40), b"\0" * 20))
def test_a_wrong_table_is_not_believed(table, ranges):
    value = b"\xfe\xff\x00\xe0" + struct.pack("<L", len(table)) + table + encapsulate(FRAMES, 1, False)[8:]
    data, _header, found = ranges(value)
    assert [joined(data, found[index]) for index in range(5)] == FRAMES
    assert [told.code for told in found.findings] == ["offset-table-wrong"]


def test_one_frame_in_many_fragments(ranges):
    data, _header, found = ranges(encapsulate([FRAMES[4]], 4, False), frames=1)
    assert joined(data, found[0]) == FRAMES[4]


def test_fewer_fragments_than_frames(ranges):
    data, _header, found = ranges(encapsulate(FRAMES[:3], 1, False), frames=5)
    assert [joined(data, found[index]) for index in range(5)] == [*FRAMES[:3], b"", b""]


def test_more_fragments_than_frames_without_a_sign_of_where_frames_begin(ranges):
    _data, _header, found = ranges(encapsulate([b"a" * 10] * 7, 1, False), frames=5)
    assert found[4]
    assert [told.code for told in found.findings] == ["frames-unclear"]


def test_no_fragments(ranges):
    _data, _header, found = ranges(b"\xfe\xff\x00\xe0\0\0\0\0", frames=1)
    assert found[0] == ()


def test_a_huge_number_of_frames_takes_no_memory(ranges):
    _data, _header, found = ranges(encapsulate(FRAMES, 1, False), frames=5)
    assert len(found) == 5
    assert found[1:3] == [found[1], found[2]]
    with pytest.raises(IndexError):
        found[5]


def test_a_cut_fragment_gives_what_is_there(build, le, ranges):
    data, header, _found = ranges(encapsulate(FRAMES, 1, False))
    short = data[: len(data) - 20]
    found = frame_ranges(header, build.reader(short), len(short), 5)
    assert FRAMES[4].startswith(joined(short, found[4]))
    assert joined(short, found[4])
    last = ending(build.reader(short), header.pixel_element.offset, len(short))
    assert (last.fragments, last.delimited, last.at_end) == (4, False, False)


def test_how_pixel_data_end(build, ranges):
    data, header, _found = ranges(encapsulate(FRAMES, 1, False))
    start = header.pixel_element.offset
    assert ending(build.reader(data), start, len(data)) == (5, True, False)
    open_ended = data[:-8]
    assert ending(build.reader(open_ended), start, len(open_ended)) == (5, False, True)


def test_fragments_of_odd_length_without_their_padding_counted(build, ranges):
    value = b"\xfe\xff\x00\xe0\0\0\0\0" + b"\xfe\xff\x00\xe0\3\0\0\0abc\0" + b"\xfe\xff\x00\xe0\4\0\0\0defg"
    data, header, _found = ranges(value, frames=2)
    found = list(fragments(build.reader(data), header.pixel_element.offset, len(data)))
    assert [data[f.offset : f.offset + f.length] for f in found] == [b"", b"abc", b"defg"]
