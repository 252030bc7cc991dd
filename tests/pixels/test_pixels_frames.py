"""What holds for each frame of a multi-frame object, volumes made of them, and what many or large frames take in memory."""

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest

from tview.dicom import read_header
from tview.pixels import FrameGroups, FrameStore, Volume, face, open_image, plan_volume, reslice

MR, CT, DOSE = "1.2.840.10008.5.1.4.1.1.4.1", "1.2.840.10008.5.1.4.1.1.2.1", "1.2.840.10008.5.1.4.1.1.481.2"
FRAMES = 6


@pytest.fixture
def enhanced(make):
    """Six axial frames, 3 mm apart from the last to the first: three places at two times, each with its own window, slope and side."""
    e = make.element

    def per_frame(index):
        place, time = index % 3, index // 3
        return b"".join(
            (
                e(0x00209071, "SQ", [e(0x00209072, "CS", "L" if place == 2 else "R")]),
                e(0x00209111, "SQ", [e(0x00209056, "SH", "1") + e(0x00209057, "UL", place + 1) + e(0x00209128, "UL", time + 1)
                                     + e(0x00209157, "UL", (time + 1, place + 1))]),
                e(0x00209113, "SQ", [e(0x00200032, "DS", f"-5\\-6\\{30 - 3 * place}")]),
                e(0x00289132, "SQ", [e(0x00281050, "DS", str(100 + index)) + e(0x00281051, "DS", str(200 + index))]),
                e(0x00289145, "SQ", [e(0x00281052, "DS", str(-index)) + e(0x00281053, "DS", str(1 + time)) + e(0x00281054, "LO", "US")]),
            )
        )  # fmt: skip

    shared = e(0x00209116, "SQ", [e(0x00200037, "DS", "1\\0\\0\\0\\1\\0")])
    shared += e(0x00289110, "SQ", [e(0x00180050, "DS", "3") + e(0x00280030, "DS", "0.5\\0.5")])
    pixels = np.repeat(np.arange(FRAMES, dtype="<u2") * 10, 16 * 16).tobytes()
    extra = {0x00080016: ("UI", MR), 0x00080060: ("CS", "MR"), 0x52009229: ("SQ", [shared])}
    return make.image(pixels, frames=FRAMES, stored=12, extra=extra | {0x52009230: ("SQ", [per_frame(index) for index in range(FRAMES)])})


def test_each_frame_has_its_own_place_side_window_and_slope(enhanced):
    for index in range(FRAMES):
        description, place, time = enhanced.describe(index), index % 3, index // 3
        assert description.geometry.position == (-5, -6, 30 - 3 * place) and description.geometry.plane == "axial"
        assert description.geometry.laterality == ("L" if place == 2 else "R")
        assert description.windows[0].shown == f"{200 + index}/{100 + index}"
        assert (description.slope, description.intercept) == (1 + time, -index)
        assert enhanced.read_frame(index).modality_value(0, 0) == 10 * index * (1 + time) - index


def test_each_frame_tells_its_place_in_stack_and_time(enhanced):
    groups = FrameGroups(enhanced.header.data_set)
    found = [groups.of(index).content for index in range(FRAMES)]
    assert [content.in_stack_position_number for content in found] == [1, 2, 3, 1, 2, 3]
    assert [content.temporal_position_index for content in found] == [1, 1, 1, 2, 2, 2]
    assert found[4].dimension_index_values == (2, 2) and found[4].stack_id == "1"


def test_a_plain_image_tells_no_place_among_others(make):
    content = FrameGroups(make.image(bytes(512)).header.data_set).of(0).content
    assert content.in_stack_position_number is None and content.dimension_index_values == ()


def test_one_time_of_an_enhanced_object_is_a_volume(enhanced):
    """Its slopes are the same, its intercepts are not, so modality values are kept. The first frame is the highest."""
    second = [3, 4, 5]
    volume = Volume(plan_volume([enhanced.describe(index) for index in second]))
    assert volume.fill(lambda number: enhanced.read_frame(second[number])) and volume.plan.order == (2, 1, 0)
    frame = reslice(volume, face(volume.grid, "coronal", 0))
    assert frame.stored[:, 0].tolist() == [2 * 30 - 3, 2 * 40 - 4, 2 * 50 - 5]


def test_dose_planes_lie_where_the_grid_says(make):
    """PS3.3 C.8.8.3.2: offsets along the normal, here from feet to head, 2.5 mm apart."""
    extra = {
        0x00080016: ("UI", DOSE), 0x00080060: ("CS", "RTDOSE"), 0x00200032: ("DS", "-10\\-20\\-30"), 0x00200037: ("DS", "1\\0\\0\\0\\1\\0"),
        0x00280030: ("DS", "2\\2"), 0x3004000C: ("DS", "0\\2.5\\5"),
    }  # fmt: skip
    image = make.image(np.arange(3 * 256, dtype="<u4").tobytes(), bits=32, frames=3, extra=extra)
    assert [image.describe(index).geometry.position for index in range(3)] == [(-10, -20, -30), (-10, -20, -27.5), (-10, -20, -25)]
    volume = Volume(plan_volume([image.describe(index) for index in range(3)]))
    assert volume.fill(image.read_frame) and volume.grid.spacing_mm == pytest.approx((2.5, 2, 2))
    assert volume.values.dtype == np.uint32 and volume.values[2, 0, 0] == 512


def test_a_multi_frame_object_of_10000_frames_stays_small(make, decoder):
    """96 x 96 of 16 bits: 184 MB that are made as they are read."""
    head = make.build(b"", rows=96, columns=96, frames=10_000, pixel_length=10_000 * 96 * 96 * 2)
    size = len(head) + 10_000 * 96 * 96 * 2

    def read_at(offset, length):
        there = head[offset : offset + length]
        return there + bytes(min(length, size - offset) - len(there))

    image = open_image(read_header(read_at, size), read_at, size, decoder=decoder)
    store = FrameStore(image.read_frame, room_bytes=8 << 20)
    tracemalloc.start()
    for index in range(0, 10_000, 7):
        store.get(index)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert image.number_of_frames == 10_000 and store.nbytes <= 8 << 20 and peak < 12 << 20


def test_radiographs_take_their_room_and_little_more(make):
    """3000 x 2400 of 16 bits are 14.4 MB: six of them fit into 90 MB."""
    store = FrameStore(lambda key: make.frame_of(np.full((3000, 2400), key, np.uint16)), room_bytes=90_000_000)
    tracemalloc.start()
    for key in range(15):
        store.get(key)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert store.nbytes <= 90_000_000 and peak < 90_000_000 + 1.5 * 14_400_000
    assert [key for key in range(15) if store.peek(key)] == [9, 10, 11, 12, 13, 14]


def test_a_volume_is_filled_in_little_more_than_its_own_memory(make):
    """1.25 times the pixels and 24 MB are allowed. Frames are made one by one, as they are decoded."""
    descriptions = []
    for number in range(60):
        frame = make.frame_of(np.zeros((256, 256), np.int16))
        place = replace(frame.description.geometry, position=(0.0, 0.0, float(number)), row_direction=(1.0, 0.0, 0.0),
                        column_direction=(0.0, 1.0, 0.0), spacing_mm=(1.0, 1.0))  # fmt: skip
        descriptions.append(replace(frame.description, geometry=place))
    tracemalloc.start()
    volume = Volume(plan_volume(descriptions))
    volume.fill(lambda number: make.frame_of(np.full((256, 256), number, np.int16)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert volume.plan.nbytes == 60 * 256 * 256 * 2 and peak < 1.25 * volume.plan.nbytes
