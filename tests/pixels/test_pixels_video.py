"""Video frames: each frame carries its own number in black and white bars, so that a frame found is the frame asked for."""

import io

import numpy as np
import pytest

from tview.errors import PixelError
from tview.pixels import View, render_native
from tview.pixels.video import container_of

av = pytest.importorskip("av", reason="PyAV is an extra: tview-dicom[video]")
P = "1.2.840.10008.1.2.4"
FRAMES = 40


def numbered(index):
    picture = np.full((96, 128, 3), 60, np.uint8)
    for bit in range(8):
        picture[16:64, 8 + 14 * bit : 20 + 14 * bit] = 230 if index >> bit & 1 else 20
    picture[70:90, 10:60] = (200, 40, 40)
    return picture


def number_in(picture):
    return sum((picture[40, 14 + 14 * bit].mean() > 128) << bit for bit in range(8))


def encode(container, codec, count=FRAMES, **options):
    av.logging.set_level(av.logging.PANIC)
    out = io.BytesIO()
    with av.open(out, "w", format=container) as file:
        stream = file.add_stream(codec, rate=25)
        stream.width, stream.height, stream.pix_fmt, stream.gop_size = 128, 96, "yuv420p", 12
        stream.options = {"x265-params": "log-level=none", **options} if codec == "libx265" else options
        for index in range(count):
            for packet in stream.encode(av.VideoFrame.from_ndarray(numbered(index), format="rgb24")):
                file.mux(packet)
        for packet in stream.encode():
            file.mux(packet)
    return out.getvalue()


def object_of(make, data, syntax, frames=FRAMES, pieces=1):
    size = -(-len(data) // pieces)
    fragments = [data[at : at + size + size % 2] for at in range(0, len(data), size + size % 2)]
    facts = {"rows": 96, "columns": 128, "bits": 8, "samples": 3, "photometric": "YBR_PARTIAL_420", "frames": frames}
    return make.image(fragments, syntax=f"{P}.{syntax}", **facts)


@pytest.mark.parametrize(
    ("container", "codec", "options", "syntax"),
    [
        ("mpeg2video", "mpeg2video", {"bf": "2"}, "100"),
        ("vob", "mpeg2video", {"bf": "2"}, "101"),
        ("mpegts", "mpeg2video", {}, "101.1"),
        ("mp4", "libx264", {"bf": "3"}, "102"),
        ("mpegts", "libx264", {"bf": "3"}, "103"),
        ("h264", "libx264", {"bf": "3"}, "104"),
        ("mp4", "libx265", {}, "107"),
        ("hevc", "libx265", {}, "108"),
        ("hevc", "libx265", {}, "102"),
    ],
)
def test_every_frame_is_the_one_asked_for(make, container, codec, options, syntax):
    image = object_of(make, encode(container, codec, **options), syntax)
    assert image.number_of_frames == FRAMES and image.lossy is not None and image.is_colour
    order = [0, 1, 2, 39, 17, 16, 15, 0, 12, 11, 13, 24, 23, 38]
    assert [number_in(image.read_frame(index).stored) for index in order] == order


def test_colours_and_shape_are_those_that_went_in(make):
    frame = object_of(make, encode("mp4", "libx264", crf="10"), "102").read_frame(3)
    assert frame.stored.shape == (96, 128, 3) and frame.stored.dtype == np.uint8
    picture = render_native(frame, View()).picture.astype(int)
    assert np.abs(picture[75:85, 20:50] - (200, 40, 40)).max() <= 6
    assert {f.code for f in frame.findings} == {"video-colour-assumed"}


def test_a_stream_over_many_fragments_is_one(make):
    image = object_of(make, encode("mpegts", "libx264"), "102.1", pieces=7)
    assert number_in(image.read_frame(33).stored) == 33


def test_a_header_that_counts_differently_is_told_and_no_frame_is_invented(make):
    image = object_of(make, encode("mp4", "libx264"), "102", frames=50)
    assert "video-frames-differ" in {f.code for f in image.read_frame(39).findings}
    with pytest.raises(PixelError) as caught:
        image.read_frame(45)
    assert caught.value.finding.code == "frame-missing"


def test_a_header_of_another_size_is_refused(make):
    data = encode("mp4", "libx264")
    image = make.image([data], syntax=f"{P}.102", rows=64, columns=64, bits=8, samples=3, photometric="YBR_PARTIAL_420", frames=FRAMES)
    with pytest.raises(PixelError):
        image.read_frame(0)


def test_damage_costs_that_video_only(make, decoder):
    good = object_of(make, encode("mp4", "libx264"), "102")
    rng = np.random.default_rng(3)
    for container, codec in (("mpegts", "libx264"), ("mpeg2video", "mpeg2video"), ("mp4", "libx264")):
        data = bytearray(encode(container, codec))
        for at in rng.integers(600, len(data), 40):
            data[at] ^= 0x55
        image = object_of(make, bytes(data), "102")
        for index in (0, 20, 39):
            try:
                image.read_frame(index)
            except PixelError:
                pass
        assert number_in(good.read_frame(5).stored) == 5


@pytest.mark.parametrize(
    "data", [b"#EXTM3U\nfile:///etc/passwd\n", b"ffconcat version 1.0\nfile '/etc/passwd'\n", b"", b"RIFF\0\0\0\0AVI "]
)
def test_only_the_containers_of_dicom_are_opened(data):
    """A playlist inside pixel data would have FFmpeg open other files."""
    assert container_of(data) is None


def test_without_pyav_it_says_what_to_install(make, monkeypatch):
    monkeypatch.setattr("tview.pixels.moving.is_available", lambda: False)
    with pytest.raises(PixelError) as caught:
        object_of(make, encode("mp4", "libx264", 3), "102")
    assert caught.value.finding.code == "video-needs-extra"


def test_single_frames_under_a_video_syntax_are_shown(make):
    import imagecodecs

    grey = np.full((16, 16), 90, np.uint8)
    image = make.image([imagecodecs.jpeg8_encode(grey, level=98)], syntax=f"{P}.102", bits=8)
    assert np.abs(image.read_frame(0).stored.astype(int) - 90).max() <= 1
    assert "syntax-assumed" in {f.code for f in image.findings}
